"""What is remembered between two looks: never older than the log, never somebody else's, and no different for it."""

import copy
import re

from tests.web.conftest import Pages
from tests.web.test_pages import found, log
from tracker.actions.activities import remove_activity
from tracker.domain.commands import Actor, RemoveActivity
from tracker.web.app import create_app

PATHS = (
    "/", "/activities?view=list", "/activities?q=brücke", "/activities?view=month&at=1988-11",
    "/activities?view=year&at=1988", "/timeline", "/twins/coventry", "/map/years",
)  # fmt: skip
"""One for each question that is kept."""


def another_process(pages: Pages) -> Pages:
    """The same house and people, by a process that remembers nothing yet."""
    other = copy.copy(pages)
    other.app = create_app(pages.tracker)
    return other


def seen(pages: Pages, path: str, role: str) -> str:
    """The page without what each answer makes anew."""
    answer = pages.get(path, role)
    assert answer.status_code == 200
    return re.sub(r'"[\w-]{20,}\.[\w.-]+"', '""', answer.text)


def about_coventry(pages: Pages) -> None:
    """Something of every visibility, in the past, lately and unconfirmed; an agreement, too."""
    for level in ("public", "members", "staff", "confidential"):
        told = {"title": {"de": f"Brücke {level}"}, "twins": ["coventry"], "visibility": level}
        log(pages, **told, start="1988-11-28", status="held", kind="milestone", subtype="agreement signing")
        log(pages, **told, start="2026-02-03", status="planned", kind="delegation", direction="to_hub")
        log(pages, **told, start="2026-03", status="held", kind="delegation", direction="to_hub")


def looks(pages: Pages, role: str) -> dict[str, str]:
    return {path: seen(pages, path, role) for path in PATHS}


def test_nobody_is_told_what_was_counted_for_somebody_else(pages: Pages) -> None:
    about_coventry(pages)

    for_all = looks(pages, "administrator")

    for role in ("reader", "editor"):
        shown, alone = looks(pages, role), looks(another_process(pages), role)
        for path in PATHS:
            assert shown[path] == alone[path] != for_all[path], path


def test_what_another_process_logs_or_removes_is_counted_at_once(pages: Pages) -> None:
    before = looks(pages, "administrator")

    about_coventry(pages)
    more = log(pages, title={"en": "Brücke"}, twins=["coventry"], start="1988-11-28", status="held")
    after, alone = looks(pages, "administrator"), looks(another_process(pages), "administrator")
    remove_activity(pages.tracker.database, RemoveActivity(more.id, 1), Actor("cli"), pages.tracker.clock())
    later, then_alone = looks(pages, "administrator"), looks(another_process(pages), "administrator")

    for path in PATHS:
        assert before[path] != after[path] == alone[path], path
        assert after[path] != later[path] == then_alone[path], path


def test_a_month_has_all_that_reaches_into_it(pages: Pages) -> None:
    for start, end in (
        ("1988-11-28", None), ("1988-10-30", "1988-11-02"), ("1957-04", "1999"), ("1988", None), ("198X", None),
        ("1988-22/1989-01", None), ("1987-12-30", "1988-12-01"), ("1970/..", None), ("1988-11-30", "1990"),
    ):  # fmt: skip
        log(pages, title={"en": f"Inside {start}"}, start=start, end=end)
    for start, end in (("1988-12-01", None), ("1988-10-30", "1988-10-31"), ("1987", None), ("197X", None)):
        log(pages, title={"en": f"Outside {start}"}, start=start, end=end)

    shown = set(found(pages, "view=month&at=1988-11"))

    assert {title for title in shown if title.startswith("Outside")} == set()
    assert len({title for title in shown if title.startswith("Inside")}) == 9


def test_a_winter_is_found_in_the_year_in_which_it_ends(pages: Pages) -> None:
    log(pages, title={"en": "Winter"}, start="1988-24")

    assert "Winter" in found(pages, "view=month&at=1989-02")
