"""A real browser on a real server: the pages of one embedded installation, on a free port of this machine."""

import datetime as dt
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.conftest import NOW, READ, Clock, Embedded, missing
from tracker import bootstrap
from tracker.actions.activities import record_activity
from tracker.actions.editions import freeze
from tracker.actions.logins import open_session
from tracker.actions.report_jobs import order_document
from tracker.actions.reports import Asked
from tracker.actions.users import NewUser, add_user
from tracker.bootstrap import Tracker
from tracker.consumers import reading
from tracker.domain.access import Role
from tracker.domain.activities import Visibility
from tracker.domain.commands import Actor, RecordActivity
from tracker.domain.logins import Way
from tracker.domain.report_orders import Order
from tracker.intake.json import activity_content
from tracker.store import accounts
from tracker.web.app import create_app

CHROMIUM = Path("/usr/bin/chromium")


class _Closing(WSGIRequestHandler):
    """Closes an answer also when the browser hung up halfway; Werkzeug's own leaves its file open then."""

    def connection_dropped(self, _error: BaseException, environ: Any = None) -> None:
        environ["tests.answer"].close()


class Served:
    """An application on a port of this machine, in threads of this process; port 0 takes a free one."""

    def __init__(self, app: Flask, port: int = 0) -> None:
        def answering(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            def answer() -> Iterator[bytes]:
                with closing(app(environ, start_response)) as body:  # type: ignore[type-var]  # Flask's answers can be closed
                    yield from body

            environ["tests.answer"] = answer()
            return environ["tests.answer"]  # type: ignore[no-any-return]  # an environ holds anything

        self._server = make_server("127.0.0.1", port, answering, threaded=True, request_handler=_Closing)
        self.port = self._server.server_port
        self.address = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class House:
    """A running installation with the registry and some activities, and the way into it."""

    def __init__(self, tracker: Tracker) -> None:
        self.tracker = tracker
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
        order = Order.model_validate({"period": "2018", "reader": "members", "languages": ["de"]})
        asked = Asked(order, (Visibility.PUBLIC, Visibility.MEMBERS), "cli", tracker.clock())
        self.edition = f"/reports/editions/{freeze(tracker.database, asked).id}"
        freeze(tracker.database, asked)
        with tracker.database.reading() as session:
            anna = accounts.user_by_email(session, "anna@example.org")
            assert anna
        making = order_document(tracker.database, order, Role.ADMINISTRATOR, anna.id, tracker.clock())
        self.making = f"/reports/making/{making}"
        reading.catch_up(tracker.database, tracker.consumers, tracker.clock())
        self.app = create_app(tracker)
        self._served = Served(self.app)
        self.address = self._served.address

    def at(self, path: str) -> str:
        """The address of a path in which what was made here stands by a word."""
        for word, address in (("ACTIVITY", self.activity), ("EDITION", self.edition), ("MAKING", self.making)):
            path = path.replace(word, address)
        return path

    def session_cookie(self) -> str:
        with self.tracker.database.reading() as session:
            user = accounts.user_by_email(session, "anna@example.org")
            assert user
        signer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]  # of the cookie sessions we use
        secret = open_session(self.tracker.database, user.id, Way.PASSWORD, "Firefox/140.0 Linux", self.tracker.clock())
        return str(signer.dumps({"_user_id": secret, "_fresh": True, "fs_paa": time.time()}))

    def close(self) -> None:
        self._served.close()
        self.tracker.database.engine.dispose()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, embedded: Embedded) -> Iterator[House]:
    running = House(bootstrap.assemble(embedded.copy(READ, tmp_path_factory.mktemp("house")), Clock()))
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
    chromium: Browser,
    house: House,
    *,
    width: int = 1280,
    lang: str = "de",
    scheme: str = "light",
    javascript: bool = True,
) -> BrowserContext:
    """A window of a person who is logged in."""
    window = chromium.new_context(
        viewport={"width": width, "height": 844},
        locale=lang,
        color_scheme="dark" if scheme == "dark" else "light",
        base_url=house.address,
        java_script_enabled=javascript,
    )
    cookies = {"session": house.session_cookie(), "lang": lang}
    window.add_cookies([{"name": n, "value": v, "url": house.address} for n, v in cookies.items()])
    return window
