"""What calendar programs are known to get wrong with subscribed calendars, and that ours spares people each of it.

One test for each problem that subscribers have reported of Google, Outlook, Apple, Android, Nextcloud, Thunderbird and
Home Assistant. Its docstring says what the program does and what cures it; asked is a served address, over HTTP.
"""

import datetime as dt
import gzip
import re
from typing import Any

import pytest
from ical.calendar_stream import IcsCalendarStream

from tests.calendars import COLOGNE, choice, put_twin, record, remove, revise
from tests.clients.addresses import Feed
from tests.web.conftest import Pages, first
from tracker.bootstrap import Tracker
from tracker.domain.choices import CalendarChoice
from tracker.store.subscriptions import SubscriptionRow

GOOGLE = "Mozilla/5.0 (compatible; Google-Calendar-Importer)"
OUTLOOK = "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17328; Pro)"
NO_OCCASIONS: dict[str, Any] = {"occasions": ()}


@pytest.fixture
def mode() -> str:
    """One of the two ways to run is enough: the tests of calendars and of polls go both."""
    return "embedded"


@pytest.fixture
def feed(tracker: Tracker) -> Feed:
    return Feed(tracker)


def test_slow_programs_are_told_how_often_to_ask_and_find_years_ahead(feed: Feed) -> None:
    """Google asks every 8 to 24 hours whatever we say, Nextcloud once a week unless the calendar says otherwise.

    Cure: the interval in both its spellings, and anniversaries of the coming years in the calendar long before.
    """
    address = feed.subscribe()

    told = address.lines()

    assert {"REFRESH-INTERVAL;VALUE=DURATION:PT6H", "X-PUBLISHED-TTL:PT6H"} <= set(told)
    assert "DTSTART;VALUE=DATE:20291128" in told  # it is October 2026


def test_outlook_sees_that_an_entry_has_changed_and_that_its_city_has(feed: Feed) -> None:
    """Outlook, Google and Thunderbird keep the old text when SEQUENCE has not grown or the stamps stand still.

    Cure: SEQUENCE, LAST-MODIFIED and DTSTAMP follow the last change, of the entry and of the city it speaks of.
    """
    visit = record(feed.tracker)
    address = feed.subscribe()
    before = address.entry(visit)

    revise(feed.tracker, visit, title={"en": "Visit of two mayors"})
    revised = address.settled().entry(visit)
    feed.days_later(1)
    put_twin(feed.tracker, COLOGNE | {"names": {"en": "Cologne on the Rhine"}})
    renamed = address.settled().entry(visit)

    assert before["SEQUENCE"] < revised["SEQUENCE"] < renamed["SEQUENCE"]
    for stamp in ("LAST-MODIFIED", "DTSTAMP"):
        assert before[stamp].dt < revised[stamp].dt < renamed[stamp].dt
    assert before["UID"] == revised["UID"] == renamed["UID"]


def test_a_google_that_stays_stale_gets_a_fresh_address(feed: Feed) -> None:
    """Google may show an old time for days although everything about the calendar says that it is new.

    It keeps what it has by address, so the cure is another address of the same calendar; the old one is dead.
    """
    address = feed.subscribe()
    known = address.get().data

    fresh = address.rotated()

    assert fresh.token != address.token
    assert fresh.get().data == known
    assert address.get().status_code == 404


def test_nobody_sees_twice_what_was_renamed_and_moved(feed: Feed) -> None:
    """Programs tell entries by their UID: one made of title or time gives a second entry after each change.

    Cure: the UID is the stored identity of the activity.
    """
    visit = record(feed.tracker)
    address = feed.subscribe(choice("cologne", **NO_OCCASIONS))

    revise(feed.tracker, visit, title={"en": "Something else"}, start="2027-01-15", place="Köln")

    assert list(address.settled().entries()) == [f"{visit.id}@tracker"]


def test_outlook_finds_each_zone_with_its_yearly_rule(feed: Feed) -> None:
    """Outlook shows times an hour off where a zone is not described, or only by a list of single dates.

    Cure: a VTIMEZONE for each TZID that is named, with an RRULE where the clocks go on changing.
    """
    record(feed.tracker, start="2027-05-03T10:00", end="2027-05-03T11:00", timezone="Europe/Berlin")
    record(feed.tracker, start="2027-05-03T10:00", timezone="Europe/Volgograd")

    told = feed.subscribe().lines()

    named = {zone for line in told for zone in re.findall(r"^DT(?:START|END);TZID=([^:]+):", line)}
    described = [line.removeprefix("TZID:") for line in told if line.startswith("TZID:")]
    assert named == {"Europe/Berlin", "Europe/Volgograd"}
    assert described == sorted(named)
    assert {"RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"} <= set(told)
    assert not [line for line in told if line.startswith("RDATE")]


