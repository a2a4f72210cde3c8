"""A column among some ids, which are one parameter: however many there are, the statement is the same.

An id each would make a statement of its own for every number of them, which is written, taken apart and planned anew.
The list is one text with commas: a driver writes a list of PostgreSQL id by id, several times as long.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction


class _among(GenericFunction[Any]):  # noqa: N801 -- SQLAlchemy names functions so
    """Of no type: as a truth it would be compared with 1 on SQLite, which then looks through the whole table."""

    inherit_cache = True


@compiles(_among, "sqlite")
def _in_json(element: _among, compiler: SQLCompiler, **how: Any) -> str:
    column, listed = (compiler.process(part, **how) for part in element.clauses)
    return f"""{column} IN (SELECT value FROM json_each('["' || replace({listed}, ',', '","') || '"]'))"""  # noqa: S608 -- both are SQLAlchemy's own words


@compiles(_among, "postgresql")
def _in_array(element: _among, compiler: SQLCompiler, **how: Any) -> str:
    column, listed = (compiler.process(part, **how) for part in element.clauses)
    return f"{column} = ANY (CAST(string_to_array({listed}, ',') AS UUID[]))"


def among(column: Any, some: Iterable[UUID]) -> ColumnElement[bool]:
    """That a column of ids holds one of these."""
    return _among(column, bindparam(None, listed(some), Text(), unique=True))


def among_named(column: Any, name: str) -> ColumnElement[bool]:
    """The same, where the statement is made once and the `listed` ids are given by a name when it is run."""
    return _among(column, bindparam(name, type_=Text()))


def listed(some: Iterable[UUID]) -> str:
    """Ids as the one text; SQLite keeps them without hyphens."""
    return ",".join(one.hex for one in some)
