"""Training sources: lines before a loop and one round of it, run again with other samples: a round is one step.

The lines before the loop are run once, on the author's own data. What a round of the loop moves there, and could be
the network's parameters, is kept as the attributes of an object; its ``train(X, T)`` gives the lines other samples,
runs those that depend on them again, and then one round. From there on it is checked as any object is.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import inspect
import io
import re
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from pathlib import Path
from types import FunctionType, MethodType, ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from chainrule.check.module_values import restored
from chainrule.check.names import role_of
from chainrule.check.script_lines import assigned_by, dependents, iterated, one_round, reads_of
from chainrule.check.slots import is_numbers, slots_of
from chainrule.check.student_objects import parameters_of
from chainrule.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import CodeType

    from chainrule.check.script_lines import TrainingMethod
    from chainrule.check.slots import Slot
    from chainrule.network.network import Network

ENDS = "sys.exit({}) was called"
WHICH = (
    "{file} does not tell which of its values are its {what}: none that its loop uses is called {called} or has the "
    "shape of {n} numbers a sample. Call them {called}, or make a function of the lines of a single step."
)


class TrainingScript:
    """What a script holds before its loop, as attributes; each script has a class of its own."""

    source: ClassVar[TrainingSource]

    def train(self, X: Any, T: Any) -> None:
        """Run one round of the loop with other samples, and keep what it makes of the attributes."""
        vars(self).update(self.source.after_a_round(vars(self), X, T))


@dataclass(eq=False)
class TrainingSource:
    """A script, or a function, that was run as far as its loop.

    ``space`` are the global names in which it runs, ``made`` those that its lines before the loop make, ``data`` copies
    of the values among them, ``after`` what a round makes of those that it moves,
    ``state`` those of these that are set for a call, ``inputs`` and ``targets`` the names of its samples.
    """

    file: str
    part: Any
    space: dict[str, Any]
    made: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    state: dict[str, Any] = field(default_factory=dict)
    inputs: str = ""
    targets: str = ""

    def after_a_round(self, state: dict[str, Any], X: Any, T: Any, wanted: Sequence[str] = ()) -> dict[str, Any]:
        """What one round makes of the state, or of the wanted names, from samples."""
        given = {self.inputs: _as_came(X, self.data[self.inputs]), self.targets: _as_came(T, self.data[self.targets])}
        with restored(self.space):
            self.space.update(self.made)
            self.space.update(copied({name: value for name, value in self.data.items() if name not in state}))
            self.space.update(given | state)
            for made, code in self._again:
                self.run(code)
                self._put_back(given | state, made)
            self.run(self._round)
            return {name: self.space[name] for name in wanted or state}

    def run_to_the_loop(self, given: dict[str, Any]) -> set[str]:
        """Run what is before the loop, and one round; return the names whose values that round may have changed."""
        with restored(self.space):
            before = dict(self.space)
            self.space.update(given)
            self.run(self.compiled(*self.part.before))
            self.made = {name: one for name, one in self.space.items() if name not in before or before[name] is not one}
            used = reads_of(self.part.loop, self.space).union(*(reads_of(one, self.space) for one in self.part.before))
            used |= assigned_by(self.part.loop) | self.made.keys()
            held = {name: one for name, one in self.space.items() if name in used and name[:2] != "__" and is_data(one)}
            self.data = copied(held)
            self.run(self.compiled(*one_round(self.part.loop)))
            moved = {name for name in self.data if _numbers_of(self.data[name]) != _numbers_of(self.space.get(name))}
            moved |= assigned_by(self.part.loop) & self.data.keys()  # a gradient of 0 moves nothing
            self.after = copied({name: self.space.get(name) for name in moved})
        return moved

    def is_started(self, function: FunctionType, arguments: tuple[list[Any], dict[str, Any]], net: Network) -> bool:
        """Whether a function with these arguments comes to its loop, and a round moves what could be weights."""
        try:
            called = inspect.signature(function).bind(*arguments[0], **arguments[1])
            called.apply_defaults()
            given = {name: _of_width(value, net) for name, value in called.arguments.items()}
            moved = self.run_to_the_loop(given)
        except Exception:  # whatever a stranger's lines raise: then it is to be called otherwise
            return False
        self.made |= given
        return has_parameters(self, moved, net)

    def method_of(self, part: TrainingMethod) -> Any:
        """The method of an object that a script calls; None where its class is another's."""
        self.run(self.compiled(*part.before))
        thing = eval(compile(ast.fix_missing_locations(ast.Expression(part.thing)), self.file, "eval"), self.space)  # noqa: S307
        method = getattr(thing, part.name, None)
        own = inspect.ismethod(method) and method.__func__.__globals__ is self.space
        return method if own and not inspect.isclass(thing) else None

    def n_samples(self, net: Network) -> int:
        """How many samples the author's own inputs are, with a column of ones or without; 0 before they are known."""
        shape = np.shape(self.data[self.inputs]) if self.inputs else (0,)
        width = next((n for n in (net.n_features, net.n_features + 1) if n in shape), 1)
        return int(np.prod(shape)) // width

    def compiled(self, *statements: ast.stmt) -> CodeType:
        """Statements as they are run."""
        return compile(ast.fix_missing_locations(ast.Module(list(statements), [])), self.file, "exec")

    def run(self, code: CodeType) -> None:
        """Run code in the script's names; nothing it prints is shown."""
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(code, self.space)  # noqa: S102 - the caller's own file
        except SystemExit as error:  # the check is not to end with it
            raise RuntimeError(ENDS.format(error)).with_traceback(error.__traceback__) from None

    @cached_property
    def _dependents(self) -> list[ast.stmt]:
        return dependents(self.part.before, {self.inputs, self.targets}, {**self.space, **self.made})

    @cached_property
    def _again(self) -> list[tuple[set[str], CodeType]]:
        """The lines before the loop that are to be run again with other samples, and the names that they assign."""
        return [(assigned_by(one), self.compiled(one)) for one in self._dependents]

    @cached_property
    def _round(self) -> CodeType:
        """One round of the loop; of a loop over the samples, all of it."""
        over_samples = reads_of(iterated(self.part.loop), {**self.space, **self.made}) & self.made_of_samples()
        return self.compiled(*([self.part.loop] if over_samples else one_round(self.part.loop)))

    def made_of_samples(self) -> set[str]:
        """The names of the samples, and of what the lines before the loop make of them."""
        return {self.inputs, self.targets}.union(*(assigned_by(one) for one in self._dependents))

    def _put_back(self, given: dict[str, Any], made: set[str]) -> None:
        """Let names that were made anew hold what is given; an object made anew, the arrays of the given one."""
        for name in made & given.keys():
            if hasattr(given[name], "__dict__") and type(self.space[name]) is type(given[name]):
                new = {slot.path: slot for slot in slots_of(SimpleNamespace(one=self.space[name]))}
                for slot in slots_of(SimpleNamespace(one=given[name])):
                    if slot.path in new and new[slot.path].array.shape == slot.array.shape:
                        new[slot.path].put(slot.array)
                given[name] = self.space[name]
            self.space[name] = given[name]


