"""A city's page and what is changed on it: states, names, dates, people, organisations, honours; and the list."""

import datetime as dt
import re
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event

from tests.calendars import content
from tests.pictures import jpeg
from tests.web.conftest import Pages, first
from tests.web.test_files import add
from tracker.actions.activities import record_activity
from tracker.actions.thumbnails import make_next_thumbnail
from tracker.domain.commands import Actor, RecordActivity
from tracker.store import event_log
from tracker.store import twins as store


def logged(pages: Pages, **fields: Any) -> None:
    """An activity that the house itself has logged."""
    tracker = pages.tracker
    record_activity(tracker.database, RecordActivity(content(**fields)), Actor("cli"), tracker.clock())


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def section(html: str, identity: str) -> str:
    """The words of the part of a page under a heading."""
    found = re.search(rf'<section[^>]*aria-labelledby="{identity}".*?</section>', html, re.DOTALL)
    assert found, identity
    return words(found[0])


def test_a_new_state_stands_on_the_page_with_its_source_and_the_old_one_in_its_history(pages: Pages) -> None:
    path = "/twins/coventry/states"
    told = {
        "which": "agreement:ended",
        "since": "März 2026",
        "source": "https://www.coventry.gov.uk/minutes",
        "note": "Vote",
    }

    answer = pages.post(path, told, lang="de")

    stands = section(pages.get("/twins/coventry").text, "stands")
    assert answer.status_code == 303
    assert "Agreement ended since March 2026 Vote Source: coventry.gov.uk" in stands
    assert "Before in force" in stands
    with pages.tracker.database.reading() as session:
        [*_, last] = event_log.history(session, "twin:coventry")
    assert last.data["after"]["states"][-1]["since"] == "2026-03"
    assert len(last.data["before"]["states"]) == len(last.data["after"]["states"]) - 1


def test_a_state_to_come_is_told_and_one_entered_by_mistake_is_taken_out(pages: Pages) -> None:
    path = "/twins/coventry/states"
    pages.post(path, {"which": "agreement:ended", "since": "2027-01-01"})
    to_come = section(pages.get("/twins/coventry").text, "stands")

    places = re.findall(r'name="remove" value="(\d+)"', pages.get(path).text)
    pages.post(path, {"remove": places[-1]})

    assert "in force" in to_come
    assert "From 1 January 2027 on: ended" in to_come
    assert "2027" not in section(pages.get("/twins/coventry").text, "stands")


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ({"which": "", "since": "2022"}, "Choose one."),
        ({"which": "agreement:going_on", "since": "2022"}, "is not a state of this level"),
        ({"which": "agreement:ended", "since": "neulich"}, "is not understood as a date"),
        ({"which": "agreement:ended", "since": ""}, "must be given"),
    ],
)
def test_a_state_that_cannot_be_is_told_at_its_field(pages: Pages, typed: dict[str, str], fault: str) -> None:
    answer = pages.post("/twins/coventry/states", typed)

    assert answer.status_code == 422
    assert fault in answer.text


def test_names_and_dates_are_changed_by_rows_and_what_no_field_shows_stays(pages: Pages) -> None:
    path = "/twins/chemnitz/edit"
    shown = pages.get(path).text
    former = len(re.findall(r'name="former_names\.\d+\.start"', shown))
    rows = {
        **{f"names.{tag}": first(rf'name="names\.{tag}"[^>]*value="([^"]*)"', shown) for tag in ("en", "de", "ru")},
        "former_names.0.names.de": "Karl-Marx-Stadt",
        "former_names.0.start": "10. Mai 1953",
        "former_names.0.end": "1. Juni 1990",
        "former_names.1.names.de": "",
        "former_names.².start": "1960",
        "dates.0.date": "6 May 1988",
        "dates.0.basis": "signed",
        "dates.1.date": "1988",
        "dates.2.date": "May 1998",
        "dates.2.basis": "renewed",
        "primary": "dates.2",
        "link": "twin",
        "timezone": "Europe/Berlin",
    }

    answer = pages.post(path, rows, lang="en")

    with pages.tracker.database.reading() as session:
        known = store.load_all(session)["chemnitz"]
    assert answer.status_code == 303
    assert former >= 1
    assert [(one.date, one.basis, one.primary) for one in known.dates] == [
        ("1988-05-06", "signed", False), ("1988", "", False), ("1998-05", "renewed", True),
    ]  # fmt: skip
    assert [(one.names, one.start, one.end) for one in known.former_names] == [
        ({"de": "Karl-Marx-Stadt"}, "1953-05-10", "1990-06-01")
    ]
    assert known.latitude is not None
    assert known.states


