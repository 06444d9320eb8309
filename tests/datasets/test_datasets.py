"""Datasets: the points that the texts and scikit-learn draw, bit for bit, and nothing drawn behind one's back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.datasets import make_blobs, make_moons
from sklearn.model_selection import train_test_split as reference_split

from chainrule import datasets
from chainrule.errors import InvalidValue

SEEDS = [0, 1, 42, 2**32 - 1]
MOONS = {
    "plain": {},
    "one": {"n": 1},
    "two": {"n": 2},
    "odd": {"n": 7},
    "pair": {"n": (3, 8)},
    "empty moon": {"n": (0, 4)},
    "noise": {"n": 50, "noise": 0.1},
    "noise 0": {"n": 50, "noise": 0},
    "in order": {"n": 20, "noise": 0.3, "shuffle": False},
    "S3": {"n": 5000, "noise": 0.1},
}
BLOBS = {
    "plain": {},
    "one": {"n": 1},
    "fewer points than classes": {"n": 2, "centers": 5},
    "uneven": {"n": 11, "centers": 4},
    "many features": {"n": 30, "n_features": 5},
    "one feature": {"n": 30, "n_features": 1},
    "given centres": {"n": 10, "centers": [[0, 0, 1], [4, 5, 6]]},
    "float32 centres": {"n": 10, "centers": np.array([[0.1, 0.2], [4, 5]], dtype=np.float32)},
    "std each": {"n": 10, "std": [0.5, 1, 2.5]},
    "std 0": {"n": 10, "std": 0},
    "box": {"n": 10, "center_box": (-1.0, 1.0)},
    "box of a point": {"n": 10, "center_box": (2, 2)},
    "in order": {"n": 10, "shuffle": False},
}
DRAWN = {
    "moons": lambda random_state: datasets.moons(9, noise=0.2, random_state=random_state),
    "blobs": lambda random_state: datasets.blobs(9, random_state=random_state),
    "linear": lambda random_state: datasets.linear(9, random_state=random_state),
    "xor_diagonals": lambda random_state: datasets.xor_diagonals(9, random_state=random_state),
    "two_blobs": lambda random_state: datasets.two_blobs(9, random_state=random_state),
    "xor_blobs": lambda random_state: datasets.xor_blobs(9, random_state=random_state),
    "band": lambda random_state: datasets.band(9, random_state=random_state),
    "gaussians": lambda random_state: datasets.gaussians(9, random_state=random_state),
    "circles": lambda random_state: datasets.circles(9, noise=0.2, random_state=random_state),
    "ring": lambda random_state: datasets.ring(9, random_state=random_state),
    "spiral": lambda random_state: datasets.spiral(9, noise=0.2, random_state=random_state),
    "plane": lambda random_state: datasets.plane(9, random_state=random_state),
    "noisy_sine": lambda random_state: datasets.noisy_sine(9, random_state=random_state),
    "train_test_split": lambda random_state: datasets.train_test_split(
        np.arange(9), np.arange(9), random_state=random_state
    ),
}


def used_stream(seed=7):
    """A stream that has drawn before, and holds the second of a pair of normal numbers."""
    stream = np.random.RandomState(seed)
    stream.normal(size=3)
    return stream


def same_state(one, other):
    """Whether two legacy streams would go on alike."""
    return all(np.array_equal(a, b) for a, b in zip(one.get_state(), other.get_state(), strict=True))


def reference_blobs(n=100, std=1.0, centers=3, **options):
    return make_blobs(n, cluster_std=std, centers=centers, **options)


def reference_moons(n=100, **options):
    return make_moons(n, **options)


def frozen(array):
    array = np.asarray(array)
    array.flags.writeable = False
    return array


@pytest.mark.parametrize("seed", SEEDS[-2:])
@pytest.mark.parametrize("options", MOONS.values(), ids=MOONS)
def test_moons_are_scikit_learns(options, seed):
    """The same seed gives make_moons's points and labels to the last bit."""
    X, T = datasets.moons(**options, random_state=seed)
    X_expected, T_expected = reference_moons(**options, random_state=seed)
    assert np.array_equal(X_expected, X)
    assert np.array_equal(T_expected, T)


@pytest.mark.parametrize("seed", SEEDS[-2:])
@pytest.mark.parametrize("options", BLOBS.values(), ids=BLOBS)
def test_blobs_are_scikit_learns(options, seed):
    """The same seed gives make_blobs's points and labels to the last bit."""
    X, T = datasets.blobs(**options, random_state=seed)
    X_expected, T_expected = reference_blobs(**options, random_state=seed)
    assert np.array_equal(X_expected, X)
    assert np.array_equal(T_expected, T)


