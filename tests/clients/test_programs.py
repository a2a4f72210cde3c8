"""Real calendar programs read our calendars, and each entry must mean to them what it means to us.

Compared is always with what went in, never one program with the other. Where a program misreads what the standard says
plainly and nothing helps, it is told here, with what it reads; that it reads everything else is tested all the same.
"""

import datetime as dt
from dataclasses import asdict
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.clients import feed, programs
from tests.clients.conftest import ServedHouse
from tests.clients.feed import Read
from tests.clients.programs import CALCURSE, KHAL, LIBRARIES, THUNDERBIRD, Program

WANTED = [feed.meant(entry) for entry in feed.ENTRIES]

MISREAD: dict[str, dict[str, dict[str, Any]]] = {
    # It takes the second of two backslashes for the beginning of a line break.
    "node-ical": {"C:\\New\\nach\\;unten\\\\N": {"summary": "C:\\\new\\\nach\\;unten\\\\\n"}},
    # It gives an hour to what has no end; an end equal to the start is forbidden.
    "khal": {"Anruf": {"end": "2026-05-08T09:00:00Z"}},
}


def misread(program: Program, read: list[Read], wanted: list[Read]) -> dict[str, dict[str, Any]]:
    """What differs, by title; what is missing or too many as well."""
    read, wanted = program.told(read), program.told(wanted)
    faults: dict[str, dict[str, Any]] = {}
    for want in wanted:
        if want in read:
            read.remove(want)
            continue
        found = min(read, key=lambda other: len(_differences(want, other)), default=None)
        if found is None or len(_differences(want, found)) > len(program.tells) / 2:
            faults[want.summary] = {"missing": want}
        else:
            read.remove(found)
            faults[want.summary] = _differences(want, found)
    return faults | {f"too many: {extra.summary}": {"read": extra} for extra in read}


def _differences(want: Read, read: Read) -> dict[str, Any]:
    wanted = asdict(want)
    return {name: value for name, value in asdict(read).items() if value != wanted[name]}


def between(first: dt.date, last: dt.date, entries: list[Read]) -> list[Read]:
    return [entry for entry in entries if str(first) <= entry.start[:10] <= str(last)]


@pytest.mark.parametrize("name", LIBRARIES)
def test_a_library_reads_days_times_states_and_texts_as_meant(name: str, calendar: Path, tmp_path: Path) -> None:
    read = programs.read_by_library(name, calendar, tmp_path)

    assert misread(Program(name), read, WANTED) == MISREAD.get(name, {})


@pytest.mark.parametrize("name", LIBRARIES)
def test_a_library_reads_a_whole_house(name: str, house: ServedHouse, tmp_path: Path) -> None:
    calendar = tmp_path / "house.ics"
    calendar.write_bytes(httpx.get(house.url).raise_for_status().content)

    read = programs.read_by_library(name, calendar, tmp_path)

    assert misread(Program(name), read, house.expected()) == {}


def test_calcurse_keeps_every_entry(calendar: Path, tmp_path: Path) -> None:
    assert misread(CALCURSE, programs.read_by_calcurse(calendar, tmp_path), WANTED) == {}


def test_calcurse_keeps_a_whole_house(house: ServedHouse, tmp_path: Path) -> None:
    calendar = tmp_path / "house.ics"
    calendar.write_bytes(httpx.get(house.url).raise_for_status().content)

    assert misread(CALCURSE, programs.read_by_calcurse(calendar, tmp_path), house.expected()) == {}


def test_khal_shows_every_entry_that_vdirsyncer_fetched(plain: str, tmp_path: Path) -> None:
    first, last = dt.date(2026, 3, 1), dt.date(2026, 10, 31)

    read = programs.read_by_khal(plain, tmp_path, first, last)

    assert misread(KHAL, read, between(first, last, WANTED)) == MISREAD["khal"]


def test_khal_follows_a_house(house: ServedHouse, tmp_path: Path) -> None:
    first, last = dt.date(2027, 5, 1), dt.date(2027, 7, 31)
    before = programs.read_by_khal(house.url, tmp_path, first, last)
    then = house.expected()

    house.put_off_the_visit()
    after = programs.read_by_khal(house.url, tmp_path, first, last)

    assert misread(KHAL, before, between(first, last, then)) == {}
    assert misread(KHAL, after, between(first, last, house.expected())) == {}


def test_thunderbird_keeps_every_entry(plain: str, tmp_path: Path) -> None:
    read = programs.read_by_thunderbird(plain, tmp_path, lambda kept: len(kept) >= len(WANTED))

    assert misread(THUNDERBIRD, read, WANTED) == {}


def test_thunderbird_follows_a_house(house: ServedHouse, tmp_path: Path) -> None:
    then = house.expected()
    before = programs.read_by_thunderbird(house.url, tmp_path, lambda kept: len(kept) >= len(then))

    moved = house.put_off_the_visit()
    after = programs.read_by_thunderbird(
        house.url, tmp_path, lambda kept: len(kept) >= len(then) and moved in THUNDERBIRD.told(kept)
    )

    assert misread(THUNDERBIRD, before, then) == {}
    assert misread(THUNDERBIRD, after, house.expected()) == {}
