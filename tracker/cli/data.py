"""`import`, `activities`, `feed`, `due`, `calendar new`: records in, lists and calendars out."""

import datetime as dt
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from tracker.actions.calendars import new_subscription
from tracker.actions.exports import feed_bytes
from tracker.actions.imports import ImportFile, import_file
from tracker.actions.reminders import due as reminders_due
from tracker.cli.output import Day, actor, as_json, installation, language, language_option, print_json, up_to_date
from tracker.domain.activities import Activity, Kind, Status
from tracker.domain.calendars import ALL_OCCASIONS, Selection
from tracker.domain.choices import CalendarChoice
from tracker.domain.dates import OPEN, HistoricDate
from tracker.domain.search import query_words
from tracker.domain.twins import Twin
from tracker.errors import InvalidInput
from tracker.i18n import DEFAULT_LANGUAGE, LANGUAGES, N_, gettext, ngettext
from tracker.intake.ical_activities import Options
from tracker.intake.problems import InvalidTable
from tracker.store.activities import ActivityFilter, listed
from tracker.store.search import widened
from tracker.store.twins import load_all

twin_option = click.option("--twin", "twins", multiple=True, metavar="SLUG", help="Only this twin; may be repeated.")
kind_option = click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice([k.value for k in Kind]),
    help="Only this kind; may be repeated.",
)
_A_YEAR = 366 * 24 * 60
from_option = click.option(
    "--from", "first", type=Day("first"), help="Nothing that ended before this day, month or year."
)
to_option = click.option("--to", "last", type=Day("last"), help="Nothing that begins after this day, month or year.")


@click.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check everything, write nothing.")
@click.option("--kind", type=click.Choice([k.value for k in Kind]), help="Kind of calendar entries that name none.")
@click.option(
    "--twin", "twins", multiple=True, metavar="SLUG", help="Twin of calendar entries that name none; may be repeated."
)
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language of calendar entries that name none.")
@as_json
def import_(
    file: Path, dry_run: bool, kind: str | None, twins: tuple[str, ...], lang: str | None, as_json: bool
) -> None:
    """Take in activities from a CSV or XLSX sheet or a calendar (ICS): all rows or none."""
    tracker = installation()
    with tracker.database.reading() as session:
        known_twins(twins, load_all(session))
    options = Options(Kind(kind) if kind else None, twins, lang or language())
    try:
        imported = import_file(
            tracker.database,
            ImportFile(file.name, file.read_bytes(), options),
            actor(),
            tracker.clock(),
            dry_run=dry_run,
        )
    except InvalidTable as refused:
        if not as_json:
            raise
        errors = [problem.as_json(language()) for problem in refused.problems]
        print_json({"created": 0, "changed": 0, "unchanged": 0, "errors": errors})
        raise click.exceptions.Exit(2) from refused
    outcome = imported.outcome
    # On standard error, where it disturbs nobody who reads the counts.
    for remark in imported.remarks:
        click.echo(remark.message(language()), err=True)
    for entry in imported.left_out:
        text = N_("Entry {number}, “{title}”: {reason}")
        click.echo(
            gettext(language(), text, number=entry.number, title=entry.title, reason=entry.message(language())),
            err=True,
        )
    if as_json:
        counts = {"created": outcome.created, "changed": outcome.changed, "unchanged": outcome.unchanged}
        print_json({**counts, "errors": []})
        return
    text = N_("{created} new, {changed} changed, {unchanged} unchanged.")
    click.echo(gettext(language(), text, created=outcome.created, changed=outcome.changed, unchanged=outcome.unchanged))
    if dry_run:
        click.echo(gettext(language(), N_("This was a dry run: nothing has been written.")))


@click.command()
@twin_option
@kind_option
@from_option
@to_option
@click.option("--q", "query", default="", help="Only what these words find, in any spelling and script.")
@as_json
def activities(
    twins: tuple[str, ...],
    kinds: tuple[str, ...],
    first: dt.date | None,
    last: dt.date | None,
    query: str,
    as_json: bool,
) -> None:
    """List activities, oldest first."""
    tracker = installation()
    with tracker.database.reading() as session:
        known_twins(twins, load_all(session))
        words = widened(session, query_words(query))
        rows = listed(session, ActivityFilter(twins=twins, kinds=kinds, first=first, last=last, words=words))
        found = [row.to_activity() for row in rows]
    if as_json:
        print_json([activity.model_dump(mode="json") for activity in found])
        return
    for activity in found:
        click.echo(_line(activity, language()))
    click.echo(ngettext(language(), "{n} activity", "{n} activities", len(found)), err=True)


