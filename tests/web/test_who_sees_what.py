"""Every route, asked by everybody, in a house with an activity of each visibility with two twins (R12).

What is expected stands in `sights`, by hand; the rules that decide are what is tested. Each
activity bears a word in its title, and every answer is searched for those words. A route that is in no line fails.
"""

import io
import itertools
import re
import subprocess
import time
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.conftest import READ, Clock
from tests.reminding import wish, work
from tests.reports import put_readers, reader
from tests.web import sights
from tests.web.conftest import AGENT
from tests.web.sights import (
    ADMITTED,
    LEVELS,
    OWN,
    PEOPLE,
    PUBLIC_WORDS,
    ROUTES,
    SEEN,
    TWINS,
    UNWALKED,
    WIDE_SEEN,
    WORDS,
    Shows,
)
from tracker import bootstrap
from tracker.actions.activities import record_activity
from tracker.actions.calendars import create_calendar, subscribe
from tracker.actions.editions import freeze
from tracker.actions.feeds import poll
from tracker.actions.logins import open_session
from tracker.actions.reports import Asked
from tracker.actions.tokens import issue_token
from tracker.actions.users import NewUser, add_user
from tracker.bootstrap import Tracker
from tracker.consumers import reading
from tracker.domain.activities import Visibility
from tracker.domain.calendars import Selection
from tracker.domain.choices import CalendarChoice
from tracker.domain.commands import Actor, RecordActivity
from tracker.domain.logins import Way
from tracker.domain.report_orders import Order
from tracker.gateways.mail import MemoryMail
from tracker.intake.json import activity_content
from tracker.store import editions
from tracker.store.activity_rows import ActivityRow
from tracker.store.deliveries import DeliveryRow
from tracker.store.reminders import ReminderRow
from tracker.store.tasks import TaskRow
from tracker.web.app import create_app
from tracker.web.auth import audience_of


