"""The event log by the program."""

import json

from tests.program import Run


def test_the_log_is_printed_oldest_first(run: Run) -> None:
    events = [json.loads(line) for line in run("events", "--json").out.splitlines()]

    positions = [event["position"] for event in events]
    assert positions == sorted(positions)
    assert {"twin.added", "activity.recorded"} <= {event["type"] for event in events}


def test_a_consumer_reads_everything_again(run: Run) -> None:
    total = len(run("events", "--json").out.splitlines())

    replayed = run("events", "replay", "calendars", "--json")

    assert replayed.json["events"] == total


def test_an_unknown_consumer_is_refused_with_the_known_ones(run: Run) -> None:
    refused = run("events", "replay", "nobody")

    assert refused.code == 2
    assert "calendars" in refused.err


def test_a_position_that_no_event_comes_up_to_is_refused(run: Run) -> None:
    assert run("events", "--after", str(10**20)).code == 2


def test_nothing_parked_is_nothing_to_retry(run: Run) -> None:
    assert run("events", "retry", "--json").json == {"retried": 0, "parked": 0}
