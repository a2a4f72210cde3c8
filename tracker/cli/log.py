"""`events`: the event log, and what consumers could not take in."""

import itertools
import json
import threading

import click

from tracker.cli.output import as_json, installation, language, print_json
from tracker.consumers.calendars import write_refused_again
from tracker.consumers.reading import catch_up, replay, retry_parked
from tracker.domain.events import Event
from tracker.errors import NotFound
from tracker.i18n import N_, gettext
from tracker.store.event_log import read_all

_PAGE = 500


@click.group(invoke_without_command=True)
@click.option("--follow", is_flag=True, help="Go on printing what happens, until Ctrl-C.")
@click.option("--after", default=0, type=click.IntRange(0, 2**63 - 1), help="Only what came after this position.")
@as_json
@click.pass_context
def events(context: click.Context, follow: bool, after: int, as_json: bool) -> None:
    """Print the event log, oldest first; with --json one object a line."""
    if context.invoked_subcommand is not None:
        return
    tracker = installation()
    pause = threading.Event()
    while True:
        with tracker.database.reading() as session:
            page = read_all(session, after, _PAGE)
        for event in page:
            _print(event, as_json)
            after = event.position
        if len(page) < _PAGE:
            if not follow:
                return
            pause.wait(1)


def _print(event: Event, as_json: bool) -> None:
    if as_json:
        click.echo(
            json.dumps(
                {
                    "position": event.position,
                    "type": event.type.value,
                    "subject": event.subject,
                    "at": event.at.isoformat(),
                    "actor": event.actor,
                    "data": event.data,
                },
                ensure_ascii=False,
            )
        )
    else:
        changed = ", ".join(itertools.islice(event.data.get("after", {}), 6))
        click.echo(f"{event.position:>6}  {event.at:%Y-%m-%d %H:%M}  {event.type.value:<20} {event.subject}  {changed}")


@events.command()
@as_json
def retry(as_json: bool) -> None:
    """Try the parked events once more, and the entries that were refused for the calendars."""
    tracker = installation()
    well, still = retry_parked(tracker.database, tracker.consumers, tracker.clock())
    written, refused = write_refused_again(tracker.database, tracker.settings.base_url, tracker.clock())
    well, still = well + written, still + refused
    if as_json:
        print_json({"retried": well, "parked": still})
    else:
        click.echo(gettext(language(), N_("Taken in: {well}. Still parked: {still}."), well=well, still=still))


@events.command(name="replay")
@click.argument("consumer")
@as_json
def replay_(consumer: str, as_json: bool) -> None:
    """Let CONSUMER read the whole log again from the start."""
    tracker = installation()
    chosen = tuple(c for c in tracker.consumers if c.name == consumer)
    if not chosen:
        known = ", ".join(c.name for c in tracker.consumers)
        raise NotFound(N_("There is no consumer named “{name}”. Known ones: {known}."), name=consumer, known=known)
    replay(tracker.database, chosen[0], tracker.clock())
    taken = catch_up(tracker.database, chosen, tracker.clock())
    if as_json:
        print_json({"consumer": consumer, "events": taken})
    else:
        click.echo(
            gettext(
                language(), N_("{name} has read the log again; events taken in: {taken}."), name=consumer, taken=taken
            )
        )


COMMANDS: tuple[click.Command, ...] = (events,)
