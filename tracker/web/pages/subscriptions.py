"""Subscribing to a calendar: choose, get a secret address once, and see afterwards which programs read it and when."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from babel.dates import format_timedelta
from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from tracker.actions import subscriptions as actions
from tracker.actions.calendars import create_calendar, revoke_subscription
from tracker.actions.calendars import subscribe as new_address
from tracker.actions.feeds import TEST_ENTRY_LASTS
from tracker.bootstrap import Tracker
from tracker.domain import clients
from tracker.domain.activities import Kind, Status
from tracker.domain.clients import HABITS, Client
from tracker.errors import FieldProblem, InvalidInput, NotFound
from tracker.i18n import N_, gettext
from tracker.outputs.qr import svg
from tracker.store import accounts, exports
from tracker.store import subscriptions as store
from tracker.store import twins as twin_store
from tracker.store.calendars import CalendarRow
from tracker.web import auth
from tracker.web.auth import Account, Audience, account, actor, allowed, rights
from tracker.web.calendar_forms import (
    AHEAD,
    ALARMS,
    BACK,
    OCCASIONS,
    READY,
    chosen,
    in_words,
    level_of,
    levels_up_to,
    name_of,
)
from tracker.web.guides import GUIDES, sketch
from tracker.web.installation import now, this_tracker
from tracker.web.language import language, locale


@dataclass(frozen=True)
class Reader:
    """A program that reads an address, as its owner is told of it."""

    client: Client
    name: str
    agent: str
    last_at: dt.datetime
    gap: dt.timedelta | None
    returns: bool  # by itself
    current: bool
    moved: bool  # it has been seen at the fresh address, where there is one
    gone: bool
    expected: dt.datetime | None
    remarks: list[str]


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/subscribe", "subscribe", subscribe, methods=["GET", "POST"])
    app.add_url_rule("/subscriptions/<uuid:subscription_id>", "subscription", subscription, methods=["GET", "POST"])
    app.add_url_rule("/subscriptions/<uuid:subscription_id>/revoke", "revoke", revoke, methods=["POST"])
    app.jinja_env.filters |= {
        "lasting": lambda time: format_timedelta(time, locale=locale()),
        "sketched": lambda screen: sketch(screen, language()),
    }
    app.jinja_env.globals |= {"calendar_guides": GUIDES, "client_habits": HABITS}


@allowed(Audience.READERS)
def subscribe() -> ResponseReturnValue:
    me, tracker = _me(), this_tracker()
    if request.method == "GET":
        return _page(me)
    with tracker.database.reading() as session:
        twins = twin_store.current(session)
    try:
        choice = chosen(request.form, level_of(rights()), language())
        name = name_of(request.form, choice, twins, language())
        calendar_id = create_calendar(tracker.database, choice, actor(), now())
    except InvalidInput as fault:
        return _page(me, faults=fault.problems), 422
    made, token = new_address(tracker.database, calendar_id, actor(), now(), name=name, user_id=me.id)
    return render_template("subscriptions/ready.html", name=name, subscription_id=made, **address_of(token, name))


@allowed(Audience.READERS)
def subscription(subscription_id: UUID) -> ResponseReturnValue:
    """The doctor: who reads it, what they have, when they will look again; and what its owner can do."""
    if request.method == "GET":
        return _doctor(subscription_id)
    database, wish = this_tracker().database, request.form.get("do")
    row = _row(subscription_id, to_change=True)
    try:
        if wish == "rotate":
            token = actions.rotate(database, row.id, actor(), now())
            return render_template(
                "subscriptions/ready.html",
                name=row.name,
                subscription_id=row.id,
                fresh=True,
                **address_of(token, row.name),
            )
        if wish == "rename":
            actions.rename(database, row.id, request.form.get("name", ""), actor(), now())
        elif wish == "test":
            actions.put_test_entry(database, row.id, actor(), now())
        elif wish == "mails":
            actions.mail_urgent_changes(database, row.id, "mail_urgent" in request.form, actor(), now())
    except InvalidInput as fault:
        return _doctor(subscription_id, faults=fault.problems), 422
    flash(gettext(language(), N_("Saved.")), "success")
    return redirect(url_for("subscription", subscription_id=row.id))


@allowed(Audience.READERS)
def revoke(subscription_id: UUID) -> ResponseReturnValue:
    """Close an address; another person's is as unknown as one that never was, but to administrators."""
    row = _row(subscription_id)
    if row.public_name is not None:
        actions.unpublish(this_tracker().database, row.id, actor(), now())
    else:
        revoke_subscription(this_tracker().database, row.id, actor(), now())
    flash(gettext(language(), N_("This address is closed. Calendars that used it get no more news.")), "success")
    return redirect(url_for("subscribe" if row.user_id == _me().id else "admin_calendars"))


