"""How many statements a page costs: a number that grows with the rows, or by a slip, is seen here.

The second look is counted, when counts are kept. Who adds a statement to a page on purpose changes its number here.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event

from tests.web.conftest import Pages
from tests.web.test_pages import log

STATEMENTS = {
    "/": 16,
    "/activities?view=list": 8,
    "/activities?q=coventry": 9,
    "/activities?view=month&at=1960-05": 8,
    "/activities?view=year&at=1960": 8,
    "/timeline": 5,
    "/twins/coventry": 15,
    "/map/years": 3,
}


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):  # which is no statement of PostgreSQL's driver
            found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("path", STATEMENTS)
def test_a_page_asks_as_often_as_it_did_however_much_there_is(pages: Pages, path: str) -> None:
    client = pages.browser()
    client.get(path)
    with counted(pages.tracker.database.engine) as before:
        client.get(path)
    for number in range(12):
        log(pages, title={"en": f"Coventry {number}"}, twins=["coventry"], start=f"1960-05-{number + 1:02}")
    client.get(path)

    with counted(pages.tracker.database.engine) as after:
        client.get(path)

    assert len(after) == STATEMENTS[path], "\n".join(after)
    assert len(before) <= len(after)
