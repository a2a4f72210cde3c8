"""What the pages show: languages, lists and search, one activity with its history, cities, days, calendars."""

import datetime as dt
import html
import re
from pathlib import Path

import pytest

from tests.web.conftest import Pages, first
from tracker import web
from tracker.actions.activities import record_activity, revise_activity
from tracker.actions.deliveries import deliver_due
from tracker.actions.reminder_plan import plan_reminders
from tracker.actions.reminders import queue_due
from tracker.consumers import reading
from tracker.domain.activities import Activity, Visibility
from tracker.domain.calendars import KIND_STYLES
from tracker.domain.commands import Actor, RecordActivity, ReviseActivity
from tracker.errors import GatewayError
from tracker.gateways.mail import MemoryMail
from tracker.intake.json import activity_content
from tracker.web.wording import ICONS

LANGUAGES = ("en", "de", "ru")
STATIC = Path(web.__file__).parent / "static"


def log(pages: Pages, **fields: object) -> Activity:
    known = {"kind": "festival", "title": {"en": "Concert"}, "twins": ["cologne"], "start": "2026-10-10"}
    content = activity_content({**known, **fields})
    return record_activity(pages.tracker.database, RecordActivity(content), Actor("cli"), pages.tracker.clock())


def settle(pages: Pages) -> None:
    reading.catch_up(pages.tracker.database, pages.tracker.consumers, pages.tracker.clock())


def titles(page: str) -> list[str]:
    plain = re.sub("</?mark>", "", page)
    return [html.unescape(t) for t in re.findall(r'class="title[^"]*" href="[^"]*"><span[^>]*>(.*?)</span>', plain)]


def found(pages: Pages, query: str, role: str = "reader") -> list[str]:
    return titles(pages.get(f"/activities?{query}", role).text)


@pytest.mark.parametrize(("lang", "heading"), [("en", "What’s next"), ("de", "Was ansteht"), ("ru", "Что впереди")])
def test_the_first_page_speaks_the_language_asked_for(pages: Pages, lang: str, heading: str) -> None:
    page = pages.get(f"/?lang={lang}").text

    assert f'<html lang="{lang}">' in page
    assert heading in page


def test_the_switch_is_remembered_and_else_the_account_decides(pages: Pages) -> None:
    client = pages.browser("editor")

    by_account = client.get("/", headers={"Accept-Language": "ru"}).text
    client.get("/?lang=de")
    after_switch = client.get("/twins").text

    assert '<html lang="en">' in by_account
    assert '<html lang="de">' in after_switch


def test_whoever_is_not_logged_in_is_addressed_as_the_browser_asks(pages: Pages) -> None:
    page = pages.app.test_client().get("/login", headers={"Accept-Language": "ru-RU,ru;q=0.9"}).text

    assert '<html lang="ru">' in page
    assert "Пароль" in page
    assert all(name in page for name in ("Deutsch", "English", "Русский"))


def test_the_overview_tells_the_38th_anniversary_of_cologne_and_that_contacts_rest(pages_read: Pages) -> None:
    pages_read.tracker.clock.set(dt.datetime(2026, 11, 10, 12, tzinfo=dt.UTC))  # type: ignore[attr-defined]  # a test's clock
    settle(pages_read)

    page = pages_read.get("/", lang="de").text

    assert "38. Jahrestag der Städtepartnerschaft Köln – Wolgograd" in page
    assert "offizielle Kontakte ruhen seit dem 3. März 2022" in page


def test_the_overview_does_not_put_a_month_on_a_day(pages: Pages) -> None:
    log(pages, title={"en": "Some time in October"}, start="2026-10")
    log(pages, title={"en": "On the tenth"}, start="2026-10-10")

    page = pages.get("/").text

    by_day, _, undated = page.partition("Some time now, the day is not known")
    assert "On the tenth" in by_day
    assert "Some time in October" in undated
    assert "Some time in October" not in by_day


