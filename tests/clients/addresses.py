"""A served address for tests of single problems: asked over HTTP as a program asks, by a clock that stands still."""

import datetime as dt
import itertools
from typing import Any
from uuid import UUID

from werkzeug.test import Client, TestResponse

from tests.calendars import COLOGNE, ME, choice, entries, put_twin, settle
from tracker.actions.calendars import create_calendar, subscribe
from tracker.actions.subscriptions import rotate
from tracker.bootstrap import Tracker
from tracker.domain.activities import Activity
from tracker.domain.choices import CalendarChoice
from tracker.web.app import create_app
from tracker.web.front import Front


class Feed:
    """A house with one partnership, and an address of its calendar as a program asks it."""

    def __init__(self, tracker: Tracker) -> None:
        self.tracker = tracker
        put_twin(tracker, COLOGNE)
        settle(tracker)
        # Its clock goes on at every look, so that each poll sees what there is now.
        self.client = Client(Front(tracker, create_app(tracker), monotonic=itertools.count(1.0).__next__))

    def subscribe(self, wanted: CalendarChoice | None = None) -> "Address":
        calendar = create_calendar(self.tracker.database, wanted or choice("cologne"), ME, self.tracker.clock())
        subscription, token = subscribe(self.tracker.database, calendar, ME, self.tracker.clock())
        settle(self.tracker)
        return Address(self, subscription, token)

    def days_later(self, days: int) -> None:
        self.tracker.clock.set(self.tracker.clock() + dt.timedelta(days=days))  # type: ignore[attr-defined]  # a test's clock


class Address:
    """One secret address."""

    def __init__(self, feed: Feed, subscription: UUID, token: str) -> None:
        self.feed, self.subscription, self.token = feed, subscription, token

    def get(self, **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.feed.client.get(f"/feeds/{self.token}.ics", headers=named)

    def lines(self) -> list[str]:
        """The content lines, unfolded."""
        return self.get().get_data(as_text=True).replace("\r\n ", "").split("\r\n")

    def entries(self) -> dict[str, Any]:
        return dict(entries(self.get().data))

    def entry(self, activity: Activity) -> Any:
        return self.entries()[f"{activity.id}@tracker"]

    def rotated(self) -> "Address":
        """A fresh address of the same calendar."""
        tracker = self.feed.tracker
        return Address(self.feed, self.subscription, rotate(tracker.database, self.subscription, ME, tracker.clock()))

    def settled(self) -> "Address":
        settle(self.feed.tracker)
        return self
