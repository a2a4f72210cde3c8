"""The news of a public calendar as a feed: what a strict reader asks for, what is news, and what nobody may read."""

import datetime as dt
import re
import xml.etree.ElementTree as ET

import pytest
from werkzeug.test import TestResponse

from tests.calendars import COLOGNE, ME, choice, put_twin, record, remove, revise, settle
from tracker.actions.subscriptions import publish
from tracker.bootstrap import Tracker
from tracker.web.app import create_app

ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})")


def get(tracker: Tracker, name: str = "koeln", **headers: str) -> TestResponse:
    names = {key.replace("_", "-"): value for key, value in headers.items()}
    return create_app(tracker).test_client().get(f"/public/{name}.atom", headers=names)


def read(answer: TestResponse) -> ET.Element:
    """Read it as strictly as RFC 4287 is: what must be there once, and what moments, addresses and ids look like."""
    root = ET.fromstring(answer.data)
    assert root.tag == f"{ATOM}feed"
    for element in (root, *root.iterfind(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(ATOM + name)) == 1, name
        assert (element.findtext(f"{ATOM}id") or "").startswith("urn:uuid:")
        assert (element.findtext(f"{ATOM}title") or "").strip()
        assert MOMENT.fullmatch(element.findtext(f"{ATOM}updated") or "")
        kinds = [(link.get("rel"), link.get("type"), link.get("hreflang")) for link in element.iterfind(f"{ATOM}link")]
        assert len(set(kinds)) == len(kinds)
        assert all((link.get("href") or "").startswith("http") for link in element.iterfind(f"{ATOM}link"))
    assert root.find(f"{ATOM}author/{ATOM}name") is not None
    assert root.find(f"{ATOM}link[@rel='self']") is not None
    for entry in root.iterfind(f"{ATOM}entry"):
        assert len(entry.findall(f"{ATOM}content")) == 1
        assert entry.find(f"{ATOM}category").get("term")  # type: ignore[union-attr]  # None fails the test
    ids = [entry.findtext(f"{ATOM}id") for entry in root.iterfind(f"{ATOM}entry")]
    assert len(set(ids)) == len(ids)
    return root


def titles(root: ET.Element) -> list[str]:
    return [entry.findtext(f"{ATOM}title") or "" for entry in root.iterfind(f"{ATOM}entry")]


def content_of(root: ET.Element, title: str) -> str:
    return next(
        entry.findtext(f"{ATOM}content") or ""
        for entry in root.iterfind(f"{ATOM}entry")
        if entry.findtext(f"{ATOM}title") == title
    )


@pytest.fixture
def house(tracker: Tracker) -> Tracker:
    """An installation with a public calendar in German."""
    put_twin(tracker, COLOGNE)
    settle(tracker)
    publish(tracker.database, choice("cologne", language="de"), "koeln", "Köln – Wolgograd", ME, tracker.clock())
    return tracker


def test_everybody_may_read_what_changed_and_what_comes(house: Tracker) -> None:
    record(house, title={"de": "Besuch im Rathaus"}, description={"de": "Mit Empfang <b>& Chor</b>"}, place="Köln")
    settle(house)

    answer = get(house)

    root = read(answer)
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    assert root.get(LANG) == "de"
    assert root.findtext(f"{ATOM}title") == "Köln – Wolgograd"
    assert "Besuch im Rathaus" in titles(root)
    assert any("38. Jahrestag der Städtepartnerschaft" in title for title in titles(root))
    told = content_of(root, "Besuch im Rathaus")
    assert told.startswith("4. Dezember 2026\nKöln\n")
    assert "Mit Empfang <b>& Chor</b>" in told


def test_hours_are_told_by_the_clocks_of_both_sides(house: Tracker) -> None:
    put_twin(house, {**COLOGNE, "timezone": "Europe/Berlin"})
    record(
        house, title={"de": "Essen"}, start="2026-12-04T18:00", end="2026-12-04T20:00", timezone="Europe/Berlin"
    )  # fmt: skip
    settle(house)

    told = content_of(read(get(house)), "Essen")

    assert told.startswith("4. Dezember 2026, Köln 18:00–20:00 / Wolgograd 20:00–22:00\n")


def test_a_day_that_nobody_knows_is_not_made_up(house: Tracker) -> None:
    record(house, title={"de": "Fahrt"}, start="2026-12")
    settle(house)

    told = content_of(read(get(house)), "Fahrt (Tag unbekannt)")

    assert told.startswith("Dezember 2026\n")
    assert "1. Dezember" not in told


def test_a_title_of_another_language_says_so(house: Tracker) -> None:
    record(house, title={"ru": "Визит"})
    settle(house)

    root = read(get(house))

    title = next(e for e in root.iter(f"{ATOM}title") if e.text == "Визит")
    assert title.get(LANG) == "ru"


def test_what_changed_last_stands_first_with_the_moment_of_its_change(house: Tracker) -> None:
    first = record(house, title={"de": "Erstes"})
    record(house, title={"de": "Zweites"})
    revise(house, first, place="Rathaus")
    settle(house)

    root = read(get(house))

    assert titles(root)[0] == "Erstes"
    assert root.findtext(f"{ATOM}entry/{ATOM}updated") == "2026-10-01T12:01:00Z"
    assert root.findtext(f"{ATOM}updated") == "2026-10-01T12:01:00Z"


def test_of_many_the_newest_and_the_next_are_told(house: Tracker) -> None:
    for number in range(60):
        day = dt.date(2026, 10, 2) + dt.timedelta(days=number)
        record(house, title={"de": f"Nr. {number}"}, start=day.isoformat())
    settle(house)
    house.clock.set(house.clock() + dt.timedelta(hours=1))  # type: ignore[attr-defined]  # a test's clock
    record(house, title={"de": "Von gestern"}, start="1999-05-05")
    settle(house)

    found = titles(read(get(house)))

    assert len(found) <= 50
    assert found[0] == "Von gestern"
    assert {f"Nr. {number}" for number in range(20)} <= set(found)


@pytest.mark.parametrize("visibility", ["members", "staff", "confidential"])
def test_what_is_not_public_is_never_told(house: Tracker, visibility: str) -> None:
    made = record(house, title={"de": "Nadel"})
    settle(house)
    before = titles(read(get(house)))

    revise(house, made, visibility=visibility)
    at_once = titles(read(get(house)))
    settle(house)

    assert "Nadel" in before
    assert "Nadel" not in at_once
    assert "Nadel" not in titles(read(get(house)))


def test_what_was_removed_is_gone_and_what_was_cancelled_says_so(house: Tracker) -> None:
    gone, off = record(house, title={"de": "Nadel"}), record(house, title={"de": "Konzert"})
    settle(house)
    remove(house, gone)
    revise(house, off, status="cancelled", reason="Saal")
    settle(house)

    found = titles(read(get(house)))

    assert "Nadel" not in " ".join(found)
    assert "Abgesagt: Konzert" in found


def test_signs_that_xml_cannot_hold_are_left_out(house: Tracker) -> None:
    record(house, title={"de": "Be\x02such \ufffe"})
    settle(house)

    assert "Besuch " in [title + " " * (title == "Besuch") for title in titles(read(get(house)))]


def test_the_same_state_gives_the_same_bytes_and_who_has_them_gets_none(house: Tracker) -> None:
    made = record(house)
    settle(house)
    first = get(house)

    house.clock.set(house.clock() + dt.timedelta(hours=2))  # type: ignore[attr-defined]  # a test's clock
    again, known = get(house), get(house, If_None_Match=first.headers["ETag"])
    revise(house, made, place="Rathaus")
    settle(house)

    assert again.data == first.data
    assert known.status_code == 304
    assert get(house).data != first.data


def test_there_is_no_feed_where_nothing_is_public(house: Tracker) -> None:
    assert get(house, "bonn").status_code == 404
