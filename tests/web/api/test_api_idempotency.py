"""A POST that is sent again is answered again and done once."""

import datetime as dt
import threading
from typing import Any

import pytest

from tracker.store.idempotency import KEPT

KEY = {"Idempotency-Key": "6f1c7c1e-0d0e-4a53-9a3f-1f0a4b4f7c11"}


def test_the_same_request_is_answered_with_the_same_bytes(house: Any, minimal: dict[str, Any]) -> None:
    first = house.post(minimal, headers=KEY)
    house.put(first.json["id"], minimal | {"place": "Volgograd"}, 1)

    again = house.post(dict(reversed(minimal.items())), headers=KEY)

    assert again.status_code == first.status_code == 201
    assert again.data == first.data
    for name in ("Location", "ETag"):
        assert again.headers[name] == first.headers[name]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert house.get("/activities").json["total"] == 1


def test_a_key_is_not_taken_for_another_request(house: Any, minimal: dict[str, Any]) -> None:
    house.post(minimal, headers=KEY)

    refused = house.post(minimal | {"start": "1961"}, headers=KEY)

    assert refused.status_code == 422
    assert refused.json["type"] == "/problems/idempotency-key-reused"
    assert house.get("/activities").json["total"] == 1


def test_two_users_may_choose_the_same_key(house: Any, minimal: dict[str, Any]) -> None:
    first = house.post(minimal, headers=KEY)

    other = house.post(minimal, headers=KEY, role="administrator")

    assert other.status_code == 201
    assert other.json["id"] != first.json["id"]


def test_a_refused_request_may_be_mended_under_its_key(house: Any, minimal: dict[str, Any]) -> None:
    refused = house.post(minimal | {"start": "1988-13"}, headers=KEY)

    mended = house.post(minimal, headers=KEY)

    assert (refused.status_code, mended.status_code) == (422, 201)


def test_an_answer_is_let_go_of_when_it_was_kept_long_enough(house: Any, minimal: dict[str, Any]) -> None:
    first = house.post(minimal, headers=KEY)
    house.tracker.clock.set(house.tracker.clock() + KEPT + dt.timedelta(seconds=1))
    house.post(minimal, headers={"Idempotency-Key": "another"})

    again = house.post(minimal, headers=KEY)

    assert again.json["id"] != first.json["id"]


@pytest.mark.parametrize("key", ["", "ключ", "two words", "x" * 201])
def test_a_key_that_could_not_be_kept_is_refused(house: Any, minimal: dict[str, Any], key: str) -> None:
    refused = house.post(minimal, headers={"Idempotency-Key": key.encode().decode("latin-1")})

    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "Idempotency-Key")


@pytest.mark.parametrize("external_id", [None, "C-1"])
def test_the_same_request_sent_by_many_at_once_is_done_once(
    house: Any, minimal: dict[str, Any], external_id: str | None
) -> None:
    many = 6
    start, answers = threading.Barrier(many), []

    def send() -> None:
        start.wait()
        answers.append(house.post(minimal | {"external_id": external_id}, headers=KEY))

    threads = [threading.Thread(target=send) for _ in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [answer.status_code for answer in answers] == [201] * many
    assert len({answer.data for answer in answers}) == 1
    assert house.get("/activities").json["total"] == 1
