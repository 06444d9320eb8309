"""Scripts: a file that trains at its top level, read as its author runs it, as far as its first round.

Its loop may stand in a function that it calls, or in a method; it may have none, and step or compute its step once.
"""

from __future__ import annotations

import ast
import os
import traceback
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from chainrule.check.script_lines import TrainingMethod, parts_of
from chainrule.check.script_names import names_of_script
from chainrule.check.straight_scripts import straight_script
from chainrule.check.training_source import TrainingSource, has_parameters, object_of, with_samples
from chainrule.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chainrule.check.script_lines import TrainingLoop
    from chainrule.network.network import Network

NO_LOOP = (
    "{file} has no loop at its top level (or in a function that it calls) of which one round "
    "changes arrays that could be each of {wanted}. Hand me its function, its class or its object instead, or make a "
    "function of the lines of a single step:\n"
    "def step({names}, X, T):\n    ...\n    return {gradients}\ncheck_backprop(step, net)"
)


def script_of(student: Any, net: Network) -> Any:
    """Return an object that trains as a script does, of its path, or of a module that is one; other code as it is.

    Raises
    ------
    InvalidValue
        Where the file cannot be read or run, or has no loop that trains.
    """
    if isinstance(student, ModuleType) and getattr(student, "__file__", None):
        student = Path(str(student.__file__))
    if not isinstance(student, str | os.PathLike):
        return student
    path = Path(student)
    try:
        body = ast.parse(path.read_bytes(), str(path)).body
    except (OSError, SyntaxError, ValueError) as error:
        raise InvalidValue(f"{path} cannot be read as Python: {error}") from None
    return _read(path, body, net)


def _read(path: Path, body: Sequence[ast.stmt], net: Network) -> Any:
    """What trains in the lines of a script: the first of its loops and its objects, else its lines as they stand."""
    functions = {one.name: one for one in body if isinstance(one, ast.FunctionDef)}
    refused: Exception | None = None
    for part in parts_of(body, functions):
        source = TrainingSource(str(path), part, names_of_script(str(path)))
        try:
            found = _trained_by(part, source, net)
        except Exception as error:  # whatever a stranger's lines raise
            refused = refused or error
            continue
        if found is not None:
            return found
    try:
        found = straight_script(str(path), body, net)
    except Exception as error:  # whatever a stranger's lines raise
        found, refused = None, refused or error
    if found is not None:
        return found
    if refused is not None:
        raise refused if isinstance(refused, InvalidValue) else InvalidValue(_does_not_run(path, refused)) from refused
    shapes = ", ".join(f"{name} {shape}" for name, shape in net.shapes.items())
    gradients = ", ".join(f"d{name}" for name in net.shapes)
    raise InvalidValue(NO_LOOP.format(file=path.name, wanted=shapes, names=", ".join(net.shapes), gradients=gradients))


def _trained_by(part: TrainingLoop | TrainingMethod, source: TrainingSource, net: Network) -> Any:
    """An object that trains as a loop of a script does, or a method that does; None where nothing is trained."""
    if isinstance(part, TrainingMethod):
        return source.method_of(part)
    moved = source.run_to_the_loop({})
    if not has_parameters(source, moved, net):
        return None
    with_samples(source, net)
    return object_of(source)


def _does_not_run(path: Path, error: Exception) -> str:
    frames = reversed(traceback.extract_tb(error.__traceback__))
    line = next((frame.lineno for frame in frames if frame.filename == str(path)), None)
    return f"{path.name} does not run as it is: in line {line} it raised {type(error).__name__}: {error}"
