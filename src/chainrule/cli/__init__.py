"""The command line: ``chainrule``. Errors are one sentence and exit code 2; ``--debug`` shows where they came from."""

from __future__ import annotations

import sys
import warnings
from contextlib import suppress
from typing import NoReturn, TextIO

import click

from chainrule.cli.check_command import check
from chainrule.cli.environment import check_environment
from chainrule.cli.explain_command import draw, explain
from chainrule.cli.export_command import export
from chainrule.cli.lab_command import lab
from chainrule.cli.options import debug_option, let_readers_go, wants_debug
from chainrule.cli.play_command import play
from chainrule.cli.report_command import report
from chainrule.cli.streams import flush, open_streams, refuse
from chainrule.cli.sweep_command import sweep
from chainrule.cli.warm_command import warm
from chainrule.errors import ChainruleError, DoubtfulData, one_line
from chainrule.processes.signals import exit_code, listen, rest

REFUSED = 2


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, no_args_is_help=True)
@click.version_option(package_name="chainrule")
@debug_option
def chainrule() -> None:
    """The neural network you can open.

    \b
    Start here:
      chainrule lab list                    the assignments there are
      chainrule lab run xor                 train, print and draw one of them
      chainrule lab show xor                its settings
      chainrule lab run xor --set learning_rate=10 --set hidden=70,70
      chainrule lab run xor --data points.csv --out my-results
      chainrule lab run xor --seeds 20      the same with 20 seeds, on all cores
      chainrule report results/xor          its report once more, with --title and --author
      chainrule sweep --data my.csv --target y --set hidden="10;70,70"
                                            settings compared on a table of your own
      chainrule explain --layers 2,10:sigmoid,1:sigmoid
                                            the mathematics of a network, written out
      chainrule lab start xor               the same assignment to be written by yourself: hw/xor.py
      chainrule play                        see a network learn, and take it apart, in a browser
      chainrule check xor.py                my homework for a lab: what is right, what is wrong
      chainrule check submissions --lab xor --csv grades.csv
                                            a whole class: points, and its frequent mistakes
      chainrule export clf.safetensors -o clf.onnx
                                            a saved model for other runtimes
      chainrule warm                        compile the fast engine now, so that no training waits

    In Python: import chainrule as cr; help(cr.train).
    """  # noqa: D301  # click wants the backspace itself, which keeps these lines as they are


chainrule.add_command(check)
chainrule.add_command(lab)
chainrule.add_command(explain)
chainrule.add_command(draw)
chainrule.add_command(export)
chainrule.add_command(play)
chainrule.add_command(report)
chainrule.add_command(sweep)
chainrule.add_command(warm)


def _show_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Say in one line what is in doubt about the data, and other warnings as Python does."""
    if issubclass(category, DoubtfulData):
        click.echo(f"Note: {message}", err=True)
    else:
        click.echo(
            warnings.formatwarning(message, category, filename, lineno, line), file=file, err=file is None, nl=False
        )


def program() -> NoReturn:
    """Be the process ``chainrule``: hear every signal that asks for the end until all is written, none afterwards."""
    listen()
    code: object = exit_code()
    with suppress(KeyboardInterrupt):
        try:
            main()
        except SystemExit as ended:
            code = ended.code
        finally:
            rest()
    sys.exit(code if isinstance(code, int) else 0)


def main() -> NoReturn:
    """Run the command line and exit: 0 done, 2 refused, 130 interrupted, 143 told to end, 129 hung up."""
    warnings.showwarning = _show_warning
    try:
        code = run()
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted.", err=True)
        code = exit_code()
    sys.exit(code)


def run() -> int:
    """Run a command, or print help where none is named; return its exit code, 2 after a sentence that refuses."""
    try:
        open_streams()
        let_readers_go()
        check_environment()
        try:
            code = chainrule.main(prog_name="chainrule", standalone_mode=False)
        finally:
            flush()
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 0
    except (click.ClickException, ChainruleError, MemoryError, OSError) as error:
        if wants_debug():
            raise
        refuse(_sentence(error))
        return REFUSED
    return code if isinstance(code, int) else 0


def _sentence(error: Exception) -> str:
    """Say in one sentence why nothing came of it."""
    if isinstance(error, ChainruleError):
        return str(error)
    if isinstance(error, click.ClickException):
        return one_line(error.format_message())
    if isinstance(error, MemoryError):
        return one_line(f"There is not enough memory for that: {error}.")
    if not isinstance(error, OSError):
        return one_line(str(error))
    where = f"Cannot use {error.filename}" if error.filename else "The system refused"
    return one_line(f"{where}: {error.strerror or error}.")