def test_a_past_activity_still_planned_asks_to_be_confirmed(pages: Pages) -> None:
    log(pages, title={"en": "Autumn trip of last week"}, start="2026-09-20")

    page = pages.get("/").text

    assert "Did this take place?" in page
    assert "Autumn trip of last week" in page


def test_activities_of_others_stand_visibly_apart(pages: Pages) -> None:
    log(pages, title={"en": "Harvest supper"}, owner="Rossoshka e.V.")

    overview = pages.get("/").text
    listed = pages.get("/activities?q=harvest").text

    assert "Besides, 1 activity of others." in overview
    assert "of Rossoshka e.V." in listed


@pytest.mark.parametrize("word", ["Köln", "Koeln", "cologne", "КЁЛЬН", "кельн"])
def test_a_city_is_found_under_each_of_its_names(pages: Pages, word: str) -> None:
    log(pages, title={"en": "Needle"})
    log(pages, title={"en": "Needle elsewhere"}, twins=["coventry"])

    assert found(pages, f"q=needle+{word}") == ["Needle"]


@pytest.mark.parametrize("word", ["Stalingrad", "Wolgograd", "Сталинград"])
def test_the_hub_is_found_under_its_old_and_new_name(pages: Pages, word: str) -> None:
    log(pages, title={"en": "Needle"}, place="Volgograd")

    assert found(pages, f"q=needle+{word}") == ["Needle"]


def test_filters_narrow_the_list_together(pages: Pages) -> None:
    log(pages, title={"en": "A"}, start="1961-03", kind="delegation", twins=["coventry"])
    log(pages, title={"en": "B"}, start="1961-03", kind="festival", twins=["coventry"])
    log(pages, title={"en": "C"}, start="1983", kind="delegation", twins=["coventry"])

    shown = found(pages, "twin=coventry&kind=delegation&status=planned&from=1961&to=1961")

    assert shown == ["A"]


def test_a_date_filter_takes_words_and_says_what_it_cannot_read(pages: Pages) -> None:
    log(pages, title={"en": "In the nineties"}, start="1993")

    read = pages.get("/activities?from=1990s&to=1990s&status=planned")
    unread = pages.get("/activities?from=someday")

    assert titles(read.text) == ["In the nineties"]
    assert "someday" in unread.text
    assert 'aria-invalid="true"' in unread.text


def test_paging_back_and_forth_shows_every_activity_once(pages: Pages) -> None:
    for number in range(95):
        log(pages, title={"en": f"Needle {number:02}"}, start="1975")
    seen: list[str] = []
    path, forward = "/activities?q=needle", []

    while path:
        forward.append(path)
        page = pages.get(path, "reader").text
        seen += titles(page)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        path = html.unescape(older[1]) if older else ""
    back = pages.get(html.unescape(first(r'rel="prev" href="([^"]+)"', page)), "reader").text

    assert sorted(seen) == [f"Needle {number:02}" for number in range(95)]
    assert len(forward) == 3
    assert titles(back) == seen[40:80]


def test_an_empty_list_says_what_to_do(tracker_pages: Pages) -> None:
    empty = tracker_pages.get("/activities").text
    nothing = tracker_pages.get("/activities?q=unicorn").text

    assert "Log the first activity" in empty
    assert "try another spelling" in nothing


@pytest.fixture
def tracker_pages(tracker) -> Pages:  # type: ignore[no-untyped-def]  # a fixture by its name
    """A house in which nothing is loaded."""
    return Pages(tracker)


@pytest.mark.parametrize(
    ("visibility", "roles"),
    [
        ("public", {"reader", "editor", "administrator"}),
        ("members", {"reader", "editor", "administrator"}),
        ("staff", {"editor", "administrator"}),
        ("confidential", {"administrator"}),
    ],
)
def test_an_activity_is_shown_to_those_who_may_see_it(pages: Pages, visibility: str, roles: set[str]) -> None:
    made = log(pages, title={"en": "Needle"}, visibility=visibility)

    opened = {
        r for r in ("reader", "editor", "administrator") if pages.get(f"/activities/{made.id}", r).status_code == 200
    }
    listed = {r for r in ("reader", "editor", "administrator") if found(pages, "q=needle", r)}

    assert opened == roles
    assert listed == roles


