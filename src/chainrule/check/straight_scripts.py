"""Straight scripts: a script without a loop, whose lines go forward and backward once, of one sample or of all.

Where its lines step, that is a round as any other. Where they only compute what the steps would be, those arrays are
looked for by their names, then by their shapes, and are taken for gradients, or for steps of an unknown rate.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from chainrule.check.parameter_places import fits
from chainrule.check.script_lines import TrainingLoop, assigned_by, reads_of
from chainrule.check.script_names import names_of_script
from chainrule.check.slots import is_numbers, slots_of
from chainrule.check.student_objects import parameters_of
from chainrule.check.training_source import TrainingSource, copied, has_parameters, is_data, object_of, with_samples

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chainrule.network.network import Network

GUESSED = (
    "I took {names} for what your script computes for {blocks}, by their names and shapes, and with that it makes no "
    "sense. Step by them in a loop (W -= rate * dW), or make a function of its lines that returns the gradients."
)
PLAIN_WORDS = frozenset(["w", "b", "weight", "weights", "bias", "biases", "syn", "theta"])


@dataclass(frozen=True)
class Alternatives:
    """What code may be: the first that makes sense is meant, and none is called wrong."""

    students: tuple[Any, ...]
    doubt: str


class StraightScript:
    """What a script holds before its lines read the parameters, as attributes."""

    source: ClassVar[TrainingSource]
    made: ClassVar[dict[str, str]]  # the names of what is computed for each parameter
    sign: ClassVar[int]

    def _computed(self, X: Any, T: Any) -> dict[str, Any]:
        found = self.source.after_a_round(vars(self), X, T, tuple(self.made.values()))
        return {name: np.array(found[made], dtype=np.float64) for name, made in self.made.items()}


class GradientScript(StraightScript):
    """Returns what the script computes."""

    def gradients(self, X: Any, T: Any) -> list[Any]:
        """Run the lines with other samples."""
        return list(self._computed(X, T).values())


class StepScript(StraightScript):
    """Steps by what the script computes."""

    def train(self, X: Any, T: Any) -> None:
        """Run the lines with other samples, and add what they compute to the parameters, or take it off."""
        for name, step in self._computed(X, T).items():
            old = np.asarray(getattr(self, name))
            setattr(self, name, old + self.sign * step.reshape(old.shape))


def straight_script(path: str, body: Sequence[ast.stmt], net: Network) -> Any:
    """An object of what a script without a loop does or computes; None where nothing could be the parameters.

    Raises
    ------
    InvalidValue
        Where its samples cannot be told.
    """
    lines = [one for part in body for one in _within(part)]
    space = names_of_script(path)
    whole = TrainingSource(path, None, dict(space))
    whole.run(whole.compiled(*lines))
    held = {name: one for name, one in whole.space.items() if name[:2] != "__" and is_data(one)}
    fresh = {name: value for name, value in held.items() if name not in _made_of_arrays(lines, held)}
    able = (parameters_of(net, slots_of(SimpleNamespace(**some))) for some in (fresh, held))
    parameters = next(filter(None, able), {})
    roots = {re.split(r"\W", slot.path.lstrip("."))[0] for slot in parameters.values()}
    first = next((k for k, one in enumerate(lines) if not _defines(one) and reads_of(one, {}) & roots), None)
    if first is None:
        return None
    loop = ast.For(ast.Name("_", ast.Store()), ast.List([ast.Constant(0)], ast.Load()), list(lines[first:]), [])
    part = TrainingLoop(lines[:first], ast.copy_location(loop, lines[first]))
    source = TrainingSource(path, part, space)
    if has_parameters(source, source.run_to_the_loop({}), net):
        with_samples(source, net)
        return object_of(source)
    return _of_what_is_computed(source, net, {block: one.path.lstrip(".") for block, one in parameters.items()}, held)


def _within(line: ast.stmt) -> list[ast.stmt]:
    """The lines that are guarded by ``if __name__ == "__main__"``, else the line itself."""
    return line.body if isinstance(line, ast.If) and "__name__" in ast.unparse(line.test) else [line]


def _made_of_arrays(lines: Sequence[ast.stmt], held: dict[str, Any]) -> set[str]:
    """The names that lines compute from arrays, and not from numbers alone."""
    arrays = {name for name, value in held.items() if is_numbers(value)}
    return set[str]().union(*(assigned_by(one) for one in lines if reads_of(one, {}) & arrays))


def _defines(line: ast.stmt) -> bool:
    return isinstance(line, ast.FunctionDef | ast.ClassDef)


def _of_what_is_computed(
    source: TrainingSource, net: Network, parameters: dict[str, str], computed: dict[str, Any]
) -> Alternatives | None:
    """What is computed for each parameter, taken for a gradient, or for a step up or down; None where nothing fits."""
    if parameters.keys() != net.shapes.keys() or not set(parameters.values()) <= source.data.keys():
        return None
    source.state = {name: source.data[name] for name in parameters.values()}
    with_samples(source, net)
    made = [name for name in computed if name in assigned_by(source.part.loop) and name not in source.data]
    chosen: dict[str, str] = {}
    for own in reversed(parameters.values()):
        able = [name for name in made if _fits(computed[name], source.data[own]) and name not in chosen.values()]
        said = [name for name in able if _words(own) <= _words(name)] or able
        if not said:
            return None
        chosen[own] = said[-1]
    chosen = {own: chosen[own] for own in parameters.values()}
    names = ", ".join(chosen.values())
    kinds = ((GradientScript, 1), (StepScript, 1), (StepScript, -1))
    found = [type("Script", (kind,), {"source": source, "made": chosen, "sign": sign})() for kind, sign in kinds]
    for one in found:
        vars(one).update(copied(source.state))
    return Alternatives(tuple(found), GUESSED.format(names=names, blocks=", ".join(chosen)))


def _fits(value: Any, parameter: Any) -> bool:
    return is_numbers(value) and fits(np.shape(value), np.shape(parameter)) and np.ndim(value) <= 2


def _words(name: str) -> set[str]:
    """The words of a name that say which layers it is between: mid and out of w_mid_out."""
    return set(re.findall(r"[a-z]+|\d+", name.lower())) - PLAIN_WORDS
