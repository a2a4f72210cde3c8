"""From the password to a session: second factors, recovery codes, what one can end, and how often one may guess."""

import datetime as dt
import html
import re

import pytest
from sqlalchemy import text

from tests.logging_in import PASSWORD, SECURITY, App, link_of, log_in, send, set_up, user, with_password
from tests.web.conftest import Pages, first
from tracker.actions.deliveries import deliver_due
from tracker.domain.logins import TOUCH_EVERY
from tracker.store import accounts, deliveries, event_log, logins

# What the database decides is tried on both; what the pages decide, on one.
on_one = pytest.mark.parametrize("mode", ["embedded"])


def told(pages: Pages) -> list[tuple[str, str]]:
    with pages.tracker.database.reading() as session:
        rows = session.query(deliveries.DeliveryRow).order_by(deliveries.DeliveryRow.id).all()
    return [(row.recipient, row.subject) for row in rows if row.sort == "security"]


def test_after_the_password_a_code_is_asked_for_and_opens_once(pages: Pages) -> None:
    with_password(pages, "editor")
    app, _ = set_up(pages, pages.browser("editor"))

    client, half_way = log_in(pages, "editor")
    closed = client.get("/")
    used = send(client, "/login/code", code=app.code())  # it has been used for setting up
    wrong = send(client, "/login/code", code="000000")
    right = send(client, "/login/code", code=app.code(30))

    assert half_way.location.startswith("/login/code")
    assert closed.status_code == 302
    assert [answer.status_code for answer in (used, wrong)] == [200, 200]
    assert "not right" in wrong.text
    assert right.status_code == 302
    assert client.get("/").status_code == 200
    again, _ = log_in(pages, "editor")
    assert send(again, "/login/code", code=app.code(30)).status_code == 200


@on_one
def test_a_new_password_lets_nobody_past_the_second_factor(pages: Pages) -> None:
    with_password(pages, "editor")
    app, _ = set_up(pages, pages.browser("editor"))
    pages.post("/admin/organisation/logins", {"second_factor": "1"}, "administrator", page="/admin/organisation")
    new = {"password": PASSWORD + "!", "password_confirm": PASSWORD + "!"}
    editor, administrator = pages.app.test_client(), pages.app.test_client()

    asked = send(editor, link_of(pages, "editor"), **new)
    wanted = send(administrator, link_of(pages, "administrator"), **new)

    assert asked.location.startswith("/login/code")
    assert wanted.location.startswith("/login/second-factor")
    assert [client.get("/").status_code for client in (editor, administrator)] == [302, 302]
    assert send(editor, "/login/code", code=app.code(30)).status_code == 302
    set_up(pages, administrator, "/login/second-factor")
    assert [client.get("/").status_code for client in (editor, administrator)] == [200, 200]


@on_one
def test_a_mistyped_code_does_not_change_the_key_that_was_scanned(pages: Pages) -> None:
    client = pages.browser("editor")
    app = App(pages, client.get("/account/second-factor").text)

    wrong = send(client, "/account/second-factor", code="123")

    assert wrong.status_code == 422
    assert App(pages, wrong.text).code() == app.code()


def test_a_recovery_code_opens_once_and_its_owner_hears_of_it(pages: Pages) -> None:
    with_password(pages, "editor")
    _, codes = set_up(pages, pages.browser("editor"))

    client, _ = log_in(pages, "editor")
    first_time = send(client, "/login/code", code=codes[3].upper().replace("-", " "))
    other, _ = log_in(pages, "editor")
    second_time = send(other, "/login/code", code=codes[3])

    assert len(set(codes)) == 10
    assert first_time.status_code == 302
    assert second_time.status_code == 200
    assert "9 recovery codes of 10 are left" in client.get(SECURITY).text
    assert told(pages)[-1] == ("editor@example.org", "Somebody logged in with one of your recovery codes")


def test_neither_the_database_nor_the_log_holds_what_opens(pages: Pages) -> None:
    client = pages.browser("editor")
    page = client.get("/account/second-factor").text
    key = first(r'id="key" readonly value="([^"]+)"', page).replace(" ", "")
    _, codes = set_up(pages, client)
    with client.session_transaction() as cookie:
        secret = cookie["_user_id"]

    with pages.tracker.database.reading() as session:
        kept = str([session.execute(text(f"SELECT * FROM {table}")).all() for table in ("second_factors",
                    "login_sessions", "login_guesses", "events", "deliveries")])  # fmt: skip

    for opens in (key, secret, *codes, *(code.replace("-", "") for code in codes)):
        assert opens not in kept


