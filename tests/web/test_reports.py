"""Reports as pages: shown, asked what stands behind, written into, made into documents, frozen, closed."""

import io
import re
from functools import partial
from uuid import UUID

import pytest
from PIL import Image

from tests.web.conftest import Pages, first
from tracker.actions.report_jobs import make_next
from tracker.actions.report_mailings import queue_mails
from tracker.actions.report_readers import revise_reader
from tracker.domain.commands import Actor
from tracker.domain.report_readers import Reader
from tracker.gateways.live import MemoryLive
from tracker.store.report_readers import ReaderRow


def make(pages: Pages) -> None:
    tracker = pages.tracker
    finish = partial(queue_mails, letterhead=tracker.letterhead)
    make_next(tracker.database, MemoryLive(), tracker.clock, finish)


def confidential(pages: Pages, slug: str = "members") -> None:
    """Let a reader's report be for administrators only."""
    with pages.tracker.database.reading() as session:
        row = session.get_one(ReaderRow, slug)
    document = Reader.model_validate(row.to_reader()).model_dump(mode="json")
    document["level"] = "confidential"
    revise_reader(pages.tracker.database, slug, document, row.version, Actor("system"), pages.tracker.clock())


@pytest.mark.parametrize("lang", ["en", "de", "ru"])
def test_years_and_a_report_are_shown_in_each_language(pages: Pages, lang: str) -> None:
    years = pages.get("/reports", "reader", lang)
    report = pages.get("/reports/2018?for=members&beside=ru", "reader", lang)

    assert years.status_code == report.status_code == 200
    assert 'href="/reports/2018"' in years.text
    assert "<table>" in report.text
    assert report.text.count("<h1") == 1
    assert "style=" not in report.text.partition("<main")[2]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/reports/soon", 404),
        ("/reports/2018?for=nobody", 404),
        ("/reports/2018?twin=atlantis", 404),
        ("/reports?period=2019..2018", 422),
        ("/reports?period=2018-07..2019-06", 302),
        ("/reports/2018-01..2018-12", 302),
        ("/reports/editions/77", 404),
        ("/reports/documents/77/x.pdf", 404),
        ("/reports/2018/close/nothing", 404),
    ],
)
def test_what_is_not_there_is_told_so(pages: Pages, path: str, status: int) -> None:
    assert pages.get(path).status_code == status


def test_a_figure_leads_to_the_activities_behind_it(pages: Pages) -> None:
    report = pages.get("/reports/2018")
    address = first(r'href="(/reports/2018/behind\?key=[^"]+)"', report.text).replace("&amp;", "&")

    shown = pages.get(address, "reader")

    assert shown.status_code == 200
    assert len(re.findall(r'href="/activities/[0-9a-f-]{36}"', shown.text)) == 5


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("/reports/2018/close", "reader"),
        ("/reports/2018/text?section=highlights", "reader"),
        ("/reports/2018/pictures", "reader"),
        ("/admin/readers", "editor"),
        ("/admin/readers/members", "editor"),
        ("/admin/mailings", "editor"),
    ],
)
def test_each_page_is_for_those_whose_work_it_is(pages: Pages, path: str, role: str) -> None:
    assert pages.get(path, role).status_code == 403
    assert pages.get(path, "administrator").status_code == 200


def test_a_text_is_looked_at_saved_and_shown_in_its_section(pages: Pages) -> None:
    path, fields = (
        "/reports/2018/text",
        {"section": "highlights", "tongue": "en", "markdown": "It was **good** <b>x</b>"},
    )
    page = f"{path}?section=highlights&tongue=en"

    preview = pages.post(path, {**fields, "_preview": "1"}, page=page)
    nothing = pages.get("/reports/2018")
    saved = pages.post(path, fields, page=page)
    stale = pages.post(path, {**fields, "version": "0", "markdown": "Mine"}, page=page)

    assert "<strong>good</strong> &lt;b&gt;x&lt;/b&gt;" in preview.text
    assert "<strong>good</strong>" not in nothing.text
    assert saved.status_code == 303
    assert "<strong>good</strong>" in pages.get("/reports/2018").text
    assert (stale.status_code, "Mine" in stale.text, "It was **good**" in stale.text) == (409, True, True)


