"""The pages of the ledger: what comes and what became of it, each reminder's reasons, the inbox, and why not."""

import datetime as dt
import re
from uuid import UUID

import pytest

from tests import reminding
from tests.calendars import record
from tests.web.conftest import Pages, first
from tracker.gateways.mail import MemoryMail
from tracker.store import accounts
from tracker.store.activity_rows import ActivityRow
from tracker.store.reminders import ReminderRow

DUE = dt.datetime(2026, 10, 29, 12, tzinfo=dt.UTC)
"""The day of Cologne's thirty days, at noon."""
COLOGNE = "38th anniversary of the twinning Cologne"


def user_id(pages: Pages, role: str) -> int:
    with pages.tracker.database.reading() as session:
        user = accounts.user_by_email(session, f"{role}@example.org")
        assert user
        return user.id


def row_of(pages: Pages, role: str, **by: object) -> ReminderRow:
    return reminding.rows(pages.tracker, user_id=user_id(pages, role), **by)[0]


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


@pytest.fixture
def reminded(pages_read: Pages) -> Pages:
    """Everybody has been told of Cologne's thirty days, save for the editor, who wants no mails."""
    reminding.take_in(pages_read.tracker)
    with pages_read.tracker.database.unit("test", pages_read.tracker.clock()) as unit:
        unit.session.get_one(accounts.UserRow, user_id(pages_read, "editor")).reminders_by_mail = False
    for moment in (pages_read.tracker.clock(), DUE):
        reminding.work(pages_read.tracker, MemoryMail(), moment)
    return pages_read


def test_everybody_sees_what_will_come_readers_their_own(reminded: Pages) -> None:
    own, all_ = (words(reminded.get("/reminders", role).text) for role in ("reader", "administrator"))
    filtered = words(reminded.get(f"/reminders?person=user:{user_id(reminded, 'editor')}", "reader").text)

    assert "Saturday, 21 November 2026" in own
    assert f"{COLOGNE} – Volgograd 7 days before" in own
    assert "Administrator · by mail" in all_
    assert "Administrator · by mail" not in own + filtered


def test_what_was_is_told_with_its_outcome_and_reason(reminded: Pages) -> None:
    past = words(reminded.get("/reminders?view=past&rule=anniversary", "administrator").text)
    skipped = words(reminded.get("/reminders?view=past&status=skipped", "administrator").text)

    assert f"{COLOGNE} – Volgograd 30 days before" in past
    assert "wants no reminders by mail" in skipped
    assert "sent" not in re.findall(r"\d\d:\d\d (\w+)", skipped)


