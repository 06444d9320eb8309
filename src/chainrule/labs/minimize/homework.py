"""The homework of ``minimize`` (S1): a flat vector of weights, for ``scipy.optimize.minimize(jac=True)``."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.homework import LayerLetters, Letters, Promise, Slip, backprop, changed, compare, large_numbers, parts_of
from chainrule.homework.activation_exercises import ONE_SAMPLE, derivative_of_preactivation, sigmoid, softmax
from chainrule.homework.exercise import Decision, Homework, Sheet
from chainrule.homework.loss_exercises import cross_entropy_slips, samples
from chainrule.labs.minimize.penalty_slips import FUN_SLIPS, PENALTY_GRADIENT_SLIPS, PENALTY_SLIPS, no_biases
from chainrule.language.translation import Sentence, say
from chainrule.network.layers import Dense
from chainrule.network.network import Network

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from chainrule.homework import Given
    from chainrule.maths.arrays import Array

SIZES = (2, 4, 3, 1)
LAM = 0.3


def one_hidden() -> Network:
    """One hidden layer, one output."""
    return Network([Dense(3, "sigmoid"), Dense(1, "sigmoid")], n_features=2, loss="log_loss")


def deep() -> Network:
    """Two hidden layers as wide as each other, three outputs."""
    return Network([Dense(4, "sigmoid"), Dense(4, "sigmoid"), Dense(3, "softmax")], n_features=2, loss="cross_entropy")


def a_sum(n_samples: int) -> float:
    """The gradient of a sum over the samples, as many times that of their mean."""
    return float(n_samples)


def letters(n_layers: int) -> Letters:
    """The text's letters, which are the same in every layer."""
    hidden = LayerLetters(
        name="", weights="the weights", bias="the biases", inputs="z", before="a", after="z", slope="f′(a)",
        error="δ_j", d_weights="∂/∂w_ij", d_bias="∂/∂b_j", forward="a = z W + b, z = f(a)",
        by_weights="∂/∂w_ij = z_i δ_j", by_bias="∂/∂b_j = Σ δ_j over the samples",
        back="δ_j = f′(a_j) Σ_k w_jk δ_k",
    )  # fmt: skip
    output = replace(hidden, slope="σ′(a)", error="δ_k", forward="a = z W + b", back="δ_k = y_k − t_k")
    layers = [*[hidden] * (n_layers - 1), output]
    return Letters(
        layers=tuple(
            replace(layer, name=Sentence("layer {k}", k=number)) for number, layer in enumerate(layers, start=1)
        ),
        output_error="δ_k = y_k − t_k",
        mean="The loss is a mean over the samples: divide by N once.",
        loss="−t log p − (1−t) log(1−p), or with several outputs −Σ_k t_k log p_k",
        returns="The order is that of W: layer by layer the weights, then the biases.",
        entry=_of_layer,
    )


def _of_layer(block: str, index: tuple[int, ...]) -> str:
    letters = ("i", "j")[2 - len(index) :]
    place = ", ".join(f"{letter} = {number}" for letter, number in zip(letters, index, strict=True))
    name, layer = f"∂/∂{'w_ij' if block[1] == 'W' else 'b_j'}", say("layer {k}", k=block[2:])
    return say("{what} in {layer} at {place}", what=name, layer=layer, place=place)


SUMMED = replace(
    letters(3),
    mean="The contributions of the samples are added up; the division by N is that of gradient.",
    own={
        "mean-twice": (
            "The contributions of the samples are averaged, where they are to be added up.",
            "The division by N is that of gradient.",
        )
    },
)


def _flat(given: Given) -> Array:
    """W as the text lays it out: layer by layer the weights, then the biases."""
    blocks = [block.ravel() for pair in zip(given.weights, given.biases, strict=True) for block in pair]
    return np.concatenate(blocks)


def _sizes(net: Network) -> tuple[int, ...]:
    return (net.n_features, *(layer.n_outputs for layer in net.layers))


def _labels(given: Given) -> Array:
    return given.T.ravel() if given.T.shape[1] == 1 else given.T.argmax(axis=1)


