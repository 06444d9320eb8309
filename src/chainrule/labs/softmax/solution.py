"""Two hidden layers of sigmoids and a softmax, up the mean log-likelihood by gradient ascent, solved.

What the text gets wrong, and what stands here (its z⁽ᵏ⁾ are pre-activations):

- Index slips: z⁽²⁾ = W⁽²⁾h⁽¹⁾ + b⁽²⁾ (it adds an h), the softmax is of z⁽³⁾ (it writes z⁽²⁾), and
  db⁽²⁾ averages ∂L/∂b⁽²⁾ (it first writes dW⁽²⁾ there).
- Its softmax overflows, and of a matrix it sums all entries. Here each row is shifted by its maximum and sums to 1.
- Its gradient step copies the dict and not the arrays, so ``+=`` changes the caller's. Here new arrays are returned.
- 1/(1 + e^−z) warns of overflow. Here it is written with e^−|z|.
- Its text is of columns, W x, its code of rows, x W. Here a sample is a row.

The bias is the last *row* of each matrix, multiplied by a 1 after the inputs: W1 (3, 100), W2 (101, 100), W3 (101, 2).
All of ``errs`` and of the gradients point *up*: errs = y − ŷ = ∂L/∂z⁽³⁾.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.figure import Figure

Array: TypeAlias = npt.NDArray[np.float64]
Labels: TypeAlias = npt.NDArray[Any]
Model: TypeAlias = dict[str, Array]

n_feature = 2
n_class = 2


def make_data(n_samples: int = 5000, noise: float = 0.1, seed: int = 42) -> tuple[Array, Labels]:
    """Two moons with normal noise, the text's points to the last bit: X (n, 2), y (n,) of 0 and 1."""
    stream = np.random.RandomState(seed)
    n_outer = n_samples // 2
    outer, inner = np.linspace(0, np.pi, n_outer), np.linspace(0, np.pi, n_samples - n_outer)
    x1 = np.concatenate([np.cos(outer), 1 - np.cos(inner)])
    x2 = np.concatenate([np.sin(outer), 1 - np.sin(inner) - 0.5])
    order = stream.permutation(n_samples)
    X, y = np.column_stack([x1, x2])[order], np.repeat([0, 1], [n_outer, n_samples - n_outer])[order]
    return X + stream.normal(scale=noise, size=X.shape), y


def split(X: Array, y: Labels, test_size: float = 0.3, seed: int = 42) -> tuple[Array, Array, Labels, Labels]:
    """X_train, X_test, y_train, y_test by one random order, the test points first: the text's split."""
    order = np.random.RandomState(seed).permutation(len(X))
    n_test = int(np.ceil(test_size * len(X)))
    test, train = order[:n_test], order[n_test:]
    return X[train], X[test], y[train], y[test]


def init_weights(n_hidden: int = 100, random_state: np.random.RandomState | None = None) -> Model:
    """All entries, biases too, from N(0, 1): W1, then W2, then W3, each with its bias as last row."""
    stream = random_state or np.random.RandomState()
    return {
        "W1": stream.randn(n_feature + 1, n_hidden),
        "W2": stream.randn(n_hidden + 1, n_hidden),
        "W3": stream.randn(n_hidden + 1, n_class),
    }


def softmax(x: Array) -> Array:
    """e^x_i / Σ_j e^x_j of each row, shifted by the row's maximum, which cancels and keeps e^x finite."""
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    y: Array = e / e.sum(axis=-1, keepdims=True)
    return y


def sigmoid(z: Array) -> Array:
    """σ(z) = 1 / (1 + e^−z), written with e^−|z|, which cannot overflow."""
    e = np.exp(-np.abs(z))
    h: Array = np.where(z >= 0, 1.0, e) / (1.0 + e)
    return h


def with_one(x: Array) -> Array:
    """Append a 1 to every sample, for the bias row: (n,) becomes (n + 1,), and (N, n) becomes (N, n + 1)."""
    return np.concatenate([x, np.ones((*x.shape[:-1], 1))], axis=-1)


def forward(x: Array, model: Model) -> tuple[Array, Array, Array]:
    """h⁽¹⁾ = σ(z⁽¹⁾), h⁽²⁾ = σ(z⁽²⁾), both with their 1, and ŷ = softmax(z⁽³⁾): of one sample, or of rows at once."""
    h_1 = with_one(sigmoid(with_one(x) @ model["W1"]))  # (…, 101)
    h_2 = with_one(sigmoid(h_1 @ model["W2"]))  # (…, 101)
    hat_y = softmax(h_2 @ model["W3"])  # (…, 2)
    return h_1, h_2, hat_y


