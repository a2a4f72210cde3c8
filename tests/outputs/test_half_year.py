"""The printed list: a tagged PDF in the reader's language, the same bytes each time, and no sign without a font."""

import dataclasses
import datetime as dt
import re
import shutil
import subprocess
from collections.abc import Iterator

import pytest
import typst

from tests.conftest import missing
from tracker.outputs import typesetting
from tracker.outputs.half_year import Group, HalfYearList, Line, Section, half_year_pdf, plain

CHANGED = dt.datetime(2026, 10, 1, 12, tzinfo=dt.UTC)


def listed(*lines: Line, language: str = "de", foot: tuple[str, ...] = ()) -> HalfYearList:
    section = Section("Januar 2027", (Group("Mo., 4. Jan.", lines),))
    return HalfYearList(language, "Kalender: Januar–Juni 2027", ("Wolgograd",), (section,), foot, CHANGED)


def line(title: str, *facts: str, off: bool = False) -> Line:
    return Line(plain(title), tuple(map(plain, facts)), off)


def text_of(pdf: bytes) -> str:
    """What the PDF says, as programs that read aloud find it; line breaks and soft hyphens do not count."""
    if shutil.which("pdftotext") is None:
        missing("pdftotext", "install poppler-utils")
    told = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    return " ".join(told.replace("\u00ad\n", "").split())


@pytest.fixture
def own_fonts_only(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine on which no font is installed."""
    monkeypatch.setattr(typesetting, "_fonts", lambda: typst.Fonts(include_system_fonts=False))
    typesetting._is_set.cache_clear()
    yield
    typesetting._is_set.cache_clear()


def test_it_says_everything_in_latin_and_cyrillic() -> None:
    body = half_year_pdf(listed(line("Визит в ратушу", "Łódź · Köln"), language="ru", foot=("Последнее изменение",)))

    told = text_of(body)

    assert all(
        words in told for words in ("Kalender: Januar–Juni 2027", "Визит в ратушу", "Łódź · Köln", "Mo., 4. Jan.")
    )
    assert "Последнее изменение" in told


def test_programs_that_read_aloud_find_title_language_and_tags() -> None:
    body = half_year_pdf(listed(line("Besuch"), language="ru"))

    metadata = body.decode("latin-1")
    assert "/Lang(ru)" in metadata
    assert "/MarkInfo" in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata


def test_the_same_list_gives_the_same_bytes_and_a_change_other_ones() -> None:
    once, again = half_year_pdf(listed(line("Besuch"))), half_year_pdf(listed(line("Besuch")))
    later = half_year_pdf(dataclasses.replace(listed(line("Besuch")), changed=CHANGED + dt.timedelta(days=1)))

    assert once == again
    assert once != later


def test_words_are_set_as_they_stand_and_never_read_as_markup() -> None:
    title = '#panic("x") *stern* $a$ = \\ @nobody <mark> // "q"'

    assert title in text_of(half_year_pdf(listed(line(title))))


def test_what_no_font_can_show_is_said_otherwise(own_fonts_only: None) -> None:
    title = (("広島平和の日", "ja"), ("Hiroshima-Friedenstag", ""))
    place = (("広島市", ""), ("Hiroshima", ""))

    told = text_of(half_year_pdf(listed(Line(title, (place,)))))

    assert "Hiroshima-Friedenstag Hiroshima" in told
    assert "Schrift" not in told


def test_what_cannot_be_said_at_all_is_told_to_be_missing(own_fonts_only: None) -> None:
    body = half_year_pdf(listed(Line(plain("Besuch"), (plain("広島市"), plain("Rathaus"))), language="en"))

    told = text_of(body)

    assert "Besuch Rathaus" in told
    assert "no font was at hand" in told


@pytest.mark.parametrize("sign", ["\x00", "\x0b", "\t", "\ufeff", "\ufffe", "\ue000", "\U000f0001", "\U0001fffe"])
def test_no_sign_in_a_name_keeps_it_from_being_printed(own_fonts_only: None, sign: str) -> None:
    name = f"Kemi{sign}Stadt"
    section = Section(name, (Group(name, (line(name, name),)),))
    told = dataclasses.replace(listed(), title=name, about=(name,), sections=(section,), foot=(name,))

    words = text_of(half_year_pdf(told))

    assert words.count("Kemi") >= 5


def test_the_fonts_of_the_machine_show_other_scripts() -> None:
    if not any("CJK" in family for family in typesetting._fonts().families()):
        missing("a font with Japanese", "install fonts-noto-cjk")

    assert "広島平和の日" in text_of(half_year_pdf(listed(Line((("広島平和の日", "ja"), ("Hiroshima", "")), ()))))


def test_signs_taken_for_granted_are_all_in_typsts_own_fonts(own_fonts_only: None) -> None:
    signs = [chr(code) for code in range(0x3000) if typesetting._SURELY_SHOWN.fullmatch(chr(code))]

    assert "ё" in signs
    assert [sign for sign in signs if not typesetting._is_set(f"a{sign}")] == []


def test_hundreds_of_lines_go_over_several_pages_with_their_numbers() -> None:
    body = half_year_pdf(listed(*(line(f"Besuch {number}", "Köln") for number in range(300))))

    pages = [tuple(map(int, found)) for found in re.findall(r"(\d+) / (\d+)", text_of(body))]
    assert len(pages) > 3
    assert pages == [(number, len(pages)) for number in range(1, len(pages) + 1)]
