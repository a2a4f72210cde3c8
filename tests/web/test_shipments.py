"""The board of shipments, a shipment's lines of goods, and who gets which paper."""

import re
from typing import Any

import pytest

from tests.calendars import record
from tests.web.conftest import Pages, first
from tracker.domain.activities import Activity
from tracker.domain.details import AidShipment
from tracker.store import activities as store

COLUMNS = ("distributed", "finished")
SHEET = "Was\tMenge\tEinheit\tGewicht\tWert\tWährung\nRollstühle\t20\tStück\t360,5\t1.800\t€\nBücher\t300\t\t\t\t"


def ship(pages: Pages, *stages: tuple[str, str], **fields: Any) -> Activity:
    details = {"stages": [{"stage": stage, "on": on} for stage, on in stages], "recipient": "Hospital No. 8"}
    known = {"kind": "aid_shipment", "title": {"en": "Beds"}, "start": "2026-12-10", "details": details}
    return record(pages.tracker, **{**known, **fields})


def now_of(pages: Pages, shipment: Activity) -> Activity:
    with pages.tracker.database.reading() as session:
        row = store.load(session, shipment.id)
        assert row
        return row.to_activity()


def stages(pages: Pages, shipment: Activity) -> list[tuple[str, str]]:
    details = now_of(pages, shipment).details
    assert isinstance(details, AidShipment)
    return [(reached.stage.value, reached.on) for reached in details.stages]


def column(html: str, name: str) -> str:
    return first(rf'(?s)data-column="{name}"(.*?)</section>', html)


def test_each_shipment_stands_in_the_column_of_its_stage_and_finished_ones_are_folded(pages: Pages) -> None:
    ship(pages, title={"en": "Not begun"})
    ship(pages, ("packed", "2026-09-01"), title={"en": "Packed one"}, goods=[{"description": "x", "weight_kg": "30"}])
    ship(pages, ("receipt_confirmed", "2026-09-01"), title={"en": "Done one"})

    board = pages.get("/shipments").text

    assert "Not begun" in column(board, "none")
    packed = column(board, "packed")
    assert "Packed one" in packed
    assert "30 kg" in packed
    assert "standing for 30 days" in packed
    assert "Done one" in board.partition("finished shipment")[2]


@pytest.mark.parametrize("mode", ["embedded"])
def test_of_delivered_ones_the_last_are_shown_and_all_a_click_away(pages: Pages) -> None:
    for day in range(1, 22):
        for stage in ("distributed", "receipt_confirmed", "packed"):
            ship(pages, (stage, f"2026-08-{day:02}"), title={"en": f"{stage} {day:02}"}, twins=["kemi"])

    board = pages.get("/shipments?twin=kemi").text
    links = {name: first(rf'href="([^"]*column={name}[^"]*)"', board).replace("&amp;", "&") for name in COLUMNS}
    every = {name: pages.get(link).text for name, link in links.items()}

    delivered = column(board, "distributed")
    assert (delivered.count('class="title"'), 'class="count">21<' in delivered) == (20, True)
    assert "distributed 21" in delivered
    assert "distributed 01" not in board  # the one that came there first
    assert column(board, "packed").count('class="title"') == 21
    assert board.partition("21 finished shipments")[2].count('class="title"') == 20
    assert {name: shown.count('class="title"') for name, shown in every.items()} == dict.fromkeys(COLUMNS, 21)
    assert all("twin=kemi" in link for link in links.values())


def test_a_move_writes_today_or_the_typed_day_to_the_stage(pages: Pages) -> None:
    shipment = ship(pages)
    address = f"/shipments/{shipment.id}/stage"

    pages.post(address, {"stage": "collected", "on": "September 2026"}, page=f"{address}?stage=collected")
    moved = pages.post(address, {"stage": "packed", "on": ""}, page=f"{address}?stage=packed")

    assert stages(pages, shipment) == [("collected", "2026-09"), ("packed", "2026-10-01")]
    assert moved.location.endswith(f"#card-{shipment.id}")


def test_going_back_asks_first_and_is_done_when_it_is_meant(pages: Pages) -> None:
    shipment = ship(pages, ("collected", "2026-09-01"), ("customs", "2026-09-20"))
    address = f"/shipments/{shipment.id}/stage"

    asked = pages.post(address, {"stage": "collected"}, page=f"{address}?stage=arrived")
    before = stages(pages, shipment)
    pages.post(address, {"stage": "none", "back": "1"}, page=f"{address}?stage=none")

    assert asked.status_code == 422
    assert "Going back to “collected”" in asked.text
    assert len(before) == 2
    assert stages(pages, shipment) == []


def test_a_card_that_somebody_else_moved_meanwhile_is_not_moved_again(pages: Pages) -> None:
    shipment = ship(pages)

    answer = pages.post(
        f"/shipments/{shipment.id}/stage", {"stage": "packed", "version": "0"}, page=f"/shipments/{shipment.id}"
    )

    assert answer.status_code == 302
    assert stages(pages, shipment) == []


