"""Zip files that hold no moment: the same parts give the same bytes, whenever they are written.

Office documents are zip files, and the libraries that write them stamp every part with the clock.
"""

import io
import shutil
import zipfile
from pathlib import Path
from typing import IO, Any, Final

_MOMENT: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest a zip file can say."""


class StillZip(zipfile.ZipFile):
    """A zip file for writing whose parts all bear the same moment and no rights of this machine."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6)

    def writestr(self, zinfo_or_arcname: str | zipfile.ZipInfo, data: Any, *_: Any, **__: Any) -> None:
        name = zinfo_or_arcname if isinstance(zinfo_or_arcname, str) else zinfo_or_arcname.filename
        super().writestr(_part(name), data)

    def write(self, filename: Any, arcname: Any = None, *_: Any, **__: Any) -> None:
        """Copied through in pieces: a sheet of 100,000 rows never lies in memory as a whole."""
        with Path(filename).open("rb") as source, self.open(_part(str(arcname or filename)), "w") as target:
            shutil.copyfileobj(source, target)


def stilled(packed: bytes) -> bytes:
    """The same parts in the same order, without the moment at which each was written."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as before, StillZip(written) as after:
        for part in before.infolist():
            after.writestr(part.filename, before.read(part))
    return written.getvalue()


def _part(name: str) -> zipfile.ZipInfo:
    part = zipfile.ZipInfo(name, _MOMENT)
    part.compress_type = zipfile.ZIP_DEFLATED
    part.create_system = 3  # else it would tell which system wrote it
    return part
