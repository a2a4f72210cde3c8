"""What docker-compose.yml names is started here, command by command, and one activity goes all the way through it.

No container engine is needed: the commands, settings and health checks are taken from the file as they stand, on
loopback. Only host names and ports are replaced, and the database is one of the test's own.
"""

import datetime as dt
import json
import re
import shlex
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import psycopg
import pytest
import yaml

from tests.conftest import ADMIN_URL, Clock, missing
from tests.journeys.processes import (
    ROOT,
    Mailbox,
    Place,
    Process,
    RedisServer,
    free_port,
    own_environ,
    place,
    plain_text,
    run,
    smtp_server,
    until,
)
from tracker import bootstrap
from tracker.actions.activities import record_activity
from tracker.actions.users import NewUser, add_user
from tracker.config import from_env
from tracker.consumers.reading import catch_up
from tracker.domain.activities import ActivityContent
from tracker.domain.commands import Actor, RecordActivity
from tracker.gateways.nudge import QUEUES
from tracker.store.rules import RuleRow

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = [name for name, service in SERVICES.items() if service["image"] == "tracker"]
SECRETS = {"SECRET_KEY": "only-for-tests", "POSTGRES_PASSWORD": "only-for-tests"}
EDITOR = "anna@example.org"


def interpolated(text: str, given: dict[str, str]) -> str:
    """`${NAME:-default}` and `${NAME:?message}` as Compose reads them."""

    def value(match: re.Match[str]) -> str:
        name, how, other = match["name"], match["how"], match["other"]
        if given.get(name):
            return given[name]
        assert how == ":-", f"{name} is required: {other}"
        return other

    return re.sub(r"\$\{(?P<name>\w+)(?P<how>:[-?])(?P<other>[^}]*)\}", value, text)


def settings_of(service: str, given: dict[str, str]) -> dict[str, str]:
    environment = SERVICES[service]["environment"]
    return {name: interpolated(str(text), given) for name, text in environment.items()}


def test_the_secrets_have_no_default() -> None:
    for name in SECRETS:
        others = {key: value for key, value in SECRETS.items() if key != name}

        with pytest.raises(AssertionError, match=f"{name} is required"):
            [settings_of(service, others) for service in SERVICES if "environment" in SERVICES[service]]


@pytest.mark.parametrize("service", OURS)
def test_every_process_gets_the_same_settings_and_they_are_known(service: str) -> None:
    settings = settings_of(service, SECRETS)
    known = set(re.findall(r'^    """([A-Z_]+):', (ROOT / "tracker" / "config.py").read_text(), re.MULTILINE))

    assert set(settings) == known
    assert settings == settings_of("web", SECRETS)
    assert not from_env(settings).embedded


def test_every_queue_has_a_worker() -> None:
    command = SERVICES["worker"]["command"]

    assert command[command.index("--queues") + 1].split(",") == list(QUEUES)


def test_migrations_run_once_before_everything_else() -> None:
    assert SERVICES["migrate"]["command"] == ["tracker", "init"]
    assert SERVICES["migrate"]["restart"] == "no"
    assert SERVICES["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    for name in ("web", "feeds", "worker", "beat"):
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_redis_keeps_nothing_and_throws_nothing_away() -> None:
    command = SERVICES["redis"]["command"]

    assert command[command.index("--maxmemory-policy") + 1] == "noeviction"
    assert command[command.index("--save") + 1] == ""
    assert command[command.index("--appendonly") + 1] == "no"
    assert "volumes" not in SERVICES["redis"]


def test_every_service_that_stays_has_a_health_check_and_comes_back() -> None:
    staying = {name: service for name, service in SERVICES.items() if name != "migrate"}

    assert [name for name, service in staying.items() if "healthcheck" not in service] == []
    assert {service["restart"] for service in staying.values()} == {"unless-stopped"}


def test_every_image_is_pinned_and_nothing_listens_to_the_world() -> None:
    foreign = [service["image"] for name, service in SERVICES.items() if name not in OURS]
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]

    assert all(re.search(r":v?\d+\.\d+", image) for image in foreign)
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_the_image_is_locked_and_runs_without_rights() -> None:
    lines = (ROOT / "Dockerfile").read_text()

    assert "pip install --require-hashes -r requirements.lock" in lines
    assert "tests/requirements.lock" not in lines
    assert lines.index("\nUSER tracker") < lines.index("\nCMD")
    for name in OURS:
        assert SERVICES[name]["read_only"] is True
        assert SERVICES[name]["cap_drop"] == ["ALL"]