def test_a_picture_is_added_shown_and_taken_out(pages: Pages) -> None:
    file = io.BytesIO()
    Image.new("RGB", (60, 40), "green").save(file, "PNG")
    path = "/reports/2018/pictures"

    refused = pages.post(path, {"picture": (io.BytesIO(file.getvalue()), "x.png")})
    added = pages.post(path, {"picture": (io.BytesIO(file.getvalue()), "x.png"), "alt.en": "A green field"})
    listed = pages.get(path).text
    address = first(r'src="(/reports/2018/pictures/[0-9a-f-]{36})"', listed)
    image = pages.get(address)
    removed = pages.post(address, {"_remove": "1"}, page=path)

    assert (refused.status_code, added.status_code, removed.status_code) == (422, 303, 303)
    assert image.mimetype == "image/png"
    assert pages.get(address).status_code == 404


def test_a_document_is_ordered_watched_and_fetched(pages: Pages) -> None:
    ordered = pages.post("/reports/2018/make", {"form": "csv"}, role="reader", page="/reports/2018")
    waiting = pages.get(ordered.location, "reader")
    make(pages)
    done = pages.get(ordered.location, "reader")
    address = first(r'href="(/reports/documents/\d+/[^"]+)"', done.text)
    fetched = pages.get(address, "reader")

    assert ordered.status_code == 303
    assert "<progress" in waiting.text
    assert f'href="{ordered.location}"' in waiting.text
    assert fetched.status_code == 200
    assert fetched.headers["Content-Disposition"].startswith('attachment; filename="report-2018-members')
    assert fetched.headers["Content-Disposition"].isascii()
    assert pages.get(ordered.location, "editor").status_code == 404


def test_a_document_and_an_edition_are_there_only_for_who_may_see_them(pages: Pages) -> None:
    confidential(pages)
    frozen = pages.post("/reports/2018/editions", {"for": "members"}, "administrator", page="/reports/2018")
    ordered = pages.post("/reports/2018/make", {"form": "csv"}, "administrator", page="/reports/2018")
    make(pages)
    address = first(r'href="(/reports/documents/\d+/[^"]+)"', pages.get(ordered.location, "administrator").text)

    statuses = {role: [pages.get(path, role).status_code for path in (frozen.location, address)]
                for role in ("reader", "editor", "administrator")}  # fmt: skip
    listed = {role: frozen.location in pages.get("/reports/2018", role).text for role in statuses}

    assert statuses == {"reader": [404, 404], "editor": [404, 404], "administrator": [200, 200]}
    assert listed == {"reader": False, "editor": False, "administrator": True}


def test_an_edition_is_frozen_and_tells_what_has_changed_since(pages: Pages) -> None:
    frozen = pages.post("/reports/2018/editions", {}, page="/reports/2018")
    unchanged = pages.get(frozen.location, "reader")
    text = {"section": "", "tongue": "en", "markdown": "Later"}
    pages.post("/reports/2018/text", text, page="/reports/2018/text?section=&tongue=en")
    changed = pages.get(frozen.location, "reader")
    second = pages.post("/reports/2018/editions", {}, page="/reports/2018")
    compared = pages.get(f"{frozen.location}/compare?with={second.location.rsplit('/', 1)[1]}", "reader")
    key = first(r'href="(/reports/editions/\d+/behind\?key=[^"]+)"', unchanged.text).replace("&amp;", "&")

    assert "Nothing differs." in unchanged.text
    assert "Nothing differs." not in changed.text
    assert "Later" not in changed.text.partition("<aside")[0]
    assert "Changed texts" in compared.text
    assert len(re.findall(r'href="/activities/[0-9a-f-]{36}"', pages.get(key, "reader").text)) == 5


def test_closing_a_year_leads_through_what_is_missing(pages: Pages) -> None:
    start = pages.get("/reports/2018/close")
    step = pages.get("/reports/2018/close/unconfirmed")
    identity = first(r'name="activity" value="([0-9a-f-]{36})"', step.text)
    without_reason = pages.post("/reports/2018/close/unconfirmed", {"activity": identity, "status": "cancelled"})
    still = pages.get("/reports/2018/close/unconfirmed")
    held = pages.post("/reports/2018/close/unconfirmed", {"activity": identity, "status": "held"})
    after = pages.get("/reports/2018/close/unconfirmed")

    assert start.status_code == 200
    assert without_reason.status_code == held.status_code == 303
    assert identity in still.text
    assert identity not in after.text
    for name in ("numbers", "sources", "titles", "shipments", "agreements", "texts", "edition"):
        assert pages.get(f"/reports/2018/close/{name}").status_code == 200


