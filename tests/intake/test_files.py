"""Files are taken for what they hold: pictures without the camera's notes, documents by marks, the rest refused."""

import io

import pytest
from PIL import Image

from tests.pictures import PDF, SECRETS, jpeg, packed, word
from tracker.errors import InvalidInput
from tracker.intake import files
from tracker.intake.files import safe_name, take

SPREADSHEET = "application/vnd.oasis.opendocument.spreadsheet"


def refusal(name: str, data: bytes) -> str:
    with pytest.raises(InvalidInput) as caught:
        take(name, data)
    return caught.value.problems[0].message()


def test_a_picture_loses_place_camera_and_serial_and_stands_upright() -> None:
    taken = take("Foto.JPG", jpeg(size=(60, 40), orientation=6))

    with Image.open(io.BytesIO(taken.data)) as picture:
        assert picture.size == (40, 60) == (taken.width, taken.height)
        assert dict(picture.getexif()) == {}
    assert not [secret for secret in SECRETS if secret in taken.data]
    assert (taken.name, taken.media_type) == ("Foto.JPG", "image/jpeg")


@pytest.mark.parametrize(
    ("name", "data", "media_type", "kept_as"),
    [
        ("brief.pdf", PDF, "application/pdf", "brief.pdf"),
        ("bild.jpg", PDF, "application/pdf", "bild.pdf"),
        ("a.docx", word(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "a.docx"),
        ("a.ods", packed({"mimetype": SPREADSHEET, "content.xml": "<a/>"}), SPREADSHEET, "a.ods"),
        ("Liste.csv", "Имя;Город\nАнна;Кёльн\n".encode(), "text/plain", "Liste.csv"),
    ],
)
def test_a_file_is_what_it_holds_whatever_it_is_called(name: str, data: bytes, media_type: str, kept_as: str) -> None:
    taken = take(name, data)

    assert (taken.media_type, taken.name, taken.data) == (media_type, kept_as, data)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("bild.png", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "of no kind"),
        ("seite.txt", b"Hello <script>alert(1)</script>", "of no kind"),
        ("tool.pdf", b"MZ\x90\x00\x03\x00\x00", "of no kind"),
        ("lauf.txt", b"#!/bin/sh\nrm -rf /\n", "of no kind"),
        ("alles.zip", packed({"a.txt": "a"}), "of no kind"),
        ("bombe.docx", packed({"[Content_Types].xml": "<T/>", "word/a.xml": b"0" * 30_000_000}), "unpacks to far more"),
        ("makro.docx", word('<Default ContentType="application/vnd.ms-office.vbaProject"/>'), "holds macros"),
        ("kaputt.docx", word()[:-30], "damaged"),
        ("kaputt.jpg", jpeg()[:300], "no picture that can be used"),
        ("IMG_1.HEIC", b"\x00\x00\x00\x18ftypheic" + b"\x00" * 40, "Most Compatible"),
        ("leer.pdf", b"", "is empty"),
    ],
)
def test_what_cannot_be_kept_safely_is_refused_with_its_reason(name: str, data: bytes, words: str) -> None:
    assert words in refusal(name, data)


def test_a_file_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST", 1_048_576)

    assert "larger than 1 MB" in refusal("a.pdf", PDF + b"0" * 1_048_576)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\Users\\anna\\Фото Кёльн.jpg", "Фото Кёльн.jpg"),
        ("../../etc/passwd", "passwd"),
        ("a\u202egpj.exe\x00.pdf", "a gpj.exe.pdf"),
        ("x" * 300 + ".pdf", "x" * 120 + ".pdf"),
        ("..", "file"),
    ],
)
def test_a_name_holds_no_folder_and_nothing_that_cannot_be_seen(given: str, kept: str) -> None:
    assert safe_name(given) == kept
