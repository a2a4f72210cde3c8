"""How activities become entries: no invented day, the names of the time, the words of the language."""

import datetime as dt
from typing import Any
from uuid import UUID

import pytest

from tracker.domain.activities import Activity, Visibility
from tracker.domain.calendars import AccessClass, Entry, EntryStatus, Selection
from tracker.domain.choices import CalendarChoice, Shown, Stood, may_see
from tracker.domain.entries import (
    Days,
    Numbering,
    activity_entry,
    days_of,
    farewell_entry,
    localized,
    shown,
    uid_of,
)
from tracker.domain.twins import Twin

NOW = dt.datetime(2026, 10, 1, 12, tzinfo=dt.UTC)
DAY = dt.date(2026, 12, 4)
TWINS = {
    "coventry": Twin(slug="coventry", names={"en": "Coventry", "ru": "Ковентри"}, country="GB"),
    "chemnitz": Twin.model_validate(
        {
            "slug": "chemnitz",
            "names": {"en": "Chemnitz"},
            "country": "DE",
            "latitude": 50.8,
            "longitude": 12.9,
            "former_names": [{"names": {"de": "Karl-Marx-Stadt"}, "start": "1953-05-10", "end": "1990-06-01"}],
        }
    ),
}


def activity(**fields: Any) -> Activity:
    base = {
        "kind": "delegation", "status": "held", "title": {"en": "Visit"}, "twins": ["coventry"], "start": "2026-12-04",
        "id": UUID(int=1), "version": 1, "created_at": NOW, "changed_at": NOW,
    }  # fmt: skip
    return Activity.model_validate(base | fields)


def entry(language: str = "en", *, removed: bool = False, **fields: Any) -> Entry | None:
    numbering = Numbering(uid_of(UUID(int=1)), 0, NOW)
    return activity_entry(activity(**fields), TWINS, language, numbering, base_url="https://t.example", removed=removed)


def made(language: str = "en", **fields: Any) -> Entry:
    found = entry(language, **fields)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("1988-11-28", None, Days(dt.date(1988, 11, 28), dt.date(1988, 11, 28))),
        ("2018-06-30", "2018-07-02", Days(dt.date(2018, 6, 30), dt.date(2018, 7, 2))),
        ("2018-06-30/2018-07-02", None, Days(dt.date(2018, 6, 30), dt.date(2018, 7, 2))),
        ("2026-11-06T22:00", "2026-11-07T01:00", Days(dt.date(2026, 11, 6), dt.date(2026, 11, 7))),
        ("1960-05", None, Days(dt.date(1960, 5, 1), dt.date(1960, 5, 1), day_known=False)),
        ("1960-05", "1960-07", Days(dt.date(1960, 5, 1), dt.date(1960, 5, 1), day_known=False)),
        ("1957-10-04~", None, Days(dt.date(1957, 10, 1), dt.date(1957, 10, 1), day_known=False)),
        ("2002-09-01", "..", Days(dt.date(2002, 9, 1), dt.date(2002, 9, 1), begins=True)),
        ("2002-09-01/..", None, Days(dt.date(2002, 9, 1), dt.date(2002, 9, 1), begins=True)),
        ("2002-09-01", "2004", Days(dt.date(2002, 9, 1), dt.date(2002, 9, 1), begins=True)),
        ("1944", None, None),
        ("199X", None, None),
        ("2013-23", None, None),
        ("1960-05?", None, None),
        ("../2002-09-01", None, None),
    ],
)
def test_an_entry_stands_only_where_somebody_knows_it_was(start: str, end: str | None, days: Days | None) -> None:
    assert days_of(start, end) == days


def test_what_has_no_day_is_no_entry() -> None:
    assert entry(start="1944") is None


def test_a_whole_day_tells_nobody_that_they_are_busy_and_a_time_does() -> None:
    day = made(start="2026-12-04", end="2026-12-06")
    time = made(start="2026-12-04T18:00", end="2026-12-04T20:30", timezone="Europe/Volgograd")

    assert (day.start, day.end, day.transparent) == (DAY, dt.date(2026, 12, 6), True)
    assert (time.start, time.end, time.timezone, time.transparent) == (
        dt.datetime(2026, 12, 4, 18),  # noqa: DTZ001 -- on the wall
        dt.datetime(2026, 12, 4, 20, 30),  # noqa: DTZ001 -- wall time on purpose
        "Europe/Volgograd",
        False,
    )


@pytest.mark.parametrize(
    ("language", "title", "when"),
    [
        ("en", "Visit (day unknown)", "May 1960"),
        ("de", "Visit (Tag unbekannt)", "Mai 1960"),
        ("ru", "Visit (день неизвестен)", "май 1960"),
    ],
)
def test_known_to_the_month_it_says_so_in_every_language(language: str, title: str, when: str) -> None:
    shown_as = made(language, start="1960-05")

    assert shown_as.summary == title
    assert shown_as.description.splitlines()[0] == when


def test_what_goes_on_is_shown_as_it_begins() -> None:
    running = made(start="2002-09-01", end="..")

    assert running.summary == "Begins: Visit"
    assert running.description.splitlines()[0] == "since 1 September 2002"


