"""Observed programs: at what code can be watched: its file as it is run, its training with samples of ours."""

from __future__ import annotations

import ast
import copy
import inspect
import linecache
import os
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import CodeType, FunctionType, MethodType, ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

from chainrule.check.given import OF_PARAMETERS, CallInputs
from chainrule.check.layouts import COLUMNS, STACKED, Layout
from chainrule.check.made_objects import made_of
from chainrule.check.methods import is_training, is_update
from chainrule.check.module_values import restored
from chainrule.check.observed_run import WatchedRun, is_data, names_of_module
from chainrule.check.parameter_roles import bind, given_to, unknown
from chainrule.check.script_names import names_of_script
from chainrule.check.training_source import copied
from chainrule.check.trial_points import random_point
from chainrule.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import FrameType

    from chainrule.network.network import Network

LAYOUTS = (
    Layout(),
    Layout(targets="labels"),
    Layout(targets="flat"),
    Layout(samples="list"),
    Layout(samples="flat"),
    COLUMNS,
    Layout(pairs=True),
    STACKED[0],
    Layout(samples="list", targets="labels"),
    Layout(samples="column"),
)
MOST_ENTRIES = 4
CALLS = 5  # of an entry, each with samples of its own
NUMBERS = (7, 11, 13, 17, 19)  # of samples: what divides by another number is no usual factor of the right step
ROUNDS = 9  # more than looks at one place: what starts anew at every call is not compared across calls


@dataclass(frozen=True, eq=False)
class WatchedProgram:
    """What can be run and watched: what is called, "" for a file as it is, and what runs it."""

    called: str
    start: Callable[[WatchedRun], object]
    is_own: Callable[[FrameType], bool]

    @property
    def is_whole(self) -> bool:
        """Whether it is a whole file, with its author's own data."""
        return not self.called

    def watched(self) -> WatchedRun:
        """Run it."""
        watch = WatchedRun(self.is_own)
        watch.run(lambda: self.start(watch))
        return watch


def programs_of(student: Any, net: Network, rate: float) -> Iterator[WatchedProgram]:
    """The programs in which code may train: its file as it is run, then its training with samples of ours."""
    if (path := _path_of(student)) is not None:
        yield from _as_it_is_run(_text_of(path), str(path))
        return
    function = _function_of(student)
    if function is None:
        return
    file = function.__code__.co_filename
    yield from _as_it_is_run("".join(linecache.getlines(file)), file)
    for things, entry in islice(_entries(student, net, rate), MOST_ENTRIES):
        for layout in LAYOUTS:
            yield _with_samples(things, entry, net, layout, rate)


def _path_of(student: Any) -> Path | None:
    """The file of a script, or of a module."""
    if isinstance(student, ModuleType):
        student = getattr(student, "__file__", None)
    return Path(student) if isinstance(student, str | os.PathLike) else None


def _text_of(path: Path) -> str:
    """What stands in a file; nothing where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def functions_of(student: Any) -> list[FunctionType]:
    """The functions of a student's code: of an object, those that it has; of a file, none."""
    if _path_of(student) is not None:
        return []
    thing = getattr(student, "__func__", student)
    if isinstance(thing, FunctionType):
        return [thing]
    kind = thing if inspect.isclass(thing) else type(thing)
    return [one for name in dir(kind) if isinstance(one := getattr(kind, name, None), FunctionType)]


def _function_of(student: Any) -> FunctionType | None:
    """A function of a student's code, which knows its file and its module."""
    thing = getattr(student, "__func__", student)
    if isinstance(thing, FunctionType):
        return thing
    kind = thing if inspect.isclass(thing) else type(thing)
    return next((one for one in vars(kind).values() if isinstance(one, FunctionType)), None)


