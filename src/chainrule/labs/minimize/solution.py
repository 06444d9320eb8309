"""A network of any depth for ``scipy.optimize.minimize(jac=True)``, two classes or more, solved.

What the text gets wrong, and what stands here:

- Its recipe, sample by sample, *sums* gradients while its loss *averages*: minimize is then told a slope N times too
  steep and fails. ``summed_gradient`` is the recipe as asked, ``gradient`` is the gradient of exactly the loss.
- log p is −inf where a neuron saturates. Here losses are computed from the last pre-activation, never from p.
- Its weights are w_kj going back and w_ij in the derivative. Here W[i, j] leads from i to j everywhere: a = z W + b.
- z is after the activation and a before it, as in the text; σ′ and ReLU′ are functions of a.

W is one flat vector: layer by layer the rows of the weight matrix (n_in, n_out), then the biases (n_out,). ``sizes``
tells what is in it: (2, 3, 1) is one hidden layer of 3. One output is a sigmoid with targets 0 and 1; K outputs are a
softmax with targets 0, …, K − 1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Array: TypeAlias = npt.NDArray[np.float64]
Labels: TypeAlias = npt.NDArray[Any]
Sizes: TypeAlias = Sequence[int]
Activation: TypeAlias = tuple[Callable[[Array], Array], Callable[[Array], Array]]

DEPTH_4 = (2, 10, 10, 10, 10, 1)
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")


def stack(*classes: Array) -> tuple[Array, Labels]:
    """Put one matrix a class on top of each other: X (N, 2) and the label of each row, t (N,), 0, 1, ….

    >>> stack(np.zeros((1, 2)), np.ones((2, 2)))[1]
    array([0, 1, 1])
    """
    return np.concatenate(classes), np.repeat(np.arange(len(classes)), [len(points) for points in classes])


def sigmoid(a: Array) -> Array:
    """σ(a) = 1 / (1 + e^−a), entry by entry; written with e^−|a|, which cannot overflow."""
    e = np.exp(-np.abs(a))
    y: Array = np.where(np.asarray(a) >= 0, 1.0, e) / (1.0 + e)
    return y


def sigmoid_gradient(a: Array) -> Array:
    """σ′(a) = σ(a) (1 − σ(a)) = σ(a) σ(−a), a function of the pre-activation."""
    return sigmoid(a) * sigmoid(-a)


def check_sigmoid_gradient(a: Array | None = None, h: float = 1e-5) -> float:
    """Largest distance of σ′(a) from the central difference [σ(a + h) − σ(a − h)] / 2h: about 1e-11.

    >>> check_sigmoid_gradient() < 1e-10
    True
    """
    at = np.linspace(-10, 10, 201) if a is None else a
    differences = (sigmoid(at + h) - sigmoid(at - h)) / (2 * h)
    return float(np.abs(sigmoid_gradient(at) - differences).max())


def relu(a: Array) -> Array:
    """max(0, a)."""
    return np.maximum(a, 0.0)


def relu_gradient(a: Array) -> Array:
    """1 where a > 0, else 0. At 0 every slope from 0 to 1 is a subgradient; we take 0."""
    return (np.asarray(a) > 0).astype(np.float64)


ACTIVATIONS: dict[str, Activation] = {  # looked up when they are called: one may write them anew meanwhile
    "sigmoid": (lambda a: sigmoid(a), lambda a: sigmoid_gradient(a)),  # noqa: PLW0108
    "relu": (lambda a: relu(a), lambda a: relu_gradient(a)),  # noqa: PLW0108
}


def softmax(a: Array) -> Array:
    """e^a_k / Σ_m e^a_m along the last axis, shifted by the row's maximum so that nothing overflows."""
    e = np.exp(a - a.max(axis=-1, keepdims=True))
    y: Array = e / e.sum(axis=-1, keepdims=True)
    return y


