"""Generators: points and the class of each. An int seed gives the points of scikit-learn and of the texts."""

from __future__ import annotations

import numbers
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from chainrule.datasets.points import pair_sizes, shuffled
from chainrule.errors import InvalidValue, check_count, check_number
from chainrule.network.inputs import as_array, as_generator, check_finite

if TYPE_CHECKING:
    from chainrule.datasets.points import Labels, Points
    from chainrule.maths.arrays import Array
    from chainrule.network.inputs import RandomStateLike


def moons(
    n: int | tuple[int, int] = 100,
    *,
    noise: float | None = None,
    shuffle: bool = True,
    random_state: RandomStateLike = None,
) -> tuple[Points, Labels]:
    """Two half circles that interlock, (cos α, sin α) and (1 − cos α, ½ − sin α) with α from 0 to π.

    Parameters
    ----------
    n
        How many points; of an odd number label 1 has one more. A pair counts the points of labels 0 and 1.
    noise
        Standard deviation of the normal noise on both coordinates; None draws none.
    shuffle
        Whether to mix the two moons. Otherwise label 0 comes first, each moon in the order of α.
    random_state
        None, an int or a NumPy generator.

    Returns
    -------
    X, T
        Shapes (n, 2) and (n,), labels 0 and 1.

    Raises
    ------
    InvalidValue
        For a count below 1, or noise below 0.

    Notes
    -----
    Bit for bit scikit-learn's ``make_moons``: S0's data and S3's.

    Examples
    --------
    >>> X, T = moons(5, shuffle=False)
    >>> X.round(1) + 0.0
    array([[ 1. ,  0. ],
           [-1. ,  0. ],
           [ 0. ,  0.5],
           [ 1. , -0.5],
           [ 2. ,  0.5]])
    >>> T
    array([0, 0, 1, 1, 1])
    """
    n_outer, n_inner = pair_sizes(n, "moon")
    std = None if noise is None else check_number("noise", noise, at_least=0)
    generator = as_generator(random_state)
    outer, inner = np.linspace(0, np.pi, n_outer), np.linspace(0, np.pi, n_inner)
    x1 = np.concatenate([np.cos(outer), 1 - np.cos(inner)])
    x2 = np.concatenate([np.sin(outer), 1 - np.sin(inner) - 0.5])  # not ½ − sin: it rounds differently
    X, T = np.column_stack([x1, x2]), np.repeat(np.arange(2), [n_outer, n_inner])  # (n, 2), (n,)
    if shuffle:
        X, T = shuffled(X, T, generator)
    if std is not None:
        X = X + generator.normal(scale=std, size=X.shape)
    return X, T


def blobs(
    n: int = 100,
    *,
    centers: int | npt.ArrayLike = 3,
    n_features: int = 2,
    std: float | npt.ArrayLike = 1.0,
    center_box: tuple[float, float] = (-10, 10),
    shuffle: bool = True,
    random_state: RandomStateLike = None,
) -> tuple[Points, Labels]:
    """One round normal cloud a class, x ~ N(centre, std² I).

    Parameters
    ----------
    n
        How many points; where they do not divide evenly the first classes have one more.
    centers
        How many classes, their centres then drawn uniformly in the box; or the centres, (n_classes, n_features).
    n_features
        Coordinates of a drawn centre. Given centres bring their own.
    std
        Standard deviation in every direction: one for all, or one per centre.
    center_box
        Smallest and largest coordinate of a drawn centre.
    shuffle
        Whether to mix the classes. Otherwise they follow one another.
    random_state
        None, an int or a NumPy generator.

    Returns
    -------
    X, T
        Shapes (n, n_features) and (n,), labels 0 to n_classes − 1.

    Raises
    ------
    InvalidValue
        For a count below 1, a negative std, a box upside down, or as many stds as there are no centres.

    Notes
    -----
    Bit for bit scikit-learn's ``make_blobs``, whose ``cluster_std`` is ``std`` here.

    Examples
    --------
    >>> X, T = blobs(5, centers=[[0, 0], [9, 9]], std=0, shuffle=False)
    >>> X[:, 0], T
    (array([0., 0., 0., 9., 9.]), array([0, 0, 0, 1, 1]))
    """
    count = check_count("n", n)
    low, high = _box(center_box)
    middles = None if isinstance(centers, numbers.Integral) else _given_centers(centers)
    shape = (
        (check_count("centers", centers), check_count("n_features", n_features)) if middles is None else middles.shape
    )
    stds = _stds(std, shape[0])
    generator = as_generator(random_state)
    if middles is None:
        middles = generator.uniform(low, high, shape)  # (n_classes, n_features)
    share, rest = divmod(count, shape[0])
    sizes = [share + (k < rest) for k in range(shape[0])]
    clouds = [
        generator.normal(middle, width, (size, shape[1]))
        for middle, width, size in zip(middles, stds, sizes, strict=True)
    ]
    X, T = np.concatenate(clouds), np.repeat(np.arange(shape[0]), sizes)  # (n, n_features), (n,)
    return shuffled(X, T, generator) if shuffle else (X, T)


