"""A change of several activities in one line: "Status: held · Twin cities: + Cologne". Pure."""

from collections.abc import Iterator

from tracker.domain.bulk import NOBODY, BulkEdit
from tracker.domain.field_words import label
from tracker.domain.value_words import Reader, in_words
from tracker.i18n import N_

_PLAIN = ("status", "visibility", "direction", "subtype", "owner", "responsible")
_LISTS = {"twins": "twin", "counts_for": "counts_for"}


def edit_in_words(edit: BulkEdit, reader: Reader) -> str:
    parts = [reader.says(N_("into the bin"))] if edit.remove else list(_parts(edit, reader))
    return " · ".join([*parts, edit.reason] if edit.reason else parts)


def _parts(edit: BulkEdit, reader: Reader) -> Iterator[str]:
    for name in _PLAIN:
        if value := getattr(edit, name):
            words = "–" if value == NOBODY else in_words(name, value, reader)
            yield f"{label(name, reader.language)}: {words}"
    for field, name in _LISTS.items():
        for sign, value in (("+", getattr(edit, f"add_{name}")), ("−", getattr(edit, f"remove_{name}"))):
            if value:
                yield f"{label(field, reader.language)}: {sign} {in_words(field, value, reader)}"
