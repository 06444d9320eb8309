"""Options that several commands share."""

from __future__ import annotations

import io
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.table import Table


class NonEmptyPath(click.Path):
    """A path with a name: not the empty one, which a script's unset variable leaves, and no blanks alone."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path."""
        if isinstance(value, str) and (not value.strip() or "\0" in value):
            self.fail("it is empty: name a file or a folder.", param, ctx)
        return super().convert(value, param, ctx)


class Once(click.Command):
    """A command whose options are given once, unless they may be repeated: of two values only one could hold."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the words of the command line."""
        _, _, order = self.make_parser(ctx).parse_args(list(args))
        for param in order:
            once = isinstance(param, click.Option) and not param.multiple and not param.is_flag
            if once and order.count(param) > 1:
                raise click.UsageError(f"{param.opts[0]} is given twice: give it once.", ctx)
        return super().parse_args(ctx, args)


INPUT = OUTPUT = NonEmptyPath(path_type=Path)
DASK = click.option("--dask", metavar="ADDRESS", help="Compute on a Dask cluster: its scheduler's address, "
                    "tcp://HOST:8786, or local for one of this machine's cores.")  # fmt: skip
SEED = click.IntRange(0, 2**32 - 1)
SEEDS = click.IntRange(1, 10_000)
PIPED = 1000  # letters of a line that nobody sees on a screen

debug_option = click.option(
    "--debug", is_flag=True, expose_value=False, help="Show the whole traceback of an error; may stand anywhere."
)


def wants_debug() -> bool:
    """Whether --debug was given; asked when parsing itself may have failed."""
    return "--debug" in sys.argv[1:]


class _MayBeUnread(io.FileIO):
    """A pipe to a reader that may go, as ``head`` does: what nobody reads is dropped, and the work goes on."""

    def write(self, data: Any) -> int:
        """Return how many bytes were written, or dropped."""
        try:
            return super().write(data) or 0
        except BrokenPipeError:
            return memoryview(data).nbytes


def let_readers_go() -> None:
    """Let the reader of standard output or standard error go before the end."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper) and stream is getattr(sys, f"__{name}__") and not stream.isatty():
            stream.flush()
            raw = io.BufferedWriter(_MayBeUnread(stream.fileno(), "w", closefd=False))
            whole = io.TextIOWrapper(raw, stream.encoding, stream.errors, line_buffering=stream.line_buffering)
            setattr(sys, name, whole)


def print_table(table: Table) -> None:
    """Print to the width of the screen; where there is none, a row a line, without blanks at its end."""
    from rich.console import Console

    if sys.stdout.isatty():
        Console(highlight=False).print(table)
        return
    console = Console(width=PIPED, highlight=False)
    with console.capture() as captured:
        console.print(table)
    click.echo("\n".join(line.rstrip() for line in captured.get().splitlines()))


@contextmanager
def dask_client(address: str | None) -> Iterator[Any]:
    """Yield the client of a cluster, None where none is asked for."""
    if address is None:
        yield None
        return
    from chainrule.scale.cluster import cluster

    with cluster(address) as client:
        yield client