def linear(n: int = 100, *, random_state: RandomStateLike = None) -> tuple[Points, Labels]:
    """Uniform points of the unit square, label 0 where x₁ > x₂ and 1 elsewhere.

    Parameters
    ----------
    n
        How many points.
    random_state
        None, an int or a NumPy generator.

    Returns
    -------
    X, T
        Shapes (n, 2) and (n,).

    Raises
    ------
    InvalidValue
        For a count below 1.

    Notes
    -----
    S4's ``generate_linear``, drawn from the generator instead of NumPy's global stream.

    Examples
    --------
    >>> X, T = linear(3, random_state=0)
    >>> X.round(2), T
    (array([[0.55, 0.72],
            [0.6 , 0.54],
            [0.42, 0.65]]), array([1, 0, 1]))
    """
    X = as_generator(random_state).uniform(0, 1, (check_count("n", n), 2))
    return X, np.where(X[:, 0] > X[:, 1], 0, 1)


def xor_easy() -> tuple[Points, Labels]:
    """The 21 points x₁ = 0, 0.1, …, 1 on both diagonals of the square, label 0 on x₂ = x₁, 1 on x₂ = 1 − x₁.

    Returns
    -------
    X, T
        Shapes (21, 2) and (21,). The labels alternate; the crossing (½, ½) comes once, with label 0.

    Notes
    -----
    S4's ``generate_XOR_easy``, to the last bit.

    Examples
    --------
    >>> X, T = xor_easy()
    >>> X[1], X[2], T[:4]
    (array([0., 1.]), array([0.1, 0.1]), array([0, 1, 0, 1]))
    """
    x1 = np.repeat(0.1 * np.arange(11), 2)
    T = np.tile([0, 1], 11)
    crossing_again = 11
    return np.delete(_on_diagonals(x1, T), crossing_again, axis=0), np.delete(T, crossing_again)


def xor_alternating(n: int = 100) -> tuple[Points, Labels]:
    """Points x₁ = 0, …, 1 in n − 1 equal steps, in turn on x₂ = x₁ (label 0) and on x₂ = 1 − x₁ (label 1).

    Parameters
    ----------
    n
        How many points.

    Returns
    -------
    X, T
        Shapes (n, 2) and (n,).

    Raises
    ------
    InvalidValue
        For a count below 1.

    Notes
    -----
    The set behind the printed trace of S4's report, inferred from its accuracies.

    Examples
    --------
    >>> X, T = xor_alternating(5)
    >>> X[:, 1], T
    (array([0.  , 0.75, 0.5 , 0.25, 1.  ]), array([0, 1, 0, 1, 0]))
    """
    T = np.arange(check_count("n", n)) % 2
    return _on_diagonals(np.linspace(0, 1, len(T)), T), T


def xor_diagonals(n: int = 100, *, random_state: RandomStateLike = None) -> tuple[Points, Labels]:
    """Random points of the same rule: x₁ ~ U(0, 1), then a fair coin for x₂ = x₁ (label 0) or 1 − x₁ (label 1).

    Parameters
    ----------
    n
        How many points.
    random_state
        None, an int or a NumPy generator.

    Returns
    -------
    X, T
        Shapes (n, 2) and (n,).

    Raises
    ------
    InvalidValue
        For a count below 1.

    Notes
    -----
    Ours: S4 tests on the points it trained on, these are held out. All x₁ are drawn before all coins.

    Examples
    --------
    >>> X, T = xor_diagonals(3, random_state=0)
    >>> X.round(2), T
    (array([[0.55, 0.45],
            [0.72, 0.72],
            [0.6 , 0.4 ]]), array([1, 0, 1]))
    """
    count, generator = check_count("n", n), as_generator(random_state)
    x1 = generator.uniform(0, 1, count)
    T = np.where(generator.uniform(0, 1, count) < 0.5, 0, 1)
    return _on_diagonals(x1, T), T


def _on_diagonals(x1: Points, T: Labels) -> Points:
    """Put x₁ on the diagonal of its label."""
    return np.column_stack([x1, np.where(T == 0, x1, 1 - x1)])  # (n, 2)


def _box(center_box: tuple[float, float]) -> tuple[float, float]:
    """Return the lower and the upper end of the box, checked."""
    if not np.iterable(center_box) or isinstance(center_box, str) or len(ends := tuple(center_box)) != 2:
        raise InvalidValue(f"center_box must be a pair (low, high), got {center_box!r}.")
    low = check_number("center_box's low", ends[0])
    return low, check_number("center_box's high", ends[1], at_least=low)


def _given_centers(centers: npt.ArrayLike) -> Array:
    """Return the centres, (n_classes, n_features), checked."""
    array = as_array("centers", centers, np.float64)
    if array.ndim != 2 or array.size == 0:
        raise InvalidValue(
            f"centers must be a whole number or an array (n_classes, n_features), got shape {array.shape}."
        )
    check_finite("centers", array)
    return array


def _stds(std: float | npt.ArrayLike, n_classes: int) -> Array:
    """Return one standard deviation per centre, (n_classes,), checked."""
    if isinstance(std, numbers.Real):
        return np.full(n_classes, check_number("std", std, at_least=0))
    stds = as_array("std", std, np.float64)
    if stds.shape != (n_classes,):
        raise InvalidValue(f"std must be a number or one per centre, shape ({n_classes},), got shape {stds.shape}.")
    check_finite("std", stds)
    if stds.min() < 0:
        raise InvalidValue(f"std must be ≥ 0 for every centre, got {stds.min():g}.")
    return stds