def test_closing_a_year_names_the_languages_in_which_a_title_is_missing(pages: Pages) -> None:
    pages.post("/activities/new?kind=festival", {"title.en": "The fair", "twins": ["kemi"], "start": "2018"})

    shown = pages.get("/reports/2018/close/titles")

    assert shown.status_code == 200
    assert re.search("The fair.*missing: Deutsch, missing: Русский", shown.text, re.DOTALL)


def test_closing_a_year_takes_no_reason_that_is_too_long(pages: Pages) -> None:
    identity = first(r'name="activity" value="([0-9a-f-]{36})"', pages.get("/reports/2018/close/unconfirmed").text)

    wrong = {"activity": identity, "status": "cancelled", "reason": "x" * 1001}
    refused = pages.post("/reports/2018/close/unconfirmed", wrong)

    assert refused.status_code == 303
    assert identity in pages.get("/reports/2018/close/unconfirmed").text


def test_readers_are_copied_moved_and_reset(pages: Pages) -> None:
    copied = pages.post("/admin/readers/town/copy", {}, "administrator", page="/admin/readers/town")
    form = pages.get(copied.location, "administrator")
    names = re.findall(r'name="sections" value="(\w+)"', form.text)
    fields = {"names.en": "The council", "level": "public", "viewpoint": "hub", "sections": names, "on": names[:2]}
    moved = pages.post(copied.location, {**fields, "_move": f"down.{names[0]}"}, "administrator")
    saved = pages.post(copied.location, fields, "administrator")
    reset = pages.post(f"{copied.location}/reset", {}, "administrator", page=copied.location)
    removed = pages.post(f"{copied.location}/remove", {}, "administrator", page=copied.location)

    assert re.findall(r'name="sections" value="(\w+)"', moved.text)[:2] == names[1::-1]
    assert saved.status_code == removed.status_code == 303
    assert reset.status_code == 422
    assert pages.get(copied.location, "administrator").status_code == 404


def test_rates_of_exchange_are_kept_shown_again_and_checked(pages: Pages) -> None:
    form = pages.get("/admin/readers/town", "administrator")
    names = re.findall(r'name="sections" value="(\w+)"', form.text)
    version = first(r'name="version" value="(\d+)"', form.text)
    fields = {"names.en": "Town", "level": "public", "viewpoint": "hub", "sections": names, "on": names}
    rates = {
        "rates.currency": ["rub", "", ""],
        "rates.rate": ["0,0125", "", ""],
        "rates.into": ["EUR", "", ""],
        "rates.on": ["2018-12-31", "", ""],
        "rates.source": ["Central bank", "", ""],
    }

    wrong = {**rates, "rates.currency": ["ruble", "", ""], "rates.on": ["Silvester", "", ""]}
    refused = pages.post("/admin/readers/town", {**fields, "version": version, **wrong}, "administrator")
    saved = pages.post("/admin/readers/town", {**fields, "version": version, **rates}, "administrator")
    again = pages.get("/admin/readers/town", "administrator")

    assert refused.status_code == 422
    assert 'id="rates.0.currency-told"' in refused.text
    assert 'id="rates.0.on-told"' in refused.text
    assert saved.status_code == 303
    assert 'name="rates.rate" value="0.0125"' in again.text
    assert 'name="rates.currency" value="RUB"' in again.text


def test_a_mailing_is_made_changed_and_removed(pages: Pages) -> None:
    fields = {
        "reader": "town",
        "form": "pdf",
        "in": "de",
        "day": "15",
        "month": "1",
        "addresses": "a@example.org",
        "enabled": "1",
    }
    wrong = pages.post("/admin/mailings/new", {**fields, "addresses": "nobody"}, "administrator")
    made = pages.post("/admin/mailings/new", fields, "administrator")
    listed = pages.get("/admin/mailings", "administrator").text
    address = first(r'href="(/admin/mailings/[0-9a-f-]{36})"', listed)
    off = pages.post(address, {name: value for name, value in fields.items() if name != "enabled"}, "administrator")
    removed = pages.post(address, {"_remove": "1"}, "administrator")

    assert (wrong.status_code, made.status_code, off.status_code, removed.status_code) == (422, 303, 303, 303)
    assert "15 January" in listed
    assert UUID(address.rsplit("/", 1)[1]).hex
    assert pages.get(address, "administrator").status_code == 404
