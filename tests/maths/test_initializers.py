"""Initialisers: where their draws lie, from which stream they come, and that equal ones are equal."""

from __future__ import annotations

import math
import pickle
from functools import partial

import numpy as np
import pytest

from chainrule import Dense, Network
from chainrule.errors import InvalidValue
from chainrule.maths.initializers import INITIALIZERS, Initializer, normal, uniform

N_IN, N_OUT, DRAWS = 30, 20, 200_000
BOUNDS = {  # of the uniform ones
    "glorot": math.sqrt(6 / (N_IN + N_OUT)),
    "glorot_sigmoid": math.sqrt(2 / (N_IN + N_OUT)),
    "uniform(0.25)": 0.25,
}
STDS = {"he": math.sqrt(2 / N_IN), "lecun": math.sqrt(1 / N_IN), "normal(0.58)": 0.58}
ALL = {**INITIALIZERS, "uniform(0.25)": uniform(0.25), "normal(0.58)": normal(0.58)}


def many(name, seed=0):
    """Draw many numbers as for a layer of N_IN inputs and N_OUT outputs."""
    return ALL[name].draw(np.random.RandomState(seed), N_IN, N_OUT, (DRAWS,))


def moments(draws):
    """Return mean, standard deviation and kurtosis: 1.8 of a uniform distribution, 3 of a normal one."""
    mean, std = draws.mean(), draws.std()
    return mean, std, (((draws - mean) / std) ** 4).mean()


@pytest.mark.parametrize("name", BOUNDS)
def test_uniform_draws_fill_their_interval(name):
    """The draws lie in [−bound, bound), reach both ends, and have the moments of the uniform distribution."""
    draws, bound = many(name), BOUNDS[name]

    mean, std, kurtosis = moments(draws)

    assert -bound <= draws.min() < -0.999 * bound
    assert 0.999 * bound < draws.max() < bound
    assert abs(mean) < 5 * bound / math.sqrt(3 * DRAWS)
    assert std == pytest.approx(bound / math.sqrt(3), rel=0.01)
    assert kurtosis == pytest.approx(1.8, rel=0.01)


@pytest.mark.parametrize("name", STDS)
def test_normal_draws_have_their_spread(name):
    """The draws have the mean, the standard deviation and the tails of the normal distribution."""
    mean, std, kurtosis = moments(many(name))

    assert abs(mean) < 5 * STDS[name] / math.sqrt(DRAWS)
    assert std == pytest.approx(STDS[name], rel=0.01)
    assert kurtosis == pytest.approx(3.0, rel=0.03)


def test_zeros_draw_nothing():
    """All zeros, and the stream stands where it stood."""
    generator, untouched = np.random.RandomState(0), np.random.RandomState(0)

    assert not ALL["zeros"].draw(generator, 3, 2, (3, 2)).any()
    assert untouched.uniform() == generator.uniform()


def test_every_initializer_has_its_distribution_tested():
    """A new initialiser says what it draws from on the day it is added."""
    assert set(ALL) == {*BOUNDS, *STDS, "zeros", "orthogonal"}


@pytest.mark.parametrize("shape", [(7, 3), (3, 7), (4, 4), (1, 5)])
def test_orthogonal_draws_are_orthonormal(shape):
    """The fewer of rows and columns are orthonormal, and no direction is preferred."""
    draw = partial(ALL["orthogonal"].draw, n_in=shape[0], n_out=shape[1], shape=shape)
    W = draw(np.random.RandomState(0))
    small = W.T @ W if shape[0] >= shape[1] else W @ W.T
    mean = np.mean([draw(np.random.RandomState(seed)) for seed in range(2000)], axis=0)

    np.testing.assert_allclose(small, np.eye(min(shape)), atol=1e-14)
    assert np.abs(mean).max() < 5 / math.sqrt(2000 * max(shape))


def test_orthogonal_is_refused_for_biases():
    """A bias has no rows that could be orthogonal: the sentence says what to use."""
    net = Network([Dense(3, bias_init="orthogonal")], n_features=2)

    with pytest.raises(InvalidValue, match=r"^The initialiser 'orthogonal' cannot draw b1: .* Use zeros\.$"):
        net.initial_theta(0)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("open_stream", [np.random.RandomState, np.random.default_rng])
def test_draws_follow_the_seed(name, open_stream):
    """The same seed gives the same draws in the shape asked for, in NumPy's legacy streams and in its new ones."""
    first, second = (ALL[name].draw(open_stream(3), 4, 5, (4, 5)) for _ in range(2))

    assert first.shape == (4, 5)
    assert first.tolist() == second.tolist()


@pytest.mark.parametrize(
    ("name", "by_hand"),
    [
        ("normal(0.58)", lambda stream: stream.normal(0, 0.58, (2, 3))),
        ("uniform(0.25)", lambda stream: stream.uniform(-0.25, 0.25, (2, 3))),
        ("glorot", lambda stream: stream.uniform(-math.sqrt(6 / 5), math.sqrt(6 / 5), (2, 3))),
        ("glorot_sigmoid", lambda stream: stream.uniform(-math.sqrt(2 / 5), math.sqrt(2 / 5), (2, 3))),
        ("he", lambda stream: stream.normal(0, 1.0, (2, 3))),
    ],
)
def test_draws_are_those_of_an_assignment(name, by_hand):
    """One call of NumPy's legacy stream per array, bit for bit what an assignment's own line draws."""
    assert by_hand(np.random.RandomState(7)).tolist() == ALL[name].draw(np.random.RandomState(7), 2, 3, (2, 3)).tolist()


@pytest.mark.parametrize("name", ALL)
def test_equal_and_pickled(name):
    """Built-in initialisers are equal by what they are, and come back from a pickle as they went in."""
    again = {"uniform(0.25)": uniform(0.25), "normal(0.58)": normal(0.58)}.get(name, ALL[name])

    assert ALL[name] == again
    assert hash(ALL[name]) == hash(again)
    assert ALL[name] == pickle.loads(pickle.dumps(ALL[name]))  # noqa: S301  # our own bytes


def test_different_scales_are_different():
    """Another standard deviation is another initialiser."""
    assert normal(0.5) != normal(0.6)
    assert normal(0.5) != uniform(0.5)


@pytest.mark.parametrize("make", [normal, uniform])
@pytest.mark.parametrize("scale", [-1.0, math.nan, math.inf])
def test_unusable_scale_is_refused(make, scale):
    """A scale that is negative, infinite or NaN is refused."""
    with pytest.raises(ValueError, match=r"must be a finite number ≥ 0, got"):
        make(scale)


@pytest.mark.parametrize("name", ALL)
def test_names_tell_all(name):
    """An initialiser's name is what one writes to get it, its scale included."""
    assert name == ALL[name].name


def test_scale_zero_is_zeros():
    """A normal or uniform distribution without width is allowed: all zeros."""
    for flat in (normal(0), uniform(0)):
        assert not flat.draw(np.random.RandomState(0), 2, 2, (2, 2)).any()


def test_ones_own_is_a_name_and_a_function():
    """One's own draw gets the generator, both sizes of the layer and the shape."""
    own = Initializer("sizes", lambda generator, n_in, n_out, shape: np.full(shape, 10 * n_in + n_out))

    assert own.draw(np.random.RandomState(0), 2, 3, (2,)).tolist() == [23, 23]
