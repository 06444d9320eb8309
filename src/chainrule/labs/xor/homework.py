"""The homework of ``xor`` (S4): a class with forward, loss, gradient and update."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.homework import LayerLetters, Letters, Promise, Slip, backprop, compare, large_numbers
from chainrule.homework.activation_exercises import derivative_of_activation, sigmoid
from chainrule.homework.exercise import Decision, Homework, Sheet
from chainrule.homework.loss_exercises import cross_entropy_slips, samples
from chainrule.homework.step_slips import step_slips
from chainrule.language.translation import Sentence
from chainrule.network.layers import Dense
from chainrule.network.network import Network

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from chainrule.homework import Given, Run
    from chainrule.maths.arrays import Array

H1, H2 = 4, 3
STEPS = 2000
KEPT = ("inputs", "Z1", "Z2", "Z2W3", "pred_y")


def _layer(name: str, k: int, after: str, back: str) -> LayerLetters:
    inputs = ("X", "Z1", "Z2")[k - 1]
    product = f"{inputs} W{k}"
    return LayerLetters(
        name=name, weights=f"W{k}", inputs=inputs, before=product, after=after, slope=f"{after} (1 − {after})",
        error=f"∂L/∂({product})", d_weights=f"∂L/∂W{k}", forward=f"{after} = σ({product})",
        by_weights=f"∂L/∂W{k} = {inputs}ᵀ ∂L/∂({product})", back=back,
    )  # fmt: skip


LETTERS = Letters(
    layers=(
        _layer(Sentence("layer {k}", k=1), 1, "Z1", "∂L/∂(X W1) = ∂L/∂(Z1 W2) W2ᵀ ⊙ Z1 (1 − Z1)"),
        _layer(Sentence("layer {k}", k=2), 2, "Z2", "∂L/∂(Z1 W2) = ∂L/∂(Z2 W3) W3ᵀ ⊙ Z2 (1 − Z2)"),
        _layer("the output", 3, "y", "∂L/∂(Z2 W3) = (y − t) / N"),
    ),
    output_error="∂L/∂(Z2 W3) = (y − t) / N",
    mean="The 1/N comes once: ∂L/∂(Z2 W3) = (y − t) / N.",
    loss="−(1/N) Σ [t log p + (1−t) log(1−p)]",
    returns="Return ∂L/∂W1, ∂L/∂W2 and ∂L/∂W3, in this order.",
)


def net() -> Network:
    """Two hidden layers as wide as each other, which shows what a transposed square matrix does."""
    hidden = [Dense(4, "sigmoid", bias=False), Dense(4, "sigmoid", bias=False)]
    return Network([*hidden, Dense(1, "sigmoid", bias=False)], n_features=2, loss="log_loss")


def bind(module: ModuleType, net: Network) -> Callable[[Given], Any]:
    """Call ``forward``, then ``gradient`` of what it gave, on one object."""
    made = make(module, net.layers[0].n_outputs, net.layers[1].n_outputs)

    def call(given: Given) -> Any:
        made.W1, made.W2, made.W3 = given.weights
        return made.gradient(given.T, given.lend(made.forward(given.X)))

    return call


def make(module: ModuleType, h1: int, h2: int, rate: float = 0.3) -> Any:
    """Make the student's network of this size."""
    return module.Network((h1, h2), learningRate=rate)


def _weights(stream: np.random.RandomState) -> tuple[Array, Array, Array]:
    return stream.randn(2, H1), stream.randn(H1, H2), stream.randn(H2, 1)


def _set(module: ModuleType, weights: tuple[Array, Array, Array], rate: float = 0.3) -> Any:
    made = make(module, H1, H2, rate)
    made.W1, made.W2, made.W3 = weights
    return made


def _forward(module: ModuleType, W1: Array, W2: Array, W3: Array, X: Array) -> Any:
    return _set(module, (W1, W2, W3)).forward(X)


def _twice(module: ModuleType, W1: Array, W2: Array, W3: Array, X: Array) -> Any:
    """Forward with one object: first another batch, then this one."""
    made = _set(module, (W1, W2, W3))
    return np.array(made.forward(0.5 * X[::-1] - 1.0)), made.forward(X)


def _kept(module: ModuleType, W1: Array, W2: Array, W3: Array, X: Array) -> dict[str, Any]:
    """What an object keeps of the second batch that it is given; None in the place of what it does not."""
    made = _set(module, (W1, W2, W3))
    made.forward(0.5 * X[::-1] - 1.0)
    made.forward(X)
    return {name: _attribute(made, name) for name in KEPT}


def _attribute(made: Any, name: str) -> Any:
    try:
        return getattr(made, name)
    except Exception:  # it is not there, whatever says so
        return None


def _loss(module: ModuleType, W1: Array, W2: Array, W3: Array, X: Array, t: Array) -> Any:
    made = _set(module, (W1, W2, W3))
    return made.loss(t, made.forward(X))


FROM_A = "Compute it from a = Z2 W3: log(1 + e^a) − t a is the same and never takes the logarithm of 0."


