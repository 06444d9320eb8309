"""Two hidden layers of sigmoids without biases, cross-entropy, and the report's training loop, solved.

What the text gets wrong, and what stands here (its z are *after* the sigmoid, its ŷ is the truth):

- The report's loss hardly looks at the prediction: gt·log(gt + ε) + (1−p)·log(1−p + ε). Perfect and inverted answers
  score alike, it goes below 0, and then stops a run at once. Here it is −[t log p + (1−t) log(1−p)].
- One ε is the threshold and the guard of the logarithm. Here ``epsilon`` is the threshold alone, and the loss needs no
  guard: it comes from the last pre-activation.
- Dividing by p (1−p) gives NaN where p rounds to 0 or 1. Here ∂L/∂(Z2 W3) = (p − t) / N, where it cancels.
- A formula has lost its minus, and its chains for ∂L/∂W are out of order. Here each line is one link.
- The sheet's σ′ wants activations, the report's pre-activations. Here ``derivative_sigmoid`` takes the *activation*.
- The pictures compare raw outputs with 0. Here a prediction is an output cut at ½.
- Nothing watches for inf and NaN. Here such a run ends, says so, and keeps its last finite weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from matplotlib.figure import Figure

Array: TypeAlias = npt.NDArray[np.float64]
Labels: TypeAlias = npt.NDArray[np.int_]
Weights: TypeAlias = tuple[Array, Array, Array]


def generate_linear(n: int = 100, random_state: np.random.RandomState | None = None) -> tuple[Array, Labels]:
    """n points of U(0, 1)², label 0 where x₁ > x₂ and 1 elsewhere: (n, 2) and (n, 1)."""
    pts = (random_state or np.random.RandomState()).uniform(0, 1, (n, 2))
    return pts, np.where(pts[:, :1] > pts[:, 1:], 0, 1)


def generate_XOR_easy() -> tuple[Array, Labels]:
    """x₁ = 0, 0.1, …, 1 on the diagonal (0) and on the other one (1), their crossing once: (21, 2) and (21, 1)."""
    inputs, labels = [], []
    for i in range(11):
        x = 0.1 * i
        inputs.append([x, x])
        labels.append(0)
        if i != 5:  # at (½, ½) both diagonals meet
            inputs.append([x, 1 - x])
            labels.append(1)
    return np.array(inputs), np.array(labels).reshape(21, 1)


def sigmoid(x: Array) -> Array:
    """σ(x) = 1 / (1 + e^−x), written with e^−|x|, which cannot overflow."""
    e = np.exp(-np.abs(x))
    y: Array = np.where(x >= 0, 1.0, e) / (1.0 + e)
    return y


def derivative_sigmoid(z: Array) -> Array:
    """σ′ at the place where σ gave z: z (1 − z). It takes the *activation*, as the sheet's hint does."""
    return z * (1.0 - z)


