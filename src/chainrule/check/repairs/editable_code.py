"""Editable code: functions of a student, and the lines of a script, as trees that can be changed and run again.

The text that they were made of is not touched, nor what other code calls by name: a function keeps what it is, and has
other code for a while. Nothing that reaches out of the program is run in another form than its author's.
"""

from __future__ import annotations
import __future__

import ast
import copy
import gc
import linecache
import re
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from chainrule.check.repairs.watched_code import Ran
from chainrule.check.training_source import TrainingSource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Definition: TypeAlias = "ast.FunctionDef | ast.Lambda"

ANNOTATIONS = __future__.annotations.compiler_flag
REACHING_MODULES = ("os", "shutil", "subprocess", "socket", "requests", "urllib", "pathlib", "pickle", "json", "ctypes")
COMPUTING = ("numpy", "math")
REACHING_CALLS = ("open", "exec", "eval", "compile", "input", "__import__")
ENDLESS = ("itertools", "count", "cycle", "repeat", "iter")  # of which a single call may have no end
REACHING_METHOD = re.compile(
    r"save\w*|to_(csv|pickle|parquet|excel)|tofile|dump|write(lines|_text|_bytes)?|unlink|rmdir|rmtree|mkdir|makedirs|"
    r"system|popen|urlopen",
    re.IGNORECASE,
)


@dataclass(frozen=True, eq=False)
class Editable:
    """A function of the student's, or the lines of a script that are run for each step.

    ``node`` holds its statements, and is changed in place. ``compiled`` makes code of them and returns what puts that
    in its place.
    """

    name: str
    file: str
    node: Any
    ran: Ran
    functions: list[FunctionType]
    compiled: Callable[[], Callable[[], None]]
    put_back: Callable[[], None]

    def install(self) -> bool:
        """Let the statements be run as they are now; return whether they could be compiled."""
        try:
            place = self.compiled()
            place()
        except (SyntaxError, ValueError, TypeError, KeyError):
            self.put_back()
            return False
        return True


def editable_code(student: Any, seen: Mapping[CodeType, Ran]) -> list[Editable]:
    """What ran of a student's text; nothing where one part of it reaches out of the program.

    Functions of which the text is not at hand, or is not what was compiled, are left out. What was handed over itself
    comes last: a function that only calls others is seldom where the mistake is.
    """
    trees: dict[str, ast.Module | None] = {}
    found = [one for code, ran in seen.items() for one in _of_code(code, ran, trees)]
    source = getattr(type(student), "source", None)
    if isinstance(source, TrainingSource):
        found += _of_script(source, seen)
    if any(_reaches_out(one) for one in found) or any(_may_reach_out(code, ran) for code, ran in seen.items()):
        return []
    for one in found:
        one.ran.functions = {name: own for name, own in one.ran.functions.items() if _may_be_called(own, seen)}
        one.ran.methods = {name: own for name, own in one.ran.methods.items() if own.__code__ in seen}
    first = getattr(getattr(getattr(student, "__func__", student), "__code__", None), "co_firstlineno", None)
    return sorted(found, key=lambda one: one.node.lineno == first)


def _reaches_out(editable: Editable) -> bool:
    """Whether code may read or write files, ask, start programs, catch what ends it, or have no end in one call."""
    for one in ast.walk(editable.node):
        match one:
            case ast.Try() | ast.Yield() | ast.YieldFrom():
                return True
            case ast.Name(id=name) if name in ENDLESS and name not in editable.ran.names:
                return True
            case ast.Call(func=ast.Name(id=name)) if name in REACHING_CALLS and name not in editable.ran.functions:
                return True
            case ast.Attribute(value=ast.Name(id=module)) if module in REACHING_MODULES:
                return True
            case ast.Call(func=ast.Attribute(attr=name)) if REACHING_METHOD.fullmatch(name):
                return True
    return False


def _may_reach_out(code: CodeType, ran: Ran) -> bool:
    """Whether code may do so by its names, though its text is not at hand."""
    names = set(code.co_names) - ran.functions.keys() - ran.methods.keys()
    return any(one in REACHING_CALLS or one in REACHING_MODULES or REACHING_METHOD.fullmatch(one) for one in names)


