"""Closing a year: what is looked through before an edition is frozen, step by step. Pure.

How far somebody has come is nowhere kept: a step is done when nothing is left of what it looks for.
"""

from enum import StrEnum

from tracker.domain.activities import Activity, Kind
from tracker.domain.details import AidShipment, Stage
from tracker.i18n import N_


class Step(StrEnum):
    UNCONFIRMED = "unconfirmed"
    NUMBERS = "numbers"
    SOURCES = "sources"
    TITLES = "titles"
    SHIPMENTS = "shipments"
    AGREEMENTS = "agreements"
    TEXTS = "texts"
    EDITION = "edition"


OF_ACTIVITIES = (Step.UNCONFIRMED, Step.NUMBERS, Step.SOURCES, Step.TITLES, Step.SHIPMENTS, Step.AGREEMENTS)
"""The steps that list activities."""
ONLY_TOLD = frozenset({Step.AGREEMENTS, Step.TEXTS})
"""What is there to be known: nothing need be done before one goes on."""

HEADINGS = {
    Step.UNCONFIRMED: N_("Did it take place?"),
    Step.NUMBERS: N_("How many came?"),
    Step.SOURCES: N_("How do we know?"),
    Step.TITLES: N_("Titles in all languages"),
    Step.SHIPMENTS: N_("Did the aid arrive?"),
    Step.AGREEMENTS: N_("Agreements that end"),
    Step.TEXTS: N_("Your words"),
    Step.EDITION: N_("Freeze the edition"),
}
SAYS = {
    Step.UNCONFIRMED: N_("These are past and still planned or confirmed. They count in no figure until you say more."),
    Step.NUMBERS: N_("These took place, and nobody is counted. Write down who travelled or came, where that is known."),
    Step.SOURCES: N_("These took place, and nothing says how we know: a newspaper, a page, a protocol."),
    Step.TITLES: N_("These have no title in one of the languages, and would stand in the report in another."),
    Step.SHIPMENTS: N_("Of these shipments nobody has confirmed the receipt."),
    Step.AGREEMENTS: N_("These end in this span of time or in the twelve months after it."),
    Step.TEXTS: N_("What figures cannot say: a foreword, what was best, what comes next."),
    Step.EDITION: N_("Everything has been looked through. Freeze the edition, and make the documents from it."),
}


def lacks_receipt(activity: Activity) -> bool:
    """Whether it is a shipment that is under way or has arrived, and whose receipt nobody has confirmed."""
    if activity.kind is not Kind.AID_SHIPMENT or not isinstance(activity.details, AidShipment):
        return False
    reached = {one.stage for one in activity.details.stages}
    return bool(reached) and Stage.RECEIPT_CONFIRMED not in reached
