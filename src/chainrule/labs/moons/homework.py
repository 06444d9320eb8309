"""The homework of ``moons`` (S0): functions that read W, B and V of their module."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.homework import LayerLetters, Letters, Slip, backprop, compare, parts_of
from chainrule.homework.exercise import Decision, Homework, Sheet
from chainrule.homework.loss_exercises import all_with_all
from chainrule.homework.step_slips import step_slips
from chainrule.language.translation import Sentence
from chainrule.network.layers import Dense
from chainrule.network.network import Network

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from chainrule.homework import Given
    from chainrule.maths.arrays import Array

H = 4
STEPS = 128
LETTERS = Letters(
    layers=(
        LayerLetters(
            name="the hidden layer", weights="W", bias="B", inputs="X", before="Z", after="A", slope="1[Z > 0]",
            error="DZ", d_weights="DW", d_bias="DB", forward="Z = X W + B, A = max(0, Z)",
            by_weights="DW = Xᵀ DZ / N", by_bias="DB = Σ DZ / N", back="DZ = DY Vᵀ ⊙ 1[Z > 0]",
        ),
        LayerLetters(
            name="the output", weights="V", inputs="A", before="Y", after="Y", slope="1", error="DY", d_weights="DV",
            forward="Y = A V", by_weights="DV = Aᵀ DY / N", back="DY = −T · 1[−Y T > 0]",
        ),
    ),
    output_error="DY = −T · 1[−Y T > 0]",
    mean="The 1/N comes once, in gradients.",
    loss="E = (1/N) Σ max(0, −y t)",
    returns="Return DW, DB and DV, in this order.",
    own={
        "loss-and-gradient-differ": (
            "DY belongs to another error: it is not 0 where it should be, or another number where it is not.",
            "DY = −T · 1[−Y T > 0]: −T on the wrong side, 0 on the right one.",
        )
    },
)  # fmt: skip


def net() -> Network:
    """Hidden ReLUs with a bias, a linear output without."""
    return Network([Dense(H, "relu"), Dense(1, bias=False)], n_features=2, loss="perceptron")


def bind(module: ModuleType, net: Network) -> Callable[[Given], Any]:  # noqa: ARG001
    """Set the module's W, B and V, and call ``backprop``."""

    def call(given: Given) -> dict[str, Any]:
        put(module, given.weights[0], given.biases[0], given.weights[1].ravel())
        returned = module.backprop(given.X[:, 0], given.X[:, 1], given.lend(given.T.ravel()))
        return _blocks(returned, given)

    return call


def bind_gradients(module: ModuleType, net: Network) -> Callable[[Given], Any]:  # noqa: ARG001
    """Call ``gradients`` with what a right way forward and back has of each point."""

    def call(given: Given) -> dict[str, Any]:
        W, V, B = given.weights[0], given.weights[1].ravel(), given.biases[0]
        put(module, W, B, V)
        Z = given.X @ W + B
        A = np.maximum(0, Z)
        Y = A @ V
        DY = np.where(-Y * given.T.ravel() > 0, -given.T.ravel(), 0.0)
        handed = [given.lend(array) for array in (Z, A, Y, DY, np.outer(DY, V) * (Z > 0))]
        return _blocks(module.gradients(given.X, *handed), given)

    return call


def _blocks(returned: Any, given: Given) -> dict[str, Any]:
    DW, DB, DV = parts_of(returned, {"DW": (2, H), "DB": (H,), "DV": (H,)}, given)
    return {"W1": DW, "b1": DB, "W2": DV[:, np.newaxis]}


def put(module: ModuleType, W: Array, B: Array, V: Array) -> None:
    """Make these the module's parameters."""
    for name, value in {"W": W, "B": B, "V": V, "NH": len(B)}.items():
        setattr(module, name, value)


def _parameters(stream: np.random.RandomState) -> tuple[Array, Array, Array]:
    return stream.randn(2, H), stream.randn(H), stream.randn(H)


def _forward(module: ModuleType, W: Array, B: Array, V: Array, X1: Array, X2: Array) -> Any:
    put(module, W, B, V)
    return module.forward(X1, X2)


def _error(module: ModuleType, W: Array, B: Array, V: Array, X1: Array, X2: Array, T: Array) -> Any:
    put(module, W, B, V)
    return module.error(X1, X2, T)


def _descent(module: ModuleType, parameters: tuple[Array, ...], gradient: tuple[Array, ...], lr: float) -> Any:
    X1, X2, T = np.zeros(2), np.ones(2), np.ones(2)
    put(module, *parameters)
    return module.descent(X1, X2, T, *parameters, lambda *_: gradient, lr)


HANDED = replace(  # what gradients is handed is right
    LETTERS,
    layers=tuple(
        replace(layer, back=Sentence("{error} is handed over as it belongs", error=layer.error))
        for layer in LETTERS.layers
    ),
)


def _forward_inputs(stream: np.random.RandomState) -> list[tuple[Any, ...]]:
    lists = [(*_parameters(stream), *stream.randn(2, n)) for n in (1, 6)]
    return [*lists, (*_parameters(stream), *stream.randn(2, 3, 5))]  # a grid


