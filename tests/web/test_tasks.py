"""The pages of tasks and their letters, as those who do them use them."""

import datetime as dt
import io

import pytest
from docx import Document

from tests.web.conftest import Pages, first
from tracker.actions import tasks
from tracker.domain.occasion_sources import occasions_of_twin
from tracker.errors import Conflict
from tracker.store import accounts, deliveries, occasions
from tracker.store import tasks as store
from tracker.store import twins as twin_store

SUBJECT = "38. Jahrestag der Städtepartnerschaft Köln – Wolgograd"


@pytest.fixture
def task(pages: Pages) -> str:
    """The page of a task about Cologne, which alone is made an occasion: the others cost time."""
    moment = pages.tracker.clock()
    with pages.tracker.database.unit("test", moment) as unit:
        known = occasions_of_twin(twin_store.load_all(unit.session)["cologne"])
        occasions.replace_of_twins(unit.session, ["cologne"], known, moment)
        row = store.ensure_open(unit.session, "anniversary", "founding:cologne", 2026, "2026-11-28", moment)
        return f"/tasks/{row.id}"


def user(pages: Pages, role: str) -> int:
    with pages.tracker.database.reading() as session:
        found = accounts.user_by_email(session, f"{role}@example.org")
        assert found
        return found.id


def status(pages: Pages, path: str) -> str:
    with pages.tracker.database.reading() as session:
        return session.get_one(store.TaskRow, int(path.rpartition("/")[2])).status


def test_a_task_is_taken_on_put_off_handed_over_and_done_with_buttons_alone(pages: Pages, task: str) -> None:
    boss = user(pages, "administrator")

    assert "I do it" in pages.get(task).text
    pages.post(task, {"do": "claim"})
    mine = pages.get("/tasks").text
    put_off = pages.post(task, {"do": "snooze", "until": "20 November 2026"})
    wrong = pages.post(task, {"do": "snooze", "until": "some day"})
    pages.post(task, {"do": "hand", "to": str(boss)})
    foreign = pages.get(task).text
    refused = pages.post(task, {"do": "done"})
    pages.post(task, {"do": "done"}, "administrator")

    assert first(r'id="part-1">([^<]+)<', mine) == "Mine"
    assert "38th anniversary of the twinning Cologne – Volgograd" in mine
    assert "official contacts resting" in mine
    assert (put_off.status_code, wrong.status_code, refused.status_code) == (302, 422, 409)
    assert "some day" in wrong.text
    assert "Administrator does it." in foreign
    assert "I do it" not in foreign
    past = pages.get("/tasks?show=past").text
    history = pages.get(task).text
    assert "wants to be reminded on 20 November 2026" in history
    assert "has handed it to Administrator" in history
    assert first(r'id="part-1">([^<]+)<', past) == "Done"
    assert f'href="{task}"' in past
    assert status(pages, task) == "done"


def test_readers_see_tasks_but_change_nothing(pages: Pages, task: str) -> None:
    shown = pages.get(task, "reader")

    assert shown.status_code == 200
    assert "I do it" not in shown.text
    assert pages.post(task, {"do": "claim"}, "reader").status_code == 403
    assert pages.get(f"{task}/letter", "reader").status_code == 403
    assert pages.get("/tasks/4711", "reader").status_code == 404
    assert status(pages, task) == "open"


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ("Ask the association on the other side", "in 58 days")),
        ("de", ("38. Jahrestag der Städtepartnerschaft Köln – Wolgograd", "28. November 2026")),
        ("ru", ("38-я годовщина", "28 ноября 2026")),
    ],
)
def test_a_task_speaks_the_readers_language(pages: Pages, task: str, lang: str, words: tuple[str, ...]) -> None:
    shown = pages.get(task, lang=lang).text

    assert all(word in shown for word in words)


def test_a_letter_is_drafted_downloaded_and_sent_once(pages: Pages, task: str) -> None:
    path = f"{task}/letter"
    begun = pages.get(path).text
    form = {
        "language": "de", "sender": "Unser Verein", "addressee": "An die Freunde", "subject": SUBJECT,
        "body": "Liebe Freunde!\r\n\r\nAlles Gute", "recipient": "verein@example.org",
    }  # fmt: skip

    pages.post(path, {**form, "do": "save"})
    paper = pages.get(f"{path}.docx")
    refused = pages.post(path, {**form, "recipient": "nobody", "do": "mail"})
    sent = pages.post(path, {**form, "do": "mail"})
    again = pages.browser().post(path, data={**form, "do": "mail", "version": "2"})
    shown = pages.get(path).text

    assert first(r'name="subject"[^>]+value="([^"]+)"', begun) == SUBJECT
    assert "An den Partnerschaftsverein" in begun
    assert paper.headers["Content-Disposition"] == 'attachment; filename="letter-cologne-2026.docx"'
    assert [p.text for p in Document(io.BytesIO(paper.data)).paragraphs][-2:] == ["Liebe Freunde!", "Alles Gute"]
    assert (refused.status_code, sent.status_code) == (422, 302)
    assert first(r'id="recipient-told">([^<]+)<', refused.text) == "“nobody” is not an e-mail address."
    assert again.status_code == 400  # without the page's token nothing goes twice either
    assert "Sent by mail to verein@example.org" in shown
    assert status(pages, task) == "done"
    with pages.tracker.database.reading() as session:
        (delivery,) = session.query(deliveries.DeliveryRow).all()
    assert (delivery.sort, delivery.recipient, delivery.user_id) == ("letter", "verein@example.org", None)
    assert "Liebe Freunde!" in pages.get("/deliveries").text


def test_administrators_change_a_template_and_go_back(pages: Pages, task: str) -> None:
    page = "/admin/letters/de"
    given = {"standing": "resting", "subject": "Gruß", "body": "Liebes {twin}!", "version": "0", "do": "save"}

    wrong = pages.post(page, {**given, "body": "Liebe {stadt}!"}, "administrator")
    pages.post(page, given, "administrator")
    begun = pages.get(f"{task}/letter").text
    pages.post(page, {**given, "version": "1", "do": "forget"}, "administrator")

    assert wrong.status_code == 422
    assert "{stadt}" in first(r'id="body-told">([^<]+)<', wrong.text)
    assert "Liebes Köln!" in begun
    assert "your own words" not in pages.get("/admin/letters", "administrator").text
    assert pages.get("/admin/letters").status_code == 403


def test_the_first_page_asks_for_what_is_next(pages: Pages, task: str) -> None:
    pages.tracker.clock.set(dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC))  # type: ignore[attr-defined]  # a test's clock

    assert f'href="{task}"' in pages.get("/").text
    tasks.claim(pages.tracker.database, int(task[7:]), 1, user(pages, "editor"), pages.tracker.clock())
    with pytest.raises(Conflict):
        tasks.claim(pages.tracker.database, int(task[7:]), 1, user(pages, "administrator"), pages.tracker.clock())

    assert f'href="{task}"' in pages.get("/").text
    assert f'href="{task}"' not in pages.get("/", "administrator").text
    assert f'href="{task}"' not in pages.get("/", "reader").text
