"""``%%check net``: a notebook's cell that is run, and whose back-propagation is checked against a network.

``%load_ext chainrule.ipython_magic`` makes it known; IPython is needed by nobody else.
"""

from __future__ import annotations

import argparse
import ast
import html
import importlib
import shlex
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

from chainrule.errors import ChainruleError, InvalidValue, unknown_name

if TYPE_CHECKING:
    from chainrule.check.backprop_report import BackpropReport
    from chainrule.network.network import Network

USAGE = "%%check NETWORK_VARIABLE [--student NAME] [--hint 1|2|3]"


@dataclass(frozen=True)
class ShownReport:
    """What a notebook shows of a report: all of it, or a hint."""

    report: BackpropReport = field(repr=False)
    hint: int | None = None

    def __repr__(self) -> str:
        return str(self.report) if self.hint is None else self.report.hint(self.hint)

    def _repr_html_(self) -> str:
        return self.report._repr_html_() if self.hint is None else f"<pre>{html.escape(repr(self))}</pre>"


class LineParser(argparse.ArgumentParser):
    """Reads the magic's line; what is wrong with it becomes a sentence, and nothing exits."""

    def error(self, message: str) -> NoReturn:
        """Raise the sentence."""
        raise InvalidValue(f"{message[0].upper()}{message[1:]}. Use {USAGE}.")


def load_ipython_extension(ipython: Any) -> None:
    """Make ``%%check`` known to a notebook."""

    def check(line: str, cell: str) -> ShownReport | None:
        """Run the cell, and check the function or class that it defines last against a network.

        %%check NETWORK_VARIABLE [--student NAME] [--hint 1|2|3]
        """
        try:
            return check_cell(ipython, line, cell)
        except ChainruleError as error:
            raise _without_trace(str(error)) from None

    ipython.register_magic_function(check, magic_kind="cell", magic_name="check")


def check_cell(shell: Any, line: str, cell: str) -> ShownReport | None:
    """Run a cell in the shell's namespace and check what it defines; None where the cell itself raised.

    Raises
    ------
    InvalidValue
        Where the line, the variable or the cell is not what is needed; and what check_backprop refuses.
    """
    from chainrule.check.backprop import check_backprop  # NumPy and all, when it is used

    asked = _read(line)
    net = _network(shell, asked.network)
    if not shell.run_cell(cell, store_history=False).success:
        return None  # the shell has shown the error
    name = asked.student or _defined_last(shell.transform_cell(cell))
    if name not in shell.user_ns:
        raise InvalidValue(f"The cell ran, and there is no {name!r} now. Name what is to be checked: {USAGE}.")
    return ShownReport(check_backprop(shell.user_ns[name], net), asked.hint)


def _read(line: str) -> argparse.Namespace:
    parser = LineParser(prog="%%check", add_help=False, allow_abbrev=False)
    parser.add_argument("network")
    parser.add_argument("--student")
    parser.add_argument("--hint", type=int, choices=(1, 2, 3))
    try:
        words = shlex.split(line)
    except ValueError:  # a quotation mark without its other half
        raise InvalidValue(f"I cannot read {line!r}. Use {USAGE}.") from None
    if not words:
        raise InvalidValue(f"Name the variable that holds the network: {USAGE}.")
    return parser.parse_args(words)


def _network(shell: Any, name: str) -> Network:
    from chainrule.network.network import Network

    space = shell.user_ns
    if name not in space:
        networks = [known for known, value in space.items() if isinstance(value, Network)]
        if networks:
            raise unknown_name("network", name, networks)
        raise InvalidValue(
            f"There is no variable {name!r}. Make the network first: {name} = Network([Dense(…), …], …)."
        )
    if not isinstance(space[name], Network):
        raise InvalidValue(f"{name} must be a Network, got {type(space[name]).__name__}.")
    net: Network = space[name]
    return net


def _defined_last(source: str) -> str:
    """Return the name of the last function or class on the cell's top floor.

    >>> _defined_last("def backprop(theta, X, T): ...")
    'backprop'
    """
    defined = [node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    if not defined:
        raise InvalidValue(
            "The cell defines no function and no class. Define backprop here, or name it: --student NAME."
        )
    return defined[-1]


def _without_trace(sentence: str) -> Exception:
    """IPython's error that is shown as a sentence alone; ours where there is no IPython."""
    try:
        error: Exception = importlib.import_module("IPython.core.error").UsageError(sentence)
    except ImportError:
        return InvalidValue(sentence)
    return error
