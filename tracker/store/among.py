"""A column among some ids, as one parameter: however many there are, the statement is the same.

An id each would make a statement of its own for every number of them, which is written, taken apart and planned anew.
"""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Dialect, Text, Uuid, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import TypeDecorator


class _Ids(TypeDecorator[Sequence[UUID]]):
    """A list of PostgreSQL, or the text of one for SQLite, in which ids are kept without hyphens."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(ARRAY(Uuid()) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Sequence[UUID] | None, dialect: Dialect) -> Any:
        ids = value or ()
        return list(ids) if dialect.name == "postgresql" else json.dumps([identity.hex for identity in ids])


class _among(GenericFunction[bool]):  # noqa: N801 -- SQLAlchemy names functions so
    """Of no type: a truth is compared with 1 on SQLite, which no index answers."""

    inherit_cache = True


@compiles(_among, "postgresql")
def _in_array(element: _among, compiler: SQLCompiler, **how: Any) -> str:
    column, ids = (compiler.process(part, **how) for part in element.clauses)
    return f"{column} = ANY ({ids})"


@compiles(_among, "sqlite")
def _in_json(element: _among, compiler: SQLCompiler, **how: Any) -> str:
    column, ids = (compiler.process(part, **how) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608 -- a parameter


def among(column: Any, ids: Sequence[UUID]) -> ColumnElement[bool]:
    """That a column of ids holds one of these."""
    return _among(column, bindparam(None, ids, _Ids(), unique=True))
