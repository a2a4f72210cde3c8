"""Logging made quick: a line, a copy, a pasted table, drafts, doubles; nothing is stored before somebody looked."""

import html
import re

import pytest

from tests.web.conftest import Pages, first
from tracker.domain.activities import Activity
from tracker.domain.search import query_words
from tracker.store import activities as store
from tracker.store import drafts as draft_store
from tracker.store.activities import ActivityFilter

NEW = "/activities/new?kind=delegation"
TYPED = {"title.en": "Lord Mayor of Coventry visits", "twins": ["coventry"], "start": "May 1997", "status": "held"}


def logged(pages: Pages, word: str) -> list[Activity]:
    """What was logged here, beside what the registry brings."""
    with pages.tracker.database.reading() as session:
        found = store.listed(session, ActivityFilter(words=query_words(word)))
        return [row.to_activity() for row in found if row.external_id is None]


def drafts(pages: Pages) -> list[draft_store.DraftRow]:
    with pages.tracker.database.reading() as session:
        return list(session.query(draft_store.DraftRow))


def value_of(page: str, name: str) -> str:
    found = re.search(rf'<input[^>]* name="{re.escape(name)}"[^>]*>', page)
    assert found, name
    return html.unescape(first(r' value="([^"]*)"', found[0]))


def ticked(page: str) -> list[str]:
    return re.findall(r'name="twins" value="([^"]+)"[^>]* checked', page)


@pytest.mark.parametrize(
    ("lang", "line", "kind", "when"),
    [
        ("de", "Delegation Coventry Mai 1960, Harry Stanley", "delegation", "Mai 1960"),
        ("en", "delegation from Coventri, May 1960, Harry Stanley", "delegation", "May 1960"),
        ("ru", "делегация из Ковентри май 1960, Гарри Стэнли", "delegation", "май 1960"),
    ],
)
def test_a_line_becomes_a_filled_form_and_nothing_is_stored(
    pages: Pages, lang: str, line: str, kind: str, when: str
) -> None:
    page = pages.get(f"/activities/quick?line={line}", lang=lang).text

    assert f'action="/activities/new?kind={kind}"' in page
    assert value_of(page, "start") == when
    assert ticked(page) == ["coventry"]
    assert value_of(page, "leaders.0.name") in ("Harry Stanley", "Гарри Стэнли")
    assert "Stanley" not in value_of(page, f"title.{lang}")
    assert logged(pages, "coventry") == []


def test_a_line_without_a_kind_asks_which_and_keeps_its_words(pages: Pages) -> None:
    page = pages.get("/activities/quick?line=Something in Coventry May 1960").text

    assert "Which kind is it?" in page
    assert page.count("/activities/quick?line=Something+in+Coventry+May+1960&amp;kind=") == 5
    assert "Not found in it:" in page
    assert "Not found in it:" not in pages.get("/activities/quick?line=Coventry May 1960&kind=festival").text


def test_a_line_is_logged_by_sending_its_form(pages: Pages) -> None:
    page = "/activities/quick?line=Concert Coventry 12 May 1997, about 300 visitors"
    shown = pages.get(page).text

    fields = {name: value_of(shown, name) for name in ("title.en", "start", "counts.0.value")}
    more = {"twins": ticked(shown), "counts.0.of": "visitors", "counts.0.bound": "about", "status": "held"}
    answer = pages.post("/activities/new?kind=festival", fields | more, page=page)

    assert answer.status_code == 302
    (made,) = [one for one in logged(pages, "concert") if one.start == "1997-05-12"]
    assert (made.title, made.counts[0].value, made.counts[0].bound) == ({"en": "Concert Coventry"}, 300, "about")


def test_readers_do_not_get_at_any_of_it(pages: Pages) -> None:
    for path in ("/activities/quick?line=a", "/activities/several", "/activities/doubles?kind=festival"):
        assert pages.get(path, role="reader").status_code == 403