def test_a_date_that_is_none_and_a_zone_that_is_none_are_told_and_nothing_typed_is_lost(pages: Pages) -> None:
    typed = {"names.en": "Coventry", "dates.0.date": "sometime", "dates.0.basis": "bond", "timezone": "Mars"}

    answer = pages.post("/twins/coventry/edit", typed)
    again = pages.post("/twins/coventry/edit", {**typed, "dates.0.date": "1944"})

    assert (answer.status_code, again.status_code) == (422, 422)
    assert "is not understood as a date" in answer.text
    assert 'value="bond"' in answer.text
    assert "is not a time zone" in again.text


def test_somebody_faster_is_told_and_ones_own_words_stay(pages: Pages) -> None:
    fields = {"names.en": "Coventry", "local_name": "Coventry", "note": "Mine", "version": "0"}

    answer = pages.post("/twins/coventry/edit", fields)

    assert answer.status_code == 409
    assert "Mine" in answer.text


def test_people_in_office_are_entered_on_both_sides(pages: Pages) -> None:
    pages.post(
        "/twins/coventry/offices/new", {"name": "Harry Stanley", "office": "Lord Mayor", "start": "1959", "end": "1960"}
    )
    pages.post("/twins/volgograd/offices/new", {"name": "Владимир Марченко", "office": "Глава города", "start": "2021"})
    refused = pages.post("/twins/coventry/offices/new", {"name": "", "office": "Mayor", "start": "2020", "end": "2019"})

    shown = section(pages.get("/twins/coventry", "reader").text, "offices-head")
    assert "Coventry Harry Stanley , Lord Mayor 1959 – 1960" in shown
    assert "Volgograd Владимир Марченко , Глава города 2021 –" in shown
    assert refused.status_code == 422
    assert "must not be empty" in refused.text


def test_how_an_organisation_is_reached_is_for_those_who_write_unless_it_is_open(pages: Pages) -> None:
    told = {"name": "Peace Committee", "address": "Council House", "email": "p@example.org", "person": "A. Person",
            "phone": "024-4711", "note": "Ring twice", "languages": "en, ru"}  # fmt: skip
    pages.post("/twins/coventry/contacts/new", told)
    private = {role: section(pages.get("/twins/coventry", role).text, "contacts-head") for role in ("reader", "editor")}
    edit = first(r'href="(/twins/coventry/contacts/[0-9a-f-]+)"', pages.get("/twins/coventry").text)

    pages.post(edit, {**told, "open": "1"})

    opened = section(pages.get("/twins/coventry", "reader").text, "contacts-head")
    assert "Council House" in private["reader"]
    assert "Languages: en, ru" in private["reader"]
    for secret in ("p@example.org", "A. Person", "024-4711", "Ring twice"):
        assert secret in private["editor"]
        assert secret not in private["reader"]
    assert "p@example.org" in opened
    assert "Ring twice" not in opened


def test_a_gift_is_entered_photographed_and_stands_in_the_register(pages: Pages) -> None:
    answer = pages.post(
        "/honours/new",
        {"name": "Tablecloth", "kind": "tablecloth", "twin": "coventry", "direction": "from_hub", "date": "1943"},
    )
    add(pages, "honour:tablecloth", ("t.jpg", jpeg(size=(700, 500))))
    make_next_thumbnail(pages.tracker.database, pages.tracker.files, pages.tracker.clock())

    twin, listed = (
        pages.get("/twins/coventry", "reader").text,
        pages.get("/honours?twin=coventry&direction=from_hub").text,
    )
    pages.post("/honours/tablecloth/edit", {"do": "remove"})

    assert answer.location == "/honours/tablecloth"
    assert "Tablecloth · by Volgograd or its people · 1943" in section(twin, "honours-head")
    assert re.search(r'<img src="/files/[0-9a-f-]+/thumbnail"', twin)
    assert listed.count('class="title"') == 1
    assert pages.get("/honours/tablecloth").status_code == 404
    assert ">Tablecloth<" in pages.get("/bin").text

    back = pages.post("/bin/honours/tablecloth", {}, page="/bin")

    assert back.location == "/honours/tablecloth"
    assert re.search(r'<img [^>]*src="/files/[0-9a-f-]+/', pages.get("/honours/tablecloth").text)
    assert ">Tablecloth<" not in pages.get("/bin").text
    assert pages.post("/bin/honours/tablecloth", {}, page="/bin").status_code == 404


