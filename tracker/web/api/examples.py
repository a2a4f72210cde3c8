"""Examples and headers for the description of the API: real records, so that a reader sees what belongs where."""

from typing import Any

from tracker.web.api.idempotency import HEADER

NEW_ACTIVITY: dict[str, Any] = {
    "kind": "delegation",
    "subtype": "official visit",
    "status": "held",
    "title": {"en": "Mayor Harry Stanley visits Stalingrad", "de": "Bürgermeister Harry Stanley besucht Stalingrad"},
    "twins": ["coventry"],
    "direction": "to_hub",
    "start": "1960-05",
    "place": "Stalingrad",
    "responsible": "anna@example.org",
    "leaders": [{"name": "Harry Stanley", "office": "Mayor of Coventry"}],
    "counts": [{"of": "travellers", "side": "twin", "value": 12, "bound": "exact", "basis": "actual"}],
    "money": [{"amount": "4516.00", "currency": "GBP", "role": "donation"}],
    "sources": [{"text": "Coventry Evening Telegraph, May 1960", "verified": False}],
}

NEW_EDITION: dict[str, Any] = {"reader": "members", "twin": None, "languages": ["de"]}

IDEMPOTENCY_KEY = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "A fresh UUID for each thing you send; the same one only to send the same thing again.",
    "schema": {"type": "string", "pattern": "^[!-~]+$", "minLength": 1, "maxLength": 200},
}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The ETag of the version you have read, or * for whatever stands there.",
    "schema": {"type": "string"},
    "example": '"3"',
}
IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag you have; 304 if it is still current.",
    "schema": {"type": "string"},
    "example": '"3"',
}