def test_what_is_logged_already_is_shown_before_it_is_logged_twice(pages: Pages) -> None:
    pages.post(NEW, TYPED)
    again = {**TYPED, "title.en": "The Lord Mayor visits", "start": "12 May 1997"}

    warned = pages.post(NEW, again)

    assert warned.status_code == 409
    assert "Perhaps this is logged already" in warned.text
    (known,) = logged(pages, "lord mayor of coventry visits")
    assert f"/activities/{known.id}/edit" in warned.text
    assert value_of(warned.text, "title.en") == "The Lord Mayor visits"
    assert logged(pages, "the lord mayor visits") == []

    assert pages.post(NEW, {**again, "_another": "1"}).status_code == 302
    assert len(logged(pages, "the lord mayor visits")) == 1


def test_a_double_somebody_may_not_see_is_not_told(pages: Pages) -> None:
    pages.post(NEW, {**TYPED, "visibility": "confidential"}, role="administrator")
    asked = "/activities/doubles?kind=delegation&twins=coventry&start=1997&title.en=Lord Mayor visits"

    assert "Lord Mayor of Coventry visits" in pages.get(asked, role="administrator").text
    assert pages.get(asked, role="editor").text.strip() == ""
    assert pages.post(NEW, TYPED, role="editor").status_code == 302


def test_checking_says_how_it_is_understood_and_saves_nothing(pages: Pages) -> None:
    page = pages.post(NEW, {**TYPED, "_check": "1"})

    assert page.status_code == 200
    assert "Understood as: May 1997" in page.text
    assert "It is not saved yet" in page.text
    assert logged(pages, "lord mayor of coventry visits") == []


def test_a_draft_is_kept_found_again_and_gone_once_it_is_saved(pages: Pages) -> None:
    browser = pages.browser()
    form = browser.get(NEW).text
    hidden = {name: value_of(form, name) for name in ("csrf_token", "_draft")}
    kept = browser.post("/activities/drafts?kind=delegation", data={**hidden, **TYPED, "start": "May 19"})
    assert kept.status_code == 204

    link = first(r'href="(/activities/drafts/[0-9a-f-]+)"', browser.get("/activities/new").text)
    again = browser.get(link).text
    assert value_of(again, "start") == "May 19"
    assert ticked(again) == ["coventry"]
    assert value_of(again, "_draft") == hidden["_draft"]

    assert browser.post(NEW, data={**hidden, **TYPED}).status_code == 302
    assert drafts(pages) == []


def test_a_draft_is_nobody_elses(pages: Pages) -> None:
    pages.post(NEW, {**TYPED, "_keep": "1", "_draft": "0b1f0b42-4f2e-4b7e-8f0a-5c1b1f6f9a01"})
    (known,) = drafts(pages)

    assert pages.get(f"/activities/drafts/{known.id}", role="administrator").status_code == 404
    assert "Your drafts" not in pages.get("/activities/new", role="administrator").text
    pages.post(f"/activities/drafts/{known.id}/discard", {}, role="administrator", page="/activities/new")
    stolen = {**TYPED, "_draft": str(known.id), "title.en": "Mine now"}
    pages.post("/activities/drafts?kind=delegation", stolen, role="administrator", page=NEW)
    assert [row.fields["title.en"] for row in drafts(pages)] == [["Lord Mayor of Coventry visits"]]

    pages.post(f"/activities/drafts/{known.id}/discard", {}, page="/activities/new")
    assert drafts(pages) == []


def test_drafts_go_after_a_month(pages: Pages) -> None:
    pages.post(NEW, {**TYPED, "_keep": "1"})
    clock = pages.tracker.clock
    clock.set(clock().replace(year=clock().year + 1))  # type: ignore[attr-defined]  # the tests' own clock

    assert "Your drafts" not in pages.get("/activities/new").text
    pages.post(NEW, {**TYPED, "title.en": "Another", "_keep": "1"}, role="administrator")
    assert [row.fields["title.en"] for row in drafts(pages)] == [["Another"]]


