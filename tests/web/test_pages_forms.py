"""Logging, changing, cancelling and removing: each kind, faults at their fields, nothing lost in a conflict."""

import html
import re

import pytest

from tests.web.conftest import Pages, first
from tracker.domain.search import query_words
from tracker.domain.words import LABELS, PURPOSES, SUBTYPES
from tracker.i18n import LANGUAGES, gettext
from tracker.store import activities as store
from tracker.store.activities import ActivityFilter

COMMON = {"title.en": "Something", "twins": ["cologne"], "start": "May 1960", "status": "held", "direction": "to_hub"}
KINDS = {
    "exchange": {
        "counts.0.value": "22", "counts.0.of": "pupils", "counts.0.bound": "about", "counts.0.basis": "actual",
        "details.programme": "Letters", "details.institutions.0.name": "School 5", "details.institutions.0.side": "hub",
        "details.legs.0.way": "outward", "details.legs.0.start": "3.5.1960", "details.legs.0.origin": "Cologne",
    },
    "aid_shipment": {
        "goods.0.description": "Wheelchairs", "goods.0.quantity": "20", "goods.0.unit": "pieces",
        "goods.0.weight_kg": "1234.5",
        "details.form": "shipment", "details.stages.0.stage": "arrived", "details.stages.0.on": "June 1960",
        "money.0.amount": "4 516,00", "money.0.currency": "GBP", "money.0.role": "donation",
    },
    "festival": {"details.sort": "concert", "details.venue": "Town hall", "details.audience": "300"},
    "delegation": {
        "leaders.0.name": "Harry Stanley", "leaders.0.office": "Lord Mayor",
        "details.occasion": "Visit", "details.programme.0.start": "3.5.1960 18:00",
        "details.programme.0.title": "Dinner",
    },
    "milestone": {
        "details.sort": "agreement", "details.ends": "1970",
        "sources.0.url": "https://example.org/a", "sources.0.verified": "1",
    },
}  # fmt: skip


def only(pages: Pages, word: str = "something"):  # type: ignore[no-untyped-def]  # elements of a soup
    with pages.tracker.database.reading() as session:
        chosen = ActivityFilter(words=query_words(word))
        (row,) = [r for r in store.listed(session, chosen) if r.external_id is None]
        return row.to_activity()


def new(pages: Pages, kind: str = "festival", lang: str = "en", **more: object):  # type: ignore[no-untyped-def]  # elements of a soup
    return pages.post(f"/activities/new?kind={kind}", {**COMMON, **KINDS[kind], **more}, lang=lang)


def test_known_words_are_typed_and_shown_in_the_readers_language_and_kept_as_one(pages: Pages) -> None:
    typed = {"counts.0.value": "22", "counts.0.of": "Schülerinnen und Schüler", "subtype": "Konzert"}
    new(pages, lang="de", **typed, **{"counts.1.value": "3", "counts.1.of": "Trompeten"})

    made = only(pages)
    shown = pages.get(f"/activities/{made.id}/edit", lang="ru").text

    assert [count.of for count in made.counts] == ["pupils", "Trompeten"]
    assert made.subtype == "concert"
    assert first(r'id="counts.0.of"[^>]* value="([^"]*)"', shown) == "школьники"
    assert first(r'id="subtype"[^>]* value="([^"]*)"', shown) == "концерт"


@pytest.mark.parametrize("table", [LABELS, PURPOSES, SUBTYPES])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_known_words_are_said_alike(table: dict[str, str], language: str) -> None:
    assert len({gettext(language, message).casefold() for message in table.values()}) == len(table)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_logged_with_what_matters_to_it(pages: Pages, kind: str) -> None:
    answer = new(pages, kind)

    assert answer.status_code == 302, html.unescape(re.sub("<[^>]+>", "", answer.text))
    made = only(pages)
    assert (made.kind, made.start, made.twins, made.status) == (kind, "1960-05", ("cologne",), "held")
    shown = made.model_dump(mode="json")
    if kind == "exchange":
        assert shown["counts"][0]["value"] == 22
        assert shown["details"]["legs"][0]["start"] == "1960-05-03"
    if kind == "aid_shipment":
        assert shown["goods"][0]["weight_kg"] == "1234.500"
        assert shown["money"][0]["amount"] == "4516.00"
        assert shown["details"]["stages"] == [{"stage": "arrived", "on": "1960-06", "note": ""}]
    if kind == "delegation":
        assert shown["details"]["programme"][0]["start"] == "1960-05-03T18:00"
    if kind == "milestone":
        assert shown["details"]["ends"] == "1970"
        assert shown["sources"] == [{"url": "https://example.org/a", "text": "", "verified": True}]