@pytest.mark.parametrize(
    ("status", "expected", "title"),
    [
        ("planned", EntryStatus.TENTATIVE, "Visit"),
        ("confirmed", EntryStatus.CONFIRMED, "Visit"),
        ("held", EntryStatus.CONFIRMED, "Visit"),
        ("postponed", EntryStatus.TENTATIVE, "Verschoben: Visit"),
        ("cancelled", EntryStatus.CANCELLED, "Abgesagt: Visit"),
    ],
)
def test_the_status_is_told_in_the_property_and_in_the_title(status: str, expected: EntryStatus, title: str) -> None:
    shown_as = made("de", status=status, reason="Schnee" if status in ("postponed", "cancelled") else "")

    assert (shown_as.status, shown_as.summary) == (expected, title)
    assert ("Grund: Schnee" in shown_as.description) == (status in ("postponed", "cancelled"))


def test_cities_bear_the_names_of_their_time() -> None:
    before = made("ru", start="1957-05-01", twins=["coventry"], place="Volgograd")
    after = made("ru", start="1962-05-01", twins=["coventry"], place="Stalingrad")

    assert (before.location, after.location) == ("Сталинград", "Волгоград")
    assert "Ковентри – Сталинград" in before.description
    assert before.geo == (48.7080, 44.5133)
    assert made("de", start="1975-05-01", twins=["chemnitz"]).categories == ("Delegation", "Karl-Marx-Stadt")


def test_a_place_that_is_no_city_of_the_record_stays_as_written() -> None:
    shown_as = made(place="Sochi, sea port")

    assert (shown_as.location, shown_as.geo) == ("Sochi, sea port", None)


def test_leaders_and_numbers_are_told_with_their_labels() -> None:
    counts = [
        {"of": "travellers", "value": 1200, "bound": "about", "side": "twin"},
        {"of": "participants", "value": 80, "basis": "registered"},
        {"of": "choirs", "value": 3, "bound": "more_than"},
    ]

    told = made("de", counts=counts, leaders=[{"name": "Harry Stanley", "office": "Lord Mayor"}]).description

    assert told.splitlines() == [
        "Coventry – Wolgograd",
        "Harry Stanley, Lord Mayor",
        "Reisende: etwa 1.200 (Coventry)",
        "Teilnehmende: 80 (angemeldet)",
        "choirs: mehr als 3",
    ]


def test_an_internal_note_is_in_no_entry() -> None:
    assert "bribe" not in repr(made(note="bribe", quantity_note="bribe"))


def test_the_title_falls_back_to_english_and_then_to_the_first_language() -> None:
    assert localized({"ru": "Визит", "en": "Visit"}, "de") == "Visit"
    assert localized({"ru": "Визит", "fr": "Visite"}, "de") == "Visite"
    assert localized({}, "de") == ""


def test_a_borrowed_title_says_which_language_it_is_in() -> None:
    both = made("de", title={"en": "Visit", "de": "Besuch"})
    borrowed = made("de", title={"en": "Visit"})

    assert (both.summary, both.summary_language) == ("Besuch", "de")
    assert (borrowed.summary, borrowed.summary_language, borrowed.language) == ("Visit", "en", "de")


def test_one_in_the_bin_keeps_its_title_only() -> None:
    left = made(removed=True, place="Town hall", leaders=[{"name": "Harry Stanley"}])

    assert (left.status, left.summary) == (EntryStatus.CANCELLED, "Cancelled: Visit")
    assert (left.description, left.location, left.url) == ("", "", "")


def test_what_is_not_public_is_classed_as_private() -> None:
    assert made().access_class is AccessClass.PUBLIC
    assert made(visibility="members").access_class is AccessClass.PRIVATE


@pytest.mark.parametrize("level", list(Visibility))
def test_nobody_sees_the_confidential_in_a_calendar(level: Visibility) -> None:
    assert not may_see(level, Visibility.CONFIDENTIAL)


def test_a_record_whose_past_was_erased_is_no_obstacle() -> None:
    assert shown({}) is None
    assert shown({"start": "2026-12-04"}) is None


def test_the_farewell_stands_on_the_day_the_widest_circle_knew() -> None:
    members = Shown("festival", ("kemi",), Visibility.MEMBERS, dt.date(2026, 12, 6), dt.date(2026, 12, 6))
    public = [Shown("festival", ("kemi",), Visibility.PUBLIC, day, day) for day in (DAY, DAY + dt.timedelta(days=1))]

    left = farewell_entry(tuple(Stood(shown, DAY) for shown in (*public, members)), "ru", Numbering("x", 3, NOW))

    assert (left.start, left.summary, left.status) == (dt.date(2026, 12, 5), "Отменено", EntryStatus.CANCELLED)
    assert (left.description, left.location, left.url, left.categories) == ("", "", "", ())


def test_equal_choices_have_one_key_and_a_state_survives_its_json() -> None:
    one = CalendarChoice(Selection(("kemi", "cologne")))
    state = Shown("festival", ("kemi",), Visibility.MEMBERS, DAY, DAY)

    assert one.key == CalendarChoice(Selection(("cologne", "kemi", "kemi"))).key
    assert one.key != CalendarChoice(Selection(("kemi", "cologne")), Visibility.STAFF).key
    assert Shown.from_json(state.to_json()) == state
