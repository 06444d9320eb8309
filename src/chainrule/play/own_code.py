"""Code of one's own: it runs in its sandbox, is checked, and its gradient trains the picture."""

from __future__ import annotations

import ast
import inspect
import tempfile
import threading
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.check.bound_gradient import checked_gradient
from chainrule.check.calling import StudentError
from chainrule.check.methods import is_backward, is_forward
from chainrule.check.parameter_roles import is_gradient
from chainrule.check.wrappers import UnknownParameters
from chainrule.errors import InvalidValue
from chainrule.sandbox import Ended, Limits, Raised, UnreadableSubmission, opened, read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chainrule.maths.arrays import Array
    from chainrule.network.network import Network

SECONDS = 3600.0  # that pasted code may train in all
SECONDS_OF_CHECK = 20.0
SECONDS_OF_CALL = 10.0
KINDS = inspect.Parameter


class OwnCode:
    """Pasted code in a process of its own: a function that is handed the parameters and returns their gradient.

    Of several functions it is the one called ``backprop``, else the last whose name says backward or gradient. What it
    takes and returns is found out as ``check_backprop`` does.

    Attributes
    ----------
    text, net
        The code, and the network it was checked for.
    name : str
        The function that trains.
    report : BackpropReport
        What the checker says of it.
    """

    def __init__(self, text: str, net: Network) -> None:
        self.text, self.net = text, net
        self._stack = ExitStack()
        self._one_at_a_time = threading.Lock()
        try:
            folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="chainrule-play-")))
            path = folder / "backprop.py"
            path.write_text(text, encoding="utf-8")
            self._loaded = self._stack.enter_context(
                opened(read(path), limits=Limits(seconds=SECONDS_OF_CALL, total=SECONDS))
            )
            function = self._function(path, text, net)
            self.name = function.__name__
            with self._told():
                self._loaded.session.begin(SECONDS_OF_CHECK)
                self.report, self._gradient = checked_gradient(function, net)
                self._loaded.session.begin(SECONDS, each=SECONDS_OF_CALL)
        except UnknownParameters as error:
            self.close()
            raise InvalidValue(
                *(str(one).removesuffix("\ncheck_backprop(backprop, net)") for one in error.args)
            ) from None
        except UnreadableSubmission as error:
            self.close()
            raise InvalidValue(str(error)) from None
        except BaseException:
            self.close()
            raise

    def _function(self, path: Path, text: str, net: Network) -> FunctionType:
        """Return a stand-in for the function that trains, beside stand-ins for all others of the file."""
        definitions = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
        space: dict[str, Any] = {}
        for node in definitions:
            space[node.name] = _stand_in(node, path, space, self._call)
        name = _training(list(space), alone=not _classes(text))
        if not name:
            raise InvalidValue(*_wrapper(text, net))
        with self._told():
            if self._loaded.describe([name])[name].kind != "function":
                raise InvalidValue(f"{name} is no function once the file has run. {' '.join(self._loaded.remarks)}")
        found: FunctionType = space[name]
        return found

    def _call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        try:
            with self._one_at_a_time:
                return getattr(self._loaded.module, name)(*args, **kwargs)
        except Raised as error:
            if (frame := self._loaded.places.last(error)) is not None:
                line = self._loaded.file.line(frame.file, frame.line)
                error.place = f" in line {frame.line} of {frame.function}: {line.strip()}"  # type: ignore[attr-defined]
            raise

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say in a sentence what a process that ended, or code that raised, has to say."""
        try:
            yield
        except Ended as error:
            raise InvalidValue(self._loaded.crash(error).sentence) from None
        except StudentError as error:
            raise InvalidValue(f"Your code raised {error}.") from None

    def with_penalty(self, l2: float) -> Callable[[Array, Array, Array], Array]:
        """Return its gradient, (theta, X, T) -> flat; code that asks for λ is handed it."""

        def gradient(theta: Array, X: Array, T: Array) -> Array:
            theta, X, T = (np.asarray(one, dtype=np.float64) for one in (theta, X, T))
            with self._told(), np.errstate(all="ignore"):
                return self._gradient(theta, X, T, l2)

        return gradient

    def close(self) -> None:
        """End its process."""
        self._stack.close()


def _stand_in(node: ast.FunctionDef, path: Path, space: dict[str, Any], call: Callable[..., Any]) -> FunctionType:
    """A function of the same name, place and parameters, which calls that of the sandbox."""

    def stand_in(*args: Any, **kwargs: Any) -> Any:
        return call(node.name, args, kwargs)

    code = stand_in.__code__.replace(co_filename=str(path), co_firstlineno=node.lineno, co_name=node.name)
    made = FunctionType(code, space, node.name, None, stand_in.__closure__)
    made.__signature__ = _signature(node.args)  # type: ignore[attr-defined]
    return made


def _signature(arguments: ast.arguments) -> inspect.Signature:
    """The signature that a definition has; a default is only told where it is a plain value."""
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults = [*([None] * (len(positional) - len(arguments.defaults))), *arguments.defaults]
    kinds = [KINDS.POSITIONAL_ONLY] * len(arguments.posonlyargs) + [KINDS.POSITIONAL_OR_KEYWORD] * len(arguments.args)
    rows = zip(positional, kinds, defaults, strict=True)
    found = [KINDS(one.arg, kind, default=_value(value)) for one, kind, value in rows]
    if arguments.vararg:
        found.append(KINDS(arguments.vararg.arg, KINDS.VAR_POSITIONAL))
    for one, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        found.append(KINDS(one.arg, KINDS.KEYWORD_ONLY, default=_value(value)))
    if arguments.kwarg:
        found.append(KINDS(arguments.kwarg.arg, KINDS.VAR_KEYWORD))
    return inspect.Signature(found)


def _value(default: ast.expr | None) -> Any:
    if default is None:
        return KINDS.empty
    try:
        return ast.literal_eval(default)
    except ValueError:
        return None


def _training(names: list[str], *, alone: bool) -> str:
    """Return the function that trains: ``backprop``, or the last that says so; any but a forward pass if ``alone``."""
    if "backprop" in names:
        return "backprop"
    named = [name for name in names if is_backward(name) or "grad" in name.lower()]
    if alone:
        named = named or [name for name in names if is_gradient(name)] or [one for one in names if not is_forward(one)]
    return named[-1] if named else ""


def _classes(text: str) -> list[ast.ClassDef]:
    return [node for node in ast.parse(text).body if isinstance(node, ast.ClassDef)]


def _wrapper(text: str, net: Network) -> tuple[str, str]:
    """Say which code trains the picture, with the function to write, around a class where there is one."""
    classes = _classes(text)
    said, lines = "There is no function in it that can train", ["...", f"return {_listed(net, 'd')}"]
    if classes:
        said, lines = f"The class {classes[-1].name} keeps its own parameters", _around(classes[-1], net)
    head = f"def backprop({_listed(net)}, X, T):"
    told = f"{said}: the picture is trained by a function that is handed them. Add, with what you give for …"
    return told, "\n    ".join([head, *lines])


def _around(node: ast.ClassDef, net: Network) -> list[str]:
    """The lines that make an object of a class one step's gradient: by the names that its own code gives its arrays."""
    methods = {one.name: one for one in node.body if isinstance(one, ast.FunctionDef)}
    kept = {one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute) and isinstance(one.ctx, ast.Store)}
    widths = [net.n_features, *(layer.n_outputs for layer in net.layers)]
    takes = len(methods["__init__"].args.args) - 1 if "__init__" in methods else 0
    given = {0: "", 1: repr(widths), len(widths): ", ".join(map(str, widths))}.get(takes, "...")
    arrays = _listed(net, "model.") if kept >= set(net.shapes) else "..."
    gradients = {f"d{name}" for name in net.shapes}
    back = next((name for name in methods if is_backward(name)), "backward")
    forth = next((name for name in methods if is_forward(name)), "forward")
    lines = [f"model = {node.name}({given})", f"{arrays} = {_listed(net)}", f"model.{forth}(X)"]
    if kept >= gradients:
        return [*lines, f"model.{back}(T)", f"return {_listed(net, 'model.d')}"]
    return [*lines, f"return model.{back}(T)"]


def _listed(net: Network, before: str = "") -> str:
    return ", ".join(f"{before}{name}" for name in net.shapes)