def with_samples(source: TrainingSource, net: Network) -> None:
    """Tell which names of a source are its inputs and its targets.

    Raises
    ------
    InvalidValue
        Where there are none.
    """
    source.inputs = _samples(source, net.n_features, "X", net)
    source.targets = _samples(source, net.n_outputs, "T", net)


def has_parameters(source: TrainingSource, moved: set[str], net: Network) -> bool:
    """Whether what a round moves could be the network's parameters; it is the source's state then.

    An object of which a round changes other numbers alone is not trained: its outputs are asked for.
    """
    source.state = {name: value for name, value in source.data.items() if name in moved}
    before = parameters_of(net, slots_of(SimpleNamespace(**source.state)))
    if before is None and (before := _with_still_ones(source, net)) is None:
        return False
    after = parameters_of(net, slots_of(SimpleNamespace(**source.after)))
    if after is None:
        return True
    stored = assigned_by(source.part.loop, calls=False)
    return any(
        not np.array_equal(slot.array, after[block].array) or re.split(r"\W", slot.path.lstrip("."))[0] in stored
        for block, slot in before.items()
    )


def _with_still_ones(source: TrainingSource, net: Network) -> dict[str, Slot] | None:
    """The parameters, where all weights move and biases that a round reads do not; then all of them are the state."""
    read = reads_of(source.part.loop, source.space) & source.data.keys()
    state = source.state | {name: source.data[name] for name in source.data if name in read - source.state.keys()}
    found = parameters_of(net, slots_of(SimpleNamespace(**state))) or {}
    roots = {block: re.split(r"\W", slot.path.lstrip("."))[0] for block, slot in found.items()}
    if not found or not all(root in source.state for block, root in roots.items() if block[0] == "W"):
        return None
    source.state |= {root: source.data[root] for root in roots.values()}
    source.after |= {root: source.data[root] for root in roots.values() if root not in source.after}
    return found


