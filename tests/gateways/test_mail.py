"""Mails reach a real SMTP server, and its answers are told apart: perhaps later, or never."""

import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from tracker.errors import GatewayError
from tracker.gateways.mail import FileMail, Outgoing, SmtpMail, for_installation


class Server:
    """Takes mails, and answers as it is told."""

    def __init__(self, *, knows_other_letters: bool = True, knows_ehlo: bool = True) -> None:
        self.taken: list[Envelope] = []
        self.to_recipient = "250 OK"
        self.to_data = "250 OK"
        self.logins: list[tuple[bytes, bytes]] = []
        self.connections: set[Any] = set()
        self.to_sender = "250 OK"
        self.hang_up_after_data = False
        self.knows_other_letters, self.knows_ehlo = knows_other_letters, knows_ehlo

    async def handle_EHLO(
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return responses if self.knows_ehlo else ["502 What is that?"]

    async def handle_MAIL(
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        self.connections.add(session.peer)
        envelope.mail_from = address
        return self.to_sender

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if self.to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        if self.to_data.startswith("250"):
            self.taken.append(envelope)
        if self.hang_up_after_data and server.transport:
            server.transport.close()
        return self.to_data

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any
    ) -> AuthResult:
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"p@ss")


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def unused_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.fixture
def url(server: Server, unused_port: int) -> Iterator[str]:
    controller = Controller(
        server,
        hostname="127.0.0.1",
        port=unused_port,
        authenticator=server.authenticate,
        auth_require_tls=False,
        enable_SMTPUTF8=server.knows_other_letters,
    )
    controller.start()
    try:
        yield f"127.0.0.1:{unused_port}"
    finally:
        controller.stop()


def letter(to: str = "anna@example.org", message_id: str = "<abc@example.org>") -> Outgoing:
    message = EmailMessage(policy=policy.SMTP)
    message["From"], message["To"], message["Subject"] = "tracker@example.org", to, "38-я годовщина"
    message["Date"] = "Sat, 28 Nov 2026 07:00:00 +0000"
    message["Message-ID"] = message_id
    message.set_content("Köln – Волгоград\n", cte="quoted-printable")
    return Outgoing.of(message)


def test_a_mail_arrives_as_it_was_written(server: Server, url: str) -> None:
    SmtpMail(f"smtp://{url}").send(letter())

    (envelope,) = server.taken
    assert (envelope.mail_from, envelope.rcpt_tos) == ("tracker@example.org", ["anna@example.org"])
    content = envelope.content
    assert isinstance(content, bytes)
    arrived = message_from_bytes(content, policy=policy.default)
    assert arrived["Subject"] == "38-я годовщина"
    assert arrived.get_content().strip() == "Köln – Волгоград"


ELSEWHERE = "anna@пример.рф"


def test_an_address_in_other_letters_is_kept(server: Server, url: str) -> None:
    SmtpMail(f"smtp://{url}").send(letter(to=ELSEWHERE))

    (envelope,) = server.taken
    assert envelope.rcpt_tos == [ELSEWHERE]
    assert f"To: {ELSEWHERE}\r\n".encode() in (envelope.content or b"")


@pytest.mark.parametrize("server", [Server(knows_other_letters=False), Server(knows_ehlo=False)])
def test_a_server_that_knows_no_other_letters_will_never_take_it(server: Server, url: str) -> None:
    with pytest.raises(GatewayError) as refused:
        SmtpMail(f"smtp://{url}").send(letter(to=ELSEWHERE))

    assert (refused.value.permanent, server.taken) == (True, [])


def test_name_and_password_of_the_address_are_used(server: Server, url: str) -> None:
    SmtpMail(f"smtp://us%40er:p%40ss@{url}?from=tracker@example.org").send(letter())

    assert server.logins == [(b"us@er", b"p@ss")]
    assert len(server.taken) == 1


@pytest.mark.parametrize("step", ["to_recipient", "to_data"])
@pytest.mark.parametrize(
    ("answer", "permanent"),
    [("421 Too busy", False), ("451 Greylisted", False), ("550 No such user", True), ("554 Spam", True)],
)
def test_a_refusal_is_permanent_where_the_server_says_never(
    server: Server, url: str, step: str, answer: str, permanent: bool
) -> None:
    setattr(server, step, answer)

    with pytest.raises(GatewayError) as refused:
        SmtpMail(f"smtp://{url}").send(letter())

    assert refused.value.permanent is permanent
    assert answer in str(refused.value)


