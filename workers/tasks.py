"""The tasks: each takes ids and plain values, calls one function of the product, and wakes what follows from it."""

from functools import partial

import structlog
from celery import Celery

from tracker.actions.bounces import read_bounces
from tracker.actions.calendars import roll_window
from tracker.actions.chat_deliveries import deliver_chats
from tracker.actions.deliveries import deliver_due
from tracker.actions.exports import export_calendars
from tracker.actions.file_keeping import tidy_files
from tracker.actions.heartbeat import beat
from tracker.actions.reminder_plan import plan_reminders
from tracker.actions.reminders import queue_due
from tracker.actions.report_jobs import make_next
from tracker.actions.report_mailings import is_due, order_due, queue_mails
from tracker.actions.statistics import keep_statistics
from tracker.actions.thumbnails import is_thumbnail_waiting, make_next_thumbnail
from tracker.actions.zones import notice_release
from tracker.bootstrap import Tracker
from tracker.consumers import reading
from tracker.errors import GatewayError
from tracker.gateways.live import EXPORTED, REMINDED, Happening

log = structlog.get_logger()


def register(app: Celery, tracker: Tracker) -> None:
    """Define the tasks on `app`, working for `tracker`."""
    database, clock, nudge = tracker.database, tracker.clock, tracker.nudge
    # Celery's decorators have no types: hence the mark at each of them.

    @app.task(name="consume", shared=False)  # type: ignore[untyped-decorator]
    def consume() -> None:
        taken = reading.read_on(database, tracker.consumers, clock())
        if taken:
            log.info("consumed", **taken)
            nudge("export")
            # The rest waits its turn: who reads on for long must not keep calendars from being exported.
            if reading.behind(database, tracker.consumers):
                nudge("consume")

    @app.task(name="export", shared=False)  # type: ignore[untyped-decorator]
    def export() -> None:
        exported = export_calendars(database, clock(), tracker.letterhead)
        if exported:
            log.info("exported", calendars=exported)
            tracker.live.publish(Happening(0, EXPORTED, ""))

    @app.task(name="deliver", shared=False)  # type: ignore[untyped-decorator]
    def deliver() -> None:
        queued = queue_due(database, clock(), tracker.letterhead)
        if queued:
            # Those who watch look at their inbox; they were told nothing else, so a lost word is a late number.
            tracker.live.publish(Happening(0, REMINDED, ""))
        sent = deliver_due(database, tracker.mail, clock(), tracker.journal)
        sent += deliver_chats(database, tracker.chat, clock(), tracker.journal)
        if queued or sent:
            log.info("delivered", queued=queued, sent=sent)

    @app.task(name="bounces", shared=False)  # type: ignore[untyped-decorator]
    def bounces() -> None:
        try:
            noted = read_bounces(database, tracker.bounces, clock())
        except GatewayError as fault:
            log.warning("the mailbox for bounces is away", fault=str(fault))
            return
        if noted:
            log.info("noted bounces", bounces=noted)

    @app.task(name="report", shared=False)  # type: ignore[untyped-decorator]
    def report() -> None:
        order_due(database, clock())
        if make_next(database, tracker.live, clock, partial(queue_mails, letterhead=tracker.letterhead)):
            # The rest waits its turn: one long report must not keep others of this queue's workers idle.
            nudge("report")
            nudge("deliver")

    @app.task(name="thumbnails", shared=False)  # type: ignore[untyped-decorator]
    def thumbnails() -> None:
        if make_next_thumbnail(database, tracker.files, clock()):
            nudge("thumbnails")

    @app.task(name="tick", shared=False)  # type: ignore[untyped-decorator]
    def tick() -> None:
        beat(database, clock())
        if is_due(database, clock()):
            nudge("report")
        if is_thumbnail_waiting(database, clock()):
            nudge("thumbnails")
        if reading.behind(database, tracker.consumers):
            nudge("consume")
        nudge("export")
        nudge("deliver")

    @app.task(name="plan", shared=False)  # type: ignore[untyped-decorator]
    def plan() -> None:
        planned = plan_reminders(database, clock())
        if planned:
            log.info("planned reminders", reminders=planned)
        nudge("deliver")

    @app.task(name="roll", shared=False)  # type: ignore[untyped-decorator]
    def roll() -> None:
        notice_release(database, tracker.zone_release, clock())
        if roll_window(database, clock()):
            nudge("export")

    counted = 0

    @app.task(name="count", shared=False)  # type: ignore[untyped-decorator]
    def count() -> None:
        nonlocal counted
        counted = keep_statistics(database, counted, clock())

    @app.task(name="tidy", shared=False)  # type: ignore[untyped-decorator]
    def tidy() -> None:
        try:
            gone = tidy_files(database, tracker.files, clock())
        except GatewayError as fault:
            log.warning("the store of files is away", fault=str(fault))
            return
        if gone:
            log.info("let files go", files=gone)
