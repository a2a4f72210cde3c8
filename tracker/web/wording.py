"""The words pages use for stored values, and the icon of each kind: one table, so that a thing has one name everywhere.

Icons are names in `static/icons.svg`; colours and labels of kinds come from `domain.calendars`, which calendars share.
"""

from tracker.domain.calendars import KIND_STYLES
from tracker.domain.twin_wording import LEVELS
from tracker.i18n import N_, NP_

ICONS = {
    "exchange": "arrow-left-right",
    "aid_shipment": "truck",
    "festival": "music-note-beamed",
    "delegation": "people",
    "milestone": "flag",
    "occasion": "calendar-heart",
}

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
VISIBILITIES = {
    "public": N_("everybody"),
    "members": N_("members"),
    "staff": N_("staff only"),
    "confidential": N_("administrators only"),
}
ROLES = {
    "reader": N_("Reader: sees activities"),
    "editor": N_("Editor: logs and changes activities"),
    "administrator": N_("Administrator: everything, also accounts"),
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
FIELDS = {
    "kind": N_("Kind"),
    "subtype": N_("Sort"),
    "status": N_("Status"),
    "reason": N_("Reason"),
    "title": N_("Title"),
    "description": N_("Description"),
    "twins": N_("Twin cities"),
    "direction": N_("Who travels"),
    "start": N_("Start"),
    "end": N_("End"),
    "timezone": N_("Time zone"),
    "place": N_("Place"),
    "visibility": N_("Who may see it"),
    "leaders": N_("Led by"),
    "organisers": N_("Organisers"),
    "counts": N_("People"),
    "responsible": N_("Who answers for it"),
    "owner": N_("Whose activity it is"),
    "quantity_note": N_("Note on quantities"),
    "money": N_("Money"),
    "goods": N_("Goods"),
    "counts_for": N_("Counts for"),
    "sources": N_("Sources"),
    "note": N_("Note"),
    "details": N_("Details"),
    "external_id": N_("Number in the imported sheet"),
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
}
"""Whom staff count most often, with their plurals; any other word stays as it was typed."""

PURPOSES = {
    "donation": N_("donation"),
    "grant": N_("grant"),
    "own funds": N_("own funds"),
    "cost": N_("cost"),
    "prize": N_("prize"),
}
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

DELIVERIES = {
    "queued": N_("waiting"),
    "sending": N_("being sent"),
    "sent": N_("sent"),
    "failed": N_("given up"),
    "skipped": N_("not sent"),
}
OUTCOMES = {
    "begun": N_("begun, not finished"),
    "sent": N_("sent"),
    "passing": N_("did not work, will be tried again"),
    "permanent": N_("refused for good"),
}

REMINDERS = {
    "planned": N_("planned"),
    "claimed": N_("on its way"),
    "sent": N_("sent"),
    "skipped": N_("not sent"),
    "failed": N_("given up"),
}
CHANNELS = {"mail": N_("by mail"), "chat": N_("in a chat")}
MATTERS = {
    "occasion": N_("anniversary or day of remembrance"),
    "outlook": N_("outlook on the year"),
    "activity_start": N_("beginning of an activity"),
    "activity_end": N_("end of an activity"),
    "agreement_end": N_("end of an agreement"),
    "day": N_("fixed day of the year"),
    "silent_twin": N_("city without activities"),
    "stuck_shipment": N_("shipment that does not move on"),
    "unconfirmed": N_("past activity nobody has confirmed"),
}

WORDS: dict[str, dict[str, str]] = {
    "kind": {kind: style.label for kind, style in KIND_STYLES.items()},
    "status": STATUSES,
    "direction": DIRECTIONS,
    "visibility": VISIBILITIES,
    "role": ROLES,
    "side": SIDES,
    "bound": BOUNDS,
    "basis": BASES,
    "level": {level.value: name for level, name in LEVELS.items()},
    "way": WAYS,
    "stage": STAGES,
    "form": FORMS,
    "honour": HONOURS,
    "field": FIELDS,
    "purpose": PURPOSES,
    "subtype": SUBTYPES,
    "delivery": DELIVERIES,
    "outcome": OUTCOMES,
    "reminder": REMINDERS,
    "channel": CHANNELS,
    "matter": MATTERS,
}
