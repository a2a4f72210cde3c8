"""Words activities are found by, indexed by each database in its own way, and views of the list that people keep.

The words of the activities there are come from `domain.search`, the one place that makes them: should a later release
make them otherwise, its own migration makes them anew.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from tracker.domain.search import fold, stored_words
from tracker.domain.twins import HUB

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

SLICE = 500


def upgrade() -> None:
    op.create_table(
        "activity_words",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activities.id"],
            name=op.f("fk_activity_words_activity_id_activities"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_activity_words")),
        sa.UniqueConstraint("activity_id", name=op.f("uq_activity_words_activity_id")),
    )
    op.create_table(
        "known_words",
        sa.Column("word", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_known_words")),
    )
    _index()
    _fill()
    _views()


def _index() -> None:
    """The words come folded and parted, so neither database may fold or part them in its own way."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE INDEX ix_words ON activity_words USING gin (array_to_tsvector(string_to_array(words, ' ')))")
        return
    op.execute(
        "CREATE VIRTUAL TABLE ix_words USING fts5(words, content='activity_words', content_rowid='number',"
        " tokenize='ascii', prefix='2 3', detail='none', columnsize=0)"
    )
    new = "INSERT INTO ix_words (rowid, words) VALUES (new.number, new.words);"
    old = "INSERT INTO ix_words (ix_words, rowid, words) VALUES ('delete', old.number, old.words);"
    for name, when, what in (
        ("added", "INSERT", new),
        ("gone", "DELETE", old),
        ("changed", "UPDATE OF words, number", f"{old} {new}"),
    ):
        op.execute(f"CREATE TRIGGER activity_words_{name} AFTER {when} ON activity_words BEGIN {what} END")


def _views() -> None:
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("arguments", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_saved_views_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
    )
    op.create_index(op.f("ix_saved_views_user_id"), "saved_views", ["user_id"])
    op.create_table(
        "first_views",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("view_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_first_views_user_id_users"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["view_id"], ["saved_views.id"], name=op.f("fk_first_views_view_id_saved_views"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_first_views")),
    )
    op.create_index(op.f("ix_first_views_view_id"), "first_views", ["view_id"])


def _fill() -> None:
    words = sa.table("activity_words", sa.column("activity_id", sa.Uuid()), sa.column("words"))
    known: set[str] = set()
    for some in _in_slices():
        op.get_bind().execute(words.insert(), some)
        known.update(*(row["words"].split() for row in some))
    table = sa.table("known_words", sa.column("word"))
    if known:
        op.get_bind().execute(table.insert(), [{"word": word} for word in sorted(known)])


def _in_slices() -> Iterator[list[dict[str, Any]]]:
    plain = ("id", "place", "subtype", "owner", "quantity_note", "note", "external_id", "start")
    listed = ("title", "description", "leaders", "organisers")
    activities = sa.table("activities", sa.column("id", sa.Uuid()), *map(sa.column, plain[1:]),
                          *(sa.column(name, JSON) for name in listed))  # fmt: skip
    twins = sa.table("twins", sa.column("slug"), sa.column("names", JSON), sa.column("local_name"),
                     sa.column("former_names", JSON))  # fmt: skip
    links = sa.table("activity_twins", sa.column("activity_id", sa.Uuid()), sa.column("twin"))
    bind = op.get_bind()
    names = {row.slug: _names(row._mapping) for row in bind.execute(sa.select(twins))}
    of_twins: dict[Any, list[str]] = {}
    for row in bind.execute(sa.select(links)):
        of_twins.setdefault(row.activity_id, []).append(names.get(row.twin, ""))
    some: list[dict[str, Any]] = []
    for row in bind.execute(sa.select(activities)).all():
        text = " \n ".join([*_own(row._mapping), *of_twins.get(row.id, ())])
        some.append({"activity_id": row.id, "words": _words(text)})
        if len(some) == SLICE:
            yield some
            some = []
    if some:
        yield some


def _words(text: str) -> str:
    found = stored_words(text)
    hub = tuple(fold(name) for name in HUB.all_names())
    if any(word.startswith(hub) for word in found):
        found |= stored_words(" ".join(hub))
    return " ".join(sorted(found))


def _names(twin: Mapping[str, Any]) -> str:
    former = [name for one in twin["former_names"] for name in one["names"].values()]
    return " \n ".join([*twin["names"].values(), twin["local_name"], *former])


def _own(row: Mapping[str, Any]) -> list[str]:
    year = row["start"][:4]
    return [
        *row["title"].values(),
        *row["description"].values(),
        *(row[name] or "" for name in ("place", "subtype", "owner", "quantity_note", "note", "external_id")),
        *(leader.get(part) or "" for leader in row["leaders"] for part in ("name", "office")),
        *(organiser.get("name") or "" for organiser in row["organisers"]),
        year if year.isdigit() else "",
    ]