def _as_it_is_run(text: str, file: str) -> Iterator[WatchedProgram]:
    """A file as Python runs it, where that does more than define things."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return
    own = {one.name for one in tree.body if isinstance(one, ast.FunctionDef | ast.ClassDef)}
    if any(_does_something(one, own) for one in tree.body):
        code = compile(tree, file, "exec")
        space = names_of_script(file)
        folder = str(Path(file).parent)

        def is_own(frame: FrameType) -> bool:
            name = frame.f_code.co_filename
            return name == file or str(Path(name).parent) == folder

        yield WatchedProgram("", lambda _: exec(code, dict(space)), is_own)  # noqa: S102 - the caller's own file


def _does_something(line: ast.stmt, own: set[str]) -> bool:
    """Whether a line at the top level may train: a loop, what is guarded, a call; of what the file defines, if kept."""
    if isinstance(line, ast.Assign):
        return any(isinstance(one, ast.Name) and one.id in own for one in ast.walk(line.value))
    return isinstance(line, ast.For | ast.While | ast.If | ast.With | ast.Try) or (
        isinstance(line, ast.Expr) and isinstance(line.value, ast.Call)
    )


def _entries(student: Any, net: Network, rate: float) -> Iterator[tuple[Callable[[], Any], list[str]]]:
    """What may be trained, made anew at every call, and the names of what is called of it, one after the other."""
    thing = student.__self__ if isinstance(student, MethodType) else student
    if isinstance(thing, FunctionType):
        beside = _that_lead_to(thing)
        yield from _of_names(lambda: SimpleNamespace(**beside), SimpleNamespace(**beside), thing.__name__, net)
        return
    if not inspect.isclass(thing):
        yield from _of_names(lambda: copy.deepcopy(thing), thing, getattr(student, "__name__", ""), net)
        return
    try:
        made = made_of(thing, net, rate)
    except InvalidValue:
        return
    yield from _of_names(lambda: copy.deepcopy(made), made, "", net)


def _that_lead_to(function: FunctionType) -> dict[str, FunctionType]:
    """A function and those of its module that call it, or one that does: nothing else of a module is called here."""
    space = function.__globals__
    others = {n: one for n, one in space.items() if isinstance(one, FunctionType) and one.__globals__ is space}
    found = {n: one for n, one in others.items() if one is function}
    while more := {n: one for n, one in others.items() if n not in found and names_in(one) & found.keys()}:
        found |= more
    return found


def names_in(function: FunctionType) -> set[str]:
    """The names of a function's code, and of code within it: its own, and those that it looks up."""
    codes, names = [function.__code__], set[str]()
    while codes:
        code = codes.pop()
        names.update(code.co_names, code.co_varnames, code.co_cellvars, code.co_freevars)
        codes += [one for one in code.co_consts if isinstance(one, CodeType)]
    return names


def _of_names(
    make: Callable[[], Any], thing: Any, first: str, net: Network
) -> Iterator[tuple[Callable[[], Any], list[str]]]:
    """Of an object, or a module: what takes samples and no parameters, what is called training first; then updates."""
    names = [
        name
        for name in dir(thing)
        if name[:2] != "__" and isinstance(getattr(thing, name, None), FunctionType | MethodType)
    ]
    roles = {name: _roles(getattr(thing, name), net) for name in names}
    taking = [n for n in names if _takes_samples(roles[n])]
    taking.sort(key=lambda name: (name != first, not is_training(name)))
    able = [n for n, own in roles.items() if own is not None and own <= {"rate", "count"}]
    updates = [n for n in able if n not in taking and is_update(n)]
    for name in taking:
        yield make, [name]
        if updates:
            yield make, [name, updates[0]]


def _roles(function: Any, net: Network) -> set[str] | None:
    """The roles of a function's parameters; None where one of them is unknown."""
    try:
        parameters = bind(function, net)
    except (TypeError, ValueError, InvalidValue):
        return None
    return None if unknown(parameters) else {one.role for one in parameters}


def _takes_samples(roles: set[str] | None) -> bool:
    return roles is not None and roles.isdisjoint(OF_PARAMETERS) and ({"X", "T"} <= roles or "X and T" in roles)


def _with_samples(
    entry: Callable[[], Any], names: Sequence[str], net: Network, layout: Layout, rate: float
) -> WatchedProgram:
    """Training that is called with samples of ours, some times."""
    probe = getattr(entry(), names[0])
    function = getattr(probe, "__func__", probe)
    space = function.__globals__
    sizes = {net.n_features, *(layer.n_outputs for layer in net.layers)}
    n_samples = next((n for n in NUMBERS if sizes.isdisjoint({n, 2 * n})), NUMBERS[-1])

    def start(watch: WatchedRun) -> None:
        with restored(space):
            space.update(copied({name: one for name, one in space.items() if name[:2] != "__" and is_data(one)}))
            thing = entry()
            for k in range(CALLS):
                point = random_point(net, 0.0, k, n_samples)
                given = CallInputs(net, point, layout, rate, times=ROUNDS)
                for name in names:
                    called = getattr(thing, name)
                    by_place, by_name = given_to(bind(called, net), given)
                    called(*by_place, **by_name)
                N = 1 if layout.samples in ("flat", "list") else None
                held = {"X": point.X[:N], "T": point.T[:N], "it": thing}
                watch.look(
                    ("", "", 0), names_of_module(space) | (held if not _is_module(thing) else held | {"it": None})
                )

    return WatchedProgram(" and ".join(names), start, lambda frame: frame.f_globals is space)


def _is_module(thing: Any) -> bool:
    return isinstance(thing, SimpleNamespace)
