"""Versions from events, what changed in words, and two changes joined: pure, in all three languages."""

import datetime as dt
import json
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.activities import ActivityContent
from tracker.domain.changes_told import Fate, standing, told
from tracker.domain.details import DETAILS
from tracker.domain.events import Event, EventType, changes
from tracker.domain.field_words import FIELDS, PARTS
from tracker.domain.history import Version, as_activity, seen, versions
from tracker.domain.three_ways import Side, three_ways
from tracker.domain.value_words import Reader
from tracker.domain.word_marks import Mark, marked

NOW = dt.datetime(2026, 10, 1, tzinfo=dt.UTC)
ID = UUID(int=1)
GERMAN = Reader("de", {"cologne": "Köln", "coventry": "Coventry"})
BASE = {
    "kind": "aid_shipment", "title": {"de": "Hilfstransport"}, "twins": ["cologne"], "start": "2026-05-03",
    "end": None, "timezone": None, "status": "planned", "reason": "", "place": "Köln", "counts": [],
    "visibility": "public",
    "details": {"recipient": "Klinik 7", "stages": [{"stage": "packed", "on": "2026-05-03", "note": ""}]},
}  # fmt: skip


def event(type_: EventType, before: dict[str, object], after: dict[str, object]) -> Event:
    return Event(1, type_, f"activity:{ID}", {"before": before, "after": after}, "user:1", NOW)


def life(*documents: dict[str, object]) -> list[Event]:
    """The events of an activity that was each of these in turn."""
    events = [event(EventType.ACTIVITY_RECORDED, {}, {**documents[0], "version": 1})]
    for number, (old, new) in enumerate(pairwise(documents), start=2):
        difference = changes(old, new)
        difference["after"]["version"] = number
        events.append(event(EventType.ACTIVITY_REVISED, difference["before"], difference["after"]))
    return events


def test_every_version_is_made_again_from_its_events() -> None:
    documents = [BASE, {**BASE, "place": "Kalatsch"}, {**BASE, "counts": [{"of": "guests", "value": 3}]}]

    made = versions(life(*documents))

    assert [dict(version.content) for version in made] == documents
    assert [version.number for version in made] == [1, 2, 3]


def test_removing_and_bringing_back_are_versions_too() -> None:
    gone = event(EventType.ACTIVITY_REMOVED, {**BASE, "version": 2}, {})
    back = event(EventType.ACTIVITY_RESTORED, {}, {"version": 3})

    made = versions([*life(BASE), gone, back])

    assert [(version.number, version.removed) for version in made] == [(1, False), (2, True), (3, False)]
    assert made[2].content == made[0].content


def test_nothing_is_told_from_before_the_last_time_it_was_hidden() -> None:
    made = versions(life(BASE, {**BASE, "visibility": "confidential"}, BASE, {**BASE, "place": "Kalatsch"}))

    shown = seen(made, lambda version: as_activity(version, ID).visibility == "public")

    assert [version.number for version in shown] == [3, 4]


def test_an_old_version_without_newer_fields_can_still_be_asked_for() -> None:
    old = Version(1, life(BASE)[0], {"kind": "festival", "twins": ["cologne"], "visibility": "staff"})

    activity = as_activity(old, ID)

    assert (activity.visibility, activity.owner, activity.twins) == ("staff", "", ("cologne",))


def test_changes_are_told_in_words_row_by_row() -> None:
    after = {
        **BASE,
        "start": "2026-06",
        "status": "held",
        "twins": ["cologne", "coventry"],
        "counts": [{"of": "travellers", "value": 12, "bound": "about", "side": "twin", "basis": "actual", "note": ""}],
        "details": {
            "recipient": "Klinik 25",
            "stages": [
                {"stage": "packed", "on": "2026-05-04", "note": ""},
                {"stage": "arrived", "on": "2026-05-09", "note": ""},
            ],
        },
    }

    changed = {change.field: change for change in told(BASE, after, GERMAN)}

    assert (changed["start"].before, changed["start"].after) == ("3. Mai 2026", "Juni 2026")
    assert (changed["status"].label, changed["status"].after) == ("Status", "stattgefunden")
    assert changed["twins"].after == "Köln, Coventry"
    stages = changed["details.stages"].rows
    assert [row.fate for row in stages] == [Fate.CHANGED, Fate.ADDED]
    assert text_of(stages[0].pieces, Mark.GONE) == "3"
    assert text_of(stages[1].pieces, Mark.NEW) == "angekommen · 9. Mai 2026"
    assert text_of(changed["counts"].rows[0].pieces, Mark.NEW) == "etwa 12 Reisende · Seite der Partnerstadt"
    assert text_of(changed["details.recipient"].pieces, Mark.SAME) == "Klinik "


def test_a_title_is_marked_word_by_word_under_its_language() -> None:
    (change,) = told(BASE, {**BASE, "title": {"de": "Zweiter Hilfstransport"}}, GERMAN)

    assert change.label == "Titel (Deutsch)"
    assert text_of(change.pieces, Mark.NEW) == "Zweiter "


def test_nothing_is_told_where_left_out_and_left_empty_meet() -> None:
    assert told({"place": "", "counts": [], "end": None}, {}, GERMAN) == []


