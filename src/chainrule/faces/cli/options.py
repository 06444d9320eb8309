"""Options that several commands share."""

from __future__ import annotations

import sys

import click

debug_option = click.option(
    "--debug", is_flag=True, expose_value=False, help="Show the whole traceback of an error; may stand anywhere."
)


def wants_debug() -> bool:
    """Whether --debug was given; asked when parsing itself may have failed."""
    return "--debug" in sys.argv[1:]
