"""Sheets of activities come in whole or not at all, whichever program wrote them."""

import csv
import io
from pathlib import Path

import pytest
from openpyxl import Workbook

from tracker.actions.activities import ImportOutcome, record_activity, remove_activity, revise_activity
from tracker.actions.imports import ImportFile, import_file
from tracker.bootstrap import Tracker
from tracker.domain.activities import Activity
from tracker.domain.commands import Actor, RecordActivity, RemoveActivity, ReviseActivity
from tracker.domain.dates import HistoricDate
from tracker.domain.events import EventType
from tracker.intake.json import activity_content
from tracker.intake.problems import InvalidTable
from tracker.intake.registry import DATA
from tracker.store.activities import ActivityFilter, by_external_ids, listed
from tracker.store.event_log import end_of_log, read_all

CLI = Actor("cli")
HISTORY = (DATA / "history.csv").read_bytes()
HEADING = "id,date_start,kind,twin_slugs,title,status"


def take(tracker: Tracker, data: bytes | str, *, dry_run: bool = False) -> ImportOutcome:
    data = data.encode() if isinstance(data, str) else data
    return import_file(tracker.database, ImportFile("sheet", data), CLI, tracker.clock(), dry_run=dry_run).outcome


def all_of(tracker: Tracker) -> dict[str, Activity]:
    with tracker.database.reading() as session:
        found = [row.to_activity() for row in listed(session, ActivityFilter())]
    return {activity.external_id or str(activity.id): activity for activity in found}


def one(tracker: Tracker, identity: str) -> Activity:
    with tracker.database.reading() as session:
        return by_external_ids(session, [identity])[identity].to_activity()


def log_length(tracker: Tracker) -> int:
    with tracker.database.reading() as session:
        return end_of_log(session)


@pytest.fixture
def with_twins(with_registry: Tracker) -> Tracker:
    """The registry's twins without its history."""
    for activity in all_of(with_registry).values():
        remove_activity(with_registry.database, RemoveActivity(activity.id, None), CLI, with_registry.clock())
    return with_registry


def renamed(data: bytes) -> bytes:
    """The history under ids of its own, as a sheet that is not known yet."""
    return data.replace(b"\nH", b"\nK")


def test_the_real_history_is_taken_in_once(with_twins: Tracker) -> None:
    first = take(with_twins, renamed(HISTORY))
    before = log_length(with_twins)
    again = take(with_twins, renamed(HISTORY))

    assert first == ImportOutcome(created=126, changed=0, unchanged=0)
    assert again == ImportOutcome(created=0, changed=0, unchanged=126)
    assert log_length(with_twins) == before
    assert len(all_of(with_twins)) == 126


def test_each_record_taken_in_is_an_event_of_the_log(with_twins: Tracker) -> None:
    before = log_length(with_twins)

    take(with_twins, f"{HEADING}\nX1,1988-11-28,milestone,cologne,Twinning,held\n")

    with with_twins.database.reading() as session:
        [event] = read_all(session, after=before)
    assert (event.type, event.actor) == (EventType.ACTIVITY_RECORDED, "cli")
    assert event.data["after"]["title"] == {"en": "Twinning"}


def test_one_bad_row_keeps_all_rows_out(with_registry: Tracker) -> None:
    before = log_length(with_registry)
    sheet = f"{HEADING}\nX1,1988-11-28,milestone,cologne,Good,held\nX2,1988-13,excursion,Köln,Bad,held\n"

    with pytest.raises(InvalidTable) as caught:
        take(with_registry, sheet)

    assert {(p.row, p.column, p.value) for p in caught.value.problems} == {
        (3, "kind", "excursion"),
        (3, "date_start", "1988-13"),
        (3, "twin_slugs", "Köln"),
    }
    assert log_length(with_registry) == before
    assert "X1" not in all_of(with_registry)


def test_what_only_the_store_knows_is_told_at_its_cell_too(with_registry: Tracker) -> None:
    sheet = f"{HEADING}\n\nX1,2027-05-08,festival,dijon,Too early,held\nH046,1988-11-28,milestone,cologne,T,postponed\n"
    sheet = sheet.replace("postponed", "postponed,No hall").replace("status", "status,reason")

    with pytest.raises(InvalidTable) as caught:
        take(with_registry, sheet)

    assert [(p.row, p.column, p.value) for p in caught.value.problems] == [(3, "status", "held")]
    with pytest.raises(InvalidTable) as caught:
        take(with_registry, sheet.replace(",held", ",planned"))
    assert [(p.row, p.column, p.value) for p in caught.value.problems] == [(4, "status", "postponed")]


def test_a_dry_run_says_the_same_and_writes_nothing(with_registry: Tracker) -> None:
    before = log_length(with_registry)
    sheet = f"{HEADING}\nX1,1988-11-28,milestone,cologne,New,held\nH048,1989-10-30,milestone,cologne,Changed,held\n"

    assert take(with_registry, sheet, dry_run=True) == ImportOutcome(created=1, changed=1, unchanged=0)
    assert log_length(with_registry) == before
    assert "X1" not in all_of(with_registry)
    assert take(with_registry, sheet) == ImportOutcome(created=1, changed=1, unchanged=0)


