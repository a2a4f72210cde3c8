"""Making a document step by step: how far each step is, and its words. Pure."""

from enum import StrEnum

from tracker.i18n import N_


class Step(StrEnum):
    WAITING = "waiting"
    FIGURES = "figures"
    FREEZING = "freezing"
    RENDERING = "rendering"
    KEEPING = "keeping"
    DONE = "done"


PROGRESS = {
    Step.WAITING: 0,
    Step.FIGURES: 10,
    Step.FREEZING: 35,
    Step.RENDERING: 50,
    Step.KEEPING: 90,
    Step.DONE: 100,
}
"""In percent; laying out the pages takes the longest."""

WORDS = {
    Step.WAITING: N_("Waiting for its turn"),
    Step.FIGURES: N_("Adding up the figures"),
    Step.FREEZING: N_("Freezing the edition"),
    Step.RENDERING: N_("Laying out the document"),
    Step.KEEPING: N_("Putting it away"),
    Step.DONE: N_("Done"),
}
