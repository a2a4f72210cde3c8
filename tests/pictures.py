"""Pictures and files for tests, made on the spot: with everything a camera writes, which must not come through."""

import io
import zipfile

from PIL import Image

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
SECRETS = (b"SECRET CAMERA", b"SERIAL-4711")


def jpeg(colour: str = "red", size: tuple[int, int] = (60, 40), orientation: int = 1) -> bytes:
    """A JPEG whose EXIF tells the camera, its serial number, the place, and how it was held."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "SECRET CAMERA", orientation
    exif.get_ifd(0x8769)[0xA431] = "SERIAL-4711"
    exif.get_ifd(0x8825)[1] = "N"
    made = io.BytesIO()
    Image.new("RGB", size, colour).save(made, "JPEG", exif=exif)
    return made.getvalue()


def packed(parts: dict[str, str | bytes]) -> bytes:
    """A packed file such as office documents are."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def word(more: str = "") -> bytes:
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return packed(
        {"[Content_Types].xml": f'<Types><Override ContentType="{main}"/>{more}</Types>', "word/document.xml": "<w/>"}
    )
