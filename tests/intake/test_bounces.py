"""Reports of undeliverable mails are read as servers write them, and nothing else is taken for one."""

import pytest

from tracker.domain.bounces import Bounce
from tracker.errors import InvalidInput
from tracker.intake.bounces import parse_json, parse_report

POSTFIX = b"""\
From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: tracker@example.org
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B/mx.example.org"
Message-Id: <20261128070002.1@mx.example.org>

--B/mx.example.org
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.org.

--B/mx.example.org
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
Arrival-Date: Sat, 28 Nov 2026 07:00:00 +0000 (UTC)

Final-Recipient: rfc822; anna@example.org
Original-Recipient: rfc822;anna@example.org
Action: failed
Status: 5.1.1
Remote-MTA: dns; mail.example.org
Diagnostic-Code: smtp; 550 5.1.1 <anna@example.org>: Recipient address
    rejected: User unknown

Final-Recipient: rfc822; boris@example.org
Action: delayed
Status: 4.2.2
Diagnostic-Code: smtp; 452 4.2.2 The mailbox is full

Final-Recipient: rfc822; clara@example.org
Action: delivered
Status: 2.0.0

--B/mx.example.org
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

From: tracker <tracker@example.org>
Message-ID: <abc@example.org>
Subject: 38

--B/mx.example.org--
"""

QMAIL = b"""\
From: MAILER-DAEMON@example.org
To: tracker@example.org
Subject: failure notice

Hi. This is the qmail-send program at example.org.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<anna@example.org>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Return-Path: <tracker@example.org>
Message-ID: <abc@example.org>
Subject: 38

Text
"""

ON_HOLIDAY = b"""\
From: anna@example.org
To: tracker@example.org
Subject: Out of office: 5.1.1
Auto-Submitted: auto-replied

I am away until 5.1.2027.
"""


def test_a_report_says_it_of_each_recipient() -> None:
    gone, full = parse_report(POSTFIX)

    assert (gone.recipient, gone.code, gone.message_id, gone.hard) == (
        "anna@example.org",
        "5.1.1",
        "<abc@example.org>",
        True,
    )
    assert gone.said == "550 5.1.1 <anna@example.org>: Recipient address rejected: User unknown"
    assert (full.recipient, full.code, full.hard) == ("boris@example.org", "4.2.2", False)


def test_the_plain_text_of_qmail_is_read() -> None:
    (gone,) = parse_report(QMAIL.replace(b"\n", b"\r\n"))

    assert (gone.recipient, gone.code, gone.message_id, gone.hard) == (
        "anna@example.org",
        "5.1.1",
        "<abc@example.org>",
        True,
    )


@pytest.mark.parametrize("mail", [ON_HOLIDAY, b"", b"\xff\xfe\x00", POSTFIX[:400]])
def test_what_is_no_report_says_nothing(mail: bytes) -> None:
    assert parse_report(mail) == []


@pytest.mark.parametrize(
    ("code", "action", "hard"),
    [("5.1.1", "failed", True), ("5.2.1", "failed", True), ("5.2.2", "failed", False), ("5.1.8", "failed", False),
     ("4.1.1", "failed", False), ("5.1.1", "delayed", False), ("", "failed", False)],
)  # fmt: skip
def test_only_a_mailbox_that_is_gone_is_a_hard_bounce(code: str, action: str, hard: bool) -> None:
    assert Bounce("anna@example.org", code, action=action).hard is hard


def test_the_same_thing_told_twice_has_one_key() -> None:
    (by_mail, _) = parse_report(POSTFIX)
    told = '{"recipient": "Anna@example.org", "status": "5.1.1", "said": "gone", "message_id": "<abc@example.org>"}'

    (by_program,) = parse_json(told.encode())

    assert by_mail.key == by_program.key


@pytest.mark.parametrize(
    ("body", "field"),
    [("{", "body"), ("[" * 100_000, "body"), ("[1]", "0"),
     ('{"recipient": "anna"}', "0.recipient"), ('{"recipient": 1}', "0.recipient"),
     ('{"recipient": "a@x.org", "status": "gone"}', "0.status"),
     ('{"recipient": "a@x.org", "action": "sung"}', "0.action")],
)  # fmt: skip
def test_what_a_program_tells_wrongly_is_named(body: str, field: str) -> None:
    with pytest.raises(InvalidInput) as wrong:
        parse_json(body.encode())

    assert wrong.value.problems[0].field == field


def test_what_no_database_holds_is_left_out_of_what_is_told() -> None:
    (bounce,) = parse_json(b'{"recipient": "a@x.org", "said": "\\u0000 \\ud800", "message_id": "<\\u0000>"}')

    assert (bounce.said, bounce.message_id) == ("\ufffd \ufffd", "<\ufffd>")
