"""How a partnership stands, in words: the names of its three levels and of their states.

A state is looked up with its level as context, because in German and Russian the word follows the gender and the number
of what it is said of (соглашение прекращено, контакты прекращены). Pure.
"""

from tracker.domain.twins import Level, State, TwinState
from tracker.i18n import N_, gettext, pgettext

LEVELS = {
    Level.AGREEMENT: N_("Agreement"),
    Level.OFFICIAL: N_("Official contacts"),
    Level.CITIZENS: N_("Citizens’ contacts"),
}
_STATES = {
    State.IN_FORCE: N_("in force"),
    State.ENDED: N_("ended"),
    State.PLANNED: N_("planned"),
    State.NORMAL: N_("as usual"),
    State.RESTING: N_("resting"),
    State.GOING_ON: N_("going on"),
}


def standing(language: str, state: TwinState) -> str:
    """The state of a level in one or two words."""
    word = _STATES.get(state.state)
    return pgettext(language, state.level.value, word) if word else gettext(language, N_("not known"))
