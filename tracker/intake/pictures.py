"""Pictures that people add: looked at by what they hold, never by their name, and written anew.

Only the picture itself comes in: not where and when it was taken, not by which camera, no thumbnail of what was cut
off. The same file always gives the same bytes.
"""

import hashlib
import io
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

from tracker.errors import InvalidInput
from tracker.i18n import N_

LARGEST = 9_000_000
"""Bytes; a request may be a little larger."""
_MOST_PIXELS = 50_000_000
_SMALLEST, _LONGEST_SIDE = 16, 2_400
"""Pixels. A page of A4 is 2,400 wide at 290 to the inch."""
_WRITTEN: dict[str, dict[str, Any]] = {
    "PNG": {"optimize": True},
    "JPEG": {"quality": 88, "optimize": True},
    "WEBP": {"quality": 88, "method": 4},
}
_SEE_THROUGH = ("RGBA", "LA", "PA")

_NOT_ONE = N_("This is no picture that can be used. Choose a PNG or a JPEG.")
_TOO_LARGE = N_("The picture is larger than {most} MB. Make it smaller first.")
_TOO_MANY = N_("The picture has more than {most} million pixels. Make it smaller first.")
_TOO_SMALL = N_("The picture is smaller than {least} by {least} pixels.")


@dataclass(frozen=True)
class Picture:
    data: bytes
    media_type: str
    width: int
    height: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def read_picture(data: bytes) -> Picture:
    """The picture in a file, upright and of a size that can be printed. Raises `InvalidInput`."""
    if len(data) > LARGEST:
        raise InvalidInput.one("picture", "", _TOO_LARGE, most=LARGEST // 1_000_000)
    return rewritten(data, _LONGEST_SIDE, ("PNG", "JPEG"))


def rewritten(data: bytes, longest_side: int, formats: Sequence[str]) -> Picture:
    """A picture of one of these formats written anew, no side longer than that. Raises `InvalidInput`."""
    try:
        with warnings.catch_warnings():
            # Pillow warns of very large pictures when it opens one; we look at the size by ourselves.
            warnings.simplefilter("ignore")
            return _read(data, longest_side, formats)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as fault:
        raise InvalidInput.one("picture", "", _NOT_ONE) from fault


def thumbnail(data: bytes, longest_side: int) -> bytes:
    """A small WebP of a picture that was written here. Raises `InvalidInput` where it cannot be read again."""
    try:
        with Image.open(io.BytesIO(data), formats=tuple(_WRITTEN)) as opened:
            opened.draft("RGB", (2 * longest_side, 2 * longest_side))  # a JPEG need not be unpacked in full
            small = opened.convert("RGBA" if opened.mode in _SEE_THROUGH else "RGB")
        small.thumbnail((longest_side, longest_side))
        written = io.BytesIO()
        small.save(written, "WEBP", quality=80, method=4)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as fault:
        raise InvalidInput.one("picture", "", _NOT_ONE) from fault
    return written.getvalue()


def _read(data: bytes, longest_side: int, formats: Sequence[str]) -> Picture:
    with Image.open(io.BytesIO(data), formats=tuple(formats)) as opened:
        width, height = opened.size
        if width * height > _MOST_PIXELS:
            raise InvalidInput.one("picture", "", _TOO_MANY, most=_MOST_PIXELS // 1_000_000)
        if min(width, height) < _SMALLEST:
            raise InvalidInput.one("picture", "", _TOO_SMALL, least=_SMALLEST)
        # What cameras write as two pictures in one file is a JPEG whose first picture counts.
        kind = "JPEG" if opened.format == "MPO" else str(opened.format)
        upright = ImageOps.exif_transpose(opened)
        has_alpha = kind != "JPEG" and (upright.mode in _SEE_THROUGH or "transparency" in upright.info)
        plain = upright.convert("RGBA" if has_alpha else "RGB")
    plain.thumbnail((longest_side, longest_side))
    # A bare copy of the pixels: what else came with the file stays behind with it.
    bare = Image.frombytes(plain.mode, plain.size, plain.tobytes())
    written = io.BytesIO()
    bare.save(written, kind, **_WRITTEN[kind])
    return Picture(written.getvalue(), f"image/{kind.lower()}", *bare.size)