def test_google_gets_no_floating_times(feed: Feed) -> None:
    """Google reads a time without zone as UTC, others as the clock of whoever looks.

    Cure: each start and end is a day, an instant, or a time with its zone. October's doubled hour is an instant.
    """
    for start in ("2027-05-03", "2027-05", "2027-05-03T10:00", "2026-10-25T02:30"):
        record(feed.tracker, start=start, timezone="Europe/Berlin")

    told = feed.subscribe().lines()

    in_entries = told[told.index("BEGIN:VEVENT") :]
    times = [line for line in in_entries if line.startswith(("DTSTART", "DTEND", "DTSTAMP", "LAST-MODIFIED"))]
    assert times
    assert [
        line for line in times if not re.search(r";VALUE=DATE:\d{8}$|;TZID=Europe/Berlin:|:\d{8}T\d{6}Z$", line)
    ] == []


def test_nobody_shows_one_day_as_two_or_as_busy(feed: Feed) -> None:
    """DTEND is the day after: without it, or with the day itself, programs show no day, two, or a bar at midnight.

    Cure: days as DATE, the end exclusive, free time, and Microsoft's own word for it.
    """
    visit = record(feed.tracker, start="2026-12-30", end="2026-12-31")
    address = feed.subscribe()

    entry = address.entry(visit)

    assert (entry["DTSTART"].dt, entry["DTEND"].dt) == (dt.date(2026, 12, 30), dt.date(2027, 1, 1))
    assert (entry["TRANSP"], entry["X-MICROSOFT-CDO-ALLDAYEVENT"]) == ("TRANSPARENT", "TRUE")


def test_what_is_off_stays_for_three_months_and_says_so_in_its_title(feed: Feed) -> None:
    """Google drops what is cancelled, Apple strikes it through, others show it as if it were on; what is simply missing
    stays in some programs for ever.

    Cure: it stays, with STATUS, a higher SEQUENCE, and the word in the title; also when it was removed.
    """
    cancelled, removed = record(feed.tracker), record(feed.tracker, title={"en": "Concert"})
    address = feed.subscribe()
    before = address.entry(cancelled)

    revise(feed.tracker, cancelled, status="cancelled")
    remove(feed.tracker, removed)
    feed.days_later(89)
    after, gone = address.settled().entry(cancelled), address.entry(removed)

    assert (after["STATUS"], after["SUMMARY"]) == ("CANCELLED", "Cancelled: Visit of the mayor")
    assert (gone["STATUS"], gone["SUMMARY"]) == ("CANCELLED", "Cancelled: Concert")
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_nothing_is_downloaded_again_until_something_has_changed(feed: Feed) -> None:
    """Many feeds tell the time of asking in each entry, so that each poll is a full download; others say 304 wrongly.

    Cure: the same bytes on the next day, a strong tag made of them, and the tag wins over the time.
    """
    visit = record(feed.tracker)
    address = feed.subscribe(choice("cologne", **NO_OCCASIONS))
    first = address.get()
    known = {"If_None_Match": first.headers["ETag"], "If_Modified_Since": first.headers["Last-Modified"]}

    feed.days_later(1)
    unchanged = address.settled().get(**known)
    revise(feed.tracker, visit, place="Rathaus")
    changed = address.settled().get(**known)

    assert (unchanged.status_code, unchanged.data) == (304, b"")
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]
    assert not first.headers["ETag"].startswith("W/")
    assert changed.last_modified
    assert first.last_modified
    assert changed.last_modified > first.last_modified


def test_outlook_gets_plain_bytes_and_everybody_else_packed_ones(feed: Feed) -> None:
    """Outlook and Exchange say that they take gzip and then cannot read the calendar.

    Cure: they get plain bytes; caches between are told that it depends on the encoding that was asked for.
    """
    record(feed.tracker)
    address = feed.subscribe()

    outlook = address.get(User_Agent=OUTLOOK, Accept_Encoding="gzip, deflate")
    google = address.get(User_Agent=GOOGLE, Accept_Encoding="gzip")

    assert "Content-Encoding" not in outlook.headers
    assert google.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(google.data) == outlook.data
    assert {outlook.headers["Vary"], google.headers["Vary"]} == {"Accept-Encoding"}


