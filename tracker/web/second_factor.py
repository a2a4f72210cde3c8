"""Codes of an app and recovery codes: made and checked here, since only here is the key to them.

The secret an app shares with us is kept encrypted, and recovery codes as keyed hashes, both under keys derived from
SECRET_KEY: a copy of the database alone opens nothing. (Codes: RFC 6238, by libpass.)
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from passlib.exc import TokenError
from passlib.totp import TOTP

from tracker.actions import second_factors
from tracker.bootstrap import Tracker, secret_key
from tracker.domain.logins import RECOVERY_CODES, Way, plain_code
from tracker.outputs import qr
from tracker.store import logins, organisation

_WINDOW = 30
"""Seconds by which a telephone's clock may be wrong, either way."""
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Of recovery codes: none that is taken for another one."""


@dataclass(frozen=True)
class Shown:
    """What somebody needs to tell their app: a picture to scan, the key in groups to type, the address to open."""

    picture: str
    key: str
    uri: str


class Codes:
    """The codes of one installation."""

    def __init__(self, tracker: Tracker) -> None:
        self._tracker = tracker
        key = secret_key(tracker.settings).encode()
        self._recovery_key = hmac.digest(key, b"recovery codes", "sha256")
        self._totp = TOTP.using(secrets={"1": hmac.digest(key, b"second factors", "sha256").hex()})

    def new_secret(self) -> str:
        """A secret, encrypted: so it may lie in a cookie until an app has shown that it knows it."""
        return str(self._totp.new().to_json(encrypt=True))

    def shown(self, secret: str, email: str, label: str) -> Shown:
        with self._tracker.database.reading() as session:
            house = organisation.current(session).name(self._tracker.settings.languages[0]) or "tracker"
        known = self._totp.from_source(secret)
        uri = known.to_uri(email, house.replace(":", " "))  # an app reads the name up to a colon
        return Shown(qr.svg(uri, label), known.pretty_key(sep=" "), uri)

    def counter(self, secret: str, typed: str, last: int | None = None) -> int | None:
        """The counter of a code that is right now and later than the `last` one; None for any other."""
        try:
            at = self._tracker.clock().timestamp()
            match = self._totp.verify(plain_code(typed), secret, time=at, window=_WINDOW, last_counter=last)
        except TokenError:
            return None
        return int(match.counter)

    def new_recovery(self) -> list[str]:
        """Codes to be shown once, such as "x7kqp-m2v8d": 49 random bits, and few guesses a day."""
        made = ("".join(secrets.choice(_LETTERS) for _ in range(10)) for _ in range(RECOVERY_CODES))
        return [f"{code[:5]}-{code[5:]}" for code in made]

    def hashed(self, recovery: str) -> str:
        return hmac.new(self._recovery_key, plain_code(recovery).encode(), hashlib.sha256).hexdigest()

    def way_by(self, user_id: int, typed: str) -> Way | None:
        """By which kind of code somebody has come in, and that code is spent; None where it is none of theirs."""
        tracker = self._tracker
        with tracker.database.reading() as session:
            row = session.get(logins.SecondFactorRow, user_id)
        if row is None:
            return None
        counter = self.counter(row.secret, typed, row.counter)
        if counter is not None:
            taken = second_factors.take_code(tracker.database, user_id, counter, tracker.clock())
            return Way.CODE if taken else None
        hash_ = self.hashed(typed)
        if hash_ not in row.recovery:
            return None
        taken = second_factors.take_recovery(tracker.database, user_id, hash_, tracker.clock(), tracker.letterhead)
        return Way.RECOVERY if taken else None