class Network:
    """σ(σ(σ(x W1) W2) W3): two hidden layers, one output, no biases, weights from N(0, 1) drawn in that order.

    ``forward`` keeps what ``loss`` and ``gradient`` need; both refuse predictions that are not the last ones.
    """

    def __init__(
        self,
        nHiddenUnits: tuple[int, int] = (10, 10),
        learningRate: float = 0.3,
        epsilon: float = 0.01,
        random_state: np.random.RandomState | None = None,
    ) -> None:
        stream = random_state or np.random.RandomState()
        h1, h2 = nHiddenUnits
        self.lr = learningRate
        self.eps = epsilon
        self.W1: Array = stream.randn(2, h1)
        self.W2: Array = stream.randn(h1, h2)
        self.W3: Array = stream.randn(h2, 1)

    @property
    def weights(self) -> Weights:
        """W1 (2, h1), W2 (h1, h2), W3 (h2, 1)."""
        return self.W1, self.W2, self.W3

    @weights.setter
    def weights(self, weights: Weights) -> None:
        self.W1, self.W2, self.W3 = weights

    def forward(self, bx: Array) -> Array:
        """Z1 = σ(X W1), Z2 = σ(Z1 W2), y = σ(Z2 W3) for a batch (N, 2): y is (N, 1).

        What going back needs is kept: inputs, Z1, Z2, Z2W3 and pred_y, which is y.
        """
        self.inputs = bx
        self.Z1 = sigmoid(bx @ self.W1)  # (N, h1)
        self.Z2 = sigmoid(self.Z1 @ self.W2)  # (N, h2)
        self.Z2W3 = self.Z2 @ self.W3  # (N, 1)
        self.pred_y = sigmoid(self.Z2W3)
        return self.pred_y

    def loss(self, gt_y: Labels, pred_y: Array) -> float:
        """−(1/N) Σ [t log p + (1−t) log(1−p)] = (1/N) Σ [log(1 + e^a) − t a], a = Z2 W3 from pred_y."""
        a = self._pre_activation(pred_y)
        return float((np.maximum(a, 0.0) - gt_y * a + np.log1p(np.exp(-np.abs(a)))).mean())

    def gradient(self, gt_y: Labels, pred_y: Array) -> Weights:
        """∂L/∂W1, ∂L/∂W2 and ∂L/∂W3, each of its matrix's shape."""
        self._pre_activation(pred_y)
        grad_Z2W3 = (pred_y - gt_y) / len(gt_y)  # (N, 1)
        grad_W3 = self.Z2.T @ grad_Z2W3  # (h2, N) (N, 1) = (h2, 1)
        grad_Z2 = grad_Z2W3 @ self.W3.T  # (N, h2)
        grad_Z1W2 = grad_Z2 * derivative_sigmoid(self.Z2)
        grad_W2 = self.Z1.T @ grad_Z1W2  # (h1, h2)
        grad_Z1 = grad_Z1W2 @ self.W2.T  # (N, h1)
        grad_XW1 = grad_Z1 * derivative_sigmoid(self.Z1)
        grad_W1 = self.inputs.T @ grad_XW1  # (2, h1)
        return grad_W1, grad_W2, grad_W3

    def update(self, gradient: Weights) -> None:
        """W ← W − learning rate · ∂L/∂W: new matrices, the old ones stay what they were."""
        self.W1, self.W2, self.W3 = (W - self.lr * dW for W, dW in zip(self.weights, gradient, strict=True))

    def backward(self, gt_y: Labels, pred_y: Array) -> None:
        """Go back through the network and take one step down."""
        self.update(self.gradient(gt_y, pred_y))

    def _pre_activation(self, pred_y: Array) -> Array:
        """Z2 W3 of these predictions, if they are those of the last forward pass: nothing older is kept."""
        if pred_y is not getattr(self, "pred_y", None):
            raise ValueError(
                "pred_y must be what the last call of forward returned: loss and gradient use its Z1 and Z2."
            )
        return self.Z2W3


@dataclass(frozen=True)
class Training:
    """How a run ended, and the loss and accuracy on all points before the update of each epoch."""

    status: str  # "loss reached", "accuracy reached", "max_epochs" or "non_finite"
    losses: list[float]
    accuracies: list[float]


def accuracy(gt_y: Labels, pred_y: Array) -> float:
    """Share of predictions that, cut at ½, are the label."""
    return float(((pred_y >= 0.5) == gt_y).mean())


def batches(n: int, batch_size: int, random_state: np.random.RandomState) -> Iterator[npt.NDArray[np.intp]]:
    """Rows of an epoch's mini-batches, in a new order each time; a batch size of 1 is the pseudocode's."""
    order = random_state.permutation(n)
    for i in range(0, n, batch_size):
        yield order[i : i + batch_size]


def train_epoch(
    net: Network, x: Array, y: Labels, pred_y: Array, batch_size: int | None, random_state: np.random.RandomState
) -> None:
    """One update with all points, whose forward pass is pred_y, or one a mini-batch."""
    if batch_size is None:
        net.backward(y, pred_y)
        return
    for rows in batches(len(x), batch_size, random_state):
        net.backward(y[rows], net.forward(x[rows]))


