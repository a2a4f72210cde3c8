"""Very many activities over eighty years, as rows, for the figures of one of them.

Nobody types a million activities: the rows of 100,000 are made here and written in bulk, and PostgreSQL copies them
nine times over under other ids. They are as mixed as real ones: kinds, directions, several twins, counts with several
labels, money, goods, JSON lists, some that go on for years, some known to the year only.
"""

import datetime as dt
import json
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import select

from tracker.bootstrap import Tracker
from tracker.domain.beginnings import year_and_decade
from tracker.domain.dates import HistoricDate
from tracker.store.activity_rows import ActivityRow, ActivityTwinRow, CountRow, GoodsRow, MoneyRow
from tracker.store.twins import TwinRow

FIRST, LAST = 1945, 2024
"""Every year has as many."""

_KINDS = ("exchange", "exchange", "exchange", "delegation", "delegation", "festival", "festival", "aid_shipment",
          "milestone", "delegation")  # fmt: skip
_DIRECTIONS = {"exchange": ("to_hub", "from_hub", "mutual"), "delegation": ("to_hub", "from_hub"),
               "festival": ("none", "to_hub", "from_hub", "elsewhere"), "aid_shipment": ("to_hub",),
               "milestone": ("none",)}  # fmt: skip
_SUBTYPES = {"exchange": ("school exchange", "citizens' trip", "sport", "youth camp"),
             "delegation": ("official visit", "anniversary", "forum"), "festival": ("concert", "twin city day"),
             "aid_shipment": ("truck convoy", "donation"),
             "milestone": ("agreement signing", "gift", "message", "award")}  # fmt: skip
_LABELS = {"exchange": ("pupils", "travellers", "Jugendliche"), "delegation": ("delegates", "participants"),
           "festival": ("audience", "visitors", "musicians"), "aid_shipment": ("people reached",),
           "milestone": ("guests",)}  # fmt: skip
_NAMES = tuple(f"Partner organisation {number} of the city" for number in range(200))
LOGGED = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
Tables = dict[type[Any], list[dict[str, Any]]]


def fill(made: Tracker, times: int, count: int = 100_000) -> None:
    """`count` activities `times` over, into an installation with the registry, past everything that would slow it."""
    with made.database.reading() as session:
        twins = tuple(session.scalars(select(TwinRow.slug).order_by(TwinRow.slug)))
    if made.database.engine.dialect.name == "sqlite":
        _into_sqlite(str(made.database.engine.url.database), _portions(twins, count))
    else:
        _into_postgresql(made.settings.database_url, _portions(twins, count))
        _multiply(made.settings.database_url, times)


def _into_sqlite(path: str, portions: Iterator[Tables]) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for portion in portions:
            for table, rows in portion.items():
                names, places = ", ".join(map(_quoted, rows[0])), ", ".join("?" * len(rows[0]))
                values = ([_for_sqlite(value) for value in row.values()] for row in rows)
                connection.executemany(f"INSERT INTO {table.__tablename__} ({names}) VALUES ({places})", values)
        connection.commit()
        connection.execute("ANALYZE")


def _into_postgresql(url: str, portions: Iterator[Tables]) -> None:
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        for portion in portions:
            for table, rows in portion.items():
                names = ", ".join(map(_quoted, rows[0]))
                with cursor.copy(f"COPY {table.__tablename__} ({names}) FROM STDIN".encode()) as copy:
                    for row in rows:
                        copy.write_row([_plain(value) for value in row.values()])


def _plain(value: Any) -> Any:
    """As both databases keep it: JSON as text, sums in their smallest unit."""
    if isinstance(value, dict | list):
        return json.dumps(value)
    return int(value.scaleb(-value.as_tuple().exponent)) if isinstance(value, Decimal) else value


def _for_sqlite(value: Any) -> Any:
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=None).isoformat(" ", "microseconds")
    return value.isoformat() if isinstance(value, dt.date) else _plain(value)


def _multiply(url: str, times: int) -> None:
    """Copies under ids reckoned from those of the originals, in the order of time, as they would have been recorded."""
    with psycopg.connect(url, autocommit=True) as connection:
        # Without the checks of foreign keys one by one: every id is made of one that is there.
        connection.execute("SET session_replication_role = replica")
        for table, key in (
            ("activities", "id"), ("activity_twins", "activity_id"), ("activity_counts", "activity_id"),
            ("activity_money", "activity_id"), ("activity_goods", "activity_id"),
        ):  # fmt: skip
            known = connection.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_name = %s ORDER BY ordinal_position",
                [table],
            )
            names = [name for (name,) in known]
            copied = {key: f"md5({key}::text || copy)::uuid", "external_id": "NULL"}
            connection.execute(
                f"INSERT INTO {table} ({', '.join(_quoted(name) for name in names)})"
                f" SELECT {', '.join(copied.get(name, _quoted(name)) for name in names)}"
                f" FROM {table}, generate_series(2, {times}) AS copy".encode()
            )
        connection.execute("VACUUM ANALYZE")


def _quoted(name: str) -> str:
    return f'"{name}"'


