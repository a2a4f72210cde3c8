"""Calendar files as programs write them, and as they arrive damaged: what is read, what is said, what is refused."""

import datetime as dt

import pytest

from tracker.intake.ical import MOST_TIMES, read_calendar
from tracker.intake.ical_entries import CalendarFile, FileEntry
from tracker.intake.problems import InvalidCalendar

TODAY = dt.date(2026, 10, 1)


def calendar(*entries: str, head: str = "VERSION:2.0\nPRODID:-//Test//EN") -> bytes:
    """A calendar of entries given by their lines; UID and SUMMARY are added where missing."""
    blocks = []
    for number, lines in enumerate(entries, start=1):
        usual = [line for line in (f"UID:{number}@example.org", "SUMMARY:Visit") if line.partition(":")[0] not in lines]
        blocks.append("\n".join(["BEGIN:VEVENT", *usual, lines, "END:VEVENT"]))
    return "\n".join(["BEGIN:VCALENDAR", head, *blocks, "END:VCALENDAR", ""]).replace("\n", "\r\n").encode()


def read(data: bytes, zone: str = "Europe/Berlin") -> CalendarFile:
    return read_calendar("visits.ics", data, TODAY, zone, "Europe/Volgograd")


def one(lines: str) -> FileEntry:
    [entry] = read(calendar(lines)).entries
    return entry


def refused(data: bytes) -> list[tuple[int | None, str | None, object]]:
    with pytest.raises(InvalidCalendar) as caught:
        read(data)
    return [(p.row, p.column, p.value) for p in caught.value.problems]


@pytest.mark.parametrize(
    ("lines", "start", "end", "zone"),
    [
        ("DTSTART;VALUE=DATE:20261128", "2026-11-28", None, None),
        ("DTSTART;VALUE=DATE:20261128\nDTEND;VALUE=DATE:20261129", "2026-11-28", None, None),
        ("DTSTART;VALUE=DATE:20261128\nDTEND;VALUE=DATE:20261201", "2026-11-28", "2026-11-30", None),
        ("DTSTART;VALUE=DATE:20261128\nDTEND;VALUE=DATE:20261128", "2026-11-28", None, None),
        ("DTSTART;VALUE=DATE:20261128\nDURATION:P3D", "2026-11-28", "2026-11-30", None),
        (
            "DTSTART;TZID=Europe/Berlin:20261128T180000\nDTEND;TZID=Europe/Berlin:20261128T193000",
            "2026-11-28T18:00",
            "2026-11-28T19:30",
            "Europe/Berlin",
        ),
        (
            "DTSTART;TZID=W. Europe Standard Time:20261128T180000\nDURATION:PT90M",
            "2026-11-28T18:00",
            "2026-11-28T19:30",
            "Europe/Berlin",
        ),
        (
            "DTSTART;TZID=/mozilla.org/20050126_1/Europe/Moscow:20261128T180000",
            "2026-11-28T18:00",
            None,
            "Europe/Moscow",
        ),
        # Volgograd is three hours ahead of UTC; Berlin in winter one.
        (
            "DTSTART:20261128T180000Z\nDTEND:20261128T220000Z",
            "2026-11-28T21:00",
            "2026-11-29T01:00",
            "Europe/Volgograd",
        ),
        (
            "DTSTART;TZID=Europe/Berlin:20261128T180000\nDTEND;TZID=Europe/Volgograd:20261128T230000",
            "2026-11-28T18:00",
            "2026-11-28T21:00",
            "Europe/Berlin",
        ),
    ],
)
def test_days_and_times_are_read_as_they_are_meant(lines: str, start: str, end: str | None, zone: str | None) -> None:
    entry = one(lines)

    assert (entry.start, entry.end, entry.zone) == (start, end, zone)


def test_a_time_without_a_zone_is_one_of_the_chosen_zone_and_that_is_said() -> None:
    file = read(calendar("DTSTART:20261128T180000"), zone="Asia/Tokyo")

    [entry], [remark] = file.entries, file.remarks
    assert (entry.start, entry.zone) == ("2026-11-28T18:00", "Asia/Tokyo")
    assert "Asia/Tokyo" in remark.message("en")


