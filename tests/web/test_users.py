"""People and what they may do, on the pages of administrators: invited by mail, bound to cities, closed, forgotten."""

import datetime as dt
import html
import json
import re

import pytest

from tests.logging_in import log_in, send, set_up, user, with_password
from tests.web.conftest import Pages
from tracker.actions.users import NewUser, add_user
from tracker.errors import GatewayError
from tracker.gateways.mail import MemoryMail
from tracker.store import accounts, deliveries, event_log, logins

NEW = {"email": "new@example.org", "name": "Жанна", "role": "contributor", "twins": ["coventry"], "language": "ru"}


def invited(pages: Pages, mail: MemoryMail) -> int:
    pages.app.extensions["tracker_mail"] = mail
    assert pages.post("/admin/users", NEW, "administrator").status_code == 200
    with pages.tracker.database.reading() as session:
        user = accounts.user_by_email(session, "new@example.org")
        assert user
        return user.id


def test_an_invitation_is_in_the_language_of_whoever_is_invited_and_its_link_opens(pages: Pages) -> None:
    mail = MemoryMail()

    user_id = invited(pages, mail)

    assert [message["To"] for message in mail.sent] == ["new@example.org"]
    text = mail.sent[0].get_content()
    assert "Здравствуйте, Жанна!" in text
    link = re.search(r"/reset/\S+", text)
    assert link
    assert pages.app.test_client().get(link[0]).status_code == 200
    pages.post(f"/admin/users/{user_id}", {"do": "invite"}, "administrator")
    assert len(mail.sent) == 2
    assert pages.app.test_client().get(link[0]).status_code == 302  # the one before is dead


def test_an_invitation_taken_back_opens_nothing(pages: Pages) -> None:
    mail = MemoryMail()
    user_id = invited(pages, mail)

    pages.post(f"/admin/users/{user_id}", {"do": "close"}, "administrator")

    link = re.search(r"/reset/\S+", mail.sent[0].get_content())
    assert link
    assert pages.app.test_client().get(link[0]).status_code == 302


@pytest.mark.parametrize("mode", ["embedded"])
def test_where_no_mail_can_leave_the_link_is_shown(pages: Pages) -> None:
    pages.app.extensions["tracker_mail"] = MemoryMail(GatewayError("away", permanent=False))

    page = html.unescape(pages.post("/admin/users", NEW, "administrator").text)

    assert "could not be sent" in page
    assert re.search(r'value="http://127.0.0.1:8000/reset/[^"]+"', page)


def test_grants_are_changed_by_the_form_and_hold_at_once(pages: Pages) -> None:
    with pages.tracker.database.reading() as session:
        reader = accounts.user_by_email(session, "reader@example.org")
        assert reader
    fields = {"do": "grants", "0.role": "reader", "1.role": "contributor", "1.twins": ["coventry"]}
    assert pages.get("/activities/new?kind=festival", "reader").status_code == 403

    answer = pages.post(f"/admin/users/{reader.id}", fields, "administrator")

    assert answer.status_code == 302
    assert pages.get("/activities/new?kind=festival", "reader").status_code == 200
    logged = {"title.en": "Fair", "start": "2027", "status": "planned", "direction": "none"}
    refused = pages.post("/activities/new?kind=festival", {**logged, "twins": ["kemi"]}, "reader")
    assert refused.status_code == 422
    assert "not meant for this city" in html.unescape(refused.text)
    made = pages.post("/activities/new?kind=festival", {**logged, "twins": ["coventry"]}, "reader")
    assert made.status_code == 302
    assert pages.get(f"{made.location}/edit", "reader").status_code == 200
    assert "Coventry" in pages.get(f"/admin/users/{reader.id}", "administrator").text


def test_the_list_tells_when_each_was_here_last_and_nothing_of_who_is_logged_in_nowhere(pages: Pages) -> None:
    clock, began = pages.tracker.clock, pages.tracker.clock()
    pages.browser("editor")
    clock.set(began + dt.timedelta(days=3, hours=11))  # type: ignore[attr-defined]  # of tests
    pages.browser("editor")
    clock.set(began + dt.timedelta(days=5))  # type: ignore[attr-defined]  # of tests

    page = pages.get("/admin/users", "administrator").text

    told = page.split('class="who"')
    persons = {name: one for one in told for name in ("Editor", "Reader") if f">{name}</strong>" in one}
    assert "last seen on 5 October 2026" in persons["Editor"]  # by the clock of whoever reads it
    assert "last seen" not in persons["Reader"]


