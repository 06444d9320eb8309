"""Scripts: a file that trains at its top level, read as its author runs it: one round of its loop is one step.

The lines before the loop are run once, on the author's own data. What a round of the loop moves there, and could be
the network's parameters, is kept as the attributes of an object; its ``train(X, T)`` gives the script other samples,
runs the lines that depend on them again, and then one round. From there on it is checked as any object is.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import io
import os
import traceback
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from pathlib import Path
from types import FunctionType, MethodType, ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from chainrule.check.module_values import globals_read
from chainrule.check.names import role_of
from chainrule.check.student_objects import is_numbers, parameters_of, slots_of
from chainrule.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import CodeType

    from chainrule.network.network import Network

NO_LOOP = (
    "{file} has no loop at its top level (or in a function without parameters that it calls) of which one round "
    "changes arrays that could be each of {wanted}. Hand me its function, its class or its object instead, or make a "
    "function of the lines of a single step:\n"
    "def step({names}, X, T):\n    ...\n    return {gradients}\ncheck_backprop(step, net)"
)
WHICH = (
    "{file} does not tell which of its values are its {what}: none that its loop uses is called {called} or has the "
    "shape of {n} numbers a sample. Call them {called}, or make a function of the lines of a single step."
)


@dataclass(frozen=True, eq=False)
class Part:
    """A loop of a script, and the statements that are run before it."""

    before: list[ast.stmt]
    loop: ast.For | ast.While


class Script:
    """What a script holds before its loop, as attributes; each script has a class of its own."""

    source: ClassVar[Source]

    def train(self, X: Any, T: Any) -> None:
        """Run one round of the loop with other samples, and keep what it makes of the attributes."""
        vars(self).update(self.source.after_a_round(vars(self), X, T))


@dataclass(eq=False)
class Source:
    """A script that was run as far as its loop.

    ``space`` are its global names, ``data`` copies of what they held before the loop, ``state`` those of them that are
    set for a call, ``inputs`` and ``targets`` the names of its samples.
    """

    file: str
    part: Part
    space: dict[str, Any]
    data: dict[str, Any]
    state: dict[str, Any]
    inputs: str = ""
    targets: str = ""

    def after_a_round(self, state: dict[str, Any], X: Any, T: Any) -> dict[str, Any]:
        """What one round makes of the state, from samples."""
        given = {self.inputs: _as_came(X, self.data[self.inputs]), self.targets: _as_came(T, self.data[self.targets])}
        kept = dict(self.space)
        self.space.update(copied({name: value for name, value in self.data.items() if name not in state}))
        self.space.update(given | state)
        try:
            for made, code in self._again:
                self.run(code)
                self._put_back(given | state, made)
            self.run(self._round)
            return {name: self.space[name] for name in state}
        finally:
            self.space.clear()
            self.space.update(kept)

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
        with contextlib.redirect_stdout(io.StringIO()):
            exec(code, self.space)  # noqa: S102 - the caller's own file

    @cached_property
    def _dependents(self) -> list[ast.stmt]:
        return dependents(self.part.before, {self.inputs, self.targets}, self.space)

    @cached_property
    def _again(self) -> list[tuple[set[str], CodeType]]:
        """The lines before the loop that are to be run again with other samples, and the names that they assign."""
        return [(assigned_by(one), self.compiled(one)) for one in self._dependents]

    @cached_property
    def _round(self) -> CodeType:
        """One round of the loop; of a loop over the samples, all of it."""
        over_samples = reads_of(_iterated(self.part.loop), self.space) & self.made_of_samples()
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
    functions = {one.name: one.body for one in body if isinstance(one, ast.FunctionDef) and not any(_arguments(one))}
    for part in parts_of(body, functions):
        if (source := _prepared(str(path), part, net)) is not None:
            made = type("Script", (Script,), {"source": source})()
            vars(made).update(copied(source.state))
            return made
    shapes = ", ".join(f"{name} {shape}" for name, shape in net.shapes.items())
    names = ", ".join(net.shapes)
    gradients = ", ".join(f"d{name}" for name in net.shapes)
    raise InvalidValue(NO_LOOP.format(file=path.name, wanted=shapes, names=names, gradients=gradients))


def _arguments(function: ast.FunctionDef) -> Iterator[object]:
    own = function.args
    yield from (*own.posonlyargs, *own.args, *own.kwonlyargs, *filter(None, (own.vararg, own.kwarg)))


def parts_of(
    body: Sequence[ast.stmt], functions: dict[str, list[ast.stmt]], before: Sequence[ast.stmt] = ()
) -> Iterator[Part]:
    r"""Every loop of a script with what is run before it, those inside of others and of ``main()`` too.

    >>> body = ast.parse("a = 1\nfor i in b:\n    c = 2\n    while a: ...").body
    >>> [len(part.before) for part in parts_of(body, {})]
    [1, 3]
    """
    done = list(before)
    for one in body:
        match one:
            case ast.If(test=ast.Compare(left=ast.Name(id="__name__"))):
                yield from parts_of(one.body, functions, done)
            case ast.Expr(value=ast.Call(func=ast.Name(id=name), args=[], keywords=[])) if name in functions:
                rest = {other: lines for other, lines in functions.items() if other != name}
                yield from parts_of(functions[name], rest, done)
            case ast.For() | ast.While():
                yield Part(list(done), one)
                yield from parts_of(one.body, functions, [*done, *_first_bound(one)])
        done.append(one)


def one_round(loop: ast.For | ast.While) -> list[ast.stmt]:
    """A loop that ends after its first round, whatever leads there.

    >>> print(ast.unparse(one_round(ast.parse("for i in range(9): work(i)").body[0])[0]))
    for i in [next(iter(range(9)))]:
        work(i)
    """
    if isinstance(loop, ast.For):
        target, first, body = loop.target, _first(loop.iter), loop.body
    else:
        test: ast.stmt = ast.copy_location(ast.If(loop.test, loop.body, []), loop)
        target, first, body = ast.Name("_", ast.Store()), ast.Constant(0), [test]
    return [ast.copy_location(ast.For(target, ast.List([first], ast.Load()), body, []), loop)]


def _first_bound(loop: ast.For | ast.While) -> list[ast.stmt]:
    """What gives a loop's variable its first value."""
    if isinstance(loop, ast.While):
        return []
    return [ast.copy_location(ast.Assign([loop.target], _first(loop.iter)), loop)]


