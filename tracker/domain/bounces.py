"""Mails that came back: what a mail server said about one recipient, and whether their mailbox is gone for good.

Status codes are those of RFC 3463, reports those of RFC 3464. Pure.
"""

import hashlib
import re
from dataclasses import dataclass

_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_NO_MAILBOX = frozenset({"5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.4", "5.1.6", "5.1.10", "5.2.1"})
"""There is no such address, or it is closed. Other 5.1 codes are about the sender, other 5.2 about a full mailbox."""


@dataclass(frozen=True)
class Bounce:
    """What was said of one recipient. `code` and `message_id` may be empty: not every server says so much."""

    recipient: str
    code: str = ""
    said: str = ""
    message_id: str = ""
    action: str = "failed"
    """Of RFC 3464: "failed", or "delayed" while the server goes on trying."""

    @property
    def hard(self) -> bool:
        return self.action == "failed" and self.code in _NO_MAILBOX

    @property
    def key(self) -> str:
        """The same for every report of the same thing, whichever way it came."""
        told = (self.recipient.lower(), self.message_id or self.said, self.action, self.code)
        return hashlib.sha256("\n".join(told).encode()).hexdigest()


def status_in(text: str) -> str:
    """The first status code that stands in a text, such as "5.1.1"; empty where there is none."""
    found = _STATUS.search(text)
    return found[0] if found else ""