def _update(module: ModuleType, weights: tuple[Array, ...], gradient: tuple[Array, ...], rate: float) -> Any:
    made = _set(module, weights, rate)  # type: ignore[arg-type]
    made.update(gradient)
    return made.W1, made.W2, made.W3


def _stepped(
    factor: float, rated: bool, weights: tuple[Array, ...], gradient: tuple[Array, ...], rate: float
) -> list[Array]:
    return [W + factor * (rate if rated else 1.0) * dW for W, dW in zip(weights, gradient, strict=True)]


def _forward_inputs(stream: np.random.RandomState) -> list[tuple[Any, ...]]:
    return [(*_weights(stream), samples(stream, n)[0]) for n in (5, 8)]


PROMISE = Promise(
    "not-kept",
    "What it returns is right. What loss and gradient read afterwards is not kept, or not of the last batch",
    Sentence(
        "Keep what the docstring names: {names}, anew in every call.", names=", ".join(f"self.{one}" for one in KEPT)
    ),
    _forward_inputs,
    run=_kept,
    share=0.5,
    where="What it returns is right; look at what the docstring says is kept.",
)


def _loss_inputs(stream: np.random.RandomState) -> list[tuple[Any, ...]]:
    return [(*_weights(stream), X, t[:, np.newaxis]) for X, t in (samples(stream, n) for n in (4, 7))]


def _loss_large(stream: np.random.RandomState) -> list[tuple[Any, ...]]:
    X, t = samples(stream, 6)
    W1, W2, W3 = _weights(stream)
    return [(W1, W2, large * W3, X, t[:, np.newaxis]) for large in (1e6, -1e6)]


def _update_inputs(stream: np.random.RandomState) -> list[tuple[Any, ...]]:
    return [(_weights(stream), _weights(stream), rate) for rate in (0.3, 0.05)]


def _layers(f: tuple[bool, bool, bool], s: ModuleType, W1: Array, W2: Array, W3: Array, X: Array) -> Array:
    """The forward pass with the sigmoid left out where ``f`` says so."""
    for on, W in zip(f, (W1, W2, W3), strict=True):
        X = s.sigmoid(X @ W) if on else X @ W
    return X


def _slips() -> Iterator[Slip]:
    remedy = "Z1 = σ(X W1), Z2 = σ(Z1 W2), y = σ(Z2 W3)."
    for where, on in {
        Sentence("the output"): (True, True, False),
        Sentence("layer {k}", k=1): (False, True, True),
        Sentence("layer {k}", k=2): (True, False, True),
        Sentence("both hidden layers"): (False, False, True),
        Sentence("every layer"): (False, False, False),
    }.items():
        yield Slip(
            "activation-wrong",
            Sentence("The sigmoid is missing in {where}.", where=where),
            remedy,
            _of_both(partial(_layers, on)),
        )
    yield Slip(
        "columns-swapped",
        "x₁ and x₂ are exchanged.",
        remedy,
        _of_both(lambda s, W1, W2, W3, X: _forward(s, W1, W2, W3, X[:, ::-1])),
    )
    yield Slip(
        "stale",
        "The second batch's answers are made of what the first one left over.",
        "Compute everything anew from the batch that is given.",
        lambda s, *given: (_twice(s, *given)[0],) * 2,
    )


def _of_both(forward: Run) -> Run:
    """The same slip in both batches."""
    return lambda s, W1, W2, W3, X: tuple(forward(s, W1, W2, W3, P) for P in (0.5 * X[::-1] - 1.0, X))


def train(module: ModuleType) -> Decision:
    """Descend on the XOR points."""
    x, y = module.generate_XOR_easy()
    made = module.Network(learningRate=1.0, random_state=np.random.RandomState(0))
    losses = []
    for _ in range(STEPS):
        pred_y = made.forward(x)
        losses.append(float(made.loss(y, pred_y)))
        made.backward(y, pred_y)
    return Decision(lambda P: np.ravel(made.forward(P)), x, np.ravel(y), tuple(losses))


XOR_HOMEWORK = Homework(
    sheets=(
        Sheet(
            "xor.py",
            Path(__file__).with_name("solution.py"),
            (
                sigmoid(of="x"),
                derivative_of_activation("derivative_sigmoid"),
                compare(
                    "Network.forward",
                    _forward_inputs,
                    points=2,
                    promises=(PROMISE,),
                    slips=tuple(_slips()),
                    run=_twice,
                    parts=("the first batch's answer", "the second batch's answer"),
                ),
                compare(
                    "Network.loss",
                    _loss_inputs,
                    points=2,
                    promises=(large_numbers(_loss_large, FROM_A),),
                    slips=cross_entropy_slips(lambda s, *given: (_forward(s, *given[:4]), given[4])),
                    run=_loss,
                ),
                backprop("Network.gradient", net, bind, points=3, letters=LETTERS),
                compare(
                    "Network.update",
                    _update_inputs,
                    slips=step_slips(_stepped, "W ← W − learning rate · ∂L/∂W."),
                    run=_update,
                    parts=("W1", "W2", "W3"),
                ),
            ),
            train,
        ),
    )
)