def _portions(twins: tuple[str, ...], count: int) -> Iterator[Tables]:
    chance, days = random.Random(1943), (dt.date(LAST, 12, 31) - dt.date(FIRST, 1, 1)).days + 1
    for begin in range(0, count, 5_000):
        portion: Tables = {table: [] for table in (ActivityRow, ActivityTwinRow, CountRow, MoneyRow, GoodsRow)}
        for number in range(begin, min(count, begin + 5_000)):
            day = dt.date(FIRST, 1, 1) + dt.timedelta(days=number * days // count)
            _add(portion, chance, twins, day)
        yield portion


def _add(portion: Tables, chance: random.Random, twins: tuple[str, ...], day: dt.date) -> None:
    kind, activity_id = chance.choice(_KINDS), UUID(int=chance.getrandbits(128), version=4)
    activity = _activity(chance, kind, activity_id, day)
    child = {"activity_id": activity_id, "begins_by": activity["begins_by"]}
    portion[ActivityRow].append(activity)
    for place, twin in enumerate(chance.sample(twins, 2 if chance.random() < 0.15 else 1)):
        portion[ActivityTwinRow].append({**child, "place": place, "twin": twin})
    for place in range(chance.choice((0, 1, 1, 2))):
        portion[CountRow].append(
            {
                **child, "place": place, "of": chance.choice(_LABELS[kind]), "side": chance.choice(
                (None, None, "twin", "hub")), "value": chance.randrange(5, 300), "bound": chance.choice(
                ("exact", "exact", "about", "more_than")), "basis": chance.choice(("actual", "actual", "planned")),
                "note": "",
            }
        )  # fmt: skip
    if chance.random() < 0.3:
        portion[MoneyRow].append(
            {
                **child, "place": 0, "amount": _cents(chance.randrange(1, 10**7)),
                "currency": chance.choice(("EUR", "RUB", "GBP")), "role": chance.choice(("donation", "grant", "cost")),
                "funder": chance.choice(("", "City of Cologne", "Foundation")), "note": "",
            }
        )  # fmt: skip
    for place in range(chance.randrange(4) if kind == "aid_shipment" else 0):
        portion[GoodsRow].append(
            {
                **child, "place": place, "description": "Beds and wheelchairs", "quantity": None,
                "unit": "", "weight_kg": Decimal(chance.randrange(1, 10**6)).scaleb(-3), "currency": "EUR",
                "value": _cents(chance.randrange(10**6)),
            }
        )  # fmt: skip


def _cents(number: int) -> Decimal:
    return Decimal(number).scaleb(-2)


def _activity(chance: random.Random, kind: str, activity_id: UUID, day: dt.date) -> dict[str, Any]:
    vague, subtype = chance.random() < 0.05, chance.choice(_SUBTYPES[kind])
    start = f"{day.year}" if vague else day.isoformat()
    begun = HistoricDate.parse(start)
    end = None if vague else day + dt.timedelta(days=chance.choice((0, 3, 10)) if chance.random() > 0.01 else 1_000)
    latest = end or begun.latest
    year, decade = year_and_decade(begun.earliest, begun.latest)
    beyond = latest if latest and begun.latest and latest.year > begun.latest.year else None
    return {
        "id": activity_id, "version": 1, "external_id": None, "kind": kind, "subtype": subtype,
        "status": chance.choice(("held",) * 17 + ("cancelled", "planned", "postponed")), "reason": "",
        "title": {"en": f"{subtype} of {start} in two languages", "de": f"{subtype} von {start} in zwei Sprachen"},
        "description": {}, "direction": chance.choice(_DIRECTIONS[kind]), "start": start,
        "end": end.isoformat() if end else None, "timezone": None, "earliest": begun.earliest,
        "latest": latest, "begins_by": begun.latest, "begins_month": None if vague else f"{day:%Y-%m}",
        "goes_beyond": beyond, "begun_year": year, "begun_decade": decade,
        "sort_key": begun.sort_key, "place": "Volgograd",
        "visibility": chance.choice(("public",) * 8 + ("members", "confidential")),
        "leaders": [{"name": "Anna Example", "office": "Mayor"}] if chance.random() < 0.2 else [],
        "organisers": [{"name": chance.choice(_NAMES), "side": "twin"}], "responsible": "",
        "owner": "Another association" if chance.random() < 0.1 else "", "quantity_note": "",
        "counts_for": ["international understanding"] if chance.random() < 0.8 else ["social only"], "sources": [],
        "note": "", "details": _details(chance, kind, day), "search_text": subtype, "watched_on": None,
        "created_at": LOGGED, "changed_at": LOGGED, "dated_at": LOGGED, "removed_at": None,
    }  # fmt: skip


def _details(chance: random.Random, kind: str, day: dt.date) -> dict[str, Any]:
    if kind == "exchange":
        return {"programme": "", "institutions": [{"name": chance.choice(_NAMES), "side": "hub"}], "legs": []}
    if kind != "aid_shipment":
        return {}
    stages = [{"stage": "dispatched", "on": day.isoformat(), "note": ""}]
    return {"form": "shipment", "vehicles": [], "stages": stages, "beneficiaries": [], "recipient": ""}
