"""Who gets in: logging in, setting a password by a link that works once, and what every route declares."""

import datetime as dt
import re

import pytest

from tests.web.conftest import Pages, first
from tracker.actions.logins import owner_of
from tracker.actions.users import NewUser, add_user, first_administrator, one_time_link
from tracker.bootstrap import Tracker, secret_key
from tracker.errors import InvalidInput
from tracker.gateways.mail import MemoryMail
from tracker.store import accounts, event_log
from tracker.web.app import create_app
from tracker.web.auth import Audience, audience_of

PASSWORD = "drei Brücken am Fluss"
BASE = "http://127.0.0.1:8000"


def link_of(tracker: Tracker, email: str) -> str:
    with tracker.database.reading() as session:
        user = accounts.user_by_email(session, email)
        assert user
        return one_time_link(user, "", secret_key(tracker.settings))


def send(client, path: str, **fields: str):  # type: ignore[no-untyped-def]  # of Flask, untyped
    token = first(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(path).text)
    return client.post(path, data={"csrf_token": token, **fields})


def test_every_route_says_who_may_call_it(tracker: Tracker) -> None:
    app = create_app(tracker)

    silent = [rule.rule for rule in app.url_map.iter_rules() if audience_of(app, rule.endpoint) is None]

    assert silent == []


def test_only_these_routes_are_open_to_everybody(tracker: Tracker) -> None:
    app = create_app(tracker)

    open_ones = {
        rule.rule for rule in app.url_map.iter_rules() if audience_of(app, rule.endpoint) is Audience.EVERYBODY
    }

    pages = {rule for rule in open_ones if not re.search("static|docs|openapi|robots|unsubscribe|metrics", rule)}
    public = {"/welcome", "/welcome/years", "/map/land.svg", "/public", "/public/<name>", "/public/<name>.atom"}
    steps = {"/login/code", "/login/second-factor", "/login/passkey", "/login/passkey/options"}
    assert pages == public | steps | {"/login", "/logout", "/verify", "/reset", "/reset/<token>", "/healthz", "/readyz"}


def test_a_route_that_declares_nothing_is_refused(pages: Pages) -> None:
    pages.app.add_url_rule("/forgotten", "forgotten", lambda: "open door")

    answer = pages.get("/forgotten", role="administrator")

    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/", "/activities", "/twins", "/subscribe", "/account", "/admin/users"])
def test_who_is_not_logged_in_is_led_to_the_login_and_back(pages: Pages, path: str) -> None:
    answer = pages.get(path, role=None)

    assert answer.status_code == 302
    assert answer.location.startswith("/login?next=")


@pytest.mark.parametrize(
    ("path", "roles"),
    [
        ("/", {"reader", "editor", "administrator"}),
        ("/activities/new", {"editor", "administrator"}),
        ("/deliveries", {"editor", "administrator"}),
        ("/admin/users", {"administrator"}),
        ("/admin/events", {"administrator"}),
    ],
)
def test_a_page_opens_for_its_roles_only(pages: Pages, path: str, roles: set[str]) -> None:
    admitted = {role for role in ("reader", "editor", "administrator") if pages.get(path, role).status_code == 200}

    assert admitted == roles


def test_a_link_sets_the_password_once_and_then_is_dead(pages: Pages) -> None:
    link = link_of(pages.tracker, "editor@example.org")
    client = pages.app.test_client()

    answer = send(client, link, password=PASSWORD, password_confirm=PASSWORD)

    assert answer.status_code == 302
    shown = client.get("/")
    assert shown.status_code == 200
    assert "Your password is set." in shown.text
    again = pages.app.test_client().get(link)
    assert again.status_code == 302
    assert again.location.endswith("/reset")


def test_whoever_was_logged_in_on_the_browser_is_out_when_somebody_sets_a_password_there(pages: Pages) -> None:
    client = pages.browser("administrator")
    with client.session_transaction() as cookie:
        before = cookie["_user_id"]

    send(client, link_of(pages.tracker, "reader@example.org"), password=PASSWORD, password_confirm=PASSWORD)

    with client.session_transaction() as cookie:
        assert cookie["_user_id"] != before
    assert client.get("/").status_code == 200
    assert client.get("/admin/users").status_code == 403
    assert owner_of(pages.tracker.database, before, pages.tracker.clock()) is None


def test_an_account_takes_on_the_language_its_first_password_was_set_in(pages: Pages) -> None:
    link = link_of(pages.tracker, "editor@example.org")
    client = pages.app.test_client()
    client.get("/login?lang=ru")

    send(client, link, password=PASSWORD, password_confirm=PASSWORD)

    with pages.tracker.database.reading() as session:
        user = accounts.user_by_email(session, "editor@example.org")
        assert user is not None
        assert user.language == "ru"


def test_logging_in_takes_address_and_password_and_logging_out_ends_it(pages: Pages) -> None:
    client = pages.app.test_client()
    send(client, link_of(pages.tracker, "editor@example.org"), password=PASSWORD, password_confirm=PASSWORD)
    client = pages.app.test_client()

    wrong = send(client, "/login", email="editor@example.org", password="not this one")
    right = send(client, "/login", email="Editor@Example.org", password=PASSWORD)

    assert wrong.status_code == 200
    assert "alert" in wrong.text or "invalid-feedback" in wrong.text
    assert right.status_code == 302
    assert client.get("/").status_code == 200
    token = first(r'name="csrf_token" value="([^"]+)"', client.get("/").text)
    client.post("/logout", data={"csrf_token": token})
    assert client.get("/").status_code == 302