@pytest.mark.parametrize("mode", ["embedded"])
def test_a_closed_account_is_logged_out_and_the_last_administrator_stays(pages: Pages) -> None:
    browser = pages.browser("editor")
    with pages.tracker.database.reading() as session:
        ids = {user.email.partition("@")[0]: user.id for user in accounts.users(session)}

    pages.post(f"/admin/users/{ids['editor']}", {"do": "close"}, "administrator")
    refused = pages.post(f"/admin/users/{ids['administrator']}", {"do": "close"}, "administrator")

    assert browser.get("/").status_code == 302
    assert refused.status_code == 422
    assert "There must be an administrator" in refused.text


def test_somebody_is_handed_what_is_known_and_forgotten_when_their_address_is_typed(pages: Pages) -> None:
    user_id = invited(pages, MemoryMail())
    known = json.loads(pages.get(f"/admin/users/{user_id}/export", "administrator").text)
    assert known["name"] == "Жанна"
    own = json.loads(pages.get("/account/export", "reader").text)
    assert own["address"] == "reader@example.org"

    page = f"/admin/users/{user_id}/erase"
    assert pages.post(page, {"confirmed": "new"}, "administrator").status_code == 422
    assert pages.post(page, {"confirmed": "new@example.org"}, "administrator").status_code == 302

    assert pages.get(f"/admin/users/{user_id}", "administrator").status_code == 404
    assert "new@example.org" not in pages.get("/admin/users", "administrator").text


def test_whoever_has_lost_phone_and_codes_begins_anew_by_a_link_and_hears_of_it(pages: Pages) -> None:
    mail = pages.app.extensions["tracker_mail"] = MemoryMail()
    with_password(pages, "editor")
    set_up(pages, browser := pages.browser("editor"))
    editor = user(pages, "editor@example.org")
    with pages.tracker.database.unit("user:1", pages.tracker.clock()) as unit:
        told = {"name": "Key", "sign_count": 0, "transports": [], "added_at": unit.now}
        ways = {"credential_id": b"c", "public_key": b"p", "handle": b"h"}
        unit.session.add(logins.PasskeyRow(user_id=editor.id, **ways, **told))
    page = f"/admin/users/{editor.id}/reset"
    assert f'href="{page}"' in pages.get(f"/admin/users/{editor.id}", "administrator").text
    assert browser.get("/").status_code == 200  # asking has changed nothing

    done = pages.post(page, {}, "administrator")

    assert done.status_code == 200
    assert browser.get("/").status_code == 302
    with pages.tracker.database.reading() as session:
        assert session.get(logins.SecondFactorRow, editor.id) is None
        assert logins.passkeys_of(session, editor.id) == []
        last = event_log.history(session, f"user:{editor.id}")[-1]
        notices = [(row.recipient, row.subject) for row in session.query(deliveries.DeliveryRow)]
    assert (last.actor, last.data) == (f"user:{user(pages, 'administrator@example.org').id}", {"changed": ["ways_in"]})
    assert ("editor@example.org", "Your password, codes and passkeys were taken away") in notices
    assert log_in(pages, "editor")[1].status_code == 200  # the old password opens nothing
    assert [message["To"] for message in mail.sent] == ["editor@example.org"]
    link = re.search(r"/reset/\S+", mail.sent[0].get_content())
    assert link
    assert f'value="http://127.0.0.1:8000{link[0]}"' in done.text
    new = "drei neue Brücken am Fluss"
    assert send(pages.app.test_client(), link[0], password=new, password_confirm=new).status_code == 302
    assert user(pages, "editor@example.org").joined_at == editor.joined_at


@pytest.mark.parametrize("mode", ["embedded"])
def test_an_administrator_nobody_could_let_in_again_keeps_their_own_ways_in(pages: Pages) -> None:
    pages.app.extensions["tracker_mail"] = MemoryMail()
    with_password(pages, "administrator")
    me = user(pages, "administrator@example.org")
    page, now = f"/admin/users/{me.id}/reset", pages.tracker.clock()
    other = add_user(pages.tracker.database, NewUser("second@example.org", "administrator"), "system", now)

    refused = pages.post(page, {}, "administrator")
    assert "could let you in again" in refused.text
    assert refused.status_code == 422
    assert user(pages, "administrator@example.org").password

    with pages.tracker.database.unit("system", now) as unit:
        unit.session.get_one(accounts.UserRow, other.id).password = "hash"
    assert pages.post(page, {}, "administrator").status_code == 200
    assert user(pages, "administrator@example.org").password is None


@pytest.mark.parametrize("mode", ["embedded"])
def test_a_closed_account_begins_nothing_anew(pages: Pages) -> None:
    reader = user(pages, "reader@example.org")
    pages.post(f"/admin/users/{reader.id}", {"do": "close"}, "administrator")

    assert pages.get(f"/admin/users/{reader.id}/reset", "administrator").status_code == 404
