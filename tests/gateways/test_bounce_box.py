"""Mailboxes for bounces: what is unread is read once, by IMAP and from a Maildir, and stays where it is."""

import re
import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tracker.errors import GatewayError
from tracker.gateways.bounce_box import BounceBox, ImapBox, MaildirBox, for_installation


class Imap(socketserver.StreamRequestHandler):
    """As much of an IMAP server as reading a mailbox takes (RFC 9051)."""

    mails: dict[bytes, bytes]
    seen: set[bytes]

    def handle(self) -> None:
        self.wfile.write(b"* OK ready\r\n")
        for line in self.rfile:
            tag, _, command = line.strip().partition(b" ")
            self.wfile.write(self.answer(command) + tag + (b" NO no\r\n" if b'"wrong"' in command else b" OK done\r\n"))
            if command == b"LOGOUT":
                return

    def answer(self, command: bytes) -> bytes:
        if command == b"CAPABILITY":
            return b"* CAPABILITY IMAP4rev1\r\n"
        if command.startswith(b"UID SEARCH"):
            return b"* SEARCH " + b" ".join(uid for uid in self.mails if uid not in self.seen) + b"\r\n"
        if found := re.match(rb"UID FETCH (\d+)", command):
            data = self.mails[found[1]]
            return b"* 1 FETCH (UID %s BODY[] {%d}\r\n%s)\r\n" % (found[1], len(data), data)
        if found := re.match(rb"UID STORE (\d+) \+FLAGS \(\\Seen\)", command):
            self.seen.add(found[1])
        return b"* BYE\r\n" if command == b"LOGOUT" else b""


@pytest.fixture
def imap() -> Iterator[str]:
    handler = type("Mailbox", (Imap,), {"mails": {b"7": b"one\r\n", b"9": b"two\r\n"}, "seen": set()})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
    (tmp_path / "new" / "1.a").write_bytes(b"one\r\n")
    (tmp_path / "new" / "2.b").write_bytes(b"two\r\n")
    return tmp_path


def take(box: BounceBox, most: int) -> list[bytes]:
    """Read up to so many and mark them."""
    taken = []
    with box.unread() as mails:
        for mail in mails:
            if len(taken) == most:
                break
            taken.append(mail.data)
            mail.done()
    return taken


@pytest.mark.parametrize("kind", ["imap", "maildir"])
def test_each_mail_is_read_once(kind: str, request: pytest.FixtureRequest) -> None:
    place = request.getfixturevalue(kind)
    box = for_installation(f"imap://user:pass@{place}/INBOX" if kind == "imap" else f"maildir://{place}")

    assert [take(box, 1), take(box, 9), take(box, 9)] == [[b"one\r\n"], [b"two\r\n"], []]


def test_what_was_read_stays_in_the_folder(maildir: Path) -> None:
    take(MaildirBox(maildir), 9)

    assert sorted(file.name for file in (maildir / "cur").iterdir()) == ["1.a:2,S", "2.b:2,S"]


def test_a_mailbox_that_is_away_may_come_back(imap: str, tmp_path: Path) -> None:
    for box in (ImapBox(f"imap://user:wrong@{imap}"), ImapBox("imap://u:p@127.0.0.1:1"), MaildirBox(tmp_path / "none")):
        with pytest.raises(GatewayError) as away:
            take(box, 9)
        assert not away.value.permanent
