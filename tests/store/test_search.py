"""Both databases find the same by their own indexes, in the same order; compound words, slips, and what is secret."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import collate, select

from tests.conftest import REGISTRY, Clock, Embedded, Served
from tracker import bootstrap
from tracker.actions.activities import record_activity, record_within, remove_activity, revise_activity
from tracker.bootstrap import Tracker
from tracker.domain.commands import Actor, RecordActivity, RemoveActivity, ReviseActivity
from tracker.domain.search import query_words
from tracker.intake.json import activity_content
from tracker.store import search
from tracker.store.activities import ActivityFilter, listed
from tracker.store.activity_rows import ActivityRow

ME = Actor("cli")
PLAIN = {"sqlite": "BINARY", "postgresql": "C"}
TITLES = (
    "Schüleraustausch mit Łódź", "Крючков и Чуйков в Кёльне", "Krjutschkow in Köln", "広島市長の訪問", "友好城市代表团",
    "சென்னை நகரம்", "زيارة بورسعيد", "Երևան", "O'Neill & \"Smith\" (100 %) * a:b §kriuckev", "Straßenfest, Bürgerreise",
    "Œuvre d'été — naïve", "ёлка 1988", "Twin-city/run №7", "안녕하세요 볼고그라드", "İstanbul ılık", "नमस्ते दिल्ली",
)  # fmt: skip


def content(title: str, **more: object) -> dict[str, object]:
    return {"kind": "festival", "title": {"en": title}, "twins": ["coventry"], "start": "1957-05", **more}


def log(tracker: Tracker, title: str, **more: object) -> None:
    record_activity(tracker.database, RecordActivity(activity_content(content(title, **more))), ME, tracker.clock())


def found(tracker: Tracker, query: str, *, wide: bool = True, **narrowing: object) -> list[str]:
    with tracker.database.reading() as session:
        words = query_words(query)
        words = search.widened(session, words) if wide else words
        rows = listed(session, ActivityFilter(words=words, **narrowing))  # type: ignore[arg-type]  # what a test says
        return [next(iter(row.title.values())) for row in rows]


@pytest.fixture(scope="module")
def both(embedded: Embedded, served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Tracker]]:
    """The same records on both databases."""
    places = (embedded, served)
    environs = [place.copy(REGISTRY, Path(tmp_path_factory.mktemp("both"))) for place in places]
    made = [bootstrap.assemble(environ, Clock()) for environ in environs]
    for tracker in made:
        for number, title in enumerate(TITLES):
            log(tracker, title, start=f"{1950 + number}", external_id=f"t{number}")
    yield made
    for tracker, place, environ in zip(made, places, environs, strict=True):
        tracker.database.engine.dispose()
        place.give_back(environ)


pieces = st.sampled_from(
    [word[:length] for title in TITLES for word in title.split() for length in (1, 2, 3, 5, 20)]
    + [
        "Coventry",
        "Ковентри",
        "Wolgograd",
        "delegat",
        "the",
        "1988",
        "§",
        "'",
        "\\",
        "*",
        "%",
        "_",
        ":*",
        "OR",
        "NEAR(",
    ]
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.lists(pieces | st.text(max_size=4), min_size=1, max_size=3).map(" ".join))
def test_both_databases_find_the_same_in_the_same_order(both: list[Tracker], query: str) -> None:
    embedded, served = (in_order(tracker, query) for tracker in both)

    assert embedded == served


def in_order(tracker: Tracker, query: str) -> list[tuple[str, str | None]]:
    """What is found, by what both databases know it by (an id is drawn anew in each)."""
    with tracker.database.reading() as session:
        asked = select(ActivityRow.sort_key, ActivityRow.external_id)
        words = search.widened(session, query_words(query))
        asked = asked.where(ActivityRow.id.in_(search.holding(words))) if words else asked
        # By the code of each sign: PostgreSQL would sort texts by the rules of a language.
        asked = asked.order_by(
            ActivityRow.sort_key, collate(ActivityRow.external_id, PLAIN[tracker.database.engine.name])
        )
        return [(row.sort_key, row.external_id) for row in session.execute(asked)]


def test_slips_are_understood_alike_on_both_databases(both: list[Tracker]) -> None:
    for query in ("Kolln", "Covetnry", "Ковенрти", "delegattion", "xyzxyz"):
        (term,) = query_words(query)
        guesses = []
        for tracker in both:
            with tracker.database.reading() as session:
                guesses.append(search.like(session, term))
        assert guesses[0] == guesses[1]
        assert bool(guesses[0]) == (query != "xyzxyz")


@pytest.mark.parametrize("query", [title.split()[0] for title in TITLES if "'" not in title])
def test_every_writing_is_found_by_its_own_first_word(both: list[Tracker], query: str) -> None:
    for tracker in both:
        assert any(query in title for title in found(tracker, query))


def test_a_word_is_found_in_the_middle_of_another(both: list[Tracker]) -> None:
    for tracker in both:
        assert "Schüleraustausch mit Łódź" in found(tracker, "austausch Lodz")
        assert "Straßenfest, Bürgerreise" in found(tracker, "reise strassen")
        assert found(tracker, "austausch Lodz", wide=False) == []


def test_what_is_changed_is_found_by_its_new_words_and_what_is_removed_by_none(with_registry: Tracker) -> None:
    tracker = with_registry
    made = record_activity(
        tracker.database, RecordActivity(activity_content(content("Zwiebelkuchen"))), ME, tracker.clock()
    )
    assert found(tracker, "Zwiebelkuchen") == ["Zwiebelkuchen"]

    new = activity_content(content("Pflaumenmus"))
    made = revise_activity(tracker.database, ReviseActivity(made.id, new, made.version), ME, tracker.clock())

    assert found(tracker, "Zwiebelkuchen") == []
    assert found(tracker, "Pflaumenmus") == ["Pflaumenmus"]
    remove_activity(tracker.database, RemoveActivity(made.id, made.version), ME, tracker.clock())
    assert found(tracker, "Pflaumenmus") == []


def test_a_change_that_fails_leaves_the_index_as_it_was(with_registry: Tracker) -> None:
    tracker = with_registry

    class Broken(Exception):
        """Something after the flush goes wrong."""

    def fail() -> None:
        with tracker.database.unit("cli", tracker.clock()) as unit:
            record_within(unit, activity_content(content("Pflaumenmus")))
            unit.session.flush()
            raise Broken

    with pytest.raises(Broken):
        fail()

    with tracker.database.reading() as session:
        assert search.like(session, query_words("Pflaumenmuss")[0]) == []
    assert found(tracker, "Pflaumenmus") == []
