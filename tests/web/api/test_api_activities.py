"""Activities over HTTP: recorded, fetched, replaced and removed, each against the version that was read."""

import threading
from typing import Any

import pytest

WHOLE: dict[str, Any] = {
    "kind": "delegation",
    "subtype": "official visit",
    "status": "held",
    "reason": "",
    "title": {"en": "Visit", "ru": "Визит мэра", "ja": "市長訪問", "ar": "زيارة", "hy": "Այց", "ta": "வருகை"},
    "description": {"de": "Größe, Übermut, ß"},
    "twins": ["coventry", "hiroshima"],
    "direction": "to_hub",
    "start": "1960-05",
    "end": "1960-06-02",
    "timezone": None,
    "place": "Stalingrad",
    "visibility": "members",
    "leaders": [{"name": "Harry Stanley", "office": "Mayor of Coventry"}],
    "organisers": [{"name": "City Council", "side": "twin"}],
    "counts": [{"of": "travellers", "side": "twin", "value": 12, "bound": "about", "basis": "actual", "note": ""}],
    "quantity_note": "",
    "money": [{"amount": "4516.00", "currency": "GBP", "role": "donation", "funder": "", "note": ""}],
    "goods": [
        {
            "description": "Decke 🧣",
            "quantity": "12.500",
            "unit": "bales",
            "weight_kg": None,
            "value": None,
            "currency": None,
            "descriptions": {},
            "package": "",
            "hs_code": "",
        }
    ],
    "counts_for": ["statutory purpose"],
    "sources": [{"url": "https://example.org/1960", "text": "", "verified": True}],
    "note": "",
    "details": {"remembered": True, "occasion": "", "interpreter": "", "programme": [], "legs": []},
    "external_id": "C-1960-1",
    "owner": "Rossoshka e.V.",
    "responsible": "editor@example.org",
}


def test_a_recorded_activity_comes_back_in_full_under_its_address(house: Any) -> None:
    made = house.post(WHOLE)

    fetched = house.get(made.headers["Location"].removeprefix("/api/v1"))

    assert made.status_code == 201
    assert made.headers["ETag"] == fetched.headers["ETag"] == '"1"'
    assert made.json == fetched.json
    assert {name: value for name, value in fetched.json.items() if name in WHOLE} == WHOLE
    assert set(fetched.json) - set(WHOLE) == {"id", "version", "created_at", "changed_at"}
    assert fetched.json["created_at"] == "2026-10-01T12:00:00Z"


def test_kind_title_twins_and_start_are_enough(house: Any, minimal: dict[str, Any]) -> None:
    made = house.post(minimal)

    assert made.status_code == 201
    assert (made.json["status"], made.json["direction"], made.json["visibility"]) == ("planned", "none", "public")
    assert made.json["end"] is None


@pytest.mark.parametrize("missing", ["kind", "title", "twins", "start"])
def test_what_must_be_given_is_named_when_it_is_not(house: Any, minimal: dict[str, Any], missing: str) -> None:
    del minimal[missing]

    refused = house.post(minimal)

    assert refused.status_code == 422
    assert missing in [error["field"] for error in refused.json["errors"]]


def test_every_fault_is_told_with_its_field_and_value(house: Any, minimal: dict[str, Any]) -> None:
    refused = house.post(minimal | {"start": "1988-13", "counts": [{"value": -1}]})

    told = {error["field"]: error["value"] for error in refused.json["errors"]}
    assert told == {"start": "1988-13", "counts.0.value": -1}


def test_a_twin_nobody_knows_is_refused(house: Any, minimal: dict[str, Any]) -> None:
    refused = house.post(minimal | {"twins": ["atlantis"]})

    assert refused.status_code == 422
    assert refused.json["errors"][0]["field"] == "twins"
    assert "cologne" in refused.json["errors"][0]["message"]


def test_an_external_id_stands_for_one_activity_only(house: Any, minimal: dict[str, Any]) -> None:
    house.made(external_id="A-1")

    again = house.post(minimal | {"external_id": "A-1"})
    other = house.post(minimal | {"external_id": "A-2"})
    changed = house.put(other.json["id"], minimal | {"external_id": "A-1"}, 1)

    assert [again.status_code, changed.status_code] == [422, 422]
    assert again.json["errors"][0]["field"] == changed.json["errors"][0]["field"] == "external_id"


def test_replacing_empties_what_is_left_out(house: Any, minimal: dict[str, Any]) -> None:
    made = house.made(place="Stalingrad", counts=[{"value": 3}])

    replaced = house.put(made["id"], minimal | {"status": "confirmed"}, 1)

    assert replaced.status_code == 200
    assert replaced.headers["ETag"] == '"2"'
    assert (replaced.json["place"], replaced.json["counts"], replaced.json["status"]) == ("", [], "confirmed")
    assert house.get(f"/activities/{made['id']}").json == replaced.json


def test_a_programme_item_is_shown_with_an_id_that_it_keeps_when_it_moves(house: Any) -> None:
    item = {"start": "2026-12-04T18:00", "title": "Dinner"}
    made = house.made(details={"programme": [item, {"id": "talk", "start": "2026-12-05", "title": "Talk"}]})
    first, second = made["details"]["programme"]

    sent = {"programme": [second | {"start": "2026-12-03"}, first | {"start": "2026-12-06T19:00"}]}
    moved = house.put(made["id"], made | {"details": sent}, 1)

    assert first["id"]
    assert second["id"] == "talk"
    assert [(i["id"], i["start"]) for i in moved.json["details"]["programme"]] == [
        ("talk", "2026-12-03"),
        (first["id"], "2026-12-06T19:00"),
    ]