def targets(t: Labels, n_outputs: int) -> Array:
    """t as a matrix (N, n_outputs): a column of 0 and 1 for one output, else a 1 at the class of each row."""
    t = np.ravel(t)
    return t[:, np.newaxis].astype(np.float64) if n_outputs == 1 else np.eye(n_outputs)[t.astype(int)]


def initial_weights(sizes: Sizes, random_state: np.random.RandomState) -> Array:
    """Draw each layer, biases too, uniformly on ±ε, ε = √(2 / (n_in + n_out)), in the order of W."""
    drawn = []
    for n_in, n_out in pairwise(sizes):
        epsilon = np.sqrt(2.0 / (n_in + n_out))
        drawn.append(random_state.uniform(-epsilon, epsilon, n_in * n_out))
        drawn.append(random_state.uniform(-epsilon, epsilon, n_out))
    return np.concatenate(drawn)


def unpack(W: Array, sizes: Sizes) -> list[tuple[Array, Array]]:
    """Flat W as [(weights (n_in, n_out), biases (n_out,)), …], views of W: the gradient is written through them."""
    layers, at = [], 0
    for n_in, n_out in pairwise(sizes):
        end = at + n_in * n_out
        layers.append((W[at:end].reshape(n_in, n_out), W[end : end + n_out]))
        at = end + n_out
    if at != len(W):
        raise ValueError(f"W must have {at} entries for the sizes {tuple(sizes)}, got {len(W)}.")
    return layers


def forward(W: Array, X: Array, sizes: Sizes, activation: str = "sigmoid") -> tuple[list[Array], list[Array]]:
    """Every pre-activation a = z W + b, and every z = f(a) after X: lists of one entry a layer, z from X on.

    The last a stays as it is: what turns it into probabilities is ``predict``. X may be one sample, (2,).
    """
    f, _ = ACTIVATIONS[activation]
    a: list[Array] = []
    z = [X]
    for weights, biases in unpack(W, sizes):
        a.append(z[-1] @ weights + biases)  # (N, n_in) (n_in, n_out) = (N, n_out)
        z.append(f(a[-1]))
    return a, z[:-1]


def outputs(a: Array) -> Array:
    """p of the last pre-activation: σ for one output, softmax for more."""
    return sigmoid(a) if a.shape[-1] == 1 else softmax(a)


def predict(W: Array, X: Array, sizes: Sizes, activation: str = "sigmoid") -> Array:
    """p_W(x), (N, n_outputs)."""
    a, _ = forward(W, X, sizes, activation)
    return outputs(a[-1])


def classes(W: Array, X: Array, sizes: Sizes, activation: str = "sigmoid") -> Labels:
    """The likeliest class of each row, (N,)."""
    p = predict(W, X, sizes, activation)
    likeliest: Labels = (p[:, 0] >= 0.5).astype(int) if p.shape[1] == 1 else p.argmax(axis=1)
    return likeliest


def cross_entropy(a: Array, T: Array) -> float:
    """(1/N) Σ of −t log p − (1−t) log(1−p) = log(1 + e^a) − t a, or with K outputs of log Σ_k e^a_k − Σ_k t_k a_k."""
    if a.shape[1] == 1:  # max(a, 0) − t a first: exact where e^−|a| is nothing beside 1
        terms = np.maximum(a, 0.0) - T * a + np.log1p(np.exp(-np.abs(a)))
        return float(terms.sum(axis=1).mean())
    shifted = a - a.max(axis=1, keepdims=True)
    return float((np.log(np.exp(shifted).sum(axis=1)) - (T * shifted).sum(axis=1)).mean())


def penalty(W: Array, sizes: Sizes, lam: float) -> float:
    """λ Σ W², over weights and not over biases."""
    return lam * float(sum(np.square(weights).sum() for weights, _ in unpack(W, sizes)))


def loss(W: Array, X: Array, t: Labels, sizes: Sizes, lam: float = 0.0, activation: str = "sigmoid") -> float:
    """Cross-entropy of the network's answers, a mean over the samples, plus λ Σ W²."""
    a, _ = forward(W, X, sizes, activation)
    return cross_entropy(a[-1], targets(t, sizes[-1])) + penalty(W, sizes, lam)


