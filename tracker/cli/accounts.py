"""`user add`, `user reset` and `token new`: people and the programs acting for them."""

import click

from tracker.actions.second_factors import forget_ways_in
from tracker.actions.tokens import issue_token
from tracker.actions.users import NewUser, add_user, one_time_link
from tracker.bootstrap import secret_key
from tracker.cli.output import actor, as_json, installation, print_json
from tracker.domain.access import Role
from tracker.i18n import LANGUAGES


@click.group()
def user() -> None:
    """People who may log in."""


@user.command()
@click.argument("email")
@click.option("--role", type=click.Choice([r.value for r in Role]), required=True)
@click.option("--name", default="")
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language of pages and mails.")
@click.option("--timezone", default="Europe/Berlin", show_default=True, help="Reminders come at 08:00 of this zone.")
@as_json
def add(email: str, role: str, name: str, lang: str | None, timezone: str, as_json: bool) -> None:
    """Add an account and print the link that sets its password."""
    tracker = installation()
    new = NewUser(email, role, name, lang or tracker.settings.languages[0], timezone)
    made = add_user(tracker.database, new, actor().name, tracker.clock())
    link = one_time_link(made, tracker.settings.base_url, secret_key(tracker.settings))
    if as_json:
        print_json({"email": made.email, "role": role, "link": link})
    else:
        click.echo(link)


@user.command()
@click.argument("email")
@as_json
def reset(email: str, as_json: bool) -> None:
    """Forget the password, codes, passkeys and sessions of EMAIL, and print the link that sets a new password."""
    tracker = installation()
    known = forget_ways_in(tracker.database, email, actor(), tracker.clock(), tracker.letterhead)
    link = one_time_link(known, tracker.settings.base_url, secret_key(tracker.settings))
    if as_json:
        print_json({"email": known.email, "link": link})
    else:
        click.echo(link)


@click.group()
def token() -> None:
    """Bearer tokens for the API."""


@token.command(name="new")
@click.argument("email")
@click.option("--name", default="", help="What the token is for.")
@as_json
def new_token(email: str, name: str, as_json: bool) -> None:
    """Issue a token that acts for EMAIL; it is shown this once."""
    tracker = installation()
    issued = issue_token(tracker.database, email, tracker.clock(), actor(), name)
    if as_json:
        print_json({"token": issued})
    else:
        click.echo(issued)


COMMANDS: tuple[click.Command, ...] = (user, token)
