"""A house with every kind of activity, its parts, an anniversary, something cancelled, and titles of many scripts.

Beside each activity stands what a program is to read of it, written from what staff typed and not from what came out.
"""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from tests.calendars import COLOGNE, COVENTRY, choice, put_twin, record, revise, settle, subscribed
from tests.clients.feed import Read
from tracker.bootstrap import Tracker
from tracker.domain.activities import Activity
from tracker.store import event_log

# The process that serves the house loads the registry, which has a Cologne and a Coventry of its own.
TWINS = [COLOGNE | {"slug": "our-cologne", "timezone": "Europe/Berlin"}, COVENTRY | {"slug": "our-coventry"}]
LONG = "Встреча друзей " * 600


@dataclass(frozen=True)
class Part:
    """What a program is to read of a part: under which key, the title, the first moment, and the first moment after."""

    key: str
    summary: str
    start: str
    end: str
    zone: str | None = None


@dataclass(frozen=True)
class Typed:
    """What staff type, and what a program is to read of it."""

    fields: dict[str, Any]
    summary: str
    start: str
    end: str
    zone: str | None = None
    status: str = "CONFIRMED"
    parts: tuple[Part, ...] = ()


def _typed(title: str, start: str, read: tuple[str, str], *, summary: str = "", **fields: Any) -> Typed:
    told = {name: fields.pop(name) for name in ("zone", "entry_status", "parts") if name in fields}
    return Typed(
        {"title": {"en": title}, "start": start, "twins": ["our-cologne"], **fields},
        summary or title,
        *read,
        zone=told.get("zone"),
        status=told.get("entry_status", "CONFIRMED"),
        parts=told.get("parts", ()),
    )


_BERLIN = {"timezone": "Europe/Berlin", "zone": "Europe/Berlin"}
_VOLGOGRAD = {"timezone": "Europe/Volgograd", "zone": "Europe/Volgograd"}

ACTIVITIES = [
    _typed(
        "Visit of the mayor", "2027-05-03T18:00", ("2027-05-03T15:00:00Z", "2027-05-03T17:30:00Z"), **_VOLGOGRAD,
        end="2027-05-03T20:30", kind="delegation", twins=["our-cologne", "our-coventry"],
        details={
            "programme": [
                {"id": "tea", "start": "2027-05-04T10:00", "end": "2027-05-04T11:30", "title": "Tea; at the town hall"},
                {"id": "wreath", "start": "2027-05-05", "title": "Wreath on the hill", "place": "Мамаев курган"},
            ]
        },
        parts=(
            Part(
                "programme-tea", "Tea; at the town hall", "2027-05-04T07:00:00Z", "2027-05-04T08:30:00Z",
                "Europe/Volgograd",
            ),
            Part("programme-wreath", "Wreath on the hill", "2027-05-05", "2027-05-06"),
        ),
    ),
    _typed(
        "Pupils’ exchange", "2027-10-30", ("2027-10-30", "2027-11-08"), kind="exchange", end="2027-11-07",
        # Off by Cologne's clock, which goes back that night; there by Volgograd's, as a ticket has it.
        details={
            "legs": [
                {
                    "id": "there", "way": "outward", "start": "2027-10-30T22:00", "end": "2027-10-31T06:00",
                    "origin": "Köln", "destination": "Volgograd", "means": "train",
                }
            ]
        },
        parts=(
            Part(
                "leg-there", "Outward journey: Cologne – Volgograd (train)", "2027-10-30T20:00:00Z",
                "2027-10-31T03:00:00Z", "Europe/Berlin",
            ),
        ),
        place="Köln", leaders=[{"name": "Анна; Иванова", "office": "School №1, “Gymnasium”"}],
    ),
    _typed(
        "Medicines: 2 lorries", "2027-02-28", ("2027-02-28", "2027-03-01"), kind="aid_shipment", twins=["our-coventry"],
        details={"stages": [{"stage": "dispatched", "on": "2027-02-20"}]},
        parts=(Part("stage-dispatched", "Dispatched: Medicines: 2 lorries", "2027-02-20", "2027-02-21"),),
    ),
    _typed(
        "مهرجان الصداقة", "2027-12-30", ("2027-12-30", "2028-01-02"), kind="festival", end="2028-01-01",
        status="planned", entry_status="TENTATIVE",
    ),
    _typed(
        "நட்பு ஒப்பந்தம்", "1988-11-28", ("1988-11-28", "1988-11-29"), kind="milestone", status="held",
        details={"ends": "2028-11-28"},
        parts=(Part("ends", "Runs out: நட்பு ஒப்பந்தம்", "2028-11-28", "2028-11-29"),),
    ),
    _typed(
        "Concert", "2027-06-05", ("2027-06-05", "2027-06-06"), status="cancelled", reason="No visa",
        summary="Cancelled: Concert", entry_status="CANCELLED",
    ),
    _typed(
        "Choir", "2027-06-06", ("2027-06-06", "2027-06-07"), status="postponed", summary="Postponed: Choir",
        entry_status="TENTATIVE",
    ),
    _typed("🕊️ Peace 👩‍👩‍👧‍👦", "2027-06", ("2027-06-01", "2027-06-02"), summary="🕊️ Peace 👩‍👩‍👧‍👦 (day unknown)"),
    _typed("Two\r\nlines", "2027-07-01", ("2027-07-01", "2027-07-02"), summary="Two lines"),
    _typed("a;b,c:d\\e \"f\" 'g'", "2027-07-02", ("2027-07-02", "2027-07-03"), description={"en": "1\\n2\r\n3;4,5"}),
    _typed(LONG, "2027-07-03", ("2027-07-03", "2027-07-04"), summary=LONG.strip(), description={"en": LONG}),
    # The last hour before Germany's clocks go back, and the same wall time after Russia's went forward for good.
    _typed(
        "Night train", "2026-10-25T01:30", ("2026-10-24T23:30:00Z", "2026-10-25T05:00:00Z"), **_BERLIN,
        end="2026-10-25T06:00",
    ),
    _typed(
        "Tea", "2018-10-28T03:00", ("2018-10-27T23:00:00Z", "2018-10-28T01:00:00Z"), **_VOLGOGRAD,
        end="2018-10-28T05:00", status="held",
    ),
    _typed(
        "Tea again", "2020-12-27T02:00", ("2020-12-26T23:00:00Z", "2020-12-27T01:00:00Z"), **_VOLGOGRAD,
        end="2020-12-27T04:00", status="held",
    ),
]  # fmt: skip