def address_of(token: str, name: str) -> dict[str, Any]:
    """What a page needs to hand out an address: to copy, to open, and to point a telephone at."""
    address = f"{this_tracker().settings.base_url}/feeds/{token}.ics"
    webcal = "webcal://" + address.partition("://")[2]
    label = gettext(language(), N_("QR code with the address of {name}"), name=name)
    return {"address": address, "webcal": webcal, "qr": Markup(svg(webcal, label))}  # noqa: S704 -- our own drawing


def options(language_: str) -> dict[str, Any]:
    """What the form of a choice offers."""
    return {
        "kinds": tuple(Kind),
        "statuses": tuple(Status),
        "occasions": OCCASIONS,
        "alarms": ALARMS,
        "back": BACK,
        "ahead": AHEAD,
        "filled": request.form,
        "spoken": request.form.get("language") or language_,
    }


def _page(me: Account, *, faults: tuple[FieldProblem, ...] = ()) -> str:
    with this_tracker().database.reading() as session:
        twins = twin_store.current(session)
        own = store.subscriptions_of(session, me.id)
    return render_template(
        "subscribe.html",
        twins=twins,
        chosen=request.form.getlist("twins") or request.args.getlist("twin"),
        ready=READY,
        own=own,
        levels=[level.value for level in levels_up_to(level_of(rights()))],
        faults=[problem.message(language()) for problem in faults],
        **options(language()),
    )


def _doctor(subscription_id: UUID, *, faults: tuple[FieldProblem, ...] = ()) -> str:
    row = _row(subscription_id)
    with this_tracker().database.reading() as session:
        calendar = session.get_one(CalendarRow, row.calendar_id)
        export = session.get(exports.ExportRow, row.calendar_id)
        twins = twin_store.current(session)
        owner = accounts.names_of(session, [row.user_id]) if row.user_id is not None else {}
        readers = [_reader(seen, row, calendar, export) for seen in store.clients_of(session, row.id)]
    test_until = row.test_entry_at + TEST_ENTRY_LASTS if row.test_entry_at else None
    return render_template(
        "subscriptions/show.html",
        row=row,
        owner=owner.get(row.user_id or 0, ""),
        mine=_may_change(row),
        spoken=calendar.language,
        holds=in_words(calendar.choice, twins, language()),
        level=calendar.visibility,
        entries=export.entries if export else 0,
        changed=export.last_modified if export else None,
        readers=readers,
        moment_now=now(),
        test_until=test_until if test_until and test_until > now() else None,
        faults=[problem.message(language()) for problem in faults],
    )


def _reader(
    seen: store.SubscriptionClientRow,
    row: store.SubscriptionRow,
    calendar: CalendarRow,
    export: exports.ExportRow | None,
) -> Reader:
    client = Client(seen.client)
    gap = None if seen.gap_seconds is None else dt.timedelta(seconds=seen.gap_seconds)
    gone, returns = clients.has_gone(seen.last_at, now()), clients.looks_again(client)
    return Reader(
        client=client,
        name=HABITS[client].name,
        agent=seen.agent,
        last_at=seen.last_at,
        gap=gap,
        returns=returns,
        current=_has_newest(seen, row, export),
        moved=row.rotated_at is None or seen.last_at >= row.rotated_at,
        gone=gone,
        expected=None if gone or not returns else clients.expected_fetch(client, seen.last_at, gap),
        remarks=clients.remarks(client, alarms=bool(calendar.alarms)),
    )


def _has_newest(
    seen: store.SubscriptionClientRow, row: store.SubscriptionRow, export: exports.ExportRow | None
) -> bool:
    """Whether a program has what an asker would get now. With a test entry the bytes are this subscription's own."""
    if export is None:
        return False
    if row.test_entry_at is not None and seen.last_at < row.test_entry_at + TEST_ENTRY_LASTS:
        return seen.last_at >= max(export.last_modified, row.test_entry_at)
    return _bare(seen.etag) == _bare(export.etag)


def _bare(etag: str) -> str:
    """A tag without what tells compressed bytes from plain ones."""
    return etag.removeprefix("W/").strip('"').removesuffix("-gzip")


def _row(subscription_id: UUID, *, to_change: bool = False) -> store.SubscriptionRow:
    """One's own subscription; administrators may look at all and close them, and change what belongs to nobody."""
    with this_tracker().database.reading() as session:
        row = session.get(store.SubscriptionRow, subscription_id)
    if row is None or row.revoked_at is not None or not (_may_change(row) or (_administers() and not to_change)):
        raise NotFound(N_("There is no subscription with the id {id}."), id=subscription_id)
    return row


def _may_change(row: store.SubscriptionRow) -> bool:
    return row.user_id == _me().id or (row.user_id is None and _administers())


def _administers() -> bool:
    return auth.admits(Audience.ADMINISTRATORS)


def _me() -> Account:
    me = account()
    if me is None:
        raise NotFound(N_("There is no such account."))
    return me