@on_one
def test_new_recovery_codes_make_the_old_ones_worth_nothing(pages: Pages) -> None:
    with_password(pages, "editor")
    client = pages.browser("editor")
    _, old = set_up(pages, client)

    shown = send(client, "/account/recovery-codes", page=SECURITY)

    new = first(r"<textarea[^>]*>([^<]+)</textarea>", shown.text).split()
    assert shown.headers["Cache-Control"] == "no-store"
    trying, _ = log_in(pages, "editor")
    assert send(trying, "/login/code", code=old[0]).status_code == 200
    assert send(trying, "/login/code", code=new[0]).status_code == 302


@on_one
def test_switching_codes_off_is_told_by_mail_in_the_owners_language(pages: Pages) -> None:
    with_password(pages, "editor")
    client = pages.browser("editor")
    set_up(pages, client)
    with pages.tracker.database.unit("system", pages.tracker.clock()) as unit:
        row = accounts.user_by_email(unit.session, "editor@example.org")
        assert row
        row.language, row.reminders_by_mail = "ru", False

    send(client, "/account/second-factor/off", page=SECURITY)

    assert told(pages)[-1] == ("editor@example.org", "При входе больше не спрашиваются коды из приложения")
    _, answer = log_in(pages, "editor")
    assert answer.location == "/"


@on_one
def test_the_house_may_want_a_second_factor_of_its_administrators(pages: Pages) -> None:
    for role in ("editor", "administrator"):
        with_password(pages, role)
    pages.post("/admin/organisation/logins", {"second_factor": "1"}, "administrator", page="/admin/organisation")

    _, editor = log_in(pages, "editor")
    client, administrator = log_in(pages, "administrator")
    closed = client.get("/")
    set_up(pages, client, "/login/second-factor")

    assert editor.location == "/"
    assert administrator.location.startswith("/login/second-factor")
    assert closed.status_code == 302
    assert client.get("/").status_code == 200
    refused = send(client, "/account/second-factor/off", page=SECURITY)
    assert refused.status_code == 403


@on_one
def test_the_password_alone_puts_no_other_app_in_the_place_of_the_owners(pages: Pages) -> None:
    with_password(pages, "administrator")
    pages.post("/admin/organisation/logins", {"second_factor": "1"}, "administrator", page="/admin/organisation")
    set_up(pages, pages.browser("administrator"))

    client, _ = log_in(pages, "administrator")

    assert client.get("/login/second-factor").location.startswith("/login/code")


@on_one
def test_who_takes_too_long_for_the_second_step_begins_again(pages: Pages) -> None:
    with_password(pages, "editor")
    app, _ = set_up(pages, pages.browser("editor"))
    client, _ = log_in(pages, "editor")

    pages.tracker.clock.set(pages.tracker.clock() + dt.timedelta(minutes=11))  # type: ignore[attr-defined]  # of tests

    assert client.get("/login/code").location == "/login"
    late = send(client, "/login/code", page="/login", code=app.code())
    assert late.location == "/login"
    assert client.get("/").status_code == 302


@on_one
def test_the_next_page_is_reached_and_no_other_house(pages: Pages) -> None:
    with_password(pages, "editor")
    app, _ = set_up(pages, pages.browser("editor"))

    arrived = []
    for wanted in ("/activities", "//evil.example", "https://evil.example/", "/\\evil.example"):
        pages.tracker.clock.set(pages.tracker.clock() + dt.timedelta(minutes=5))  # type: ignore[attr-defined]  # of tests
        client, _ = log_in(pages, "editor")
        arrived.append(send(client, f"/login/code?next={wanted}", page="/login/code", code=app.code()).location)

    assert arrived == ["/activities", "/", "/", "/"]


def test_sessions_are_listed_and_ending_one_logs_that_browser_out(pages: Pages) -> None:
    here, there = pages.browser("editor"), pages.browser("editor")
    stranger = pages.browser("reader")
    shown = here.get(SECURITY).text
    (other,) = re.findall(r'name="session" value="([^"]+)"', shown)

    not_mine = send(stranger, "/account/sessions/end", page=SECURITY, session=other)
    still = there.get("/").status_code
    send(here, "/account/sessions/end", page=SECURITY, session=other)

    assert shown.count("Firefox on Linux") == 2
    assert "this browser" in shown
    assert (not_mine.status_code, still) == (302, 200)
    assert there.get("/").status_code == 302
    assert here.get("/").status_code == 200


@on_one
def test_all_other_sessions_end_at_once_also_those_that_stay_on_a_device(pages: Pages) -> None:
    with_password(pages, "editor")
    stays, _ = log_in(pages, "editor", remember="y")
    stays.delete_cookie("session")
    remembered = stays.get("/").status_code
    stays.delete_cookie("session")
    here = pages.browser("editor")

    send(here, "/account/sessions/end-others", page=SECURITY)

    assert remembered == 200
    assert stays.get("/").status_code == 302
    assert here.get("/").status_code == 200


