"""Cursors: where a list goes on. Opaque to callers, so that the order may change its workings without notice.

A cursor names the last item seen and not a number of items, so whatever is recorded or removed while somebody walks
through the list, nothing that was there all along is shown twice or left out.
"""

import base64
import binascii
import json
import re
from uuid import UUID

from tracker.errors import InvalidInput
from tracker.i18n import N_

_SORT_KEY = re.compile(r"[\x20-\x7e]{0,80}")


def cursor_after(order: str, sort_key: str, last: UUID) -> str:
    packed = json.dumps([order, sort_key, last.hex]).encode()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def read_cursor(cursor: str, order: str) -> tuple[str, UUID]:
    """The (sort key, id) a cursor stands for. Raises `InvalidInput` for one not of ours or of the other order."""
    try:
        packed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        found_order, sort_key, last = json.loads(packed)
        if found_order == order and _SORT_KEY.fullmatch(sort_key):
            return sort_key, UUID(hex=last)
    except (binascii.Error, ValueError, TypeError, AttributeError):
        pass
    wrong = N_("“{value}” is not a cursor of this list. Take it from “next” of the page before, and keep the order.")
    raise InvalidInput.one("cursor", cursor, wrong)
