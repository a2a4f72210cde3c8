"""What all commands share: the language they speak, JSON on request, the installation they work for."""

import datetime as dt
import json
import os
from functools import cache
from typing import Any, Literal

import click

from tracker.actions.registry import load_registry
from tracker.bootstrap import Tracker, assemble, prepare
from tracker.consumers.reading import catch_up
from tracker.domain.commands import Actor
from tracker.domain.dates import HistoricDate, InvalidDate
from tracker.i18n import LANGUAGES, N_, gettext, known_language
from tracker.store.twins import load_all

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
language_option = click.option("--lang", type=click.Choice(LANGUAGES), help="Language of the output.")


def language() -> str:
    """The language of the terminal, as the environment tells it."""
    return known_language(os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG"))


def actor() -> Actor:
    return Actor("cli", language())


@cache
def prepared() -> Tracker:
    """The installation of this environment, its database made or upgraded if need be."""
    tracker = assemble()
    prepare(tracker)
    return tracker


@cache
def installation() -> Tracker:
    """The same; one that is new gets the registry too, so that whichever command comes first finds the twins."""
    tracker = prepared()
    with tracker.database.reading() as session:
        new = not load_all(session)
    if new:
        load_registry(tracker.database, tracker.clock())
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
    """A day as in 2026-11-28; for a bound also a month or a year, of which it is then the first or the last day."""

    name = "date"

    def __init__(self, bound: Literal["first", "last"] | None = None) -> None:
        self._bound = bound

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        if isinstance(value, dt.date):
            return value
        try:
            date = HistoricDate.parse(value)
        except InvalidDate as fault:
            self.fail(fault.message(language()) if self._bound else self._no_day(value), param, ctx)
        day = date.latest if self._bound == "last" else date.earliest
        if day is None or (self._bound is None and date.exact_day is None):
            self.fail(self._no_day(value), param, ctx)
        if self._bound is None and day.year in (dt.MINYEAR, dt.MAXYEAR):  # the days around it are looked at, too
            self.fail(self._no_day(value), param, ctx)
        return day

    @staticmethod
    def _no_day(value: str) -> str:
        return gettext(language(), N_("“{value}” is not a day. Write it like 2026-11-28."), value=value)
