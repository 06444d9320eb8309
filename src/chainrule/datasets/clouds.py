"""Clouds: classes that a line separates, or that two lines do. An int seed gives scikit-learn's points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from chainrule.datasets.generators import blobs
from chainrule.datasets.points import shuffled
from chainrule.errors import InvalidValue, check_count, check_number
from chainrule.network.inputs import as_array, as_generator, check_finite

if TYPE_CHECKING:
    import numpy.typing as npt

    from chainrule.datasets.points import Labels, Points
    from chainrule.maths.arrays import Array
    from chainrule.network.inputs import RandomStateLike

CORNERS = ((-1.0, -1.0), (-1.0, 1.0), (1.0, 1.0), (1.0, -1.0))  # round the square, so that the labels alternate
HALF_OF_THE_CLOUD = 1.3489795003921634  # standard deviations: the width of the band that holds half of a normal cloud


def two_blobs(n: int = 100, *, std: float = 0.25, random_state: RandomStateLike = None) -> tuple[Points, Labels]:
    """Two round normal clouds, N((−1, −1), std² I) with label 0 and N((1, 1), std² I) with label 1.

    Parameters
    ----------
    n
        How many points; of an odd number label 0 has one more.
    std
        Standard deviation in every direction. By default the line x₁ + x₂ = 0 separates the classes: it passes
        5.7 standard deviations from either mean, and 7 points in a thousand million lie beyond.
    random_state
        None, an int or a NumPy generator.

    Returns
    -------
    X, T
        Shapes (n, 2) and (n,), labels 0 and 1, shuffled.

    Raises
    ------
    InvalidValue
        For a count below 1, or std below 0.

    Notes
    -----
    A stand-in for S1's course data, and for S2's set that a single neuron separates.

    Examples
    --------
    >>> X, T = two_blobs(4, std=0, random_state=0)
    >>> X[:, 0], T
    (array([-1.,  1.,  1., -1.]), array([0, 1, 1, 0]))
    """
    width = check_number("std", std, at_least=0)
    return blobs(n, centers=[[-1, -1], [1, 1]], std=width, random_state=random_state)


def xor_blobs(n: int = 4000, *, std: float = 0.25, random_state: RandomStateLike = None) -> tuple[Points, Labels]:
    """Four normal clouds at the corners (±1, ±1), N(corner, std² I), label 1 where the corner's signs differ.

    Parameters
    ----------
    n
        How many points, a quarter a corner; where they do not divide evenly the first corners have one more.
    std
        Standard deviation in every direction; by default the axes pass 4 of them from the corners.
    random_state
        None, an int or a NumPy generator.

    Returns
    -------
    X, T
        Shapes (n, 2) and (n,), labels 0 and 1, shuffled.

    Raises
    ------
    InvalidValue
        For a count below 1, or std below 0.

    Notes
    -----
    S2's set that no line separates; two hidden units do. A line gets at most three of the four clouds right.

    Examples
    --------
    >>> X, T = xor_blobs(4, std=0, random_state=0)
    >>> X, T
    (array([[-1.,  1.],
            [ 1.,  1.],
            [ 1., -1.],
            [-1., -1.]]), array([1, 0, 1, 0]))
    """
    width = check_number("std", std, at_least=0)
    X, corner = blobs(n, centers=CORNERS, std=width, random_state=random_state)
    return X, corner % 2


def band(
    n: int = 4000, *, std: float = 2.0, width: float | None = None, random_state: RandomStateLike = None
) -> tuple[Points, Labels]:
    """A round normal cloud, x ~ N(0, std² I), label 1 in the band |x₁ + x₂| / √2 < width / 2, 0 on both sides of it.

    Parameters
    ----------
    n
        How many points.
    std
        Standard deviation in every direction.
    width
        The distance of the two parallel lines; by default 1.349 std, and the band holds half of the cloud.
    random_state
        None, an int or a NumPy generator.

    Returns
    -------
    X, T
        Shapes (n, 2) and (n,), labels 0 and 1.

    Raises
    ------
    InvalidValue
        For a count below 1, or a std or a width that is not above 0.

    Notes
    -----
    S2's other set that no line separates; two hidden units do, one a side of the band.

    Examples
    --------
    >>> X, T = band(3, random_state=0)
    >>> X.round(2), T
    (array([[ 3.53,  0.8 ],
            [ 1.96,  4.48],
            [ 3.74, -1.95]]), array([0, 0, 1]))
    """
    count, spread = check_count("n", n), check_number("std", std, above=0)
    distance = HALF_OF_THE_CLOUD * spread if width is None else check_number("width", width, above=0)
    X = as_generator(random_state).normal(scale=spread, size=(count, 2))
    return X, np.where(np.abs(X.sum(axis=1)) / np.sqrt(2) < distance / 2, 1, 0)


def gaussians(
    n: int = 100,
    *,
    mean: npt.ArrayLike | None = None,
    cov: float = 1.0,
    n_features: int = 2,
    n_classes: int = 3,
    shuffle: bool = True,
    random_state: RandomStateLike = None,
) -> tuple[Points, Labels]:
    """One normal cloud, x ~ N(mean, cov · I), cut by the distance from its mean into classes of n / n_classes points.

    Parameters
    ----------
    n
        How many points; where they do not divide evenly the outermost class has the rest.
    mean
        The cloud's middle, (n_features,), which then tells the number of features; None is the origin.
    cov
        Variance in every direction.
    n_features
        Coordinates of a point. A given mean brings its own.
    n_classes
        How many classes, label 0 innermost.
    shuffle
        Whether to mix the points. Otherwise they come in the order of their distance.
    random_state
        None, an int or a NumPy generator.

    Returns
    -------
    X, T
        Shapes (n, n_features) and (n,), labels 0 to n_classes − 1.

    Raises
    ------
    InvalidValue
        For a count below 1, more classes than points, a mean that is no row of numbers, or cov below 0.

    Notes
    -----
    Bit for bit scikit-learn's ``make_gaussian_quantiles``.

    Examples
    --------
    >>> X, T = gaussians(5, n_classes=2, shuffle=False, random_state=0)
    >>> np.hypot(X[:, 0], X[:, 1]).round(1), T
    (array([0.4, 1. , 1.8, 2.1, 2.4]), array([0, 0, 1, 1, 1]))
    """
    count, classes = check_count("n", n), check_count("n_classes", n_classes)
    if count < classes:
        raise InvalidValue(f"n must be at least n_classes={classes}, one point a class, got {count}.")
    middle = np.zeros(check_count("n_features", n_features)) if mean is None else _middle(mean)
    spread = check_number("cov", cov, at_least=0) * np.identity(len(middle))
    generator = as_generator(random_state)
    X = generator.multivariate_normal(middle, spread, (count,))  # (n, n_features)
    X = X[np.argsort(np.sum((X - middle) ** 2, axis=1))]
    T = np.minimum(np.arange(count) // (count // classes), classes - 1)
    return shuffled(X, T, generator) if shuffle else (X, T)


def _middle(mean: npt.ArrayLike) -> Array:
    """Return the mean, (n_features,), checked."""
    array = as_array("mean", mean, np.float64)
    if array.ndim != 1 or array.size == 0:
        raise InvalidValue(f"mean must have shape (n_features,), got shape {array.shape}.")
    check_finite("mean", array)
    return array
