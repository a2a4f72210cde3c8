"""What people may change about their own account: how the tracker speaks to them, when and of what it reminds them."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from tracker.actions.users import problems_with
from tracker.domain.events import EventType, changes
from tracker.errors import FieldProblem, InvalidInput, NotFound
from tracker.i18n import N_
from tracker.store import accounts, twins
from tracker.store.unit_of_work import Database, Unit

_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_NO_TIME = N_("“{value}” is not a time of day. Write one like 08:00.")
_BOTH = N_("Quiet hours need a beginning and an end, or neither.")
_NO_HOURS = N_("Quiet hours from {value} to {value} would be none, or all day. Take another end.")
_NO_TWIN = N_("There is no twin city “{value}”.")


@dataclass(frozen=True)
class Preferences:
    """As they are typed: times of day are texts such as "08:00", no quiet hours two empty ones.

    `follows` are the slugs of twins; none at all are all of them.
    """

    name: str
    language: str
    timezone: str
    reminders_by_mail: bool
    remind_at: str = "08:00"
    quiet_from: str = ""
    quiet_until: str = ""
    single_mails: bool = False
    tasks_by_mail: bool = False
    follows: tuple[str, ...] = ()


def preferences(database: Database, user_id: int) -> Preferences:
    """How they stand now. Raises `NotFound`."""
    with database.reading() as session:
        user = session.get(accounts.UserRow, user_id)
        if user is None:
            raise NotFound(N_("There is no such account."))
        return _as_typed(user, accounts.follows(session, [user_id]).get(user_id, frozenset()))


def save_preferences(database: Database, user_id: int, wanted: Preferences, actor: str, now: dt.datetime) -> None:
    """Change what a person may change about themselves. Raises `InvalidInput` with every field that cannot be."""
    with database.unit(actor, now) as unit:
        user = unit.session.get(accounts.UserRow, user_id, with_for_update=True)
        if user is None:
            raise NotFound(N_("There is no such account."))
        times = _checked(unit, wanted)
        followed = accounts.follows(unit.session, [user_id]).get(user_id, frozenset())
        before = _told(_as_typed(user, followed))
        user.name, user.language, user.timezone = wanted.name.strip(), wanted.language, wanted.timezone
        user.reminders_by_mail = wanted.reminders_by_mail
        user.single_mails, user.tasks_by_mail = wanted.single_mails, wanted.tasks_by_mail
        user.remind_at, user.quiet_from, user.quiet_until = times
        if followed != frozenset(wanted.follows):
            accounts.follow(unit.session, user_id, wanted.follows)
            user.follows_since = now
        # The name stands in no event, so that forgetting a person does not mean rewriting the log.
        told = changes(before, _told(_as_typed(user, frozenset(wanted.follows))))
        unit.append(EventType.USER_REVISED, f"user:{user.id}", {"changed": ["preferences"], **told})


def _checked(unit: Unit, wanted: Preferences) -> tuple[int, int | None, int | None]:
    problems = problems_with(wanted.language, wanted.timezone)
    remind_at = _minutes("remind_at", wanted.remind_at, problems)
    quiet_from = _minutes("quiet_from", wanted.quiet_from, problems) if wanted.quiet_from else None
    quiet_until = _minutes("quiet_until", wanted.quiet_until, problems) if wanted.quiet_until else None
    if bool(wanted.quiet_from) != bool(wanted.quiet_until):
        missing = "quiet_until" if wanted.quiet_from else "quiet_from"
        problems.append(FieldProblem(missing, "", _BOTH))
    elif quiet_from is not None and quiet_from == quiet_until:
        problems.append(FieldProblem("quiet_until", wanted.quiet_until, _NO_HOURS))
    known = twins.load_all(unit.session)
    problems += [FieldProblem("follows", slug, _NO_TWIN) for slug in wanted.follows if slug not in known]
    if problems:
        raise InvalidInput(problems)
    return remind_at or 0, quiet_from, quiet_until


def _minutes(field: str, text: str, problems: list[FieldProblem]) -> int | None:
    """Minutes after midnight; a text that is no time of day is added to the problems."""
    match = _TIME.fullmatch(text.strip())
    if match is None:
        problems.append(FieldProblem(field, text, _NO_TIME))
        return None
    return int(match[1]) * 60 + int(match[2])


def _as_typed(user: accounts.UserRow, follows: frozenset[str]) -> Preferences:
    return Preferences(
        name=user.name,
        language=user.language,
        timezone=user.timezone,
        reminders_by_mail=user.reminders_by_mail,
        remind_at=_text(user.remind_at),
        quiet_from=_text(user.quiet_from),
        quiet_until=_text(user.quiet_until),
        single_mails=user.single_mails,
        tasks_by_mail=user.tasks_by_mail,
        follows=tuple(sorted(follows)),
    )


def _text(minutes: int | None) -> str:
    return "" if minutes is None else f"{minutes // 60:02}:{minutes % 60:02}"


def _told(stand: Preferences) -> dict[str, Any]:
    return {name: value for name, value in vars(stand).items() if name != "name"} | {"follows": list(stand.follows)}