@pytest.mark.parametrize(("typed", "words"), [("some day", "some day"), ("1 January 2020", "2026-09-01")])
def test_a_day_that_cannot_be_is_asked_for_again(pages: Pages, typed: str, words: str) -> None:
    shipment = ship(pages, ("collected", "2026-09-01"))

    answer = pages.post(
        f"/shipments/{shipment.id}/stage", {"stage": "packed", "on": typed}, page=f"/shipments/{shipment.id}"
    )

    assert answer.status_code == 422
    assert words in first(r'(?s)class="invalid-feedback">(.*?)</div>', answer.text)


def test_the_board_is_narrowed_by_city_and_year(pages: Pages) -> None:
    ship(pages, title={"en": "For Cologne"})
    ship(pages, title={"en": "For Coventry"}, twins=["coventry"], start="2025-03-01")

    assert "For Cologne" not in pages.get("/shipments?twin=coventry").text
    assert "For Coventry" not in pages.get("/shipments?year=2026").text
    assert "For Coventry" in pages.get("/shipments?year=2025&twin=coventry").text


def test_nobody_meets_a_shipment_they_may_not_see_nor_moves_one_they_may_only_read(pages: Pages) -> None:
    shown = ship(pages, title={"en": "For all"})
    hidden = ship(pages, title={"en": "HIDDEN"}, visibility="confidential")

    reader = pages.get("/shipments", role="reader").text

    assert "For all" in reader
    assert "HIDDEN" not in reader + pages.get("/shipments").text
    assert 'name="stage"' not in reader
    for end in ("", "/stage?stage=none", "/pro-forma.pdf"):
        assert pages.get(f"/shipments/{hidden.id}{end}").status_code == 404
    assert pages.get(f"/shipments/{shown.id}/stage?stage=packed", role="reader").status_code == 403
    assert 'name="goods.0' not in pages.get(f"/shipments/{shown.id}", role="reader").text


def test_rows_of_a_spreadsheet_are_shown_first_and_kept_when_saved(pages: Pages) -> None:
    shipment = ship(pages, goods=[{"description": "Beds", "package": "1", "descriptions": {"ru": "Кровати"}}])
    address = f"/shipments/{shipment.id}"
    fields = {"goods.0.description": "Beds", "goods.0.package": "1", "goods.0.descriptions.ru": "Кровати"}

    taken = pages.post(address, {**fields, "_do": "paste", "_pasted": SHEET}, lang="de")
    unsaved = now_of(pages, shipment).goods
    form = dict(re.findall(r'name="(goods\.[^"]+)" value="([^"]*)"', taken.text))
    saved = pages.post(address, {**form, "_do": "save"}, lang="de")

    assert "2 Zeilen sind übernommen" in taken.text
    assert len(unsaved) == 1
    assert saved.status_code == 302
    goods = now_of(pages, shipment).goods
    assert [(line.description, str(line.weight_kg), line.currency) for line in goods] == [
        ("Beds", "None", None),
        ("Rollstühle", "360.500", "EUR"),
        ("Bücher", "None", None),
    ]
    assert str(goods[1].value) == "1800.00"
    assert (goods[0].package, goods[0].descriptions) == ("1", {"ru": "Кровати"})


def test_a_fault_in_a_line_is_told_at_its_input_and_nothing_is_saved(pages: Pages) -> None:
    shipment = ship(pages)

    answer = pages.post(
        f"/shipments/{shipment.id}",
        {"goods.0.description": "Beds", "goods.0.weight_kg": "heavy", "goods.0.hs_code": "12", "_do": "save"},
    )

    assert answer.status_code == 422
    assert 'id="goods.0.weight_kg-told"' in answer.text
    assert "customs tariff number" in answer.text
    assert now_of(pages, shipment).goods == ()


def test_an_emptied_line_is_left_out_and_changing_the_record_keeps_what_its_form_does_not_show(pages: Pages) -> None:
    beds = {"description": "Beds", "package": "1", "hs_code": "9402", "descriptions": {"ru": "Кровати"}}
    goods = [beds, {"description": "Chairs"}]
    shipment = ship(pages, goods=goods)
    edit = f"/activities/{shipment.id}/edit"
    hidden = dict(re.findall(r'type="hidden" name="(goods\.[^"]+)" value="([^"]*)"', pages.get(edit).text))

    pages.post(f"/activities/{shipment.id}/edit", {
        **hidden, "title.en": "Beds", "twins": "cologne", "start": "10 December 2026", "status": "confirmed",
        "goods.0.description": "Beds", "goods.1.description": "",
    })  # fmt: skip

    [left] = now_of(pages, shipment).goods
    assert (left.package, left.hs_code, left.descriptions) == ("1", "9402", {"ru": "Кровати"})


@pytest.mark.parametrize("kind", ["packing-list", "gift-certificate", "pro-forma"])
def test_papers_come_as_pdf_and_docx_in_any_two_languages(pages: Pages, kind: str) -> None:
    shipment = ship(pages, goods=[{"description": "Beds"}])

    pdf = pages.get(f"/shipments/{shipment.id}/{kind}.pdf?in=ru&beside=de", role="reader")
    docx = pages.get(f"/shipments/{shipment.id}/{kind}.docx?in=en")

    assert pdf.data.startswith(b"%PDF")
    assert f"{kind}-ru-de.pdf" in pdf.headers["Content-Disposition"]
    assert docx.data.startswith(b"PK")
    assert pages.get(f"/shipments/{shipment.id}/{kind}.exe").status_code == 404
    assert "no-store" in pdf.headers["Cache-Control"]