class House:
    """The installation, and everybody's browser and token."""

    def __init__(self, tracker: Tracker) -> None:
        self.tracker = tracker
        self.served = tracker.settings.database_url.startswith("postgresql")
        self.ids: dict[str, int] = {}
        self.tokens: dict[str, str] = {}
        self.feeds: dict[tuple[str, str], str] = {}
        # Without charts, which take long to draw and name no activity.
        put_readers(tracker, reader("board", sections=[{"name": "activities"}, {"name": "chronicle"}]))
        for person, (role, twins) in PEOPLE.items():
            new = NewUser(f"{person}@example.org", role, person, "en", twins=twins)
            self.ids[person] = add_user(tracker.database, new, "system", tracker.clock()).id
            wish(tracker, self.ids[person], single_mails=True)
            self.tokens[person] = issue_token(
                tracker.database, f"{person}@example.org", tracker.clock(), Actor("system")
            )
        self.activities = self._plant()
        self.app: Flask = create_app(tracker)
        self.app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # whoever may not come is to be refused for that alone
        self.cookies = {person: self._cookie(person) for person in PEOPLE}
        self._subscribe()
        self._freeze()
        work(tracker, MemoryMail(), tracker.clock())
        self._send("administrator", "zqconfidentialkemi")
        self._send("editor", "zqstaffkemi")
        self.places = self._places()

    def _plant(self) -> dict[str, str]:
        """Of each visibility and twin one to come and one that was; all of it read by every consumer."""
        found = {}
        for level, twin in itertools.product(LEVELS, TWINS):
            word = f"zq{level}{twin}"
            found[word] = self._record(word, level, twin, "planned", "2026-10-08")
            self._record(word, level, twin, "held", "2026-08-05")
        found[OWN] = self._record(OWN, "staff", "kemi", "planned", "2026-10-09")
        with self.tracker.database.unit("system", self.tracker.clock()) as unit:
            row = unit.session.get_one(ActivityRow, UUID(found[OWN]))
            row.recorded_by = f"user:{self.ids['coventry-contributor']}"
        reading.catch_up(self.tracker.database, self.tracker.consumers, self.tracker.clock())
        return found

    def _record(self, word: str, level: str, twin: str, status: str, start: str) -> str:
        content = activity_content(
            {"kind": "delegation", "title": {"en": word}, "twins": [twin], "start": start, "status": status,
             "visibility": level, "place": "Volgograd", "counts": [{"of": "travellers", "value": 7}]}
        )  # fmt: skip
        made = record_activity(self.tracker.database, RecordActivity(content), Actor("system"), self.tracker.clock())
        return str(made.id)

    def _cookie(self, person: str) -> str:
        """What a browser holds of whoever is logged in."""
        secret = open_session(self.tracker.database, self.ids[person], Way.PASSWORD, AGENT, self.tracker.clock())
        signer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]  # of the cookie sessions we use
        return str(signer.dumps({"_user_id": secret, "_fresh": True, "fs_paa": time.time()}))

    def _subscribe(self) -> None:
        """An address of each level for everybody, as somebody may have who once was more."""
        database, now = self.tracker.database, self.tracker.clock()
        for level in LEVELS[:3]:
            choice = CalendarChoice(Selection(()), level=Visibility(level), years_back=1)
            calendar = create_calendar(database, choice, Actor("system"), now)
            for person, user_id in self.ids.items():
                _, token = subscribe(database, calendar, Actor("system"), now, name=person, user_id=user_id)
                self.feeds[person, level] = token
        reading.catch_up(database, self.tracker.consumers, now)

    def _freeze(self) -> None:
        order = Order.model_validate({"period": "2026", "reader": "board", "languages": ["en"]})
        for upto in range(1, 5):
            seen = tuple(Visibility)[:upto]
            freeze(self.tracker.database, Asked(order, seen, "system", self.tracker.clock()))

    def _send(self, person: str, word: str) -> None:
        """A mail about something, as a reminder of it would be."""
        now = self.tracker.clock()
        with self.tracker.database.unit("system", now) as unit:
            unit.session.add(
                DeliveryRow(
                    key=word, channel="mail", user_id=self.ids[person], recipient=f"{person}@example.org", subject=word,
                    payload={"text": f"{word} is soon", "language": "en"}, status="sent", next_try_at=now,
                    created_at=now,
                )
            )  # fmt: skip

    def _places(self) -> dict[str, list[str]]:
        """What stands in the addresses, by the name of the argument."""
        with self.tracker.database.reading() as session:
            reminders = session.query(ReminderRow.id).limit(3)
            tasks = session.query(TaskRow.id).limit(2)
            frozen = [row.id for row in editions.editions(session, LEVELS)]
            return {
                "activity_id": list(self.activities.values()),
                "edition_id": [str(one) for one in frozen],
                "reminder_id": [str(row.id) for row in reminders] or ["1"],
                "task_id": [str(row.id) for row in tasks] or ["1"],
                "user_id": [str(self.ids["reader"])],
                "slug": ["coventry"],
                "period": ["2026"],
                "year": ["2026"],
                "half": ["2"],
                "step": ["unconfirmed"],
                "key": ["activities"],
                "name": ["none"],
                "filename": ["tracker.css"],
                "tag": ["en"],
                "token": ["none"],
            }

    def asks(self, shows: object) -> bool:
        """On PostgreSQL only what the database selects is asked again: who may come, Python alone decides."""
        return not self.served or shows in (Shows.SIGHT, Shows.EACH)

    def is_open(self, token: str) -> bool:
        return poll(self.tracker.database, token, self.tracker.clock()) is not None

    def send(
        self, person: str, method: str, path: str, body: Mapping[str, Any] | None, headers: Mapping[str, str] = {}
    ) -> TestResponse:
        given = {"Authorization": f"Bearer {self.tokens[person]}", **headers}
        return self.app.test_client().open(path, method=method, headers=given, json=body)

    def ask(self, person: str, method: str, path: str, *, api: bool) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.tokens[person]}"} if api and person in self.tokens else {}
        client = self.app.test_client()
        client.set_cookie("lang", "en")
        if person in self.cookies and not api:  # each time anew: some addresses end a session, and are to be asked too
            client.set_cookie("session", self.cookies[person])
        return client.open(path, method=method, headers=headers, buffered=True)


