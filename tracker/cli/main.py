"""`tracker`: the commands put together, and the one place that turns errors into messages and exit codes.

Exit 0: done. 2: the input was wrong, with a message on standard error. 1: a fault of ours or of the surroundings.
"""

import os
import sys
from importlib import import_module

import click

from tracker.bootstrap import configure_logging
from tracker.cli.output import language
from tracker.errors import Conflict, InvalidInput, Misconfigured, NotFound, TrackerError

_MODULES = {
    "serving": ("serve", "init", "doctor"),
    "data": ("import", "activities", "feed", "due", "calendar"),
    "outlook": ("outlook",),
    "reports": ("report",),
    "accounts": ("user", "token"),
    "log": ("events",),
    "zones": ("zones",),
}
"""Which module of this folder has which commands."""
_MODULE_OF = {command: module for module, commands in _MODULES.items() for command in commands}


class _Commands(click.Group):
    """Imports a command's module when it is asked for: that of `serve` alone takes a quarter of a start."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - asked by click
        return sorted(_MODULE_OF)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - asked by click
        if cmd_name not in _MODULE_OF:
            return None
        commands: tuple[click.Command, ...] = import_module(f"tracker.cli.{_MODULE_OF[cmd_name]}").COMMANDS
        return next((command for command in commands if command.name == cmd_name), None)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
def tracker() -> None:
    """Keeps track of the partnerships between Volgograd and its twin cities."""
    configure_logging()


def main() -> None:
    """Run the command line and exit with its code."""
    try:
        # Without its standalone mode click hands back the code that a command left with.
        left = tracker(standalone_mode=False)
        sys.exit(left if isinstance(left, int) else 0)
    except (InvalidInput, NotFound, Conflict) as fault:
        _end(fault.message(language()), 2)
    except (Misconfigured, TrackerError) as fault:
        _end(fault.message(language()), 1)
    except click.ClickException as fault:
        fault.show()
        sys.exit(fault.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        # Whoever reads our output has gone, as in `tracker activities | head`.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _end(message: str, code: int) -> None:
    click.echo(message, err=True)
    sys.exit(code)
