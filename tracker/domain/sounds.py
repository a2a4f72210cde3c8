"""How a name sounds, whatever it is written in: Крючков = Kryuchkov = Krjutschkow, Сергей = Sergei = Sergej.

Not a science of phonetics: the ways German, English and scholars write Russian names are led to one spelling, by rules
that are applied to both sides alike. What two spellings never share (vowels that are heard otherwise) stays apart.
And how far two words are apart, for slips of the pen. Pure.
"""

import re
from functools import lru_cache

_CYRILLIC = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "к": "k", "л": "l",
        "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts",
        "ч": "tch", "ш": "sh", "щ": "shtch", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "iu", "я": "ia", "і": "i",
        "є": "ie", "ґ": "g", "ј": "i",
    }
)  # fmt: skip

_STEPS = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        # German writes one Russian letter with up to four; S and C stand for what is hissed.
        ("tsch|tch|tzsch", "C"),
        ("sch|sh|zh", "S"),
        ("chr", "Cr"),  # Chruschtschow, Khrushchev
        ("ch|kh", "C"),
        ("ph", "f"),
        ("th", "t"),
        ("x", "ks"),
        ("ck|q", "k"),
        ("c(?=[eiy])", "s"),
        ("c", "k"),
        ("tz|ts|z", "s"),
        ("w", "v"),
        ("[jy]", "i"),
        # "ю" is ju, yu or iu, "ё" is jo or e, and German leaves the first sound of "Jelzin" to be guessed.
        ("ie|io", "e"),
        ("ae", "a"),
        ("oe", "o"),
        ("ue", "u"),
        (r"(.)\1+", r"\1"),
        ("i?[eo]f{1,2}$|i?[eo]v$", "ev"),
        ("i?[eo]va$", "eva"),
        ("(?<=[^aeiou])er$", "r"),
        ("i+$", "i"),
    )
)
_WRITTEN = re.compile("[a-zа-яіїєґј]{4,}")
"""Only names in letters we can hear, and long enough to be told apart by their sound."""


@lru_cache(maxsize=20_000)
def sound(word: str) -> str:
    """The one spelling of a folded word by its sound; empty where it has none that would tell it from others."""
    if not _WRITTEN.fullmatch(word):
        return ""
    heard = word.translate(_CYRILLIC)
    for pattern, to in _STEPS:
        heard = pattern.sub(to, heard)
    return heard.lower() if len(heard) >= 3 else ""


def distance(one: str, other: str, most: int) -> int:
    """How many letters must be put in, left out, changed or swapped with the next; `most + 1` where it is more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, facing in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != facing))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == facing:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