@pytest.mark.parametrize(
    ("ours", "reference", "options"),
    [(datasets.moons, reference_moons, options) for options in MOONS.values()]
    + [(datasets.blobs, reference_blobs, options) for options in BLOBS.values()],
    ids=[f"moons {name}" for name in MOONS] + [f"blobs {name}" for name in BLOBS],
)
def test_a_used_stream_goes_on_as_after_scikit_learn(ours, reference, options):
    """A RandomState that has drawn before gives the same points and is left in the same state."""
    one, other = used_stream(), used_stream()
    X, T = ours(**options, random_state=one)
    X_expected, T_expected = reference(**options, random_state=other)
    assert np.array_equal(X_expected, X)
    assert np.array_equal(T_expected, T)
    assert same_state(one, other)


def test_moons_are_the_points_of_s0():
    """The legacy stream of seed 0 gives S0's points, and its next numbers are S0's initial weights."""
    stream = np.random.RandomState(0)
    state = np.random.get_state()
    try:
        np.random.seed(0)
        X_expected, T_expected = make_moons(100)
        weights = np.random.normal(size=(2, 50))
    finally:
        np.random.set_state(state)
    X, T = datasets.moons(100, random_state=stream)
    assert np.array_equal(X_expected, X)
    assert np.array_equal(T_expected, T)
    assert np.array_equal(weights, stream.normal(size=(2, 50)))


def test_linear_is_the_texts():
    """linear(100) draws the points that S4's function takes from the global stream, and labels x1 > x2 with 0."""
    X, T = datasets.linear(random_state=0)
    expected = np.random.RandomState(0).uniform(0, 1, (100, 2))
    assert np.array_equal(expected, X)
    assert [0 if x1 > x2 else 1 for x1, x2 in expected] == T.tolist()


def test_xor_easy_is_the_texts():
    """The 21 points are S4's in order and to the last bit: 0.3 is three times 0.1, which is a little more."""
    points, labels = [], []
    for tenth in range(11):
        points.append([0.1 * tenth, 0.1 * tenth])
        labels.append(0)
        if tenth != 5:
            points.append([0.1 * tenth, 1 - 0.1 * tenth])
            labels.append(1)
    X, T = datasets.xor_easy()
    assert np.array_equal(points, X)
    assert labels == T.tolist()
    assert X[6, 0] == 0.1 * 3 > 0.3


@pytest.mark.parametrize("n", [1, 2, 5, 100])
def test_xor_alternating_changes_the_diagonal_at_every_step(n):
    """Even points lie on x2 = x1 with label 0, odd ones on x2 = 1 - x1 with label 1."""
    X, T = datasets.xor_alternating(n)
    x1 = np.linspace(0, 1, n)
    assert np.array_equal(x1, X[:, 0])
    assert np.array_equal(x1[::2], X[::2, 1])
    assert np.array_equal(1 - x1[1::2], X[1::2, 1])
    assert [i % 2 for i in range(n)] == T.tolist()


@pytest.mark.parametrize("seed", SEEDS)
def test_xor_diagonals_draws_all_positions_and_then_all_coins(seed):
    """Each point lies on the diagonal that its label names, and the stream gave n positions before n coins."""
    X, T = datasets.xor_diagonals(1000, random_state=seed)
    stream = np.random.RandomState(seed)
    x1, coins = stream.uniform(size=1000), stream.uniform(size=1000)
    assert np.array_equal(x1, X[:, 0])
    assert np.array_equal(np.where(coins < 0.5, x1, 1 - x1), X[:, 1])
    assert np.array_equal(coins >= 0.5, T)
    assert 0.4 < T.mean() < 0.6