@pytest.mark.parametrize("kind", KINDS)
def test_saving_a_form_unchanged_changes_nothing(pages: Pages, kind: str) -> None:
    new(pages, kind)
    made = only(pages)
    path = f"/activities/{made.id}/edit"

    answer = pages.post(path, fields_of(pages.get(path, lang="de").text), lang="de")

    assert answer.status_code == 302
    assert only(pages) == made


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("Mai 1960", "1960-05", None),
        ("1960-05", "1960-05", None),
        ("3.5.1960", "1960-05-03", None),
        ("осень 2013", "2013-23", None),
        ("1990er", "199X", None),
        ("seit 2002", "2002", ".."),
        ("1994–2002", "1994", "2002"),
    ],
)
def test_a_date_is_taken_as_people_write_it_and_told_back(pages: Pages, text: str, start: str, end: str | None) -> None:
    answer = new(pages, start=text, lang="de", status="planned" if end == ".." else "held")

    assert answer.status_code == 302
    made = only(pages)
    assert (made.start, made.end) == (start, end)


@pytest.mark.parametrize(
    ("lang", "typed", "kilograms"),
    [
        ("de", "1.234,5", "1234.500"),
        ("de", "20.000", "20000.000"),
        ("de", "0,125", "0.125"),
        ("en", "1,234.5", "1234.500"),
        ("en", "20.125", "20.125"),
        ("ru", "1 234,5", "1234.500"),
        ("ru", "1234.5", "1234.500"),
    ],
)
def test_a_number_is_read_as_its_language_writes_it(pages: Pages, lang: str, typed: str, kilograms: str) -> None:
    new(pages, "aid_shipment", lang, **{"goods.0.weight_kg": typed})

    assert str(only(pages).goods[0].weight_kg) == kilograms


def test_a_time_needs_no_more_than_its_own_field(pages: Pages) -> None:
    new(pages, start="28.11.2026", start_time="18.00", end_time="20:30", timezone="Europe/Volgograd", status="planned")

    made = only(pages)
    assert (made.start, made.end, made.timezone) == ("2026-11-28T18:00", "2026-11-28T20:30", "Europe/Volgograd")


@pytest.mark.parametrize(
    ("lang", "told"),
    [("en", "is not understood as a date"), ("de", "„irgendwann“"), ("ru", "«irgendwann»")],
)
def test_a_fault_is_told_at_its_field_and_the_text_is_kept(pages: Pages, lang: str, told: str) -> None:
    answer = new(pages, lang=lang, start="irgendwann", **{"title.de": "Bleibt stehen"})

    page = html.unescape(answer.text)
    assert answer.status_code == 422
    assert told in first(r'(?s)id="start-told">(.*?)</div>\s*</div>|$', page)
    assert re.search(r'id="start" name="start" aria-invalid="true" aria-describedby="start-told"', page)
    assert 'value="irgendwann"' in page
    assert 'value="Bleibt stehen"' in page
    assert '<a href="#start">' in page.partition('role="alert"')[2]


def test_every_fault_is_told_at_once_and_a_folded_section_with_one_opens(pages: Pages) -> None:
    answer = new(pages, **{"title.en": "", "twins": [], "money.0.amount": "much", "money.0.currency": "EUR"})

    linked = set(re.findall(r'<a href="#([^"]+)">', answer.text.partition('role="alert"')[2].partition("</ul>")[0]))
    assert linked == {"title.en", "twins", "money.0.amount"}
    assert re.search(r'<details class="fold" id="section-money" open>', answer.text)


def test_what_the_store_alone_can_tell_stands_at_its_field_too(pages: Pages) -> None:
    answer = new(pages, start="2031", status="held")

    assert answer.status_code == 422
    assert 'href="#status"' in answer.text


def test_another_row_is_added_without_losing_what_was_typed(pages: Pages) -> None:
    answer = new(pages, "exchange", _add="counts")

    assert answer.status_code == 200
    assert 'value="22"' in answer.text
    assert re.search(r'id="counts.1.value"[^>]*autofocus', answer.text)


