"""The notes of the registry that ships in the reader's language, from `tracker/data/notes.csv`.

They are known by their English text, which the records keep: what somebody has edited stands as they wrote it.
"""

import csv
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent.parent / "data" / "notes.csv"


def note_in(language: str, text: str) -> str:
    """A note as it came with the registry, in a language; any other text, and any in another language, as it is."""
    return _notes().get(text, {}).get(language, text)


@cache
def _notes() -> dict[str, dict[str, str]]:
    """By the English text, the note by language."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return {row["en"]: row for row in csv.DictReader(file, strict=True)}
