"""The words pages use for stored values, and the icon of each kind: one table, so that a thing has one name everywhere.

Icons are names in `static/icons.svg`; those of kinds, their colours and labels come from `domain.calendars`, which
calendars and reports share.
"""

from tracker.domain import words
from tracker.domain.calendars import KIND_STYLES
from tracker.domain.counts_for import COUNTS_FOR
from tracker.domain.field_words import FIELDS
from tracker.domain.files import CONSENTS, LICENCES
from tracker.domain.honour_names import HONOUR_NAMES
from tracker.domain.partnership_map import LINKS
from tracker.domain.twin_wording import LEVELS
from tracker.i18n import N_

ICONS = {kind: style.icon for kind, style in KIND_STYLES.items()}

ROLES = {
    "reader": N_("Reader: sees activities"),
    "contributor": N_("Contributor: logs activities and changes those of their own"),
    "editor": N_("Editor: logs and changes activities"),
    "administrator": N_("Administrator: everything, also accounts"),
}
GIFT_WAYS = {"given": N_("we give it"), "received": N_("we receive it")}
TODO_TIMES = {"before": N_("before the journey"), "after": N_("after the journey")}
COLUMNS = {
    "date_start": N_("Date"),
    "date_end": N_("Until"),
    "time_start": N_("Time"),
    "kind": N_("Kind"),
    "subtype": N_("Sort"),
    "twin_slugs": N_("Twin cities"),
    "title": N_("Title"),
    "title_de": N_("Title in German"),
    "title_ru": N_("Title in Russian"),
    "direction": N_("Who travels"),
    "leader_in_office": N_("Led by"),
    "participants": N_("Participants, as a number"),
    "amount": N_("Amount"),
    "currency": N_("Currency"),
    "place": N_("Place"),
    "status": N_("Status"),
    "reason": N_("Reason"),
    "note": N_("Note"),
    "source_url": N_("Source"),
    "responsible": N_("Who answers for it"),
}
"""The columns of a pasted table, as people call them."""

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

CONSENTS_SHORT = {
    "unknown": N_("consent: not asked"),
    "not_needed": N_("consent: not needed"),
    "asked": N_("consent: asked"),
    "given": N_("consent: given"),
    "withdrawn": N_("consent: withdrawn"),
}

GIVEN = {
    "to_hub": N_("to Volgograd or its people"),
    "from_hub": N_("by Volgograd or its people"),
}

WORDS: dict[str, dict[str, str]] = {
    "kind": words.KINDS,
    "status": words.STATUSES,
    "direction": words.DIRECTIONS,
    "visibility": words.VISIBILITIES,
    "role": ROLES,
    "side": words.SIDES,
    "bound": words.BOUNDS,
    "basis": words.BASES,
    "level": {level.value: name for level, name in LEVELS.items()},
    "way": words.WAYS,
    "gift_way": GIFT_WAYS,
    "todo_time": TODO_TIMES,
    "stage": words.STAGES,
    "dated": words.DATED,
    "board_stage": {"none": N_("being prepared"), **words.STAGES},
    "form": words.FORMS,
    "vehicle": words.VEHICLES,
    "honour": words.HONOURS,
    "honour_name": HONOUR_NAMES,
    "field": FIELDS,
    "column": COLUMNS,
    "purpose": words.PURPOSES,
    "counted": words.LABELS,
    "subtype": words.SUBTYPES,
    "counts_for": COUNTS_FOR,
    "delivery": DELIVERIES,
    "outcome": OUTCOMES,
    "reminder": REMINDERS,
    "channel": CHANNELS,
    "matter": MATTERS,
    "link": {link.value: name for link, name in LINKS.items()},
    "given": GIVEN,
    "consent": {consent.value: word for consent, word in CONSENTS.items()},
    "consent_short": CONSENTS_SHORT,
    "licence": {**LICENCES, "other": N_("another one")},
}
