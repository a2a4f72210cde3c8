# ruff: noqa: DTZ001 - wall times are what is tested
"""Our VTIMEZONEs against the zone data itself, read back by two foreign parsers."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from dateutil.tz import tzical
from icalendar import Calendar, Timezone

from tracker.outputs.ical_zones import vtimezone

GOLDEN = Path(__file__).parent / "calendars"
CITIES = csv.DictReader(files("tracker.data").joinpath("twin_cities.csv").read_text("utf-8").splitlines())
ZONES = sorted(
    {city["tz"] for city in CITIES}
    | {"Europe/Volgograd", "Europe/Dublin", "Asia/Jerusalem", "Africa/Casablanca", "America/Sao_Paulo"}
    | {"Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Auckland"}
)


def instants(first_year: int, last_year: int) -> list[datetime]:
    """Every 61 hours: all hours of the day, all days of the year."""
    begin, end = datetime(first_year, 1, 1, tzinfo=UTC), datetime(last_year, 12, 30, tzinfo=UTC)
    return [begin + n * timedelta(hours=61) for n in range((end - begin) // timedelta(hours=61))]


def offset(zone: tzinfo, wall: datetime) -> timedelta | None:
    return wall.replace(tzinfo=zone).utcoffset()


def disagreements(zone: tzinfo, tzid: str, first_year: int, last_year: int) -> list[str]:
    """Wall times that only the zone data and this reading of our bytes understand differently.

    Wall times that occur twice or never are left out: there the two parsers do not agree with one another either.
    """
    truth = ZoneInfo(tzid)
    walls = [instant.astimezone(truth).replace(tzinfo=None) for instant in instants(first_year, last_year)]
    return [
        f"{wall}: {offset(zone, wall)}, not {offset(truth, wall)}"
        for wall in walls
        if offset(truth, wall) == offset(truth, wall.replace(fold=1)) and offset(zone, wall) != offset(truth, wall)
    ]


def by_dateutil(block: bytes) -> tzinfo:
    zone = tzical(io.StringIO(block.decode())).get()
    assert zone is not None
    return zone


def by_icalendar(block: bytes) -> tzinfo:
    parsed = Timezone.from_ical(block)
    assert isinstance(parsed, Timezone)
    # Under a made-up name, or icalendar answers from its own data and not from our block.
    parsed["TZID"] = "made-up"
    zone: tzinfo = parsed.to_tz(lookup_tzid=False)
    return zone


def blocks(tzid: str) -> list[Any]:
    """The STANDARD and DAYLIGHT blocks, in order."""
    return list(Timezone.from_ical(vtimezone(tzid)).subcomponents)


@pytest.mark.parametrize("tzid", ZONES)
def test_dateutil_reads_the_same_offsets_as_the_zone_data(tzid: str) -> None:
    assert disagreements(by_dateutil(vtimezone(tzid)), tzid, 2015, 2040) == []


@pytest.mark.parametrize("tzid", ZONES)
def test_icalendar_reads_the_same_offsets_as_the_zone_data(tzid: str) -> None:
    assert disagreements(by_icalendar(vtimezone(tzid)), tzid, 2015, 2037) == []


@pytest.mark.parametrize("tzid", ["Europe/Berlin", "Europe/Volgograd", "Europe/London", "Asia/Yerevan"])
def test_old_times_are_right_when_the_zone_begins_with_them(tzid: str) -> None:
    assert disagreements(by_dateutil(vtimezone(tzid, 1944)), tzid, 1944, 2030) == []


@pytest.mark.parametrize(
    ("tzid", "wall", "hours"),
    [
        ("Europe/Volgograd", datetime(2018, 10, 28, 1, 59), 3),
        ("Europe/Volgograd", datetime(2018, 10, 28, 3, 0), 4),
        ("Europe/Volgograd", datetime(2020, 12, 27, 0, 59), 4),
        ("Europe/Volgograd", datetime(2020, 12, 27, 2, 0), 3),
        ("Europe/Volgograd", datetime(2035, 7, 1, 12, 0), 3),
        ("Europe/Berlin", datetime(2026, 3, 29, 1, 59), 1),
        ("Europe/Berlin", datetime(2026, 3, 29, 3, 30), 2),  # 01:30Z, which icalendar's own generator reads as +01
        ("Europe/Berlin", datetime(2026, 10, 25, 3, 0), 1),
        ("Africa/Cairo", datetime(2022, 7, 1, 12, 0), 2),  # no summer time from 2015 to 2022
        ("Africa/Cairo", datetime(2024, 10, 31, 22, 59), 3),  # the last Thursday of October, until 24:00
        ("Africa/Cairo", datetime(2024, 11, 1, 0, 0), 2),
        ("Africa/Cairo", datetime(2026, 10, 29, 22, 59), 3),
        ("Africa/Cairo", datetime(2026, 10, 30, 0, 0), 2),
        ("Africa/Cairo", datetime(2026, 4, 24, 1, 0), 3),
        ("America/New_York", datetime(2026, 3, 8, 3, 0), -4),
        ("Europe/Istanbul", datetime(2016, 1, 15, 12, 0), 2),
        ("Europe/Istanbul", datetime(2016, 12, 15, 12, 0), 3),
        ("Europe/Simferopol", datetime(2026, 7, 1, 12, 0), 3),
        ("Asia/Kolkata", datetime(2026, 7, 1, 12, 0), 5.5),
        ("Asia/Tokyo", datetime(2026, 7, 1, 12, 0), 9),
        ("Asia/Yerevan", datetime(2026, 7, 1, 12, 0), 4),
    ],
)
def test_known_hours_around_known_changes(tzid: str, wall: datetime, hours: float) -> None:
    block = vtimezone(tzid)

    assert offset(by_dateutil(block), wall) == timedelta(hours=hours)
    assert offset(by_icalendar(block), wall) == timedelta(hours=hours)


@pytest.mark.parametrize("tzid", ["Europe/Berlin", "Europe/Volgograd", "Africa/Cairo"])
def test_the_block_reads_as_the_golden_file(tzid: str) -> None:
    golden = (GOLDEN / f"zone_{tzid.split('/')[1].lower()}.ics").read_bytes()

    assert vtimezone(tzid) == golden


def test_a_block_does_not_change_when_the_oldest_of_the_newer_times_goes() -> None:
    assert vtimezone("Africa/Cairo", 2060) == vtimezone("Africa/Cairo", 2024) == vtimezone("Africa/Cairo")


def test_problem_5_outlook_gets_yearly_rules_and_never_a_list_of_dates() -> None:
    berlin = vtimezone("Europe/Berlin").decode()

    assert re.findall("RRULE:(.*)\r", berlin) == [
        "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
        "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    ]
    assert not [tzid for tzid in ZONES if b"RDATE" in vtimezone(tzid)]


def test_a_law_that_ended_ends_its_rule_with_that_year() -> None:
    yerevan = vtimezone("Asia/Yerevan", 2005).decode().replace("\r\n ", "")

    # Armenia put its clocks forward for the last time on 27 March 2011.
    assert re.findall("RRULE:(.*)\r", yerevan)[0] == "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU;UNTIL=20111231T235959Z"


def test_summer_is_daylight_and_winter_standard_even_where_the_data_says_it_reversed() -> None:
    hours = {block.name: block["TZOFFSETTO"].td for block in blocks("Europe/Dublin")}

    assert hours == {"STANDARD": timedelta(0), "DAYLIGHT": timedelta(hours=1)}


def test_a_clock_that_stayed_on_summer_time_is_standard_from_then_on() -> None:
    last = blocks("Europe/Istanbul")[-1]

    assert (last.name, last["DTSTART"].dt.date(), last["TZOFFSETTO"].td) == (
        "STANDARD",
        date(2016, 9, 7),
        timedelta(hours=3),
    )


@pytest.mark.parametrize("tzid", ZONES)
def test_a_zone_has_crlf_short_lines_and_a_standard_time(tzid: str) -> None:
    block = vtimezone(tzid)

    assert block.endswith(b"END:VTIMEZONE\r\n")
    assert block.count(b"\n") == block.count(b"\r\n")
    assert max(map(len, block.split(b"\r\n"))) <= 75
    assert b"BEGIN:STANDARD" in block
    assert Calendar.from_ical(b"BEGIN:VCALENDAR\r\n" + block + b"END:VCALENDAR\r\n").errors == []


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(ZoneInfoNotFoundError):
        vtimezone("Europe/Stalingrad")
