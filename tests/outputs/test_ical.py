# ruff: noqa: DTZ001 - entries carry wall times
"""Calendar bytes: golden files, what a foreign parser reads back, and the known problems of calendar programs.

The numbers in names such as `test_problem_7_…` count the problems that subscribers of such feeds have reported of
Google, Outlook, Apple, Android and Home Assistant.
"""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from tracker.domain.calendars import AccessClass, CalendarHead, Entry, EntryStatus
from tracker.outputs.ical import alarm_head, join_calendar, render_entry, with_alarms

GOLDEN = Path(__file__).parent / "calendars"
STAMP = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

ANNIVERSARY = Entry(
    uid="7d0f3c6e-8f0e-4f5b-9f51-3a0c9b1d2e44",
    sequence=3,
    stamp=STAMP,
    created=datetime(2025, 11, 14, 8, 15, tzinfo=UTC),
    summary="38. Jahrestag der Städtepartnerschaft mit Köln, geschlossen am 28. November 1988",
    description="Abkommen: in Kraft; amtliche Kontakte: ruhen.\nVerein: aktiv.",
    start=date(2026, 11, 28),
    end=date(2026, 11, 28),
    language="de",
    location="Köln",
    url="https://tracker.example/occasions/7",
    categories=("Jahrestag", "Köln"),
    color="firebrick",
    transparent=True,
    geo=(50.9375, 6.9603),
)
RECEPTION = Entry(
    uid="0f4c1f0a-26a1-4a0c-8d5e-5b1f6f7f9c10",
    sequence=5,
    stamp=datetime(2018, 10, 20, 7, 0, tzinfo=UTC),
    summary="Отменено: приём делегации",
    start=datetime(2018, 10, 28, 18, 0),
    end=datetime(2018, 10, 28, 20, 30),
    timezone="Europe/Volgograd",
    language="ru",
    color="royalblue",
    status=EntryStatus.CANCELLED,
    access_class=AccessClass.PRIVATE,
    related_to="7d0f3c6e-8f0e-4f5b-9f51-3a0c9b1d2e44",
)
HEAD = CalendarHead(
    name="Wolgograd und Köln",
    language="de",
    description="Was war und was kommt",
    url="https://tracker.example/twins/cologne",
    stamp=STAMP,
)


def an_entry(**changes: Any) -> Entry:
    plain: dict[str, Any] = {
        "uid": "0b5c",
        "sequence": 0,
        "stamp": STAMP,
        "summary": "Besuch",
        "start": date(2026, 5, 8),
        "end": None,
        "language": "de",
    }
    return Entry(**(plain | changes))


def read(rendered: bytes) -> Any:
    """The entry as icalendar reads it."""
    return Event.from_ical(rendered)


def a_calendar(*entries: Entry, head: CalendarHead = HEAD) -> bytes:
    zones = {entry.timezone for entry in entries if entry.timezone}
    return join_calendar(head, map(render_entry, entries), zones)


def lines(rendered: bytes) -> list[str]:
    """The content lines, unfolded."""
    return rendered.decode().replace("\r\n ", "").split("\r\n")


# --- the whole of it -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("entry", "name"), [(ANNIVERSARY, "anniversary_de"), (RECEPTION, "reception_ru_cancelled")])
def test_an_entry_reads_as_its_golden_file(entry: Entry, name: str) -> None:
    assert render_entry(entry) == (GOLDEN / f"{name}.ics").read_bytes()


def test_a_calendar_is_its_head_its_zones_and_its_entries_joined() -> None:
    assert a_calendar(ANNIVERSARY, RECEPTION) == (GOLDEN / "calendar_de.ics").read_bytes()


