"""Letters of greeting as text and as DOCX, in the languages of the twins."""

import datetime as dt
import io
import re
import zipfile

import pytest
from docx import Document

from tests.founding import founding, observance
from tracker.domain.greetings import Standing, check_template, fill_in
from tracker.domain.occasions import Occasion, Occurrence, occurrence
from tracker.domain.twins import Twin
from tracker.errors import InvalidInput
from tracker.outputs import greeting, greeting_docx
from tracker.outputs.greeting import Draft


def city(slug: str, own: str, country: str, **names: str) -> Twin:
    return Twin.model_validate({"slug": slug, "names": names, "local_name": own, "country": country})


TURIN = city("turin", "Torino", "IT", en="Turin", de="Turin", ru="Турин")
COLOGNE = city("cologne", "Köln", "DE", en="Cologne", de="Köln", ru="Кёльн")
TWINS = {twin.slug: twin for twin in (TURIN, COLOGNE)}


def come(occasion: Occasion, year: int = 2026) -> Occurrence:
    found = occurrence(occasion, year)
    assert found
    return found


def begin(twin: Twin, when: Occurrence, tag: str, standing: Standing = Standing.NORMAL) -> Draft:
    return greeting.begin(when, twin, TWINS, tag, standing, None, name="Anna")


@pytest.mark.parametrize(
    ("twin", "edtf", "language", "subject", "dated"),
    [
        (TURIN, "1961-05", "it", "65° anniversario del gemellaggio Torino – Volgograd", "(maggio 2026)"),
        (COLOGNE, "1988-11-28", "de", "38. Jahrestag der Städtepartnerschaft Köln – Wolgograd", "(28. November 2026)"),
        (COLOGNE, "1988-11-28", "en", "38th anniversary of the twinning Cologne – Volgograd", "(28 November 2026)"),
        (COLOGNE, "1988-11-28", "fr", "38e anniversaire du jumelage Cologne – Volgograd", "(28 novembre 2026)"),
        (COLOGNE, "2025-11-28", "fr", "1er anniversaire du jumelage Cologne – Volgograd", "(28 novembre 2026)"),
    ],
)
def test_a_letter_begins_in_a_language_with_the_names_of_that_language(
    twin: Twin, edtf: str, language: str, subject: str, dated: str
) -> None:
    draft = begin(twin, come(founding(edtf, twin.slug)), language)

    assert draft.subject == subject
    assert dated in draft.body
    assert draft.body.endswith(f"Anna\n{draft.sender}")


@pytest.mark.parametrize("language", sorted(greeting.tongues()))
@pytest.mark.parametrize("standing", list(Standing))
def test_every_template_that_ships_can_be_filled_in_and_kept(language: str, standing: Standing) -> None:
    template = greeting.tongues()[language].templates[standing]

    check_template(template.subject, template.body)
    draft = begin(COLOGNE, come(founding("1988-11-28")), language, standing)

    assert not re.search(r"[{}]", "".join((draft.addressee, draft.subject, draft.body, draft.sender)))
    assert all((draft.addressee, draft.subject, draft.body, draft.sender))


def test_what_has_its_title_in_three_languages_is_not_written_of_in_a_fourth() -> None:
    day = come(observance("last sunday of april"))
    jubilee = come(founding("1961-05", "turin"))

    assert (greeting.language_for("turin", jubilee), greeting.language_for("turin", day)) == ("it", "en")
    assert greeting.language_for("cologne", day) == "de"
    assert greeting.language_for("hiroshima", jubilee) == "en"  # there are no words in Japanese
    assert {tongue.tag for tongue in greeting.languages_for(day)} == {"de", "en", "ru"}


@pytest.mark.parametrize(
    ("subject", "body", "field", "value"),
    [
        ("", "text", "subject", ""),
        ("a", " ", "body", " "),
        ("{title.__class__}", "text", "subject", "{title.__class__}"),
        ("{twin:>9}", "text", "subject", "{twin:>9}"),
        ("a", "{twin", "body", "{twin"),
        ("a", "{0}", "body", "{0}"),
    ],
)
def test_a_template_that_cannot_be_filled_in_is_refused(subject: str, body: str, field: str, value: str) -> None:
    with pytest.raises(InvalidInput) as fault:
        check_template(subject, body)

    assert [(p.field, p.value) for p in fault.value.problems] == [(field, value)]


def test_what_a_value_says_is_not_looked_through_again() -> None:
    assert fill_in("{twin} {{twin}}", {"twin": "{name}"}) == "{name} {twin}"


def test_a_letter_becomes_a_docx_of_one_language() -> None:
    body = "Друзья!\r\n\r\nПривет\nвам"
    draft = Draft("ru", "Обществу дружбы\nКёльн – Волгоград", "Волгоград", "38-я годовщина", body)

    paper = greeting_docx.write(draft, dt.date(2026, 11, 28))

    shown = Document(io.BytesIO(paper))
    assert [(p.style.name if p.style else "", p.text) for p in shown.paragraphs] == [
        ("Letter Sender", "Волгоград"),
        ("Letter Addressee", "Обществу дружбы\nКёльн – Волгоград"),
        ("Letter Date", "28 ноября 2026\u202fг."),
        ("Letter Subject", "38-я годовщина"),
        ("Normal", "Друзья!"),
        ("Normal", "Привет\nвам"),
    ]
    page = shown.sections[0]
    assert (round((page.page_width or 0) / 36_000), round((page.page_height or 0) / 36_000)) == (210, 297)
    assert (shown.core_properties.title, shown.core_properties.author) == ("38-я годовщина", "Волгоград")
    assert shown.core_properties.created == dt.datetime(2026, 11, 28, 12, tzinfo=dt.UTC)
    styles = zipfile.ZipFile(io.BytesIO(paper)).read("word/styles.xml").decode()
    assert '<w:lang w:val="ru-RU"' in styles


def test_what_was_pasted_from_another_program_is_kept_from_no_document() -> None:
    draft = Draft("de", "Rathaus\x0bKöln", "Verein\x07", "Gruß\ufffe", "Liebe\x0bFreunde\n\nBis bald")

    words = [p.text for p in Document(io.BytesIO(greeting_docx.write(draft, dt.date(2026, 11, 28)))).paragraphs]

    assert {"RathausKöln", "Verein", "Gruß", "LiebeFreunde", "Bis bald"} <= set(words)


def test_the_place_stands_before_the_day_as_its_language_wants() -> None:
    def dated(tag: str) -> str:
        paper = greeting_docx.write(Draft(tag, "To you", "We", "Years", "Hello"), dt.date(2026, 11, 28), "Köln")
        return next(p.text for p in Document(io.BytesIO(paper)).paragraphs if p.style and p.style.name == "Letter Date")

    assert (dated("de"), dated("fr")) == ("Köln, den 28. November 2026", "Köln, le 28 novembre 2026")
    assert (dated("fi"), dated("en")) == ("Köln 28. marraskuuta 2026", "Köln, 28 November 2026")