def test_texts_come_with_the_language_they_are_marked_with() -> None:
    entry = one(
        "DTSTART:20261128\nSUMMARY;LANGUAGE=de-DE:Ein Fest\\, ein großes\n"
        "DESCRIPTION;LANGUAGE=ru:Праздник\\nв Кёльне\nLOCATION:Köln"
    )

    assert (entry.title, entry.title_language) == ("Ein Fest, ein großes", "de")
    assert (entry.description, entry.description_language) == ("Праздник\nв Кёльне", "ru")
    assert entry.place == "Köln"


def test_a_line_broken_within_a_letter_is_put_together_again() -> None:
    data = calendar("DTSTART:20261128\nSUMMARY:Праздник")
    at = data.index("з".encode()) + 1

    [entry] = read(data[:at] + b"\r\n " + data[at:]).entries

    assert entry.title == "Праздник"


def test_each_time_of_a_repeating_entry_is_an_entry_and_changed_ones_are_as_changed() -> None:
    weekly = "UID:choir\nDTSTART;TZID=Europe/Berlin:20261020T190000\nDURATION:PT2H\nRRULE:FREQ=WEEKLY;COUNT=4\n"
    moved = "UID:choir\nRECURRENCE-ID;TZID=Europe/Berlin:20261027T190000\n"
    file = read(
        calendar(
            weekly + "EXDATE;TZID=Europe/Berlin:20261103T190000",
            moved + "DTSTART;TZID=Europe/Berlin:20261028T200000\nSUMMARY:Moved",
        )
    )

    assert [(e.number, e.start, e.end, e.title) for e in file.entries] == [
        (1, "2026-10-20T19:00", "2026-10-20T21:00", "Visit"),
        (2, "2026-10-28T20:00", None, "Moved"),
        (1, "2026-11-10T19:00", "2026-11-10T21:00", "Visit"),  # winter time, and 19:00 all the same
    ]
    assert [e.recurrence for e in file.entries] == ["20261020T170000Z", "20261027T180000Z", "20261110T180000Z"]


def test_repetitions_reach_from_a_year_ago_to_two_years_ahead() -> None:
    file = read(
        calendar("DTSTART;VALUE=DATE:19881128\nRRULE:FREQ=YEARLY", "DTSTART:20200101\nRRULE:FREQ=DAILY;COUNT=3")
    )

    assert [entry.start for entry in file.entries] == ["2025-11-28", "2026-11-28", "2027-11-28"]
    [gone] = file.left_out
    assert (gone.number, "2025" in gone.message("en"), "2028" in gone.message("en")) == (2, True, True)


def test_so_many_times_at_most_are_told_and_that_is_said() -> None:
    file = read(calendar("DTSTART;VALUE=DATE:20200101\nRRULE:FREQ=DAILY"))

    assert len(file.entries) == MOST_TIMES
    assert str(MOST_TIMES) in file.left_out[0].message("en")


def test_persons_and_tasks_stay_outside_and_that_is_said() -> None:
    named = "DTSTART:20261128\nORGANIZER;CN=Erika:mailto:e@example.net\nATTENDEE:mailto:p@example.net"
    task = "BEGIN:VTODO\nUID:t\nSUMMARY:Pay\nEND:VTODO"
    file = read(calendar(named, "DTSTART:20261129", head=f"VERSION:2.0\n{task}"))

    assert len(file.entries) == 2
    assert [remark.n for remark in file.remarks] == [1, 1]
    assert "Erika" not in repr(file)
    assert "example.net" not in repr(file)


def test_alarms_are_not_looked_at() -> None:
    entry = one("SUMMARY:Visit\nDTSTART:20261128\nBEGIN:VALARM\nTRIGGER:whenever\nSUMMARY:Ring\nEND:VALARM")

    assert entry.title == "Visit"


def test_a_calendar_that_calls_off_calls_off_its_entries() -> None:
    file = read(calendar("DTSTART:20261128", head="VERSION:2.0\nMETHOD:CANCEL"))

    assert file.entries[0].status == "CANCELLED"