def test_a_foreign_parser_finds_what_went_in() -> None:
    calendar: Any = Calendar.from_ical(a_calendar(ANNIVERSARY, RECEPTION))
    anniversary, reception = calendar.walk("VEVENT")

    assert calendar.errors == anniversary.errors == reception.errors == []
    assert calendar["NAME"] == calendar["X-WR-CALNAME"] == "Wolgograd und Köln"
    assert calendar["REFRESH-INTERVAL"].dt == timedelta(hours=6)
    assert anniversary["SUMMARY"] == ANNIVERSARY.summary
    assert anniversary["SUMMARY"].params["LANGUAGE"] == "de"
    assert anniversary["DESCRIPTION"] == ANNIVERSARY.description
    assert (anniversary["DTSTART"].dt, anniversary["DTEND"].dt) == (date(2026, 11, 28), date(2026, 11, 29))
    assert anniversary.categories == ["Jahrestag", "Köln"]
    assert (anniversary["GEO"].latitude, anniversary["GEO"].longitude) == (50.9375, 6.9603)
    assert reception["DTSTART"].dt == datetime(2018, 10, 28, 18, 0, tzinfo=ZoneInfo("Europe/Volgograd"))
    assert reception["DTSTART"].dt.astimezone(UTC) == datetime(2018, 10, 28, 14, 0, tzinfo=UTC)  # +04 since that day
    assert reception["RELATED-TO"] == ANNIVERSARY.uid
    assert reception["CLASS"] == "PRIVATE"


def test_a_calendar_without_entries_still_reads() -> None:
    calendar: Any = Calendar.from_ical(a_calendar())

    assert calendar.errors == []
    assert calendar.subcomponents == []


def test_the_same_values_give_the_same_bytes_and_another_order_of_zones_too() -> None:
    entries = [render_entry(ANNIVERSARY), render_entry(RECEPTION)]

    one = join_calendar(HEAD, entries, ["Europe/Volgograd", "Europe/Berlin"])
    other = join_calendar(HEAD, iter(entries), ("Europe/Berlin", "Europe/Volgograd", "Europe/Berlin"))

    assert one == other


def test_the_address_of_the_calendar_is_told_only_where_it_is_given() -> None:
    told = CalendarHead(name="n", language="en", source="https://tracker.example/feeds/public.ics")

    assert "SOURCE;VALUE=URI:https://tracker.example/feeds/public.ics" in lines(a_calendar(head=told))
    assert b"SOURCE" not in a_calendar()


# --- problems that subscribers reported ------------------------------------------------------------------------------


def test_problem_2_a_changed_entry_says_when_and_how_often_it_changed() -> None:
    event = lines(render_entry(ANNIVERSARY))

    assert "SEQUENCE:3" in event
    assert "DTSTAMP:20260301T120000Z" in event
    assert "LAST-MODIFIED:20260301T120000Z" in event
    assert "UID:7d0f3c6e-8f0e-4f5b-9f51-3a0c9b1d2e44" in event


def test_problem_5_each_zone_named_is_told_once_with_yearly_rules() -> None:
    visit = an_entry(start=datetime(2026, 3, 29, 10, 0), timezone="Europe/Berlin")

    body = a_calendar(visit, visit, RECEPTION)

    assert [line for line in lines(body) if line.startswith("TZID:")] == [
        "TZID:Europe/Berlin",
        "TZID:Europe/Volgograd",
    ]
    assert b"RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU" in body
    assert b"RDATE" not in body


def test_problem_5_a_calendar_with_older_times_tells_the_zone_from_then_on() -> None:
    signing = an_entry(start=datetime(1988, 11, 28, 11, 0), timezone="Europe/Berlin")

    body = join_calendar(HEAD, [render_entry(signing)], ["Europe/Berlin"], first_year=1988)

    assert b"DTSTART:19870329T020000" in body


def test_problem_6_no_time_floats() -> None:
    berlin = an_entry(start=datetime(2026, 5, 8, 10, 0), end=datetime(2026, 5, 8, 11, 0), timezone="Europe/Berlin")
    utc = an_entry(start=datetime(2026, 5, 8, 10, 0), timezone="UTC")

    assert "DTSTART;TZID=Europe/Berlin:20260508T100000" in lines(render_entry(berlin))
    assert "DTEND;TZID=Europe/Berlin:20260508T110000" in lines(render_entry(berlin))
    assert "DTSTART:20260508T100000Z" in lines(render_entry(utc))
    assert b"VTIMEZONE" not in a_calendar(utc)


@pytest.mark.parametrize(
    ("zone", "shown", "instant"),
    [
        ("Europe/Berlin", datetime(2026, 10, 25, 2, 30), "20261025T003000Z"),  # shown twice: the first is meant
        ("Europe/Berlin", datetime(2026, 3, 29, 2, 30), "20260329T013000Z"),  # never shown: an hour later it is 3:30
        ("Europe/Volgograd", datetime(2020, 12, 27, 1, 30), "20201226T213000Z"),
    ],
)
def test_problem_6_what_a_clock_shows_twice_or_never_is_told_as_an_instant(
    zone: str, shown: datetime, instant: str
) -> None:
    assert f"DTSTART:{instant}" in lines(render_entry(an_entry(start=shown, timezone=zone)))