def test_pages_go_on_where_the_last_one_ended(reminded: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.web.pages.reminders.PAGE", 2)
    seen, address = [], "/reminders"
    while address:
        page = reminded.get(address, "reader").text
        seen += re.findall(r'href="/reminders/(\d+)"', page)
        address = next((link.replace("&amp;", "&") for link in re.findall(r'rel="next" href="([^"]+)"', page)), "")

    month = DUE + dt.timedelta(days=30)
    planned = reminding.rows(reminded.tracker, user_id=user_id(reminded, "reader"), status="planned")
    assert sorted(map(int, seen)) == [row.id for row in planned if row.due_at <= month]
    assert len(seen) > 2


def test_a_reminder_explains_itself(reminded: Pages) -> None:
    row = row_of(reminded, "reader", subject="founding:cologne", status="sent")

    told = words(reminded.get(f"/reminders/{row.id}", "reader").text)

    for part in (
        "By the rule “Anniversaries and days of remembrance”, which tells whoever follows the city: 30 days before",
        "It happened 28 November 1988", "38 years", "Its day 28 November 2026", "official contacts resting",
        "Due 29 Oct 2026, 08:00 (Europe/Berlin)", "sent 29 Oct 2026, 13:00 (Europe/Berlin)", "Message-ID",
    ):  # fmt: skip
        assert part in told


@pytest.mark.parametrize(
    ("lang", "told"),
    [("en", "(partnership agreed)"), ("de", "(Partnerschaft vereinbart)"), ("ru", "(заключено партнёрство)")],
)
def test_what_happened_on_the_day_is_said_in_the_reader_s_language(reminded: Pages, lang: str, told: str) -> None:
    row = row_of(reminded, "reader", subject="founding:cologne", status="sent")

    assert told in reminded.get(f"/reminders/{row.id}", "reader", lang).text


@pytest.mark.parametrize("lang", ["de", "ru"])
def test_the_pages_open_in_other_languages(reminded: Pages, lang: str) -> None:
    row = row_of(reminded, "reader", subject="founding:cologne", status="sent")
    why = "/reminders/why?twin=cologne&year=2026"
    paths = ("/reminders", "/reminders?view=past", f"/reminders/{row.id}", "/inbox", why)

    assert [path for path in paths if reminded.get(path, "reader", lang).status_code != 200] == []


def test_nobody_opens_what_is_anothers_but_those_who_log_activities(reminded: Pages) -> None:
    row = row_of(reminded, "administrator", status="sent")

    assert [reminded.get(f"/reminders/{row.id}", role).status_code for role in ("reader", "editor")] == [404, 200]
    assert reminded.get("/reminders/999999", "reader").status_code == 404


def test_what_somebody_may_not_see_has_no_words_in_the_ledger(reminded: Pages) -> None:
    made = record(reminded.tracker, title={"en": "Secret talks"}, start="2026-11-28")
    reminding.work(reminded.tracker, MemoryMail(), DUE + dt.timedelta(minutes=5))
    row = row_of(reminded, "administrator", subject=f"activity:{made.id}", status="planned")
    with reminded.tracker.database.unit("test", DUE) as unit:
        unit.session.get_one(ActivityRow, UUID(str(made.id))).visibility = "confidential"

    listed = reminded.get(f"/reminders?person={row.person}", "editor").text
    opened = [reminded.get(f"/reminders/{row.id}", role).status_code for role in ("reader", "editor", "administrator")]
    asked = reminded.get(f"/reminders/why?year=2026&activity={made.id}", "editor").text

    assert "Secret talks" not in listed + asked
    assert "Something you may not see" in listed
    assert opened == [404, 404, 200]


def test_the_inbox_has_what_no_mail_brought_and_counts_it_until_it_is_read(reminded: Pages) -> None:
    row = row_of(reminded, "editor", subject="founding:cologne", status="skipped")
    before = reminded.get("/inbox", "editor").text
    unread = int(first(r'data-unread="(\d+)"', before))

    reminded.get(f"/reminders/{row.id}", "administrator")
    by_others = reminded.get("/inbox/unread", "editor").json
    reminded.get(f"/reminders/{row.id}", "editor")
    opened = reminded.get("/inbox/unread", "editor").json
    reminded.post("/inbox", {}, "editor")

    assert COLOGNE in before
    assert unread > 1
    assert (by_others, opened) == ({"unread": unread}, {"unread": unread - 1})
    assert 'data-unread="0" hidden' in reminded.get("/inbox", "editor").text
    assert reminded.get("/inbox/unread", "reader").json != {"unread": 0}


def test_every_rule_says_why(reminded: Pages) -> None:
    told = words(reminded.get("/reminders/why?twin=cologne&year=2026", "editor").text)

    assert f"{COLOGNE} – Volgograd anniversary or day of remembrance · 28 November 2026" in told
    assert "30 days before Not sent, though due 29 Oct 2026, 08:00 (Europe/Berlin): This person wants no" in told
    assert "7 days before Planned for 21 Nov 2026, 08:00 (Europe/Berlin)" in told
    assert "This one is for round years only, and this is none." in told


def test_one_asks_of_oneself_alone_and_staff_of_everybody(reminded: Pages) -> None:
    of_editor = f"/reminders/why?twin=cologne&year=2026&person=user:{user_id(reminded, 'editor')}"

    by_reader, by_administrator = (words(reminded.get(of_editor, role).text) for role in ("reader", "administrator"))

    assert "wants no reminders by mail" not in by_reader
    assert "wants no reminders by mail" in by_administrator
    assert reminded.get("/reminders/why?twin=cologne&year=99999", "reader").status_code == 404
    assert reminded.get("/reminders/why?year=2026&person=user:77", "editor").status_code == 404


def test_of_an_activity_called_off_the_ledger_is_told(reminded: Pages) -> None:
    made = record(reminded.tracker, title={"en": "Trip to Cologne"}, start="2026-11-28")
    reminding.work(reminded.tracker, MemoryMail(), DUE + dt.timedelta(minutes=5))
    with reminded.tracker.database.unit("test", DUE) as unit:
        unit.session.get_one(ActivityRow, UUID(str(made.id))).status = "cancelled"

    told = words(reminded.get(f"/reminders/why?year=2026&activity={made.id}", "administrator").text)

    assert "Of what is off, or has another date now" in told
    assert "Planned for" in told.partition("Of what is off")[2]


@pytest.mark.parametrize(
    "place", ["0001-01-01T00:00:00+14:00~1", "2026-10-01T00:00:00~1", f"2026-10-01T00:00Z~{10**20}"]
)
def test_a_place_that_no_list_has_written_is_refused(pages: Pages, place: str) -> None:
    at = place.replace("+", "%2B")

    answers = [pages.get(path) for path in (f"/deliveries?before={at}", f"/reminders?from={at}", f"/inbox?from={at}")]

    assert [answer.status_code for answer in answers] == [400, 400, 400]