def bind(function: str) -> Callable[[ModuleType, Network], Callable[[Given], Any]]:
    """Call a gradient of that name with W, X, t and sizes."""

    def bound(module: ModuleType, net: Network) -> Callable[[Given], Any]:
        def call(given: Given) -> dict[str, Any]:
            handed = given.lend(_flat(given)), given.X, given.lend(_labels(given))
            return _blocks(net, getattr(module, function)(*handed, _sizes(net)), given)

        return call

    return bound


def bind_sample(module: ModuleType, net: Network) -> Callable[[Given], Any]:
    """Call ``sample_gradient`` for each sample and add up what it gives."""

    def call(given: Given) -> dict[str, Any]:
        W = given.lend(_flat(given))
        total = dict.fromkeys(net.shapes, 0.0)
        for x, t in zip(given.X, given.T, strict=True):
            one = _blocks(net, module.sample_gradient(W, x, t, _sizes(net)), given)
            total = {name: total[name] + block for name, block in one.items()}
        return total

    return call


def _blocks(net: Network, returned: Any, given: Given) -> dict[str, Any]:
    """Cut a flat gradient as W is laid out."""
    (flat,) = parts_of(returned, {"the gradient": (net.n_parameters,)}, given)
    blocks: dict[str, Any] = {}
    for number, (W, b) in enumerate(net.views(flat), start=1):
        blocks |= {f"W{number}": W.copy(), f"b{number}": b if b is None else b.copy()}
    return blocks


def _weights(stream: np.random.RandomState, sizes: tuple[int, ...] = SIZES) -> Array:
    return stream.randn(sum((a + 1) * b for a, b in pairwise(sizes)))


def _forward_inputs(stream: np.random.RandomState) -> list[tuple[Any, ...]]:
    return [(_weights(stream), samples(stream, n)[0], SIZES) for n in (5, 8)]


def _entropy_inputs(stream: np.random.RandomState) -> list[tuple[Any, ...]]:
    two = [(stream.randn(n, 1), (np.arange(n) % 2)[:, np.newaxis].astype(float)) for n in (4, 7)]
    return [*two, (stream.randn(6, 3), np.eye(3)[np.arange(6) % 3])]


def _entropy_large(stream: np.random.RandomState) -> list[tuple[Any, ...]]:  # noqa: ARG001
    column, three = np.array([[-1000.0], [1000.0]]), np.array([[1000.0, 0.0, -1000.0]])
    return [(column, np.array([[1.0], [0.0]])), (three, np.array([[0.0, 1.0, 0.0]]))]


def _one_row(stream: np.random.RandomState) -> list[tuple[Any, ...]]:
    return [(_weights(stream), stream.randn(2), SIZES)]


ONE_ROW = Promise(
    ONE_SAMPLE,
    "For one sample alone, X of shape (2,), it breaks down",
    "a = z W + b needs no loop over rows.",
    _one_row,
)
FROM_A = "Compute it from a: log(1 + e^a) − t a, or log Σ_k e^a_k − Σ_k t_k a_k, without the largest a."


def _penalty_inputs(stream: np.random.RandomState) -> list[tuple[Any, ...]]:
    return [(_weights(stream), SIZES, lam) for lam in (LAM, 0.01)]


def _fun_inputs(stream: np.random.RandomState) -> list[tuple[Any, ...]]:
    sigmoids = [(_weights(stream), X, t, SIZES, LAM) for X, t in (samples(stream, n) for n in (5, 8))]
    return [*sigmoids, (*sigmoids[0], "relu")]


def _relu_inputs(stream: np.random.RandomState) -> list[tuple[Any, ...]]:
    return [(_weights(stream), X, t, SIZES, "relu") for X, t in (samples(stream, n) for n in (5, 8))]


def _relu_sample(stream: np.random.RandomState) -> list[tuple[Any, ...]]:
    return [(_weights(stream), stream.randn(2), np.array([t]), SIZES, "relu") for t in (0.0, 1.0)]


ACTIVATION = (
    Slip(
        "activation-wrong",
        "With activation='relu' it still does what it does for sigmoids.",
        "Hand the activation on, and take its slope: _, slope = ACTIVATIONS[activation].",
        lambda s, *given: s.gradient(*given[:4]),
    ),
    Slip(
        "activation-wrong",
        "With activation='relu' its derivative is still the sigmoid's.",
        "Take f′ from ACTIVATIONS: _, slope = ACTIVATIONS[activation].",
        lambda s, *given: _with_slope(s, s.sigmoid_gradient, *given),
    ),
)