def test_problem_7_a_day_ends_on_the_day_after() -> None:
    one_day = lines(render_entry(an_entry(start=date(2024, 2, 29))))
    festival = lines(render_entry(an_entry(start=date(2026, 12, 30), end=date(2026, 12, 31), transparent=True)))

    assert {"DTSTART;VALUE=DATE:20240229", "DTEND;VALUE=DATE:20240301"} <= set(one_day)
    assert {"DTSTART;VALUE=DATE:20261230", "DTEND;VALUE=DATE:20270101"} <= set(festival)
    assert "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE" in festival
    assert "TRANSP:TRANSPARENT" in festival


def test_problem_7_a_time_is_no_whole_day_and_its_end_never_its_start() -> None:
    moment = datetime(2026, 5, 8, 10, 0)

    rendered = render_entry(an_entry(start=moment, end=moment, timezone="Europe/Berlin"))

    assert b"ALLDAYEVENT" not in rendered
    assert b"DTEND" not in rendered


def test_problem_8_a_cancelled_entry_stays_and_says_so() -> None:
    event = lines(a_calendar(RECEPTION))

    assert "STATUS:CANCELLED" in event
    assert "SUMMARY;LANGUAGE=ru:Отменено: приём делегации" in event


def ringing(entry: Entry, *minutes: int) -> bytes:
    return with_alarms(render_entry(entry), alarm_head(entry), minutes, timed=not entry.all_day)


def test_problem_14_an_alarm_is_shown_with_a_text_and_only_where_somebody_wants_it() -> None:
    timed = read(ringing(an_entry(start=datetime(2026, 5, 3, 10), end=None, timezone="Europe/Berlin"), 1440, 60))

    assert [alarm["TRIGGER"].dt for alarm in timed.walk("VALARM")] == [-timedelta(days=1), -timedelta(hours=1)]
    assert {str(alarm["ACTION"]) for alarm in timed.walk("VALARM")} == {"DISPLAY"}
    assert b"VALARM" not in render_entry(an_entry())


def test_the_alarm_of_a_whole_day_rings_at_nine_in_the_morning() -> None:
    event = read(ringing(an_entry(), 7 * 1440, 1440, 60))

    midnight = datetime(2026, 5, 8)
    rung = [midnight + alarm["TRIGGER"].dt for alarm in event.walk("VALARM")]
    assert rung == [datetime(2026, 5, 1, 9), datetime(2026, 5, 7, 9), datetime(2026, 5, 8, 9)]


def test_problem_15_an_alarm_has_its_description_even_where_the_entry_has_none() -> None:
    rendered = lines(ringing(an_entry(summary=""), 1440))

    assert "DESCRIPTION;LANGUAGE=de:0b5c" in rendered


def test_problem_15_the_refresh_interval_says_that_it_is_a_duration() -> None:
    head = lines(a_calendar())

    assert "REFRESH-INTERVAL;VALUE=DURATION:PT6H" in head
    assert "X-PUBLISHED-TTL:PT6H" in head


def test_problem_15_every_line_ends_in_crlf_and_none_is_empty() -> None:
    body = a_calendar(ANNIVERSARY, RECEPTION)

    assert body.endswith(b"END:VCALENDAR\r\n")
    assert body.count(b"\r") == body.count(b"\n") == body.count(b"\r\n")
    assert b"\r\n\r\n" not in body


def test_problem_16_lines_are_folded_by_octets_and_never_inside_a_letter() -> None:
    body = render_entry(an_entry(summary="Встреча " * 60, description="会議🕊" * 200))

    for line in body.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()  # a letter cut in two would not decode


def test_problem_17_color_is_a_word_and_only_apple_gets_the_number() -> None:
    body = lines(a_calendar(ANNIVERSARY))

    assert [line for line in body if "COLOR" in line] == [
        "COLOR:darkslateblue",
        "X-APPLE-CALENDAR-COLOR:#483D8B",
        "COLOR:firebrick",
    ]


def test_problem_18_no_entry_repeats_by_rule_not_even_one_of_1944() -> None:
    old = render_entry(an_entry(start=date(1944, 6, 6)))

    assert b"DTSTART;VALUE=DATE:19440606" in old
    assert b"RRULE" not in old


