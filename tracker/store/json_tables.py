"""The lists that stand in JSON columns as rows to select from, in the words of each database."""

from typing import Any

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
