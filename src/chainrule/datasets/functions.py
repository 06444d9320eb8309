"""Regression: inputs and a number for each, a known function with normal noise on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from chainrule.errors import InvalidValue, check_count, check_number
from chainrule.network.inputs import as_array, as_generator, check_finite

if TYPE_CHECKING:
    import numpy.typing as npt

    from chainrule.datasets.points import Points
    from chainrule.network.inputs import RandomStateLike


def plane(
    n: int = 100,
    *,
    w: npt.ArrayLike = (1.0, -2.0),
    b: float = 0.5,
    noise: float = 0.1,
    random_state: RandomStateLike = None,
) -> tuple[Points, Points]:
    """A plane with noise, t = w · x + b + ε with ε ~ N(0, noise²), over uniform points x of [−1, 1]^n_features.

    Parameters
    ----------
    n
        How many points.
    w
        The slope along every feature, (n_features,).
    b
        The height at the origin.
    noise
        Standard deviation of ε.
    random_state
        None, an int or a NumPy generator.

    Returns
    -------
    X, T
        Shapes (n, n_features) and (n,), float64.

    Raises
    ------
    InvalidValue
        For a count below 1, a w that is no row of numbers, a b that is no number, or noise below 0.

    Notes
    -----
    Ours: what a single linear neuron learns exactly. All points are drawn before all ε.

    Examples
    --------
    >>> X, T = plane(3, noise=0, random_state=0)
    >>> T - (X[:, 0] - 2 * X[:, 1] + 0.5)
    array([0., 0., 0.])
    """
    count, height = check_count("n", n), check_number("b", b)
    slope = as_array("w", w, np.float64)
    if slope.ndim != 1 or slope.size == 0:
        raise InvalidValue(f"w must have shape (n_features,), got shape {slope.shape}.")
    check_finite("w", slope)
    std = check_number("noise", noise, at_least=0)
    generator = as_generator(random_state)
    X = generator.uniform(-1, 1, (count, len(slope)))  # (n, n_features)
    return X, X @ slope + height + generator.normal(scale=std, size=count)


def noisy_sine(n: int = 100, *, noise: float = 0.1, random_state: RandomStateLike = None) -> tuple[Points, Points]:
    """One period of the sine with noise, t = sin(2πx) + ε with ε ~ N(0, noise²), over uniform x of [0, 1].

    Parameters
    ----------
    n
        How many points.
    noise
        Standard deviation of ε.
    random_state
        None, an int or a NumPy generator.

    Returns
    -------
    X, T
        Shapes (n, 1) and (n,), float64.

    Raises
    ------
    InvalidValue
        For a count below 1, or noise below 0.

    Notes
    -----
    The running example of C. M. Bishop, Pattern Recognition and Machine Learning, 2006, § 1.1. All x are drawn
    before all ε.

    Examples
    --------
    >>> X, T = noisy_sine(3, noise=0, random_state=0)
    >>> X.ravel().round(2), T.round(2)
    (array([0.55, 0.72, 0.6 ]), array([-0.3 , -0.98, -0.6 ]))
    """
    count, std = check_count("n", n), check_number("noise", noise, at_least=0)
    generator = as_generator(random_state)
    X = generator.uniform(0, 1, (count, 1))
    return X, np.sin(2 * np.pi * X[:, 0]) + generator.normal(scale=std, size=count)