def test_google_gets_a_window_of_years_where_all_of_history_is_too_much(feed: Feed) -> None:
    """Google silently drops calendars of about a megabyte or a thousand entries.

    Cure: a calendar can be bounded to years around this one, which moves on with the year.
    """
    starts = [f"{year}-06-01" for year in (2019, 2025, 2026, 2028, 2030)]
    dated = {start: f"{record(feed.tracker, start=start).id}@tracker" for start in starts}
    wanted = choice("cologne", **NO_OCCASIONS)

    address = feed.subscribe(CalendarChoice(wanted.selection, wanted.level, years_back=1, years_ahead=2))

    assert set(address.entries()) == {dated["2025-06-01"], dated["2026-06-01"], dated["2028-06-01"]}


def test_google_may_fetch_but_not_list_and_needs_no_accept_header(feed: Feed) -> None:
    """Google obeys robots.txt for calendars, and its importer sends no Accept header, or one that no calendar meets.

    Cure: robots.txt allows feeds, a header keeps them out of search results, and nothing is negotiated.
    """
    address = feed.subscribe()

    answers = [address.get(User_Agent=GOOGLE), address.get(Accept="text/html"), address.get(Accept="application/json")]

    assert {answer.headers["Content-Type"] for answer in answers} == {"text/calendar; charset=utf-8"}
    assert {answer.headers["X-Robots-Tag"] for answer in answers} == {"noindex"}
    assert "Allow: /feeds/" in feed.client.get("/robots.txt").text


def test_each_program_gets_the_spelling_of_the_address_that_it_takes(with_registry: Tracker) -> None:
    """Google takes no link, Outlook on the web wants https, Apple webcal, and Android has no subscriptions of its own.

    Cure: the address to copy, the same as webcal, and steps for each program instead of one button for all.
    """
    pages = Pages(with_registry)

    made = pages.post("/subscribe", {"ready": "everything"}, role="reader").text

    secret = first(r"(https?://[^\"<\s]+/feeds/[\w-]{43}\.ics)", made)
    assert re.sub("^https?", "webcal", secret) in made
    assert [name for name in ("Google", "Outlook", "iPhone", "Thunderbird", "Android") if name not in made] == []


def test_nobodys_phone_rings_unless_asked_for_and_then_with_a_text(feed: Feed) -> None:
    """Google and Outlook ignore alarms, Apple takes them away, and Home Assistant refuses one without a text.

    Cure: none unless the calendar was made with them, and then a text to show before a moment to show it.
    """
    record(feed.tracker, start="2027-05-03T10:00", timezone="Europe/Berlin")
    wanted = choice("cologne", **NO_OCCASIONS)

    without = feed.subscribe(wanted).lines()
    asked = feed.subscribe(CalendarChoice(wanted.selection, wanted.level, alarms=(1440,))).lines()

    assert "BEGIN:VALARM" not in without
    alarm = asked[asked.index("BEGIN:VALARM") + 1 : asked.index("END:VALARM")]
    assert alarm == ["ACTION:DISPLAY", "DESCRIPTION;LANGUAGE=en:Visit of the mayor", "TRIGGER:-P1D"]


def test_home_assistant_finds_nothing_to_refuse(feed: Feed) -> None:
    """Home Assistant's strict reader refuses the whole calendar for one malformed line anywhere in it.

    Cure: what staff paste is cleaned of what a calendar cannot hold, each line ends in CRLF, parameters are complete.
    """
    pasted = "Zeile\r\nEND:VEVENT\x07\x0b\u2028;VALUE=DATE:\\"
    record(feed.tracker, title={"en": pasted}, description={"en": pasted}, place=pasted)
    wanted = choice("cologne")
    address = feed.subscribe(CalendarChoice(wanted.selection, wanted.level, alarms=(30,)))

    body = address.get().data
    (strict,) = IcsCalendarStream.from_ics(body.decode()).calendars

    assert [event.summary for event in strict.events if "@" in event.uid and "founding" not in event.uid] == [
        "Zeile END:VEVENT  ;VALUE=DATE:\\"
    ]
    assert body.count(b"\n") == body.count(b"\r") == body.count(b"\r\n")


def test_no_letter_is_cut_in_two_where_a_line_is_folded(feed: Feed) -> None:
    """Programs unfold bytes before or after decoding them: a Cyrillic letter cut in two becomes two question marks.

    Cure: lines are folded by octets, at 75, and never inside a letter; the charset is named.
    """
    visit = record(feed.tracker, title={"ru": "Встреча друзей 🕊️ " * 40})
    address = feed.subscribe()

    answer = address.get()

    assert answer.headers["Content-Type"].endswith("charset=utf-8")
    lines = answer.data.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode()
    assert address.entry(visit)["SUMMARY"] == ("Встреча друзей 🕊️ " * 40).strip()


