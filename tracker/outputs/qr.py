"""An address as a QR code, drawn as SVG within the page: no picture to load, sharp at any size."""

import io
from html import escape

import segno


def svg(text: str, label: str) -> str:
    """The code of `text`; `label` says to those who cannot see it what it is. Black on white in dark pages too: many
    telephones cannot read the reverse."""
    drawn = segno.make(text, error="m", micro=False).svg_inline(
        scale=1, omitsize=True, dark="#000", light="#fff", svgclass="qr", lineclass=None
    )
    return drawn.replace("<svg ", f'<svg role="img" aria-label="{escape(label)}" ', 1)


def drawn(text: str) -> bytes:
    """The code as an SVG file of its own, for a document."""
    return _written(text, "svg")


def pictured(text: str) -> bytes:
    """The code as a PNG, for documents that take no SVG."""
    return _written(text, "png")


def _written(text: str, kind: str) -> bytes:
    into = io.BytesIO()
    segno.make(text, error="m", micro=False).save(into, kind=kind, scale=8, dark="#000", light="#fff")
    return into.getvalue()
