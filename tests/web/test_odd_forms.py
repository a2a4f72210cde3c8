"""Forms as no page of ours would send them: told or passed over, and never a fault of ours."""

import pytest

from tests.logging_in import send
from tests.web.conftest import Pages
from tests.web.test_pages_forms import COMMON, new, only


@pytest.mark.parametrize(
    ("wrong", "told"),
    [({"status": ""}, "is not a status"), ({"status": "cancelled", "reason": "x" * 1001}, "This is too long")],
)
def test_a_status_that_is_none_and_a_reason_too_long_are_told(pages: Pages, wrong: dict[str, str], told: str) -> None:
    new(pages, start="2026-12-07", status="planned")
    page, browser = f"/activities/{only(pages).id}", pages.browser()

    answer = send(browser, f"{page}/status", page, version="1", **wrong)

    assert answer.status_code == 302
    assert told in browser.get(page).text
    assert only(pages).status == "planned"


ODD = {"counts.².value": "1", "counts.x.of": "1", f"counts.{'9' * 5000}.of": "1", "goods.0": "1", "title": "1",
       "start.x": "1", "details": "1", "counts.0.of.x": "1", "twins.0": "1"}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_inputs_that_no_form_of_ours_has_are_no_fault_of_ours(pages: Pages, name: str) -> None:
    fields = {field: text for field, text in COMMON.items() if not field.startswith(name.partition(".")[0])}

    answer = pages.post("/activities/new?kind=festival", {**fields, name: ODD[name]})

    assert answer.status_code in (302, 422)
