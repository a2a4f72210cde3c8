"""Where the parts are put together: settings, database, gateways, consumers. Everything else is handed its parts.

`web`, `cli` and `workers` each call `assemble` once. The only module besides `store` that knows SQLAlchemy's engine.
"""

import datetime as dt
import logging
import os
import re
import secrets
import sys
import zoneinfo
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import structlog
import tzdata  # type: ignore[import-untyped]  # ships no types
from sqlalchemy import Engine, inspect, text

from tracker.actions.zones import notice_release
from tracker.config import Settings, from_env
from tracker.consumers import Consumer, reading
from tracker.consumers.registered import all_consumers
from tracker.gateways import bounce_box, files
from tracker.gateways.chat import SERVICES, AppriseChat, Chat
from tracker.gateways.journal import FileJournal, Journal
from tracker.gateways.live import Live, MemoryLive, RedisLive
from tracker.gateways.mail import Mail, for_installation
from tracker.gateways.nudge import CeleryNudge, NoNudge, Nudge, publisher
from tracker.late import Late
from tracker.outputs.mail import Letterhead
from tracker.store.base import make_engine
from tracker.store.unit_of_work import Database

# The locked tzdata decides, not what this machine happens to have: the same state must give the same bytes anywhere.
zoneinfo.reset_tzpath(to=())

# Needed once per release; whether it is needed is asked without it.
alembic_command = Late("alembic.command")
alembic_config = Late("alembic.config")

MIGRATIONS = Path(__file__).parent.parent / "migrations"


@dataclass(frozen=True)
class Tracker:
    """One installation at work, as far as a single process sees it."""

    settings: Settings
    database: Database
    consumers: tuple[Consumer, ...]
    clock: Callable[[], dt.datetime]
    nudge: Nudge
    live: Live
    mail: Mail
    journal: Journal
    bounces: bounce_box.BounceBox
    chat: Chat
    files: files.Files
    letterhead: Letterhead
    environ: Mapping[str, str] = field(default_factory=dict)
    """The variables it was assembled from, for starting further processes of the same installation."""
    zone_release: str = tzdata.IANA_VERSION

    def waking(self, nudge: Nudge) -> "Tracker":
        """The same installation, its commits waking the consumers through `nudge`."""

        return replace(self, database=self.database.nudging(lambda: nudge("consume")), nudge=nudge)


def serve_at(address: str, environ: Mapping[str, str] | None = None) -> None:
    """Remember where this installation is served, so that links are right without BASE_URL, in other processes too."""
    settings = from_env(os.environ if environ is None else environ)
    settings.home.mkdir(parents=True, exist_ok=True)
    _address(settings).write_text(address)


def _address(settings: Settings) -> Path:
    return settings.home / "address"


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def assemble(environ: Mapping[str, str] | None = None, clock: Callable[[], dt.datetime] = utc_now) -> Tracker:
    """Put a tracker together from the environment (this process's own by default)."""
    given = dict(os.environ if environ is None else environ)
    settings = from_env(given)
    settings.home.mkdir(parents=True, exist_ok=True)
    if not given.get("BASE_URL") and _address(settings).exists():
        settings = replace(settings, base_url=_address(settings).read_text())
    database = Database(make_engine(settings.sqlalchemy_url))
    live = RedisLive(settings.redis_url) if settings.redis_url else MemoryLive()
    bare = Tracker(
        settings=settings,
        database=database,
        consumers=all_consumers(live, settings.base_url),
        clock=clock,
        nudge=NoNudge(),
        live=live,
        mail=for_installation(settings.smtp_url, settings.mail_folder),
        journal=FileJournal(settings.outbox_folder),
        bounces=bounce_box.for_installation(settings.bounces_url),
        chat=AppriseChat(),
        files=files.for_installation(settings.files_url, settings.files_folder),
        letterhead=Letterhead.of(settings, secret_key(settings)),
        environ=given,
    )
    # Without Redis only `serve` has somebody to wake: the worker beside it, which it connects by itself.
    return bare.waking(CeleryNudge(publisher(settings.redis_url))) if settings.redis_url else bare


_SECRET = re.compile(r"(/(?:feeds|unsubscribe|reset|receipts)/)[^\s/?#\"'<>]+")
"""What follows these paths opens something for whoever reads it."""
_CHAT = re.compile(rf"(?i)\b({'|'.join(sorted(SERVICES))})://[^\s\"'<>]+")
"""The address of a chat holds its password or token."""


def masked(text: str) -> str:
    """The text without the secrets in addresses."""
    return _CHAT.sub(r"\1://…", _SECRET.sub(r"\1…", text))


def configure_logging() -> None:
    """One structured line per thing done, on standard error: JSON, or coloured where somebody is watching.

    No line holds a secret address, whoever writes it: ours are masked as they leave, those of servers and libraries
    where Python makes them, since each of them brings handlers of its own.
    """
    logging.setLogRecordFactory(_masked_record)
    # The plain traceback: the richer one prints local variables, and those may hold what is personal or secret.
    written: list[structlog.types.Processor] = (
        [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
        if sys.stderr.isatty()
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *written,
            _masked_line,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _masked_line(_logger: Any, _method: str, line: Any) -> str:
    return masked(line)


def _masked_record(*args: Any, **kwargs: Any) -> logging.LogRecord:
    record = logging.LogRecord(*args, **kwargs)
    try:
        text = record.getMessage()
    except (TypeError, ValueError, KeyError):
        return record  # its handler says what is wrong with it
    if masked(text) != text:
        record.msg, record.args = masked(text), ()
    if record.exc_info:
        # A formatter takes this over instead of writing the traceback anew.
        record.exc_text = masked(logging.Formatter().formatException(record.exc_info))
    return record


def secret_key(settings: Settings) -> str:
    """The key that signs sessions and links; in embedded mode made once and kept readable for its owner only."""
    if settings.secret_key:
        return settings.secret_key
    kept = settings.home / "secret_key"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(48))
    return kept.read_text()


def migrate(engine: Engine) -> None:
    """Bring the database to the newest schema; several processes may try at once."""
    if not migration_pending(engine):
        return
    config = alembic_config.Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        alembic_command.upgrade(config, "head")
        connection.commit()


def migration_pending(engine: Engine) -> bool:
    """Whether the database has another schema than this program's newest, which its migrations' names tell."""
    newest = max(path.name for path in (MIGRATIONS / "versions").glob("*.py")).partition("_")[0]
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return True
        return bool(connection.scalar(text("SELECT version_num FROM alembic_version")) != newest)


def prepare(tracker: Tracker) -> None:
    """Create or upgrade the database and make what every installation has. Again changes nothing."""
    migrate(tracker.database.engine)
    reading.prepare(tracker.database, tracker.consumers, tracker.clock())
    notice_release(tracker.database, tracker.zone_release, tracker.clock())
