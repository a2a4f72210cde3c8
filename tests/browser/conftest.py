"""A real browser on a real server: the pages of one embedded installation, on a free port of this machine."""

import datetime as dt
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from werkzeug.serving import make_server

from tests.conftest import NOW, Clock, missing
from tracker import bootstrap
from tracker.actions.activities import record_activity
from tracker.actions.registry import load_registry
from tracker.actions.users import NewUser, add_user
from tracker.bootstrap import Tracker
from tracker.consumers import reading
from tracker.domain.commands import Actor, RecordActivity
from tracker.intake.json import activity_content
from tracker.store import accounts
from tracker.web.app import create_app

CHROMIUM = Path("/usr/bin/chromium")


class House:
    """A running installation with some activities, and the way into it."""

    def __init__(self, tracker: Tracker) -> None:
        self.tracker = tracker
        load_registry(tracker.database, tracker.clock())
        add_user(tracker.database, NewUser("anna@example.org", "administrator", "Anna"), "system", tracker.clock())
        content = activity_content(
            {
                "kind": "delegation",
                "title": {"de": "Besuch im Rathaus", "ru": "Визит в ратушу"},
                "twins": ["cologne"],
                "start": (NOW.date() + dt.timedelta(days=3)).isoformat(),
                "leaders": [{"name": "Harry Stanley", "office": "Lord Mayor"}],
                "counts": [{"of": "travellers", "value": 12}],
            }
        )
        made = record_activity(tracker.database, RecordActivity(content), Actor("cli"), tracker.clock())
        self.activity = f"/activities/{made.id}"
        reading.catch_up(tracker.database, tracker.consumers, tracker.clock())
        self.app = create_app(tracker)
        self._server = make_server("127.0.0.1", 0, self.app, threaded=True)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def session_cookie(self) -> str:
        with self.tracker.database.reading() as session:
            user = accounts.user_by_email(session, "anna@example.org")
            assert user
        signer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]  # of the cookie sessions we use
        return str(signer.dumps({"_user_id": user.fs_uniquifier, "_fresh": True}))

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self.tracker.database.engine.dispose()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    made = bootstrap.assemble({"TRACKER_HOME": str(tmp_path_factory.mktemp("house"))}, Clock())
    bootstrap.prepare(made)
    running = House(made)
    yield running
    running.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        missing("Chromium", f"{CHROMIUM} does not exist")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--headless"])
        yield browser
        browser.close()


def visit(
    chromium: Browser, house: House, *, width: int = 1280, lang: str = "de", scheme: str = "light"
) -> BrowserContext:
    """A window of a person who is logged in."""
    window = chromium.new_context(
        viewport={"width": width, "height": 844},
        locale=lang,
        color_scheme="dark" if scheme == "dark" else "light",
        base_url=house.address,
    )
    cookies = {"session": house.session_cookie(), "lang": lang}
    window.add_cookies([{"name": n, "value": v, "url": house.address} for n, v in cookies.items()])
    return window
