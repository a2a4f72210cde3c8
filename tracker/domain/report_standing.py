"""How a partnership stands, as a report says it: no city is told of without saying that its contacts rest (R1)."""

import datetime as dt

from tracker.domain.reminders import contacts_go_on, note_on
from tracker.domain.report_document import Said
from tracker.domain.report_telling import Telling
from tracker.domain.twin_wording import standing
from tracker.domain.twins import Level
from tracker.i18n import N_, gettext

_CITIZENS_GO_ON = N_("citizens’ contacts going on")


def standing_of(told: Telling, slug: str, on: dt.date | None = None) -> Said:
    """What must be said on that day, else at the end of the period; empty where everything is as usual."""
    twin, day = told.cities.get(slug), on or told.period.last

    def said(tag: str) -> str:
        note = note_on(twin, day, tag) if twin else ""
        return f"{note}, {gettext(tag, _CITIZENS_GO_ON)}" if note and twin and contacts_go_on(twin, day) else note

    return told.speech.each(said)


def level_of(told: Telling, slug: str, level: Level) -> Said:
    """One level's state at the end of the period, in a word or two."""
    twin = told.cities.get(slug)
    return told.speech.each(lambda tag: standing(tag, twin.state(level, told.period.last)) if twin else "")