@pytest.fixture(scope="module", params=["embedded", "served"])
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One installation for the whole walk: it takes long to make, and nearly nobody changes anything in it."""
    place = request.getfixturevalue(request.param)
    environ = place.copy(READ, tmp_path_factory.mktemp("walk") / "home")
    tracker = bootstrap.assemble(environ, Clock())
    yield House(tracker)
    tracker.database.engine.dispose()
    place.give_back(environ)


def routes(app: Flask) -> dict[str, Rule]:
    """Every method of every address."""
    return {
        f"{method} {rule.rule}": rule
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    }


def usual(app: Flask, key: str, rule: Rule) -> str:
    """What a new line most likely says."""
    audience = audience_of(app, rule.endpoint)
    return f"{audience.name if audience else 'READERS'}, {'WITHIN' if key.startswith('GET') else 'WRITES'}"


def test_every_route_is_in_the_table_and_every_line_is_a_route(house: House) -> None:
    known = routes(house.app)

    lacking = known.keys() - ROUTES.keys() - UNWALKED.keys()
    missing = [f'tests/web/sights.py lacks:  "{key}": ({usual(house.app, key, known[key])}),' for key in lacking]
    gone = [f'tests/web/sights.py has a line that is no route:  "{key}"' for key in ROUTES.keys() - known.keys()]

    assert sorted(missing) + sorted(gone) == []


def test_nobody_is_shown_what_is_not_for_them_anywhere(house: House) -> None:
    faults: list[str] = []
    shown: dict[str, set[str]] = {}
    for key, rule in routes(house.app).items():
        if key in UNWALKED or key not in ROUTES or not house.asks(ROUTES[key][1]):
            continue
        for person in SEEN:
            for path, word in paths(house, rule, ROUTES[key]):
                found = walked(house, person, key, path, word, faults)
                if person == "administrator":
                    shown.setdefault(key, set()).update(found)

    assert faults == []
    # A page that shows nothing hides nothing either: where there is something to be seen, an administrator sees it all.
    assert {key: WORDS - shown[key] for key in SHOW_ALL if key in shown and WORDS - shown[key]} == {}
    assert "zqconfidentialkemi" in shown.get("GET /deliveries", WORDS)


SHOW_ALL = (
    "GET /activities", "GET /activities/<uuid:activity_id>", "GET /activities/<uuid:activity_id>/edit", "GET /",
    "GET /api/v1/activities", f"GET /calendar/{sights.HALF}", "GET /api/v1/reports/<period>", "GET /reports/<period>",
    "GET /reports/editions/<int:edition_id>", "GET /api/v1/editions/<int:edition_id>/document",
)  # fmt: skip


def paths(house: House, rule: Rule, line: tuple[Any, ...]) -> Iterator[tuple[str, str]]:
    """The addresses a rule is asked by, each with the word of the activity it names."""
    names = sorted(rule.arguments)
    query = f"?{line[2]}" if len(line) > 2 else ""
    words = {id_: word for word, id_ in house.activities.items()}
    unknown = str(UUID(int=1)) if "<uuid:" in rule.rule else "1"
    for values in itertools.product(*(house.places.get(name, [unknown]) for name in names)):
        path = rule.rule
        given = dict(zip(names, values, strict=True))
        for name, value in given.items():
            path = re.sub(rf"<(?:[^>]*:)?{name}>", value, path)
        yield path + query, words.get(given.get("activity_id", ""), "")


def walked(house: House, person: str, key: str, path: str, word: str, faults: list[str]) -> set[str]:
    """Ask once; returns the words that were shown."""
    method, _, rule = key.partition(" ")
    audience, shows = ROUTES[key][:2]
    admitted = person in ADMITTED[str(audience)]
    if shows is Shows.WRITES and admitted:
        return set()
    answer = house.ask(person, method, path, api="/api/" in rule or "/hooks/" in rule)
    found = words_in(answer)
    who = f"{person} at {method} {path} ({answer.status_code})"
    if not admitted:
        refused = answer.status_code in (401, 403) or "/login" in answer.headers.get("Location", "")
        faults += [] if refused else [f"{who} is let in; only {audience} may come"]
        faults += [f"{who} is shown {sorted(found)}"] if found else []
        return found
    if answer.status_code in (401, 403) and "<" not in rule:
        faults.append(f"{who} is refused, though {audience} may come")
    expected = expected_for(person, shows, word)
    if shows is Shows.EACH and (answer.status_code == 200) != (word in SEEN[person]):
        faults.append(f"{who}: {word} is{'' if word in SEEN[person] else ' not'} for them")
    if found - expected:
        faults.append(f"{who} is shown {sorted(found - expected)}, which is not for them")
    if shows is Shows.SIGHT and expected - found:
        faults.append(f"{who} misses {sorted(expected - found)}")
    return found


def expected_for(person: str, shows: Shows, word: str) -> set[str]:
    match shows:
        case Shows.NOTHING:
            return set()
        case Shows.PUBLIC:
            return PUBLIC_WORDS
        case Shows.WIDE:
            return WIDE_SEEN[person]
        case Shows.EACH:
            return {word} & SEEN[person]
        case _:
            return SEEN[person]


def words_in(answer: TestResponse) -> set[str]:
    """The words of activities in an answer."""
    plain = words_unpacked(answer)
    return {word for word in WORDS if word in plain}


def words_unpacked(answer: TestResponse) -> str:
    """What an answer says, unpacked where it is a file."""
    text = answer.get_data()
    if answer.mimetype == "application/pdf":
        text = subprocess.run(["pdftotext", "-", "-"], input=text, capture_output=True, check=True).stdout
    elif text[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(text)) as packed:
            text = b"".join(packed.read(name) for name in packed.namelist())
    return text.decode(errors="ignore").replace("\r\n ", "")


def test_the_api_counts_what_it_lists(house: House) -> None:
    for person in ADMITTED[sights.TOKEN]:
        answer = house.ask(person, "GET", "/api/v1/activities?q=zq&limit=100", api=True)

        listed = answer.json["items"]
        assert answer.json["total"] == len(listed)
        assert {one["title"]["en"] for one in listed} == SEEN[person]


def test_an_address_of_a_calendar_is_open_as_long_as_its_owner_may_see_all_of_it(house: House) -> None:
    whole = {"public": "reader contributor coventry-contributor coventry-editor editor administrator"}
    whole |= {"members": "reader contributor editor administrator", "staff": "editor administrator"}

    opened = {level: {person for person in PEOPLE if house.is_open(house.feeds[person, level])} for level in whole}

    assert opened == {level: set(people.split()) for level, people in whole.items()}


BODY = {"kind": "festival", "title": {"en": "Fair"}, "start": "2027", "visibility": "members"}


@pytest.mark.parametrize(
    ("person", "twins", "status"),
    [
        ("reader", ["coventry"], 403),
        ("contributor", ["kemi"], 201),
        ("coventry-contributor", ["coventry"], 201),
        ("coventry-contributor", ["kemi"], 403),
        ("coventry-contributor", ["coventry", "kemi"], 403),
        ("coventry-editor", ["coventry"], 201),
        ("coventry-editor", ["kemi"], 403),
        ("editor", ["kemi"], 201),
    ],
)
def test_only_what_lies_within_their_grants_may_somebody_log(
    house: House, person: str, twins: list[str], status: int
) -> None:
    answer = house.send(person, "POST", "/api/v1/activities", {**BODY, "twins": twins})

    assert answer.status_code == status
    assert answer.mimetype == ("application/json" if status == 201 else "application/problem+json")


def test_a_contributor_changes_their_own_and_nothing_else(house: House) -> None:
    made = house.send("coventry-contributor", "POST", "/api/v1/activities", {**BODY, "twins": ["coventry"]}).json

    own, version, latest = f"/api/v1/activities/{made['id']}", {"If-Match": '"1"'}, {"If-Match": '"2"'}
    body = {**BODY, "twins": ["coventry"], "place": "Market"}
    others = f"/api/v1/activities/{house.activities['zqpubliccoventry']}"
    hidden = f"/api/v1/activities/{house.activities['zqstaffcoventry']}"

    mine = "coventry-contributor"
    assert house.send("contributor", "PUT", own, body, version).status_code == 403
    assert house.send(mine, "PUT", own, body, version).status_code == 200
    assert house.send(mine, "PUT", own, {**body, "twins": ["kemi"]}, latest).status_code == 403
    assert house.send(mine, "PUT", others, body, version).status_code == 403
    assert house.send(mine, "PUT", hidden, body, version).status_code == 404
    assert house.send(mine, "DELETE", own, None, latest).status_code == 403
    assert house.send("coventry-editor", "DELETE", own, None, latest).status_code == 204
