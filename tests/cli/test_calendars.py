"""`tracker calendar new` with all that a calendar may hold."""

import pytest

from tests.calendars import by_token_hash
from tests.program import Run
from tracker.actions.calendars import token_hash
from tracker.bootstrap import Tracker
from tracker.domain.activities import Visibility
from tracker.domain.calendars import ALL_OCCASIONS, Selection
from tracker.domain.choices import CalendarChoice
from tracker.store.calendars import CalendarRow


@pytest.mark.parametrize(
    ("asked", "choice"),
    [
        (["--kind", "festival"], CalendarChoice(Selection(kinds=("festival",), occasions=()))),
        (["--twin", "cologne"], CalendarChoice(Selection(("cologne",), occasions=ALL_OCCASIONS))),
        (
            [
                "--status", "held", "--occasion", "none", "--years-back", "5", "--years-ahead", "0", "--alarm", "60",
                "--both-times", "--busy",
            ],
            CalendarChoice(
                Selection(occasions=(), statuses=("held",)), Visibility.PUBLIC, 5, 0, (60,), both_times=True, busy=True
            ),
        ),
        (
            ["--kind", "festival", "--occasion", "observance"],
            CalendarChoice(Selection(kinds=("festival",), occasions=("observance",))),
        ),
    ],
)  # fmt: skip
def test_a_new_calendar_holds_what_was_asked_for(
    with_registry_read: Tracker, run: Run, asked: list[str], choice: CalendarChoice
) -> None:
    url = run("calendar", "new", *asked, "--json").json["url"]

    token = url.rpartition("/")[2].removesuffix(".ics")
    with with_registry_read.database.reading() as session:
        row = by_token_hash(session, token_hash(token))
        assert row
        made = session.get_one(CalendarRow, row.calendar_id).choice
    assert made == choice


def test_a_status_that_is_none_is_refused_with_those_there_are(run: Run) -> None:
    refused = run("calendar", "new", "--status", "dreamt")

    assert refused.code == 2
    assert "'postponed'" in refused.err