@pytest.mark.parametrize(
    ("line", "column", "value"),
    [
        ("DTSTART:20261332T100000", "DTSTART", "20261332T100000"),
        ("DTSTART:28.11.2026", "DTSTART", "28.11.2026"),
        ("DTSTART;VALUE=TEXT:soon", "DTSTART", "soon"),
        ("DTSTART:99991231T235900Z", "DTSTART", "99991231T235900Z"),
        ("DTSTART:20261128T180000Z\nDURATION:P1X", "DURATION", "P1X"),
        ("DTSTART:20261128T180000Z\nDURATION:-PT1H", "DURATION", "-PT1H"),
        ("DTSTART:20261128T180000Z\nDTEND;VALUE=DATE:20261129", "DTEND", "20261129"),
        ("DTSTART:20261128T180000Z\nDTEND:20261128T190000Z\nDURATION:PT1H", "DURATION", "PT1H"),
        ("DTSTART;TZID=Middle Earth:20261128T180000", "DTSTART", "Middle Earth"),
        ("DTSTART:20261128\nDTSTART:20261129", "DTSTART", "20261128"),
        ("DTSTART:20261128\nSTATUS:MAYBE", "STATUS", "MAYBE"),
        ("DTSTART:20261128\nRRULE:FREQ=SOMETIMES", "RRULE", "FREQ=SOMETIMES"),
        ("DTSTART:20261128\nRRULE:FREQ=DAILY;INTERVAL=0", "RRULE", "FREQ=DAILY;INTERVAL=0"),
        ("DTSTART:20261128\nRRULE:FREQ=SECONDLY", "RRULE", "FREQ=SECONDLY"),
        ("DTSTART:20261128\nRRULE:FREQ=DAILY;BYMINUTE=1,2", "RRULE", "FREQ=DAILY;BYMINUTE=1,2"),
        ("DTSTART:20261128\nRRULE;VALUE=TEXT:weekly", "RRULE", "weekly"),
        ("DTSTART:20261128\nRECURRENCE-ID:PT1H", "RECURRENCE-ID", "PT1H"),
        ("SUMMARY:No beginning", "DTSTART", ""),
        ("DTSTART:20261128\nUID:", "UID", ""),
        ("DTSTART:20261128\nGEO:here", "GEO", "here"),
    ],
)
def test_a_property_that_cannot_be_is_told_with_its_entry_and_value(line: str, column: str, value: str) -> None:
    assert refused(calendar("DTSTART:20261127", line)) == [(2, column, value)]


def test_an_unknown_zone_is_refused_even_where_the_file_brings_its_rules_along() -> None:
    rules = "BEGIN:VTIMEZONE\nTZID:Own\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0100\n"
    rules += "END:STANDARD\nEND:VTIMEZONE"

    data = calendar("DTSTART;TZID=Own:20261128T180000", head=f"VERSION:2.0\n{rules}")

    assert refused(data) == [(1, "DTSTART", "Own")]


def test_two_entries_of_one_uid_are_told_apart_or_refused() -> None:
    assert refused(calendar("UID:x\nDTSTART:20261128", "UID:x\nDTSTART:20261129")) == [(2, "UID", "x")]


WHOLE = calendar("DTSTART:20261128", "DTSTART:20261129")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "BEGIN:VCALENDAR"),
        (b"id;date_start\n", "BEGIN:VCALENDAR"),
        (b"BEGIN:VCARD\r\nEND:VCARD\r\n", "BEGIN:VCALENDAR"),
        (WHOLE[:-17], "line 13"),
        (WHOLE[: WHOLE.index(b"20261129") + 4] + b"\r\n", "VEVENT"),
        (WHOLE.replace(b"END:VEVENT", b"END:VEVNT", 1), "Line 8"),
        (WHOLE.replace(b"UID:2", b"UID 2"), "Line 10"),
        (WHOLE + b"and more\r\n", "Line 15"),
        (WHOLE + b"X-MORE:1\r\n", "Line 15"),
        (WHOLE.replace(b"VERSION:2.0", b"VERSION:1.0"), "VERSION:2.0"),
        (WHOLE.replace(b"Visit", "Fête".encode("latin-1"), 1), "Line 6"),
    ],
)
def test_a_damaged_file_is_refused_with_the_place_of_the_damage(data: bytes, told: str) -> None:
    with pytest.raises(InvalidCalendar) as caught:
        read(data)

    assert told in caught.value.message("en")
    assert [problem.row for problem in caught.value.problems] == [None]
