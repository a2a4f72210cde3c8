"""The settings, read once from an environment handed in by `bootstrap`; nothing here looks at the process by itself.

Each setting is one field with its meaning. Imports `errors` only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from tracker.errors import Misconfigured
from tracker.i18n import LANGUAGES, N_


@dataclass(frozen=True)
class Settings:
    """What an installation may decide from outside. `embedded` is the default: one process, nothing to configure."""

    home: Path
    """TRACKER_HOME: where the embedded database, mails and the secret key lie (default `./var`)."""
    database_url: str
    """DATABASE_URL: `postgresql://…`; empty means SQLite in TRACKER_HOME."""
    redis_url: str
    """REDIS_URL: broker and live updates; empty means in this process's memory."""
    smtp_url: str
    """SMTP_URL: `smtp://user:password@host:587` or `smtps://…`; empty writes mails as files to TRACKER_HOME/mail.

    `?from=verein@example.org` behind it names the sender (else `tracker` at the host of BASE_URL)."""
    bounces_url: str
    """BOUNCES_URL: the mailbox into which undeliverable mails come back: `imaps://user:password@host/INBOX`, `imap://…`
    or `maildir:///path`; empty means that nobody looks (a program may still tell, at /hooks/bounces)."""
    files_url: str
    """FILES_URL: `s3://key:secret@bucket/prefix?endpoint=https://…&region=…`, where the bytes of files and photographs
    lie; empty means in TRACKER_HOME/files."""
    base_url: str
    """BASE_URL: the address people reach the tracker at; links in mails and calendars start with it."""
    secret_key: str
    """SECRET_KEY: signs sessions and links; empty in embedded mode means made once and kept in TRACKER_HOME."""
    languages: tuple[str, ...]
    """TRACKER_LANGUAGES: the languages offered, first one is the installation's own (default `en,de,ru`)."""
    oidc_issuer: str = ""
    """OIDC_ISSUER: the address of an OpenID Connect provider by which people may log in; empty means by none."""
    oidc_client_id: str = ""
    """OIDC_CLIENT_ID: what the provider calls this installation."""
    oidc_client_secret: str = ""
    """OIDC_CLIENT_SECRET: with which this installation shows the provider who it is."""

    @property
    def embedded(self) -> bool:
        return not self.redis_url

    @property
    def sqlalchemy_url(self) -> str:
        """The address for SQLAlchemy; its `postgresql://` means psycopg 3."""
        if self.database_url:
            return self.database_url.replace("postgres://", "postgresql://", 1)
        return f"sqlite:///{self.home / 'tracker.db'}"

    @property
    def mail_folder(self) -> Path:
        return self.home / "mail"

    @property
    def files_folder(self) -> Path:
        return self.home / "files"

    @property
    def outbox_folder(self) -> Path:
        """Where workers keep what they are sending until the database knows; all of one machine share it."""
        return self.home / "outbox"


def from_env(environ: Mapping[str, str]) -> Settings:
    """Build the settings from environment variables; raises `Misconfigured` naming the variable that is wrong."""
    database_url, redis_url = environ.get("DATABASE_URL", ""), environ.get("REDIS_URL", "")
    if database_url and not database_url.startswith(
        ("postgresql://", "postgresql+psycopg://", "postgres://", "sqlite:///")
    ):
        raise Misconfigured(N_("DATABASE_URL must begin with postgresql://, but it is “{value}”."), value=database_url)
    if redis_url and not redis_url.startswith(("redis://", "rediss://", "unix://")):
        raise Misconfigured(N_("REDIS_URL must begin with redis://, but it is “{value}”."), value=redis_url)
    smtp_url = environ.get("SMTP_URL", "")
    if smtp_url and not smtp_url.startswith(("smtp://", "smtps://")):
        raise Misconfigured(N_("SMTP_URL must begin with smtp:// or smtps://, but it is “{value}”."), value=smtp_url)
    bounces_url = environ.get("BOUNCES_URL", "")
    if bounces_url and not bounces_url.startswith(("imap://", "imaps://", "maildir:///")):
        text = N_("BOUNCES_URL must begin with imaps://, imap:// or maildir:///, but it is “{value}”.")
        raise Misconfigured(text, value=bounces_url)
    oidc = {name: environ.get(name, "").strip() for name in _OIDC}
    _check_oidc(oidc)
    files_url = environ.get("FILES_URL", "")
    if files_url and not files_url.startswith("s3://"):
        raise Misconfigured(N_("FILES_URL must begin with s3://."))
    if redis_url and not environ.get("SECRET_KEY"):
        raise Misconfigured(N_("SECRET_KEY must be set when REDIS_URL is: the processes share it."))
    return Settings(
        home=Path(environ.get("TRACKER_HOME") or "var").absolute(),
        database_url=database_url,
        redis_url=redis_url,
        smtp_url=smtp_url,
        bounces_url=bounces_url,
        files_url=files_url,
        base_url=(environ.get("BASE_URL") or "http://127.0.0.1:8000").rstrip("/"),
        secret_key=environ.get("SECRET_KEY", ""),
        languages=_languages(environ.get("TRACKER_LANGUAGES", "")),
        oidc_issuer=oidc["OIDC_ISSUER"].rstrip("/"),
        oidc_client_id=oidc["OIDC_CLIENT_ID"],
        oidc_client_secret=oidc["OIDC_CLIENT_SECRET"],
    )


_OIDC = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def _check_oidc(given: Mapping[str, str]) -> None:
    """Raise `Misconfigured` where something is missing, or where what the provider says could be changed on the way."""
    missing = [name for name in _OIDC if not given[name]]
    if missing and len(missing) < len(_OIDC):
        text = N_("{name} is missing: logging in by a provider needs {all}.")
        raise Misconfigured(text, name=missing[0], all=", ".join(_OIDC))
    issuer = urlsplit(given["OIDC_ISSUER"])
    if given["OIDC_ISSUER"] and not (issuer.hostname and (issuer.scheme == "https" or _is_here(issuer))):
        text = N_("OIDC_ISSUER must begin with https://, but it is “{value}”.")
        raise Misconfigured(text, value=given["OIDC_ISSUER"])


def _is_here(address: SplitResult) -> bool:
    return address.scheme == "http" and address.hostname in _LOOPBACK


def _languages(text: str) -> tuple[str, ...]:
    chosen = tuple(part.strip().lower() for part in text.split(",") if part.strip()) or LANGUAGES
    unknown = [tag for tag in chosen if tag not in LANGUAGES]
    if unknown:
        raise Misconfigured(
            N_("TRACKER_LANGUAGES may hold {known}; “{value}” is not among them."),
            known=", ".join(LANGUAGES),
            value=unknown[0],
        )
    return chosen
