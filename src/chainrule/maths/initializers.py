"""Initialisers: where weights and biases start. Each draws one array from a generator, knowing its layer's sizes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Callable

Generator: TypeAlias = np.random.RandomState | np.random.Generator
Draw: TypeAlias = "Callable[[Generator, int, int, tuple[int, ...]], npt.NDArray[Any]]"


@dataclass(frozen=True)
class Initializer:
    """An initialiser: how the weights or biases of a layer are drawn.

    Parameters
    ----------
    name : str
        What it is called in tables, files and messages.
    draw : function (generator, n_in, n_out, shape) -> array
        Draws one W, (n_in, n_out), or b, (n_out,), from a NumPy generator; ``n_in`` and ``n_out`` are the layer's
        sizes, the same for its W and its b.

    Examples
    --------
    Your own is accepted wherever a name is:

    >>> ones = Initializer("ones", lambda generator, n_in, n_out, shape: np.ones(shape))
    >>> ones.draw(np.random.RandomState(0), 2, 3, (3,))
    array([1., 1., 1.])
    """

    name: str
    draw: Draw


@dataclass(frozen=True)
class NormalDraw:
    """Draws from N(0, std²)."""

    std: float

    def __call__(self, generator: Generator, n_in: int, n_out: int, shape: tuple[int, ...]) -> npt.NDArray[Any]:
        """Draw one array."""
        return generator.normal(0.0, self.std, shape)


@dataclass(frozen=True)
class UniformDraw:
    """Draws from the interval [−bound, bound)."""

    bound: float

    def __call__(self, generator: Generator, n_in: int, n_out: int, shape: tuple[int, ...]) -> npt.NDArray[Any]:
        """Draw one array."""
        return generator.uniform(-self.bound, self.bound, shape)


def normal(std: float) -> Initializer:
    """Normal distribution N(0, std²): S3's and S4's with std 1, S2's with 0.58, S0's with 1/√2, 1 and 1/√50.

    Parameters
    ----------
    std : float ≥ 0

    Returns
    -------
    Initializer

    Raises
    ------
    ValueError
        Where std is no finite number ≥ 0.

    Examples
    --------
    >>> normal(0.5).name
    'normal(0.5)'
    """
    if not (std >= 0.0 and math.isfinite(std)):
        raise ValueError(f"std must be a finite number ≥ 0, got {std!r}.")
    return Initializer(f"normal({float(std)!r})", NormalDraw(float(std)))


def uniform(bound: float) -> Initializer:
    """Uniform distribution on [−bound, bound).

    Parameters
    ----------
    bound : float ≥ 0

    Returns
    -------
    Initializer

    Raises
    ------
    ValueError
        Where bound is no finite number ≥ 0.

    Examples
    --------
    >>> uniform(0.1).name
    'uniform(0.1)'
    """
    if not (bound >= 0.0 and math.isfinite(bound)):
        raise ValueError(f"bound must be a finite number ≥ 0, got {bound!r}.")
    return Initializer(f"uniform({float(bound)!r})", UniformDraw(float(bound)))


def draw_zeros(generator: Generator, n_in: int, n_out: int, shape: tuple[int, ...]) -> npt.NDArray[Any]:
    """All zeros: usual for biases; for weights every unit of a layer would stay alike."""
    return np.zeros(shape)


def draw_glorot(generator: Generator, n_in: int, n_out: int, shape: tuple[int, ...]) -> npt.NDArray[Any]:
    """Uniform on ±√(6 / (n_in + n_out)) (Glorot and Bengio 2010): keeps the variance of signals and of errors."""
    bound = math.sqrt(6.0 / (n_in + n_out))
    return generator.uniform(-bound, bound, shape)


def draw_glorot_sigmoid(generator: Generator, n_in: int, n_out: int, shape: tuple[int, ...]) -> npt.NDArray[Any]:
    """Uniform on ±√(2 / (n_in + n_out)): S1's heuristic, and scikit-learn's for the logistic activation."""
    bound = math.sqrt(2.0 / (n_in + n_out))
    return generator.uniform(-bound, bound, shape)


def draw_he(generator: Generator, n_in: int, n_out: int, shape: tuple[int, ...]) -> npt.NDArray[Any]:
    """N(0, 2 / n_in) (He, Zhang, Ren and Sun 2015): made for relu, which halves the variance."""
    return generator.normal(0.0, math.sqrt(2.0 / n_in), shape)


def draw_lecun(generator: Generator, n_in: int, n_out: int, shape: tuple[int, ...]) -> npt.NDArray[Any]:
    """N(0, 1 / n_in) (LeCun, Bottou, Orr and Müller 1998): keeps the variance of signals; the start that selu needs."""
    return generator.normal(0.0, math.sqrt(1.0 / n_in), shape)


def draw_orthogonal(generator: Generator, n_in: int, n_out: int, shape: tuple[int, ...]) -> npt.NDArray[Any]:
    """A random matrix with orthonormal rows or columns, whichever are fewer (Saxe, McClelland and Ganguli 2014)."""
    if len(shape) != 2:
        raise ValueError("orthogonal is a start for weight matrices, not for biases. Use zeros.")
    Q, R = np.linalg.qr(generator.normal(size=(max(shape), min(shape))))
    Q = Q * np.where(np.diag(R) < 0.0, -1.0, 1.0)  # makes the distribution uniform over all such matrices
    return Q if shape[0] >= shape[1] else Q.T


INITIALIZERS: dict[str, Initializer] = {
    "zeros": Initializer("zeros", draw_zeros),
    "glorot": Initializer("glorot", draw_glorot),
    "glorot_sigmoid": Initializer("glorot_sigmoid", draw_glorot_sigmoid),
    "he": Initializer("he", draw_he),
    "lecun": Initializer("lecun", draw_lecun),
    "orthogonal": Initializer("orthogonal", draw_orthogonal),
}
PARAMETRIZED: dict[str, Callable[[float], Initializer]] = {"normal": normal, "uniform": uniform}
