"""Settings: loud about what is wrong, quiet about what is not needed."""

from pathlib import Path

import pytest

from tracker.config import from_env
from tracker.errors import Misconfigured


def test_nothing_needs_to_be_configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    settings = from_env({})

    assert settings.embedded
    assert settings.sqlalchemy_url == f"sqlite:///{tmp_path / 'var' / 'tracker.db'}"
    assert settings.languages == ("en", "de", "ru")


@pytest.mark.parametrize(
    ("environ", "name"),
    [
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL"),
        ({"REDIS_URL": "http://x", "SECRET_KEY": "k"}, "REDIS_URL"),
        ({"SMTP_URL": "mail.example.org"}, "SMTP_URL"),
        ({"BOUNCES_URL": "pop3://mail.example.org"}, "BOUNCES_URL"),
        ({"REDIS_URL": "redis://x"}, "SECRET_KEY"),
        ({"TRACKER_LANGUAGES": "en,fr"}, "TRACKER_LANGUAGES"),
    ],
)
def test_a_wrong_setting_is_named(environ: dict[str, str], name: str) -> None:
    with pytest.raises(Misconfigured, match=name):
        from_env(environ)


def test_both_spellings_of_a_postgresql_address_are_understood() -> None:
    for scheme in ("postgres", "postgresql"):
        assert from_env({"DATABASE_URL": f"{scheme}://u@h/db"}).sqlalchemy_url == "postgresql://u@h/db"
