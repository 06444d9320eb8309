"""The drawn sets: scikit-learn's to the last bit, and what a line can separate of the others."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog
from sklearn.datasets import make_circles, make_gaussian_quantiles

from chainrule import Dense, Network, datasets
from chainrule.errors import InvalidValue

SEEDS = [0, 1, 42, 2**32 - 1]
CIRCLES = {
    "plain": {},
    "one": {"n": 1},
    "two": {"n": 2},
    "odd": {"n": 7},
    "pair": {"n": (3, 8)},
    "empty circle": {"n": (0, 4)},
    "factor": {"n": 50, "factor": 0.3},
    "factor 0": {"n": 50, "factor": 0},
    "noise": {"n": 50, "noise": 0.1},
    "noise 0": {"n": 50, "noise": 0},
    "in order": {"n": 20, "noise": 0.3, "shuffle": False},
}
GAUSSIANS = {
    "plain": {},
    "one": {"n": 1, "n_classes": 1},
    "two": {"n": 2, "n_classes": 2},
    "uneven": {"n": 11, "n_classes": 4},
    "many features": {"n": 30, "n_features": 5},
    "one feature": {"n": 30, "n_features": 1},
    "mean": {"n": 30, "mean": [3, -4]},
    "float32 mean": {"n": 30, "mean": np.array([0.1, 0.2], dtype=np.float32)},
    "cov": {"n": 30, "cov": 2.5},
    "cov 0": {"n": 30, "cov": 0},
    "in order": {"n": 30, "shuffle": False},
}


def reference_circles(n=100, **options):
    return make_circles(n, **options)


def reference_gaussians(n=100, **options):
    return make_gaussian_quantiles(n_samples=n, **options)


REFERENCES = [(datasets.circles, reference_circles, options) for options in CIRCLES.values()] + [
    (datasets.gaussians, reference_gaussians, options) for options in GAUSSIANS.values()
]
REFERENCE_IDS = [f"circles {name}" for name in CIRCLES] + [f"gaussians {name}" for name in GAUSSIANS]


def used_stream():
    """A stream that has drawn before, and holds the second of a pair of normal numbers."""
    stream = np.random.RandomState(7)
    stream.normal(size=3)
    return stream


def same_state(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one.get_state(), other.get_state(), strict=True))


def is_separable(X, T):
    """Whether some line leaves the two classes on its two sides: whether sign · (w·x + b) ≥ 1 has a solution."""
    sign = np.where(T == 1, 1.0, -1.0)
    conditions = -sign[:, np.newaxis] * np.column_stack([X, np.ones(len(X))])
    found = linprog(np.zeros(3), A_ub=conditions, b_ub=-np.ones(len(X)), bounds=(None, None))
    assert found.status in (0, 2)  # found, or proved infeasible
    return found.status == 0


def best_line_accuracy(X, T):
    """The largest share that any of many lines gets right: 180 directions, every threshold, either side."""
    best = 0.0
    for angle in np.linspace(0, np.pi, 180, endpoint=False):
        labels = T[np.argsort(X @ [np.cos(angle), np.sin(angle)])]
        right = np.cumsum(labels == 0) + (labels == 1).sum() - np.cumsum(labels == 1)
        best = max(best, right.max() / len(T), 1 - right.min() / len(T))
    return best


@pytest.mark.parametrize("seed", SEEDS[-2:])
@pytest.mark.parametrize(("ours", "reference", "options"), REFERENCES, ids=REFERENCE_IDS)
def test_points_are_scikit_learns(ours, reference, options, seed):
    """The same seed gives scikit-learn's points and labels to the last bit, in the dtypes of all our sets."""
    X, T = ours(**options, random_state=seed)
    X_expected, T_expected = reference(**options, random_state=seed)
    assert np.array_equal(X_expected, X)
    assert np.array_equal(T_expected, T)
    assert (X.dtype, T.dtype) == (np.float64, np.intp)


