"""Signs that no document format can hold are taken out of texts before they are written. Imports nothing of ours."""

import re
from typing import Final

# What XML 1.0 does not know: control signs other than tab and line break, halves of pairs, and two non-signs.
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    """The text without what would make a document unreadable; every kind of line break becomes "\\n"."""
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
