"""Logging in by a provider: against a small one on loopback that signs and checks as a real one does."""

import html
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from flask.testing import FlaskClient
from joserfc.jwk import RSAKey
from werkzeug.test import TestResponse

from tests.oidc_provider import Provider
from tests.web.conftest import Pages, first
from tracker import bootstrap
from tracker.bootstrap import Tracker
from tracker.store import accounts, deliveries, logins

pytestmark = pytest.mark.parametrize("mode", ["embedded"])


@pytest.fixture
def provider() -> Iterator[Provider]:
    running = Provider()
    yield running
    running.close()


@pytest.fixture
def linked(tracker: Tracker, provider: Provider) -> Iterator[Pages]:
    """A house whose people may log in by the provider."""
    made = bootstrap.assemble({**tracker.environ, **provider.environ()}, tracker.clock)
    yield Pages(made)
    made.database.engine.dispose()


def come_back(client: FlaskClient, begin: str = "/login/provider") -> TestResponse:
    """Go to the provider as a browser does, and come back with what it gives."""
    there = client.get(begin)
    assert there.status_code == 302
    back = httpx.get(there.location).headers["location"]
    return client.get(back.removeprefix("http://127.0.0.1:8000"))


def told(client: FlaskClient) -> str:
    return html.unescape(client.get("/login").text)


def test_whoever_has_an_account_comes_in_by_their_verified_address(linked: Pages, provider: Provider) -> None:
    client = linked.app.test_client()

    answer = come_back(client, "/login/provider?next=/activities")

    assert answer.location == "/activities"
    assert client.get("/account").status_code == 200
    with linked.tracker.database.reading() as session:
        user = accounts.user_by_email(session, "editor@example.org")
        link = session.get(logins.LoginLinkRow, (provider.issuer, "4711"))
        mails = [row.subject for row in session.query(deliveries.DeliveryRow)]
    assert user
    assert link
    assert link.user_id == user.id
    assert mails == ["Your account was linked to a login elsewhere"]


def test_the_request_carries_pkce_a_nonce_and_a_state(linked: Pages) -> None:
    asked = parse_qs(urlsplit(linked.app.test_client().get("/login/provider").location).query)

    assert asked["code_challenge_method"] == ["S256"]
    assert {"code_challenge", "nonce", "state"} <= set(asked)
    assert asked["redirect_uri"] == ["http://127.0.0.1:8000/login/provider/back"]


def test_nobody_gets_an_account_this_way(linked: Pages, provider: Provider) -> None:
    provider.person["email"] = "stranger@example.org"
    client = linked.app.test_client()

    assert come_back(client).location == "/login"

    assert "There is no account for you here" in told(client)
    assert client.get("/").status_code == 302
    with linked.tracker.database.reading() as session:
        assert accounts.user_by_email(session, "stranger@example.org") is None


@pytest.mark.parametrize("verified", [False, None, "yes"])
def test_an_address_that_was_not_verified_opens_nothing(linked: Pages, provider: Provider, verified: object) -> None:
    provider.person["email_verified"] = verified
    client = linked.app.test_client()

    come_back(client)

    assert "has not verified your mail address" in told(client)
    assert client.get("/").status_code == 302


def test_once_linked_the_providers_number_counts_and_no_address(linked: Pages, provider: Provider) -> None:
    come_back(linked.app.test_client())

    provider.person = {"sub": "4711", "email": "moved@example.org", "email_verified": True}
    moved, other = linked.app.test_client(), linked.app.test_client()
    come_back(moved)
    provider.person = {"sub": "4712", "email": "editor@example.org", "email_verified": True}
    come_back(other)

    assert moved.get("/").status_code == 200
    assert other.get("/").status_code == 302
    assert "belongs to another login there" in told(other)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda claims: {**claims, "nonce": "another"},
        lambda claims: {**claims, "aud": "another"},
        lambda claims: {**claims, "iss": "https://evil.example"},
        lambda claims: {**claims, "exp": claims["iat"] - 600},
        lambda claims: {name: value for name, value in claims.items() if name != "nonce"},
    ],
    ids=["nonce", "audience", "issuer", "expired", "no nonce"],
)
def test_what_was_not_said_to_us_now_is_refused(
    linked: Pages, provider: Provider, spoil: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    provider.spoil = spoil
    client = linked.app.test_client()

    assert come_back(client).location == "/login"
    assert "That did not work" in told(client)
    assert client.get("/").status_code == 302


def test_a_signature_by_another_key_is_refused(linked: Pages, provider: Provider) -> None:
    provider.signing = RSAKey.generate_key(2048, {"kid": "one"}, private=True)
    client = linked.app.test_client()

    assert come_back(client).location == "/login"
    assert client.get("/").status_code == 302


def test_an_answer_to_a_question_this_browser_did_not_ask_is_refused(linked: Pages) -> None:
    asked = linked.app.test_client().get("/login/provider").location
    back = httpx.get(asked).headers["location"].removeprefix("http://127.0.0.1:8000")
    client = linked.app.test_client()

    for path in (back, "/login/provider/back", "/login/provider/back?error=access_denied"):
        assert client.get(path).location == "/login"
    assert client.get("/").status_code == 302


def test_who_came_by_the_provider_may_log_out_there_too(linked: Pages, provider: Provider) -> None:
    client = linked.app.test_client()
    come_back(client)
    token = first(r'name="csrf_token" value="([^"]+)"', client.get("/").text)

    client.post("/logout", data={"csrf_token": token})
    shown = told(client)
    out = client.get("/login/provider/out").location

    assert "still logged in at 127.0.0.1" in shown
    assert out.startswith(f"{provider.issuer}/out?client_id=tracker&post_logout_redirect_uri=")
    assert "still logged in" not in told(client)


def test_a_provider_that_is_away_is_told_and_the_password_stays(linked: Pages, provider: Provider) -> None:
    client = linked.app.test_client()
    provider.close()

    assert client.get("/login/provider").location == "/login"
    assert "does not answer" in told(client)


def test_without_settings_there_is_no_other_login(pages: Pages) -> None:
    client = pages.app.test_client()

    assert client.get("/login/provider").status_code == 404
    assert "/login/provider" not in client.get("/login").text
