"""Options that several commands share."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.table import Table

INTERRUPTED = 130  # what shells call a program that Ctrl-C ended

debug_option = click.option(
    "--debug", is_flag=True, expose_value=False, help="Show the whole traceback of an error; may stand anywhere."
)


def wants_debug() -> bool:
    """Whether --debug was given; asked when parsing itself may have failed."""
    return "--debug" in sys.argv[1:]


def print_table(table: Table) -> None:
    """Print to the width of the screen; where there is none, wide enough that nothing wraps."""
    from rich.console import Console

    Console(width=None if sys.stdout.isatty() else 200, highlight=False).print(table)
