"""`tracker`: the commands put together, and the one place that turns errors into messages and exit codes.

Exit 0: done. 2: the input was wrong, with a message on standard error. 1: a fault of ours or of the surroundings.
"""

import os
import sys

import click

from tracker.bootstrap import configure_logging
from tracker.cli import accounts, data, log, outlook, serving, zones
from tracker.cli.output import language
from tracker.errors import Conflict, InvalidInput, Misconfigured, NotFound, TrackerError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def tracker() -> None:
    """Keeps track of the partnerships between Volgograd and its twin cities."""
    configure_logging()


for _command in (
    *serving.COMMANDS,
    *data.COMMANDS,
    *outlook.COMMANDS,
    *accounts.COMMANDS,
    *log.COMMANDS,
    *zones.COMMANDS,
):
    tracker.add_command(_command)


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
