"""The words for stored values that pages and reports share: one table, so that a thing has one name everywhere.

Keys are what is stored; a word that somebody typed and no table holds stays as it was typed. Pure.
"""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from babel.numbers import format_decimal

from tracker.domain.activities import Bound
from tracker.domain.calendars import KIND_STYLES
from tracker.domain.twins import HUB
from tracker.i18n import DEFAULT_LANGUAGE, N_, NP_, gettext, known_language, ngettext

LOCALES = {"en": "en_GB", "de": "de_DE", "ru": "ru_RU"}
"""How numbers are written; English the British way, as dates are."""

KINDS = {kind: style.label for kind, style in KIND_STYLES.items()}
STATUSES = {
    "planned": N_("planned"),
    "confirmed": N_("confirmed"),
    "held": N_("held"),
    "cancelled": N_("cancelled"),
    "postponed": N_("postponed"),
}
DIRECTIONS = {
    "to_hub": N_("to Volgograd"),
    "from_hub": N_("from Volgograd"),
    "mutual": N_("both ways"),
    "elsewhere": N_("to a third place or online"),
    "none": N_("nobody travels"),
}
SIDES = {
    "hub": N_("Volgograd’s side"),
    "twin": N_("the twin’s side"),
    "both": N_("both sides"),
    "other": N_("others"),
}
BOUNDS = {"exact": N_("exactly"), "about": N_("about"), "more_than": N_("more than")}
BASES = {
    "planned": N_("planned number"),
    "wanted": N_("wanted to come"),
    "registered": N_("registered"),
    "actual": N_("came"),
}
DATED = {
    text: text
    for text in (
        N_("agreement signed"),
        N_("agreement signed in Cleveland"),
        N_("approval date in the Chinese register"),
        N_("approved by Hiroshima City Council"),
        N_("approved by the council"),
        N_("became twins"),
        N_("cooperation agreement signed"),
        N_("first contact"),
        N_("friendship agreement signed"),
        N_("friendship bond declared"),
        N_("friendship charter signed"),
        N_("friendship pact signed in Ortona"),
        N_("friendship protocol signed in Dijon"),
        N_("partnership agreed"),
        N_("partnership contract signed"),
        N_("signed"),
        N_("sister city agreement signed"),
        N_("start of relations"),
        N_("twinning agreement signed"),
        N_("twinning relations established"),
        N_("year counted by Volgograd"),
    )
}
"""What happened on a date of a partnership, as the registry says it; whatever else people wrote stands as it is."""
VISIBILITIES = {
    "public": N_("everybody"),
    "members": N_("members"),
    "staff": N_("staff only"),
    "confidential": N_("administrators only"),
}
WAYS = {"outward": N_("outward journey"), "return": N_("return journey")}
STAGES = {
    "collected": N_("collected"),
    "packed": N_("packed"),
    "dispatched": N_("dispatched"),
    "customs": N_("at customs"),
    "arrived": N_("arrived"),
    "distributed": N_("distributed"),
    "receipt_confirmed": N_("receipt confirmed"),
}
FORMS = {
    "shipment": N_("a single shipment"),
    "programme": N_("a running programme"),
    "collection": N_("a collection"),
}
HONOURS = {
    "street": N_("Street"),
    "square": N_("Square"),
    "park": N_("Park"),
    "tree": N_("Tree"),
    "monument": N_("Monument"),
    "bell": N_("Bell"),
    "bridge": N_("Bridge"),
    "tablecloth": N_("Tablecloth"),
    "gift": N_("Gift"),
    "school": N_("School"),
    "plaque": N_("Plaque"),
    "building": N_("Building"),
    "award": N_("Award"),
    "honorary citizenship": N_("Honorary citizenship"),
    "asteroid": N_("Asteroid"),
    "star": N_("Star"),
    "tram": N_("Tram"),
    "observance": N_("Day of remembrance"),
    "toponym count": N_("Places of that name"),
}

