"""`outlook`: what comes round in the months ahead, and what is in its way."""

from typing import Any

import click

from tracker.actions.outlook import Seen, look_ahead
from tracker.cli.data import known_twins, twin_option
from tracker.cli.output import as_json, language, print_json, up_to_date
from tracker.domain.outlook import Foreseen, last_of
from tracker.domain.outlook_wording import collision_document, collision_words, state_words
from tracker.domain.reminders import title_of_occurrence
from tracker.i18n import LANGUAGES, N_, gettext


@click.command()
@click.option("--months", type=click.IntRange(1, 120), default=36, show_default=True, help="How far to look.")
@twin_option
@as_json
def outlook(months: int, twins: tuple[str, ...], as_json: bool) -> None:
    """List anniversaries and days of remembrance of the months ahead, with what is in their way."""
    tracker = up_to_date()
    today = tracker.clock().date()
    seen = look_ahead(tracker.database, today, last_of(today, months))
    known_twins(twins, seen.twins)
    items = [one for one in seen.items if not twins or not set(twins).isdisjoint(one.come.occasion.twins)]
    if as_json:
        print_json([_document(one, seen) for one in items])
        return
    for one in items:
        click.echo(_line(one, seen))
        for collision in one.collisions:
            click.echo(f"{'':<12}! {collision_words(one, collision, language(), seen.twins)}")


def _line(one: Foreseen, seen: Seen) -> str:
    come, speech = one.come, language()
    mark = N_("jubilee") if come.jubilee else N_("round") if come.round else ""
    parts = [
        title_of_occurrence(come, speech, seen.twins),
        state_words(come, speech, seen.twins),
        gettext(speech, mark) if mark else "",
    ]
    return f"{come.when.edtf:<12}{' · '.join(part for part in parts if part)}"


def _document(one: Foreseen, seen: Seen) -> dict[str, Any]:
    come = one.come
    return {
        "key": come.occasion.key,
        "kind": come.occasion.kind.value,
        "twins": list(come.occasion.twins),
        "years": come.number,
        "on": come.when.edtf,
        "round": come.round,
        "jubilee": come.jubilee,
        "title": {tag: title_of_occurrence(come, tag, seen.twins) for tag in LANGUAGES},
        "collisions": [collision_document(one, collision, seen.twins) for collision in one.collisions],
    }


COMMANDS: tuple[click.Command, ...] = (outlook,)
