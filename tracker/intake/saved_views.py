"""A view to keep, as a form sends it: a name, and the address' arguments of the list it was sent from."""

from collections.abc import Collection
from urllib.parse import parse_qsl, urlencode

from tracker.domain.saved_views import SaveView
from tracker.errors import InvalidInput
from tracker.i18n import N_

_NO_NAME = N_("Give the view a name, such as “Köln, this year”.")
_LONG_NAME = N_("“{value}” is too long for a name. Use at most {most} letters.")
_LONG = N_("These filters are too many to keep. Leave some of them out.")
_LETTERS, _MOST = 80, 2_000


def view_name(text: str) -> str:
    name = " ".join(text.split())
    if not name:
        raise InvalidInput.one("name", name, _NO_NAME)
    if len(name) > _LETTERS:
        raise InvalidInput.one("name", name, _LONG_NAME, most=_LETTERS)
    return name


def view_to_save(name: str, arguments: str, *, house: bool, known: Collection[str]) -> SaveView:
    """Read a view. Arguments the list does not know are left out: nothing else may come back as an address."""
    kept = urlencode([(key, value) for key, value in parse_qsl(arguments) if key in known])
    if len(kept) > _MOST:
        raise InvalidInput.one("arguments", "", _LONG)
    return SaveView(view_name(name), kept, house)
