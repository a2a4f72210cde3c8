"""The dossier of a journey: who sees which version, writing it, and that nothing private in it leaves the house."""

import re
from typing import Any

import pytest
from sqlalchemy import text

from tests.calendars import record
from tests.outputs.test_half_year import text_of
from tests.web.conftest import Pages, first
from tracker.actions.exports import export_calendars
from tracker.consumers import reading
from tracker.domain.activities import Activity
from tracker.store import activities as store
from tracker.store import dossiers, event_log

FIELDS = {
    "programme.0.start": "27 March 2027 10:00", "programme.0.end": "27 March 2027 12:30",
    "programme.0.title": "Reception", "programme.0.place": "Town hall", "programme.0.hosts": "PRIVATEHOST",
    "programme.0.interpreter": "PRIVATEINTERPRETER", "programme.0.note": "STAFFNOTE",
    "legs.0.way": "outward", "legs.0.start": "26 March 2027 08:15", "legs.0.end": "26 March 2027 19:40",
    "legs.0.origin": "Köln", "legs.0.destination": "Wolgograd",
    "stays.0.name": "PRIVATEHOTEL", "stays.0.start": "26 March 2027",
    "gifts.0.what": "STAFFGIFT", "gifts.0.way": "given", "todos.0.what": "STAFFTODO", "todos.0.time": "before",
    "contacts.0.name": "Igor", "contacts.0.phone": "STAFFPHONE",
    "contacts.1.name": "Anna", "contacts.1.phone": "PRIVATEPHONE", "contacts.1.shared": "1",
    "emergencies.0.what": "All", "emergencies.0.number": "112", "note": "STAFFTEXT",
}  # fmt: skip
STAFF = ("STAFFNOTE", "STAFFGIFT", "STAFFTODO", "STAFFPHONE", "STAFFTEXT", "Igor")
PRIVATE = ("PRIVATEHOST", "PRIVATEINTERPRETER", "PRIVATEHOTEL", "PRIVATEPHONE")


@pytest.fixture
def pages(pages_read: Pages) -> Pages:
    """With what comes round rendered already: these tests wait for calendars."""
    return pages_read


@pytest.fixture
def visit(pages: Pages) -> Activity:
    return record(pages.tracker, start="2027-03-26", end="2027-03-30", direction="to_hub", visibility="public")


def write(pages: Pages, journey: Activity, **fields: str) -> Any:
    page = f"/activities/{journey.id}/dossier/edit"
    version = first(r'name="dossier" value="(\d+)"', pages.get(page).text)
    return pages.post(page, {**FIELDS, "dossier": version, **fields})


def found(words: tuple[str, ...], told: str) -> set[str]:
    return {word for word in words if word in told}


def test_staff_see_all_of_it_guests_their_version_and_readers_the_programme(pages: Pages, visit: Activity) -> None:
    assert write(pages, visit).status_code == 302
    page = f"/activities/{visit.id}/dossier"

    staff, guests = pages.get(page).text, pages.get(f"{page}?for=guests").text
    reader = pages.get(page, role="reader").text

    assert found(STAFF + PRIVATE, staff) == {*STAFF, *PRIVATE}
    assert found(STAFF + PRIVATE, guests) == set(PRIVATE)
    assert found(STAFF + PRIVATE, reader) == set()
    for told in (staff, guests, reader):
        assert "Cologne 08:00–10:30 / Volgograd 10:00–12:30" in told


def test_the_pdf_says_what_the_page_says_to_the_same_person(pages: Pages, visit: Activity) -> None:
    write(pages, visit)
    page = f"/activities/{visit.id}/dossier.pdf"

    staff, guests = text_of(pages.get(page).data), text_of(pages.get(f"{page}?for=guests").data)
    reader = text_of(pages.get(page, role="reader").data)

    assert found(STAFF + PRIVATE, staff) == {*STAFF, *PRIVATE}
    assert found(STAFF + PRIVATE, guests) == set(PRIVATE)
    assert found(STAFF + PRIVATE, reader) == set()
    assert "Reception" in reader
    assert "do not pass it on" in staff


def test_writing_it_again_keeps_the_items_and_who_meets_whom(pages: Pages, visit: Activity) -> None:
    write(pages, visit)
    page = f"/activities/{visit.id}/dossier/edit"
    shown = pages.get(page).text
    own = first(r'name="programme\.0\.id" value="([^"]+)"', shown)

    write(pages, visit, **{"programme.0.id": own, "programme.0.start": "28 March 2027 10:00", "programme.0.end": ""})

    assert own in pages.get(page).text
    with pages.tracker.database.reading() as session:
        _, kept = dossiers.kept(session, visit.id)
        row = store.load(session, visit.id)
        assert row
    assert kept.meeting(own).hosts == "PRIVATEHOST"
    assert row.details["programme"][0]["start"] == "2027-03-28T10:00"


