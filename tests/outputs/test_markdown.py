"""What staff write in Markdown: safe as HTML, the same words in every form, nothing of it run or fetched."""

import re

import pytest

from tracker.outputs.markdown import BlockKind, Run, blocks, plain, to_html


def test_paragraphs_lists_and_emphasis_become_html() -> None:
    made = to_html("Ein **gutes** _Jahr_.\n\n- Köln\n- Chemnitz\n\n3. drei\n4. vier\n\n> Danke!")

    assert made == (
        "<p>Ein <strong>gutes</strong> <em>Jahr</em>.</p>\n<ul>\n<li>\nKöln\n</li>\n<li>\nChemnitz\n</li>\n</ul>\n"
        '<ol start="3">\n<li>\ndrei\n</li>\n<li>\nvier\n</li>\n</ol>\n<blockquote>\n<p>Danke!</p>\n</blockquote>'
    )


def test_headings_stand_below_those_of_the_page() -> None:
    assert to_html("# Eins\n\n## Zwei", top=3) == "<h3>Eins</h3>\n<h4>Zwei</h4>"
    assert to_html("###### Tief", top=3) == "<h6>Tief</h6>"


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "Text <img src=x onerror=alert(1)> mehr",
        '<div onclick="x()">\n\nabc\n\n</div>',
        "<!-- weg -->",
        "<style>*{display:none}</style>",
        "`</code><script>`",
        "```x\n</pre><script>\n```",
    ],
)
def test_html_that_somebody_typed_is_text(hostile: str) -> None:
    made = to_html(hostile)

    assert set(re.findall(r"<(\w+)", made)) <= {"p", "code", "pre"}
    assert "&lt;" in made


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "ftp://a.b",
     "//evil.example", "/users/1/delete", "tel:+49", "&#106;avascript:x"],
)  # fmt: skip
def test_only_the_web_and_mailboxes_are_linked(address: str) -> None:
    assert "<a " not in to_html(f"[hier]({address}) <{address}>")
    assert "hier" in to_html(f"[hier]({address})")


def test_links_to_the_web_and_to_mailboxes_work() -> None:
    made = to_html('[Köln](https://example.org/?a=1&b="2) <a@example.org>')

    assert 'href="https://example.org/?a=1&amp;b=%222"' in made
    assert 'href="mailto:a@example.org"' in made


def test_pictures_of_other_places_are_words_and_fetch_nothing() -> None:
    made = to_html("![Das **Rathaus**](https://example.org/spy.png)")

    assert made == "<p>Das Rathaus</p>"


def test_tables_are_not_read() -> None:
    assert "<table" not in to_html("| a | b |\n|---|---|\n| 1 | 2 |")


def test_runs_keep_how_words_look_and_where_they_lead() -> None:
    (paragraph,) = blocks("a **b _c_** `d` [e **f**](https://g.example)  \nh")

    assert paragraph.runs == (
        Run("a "),
        Run("b ", strong=True),
        Run("c", strong=True, emphasis=True),
        Run(" "),
        Run("d", code=True),
        Run(" "),
        Run("e ", href="https://g.example"),
        Run("f", strong=True, href="https://g.example"),
        Run("\nh"),
    )


@pytest.mark.parametrize("text", [">" * 3_000 + " tief", "- " * 3_000 + "tief", "1. " * 15 + "tief"])
def test_what_nests_too_deep_stands_as_it_was_typed(text: str) -> None:
    (paragraph,) = blocks(text)

    assert paragraph.kind is BlockKind.PARAGRAPH
    assert paragraph.runs[0].text == text


def test_the_bare_words_are_those_of_the_html() -> None:
    text = "# Titel\n\nEin *Satz* mit `code`.\n\n- a\n  1. b\n\n> c <d>\n\n---\n\n    e"

    bare = plain(blocks(text))

    told = re.sub(r"<[^>]+>", " ", to_html(text)).replace("&lt;", "<").replace("&gt;", ">")
    assert bare.split() == ["Titel", "Ein", "Satz", "mit", "code.", "a", "b", "c", "<d>", "e"]
    assert "".join(told.split()) == "".join(bare.split())


@pytest.mark.parametrize("text", ["", "   \n\n", "[nichts]: https://example.org"])
def test_nothing_written_is_nothing_said(text: str) -> None:
    assert (to_html(text), blocks(text)) == ("", ())