def _with_slope(s: ModuleType, slope: Callable[[Array], Array], *given: Any) -> Any:
    with changed(s, ACTIVATIONS={"relu": (s.relu, slope)}):
        return s.gradient(*given)


def _with_last_z(s: ModuleType, *given: Any) -> Any:
    a, z = s.forward(*given)
    return a, [*z, s.ACTIVATIONS["sigmoid"][0](a[-1])]


FORWARD_SLIPS = (
    Slip(
        "bias-not-added",
        "The biases are not added.",
        "a = z @ weights + biases.",
        lambda s, W, X, sizes: s.forward(no_biases(s, W, sizes), X, sizes),
    ),
    Slip(
        "activation-wrong",
        "The activation is missing: z is a.",
        "z = f(a) after every hidden layer.",
        lambda s, *given: _with_activation(s, lambda a: a, *given),
    ),
    Slip(
        "activation-wrong",
        "A ReLU stands where the activation that is asked for belongs.",
        "Take f from ACTIVATIONS[activation].",
        lambda s, *given: _with_activation(s, s.relu, *given),
    ),
    Slip(
        "last-z-kept",
        "z has the last layer's activation, too: what comes of the last a is for outputs.",
        "z begins with X and ends with what enters the last layer.",
        _with_last_z,
    ),
    Slip(
        "blocks-swapped",
        "The two lists are exchanged: a comes first, then z.",
        "return a, z.",
        lambda s, *given: s.forward(*given)[::-1],
    ),
)


def _with_activation(s: ModuleType, f: Callable[[Array], Array], *given: Any) -> Any:
    with changed(s, ACTIVATIONS={"sigmoid": (f, s.sigmoid_gradient)}):
        return s.forward(*given)


def train(module: ModuleType) -> Decision:
    """Let SciPy minimise the student's loss with the student's gradient."""
    stream = np.random.RandomState(1)
    X, t = module.stand_ins(60, 2, stream)
    sizes = (2, 5, 1)
    start = module.initial_weights(sizes, np.random.RandomState(1))
    result = module.train(X, t, sizes, random_state=np.random.RandomState(1))
    losses = (float(module.fun(start, X, t, sizes, 1e-3)[0]), float(result.fun))
    return Decision(lambda P: np.ravel(module.predict(result.x, P, sizes)), X, np.asarray(t), losses)


MINIMIZE_HOMEWORK = Homework(
    sheets=(
        Sheet(
            "minimize.py",
            Path(__file__).with_name("solution.py"),
            (
                sigmoid(),
                derivative_of_preactivation("sigmoid_gradient"),
                softmax(),
                compare("forward", _forward_inputs, points=2, promises=(ONE_ROW,), slips=FORWARD_SLIPS),
                compare(
                    "cross_entropy",
                    _entropy_inputs,
                    points=2,
                    promises=(large_numbers(_entropy_large, FROM_A),),
                    slips=cross_entropy_slips(lambda s, a, T: (s.outputs(a), T)),
                ),
                compare("penalty", _penalty_inputs, slips=PENALTY_SLIPS),
                backprop("gradient_by_hand", one_hidden, bind("gradient_by_hand"), points=2, letters=letters(2)),
                backprop(
                    "sample_gradient",
                    deep,
                    bind_sample,
                    points=3,
                    scale=a_sum,
                    then=compare("sample_gradient", _relu_sample),
                    letters=SUMMED,
                ),
                backprop(
                    "summed_gradient",
                    deep,
                    bind("summed_gradient"),
                    points=1,
                    scale=a_sum,
                    then=compare("summed_gradient", _relu_inputs),
                    letters=SUMMED,
                ),
                backprop(
                    "gradient",
                    deep,
                    bind("gradient"),
                    points=3,
                    then=compare("gradient", _relu_inputs, slips=ACTIVATION),
                    letters=letters(3),
                ),
                compare("penalty_gradient", _penalty_inputs, slips=PENALTY_GRADIENT_SLIPS),
                compare("fun", _fun_inputs, slips=FUN_SLIPS, parts=("the loss", "the gradient")),
            ),
            train,
        ),
    )
)