def test_a_title_in_another_language_says_so(pages: Pages) -> None:
    made = log(pages, title={"ar": "توقيع اتفاقية التوأمة"})

    page = pages.get(f"/activities/{made.id}", lang="de").text

    assert '<h1 dir="auto" lang="ar">توقيع اتفاقية التوأمة</h1>' in page


def test_a_city_bears_the_name_it_had_on_the_day(pages: Pages) -> None:
    before = log(pages, title={"en": "Before"}, twins=["chemnitz"], start="1960")
    after = log(pages, title={"en": "After"}, twins=["chemnitz"], start="2010")

    assert ">Karl-Marx-Stadt<" in pages.get(f"/activities/{before.id}", lang="de").text
    assert ">Chemnitz<" in pages.get(f"/activities/{after.id}", lang="de").text


def test_the_history_tells_who_changed_what_in_words(pages: Pages) -> None:
    made = log(pages, start="1960-05", place="Coventry")
    content = made.content().model_copy(update={"start": "1960-06", "place": "Stalingrad"})
    revise_activity(
        pages.tracker.database, ReviseActivity(made.id, content, 1), Actor("registry"), pages.tracker.clock()
    )

    page = pages.get(f"/activities/{made.id}", lang="de").text

    history = page.partition('class="trail"')[2]
    assert "Jemand an der Befehlszeile" in history
    assert "Das mitgelieferte Register" in history
    assert re.search(r"<del[^>]*>Mai 1960</del> → <ins[^>]*>Juni 1960</ins>", history)
    assert re.search(r"<del[^>]*>Coventry</del> → <ins[^>]*>Stalingrad</ins>", history)


def test_the_history_hides_what_was_once_for_others_only(pages: Pages) -> None:
    made = log(pages, place="A secret place", visibility="confidential")
    content = made.content().model_copy(update={"visibility": Visibility.PUBLIC, "place": "The town hall"})
    revise_activity(pages.tracker.database, ReviseActivity(made.id, content, 1), Actor("cli"), pages.tracker.clock())

    assert "A secret place" not in pages.get(f"/activities/{made.id}", "editor").text
    assert "A secret place" in pages.get(f"/activities/{made.id}", "administrator").text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_citys_page_tells_three_states_dates_and_both_clocks(pages_read: Pages, lang: str) -> None:
    settle(pages_read)

    page = pages_read.get("/twins/cologne", "reader", lang).text

    state = {"en": "since 3 March 2022", "de": "seit dem 3. März 2022", "ru": "с 3 марта 2022"}[lang]
    date = {"en": "28 November 1988", "de": "28. November 1988", "ru": "28 ноября 1988"}[lang]
    assert state in page
    assert date in page
    # 12:00 UTC on 1 October 2026: summer time in Cologne, and Volgograd is three hours ahead.
    assert "14:00" in page
    assert "15:00" in page


def test_an_unknown_city_or_activity_is_not_found_in_ones_own_language(pages: Pages) -> None:
    city = pages.get("/twins/atlantis", lang="de")
    activity = pages.get("/activities/00000000-0000-0000-0000-000000000000", lang="ru")

    assert (city.status_code, activity.status_code) == (404, 404)
    assert "Es gibt keine Partnerstadt „atlantis“." in city.text
    assert "Здесь ничего нет" in activity.text


def test_the_days_of_the_next_twelve_months_stand_under_their_months(pages_read: Pages) -> None:
    settle(pages_read)

    page = pages_read.get("/occasions", lang="de").text

    assert (
        page.index("November 2026")
        < page.index("38. Jahrestag der Städtepartnerschaft Köln")
        < page.index("Februar 2027")
    )