@pytest.mark.parametrize(("ours", "reference", "options"), REFERENCES, ids=REFERENCE_IDS)
def test_a_used_stream_goes_on_as_after_scikit_learn(ours, reference, options):
    """A RandomState that has drawn before gives the same points and is left in the same state."""
    one, other = used_stream(), used_stream()
    for expected, actual in zip(
        reference(**options, random_state=other), ours(**options, random_state=one), strict=True
    ):
        assert np.array_equal(expected, actual)
    assert same_state(one, other)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("n", [2, 101, 4000])
def test_a_line_separates_two_blobs(n, seed):
    """At the default width x₁ + x₂ = 0 tells every point's class, and S2's neuron with it."""
    X, T = datasets.two_blobs(n, random_state=seed)
    assert np.array_equal(X.sum(axis=1) > 0, T == 1)
    assert is_separable(X, T)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("draw", "most"),
    [
        (datasets.xor_blobs, 0.76),
        (datasets.band, 0.8),
        (datasets.ring, 0.85),
        (datasets.circles, 0.8),
        (lambda n, random_state: datasets.spiral(n, arms=2, random_state=random_state), 0.85),
        (lambda n, random_state: datasets.gaussians(n, n_classes=2, random_state=random_state), 0.75),
    ],
    ids=["xor_blobs", "band", "ring", "circles", "spiral", "gaussians"],
)
def test_no_line_separates_the_others(draw, most, seed):
    """No line exists that separates them, and the best one is far from all right."""
    X, T = draw(1000, random_state=seed)
    assert not is_separable(X, T)
    assert 0.5 <= best_line_accuracy(X, T) < most


@pytest.mark.parametrize("draw", [datasets.xor_blobs, datasets.band], ids=["xor_blobs", "band"])
def test_two_hidden_units_suffice(draw):
    """A 2–2–1 network of steep sigmoids, one hidden unit a side of the band |x₁ + x₂| < width, classifies them."""
    X, T = draw(random_state=0)
    distance = np.sqrt(2) * 1.3489795003921634 if draw is datasets.band else 1.0
    net = Network([Dense(2, "sigmoid"), Dense(1, "sigmoid")], n_features=2, loss="log_loss")
    k = 1e5
    hidden = [[k, -k], [k, -k], [distance * k, distance * k]]  # x₁ + x₂ > −distance, x₁ + x₂ < distance
    theta = np.concatenate([np.ravel(hidden), [k, k, -1.5 * k]])  # and both
    Y = net.predict(theta, X)[:, 0]
    accuracy = ((Y > 0.5) == (T == 1)).mean()
    assert accuracy == 1 if draw is datasets.band else accuracy > 0.99


def test_xor_blobs_sit_on_the_corners():
    """Without width every corner has a quarter of the points, label 1 where the signs differ."""
    X, T = datasets.xor_blobs(4000, std=0, random_state=0)
    corners, counts = np.unique(X, axis=0, return_counts=True)
    assert corners.tolist() == [[-1, -1], [-1, 1], [1, -1], [1, 1]]
    assert counts.tolist() == [1000] * 4
    assert np.array_equal(X[:, 0] != X[:, 1], T == 1)


@pytest.mark.parametrize("width", [0.1, 0.8, 2.5])
def test_band_lies_between_two_lines(width):
    """Label 1 is nearer to the line x₁ + x₂ = 0 than half the width, label 0 lies on both of its sides."""
    X, T = datasets.band(2000, std=1.0, width=width, random_state=0)
    distance = np.abs(X.sum(axis=1)) / np.sqrt(2)
    assert distance[T == 1].max() < width / 2 <= distance[T == 0].min()
    assert X[T == 0].sum(axis=1).min() < 0 < X[T == 0].sum(axis=1).max()


@pytest.mark.parametrize("std", [0.5, 2.0])
def test_the_default_band_holds_half_of_its_cloud(std):
    """Its two classes are equally frequent, and the cloud is as wide as std says."""
    X, T = datasets.band(100_000, std=std, random_state=0)
    assert abs(T.mean() - 0.5) < 0.01
    assert X.std(axis=0) == pytest.approx([std, std], rel=0.01)