def test_what_is_sent_after_the_session_ended_survives_the_login(pages: Pages) -> None:
    browser = pages.app.test_client()

    sent = browser.post(NEW, data={**TYPED, "csrf_token": "of a session that is over"})
    assert sent.status_code == 303
    assert sent.location.startswith("/login?next=/activities/drafts/")
    assert "What you typed is kept" in browser.get(sent.location).text
    draft = first(r"next=(/activities/drafts/[0-9a-f-]+)", sent.location)
    # Whoever has only the address, and not this browser, gets nothing.
    assert pages.get(draft, role="administrator").status_code == 404

    with pages.browser().session_transaction() as theirs, browser.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = theirs["_user_id"], True
    again = browser.get(draft).text
    assert value_of(again, "title.en") == TYPED["title.en"]
    hidden = {name: value_of(again, name) for name in ("csrf_token", "_draft")}
    assert browser.post(NEW, data={**hidden, **TYPED}).status_code == 302
    assert len(logged(pages, "lord mayor of coventry visits")) == 1
    assert drafts(pages) == []


def test_another_site_leaves_nothing_here(pages: Pages) -> None:
    for foreign in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}):
        answer = pages.app.test_client().post(NEW, data=TYPED, headers=foreign)

        assert answer.status_code == 400
        assert "Set-Cookie" not in answer.headers or "draft" not in answer.headers["Set-Cookie"]
    assert drafts(pages) == []


def test_a_form_with_a_stale_token_comes_back_as_it_was_typed(pages: Pages) -> None:
    answer = pages.browser().post(NEW, data={**TYPED, "csrf_token": "stale"})

    assert answer.status_code == 400
    assert value_of(answer.text, "title.en") == TYPED["title.en"]
    assert "please save again" in answer.text
    assert logged(pages, "lord mayor of coventry visits") == []


def test_a_stale_form_of_what_is_not_there_any_more_is_told_so(pages: Pages) -> None:
    gone = f"/activities/{'1' * 8}-1111-1111-1111-{'1' * 12}/edit"

    assert pages.browser().post(gone, data={**TYPED, "csrf_token": "stale"}).status_code == 404


def test_what_comes_every_year_is_logged_again(pages: Pages) -> None:
    more = {"counts.0.value": "12", "counts.0.of": "travellers", "counts.0.basis": "actual", "money.0.amount": "100",
            "money.0.currency": "EUR", "details.programme.0.start": "2.5.1997 18:00",
            "details.programme.0.title": "Dinner"}  # fmt: skip
    pages.post(NEW, {**TYPED, "title.en": "City days 1997", "start": "1.5.1997", **more})
    (known,) = logged(pages, "city days 1997")

    page = pages.get(f"/activities/{known.id}/again").text

    assert 'action="/activities/new?kind=delegation"' in page
    assert value_of(page, "title.en") == "City days 2026"
    assert value_of(page, "start") == "1 May 2026"
    assert value_of(page, "details.programme.0.start") == "2 May 2026 18:00"
    assert value_of(page, "details.programme.0.id") == ""
    assert '<option value="planned" selected>planned<' in page
    assert '<option value="planned" selected>planned number<' in page
    assert value_of(page, "money.0.amount") == ""
    assert "/again" in pages.get(f"/activities/{known.id}").text


TABLES = {
    "de": "Datum\tArt\tPartnerstadt\tTitel\tTeilnehmer\n12.5.1997\tKonzert\tKöln\tChor im Dom\t40\n"
    "Mai 1998\tDelegation\tCoventry; Kemi\tZwei Städte\t12 Personen\n",
    "en": "Date;Kind;City;Title;Amount\n12 May 1997;concert;Cologne;Choir in the Dome;4,516 £\n"
    "May 1998;visit;Coventry, Kemi;Two cities;\n",
    "ru": "Дата,Вид,Город,Название,Участники\n12.05.1997,концерт,Кёльн,Хор в соборе,40\n"
    "май 1998,визит,Ковентри и Кеми,Два города,12\n",
}


