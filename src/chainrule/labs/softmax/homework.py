"""The homework of ``softmax`` (S3): a dict of matrices [W; b], two sigmoid layers and a softmax, up the likelihood."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.homework import LayerLetters, Letters, Promise, Slip, backprop, changed, compare, large_numbers, parts_of
from chainrule.homework.activation_exercises import ONE_SAMPLE, sigmoid, softmax
from chainrule.homework.exercise import Decision, Homework, Sheet
from chainrule.homework.loss_exercises import samples
from chainrule.homework.step_slips import step_slips
from chainrule.language.translation import Sentence
from chainrule.network.layers import Dense
from chainrule.network.network import Network

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from chainrule.homework import Given
    from chainrule.maths.arrays import Array

LAYERS = ("W1", "W2", "W3")
STEPS = 200
FORWARD = ("h⁽¹⁾ = σ(z⁽¹⁾), z⁽¹⁾ = [x, 1] W1", "h⁽²⁾ = σ(z⁽²⁾), z⁽²⁾ = h⁽¹⁾ W2", "ŷ = softmax(z⁽³⁾)")


def _layer(k: int, inputs: str, error: str, back: str) -> LayerLetters:
    number = "⁽¹⁾⁽²⁾⁽³⁾"[3 * k - 3 : 3 * k]
    after = f"h{number}" if k < 3 else "ŷ"
    return LayerLetters(
        name=Sentence("layer {k}", k=k), weights=f"W{k}", bias=Sentence("the bias row of {W}", W=f"W{k}"),
        inputs=inputs, before=f"z{number}",
        after=after, slope=f"{after} (1 − {after})", error=error, d_weights=f"∂/∂W{k}",
        d_bias=Sentence("the bias row of {W}", W=f"∂/∂W{k}"), forward=FORWARD[k - 1],
        by_weights=f"∂/∂W{k} = ({inputs})ᵀ {error} / N",
        by_bias=Sentence("it is the mean of {error} over the samples", error=error), back=back,
    )  # fmt: skip


LETTERS = Letters(
    layers=(
        _layer(1, "[xs, 1]", "dz⁽¹⁾", "dz⁽¹⁾ = dh⁽¹⁾ ⊙ h⁽¹⁾ (1 − h⁽¹⁾), dh⁽¹⁾ = dz⁽²⁾ W2ᵀ"),
        _layer(2, "h⁽¹⁾", "dz⁽²⁾", "dz⁽²⁾ = dh⁽²⁾ ⊙ h⁽²⁾ (1 − h⁽²⁾), dh⁽²⁾ = errs W3ᵀ"),
        _layer(3, "h⁽²⁾", "errs", "errs = y − ŷ"),
    ),
    output_error="errs = y − ŷ",
    mean="The 1/N comes once, in each ∂/∂W.",
    loss="the log-likelihood (1/N) Σ log ŷ_y(i)",
    returns="Return a dict with W1, W2 and W3.",
    climbs=True,
    augmented=True,
)


def net() -> Network:
    """Two hidden layers as wide as each other, which shows what a transposed square matrix does."""
    return Network([Dense(4, "sigmoid"), Dense(4, "sigmoid"), Dense(2, "softmax")], n_features=2, loss="cross_entropy")


def upward(n_samples: int) -> float:  # noqa: ARG001
    """The gradient of the log-likelihood is that of the loss, turned."""
    return -1.0


HANDED = replace(  # what backward is handed is right
    LETTERS,
    layers=(
        *LETTERS.layers[:2],
        replace(LETTERS.layers[2], back=Sentence("{error} is handed over as it belongs", error="errs")),
    ),
    output_error="errs is y − ŷ already",
)


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
        return _blocks(net, module.backward(given.lend(model), given.X, *handed), given)

    return call


def bind_get_gradient(module: ModuleType, net: Network) -> Callable[[Given], Any]:
    """Call ``get_gradient`` with labels."""

    def call(given: Given) -> dict[str, Any]:
        returned = module.get_gradient(given.lend(model_of(given)), given.X, given.lend(given.T.argmax(axis=1)))
        return _blocks(net, returned, given)

    return call


def _blocks(net: Network, returned: Any, given: Given) -> dict[str, Any]:
    """Cut [dW; db] of each layer in two."""
    shapes = {name: (net.shapes[name][0] + 1, net.shapes[name][1]) for name in LAYERS}
    blocks: dict[str, Any] = {}
    for name, stacked in zip(LAYERS, parts_of(returned, shapes, given, by_name=True), strict=True):
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
    *step_slips(_stepped, "W ← W + ε ∂/∂W.", up=True),
    Slip("bias-missing", "The bias rows are not moved.", "W ← W + ε ∂/∂W for all rows.", _bias_rows_kept),
    Slip(
        "updated-weights",
        "The gradients of W2 and W3 are taken after W1 has moved.",
        "Take all three gradients first, then step.",
        _one_after_the_other,
    ),
)

FORWARD_REMEDY = "h⁽¹⁾ = [σ([x, 1] W1), 1], h⁽²⁾ = [σ(h⁽¹⁾ W2), 1], ŷ = softmax(h⁽²⁾ W3)."


FROM_Z = "Compute it from z⁽³⁾: z of the class − log Σ e^z, both without the largest z of the row."


def _one_row(stream: np.random.RandomState) -> list[tuple[Any, ...]]:
    return [(stream.randn(2), _model(stream))]


ONE_ROW = Promise(
    ONE_SAMPLE,
    "For one sample alone, x of shape (2,), it breaks down",
    "with_one and axis=-1 do for one sample and for rows.",
    _one_row,
)


def _without_bias(s: ModuleType, x: Array, model: dict[str, Array], layer: str) -> Any:
    cut = model[layer].copy()
    cut[-1] = 0.0
    return s.forward(x, {**model, layer: cut})


def _without_ones(s: ModuleType, x: Array, model: dict[str, Array], missing: str) -> Any:
    h_1, h_2, hat_y = s.forward(x, model)
    return h_1[..., :-1] if "h⁽¹⁾" in missing else h_1, h_2[..., :-1] if "h⁽²⁾" in missing else h_2, hat_y


def _squashed(s: ModuleType, x: Array, model: dict[str, Array], **names: Any) -> Any:
    with changed(s, **names):
        return s.forward(x, model)


FORWARD_SLIPS = (
    *(
        Slip(
            "one-missing",
            Sentence("The 1 at the end of {states} is missing: the next layer's bias row needs it.", states=states),
            FORWARD_REMEDY,
            lambda s, x, model, states=states: _without_ones(s, x, model, states),
        )
        for states in ("h⁽¹⁾", "h⁽²⁾", Sentence("{first} and {last}", first="h⁽¹⁾", last="h⁽²⁾"))
    ),
    Slip(
        "columns-swapped",
        "x₁ and x₂ are exchanged.",
        FORWARD_REMEDY,
        lambda s, x, model: s.forward(x[..., ::-1], model),
    ),
    *(
        Slip(
            "bias-not-added",
            Sentence("The bias of layer {k} is not added.", k=layer[1]),
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
        "The 1 stands before the states; here it comes after them, as the bias is the last row.",
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
                softmax(of="x"),
                sigmoid(of="z"),
                compare(
                    "forward",
                    _forward_inputs,
                    points=2,
                    promises=(ONE_ROW,),
                    slips=FORWARD_SLIPS,
                    parts=("h⁽¹⁾", "h⁽²⁾", "ŷ"),
                ),
                backprop("backward", net, bind_backward, points=4, scale=upward, letters=HANDED, seed=100),
                backprop("get_gradient", net, bind_get_gradient, points=1, scale=upward, letters=LETTERS),
                compare("gradient_step", _step_inputs, slips=STEP_SLIPS, parts=LAYERS),
                compare(
                    "log_likelihood",
                    _likelihood_inputs,
                    points=2,
                    promises=(large_numbers(_likelihood_large, FROM_Z),),
                    slips=LIKELIHOOD_SLIPS,
                ),
            ),
            train,
        ),
    )
)