def test_ring_goes_round_its_cloud():
    """The ring is at its radius, all round, and the cloud in the middle, both as thick as std says."""
    X, T = datasets.ring(20_001, radius=5, std=0.5, random_state=0)
    assert np.bincount(T).tolist() == [10_000, 10_001]
    distance = np.hypot(X[:, 0], X[:, 1])
    assert abs(distance[T == 1].mean() - 5) < 0.02
    assert abs(distance[T == 1].std() - 0.5) < 0.02
    assert np.abs(X[T == 0].std(axis=0) - 0.5).max() < 0.02
    assert np.abs(X[T == 1].mean(axis=0)).max() < 0.1


@pytest.mark.parametrize("seed", SEEDS)
def test_the_default_ring_leaves_a_gap_that_hardly_a_point_is_in(seed):
    """The circle of radius 1.7 tells 99 % of the points."""
    X, T = datasets.ring(4000, random_state=seed)
    assert ((np.hypot(X[:, 0], X[:, 1]) > 1.7) == (T == 1)).mean() > 0.99


@pytest.mark.parametrize("turns", [0.5, 1.0, -1.5, 0.0])
@pytest.mark.parametrize("arms", [2, 3, 5])
def test_spiral_arms_are_each_other_turned(arms, turns):
    """Arm k is arm 0 turned by k/arms of a circle, with turns rounds from the centre to the rim."""
    X, T = datasets.spiral(20 * arms, arms=arms, turns=turns, radius=1, random_state=0)
    z = X[:, 0] + 1j * X[:, 1]
    first = np.sort_complex((z[T == 0] * np.exp(-2j * np.pi * turns * np.abs(z[T == 0]))).round(9))
    assert np.allclose(first, np.arange(1, 21) / 20)
    for k in range(1, arms):
        turned = z[k == T] * np.exp(-2j * np.pi * k / arms)
        assert np.allclose(np.sort(np.abs(turned)), np.arange(1, 21) / 20)
        assert np.allclose(sorted(turned, key=abs), sorted(z[T == 0], key=abs))


def test_noise_is_drawn_after_the_shuffle():
    """A spiral with noise is the spiral without it, and normal numbers from the same stream."""
    stream = np.random.RandomState(3)
    X, T = datasets.spiral(30, random_state=stream)
    X_noisy, T_noisy = datasets.spiral(30, noise=0.1, random_state=3)
    assert np.array_equal(X + stream.normal(scale=0.1, size=(30, 2)), X_noisy)
    assert np.array_equal(T, T_noisy)


def test_small_sets_have_what_there_is_to_have():
    """Two points are one of each class, and fewer points than arms or corners leave the last ones out."""
    for draw in (datasets.two_blobs, datasets.xor_blobs, datasets.ring, datasets.circles):
        assert sorted(draw(2, random_state=0)[1]) == [0, 1]
    assert sorted(datasets.spiral(2, arms=5)[1]) == [0, 1]
    assert sorted(datasets.xor_blobs(3)[1]) == [0, 0, 1]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("n", [1, 2, 7, 50])
def test_plane_is_a_plane_with_noise(n, seed):
    """The stream gave all points and then all noise, and T is float64, (n,)."""
    X, T = datasets.plane(n, w=[1, 2, -3], b=-1, noise=0.2, random_state=seed)
    stream = np.random.RandomState(seed)
    expected = stream.uniform(-1, 1, (n, 3))
    assert np.array_equal(expected, X)
    assert np.array_equal(expected @ [1.0, 2, -3] - 1 + stream.normal(scale=0.2, size=n), T)
    assert (T.shape, T.dtype) == ((n,), np.float64)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("n", [1, 2, 7, 50])