def text_of(pieces: object, mark: Mark) -> str:
    return "".join(piece.text for piece in pieces if piece.mark is mark)  # type: ignore[attr-defined]  # pieces of a text


TEXTS = st.text(st.sampled_from("ab Жя.,„“\n日本 "), max_size=40)


@given(TEXTS, TEXTS)
def test_marks_lose_no_letter_of_either_text(before: str, after: str) -> None:
    pieces = marked(before, after)

    assert "".join(p.text for p in pieces if p.mark is not Mark.NEW) == before
    assert "".join(p.text for p in pieces if p.mark is not Mark.GONE) == after


def test_a_very_long_text_is_compared_by_paragraphs() -> None:
    long = "\n".join(f"Absatz {n} mit Wörtern" for n in range(500))

    pieces = marked(long + "\n", long + "\nEnde")

    assert pieces[-1].text.strip() == "Ende"


@pytest.mark.parametrize("language", ["en", "de", "ru"])
def test_every_field_has_a_label_of_its_own(language: str) -> None:
    """A new field of an activity or of its details needs a line in `field_words`, so that histories can tell of it."""
    known = {path.rpartition(".")[2] for path in PARTS} | set(FIELDS)
    unnamed = set(ActivityContent.model_fields) - set(FIELDS)
    for model in DETAILS.values():
        unnamed |= {name for name in named_in(model.model_json_schema()) if name not in known}

    assert unnamed - {"id"} == set()
    document = ActivityContent.model_validate({k: v for k, v in BASE.items() if v is not None}).model_dump(mode="json")
    assert all(change.label for change in standing(document, Reader(language)))


def named_in(schema: object) -> set[str]:
    """Every name of a property anywhere in a schema."""
    text = json.dumps(schema)
    found = set(json.loads(text).get("properties", {}))
    for part in json.loads(text).get("$defs", {}).values():
        found |= set(part.get("properties", {}))
    return found


def test_what_only_one_side_changed_is_joined() -> None:
    theirs = {**BASE, "place": "Wolgograd", "title": {"de": "Hilfstransport", "ru": "Помощь"}}
    mine = {**BASE, "title": {"de": "Zweiter Transport"}}

    merge = three_ways(BASE, theirs, mine)

    assert merge.clashes == ()
    assert (merge.theirs, merge.mine) == (("title.ru", "place"), ("title.de",))
    document = merge.document({})
    assert document["title"] == {"de": "Zweiter Transport", "ru": "Помощь"}
    assert document["place"] == "Wolgograd"


@pytest.mark.parametrize(("side", "place"), [("base", "Köln"), ("theirs", "Wolgograd"), ("mine", "Kalatsch")])
def test_what_both_changed_is_as_it_is_chosen(side: str, place: str) -> None:
    merge = three_ways(BASE, {**BASE, "place": "Wolgograd"}, {**BASE, "place": "Kalatsch"})

    assert [clash.name for clash in merge.clashes] == ["place"]
    assert merge.document({"place": Side(side)})["place"] == place


def test_the_same_change_by_both_is_none_to_choose() -> None:
    both = {**BASE, "place": "Wolgograd"}

    assert three_ways(BASE, both, both).clashes == ()


def test_dates_are_chosen_together() -> None:
    theirs, mine = {**BASE, "end": "2026-05-09"}, {**BASE, "start": "2026-06"}

    (clash,) = three_ways(BASE, theirs, mine).clashes

    assert clash.name == "when"
    chosen = three_ways(BASE, theirs, mine).document({"when": Side.MINE})
    assert (chosen["start"], chosen["end"]) == ("2026-06", None)


def test_another_kind_brings_its_details_along() -> None:
    theirs = {**BASE, "kind": "festival", "details": {"sort": "concert"}}
    mine = {**BASE, "details": {**BASE["details"], "recipient": "Klinik 25"}}  # type: ignore[dict-item]  # a document

    (clash,) = three_ways(BASE, theirs, mine).clashes

    assert clash.name == "details"
    chosen = three_ways(BASE, theirs, mine).document({"details": Side.THEIRS})
    assert (chosen["kind"], chosen["details"]) == ("festival", {"sort": "concert"})


def test_without_the_common_beginning_everything_that_differs_is_asked() -> None:
    merge = three_ways(None, {**BASE, "place": "Wolgograd"}, BASE)

    assert [clash.name for clash in merge.clashes] == ["place"]


PLACES = st.fixed_dictionaries(
    {
        "place": st.sampled_from(["", "A", "B"]),
        "title": st.dictionaries(st.sampled_from(["de", "ru"]), st.sampled_from(["x", "y"]), max_size=2),
        "counts": st.lists(st.just({"of": "guests"}), max_size=2),
        "kind": st.just("festival"),
    }
)


@given(PLACES, PLACES, PLACES)
def test_choosing_one_side_everywhere_gives_that_side_where_both_changed(base: dict, theirs: dict, mine: dict) -> None:  # type: ignore[type-arg]  # documents
    merge = three_ways(base, theirs, mine)

    document = merge.document({clash.name: Side.MINE for clash in merge.clashes})

    again = three_ways(base, document, mine)
    # Whatever I changed stands as I wrote it; the rest is theirs.
    assert again.mine == ()
    assert again.clashes == ()