def _error_inputs(stream: np.random.RandomState) -> list[tuple[Any, ...]]:
    return [(*_parameters(stream), *stream.randn(2, n), np.where(np.arange(n) % 2, 1.0, -1.0)) for n in (6, 9)]


def _descent_inputs(stream: np.random.RandomState) -> list[tuple[Any, ...]]:
    return [(_parameters(stream), _parameters(stream), lr) for lr in (0.1, 0.7)]


def _stepped(factor: float, rated: bool, parameters: tuple[Array, ...], gradient: tuple[Array, ...], lr: float) -> Any:
    return [P + factor * (lr if rated else 1.0) * D for P, D in zip(parameters, gradient, strict=True)]


def _columns(X1: Array, X2: Array) -> Array:
    return np.column_stack([np.ravel(X1), np.ravel(X2)])


FORWARD_SLIPS = (
    Slip(
        "bias-not-added",
        "The bias B is not added.",
        "Z = X W + B.",
        lambda s, W, B, V, X1, X2: _forward(s, W, 0 * B, V, X1, X2),
    ),
    Slip(
        "activation-wrong",
        "The ReLU max(0, ·) is missing.",
        "A = max(0, Z).",
        lambda _, W, B, V, X1, X2: ((_columns(X1, X2) @ W + B) @ V).reshape(np.shape(X1)),
    ),
    Slip(
        "activation-wrong",
        "The ReLU also stands at the output, which is linear here.",
        "y = A V.",
        lambda s, *given: np.maximum(0, _forward(s, *given)),
    ),
    Slip(
        "columns-swapped",
        "X1 and X2 are exchanged.",
        "Put X1 into the first column, X2 into the second.",
        lambda s, W, B, V, X1, X2: _forward(s, W[::-1], B, V, X1, X2),
    ),
)


def _with_error(loss: Callable[[Array, Array], Any]) -> Callable[..., Any]:
    return lambda s, W, B, V, X1, X2, T: float(np.mean(loss(_forward(s, W, B, V, X1, X2), T)))


def _distance(Y: Array, T: Array) -> Array:
    return abs(Y - T)


ERROR_SLIPS = (
    Slip(
        "sign",
        "The minus in −y t is missing: right answers count as wrong.",
        "E = 1/N Σ max(0, −y t).",
        _with_error(lambda Y, T: np.maximum(0, Y * T)),
    ),
    Slip(
        "loss-wrong",
        "max(0, ·) is missing: right answers make up for wrong ones.",
        "E = 1/N Σ max(0, −y t).",
        _with_error(lambda Y, T: -Y * T),
    ),
    Slip(
        "loss-wrong",
        "This is the hinge loss, which has a margin of 1.",
        "E = 1/N Σ max(0, −y t).",
        _with_error(lambda Y, T: np.maximum(0, 1 - Y * T)),
    ),
    Slip(
        "loss-wrong",
        "It counts wrong answers.",
        "E = 1/N Σ max(0, −y t).",
        _with_error(lambda Y, T: Y * T <= 0),
    ),
    all_with_all(
        "E = 1/N Σ max(0, −y t).",
        lambda s, *given: (_forward(s, *given[:5]), given[5]),
        lambda y, t: np.maximum(0, -y * t),
    ),
    Slip("loss-wrong", "It is the distance from the label.", "E = 1/N Σ max(0, −y t).", _with_error(_distance)),
    Slip("loss-wrong", "This is a squared error.", "E = 1/N Σ max(0, −y t).", _with_error(lambda Y, T: (Y - T) ** 2)),
)


STEP_SLIPS = step_slips(_stepped, "θ ← θ − lr ∂E/∂θ for W, B and V.")


def train(module: ModuleType) -> Decision:
    """Descend as the text does, on its points."""
    module.NH = 50  # type: ignore[attr-defined]  # which judging has made small
    Xd, Td, parameters = module.start(np.random.RandomState(0))
    X1d, X2d = Xd.T
    put(module, *parameters)
    losses = []
    for _ in range(STEPS):
        losses.append(float(module.error(X1d, X2d, Td)))
        put(module, *module.descent(X1d, X2d, Td, module.W, module.B, module.V, module.backprop))
    kept = (module.W, module.B, module.V)

    def answers(P: Array) -> Array:
        put(module, *kept)
        squashed: Array = 0.5 + 0.5 * np.tanh(np.ravel(module.forward(P[:, 0], P[:, 1])))  # 0 becomes ½
        return squashed

    return Decision(answers, Xd, (Td > 0).astype(int), tuple(losses))


MOONS_HOMEWORK = Homework(
    sheets=(
        Sheet(
            "moons.py",
            Path(__file__).with_name("solution.py"),
            (
                compare("forward", _forward_inputs, points=2, slips=FORWARD_SLIPS, run=_forward),
                compare("error", _error_inputs, slips=ERROR_SLIPS, run=_error),
                backprop("gradients", net, bind_gradients, points=2, letters=HANDED, seed=312),
                backprop("backprop", net, bind, points=4, letters=LETTERS),
                compare("descent", _descent_inputs, slips=STEP_SLIPS, run=_descent, parts=("W", "B", "V")),
            ),
            train,
        ),
    )
)