@pytest.mark.parametrize(
    ("items", "field"),
    [
        ([{"id": "a"}, {"id": "a"}], "details.programme.1.id"),
        ([{"id": "Dinner!"}], "details.programme.0.id"),
        ([{"start": "2026-12-04T25:00"}], "details.programme.0.start"),
    ],
)
def test_a_programme_that_no_calendar_can_hold_is_refused_at_its_field(
    house: Any, minimal: dict[str, Any], items: list[dict[str, Any]], field: str
) -> None:
    whole = [{"start": "2026-12-04", "title": "Dinner"} | item for item in items]

    refused = house.post(minimal | {"kind": "delegation", "details": {"programme": whole}})

    assert refused.status_code == 422
    assert [error["field"] for error in refused.json["errors"]] == [field]


def test_a_fetched_document_can_be_changed_and_sent_back(house: Any) -> None:
    made = house.made()

    replaced = house.put(made["id"], made | {"place": "Volgograd"}, 1)

    assert (replaced.status_code, replaced.json["place"], replaced.json["version"]) == (200, "Volgograd", 2)


def test_a_document_of_another_activity_is_refused(house: Any) -> None:
    made, other = house.made(), house.made()

    refused = house.put(made["id"], other, 1)

    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "id")


def test_a_change_needs_the_version_it_was_made_against(house: Any, minimal: dict[str, Any]) -> None:
    made = house.made()

    replaced = house.put(made["id"], minimal)
    removed = house.call("DELETE", f"/activities/{made['id']}")

    assert (replaced.status_code, removed.status_code) == (428, 428)
    assert house.get(f"/activities/{made['id']}").json["version"] == 1


@pytest.mark.parametrize("stale", ['"1"', '"7"', 'W/"2"', '"two"', "no quotes"])
def test_a_change_against_another_version_is_refused_with_the_current_one(
    house: Any, minimal: dict[str, Any], stale: str
) -> None:
    made = house.made()
    house.put(made["id"], minimal | {"place": "Volgograd"}, 1)

    replaced = house.call("PUT", f"/activities/{made['id']}", minimal, headers={"If-Match": stale})
    removed = house.call("DELETE", f"/activities/{made['id']}", headers={"If-Match": stale})

    for refused in (replaced, removed):
        assert refused.status_code == 412
        assert refused.json["current"] == 2
        assert refused.json["type"] == "/problems/stale-version"
        assert refused.headers["ETag"] == '"2"'


@pytest.mark.parametrize("match", ["*", '"1"', '"9", "1"'])
def test_if_match_may_name_any_or_several_versions(house: Any, minimal: dict[str, Any], match: str) -> None:
    made = house.made()

    replaced = house.call(
        "PUT", f"/activities/{made['id']}", minimal | {"place": "Volgograd"}, headers={"If-Match": match}
    )

    assert replaced.status_code == 200


def test_of_two_changes_at_once_one_wins_and_one_is_told(house: Any, minimal: dict[str, Any]) -> None:
    made = house.made()
    start, answers = threading.Barrier(2), []

    def change(place: str) -> None:
        start.wait()
        answers.append((house.put(made["id"], minimal | {"place": place}, 1), place))

    threads = [threading.Thread(target=change, args=(place,)) for place in ("Volgograd", "Cologne")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    (won, place), (lost, _) = sorted(answers, key=lambda answer: answer[0].status_code)
    assert (won.status_code, lost.status_code) == (200, 412)
    assert lost.json["current"] == 2
    now = house.get(f"/activities/{made['id']}").json
    assert (now["version"], now["place"]) == (2, place)


def test_saving_what_stands_there_already_keeps_the_version(house: Any) -> None:
    made = house.made()

    replaced = house.put(made["id"], made, 1)

    assert (replaced.status_code, replaced.headers["ETag"]) == (200, '"1"')


def test_what_was_held_cannot_be_put_off(house: Any) -> None:
    made = house.made(status="held")

    refused = house.put(made["id"], made | {"status": "postponed", "reason": "rain"}, 1)

    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "status")


def test_a_removed_activity_is_gone_for_every_call(house: Any, minimal: dict[str, Any]) -> None:
    made = house.made()

    removed = house.call("DELETE", f"/activities/{made['id']}", headers={"If-Match": '"1"'})

    assert (removed.status_code, removed.data) == (204, b"")
    assert house.get(f"/activities/{made['id']}").status_code == 404
    assert house.put(made["id"], minimal, 2).status_code == 404
    assert house.call("DELETE", f"/activities/{made['id']}", headers={"If-Match": "*"}).status_code == 404
    assert house.get("/activities").json["total"] == 0


@pytest.mark.parametrize(("known", "status"), [('"1"', 304), ('W/"1"', 304), ("*", 304), ('"2"', 200)])
def test_what_the_caller_has_already_is_not_sent_again(house: Any, known: str, status: int) -> None:
    made = house.made()

    answer = house.get(f"/activities/{made['id']}", headers={"If-None-Match": known})

    assert answer.status_code == status
    assert answer.headers["ETag"] == '"1"'
    assert bool(answer.data) == (status == 200)


def test_a_text_that_no_database_holds_is_refused(house: Any, minimal: dict[str, Any]) -> None:
    refused = house.post(minimal | {"place": "Volgo\0grad"})

    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "place")
