"""Rings: points that go round a centre. An int seed gives the points of scikit-learn where it has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from chainrule.datasets.points import pair_sizes, shuffled
from chainrule.errors import check_count, check_number
from chainrule.network.inputs import as_generator

if TYPE_CHECKING:
    from chainrule.datasets.points import Labels, Points
    from chainrule.network.inputs import RandomStateLike


def circles(
    n: int | tuple[int, int] = 100,
    *,
    factor: float = 0.8,
    noise: float | None = None,
    shuffle: bool = True,
    random_state: RandomStateLike = None,
) -> tuple[Points, Labels]:
    """Two circles about the origin, (cos α, sin α) and factor · (cos α, sin α) with α from 0 to 2π.

    Parameters
    ----------
    n
        How many points; of an odd number the inner circle has one more. A pair counts the outer and the inner ones.
    factor
        Radius of the inner circle, label 1; the outer one has radius 1 and label 0.
    noise
        Standard deviation of the normal noise on every coordinate; None draws none.
    shuffle
        Whether to mix the two circles. Otherwise the outer one comes first, each in the order of α.
    random_state
        None, an int or a NumPy generator.

    Returns
    -------
    X, T
        Shapes (n, 2) and (n,), labels 0 and 1.

    Raises
    ------
    InvalidValue
        For a count below 1, a factor below 0 or not below 1, or noise below 0.

    Notes
    -----
    Bit for bit scikit-learn's ``make_circles``.

    Examples
    --------
    >>> X, T = circles(4, factor=0.5, shuffle=False)
    >>> X.round(1) + 0.0
    array([[ 1. ,  0. ],
           [-1. ,  0. ],
           [ 0.5,  0. ],
           [-0.5,  0. ]])
    >>> T
    array([0, 0, 1, 1])
    """
    n_outer, n_inner = pair_sizes(n, "circle")
    radius = check_number("factor", factor, at_least=0, below=1)
    std = None if noise is None else check_number("noise", noise, at_least=0)
    generator = as_generator(random_state)
    outer = np.linspace(0, 2 * np.pi, n_outer, endpoint=False)
    inner = np.linspace(0, 2 * np.pi, n_inner, endpoint=False)
    x1 = np.concatenate([np.cos(outer), np.cos(inner) * radius])
    x2 = np.concatenate([np.sin(outer), np.sin(inner) * radius])
    X, T = np.column_stack([x1, x2]), np.repeat(np.arange(2), [n_outer, n_inner])  # (n, 2), (n,)
    if shuffle:
        X, T = shuffled(X, T, generator)
    if std is not None:
        X = X + generator.normal(scale=std, size=X.shape)
    return X, T


def ring(
    n: int = 100, *, radius: float = 3.0, std: float = 0.4, random_state: RandomStateLike = None
) -> tuple[Points, Labels]:
    """A normal cloud, x ~ N(0, std² I), and around it a ring, (radius + ε) (cos α, sin α) with ε ~ N(0, std²).

    Parameters
    ----------
    n
        How many points; of an odd number the ring, label 1, has one more than the cloud, label 0.
    radius
        Mean distance of the ring from the origin; α is uniform from 0 to 2π.
    std
        Standard deviation of the cloud's coordinates, and of the ring's thickness.
    random_state
        None, an int or a NumPy generator.

    Returns
    -------
    X, T
        Shapes (n, 2) and (n,), labels 0 and 1, shuffled.

    Raises
    ------
    InvalidValue
        For a count below 1, a radius not above 0, or std below 0.

    Notes
    -----
    A stand-in for S1's course data. Drawn in this order: the cloud, all α, all ε, the shuffle.

    Examples
    --------
    >>> X, T = ring(3, std=0, random_state=0)
    >>> np.hypot(X[:, 0], X[:, 1]).round(6), T
    (array([3., 3., 0.]), array([1, 1, 0]))
    """
    n_cloud, n_ring = pair_sizes(check_count("n", n), "part")
    mean = check_number("radius", radius, above=0)
    width = check_number("std", std, at_least=0)
    generator = as_generator(random_state)
    cloud = generator.normal(scale=width, size=(n_cloud, 2))
    alpha = generator.uniform(0, 2 * np.pi, n_ring)
    distance = generator.normal(mean, width, n_ring)
    around = distance[:, np.newaxis] * np.column_stack([np.cos(alpha), np.sin(alpha)])  # (n_ring, 2)
    return shuffled(np.concatenate([cloud, around]), np.repeat(np.arange(2), [n_cloud, n_ring]), generator)


def spiral(
    n: int = 100,
    *,
    arms: int = 3,
    turns: float = 0.75,
    radius: float = 3.0,
    noise: float | None = None,
    random_state: RandomStateLike = None,
) -> tuple[Points, Labels]:
    """Interlaced arms, one class each: radius · r (cos φ, sin φ), φ = 2π (turns · r + k/arms) on arm k, r from 0 to 1.

    Parameters
    ----------
    n
        How many points; where they do not divide evenly the first arms have one more.
    arms
        How many arms, labels 0 to arms − 1.
    turns
        How often an arm goes round; a negative number goes clockwise, 0 gives straight rays.
    radius
        Distance of the arms' ends from the origin.
    noise
        Standard deviation of the normal noise on every coordinate; None draws none.
    random_state
        None, an int or a NumPy generator.

    Returns
    -------
    X, T
        Shapes (n, 2) and (n,), shuffled. An arm of m points has r = 1/m, 2/m, …, 1: none lies on the centre.

    Raises
    ------
    InvalidValue
        For a count below 1, fewer than 2 arms, turns that are not finite, a radius not above 0, or noise
        below 0.

    Notes
    -----
    A stand-in for S1's course data of three classes. Drawn in this order: the shuffle, the noise.

    Examples
    --------
    >>> X, T = spiral(4, arms=2, turns=0, radius=1, random_state=0)
    >>> X.round(1) + 0.0, T
    (array([[-0.5,  0. ],
            [-1. ,  0. ],
            [ 1. ,  0. ],
            [ 0.5,  0. ]]), array([1, 1, 0, 0]))
    """
    count, n_arms = check_count("n", n), check_count("arms", arms, at_least=2)
    rounds, end = check_number("turns", turns), check_number("radius", radius, above=0)
    std = None if noise is None else check_number("noise", noise, at_least=0)
    generator = as_generator(random_state)
    share, rest = divmod(count, n_arms)
    sizes = [share + (k < rest) for k in range(n_arms)]
    T = np.repeat(np.arange(n_arms), sizes)
    r = np.concatenate([np.arange(1, size + 1) / size for size in sizes if size])
    phi = 2 * np.pi * (rounds * r + T / n_arms)
    X, T = shuffled(end * r[:, np.newaxis] * np.column_stack([np.cos(phi), np.sin(phi)]), T, generator)  # (n, 2), (n,)
    return (X if std is None else X + generator.normal(scale=std, size=X.shape)), T