class House:
    """A filled installation and the secret address of all that everybody may see."""

    def __init__(self, tracker: Tracker) -> None:
        self.tracker = tracker
        for twin in TWINS:
            put_twin(tracker, twin)
        self.activities = [(record(tracker, **typed.fields), typed) for typed in ACTIVITIES]
        settle(tracker)
        self.token = subscribed(tracker, choice("our-cologne", "our-coventry", occasions=("twinning",)))
        settle(tracker)

    def expected(self, year: int) -> list[Read]:
        """What every program is to read, when it is `year`."""
        own = [read for activity, typed in self.activities for read in self._reads(activity, typed)]
        return own + [_anniversary(come) for come in range(year - 1, year + 4)]

    def put_off_the_visit(self) -> Read:
        """The mayor comes a day later than planned; what a program is to read from now on."""
        activity, typed = self.activities[0]
        moved = {name: _a_day_later(getattr(activity, name)) for name in ("start", "end")}
        typed = replace(typed, start=_a_day_later(typed.start), end=_a_day_later(typed.end))
        self.activities[0] = revise(self.tracker, activity, **moved), typed
        settle(self.tracker)
        return self._reads(*self.activities[0])[0]

    def _reads(self, activity: Activity, typed: Typed) -> list[Read]:
        """Of the activity and its parts, which are counted with it."""
        with self.tracker.database.reading() as session:
            told = [event.position for event in event_log.history(session, f"activity:{activity.id}")]
        sequence = told[-1] - told[0]
        uid = f"{activity.id}@tracker"
        itself = Read(uid, typed.summary, typed.start, typed.end, typed.zone, typed.status, sequence, None)
        return [itself] + [
            Read(
                f"{activity.id}-{part.key}@tracker",
                part.summary,
                part.start,
                part.end,
                part.zone,
                typed.status,
                sequence,
                uid,
            )
            for part in typed.parts
        ]


def _a_day_later(time: str | None) -> str:
    assert time
    moved = dt.datetime.fromisoformat(time.removesuffix("Z")) + dt.timedelta(days=1)
    return moved.isoformat(timespec="seconds") + "Z" * time.endswith("Z")


def _anniversary(year: int) -> Read:
    """Of the twinning with Cologne, signed on 28 November 1988; official contacts rest since 3 March 2022."""
    number = year - 1988
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    told = "official contacts resting since 3 March 2022"
    day = dt.date(year, 11, 28)
    return Read(
        f"founding:our-cologne:{year}@tracker",
        f"{number}{ending} anniversary of the twinning Cologne – Volgograd ({told})",
        str(day),
        str(day + dt.timedelta(days=1)),
        status="CONFIRMED",
        sequence=0,
    )
