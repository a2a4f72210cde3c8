"""What only those on a journey need, beyond the programme and the journeys that stand in the activity. Pure.

`Private` is kept apart from the activity (see `store.dossiers`), so that no feed, report or export can hold it. The
version for the guests leaves out what `for_guests` leaves out.
"""

from pydantic import Field

from tracker.domain.activities import Line, Short, Text, Value
from tracker.domain.details import Dated, ItemId

Many = Field((), max_length=200)


class Meeting(Value):
    """Who takes part in an item of the programme, known by the item's `id`. `languages`: what is interpreted."""

    item: ItemId
    guests: Line = ""
    hosts: Line = ""
    interpreter: Short = ""
    languages: Short = ""
    note: Line = ""


class Stay(Value):
    name: Short = Field(min_length=1)
    address: Line = ""
    start: Dated
    end: Dated | None = None
    who: Line = ""


class Gift(Value):
    what: Line = Field(min_length=1)
    way: str = Field("given", pattern="^(given|received)$")
    whom: Line = ""
    note: Line = ""


class Todo(Value):
    """Something to be done before or after the journey, by hand: what rules remind of stands in tasks."""

    what: Line = Field(min_length=1)
    time: str = Field("before", pattern="^(before|after)$")
    on: Dated | None = None
    who: Short = ""
    done: bool = False


class Contact(Value):
    """How to reach somebody while travelling. `shared`: the guests' version has it, too."""

    name: Short = Field(min_length=1)
    role: Short = ""
    phone: Short = ""
    email: Short = ""
    shared: bool = False


class Emergency(Value):
    """A number that everybody on the journey must have at hand."""

    what: Short = Field(min_length=1)
    number: Short = Field(min_length=1)
    note: Line = ""


class Private(Value):
    meetings: tuple[Meeting, ...] = Many
    stays: tuple[Stay, ...] = Many
    gifts: tuple[Gift, ...] = Many
    todos: tuple[Todo, ...] = Many
    contacts: tuple[Contact, ...] = Many
    emergencies: tuple[Emergency, ...] = Many
    note: Text = ""

    def meeting(self, item: str) -> Meeting:
        return next((meeting for meeting in self.meetings if meeting.item == item), Meeting(item=item))


NOTHING = Private()

SECTIONS = tuple(Private.model_fields)


def for_guests(known: Private) -> Private:
    """What those who travel may have in their hands: no gifts, tasks or notes, and only contacts meant for them."""
    return Private(
        meetings=tuple(meeting.model_copy(update={"note": ""}) for meeting in known.meetings),
        stays=known.stays,
        contacts=tuple(contact for contact in known.contacts if contact.shared),
        emergencies=known.emergencies,
    )


def changed_sections(before: Private, after: Private) -> tuple[str, ...]:
    """The names of what differs: all that an event tells of it."""
    return tuple(name for name in SECTIONS if getattr(before, name) != getattr(after, name))