@pytest.mark.parametrize("lang", TABLES)
def test_a_pasted_table_is_looked_at_and_then_taken_in(pages: Pages, lang: str) -> None:
    sent = pages.post("/activities/several", {"text": TABLES[lang]}, lang=lang)
    assert sent.status_code == 303, html.unescape(re.sub("<[^>]+>", "", sent.text))
    words = {"de": ("chor im dom", "zwei städte"), "en": ("choir in the dome", "two cities"), "ru": ("хор", "два")}
    assert logged(pages, words[lang][0]) == []

    pages.post(f"{sent.location}/take-in", {}, lang=lang, page=sent.location)

    (choir,), (cities,) = (logged(pages, word.replace("ä", "a")) for word in words[lang])
    assert (choir.kind, choir.twins, choir.start, choir.status) == ("festival", ("cologne",), "1997-05-12", "held")
    assert (cities.kind, set(cities.twins), cities.start) == ("delegation", {"coventry", "kemi"}, "1998-05")
    if lang == "de":
        assert (choir.counts[0].value, cities.counts[0].value) == (40, 12)
    if lang == "en":
        assert (str(choir.money[0].amount), choir.money[0].currency) == ("4516.00", "GBP")


def test_the_faults_of_a_pasted_table_are_told_at_their_cells(pages: Pages) -> None:
    sent = pages.post("/activities/several", {"text": TABLES["de"].replace("12.5.1997", "12.13.1997")}, lang="en")

    page = pages.get(sent.location).text
    assert "Row 2, Date:" in page
    assert "there is no month 13" in page
    assert "/take-in" not in page
    again = first(r'href="(/activities/several\?again=[^"]+)"', page)
    assert "12.13.1997" in pages.get(again).text


def test_a_pasted_table_without_headings_asks_what_its_columns_are(pages: Pages) -> None:
    rows = "12.5.1997\tKöln\tChor im Dom\n3.6.1998\tKemi\tEin langer Abend mit Musik\n"
    asked = pages.post("/activities/several", {"text": rows}, lang="de").text
    assert re.findall(r'<option value="(\w+)" selected', asked)[:3] == ["date_start", "twin_slugs", "title"]

    columns = {"column.0": "date_start", "column.1": "twin_slugs", "column.2": "title", "kind": "festival"}
    sent = pages.post("/activities/several", {"text": rows, **columns}, lang="de")
    wrong = pages.post("/activities/several", {"text": rows.replace("3.6.", "3.13."), **columns}, lang="de")

    assert "Zeile 2, Datum:" in pages.get(wrong.location, lang="de").text
    pages.post(f"{sent.location}/take-in", {}, lang="de", page=sent.location)
    (made,) = logged(pages, "chor im dom")
    assert (made.kind, made.twins, made.title) == ("festival", ("cologne",), {"de": "Chor im Dom"})


def test_the_preview_of_a_table_says_what_is_logged_already(pages: Pages) -> None:
    pages.post(NEW, TYPED)
    table = "Date;Kind;City;Title\n12 May 1997;delegation;Coventry;Visit of the Lord Mayor\n"

    sent = pages.post("/activities/several", {"text": table})

    assert "Perhaps this is logged already" in pages.get(sent.location).text


@pytest.mark.parametrize("text", ["", "only one column\nof words", "a\tb\n" * 600])
def test_what_is_no_table_is_refused_with_what_would_be_right(pages: Pages, text: str) -> None:
    answer = pages.post("/activities/several", {"text": text})

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


@pytest.mark.parametrize("kind", ["delegation", "exchange"])
@pytest.mark.parametrize(
    ("lang", "told"), [("en", "Choose who travels"), ("de", "wählen Sie, wer reist"), ("ru", "Выберите, кто едет")]
)
def test_who_travels_is_asked_for_a_journey_and_never_guessed(pages: Pages, kind: str, lang: str, told: str) -> None:
    address = f"/activities/new?kind={kind}"
    asked = pages.get(address).text
    refused = pages.post(address, {**TYPED, "direction": ""}, lang=lang)
    done = pages.post(address, {**TYPED, "direction": "none"}, lang=lang)

    assert re.search(r'name="direction"[^>]*>\s*<option value="">please choose</option>', asked)
    assert (refused.status_code, done.status_code) == (422, 302)
    assert told in refused.text
    assert [one.direction for one in logged(pages, "coventry visits")] == ["none"]


def test_of_what_is_no_journey_nobody_is_asked_who_travels(pages: Pages) -> None:
    asked = pages.get("/activities/new?kind=festival").text

    assert '<option value="none" selected>' in asked
    assert "please choose" not in asked
