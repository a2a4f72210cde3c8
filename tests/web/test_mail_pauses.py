"""Whoever can help is told of mails that came back: the person whose mail is paused, and administrators."""

import pytest

from tests.web.conftest import Pages
from tracker.actions.bounces import note_bounces
from tracker.actions.tokens import issue_token
from tracker.domain.bounces import Bounce
from tracker.domain.commands import Actor
from tracker.store import addresses
from tracker.store.accounts import UserRow, paused
from tracker.store.deliveries import DeliveryRow
from tracker.store.rules import RuleRow

GONE = Bounce("reader@example.org", "5.1.1", "550 5.1.1 User unknown")
ME = Actor("user:1")


def pause(pages: Pages) -> int:
    note_bounces(pages.tracker.database, [GONE], ME, pages.tracker.clock(), believed=True)
    with pages.tracker.database.reading() as session:
        (row,) = paused(session)
        return row.id


def is_paused(pages: Pages) -> bool:
    with pages.tracker.database.reading() as session:
        return session.query(UserRow).filter_by(email="reader@example.org").one().mail_paused_at is not None


@pytest.mark.parametrize("path", ["/", "/account"])
def test_a_person_reads_that_their_mail_is_paused_and_why(pages: Pages, path: str) -> None:
    before = pages.get(path, "reader").text
    pause(pages)

    told, others = pages.get(path, "reader").text, pages.get(path, "editor").text

    assert "550 5.1.1 User unknown" in told
    assert "550 5.1.1 User unknown" not in before + others


def test_a_person_resumes_their_own_mail(pages: Pages) -> None:
    pause(pages)

    answer = pages.post("/account/mail", {}, "reader", page="/account")

    assert (answer.status_code, is_paused(pages)) == (302, False)


def test_an_administrator_sees_who_is_paused_and_resumes_it(pages: Pages) -> None:
    reader = pause(pages)

    shown, hidden = pages.get("/deliveries", "administrator").text, pages.get("/deliveries", "editor").text
    refused = pages.post(f"/deliveries/paused/{reader}", {}, "editor", page="/account")
    still = is_paused(pages)
    answer = pages.post(f"/deliveries/paused/{reader}", {}, "administrator", page="/deliveries")

    assert "reader@example.org" in shown
    assert "reader@example.org" not in hidden
    assert (refused.status_code, still, answer.status_code, is_paused(pages)) == (403, True, 302, False)


def test_what_may_have_arrived_twice_is_counted(pages: Pages) -> None:
    now = pages.tracker.clock()
    with pages.tracker.database.unit("test", now) as unit:
        for number in range(2):
            unit.session.add(
                DeliveryRow(
                    key=f"test:{number}", channel="mail", recipient="a@example.org", subject="Today", status="sent",
                    payload={"language": "en", "text": "A day", "unsubscribe_url": ""}, next_try_at=now,
                    created_at=now, maybe_twice=True,
                )
            )  # fmt: skip

    page = pages.get("/deliveries", "editor").text

    assert "2 mails may have arrived twice" in page
    assert page.count("It may have arrived twice.") == 2
    assert ">A day<" in page


def hook(pages: Pages, role: str | None, body: bytes | str, kind: str) -> tuple[int, object]:
    headers = {}
    if role:
        token = issue_token(pages.tracker.database, f"{role}@example.org", pages.tracker.clock(), ME)
        headers["Authorization"] = f"Bearer {token}"
    client = pages.app.test_client(use_cookies=False)
    answer = client.post("/hooks/bounces", data=body, headers=headers, content_type=kind)
    return answer.status_code, answer.get_json()


def test_a_program_tells_of_a_bounce_with_an_administrators_token(pages: Pages) -> None:
    body = '{"recipient": "reader@example.org", "status": "5.1.1", "said": "gone", "message_id": ""}'

    first, second = (hook(pages, "administrator", body, "application/json") for _ in range(2))

    assert first == (200, {"reports": 1, "new": 1})
    assert second == (200, {"reports": 1, "new": 0})
    assert is_paused(pages)


@pytest.mark.parametrize(
    ("role", "body", "kind", "status"),
    [
        (None, "{}", "application/json", 401),
        ("editor", "{}", "application/json", 403),
        ("administrator", "{}", "text/plain", 415),
        ("administrator", '{"recipient": "nobody"}', "application/json", 422),
        ("administrator", b"x" * 1_100_000, "message/rfc822", 413),
    ],
)
def test_the_hook_refuses_what_it_cannot_believe_or_read(
    pages: Pages, role: str | None, body: bytes | str, kind: str, status: int
) -> None:
    assert hook(pages, role, body, kind)[0] == status
    assert not is_paused(pages)


def test_an_administrator_resumes_an_address_that_a_rule_names(pages: Pages) -> None:
    now = pages.tracker.clock()
    with pages.tracker.database.unit("test", now) as unit:
        row = addresses.ensure(unit.session, "office@example.org")
        row.mail_paused_at, row.mail_paused_why = now, "550 5.1.1 No such user"
        number = row.id
        rule = unit.session.get_one(RuleRow, "anniversary")
        rule.audience = [*rule.audience, {"to": "address", "value": "office@example.org", "language": "de"}]

    shown, hidden = pages.get("/deliveries", "administrator").text, pages.get("/deliveries", "editor").text
    beside = pages.get("/rules/anniversary", "editor").text
    homes = [pages.get("/", role).text for role in ("administrator", "editor")]
    refused = pages.post(f"/deliveries/addresses/{number}", {}, "editor", page="/account")
    answer = pages.post(f"/deliveries/addresses/{number}", {}, "administrator", page="/deliveries")

    assert "550 5.1.1 No such user" in shown
    assert "550 5.1.1 No such user" not in hidden
    assert "nothing is sent to office@example.org" in beside
    assert ["Mails to 1 address come back" in home for home in homes] == [True, False]
    assert (refused.status_code, answer.status_code) == (403, 302)
    with pages.tracker.database.reading() as session:
        assert addresses.silent(session) == []