@dataclass
class Stack:
    """What the file describes, on loopback."""

    place: Place
    environ: dict[str, str]
    web_port: int
    feeds_port: int
    mailbox: Mailbox

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.web_port}"

    def command(self, words: list[str]) -> list[str]:
        """The words of the file, with the addresses on which pages and calendars are reached replaced."""
        ports = {"8000": str(self.web_port), "8001": str(self.feeds_port)}
        ported = [re.sub(r"\b800[01]\b", lambda port: ports[port[0]], word) for word in words]
        return ["127.0.0.1" if word == "0.0.0.0" else word for word in ported]

    def start(self, service: str) -> Process:
        return self.place.start(service, self.command(SERVICES[service]["command"]), self.environ)

    def until_healthy(self, service: str) -> None:
        """Run the service's own health check until it is well."""
        test = SERVICES[service]["healthcheck"]["test"]
        assert test[0] == "CMD"

        def well() -> bool:
            return self.place.start(f"{service}-health", self.command(test[1:]), self.environ).finish() == 0

        until(well, f"{service} is healthy", 60, self.place.tails)

    def tracker(self, line: str) -> str:
        return run(["tracker", *shlex.split(line)], self.environ)


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    database = f"tracker_compose_{uuid.uuid4().hex[:8]}"
    try:
        server = psycopg.connect(ADMIN_URL, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError as fault:
        missing("PostgreSQL", fault)
    with server, smtp_server() as (smtp_url, mailbox), place(tmp_path) as processes:
        server.execute(f"CREATE DATABASE {database}".encode())
        try:
            redis_server = RedisServer(processes, SERVICES["redis"]["command"][1:])
            web_port = free_port()
            settings = settings_of("web", {**SECRETS, "BASE_URL": f"http://127.0.0.1:{web_port}"})
            settings["DATABASE_URL"] = ADMIN_URL.rsplit("/", 1)[0] + "/" + database
            settings["REDIS_URL"] = settings["REDIS_URL"].replace("redis:6379", f"127.0.0.1:{redis_server.port}")
            settings["SMTP_URL"] = settings["SMTP_URL"].replace("smtp://mail:1025", smtp_url)
            settings["TRACKER_HOME"] = str(tmp_path / "home")
            yield Stack(processes, own_environ(**settings), web_port, free_port(), mailbox)
        finally:
            processes.kill_all()
            server.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)".encode())


def where_it_is_past_eight() -> tuple[str, dt.date, dt.datetime]:
    """A time zone in which it is between 9 and 20 o'clock now, the day there, and 08:00 of it."""
    now = dt.datetime.now(dt.UTC)
    # In these names of the tz database a minus means east of Greenwich.
    for zone in ("Etc/UTC", "Etc/GMT-10", "Etc/GMT+10", "Etc/GMT-5", "Etc/GMT+5"):
        local = now.astimezone(ZoneInfo(zone))
        if 9 <= local.hour < 20:
            return zone, local.date(), local.replace(hour=8, minute=0, second=0, microsecond=0)
    raise AssertionError("somewhere it is always day")


def the_day_before(stack: Stack, zone: str, today: dt.date, eight: dt.datetime) -> None:
    """What was there already: an account and a milestone that has its anniversary today."""
    begun = bootstrap.assemble(stack.environ, Clock(eight.astimezone(dt.UTC) - dt.timedelta(days=1)))
    catch_up(begun.database, begun.consumers, begun.clock())
    add_user(begun.database, NewUser(EDITOR, "editor", "Anna", "en", zone), "system", begun.clock())
    milestone = {
        "kind": "milestone",
        "subtype": "gift",
        "status": "held",
        "title": {"en": "The bell of friendship is hung"},
        "twins": ["cologne"],
        "start": f"{today.year - 8}-{today:%m-%d}",  # eight, so that 29 February has its anniversary too
    }
    content = ActivityContent.model_validate(milestone)
    record_activity(begun.database, RecordActivity(content), Actor("system"), begun.clock())
    with begun.database.unit("system", begun.clock()) as unit:
        # The rules came with the registry just now, and none of them tells of what was due before it was there.
        for rule in unit.session.query(RuleRow):
            rule.since = begun.clock()
    begun.database.engine.dispose()


def tells_of_the_bell(mail: EmailMessage) -> bool:
    return mail["To"].addresses[0].addr_spec == EDITOR and "The bell of friendship is hung" in plain_text(mail)


def test_an_activity_goes_all_the_way_through_what_the_file_starts(stack: Stack) -> None:
    zone, today, eight = where_it_is_past_eight()
    assert stack.start("migrate").finish() == 0, stack.place.tails()
    the_day_before(stack, zone, today, eight)
    staying = [stack.start(service) for service in ("web", "feeds", "worker", "beat")]
    for service in ("web", "feeds", "worker", "beat"):
        stack.until_healthy(service)
    token = json.loads(stack.tracker(f"token new {EDITOR} --json"))["token"]
    feed = json.loads(stack.tracker("calendar new --twin cologne --lang en --json"))["url"]
    started = time.monotonic()

    with httpx.Client(base_url=stack.address, headers={"Authorization": f"Bearer {token}"}) as api:
        posted = api.post(
            "/api/v1/activities",
            json={
                "kind": "delegation",
                "title": {"en": "Town hall visit"},
                "twins": ["cologne"],
                "start": "2027-05-03",
            },
        )
        assert posted.status_code == 201, posted.text
        assert feed.startswith(stack.address)
        until(lambda: "Town hall visit" in httpx.get(feed).text, "the feed shows it", 30, stack.place.tails)
        beside = feed.replace(str(stack.web_port), str(stack.feeds_port))
        until(lambda: httpx.get(beside).text == httpx.get(feed).text, "both feeds show it", 30, stack.place.tails)
    shown_after = time.monotonic() - started

    # Beat asks for this once a minute; asking the same way now saves the test that minute.
    run(["celery", "-A", "workers.served", "call", "plan", "--queue", "clock"], stack.environ)
    # Whatever else is due today, to whomever, comes as well.
    until(lambda: [mail for mail in stack.mailbox.messages if tells_of_the_bell(mail)], "the reminder arrives", 30,
          stack.place.tails)  # fmt: skip

    assert shown_after < 20
    for process in reversed(staying):
        assert process.running, process.tail()
        assert process.stop() == 0, process.tail()
