"""`report`: a yearly activity report into a file, for one of its readers, in one of its forms."""

from pathlib import Path

import click

from tracker.actions.editions import freeze, keep
from tracker.actions.reports import Asked, allowed_to, draft, known_readers, rendered
from tracker.cli.output import actor, as_json, print_json, up_to_date
from tracker.domain.access import Role
from tracker.domain.editions import Form
from tracker.domain.report_orders import Order
from tracker.errors import InvalidInput
from tracker.i18n import N_
from tracker.intake.json import checked

_READER = "members"


@click.command()
@click.argument("period", metavar="YEAR|PERIOD")
@click.option("--twin", metavar="SLUG", help="Only the partnership with this twin.")
@click.option("--for", "reader", metavar="READER", default=_READER, show_default=True, help="Whom it is written for.")
@click.option("--lang", "languages", metavar="LANG[,LANG]", help="One language, or two beside one another.")
@click.option(
    "--format", "form", type=click.Choice([form.value for form in Form]), default=Form.PDF.value, show_default=True
)
@click.option("--edition", is_flag=True, help="Freeze an edition first, and make the document of it.")
@click.option("-o", "--output", "file", type=click.Path(dir_okay=False, path_type=Path), required=True, metavar="FILE")
@as_json
def report(
    period: str,
    twin: str | None,
    reader: str,
    languages: str | None,
    form: str,
    edition: bool,
    file: Path,
    as_json: bool,
) -> None:
    """Write an activity report into FILE.

    PERIOD is a year such as 2018, or a span such as 2018-07..2019-06.
    """
    if not file.absolute().parent.is_dir():
        raise InvalidInput.one("output", str(file), N_("There is no folder in which “{value}” could lie."))
    tracker = up_to_date()
    tags = [tag.strip() for tag in (languages or tracker.settings.languages[0]).split(",") if tag.strip()]
    document = {"period": period, "reader": reader, "twin": twin, "languages": tags, "form": form}
    order = checked(Order, document)
    known = tuple(one.slug for one in known_readers(tracker.database))
    if order.reader not in known:
        raise InvalidInput.one("for", order.reader, N_("“{value}” is not a reader. Known ones: {known}."), known=known)
    # Whoever is at the command line has the database itself before them.
    asked = Asked(order, allowed_to(tracker.database, order, Role.ADMINISTRATOR), actor().name, tracker.clock())
    made = freeze(tracker.database, asked) if edition else None
    frozen = made.to_frozen() if made else draft(tracker.database, asked)
    data = rendered(tracker.database, frozen, order.form, order.languages, made.sha256 if made else "")
    try:
        file.write_bytes(data)
    except OSError as fault:
        raise InvalidInput.one(
            "output", str(file), N_("“{value}” cannot be written: {fault}"), fault=fault.strerror or fault
        ) from fault
    if made:
        with tracker.database.unit(actor().name, tracker.clock()) as unit:
            keep(unit, frozen, made.id, order.form, order.languages, data)
    if as_json:
        print_json(
            {
                "file": str(file),
                "bytes": len(data),
                "period": frozen.period,
                "reader": frozen.reader.slug,
                "edition": frozen.name or None,
                "sha256": made.sha256 if made else None,
            }
        )


COMMANDS: tuple[click.Command, ...] = (report,)
