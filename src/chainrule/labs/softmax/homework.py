"""The homework of ``softmax`` (S3): a dict of matrices [W; b], two sigmoid layers and a softmax, up the likelihood."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.homework import Slip, backprop, changed, compare, parts_of
from chainrule.homework.exercise import Decision, Homework, Sheet
from chainrule.homework.slips import samples, sigmoid, softmax, step_slips
from chainrule.network.layers import Dense
from chainrule.network.network import Network

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from chainrule.check.conventions import Scale
    from chainrule.homework import Given
    from chainrule.maths.arrays import Array

LAYERS = ("W1", "W2", "W3")
STEPS = 200
CALLED = {f"db{number}": f"dW{number}'s bias row" for number in (1, 2, 3)}


def net() -> Network:
    """Two hidden layers as wide as each other, which shows what a transposed square matrix does."""
    return Network([Dense(4, "sigmoid"), Dense(4, "sigmoid"), Dense(2, "softmax")], n_features=2, loss="cross_entropy")


def upward() -> Scale:
    """The gradient of the log-likelihood, which is the negative of the loss."""
    from chainrule.check.conventions import Scale

    return Scale(data=-1.0)


def model_of(given: Given) -> dict[str, Any]:
    """[W; b] of each layer."""
    stacked = (np.vstack([W, b]) for W, b in zip(given.weights, given.biases, strict=True))
    return dict(zip(LAYERS, stacked, strict=True))


def bind_backward(module: ModuleType, net: Network) -> Callable[[Given], Any]:
    """Call ``backward`` with states of a right forward pass."""
    from chainrule.labs.softmax import solution as solved

    def call(given: Given) -> dict[str, Any]:
        model = model_of(given)
        h1s, h2s, hat_y = solved.forward(np.asarray(given.X, dtype=np.float64), model)
        handed = [given.lend(array) for array in (h1s, h2s, given.T - hat_y)]
        return _blocks(net, module.backward(given.lend(model), given.X, *handed), len(given.X))

    return call


def bind_get_gradient(module: ModuleType, net: Network) -> Callable[[Given], Any]:
    """Call ``get_gradient`` with labels."""

    def call(given: Given) -> dict[str, Any]:
        returned = module.get_gradient(given.lend(model_of(given)), given.X, given.lend(given.T.argmax(axis=1)))
        return _blocks(net, returned, len(given.X))

    return call


def _blocks(net: Network, returned: Any, n_samples: int) -> dict[str, Any]:
    """Cut [dW; db] of each layer in two."""
    shapes = {name: (net.shapes[name][0] + 1, net.shapes[name][1]) for name in LAYERS}
    blocks: dict[str, Any] = {}
    for name, stacked in zip(LAYERS, parts_of(returned, shapes, n_samples), strict=True):
        blocks |= {name: stacked[:-1], f"b{name[1:]}": stacked[-1]}
    return blocks


def _model(stream: np.random.RandomState) -> dict[str, Array]:
    return {"W1": stream.randn(3, 4), "W2": stream.randn(5, 3), "W3": stream.randn(4, 2)}


def _forward_inputs(stream: np.random.RandomState) -> list[tuple[Any, ...]]:
    return [(samples(stream, n)[0], _model(stream)) for n in (5, 8)]


def _likelihood_inputs(stream: np.random.RandomState) -> list[tuple[Any, ...]]:
    return [(_model(stream), X, y.astype(int)) for X, y in (samples(stream, n) for n in (4, 7))]


def _likelihood_large(stream: np.random.RandomState) -> list[tuple[Any, ...]]:
    X, y = samples(stream, 6)
    model = _model(stream)
    return [({**model, "W3": large * model["W3"]}, X, y.astype(int)) for large in (1e6, -1e6)]


def _step_inputs(stream: np.random.RandomState) -> list[tuple[Any, ...]]:
    return [(*one, rate) for one, rate in zip(_likelihood_inputs(stream), (0.1, 0.7), strict=True)]


def _stepped(factor: float, rated: bool, model: dict[str, Any], X: Any, y: Any, rate: float) -> list[Array]:
    from chainrule.labs.softmax import solution as solved

    gradient = solved.get_gradient(model, X, y)
    return [model[name] + factor * (rate if rated else 1.0) * gradient[name] for name in LAYERS]


def _bias_rows_kept(_: ModuleType, model: dict[str, Any], X: Any, y: Any, rate: float) -> dict[str, Any]:
    moved = dict(zip(LAYERS, _stepped(1.0, True, model, X, y, rate), strict=True))
    return {name: np.vstack([moved[name][:-1], model[name][-1:]]) for name in LAYERS}


def _one_after_the_other(s: ModuleType, model: dict[str, Any], X: Any, y: Any, rate: float) -> dict[str, Any]:
    model = dict(model)
    for name in LAYERS:
        model[name] = model[name] + rate * s.get_gradient(model, X, y)[name]
    return model


STEP_SLIPS = (
    Slip("bias-missing", "The bias rows are not moved.", "Add rate · dW to all rows.", _bias_rows_kept),
    Slip(
        "updated-weights",
        "The gradients of W2 and W3 are taken after W1 has moved.",
        "Take all three gradients first, then step.",
        _one_after_the_other,
    ),
)

FORWARD_REMEDY = "h1 = [σ([x, 1] W1), 1], h2 = [σ(h1 W2), 1], ŷ = softmax(h2 W3)."


def _without_bias(s: ModuleType, x: Array, model: dict[str, Array], layer: str) -> Any:
    cut = model[layer].copy()
    cut[-1] = 0.0
    return s.forward(x, {**model, layer: cut})


def _squashed(s: ModuleType, x: Array, model: dict[str, Array], **names: Any) -> Any:
    with changed(s, **names):
        return s.forward(x, model)


FORWARD_SLIPS = (
    Slip(
        "columns-swapped",
        "x₁ and x₂ are exchanged.",
        FORWARD_REMEDY,
        lambda s, x, model: s.forward(x[..., ::-1], model),
    ),
    *(
        Slip(
            "bias-not-added",
            f"The bias of layer {layer[1]} is not added.",
            FORWARD_REMEDY,
            lambda s, x, model, layer=layer: _without_bias(s, x, model, layer),
        )
        for layer in LAYERS
    ),
    Slip(
        "activation-wrong",
        "The softmax is missing at the output.",
        FORWARD_REMEDY,
        lambda s, x, model: _squashed(s, x, model, softmax=lambda z: z),
    ),
    Slip(
        "activation-wrong",
        "A sigmoid stands at the output where the softmax belongs.",
        FORWARD_REMEDY,
        lambda s, x, model: _squashed(s, x, model, softmax=s.sigmoid),
    ),
    Slip(
        "activation-wrong",
        "The sigmoids are missing in the hidden layers.",
        FORWARD_REMEDY,
        lambda s, x, model: _squashed(s, x, model, sigmoid=lambda z: z),
    ),
    Slip(
        "softmax-axis",
        "The softmax is taken over the samples.",
        "Sum over the outputs of each sample: axis=-1, keepdims=True.",
        lambda s, x, model: _squashed(s, x, model, softmax=lambda z: np.exp(z) / np.exp(z).sum(axis=0)),
    ),
    Slip(
        "softmax-over-everything",
        "The softmax is taken over the whole array.",
        "Sum over the outputs of each sample: axis=-1, keepdims=True.",
        lambda s, x, model: _squashed(s, x, model, softmax=lambda z: np.exp(z) / np.exp(z).sum()),
    ),
    Slip(
        "bias-row-kept",
        "The 1 stands before the states; here it stands behind them, as the bias is the last row.",
        FORWARD_REMEDY,
        lambda s, x, model: _squashed(
            s, x, model, with_one=lambda x: np.concatenate([np.ones((*x.shape[:-1], 1)), x], axis=-1)
        ),
    ),
)


def _of_true_class(s: ModuleType, model: dict[str, Array], X: Array, y: Array) -> Array:
    of_class: Array = s.forward(X, model)[2][np.arange(len(y)), y]
    return of_class


def _of_sums(s: ModuleType, axis: int | None, model: dict[str, Array], X: Array, y: Array) -> float:
    """Log-likelihood with the sum of the exponentials over another axis, shifted by the largest of each row."""
    z = s.forward(X, model)[1] @ model["W3"]
    shifted = z - z.max(axis=1, keepdims=True)
    of_class = shifted[np.arange(len(y)), y]
    return float((of_class - np.log(np.exp(shifted).sum(axis=axis))[... if axis is None else y]).mean())


def _squares(s: ModuleType, model: dict[str, Array], X: Array, y: Array) -> float:
    return float(((s.forward(X, model)[2] - np.eye(2)[y]) ** 2).sum(axis=1).mean())


def _entropy(hat_y: Array) -> float:
    return float((hat_y * np.log(hat_y)).sum(axis=1).mean())


LIKELIHOOD_REMEDY = "(1/N) Σ log ŷ of the true class."
LIKELIHOOD_SLIPS = (
    Slip(
        "softmax-axis",
        "The sum under the logarithm is taken over the samples; it must be taken over the classes.",
        LIKELIHOOD_REMEDY,
        lambda s, *given: _of_sums(s, 0, *given),
    ),
    Slip(
        "softmax-over-everything",
        "The sum under the logarithm is taken over everything; it must be taken over the classes of each sample.",
        LIKELIHOOD_REMEDY,
        lambda s, *given: _of_sums(s, None, *given),
    ),
    *(
        Slip(
            "loss-wrong",
            "This is a squared error, not the log-likelihood.",
            LIKELIHOOD_REMEDY,
            lambda s, *given, f=factor: f * _squares(s, *given),
        )
        for factor in (-1.0, -0.5, -2.0, 1.0, 0.5)
    ),
    *(
        Slip(
            "loss-label-blind",
            "The labels are not in it: perfect and inverted answers score alike.",
            LIKELIHOOD_REMEDY,
            lambda s, model, X, y, f=factor: f * _entropy(s.forward(X, model)[2]),
        )
        for factor in (1.0, -1.0)
    ),
    Slip(
        "formula",
        "The logarithm is missing: this is the mean probability of the true class.",
        LIKELIHOOD_REMEDY,
        lambda s, *given: _of_true_class(s, *given).mean(),
    ),
    Slip(
        "formula",
        "It takes the logarithm of the mean, not the mean of the logarithms.",
        LIKELIHOOD_REMEDY,
        lambda s, *given: np.log(_of_true_class(s, *given).mean()),
    ),
    Slip(
        "formula",
        "It takes all outputs, not only that of the true class.",
        LIKELIHOOD_REMEDY,
        lambda s, model, X, y: np.log(s.forward(X, model)[2]).sum(axis=1).mean(),
    ),
    Slip(
        "formula",
        "It takes all outputs, not only that of the true class.",
        LIKELIHOOD_REMEDY,
        lambda s, model, X, y: np.log(s.forward(X, model)[2]).mean(),
    ),
    Slip(
        "targets-swapped",
        "It takes the other class's output.",
        LIKELIHOOD_REMEDY,
        lambda s, model, X, y: np.log(_of_true_class(s, model, X, 1 - y)).mean(),
    ),
)


def train(module: ModuleType) -> Decision:
    """Climb on some of the text's points."""
    X, y = module.make_data(300)
    model = module.init_weights(20, np.random.RandomState(0))
    losses = []
    for _ in range(STEPS):
        losses.append(-float(module.log_likelihood(model, X, y)))
        model = module.gradient_step(model, X, y, 1.0)
    return Decision(lambda P: np.asarray(module.forward(P, model)[2])[:, 1], X, np.asarray(y), tuple(losses))


SOFTMAX_HOMEWORK = Homework(
    sheets=(
        Sheet(
            "softmax.py",
            Path(__file__).with_name("solution.py"),
            (
                softmax(),
                sigmoid(),
                compare("forward", _forward_inputs, points=2, slips=FORWARD_SLIPS, parts=("h_1", "h_2", "hat_y")),
                backprop("backward", net, bind_backward, points=4, scale=upward, called=CALLED, seed=100),
                backprop("get_gradient", net, bind_get_gradient, points=1, scale=upward, called=CALLED),
                compare(
                    "gradient_step", _step_inputs, slips=(*step_slips(_stepped, up=True), *STEP_SLIPS), parts=LAYERS
                ),
                compare(
                    "log_likelihood", _likelihood_inputs, points=2, large=_likelihood_large, slips=LIKELIHOOD_SLIPS
                ),
            ),
            train,
        ),
    )
)