def test_many_mails_leave_over_one_connection_and_a_refusal_does_not_end_it(server: Server, url: str) -> None:
    with SmtpMail(f"smtp://{url}").session() as session:
        session.send(letter())
        server.to_recipient = "550 No such user"
        with pytest.raises(GatewayError):
            session.send(letter())
        server.to_recipient = "250 OK"
        session.send(letter())

    assert (len(server.taken), len(server.connections)) == (2, 1)


def test_a_connection_that_has_ended_is_made_anew_without_a_fault(server: Server, url: str) -> None:
    with SmtpMail(f"smtp://{url}").session() as session:
        server.to_recipient = "421 So much for this connection"
        with pytest.raises(GatewayError) as refused:
            session.send(letter())
        server.to_recipient = "250 OK"
        session.send(letter())
        session._server.sock.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]  # as a server does that hangs up
        session.send(letter())

    assert (len(server.taken), len(server.connections)) == (2, 3)
    assert (refused.value.whole, refused.value.permanent) == (False, False)


def test_it_says_when_a_mail_is_handed_over_and_not_where_it_never_is(server: Server, url: str) -> None:
    told: list[int] = []
    with SmtpMail(f"smtp://{url}").session() as session:
        session.send(letter(), lambda: told.append(len(server.taken)))
        server.to_recipient = "550 No such user"
        with pytest.raises(GatewayError):
            session.send(letter(), lambda: told.append(len(server.taken)))

    assert (told, len(server.taken)) == ([0], 1)


def test_a_server_that_hangs_up_instead_of_answering_may_have_taken_it(server: Server, url: str) -> None:
    server.hang_up_after_data = True

    with pytest.raises(GatewayError) as broken:
        SmtpMail(f"smtp://{url}").send(letter())

    assert (broken.value.perhaps_taken, broken.value.whole, broken.value.permanent) == (True, False, False)
    assert len(server.taken) == 1


@pytest.mark.parametrize("answer", ["451 Slow down", "553 This sender may not"])
def test_a_sender_who_is_refused_is_no_fault_of_the_mail(server: Server, url: str, answer: str) -> None:
    server.to_sender = answer

    with pytest.raises(GatewayError) as refused:
        SmtpMail(f"smtp://{url}").send(letter())

    assert (refused.value.whole, refused.value.permanent) == (True, False)
    assert answer in str(refused.value)


def test_a_wrong_password_is_ours_to_mend_and_no_fault_of_the_mail(server: Server, url: str) -> None:
    with pytest.raises(GatewayError) as refused:
        SmtpMail(f"smtp://user:wrong@{url}", timeout=2).send(letter())

    assert (refused.value.whole, refused.value.permanent) == (True, False)


def test_a_server_that_is_away_may_come_back(unused_port: int) -> None:
    with pytest.raises(GatewayError) as refused:
        SmtpMail(f"smtp://127.0.0.1:{unused_port}", timeout=2).send(letter())

    assert (refused.value.whole, refused.value.permanent) == (True, False)


def test_without_a_server_mails_are_files_that_mail_programs_open(tmp_path: Path) -> None:
    mail = for_installation("", tmp_path / "mail")

    mail.send(letter())
    mail.send(letter())

    (file,) = (tmp_path / "mail").iterdir()
    assert file.name == "2026-11-28-abc.eml"
    assert message_from_bytes(file.read_bytes(), policy=policy.default)["Subject"] == "38-я годовщина"


def test_a_message_id_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    FileMail(tmp_path / "mail").send(letter(message_id="<../../x@example.org>"))

    assert [f.name for f in (tmp_path / "mail").iterdir()] == ["2026-11-28-....x.eml"]


def test_a_folder_that_cannot_be_written_is_told_as_passing(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file stands in the way")

    with pytest.raises(GatewayError) as refused:
        FileMail(tmp_path / "mail").send(letter())

    assert not refused.value.permanent
