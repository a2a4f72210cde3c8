"""What all commands share: the language they speak, JSON on request, the installation they work for."""

import datetime as dt
import json
import os
from functools import cache
from typing import Any

import click

from tracker.bootstrap import Tracker, assemble, prepare
from tracker.consumers.reading import catch_up
from tracker.domain.commands import Actor
from tracker.i18n import LANGUAGES, known_language

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
language_option = click.option("--lang", type=click.Choice(LANGUAGES), help="Language of the output.")


def language() -> str:
    """The language of the terminal, as the environment tells it."""
    return known_language(os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG"))


def actor() -> Actor:
    return Actor("cli", language())


@cache
def installation() -> Tracker:
    """The installation of this environment, its database made or upgraded if need be."""
    tracker = assemble()
    prepare(tracker)
    return tracker


def up_to_date() -> Tracker:
    """The installation with every consumer brought to the end of the log, whether or not workers are running."""
    tracker = installation()
    catch_up(tracker.database, tracker.consumers, tracker.clock())
    return tracker


def print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, dt.date | dt.datetime) else str(value)


class Day(click.ParamType[dt.date]):
    """A day as in 2026-11-28."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        if isinstance(value, dt.date):
            return value
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a date; write it like 2026-11-28.", param, ctx)
