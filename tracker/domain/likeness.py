"""Whether two activities are perhaps one that was logged twice: the same twin, near dates, titles that sound alike.

Titles are compared across scripts: what is left of a word after folding, transliterating and dropping what spellings
differ in (`koventri` for Coventry and Ковентри). Dates are compared as exactly as they are known: 1960 may be the same
as 1960-05, while two known days lie near only within a few days. Pure.
"""

import datetime as dt
import re
from collections.abc import Collection, Mapping
from difflib import SequenceMatcher
from functools import lru_cache

from tracker.domain.activities import ActivityContent
from tracker.domain.search import fold

NEAR = dt.timedelta(days=3)
"""How far two known days may lie apart: people note the day of arrival or the day of the feast."""

_MONTH, _YEAR, _LONG = 31, 366, 93
_CYRILLIC = dict(
    zip("абвгдезийклмнопрстуфыэ", "abvgdezijklmnoprstufye", strict=True),
    ж="zh", х="h", ц="z", ч="ch", ш="sh", щ="sh", ю="u", я="a", ъ="", ь="",
)  # fmt: skip
_TO_LATIN = str.maketrans(_CYRILLIC)
# What one language writes so and another otherwise, for one sound; longer ones first.
_SOUNDS = (
    ("tsch", "ch"), ("sch", "sh"), ("shch", "sh"), ("ck", "k"), ("ph", "f"), ("th", "t"), ("qu", "kv"), ("ts", "z"),
    ("tz", "z"), ("kh", "h"), ("x", "ks"), ("c", "k"), ("w", "v"), ("y", "i"), ("j", "i"), ("q", "k"),
)  # fmt: skip
_IDLE = frozenset(
    word
    for words in (
        "a an and at by for from in into is of on the to with",
        "der die das den dem des ein eine einer eines und im am um zu zum zur von vom mit nach aus bei fur",
        "в во и на с со из к ко по от для о об у",
    )
    for word in words.split()
)  # fmt: skip
_ALIKE = 0.8
_LIKELY = 0.5
_SAME_DAY = 0.3
_STEM = 5


def latin(text: str) -> str:
    """A folded text in Latin letters, Cyrillic as it sounds."""
    return fold(text).translate(_TO_LATIN)


@lru_cache(maxsize=4096)
def sound(word: str) -> str:
    """What is left of a word once spellings that differ between languages are made alike."""
    plain = latin(word)
    for written, heard in _SOUNDS:
        plain = plain.replace(written, heard)
    return re.sub(r"(.)\1", r"\1", plain)


def words_of(title: str, names: Collection[str] = ()) -> tuple[str, ...]:
    """The words of a title that say something, as they sound. `names` of cities say nothing where all share them."""
    known = {part for name in names for part in fold(name).replace("-", " ").split()}
    plain = [word for word in re.findall(r"\w+", fold(title)) if word not in _IDLE]
    telling = [word for word in plain if word not in known]
    return tuple(dict.fromkeys(sound(word) for word in telling or plain))


def likeness(one: Mapping[str, str], other: Mapping[str, str], names: Collection[str] = ()) -> float:
    """How alike two titles are, from 0 to 1: the best of all their languages."""
    pairs = ((words_of(a, names), words_of(b, names)) for a in one.values() for b in other.values())
    return max((_overlap(a, b) for a, b in pairs), default=0.0)


def near(one: ActivityContent, other: ActivityContent) -> bool:
    """Whether both may have been at one time."""
    (a, b), (c, d) = _span(one), _span(other)
    if a is None or b is None or c is None or d is None:
        return False
    apart = NEAR if max(b - a, d - c).days <= _MONTH else dt.timedelta(0)
    return a - apart <= d and c - apart <= b


def is_double(one: ActivityContent, other: ActivityContent, names: Collection[str] = ()) -> bool:
    """Whether somebody should look before both are kept. The less is known of the dates, the more titles must say."""
    if not set(one.twins) & set(other.twins) or not near(one, other):
        return False
    wide = max((last - first).days for first, last in (_span(one), _span(other)) if first and last)
    needed = _LIKELY if wide <= _MONTH else 0.6 if wide <= _YEAR else 0.75
    if one.kind == other.kind and one.start_date.exact_day and one.start_date.exact_day == other.start_date.exact_day:
        needed = _SAME_DAY
    return likeness(one.title, other.title, names) >= needed + (0 if one.kind == other.kind else 0.2)


def window(content: ActivityContent) -> tuple[dt.date, dt.date] | None:
    """The first and last day of whatever may be its double; None where nothing is known of its time."""
    first, last = _span(content)
    return (first - NEAR, last + NEAR) if first and last else None


def _span(content: ActivityContent) -> tuple[dt.date | None, dt.date | None]:
    """What goes on for months is compared by its beginning: it is no double of all that happens meanwhile."""
    start = content.start_date.ends[0] or content.start_date
    first, last = content.earliest, content.latest
    if first and last and (last - first).days <= _LONG:
        return first, last
    return start.earliest, start.latest


def _overlap(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """The share of the shorter title's words that the longer one has too."""
    few, many = sorted((one, other), key=len)
    if not few:
        return 0.0
    return sum(any(_same(a, b) for b in many) for a in few) / max(len(few), (len(few) + len(many)) / 3)


def _same(one: str, other: str) -> bool:
    if one == other or (min(len(one), len(other)) >= _STEM and one[:_STEM] == other[:_STEM]):
        return True
    return min(len(one), len(other)) >= _STEM - 1 and SequenceMatcher(None, one, other).ratio() >= _ALIKE
