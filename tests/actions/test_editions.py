"""Editions: frozen once, numbered, known by a hash, made again to the byte, and held against today and one another."""

import pytest

from tests.calendars import record, remove, revise
from tests.reports import asked, frozen, named, small_year
from tracker.actions import editions
from tracker.actions.edition_changes import behind, changed_since, compared
from tracker.actions.report_readers import revise_reader
from tracker.actions.report_texts import save_text
from tracker.actions.reports import rendered
from tracker.bootstrap import Tracker
from tracker.domain.access import Role, visible_to
from tracker.domain.activities import Visibility
from tracker.domain.commands import Actor
from tracker.domain.editions import Form, canonical, hash_of
from tracker.domain.report_places import Place
from tracker.errors import NotFound
from tracker.store import event_log
from tracker.store.editions import EditionRow

ME = Actor("user:1")


def read(tracker: Tracker, edition_id: int) -> EditionRow:
    with tracker.database.reading() as session:
        return session.get_one(EditionRow, edition_id)


def test_editions_are_numbered_by_period_reader_and_twin(tracker: Tracker) -> None:
    small_year(tracker)

    names = [frozen(tracker).name, frozen(tracker).name, frozen(tracker, "town").name]
    names += [frozen(tracker, twin="cologne").name, frozen(tracker, period="2018-05..2018-06").name]

    assert names == ["2018-1", "2018-2", "2018-1", "2018-1", "2018-05..2018-06-1"]


def test_an_edition_stays_as_it_is_whatever_happens(tracker: Tracker) -> None:
    choir, visit, _ = small_year(tracker)
    named(tracker)
    record(tracker, kind="aid_shipment", status="held", title={"en": "Medicine"}, start="2018-08-01")
    save_text(tracker.database, Place(period="2018"), "en", "As it was", 0, ME, tracker.clock())
    row = frozen(tracker)
    before = {form: rendered(tracker.database, row.to_frozen(), form, ("en",), row.sha256) for form in Form}

    revise(tracker, choir, title={"en": "Two choirs sing"})
    remove(tracker, visit)
    save_text(tracker.database, Place(period="2018"), "en", "Otherwise", 1, ME, tracker.clock())
    members = read(tracker, row.id).to_frozen().reader.model_dump(mode="json")
    sections = [{"name": "people"}]
    revise_reader(tracker.database, "members", {**members, "sections": sections}, 1, ME, tracker.clock())

    again = read(tracker, row.id)
    assert hash_of(canonical(again.to_frozen())) == hash_of(again.canonical()) == row.sha256
    for form in Form:
        assert editions.made_again(tracker.database, again, form, ("en",)) == before[form], form


def test_an_edition_says_who_made_it_when_and_from_where_in_the_log(tracker: Tracker) -> None:
    small_year(tracker)
    with tracker.database.reading() as session:
        end = event_log.end_of_log(session)

    row = frozen(tracker)

    with tracker.database.reading() as session:
        event = event_log.history(session, f"edition:{row.id}")[0]
    assert (row.position, row.made_by, row.made_at) == (end, "user:1", tracker.clock())
    assert (event.type, event.data["after"]["sha256"]) == ("edition.frozen", row.sha256)


def test_every_figure_leads_to_the_activities_behind_it_as_they_were(tracker: Tracker) -> None:
    choir, visit, _ = small_year(tracker)
    row = frozen(tracker)
    key = row.to_frozen().figures.activities.held.key
    revise(tracker, choir, title={"en": "Two choirs sing"})
    remove(tracker, visit)

    found = behind(tracker.database, row.to_frozen(), key, visible_to(Role.READER))

    assert [one.then.title.get("en") for one in found] == ["A choir sings", "The mayor comes"]
    assert [one.has_changed for one in found] == [True, False]
    assert found[1].now is None


def test_what_has_changed_since_is_told_in_figures_and_activities(tracker: Tracker) -> None:
    choir, visit, _ = small_year(tracker)
    row = frozen(tracker)

    nothing = changed_since(tracker.database, row, tracker.clock(), "en")
    revise(tracker, choir, start="2018-05-04")
    remove(tracker, visit)
    added = record(tracker, status="held", visibility="public", title={"en": "Late"}, start="2018-12-01")
    record(tracker, status="held", visibility="public", title={"en": "Another year"}, start="2019-12-01")
    since = changed_since(tracker.database, row, tracker.clock(), "en")

    assert (nothing.touched, nothing.compared.is_same) == (0, True)
    assert since.touched == 3
    assert [line.id for line in since.compared.added] == [added.id]
    assert [line.id for line in since.compared.removed] == [visit.id]
    assert [after.id for _, after in since.compared.changed] == [choir.id]
    assert since.compared.numbers


def test_two_editions_are_compared_figure_by_figure(tracker: Tracker) -> None:
    small_year(tracker)
    first = frozen(tracker)
    record(tracker, status="held", visibility="public", title={"en": "Late"}, start="2018-12-01")
    save_text(tracker.database, Place(period="2018"), "de", "Neu", 0, ME, tracker.clock())
    second = frozen(tracker)

    found = compared(tracker.database, first, second, "en")

    assert [line.title["en"] for line in found.added] == ["Late"]
    assert ("2", "3") in {(one.before, one.after) for one in found.numbers}
    assert found.texts == (("", "de"),)
    assert not found.removed


@pytest.mark.parametrize(("role", "reads"), [(Role.READER, False), (Role.EDITOR, False), (Role.ADMINISTRATOR, True)])
def test_an_edition_is_there_only_for_who_may_see_all_of_it(tracker: Tracker, role: Role, reads: bool) -> None:
    small_year(tracker)
    row = frozen(tracker, "board")
    with tracker.database.unit("user:1", tracker.clock()) as unit:
        made = editions.keep(unit, row.to_frozen(), row.id, Form.CSV, ("en",), b"figures")

    assert row.level == Visibility.CONFIDENTIAL
    for find, number in ((editions.edition, row.id), (editions.document, made.id)):
        if reads:
            assert find(tracker.database, number, role).level == Visibility.CONFIDENTIAL
        else:
            with pytest.raises(NotFound):
                find(tracker.database, number, role)


def test_a_document_is_kept_once_under_a_sensible_name(tracker: Tracker) -> None:
    small_year(tracker)
    row = frozen(tracker, twin="cologne", languages=["de"])

    with tracker.database.unit("user:1", tracker.clock()) as unit:
        one = editions.keep(unit, row.to_frozen(), row.id, Form.PDF, ("de",), b"%PDF")
        two = editions.keep(unit, row.to_frozen(), row.id, Form.PDF, ("de",), b"%PDF")

    assert one.id == two.id
    assert one.name == "2018 Tätigkeitsbericht Köln (Mitglieder), Ausgabe 1.pdf"
    assert one.plain_name == "report-2018-cologne-members-edition-1-de.pdf"


def test_an_editor_freezes_no_more_than_they_may_see(tracker: Tracker) -> None:
    small_year(tracker)

    row = editions.freeze(tracker.database, asked(tracker, "board", Role.EDITOR))

    assert row.level == Visibility.STAFF