def _may_be_called(function: FunctionType, seen: Mapping[CodeType, Ran]) -> bool:
    """Whether a function ran, or only computes: what did not run may do anything.

    >>> _may_be_called(_words, {}), _may_be_called(lambda x: 2 * x, {})
    (False, True)
    """
    code, space = function.__code__, function.__globals__
    if code in seen:
        return True
    if any(isinstance(one, CodeType) for one in code.co_consts):
        return False
    held = [space[name] for name in code.co_names if name in space]
    computes = all(
        one.__code__ in seen if isinstance(one, FunctionType) else getattr(one, "__name__", "") in COMPUTING
        for one in held
        if not isinstance(one, int | float | np.ndarray)
    )
    return computes and not _may_reach_out(code, Ran())


def _of_code(code: CodeType, ran: Ran, trees: dict[str, ast.Module | None]) -> Iterator[Editable]:
    """A function that ran, if it is still there."""
    functions = [one for one in gc.get_referrers(code) if isinstance(one, FunctionType) and one.__code__ is code]
    found = _definition_of(code, trees)
    if not functions or found is None:
        return
    node, unit = found

    def as_it_is_now() -> CodeType:
        module = compile(unit, code.co_filename, "exec", flags=code.co_flags & ANNOTATIONS, dont_inherit=True)
        new = _code_in(module, (code.co_name, code.co_firstlineno))
        if new is None or new.co_freevars != code.co_freevars:
            raise ValueError(code.co_name)
        return new

    def compiled() -> Callable[[], None]:
        new = as_it_is_now()
        return lambda: _give(functions, new)

    with suppress(SyntaxError, ValueError, TypeError):
        if _words(as_it_is_now()) == _words(code):
            put_back = partial(_give, functions, code)
            yield Editable(code.co_name, code.co_filename, node, ran, functions, compiled, put_back)


def _give(functions: list[FunctionType], code: CodeType) -> None:
    for one in functions:
        one.__code__ = code


def _words(code: CodeType) -> tuple[Any, ...]:
    """What a function's text says: its instructions depend on what else stands in its module."""
    constants = [repr(one) for one in code.co_consts if not isinstance(one, CodeType)]
    return code.co_names, code.co_varnames, code.co_freevars, constants


def _code_in(code: CodeType, key: tuple[str, int]) -> CodeType | None:
    """The code of this name and first line in another's constants."""
    for one in code.co_consts:
        if isinstance(one, CodeType):
            if (one.co_name, one.co_firstlineno) == key:
                return one
            if (found := _code_in(one, key)) is not None:
                return found
    return None


def _definition_of(code: CodeType, trees: dict[str, ast.Module | None]) -> tuple[Definition, ast.Module] | None:
    """A function's definition in the text of its file, and the least of that text which can be compiled by itself."""
    file = code.co_filename
    if file not in trees:
        trees[file] = _tree_of(file)
    tree = trees[file]
    for top in tree.body if tree is not None else ():
        path = _path_to(top, code)
        if path is not None:
            return path[-1], ast.Module([_least(path)], [])
    return None


def _tree_of(file: str) -> ast.Module | None:
    linecache.checkcache(file)  # it may have been written anew since it was last read
    with suppress(SyntaxError, ValueError):
        return ast.parse("".join(linecache.getlines(file)))
    return None


def _path_to(node: ast.AST, code: CodeType) -> list[Any] | None:
    """The nodes that lead from a statement to a definition."""
    if isinstance(node, ast.FunctionDef | ast.Lambda) and _begins(node) == (code.co_name, code.co_firstlineno):
        return [node]
    for child in ast.iter_child_nodes(node):
        if (path := _path_to(child, code)) is not None:
            return [node, *path]
    return None


def _begins(node: Definition) -> tuple[str, int]:
    if isinstance(node, ast.Lambda):
        return "<lambda>", node.lineno
    return node.name, min([node.lineno, *(one.lineno for one in node.decorator_list)])


def _least(path: list[Any]) -> ast.stmt:
    """The statement that a definition stands in; of classes that one method alone."""
    top: ast.stmt = path[0]
    if isinstance(top, ast.ClassDef) and len(path) > 1:
        alone = copy.copy(top)
        alone.bases, alone.keywords, alone.decorator_list, alone.body = [], [], [], [_least(path[1:])]
        return alone
    return top


def _of_script(source: TrainingSource, seen: Mapping[CodeType, Ran]) -> list[Editable]:
    """The round of a script: it is compiled when it is next run."""
    ran = Ran()
    for code, one in seen.items():
        if code.co_name == "<module>" and code.co_filename == source.file:
            ran.add(one)

    def put_back() -> None:
        vars(source).pop("_round", None)

    def compiled() -> Callable[[], None]:
        source.compiled(source.part.loop)
        return put_back

    return [Editable("", source.file, source.part.loop, ran, [], compiled, put_back)] if ran.lines else []
