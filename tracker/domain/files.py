"""Files and photographs: what may be said of one, and who may see it as long as something is left unsaid (R12).

A file belongs to a subject (an activity, a twin, an honour) and is never seen by more people than that. It is for
everybody only where its licence is known and whoever is shown agrees or need not be asked; withdrawn consent hides it
from all. Pure.
"""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from enum import StrEnum

from tracker.domain.access import narrowest
from tracker.domain.activities import Visibility
from tracker.i18n import N_

PICTURES = ("image/jpeg", "image/png", "image/webp")
"""What is written anew on its way in, shown in place, and given a thumbnail."""

KEPT_IN_BIN = dt.timedelta(days=30)

SUBJECTS = ("activity", "twin", "honour")


class Consent(StrEnum):
    """What those who are shown, or are named, say to it."""

    UNKNOWN = "unknown"
    NOT_NEEDED = "not_needed"
    ASKED = "asked"
    GIVEN = "given"
    WITHDRAWN = "withdrawn"


CONSENTS = {
    Consent.UNKNOWN: N_("not asked yet"),
    Consent.NOT_NEEDED: N_("not needed: nobody can be recognised"),
    Consent.ASKED: N_("asked, no answer yet"),
    Consent.GIVEN: N_("given by everybody who is shown"),
    Consent.WITHDRAWN: N_("withdrawn"),
}

LICENCES = {
    "own": N_("our own, free for our purposes"),
    "permission": N_("used with the photographer’s permission"),
    "cc0": N_("CC0, public domain"),
    "cc-by-4.0": "CC BY 4.0",
    "cc-by-sa-4.0": "CC BY-SA 4.0",
}
"""The usual ones; any other stands as it was typed."""


class Thumbnail(StrEnum):
    """How far the small picture is; NONE: a document has none."""

    NONE = "none"
    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"


@dataclasses.dataclass(frozen=True)
class Said:
    """What staff say of a file. `shown_people` is personal: it stands in the row alone, not in the log."""

    caption: Mapping[str, str] = dataclasses.field(default_factory=dict)
    credit: str = ""
    licence: str = ""
    consent: Consent = Consent.UNKNOWN
    shown_people: str = ""
    delete_on: dt.date | None = None
    visibility: Visibility = Visibility.MEMBERS


def publishable(consent: Consent, licence: str) -> bool:
    """Whether it may be shown to everybody at all."""
    return bool(licence) and consent in (Consent.GIVEN, Consent.NOT_NEEDED)


def seen_by(said: Visibility, of_subject: Visibility, consent: Consent, licence: str) -> Visibility | None:
    """The widest circle that may see a file; None where nobody may."""
    if consent is Consent.WITHDRAWN:
        return None
    least = Visibility.PUBLIC if publishable(consent, licence) else Visibility.MEMBERS
    return narrowest((said, of_subject, least))


def wording(caption: Mapping[str, str], name: str, language: str) -> str:
    """What a file is called in a language: its caption, else the name it came with."""
    return caption.get(language) or caption.get("en") or next(iter(caption.values()), name)
