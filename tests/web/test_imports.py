"""Taking in a file on the pages: real uploads, a preview, and a button that does just what the preview said."""

import io
import re
from typing import Any

import pytest
from openpyxl import Workbook
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from tests.intake.test_ical import calendar
from tests.web.conftest import Pages, first
from tracker.store.activities import ActivityFilter, counted

SHEET = "date_start,kind,twin_slugs,title\n2027-05-08,festival,dijon,Concert of both choirs\n"
CHOSEN = {
    "kind": "delegation",
    "twins": ["cologne"],
    "language": "de",
    "visibility": "members",
    "zone": "Europe/Berlin",
}


def send(pages: Pages, name: str, data: bytes, role: str = "editor", **fields: Any) -> TestResponse:
    """Upload a file as a browser does."""
    client = pages.browser(role)
    client.set_cookie("lang", "en")
    token = first(r'name="csrf_token" value="([^"]+)"', client.get("/imports").text)
    file = FileStorage(io.BytesIO(data), filename=name)
    boundary, body = encode_multipart(MultiDict({"csrf_token": token, "file": file, **fields}))
    return client.post("/imports", data=body, content_type=f'multipart/form-data; boundary="{boundary}"')


def kept(pages: Pages, name: str, data: bytes, **fields: Any) -> str:
    """The address of an upload's preview."""
    answer = send(pages, name, data, **fields)
    assert answer.status_code == 303
    return answer.headers["Location"]


def activities(pages: Pages) -> int:
    with pages.tracker.database.reading() as session:
        return counted(session, ActivityFilter())


def test_a_calendar_is_looked_at_and_then_taken_in(pages: Pages) -> None:
    before = activities(pages)
    place = kept(pages, "visits.ics", calendar("DTSTART:20261128T180000\nATTENDEE:mailto:x@example.org"), **CHOSEN)

    looked = pages.get(place).text
    between = activities(pages)
    pages.post(f"{place}/take-in", {}, page=place)

    assert "Visit" in looked
    assert "Europe/Berlin" in looked
    assert "x@example.org" not in looked
    assert "not taken in" in looked
    assert (between, activities(pages)) == (before, before + 1)
    assert "1 new, 0 changed, 0 unchanged" in pages.get(place).text


def test_a_preview_shows_each_changed_field_with_its_old_and_new_value(pages: Pages) -> None:
    entry = "UID:v\nDTSTART:20261128\nSUMMARY:Visit\nLOCATION:Köln"
    place = kept(pages, "a.ics", calendar(entry), **CHOSEN)
    pages.post(f"{place}/take-in", {}, page=place)

    changed = calendar(entry.replace("Visit", "Besuch").replace("1128", "1129"))
    looked = pages.get(kept(pages, "b.ics", changed, **CHOSEN)).text

    assert re.search(r'<del dir="auto" lang="de">Visit</del> → <ins dir="auto" lang="de">Besuch</ins>', looked)
    assert re.search(r'<del dir="auto">28 November 2026</del> → <ins dir="auto">29 November 2026</ins>', looked)
    assert "Place" not in first(r'(?s)id="changed"(.*?)</section>', looked)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_sheet_is_taken_in_once_even_if_the_button_is_pressed_twice(pages: Pages, form: str) -> None:
    data = SHEET.encode()
    if form == "xlsx":
        book, file = Workbook(), io.BytesIO()
        for row in SHEET.splitlines():
            book.active.append(row.split(","))
        book.save(file)
        data = file.getvalue()
    before = activities(pages)
    place = kept(pages, f"concerts.{form}", data)
    client = pages.browser()
    token = first(r'name="csrf_token" value="([^"]+)"', client.get(place).text)

    answers = [client.post(f"{place}/take-in", data={"csrf_token": token}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert activities(pages) == before + 1


def test_faults_are_told_by_their_place_and_nothing_can_be_taken_in(pages: Pages) -> None:
    place = kept(pages, "visits.ics", calendar("DTSTART:20261128", "DTSTART:20261332"))

    looked = pages.get(place).text

    assert "Entry 2, DTSTART:" in looked
    assert "20261332" in looked
    assert "/take-in" not in looked


def test_a_sheets_faults_are_told_by_row_and_column(pages: Pages) -> None:
    place = kept(pages, "concerts.csv", SHEET.replace("dijon", "Atlantis").encode())

    assert "Row 2, twin_slugs:" in pages.get(place).text


def test_what_was_missing_can_be_chosen_at_the_preview(pages: Pages) -> None:
    place = kept(pages, "visits.ics", calendar("DTSTART:20261128"))
    refused = pages.get(place).text
    pages.post(place, CHOSEN, page=place)

    assert "names no twin city" in refused
    assert f"{place}/take-in" in pages.get(place).text


def test_a_file_that_is_nothing_of_ours_is_refused_with_what_would_be_right(pages: Pages) -> None:
    place = kept(pages, "letter.ics", b"%PDF-1.7 and so on")

    assert "BEGIN:VCALENDAR" in pages.get(place).text


def test_no_file_or_too_large_a_file_is_refused_at_once(pages: Pages) -> None:
    none, large = send(pages, "", b""), send(pages, "big.csv", b"x" * 10_000_001)

    assert (none.status_code, "Choose a file first" in none.text) == (422, True)
    assert (large.status_code, "larger than 10 MB" in large.text) == (413, True)


def test_only_editors_take_in_files_and_only_the_owner_sees_them(pages: Pages) -> None:
    place = kept(pages, "visits.ics", calendar("DTSTART:20261128"), **CHOSEN)

    assert pages.get("/imports", role="reader").status_code == 403
    assert pages.get(place, role="reader").status_code == 403
    assert pages.get(place, role="administrator").status_code == 404
    assert pages.get("/imports", role=None).status_code == 302


def test_taking_in_needs_the_token_of_the_page(pages: Pages) -> None:
    place = kept(pages, "visits.ics", calendar("DTSTART:20261128"), **CHOSEN)

    assert pages.browser().post(f"{place}/take-in").status_code == 400