def test_a_second_writer_is_told_and_loses_nothing(pages: Pages) -> None:
    new(pages)
    made = only(pages)
    path = f"/activities/{made.id}/edit"
    old = fields_of(pages.get(path).text)
    pages.post(path, {**old, "place": "Coventry"})
    kept = "0b1f0b42-4f2e-4b7e-8f0a-5c1b1f6f9a01"
    pages.post(path, {**old, "place": "Stalingrad", "_keep": "1", "_draft": kept})

    late = pages.post(path, {**old, "version": "1", "place": "Stalingrad", "_draft": kept}, lang="de")
    waiting = pages.get("/activities/new").text
    choice = {**fields_of(late.text), "choice.place": "mine"}
    again = pages.post(f"/activities/{made.id}/conflict", choice, page=path)

    assert late.status_code == 409
    assert "Jemand anderes hat diese Aktivität geändert" in late.text
    assert re.search(r"<legend>Ort</legend>.*Coventry.*Stalingrad", late.text, re.DOTALL)
    assert again.status_code == 302
    assert only(pages).place == "Stalingrad"
    # The draft is kept for whoever goes away without choosing, and goes with the choice.
    assert kept in waiting
    assert kept not in pages.get("/activities/new").text


def test_what_the_form_does_not_show_is_kept(pages: Pages) -> None:
    new(pages, **{"title.ta": "பண்டிகை"})
    made = only(pages)

    pages.post(f"/activities/{made.id}/edit", {**COMMON, "place": "Chennai"})

    changed = only(pages)
    assert changed.place == "Chennai"
    assert changed.title["ta"] == "பண்டிகை"
    assert changed.details == made.details


def test_purposes_are_suggested_and_told_in_the_readers_language(pages: Pages) -> None:
    new(pages, counts_for="Völkerverständigung, Stadtfest")

    form, shown = (
        pages.get("/activities/new?kind=festival", lang="de"),
        pages.get(f"/activities/{only(pages).id}", lang="ru"),
    )

    assert '<option value="Völkerverständigung">' in html.unescape(form.text)
    assert "международное взаимопонимание, Stadtfest" in shown.text


@pytest.mark.parametrize(
    ("kind", "row", "word"), [("delegation", "details.programme.{}", "title"), ("exchange", "details.legs.{}", "means")]
)
def test_a_part_that_moves_down_and_in_time_is_known_again(pages: Pages, kind: str, row: str, word: str) -> None:
    new(pages, kind)
    made = only(pages)
    path, first_row, second_row = f"/activities/{made.id}/edit", row.format(0), row.format(1)
    ((own, _),) = parts_of_row(made)

    filled = fields_of(pages.get(path).text)
    sent = {name.replace(first_row, second_row): value for name, value in filled.items()}
    sent |= {f"{first_row}.start": "1.5.1960", f"{first_row}.{word}": "Before", f"{second_row}.start": "9.5.1960"}
    answer = pages.post(path, sent)

    assert answer.status_code == 302
    (before, _), (moved, start) = parts_of_row(only(pages))
    assert (moved, start) == (own, "1960-05-09")
    assert before not in ("", own)


def test_a_row_that_was_emptied_is_gone_although_its_id_is_sent(pages: Pages) -> None:
    new(pages, "delegation")
    path = f"/activities/{only(pages).id}/edit"
    filled = fields_of(pages.get(path).text)

    emptied = {name: "" for name in filled if name.startswith("details.programme.0.") and not name.endswith(".id")}
    pages.post(path, {**filled, **emptied})

    assert filled["details.programme.0.id"] != [""]
    assert parts_of_row(only(pages)) == []


def test_a_stage_typed_twice_is_told_at_the_second(pages: Pages) -> None:
    answer = new(
        pages, "aid_shipment", "de", **{"details.stages.1.stage": "arrived", "details.stages.1.on": "7.6.1960"}
    )

    assert answer.status_code == 422
    assert 'href="#details.stages.1.stage"' in answer.text
    assert re.search(r'id="details.stages.1.stage"[^>]* aria-invalid="true"', answer.text)


def parts_of_row(activity) -> list[tuple[str, str]]:  # type: ignore[no-untyped-def]  # elements of a soup
    """Id and start of each item of a visit's programme, or of each journey of an exchange."""
    details = activity.model_dump(mode="json")["details"]
    return [(item["id"], item["start"]) for item in details["programme" if activity.kind == "delegation" else "legs"]]


