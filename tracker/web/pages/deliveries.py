"""Outgoing mails with their state and every error; those given up can be sent again, and each can be read."""

import datetime as dt
from typing import Any

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.actions.deliveries import retry_delivery
from tracker.bootstrap import Tracker
from tracker.domain.deliveries import WHY_SKIPPED, DeliveryStatus
from tracker.i18n import N_, gettext
from tracker.store import accounts, addresses, bounces
from tracker.store import deliveries as store
from tracker.web.auth import Audience, actor, admits, allowed, rights
from tracker.web.installation import now, this_tracker
from tracker.web.language import language
from tracker.web.reminded import place_in_list

PAGE = 50
_LATELY = dt.timedelta(days=90)
"""How far back what came back is counted."""


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/deliveries", "deliveries", deliveries)
    app.add_url_rule("/deliveries/<int:delivery_id>/retry", "retry", retry, methods=["POST"])


@allowed(Audience.EDITORS)
def deliveries() -> str:
    wanted = request.args.get("status", "")
    status = DeliveryStatus(wanted) if wanted in set(DeliveryStatus) else None
    tracker = this_tracker()
    with tracker.database.reading() as session:
        rows = store.listed(
            session, status=status, before=place_in_list(request.args.get("before", "")), limit=PAGE + 1
        )
        counts = store.counted_by_status(session)
        returned = bounces.of_deliveries(session, [row.id for row in rows])
        twice = store.counted_maybe_twice(session)
        since = now() - _LATELY
        came_back = bounces.counted(session, since) if admits(Audience.ADMINISTRATORS) else []
        paused = accounts.paused(session) if admits(Audience.ADMINISTRATORS) else []
        silent = addresses.silent(session) if admits(Audience.ADMINISTRATORS) else []
        hidden = _hidden(session, rows)
    return render_template(
        "deliveries.html",
        rows=rows[:PAGE],
        older=f"{rows[PAGE - 1].created_at.isoformat()}~{rows[PAGE - 1].id}" if len(rows) > PAGE else None,
        counts=counts,
        status=wanted if status else "",
        statuses=[s.value for s in DeliveryStatus],
        folder=tracker.settings.mail_folder if not tracker.settings.smtp_url else None,
        lasting=DeliveryStatus.FAILED.value,
        why_skipped=WHY_SKIPPED,
        returned=returned,
        twice=twice,
        came_back=came_back,
        since=since.date(),
        paused=paused,
        silent=silent,
        hidden=hidden,
    )


def _hidden(session: Any, rows: list[store.DeliveryRow]) -> set[int]:
    """The mails whose subject may name what the reader may not see: those to somebody who sees more (R12)."""
    known, mine = accounts.users_by_id(session, {row.user_id for row in rows if row.user_id}), set(rights().everywhere)
    more = {user.id for user in known.values() if not set(user.rights.everywhere) <= mine}
    return {row.id for row in rows if row.user_id in more}


@allowed(Audience.EDITORS)
def retry(delivery_id: int) -> ResponseReturnValue:
    retry_delivery(this_tracker().database, delivery_id, actor(), now())
    flash(gettext(language(), N_("It will be sent again within a minute.")), "success")
    return redirect(url_for("deliveries"))