# --- texts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "مهرجان بورسعيد، ١٩٦٢",
        "சென்னை நட்பு நகரம்",
        "Երևանի պատվիրակություն",
        "広島市、平和祈念式典",
        "👩‍👩‍👧‍👦🕊️🇦🇲",
        "a;b,c\\d:e\"f'g",
        r"C:\New\nach\;unten\\N",
        " Leerzeichen am Rand ",
        "x" * 10_000,
        "Ж" * 10_000,
        "",
    ],
)
def test_texts_of_all_our_languages_come_back_as_they_were(text: str) -> None:
    event = read(render_entry(an_entry(summary=text, description=text, location=text, categories=(text, "b"))))

    assert event["SUMMARY"] == text
    assert event.get("DESCRIPTION", "") == text
    assert event.get("LOCATION", "") == text
    assert event.categories == [text, "b"]


def test_a_title_stands_on_one_line_and_other_texts_keep_theirs() -> None:
    text = "Zeile 1\r\nZeile 2\n"

    event = read(render_entry(an_entry(summary=text, description=text)))

    assert event["SUMMARY"] == "Zeile 1 Zeile 2 "
    assert event["DESCRIPTION"] == "Zeile 1\nZeile 2\n"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("CRLF\r\nim Titel", "CRLF\nim Titel"),
        ("CR\rallein", "CR\nallein"),
        ("NEL\x85LS\u2028PS\u2029VT\vFF\f", "NEL\nLS\nPS\nVT\nFF\n"),
        ("a\x00b\x07c\x1bd\x1ee\x7ff\x9fg", "abcdefg"),
        ("halbes \ud83d Zeichen", "halbes  Zeichen"),
        ("Tab\tbleibt", "Tab\tbleibt"),
        ("X\r\nEND:VEVENT\r\nATTACH:https://evil.example", "X\nEND:VEVENT\nATTACH:https://evil.example"),
    ],
)
def test_what_would_break_a_line_becomes_a_line_break_of_the_text_and_other_controls_go(text: str, clean: str) -> None:
    rendered = render_entry(an_entry(summary=text, location=text, uid="u" + text))

    assert read(rendered)["SUMMARY"] == clean.replace("\n", " ")
    assert read(rendered)["LOCATION"] == clean
    assert len(rendered.decode().splitlines()) == rendered.count(b"\r\n")


@given(
    text=st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], include_characters="\n\t"), max_size=400)
)
@example(text="\\N")
@example(text="\\\\n;\\,")
@example(text=" " * 200)
def test_any_text_comes_back_in_short_lines_and_the_same_bytes_twice(text: str) -> None:
    entry = an_entry(summary=text, description=text, categories=(text,))

    rendered = ringing(entry, 1440)

    assert read(rendered)["SUMMARY"] == text.replace("\n", " ")
    assert read(rendered).get("DESCRIPTION", "") == text
    assert max(map(len, rendered.split(b"\r\n"))) <= 75
    assert ringing(entry, 1440) == rendered


@given(text=st.text(st.characters(exclude_categories=[]), max_size=60))
def test_nothing_that_anybody_types_ends_a_line_or_the_entry(text: str) -> None:
    entry = an_entry(summary=text, description=text, location=text, url=f"https://a.example/{text}", categories=(text,))

    rendered = render_entry(entry)

    assert rendered.count(b"\n") == rendered.count(b"\r\n") == len(rendered.decode().splitlines())
    assert rendered.count(b"\r\nEND:") == 1
    assert read(rendered).errors == []


def test_an_address_is_written_in_ascii_and_an_escaped_one_stays() -> None:
    rendered = lines(render_entry(an_entry(url=" https://tracker.example/город?q=a%20b&x=1, 2#ü\r\n")))

    url = "https://tracker.example/%D0%B3%D0%BE%D1%80%D0%BE%D0%B4?q=a%20b&x=1,%202#%C3%BC"
    assert f"URL:{url}" in rendered


def test_a_position_is_written_in_plain_decimals() -> None:
    assert "GEO:-0.000010;151.000000" in lines(render_entry(an_entry(geo=(-0.00001, 151.0))))


def test_an_unknown_zone_stops_the_entry_and_not_the_calendar() -> None:
    with pytest.raises(ZoneInfoNotFoundError):
        render_entry(an_entry(start=datetime(2026, 5, 8, 10, 0), timezone="Europe/Stalingrad"))
