"""A late change as a mail: people read what changed, and calendar programs take over the entry they already have."""

import dataclasses
import datetime as dt
from email import message_from_bytes, policy
from email.message import EmailMessage

import icalendar
import pytest
from ical.calendar_stream import IcsCalendarStream

from tracker.domain.calendars import Entry, EntryStatus
from tracker.outputs.ical import alarm_head, render_entry, with_alarms
from tracker.outputs.imip import Change, Told, message, read, words_for
from tracker.outputs.mail import Letterhead, compose, letter_of, payload_of, write

HEAD = Letterhead("https://tracker.example", "verein@tracker.example", "secret")
WRITTEN = dt.datetime(2026, 12, 3, 12, tzinfo=dt.UTC)
ANNA = "anna.maria+calendar@a-rather-long-domain-of-an-association.example.org"


def at(clock: str) -> dt.datetime:
    """A time on the wall."""
    return dt.datetime.fromisoformat(f"2026-12-04T{clock}")


CONCERT = Entry(
    uid="7b0f6d1e-0000-4000-8000-000000000001@tracker",
    sequence=3,
    stamp=WRITTEN,
    summary="Konzert; mit Gästen, „draußen“",
    description="Eine Zeile\nund noch eine: mit Doppelpunkt",
    start=at("18:00"),
    end=at("20:30"),
    timezone="Europe/Berlin",
    location="Gürzenich, Köln",
    language="de",
    url="https://tracker.example/activities/7",
)
RUSSIAN = dataclasses.replace(
    CONCERT,
    summary="Концерт детского хора города-героя Волгограда в большом зале кёльнской филармонии",
    location="Кёльн",
    language="ru",
)
FESTIVAL = dataclasses.replace(
    CONCERT, summary="Fest", start=dt.date(2026, 12, 4), end=dt.date(2026, 12, 6), timezone=None, location=""
)


def changed(before: Entry | None, after: Entry) -> Change:
    return Change(
        before=render_entry(before) if before else None,
        after=render_entry(after),
        language=after.language,
        calendar="Köln",
        calendar_url="https://tracker.example/subscriptions/9",
    )


def later(entry: Entry, **fields: object) -> Entry:
    return dataclasses.replace(entry, sequence=entry.sequence + 1, **fields)  # type: ignore[arg-type]  # of any field


def cancelled(entry: Entry) -> Entry:
    return later(entry, status=EntryStatus.CANCELLED, summary=f"Abgesagt: {entry.summary}")


def sent(change: Change) -> EmailMessage:
    """The mail as it is read at the other end."""
    letter = write(words_for(change), HEAD, key="change:1", user_id=3, to=ANNA, name="Анна")
    letter = dataclasses.replace(letter, method=change.method, calendar=message(change, HEAD.sender, ANNA))
    data = compose(letter_of(payload_of(letter)), WRITTEN)
    read_back = message_from_bytes(data, policy=policy.default)
    assert isinstance(read_back, EmailMessage)
    return read_back


