"""My inbox: what I was reminded of, whether or not a mail could tell me, and how much of it I have not looked at."""

from flask import Flask, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.actions.inbox import mark_read
from tracker.bootstrap import Tracker
from tracker.domain.why import reason_of
from tracker.gateways.live import READ, Happening
from tracker.store import ledger
from tracker.web.auth import Account, Audience, account, allowed
from tracker.web.installation import now, this_tracker
from tracker.web.language import language
from tracker.web.reminded import cursor, cursor_of, in_words

PAGE = 50


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/inbox", "inbox", inbox, methods=["GET", "POST"])
    app.add_url_rule("/inbox/unread", "inbox_unread", inbox_unread)
    app.jinja_env.globals |= {"unread_reminders": unread_reminders}


@allowed(Audience.READERS)
def inbox() -> ResponseReturnValue:
    me, tracker = _me(), this_tracker()
    if request.method == "POST":
        if mark_read(tracker.database, me.id, now()):
            tracker.live.publish(Happening(0, READ, f"user:{me.id}"))
        return redirect(url_for("inbox"))
    with tracker.database.reading() as session:
        rows = ledger.inbox(session, f"user:{me.id}", cursor(), PAGE + 1)
        shown = in_words(session, rows[:PAGE])
    return render_template(
        "inbox.html",
        shown=shown,
        reasons={one.row.id: reason_of(ledger.entry_of(one.row, None), language()) for one in shown},
        further=cursor_of(rows, PAGE),
    )


@allowed(Audience.READERS)
def inbox_unread() -> ResponseReturnValue:
    """The number alone, for a page that cannot watch `/live`."""
    return {"unread": unread_reminders()}, 200, {"Cache-Control": "no-store"}


def unread_reminders() -> int:
    """Asked once a page, which says it in several places."""
    if "unread_reminders" not in g:
        g.unread_reminders = _unread()
    found: int = g.unread_reminders
    return found


def _unread() -> int:
    me = account()
    if me is None:
        return 0
    tracker = this_tracker()
    with tracker.database.glancing() as session:
        return ledger.unread(session, f"user:{me.id}", tracker.clock())


def _me() -> Account:
    me = account()
    if me is None:
        abort(401)
    return me
