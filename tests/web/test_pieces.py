"""What is drawn once in a process: as each language says it, and as each kind looks."""

from tests.web.conftest import Pages
from tests.web.test_pages import log


def test_a_mark_and_a_chip_speak_the_language_of_each_look(pages: Pages) -> None:
    log(pages, kind="delegation", status="planned")

    for tag, kind, status in (
        ("en", "Delegation", "planned"), ("de", "Delegation", "geplant"), ("ru", "Делегация", "запланировано"),
        ("en", "Delegation", "planned"),
    ):  # fmt: skip
        page = pages.get(f"/activities?view=list&lang={tag}").text
        assert f'<span class="mark kind-delegation" title="{kind}">' in page
        assert f'<span class="chip planned">{status}</span>' in page


def test_a_mark_is_as_large_as_it_is_asked_for(pages: Pages) -> None:
    activity = log(pages, kind="delegation")

    for _ in range(2):
        assert '<span class="mark kind-delegation"' in pages.get("/activities?view=list").text
        assert '<span class="mark kind-delegation big"' in pages.get(f"/activities/{activity.id}").text