def test_an_item_in_the_other_city_has_the_clock_of_that_city_wherever_it_is_told(
    pages: Pages, visit: Activity
) -> None:
    edit, item = f"/activities/{visit.id}/dossier/edit", "programme.0.timezone"
    chosen = first(rf'(?s)name="{item}"[^>]*>(.*?)</select>', pages.get(edit).text)
    assert "as usual: Volgograd" in chosen
    assert re.findall(r'value="([^"]*)"', chosen)[:3] == ["", "Europe/Volgograd", "Europe/Berlin"]

    refused = write(pages, visit, **{item: "Europe/Nowhere"})
    write(pages, visit, **{item: "Europe/Berlin"})

    assert f'href="#{item}"' in refused.text
    assert '<option value="Europe/Berlin" selected>' in pages.get(edit).text
    page = f"/activities/{visit.id}/dossier"
    for told in (pages.get(page).text, text_of(pages.get(f"{page}.pdf").data)):
        assert "Cologne 10:00–12:30 / Volgograd 12:00–14:30" in " ".join(told.split())
    reading.catch_up(pages.tracker.database, pages.tracker.consumers, pages.tracker.clock())
    assert "DTSTART;TZID=Europe/Berlin:20270327T100000" in pages.get(f"/activities/{visit.id}.ics").text


def test_two_who_write_at_once_lose_nothing(pages: Pages, visit: Activity) -> None:
    write(pages, visit)

    late = write(pages, visit, note="OTHER", dossier="0")

    assert late.status_code == 409
    assert "OTHER" in late.text
    assert "OTHER" not in pages.get(f"/activities/{visit.id}/dossier").text


def test_faults_are_told_at_their_fields_and_nothing_is_half_saved(pages: Pages, visit: Activity) -> None:
    refused = write(pages, visit, **{"programme.0.title": "", "stays.0.start": "some day"})
    wrong = write(pages, visit, **{"programme.0.title": "", "contacts.0.name": ""})

    assert refused.status_code == wrong.status_code == 422
    assert 'href="#stays.0.start"' in refused.text
    assert {'href="#programme.0.title"' in wrong.text, 'href="#contacts.0.name"' in wrong.text} == {True}
    with pages.tracker.database.reading() as session:
        assert dossiers.kept(session, visit.id)[0] == 0


def test_a_line_to_do_is_ticked_and_unticked_by_a_button(pages: Pages, visit: Activity) -> None:
    write(pages, visit)
    page = f"/activities/{visit.id}/dossier"

    pages.post(f"{page}/done", {"place": "0"}, page=page)
    ticked = pages.get(page).text
    pages.post(f"{page}/done", {"place": "0"}, page=page)

    assert 'aria-pressed="true"' in ticked
    assert 'aria-pressed="true"' not in pages.get(page).text


def test_an_exchange_has_its_plan_and_other_kinds_have_none(pages: Pages) -> None:
    exchange = record(pages.tracker, kind="exchange", start="2027-04-26")
    festival = record(pages.tracker, kind="festival", start="2027-04-26")

    write(pages, exchange)

    shown = pages.get(f"/activities/{exchange.id}/dossier").text
    assert "Plan of the exchange" in shown
    assert "Reception" in shown
    assert pages.get(f"/activities/{festival.id}/dossier").status_code == 404
    assert f"/activities/{exchange.id}/dossier" in pages.get(f"/activities/{exchange.id}").text


def test_who_may_not_see_the_activity_knows_of_no_dossier_and_who_may_not_write_it_writes_none(
    pages: Pages, visit: Activity
) -> None:
    hidden = record(pages.tracker, start="2027-03-26", visibility="confidential")

    for end in ("dossier", "dossier.pdf", "dossier/edit"):
        assert pages.get(f"/activities/{hidden.id}/{end}").status_code == 404
    assert pages.get(f"/activities/{visit.id}/dossier/edit", role="reader").status_code == 403


def test_nothing_private_is_in_the_record_the_events_calendars_or_the_api(pages: Pages, visit: Activity) -> None:
    write(pages, visit)
    tracker = pages.tracker
    reading.catch_up(tracker.database, tracker.consumers, tracker.clock())
    export_calendars(tracker.database, tracker.clock())

    with tracker.database.reading() as session:
        row = store.load(session, visit.id)
        assert row
        told = row.to_activity().model_dump_json() + row.search_text
        told += str([dict(event.data) for event in event_log.read_all(session, 0, 100_000)])
        for table in ("entry_bodies", "occasions", "activity_goods"):
            told += str(session.execute(text(f"SELECT * FROM {table}")).all())
    told += pages.get(f"/activities/{visit.id}.ics", role="reader").text
    told += pages.get(f"/activities/{visit.id}", role="reader").text

    assert found(STAFF + PRIVATE, re.sub(r"\r?\n ", "", told)) == set()
    assert "Reception" in told
    assert "emergencies" in told  # the name of a section, in the event