@pytest.mark.parametrize(
    "generate",
    [
        datasets.moons,
        datasets.blobs,
        datasets.xor_alternating,
        lambda n: datasets.linear(n, random_state=0),
        lambda n: datasets.xor_diagonals(n, random_state=0),
        datasets.two_blobs,
        datasets.xor_blobs,
        datasets.band,
        lambda n: datasets.gaussians(n, n_classes=1),
        datasets.circles,
        datasets.ring,
        datasets.spiral,
    ],
    ids=[
        "moons",
        "blobs",
        "xor_alternating",
        "linear",
        "xor_diagonals",
        "two_blobs",
        "xor_blobs",
        "band",
        "gaussians",
        "circles",
        "ring",
        "spiral",
    ],
)
@pytest.mark.parametrize("n", [1, 2, 3, 10])
def test_every_set_has_float_points_and_integer_labels(generate, n):
    """X is float64 (n, 2) and T holds whole numbers, (n,), for every n from 1 on."""
    X, T = generate(n)
    assert (X.shape, X.dtype, T.shape, T.dtype.kind) == ((n, 2), np.float64, (n,), "i")
    for wrong in (0, -1, 2.0, True, "3"):
        with pytest.raises(InvalidValue, match=r"^n must be a whole number"):
            generate(wrong)


@pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)
@pytest.mark.parametrize("random_state", [None, 0, np.random.RandomState(0), np.random.default_rng(0)], ids=type)
def test_the_global_stream_is_never_touched(draw, random_state):
    """No random_state makes a generator draw from np.random, or depend on its seed."""
    before = np.random.get_state()
    draw(random_state)
    after = np.random.get_state()
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))


@pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)
@pytest.mark.parametrize("open_stream", [int, np.random.RandomState, np.random.default_rng])
def test_the_same_seed_gives_the_same_numbers(draw, open_stream):
    """Seeds and both of NumPy's generators repeat themselves; None does not."""
    first, second = draw(open_stream(3)), draw(open_stream(3))
    assert len(first) in (2, 4)
    for one, other in zip(first, second, strict=True):
        assert one.size > 0
        assert np.array_equal(one, other)
    assert not np.array_equal(draw(None)[0], draw(None)[0])


@pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)
@pytest.mark.parametrize("wrong", ["0", 1.5, -1, True, np.random])
def test_a_random_state_that_is_none_is_refused(draw, wrong):
    """What opens no stream is refused, the global one included."""
    with pytest.raises(InvalidValue, match="random_state must be"):
        draw(wrong)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"n": (1, 2, 3)}, r"n must be a whole number or a pair of them, one a moon, got \(1, 2, 3\)\."),
        ({"n": (3, -1)}, r"n, one a moon, must be a whole number ≥ 0, got -1\."),
        ({"n": (0, 0)}, r"n must count at least one point, got \(0, 0\)\."),
        ({"noise": -0.1}, r"noise must be a number ≥ 0, got -0\.1\."),
        ({"noise": np.nan}, r"noise must be a number ≥ 0, got nan\."),
    ],
)
def test_moons_refuses_by_a_sentence(options, sentence):
    """Impossible counts and negative noise are refused with what they should be, and nothing is drawn."""
    stream = used_stream()
    with pytest.raises(InvalidValue, match=f"^{sentence}$"):
        datasets.moons(**options, random_state=stream)
    assert same_state(used_stream(), stream)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"centers": 0}, "centers must be a whole number ≥ 1, got 0."),
        ({"centers": [1, 2]}, "centers must be a whole number or an array (n_classes, n_features), got shape (2,)."),
        ({"centers": [[]]}, "centers must be a whole number or an array (n_classes, n_features), got shape (1, 0)."),
        ({"centers": [[1, 2], [3]]}, "centers must be an array of numbers; its rows have different lengths."),
        ({"centers": [[1, np.nan]]}, "centers holds nan at row 0, column 1. Remove or fill such entries first."),
        ({"n_features": 0}, "n_features must be a whole number ≥ 1, got 0."),
        ({"std": -1}, "std must be a number ≥ 0, got -1."),
        ({"std": [1, -2, 1]}, "std must be ≥ 0 for every centre, got -2."),
        ({"std": [1, 2]}, "std must be a number or one per centre, shape (3,), got shape (2,)."),
        ({"center_box": (1, 0)}, "center_box's high must be a number ≥ 1, got 0."),
        ({"center_box": 3}, "center_box must be a pair (low, high), got 3."),
    ],
)
def test_blobs_refuses_by_a_sentence(options, sentence):
    """Impossible centres, deviations and boxes are refused with what they should be, and nothing is drawn."""
    stream = used_stream()
    with pytest.raises(InvalidValue) as refused:
        datasets.blobs(**options, random_state=stream)
    assert sentence == str(refused.value)
    assert same_state(used_stream(), stream)