def test_preferences_change_the_language_of_the_account(pages: Pages) -> None:
    answer = pages.post(
        "/account", {"name": "Anna", "language": "ru", "timezone": "Asia/Tokyo", "reminders_by_mail": "1"}, "reader"
    )

    assert answer.status_code == 302
    assert '<html lang="ru">' in pages.browser("reader").get("/account").text


def test_a_time_zone_that_is_none_is_refused_at_its_field(pages: Pages) -> None:
    answer = pages.post("/account", {"name": "", "language": "de", "timezone": "Mars/Base"}, "reader", lang="de")

    assert answer.status_code == 422
    assert "„Mars/Base“" in html.unescape(answer.text)


def test_operators_are_told_whether_it_lives_and_is_ready(pages: Pages) -> None:
    client = pages.app.test_client()

    assert client.get("/healthz").json == {"status": "ok"}
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert ready.json is not None
    assert ready.json["status"] == "ok"


def test_every_icon_the_pages_name_is_drawn_and_every_kind_has_its_colour() -> None:
    folder = Path(web.__file__).parent
    sources = [p.read_text() for p in (*folder.rglob("*.html"), *folder.glob("pages/*.py"))]
    used = {name for text in sources for name in re.findall(r'icon\("([a-z0-9-]+)"', text)} | set(ICONS.values())
    drawn = set(re.findall(r'id="([a-z0-9-]+)"', (STATIC / "icons.svg").read_text()))
    css = (STATIC / "tracker.css").read_text()

    assert used <= drawn
    for kind, style in KIND_STYLES.items():
        assert f"  --kind-{kind}: {style.colour.hex.lower()};\n" in css


@pytest.mark.parametrize("lang", ["de", "ru"])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/activities/new",
        "/activities/new?kind=exchange",
        "/subscribe",
        "/occasions",
        "/account",
        "/admin/users",
        "/admin/events",
        "/deliveries",
        "/twins/coventry/states",
        "/twins/sevastopol",
        "/honours/bell-peace-bell-volgograd",
    ],
)
def test_no_english_word_of_ours_is_left_on_a_page(pages: Pages, path: str, lang: str) -> None:
    page = pages.get(path, "administrator", lang).text

    page = re.sub(r'<span dir="auto" lang="en">.*?</span>', "", page).replace(str(pages.tracker.settings.home), "")
    text = re.sub(r"<option value=\"[A-Z]\w+/.*?</option>|<(script|style).*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)
    assert not re.findall(r"\b(?:the|and|of|your|is|are|with|this|from|when|what|who)\b", text, flags=re.IGNORECASE)


def test_a_mail_that_failed_says_why_and_can_be_sent_again(pages_read: Pages) -> None:
    tracker, moment = pages_read.tracker, dt.datetime(2026, 11, 28, 9, tzinfo=dt.UTC)
    settle(pages_read)
    plan_reminders(tracker.database, moment)
    queue_due(tracker.database, moment, tracker.letterhead)
    mail = MemoryMail()
    mail.faults = [GatewayError("550 no such mailbox", permanent=True)]
    deliver_due(tracker.database, mail, moment)

    page = pages_read.get("/deliveries?status=failed", "editor").text

    assert "550 no such mailbox" in page
    assert "Send it again" in page
    # Whoever reads the list must not be able to unsubscribe a colleague.
    assert "/unsubscribe/" not in page


def test_a_page_stands_in_its_part_of_the_house_and_in_no_other(pages: Pages) -> None:
    def current(path: str) -> list[str]:
        return re.findall(r'<a href="([^"]+)" aria-current="page"', pages.get(path, "administrator").text)

    assert current("/occasions") == ["/occasions"]
    assert current("/admin/observances") == ["/occasions"]
    assert current("/admin/organisation") == []
