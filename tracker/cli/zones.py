"""`zones`: the zone data that times go by, and what its last changes have moved."""

from dataclasses import asdict

import click

from tracker.actions.zones import Move, Update, updates
from tracker.cli.output import as_json, installation, language, print_json
from tracker.domain.entries import localized
from tracker.i18n import N_, gettext, ngettext
from tracker.store.zones import releases

_MOST = 10
_MINUTE = "%Y-%m-%d %H:%M"


@click.command()
@as_json
def zones(as_json: bool) -> None:
    """Say which zone data times go by, and what its last changes have moved."""
    tracker = installation()
    with tracker.database.reading() as session:
        seen = {row.release: row.noticed_at for row in releases(session)}
    since = seen.get(tracker.zone_release)
    found = updates(tracker.database, _MOST)
    if as_json:
        told = [asdict(update) for update in found]
        print_json({"release": tracker.zone_release, "since": since, "newest": max(seen), "updates": told})
        return
    text = N_("Zone data {release}, in use since {since}.")
    day = f"{since:%Y-%m-%d}" if since else "–"
    click.echo(gettext(language(), text, release=tracker.zone_release, since=day))
    for update in found:
        _print(update)
    if not found:
        click.echo(gettext(language(), N_("No change of the zone data has moved anything.")))


def _print(update: Update) -> None:
    told = ngettext(language(), "{n} activity told anew", "{n} activities told anew", update.activities)
    click.echo(f"\n{update.at:%Y-%m-%d}  {update.before} → {update.after}  {told}")
    for move in update.moved:
        click.echo(f"  {localized(move.title, language())}: {_sentence(move)}")


def _sentence(move: Move) -> str:
    return gettext(
        language(),
        N_("{time} ({zone}) meant {before} UTC and now means {after} UTC."),
        time=f"{move.wall:{_MINUTE}}",
        zone=move.timezone,
        before=f"{move.before:%H:%M}",
        after=f"{move.after:%H:%M}",
    )


COMMANDS: tuple[click.Command, ...] = (zones,)
