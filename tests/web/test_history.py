"""History, bin, choices and changes of several, as people meet them on their pages."""

import html
import re
from typing import Any

import pytest

from tests.web.conftest import Pages, first
from tracker.actions.activities import record_activity, remove_activity, revise_activity
from tracker.actions.twins import revise_twin
from tracker.domain.activities import Activity
from tracker.domain.commands import Actor, RecordActivity, RemoveActivity, ReviseActivity
from tracker.domain.events import EventType
from tracker.domain.subjects import NOUNS
from tracker.intake.json import activity_content
from tracker.store import activities as store
from tracker.store import twins as twin_store
from tracker.web.telling import DEEDS

CLI = Actor("cli")


def log(pages: Pages, **fields: Any) -> Activity:
    base = {"kind": "delegation", "title": {"de": "Besuch im Rathaus"}, "twins": ["cologne"], "start": "2026-05"}
    content = activity_content({**base, **fields})
    return record_activity(pages.tracker.database, RecordActivity(content), CLI, pages.tracker.clock())


def revise(pages: Pages, made: Activity, **fields: Any) -> Activity:
    content = activity_content({**made.content().model_dump(mode="json", exclude_none=True), **fields})
    command = ReviseActivity(made.id, content, made.version)
    return revise_activity(pages.tracker.database, command, CLI, pages.tracker.clock())


def stands(pages: Pages, made: Activity) -> Activity:
    with pages.tracker.database.reading() as session:
        row = store.load(session, made.id)
        assert row
        return row.to_activity()


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub("<[^>]+>", " ", text)))


