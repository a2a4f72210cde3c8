"""Forms with lists of rows: `dates.0.date`, `dates.1.date` and so on; rows in which nothing is typed are left out."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from tracker.web.forms import Filled, Tree, in_order, submitted


def with_rows(form: MultiDict[str, str], lists: Collection[str]) -> Filled:
    """What was typed as a tree, with the rows of some lists in their order."""
    filled = submitted(form)
    for name in lists:
        rows = filled.tree.get(name)
        if isinstance(rows, Mapping):
            filled.tree[name] = in_order(rows)
    return filled


def without_blanks(tree: Tree, lists: Collection[str], marked: str = "") -> Tree:
    """The tree without rows in which nothing is typed; the row that `marked` names keeps its mark."""
    kept = dict(tree)
    for name in lists:
        rows = [(at, row) for at, row in enumerate(tree.get(name) or []) if _is_typed(row)]
        if marked and (mark := re.fullmatch(rf"{name}\.(\d+)", str(tree.get(marked, "")))):
            kept[marked] = str(next((new for new, (old, _) in enumerate(rows) if old == int(mark[1])), ""))
        kept[name] = [row for _, row in rows]
    return kept


def _is_typed(row: Any) -> bool:
    if isinstance(row, Mapping):
        return any(_is_typed(value) for value in row.values())
    return bool(str(row or "").strip())
