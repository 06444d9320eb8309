"""One hidden layer of 50 ReLUs on the two moons, its back-propagation and its gradient descent, solved.

What the text gets wrong, and what stands here:

- It divides the gradient of B by N twice: DZ has its 1/N already, and then its *mean* is taken. Here DB = Σ DZ.
- Its derivation drops the 1/N and the 1[Z > 0] on the way. Here every line carries both.
- The error is 0 for a network that answers 0 everywhere. Here the accuracy stands beside it, and an answer of
  exactly 0 counts as wrong; ReLUs that are 0 on every point are counted.
- It seeds NumPy's global stream. Here a RandomState is handed in: the same numbers, and nobody else's stream moves.

W (2, 50), B (50,) and V (50,) are the module's own, as in the text: ``forward`` and ``backprop`` read them, and
``set_parameters`` replaces them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Array: TypeAlias = npt.NDArray[np.float64]
Parameters: TypeAlias = tuple[Array, Array, Array]
Backprop: TypeAlias = Callable[[Array, Array, Array], Parameters]

NH = 50
SHOWN = (0, 1, 3, 7, 15, 31, 63, 127)
BLUE, ORANGE = "#0088FF", "#FF8800"


def moons(n_samples: int, random_state: np.random.RandomState) -> tuple[Array, Array]:
    """Two half circles, mixed, stretched to 2X − 1, with targets −1 and +1: shapes (n, 2) and (n,)."""
    n_outer = n_samples // 2
    outer, inner = np.linspace(0, np.pi, n_outer), np.linspace(0, np.pi, n_samples - n_outer)
    x1 = np.concatenate([np.cos(outer), 1 - np.cos(inner)])
    x2 = np.concatenate([np.sin(outer), 1 - np.sin(inner) - 0.5])
    T = np.repeat([-1.0, 1.0], [n_outer, n_samples - n_outer])
    order = np.arange(n_samples)
    random_state.shuffle(order)
    return np.column_stack([x1, x2])[order] * 2 - 1, T[order]


def initialise(random_state: np.random.RandomState) -> Parameters:
    """W ~ N(0, 1/2), then B ~ N(0, 1), then V ~ N(0, 1/50), from one stream in this order."""
    W = random_state.normal(0, 1 / 2.0**0.5, [2, NH])
    B = random_state.normal(0, 1, [NH])
    V = random_state.normal(0, 1 / NH**0.5, [NH])
    return W, B, V


def start(random_state: np.random.RandomState) -> tuple[Array, Array, Parameters]:
    """Draw what the text draws, data first: Xd (100, 2), Td (100,), and (W, B, V)."""
    Xd, Td = moons(100, random_state)
    return Xd, Td, initialise(random_state)


Xd, Td, (W, B, V) = start(np.random.RandomState(0))
X1d, X2d = Xd.T
X1g, X2g = np.meshgrid(np.linspace(-4, 4, 100), np.linspace(-4, 4, 100))


def set_parameters(new_W: Array, new_B: Array, new_V: Array) -> None:
    """Make these the W, B and V that ``forward`` and ``backprop`` read."""
    global W, B, V  # the text keeps its parameters in the module
    W, B, V = new_W, new_B, new_V


def forward(X1: Array, X2: Array) -> Array:
    """y = Σ_j max(0, x₁ w₁ⱼ + x₂ w₂ⱼ + bⱼ) vⱼ for every point, in the shape of X1: a list or a whole grid."""
    X = np.column_stack([X1.ravel(), X2.ravel()])  # (N, 2)
    A = np.maximum(0, X @ W + B)  # (N, 50)
    Y: Array = (A @ V).reshape(X1.shape)
    return Y


def gradients(X: Array, Z: Array, A: Array, Y: Array, DY: Array, DZ: Array) -> Parameters:  # noqa: ARG001  # the text's
    """Average over the points what ``backprop`` has of each: DW = Xᵀ DZ / N, DB = Σ DZ / N, DV = Aᵀ DY / N."""
    N = len(X)
    DW = X.T @ DZ / N  # (2, N) (N, 50) = (2, 50)
    DB = DZ.sum(axis=0) / N  # (50,)
    DV = A.T @ DY / N  # (50, N) (N,) = (50,)
    return DW, DB, DV


def backprop(X1: Array, X2: Array, T: Array) -> Parameters:
    """∂ of (1/N) Σ max(0, −y t) by W, B and V: DY = −T · 1[−Y T > 0], DZ = DY vᵀ ⊙ 1[Z > 0], then the averages.

    At both kinks, y t = 0 and z = 0, the slope is taken as 0.
    """
    X = np.column_stack([X1.ravel(), X2.ravel()])  # (N, 2)
    Z = X @ W + B  # (N, 50)
    A = np.maximum(0, Z)
    Y = A @ V  # (N,)
    DY = np.where(-Y * T > 0, -T, 0.0)  # (N,), of each point: the 1/N comes once, in gradients
    DZ = np.outer(DY, V) * (Z > 0)  # (N, 50)
    return gradients(X, Z, A, Y, DY, DZ)


def descent(
    X1: Array, X2: Array, T: Array, W: Array, B: Array, V: Array, backprop: Backprop, lr: float = 0.1
) -> Parameters:
    """One step down: θ ← θ − lr ∂E/∂θ for W, B and V, returned as new arrays.

    ``backprop`` reads the module's parameters, so W, B and V must be these; hand the result to ``set_parameters``.
    """
    DW, DB, DV = backprop(X1, X2, T)
    return W - lr * DW, B - lr * DB, V - lr * DV


def error(X1: Array, X2: Array, T: Array) -> float:
    """E = (1/N) Σ max(0, −y t)."""
    return float(np.maximum(0, -forward(X1, X2) * T).mean())


def accuracy(X1: Array, X2: Array, T: Array) -> float:
    """Share of points on the right side, y t > 0: an answer of 0 is on neither, though its error is 0."""
    return float((forward(X1, X2) * T > 0).mean())


def dead_units(X1: Array, X2: Array) -> int:
    """How many ReLUs are 0 on every point: no gradient reaches them, they can never learn again."""
    Z = np.column_stack([X1.ravel(), X2.ravel()]) @ W + B
    return int((Z <= 0).all(axis=0).sum())


def plot(Yg: Array, title: str | None = None) -> Figure:
    """Draw the points over the two sides of Yg, given on the grid (X1g, X2g), with a dashed line where it is 0."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(3, 3))
    axes = figure.subplots()
    both_sides = [min(-100.0, float(Yg.min())), 0.0, max(100.0, float(Yg.max()))]
    axes.contourf(X1g, X2g, Yg, levels=both_sides, colors=[BLUE, ORANGE], alpha=0.6)  # paler than the points
    if Yg.min() < 0 < Yg.max():
        axes.contour(X1g, X2g, Yg, levels=[0], colors="black", linestyles="dashed")
    for target, colour in ((-1, BLUE), (1, ORANGE)):
        axes.scatter(*Xd[Td == target].T, color=colour, edgecolors="white", linewidths=0.5, zorder=3)
    if title is not None:
        axes.set_title(title)
    return figure


