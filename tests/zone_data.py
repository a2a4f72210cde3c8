"""Two sets of zone data: the one that is locked, and one in which Volgograd has gone over to the clock of Samara."""

import functools
import shutil
import sys
import zoneinfo
from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path
from zoneinfo import ZoneInfo

NEW = "2099a"
"""The release that the other set goes by."""


class ZoneData:
    """Puts one of the sets to use, in this process alone, as a new process finds it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        place = folder / "Europe" / "Volgograd"
        place.parent.mkdir(parents=True)
        with as_file(files("tzdata").joinpath("zoneinfo", "Europe", "Samara")) as samara:
            shutil.copy(samara, place)

    def new(self) -> None:
        self._use(self.folder)

    def locked(self) -> None:
        self._use()

    @staticmethod
    def _use(*folders: Path) -> None:
        zoneinfo.reset_tzpath(to=[str(folder) for folder in folders])
        ZoneInfo.clear_cache()
        for name, module in list(sys.modules.items()):
            if name.partition(".")[0] == "tracker":
                for value in vars(module).values():
                    if isinstance(value, functools._lru_cache_wrapper):
                        value.cache_clear()


def zone_data(folder: Path) -> Iterator[ZoneData]:
    """For a fixture: the locked data is in use before and after."""
    data = ZoneData(folder)
    yield data
    data.locked()
