"""The words activities are found by, looked up with what each database has: FTS5, or GIN over a tsvector.

Both are given the very same words (`domain.search` makes them), so both find the same. One row holds the words of one
activity and is written with it; SQLite's triggers and PostgreSQL's index follow in that transaction. `known_words` is
every word that was ever written, for the middle of compound words and for slips of the pen. It holds words of
confidential activities too, so nothing in it is shown unless the reader finds something by it.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, Select, String, Text, Uuid, event, func, select, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session
from sqlalchemy.sql.expression import ColumnElement
from sqlalchemy.types import Boolean

from tracker.domain.search import SOUND, Term
from tracker.domain.sounds import distance
from tracker.store.base import Base

INDEX = "ix_words"
"""How the tables and indexes are called that the databases keep by themselves."""

_INSIDE = 4
"""Letters a word must have to be looked for in the middle of others."""

_MOST = 80
"""Words that one word of a query is widened to."""

_LEARNT = "words"


class ActivityWordsRow(Base):
    __tablename__ = "activity_words"

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    """What SQLite's index knows it by: a number of its own, since an id is none and a row's place may change."""
    activity_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("activities.id", ondelete="CASCADE"), unique=True)
    words: Mapped[str] = mapped_column(Text)


class KnownWordRow(Base):
    __tablename__ = "known_words"

    word: Mapped[str] = mapped_column(String(60), primary_key=True)


class _Holds(ColumnElement[bool]):
    """That the words of a row hold all terms, in the words of the database."""

    inherit_cache = False
    type = Boolean()

    def __init__(self, terms: Sequence[Term]) -> None:
        self.terms = tuple(terms)

    def self_group(self, against: Any = None) -> "_Holds":  # noqa: ARG002 -- as SQLAlchemy asks
        """As it is: compared with 1, as SQLAlchemy does by itself for SQLite, no index would answer it."""
        return self


@compiles(_Holds, "sqlite")
def _by_fts5(element: _Holds, compiler: Any, **_: Any) -> str:
    # Words are letters, digits and the sign of a sound alone: nothing in them could end a text.
    either = [_either([f'"{w}"' for w in t.exact] + [f'"{w}" *' for w in t.prefixes], " OR ") for t in element.terms]
    wanted = compiler.render_literal_value(" AND ".join(either), String())
    return f"activity_words.number IN (SELECT rowid FROM ix_words WHERE ix_words MATCH {wanted})"  # noqa: S608 -- a literal


@compiles(_Holds, "postgresql")
def _by_gin(element: _Holds, compiler: Any, **_: Any) -> str:
    either = [_either([f"'{w}'" for w in t.exact] + [f"'{w}':*" for w in t.prefixes], " | ") for t in element.terms]
    wanted = compiler.render_literal_value(" & ".join(either), String())
    return f"array_to_tsvector(string_to_array(activity_words.words, ' ')) @@ {wanted}::tsquery"


def _either(spellings: list[str], word: str) -> str:
    return f"({word.join(spellings)})"


def holding(terms: Sequence[Term]) -> Select[UUID]:
    """The ids of the activities that hold all terms."""
    return select(ActivityWordsRow.activity_id).where(_Holds(terms))


def widened(session: Session, terms: Iterable[Term]) -> tuple[Term, ...]:
    """The terms with what holds them in its middle: "Austausch" is found in "Schüleraustausch" too."""
    wide = []
    for term in terms:
        inner = [word for word in term.prefixes if len(word) >= _INSIDE]
        found: set[str] = set()
        for word in inner:
            query = select(KnownWordRow.word).where(KnownWordRow.word.contains(word, autoescape=True))
            found |= {known for known in session.scalars(query) if not known.startswith((*term.prefixes, SOUND))}
        # Short ones first: they are nearest to what was asked.
        more = sorted(found, key=lambda known: (len(known), known))[:_MOST]
        wide.append(Term((*term.exact, *more), term.prefixes))
    return tuple(wide)


def like(session: Session, term: Term) -> list[tuple[int, str]]:
    """Words that may be meant where nothing is found by a term, each with how far it is, the nearest first."""
    near: dict[str, int] = {}
    for word in term.prefixes:
        most = 0 if len(word) < 3 else 1 if len(word) < 8 else 2
        lengths = func.length(KnownWordRow.word).between(len(word) - most, len(word) + most)
        letters = set(word)
        for known in session.scalars(select(KnownWordRow.word).where(lengths)) if most else ():
            if known[0] != SOUND and len(letters ^ set(known)) <= 2 * most:
                far = distance(word, known, most)
                if far <= most:
                    near[known] = min(far, near.get(known, far))
    order = sorted(near, key=lambda known: (near[known], known[0] != term.prefixes[0][0], known))
    return [(near[known], known) for known in order]


@event.listens_for(ActivityWordsRow, "before_insert")
@event.listens_for(ActivityWordsRow, "before_update")
def _note(_mapper: Any, _connection: Any, row: ActivityWordsRow) -> None:
    session = object_session(row)
    if session is not None:
        session.info.setdefault(_LEARNT, set()).update(row.words.split())


def learn(session: Session) -> None:
    """Add the words written in this transaction to those known, in one order: so no two writers wait for each other."""
    words = sorted(session.info.pop(_LEARNT, ()))
    for some in _slices(words):
        session.execute(
            text("INSERT INTO known_words (word) VALUES (:word) ON CONFLICT DO NOTHING"), [{"word": w} for w in some]
        )


def _slices(words: Sequence[str], size: int = 500) -> Iterator[Sequence[str]]:
    return (words[at : at + size] for at in range(0, len(words), size))
