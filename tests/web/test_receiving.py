"""A recipient confirms what arrived by a link without a login; staff see the differences and accept them."""

import datetime as dt
import io
import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from tests.conftest import Clock
from tests.pictures import PDF, jpeg
from tests.web.conftest import Pages, first
from tests.web.test_shipments import ship, stages
from tracker.actions.activities import revise_activity
from tracker.bootstrap import masked
from tracker.domain.activities import Activity, ActivityContent
from tracker.domain.commands import Actor, ReviseActivity
from tracker.store import event_log

GOODS = [
    {"description": "Beds", "quantity": "12", "unit": "pieces", "value": "99999", "currency": "EUR",
     "descriptions": {"ru": "Кровати"}},
    {"description": "Chairs", "quantity": "20"},
]  # fmt: skip
ANSWER = {
    "lines_shown": "2", "lines.0.complete": "1", "lines.1.received": "18", "lines.1.damaged": "1",
    "lines.1.note": "Two are missing", "received_on": "30 September 2026", "confirmed_by": "Maria Petrova",
}  # fmt: skip


@pytest.fixture
def shipment(pages: Pages) -> Activity:
    return ship(pages, ("dispatched", "2026-09-01"), goods=GOODS, note="INTERNAL", place="SECRETPLACE")


def link(pages: Pages, shipment: Activity, **fields: str) -> str:
    """Make a link as staff do, and read it off the page."""
    page = f"/shipments/{shipment.id}"
    pages.post(f"{page}/links", {"language": "ru", "days": "30", **fields}, page=page)
    return first(r'value="http://[^"]*(/receipts/[^"]+)"', pages.get(page).text)


def answer(client: FlaskClient, address: str, fields: dict[str, Any]):  # type: ignore[no-untyped-def]  # of Flask, untyped
    shown = client.get(f"{address}?lang=en").text
    hidden = {name: first(rf'name="{name}" value="([^"]+)"', shown) for name in ("csrf_token", "version")}
    return client.post(address, data={**hidden, **fields})


def test_a_recipient_answers_without_a_login_and_staff_accept_it(pages: Pages, shipment: Activity) -> None:
    address, stranger = link(pages, shipment), pages.app.test_client()

    done = answer(stranger, address, ANSWER)
    desk = pages.get(f"/shipments/{shipment.id}").text
    receipt = first(r'(/shipments/[^"]+/links/[^"]+)"', desk)
    pages.post(receipt, {"do": "accept", "stage": "receipt_confirmed"}, page=f"/shipments/{shipment.id}")

    assert done.status_code == 302
    assert "1 line differs." in desk
    assert "Two are missing" in desk
    assert "Confirmed by Maria Petrova" in desk
    assert stages(pages, shipment) == [("dispatched", "2026-09-01"), ("receipt_confirmed", "2026-09-30")]
    assert "accepted" in pages.get(f"/shipments/{shipment.id}").text


def test_the_page_speaks_the_recipients_language_and_shows_the_lines_and_nothing_else(
    pages: Pages, shipment: Activity
) -> None:
    shown = pages.app.test_client().get(link(pages, shipment))

    assert "Что прибыло?" in shown.text
    assert "Кровати" in shown.text
    assert [word for word in ("INTERNAL", "SECRETPLACE", "99999", "99 999", "cologne") if word in shown.text] == []
    assert "noindex" in shown.headers["X-Robots-Tag"]
    assert shown.headers["Referrer-Policy"] == "no-referrer"
    assert shown.headers["Cache-Control"] == "no-store"


def test_they_can_come_back_and_change_it_but_the_name_is_not_shown_again(pages: Pages, shipment: Activity) -> None:
    address, stranger = link(pages, shipment), pages.app.test_client()
    answer(stranger, address, ANSWER)

    shown = stranger.get(f"{address}?lang=en").text
    again = answer(stranger, address, {**ANSWER, "lines.1.received": "20", "lines.1.damaged": ""})

    assert 'value="18"' in shown
    assert "Maria" not in shown
    assert again.status_code == 302
    assert "Everything arrived" in pages.get(f"/shipments/{shipment.id}").text


def test_a_link_that_ran_out_was_closed_or_never_was_is_answered_alike(pages: Pages, shipment: Activity) -> None:
    closed, stranger = link(pages, shipment), pages.app.test_client()
    receipt = first(r'(/shipments/[^"]+/links/[^"]+)"', pages.get(f"/shipments/{shipment.id}").text)
    pages.post(receipt, {"do": "revoke"}, page=f"/shipments/{shipment.id}")
    old = link(pages, shipment)
    clock = pages.tracker.clock
    assert isinstance(clock, Clock)
    clock.set(clock() + dt.timedelta(days=30))

    answers = [stranger.get(address) for address in (closed, old, "/receipts/nothing")]

    assert [each.status_code for each in answers] == [404] * 3
    assert len({re.sub(r"/receipts/\w*[^?\"]*", "", each.text) for each in answers}) == 1


def test_who_tries_addresses_is_slowed_down(pages: Pages) -> None:
    stranger = pages.app.test_client()

    codes = [stranger.get(f"/receipts/guess{number}").status_code for number in range(40)]

    assert codes[0] == 404
    assert codes[-1] == 429
    assert int(stranger.get("/receipts/guess").headers["Retry-After"]) > 0