def test_a_colour_is_a_word_and_only_apple_gets_a_number(feed: Feed) -> None:
    """COLOR takes the names of CSS alone; programs refuse a number there, and Apple reads a property of its own.

    Cure: both, each in its own property.
    """
    record(feed.tracker)

    told = [line for line in feed.subscribe().lines() if "COLOR" in line]

    assert [line for line in told if not re.fullmatch("COLOR:[a-z]+|X-APPLE-CALENDAR-COLOR:#[0-9A-F]{6}", line)] == []
    assert len(told) > 2


def test_android_is_handed_no_series_that_begins_in_1944(feed: Feed) -> None:
    """Android and Outlook fail at yearly rules that begin before 1970, or count them from the wrong year.

    Cure: each time an anniversary comes round is an entry of its own, with its number in the title.
    """
    put_twin(feed.tracker, COLOGNE | {"dates": [{"date": "1944-06-06", "primary": True}]})

    found = feed.subscribe().entries()

    numbers = [re.match(r"\d+", str(entry["SUMMARY"])) for entry in found.values()]
    assert sorted(number[0] for number in numbers if number) == ["81", "82", "83", "84", "85"]
    assert [
        entry["DTSTART"].dt.year for entry in found.values() if "RRULE" in entry or entry["DTSTART"].dt.year < 2025
    ] == []


def test_what_was_founded_on_29_february_is_remembered_every_year(feed: Feed) -> None:
    """A yearly rule from 29 February on skips three years of four.

    Cure: the days are reckoned here, on 28 February in common years.
    """
    put_twin(feed.tracker, COLOGNE | {"dates": [{"date": "1988-02-29", "primary": True}]})

    days = [entry["DTSTART"].dt for entry in feed.subscribe().entries().values()]

    assert sorted(days) == [dt.date(y, 2, 29 if y == 2028 else 28) for y in range(2025, 2030)]


def test_there_is_no_rule_that_programs_could_read_each_in_their_own_way(feed: Feed) -> None:
    """Outlook refuses COUNT=1, Google drops an RDATE after UNTIL, and exceptions go astray in most.

    Cure: nothing repeats; each entry stands for itself, under a UID of its own.
    """
    for month in range(1, 13):
        record(feed.tracker, start=f"2027-{month:02}-15", title={"en": "Stammtisch"})

    told = feed.subscribe().lines()

    in_entries = told[told.index("BEGIN:VEVENT") :]
    assert [line for line in in_entries if re.match("RRULE|RDATE|EXDATE|EXRULE|RECURRENCE-ID", line)] == []
    uids = [line for line in in_entries if line.startswith("UID")]
    assert len(set(uids)) == len(uids) == told.count("BEGIN:VEVENT")


def test_an_address_is_a_secret_that_cannot_be_guessed_and_is_not_passed_on(feed: Feed) -> None:
    """Addresses that can be counted through, or that stand in logs, links and shared caches, give a calendar away.

    Cure: 256 random bits of which only a hash is stored, and headers that keep it out of caches and links.
    """
    address = feed.subscribe()

    answer = address.get()

    assert re.fullmatch(r"[\w-]{43}", address.token)
    assert "private" in answer.headers["Cache-Control"]
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert address.token not in answer.get_data(as_text=True)
    with feed.tracker.database.reading() as session:
        row = session.get_one(SubscriptionRow, address.subscription)
        assert address.token not in str([getattr(row, column.key) for column in SubscriptionRow.__table__.columns])


def test_whoever_asks_gets_the_same_calendar(feed: Feed) -> None:
    """Feeds that keep their filter in a session, guess a language, or cut into pages differ from reader to reader.

    Cure: everything that decides stands in the subscription; no cookie is read or set, nothing is cut.
    """
    for number in range(30):
        record(feed.tracker, title={"en": f"Visit {number}", "de": f"Besuch {number}", "ru": f"Визит {number}"})
    address = feed.subscribe(choice("cologne", language="de", **NO_OCCASIONS))

    one = address.get(Accept_Language="ru", Cookie="lang=ru; session=x")
    other = address.get(User_Agent=GOOGLE)

    assert one.data == other.data
    assert "Set-Cookie" not in one.headers
    assert {str(entry["SUMMARY"]) for entry in address.entries().values()} == {f"Besuch {n}" for n in range(30)}
