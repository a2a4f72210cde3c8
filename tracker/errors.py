"""Every error the tracker raises on purpose.

    TrackerError
    ├── InvalidInput     what somebody gave us is wrong: one FieldProblem per fault       (CLI exit 2, HTTP 422)
    ├── NotFound         there is no such thing                                           (CLI exit 2, HTTP 404)
    ├── Conflict         somebody was faster: the version in hand is not the current one  (CLI exit 2, HTTP 409/412)
    ├── Forbidden        the person may not do this                                       (HTTP 403)
    ├── Misconfigured    a setting is missing or wrong                                    (CLI exit 1)
    └── GatewayError     a foreign system failed; `permanent` says whether trying again can help

Errors carry fields; the text is made from them in the reader's language by `message(language)`. Imports `i18n` only.
"""

import dataclasses
from collections.abc import Mapping, Sequence

from tracker.i18n import DEFAULT_LANGUAGE, gettext


@dataclasses.dataclass(frozen=True)
class FieldProblem:
    """One fault in outside data: which field, what stood there, and a sentence saying what would be right.

    `field` is the outside name, with dots and indexes for nested values (`counts.0.value`). `reason` is an English
    message id (marked with `N_`) that may use `{value}` and the keys of `values`; a value that is itself a tuple of
    words is joined with commas.
    """

    field: str
    value: object
    reason: str
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)

    def message(self, language: str = DEFAULT_LANGUAGE) -> str:
        shown = {key: ", ".join(map(str, v)) if isinstance(v, tuple) else v for key, v in self.values.items()}
        return gettext(language, self.reason, **{"value": self.value, **shown})


class TrackerError(Exception):
    """Base of all errors raised on purpose. `reason` is a message id like that of a `FieldProblem`."""

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.values = values

    def message(self, language: str = DEFAULT_LANGUAGE) -> str:
        return gettext(language, self.reason, **self.values)

    def __str__(self) -> str:
        return self.message()


class InvalidInput(TrackerError):
    """Outside data that cannot become a command; lists every fault found, not just the first."""

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        super().__init__("; ".join(p.reason for p in problems))
        self.problems = tuple(problems)

    def message(self, language: str = DEFAULT_LANGUAGE) -> str:
        return " ".join(f"{p.field}: {p.message(language)}" for p in self.problems)

    @classmethod
    def one(cls, field: str, value: object, reason: str, **values: object) -> "InvalidInput":
        return cls([FieldProblem(field, value, reason, values)])


class NotFound(TrackerError):
    """There is no such thing (or nobody may know that there is)."""


class Conflict(TrackerError):
    """The change was made against a version that is no longer current; `current` is the version in the store."""

    def __init__(self, reason: str, *, current: int | None = None, **values: object) -> None:
        super().__init__(reason, **values)
        self.current = current


class Forbidden(TrackerError):
    """The person is known but may not do this. `field`: what of their input is in the way, where it is one field."""

    def __init__(self, reason: str, *, field: str = "", **values: object) -> None:
        super().__init__(reason, **values)
        self.field = field


class Misconfigured(TrackerError):
    """A setting is missing or wrong; the message names it."""


class GatewayError(TrackerError):
    """A foreign system failed. `permanent`: trying the same again cannot help.

    `whole`: nothing that was sent is to blame, the system itself is away or does not let us in, so whatever else waits
    for it need not be tried now. `perhaps_taken`: it broke off after all was handed over, before it said what it did.
    """

    def __init__(
        self, reason: str, *, permanent: bool, whole: bool = False, perhaps_taken: bool = False, **values: object
    ) -> None:
        super().__init__(reason, **values)
        self.permanent = permanent
        self.whole = whole
        self.perhaps_taken = perhaps_taken
