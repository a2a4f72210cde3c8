"""The land of the world as an SVG that pages draw upon: shores only, no borders (R14).

Its shape comes from `tracker/data/land.txt`, its place on the sheet from `domain.world`, as that of every city.
"""

from functools import cache
from pathlib import Path

from tracker.domain import world

_SHORES = Path(__file__).parent.parent / "data" / "land.txt"


@cache
def land() -> bytes:
    """An SVG whose symbol `land` is drawn by `<use>`, in the page's own colour; made once in a process."""
    path = "".join(world.outline(ring) for ring in _SHORES.read_text(encoding="ascii").splitlines())
    return f'<svg xmlns="http://www.w3.org/2000/svg"><path id="land" d="{path}"/></svg>\n'.encode()