def object_of(source: TrainingSource) -> TrainingScript:
    """An object of the state of a source: the parameters, and numbers that are not made of the samples, as rates."""
    made = source.made_of_samples()
    numbers = {name: value for name, value in source.data.items() if isinstance(value, int | float)}
    source.state |= {name: value for name, value in numbers.items() if name not in made}
    found: TrainingScript = type("Script", (TrainingScript,), {"source": source})()
    vars(found).update(copied(source.state))
    return found


def is_data(value: Any) -> bool:
    """Whether a name holds something that a round may change: no function, class or module."""
    return not isinstance(value, ModuleType | type | FunctionType | MethodType | np.ufunc)


def copied(values: dict[str, Any]) -> dict[str, Any]:
    """Copies of values that share what they shared; where one cannot be copied, an open file say, it itself."""
    memo: dict[int, Any] = {}
    found = {}
    for name, value in values.items():
        try:
            found[name] = copy.deepcopy(value, memo)
        except Exception:  # whatever a stranger's object raises
            found[name] = value
    return found


def _numbers_of(value: Any) -> list[tuple[str, bytes]]:
    """All numbers that a value holds, to be compared."""
    slots = slots_of(SimpleNamespace(b=value))  # of this name, a number alone is one, too
    return [(slot.path, slot.array.tobytes()) for slot in slots]


def _as_came(array: Any, old: Any) -> Any:
    return array.tolist() if isinstance(old, list) and isinstance(array, np.ndarray) else array


def _samples(source: TrainingSource, n: int, role: str, net: Network) -> str:
    """The name of a script's inputs or targets: the nearest to its loop that is called so, or else has their shape."""
    widths = [n, n + 1] if role == "X" else [n]  # of inputs with a column of ones
    for width, names in product(widths, list(_levels(source))):
        able = [name for name in names if name not in (*source.state, source.inputs)]
        fitting = [name for name in able if _may_be(source.data[name], width, source.n_samples(net))]
        named = [name for name in fitting if role_of(name) == role]
        if named or fitting:
            return (named or fitting)[0]
    what, called = {"X": ("inputs", "X"), "T": ("targets", "y")}[role]
    raise InvalidValue(WHICH.format(file=Path(source.file).name, what=what, called=called, n=n))


def _may_be(value: Any, n: int, n_samples: int) -> bool:
    """Whether a value may be n numbers for each sample, or, of so many targets, a class each."""
    if not is_numbers(value) and not isinstance(value, int | float):
        return False
    shape = np.shape(value)
    if n_samples:
        return int(np.prod(shape)) in (n * n_samples, n_samples)
    return n in shape or (n == 1 and len(shape) < 2)


def _levels(source: TrainingSource) -> Iterator[list[str]]:
    """The names of data that a loop uses, then of those that they were made of, and so on."""
    space = {**source.space, **source.made}
    now, seen = reads_of(source.part.loop, space), set[str]()
    while now:
        yield [name for name in source.data if name in now]
        seen |= now
        makers = [one for one in source.part.before if assigned_by(one) & now]
        now = set[str]().union(*(reads_of(one, space) for one in makers)) - seen


def _of_width(value: Any, net: Network) -> Any:
    """The hidden widths of the network, where a default gives those of another."""
    if isinstance(value, tuple | list) and value and all(type(one) is int for one in value):
        return type(value)(layer.n_outputs for layer in net.layers[:-1])
    return value