def hidden(text: str) -> dict[str, str]:
    """The hidden fields of a page's form."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text)
    return {name: html.unescape(value) for name, value in found if name != "csrf_token"}


def test_every_change_is_told_field_by_field(pages: Pages) -> None:
    made = log(pages, counts=[{"of": "travellers", "value": 12}])
    made = revise(pages, made, counts=[{"of": "travellers", "value": 14}], title={"de": "Besuch im alten Rathaus"})

    page = pages.get(f"/activities/{made.id}/history", lang="de").text

    assert re.search(r"<del>12</del><ins>14</ins> Reisende", page)
    assert re.search(r"<dt>Titel \(Deutsch\)</dt>.*<ins>alten </ins>", page, re.DOTALL)
    assert pages.get(f"/activities/{made.id}/history", "reader").status_code == 403


def test_a_version_is_shown_as_it_was_and_restored_by_one_press(pages: Pages) -> None:
    made = log(pages, place="Altes Rathaus")
    revise(pages, made, place="Gürzenich", note="Neu")
    at = f"/activities/{made.id}/history"

    shown = pages.get(f"{at}?version=1", lang="de").text
    back = pages.post(f"{at}/restore", {"number": "1"}, page=f"{at}?version=1")

    assert "Altes Rathaus" in shown
    assert "Gürzenich" not in shown
    assert back.status_code == 302
    now = stands(pages, made)
    assert (now.place, now.note, now.version) == ("Altes Rathaus", "", 3)
    assert pages.get(f"{at}?version=9").status_code == 404


def test_two_versions_are_compared(pages: Pages) -> None:
    made = revise(pages, revise(pages, log(pages), place="A"), place="B")

    page = pages.get(f"/activities/{made.id}/history?version=3&against=1", lang="de").text

    assert "Von Fassung 1 zu Fassung 3" in page
    assert ">B</ins>" in page
    assert ">A</" not in page


def test_a_status_that_may_not_come_back_is_told_and_the_rest_can(pages: Pages) -> None:
    made = log(pages, status="confirmed", place="Rathaus")
    revise(pages, made, status="cancelled", reason="Sturm", place="Gürzenich")
    at = f"/activities/{made.id}/history"

    refused = pages.post(f"{at}/restore", {"number": "1"}, page=f"{at}?version=1")
    offered = pages.get(refused.location, lang="de").text
    pages.post(f"{at}/restore", {"number": "1", "keep_status": "1"}, page=f"{at}?version=1")

    assert "Alles wiederherstellen außer dem Status" in offered
    now = stands(pages, made)
    assert (now.status, now.reason, now.place) == ("cancelled", "Sturm", "Rathaus")


@pytest.mark.parametrize("path", ["/activities/{id}/history", "/activities/{id}/history?version=1", "/history"])
def test_what_was_hidden_once_stays_hidden_in_every_history(pages: Pages, path: str) -> None:
    made = log(pages, visibility="confidential", place="Geheimer Ort", title={"de": "Geheimer Titel"})
    revise(pages, made, visibility="public", place="Rathaus", title={"de": "Besuch"})

    editor = pages.get(path.format(id=made.id), "editor").text
    administrator = pages.get(path.format(id=made.id), "administrator").text

    assert "Geheimer" not in editor
    assert "Geheimer" in administrator


def test_the_restored_version_must_be_one_the_person_may_see(pages: Pages) -> None:
    made = log(pages, visibility="confidential", place="Geheimer Ort")
    revise(pages, made, visibility="public", place="Rathaus")

    at = f"/activities/{made.id}/history"
    answer = pages.post(f"{at}/restore", {"number": "1", "version": "2"}, page=f"{at}?version=2")

    assert answer.status_code == 404
    assert stands(pages, made).place == "Rathaus"


def test_the_bin_tells_who_removed_it_and_why_and_gives_it_back(pages: Pages) -> None:
    made, secret = log(pages), log(pages, visibility="confidential", title={"de": "Geheimer Besuch"})
    pages.post(f"/activities/{made.id}/remove", {"reason": "doppelt"}, page=f"/activities/{made.id}")
    remove_activity(pages.tracker.database, RemoveActivity(secret.id, 1), CLI, pages.tracker.clock())

    shown = pages.get("/bin", lang="de").text
    gone = pages.get(f"/activities/{made.id}").status_code
    history = pages.get(f"/activities/{made.id}/history", lang="de").text
    back = pages.post(f"/bin/{made.id}", {}, page="/bin")

    assert "von Editor: doppelt" in plain(shown)
    assert "Geheimer Besuch" not in shown
    assert gone == 404
    assert "liegt im Papierkorb" in history
    assert back.status_code == 302
    assert pages.get(f"/activities/{made.id}").status_code == 200
    assert pages.post(f"/bin/{secret.id}", {}, page=f"/activities/{made.id}").status_code == 404


def test_what_only_others_changed_is_joined_and_told(pages: Pages) -> None:
    made = log(pages)
    path = f"/activities/{made.id}/edit"
    form = {"title.de": "Besuch bei der OB", "twins": ["cologne"], "start": "2026-05", "status": "planned"}
    revise(pages, made, place="Gürzenich", direction="to_hub")

    answer = pages.post(path, {**form, "version": "1", "place": "", "direction": "none"}, lang="de")

    assert answer.status_code == 302
    now = stands(pages, made)
    assert (now.title["de"], now.place, now.direction) == ("Besuch bei der OB", "Gürzenich", "to_hub")


def test_what_both_changed_is_chosen_with_who_and_when(pages: Pages) -> None:
    made = log(pages, place="Rathaus")
    path = f"/activities/{made.id}/edit"
    form = {"title.de": "Besuch im Rathaus", "twins": ["cologne"], "start": "2026-05", "direction": "none"}
    made = revise(pages, made, place="Gürzenich", status="confirmed")
    sent = {**form, "version": "1", "place": "Dom", "status": "held"}

    page = pages.post(path, sent, lang="de")
    fields = hidden(page.text)
    undecided = pages.post(f"/activities/{made.id}/conflict", {**fields, "choice.place": "mine"}, page=path)
    revise(pages, made, note="Noch etwas")
    moved_on = pages.post(
        f"/activities/{made.id}/conflict", {**fields, "choice.place": "mine", "choice.status": "theirs"}, page=path
    )
    last = {**hidden(moved_on.text), "choice.place": "mine", "choice.status": "theirs"}
    done = pages.post(f"/activities/{made.id}/conflict", last, page=path)

    assert page.status_code == 409
    assert re.findall(r"<legend>([^<]+)</legend>", page.text) == ["Status", "Ort"]
    assert "Jemand an der Befehlszeile" in page.text
    assert undecided.status_code == 422
    # Somebody was faster once more: what was chosen is kept, and nothing is lost.
    assert moved_on.status_code == 409
    assert 'value="mine" required checked' in moved_on.text
    assert done.status_code == 302
    now = stands(pages, made)
    assert (now.place, now.status, now.note) == ("Dom", "confirmed", "Noch etwas")


def test_what_fits_only_one_by_one_is_chosen_field_by_field(pages: Pages) -> None:
    made = log(pages, status="held", place="Rathaus")
    path = f"/activities/{made.id}/edit"
    revise(pages, made, twins=["coventry"])
    form = {"title.de": "Besuch", "twins": ["cologne"], "start": "2031", "status": "held", "direction": "none"}

    page = pages.post(path, {**form, "version": "1", "place": "Rathaus"}, lang="de")

    assert page.status_code == 409
    assert "Wann" in re.findall(r"<legend>([^<]+)</legend>", page.text)


def test_a_choice_over_an_old_hidden_version_tells_nothing_of_it(pages: Pages) -> None:
    made = log(pages, visibility="confidential", place="Geheimer Ort")
    revise(pages, made, visibility="public", place="Rathaus")
    mine = stands(pages, made).content().model_copy(update={"place": "Dom"}).model_dump_json()

    page = pages.post(
        f"/activities/{made.id}/conflict", {"mine": mine, "base": "1", "version": "2"}, page=f"/activities/{made.id}"
    )

    assert page.status_code == 422
    assert "Geheimer Ort" not in page.text


def test_several_are_looked_at_then_changed_then_taken_back(pages: Pages) -> None:
    one, two = log(pages), log(pages, status="held", start="2020")
    secret = log(pages, visibility="confidential")
    path = "/activities/bulk?q=Besuch+im+Rathaus"
    ticks = [f"{each.id}.1" for each in (one, two, secret)]

    shown = pages.get(path).text
    preview = pages.post(path, {"one": ticks, "status": "postponed", "reason": "Sturm"}, lang="de")
    done = pages.post(path, {"one": ticks[:1], "status": "postponed", "reason": "Sturm", "step": "do"})
    after = stands(pages, one).status
    undone = pages.post(f"{done.location}/undo", {}, page=done.location)

    assert str(secret.id) not in shown
    assert "1 Aktivität ändern" in preview.text
    assert "1 bleibt, wie sie ist" in preview.text
    assert str(secret.id) not in preview.text
    assert hidden(preview.text)["one"] == ticks[0]
    assert after == "postponed"
    assert undone.status_code == 302
    assert stands(pages, one).status == "planned"
    assert "zurückgenommen" in pages.get(done.location, lang="de").text


def test_those_ticked_in_the_list_are_changed_and_taken_back(pages: Pages) -> None:
    one, two, secret = log(pages), log(pages), log(pages, visibility="confidential")
    listed = "/activities?q=Besuch+im+Rathaus"
    boxes = r'name="one" value="([^"]+)" form="chosen"( checked)?><span[^>]*>Choose: <span[^>]*>Besuch im Rathaus'
    ticked = f"/activities/bulk?q=Besuch&choose=these&one={two.id}&one={secret.id}&one=nonsense"

    page, reader = pages.get(listed).text, pages.get(listed, "reader").text
    shown = re.findall(r'name="one" id="[^"]+" value="([^"]+)"( checked)?', pages.get(ticked).text)
    done = pages.post(ticked, {"one": [shown[0][0]], "direction": "mutual", "step": "do"})
    changed = [stands(pages, each).direction for each in (one, two)]
    pages.post(f"{done.location}/undo", {}, page=done.location)

    assert sorted(re.findall(boxes, page)) == sorted([(str(one.id), ""), (str(two.id), "")])
    assert [how for _, how in re.findall(boxes, pages.get(f"{listed}&choose=all").text)] == [" checked"] * 2
    assert 'name="one"' not in reader
    assert 'id="choosing"' not in reader
    assert shown == [(f"{two.id}.1", " checked")]
    assert changed == ["none", "mutual"]
    assert stands(pages, two).direction == "none"


def test_whoever_ticks_nothing_does_not_get_all(pages: Pages) -> None:
    log(pages)

    back = pages.get("/activities/bulk?q=Besuch&after=x&choose=these&one=nonsense")

    assert back.location == "/activities?q=Besuch&choose=some&after=x"
    assert '<details class="choosing" id="choosing" open>' in pages.get(back.location).text


def test_a_change_of_several_needs_a_change_and_a_tick(pages: Pages) -> None:
    one = log(pages)

    nothing = pages.post("/activities/bulk", {"one": [f"{one.id}.1"]})
    nobody = pages.post("/activities/bulk", {"status": "held"})
    too_high = pages.post("/activities/bulk", {"one": [f"{one.id}.1"], "visibility": "confidential"})

    assert [answer.status_code for answer in (nothing, nobody, too_high)] == [422, 422, 422]


def test_a_city_has_a_history_that_its_page_leads_to(pages: Pages) -> None:
    database, now = pages.tracker.database, pages.tracker.clock()
    with database.reading() as session:
        city = twin_store.load_all(session)["cologne"]
    revise_twin(database, city.model_copy(update={"note": "Partner seit 1988"}), None, CLI, now)

    page = pages.get("/history/twin:cologne", lang="de")

    assert re.search(r"<dt>Anmerkung</dt>.*Partner seit 1988", page.text, re.DOTALL)
    assert 'href="/history/twin:cologne"' in pages.get("/twins/cologne").text
    assert pages.get("/history/twin:nowhere").status_code == 404


def test_an_earlier_version_of_a_city_comes_back(pages: Pages) -> None:
    database, now = pages.tracker.database, pages.tracker.clock()
    with database.reading() as session:
        city = twin_store.load_all(session)["cologne"]
    revise_twin(database, city.model_copy(update={"note": "Ein Irrtum"}), None, CLI, now)
    page = pages.get("/history/twin:cologne").text
    fields = {name: first(rf'name="{name}" value="(\d+)"', page) for name in ("position", "newest")}

    answer = pages.post("/history/twin:cologne/restore", fields, page="/history/twin:cologne")
    again = pages.post("/history/twin:cologne/restore", fields, page="/history/twin:cologne")

    assert (answer.status_code, again.status_code) == (302, 409)
    with database.reading() as session:
        assert twin_store.load_all(session)["cologne"] == city
    assert "Restore this version" not in pages.get("/history/honour:chennai-street", "editor").text


def test_accounts_are_told_of_to_administrators_only(pages: Pages) -> None:
    assert pages.get("/history?what=user", "editor").text.count("<li><div") == pages.get(
        "/history", "editor"
    ).text.count("<li><div")
    assert "hat hinzugefügt" in pages.get("/history?what=user", "administrator", "de").text
    assert pages.get("/history/user:1", "editor").status_code == 404
    assert pages.get("/history/user:1", "administrator").status_code == 200


def test_the_house_history_is_narrowed_by_who_what_and_day(pages: Pages) -> None:
    made = log(pages, title={"de": "Nur dieser"})

    by_cli = pages.get("/history?who=cli", lang="de").text
    later = pages.get("/history?from=2.10.2026", lang="de").text
    wrong = pages.get("/history?from=irgendwann", lang="de").text
    older = first(r'rel="next" href="([^"]+)"', pages.get("/history").text)

    assert f"/activities/{made.id}/history" in by_cli
    assert "mitgelieferte Register" not in by_cli.partition('class="trail"')[2]
    assert "Es ist nichts geschehen" in later
    assert "from-told" in wrong
    for ends_of_time in ("?from=0001-01-01&to=9999-12-31", f"?before={10**30}"):
        assert f"/activities/{made.id}/history" in pages.get(f"/history{ends_of_time}").text
    assert pages.get(html.unescape(older)).status_code == 200


def test_no_event_is_told_in_the_words_of_the_log() -> None:
    """Whatever is done to whatever is kept has a name; that names are in all languages is looked at elsewhere."""
    kept, done = zip(*(type_.value.split(".") for type_ in EventType), strict=True)

    assert set(kept) - NOUNS.keys() == set()
    assert set(done) - DEEDS.keys() == set()