def test_blobs_leaves_its_centres_alone():
    """Read-only and strided centres and deviations are used and not changed."""
    centers, std = frozen(np.arange(12.0).reshape(3, 4)[:, ::2]), frozen(np.arange(6.0)[::2])
    X, T = datasets.blobs(10, centers=centers, std=std, random_state=0)
    X_expected, T_expected = make_blobs(10, centers=centers.copy(), cluster_std=std.copy(), random_state=0)
    assert np.array_equal(X_expected, X)
    assert np.array_equal(T_expected, T)
    assert centers.tolist() == [[0, 2], [4, 6], [8, 10]]


@pytest.mark.parametrize("seed", SEEDS[1:3])
@pytest.mark.parametrize("test_size", [0.25, 0.3, 0.5, 0.999, 1e-9, 1, 7, np.int64(3), np.float64(0.1)])
@pytest.mark.parametrize("n", [11, 2000])
def test_the_split_is_scikit_learns(n, test_size, seed):
    """The four parts hold the same samples in the same order, or both refuse to leave nothing for training."""
    X, T = np.arange(2.0 * n).reshape(n, 2), np.arange(n)
    if test_size == 0.999 and n < 1000:
        with pytest.raises(InvalidValue, match="leaves none for training"):
            datasets.train_test_split(X, T, test_size=test_size, random_state=seed)
        return
    ours = datasets.train_test_split(X, T, test_size=test_size, random_state=seed)
    for expected, actual in zip(reference_split(X, T, test_size=test_size, random_state=seed), ours, strict=True):
        assert np.array_equal(expected, actual)


def test_the_split_goes_on_in_a_used_stream():
    """A used RandomState gives scikit-learn's split and is left in the same state: S3's 3500 and 1500."""
    one, other = used_stream(), used_stream()
    X, T = datasets.moons(5000, random_state=0)
    ours = datasets.train_test_split(X, T, test_size=0.3, random_state=one)
    for expected, actual in zip(reference_split(X, T, test_size=0.3, random_state=other), ours, strict=True):
        assert np.array_equal(expected, actual)
    assert same_state(one, other)
    assert [len(part) for part in ours[:2]] == [3500, 1500]


@given(n=st.integers(2, 60), share=st.floats(0.001, 0.999), seed=st.integers(0, 2**32 - 1))
def test_the_split_loses_no_sample_and_doubles_none(n, share, seed):
    """Train and test are a partition, with scikit-learn's rounding, and each sample keeps its target."""
    X = np.arange(n)
    try:
        expected = reference_split(X, random_state=seed, test_size=share)
    except ValueError:
        with pytest.raises(InvalidValue):
            datasets.train_test_split(X, -X, test_size=share, random_state=seed)
        return
    X_train, X_test, T_train, T_test = datasets.train_test_split(X, -X, test_size=share, random_state=seed)
    assert [len(part) for part in expected] == [len(X_train), len(X_test)]
    assert sorted([*X_train, *X_test]) == list(range(n))
    assert np.array_equal(X_train, -T_train)
    assert np.array_equal(X_test, -T_test)


class Frame:
    """What a data frame is to NumPy: something with __array__."""

    def __init__(self, values):
        self.values = np.asarray(values)

    def __len__(self):
        return len(self.values)

    def __array__(self, dtype=None, copy=None):
        return self.values.astype(dtype) if dtype else self.values


@pytest.mark.parametrize("wrap", [list, tuple, Frame, frozen, lambda v: np.repeat(v, 2, axis=0)[::2]])
def test_the_split_takes_what_numpy_takes(wrap):
    """Lists, data frames, read-only and strided arrays give the parts of the plain array, as copies."""
    X, T = np.arange(20).reshape(10, 2), np.array(list("ababababab"))
    expected = datasets.train_test_split(X, T, random_state=0)
    X_wrapped, T_wrapped = wrap(X.copy()), wrap(T.copy())
    actual = datasets.train_test_split(X_wrapped, T_wrapped, random_state=0)
    for one, other in zip(expected, actual, strict=True):
        assert np.array_equal(one, other)
        assert one.dtype == other.dtype
        other[...] = other[0]
    assert np.array_equal(X, np.asarray(X_wrapped))
    assert np.array_equal(T, np.asarray(T_wrapped))


