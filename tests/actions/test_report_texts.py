"""Texts and pictures of reports: kept against the version in hand, pictures without what the camera wrote."""

import io

import pytest
from PIL import Image
from sqlalchemy import select

from tests.reports import asked, frozen, small_year
from tracker.actions.report_texts import add_picture, remove_picture, revise_picture, save_text
from tracker.actions.reports import draft
from tracker.bootstrap import Tracker
from tracker.domain.access import Role
from tracker.domain.commands import Actor
from tracker.domain.report_places import Place
from tracker.domain.report_readers import SectionName
from tracker.errors import Conflict, InvalidInput
from tracker.store.report_texts import ImageRow, images, pictures

ME = Actor("user:1")
OF_MEMBERS = Place(period="2018", reader="members", section=SectionName.HIGHLIGHTS)


def jpeg(colour: str = "red", **more: object) -> bytes:
    made = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "SECRET CAMERA"
    exif.get_ifd(0x8825)[1] = "N"
    Image.new("RGB", (60, 40), colour).save(made, "JPEG", exif=exif, **more)
    return made.getvalue()


def test_a_text_is_kept_against_the_version_in_hand(tracker: Tracker) -> None:
    small_year(tracker)

    first = save_text(tracker.database, OF_MEMBERS, "de", "# Schön\x00 war es", 0, ME, tracker.clock())
    second = save_text(tracker.database, OF_MEMBERS, "de", "Es war *schön*.", first, ME, tracker.clock())

    with pytest.raises(Conflict):
        save_text(tracker.database, OF_MEMBERS, "de", "Ich zuerst", first, ME, tracker.clock())
    texts = draft(tracker.database, asked(tracker)).text_map()
    assert (first, second) == (1, 2)
    assert texts == {(SectionName.HIGHLIGHTS, "de"): "Es war *schön*."}


def test_nothing_written_where_nothing_stood_is_no_text(tracker: Tracker) -> None:
    small_year(tracker)

    nothing = save_text(tracker.database, OF_MEMBERS, "de", " \n", 0, ME, tracker.clock())
    first = save_text(tracker.database, OF_MEMBERS, "de", "Schön war es.", nothing, ME, tracker.clock())

    assert (nothing, first) == (0, 1)


def test_a_readers_own_text_stands_in_the_place_of_that_for_all(tracker: Tracker) -> None:
    small_year(tracker)
    for_all = Place(period="2018", section=SectionName.HIGHLIGHTS)
    save_text(tracker.database, for_all, "en", "For everybody", 0, ME, tracker.clock())
    save_text(tracker.database, OF_MEMBERS, "en", "For members", 0, ME, tracker.clock())

    said = {slug: draft(tracker.database, asked(tracker, slug)).texts[0].markdown for slug in ("members", "town")}

    assert said == {"members": "For members", "town": "For everybody"}


def test_who_may_not_see_the_whole_of_a_readers_report_gets_no_text_of_it(tracker: Tracker) -> None:
    small_year(tracker)
    place = Place(period="2018", reader="board")
    save_text(tracker.database, place, "en", "Not for all", 0, ME, tracker.clock())

    seen = {role: draft(tracker.database, asked(tracker, "board", role)).texts for role in Role}

    assert [role for role, texts in seen.items() if texts] == [Role.ADMINISTRATOR]


def test_a_picture_comes_in_without_what_the_camera_wrote(tracker: Tracker) -> None:
    small_year(tracker)

    add_picture(tracker.database, OF_MEMBERS, jpeg(), {"de": "Ein Chor"}, {}, " Anna \n", ME, tracker.clock())

    shown = draft(tracker.database, asked(tracker)).pictures[0]
    with tracker.database.reading() as session:
        data = images(session, [shown.sha256])[shown.sha256]
    assert b"SECRET" not in data
    assert not Image.open(io.BytesIO(data)).getexif()
    assert (shown.alt, shown.credit, shown.section) == ({"de": "Ein Chor"}, "Anna", "highlights")


@pytest.mark.parametrize(
    ("data", "field"),
    [(b"", "picture"), (b"GIF89a" + b"0" * 99, "picture"), (b"\xff\xd8\xff\xe0 no picture", "picture")],
)
def test_what_is_no_picture_is_refused(tracker: Tracker, data: bytes, field: str) -> None:
    small_year(tracker)

    with pytest.raises(InvalidInput) as refused:
        add_picture(tracker.database, OF_MEMBERS, data, {"de": "Ein Chor"}, {}, "", ME, tracker.clock())

    assert [problem.field for problem in refused.value.problems] == [field]


def test_a_picture_says_what_it_shows(tracker: Tracker) -> None:
    small_year(tracker)

    with pytest.raises(InvalidInput) as refused:
        add_picture(tracker.database, OF_MEMBERS, jpeg(), {"de": "  "}, {}, "", ME, tracker.clock())

    assert [problem.field for problem in refused.value.problems] == ["alt"]


def test_the_bytes_go_with_the_picture_unless_an_edition_shows_it(tracker: Tracker) -> None:
    small_year(tracker)
    gone = add_picture(tracker.database, OF_MEMBERS, jpeg("blue"), {"de": "Blau"}, {}, "", ME, tracker.clock())
    remove_picture(tracker.database, gone, ME, tracker.clock())
    kept = add_picture(tracker.database, OF_MEMBERS, jpeg("red"), {"de": "Rot"}, {}, "", ME, tracker.clock())
    revise_picture(tracker.database, kept, {"de": "Ganz rot"}, {}, "", 1, ME, tracker.clock())
    edition = frozen(tracker)
    remove_picture(tracker.database, kept, ME, tracker.clock())

    with tracker.database.reading() as session:
        assert pictures(session, "2018", "members", "") == []
        hashes = [picture.sha256 for picture in edition.to_frozen().pictures]
        assert set(images(session, hashes)) == set(hashes)
        assert session.scalars(select(ImageRow.sha256)).all() == hashes
    assert edition.to_frozen().pictures[0].alt == {"de": "Ganz rot"}