def test_a_password_is_kept_as_argon2_and_the_change_is_in_the_log(pages: Pages) -> None:
    client = pages.app.test_client()

    send(client, link_of(pages.tracker, "editor@example.org"), password=PASSWORD, password_confirm=PASSWORD)

    with pages.tracker.database.reading() as session:
        user = accounts.user_by_email(session, "editor@example.org")
        assert user
        assert user.password
        assert user.password.startswith("$argon2id$")
        told = event_log.history(session, f"user:{user.id}")
    assert [event.type.value for event in told] == ["user.added", "user.revised"]
    assert PASSWORD not in str([event.data for event in told])
    assert "example.org" not in str([event.data for event in told])


def test_a_new_password_ends_the_sessions_opened_before(pages: Pages) -> None:
    before = pages.browser("editor")
    assert before.get("/").status_code == 200
    client = pages.app.test_client()

    send(client, link_of(pages.tracker, "editor@example.org"), password=PASSWORD, password_confirm=PASSWORD)

    assert before.get("/").status_code == 302


def test_a_forgotten_password_brings_a_mail_in_the_language_of_the_page(pages: Pages) -> None:
    mail = MemoryMail()
    pages.app.extensions["tracker_mail"] = mail
    client = pages.app.test_client()
    client.set_cookie("lang", "ru")

    known = send(client, "/reset", email="editor@example.org")
    unknown = send(client, "/reset", email="nobody@example.org")

    assert [message["To"] for message in mail.sent] == ["editor@example.org"]
    assert "новый пароль" in mail.sent[0]["Subject"]
    assert "Здравствуйте" in mail.sent[0].get_content()
    # Both are told the same, so that nobody finds out who has an account.
    assert known.status_code == unknown.status_code
    assert re.sub(r"\S+@example.org|value=\S+", "", known.text) == re.sub(
        r"\S+@example.org|value=\S+", "", unknown.text
    )


def test_the_first_start_makes_one_administrator_until_somebody_can_log_in(tracker: Tracker) -> None:
    key = secret_key(tracker.settings)

    first_link = first_administrator(tracker.database, base_url=BASE, secret_key=key, now=tracker.clock())
    second_link = first_administrator(tracker.database, base_url=BASE, secret_key=key, now=tracker.clock())

    assert first_link
    assert second_link
    with tracker.database.reading() as session:
        assert len(accounts.users(session)) == 1
    client = create_app(tracker).test_client()
    path = second_link.removeprefix(BASE)
    assert send(client, path, password=PASSWORD, password_confirm=PASSWORD).status_code == 302
    assert first_administrator(tracker.database, base_url=BASE, secret_key=key, now=tracker.clock()) is None


def test_an_address_is_taken_once_and_must_be_one(tracker: Tracker) -> None:
    now: dt.datetime = tracker.clock()
    add_user(tracker.database, NewUser("Anna@Example.org", "editor"), "system", now)

    with pytest.raises(InvalidInput) as taken:
        add_user(tracker.database, NewUser("anna@example.org", "editor"), "system", now)
    with pytest.raises(InvalidInput) as wrong:
        add_user(tracker.database, NewUser("anna", "boss", timezone="Mars"), "system", now)

    assert [p.field for p in taken.value.problems] == ["email"]
    assert sorted(p.field for p in wrong.value.problems) == ["email", "role", "timezone"]


def test_an_administrator_adds_somebody_and_is_given_the_link(pages: Pages) -> None:
    answer = pages.post(
        "/admin/users", {"email": "new@example.org", "role": "reader", "language": "ru"}, "administrator"
    )

    link = first(r'value="(http://127.0.0.1:8000/reset/[^"]+)"', answer.text)
    client = pages.app.test_client()
    shown = client.get(f"{link.removeprefix(BASE)}?lang=de").text
    assert 'value="new@example.org"' in shown
    sent = {"password": "Wolga und Rhein 2026", "password_confirm": "Wolga und Rhein 2026"}
    token = first(r'name="csrf_token"[^>]* value="([^"]+)"', shown)
    done = client.post(link.removeprefix(BASE), data={**sent, "csrf_token": token}, follow_redirects=True).text
    assert "Ihr Passwort ist gesetzt." in done
    assert "Abmelden" in done


def test_a_form_without_its_token_changes_nothing(pages: Pages) -> None:
    answer = pages.browser("administrator").post("/admin/users", data={"email": "x@example.org", "role": "reader"})

    assert answer.status_code == 400
    with pages.tracker.database.reading() as session:
        assert accounts.user_by_email(session, "x@example.org") is None


def test_every_page_forbids_foreign_scripts_frames_and_sniffing(pages: Pages) -> None:
    headers = pages.get("/").headers

    assert "unsafe-inline" not in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "http" not in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    page = pages.get("/").text
    assert not re.search(r"<script(?![^>]*src=)|\sstyle=|\son\w+=|https?://(?!127)", page)
