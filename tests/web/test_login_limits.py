"""How often passwords and codes may be tried, and mails asked for."""

import datetime as dt

import pytest

from tests.logging_in import PASSWORD, log_in, send, set_up, with_password
from tests.web.conftest import Pages, first
from tracker.actions import guesses
from tracker.domain.logins import ACCOUNT
from tracker.web import login_limits
from tracker.web.installation import now

on_one = pytest.mark.parametrize("mode", ["embedded"])


def spend(pages: Pages, whose: str, many: int) -> None:
    """Take so many guesses, without the second that each password takes to be looked at."""
    with pages.app.test_request_context():
        for _ in range(many):
            guesses.take(pages.tracker.database, {login_limits.key_of(f"account:{whose}"): ACCOUNT}, now())


def test_whoever_guesses_passwords_waits_and_nobody_is_locked_out_for_good(pages: Pages) -> None:
    with_password(pages, "editor")
    clock, guesser = pages.tracker.clock, pages.app.test_client()
    for email in ("editor@example.org", "nobody@example.org"):
        spend(pages, email, 9)

    # Whether there is such an account makes no difference.
    answers = [
        send(guesser, "/login", email=email, password="guess")
        for email in ("Editor@example.org ", "editor@example.org", "nobody@example.org", "nobody@example.org")
    ]
    right = send(guesser, "/login", email="editor@example.org", password=PASSWORD)
    clock.set(clock() + dt.timedelta(minutes=3))  # type: ignore[attr-defined]  # of tests
    later = send(guesser, "/login", email="editor@example.org", password=PASSWORD)

    assert [answer.status_code for answer in answers] == [200, 429, 200, 429]
    assert answers[-1].headers["Retry-After"] == "180"
    assert "wait 3 minutes" in answers[-1].text
    assert right.status_code == 429
    assert later.status_code == 302


@on_one
def test_a_browser_that_was_let_in_before_is_not_kept_out_by_strangers(pages: Pages) -> None:
    with_password(pages, "editor")
    mine, _ = log_in(pages, "editor")
    send(mine, "/logout", page="/")
    spend(pages, "editor@example.org", 10)

    _, stranger = log_in(pages, "editor")
    _, answer = log_in(pages, "editor", mine)

    assert (stranger.status_code, answer.status_code) == (429, 302)


@on_one
def test_right_passwords_are_never_counted(pages: Pages) -> None:
    with_password(pages, "editor")
    spend(pages, "editor@example.org", 9)

    assert [log_in(pages, "editor")[1].status_code for _ in range(3)] == [302] * 3


@on_one
def test_codes_cannot_be_guessed_at_will(pages: Pages) -> None:
    with_password(pages, "editor")
    app, _ = set_up(pages, pages.browser("editor"))
    client, _ = log_in(pages, "editor")

    answers = [send(client, "/login/code", code=f"{n:06}").status_code for n in range(6)]
    client.set_cookie("known", "forged", path="/login")
    page = client.get("/login/code").text
    last = client.post("/login/code", data={"code": app.code(30), "csrf_token": first(r'value="([^"]+)"', page)})

    assert answers == [200] * 6
    assert last.status_code == 429


@on_one
def test_mails_for_a_new_password_are_few_for_one_address_known_or_not(pages: Pages) -> None:
    client = pages.app.test_client()

    known = [send(client, "/reset", email="editor@example.org").status_code for _ in range(4)]
    unknown = [send(client, "/reset", email="nobody@example.org").status_code for _ in range(4)]

    assert known == unknown == [200, 200, 200, 429]


@on_one
def test_fields_hidden_in_json_are_not_read_past_the_count(pages: Pages) -> None:
    answer = pages.app.test_client().post("/login", json={"email": "editor@example.org", "password": "guess"})

    assert answer.status_code in (400, 415)