def calendar_part(mail: EmailMessage) -> EmailMessage:
    (found,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert isinstance(found, EmailMessage)
    return found


def in_calendar(mail: EmailMessage) -> icalendar.Calendar:
    return icalendar.Calendar.from_ical(calendar_part(mail).get_content())


def text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


MOVED = [
    changed(CONCERT, later(CONCERT, start=at("19:00"))),
    changed(RUSSIAN, later(RUSSIAN, start=at("19:00"))),
    changed(FESTIVAL, later(FESTIVAL, end=dt.date(2026, 12, 5))),
    changed(None, CONCERT),
    changed(CONCERT, cancelled(CONCERT)),
]


@pytest.mark.parametrize("change", MOVED)
def test_the_mail_has_the_parts_that_programs_look_for(change: Change) -> None:
    mail = sent(change)

    assert mail.get_content_type() == "multipart/mixed"
    readings, attached = mail.iter_parts()
    assert [part.get_content_type() for part in readings.iter_parts()] == ["text/plain", "text/html", "text/calendar"]
    entry = calendar_part(mail)
    assert (entry.get_param("method"), entry.get_param("component")) == (change.method, "VEVENT")
    assert entry.get_content_charset() == "utf-8"
    assert (attached.get_content_type(), attached.get_filename()) == ("application/ics", "invite.ics")
    assert attached.get_payload(decode=True) == entry.get_payload(decode=True)


@pytest.mark.parametrize("change", MOVED)
def test_the_entry_is_the_calendars_own_with_two_people_put_in(change: Change) -> None:
    (entry,) = in_calendar(sent(change)).walk("VEVENT")
    (stored,) = icalendar.Calendar.from_ical(b"BEGIN:VCALENDAR\r\n" + change.after + b"END:VCALENDAR\r\n").walk(
        "VEVENT"
    )

    people = ("ORGANIZER", "ATTENDEE")
    kept = [(name, str(value)) for name, value in entry.property_items() if name not in people]
    assert kept == [(name, str(value)) for name, value in stored.property_items(recursive=False)]
    assert str(entry["ORGANIZER"]) == "mailto:verein@tracker.example"
    assert str(entry["ATTENDEE"]) == f"mailto:{ANNA}"
    assert dict(entry["ATTENDEE"].params) == {
        "CUTYPE": "INDIVIDUAL",
        "ROLE": "REQ-PARTICIPANT",
        "PARTSTAT": "NEEDS-ACTION",
        "RSVP": "FALSE",
    }


@pytest.mark.parametrize("change", MOVED)
def test_another_program_reads_the_same(change: Change) -> None:
    calendar = IcsCalendarStream.calendar_from_ics(calendar_part(sent(change)).get_content())

    (entry,) = calendar.events
    told = read(change.after)
    assert entry.uid == CONCERT.uid
    assert entry.sequence == int(change.after.split(b"SEQUENCE:")[1].split(b"\r\n")[0])
    assert (entry.summary or "").split() == told.title.split()
    assert entry.start_datetime.astimezone(dt.UTC) == told.begins.astimezone(dt.UTC) or not told.zone
    assert entry.organizer is not None


def test_a_zone_comes_with_its_rules_and_days_need_none() -> None:
    timed, days = in_calendar(sent(MOVED[0])), in_calendar(sent(MOVED[2]))

    assert [str(zone["TZID"]) for zone in timed.walk("VTIMEZONE")] == ["Europe/Berlin"]
    assert days.walk("VTIMEZONE") == []


def test_nothing_that_rings_goes_by_mail() -> None:
    head = alarm_head(CONCERT)
    ringing = with_alarms(render_entry(CONCERT), head, (60,), timed=True)

    mail = sent(dataclasses.replace(MOVED[3], after=ringing))

    assert b"BEGIN:VALARM" in ringing
    assert in_calendar(mail).walk("VALARM") == []


def test_every_line_fits_and_ends_as_it_should() -> None:
    for change in MOVED:
        lines = calendar_part(sent(change)).get_payload(decode=True).split(b"\r\n")  # type: ignore[union-attr]  # never a list

        assert max(map(len, lines)) <= 75
        assert not any(b"\n" in line or b"\r" in line for line in lines)


@pytest.mark.parametrize(
    ("change", "subject", "lines"),
    [
        (
            MOVED[0],
            "Changed: Konzert; mit Gästen, „draußen“ – Friday, 4 December 2026, 19:00–20:30 (Berlin time)",
            [
                "When: Friday, 4 December 2026, 19:00–20:30 (Berlin time)",
                "Until now: Friday, 4 December 2026, 18:00–20:30 (Berlin time)",
                "Place: Gürzenich, Köln",
            ],
        ),
        (
            MOVED[2],
            "Changed: Fest – Friday, 4 December 2026 – Saturday, 5 December 2026",
            [
                "When: Friday, 4 December 2026 – Saturday, 5 December 2026",
                "Until now: Friday, 4 December 2026 – Sunday, 6 December 2026",
            ],
        ),
        (
            MOVED[3],
            "New: Konzert; mit Gästen, „draußen“ – Friday, 4 December 2026, 18:00–20:30 (Berlin time)",
            ["This is new in your calendar, and it is soon."],
        ),
        (
            MOVED[4],
            "Abgesagt: Konzert; mit Gästen, „draußen“ – Friday, 4 December 2026, 18:00–20:30 (Berlin time)",
            ["This does not take place as it stands in your calendar."],
        ),
    ],
)
def test_people_read_what_has_changed(change: Change, subject: str, lines: list[str]) -> None:
    mail = sent(dataclasses.replace(change, language="en"))

    assert mail["Subject"] == subject
    for line in lines:
        assert line in text(mail).splitlines()
    assert "https://tracker.example/subscriptions/9" in text(mail)
    assert "https://tracker.example/activities/7" in text(mail)


def test_a_place_that_is_gone_is_told_too() -> None:
    mail = sent(dataclasses.replace(changed(CONCERT, later(CONCERT, location="")), language="en"))

    lines = text(mail).splitlines()
    assert lines[lines.index("Place: –") + 1] == "Until now: Gürzenich, Köln"


def test_a_long_russian_subject_arrives_word_for_word() -> None:
    assert RUSSIAN.summary in sent(MOVED[1])["Subject"]


def test_every_try_sends_the_same_bytes() -> None:
    assert sent(MOVED[0]).as_bytes() == sent(MOVED[0]).as_bytes()


@pytest.mark.parametrize(
    ("before", "after", "worth"),
    [
        (CONCERT, later(CONCERT, description="A word mended"), False),
        (CONCERT, later(CONCERT), False),
        (CONCERT, later(CONCERT, url=""), False),
        (CONCERT, later(CONCERT, location="Philharmonie"), True),
        (CONCERT, later(CONCERT, summary="Lesung"), True),
        (CONCERT, later(CONCERT, timezone="Europe/Volgograd"), True),
        (CONCERT, cancelled(CONCERT), True),
        (cancelled(CONCERT), later(cancelled(CONCERT), location="Philharmonie"), False),
        (None, CONCERT, True),
        (None, cancelled(CONCERT), False),
        (None, dataclasses.replace(FESTIVAL, summary="Fest (Tag unbekannt)"), False),
    ],
)
def test_only_what_would_lead_people_astray_is_worth_a_mail(before: Entry | None, after: Entry, worth: bool) -> None:
    assert changed(before, after).is_weighty is worth


def test_an_entry_is_read_as_it_was_meant() -> None:
    assert read(render_entry(CONCERT)) == Told(
        title="Konzert; mit Gästen, „draußen“",
        place="Gürzenich, Köln",
        url="https://tracker.example/activities/7",
        zone="Europe/Berlin",
        start=at("18:00"),
        last=at("20:30"),
        cancelled=False,
    )
    assert read(render_entry(FESTIVAL)).begins == dt.datetime(2026, 12, 3, 21, tzinfo=dt.UTC)  # midnight in Volgograd
