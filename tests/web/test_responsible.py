"""Who answers for an activity: an open account, named by form, API or sheet; told to colleagues and to nobody else."""

from typing import Any

import pytest

from tests.web.conftest import Pages
from tracker.actions.activities import record_activity, revise_activity
from tracker.actions.exports import feed_bytes
from tracker.actions.imports import ImportFile, import_file
from tracker.actions.tokens import issue_token
from tracker.consumers import reading
from tracker.domain.activities import Activity
from tracker.domain.calendars import Selection
from tracker.domain.commands import Actor, RecordActivity, ReviseActivity
from tracker.errors import InvalidInput
from tracker.intake.json import activity_content
from tracker.intake.problems import InvalidTable
from tracker.store import accounts
from tracker.store.activities import ActivityFilter, by_external_ids, listed

CLI = Actor("cli")
WHO = "editor@example.org"
TRIP: dict[str, Any] = {"kind": "delegation", "title": {"en": "Trip"}, "twins": ["cologne"], "start": "2026-11-20"}
FORM = {"title.en": "Trip", "twins": ["cologne"], "start": "20 November 2026", "status": "planned"}


def log(pages: Pages, **fields: Any) -> Activity:
    command = RecordActivity(activity_content(TRIP | fields))
    return record_activity(pages.tracker.database, command, CLI, pages.tracker.clock())


def only_trip(pages: Pages) -> Activity:
    with pages.tracker.database.reading() as session:
        (row,) = [r for r in listed(session, ActivityFilter(kinds=("delegation",))) if r.title == TRIP["title"]]
        return row.to_activity()


def close(pages: Pages, email: str) -> None:
    with pages.tracker.database.unit("test", pages.tracker.clock()) as unit:
        user = accounts.user_by_email(unit.session, email)
        assert user is not None
        user.active = False


def test_staff_choose_it_in_the_form_and_readers_do_not_see_it(pages: Pages) -> None:
    pages.post("/activities/new?kind=delegation", FORM | {"responsible": WHO})

    made = only_trip(pages)
    assert made.responsible == WHO
    form = pages.get(f"/activities/{made.id}/edit").text
    assert f'<option value="{WHO}" selected>Editor ({WHO})</option>' in form
    address = f"/activities/{made.id}"
    assert 'Who answers for it</dt><dd dir="auto">Editor</dd>' in pages.get(address).text
    for_reader = pages.get(address, "reader").text
    assert "Who answers for it" not in for_reader
    assert WHO not in for_reader
    pages.post(f"{address}/edit", FORM | {"responsible": ""})
    assert only_trip(pages).responsible == ""


def test_calendars_and_feeds_do_not_tell_it(pages_read: Pages) -> None:
    made = log(pages_read, responsible=WHO)
    tracker = pages_read.tracker
    reading.catch_up(tracker.database, tracker.consumers, tracker.clock())

    calendar = feed_bytes(
        tracker.database, Selection(("cologne",), language="en"), tracker.clock(), "https://t.example"
    )

    assert str(made.id).encode() in calendar
    assert WHO.partition("@")[0].encode() not in calendar


def test_the_api_takes_it_and_tells_it_to_whoever_may_write(pages: Pages) -> None:
    api = {role: issue_token(pages.tracker.database, f"{role}@example.org", pages.tracker.clock(), CLI)
           for role in ("reader", "editor")}  # fmt: skip

    def call(role: str, path: str, body: dict[str, Any] | None = None) -> Any:
        client = pages.app.test_client()
        how = client.post if body else client.get
        return how(f"/api/v1{path}", json=body, headers={"Authorization": f"Bearer {api[role]}"}).json

    refused = call("editor", "/activities", TRIP | {"responsible": "nobody@example.org"})
    made = call("editor", "/activities", TRIP | {"responsible": "Editor@Example.org"})

    assert [(fault["field"], fault["value"]) for fault in refused["errors"]] == [("responsible", "nobody@example.org")]
    assert made["responsible"] == WHO
    seen = {role: call(role, f"/activities/{made['id']}")["responsible"] for role in api}
    assert seen == {"reader": "", "editor": WHO}
    shown = call("reader", "/activities?q=Trip&from=2026-11-20&to=2026-11-20")["items"]
    assert [one["responsible"] for one in shown] == [""]


def test_a_sheet_names_it_and_an_unknown_one_is_told_at_its_cell(pages: Pages) -> None:
    tracker, heading = pages.tracker, "id,kind,date_start,twin_slugs,title,responsible"

    def take(text: str) -> None:
        file = ImportFile("trips.csv", f"{heading}\n{text}".encode())
        import_file(tracker.database, file, CLI, tracker.clock())

    take(f"T1,delegation,2026-11-20,cologne,Trip,{WHO}")
    with pytest.raises(InvalidTable) as refused:
        take("T1,delegation,2026-11-20,cologne,Trip,nobody@example.org")

    assert [(p.row, p.column, p.value) for p in refused.value.problems] == [(2, "responsible", "nobody@example.org")]
    with tracker.database.reading() as session:
        assert by_external_ids(session, ["T1"])["T1"].responsible == WHO


def test_who_has_left_stays_until_somebody_else_is_named(pages: Pages) -> None:
    made, database, now = log(pages, responsible=WHO), pages.tracker.database, pages.tracker.clock()
    close(pages, WHO)

    changed = made.content().model_copy(update={"place": "Cologne"})
    kept = revise_activity(database, ReviseActivity(made.id, changed, 1), CLI, now)

    assert (kept.responsible, kept.place) == (WHO, "Cologne")
    assert (
        f'<option value="{WHO}" selected>{WHO}</option>'
        in pages.get(f"/activities/{made.id}/edit", "administrator").text
    )
    with pytest.raises(InvalidInput):
        log(pages, responsible=WHO)