def test_noisy_sine_is_a_sine_with_noise(n, seed):
    """The stream gave all x of [0, 1] and then all noise, X is a column and T float64, (n,)."""
    X, T = datasets.noisy_sine(n, noise=0.2, random_state=seed)
    stream = np.random.RandomState(seed)
    x = stream.uniform(size=n)
    assert np.array_equal(x[:, np.newaxis], X)
    assert np.array_equal(np.sin(2 * np.pi * x) + stream.normal(scale=0.2, size=n), T)
    assert (T.shape, T.dtype) == ((n,), np.float64)


@pytest.mark.parametrize(
    ("generate", "options", "sentence"),
    [
        (
            datasets.circles,
            {"n": (1, 2, 3)},
            "n must be a whole number or a pair of them, one a circle, got (1, 2, 3).",
        ),
        (datasets.circles, {"n": (3, -1)}, "n, one a circle, must be a whole number ≥ 0, got -1."),
        (datasets.circles, {"n": (0, 0)}, "n must count at least one point, got (0, 0)."),
        (datasets.circles, {"factor": 1}, "factor must be a number ≥ 0 and < 1, got 1."),
        (datasets.circles, {"noise": -1}, "noise must be a number ≥ 0, got -1."),
        (datasets.ring, {"n": (2, 3)}, "n must be a whole number ≥ 1, got (2, 3)."),
        (datasets.ring, {"radius": 0}, "radius must be a number > 0, got 0."),
        (datasets.ring, {"std": "wide"}, "std must be a number ≥ 0, got 'wide'."),
        (datasets.spiral, {"arms": 1}, "arms must be a whole number ≥ 2, got 1."),
        (datasets.spiral, {"turns": np.inf}, "turns must be a finite number, got inf."),
        (datasets.spiral, {"radius": 0}, "radius must be a number > 0, got 0."),
        (datasets.spiral, {"noise": -0.1}, "noise must be a number ≥ 0, got -0.1."),
        (datasets.two_blobs, {"std": -1}, "std must be a number ≥ 0, got -1."),
        (datasets.xor_blobs, {"std": [1, 1]}, "std must be a number ≥ 0, got [1, 1]."),
        (datasets.band, {"width": 0}, "width must be a number > 0, got 0."),
        (datasets.band, {"std": 0}, "std must be a number > 0, got 0."),
        (datasets.gaussians, {"n": 2}, "n must be at least n_classes=3, one point a class, got 2."),
        (datasets.gaussians, {"n_classes": 0}, "n_classes must be a whole number ≥ 1, got 0."),
        (datasets.gaussians, {"n_features": 0}, "n_features must be a whole number ≥ 1, got 0."),
        (datasets.gaussians, {"mean": [[0, 0]]}, "mean must have shape (n_features,), got shape (1, 2)."),
        (datasets.gaussians, {"mean": [np.nan]}, "mean holds nan at row 0. Remove or fill such entries first."),
        (datasets.gaussians, {"cov": -1}, "cov must be a number ≥ 0, got -1."),
        (datasets.plane, {"n": 0}, "n must be a whole number ≥ 1, got 0."),
        (datasets.plane, {"w": 1}, "w must have shape (n_features,), got shape ()."),
        (datasets.plane, {"w": ["a"]}, "w must be an array of numbers, got dtype <U1."),
        (datasets.plane, {"b": None}, "b must be a finite number, got None."),
        (datasets.plane, {"noise": -1}, "noise must be a number ≥ 0, got -1."),
        (datasets.noisy_sine, {"n": 0}, "n must be a whole number ≥ 1, got 0."),
        (datasets.noisy_sine, {"noise": np.nan}, "noise must be a number ≥ 0, got nan."),
    ],
)
def test_generators_refuse_by_a_sentence(generate, options, sentence):
    """What cannot be drawn is refused with what it should be, and nothing is drawn."""
    stream = used_stream()
    with pytest.raises(InvalidValue) as refused:
        generate(**options, random_state=stream)
    assert sentence == str(refused.value)
    assert same_state(used_stream(), stream)
