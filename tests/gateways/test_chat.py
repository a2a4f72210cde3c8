"""Chat services by Apprise addresses: a real post to a server of our own, which faults pass, and what is refused."""

import json
import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from tracker.bootstrap import masked
from tracker.errors import GatewayError, InvalidInput
from tracker.gateways.chat import AppriseChat, check


class Room(HTTPServer):
    """A generic webhook that keeps what it is sent, and answers as it is told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.posted: list[dict[str, Any]] = []
        self.asked_with: list[str] = []
        self.status = 200

    @property
    def url(self) -> str:
        return f"json://bot:s3cret@127.0.0.1:{self.server_port}/hook/t0ken"


class _Answer(BaseHTTPRequestHandler):
    server: Room

    def do_POST(self) -> None:
        self.server.posted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.server.asked_with.append(self.path)
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def room() -> Iterator[Room]:
    with Room() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_message_reaches_the_service(room: Room) -> None:
    AppriseChat().send(room.url, "Через 7 дней", "Köln – Wolgograd")

    assert [(p["title"], p["message"]) for p in room.posted] == [("Через 7 дней", "Köln – Wolgograd")]
    assert room.asked_with == ["/hook/t0ken"]


@pytest.mark.parametrize(("status", "permanent"), [(403, True), (404, True), (429, False), (503, False)])
def test_a_refusal_says_whether_trying_again_helps(room: Room, status: int, permanent: bool) -> None:
    room.status = status

    with pytest.raises(GatewayError) as refused:
        AppriseChat().send(room.url, "title", "body")

    assert (refused.value.permanent, str(status) in str(refused.value)) == (permanent, True)


def test_a_service_that_is_away_may_come_back(room: Room, caplog: pytest.LogCaptureFixture) -> None:
    address = room.url
    room.server_close()

    with caplog.at_level(logging.DEBUG), pytest.raises(GatewayError) as refused:
        AppriseChat().send(address, "title", "body")

    assert not refused.value.permanent
    assert "s3cret" not in str(refused.value) + caplog.text
    assert "t0ken" not in str(refused.value) + caplog.text


@pytest.mark.parametrize(
    "url",
    [
        "syslog://", "windows://", "dbus://", "gnome://", "macosx://", "exec://rm", "file:///etc/passwd", "mailto://a:b@c.de",
        "vapid://a@b.de?keyfile=/etc/passwd", "fcm://project@key?keyfile=/etc/passwd", "http://example.org", "slack",
        "",
    ],
)  # fmt: skip
def test_nothing_but_chat_services_on_the_network_is_an_address(url: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check(url)

    assert refused.value.problems[0].field == "url"


def test_a_refused_address_is_not_repeated() -> None:
    with pytest.raises(InvalidInput) as refused:
        check("tgram://s3cret")

    assert "Telegram" in str(refused.value)
    assert "s3cret" not in str(refused.value)


def test_an_address_sets_no_time_limits_and_keeps_no_files(room: Room) -> None:
    assert check(f"{room.url}?cto=9000&rto=9000&store=yes") == "JSON"


def test_no_line_of_the_log_holds_an_address() -> None:
    assert masked("cannot post to slack://T1/B2/s3cret, sorry") == "cannot post to slack://… sorry"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("tgram://123456789:abcdefghijklmnopqrstuvwxyzabcdefghi/12345/67890", "names 2 places"),
        ("nctalks://bot:s3cret@cloud.example.org/board/office/press", "names 3 places"),
        ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#board/#office", "names 2 places"),
    ],
)
def test_an_address_names_one_place(url: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        check(url)

    assert check(url.replace("/67890", "").replace("/office/press", "").replace("/#office", ""))