@pytest.mark.parametrize(
    ("X", "T", "test_size", "sentence"),
    [
        ([1, 2, 3], [1, 2], 0.5, "X has 3 rows and T has 2: each sample needs one target."),
        ([], [], 0.5, "A split needs at least 2 samples, got 0."),
        ([1], [1], 0.5, "A split needs at least 2 samples, got 1."),
        ([1, 2], [1, 2], 0, "test_size must be a whole number ≥ 1, got 0."),
        ([1, 2], [1, 2], True, "test_size must be a whole number ≥ 1, got True."),
        ([1, 2], [1, 2], 0.0, "test_size must be a number > 0 and < 1, got 0.0."),
        ([1, 2], [1, 2], 1.0, "test_size must be a number > 0 and < 1, got 1.0."),
        ([1, 2], [1, 2], None, "test_size must be a number > 0 and < 1, got None."),
        (
            [1, 2],
            [1, 2],
            2,
            "test_size=2 takes all of the 2 samples and leaves none for training. Choose a smaller one.",
        ),
        (
            [1, 2],
            [1, 2],
            0.6,
            "test_size=0.6 takes all of the 2 samples and leaves none for training. Choose a smaller one.",
        ),
        (5, [1, 2], 0.5, "X must have one entry per sample, got int."),
        ([[1], [2, 3]], [1, 2], 0.5, "X must be an array; its rows have different lengths."),
    ],
)
def test_the_split_refuses_by_a_sentence(X, T, test_size, sentence):
    """Impossible sizes and unequal lengths are refused with what would be possible."""
    with pytest.raises(InvalidValue) as refused:
        datasets.train_test_split(X, T, test_size=test_size)
    assert sentence == str(refused.value)


def test_the_split_tells_how_to_open_a_sparse_matrix():
    """A sparse matrix, which NumPy takes for one object, is refused with the way to make it an array."""
    from scipy.sparse import csr_array

    with pytest.raises(InvalidValue, match=r"Call \.toarray\(\) on a sparse matrix\.$"):
        datasets.train_test_split(csr_array(np.eye(3)), [0, 1, 0])


@pytest.mark.parametrize(
    "labels", [[0, 2, 1], (0.0, 2.0, 1.0), np.array([0, 2, 1], np.uint8), frozen(np.array([0, 9, 2, 9, 1])[::2])]
)
def test_one_hot_has_its_one_in_the_column_of_the_label(labels):
    """Lists, floats that are whole, small, strided and read-only integers give the same float64 rows."""
    expected = np.array([[1.0, 0, 0], [0, 0, 1], [0, 1, 0]])
    T = datasets.one_hot(labels)
    assert np.array_equal(expected, T)
    assert T.dtype == np.float64


@given(labels=st.lists(st.integers(0, 20), min_size=1), more=st.integers(0, 3))
def test_one_hot_is_undone_by_argmax(labels, more):
    """Each row sums to one, its largest entry is at the label, and n_classes adds empty columns."""
    T = datasets.one_hot(labels, max(labels) + 1 + more)
    assert T.shape == (len(labels), max(labels) + 1 + more)
    assert T.argmax(axis=1).tolist() == labels
    assert (T.sum(axis=1) == 1).all()


def test_one_hot_of_no_labels_has_no_rows():
    """With n_classes given, no labels make an empty table of that width."""
    assert datasets.one_hot([], 3).shape == (0, 3)


@pytest.mark.parametrize(
    ("labels", "n_classes", "sentence"),
    [
        ([0, -1], None, "labels must be whole numbers from 0 to 2147483647, got -1 at row 1."),
        ([0, 0.5], None, "labels must be whole numbers from 0 to 2147483647, got 0.5 at row 1."),
        ([0, 1, 2], 2, "labels must be whole numbers from 0 to 1, got 2 at row 2."),
        ([0, 1e300], None, "labels must be whole numbers from 0 to 2147483647, got 1e+300 at row 1."),
        ([0, np.nan], None, "labels holds nan at row 1. Remove or fill such entries first."),
        (["a", "b"], None, "labels must be an array of numbers, got dtype <U1."),
        ([[0], [1]], None, "labels must have one dimension, (n,), got shape (2, 1). Use labels.ravel()."),
        (1, None, "labels must have one dimension, (n,), got shape ()."),
        ([], None, "labels are empty: pass n_classes, which cannot be seen from no labels."),
        ([0, 1], 0, "n_classes must be a whole number ≥ 1, got 0."),
        ([0, 1], 2.0, "n_classes must be a whole number ≥ 1, got 2.0."),
    ],
)
def test_one_hot_refuses_by_a_sentence(labels, n_classes, sentence):
    """Labels that number no class are refused, the first wrong one named with its row."""
    with pytest.raises(InvalidValue) as refused:
        datasets.one_hot(labels, n_classes)
    assert sentence == str(refused.value)
