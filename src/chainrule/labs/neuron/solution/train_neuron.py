"""The script for the single neuron: mini-batch descent, validation loss per epoch, accuracy on three sets.

The knobs are main's arguments: ``linearly_separable``, ``batch_size``, ``learning_rate``, ``n_epochs``. The text's
figures do not say how their points were made; ours are round clouds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Array: TypeAlias = npt.NDArray[np.float64]
Set: TypeAlias = tuple[Array, Array]  # inputs (N, 2), targets (N,) of 0 and 1
Predict: TypeAlias = Callable[[Array], Array]


@dataclass(frozen=True)
class Result:
    """What a script found: validation loss after each epoch, accuracy of each set, the function and its test set."""

    validation_loss: list[float]
    accuracy: dict[str, float]
    predict: Predict = field(repr=False)
    test: Set = field(repr=False)


def make_data(n: int, random_state: np.random.RandomState, *, linearly_separable: bool) -> Set:
    """Draw n points in round clouds: one a class, far apart, or two a class, crosswise, as XOR has it."""
    if linearly_separable:
        centres, labels = np.array([[-1.5, -1.5], [1.5, 1.5]]), np.array([0.0, 1.0])
    else:
        centres, labels = np.array([[-1.0, -1.0], [1.0, 1.0], [-1.0, 1.0], [1.0, -1.0]]), np.array([0.0, 0.0, 1.0, 1.0])
    which = random_state.permutation(np.arange(n) % len(centres))
    return centres[which] + random_state.normal(0, 0.35, (n, 2)), labels[which]


def split(data: Set) -> dict[str, Set]:
    """Cut into 60 % to train on, 20 % to watch, 20 % to test with; the points come mixed already."""
    X, t = data
    ends = (int(0.6 * len(X)), int(0.8 * len(X)))
    parts = zip(np.split(X, ends), np.split(t, ends), strict=True)
    return dict(zip(("train", "validation", "test"), parts, strict=True))


def batches(data: Set, batch_size: int, random_state: np.random.RandomState) -> list[Set]:
    """Mix the points and cut them into mini-batches; the last may be smaller."""
    X, t = data
    order = random_state.permutation(len(X))
    return [(X[rows], t[rows]) for rows in (order[i : i + batch_size] for i in range(0, len(X), batch_size))]


def accuracy(predict: Predict, data: Set) -> float:
    """Share of points whose prediction, cut at ½, is their target."""
    X, t = data
    return float(((predict(X) >= 0.5) == t).mean())


def plot_validation(validation_loss: list[float]) -> Figure:
    """Draw the validation loss over the epochs."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5, 3.5), layout="constrained")
    axes = figure.subplots()
    axes.plot(range(1, len(validation_loss) + 1), validation_loss)
    axes.set(xlabel="epoch", ylabel="validation loss")
    return figure


def plot_predictions(predict: Predict, data: Set) -> Figure:
    """Draw the points in the colour of their class, right ones as dots, wrong ones as crosses."""
    from matplotlib.figure import Figure

    X, t = data
    right = (predict(X) >= 0.5) == t
    figure = Figure(figsize=(4, 4), layout="constrained")
    axes = figure.subplots()
    for label, colour in ((0.0, "#0072B2"), (1.0, "#D55E00")):
        for chosen, marker, word in ((right, ".", "right"), (~right, "x", "wrong")):
            rows = chosen & (t == label)
            axes.scatter(*X[rows].T, color=colour, marker=marker, label=f"class {label:.0f}, {word}: {rows.sum()}")
    axes.legend(fontsize="small")
    return figure


def report(
    validation_loss: list[float], sets: dict[str, Set], predict: Predict, echo: Callable[[str], object]
) -> Result:
    """Say the last validation loss and the accuracy of each set, and return them."""
    shares = {name: accuracy(predict, data) for name, data in sets.items()}
    result = Result(validation_loss, shares, predict, sets["test"])
    if validation_loss:
        echo(f"validation loss after {len(validation_loss)} epochs: {validation_loss[-1]:.5f}")
    for name, share in result.accuracy.items():
        echo(f"{name} accuracy: {share:.2f}")
    return result


def main(
    *,
    linearly_separable: bool = True,
    batch_size: int = 100,
    learning_rate: float = 0.5,
    n_epochs: int = 100,
    n: int = 1000,
    random_state: np.random.RandomState | None = None,
    echo: Callable[[str], object] = print,
) -> Result:
    """Train the neuron and report; ``plot_validation`` and ``plot_predictions`` draw the result."""
    from . import neuron  # here, because train_network needs the rest of this file and no neuron

    stream = random_state or np.random.RandomState()
    sets = split(make_data(n, stream, linearly_separable=linearly_separable))
    X_val, t_val = sets["validation"]
    w, b = stream.normal(0, 0.58, 2), float(stream.normal(0, 0.58))
    validation_loss = []
    for _ in range(n_epochs):
        for X, t in batches(sets["train"], batch_size, stream):
            w, b = neuron.update(w, b, *neuron.gradient(w, b, X, t), learning_rate)
        validation_loss.append(neuron.loss(neuron.predict(w, b, X_val), t_val))
    return report(validation_loss, sets, lambda X: neuron.predict(w, b, X), echo)


if __name__ == "__main__":
    result = main(random_state=np.random.RandomState(0))
    plot_validation(result.validation_loss).savefig("train_neuron-validation.png")
    plot_predictions(result.predict, result.test).savefig("train_neuron-test.png")
    print("written: train_neuron-validation.png, train_neuron-test.png")  # noqa: T201  # a script says what it wrote
