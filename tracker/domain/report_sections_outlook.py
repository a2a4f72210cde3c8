"""What a report ends with: the anniversaries to come, and a list to be signed by hand. Pure."""

from collections.abc import Iterable

from tracker.domain.figures import Coming
from tracker.domain.report_document import FormSheet, Group, Item, Listing, Part, Said
from tracker.domain.report_speech import begins
from tracker.domain.report_standing import standing_of
from tracker.domain.report_telling import Telling
from tracker.i18n import N_

_NOTHING_COMES = N_("No anniversary is known for the coming year.")
_LINES = 25
_MINORS = N_(
    "Lists with names of minors are kept apart and destroyed when the funder no longer needs them, by: ____________"
)


def outlook(told: Telling) -> tuple[Part, ...]:
    items = tuple(_item(told, coming) for coming in told.figures.coming)
    groups = (Group(None, items),) if items else ()
    return (Listing("outlook", groups, told.speech.say(_NOTHING_COMES)),)


def signed_list(told: Telling) -> tuple[Part, ...]:
    """An empty list for those who took part; the tracker itself never keeps their names (R12)."""
    say = told.speech.say
    columns = (
        say(N_("No.")),
        say(N_("Family name, given name")),
        say(N_("Town and country")),
        say(N_("Age, if under 27")),
        say(N_("Signature")),
    )
    title = say(N_("List of participants, {period}"), period=told.this)
    return (FormSheet(title, columns, _LINES, say(_MINORS)),)


def _item(told: Telling, coming: Coming) -> Item:
    return Item(
        when=told.speech.date(coming.on),
        title=told.speech.text(coming.title),
        facts=tuple(fact for fact in _facts(told, coming) if any(fact)),
        kind="occasion",
    )


def _facts(told: Telling, coming: Coming) -> Iterable[Said]:
    if coming.jubilee:
        yield told.speech.say(N_("jubilee"))
    elif coming.round:
        yield told.speech.say(N_("round anniversary"))
    day = begins(coming.on)
    title, cities = told.speech.text(coming.title), told.cities_of(coming.twins, day)
    if not all(name in text for name, text in zip(cities, title, strict=True)):
        yield cities
    if len(coming.twins) == 1:
        yield standing_of(told, coming.twins[0], day)