def gradient_by_hand(W: Array, X: Array, t: Labels, sizes: Sizes) -> Array:
    """1.d, one hidden layer of sigmoids: the derivative of the mean cross-entropy, line by line without a loop."""
    (_, _), (V, _) = unpack(W, sizes)
    [a1, a2], [_, z1] = forward(W, X, sizes)
    d2 = (outputs(a2) - targets(t, sizes[-1])) / len(X)  # (N, n_outputs)
    d1 = sigmoid_gradient(a1) * (d2 @ V.T)  # (N, h)
    blocks = (X.T @ d1, d1.sum(axis=0), z1.T @ d2, d2.sum(axis=0))
    return np.concatenate([block.ravel() for block in blocks])


def sample_gradient(W: Array, x: Array, t: Array, sizes: Sizes, activation: str = "sigmoid") -> Array:
    """2.a, one sample: δ_k = y_k − t_k, then δ_j = f′(a_j) Σ_k w_jk δ_k, and ∂/∂w_ij = z_i δ_j, ∂/∂b_j = δ_j.

    x is (n_in,) and t the row of ``targets`` that belongs to it, (n_outputs,).
    """
    _, slope = ACTIVATIONS[activation]
    a, z = forward(W, x, sizes, activation)
    layers, derivatives = unpack(W, sizes), np.empty_like(W)
    delta = outputs(a[-1]) - t
    for layer in range(len(layers) - 1, -1, -1):
        d_weights, d_biases = unpack(derivatives, sizes)[layer]
        d_weights[:] = np.outer(z[layer], delta)  # (n_in, n_out)
        d_biases[:] = delta
        if layer > 0:
            delta = slope(a[layer - 1]) * (layers[layer][0] @ delta)  # (n_in, n_out) (n_out,) = (n_in,)
    return derivatives


def summed_gradient(W: Array, X: Array, t: Labels, sizes: Sizes, activation: str = "sigmoid") -> Array:
    """2.a as asked: the contributions of all samples, one after the other, *summed*: N times the loss's gradient."""
    T = targets(t, sizes[-1])
    total = np.zeros_like(W)
    for x, row in zip(X, T, strict=True):
        total += sample_gradient(W, x, row, sizes, activation)
    return total


def gradient(W: Array, X: Array, t: Labels, sizes: Sizes, activation: str = "sigmoid") -> Array:
    """``summed_gradient`` / N, averaged as the loss is: all samples at once, a row each. Without the penalty."""
    _, slope = ACTIVATIONS[activation]
    a, z = forward(W, X, sizes, activation)
    layers, derivatives = unpack(W, sizes), np.empty_like(W)
    delta = (outputs(a[-1]) - targets(t, sizes[-1])) / len(X)  # (N, n_outputs)
    for layer in range(len(layers) - 1, -1, -1):
        d_weights, d_biases = unpack(derivatives, sizes)[layer]
        d_weights[:] = z[layer].T @ delta  # (n_in, N) (N, n_out) = (n_in, n_out)
        d_biases[:] = delta.sum(axis=0)
        if layer > 0:
            delta = slope(a[layer - 1]) * (delta @ layers[layer][0].T)  # (N, n_out) (n_out, n_in) = (N, n_in)
    return derivatives


def penalty_gradient(W: Array, sizes: Sizes, lam: float) -> Array:
    """2 λ W for weights, 0 for biases: added to what back-propagation gave."""
    derivatives = np.zeros_like(W)
    for (weights, _), (d_weights, _) in zip(unpack(W, sizes), unpack(derivatives, sizes), strict=True):
        d_weights[:] = 2.0 * lam * weights
    return derivatives


def fun(
    W: Array, X: Array, t: Labels, sizes: Sizes, lam: float = 0.0, activation: str = "sigmoid"
) -> tuple[float, Array]:
    """Return the loss and its gradient: ``minimize(fun, W, args=(X, t, sizes, lam), jac=True)``."""
    derivatives = gradient(W, X, t, sizes, activation) + penalty_gradient(W, sizes, lam)
    return loss(W, X, t, sizes, lam, activation), derivatives


