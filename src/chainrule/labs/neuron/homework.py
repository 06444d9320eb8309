"""The homework of ``neuron`` (S2): a single neuron, then two hidden ones; squared error, everything sigmoid."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.homework import LayerLetters, Letters, Slip, backprop, compare, parts_of
from chainrule.homework.activation_exercises import derivative_of_preactivation, sigmoid
from chainrule.homework.exercise import Decision, Homework, Sheet
from chainrule.homework.loss_exercises import half_squared_error
from chainrule.homework.step_slips import step_slips
from chainrule.language.translation import Sentence
from chainrule.network.layers import Dense
from chainrule.network.network import Network

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from chainrule.homework import Given
    from chainrule.maths.arrays import Array

STEPS = 500
RATE = 5.0
LOSS = "J = 1/(2N) Σ (y_i − t_i)²"


# --- one neuron -------------------------------------------------------------------------------------------------------


LETTERS_OF_NEURON = Letters(
    layers=(
        LayerLetters(
            name="the neuron", weights="w", bias="b", inputs="x_i", before="a", after="y", slope="σ′(a)",
            error="(y_i − t_i) σ′(a_i)", d_weights="∂J/∂w", d_bias="∂J/∂b", forward="a = wᵀx + b, y = σ(a)",
            by_weights="∂J/∂w = 1/N Σ (y_i − t_i) σ′(a_i) x_i", by_bias="∂J/∂b = 1/N Σ (y_i − t_i) σ′(a_i)",
            back="∂J/∂a_i = (y_i − t_i) σ′(a_i) / N",
        ),
    ),
    output_error="∂J/∂a_i = (y_i − t_i) σ′(a_i) / N",
    mean="The 1/N comes once: ∂J/∂w = 1/N Σ (y_i − t_i) σ′(a_i) x_i.",
    loss=LOSS,
    returns="Return ∂J/∂w and ∂J/∂b, in this order.",
)  # fmt: skip


def neuron_net() -> Network:
    """One sigmoid."""
    return Network([Dense(1, "sigmoid")], n_features=2, loss="half_squared_error")


def bind_neuron(module: ModuleType, net: Network) -> Callable[[Given], Any]:  # noqa: ARG001
    """Call ``gradient(w, b, X, t)``."""

    def call(given: Given) -> dict[str, Any]:
        w, b = given.weights[0].ravel(), float(given.biases[0][0])
        returned = module.gradient(given.lend(w), b, given.X, given.lend(given.T.ravel()))
        dw, db = parts_of(returned, {"∂J/∂w": (2,), "∂J/∂b": ()}, given)
        return {"W1": dw[:, np.newaxis], "b1": db.reshape(1)}

    return call


def _neuron_inputs(stream: np.random.RandomState) -> list[tuple[Any, ...]]:
    return [(stream.randn(2), float(stream.randn()), stream.randn(n, 2)) for n in (1, 4, 6)]


def _neuron_steps(stream: np.random.RandomState) -> list[tuple[Any, ...]]:
    return [
        (stream.randn(2), float(stream.randn()), stream.randn(2), float(stream.randn()), rate) for rate in (0.1, 0.7)
    ]


def _neuron_stepped(factor: float, rated: bool, w: Array, b: float, dw: Array, db: float, rate: float) -> list[Any]:
    return [P + factor * (rate if rated else 1.0) * D for P, D in ((w, dw), (b, db))]


AFFINE_SLIPS = (
    Slip("bias-not-added", "The bias is not added.", "a = wᵀx + b.", lambda _, w, b, X: X @ w),
    Slip("sign", "The bias is taken off, not added.", "a = wᵀx + b.", lambda _, w, b, X: X @ w - b),
    Slip("columns-swapped", "w₁ meets x₂ here.", "a = wᵀx + b.", lambda s, w, b, X: s.preactivation(w, b, X[:, ::-1])),
    Slip("activation-wrong", "The sigmoid is applied already.", "a = wᵀx + b.", lambda s, *given: s.predict(*given)),
)
PREDICT_SLIPS = (
    Slip(
        "activation-wrong",
        "The sigmoid is missing.",
        "y = σ(wᵀx + b).",
        lambda s, *given: s.preactivation(*given),
    ),
    Slip("bias-not-added", "The bias is not added.", "y = σ(wᵀx + b).", lambda s, w, b, X: s.predict(w, 0.0, X)),
    Slip(
        "formula",
        "It cuts the answer to 0 or 1.",
        "y is between 0 and 1: leave it so.",
        lambda s, *given: np.round(s.predict(*given)),
    ),
)


NEURON_STEPS = step_slips(_neuron_stepped, "w ← w − ε ∂J/∂w and b ← b − ε ∂J/∂b.")


def train_neuron(module: ModuleType) -> Decision:
    """Descend on points that a line separates."""
    stream = np.random.RandomState(0)
    X = stream.uniform(-1, 1, (100, 2))
    t = (X[:, 0] + 0.5 * X[:, 1] > 0.1).astype(np.float64)
    w, b, losses = stream.randn(2), 0.0, []
    for _ in range(STEPS):
        losses.append(float(module.loss(module.predict(w, b, X), t)))
        w, b = module.update(w, b, *module.gradient(w, b, X, t), RATE)
    return Decision(lambda P: np.ravel(module.predict(w, b, P)), X, t.astype(int), tuple(losses))


# --- two hidden neurons -----------------------------------------------------------------------------------------------


LETTERS_OF_NETWORK = Letters(
    layers=(
        LayerLetters(
            name="the hidden layer", weights="W̃", bias="b̃", inputs="X", before="ã", after="h", slope="σ′(ã)",
            error="δ̃", d_weights="∂J/∂W̃", d_bias="∂J/∂b̃", forward="ã = W̃ᵀx + b̃, h = σ(ã)",
            by_weights="∂J/∂W̃ = Xᵀ δ̃", by_bias="∂J/∂b̃ = Σ δ̃", back="δ̃ = δ wᵀ ⊙ σ′(ã)",
        ),
        LayerLetters(
            name="the output", weights="w", bias="b", inputs="h", before="a", after="y", slope="σ′(a)", error="δ",
            d_weights="∂J/∂w", d_bias="∂J/∂b", forward="a = wᵀh + b, y = σ(a)", by_weights="∂J/∂w = hᵀ δ",
            by_bias="∂J/∂b = Σ δ", back="δ = (y − t) σ′(a) / N",
        ),
    ),
    output_error="δ = (y − t) σ′(a) / N",
    mean=Sentence("The 1/N comes once, in {error}.", error="δ"),
    loss=LOSS,
    returns="Return ∂J/∂w, ∂J/∂b, ∂J/∂W̃ and ∂J/∂b̃, in this order.",
)  # fmt: skip


def _of_nine(block: str, index: tuple[int, ...]) -> str:
    """The name of an entry: W21 leads from input 2 to hidden neuron 1."""
    letter = "W" if block == "dW1" else "w" if block == "dW2" else "b"
    numbers = {"dW1": index, "dW2": index[:1], "db1": index, "db2": ()}[block]
    return letter + "".join(str(number + 1) for number in numbers)


LETTERS_OF_NINE = replace(
    LETTERS_OF_NETWORK,
    layers=(
        replace(
            LETTERS_OF_NETWORK.layers[0], d_weights="the derivatives W11 to W22", d_bias="the derivatives b1 and b2",
            by_weights="each is the mean of (y − t) σ′(a) w_j σ′(ã_j) x_i, j being its hidden neuron, i its input",
            by_bias="each is the mean of (y − t) σ′(a) w_j σ′(ã_j), j being its hidden neuron",
            back="the errors there are (y − t) σ′(a) w_j σ′(ã_j)",
        ),
        replace(
            LETTERS_OF_NETWORK.layers[1], d_weights="the derivatives w1 and w2", d_bias="the derivative b",
            by_weights="each is the mean of (y − t) σ′(a) h_j", by_bias="it is the mean of (y − t) σ′(a)",
            back="the error there is (y − t) σ′(a)",
        ),
    ),
    output_error="the error of the output is (y − t) σ′(a)",
    mean="Each of the nine is one mean over the batch.",
    returns="Return a dict with the nine names as NAMES has them.",
    entry=_of_nine,
)  # fmt: skip


def network_net() -> Network:
    """Two hidden sigmoids and one."""
    return Network([Dense(2, "sigmoid"), Dense(1, "sigmoid")], n_features=2, loss="half_squared_error")


def _of(given: Given) -> tuple[Any, ...]:
    """Return w, b, W̃, b̃, X and t as the text has them."""
    w, b = given.lend(given.weights[1].ravel()), float(given.biases[1][0])
    return w, b, given.weights[0], given.biases[0], given.X, given.lend(given.T.ravel())


def bind_network(module: ModuleType, net: Network) -> Callable[[Given], Any]:  # noqa: ARG001
    """Call ``gradient``, which returns those of w, b, W̃ and b̃."""

    def call(given: Given) -> dict[str, Any]:
        asked = {"∂J/∂w": (2,), "∂J/∂b": (), "∂J/∂W̃": (2, 2), "∂J/∂b̃": (2,)}
        dw, db, dW, db_tilde = parts_of(module.gradient(*_of(given)), asked, given)
        return {"W1": dW, "b1": db_tilde, "W2": dw[:, np.newaxis], "b2": db.reshape(1)}

    return call


def bind_nine(module: ModuleType, net: Network) -> Callable[[Given], Any]:  # noqa: ARG001
    """Call ``nine_derivatives``, which returns them by name."""

    def call(given: Given) -> dict[str, Any]:
        nine = parts_of(module.nine_derivatives(*_of(given)), dict.fromkeys(NAMES, ()), given, by_name=True)
        w1, w2, b, W11, W21, W12, W22, b1, b2 = nine
        W, W_tilde = np.array([[w1], [w2]]), np.array([[W11, W12], [W21, W22]])
        return {"W1": W_tilde, "b1": np.array([b1, b2]), "W2": W, "b2": b.reshape(1)}

    return call


NAMES = ("w1", "w2", "b", "W11", "W21", "W12", "W22", "b1", "b2")


def _parameters(stream: np.random.RandomState) -> tuple[Any, ...]:
    return stream.randn(2), float(stream.randn()), stream.randn(2, 2), stream.randn(2)


def _forward_inputs(stream: np.random.RandomState) -> list[tuple[Any, ...]]:
    return [(*_parameters(stream), stream.randn(n, 2)) for n in (1, 4, 6)]


def _update(module: ModuleType, parameters: tuple[Any, ...], gradient: tuple[Any, ...], rate: float) -> Any:
    return module.update(*parameters, gradient, rate)


def _update_inputs(stream: np.random.RandomState) -> list[tuple[Any, ...]]:
    return [(_parameters(stream), _parameters(stream), rate) for rate in (0.1, 0.7)]


def _stepped(factor: float, rated: bool, parameters: tuple[Any, ...], gradient: tuple[Any, ...], rate: float) -> Any:
    return [P + factor * (rate if rated else 1.0) * D for P, D in zip(parameters, gradient, strict=True)]


FORWARD_REMEDY = "ã = W̃ᵀx + b̃, h = σ(ã) and a = wᵀh + b."
FORWARD_SLIPS = (
    Slip(
        "columns-swapped",
        "x₁ and x₂ are exchanged.",
        FORWARD_REMEDY,
        lambda s, w, b, W, b_tilde, X: s.forward(w, b, W, b_tilde, X[:, ::-1]),
    ),
    Slip(
        "bias-not-added",
        "The bias b is not added to a.",
        FORWARD_REMEDY,
        lambda s, w, b, W, b_tilde, X: s.forward(w, 0.0, W, b_tilde, X),
    ),
    Slip(
        "bias-not-added",
        "The biases b̃ are not added to ã.",
        FORWARD_REMEDY,
        lambda s, w, b, W, b_tilde, X: s.forward(w, b, W, 0 * b_tilde, X),
    ),
    Slip(
        "transposed",
        "W̃ is used transposed: W̃[i, j] leads from input i to hidden neuron j.",
        FORWARD_REMEDY,
        lambda s, w, b, W, b_tilde, X: s.forward(w, b, W.T, b_tilde, X),
    ),
    Slip(
        "activation-wrong",
        "The sigmoid is missing in the hidden layer.",
        FORWARD_REMEDY,
        lambda _, w, b, W, b_tilde, X: (X @ W + b_tilde, X @ W + b_tilde, (X @ W + b_tilde) @ w + b),
    ),
    Slip(
        "activation-wrong",
        "a is returned after the sigmoid; what is asked for is the value before it.",
        FORWARD_REMEDY,
        lambda s, *given: (*s.forward(*given)[:2], s.predict(*given)),
    ),
)


NETWORK_STEPS = step_slips(_stepped, "θ ← θ − ε ∂J/∂θ.")


def train_network(module: ModuleType) -> Decision:
    """Descend on points that one line does not separate."""
    stream = np.random.RandomState(0)  # a start that finds both lines; about half of them do
    X = stream.uniform(-1, 1, (120, 2))
    t = (np.abs(X[:, 0] + X[:, 1]) < 0.6).astype(np.float64)
    parameters: tuple[Any, ...] = (stream.randn(2), 0.0, 2.0 * stream.randn(2, 2), stream.randn(2))
    losses = []
    for _ in range(4 * STEPS):
        losses.append(float(module.loss(module.predict(*parameters, X), t)))
        parameters = module.update(*parameters, module.gradient(*parameters, X, t), RATE)
    return Decision(lambda P: np.ravel(module.predict(*parameters, P)), X, t.astype(int), tuple(losses))


NEURON_HOMEWORK = Homework(
    sheets=(
        Sheet(
            "neuron.py",
            Path(__file__).parent / "solution" / "neuron.py",
            (
                sigmoid(),
                derivative_of_preactivation("sigmoid_derivative"),
                compare("preactivation", _neuron_inputs, slips=AFFINE_SLIPS),
                compare("predict", _neuron_inputs, slips=PREDICT_SLIPS),
                half_squared_error(),
                backprop("gradient", neuron_net, bind_neuron, points=3, letters=LETTERS_OF_NEURON),
                compare("update", _neuron_steps, slips=NEURON_STEPS, parts=("w", "b")),
            ),
            train_neuron,
        ),
        Sheet(
            "network.py",
            Path(__file__).parent / "solution" / "network.py",
            (
                sigmoid(),
                derivative_of_preactivation("sigmoid_derivative"),
                compare("forward", _forward_inputs, points=2, slips=FORWARD_SLIPS, parts=("ã", "h", "a")),
                half_squared_error(),
                backprop("gradient", network_net, bind_network, points=3, letters=LETTERS_OF_NETWORK),
                backprop("nine_derivatives", network_net, bind_nine, points=3, letters=LETTERS_OF_NINE, by_entry=True),
                compare(
                    "update",
                    _update_inputs,
                    slips=NETWORK_STEPS,
                    run=_update,
                    parts=("w", "b", "W̃", "b̃"),
                ),
            ),
            train_network,
        ),
    ),
    beside={name: Path(__file__).parent / "solution" / name for name in ("train_neuron.py", "train_network.py")},
)