def backward(model: Model, xs: Array, h1s: Array, h2s: Array, errs: Array) -> Model:
    """∂/∂W1, ∂/∂W2, ∂/∂W3 of (1/N) Σ L(i), from the top down: dW⁽ᵏ⁾ = (h⁽ᵏ⁻¹⁾)ᵀ dz⁽ᵏ⁾ / N, dz = dh ⊙ h (1 − h).

    ``xs`` (N, 2) has no 1 yet, ``h1s`` and ``h2s`` (N, 101) have theirs, ``errs`` (N, 2) is y − ŷ. The 1 of a hidden
    layer has nothing before it: its column of dz is dropped.
    """
    N = len(xs)
    dW3 = h2s.T @ errs / N  # (101, N) (N, 2) = (101, 2)
    dh2 = errs @ model["W3"].T  # (N, 101)
    dz2 = (dh2 * h2s * (1 - h2s))[:, :-1]  # (N, 100)
    dW2 = h1s.T @ dz2 / N  # (101, 100)
    dh1 = dz2 @ model["W2"].T  # (N, 101)
    dz1 = (dh1 * h1s * (1 - h1s))[:, :-1]  # (N, 100)
    dW1 = with_one(xs).T @ dz1 / N  # (3, 100)
    return {"W1": dW1, "W2": dW2, "W3": dW3}


def get_gradient(model: Model, X_train: Array, y_train: Labels) -> Model:
    """Forward with all samples, errs = one-hot(y) − ŷ, and backward: the way up, at this model."""
    h1s, h2s, hat_y = forward(X_train, model)
    errs = np.eye(n_class)[y_train.astype(int)] - hat_y
    return backward(model, X_train, h1s, h2s, errs)


def gradient_step(model: Model, X_train: Array, y_train: Labels, learning_rate: float = 1e-1) -> Model:
    """W ← W + ε ∂/∂W for all three, as a new model; the one handed in stays what it was."""
    grad = get_gradient(model, X_train, y_train)
    return {layer: model[layer] + learning_rate * grad[layer] for layer in model}


def gradient_ascent(
    model: Model,
    X_train: Array,
    y_train: Labels,
    no_iter: int = 10,
    learning_rate: float = 1e-1,
    *,
    echo: Callable[[str], object] = print,
) -> Model:
    """Take that many steps, a line each."""
    for i in range(no_iter):
        echo(f"Iteration {i}")
        model = gradient_step(model, X_train, y_train, learning_rate)
    return model


def log_likelihood(model: Model, X: Array, y: Labels) -> float:
    """(1/N) Σ log ŷ_y(i), what the ascent climbs: from z⁽³⁾, because log ŷ is −inf where ŷ rounds to 0."""
    _, h_2, _ = forward(X, model)
    z_3 = h_2 @ model["W3"]
    shifted = z_3 - z_3.max(axis=1, keepdims=True)
    of_class = np.take_along_axis(shifted, y.astype(int)[:, np.newaxis], axis=1)[:, 0]
    return float((of_class - np.log(np.exp(shifted).sum(axis=1))).mean())


def predict(model: Model, X: Array) -> Labels:
    """The likeliest class of each row."""
    _, _, hat_y = forward(X, model)
    likeliest: Labels = hat_y.argmax(axis=1)
    return likeliest


def accuracy(model: Model, X: Array, y: Labels) -> float:
    """Share of rows whose likeliest class is theirs."""
    return float((predict(model, X) == y).mean())


def scatter(X: Array, y: Labels, title: str | None = None) -> Figure:
    """Draw points in the colour of their class, true or predicted: 0 purple, 1 yellow."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5, 4), layout="constrained")
    axes = figure.subplots()
    axes.scatter(X[:, 0], X[:, 1], c=y, s=10, vmin=0, vmax=n_class - 1)
    if title is not None:
        axes.set_title(title)
    return figure


def save(figure: Figure, name: str) -> None:
    """Write a picture into the current folder, and say so."""
    figure.savefig(f"{name}.png")
    print(f"written: {name}.png")  # noqa: T201  # a script says what it wrote


def main(
    random_state: np.random.RandomState | None = None,
    no_iter: int = 50,
    *,
    echo: Callable[[str], object] = print,
    show: Callable[[Figure, str], object] | None = None,
) -> float:
    """Train on the text's points, say the test accuracy and return it; ``show`` gets the pictures with their names."""
    X_train, X_test, y_train, y_test = split(*make_data())
    start = init_weights(random_state=random_state)
    model = gradient_ascent(start, X_train, y_train, no_iter, echo=echo)
    share = accuracy(model, X_test, y_test)
    echo(f"Test accuracy after {no_iter} gradient steps: {share}")
    if show is not None:
        show(scatter(X_test, y_test, "Test points"), "softmax-truth")
        show(scatter(X_test, predict(model, X_test), "Predicted"), "softmax-prediction")
    return share


if __name__ == "__main__":
    main(np.random.RandomState(0), show=save)