COUNTED = {
    "participants": NP_("{number} participant", "{number} participants"),
    "travellers": NP_("{number} traveller", "{number} travellers"),
    "guests": NP_("{number} guest", "{number} guests"),
    "audience": NP_("audience of {number}", "audience of {number}"),
    "pupils": NP_("{number} pupil", "{number} pupils"),
    "students": NP_("{number} student", "{number} students"),
    "visitors": NP_("{number} visitor", "{number} visitors"),
    "volunteers": NP_("{number} volunteer", "{number} volunteers"),
    "beneficiaries": NP_("{number} beneficiary", "{number} beneficiaries"),
    "artists": NP_("{number} artist", "{number} artists"),
    "people concerned": NP_("{number} person concerned", "{number} people concerned"),
}
"""Whom staff count most often, with their plurals; any other word stays as it was typed."""

COUNTED_BOUNDED = {
    "participants": NP_("{bound} {number} participant", "{bound} {number} participants"),
    "travellers": NP_("{bound} {number} traveller", "{bound} {number} travellers"),
    "guests": NP_("{bound} {number} guest", "{bound} {number} guests"),
    "audience": NP_("audience of {bound} {number}", "audience of {bound} {number}"),
    "pupils": NP_("{bound} {number} pupil", "{bound} {number} pupils"),
    "students": NP_("{bound} {number} student", "{bound} {number} students"),
    "visitors": NP_("{bound} {number} visitor", "{bound} {number} visitors"),
    "volunteers": NP_("{bound} {number} volunteer", "{bound} {number} volunteers"),
    "beneficiaries": NP_("{bound} {number} beneficiary", "{bound} {number} beneficiaries"),
    "artists": NP_("{bound} {number} artist", "{bound} {number} artists"),
    "people concerned": NP_("{bound} {number} person concerned", "{bound} {number} people concerned"),
}
"""The same behind "about" or "more than", because Russian puts them into another case then."""

VEHICLES = {"truck": N_("truck")}
"""What a vehicle is called that nobody named; all others are what people typed."""

LABELS = {
    "participants": N_("participants"),
    "travellers": N_("travellers"),
    "guests": N_("guests"),
    "audience": N_("audience"),
    "pupils": N_("pupils"),
    "students": N_("students"),
    "visitors": N_("visitors"),
    "volunteers": N_("volunteers"),
    "beneficiaries": N_("beneficiaries"),
    "artists": N_("artists"),
    "people concerned": N_("people concerned"),
}
"""The same as headings, without a number."""
PURPOSES = {
    "donation": N_("donation"),
    "grant": N_("grant"),
    "own funds": N_("own funds"),
    "cost": N_("cost"),
    "prize": N_("prize"),
}
PURPOSES_OF_SUMS = {
    "donation": N_("donations"),
    "grant": N_("grants"),
    "own funds": N_("own funds"),
    "cost": N_("costs"),
    "prize": N_("prize money"),
}
"""The same of several sums together."""
SUBTYPES = {
    "agreement signing": N_("agreement signing"),
    "official visit": N_("official visit"),
    "twinning": N_("twinning"),
    "anniversary": N_("anniversary"),
    "exhibition": N_("exhibition"),
    "school exchange": N_("school exchange"),
    "citizens' trip": N_("citizens' trip"),
    "message": N_("message"),
    "commemoration": N_("commemoration"),
    "twin city day": N_("twin city day"),
    "suspension": N_("suspension"),
    "organisation founded": N_("organisation founded"),
    "joint appeal": N_("joint appeal"),
    "gift": N_("gift"),
    "first contact": N_("first contact"),
    "award": N_("award"),
    "concert": N_("concert"),
    "youth camp": N_("youth camp"),
    "university exchange": N_("university exchange"),
    "sport": N_("sport"),
    "forum": N_("forum"),
    "fundraising": N_("fundraising"),
    "street naming": N_("street naming"),
    "school partnership": N_("school partnership"),
    "online meeting": N_("online meeting"),
    "council decision": N_("council decision"),
    "council debate": N_("council debate"),
    "online festival": N_("online festival"),
    "fundraising stall": N_("fundraising stall"),
    "dance festival": N_("dance festival"),
    "circus": N_("circus"),
    "carnival": N_("carnival"),
    "youth visit": N_("youth visit"),
    "youth programme": N_("youth programme"),
    "youth conference": N_("youth conference"),
    "talk": N_("talk"),
    "public forum": N_("public forum"),
    "panel discussion": N_("panel discussion"),
    "medical training": N_("medical training"),
    "lecture": N_("lecture"),
    "friendship train": N_("friendship train"),
    "art project": N_("art project"),
    "tree planting": N_("tree planting"),
    "project visit": N_("project visit"),
    "lectures": N_("lectures"),
    "conference": N_("conference"),
    "business visit": N_("business visit"),
    "board visit": N_("board visit"),
    "truck convoy": N_("truck convoy"),
    "donation": N_("donation"),
    "care service": N_("care service"),
}
"""The sorts of activity in the records that ship; any other stays as staff typed it."""