def _first(iterated: ast.expr) -> ast.expr:
    """The first item of what is iterated: next(iter(…))."""
    for name in ("iter", "next"):
        iterated = ast.Call(ast.Name(name, ast.Load()), [iterated], [])
    return iterated


def _iterated(loop: ast.For | ast.While) -> ast.expr:
    return loop.iter if isinstance(loop, ast.For) else loop.test


def _prepared(file: str, part: Part, net: Network) -> Source | None:
    """Run a script as far as a loop, and one round of it: None where no arrays moved that could be the parameters."""
    source = Source(file, part, {"__name__": "__main__", "__file__": file}, {}, {})
    try:
        source.run(source.compiled(*part.before))
        held = {name: value for name, value in source.space.items() if name[:2] != "__" and is_data(value)}
        source.data = copied(held)
        source.run(source.compiled(*one_round(part.loop)))
    except Exception as error:  # whatever a stranger's lines raise
        line = next((f.lineno for f in reversed(traceback.extract_tb(error.__traceback__)) if f.filename == file), None)
        told = f"{type(error).__name__}: {error}"
        raise InvalidValue(f"{Path(file).name} does not run as it is: in line {line} it raised {told}") from error
    moved = {name for name in source.data if _numbers_of(source.data[name]) != _numbers_of(source.space.get(name))}
    moved |= assigned_by(part.loop) & source.data.keys()  # an update by a gradient of 0 moves nothing
    if parameters_of(net, slots_of(SimpleNamespace(**{name: source.data[name] for name in moved}))) is None:
        return None
    source.space.update(copied(source.data))
    source.state = {name: value for name, value in source.data.items() if name in moved}
    source.inputs = _samples(source, net.n_features, "X", net)
    source.targets = _samples(source, net.n_outputs, "T", net)
    made = source.made_of_samples()
    numbers = {name: value for name, value in source.data.items() if isinstance(value, int | float)}
    source.state |= {name: value for name, value in numbers.items() if name not in made}  # rates, counts
    return source


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


def _samples(source: Source, n: int, role: str, net: Network) -> str:
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


def _levels(source: Source) -> Iterator[list[str]]:
    """The names of data that a loop uses, then of those that they were made of, and so on."""
    now, seen = reads_of(source.part.loop, source.space), set[str]()
    while now:
        yield [name for name in source.data if name in now]
        seen |= now
        makers = [one for one in source.part.before if assigned_by(one) & now]
        now = set[str]().union(*(reads_of(one, source.space) for one in makers)) - seen


def reads_of(node: ast.AST, space: dict[str, Any]) -> set[str]:
    """The names that code reads, and those that functions read of their module which it calls."""
    found = {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)}
    functions = [space[name] for name in found if isinstance(space.get(name), FunctionType)]
    return found.union(*(globals_read([one]) for one in functions))


def assigned_by(statement: ast.stmt) -> set[str]:
    """The names that a statement assigns, or whose value it changes: W = …, W[0] = …, W.append(…).

    >>> sorted(assigned_by(ast.parse("a, b[0] = c").body[0]) | assigned_by(ast.parse("d.append(e)").body[0]))
    ['a', 'b', 'd']
    """
    if isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom):
        return set()
    found = set()
    for one in ast.walk(statement):
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) and isinstance(statement, ast.Expr):
            found |= _base(one.func)
        if isinstance(one, ast.Name | ast.Subscript | ast.Attribute) and isinstance(one.ctx, ast.Store):
            found |= _base(one)
    return found


def _base(node: ast.expr) -> set[str]:
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    return {node.id} if isinstance(node, ast.Name) else set()


def dependents(statements: Sequence[ast.stmt], given: set[str], space: dict[str, Any]) -> list[ast.stmt]:
    """The statements that use given names, or what others made of them, in their order; not those that make these."""
    found, changed = [], set(given)
    last = max((k for k, one in enumerate(statements) if assigned_by(one) & given), default=-1)
    for k, one in enumerate(statements):
        made = assigned_by(one)
        if k <= last and made & given and made <= changed:
            continue
        if made and reads_of(one, space) & changed:
            found.append(one)
            changed |= made
    return found
