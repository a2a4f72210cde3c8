"""The pages of chats: the address goes in and never comes out, faults stand at their fields, a test is posted."""

import dataclasses

from tests.web.conftest import Pages
from tracker.errors import GatewayError
from tracker.gateways.chat import MemoryChat
from tracker.i18n import N_
from tracker.store.chats import ChatRow

URL = "json://bot:s3cret@127.0.0.1:9/hook"
ROOM = {"name": "Office", "language": "ru", "timezone": "Europe/Berlin", "url": URL, "active": "1"}


def with_chat(pages: Pages, chat: MemoryChat) -> Pages:
    """The same pages, posting to a chat of ours."""
    pages.app.extensions["tracker"] = dataclasses.replace(pages.tracker, chat=chat)
    return pages


def test_a_chat_is_added_tried_changed_and_removed_and_its_address_is_never_shown(pages: Pages) -> None:
    chat = MemoryChat()
    with_chat(pages, chat)

    made = pages.post("/admin/chats", ROOM, "administrator").headers["Location"]
    tried = pages.post(made, {"do": "test"}, "administrator")
    pages.post(made, {**ROOM, "do": "save", "name": "Board", "url": "", "active": ""}, "administrator")
    with pages.tracker.database.reading() as session:
        row = session.query(ChatRow).one()
    shown = "".join(pages.get(path, "administrator").text for path in ("/admin/chats", made, "/admin/events"))
    pages.post(made, {"do": "remove"}, "administrator")

    assert [post.url for post in chat.sent] == [URL]
    assert tried.status_code == 302
    assert (row.name, row.url) == ("Board", URL)
    assert "s3cret" not in shown
    assert pages.get(made, "administrator").status_code == 404


def test_what_the_service_says_is_shown(pages: Pages) -> None:
    fault = GatewayError(N_("The chat refused it: {answer}"), permanent=True, answer="HTTP 403")
    with_chat(pages, MemoryChat(fault))
    made = pages.post("/admin/chats", ROOM, "administrator").headers["Location"]
    browser = pages.browser("administrator")

    page = browser.get(made).text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    told = browser.post(made, data={"do": "test", "csrf_token": token}, follow_redirects=True).text

    assert "HTTP 403" in told


def test_faults_stand_at_their_fields_and_the_address_is_not_sent_back(pages: Pages) -> None:
    answer = pages.post("/admin/chats", {**ROOM, "name": "", "url": "syslog://s3cret"}, "administrator")

    assert answer.status_code == 422
    assert "needs a name" in answer.text
    assert "“syslog://” is not among the services" in answer.text
    assert "s3cret" not in answer.text


def test_chats_are_the_administrators(pages: Pages) -> None:
    assert [pages.get("/admin/chats", role).status_code for role in ("reader", "editor")] == [403, 403]
