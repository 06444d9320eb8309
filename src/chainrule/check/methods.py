"""Methods: which of an object's methods are its forward and backward pass, its loss with gradients, its training."""

from __future__ import annotations

import inspect
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from chainrule.check.names import role_of
from chainrule.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Sequence

KINDS_OF_METHODS: dict[str, tuple[tuple[str, ...], str]] = {
    "forward": (
        ("forward", "feedforward", "feed_forward", "forward_pass", "forward_propagation", "forward_prop", "predict"),
        r"(forward|feed_?(forward|through)|propagate_forward|predict|think|compute_outputs?|propag(?!\w*(back|atr|inver|tras|retro))|adelante|avan)",
    ),
    "backward": (
        ("backward", "backprop", "back_prop", "backpropagate", "backpropagation", "backward_pass", "bprop"),
        r"(back_?prop|backward|back_?pass|back_?through|back(?=_|$)|(add|accum\w*)_grad|bprop|propagate_back|retro|propag\w*_(atr|inver|tras))",
    ),
    "update": (
        ("update", "step", "update_weights", "update_parameters", "update_params", "optimize"),
        r"(update|step|apply(?=$|_(grad|update|step|delta|change))|(change|adjust|modify|correct|move)_?(the_)?(w|param|syn))",
    ),
    "loss": (
        ("loss", "loss_and_grad", "cost", "cost_function", "objective", "gradients", "gradient", "grads", "grad"),
        r"(loss_and_|cost_and_|compute_loss|compute_grad|calc\w*_grad|get_grad|gradients?_)",
    ),
    "train": (
        ("train_step", "train_on_batch", "update", "step", "train", "fit", "learn", "optimize", "partial_fit"),
        r"(train|fit|learn|update|step|optimi[sz]e|sgd|gradient_descent|entren|trein|ajust|apprend|apren|lern|addestr)",
    ),
}


ANYWHERE = ("forward", "backward")
OF_LOSS = re.compile(r"(?i)(loss|cost|error|objective|criterion)")


def method_of(student: Any, kind: str) -> str | None:
    """The name of the method of a kind: by a usual name, else by how its name begins.

    >>> class Net:
    ...     def train_batch(self, x, y): ...
    >>> method_of(Net(), "train"), method_of(Net(), "backward")
    ('train_batch', None)
    """
    usual, pattern = KINDS_OF_METHODS[kind]
    named = [name for name in usual if callable(getattr(student, name, None))]
    begins = [name for name in _public(student) if re.match(pattern, name, re.IGNORECASE)]
    begins += [name for name in _public(student) if kind in ANYWHERE and _says(kind, name) and name not in begins]
    called = ["__call__"] if kind == "forward" and "__call__" in dir(type(student)) else []
    return next(iter([*named, *begins, *called]), None)


@lru_cache(maxsize=1024)
def _says(kind: str, name: str) -> bool:
    """Whether a name says forward or backward, at its beginning or in a later word: run_forward, L_model_backward."""
    return re.search(rf"(^|_)_*{KINDS_OF_METHODS[kind][1]}", name, re.IGNORECASE) is not None


def is_backward(name: str) -> bool:
    """Whether a method's name says that it goes backward."""
    return _says("backward", name)


def is_forward(name: str) -> bool:
    """Whether a function's name says that it goes forward."""
    return _says("forward", name)


def is_update(name: str) -> bool:
    """Whether a function's name says that it steps."""
    return re.match(KINDS_OF_METHODS["update"][1], name, re.IGNORECASE) is not None


def is_training(name: str) -> bool:
    """Whether a method's name says that it trains.

    >>> is_training("trainNetwork"), is_training("run_descent"), is_training("predict")
    (True, True, False)
    """
    pattern = rf"(?i)_*({KINDS_OF_METHODS['train'][1]}|\w*(train|fit(?=$|_)|learn|descent))"
    return re.match(pattern, name) is not None


def _public(student: Any) -> list[str]:
    return [name for name in dir(student) if not name.startswith("_") and callable(getattr(student, name, None))]


def ways_to_call(student: Any) -> list[list[str]]:
    """The methods that are called one after the other, in every way that makes sense, the usual one first.

    Raises
    ------
    InvalidValue
        Where there is none.
    """
    forward, backward = method_of(student, "forward"), method_of(student, "backward")
    ways: list[list[str]] = []
    if backward is not None:
        ways.append([backward] if forward is None else [forward, backward])
        ways.append([backward])
        if forward is not None and (loss := _loss_between(student, backward)) is not None:
            ways.append([forward, loss, backward])
    ways += [[name] for kind in ("loss", "train") if (name := method_of(student, kind)) is not None]
    ways += [[name] for name in ("train", "fit") if backward is not None and callable(getattr(student, name, None))]
    if not ways:
        raise InvalidValue(
            f"A {type(student).__name__} has no method that I could call for its gradient (its methods: "
            f"{', '.join(_public(student)) or 'none'}). I look for forward(X) and backward(T), or loss(X, y), or "
            "train(X, y). Or hand me the method itself: check_backprop(model.my_method, net)."
        )
    return [list(way) for way in dict.fromkeys(map(tuple, ways))]


def _loss_between(student: Any, backward: str) -> str | None:
    """A method that is given outputs and targets, and keeps them for a backward pass that is given nothing."""
    if _parameters_of(getattr(student, backward)) != []:
        return None
    takes = {name: _parameters_of(getattr(student, name)) for name in _public(student) if OF_LOSS.search(name)}
    return next((name for name, own in takes.items() if len(own or []) == 2 and "T" in map(role_of, own or [])), None)


def _parameters_of(method: Any) -> list[str] | None:
    """The names of the parameters of something that is called; None where Python cannot tell, of a builtin, say."""
    try:
        return list(inspect.signature(method).parameters)
    except (TypeError, ValueError):
        return None


def ways_of_method(student: Any, name: str) -> list[list[str]]:
    """A bound method, after the forward pass where it is a backward one that needs it."""
    forward = method_of(student, "forward")
    return [[forward, name], [name]] if is_backward(name) and forward is not None else [[name]]


def names_of_parameters(functions: Sequence[Any], asked: Any) -> set[str]:
    """What the parameters of functions are named."""
    names: set[str] = set()
    for function in functions:
        try:
            names |= {one.name for one in asked(function)}
        except (TypeError, ValueError):
            continue
    return names