@np.errstate(over="ignore", invalid="ignore")  # the run says so itself when a number is not finite
def train(
    net: Network,
    x: Array,
    y: Labels,
    *,
    max_epochs: int = 100_000,
    batch_size: int | None = None,
    stop_accuracy: float | None = None,
    every: int = 500,
    random_state: np.random.RandomState | None = None,
    echo: Callable[[str], object] = print,
) -> Training:
    """Train until the loss is below net.eps, or the accuracy is reached if one is given, or there are no epochs left.

    A loss that is not finite ends the run with the last weights whose loss was.
    """
    stream = random_state or np.random.RandomState()
    losses: list[float] = []
    accuracies: list[float] = []
    finite = net.weights
    for epoch in range(max_epochs + 1):
        pred_y = net.forward(x)
        loss, share = net.loss(y, pred_y), accuracy(y, pred_y)
        if not all(np.isfinite(value).all() for value in (loss, *net.weights)):
            net.weights = finite
            return Training("non_finite", losses, accuracies)
        losses.append(loss)
        accuracies.append(share)
        if epoch > 0 and epoch % every == 0:
            echo(f"training ... epoch:{epoch}, loss:{loss:.5f}, acc:{share:.2f}")
        if status := _reached(loss, share, net.eps, stop_accuracy):
            return Training(status, losses, accuracies)
        finite = net.weights
        if epoch < max_epochs:
            train_epoch(net, x, y, pred_y, batch_size, stream)
    return Training("max_epochs", losses, accuracies)


def _reached(loss: float, share: float, epsilon: float, stop_accuracy: float | None) -> str:
    """Say which goal is met, "" for none."""
    if loss < epsilon:
        return "loss reached"
    return "accuracy reached" if stop_accuracy is not None and share >= stop_accuracy else ""


def show_result(x: Array, y: Labels, pred_y: Array) -> Figure:
    """Draw the truth beside the prediction, class 0 red and class 1 blue; pred_y may be outputs, they are cut at ½."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 4), layout="constrained")
    for axes, title, labels in zip(
        figure.subplots(1, 2), ("Ground truth", "Predict result"), (y, pred_y >= 0.5), strict=True
    ):
        axes.set_title(title, fontsize=18)
        for label, style in ((0, "ro"), (1, "bo")):
            axes.plot(*x[np.ravel(labels) == label].T, style)
    return figure


def show_learning_curve(training: Training) -> Figure:
    """Draw the loss over the epochs."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5, 4), layout="constrained")
    axes = figure.subplots()
    axes.plot(training.losses)
    axes.set(xlabel="epoch", ylabel="loss")
    return figure


def save(figure: Figure, name: str) -> None:
    """Write a picture into the current folder, and say so."""
    figure.savefig(f"{name}.png")
    print(f"written: {name}.png")  # noqa: T201  # a script says what it wrote


def main(
    random_state: np.random.RandomState | None = None,
    *,
    echo: Callable[[str], object] = print,
    show: Callable[[Figure, str], object] | None = None,
) -> dict[str, Training]:
    """Train on both sets and say what the sheet wants said; the linear one is tested on points of its own.

    ``show`` gets the pictures, each with its name.
    """
    stream = random_state or np.random.RandomState(0)
    done = {}
    for name, (x, y) in {"linear": generate_linear(random_state=stream), "XOR": generate_XOR_easy()}.items():
        test_x, test_y = generate_linear(random_state=stream) if name == "linear" else (x, y)
        net = Network(random_state=stream)
        echo(f"=====data type : {name}=====")
        done[name] = train(net, x, y, echo=echo)
        pred_y = net.forward(test_x)
        echo(f"testing ... accuracy:{accuracy(test_y, pred_y)}")
        echo(str(pred_y))
        if show is not None:
            show(show_result(test_x, test_y, pred_y), f"xor-{name}")
            show(show_learning_curve(done[name]), f"xor-{name}-learning-curve")
    return done


if __name__ == "__main__":
    main(np.random.RandomState(0), show=save)