def main(
    random_state: np.random.RandomState | None = None,
    *,
    echo: Callable[[str], object] = print,
    show: Callable[[Figure], object] | None = None,
) -> list[str]:
    """Train the 128 iterations and return the eight titles; ``echo`` gets the lines, ``show`` the nine pictures.

    Without a stream it is the text's, seed 0. The trained parameters stay in the module.
    """
    global Xd, Td, X1d, X2d  # plot draws the module's points, as in the text
    Xd, Td, parameters = start(random_state or np.random.RandomState(0))
    X1d, X2d = Xd.T
    set_parameters(*parameters)
    if show is not None:
        show(plot(X1g + X2g))
    titles = []
    for i in range(128):
        if i in SHOWN:
            titles.append(f"It: {i}, Error: {error(X1d, X2d, Td):.3f}")
            echo(titles[-1])
            if show is not None:
                show(plot(forward(X1g, X2g), titles[-1]))
        set_parameters(*descent(X1d, X2d, Td, W, B, V, backprop))
    echo(f"accuracy: {accuracy(X1d, X2d, Td):.2f}, dead ReLUs: {dead_units(X1d, X2d)}")
    return titles


if __name__ == "__main__":
    pictures: list[Figure] = []
    main(np.random.RandomState(0), show=pictures.append)
    names = ["moons-start.png", *(f"moons-iteration-{i:03}.png" for i in SHOWN)]
    for picture, name in zip(pictures, names, strict=True):
        picture.savefig(name)
    print("written:", ", ".join(names))  # noqa: T201  # a script says what it wrote
