"""Settings: words that a function asks for, "tanh" or "sigmoid", by which one function serves several networks.

Which words it knows is read where it compares them, looks them up, or is called. The words that the network means are
tried first; and code is called wrong of no branch that the network does not mean, as long as another one is right.
"""

from __future__ import annotations

import ast
import inspect
import linecache
import re
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from itertools import islice, product
from types import FunctionType, MethodType
from typing import TYPE_CHECKING, Any

from chainrule.check.names import role_of
from chainrule.errors import InvalidValue
from chainrule.maths.activations import ACTIVATIONS
from chainrule.maths.losses import LOSSES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from types import CodeType

    from chainrule.check.backprop_report import BackpropReport
    from chainrule.network.network import Network

MOST_TRIED = 4  # of all words of all parameters together
MEANT: dict[str, tuple[str, ...]] = {
    "sigmoid": ("sigm", "logistic", "logsig"),
    "tanh": ("tanh", "tansig", "hyperbolic"),
    "relu": ("relu", "rectif"),
    "leaky_relu": ("leaky", "lrelu"),
    "softmax": ("softmax", "softargmax"),
    "identity": ("identity", "linear", "none", "purelin"),
    "half_squared_error": ("mse", "squar", "quadr"),
    "log_loss": ("bce", "binary", "log", "cross", "xent"),
    "cross_entropy": ("cross", "xent", "ce", "nll", "categorical", "log"),
}
SHORT = 3  # letters of a word that is one by itself alone: ce, mse, log
CHOSEN: ContextVar[Mapping[str, str]] = ContextVar("CHOSEN")  # what settings are given, while they are tried


@contextmanager
def choosing(words: Mapping[str, str]) -> Iterator[None]:
    """Let parameters of these names be given these words.

    >>> def train(kind, X, T): ...
    >>> with choosing({"kind": "tanh"}):
    ...     word_for(inspect.signature(train).parameters["kind"])
    'tanh'
    """
    token = CHOSEN.set(words)
    try:
        yield
    finally:
        CHOSEN.reset(token)


def settings_of(student: Any, net: Network) -> list[dict[str, str]]:
    """Return the words to try for the settings that a function or a class asks for, those that the network means first.

    Nothing where it asks for none, or has a word of its own already that is as good as any.

    >>> from chainrule import Dense, Network
    >>> def train(kind, X, T):
    ...     return 1 if kind == "tanh" else 2
    >>> settings_of(train, Network([Dense(2, "sigmoid"), Dense(1)], n_features=3))
    [{'kind': 'sigmoid'}, {'kind': 'tanh'}]
    """
    found: dict[str, list[str]] = {}
    for function in _functions_of(student):
        for one in _parameters(function):
            own = one.default if isinstance(one.default, str) else None
            if one.name in found or not _may_be_a_word(one):
                continue
            words = _words_of(function, one.name)
            if words and (ordered := _in_order([*words, *([own] if own else [])], own, net)):
                found[one.name] = ordered
    every = (dict(zip(found, words, strict=True)) for words in product(*found.values()))
    return list(islice(every, MOST_TRIED)) if found else []


def in_the_right_setting(settings: Sequence[Mapping[str, str]], check: Callable[[], BackpropReport]) -> BackpropReport:
    """Check code in each of its settings until one is right; else what is said is said of the first that runs.

    Raises
    ------
    InvalidValue
        Where the code can be called in none of them, or has none and cannot be called.
    """
    if not settings:
        return check()
    reports: list[BackpropReport] = []
    refusals: list[InvalidValue] = []
    for words in settings:
        try:
            with choosing(words):
                report = check()
        except InvalidValue as refusal:
            refusals.append(refusal)
            continue
        reports.append(replace(report, notes=(*report.notes, _told(words))))
        if report.verdict.startswith("right"):
            return reports[-1]
    if not reports:
        raise refusals[0]
    return next((one for one in reports if not one.raised), reports[0])


def _told(words: Mapping[str, str]) -> str:
    """Say which words were given.

    >>> _told({"kind": "tanh"})
    "Your code was checked with kind='tanh'."
    """
    return f"Your code was checked with {', '.join(f'{name}={word!r}' for name, word in words.items())}."


def word_for(parameter: inspect.Parameter) -> str | None:
    """Return the word that a parameter is given now, None where it is no setting: an error has that name, too."""
    word = CHOSEN.get({}).get(parameter.name)
    return word if word is not None and _may_be_a_word(parameter) else None


def _may_be_a_word(parameter: inspect.Parameter) -> bool:
    """Whether a parameter has a word already, or has nothing and a name that tells nothing."""
    return isinstance(parameter.default, str) or (parameter.default is parameter.empty and not role_of(parameter.name))


def _functions_of(student: Any) -> list[Any]:
    """What may be asked for words: a function, or a class with its methods."""
    if isinstance(student, FunctionType | MethodType):
        return [student]
    kind = student if inspect.isclass(student) else type(student)
    return [kind, *(one for one in vars(kind).values() if isinstance(one, FunctionType) and one.__name__[:2] != "__")]


