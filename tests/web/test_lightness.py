"""How much a page weighs on first load, and how long a browser may keep its files."""

import html
import re
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.conftest import Pages
from tracker.web.auth import Audience, audience_of

MOST, MOST_SCRIPT = 150_000, 15_000
SAMPLES = {"slug": "cologne", "year": "2018", "half": "1", "period": "2018", "on": "2026-11-28"}
"""Values for addresses with a part to fill in; other such pages stand in lists of their own nouns' tests."""
NOT_PAGES = re.compile(r"/(static|bootstrap|feeds|api|live|hooks|healthz|readyz|metrics|robots)")


def compressed(client: FlaskClient, path: str, accepted: str = "br, gzip") -> TestResponse:
    with client.get(path, headers={"Accept-Encoding": accepted}) as reply:
        reply.get_data()
    return reply


def parts_of(page: str) -> set[str]:
    """The addresses of all that a browser fetches for a page before somebody presses anything."""
    found = re.findall(r'<link[^>]* href="([^"]+)"|<script[^>]* src="([^"]+)"|<img[^>]* src="([^"]+)"', page)
    used = re.findall(r'<use href="([^"#]+)', page)
    addresses = {html.unescape(a) for group in found for a in group if a} | {html.unescape(u) for u in used}
    return {a for a in addresses if a.startswith("/") and not re.search(r"\.(ics|atom)(\?|$)", a)}


def addresses(pages: Pages) -> list[str]:
    """Every page that stands at an address of its own, or at one we know how to fill in."""
    made = []
    adapter = pages.app.url_map.bind("localhost")
    for rule in pages.app.url_map.iter_rules():
        known = rule.arguments <= SAMPLES.keys()
        is_page = audience_of(pages.app, rule.endpoint) is not Audience.TOKEN and not NOT_PAGES.match(rule.rule)
        if known and is_page and "GET" in (rule.methods or ()):
            made.append(adapter.build(rule.endpoint, {name: SAMPLES[name] for name in rule.arguments}))
    return sorted(set(made))


@pytest.mark.parametrize("mode", ["embedded"])  # what a page weighs does not depend on the database
def test_a_page_weighs_little_on_first_load(pages: Pages) -> None:
    client = pages.browser("administrator")
    weights: dict[str, int] = {}
    heavy: dict[str, tuple[int, int]] = {}
    looked_at = 0

    for path in addresses(pages):
        reply = compressed(client, path)
        if reply.mimetype != "text/html" or reply.status_code != 200:
            continue
        looked_at += 1
        plain = compressed(client, path, "identity").text
        whole = len(reply.data)
        script = 0
        for part in parts_of(plain):
            if part not in weights:
                weights[part] = len(compressed(client, part).data)
            whole += weights[part]
            own = urlsplit(part).path
            if own.startswith("/static/") and own.endswith(".js"):
                script += len(compressed(client, part, "identity").data)
        if whole > MOST or script > MOST_SCRIPT:
            heavy[path] = whole, script

    assert looked_at > 30
    assert heavy == {}


def test_a_file_is_kept_until_it_changes(pages: Pages) -> None:
    client = pages.browser("reader")
    page = client.get("/").text
    (styles,) = {part for part in parts_of(page) if "/tracker.css" in part}

    reply = compressed(client, styles)

    assert re.search(r"\?v=[0-9a-f]{12}$", styles)
    assert reply.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert reply.headers["Content-Encoding"] == "br"
    assert "immutable" not in compressed(client, "/static/tracker.css").headers.get("Cache-Control", "")


def test_pages_are_compressed_and_the_answers_to_programs_are_not(pages: Pages) -> None:
    client = pages.browser("reader")

    page, spoken = compressed(client, "/"), compressed(client, "/api/v1/openapi.json")

    assert page.headers["Content-Encoding"] == "br"
    assert "Accept-Encoding" in page.headers["Vary"]
    assert "Content-Encoding" not in spoken.headers
