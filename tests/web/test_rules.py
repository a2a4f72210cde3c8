"""The pages of rules: the list with its switches, the form with its faults and its preview, and who may do what."""

import re
from html import unescape
from typing import Any

from tests.calendars import record
from tests.reminding import take_in
from tests.web.conftest import Pages, first
from tracker.domain.reminders import dues_between
from tracker.store import matters
from tracker.store import rules as store

CARDS: dict[str, Any] = {
    "names.en": "Cards", "names.de": "Karten",
    "leads.0.amount": "12", "leads.0.span": "m", "leads.0.side": "before", "leads.0.round": "1",
    "leads.1.amount": "3", "leads.1.span": "d", "leads.1.side": "after",
    "leads.2.amount": "", "leads.2.span": "d", "leads.2.side": "before",
    "to": ["followers", "role:administrator"],
    "addresses.0.value": "town@example.org", "addresses.0.language": "de",
    "kinds": ["twinning"], "twins": ["cologne", "coventry"], "late_days": "5", "task": "1",
    "wording.de.subject": "Karte: {title}", "wording.de.text": "Bitte schreiben.\r\n{link}",
}  # fmt: skip
NEW = "/rules/new?about=occasion"


def rule(pages: Pages, name: str) -> store.RuleRow:
    with pages.tracker.database.reading() as session:
        return next(row for row in session.query(store.RuleRow) if name in (row.key, row.names.get("en")))


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_a_rule_is_made_with_a_form_and_shown_by_it(pages: Pages) -> None:
    made = pages.post(NEW, CARDS, "administrator")

    row = rule(pages, "Cards")
    shown = pages.get(f"/rules/{row.key}", "administrator").text
    assert made.status_code == 302
    assert (row.names, row.leads, row.late_days, row.task) == (
        {"en": "Cards", "de": "Karten"}, ["-12m round", "+3d"], 5, True,
    )  # fmt: skip
    assert [(each["to"], each["value"], each["language"]) for each in row.audience] == [
        ("followers", "", ""), ("role", "administrator", ""), ("address", "town@example.org", "de"),
    ]  # fmt: skip
    assert (row.choice["twins"], row.choice["kinds"]) == (["cologne", "coventry"], ["twinning"])
    assert row.wording == {"de": {"subject": "Karte: {title}", "text": "Bitte schreiben.\n{link}"}}
    assert re.search(r'value="town@example.org"', shown)
    assert len(re.findall(r'<input[^>]*name="(?:kinds|twins)"[^>]* checked', shown)) == 3


def test_a_form_saved_as_it_was_shown_changes_nothing_but_what_was_typed(pages: Pages) -> None:
    """Every rule that ships, through its own form: what the page shows is what it sends."""
    for before in [row for row in _all(pages) if row.key in ("anniversary", "trip-visa", "outlook", "close-year")]:
        page = pages.get(f"/rules/{before.key}", "administrator").text

        answer = pages.post(f"/rules/{before.key}", {**_fields(page), "names.en": "Mine"}, "administrator")

        after = rule(pages, before.key)
        assert answer.status_code == 302
        assert after.names == {**before.names, "en": "Mine"}
        assert (after.leads, after.audience, after.task, after.late_days, after.since) == (
            before.leads, [{"language": "", "value": "", **each} for each in before.audience], before.task,
            before.late_days, before.since,
        )  # fmt: skip
        assert after.wording == {
            tag: {part: text.strip() for part, text in texts.items()} for tag, texts in before.wording.items()
        }


def test_every_fault_stands_beside_its_input_and_nothing_is_lost(pages: Pages) -> None:
    wrong = {
        "leads.0.amount": "soon", "leads.1.amount": "9999", "addresses.0.value": "town hall",
        "late_days": "a week", "wording.de.text": "{titel}", "names.en": "", "names.de": "",
    }  # fmt: skip

    answer = pages.post(NEW, CARDS | wrong, "administrator")

    assert answer.status_code == 422
    assert set(re.findall(r'<a href="#([^"]+)">', answer.text.split("data-faults")[1].split("</ul>")[0])) == {
        "leads.0.amount", "leads.1.amount", "addresses.0.value", "late_days", "wording.de.text", "names",
    }  # fmt: skip
    assert "“{titel}” is not known here" in answer.text
    assert 'value="town hall"' in answer.text
    assert 'id="leads.0.amount" name="leads.0.amount" aria-invalid="true"' in answer.text


def test_the_list_speaks_the_readers_language(pages: Pages) -> None:
    for lang, says in (("en", "Anniversaries"), ("de", "Jahrestage"), ("ru", "Годовщины")):
        assert says in pages.get("/rules", "administrator", lang).text


def test_a_switch_is_a_button_that_says_what_it_does(pages: Pages) -> None:
    said = pages.post("/rules/trip-visa/switch", {"on": "0"}, "administrator", page="/rules")
    listed = pages.get("/rules", "administrator").text

    assert said.headers["Location"] == "/rules#trip-visa"
    assert not rule(pages, "trip-visa").enabled
    button = first(r'action="/rules/trip-visa/switch">(.*?)</form>', listed.replace("\n", " "))
    assert 'value="1" aria-label="Switch on Trip: visa and insurance"' in button

    pages.post("/rules/trip-visa/switch", {"on": "1"}, "administrator", page="/rules")
    assert rule(pages, "trip-visa").enabled


