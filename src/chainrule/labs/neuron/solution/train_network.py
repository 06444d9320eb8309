"""The script for the 2–2–1 network, with the same knobs, data and output as the neuron's.

Two hidden neurons are just enough for XOR: about one start in five ends in a local minimum near 0.7, and more epochs
do not help. Try another stream before you look for a mistake.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from . import network
from .train_neuron import Result, batches, make_data, plot_predictions, plot_validation, report, split

if TYPE_CHECKING:
    from collections.abc import Callable


def initial_parameters(random_state: np.random.RandomState) -> network.Parameters:
    """Draw w, b, W̃ and b̃ from N(0, 0.58²), in this order."""
    w, b = random_state.normal(0, 0.58, 2), float(random_state.normal(0, 0.58))
    return w, b, random_state.normal(0, 0.58, (2, 2)), random_state.normal(0, 0.58, 2)


def main(
    *,
    linearly_separable: bool = False,
    batch_size: int = 100,
    learning_rate: float = 0.5,
    n_epochs: int = 1000,
    n: int = 1000,
    random_state: np.random.RandomState | None = None,
    echo: Callable[[str], object] = print,
) -> Result:
    """Train the network and report; train_neuron's two plot functions draw the result."""
    stream = random_state or np.random.RandomState()
    sets = split(make_data(n, stream, linearly_separable=linearly_separable))
    X_val, t_val = sets["validation"]
    parameters = initial_parameters(stream)
    validation_loss = []
    for _ in range(n_epochs):
        for X, t in batches(sets["train"], batch_size, stream):
            parameters = network.update(*parameters, network.gradient(*parameters, X, t), learning_rate)
        validation_loss.append(network.loss(network.predict(*parameters, X_val), t_val))
    return report(validation_loss, sets, lambda X: network.predict(*parameters, X), echo)


if __name__ == "__main__":
    result = main(random_state=np.random.RandomState(0))
    plot_validation(result.validation_loss).savefig("train_network-validation.png")
    plot_predictions(result.predict, result.test).savefig("train_network-test.png")
    print("written: train_network-validation.png, train_network-test.png")  # noqa: T201  # a script says what it wrote