def _parameters(function: Any) -> list[inspect.Parameter]:
    try:
        return [one for one in inspect.signature(function).parameters.values() if one.name != "self"]
    except (TypeError, ValueError):
        return []


def _in_order(words: Sequence[str], own: str | None, net: Network) -> list[str]:
    """Words once each, what the network means first; of a parameter that has a word of its own none, if none is."""
    distinct = list(dict.fromkeys(words))
    names = list(dict.fromkeys([net.layers[0].activation.name, net.layers[-1].activation.name, net.loss.name]))
    ranks = {word: next((k for k, name in enumerate(names) if _means(word, name)), len(names)) for word in distinct}
    if all(rank == len(names) for rank in ranks.values()):
        of_losses = any(_means(word, name) for word in distinct for name in LOSSES)
        of_units = any(_means(word, name) for word in distinct for name in ACTIVATIONS)
        if of_losses or of_units:  # what the network means may be the branch that is left to all others
            return [names[0] if of_units else net.loss.name, *distinct]
        return [] if own is not None else distinct
    if own is not None and ranks[own] < len(names):
        return []
    return sorted(distinct, key=lambda word: ranks[word])


def _means(word: str, name: str) -> bool:
    """Whether a word is how people call an activation or a loss."""
    plain = word.lower()
    if name == "relu" and any(one in plain for one in MEANT["leaky_relu"]):
        return False
    return plain == name or any(
        one in (plain if len(one) > SHORT else re.split(r"[\W_]+", plain)) for one in MEANT.get(name, ())
    )


def _words_of(student: Any, name: str) -> list[str]:
    """The words that a parameter is compared with in the student's lines, else in their file, or is given there."""
    own = (one for one in vars(student).values() if isinstance(one, FunctionType)) if inspect.isclass(student) else ()
    function = next(iter(own), getattr(student, "__func__", student))
    code = getattr(function, "__code__", None)
    if code is None:
        return []
    whole, space = _tree("".join(linecache.getlines(code.co_filename))), function.__globals__
    given = _given(whole, student, name)
    lines = [
        one
        for one in ast.walk(whole)
        if isinstance(one, ast.FunctionDef | ast.ClassDef) and one.name == student.__name__ and _holds(one, code)
    ]
    if lines and (found := _compared(lines[0], name, space)):
        return [*found, *given]
    return [*_compared(whole, name, space), *given] if given else []


def _holds(lines: ast.stmt, code: CodeType) -> bool:
    """Whether a definition holds the lines that a code begins with."""
    decorators = [one.lineno for one in getattr(lines, "decorator_list", ())]
    first: int = min([lines.lineno, *decorators])
    return first <= code.co_firstlineno <= (lines.end_lineno or 0)


def _tree(source: str) -> ast.AST:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError):
        return ast.Module([], [])


def _compared(tree: ast.AST, name: str, space: Mapping[str, Any]) -> list[str]:
    """The words that something of a name is held against: by ==, in, match, or as the key of a dict."""
    found: list[str] = []
    for one in ast.walk(tree):
        match one:
            case ast.Compare(left=left, comparators=others) if any(_is_named(side, name) for side in (left, *others)):
                found += [word for side in (left, *others) for word in _constants(side)]
            case ast.Match(subject=subject, cases=cases) if _is_named(subject, name):
                found += [word for case in cases for word in _constants(case.pattern)]
            case ast.Subscript(value=ast.Name(id=held), slice=key) if _is_named(key, name):
                found += [word for word in space.get(held) or () if isinstance(word, str)]
            case ast.Subscript(value=ast.Dict(keys=keys), slice=key) if _is_named(key, name):
                found += [word for one_key in keys if one_key is not None for word in _constants(one_key)]
    return list(dict.fromkeys(found))


def _is_named(value: ast.expr, name: str) -> bool:
    """Whether an expression is a name, or an attribute of this name, in small letters perhaps."""
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr in ("lower", "strip"):
        return _is_named(value.func.value, name)
    return (isinstance(value, ast.Name) and value.id == name) or (
        isinstance(value, ast.Attribute) and value.attr.strip("_") == name
    )


def _constants(value: ast.AST) -> list[str]:
    return [one.value for one in ast.walk(value) if isinstance(one, ast.Constant) and isinstance(one.value, str)]


def _given(tree: ast.AST, function: Any, name: str) -> list[str]:
    """The words that a function is given where its file calls it: as they stand, or by a loop over them."""
    called = function.__name__
    names = [one.name for one in _parameters(function)]
    loops = {
        one.target.id: [word for word in _constants(one.iter) if isinstance(one.iter, ast.Tuple | ast.List)]
        for one in ast.walk(tree)
        if isinstance(one, ast.For | ast.comprehension) and isinstance(one.target, ast.Name)
    }
    found: list[str] = []
    for one in ast.walk(tree):
        if isinstance(one, ast.Call) and called in (getattr(one.func, "id", ""), getattr(one.func, "attr", "")):
            by_name = {key.arg: key.value for key in one.keywords}
            value = dict(zip(names, one.args, strict=False)).get(name, by_name.get(name))
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                found.append(value.value)
            elif isinstance(value, ast.Name):
                found += loops.get(value.id, [])
    return list(dict.fromkeys(found))