def train(
    X: Array,
    t: Labels,
    sizes: Sizes,
    lam: float = 1e-3,
    activation: str = "sigmoid",
    random_state: np.random.RandomState | None = None,
) -> Any:
    """Let SciPy minimise ``fun`` by L-BFGS-B from a random start: its result, the weights in ``.x``."""
    from scipy import optimize

    start = initial_weights(sizes, random_state or np.random.RandomState())
    return optimize.minimize(fun, start, args=(X, t, sizes, lam, activation), jac=True, method="L-BFGS-B")


def scatter(X: Array, t: Labels, title: str | None = None) -> Figure:
    """Draw the points, a colour a class."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(4, 4))
    axes = figure.subplots()
    for k in np.unique(t):
        axes.scatter(X[t == k, 0], X[t == k, 1], s=15, color=COLOURS[int(k) % len(COLOURS)], label=f"class {k}")
    axes.legend()
    if title is not None:
        axes.set_title(title)
    return figure


def plot_classes(W: Array, X: Array, t: Labels, sizes: Sizes, activation: str = "sigmoid") -> Figure:
    """Draw the points over the class that the network gives every place around them."""
    figure = scatter(X, t)
    low, high = X.min(axis=0) - 0.5, X.max(axis=0) + 0.5
    x1, x2 = np.meshgrid(np.linspace(low[0], high[0], 200), np.linspace(low[1], high[1], 200))
    answers = classes(W, np.column_stack([x1.ravel(), x2.ravel()]), sizes, activation).reshape(x1.shape)
    n_classes = max(2, sizes[-1])
    colours = [COLOURS[k % len(COLOURS)] for k in range(n_classes)]
    figure.axes[0].contourf(x1, x2, answers, levels=np.arange(n_classes + 1) - 0.5, colors=colours, alpha=0.2)
    return figure


def stand_ins(n: int, n_classes: int, random_state: np.random.RandomState) -> tuple[Array, Labels]:
    """n points a class in round clouds on a circle, in place of the course's files."""
    angles = 2 * np.pi * np.arange(n_classes) / n_classes
    centres = 2 * np.column_stack([np.cos(angles), np.sin(angles)])
    return stack(*(random_state.normal(centre, 0.5, (n, 2)) for centre in centres))


def save(figure: Figure, name: str) -> None:
    """Write a picture into the current folder, and say so."""
    figure.savefig(f"{name}.png")
    print(f"written: {name}.png")  # noqa: T201  # a script says what it wrote


def main(
    random_state: np.random.RandomState | None = None,
    *,
    echo: Callable[[str], object] = print,
    show: Callable[[Figure, str], object] | None = None,
) -> dict[str, float]:
    """Do exercises 1 to 3 on stand-ins and return the accuracy of each; ``show`` gets the pictures with their names."""
    stream = random_state or np.random.RandomState(0)
    echo(f"sigmoid's derivative is off by {check_sigmoid_gradient():.1e} at most")
    exercises = {
        "one hidden layer": ((2, 3, 1), "sigmoid"),
        "depth 4": (DEPTH_4, "relu"),  # sigmoids collapse to all weights 0 here, and minimize calls that a success
        "three classes": ((2, 10, 3), "sigmoid"),
    }
    accuracies = {}
    for name, (sizes, activation) in exercises.items():
        X, t = stand_ins(100, max(2, sizes[-1]), stream)
        result = train(X, t, sizes, activation=activation, random_state=stream)
        accuracies[name] = float((classes(result.x, X, sizes, activation) == t).mean())
        echo(f"{name}: loss {result.fun:.4f}, accuracy {accuracies[name]:.2f}")
        if show is not None:
            show(plot_classes(result.x, X, t, sizes, activation), f"minimize-{name.replace(' ', '-')}")
    return accuracies


if __name__ == "__main__":
    main(np.random.RandomState(0), show=save)
