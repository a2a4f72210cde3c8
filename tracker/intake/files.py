"""Files that people add: taken for what they hold, never for what they are called; pictures are written anew.

Accepted are pictures (JPEG, PNG, WebP), PDF, Word, Excel, PowerPoint without macros, OpenDocument, and plain text. What
a browser would run (HTML, SVG) is refused whatever it is called, and so is a packed file that grows beyond measure.
"""

import hashlib
import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass

from tracker.domain.files import PICTURES, Thumbnail
from tracker.errors import InvalidInput
from tracker.i18n import N_
from tracker.intake.pictures import rewritten

LARGEST = 20 * 1024 * 1024
"""Bytes of one file."""
LARGEST_REQUEST = 110 * 1024 * 1024
"""Bytes of all files that are sent together."""

_LONGEST_SIDE = 6_000
_LONGEST_NAME = 120
_MOST_UNPACKED, _MOST_PARTS, _MOST_GROWTH = 200_000_000, 5_000, 200

_OFFICE = {
    "wordprocessingml.document.main+xml": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx",
    ),
    "spreadsheetml.sheet.main+xml": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    "presentationml.presentation.main+xml": (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx",
    ),
}  # fmt: skip
_OPEN_DOCUMENT = {
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.presentation": "odp",
}
_ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "application/pdf": "pdf",
    "text/plain": "txt",
}
_ALSO_TEXT = ("txt", "csv", "md", "log")
_PACKED = (b"PK\x03\x04", b"PK\x05\x06")

_EMPTY = N_("“{value}” is empty.")
_TOO_LARGE = N_("“{value}” is larger than {most} MB. Make it smaller first.")
_NOT_ONE = N_("“{value}” is of no kind that is kept here. Choose a picture, a PDF, an office document or plain text.")
_HEIC = N_(
    "“{value}” is a HEIC picture, which most browsers cannot show. Save it as JPEG first; on an iPhone choose"
    " Settings, Camera, Formats, “Most Compatible”."
)
_BOMB = N_("“{value}” unpacks to far more than it is. It is not taken in.")
_BROKEN = N_("“{value}” is damaged and cannot be opened. Please send it once more.")
_MACROS = N_("“{value}” holds macros. Save it without them first.")


@dataclass(frozen=True)
class Taken:
    """A file as it is kept: its bytes, what it is, and a name that is safe to hand out."""

    name: str
    data: bytes
    media_type: str
    width: int | None = None
    height: int | None = None

    @property
    def sha256(self) -> str:
        return digest(self.data)

    @property
    def thumbnail(self) -> Thumbnail:
        return Thumbnail.WAITING if self.media_type in PICTURES else Thumbnail.NONE


def digest(data: bytes) -> str:
    """What bytes are kept under."""
    return hashlib.sha256(data).hexdigest()


def take(name: str, data: bytes) -> Taken:
    """Read a file. Raises `InvalidInput` that names it and says what would be right."""
    shown = safe_name(name)
    if not data:
        raise _refused(shown, _EMPTY)
    if len(data) > LARGEST:
        raise _refused(shown, _TOO_LARGE, most=LARGEST // 1_048_576)
    if data[4:8] == b"ftyp" and data[8:12] in (b"heic", b"heix", b"mif1", b"msf1", b"hevc"):
        raise _refused(shown, _HEIC)
    if data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
        return _picture(shown, data)
    media_type, ending = _document(shown, data)
    return Taken(_named(shown, ending), data, media_type)


def safe_name(name: str) -> str:
    """The name without folders, control and direction marks, and not too long; its ending stays."""
    plain = unicodedata.normalize("NFC", re.split(r"[\\/]", name)[-1])
    kept = "".join(" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in plain)
    kept = re.sub(r'[<>:"|?*]+', "_", " ".join(kept.split())).strip(". ")
    stem, dot, ending = kept.rpartition(".")
    if not dot or len(ending) > 8:
        stem, dot, ending = kept, "", ""
    return f"{stem[:_LONGEST_NAME].rstrip()}{dot}{ending}" or "file"


def _picture(name: str, data: bytes) -> Taken:
    try:
        picture = rewritten(data, _LONGEST_SIDE, ("JPEG", "PNG", "WEBP"))
    except InvalidInput as fault:
        told = fault.problems[0]
        raise InvalidInput.one("files", name, told.reason, **told.values) from fault
    ending = _ENDINGS[picture.media_type]
    return Taken(_named(name, ending), picture.data, picture.media_type, picture.width, picture.height)


def _document(name: str, data: bytes) -> tuple[str, str]:
    if data.startswith(b"%PDF-"):
        return "application/pdf", "pdf"
    if data.startswith(_PACKED):
        return _packed(name, data)
    if _is_text(data):
        ending = name.rpartition(".")[2].lower()
        return "text/plain", ending if ending in _ALSO_TEXT else "txt"
    raise _refused(name, _NOT_ONE)


def _packed(name: str, data: bytes) -> tuple[str, str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
            whole = sum(part.file_size for part in parts)
            if len(parts) > _MOST_PARTS or whole > _MOST_UNPACKED or whole > _MOST_GROWTH * len(data):
                raise _refused(name, _BOMB)
            names = {part.filename for part in parts}
            if "mimetype" in names:
                told = _start_of(packed, "mimetype").decode("ascii", "replace").strip()
                if told in _OPEN_DOCUMENT:
                    return told, _OPEN_DOCUMENT[told]
            if "[Content_Types].xml" in names:
                return _office(name, _start_of(packed, "[Content_Types].xml").decode("utf-8", "replace"))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as fault:
        raise _refused(name, _BROKEN) from fault
    raise _refused(name, _NOT_ONE)


def _office(name: str, types: str) -> tuple[str, str]:
    if "macroEnabled" in types or "vbaProject" in types:
        raise _refused(name, _MACROS)
    found = next((known for mark, known in _OFFICE.items() if mark in types), None)
    if found is None:
        raise _refused(name, _NOT_ONE)
    return found


def _start_of(packed: zipfile.ZipFile, part: str) -> bytes:
    with packed.open(part) as opened:
        return opened.read(500_000)


def _is_text(data: bytes) -> bool:
    """Whether it is text that no program takes for more: no marks of HTML, SVG or XML, nothing that starts a script."""
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        return False
    if any(ord(letter) < 32 and letter not in "\t\n\r\f" for letter in text):
        return False
    return not (
        text.startswith("#!") or re.search(r"<\s*(!doctype|html|svg|script|\?xml|body|iframe)", text, re.IGNORECASE)
    )


def _named(name: str, ending: str) -> str:
    """The name with the ending that is true: what is called .jpg and is a PDF is called so no longer."""
    alike = {"jpeg": "jpg"}
    stem, dot, own = name.rpartition(".")
    if dot and alike.get(own.lower(), own.lower()) == ending:
        return name
    return f"{stem if dot and len(own) <= 5 and stem else name}.{ending}"


def _refused(name: str, reason: str, **values: object) -> InvalidInput:
    return InvalidInput.one("files", name, reason, **values)