def test_readers_change_nothing_of_a_city(pages: Pages) -> None:
    places = ("edit", "states", "offices/new", "contacts/new", f"offices/{UUID(int=0)}")
    paths = ["/honours/new", *(f"/twins/coventry/{place}" for place in places)]

    assert {pages.get(path, "reader").status_code for path in paths} == {403}
    assert not re.search(r'href="[^"]*(/edit|/states|/new)["?]', pages.get("/twins/coventry", "reader").text)


def test_the_balance_counts_the_years_that_are_asked_for_and_tells_whose_turn_it_is(pages: Pages) -> None:
    for start, direction in (("2012-05-01", "to_hub"), ("2016-05-01", "from_hub"), ("2024-05-01", "to_hub")):
        logged(pages, start=start, status="held", direction=direction, twins=["kemi"])
    logged(pages, start="2025-05-01", status="held", direction="from_hub", twins=["kemi"], visibility="confidential")

    ten, fifteen = (
        section(pages.get(f"/twins/kemi?years={years}", "reader").text, "balance-head") for years in (10, 15)
    )
    administrators = section(pages.get("/twins/kemi", "administrator").text, "balance-head")

    assert "It is Volgograd’s turn to visit Kemi." in ten
    assert "In 10 years 1 visit to Volgograd, 0 visits from Volgograd" in ten
    assert "In 15 years 2 visits to Volgograd, 1 visit from Volgograd (balance +1)" in fifteen
    assert "It is Kemi’s turn to visit Volgograd." in administrators


def test_the_chart_is_drawn_and_told_as_a_table_and_holds_nothing_that_may_not_be_seen(pages: Pages) -> None:
    before = pages.get("/twins/kemi", "reader").text
    logged(pages, start="1961", status="held", twins=["kemi"], visibility="staff")

    readers, editors = (pages.get("/twins/kemi", role).text for role in ("reader", "editor"))

    assert readers == before.replace(
        first(r'name="csrf_token" value="([^"]+)"', before), first(r'name="csrf_token" value="([^"]+)"', readers)
    )
    assert "<title>1961: 1</title>" in editors
    assert 'from=1961&amp;to=1961">1961</a>' in editors
    assert editors.count("<rect") == readers.count("<rect") + 1


def test_both_clocks_and_what_lies_between_them_are_told(pages: Pages) -> None:
    clock: Any = pages.tracker.clock
    clock.set(dt.datetime(2026, 11, 27, 12, 0, tzinfo=dt.UTC))

    shown = section(pages.get("/twins/cologne", lang="de").text, "clocks")

    assert "13:00 Köln 15:00 Wolgograd" in shown
    assert "Köln liegt 2 Std. zurück. Ab 28. März 2027: Köln liegt 1 Std. zurück." in shown


@pytest.mark.parametrize(
    ("asked", "there", "not_there"),
    [
        ("q=karl-marx", "Chemnitz", "Cologne"),
        ("q=Koln", "Cologne", "Chemnitz"),
        ("state=ended", "Ostrava", "Cologne"),
        ("state=resting", "Coventry", "Hiroshima"),
        ("link=twin", "Cologne", "nothing-else"),
    ],
)
def test_the_list_is_narrowed_by_name_state_and_link(pages: Pages, asked: str, there: str, not_there: str) -> None:
    shown = words(pages.get(f"/twins?{asked}").text.partition("</form>")[2])

    assert there in shown
    assert not_there not in shown


def test_the_list_tells_what_was_last_and_what_comes(pages_read: Pages) -> None:
    shown = words(pages_read.get("/twins?q=cologne", "reader").text)

    assert "Last 15–21 September 2025 ·" in shown
    assert "Coming 30 October 2026 · 37th anniversary" in shown


def test_the_city_is_asked_for_in_as_many_queries_however_much_there_is(pages: Pages) -> None:
    def asked(path: str) -> int:
        statements: list[str] = []

        def listen(_conn: Any, _cursor: Any, statement: str, *_more: Any) -> None:
            statements.append(statement)

        pages.get(path)
        event.listen(pages.tracker.database.engine, "before_cursor_execute", listen)
        try:
            pages.get(path)
        finally:
            event.remove(pages.tracker.database.engine, "before_cursor_execute", listen)
        return len([one for one in statements if not one.startswith("BEGIN")])

    few = {path: asked(path) for path in ("/twins", "/twins/coventry")}
    for day in range(1, 25):
        logged(
            pages,
            start=f"2018-03-{day:02}",
            status="held",
            twins=["coventry"],
            direction="to_hub",
            kind="exchange",
        )

    assert {path: asked(path) for path in few} == few
    assert max(few.values()) <= 45
