"""Lists as databases look into them, each in its own words: those in JSON columns as rows, and one of ids."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction


class json_texts(GenericFunction[Any]):  # noqa: N801 -- SQLAlchemy names functions so
    """The texts of a JSON list as rows."""

    inherit_cache = True


class json_things(GenericFunction[Any]):  # noqa: N801 -- likewise
    """The objects of a JSON list as rows."""

    inherit_cache = True


@compiles(json_texts, "sqlite")
@compiles(json_things, "sqlite")
def _each_sqlite(element: GenericFunction[Any], compiler: SQLCompiler, **how: Any) -> str:
    return f"json_each({compiler.process(element.clause_expr.element, **how)})"


@compiles(json_texts, "postgresql")
def _each_text(element: GenericFunction[Any], compiler: SQLCompiler, **how: Any) -> str:
    return f"jsonb_array_elements_text({compiler.process(element.clause_expr.element, **how)})"


@compiles(json_things, "postgresql")
def _each_thing(element: GenericFunction[Any], compiler: SQLCompiler, **how: Any) -> str:
    column, path = (compiler.process(part, **how) for part in element.clauses)
    name = path.strip("'").removeprefix("$").removeprefix(".")
    return f"jsonb_array_elements({column} -> '{name}')" if name else f"jsonb_array_elements({column})"


class one_of_ids(GenericFunction[Any]):  # noqa: N801 -- likewise
    """Whether an id is in a list of them, which is one text with commas.

    Said to be of no type: as a truth it would be compared with 1 on SQLite, which then looks through the whole table.
    """

    inherit_cache = True


class near(GenericFunction[Any]):  # noqa: N801 -- likewise
    """What follows from the rest and leads PostgreSQL to the right index. SQLite takes the wrong one for it."""

    inherit_cache = True


def one_of(column: Any, name: str) -> ColumnElement[bool]:
    """Whether it is one of the `ids` that are given by a name: very many of them are a single parameter."""
    return one_of_ids(column, bindparam(name, type_=Text()))


def ids(some: Iterable[UUID]) -> str:
    return ",".join(one.hex for one in some)


@compiles(one_of_ids, "sqlite")
def _in_sqlite(element: GenericFunction[Any], compiler: SQLCompiler, **how: Any) -> str:
    column, listed = (compiler.process(part, **how) for part in element.clauses)
    return f"""{column} IN (SELECT value FROM json_each('["' || replace({listed}, ',', '","') || '"]'))"""  # noqa: S608 -- both are SQLAlchemy's own words


@compiles(near, "sqlite")
def _anywhere(_element: GenericFunction[Any], _compiler: SQLCompiler, **_how: Any) -> str:
    return "1"


@compiles(near, "postgresql")
def _near(element: GenericFunction[Any], compiler: SQLCompiler, **how: Any) -> str:
    return compiler.process(element.clause_expr.element, **how)


@compiles(one_of_ids, "postgresql")
def _in_array(element: GenericFunction[Any], compiler: SQLCompiler, **how: Any) -> str:
    column, listed = (compiler.process(part, **how) for part in element.clauses)
    return f"{column} = ANY (CAST(string_to_array({listed}, ',') AS UUID[]))"
