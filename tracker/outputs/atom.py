"""A calendar's news as an Atom feed (RFC 4287), for feed readers and other pages.

The nine elements it has are written with the standard library; the same values give the same bytes.
"""

import datetime as dt
import re
import uuid
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tracker.domain.calendars import Entry

_NAMESPACE: Final = uuid.UUID("0f6b9c1e-7a34-5f0e-8d52-6f7e2c4b9a10")
"""Of the ids of items: an Atom id must be an address, and a uid of a calendar is none."""
# Everything that XML 1.0 cannot hold, not even as a reference.
_FORBIDDEN: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Item:
    """An entry as news; `when` in words, empty where its description tells it."""

    entry: Entry
    kind: str
    when: str


@dataclass(frozen=True)
class Feed:
    """What stands above the items. `links` are (relation, type, address)."""

    id: uuid.UUID
    title: str
    author: str
    language: str
    updated: dt.datetime
    links: tuple[tuple[str, str, str], ...]


def render_atom(feed: Feed, items: Iterable[Item]) -> bytes:
    root = ET.Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": feed.language})
    _put(root, "id", feed.id.urn)
    _put(root, "title", feed.title)
    _put(root, "updated", _moment(feed.updated))
    _put(ET.SubElement(root, "author"), "name", feed.author)
    for relation, type_, address in feed.links:
        ET.SubElement(root, "link", {"rel": relation, "type": type_, "href": address})
    for item in items:
        _put_item(root, item)
    rendered: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return rendered


def _put_item(root: ET.Element, item: Item) -> None:
    entry = item.entry
    element = ET.SubElement(root, "entry")
    _put(element, "id", uuid.uuid5(_NAMESPACE, entry.uid).urn)
    title = _put(element, "title", entry.summary)
    if entry.summary_language not in ("", entry.language):
        title.set("xml:lang", entry.summary_language)
    _put(element, "updated", _moment(entry.stamp))
    if entry.url:
        ET.SubElement(element, "link", {"rel": "alternate", "type": "text/html", "href": entry.url})
    ET.SubElement(element, "category", {"term": item.kind, "label": _clean(entry.categories[0])})
    _put(element, "content", "\n".join(filter(None, (item.when, entry.location, entry.description))))


def _put(parent: ET.Element, name: str, text: str) -> ET.Element:
    element = ET.SubElement(parent, name)
    element.text = _clean(text)
    return element


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("", text)


def _moment(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
