"""Shards and differences."""

from uuid import UUID

from tracker.domain.events import SHARDS, changes, shard_of


def test_a_shard_is_the_same_in_every_process_and_release() -> None:
    # `printf twin:cologne | b2sum -l 32` begins 9f75c228, and 0x9f75c228 mod 8 is 0. A changed rule strands bookmarks.
    assert [shard_of("twin:cologne"), shard_of("twin:coventry"), shard_of("")] == [0, 2, 5]


def test_subjects_are_spread_over_all_shards() -> None:
    used = {shard_of(f"activity:{UUID(int=n)}") for n in range(200)}

    assert used == set(range(SHARDS))


def test_only_what_differs_is_told() -> None:
    assert changes({"a": 1, "b": 2}, {"b": 3, "a": 1, "c": None}) == {
        "before": {"b": 2},
        "after": {"b": 3},
    }