def test_cancelling_needs_a_reason_and_tells_it(pages: Pages) -> None:
    new(pages, start="2026-12-07", status="planned")
    made = only(pages)
    page, path = f"/activities/{made.id}", f"/activities/{made.id}/status"

    pages.post(path, {"status": "cancelled", "reason": ""}, page=page)
    without = only(pages)
    pages.post(path, {"status": "cancelled", "reason": "No visas in time"}, page=page)

    assert without.status == "planned"
    assert (only(pages).status, only(pages).reason) == ("cancelled", "No visas in time")
    assert "No visas in time" in pages.get(page).text


def test_only_changes_of_status_that_are_allowed_are_offered(pages: Pages) -> None:
    new(pages)
    made = only(pages)

    offered = re.findall(r'name="status" value="(\w+)"', pages.get(f"/activities/{made.id}").text)

    # It was logged as held: that can be mended, but what happened is not put off.
    assert offered == ["planned", "cancelled"]


def test_a_removed_activity_is_gone_from_list_and_page(pages: Pages) -> None:
    new(pages)
    made = only(pages)

    pages.post(f"/activities/{made.id}/remove", {}, page=f"/activities/{made.id}")

    assert pages.get(f"/activities/{made.id}").status_code == 404


def test_a_reader_is_offered_no_change_and_can_make_none(pages: Pages) -> None:
    new(pages)
    made = only(pages)

    page = pages.get(f"/activities/{made.id}", "reader").text
    answer = pages.post(f"/activities/{made.id}/remove", {}, "reader", page="/account")

    assert "/edit" not in page
    assert answer.status_code == 403
    assert only(pages) == made


def test_an_editor_cannot_touch_what_is_for_administrators(pages: Pages) -> None:
    pages.post("/activities/new?kind=festival", {**COMMON, "visibility": "confidential"}, "administrator")
    made = only(pages)

    assert pages.get(f"/activities/{made.id}/edit", "editor").status_code == 404


@pytest.mark.parametrize(
    ("lang", "says"),
    [("de", "Verstanden als: Mai 1960"), ("ru", "Понято так: май 1960"), ("en", "Understood as: May 1960")],
)
def test_the_script_can_ask_how_a_date_is_understood(pages: Pages, lang: str, says: str) -> None:
    answer = pages.get("/understand?text=Mai+1960", lang=lang)

    assert answer.json is not None
    assert answer.json["edtf"] == "1960-05"
    assert answer.json["says"].startswith(says)


@pytest.mark.parametrize("mode", ["embedded"])
def test_a_time_behind_a_day_is_understood_where_a_field_takes_one(pages: Pages) -> None:
    asked = "/understand?text=27.3.2027+9.30+Uhr"

    timed, plain = pages.get(f"{asked}&timed=1", lang="de").json, pages.get(asked, lang="de").json

    assert timed == {"edtf": "2027-03-27T09:30", "says": "Verstanden als: 27. März 2027, 09:30"}
    assert plain
    assert plain["edtf"] is None
    form = pages.get("/activities/new?kind=delegation").text
    assert re.search(r'name="details.programme.0.start"[^>]* data-timed', form)
    assert not re.search(r'name="start"[^>]* data-timed', form)


def fields_of(page: str) -> dict[str, list[str]]:
    """What a browser would send of the form that stands in `page`."""
    page = page.partition("<main")[2]
    fields: dict[str, list[str]] = {}
    for tag in re.findall(r"<input [^>]*>", page):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        checked = 'type="checkbox"' not in tag or " checked" in tag
        if name and checked and name[1] != "csrf_token":
            fields.setdefault(name[1], []).append(html.unescape(value[1] if value else ""))
    for name, inner in re.findall(r'(?s)<select [^>]*name="([^"]*)"[^>]*>(.*?)</select>', page):
        options = re.findall(r'<option value="([^"]*)"( selected)?', inner)
        fields[name] = [next((v for v, chosen in options if chosen), options[0][0])]
    for name, inner in re.findall(r'(?s)<textarea [^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', page):
        fields[name] = [html.unescape(inner)]
    return fields


@pytest.mark.parametrize("kind", KINDS)
def test_any_kind_can_be_remembered_every_year_and_forgotten_again(pages: Pages, kind: str) -> None:
    new(pages, kind, **{"details.remembered": "true"})
    made = only(pages)
    path = f"/activities/{made.id}"
    shown = pages.get(path).text

    filled = fields_of(pages.get(f"{path}/edit").text)
    pages.post(f"{path}/edit", {**filled, "details.remembered": ""})

    assert made.details.remembered is True
    assert "Remembered every year" in shown
    assert filled["details.remembered"] == ["true"]
    assert only(pages).details.remembered is None