_TO_HUB = {"Volgograd": N_("to Volgograd"), "Stalingrad": N_("to Stalingrad"), "Tsaritsyn": N_("to Tsaritsyn")}
_FROM_HUB = {"Volgograd": N_("from Volgograd"), "Stalingrad": N_("from Stalingrad"), "Tsaritsyn": N_("from Tsaritsyn")}
_SIDE_OF_HUB = {
    "Volgograd": N_("Volgograd’s side"),
    "Stalingrad": N_("Stalingrad’s side"),
    "Tsaritsyn": N_("Tsaritsyn’s side"),
}


def word(table: Mapping[str, str], value: str, language: str) -> str:
    """The word of a table for a stored value; the value itself where it has none."""
    message = table.get(value)
    return gettext(language, message) if message else value


def direction(value: str, day: dt.date | None, language: str) -> str:
    """Who travels, with the name the hub bore on that day (R4)."""
    return _of_hub({"to_hub": _TO_HUB, "from_hub": _FROM_HUB}.get(value), DIRECTIONS, value, day, language)


def side(value: str, day: dt.date | None, language: str) -> str:
    """Whose people, likewise."""
    return _of_hub(_SIDE_OF_HUB if value == "hub" else None, SIDES, value, day, language)


@lru_cache(maxsize=4096, typed=True)
def number(value: Decimal | float, language: str) -> str:
    """Kept, as CLDR's patterns are slow and a page of figures says the same small numbers again and again."""
    return str(format_decimal(value, locale=LOCALES[known_language(language)]))


def bounded(value: int, bound: Bound, language: str, *, roughly: bool = False) -> str:
    """A number alone with its bound: "about 120"; `roughly`: some of it is "about" and some "more than"."""
    plain = number(value, language)
    return plain if bound is Bound.EXACT else f"{_bound(bound, language, roughly)} {plain}"


def counted(of: str, value: int, bound: Bound, language: str, *, roughly: bool = False) -> str:
    """A counted number with its word: "about 22 pupils"."""
    if of not in COUNTED:
        return f"{bounded(value, bound, language, roughly=roughly)} {of}"
    plain = number(value, language)
    if bound is Bound.EXACT:
        return ngettext(language, *COUNTED[of], value, number=plain)
    return ngettext(language, *COUNTED_BOUNDED[of], value, number=plain, bound=_bound(bound, language, roughly))


def _bound(bound: Bound, language: str, roughly: bool) -> str:
    return gettext(language, N_("at least about") if roughly else BOUNDS[bound])


def _of_hub(
    named: Mapping[str, str] | None, table: Mapping[str, str], value: str, day: dt.date | None, language: str
) -> str:
    message = (named or {}).get(HUB.name_at(day, DEFAULT_LANGUAGE))
    return gettext(language, message) if message else word(table, value, language)
