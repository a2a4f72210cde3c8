"""The tasks: each takes ids and plain values, calls one function of the product, and wakes what follows from it."""

import structlog
from celery import Celery

from tracker.actions.bounces import read_bounces
from tracker.actions.calendars import roll_window
from tracker.actions.chat_deliveries import deliver_chats
from tracker.actions.deliveries import deliver_due
from tracker.actions.exports import export_calendars
from tracker.actions.heartbeat import beat
from tracker.actions.reminder_plan import plan_reminders
from tracker.actions.reminders import queue_due
from tracker.actions.zones import notice_release
from tracker.bootstrap import Tracker
from tracker.consumers import reading
from tracker.errors import GatewayError
from tracker.gateways.live import REMINDED, Happening

log = structlog.get_logger()


def register(app: Celery, tracker: Tracker) -> None:
    """Define the tasks on `app`, working for `tracker`."""
    database, clock, nudge = tracker.database, tracker.clock, tracker.nudge

    @app.task(name="consume", shared=False)  # type: ignore[untyped-decorator]
    def consume() -> None:
        taken = reading.read_on(database, tracker.consumers, clock())
        if taken:
            log.info("consumed", **taken)
            # The rest waits its turn: who reads on for long must not keep calendars from being exported.
            nudge("export")
            nudge("consume")

    @app.task(name="export", shared=False)  # type: ignore[untyped-decorator]
    def export() -> None:
        exported = export_calendars(database, clock(), tracker.letterhead)
        if exported:
            log.info("exported", calendars=exported)

    @app.task(name="deliver", shared=False)  # type: ignore[untyped-decorator]
    def deliver() -> None:
        queued = queue_due(database, clock(), tracker.letterhead)
        if queued:
            # Those who watch look at their inbox; they were told nothing else, so a lost word is a late number.
            tracker.live.publish(Happening(0, REMINDED, ""))
        sent = deliver_due(database, tracker.mail, clock(), tracker.journal)
        sent += deliver_chats(database, tracker.chat, clock())
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

    @app.task(name="tick", shared=False)  # type: ignore[untyped-decorator]
    def tick() -> None:
        beat(database, clock())
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
