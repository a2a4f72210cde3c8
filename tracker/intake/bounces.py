"""Reports that a mail could not be delivered, as mail servers write them, into what they say of each recipient.

Read are the delivery status notifications of RFC 3464, and the plain text that qmail sends (QSBMF). Anything else says
nothing: an answer from somebody on holiday is no bounce.
"""

import json
import re
from collections.abc import Mapping
from email import message_from_bytes, message_from_string
from email.message import Message
from typing import Any

from tracker.domain.bounces import Bounce, status_in
from tracker.errors import InvalidInput
from tracker.i18n import N_

_LONGEST = {"recipient": 255, "said": 1_000, "message_id": 255}
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""What no database holds, and mail servers hand on from whoever has sent it."""
_FINAL_ACTIONS = frozenset({"failed", "delayed"})
_QMAIL = re.compile(r"^<([^>\s]+@[^>\s]+)>:\n((?:.+\n)+)", re.MULTILINE)
_QMAIL_COPY = "--- Below this line is a copy of the message."


def parse_report(data: bytes) -> list[Bounce]:
    """What a mail says of undeliverable mails: one for each recipient, none where it is no report."""
    message = message_from_bytes(data)
    parts = list(message.walk())
    status = next((part for part in parts if part.get_content_type() == "message/delivery-status"), None)
    if status is None:
        return _of_qmail(message)
    original = _original(parts)
    groups = status.get_payload()
    told = [group for group in groups if isinstance(group, Message)] if isinstance(groups, list) else []
    found = [
        _of_recipient(group, original) for group in told if group["Final-Recipient"] or group["Original-Recipient"]
    ]
    return [bounce for bounce in found if bounce.recipient and bounce.action in _FINAL_ACTIONS]


def parse_json(data: bytes) -> list[Bounce]:
    """The same from a program: one object, or a list of them. Raises `InvalidInput`."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as fault:
        raise InvalidInput.one("body", "", N_("This is no JSON: {fault}."), fault=fault) from fault
    return [_of_object(one, at) for at, one in enumerate(document if isinstance(document, list) else [document])]


def _of_object(document: Any, at: int) -> Bounce:
    if not isinstance(document, Mapping):
        raise InvalidInput.one(str(at), document, N_("An object is needed, with recipient, status, said, message_id."))
    values = {name: document.get(name, "") for name in ("recipient", "status", "said", "message_id", "action")}
    for name, value in values.items():
        if not isinstance(value, str):
            raise InvalidInput.one(f"{at}.{name}", value, N_("A text is needed."))
    if "@" not in values["recipient"]:
        raise InvalidInput.one(f"{at}.recipient", values["recipient"], N_("“{value}” is no mail address."))
    if values["status"] and status_in(values["status"]) != values["status"]:
        raise InvalidInput.one(f"{at}.status", values["status"], N_("“{value}” is no status code like 5.1.1."))
    action = values["action"] or ("delayed" if values["status"].startswith("4") else "failed")
    if action not in _FINAL_ACTIONS:
        raise InvalidInput.one(
            f"{at}.action", action, N_("“{value}” is not one of {allowed}."), allowed="failed, delayed"
        )
    return _bounce(values["recipient"], values["status"], values["said"], values["message_id"], action)


def _of_recipient(group: Message, original: str) -> Bounce:
    recipient = _address(group["Final-Recipient"]) or _address(group["Original-Recipient"])
    said = _behind_type(group["Diagnostic-Code"])
    return _bounce(recipient, status_in(str(group["Status"] or "")), said, original, _word(group["Action"]))


def _of_qmail(message: Message) -> list[Bounce]:
    body = message.get_payload(decode=True)
    text = body.decode("utf-8", "replace").replace("\r\n", "\n") if isinstance(body, bytes) else ""
    told, _, copy = text.partition(_QMAIL_COPY)
    if "qmail-send" not in told:
        return []
    original = str(message_from_string(copy.lstrip("\n"))["Message-ID"] or "")
    return [_bounce(to, status_in(said), said, original, "failed") for to, said in _QMAIL.findall(told)]


def _bounce(recipient: str, code: str, said: str, message_id: str, action: str) -> Bounce:
    given = {"recipient": recipient, "said": " ".join(said.split()), "message_id": message_id.strip()}
    cut = {name: _UNSTORABLE.sub("\ufffd", value) for name, value in given.items()}
    return Bounce(code=code, action=action, **{name: value[: _LONGEST[name]] for name, value in cut.items()})


def _original(parts: list[Message]) -> str:
    """The Message-ID of the mail it is about, from the copy or the headers that a report brings back."""
    for part in parts:
        if part.get_content_type() == "text/rfc822-headers":
            headers = part.get_payload(decode=True)
            if isinstance(headers, bytes):
                return str(message_from_bytes(headers)["Message-ID"] or "")
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload(0)
            if isinstance(inner, Message):
                return str(inner["Message-ID"] or "")
    return ""


def _address(value: object) -> str:
    """`rfc822; anna@example.org` is anna's."""
    return _behind_type(value).strip("<>")


def _behind_type(value: object) -> str:
    kind, found, text = str(value or "").partition(";")
    return " ".join((text if found else kind).split())


def _word(value: object) -> str:
    return str(value or "failed").strip().lower()
