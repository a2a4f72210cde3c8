"""My account: when, how and of what somebody is reminded."""

import html

import pytest

from tests.web.conftest import Pages
from tracker.domain.events import EventType
from tracker.store import accounts, event_log

FIELDS = {
    "name": "Anna", "language": "en", "timezone": "Europe/Berlin", "reminders_by_mail": "1", "remind_at": "06:30",
    "quiet_from": "21:00", "quiet_until": "07:15", "mails": "single", "tasks_by_mail": "1",
    "follows": ["kemi", "cologne"],
}  # fmt: skip


def test_morning_quiet_hours_mails_and_twins_are_kept_and_shown_again(pages: Pages) -> None:
    assert pages.post("/account", FIELDS, "reader").status_code == 302

    page = pages.get("/account", "reader").text
    for kept in ('name="remind_at" value="06:30"', 'name="quiet_until" value="07:15"', 'value="single" checked',
                 'value="cologne" id="follows-cologne" checked'):  # fmt: skip
        assert kept in page
    with pages.tracker.database.reading() as session:
        user = accounts.user_by_email(session, "reader@example.org")
        assert user
        assert (user.remind_at, user.quiet_from, user.quiet_until) == (390, 1260, 435)
        assert (user.single_mails, user.tasks_by_mail) == (True, True)
        assert accounts.follows(session)[user.id] == {"kemi", "cologne"}
        assert user.follows_since == pages.tracker.clock()
        event = event_log.history(session, f"user:{user.id}")[-1]
    assert event.type is EventType.USER_REVISED
    assert event.data["after"]["follows"] == ["cologne", "kemi"]
    assert "name" not in event.data["after"]


@pytest.mark.parametrize("mode", ["embedded"])
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"remind_at": "25:00"}, "“25:00” is not a time of day."),
        ({"quiet_until": ""}, "Quiet hours need a beginning and an end"),
        ({"quiet_until": "21:00"}, "would be none, or all day"),
        ({"follows": ["atlantis"]}, "There is no twin city “atlantis”."),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_nothing_is_kept(
    pages: Pages, wrong: dict[str, str], said: str
) -> None:
    answer = pages.post("/account", {**FIELDS, **wrong}, "reader")

    assert answer.status_code == 422
    assert said in html.unescape(answer.text)
    with pages.tracker.database.reading() as session:
        user = accounts.user_by_email(session, "reader@example.org")
        assert user
        assert (user.remind_at, user.quiet_from) == (480, None)
