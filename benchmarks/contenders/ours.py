"""chainrule itself: cr.train on both engines, Network.predict, and MLPClassifier.predict_proba."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

import chainrule as cr
from benchmarks.data import load

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from benchmarks.workloads import Layers, Workload


def flat(layers: Layers) -> npt.NDArray[Any]:
    """Return the parameters as one theta: layer by layer the rows of W, then b."""
    return np.concatenate([part.ravel() for layer in layers for part in layer if part is not None])


class Engine:
    """Trains by one ``cr.train``."""

    libraries = ("chainrule", "numpy", "scipy")
    compiles_each_length = False
    engine: str

    def optimizer(self) -> dict[str, Any]:
        """Return ``cr.train``'s optimizer and rate."""
        return {"optimizer": self.workload.optimizer, "learning_rate": self.workload.learning_rate}

    def prepare(self, workload: Workload) -> None:
        """Load the data and build the network."""
        self.workload, self.samples, self.net = workload, load(workload), workload.network()
        self.theta = flat(workload.start())

    def train(self, epochs: int) -> Layers:
        """Train from the start."""
        X, _, T = self.samples
        run = cr.train(
            self.net, X, T, self.theta, max_epochs=epochs, batch_size=self.workload.batch_size, random_state=0,
            progress=False, **self.optimizer(), engine=self.engine,
        )  # fmt: skip
        return list(self.net.views(run.theta))

    check = train


class Textbook(Engine):
    """The engine that one reads."""

    engine = "textbook"


class TextbookTorchAdam(Textbook):
    """The textbook with PyTorch's place for ε, θ ← θ − η m̂ / (√v̂ + ε) with v̂ = v / (1 − β₂ᵗ): a reference alone.

    Kingma and Ba's faster order, which chainrule and scikit-learn use, adds ε to √v. Where a gradient is itself as
    small as ε the two differ by more than rounding.
    """

    def optimizer(self) -> dict[str, Any]:
        """Return Adam of your own, given to ``cr.train``."""
        rate, beta1, beta2, epsilon = self.workload.learning_rate, 0.9, 0.999, 1e-8

        def update(grad: Any, state: Any, theta: Any) -> tuple[Any, Any]:
            t, m, v = state[0] + 1, beta1 * state[1] + (1 - beta1) * grad, beta2 * state[2] + (1 - beta2) * grad**2
            corrected = v / (1 - beta2**t)
            return theta - rate / (1 - beta1**t) * m / (np.sqrt(corrected) + epsilon), (t, m, v)

        def init(theta: Any) -> Any:
            return 0, np.zeros_like(theta), np.zeros_like(theta)

        return {"optimizer": cr.Optimizer("adam of PyTorch", init, update)}


class Compiled(Engine):
    """The engine that one waits for."""

    engine = "compiled"

    def predictor(self, workload: Workload) -> Callable[[npt.NDArray[Any]], npt.NDArray[Any]]:
        """``Network.predict`` at the workload's start."""
        net, theta = workload.network(), flat(workload.start())
        return lambda X: net.predict(theta, X, engine="compiled")


class Estimator:
    """The estimator, predicting."""

    libraries = ("chainrule",)

    def predictor(self, workload: Workload) -> Callable[[npt.NDArray[Any]], npt.NDArray[Any]]:
        """``predict_proba`` at the workload's start."""
        samples = load(workload)
        model = cr.MLPClassifier(workload.sizes[1:-1], workload.hidden, max_iter=1, engine="compiled")
        model.partial_fit(samples.X, samples.labels, classes=np.unique(samples.labels))
        model.theta_[:] = flat(workload.start())
        return model.predict_proba


def fit_one(workload: Workload, samples: Any, net: Any, seed: int, epochs: int) -> float:
    """Fit one of many small networks and return its last loss: what a thread of joblib's does."""
    theta = flat(workload.start(seed))
    run = cr.train(
        net, samples.X, samples.T, theta, optimizer=workload.optimizer, learning_rate=workload.learning_rate,
        max_epochs=epochs, random_state=seed, progress=False, engine="compiled",
    )  # fmt: skip
    return float(run.loss)