def test_editors_look_and_administrators_change(pages: Pages) -> None:
    looked = pages.get("/rules/trip-visa", "editor")
    statuses = {
        path: pages.post(path, {"on": "0"}, "editor", page="/subscribe").status_code
        for path in ("/rules/trip-visa", "/rules/trip-visa/switch", "/rules/trip-visa/remove", NEW)
    }

    assert "10 weeks before" in plain(looked.text)
    assert 'method="post"' not in looked.text.split("<main")[1]
    assert set(statuses.values()) == {403}
    assert pages.get("/rules", "reader").status_code == 403
    assert rule(pages, "trip-visa").enabled


def test_a_change_against_an_older_version_keeps_what_was_typed(pages: Pages) -> None:
    pages.post(NEW, CARDS, "administrator")
    key = rule(pages, "Cards").key
    pages.post(f"/rules/{key}", {**CARDS, "late_days": "6"}, "administrator")

    late = pages.post(f"/rules/{key}", {**CARDS, "names.de": "Grußkarten", "version": "1"}, "administrator")

    assert late.status_code == 409
    assert "Somebody else changed this meanwhile" in late.text
    assert 'value="Grußkarten"' in late.text
    assert 'name="version" value="2"' in late.text
    assert rule(pages, "Cards").late_days == 6


def test_an_own_rule_can_be_removed_and_a_ready_one_not(pages: Pages) -> None:
    pages.post(NEW, CARDS, "administrator")
    key = rule(pages, "Cards").key

    shown = pages.get("/rules/anniversary", "administrator").text
    refused = pages.post("/rules/anniversary/remove", {}, "administrator", page="/rules")
    removed = pages.post(f"/rules/{key}/remove", {}, "administrator", page="/rules")

    assert "/remove" not in shown
    assert (refused.status_code, removed.status_code) == (422, 302)
    assert pages.get(f"/rules/{key}", "administrator").status_code == 404


def test_the_preview_tells_each_reminder_of_the_year(pages_read: Pages) -> None:
    take_in(pages_read.tracker)

    told = plain(pages_read.get("/rules/anniversary/preview?year=2025", "editor").text)

    with pages_read.tracker.database.reading() as session:
        known = store.rules(session)[:1]
        first_day, last_day = (
            pages_read.tracker.clock().date().replace(year=2025, month=m, day=d) for m, d in ((1, 1), (12, 31))
        )
        found = matters.matters(matters.Sources.of(session), known, first_day, last_day)
        dues = dues_between(known, found, first_day, last_day)
    assert f"{len(dues)} reminders" in told
    assert (
        "37th anniversary of the twinning Cologne – Volgograd 28 November 2025 · 30 days before to Administrator"
        in told
    )


def test_what_is_typed_is_previewed_and_not_saved(pages_read: Pages) -> None:
    take_in(pages_read.tracker)

    tried = pages_read.post(NEW, {**CARDS, "_preview": "1", "_year": "2025"}, "administrator")

    told = plain(tried.text)
    assert tried.status_code == 200
    assert "37th anniversary of the twinning Cologne – Volgograd 28 November 2025 · 3 days after" in told
    assert "town@example.org" in told
    assert 'value="Karten"' in tried.text
    assert all("Cards" not in row.names.values() for row in _all(pages_read))


def test_whoever_may_not_see_a_thing_does_not_learn_of_it_from_a_preview(pages: Pages) -> None:
    record(pages.tracker, title={"en": "Secret trip"}, visibility="confidential", start="2025-05-05", end=None)
    record(pages.tracker, title={"en": "Open trip"}, visibility="public", start="2025-05-06", end=None)

    told = {who: pages.get("/rules/trip-visa/preview?year=2025", who).text for who in ("editor", "administrator")}

    assert [("Open trip" in text, "Secret trip" in text) for text in told.values()] == [(True, False), (True, True)]


def test_each_sort_of_rule_has_its_form(pages: Pages) -> None:
    offered = re.findall(r'href="/rules/new\?about=(\w+)"', pages.get("/rules/new", "administrator").text)

    forms = {about: pages.get(f"/rules/new?about={about}", "administrator") for about in offered}

    assert len(offered) == 8
    assert {answer.status_code for answer in forms.values()} == {200}
    assert 'name="months"' in forms["silent_twin"].text
    assert 'name="day"' in forms["day"].text
    assert 'name="twins"' not in forms["day"].text
    assert ".round" in forms["occasion"].text
    assert ".round" not in forms["activity_start"].text


def _all(pages: Pages) -> list[store.RuleRow]:
    with pages.tracker.database.reading() as session:
        return list(session.query(store.RuleRow))


def _fields(page: str) -> dict[str, Any]:
    """What a browser would send of the page's form."""
    form = page.split("<main")[1].split("<form")[1].split("</form>")[0]
    sent: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if attributes.get("type") == "checkbox" and " checked" not in tag:
            continue
        sent.setdefault(attributes.get("name", ""), []).append(unescape(attributes.get("value", "")))
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        sent[name] = [unescape(text)]
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        values = re.findall(r'value="([^"]*)"( selected)?', options)
        sent[name] = [next((value for value, chosen in values if chosen), values[0][0])]
    return {name: values for name, values in sent.items() if name not in ("csrf_token", "")}
