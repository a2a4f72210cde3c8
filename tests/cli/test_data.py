"""Records in, lists and calendars out, by the program people run."""

import datetime as dt
from pathlib import Path

import icalendar
import pytest

from tests.intake.test_ical import calendar
from tests.program import Run, runner
from tracker.bootstrap import Tracker

SHEET = "id,date_start,kind,twin_slugs,title,status\n"


def test_a_sheet_is_taken_in_once_and_listed(run: Run, tmp_path: Path) -> None:
    sheet = tmp_path / "visits.csv"
    sheet.write_text(SHEET + "X1,2027-05-08,festival,coventry|dijon,Concert of both choirs,planned\n")

    first = run("import", sheet, "--json")
    again = run("import", sheet, "--json")
    listed = run("activities", "--twin", "dijon", "--from", "2027-01-01", "--json")

    assert (first.code, first.json) == (0, {"created": 1, "changed": 0, "unchanged": 0, "errors": []})
    assert again.json == {"created": 0, "changed": 0, "unchanged": 1, "errors": []}
    [activity] = listed.json
    assert activity["title"] == {"en": "Concert of both choirs"}
    assert activity["twins"] == ["coventry", "dijon"]


def test_a_faulty_sheet_is_refused_as_a_whole_with_row_and_column(run: Run, tmp_path: Path) -> None:
    sheet = tmp_path / "visits.csv"
    sheet.write_text(SHEET + "X1,2027-05-08,festival,dijon,Good,planned\nX2,1988-13,excursion,dijon,Bad,held\n")

    refused = run("import", sheet, "--json")
    plain = run("import", sheet)

    assert refused.code == plain.code == 2
    told = {(error["row"], error["column"], error["value"]) for error in refused.json["errors"]}
    assert {(3, "date_start", "1988-13"), (3, "kind", "excursion")} <= told
    assert "1988-13" in plain.err
    assert run("activities", "--kind", "festival", "--from", "2027-01-01", "--json").json == []


def test_a_dry_run_writes_nothing(run: Run, tmp_path: Path) -> None:
    sheet = tmp_path / "visits.csv"
    sheet.write_text(SHEET + "X1,2027-05-08,festival,dijon,Good,planned\n")

    dry = run("import", sheet, "--dry-run", "--json")

    assert dry.json["created"] == 1
    assert run("activities", "--kind", "festival", "--from", "2027-01-01", "--json").json == []


def test_a_calendar_is_taken_in_with_what_its_entries_do_not_say(run: Run, tmp_path: Path) -> None:
    visits = tmp_path / "visits.ics"
    visits.write_bytes(calendar("SUMMARY:Chorreise\nDTSTART:20270508\nATTENDEE:mailto:x@example.org"))

    taken = run("import", visits, "--kind", "exchange", "--twin", "dijon", "--lang", "de", "--json")

    assert (taken.code, taken.json) == (0, {"created": 1, "changed": 0, "unchanged": 0, "errors": []})
    assert "persons" in taken.err
    [activity] = run("activities", "--twin", "dijon", "--from", "2027-01-01", "--json").json
    assert (activity["kind"], activity["title"]) == ("exchange", {"de": "Chorreise"})


def test_a_faulty_calendar_is_refused_with_entry_and_property(run: Run, tmp_path: Path) -> None:
    visits = tmp_path / "visits.ics"
    visits.write_bytes(calendar("DTSTART:20270508", "DTSTART:20271332"))

    refused = run("import", visits, "--kind", "exchange", "--twin", "dijon", "--json")

    [error] = refused.json["errors"]
    assert (refused.code, error["row"], error["column"], error["value"]) == (2, 2, "DTSTART", "20271332")
    assert run("import", visits, "--twin", "atlantis").code == 2


def test_whichever_command_comes_first_finds_the_twins(tracker: Tracker) -> None:
    assert len(runner(tracker)("activities", "--json").json) == 126


def test_a_feed_is_a_calendar_in_the_language_asked_for(with_registry: Tracker) -> None:
    german = runner(with_registry)("feed", "--twin", "cologne", "--lang", "de")  # which nobody has read yet

    calendar = icalendar.Calendar.from_ical(german.raw)
    titles = [str(entry["summary"]) for entry in calendar.walk("VEVENT")]
    assert german.code == 0
    assert german.raw.endswith(b"END:VCALENDAR\r\n")
    # The program goes by the clock on the wall.
    assert any(f"{dt.datetime.now(dt.UTC).year - 1988}. Jahrestag" in title for title in titles)


def test_what_is_due_on_a_day_is_told_with_its_reason(run: Run) -> None:
    due = run("due", "--on", "2026-11-28", "--json").json

    [cologne] = [one for one in due if one["twin"] == "cologne" and one["lead_days"] == 0]
    expected = {
        "kind": "twinning",
        "years": 38,
        "on": "2026-11-28",
        "lead_days": 0,
        "round": False,
        "rule": "anniversary",
    }
    assert {key: cologne[key] for key in expected} == expected
    assert "38. Jahrestag" in cologne["title"]["de"]
    assert {"de", "en", "ru"} <= cologne["title"].keys()


def test_an_unknown_twin_is_refused_with_the_known_ones(run: Run) -> None:
    refused = run("feed", "--twin", "atlantis")

    assert refused.code == 2
    assert "atlantis" in refused.err
    assert "cologne" in refused.err
    assert refused.raw == b""


@pytest.mark.parametrize("day", ["28.11.2026", "9999-12-31", "0001-01-01"])
def test_a_wrong_day_is_refused_with_an_example(run: Run, day: str) -> None:
    refused = run("due", "--on", day)

    assert refused.code == 2
    assert "2026-11-28" in refused.err


def test_a_list_may_be_bounded_by_years(run: Run) -> None:
    listed = run("activities", "--twin", "coventry", "--from", "1954", "--to", "1960", "--json").json

    # Two of November 1954, the visit of May 1960; what began before and goes on is none of Coventry's.
    assert [activity["start"] for activity in listed] == ["1954-11", "1954-11-05", "1960-05"]


def test_a_new_calendar_has_an_address(run: Run) -> None:
    made = run("calendar", "new", "--twin", "cologne", "--lang", "de", "--json", BASE_URL="https://tracker.example")

    assert made.json["url"].startswith("https://tracker.example/feeds/")
    assert made.json["url"].endswith(".ics")


def test_an_alarm_rings_within_the_year(run: Run) -> None:
    assert run("calendar", "new", "--alarm", "99999999999").code == 2


def test_two_processes_print_the_same_bytes(with_registry_read: Tracker) -> None:
    run = runner(with_registry_read)

    one, other = (run("feed", "--lang", "ru", PYTHONHASHSEED=seed).raw for seed in ("1", "2"))

    assert one == other
    assert one.count(b"BEGIN:VEVENT") > 50