def test_a_forged_form_and_an_older_page_are_refused(pages: Pages, shipment: Activity) -> None:
    address, stranger = link(pages, shipment), pages.app.test_client()

    forged = stranger.post(address, data={**ANSWER, "version": "1"})
    answer(stranger, address, ANSWER)
    stale = answer(stranger, address, {**ANSWER, "version": "1"})
    changed = answer(stranger, address, {**ANSWER, "lines_shown": "1"})

    assert (forged.status_code, stale.status_code, changed.status_code) == (400, 409, 422)


@pytest.mark.parametrize("field", ["confirmed_by", "received_on"])
def test_who_and_when_must_be_said(pages: Pages, shipment: Activity, field: str) -> None:
    done = answer(pages.app.test_client(), link(pages, shipment), {**ANSWER, field: ""})

    assert done.status_code == 422
    assert f'href="#{field}"' in done.text


def test_neither_the_token_nor_the_name_stands_in_the_log_or_in_the_database_in_clear(
    pages: Pages, shipment: Activity
) -> None:
    address = link(pages, shipment)
    answer(pages.app.test_client(), address, ANSWER)

    token = address.rpartition("/")[2]
    with pages.tracker.database.reading() as session:
        events = [e for e in event_log.read_all(session, 0) if e.type.value.startswith("receipt.")]
        kept = str(session.execute(text("SELECT * FROM receipts")).all())
    told = str([dict(event.data) for event in events])
    assert [event.type.value for event in events] == ["receipt.asked", "receipt.confirmed"]
    assert "Maria" not in told
    assert token not in told + kept
    assert len(token) == 43  # 256 bits
    assert token not in masked(f"GET {address}?lang=ru")


def test_the_name_and_the_address_can_be_erased_and_what_arrived_stays(pages: Pages, shipment: Activity) -> None:
    address = link(pages, shipment, sent_to="clinic@example.org")
    answer(pages.app.test_client(), address, ANSWER)
    receipt = first(r'(/shipments/[^"]+/links/[^"]+)"', pages.get(f"/shipments/{shipment.id}").text)

    pages.post(receipt, {"do": "forget"}, page=f"/shipments/{shipment.id}")

    desk = pages.get(f"/shipments/{shipment.id}").text
    assert "Maria" not in desk
    assert "clinic@example.org" not in desk
    assert "Two are missing" in desk


def test_the_link_is_mailed_at_once_in_the_recipients_language_and_kept_nowhere(
    pages: Pages, shipment: Activity
) -> None:
    address = link(pages, shipment, sent_to="clinic@example.org")

    [mail] = Path(pages.tracker.settings.mail_folder).rglob("*.eml")
    written = mail.read_text()
    assert "clinic@example.org" in written
    assert "ru" in first(r"Content-Language: (\w+)", written)
    with pages.tracker.database.reading() as session:
        assert session.execute(text("SELECT count(*) FROM deliveries")).scalar() == 0
    assert address in pages.get(f"/shipments/{shipment.id}").text


def test_an_address_that_is_none_makes_no_link(pages: Pages, shipment: Activity) -> None:
    page = f"/shipments/{shipment.id}"
    pages.post(f"{page}/links", {"language": "ru", "days": "30", "sent_to": "nobody"}, page=page)

    assert "/receipts/" not in pages.get(page).text


def test_the_code_on_the_packing_list_is_for_those_who_may_change_the_shipment(
    pages: Pages, shipment: Activity
) -> None:
    packing_list = f"/shipments/{shipment.id}/packing-list.pdf?in=en"
    without = pages.get(packing_list).data
    link(pages, shipment)

    assert len(pages.get(packing_list).data) > len(without) + 500
    assert pages.get(packing_list, role="reader").data == without


def test_readers_neither_make_links_nor_see_them(pages: Pages, shipment: Activity) -> None:
    address = link(pages, shipment)

    assert address not in pages.get(f"/shipments/{shipment.id}", role="reader").text
    assert pages.browser("reader").post(f"/shipments/{shipment.id}/links").status_code in (400, 403)


def test_what_is_confidential_leaves_by_no_link_and_on_no_paper(pages: Pages, shipment: Activity) -> None:
    address = link(pages, shipment)
    known = shipment.content().model_dump(mode="json")
    content = ActivityContent.model_validate({**known, "visibility": "confidential"})
    command = ReviseActivity(shipment.id, content, None)
    revise_activity(pages.tracker.database, command, Actor("user:3"), pages.tracker.clock())
    page = f"/shipments/{shipment.id}"

    made = pages.post(f"{page}/links", {"language": "ru"}, role="administrator", page=page)

    assert made.status_code == 403
    assert pages.app.test_client().get(address).status_code == 404
    assert pages.get(f"{page}/packing-list.pdf", role="administrator").status_code == 403


def test_photographs_come_along_for_staff_alone_and_nothing_else_does(pages: Pages, shipment: Activity) -> None:
    address, stranger = link(pages, shipment), pages.app.test_client()

    answer(stranger, address, {**ANSWER, "pictures": (io.BytesIO(jpeg()), "box.jpg")})
    refused = answer(stranger, address, {**ANSWER, "pictures": (io.BytesIO(PDF), "box.pdf")})

    desk = pages.get(f"/shipments/{shipment.id}").text
    picture = first(r'href="(/files/[^"]+/box\.jpg)"', desk)
    assert pages.get(picture).status_code == 200
    assert pages.get(picture, role="reader").status_code == 404
    assert stranger.get(picture).status_code == 302
    assert refused.status_code == 422
    assert "is no photograph" in refused.text
    assert "1 photograph has been sent already" in stranger.get(f"{address}?lang=en").text
