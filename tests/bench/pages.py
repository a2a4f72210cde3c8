"""What a page costs the server with few and with very many activities: both databases, beside the same page with few.

Each page is asked for through the whole application, as a browser would, without a network. Counts beside filters are
kept until something is logged; so the first look after that is told apart, in the note. So is the processor's time of
the process that serves, which other work on the machine leaves alone.
"""

import gc
import random
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing

import psycopg
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.bench import databases
from tests.bench.many_years import fill
from tests.bench.records import installation
from tests.bench.report import Row, median, once
from tracker.actions.logins import open_session
from tracker.actions.users import NewUser, add_user
from tracker.bootstrap import Tracker
from tracker.domain.logins import Way
from tracker.domain.search import stored_words
from tracker.store import accounts
from tracker.store.activity_rows import ActivityRow
from tracker.web.app import create_app

PAGES = {
    "start page": "/",
    "list": "/activities?view=list",
    "list of a city, delegations": "/activities?twin=coventry&kind=delegation",
    "search, one in a hundred": "/activities?q=wort77",
    "search, one in five": "/activities?q=exchange+school",
    "month": "/activities?view=month&at=1988-11",
    "year": "/activities?view=year&at=1988",
    "timeline": "/timeline",
    "twin page": "/twins/coventry",
    "years of the map": "/map/years",
}
AIM = 50.0
_ROUNDS = 15
_VOCABULARY = 20_000


def pages(counts: Sequence[int]) -> Iterator[Row]:
    for name, place in (("SQLite", databases.sqlite), ("PostgreSQL", databases.postgresql)):
        few: dict[str, float] = {}
        try:
            for count in counts:
                with place() as environ, installation(environ) as made:
                    fill(made, 1, count)
                    _write_words(made)
                    yield from _measured(name, made, count, few)
        except psycopg.OperationalError as fault:
            yield Row(f"pages, {name}", None, None, "ms", "", f"{name} does not answer: {fault}")


def _measured(name: str, made: Tracker, count: int, few: dict[str, float]) -> Iterator[Row]:
    client = _logged_in(made)
    for page, path in PAGES.items():
        first = once(_ask(client, path))
        seconds = median(_ask(client, path), _ROUNDS)
        own = median(_ask(client, path), _ROUNDS, time.process_time)
        beside = few.setdefault(page, seconds)
        yield Row(
            f"{page}, {count:,} activities, {name}", seconds * 1e3, beside * 1e3, "ms", "with the fewest",
            f"of this process {own * 1e3:.1f} ms, first look {first * 1e3:,.0f} ms", AIM,
        )  # fmt: skip


def _ask(client: FlaskClient, path: str) -> Callable[[], object]:
    def ask() -> None:
        answer = client.get(path)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answers {answer.status}")

    return ask


def _logged_in(made: Tracker) -> FlaskClient:
    add_user(made.database, NewUser("anna@example.org", "administrator", "Anna"), "system", made.clock())
    client = create_app(made).test_client()
    # As `tracker serve` does.
    gc.collect()
    gc.freeze()
    with made.database.reading() as session:
        user = accounts.user_by_email(session, "anna@example.org")
    secret = open_session(made.database, user.id, Way.PASSWORD, "bench", made.clock()) if user else ""
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = secret, True
    return client


def _write_words(made: Tracker) -> None:
    """Words for the rows, as mixed as real ones: some in every fifth, some in one of a hundred, most in a few."""
    chance = random.Random(1944)
    with made.database.reading() as session:
        rows = session.execute(select(ActivityRow.id, ActivityRow.title).order_by(ActivityRow.sort_key)).all()
    known: set[str] = set()
    written = []
    for id_, title in rows:
        more = [f"wort{chance.randrange(100)}"] + [f"selten{chance.randrange(_VOCABULARY)}" for _ in range(20)]
        words = sorted(stored_words(" ".join([*title.values(), *more])))
        known.update(words)
        written.append((id_, " ".join(words)))
    if made.database.engine.dialect.name == "sqlite":
        with closing(sqlite3.connect(str(made.database.engine.url.database))) as connection:
            values = [(id_.hex, words) for id_, words in written]
            connection.execute("DELETE FROM activity_words")
            connection.executemany("INSERT INTO activity_words (activity_id, words) VALUES (?, ?)", values)
            connection.executemany("INSERT OR IGNORE INTO known_words VALUES (?)", [(word,) for word in known])
            connection.commit()
            connection.execute("ANALYZE")
        return
    with psycopg.connect(made.settings.database_url, autocommit=True) as server:
        with server.cursor() as cursor:
            cursor.execute("TRUNCATE activity_words, known_words")
            with cursor.copy("COPY activity_words (activity_id, words) FROM STDIN") as copy:
                for id_, words in written:
                    copy.write_row((id_, words))
            with cursor.copy("COPY known_words (word) FROM STDIN") as copy:
                for word in known:
                    copy.write_row((word,))
        server.execute("VACUUM ANALYZE")