@on_one
def test_logging_out_ends_the_session_for_a_copied_cookie_too(pages: Pages) -> None:
    client = pages.browser("editor")
    with client.session_transaction() as cookie:
        copied = dict(cookie)

    send(client, "/logout", page="/")
    thief = pages.app.test_client()
    with thief.session_transaction() as cookie:
        cookie.update(copied)

    assert thief.get("/").status_code == 302


def test_a_new_password_ends_every_session_and_is_told_by_mail(pages: Pages) -> None:
    with_password(pages, "editor")
    first_password = told(pages)
    client, _ = log_in(pages, "editor", remember="y")

    with_password(pages, "editor")

    assert client.get("/").status_code == 302
    assert first_password == []
    assert [subject for _, subject in told(pages)] == ["Your password was changed"]
    with pages.tracker.database.reading() as session:
        # The only one is that of the browser the password was set on.
        (session_left,) = session.query(logins.LoginSessionRow)
        assert session_left.uniquifier == user(pages, "editor@example.org").fs_uniquifier


def test_when_a_session_was_last_used_is_written_once_in_ten_minutes(pages: Pages) -> None:
    client, clock = pages.browser("editor"), pages.tracker.clock
    opened = clock()

    def used() -> dt.datetime:
        with pages.tracker.database.reading() as session:
            return session.query(logins.LoginSessionRow).one().used_at

    clock.set(opened + TOUCH_EVERY - dt.timedelta(seconds=1))  # type: ignore[attr-defined]  # of tests
    client.get("/")
    soon = used()
    clock.set(opened + TOUCH_EVERY)  # type: ignore[attr-defined]  # of tests
    client.get("/")

    assert soon == opened
    assert used() == opened + TOUCH_EVERY


@on_one
def test_an_old_login_must_show_its_password_again_before_it_sees_what_guards_the_account(pages: Pages) -> None:
    with_password(pages, "editor")
    client, _ = log_in(pages, "editor")
    with client.session_transaction() as cookie:
        cookie["fs_paa"] -= 3601

    closed = client.get(SECURITY)
    wrong = send(client, closed.location, password="not this one")
    right = send(client, closed.location, password=PASSWORD)

    assert closed.location.startswith("/verify?next=")
    assert wrong.status_code == 200
    assert right.location.endswith(SECURITY)
    assert client.get(SECURITY).status_code == 200


def test_a_token_is_shown_once_and_opens_until_it_is_revoked_or_runs_out(pages: Pages) -> None:
    client, clock = pages.browser("editor"), pages.tracker.clock
    made = [
        first(r'value="(trk_[^"]+)"', send(client, "/account/tokens", page=SECURITY, name=name, days=days).text)
        for name, days in (("Kasse", ""), ("Blatt", "30"))
    ]

    def opens() -> list[int]:
        return [
            pages.app.test_client().get("/api/v1/twins", headers={"Authorization": f"Bearer {token}"}).status_code
            for token in made
        ]

    fresh, shown = opens(), client.get(SECURITY).text
    nameless = send(client, "/account/tokens", page=SECURITY, name=" ", days="1")
    clock.set(clock() + dt.timedelta(days=29, hours=23))  # type: ignore[attr-defined]  # of tests
    nearly = opens()
    clock.set(clock() + dt.timedelta(hours=2))  # type: ignore[attr-defined]  # of tests
    ran_out = opens()
    client = pages.browser("editor")
    handles = re.findall(r'name="token" value="([^"]+)"', client.get(SECURITY).text)
    refused = send(pages.browser("reader"), "/account/tokens/revoke", page=SECURITY, token=handles[0])
    for one in handles:
        send(client, "/account/tokens/revoke", page=SECURITY, token=one)

    assert "trk_" not in shown
    assert "Kasse" in shown
    assert (fresh, nearly, ran_out, opens()) == ([200, 200], [200, 200], [200, 401], [401, 401])
    assert nameless.status_code == 422
    assert "Say what the token is for" in html.unescape(nameless.text)
    assert refused.status_code == 302
    with pages.tracker.database.reading() as session:
        types = [e.type.value for e in event_log.history(session, f"user:{user(pages, 'editor@example.org').id}")]
    assert types[-4:] == ["token.issued", "token.issued", "token.revoked", "token.revoked"]


@on_one
def test_the_mail_about_a_change_goes_also_to_those_who_want_no_reminders(pages: Pages) -> None:
    with_password(pages, "editor")
    with pages.tracker.database.unit("system", pages.tracker.clock()) as unit:
        row = accounts.user_by_email(unit.session, "editor@example.org")
        assert row
        row.reminders_by_mail = False
    with_password(pages, "editor")

    deliver_due(pages.tracker.database, pages.tracker.mail, pages.tracker.clock())

    with pages.tracker.database.reading() as session:
        (row,) = session.query(deliveries.DeliveryRow).all()
    assert row.status == "sent"
