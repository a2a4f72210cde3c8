"""Logins: how long a session lasts, what a browser is called in words, and how often anybody may guess. Pure.

Guesses are counted in buckets: each guess takes one out, and time puts one back. So nobody is ever locked out for
good, and whoever guesses gets no further than a few tries an hour.
"""

import datetime as dt
import math
import re
from dataclasses import dataclass
from enum import StrEnum

SESSION_LASTS = dt.timedelta(days=30)
"""After this long without a visit a session is over, as is the cookie that stays on the device."""
TOUCH_EVERY = dt.timedelta(minutes=10)
"""How exactly it is kept when something was last used: more would be a row written with every page."""
HALF_LASTS = dt.timedelta(minutes=10)
"""How long somebody who has given their password may look for their second factor."""
FRESH_FOR = dt.timedelta(hours=1)
"""How long after a login its person may change what guards the account; after that the password is asked once more."""
RECOVERY_CODES = 10
LONGEST_NAME = 60


class Way(StrEnum):
    """How somebody came in."""

    PASSWORD = "password"  # noqa: S105 -- a word, no secret
    CODE = "code"
    RECOVERY = "recovery"
    PASSKEY = "passkey"
    PROVIDER = "provider"


@dataclass(frozen=True)
class Bucket:
    """So many guesses at once, and one more after each pause."""

    size: int
    pause: dt.timedelta

    def take(self, left: float, at: dt.datetime, now: dt.datetime) -> tuple[float, int]:
        """What is left after a guess at `now` where `left` were at `at`, and the seconds to wait if there is none."""
        left = min(float(self.size), left + max(0.0, (now - at) / self.pause))
        if left < 1:
            return left, math.ceil((1 - left) * self.pause.total_seconds())
        return left - 1, 0

    @property
    def full_after(self) -> dt.timedelta:
        return self.pause * self.size


_MINUTE = dt.timedelta(minutes=1)

# A whole office stands behind one place, so it may guess more often than one account may be guessed at.
PLACE = Bucket(30, _MINUTE)
ACCOUNT = Bucket(10, 3 * _MINUTE)
# A browser that has been let in before has a bucket of its own: strangers' guesses do not keep its owner out.
DEVICE = Bucket(10, 3 * _MINUTE)
# A code has six digits, and three of a million are right at any moment: at this pace a try in a thousand a day.
CODE = Bucket(6, 5 * _MINUTE)
MAILS_TO = Bucket(3, 30 * _MINUTE)
MAILS_FROM = Bucket(10, 6 * _MINUTE)
FORGOTTEN_AFTER = max(b.full_after for b in (PLACE, ACCOUNT, DEVICE, CODE, MAILS_TO, MAILS_FROM))
"""A bucket that nobody has touched for so long is full again, whichever it is."""

_BROWSERS = (
    ("Edge", r"\bEdgA?/"),
    ("Opera", r"\bOPR/|\bOpera\b"),
    ("Yandex Browser", r"\bYaBrowser/"),
    ("Samsung Internet", r"\bSamsungBrowser/"),
    ("Firefox", r"\bFirefox/|\bFxiOS/"),
    ("Chrome", r"\bChrome/|\bCriOS/|\bHeadlessChrome/"),
    ("Safari", r"\bSafari/"),
)
_SYSTEMS = (
    ("iPhone", r"\biPhone\b"),
    ("iPad", r"\biPad\b"),
    ("Android", r"\bAndroid\b"),
    ("Windows", r"\bWindows\b"),
    ("ChromeOS", r"\bCrOS\b"),
    ("macOS", r"\bMac OS X\b|\bMacintosh\b"),
    ("Linux", r"\bLinux\b"),
)


def device_of(agent: str) -> tuple[str, str]:
    """The browser's family and the system it runs on, each empty where the agent does not say."""
    found = (next((name for name, sign in signs if re.search(sign, agent)), "") for signs in (_BROWSERS, _SYSTEMS))
    return next(found), next(found)


def is_over(used_at: dt.datetime, now: dt.datetime) -> bool:
    return now - used_at >= SESSION_LASTS


def wants_touch(used_at: dt.datetime | None, now: dt.datetime) -> bool:
    return used_at is None or now - used_at >= TOUCH_EVERY


def plain_code(typed: str) -> str:
    """A code as it is compared: people type spaces, dashes and small letters as they like."""
    return re.sub(r"[\s\-–—]", "", typed).lower()