def _line(activity: Activity, speech: str) -> str:
    title = activity.title.get(speech) or activity.title.get(DEFAULT_LANGUAGE) or next(iter(activity.title.values()))
    when = HistoricDate.span(activity.start_date, OPEN if activity.running else activity.end_date).display(speech)
    return f"{when:<28} {activity.kind.value:<13} {', '.join(activity.twins):<20} {title}"


@click.command()
@twin_option
@kind_option
@language_option
@from_option
@to_option
def feed(
    twins: tuple[str, ...], kinds: tuple[str, ...], lang: str | None, first: dt.date | None, last: dt.date | None
) -> None:
    """Print a calendar's bytes (iCalendar, RFC 5545)."""
    tracker = up_to_date()
    with tracker.database.reading() as session:
        known_twins(twins, load_all(session))
    selection = Selection(
        twins=twins,
        kinds=kinds,
        language=lang or tracker.settings.languages[0],
        occasions=()
        if kinds
        else ALL_OCCASIONS,  # whoever asks for one kind of activity does not ask for anniversaries
        first=first,
        last=last,
    )
    body = feed_bytes(tracker.database, selection, tracker.clock(), tracker.settings.base_url)
    sys.stdout.buffer.write(body)


@click.command()
@click.option("--on", "day", type=Day(), required=True, help="The day asked about.")
@as_json
def due(day: dt.date, as_json: bool) -> None:
    """Say which reminders fall due on a day, to whom and why."""
    tracker = up_to_date()
    found = reminders_due(tracker.database, day)
    if as_json:
        print_json([reminder.as_json() for reminder in found])
        return
    for reminder in found:
        title, text = reminder.title[language()], _distance(reminder.lead_days, language())
        click.echo(f"{reminder.on:<10}  {text:<16}  {title}  [{reminder.rule}]  → {', '.join(reminder.to) or '–'}")


def _distance(days: int, speech: str) -> str:
    if days < 0:
        return ngettext(speech, "{n} day after", "{n} days after", -days)
    return ngettext(speech, "{n} day before", "{n} days before", days)


@click.group()
def calendar() -> None:
    """Calendars that people subscribe to."""


@calendar.command()
@twin_option
@kind_option
@language_option
@click.option(
    "--status", "statuses", multiple=True, type=click.Choice([s.value for s in Status]), help="Only this one."
)
@click.option(
    "--occasion",
    "occasions",
    multiple=True,
    type=click.Choice([*ALL_OCCASIONS, "none"]),
    help="Only these anniversaries; all, where no kind of activity is named.",
)
@click.option("--years-back", type=click.IntRange(0, 99), help="Nothing older, counted in years.")
@click.option("--years-ahead", type=click.IntRange(0, 99), help="Nothing later, counted in years.")
@click.option(
    "--alarm", "alarms", multiple=True, type=click.IntRange(0, _A_YEAR), metavar="MINUTES", help="Ring before entries."
)
@click.option("--both-times", is_flag=True, help="Tell the clocks of all cities.")
@click.option("--busy", is_flag=True, help="Show what is not public as taken time.")
@click.option("--name", default="", help="What the subscription is called.")
@click.option("--user", "email", help="Whose it is; it ends with the account.")
@as_json
def new(lang: str | None, name: str, email: str | None, as_json: bool, **chosen: Any) -> None:
    """Make the secret address of a calendar; it is shown this once."""
    tracker = up_to_date()
    with tracker.database.reading() as session:
        known_twins(chosen["twins"], load_all(session))
    choice = _choice(lang or tracker.settings.languages[0], **chosen)
    token = new_subscription(tracker.database, choice, actor(), tracker.clock(), name=name, user_email=email)
    url = f"{tracker.settings.base_url}/feeds/{token}.ics"
    if as_json:
        print_json({"url": url})
    else:
        click.echo(url)


def _choice(
    language: str,
    *,
    twins: tuple[str, ...],
    kinds: tuple[str, ...],
    statuses: tuple[str, ...],
    occasions: tuple[str, ...],
    **more: Any,
) -> CalendarChoice:
    """Whoever asks for one kind of activity does not ask for anniversaries, unless they name them."""
    followed = occasions or (() if kinds else ALL_OCCASIONS)
    selection = Selection(twins, kinds, language, tuple(one for one in followed if one != "none"), statuses=statuses)
    return CalendarChoice(selection, **more)


def known_twins(given: tuple[str, ...], twins: Mapping[str, Twin]) -> None:
    """Raise `InvalidInput` with the first that is no twin."""
    for slug in given:
        if slug not in twins:
            reason = N_("“{value}” is not a twin. Known ones: {known}.")
            raise InvalidInput.one("twin", slug, reason, known=tuple(twins))


COMMANDS: tuple[click.Command, ...] = (import_, activities, feed, due, calendar)