def german_excel(rows: list[dict[str, str]]) -> bytes:
    """The rows as a German Excel saves them: without the Russian titles, for which cp1252 has no letters."""
    file = io.StringIO(newline="")
    columns = [name for name in rows[0] if name != "title_ru"]
    writer = csv.DictWriter(file, columns, delimiter=";", extrasaction="ignore")
    writer.writeheader()
    for row in rows:
        days = {name: german_day(row[name]) for name in ("date_start", "date_end")}
        writer.writerow({**row, **days, "amount": row["amount"] and f"{row['amount']},00"})
    return file.getvalue().encode("cp1252")


def german_day(text: str) -> str:
    day = HistoricDate.parse(text).exact_day if text not in ("", "..") else None
    return f"{day:%d.%m.%Y}" if day else text


def workbook(rows: list[dict[str, str]]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append([cell_of(name, text) for name, text in row.items()])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def cell_of(name: str, text: str) -> object:
    """What Excel makes of a text that is typed into it."""
    if name in ("date_start", "date_end") and text not in ("", ".."):
        return HistoricDate.parse(text).exact_day or (int(text) if text.isdigit() else text)
    return int(text) if text.isdigit() else text


@pytest.mark.parametrize("write", [german_excel, workbook])
def test_german_excel_and_a_workbook_say_the_same_as_the_csv(with_registry: Tracker, write: object) -> None:
    assert callable(write)
    with io.StringIO(HISTORY.decode()) as file:
        # Płońsk is beyond the letters of German Excel.
        rows = [row for row in csv.DictReader(file) if row["id"] != "H073"]

    assert take(with_registry, write(rows)) == ImportOutcome(created=0, changed=0, unchanged=125)


def test_a_sheet_with_german_titles_only_keeps_the_others(with_registry: Tracker) -> None:
    take(with_registry, "id,date_start,kind,twin_slugs,title_ru\nH046,1988-11-28,milestone,cologne,Побратимство\n")
    outcome = take(with_registry, "id,date_start,kind,twin_slugs,title_de\nH046,1988-11-28,milestone,cologne,Vertrag\n")

    after = one(with_registry, "H046")
    assert outcome.changed == 1
    assert after.title == {
        "en": "Cologne and Volgograd enter into a city partnership",
        "de": "Vertrag",
        "ru": "Побратимство",
    }


def test_a_column_the_sheet_lacks_leaves_its_field_alone(with_registry: Tracker) -> None:
    before = one(with_registry, "H065")

    take(with_registry, "id,date_start,kind,twin_slugs,title\nH065,2002,aid_shipment,cologne,Care service\n")

    after = one(with_registry, "H065")
    assert after.title["en"] == "Care service"
    kept = {"end", "counts", "details", "sources", "status", "note", "place", "direction"}
    assert after.model_dump(include=kept) == before.model_dump(include=kept)


def test_an_empty_cell_empties_its_field(with_registry: Tracker) -> None:
    take(with_registry, "id,date_start,kind,twin_slugs,title,place\nH048,1989-10-30,milestone,cologne,Founded,\n")

    assert one(with_registry, "H048").place == ""


def test_a_sheet_without_times_keeps_the_times_of_day(with_registry: Tracker) -> None:
    document = {
        "external_id": "X1", "kind": "festival", "title": {"en": "Concert"}, "twins": ["dijon"],
        "start": "2027-05-08T18:00", "end": "2027-05-08T20:00", "timezone": "Europe/Paris",
    }  # fmt: skip
    content = activity_content(document)
    record_activity(with_registry.database, RecordActivity(content), CLI, with_registry.clock())

    take(with_registry, "id,date_start,date_end,kind,twin_slugs,title\nX1,9.5.2027,,festival,dijon,Concert\n")

    after = one(with_registry, "X1")
    assert (after.start, after.end) == ("2027-05-09T18:00", "2027-05-09T20:00")


def test_a_kind_that_changes_leaves_its_details_behind(with_registry: Tracker) -> None:
    take(with_registry, "id,date_start,kind,twin_slugs,title\nH065,2002,exchange,cologne,Care service\n")

    after = one(with_registry, "H065")
    assert after.kind == "exchange"
    assert after.details.model_dump(exclude_defaults=True) == {}


def test_a_row_that_does_not_fit_what_is_known_is_told_at_its_cell(with_registry: Tracker) -> None:
    sheet = "id,date_start,kind,twin_slugs,title\nH055,2005,exchange,cleveland,Begins after its end in 2002\n"

    with pytest.raises(InvalidTable) as caught:
        take(with_registry, sheet)

    assert [(p.row, p.column) for p in caught.value.problems] == [(2, "date_end")]
    assert "before the start 2005" in caught.value.message()


def test_a_reason_that_staff_wrote_is_not_replaced_by_the_note(with_registry: Tracker) -> None:
    sheet = f"{HEADING},note\nX1,2027-05-08,festival,dijon,Concert,cancelled,Hall closed\n"
    take(with_registry, sheet)
    written = one(with_registry, "X1")
    content = written.content().model_copy(update={"reason": "The choir is ill"})
    revise_activity(with_registry.database, ReviseActivity(written.id, content, None), CLI, with_registry.clock())

    assert written.reason == "Hall closed"
    assert take(with_registry, sheet).unchanged == 1
    assert one(with_registry, "X1").reason == "The choir is ill"


def test_a_file_that_is_no_table_is_refused(with_registry: Tracker, tmp_path: Path) -> None:
    with pytest.raises(InvalidTable) as caught:
        take(with_registry, b"%PDF-1.7")

    [problem] = caught.value.problems
    assert (problem.row, problem.column, problem.value) == (None, None, "sheet")
