"""check_gradient finds what is wrong, keeps quiet about what is right, and says what it cannot know."""

from __future__ import annotations

import json

import numpy as np
import pytest

from chainrule.check import check_gradient
from chainrule.check.finite_differences import differences
from chainrule.check.gradient_report import Entry
from chainrule.errors import InvalidValue

N, D, H = 40, 4, 3
SHAPES = {"W1": (D, H), "b1": (H,), "W2": (H, 1), "b2": (1,)}
SIZE = D * H + H + H + 1


def quadratic(theta):
    A = np.diag([1.0, 2.0, 3.0]) + 0.5
    return 0.5 * theta @ A @ theta, A @ theta


def logistic_regression(theta):
    rng = np.random.RandomState(0)
    X, T = rng.normal(size=(50, 3)), rng.randint(2, size=50)
    Z = X @ theta[:3] + theta[3]
    E = 1 / (1 + np.exp(-Z)) - T
    return np.mean(np.logaddexp(0, Z) - T * Z), np.append(X.T @ E, E.sum()) / 50


def l1(theta):
    return np.abs(theta).sum(), np.sign(theta)


def network(activation="tanh", n=N, dtype=np.float64, change=None):
    """Return fun of a D-H-1 network with half the mean squared error; ``change`` edits the four gradients."""
    rng = np.random.RandomState(1)
    X, T = rng.normal(size=(n, D)).astype(dtype), rng.normal(size=(n, 1)).astype(dtype)

    def fun(theta):
        theta = np.asarray(theta, dtype=dtype)
        W1, b1 = theta[: D * H].reshape(D, H), theta[D * H : D * H + H]
        W2, b2 = theta[D * H + H : -1].reshape(H, 1), theta[-1:]
        Z = X @ W1 + b1
        A = np.tanh(Z) if activation == "tanh" else np.maximum(Z, 0)
        E = A @ W2 + b2 - T
        slope = 1 - A**2 if activation == "tanh" else (Z > 0).astype(dtype)
        dY = E / dtype(n)
        dZ = dY @ W2.T * slope
        grads = {"W1": X.T @ dZ, "b1": dZ.sum(axis=0), "W2": A.T @ dY, "b2": dY.sum(axis=0)}
        if change is not None:
            grads = change(grads)
        return (E**2).sum() / dtype(2 * n), np.concatenate([g.ravel() for g in grads.values()])

    return fun


def start(size=SIZE):
    return np.random.RandomState(2).normal(size=size)


RIGHT_ONES = {
    "quadratic": (quadratic, start(3)),
    "logistic_regression": (logistic_regression, start(4)),
    "tanh_network": (network("tanh"), start()),
    "relu_network": (network("relu"), start()),
    "l1": (l1, start(6)),
    "rosenbrock": (
        lambda t: (
            100 * (t[1] - t[0] ** 2) ** 2 + (1 - t[0]) ** 2,
            np.array([-400 * t[0] * (t[1] - t[0] ** 2) - 2 * (1 - t[0]), 200 * (t[1] - t[0] ** 2)]),
        ),
        np.array([-1.2, 1.0]),
    ),
}

MISTAKES = {
    "0.05 % off": lambda g: g | {"W2": g["W2"] * 1.0005},
    "wrong sign": lambda g: g | {"b1": -g["b1"]},
    "factor 2": lambda g: g | {"W1": 2 * g["W1"]},
    "transposed": lambda g: g | {"W1": g["W1"].T},
    "bias divided by N": lambda g: g | {"b1": g["b1"] / N},
    "bias forgotten": lambda g: g | {"b2": 0 * g["b2"]},
    "one entry": lambda g: g | {"W1": g["W1"] + np.eye(D, H) * [0, 0, 1e-3]},
    "nan": lambda g: g | {"b1": g["b1"] * np.nan},
    "inf": lambda g: g | {"W2": g["W2"] + np.inf},
}


# --- right and wrong ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", RIGHT_ONES)
def test_right_gradient_is_called_right(name):
    """A right gradient passes, with every entry judged."""
    fun, theta = RIGHT_ONES[name]

    report = check_gradient(fun, theta)

    assert report.ok, str(report)
    assert theta.size == report.blocks[0].right
    report.assert_correct()


@pytest.mark.parametrize("name", RIGHT_ONES)
def test_differences_agree_to_1e_11_and_know_it(name):
    """The differences agree with calculus to 1e-11 of the gradient, each within its own uncertainty."""
    fun, theta = RIGHT_ONES[name]
    value, gradient = fun(theta)
    around = differences(lambda t: float(fun(t)[0]), theta, float(value), np.finfo(float).eps)

    estimates = [around.derivative(i) for i in range(theta.size)]

    errors = np.array([abs(e.value - g) for e, g in zip(estimates, gradient, strict=True)])
    assert errors.max() <= 1e-11 * np.abs(gradient).max()
    assert all(error <= e.uncertainty for error, e in zip(errors, estimates, strict=True))


@pytest.mark.parametrize("activation", ["tanh", "relu"])
@pytest.mark.parametrize("mistake", MISTAKES)
def test_checker_fails_on_a_wrong_gradient(mistake, activation):
    """Every one of the mistakes is found, also one of 0.05 %, and found in the right block."""
    fun = network(activation, change=MISTAKES[mistake])
    theta = start()
    right = network(activation)(theta)[1]
    with np.errstate(invalid="ignore"):
        wrong = fun(theta)[1]
    places = np.split(np.arange(SIZE), np.cumsum([D * H, H, H]))
    changed = [n for n, p in zip(SHAPES, places, strict=True) if not np.array_equal(right[p], wrong[p])]

    report = check_gradient(fun, theta, SHAPES)

    assert not report.ok
    assert changed == [block.name for block in report.blocks if block.wrong or block.suspicious]
    with pytest.raises(AssertionError, match="The gradient is"):
        report.assert_correct()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_no_false_alarm_among_many_kinks(dtype):
    """A right ReLU network with many samples, a kink at every corner, is never accused."""
    for seed in range(4):
        theta = np.random.RandomState(seed).normal(size=SIZE)

        report = check_gradient(network("relu", n=1000, dtype=dtype), theta, SHAPES)

        assert report.ok, str(report)


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        (1.0, "right"),
        (1 + 1e-8, "right"),
        (1 + 1e-5, "suspicious"),
        (1 + 1e-3, "suspicious"),
        (1.1, "wrong"),
        (-1.0, "wrong"),
        (0.0, "wrong"),
        (np.nan, "wrong"),
        (np.inf, "wrong"),
    ],
)
def test_verdicts_follow_cs231n(given, verdict):
    """1e-7, 1e-4 and 1e-2 part right, suspicious and wrong where there are no kinks."""
    assert verdict == Entry((0,), given, 1.0, 1e-12, at_kink=False).judge(1e-7)


def test_kinks_make_the_judge_lenient():
    """Between 1e-7 and 1e-4 an entry is right when kinks were met."""
    assert Entry((0,), 1 + 1e-5, 1.0, 1e-12, at_kink=False).judge(1e-4) == "right"


def test_discrepancy_within_the_uncertainty_is_never_wrong():
    """An entry that the differences cannot tell from yours is too small to tell."""
    assert Entry((0,), 3e-12, 1e-12, 1e-11, at_kink=False).judge(1e-7) == "too small"


def test_discrepancy_beyond_the_uncertainty_is_wrong():
    """A coarse estimate accuses nevertheless when it is far from yours."""
    assert Entry((0,), 2.0, 1.0, 1e-3, at_kink=False).judge(1e-7) == "wrong"


# --- kinks and small numbers ------------------------------------------------------------------------------------


def test_entry_at_a_kink_is_set_aside():
    """|w| at 0 is set aside, whatever is given; the rest is checked."""
    report = check_gradient(lambda t: (np.abs(t).sum(), np.sign(t) + (t == 0) * 0.3), [1.0, 0.0, -2.0])

    assert report.ok
    assert [entry.index for entry in report.blocks[0].set_aside] == [(1,)]
    assert "checked 3 of 3 entries (1 set aside at a kink)" in report.verdict


def test_kink_near_theta_is_escaped():
    """A kink 1e-4 from theta is inside the first steps, not the last: the entry is checked."""
    assert check_gradient(l1, [1e-4, -1e-5, 1e-6]).blocks[0].right == 3


def test_wrong_gradient_near_a_kink_is_wrong():
    """A kink close by is no excuse for a wrong derivative."""
    report = check_gradient(lambda t: (np.abs(t).sum(), 2 * np.sign(t)), [1e-4, 1.0])

    assert len(report.blocks[0].wrong) == 2


def test_nothing_but_kinks_is_not_ok():
    """If every entry is at a kink nothing was checked, and the report says so and what to do."""
    report = check_gradient(l1, np.zeros(4))

    assert not report.ok
    assert report.verdict == (
        "Nothing could be checked: of 4 entries 4 set aside at a kink. "
        "Move theta away from the kink, a little random noise will do."
    )


def test_relu_at_zero_is_set_aside():
    """A bias that holds a ReLU at exactly 0 is set aside; the others are right."""

    def fun(theta):
        z = theta[:2] + theta[2]
        return np.maximum(z, 0).sum(), np.append(1.0 * (z > 0), (z > 0).sum())

    report = check_gradient(fun, [1.0, -0.5, 0.5])

    assert [entry.index for entry in report.blocks[0].set_aside] == [(1,), (2,)]
    assert report.blocks[0].right == 1


def test_curvature_may_jump():
    """A slope that bends but does not jump (Huber's loss at its joint) is no kink."""
    report = check_gradient(
        lambda t: (np.where(np.abs(t) < 1, t**2 / 2, np.abs(t) - 0.5).sum(), np.clip(t, -1, 1)),
        [1.0, -1.0, 0.3, 3.0],
    )

    assert report.blocks[0].right == 4


def test_edge_of_the_domain_is_approached_by_shorter_steps():
    """A step that leaves the domain of the loss is shortened, without a warning."""
    assert check_gradient(lambda t: (np.log(t).sum(), 1 / t), [1e-3, 1.0, 1e5]).blocks[0].right == 3


def test_derivative_below_the_noise_is_too_small_to_tell():
    """A derivative that drowns in the rounding of a large loss is neither right nor wrong."""
    report = check_gradient(lambda t: (1e8 + t[0] * 1e-9 + 1e8 * t[1], np.array([5e-9, 1e8])), [1.0, 1.0])

    assert report.ok
    assert [entry.index for entry in report.blocks[0].too_small] == [(0,)]


def test_nothing_but_small_numbers_is_not_ok():
    """If no entry rises above the noise, nothing was checked, and the report says why."""
    report = check_gradient(lambda t: (1e8 + t.sum() * 1e-9, np.full(t.size, 1e-9)), [1.0, 2.0])

    assert not report.ok
    assert report.verdict.startswith("Nothing could be checked: of 2 entries 2 too small to tell. Move theta")


def test_noise_hidden_inside_the_loss_is_measured():
    """Cancellation inside the loss makes differences coarse; a right gradient is not accused for it."""
    report = check_gradient(lambda t: (1e8 + np.sin(t).sum() - 1e8, np.cos(t)), start(8))

    assert not report.blocks[0].wrong + report.blocks[0].suspicious


def test_zero_gradient_that_is_zero_is_right():
    """An entry the loss does not depend on has derivative 0: right if you say 0, wrong otherwise."""
    right = check_gradient(lambda t: (t[0] ** 2, np.array([2 * t[0], 0.0])), [1.0, 5.0])
    wrong = check_gradient(lambda t: (t[0] ** 2, np.array([2 * t[0], 0.1])), [1.0, 5.0])

    assert right.blocks[0].right == 2
    assert [entry.index for entry in wrong.blocks[0].wrong] == [(1,)]


def test_block_of_zeros_is_remarked():
    """Zeros that are right agree, but the report says how little that means."""
    report = check_gradient(lambda t: (t[0] ** 2, t * [2, 0, 0]), [1.0, 2.0, 3.0], {"w": 1, "v": 2})

    assert report.ok
    assert report.notes == (
        "Every derivative of v is 0 here, which many a mistake survives. Check at another theta as well.",
    )


def test_block_without_a_verdict_is_remarked():
    """A block in which nothing could be judged is named, even if the rest is right."""
    report = check_gradient(l1, [1.0, 0.0, 0.0], {"w": (1,), "v": (2,)})

    assert report.ok
    assert report.notes == ("No entry of v could be judged, so nothing is known about it.",)


# --- float32 ------------------------------------------------------------------------------------------------------


def test_float32_is_told():
    """A float32 loss is checked with its own noise, and the report asks for float64."""
    report = check_gradient(network("tanh", dtype=np.float32), start(), SHAPES)

    assert report.ok
    assert report.notes[0] == (
        "The loss is float32: errors below 1 % go unseen. Compute in float64 for a sharper check."
    )


def test_float32_gradient_of_a_float64_loss_is_told():
    """A gradient in float32 is noticed, too."""
    report = check_gradient(lambda t: (quadratic(t)[0], quadratic(t)[1].astype(np.float32)), start(3))

    assert report.ok
    assert report.notes[0].startswith("The gradient is float32")


def hidden(fun):
    """The same in float64, as SciPy asks for it."""
    return lambda t: (float(fun(t)[0]), fun(t)[1].astype(np.float64))


def test_float32_that_is_handed_over_as_float64_is_told():
    """For a step that does not move it a loss looks as if it were flat: right gradients are not called wrong for it."""
    report = check_gradient(hidden(network("tanh", dtype=np.float32)), start(), SHAPES)

    assert report.ok, str(report)
    assert report.notes[0].startswith("The loss is computed in float32: errors below 1 % go unseen.")
    assert not check_gradient(hidden(network(dtype=np.float32, change=MISTAKES["factor 2"])), start(), SHAPES).ok


@pytest.mark.parametrize("fun", [lambda t: (3.0, 0 * t), lambda t: (np.abs(t[:1]).sum(), np.sign(t) * [1, 0])])
def test_round_numbers_are_no_float32(fun):
    """A loss that is constant, or 1 at 1, is as exact as float64."""
    report = check_gradient(fun, [1.0, -2.0])

    assert report.ok
    assert not any("float32" in note for note in report.notes)


@pytest.mark.parametrize("mistake", ["wrong sign", "factor 2", "bias divided by N"])
def test_float32_does_not_hide_gross_mistakes(mistake):
    """The mistakes that matter are found in float32."""
    assert not check_gradient(network("tanh", dtype=np.float32, change=MISTAKES[mistake]), start(), SHAPES).ok


# --- what fun may be --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wrap", [np.float64, lambda f: np.array([f]), lambda f: np.array([[f]]), float])
def test_loss_may_be_any_single_number(wrap):
    """A loss of shape (), (1,) or (1, 1) is one number."""
    assert check_gradient(lambda t: (wrap(quadratic(t)[0]), quadratic(t)[1]), start(3)).ok


@pytest.mark.parametrize("shape", [(-1, 1), (1, -1), (-1,)])
def test_gradient_may_be_a_column(shape):
    """A gradient of the right size is flattened."""
    assert check_gradient(lambda t: (quadratic(t)[0], quadratic(t)[1].reshape(shape)), start(3)).ok


def test_gradient_may_be_a_list():
    """A list of numbers is a gradient, and a list of two a pair."""
    assert check_gradient(lambda t: [quadratic(t)[0], quadratic(t)[1].tolist()], start(3)).ok


def test_jac_is_a_function_of_its_own():
    """With jac= fun returns the loss alone, as in SciPy."""
    assert check_gradient(lambda t: quadratic(t)[0], start(3), jac=lambda t: quadratic(t)[1]).ok
    assert not check_gradient(lambda t: quadratic(t)[0], start(3), jac=lambda t: 2 * quadratic(t)[1]).ok


@pytest.mark.parametrize(
    ("fun", "sentence"),
    [
        (lambda t: (1.0, np.ones(4)), r"must have the 3 entries of theta, got shape \(4,\)\."),
        (lambda t: (1.0, np.ones((3, 3))), r"must have the 3 entries of theta, got shape \(3, 3\)\."),
        (lambda t: (1.0, [np.ones(2), np.ones(1)]), "got list; concatenate its blocks into one flat array"),
        (lambda t: (1.0, None), "The gradient must be real numbers, got NoneType"),
        (lambda t: (1.0, 1j * t), "The gradient must be real numbers, got ndarray"),
        (lambda t: 1.0, r"must return the pair \(loss, gradient\), got float\. Pass jac="),
        (lambda t: None, r"must return the pair \(loss, gradient\), got NoneType"),
        (lambda t: (1.0, t, t), r"must return the pair \(loss, gradient\), got tuple"),
        (lambda t: (t, t), r"The loss must be one number, got shape \(3,\)\. Sum or average it\."),
        (lambda t: ("1", t), "The loss must be real numbers, got str"),
        (lambda t: (np.nan, t), "The loss at theta must be finite to be differentiated, got nan"),
        (lambda t: (-np.inf, t), "The loss at theta must be finite to be differentiated, got -inf"),
    ],
)
def test_unusable_fun_is_refused(fun, sentence):
    """What fun returns is checked, and the sentence says what is wrong with it."""
    with pytest.raises(InvalidValue, match=sentence):
        check_gradient(fun, np.ones(3))


def test_fun_and_jac_must_be_functions():
    """SciPy's jac=True is not a function here, nor is an array fun."""
    with pytest.raises(InvalidValue, match=r"jac must be a function of theta, got True\. Leave it out"):
        check_gradient(quadratic, np.ones(3), jac=True)
    with pytest.raises(InvalidValue, match="fun must be a function of theta, got float"):
        check_gradient(1.0, np.ones(3))


def test_random_fun_is_refused():
    """A function with dropout switched on has no gradient to check."""
    rng = np.random.RandomState(0)

    with pytest.raises(InvalidValue, match=r"gives two values at the same theta.*Switch dropout off"):
        check_gradient(lambda t: (t @ t * rng.uniform(), t), np.ones(3))


def test_random_gradient_is_refused():
    """A gradient that differs from call to call is refused as well."""
    rng = np.random.RandomState(0)

    with pytest.raises(InvalidValue, match="gives two gradients at the same theta"):
        check_gradient(lambda t: (t @ t, 2 * t * rng.uniform()), np.ones(3))


def test_fun_that_changes_theta_is_remarked():
    """fun gets copies: one that changes them is checked all the same, and told."""

    def fun(theta):
        theta *= 2
        return theta @ theta / 8, theta / 2

    theta = start(3)
    before = theta.copy()
    report = check_gradient(fun, theta)

    assert report.ok
    assert report.notes[0].startswith("fun changes theta in place.")
    np.testing.assert_array_equal(theta, before)


def test_fun_may_reuse_its_buffers():
    """Loss and gradient that live in one buffer, overwritten at each call, are read in time."""
    loss, gradient = np.zeros(()), np.zeros(3)

    def fun(theta):
        loss[...], gradient[...] = quadratic(theta)
        return loss, gradient

    assert check_gradient(fun, start(3)).ok
    assert check_gradient(lambda t: fun(t)[0], start(3), jac=lambda t: fun(t)[1]).ok


# --- what theta and names may be --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "theta",
    [
        [1, 2, 3],
        (1.0, 2.0, 3.0),
        np.array([1, 2, 3], dtype=np.int8),
        np.array([1, 2, 3], dtype=np.float32),
        np.arange(6.0)[::2] + 1,
        np.arange(3.0)[::-1],
    ],
)
def test_theta_of_any_real_kind_becomes_float64(theta):
    """Lists, integers, float32 and strided views are taken as float64."""
    seen = set()

    def fun(t):
        seen.add((t.dtype, t.shape, t.flags.c_contiguous))
        return quadratic(t)

    assert check_gradient(fun, theta).ok
    assert seen == {(np.dtype(np.float64), (3,), True)}


def test_theta_is_never_changed():
    """A read-only theta is fine, for nobody writes to it."""
    theta = start(3)
    theta.flags.writeable = False

    assert check_gradient(quadratic, theta).ok


@pytest.mark.parametrize(
    ("theta", "sentence"),
    [
        (np.ones((3, 1)), r"theta must be one flat array with something in it, got shape \(3, 1\)"),
        (1.0, r"theta must be one flat array with something in it, got shape \(\)"),
        (np.empty(0), r"theta must be one flat array with something in it, got shape \(0,\)"),
        ([1.0, np.nan, 2.0], r"theta must be finite, got theta\[1\] = nan"),
        ([1.0, 2.0, np.inf], r"theta must be finite, got theta\[2\] = inf"),
        (["a", "b"], "theta must be real numbers, got list"),
        ([1j], "theta must be real numbers, got list"),
        (None, "theta must be real numbers, got NoneType"),
        ([True, False], "theta must be real numbers, got list"),
        ([[1.0], [2.0, 3.0]], "theta must be real numbers, got list"),
    ],
)
def test_unusable_theta_is_refused(theta, sentence):
    """A theta that is not flat, numeric, finite and there is refused."""
    with pytest.raises(InvalidValue, match=sentence):
        check_gradient(quadratic, theta)


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        ({"W": (2, 2)}, "The shapes in names add up to 4 entries, but theta has 3"),
        ({}, "The shapes in names add up to 0 entries, but theta has 3"),
        ({"W": (-3,)}, "A length in the shape of block 'W' must be a whole number ≥ 0, got -3"),
        ({"W": (1.5, 2)}, "A length in the shape of block 'W' must be a whole number ≥ 0, got 1.5"),
        (["W"], "names must map block names to shapes, got list"),
    ],
)
def test_unusable_names_are_refused(names, sentence):
    """Names whose shapes do not tile theta are refused, with both totals."""
    with pytest.raises(InvalidValue, match=sentence):
        check_gradient(quadratic, np.ones(3), names)


def test_blocks_may_be_numbers_scalars_or_empty():
    """A shape is a tuple or a number; a scalar has shape () and an empty block no entries."""
    report = check_gradient(quadratic, start(3), {"a": 2, "none": (0, 5), "c": ()})

    assert report.ok
    assert [(block.shape, block.checked) for block in report.blocks] == [((2,), 2), ((0, 5), 0), ((), 1)]


# --- samples ------------------------------------------------------------------------------------------------------


def big(theta):
    return np.sin(theta).sum(), np.cos(theta)


def test_large_theta_is_sampled_from_every_block():
    """Small blocks are checked in full, the others share what is left, and the report says how many."""
    shapes = {"W1": (50, 20), "b1": (20,), "W2": (20, 10), "b2": (10,)}

    report = check_gradient(big, start(1230), shapes, max_entries=100, random_state=0)

    assert [block.checked for block in report.blocks] == [35, 20, 35, 10]
    assert report.verdict.startswith("The gradient is right: checked 100 of 1230 entries")


def test_sample_is_seeded():
    """The same random_state checks the same entries; another one, others."""

    def places(random_state):
        wrong = check_gradient(
            lambda t: (big(t)[0], 2 * big(t)[1]), start(500), max_entries=20, random_state=random_state
        )
        return [entry.index for entry in wrong.blocks[0].wrong]

    assert places(3) == places(3) == places(np.random.RandomState(3))
    assert places(3) != places(4)


def test_sampling_leaves_the_global_stream_alone():
    """NumPy's global generator is neither read nor moved."""
    before = np.random.get_state()[1].copy()

    check_gradient(big, start(500), max_entries=5)

    np.testing.assert_array_equal(np.random.get_state()[1], before)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"max_entries": 0}, "max_entries must be a whole number ≥ 1, got 0"),
        ({"max_entries": 1}, "max_entries must reach every one of the 2 blocks, got 1"),
        ({"random_state": -1}, "random_state must be None, a whole number from 0"),
        ({"random_state": "seed"}, "random_state must be None, a whole number from 0"),
        ({"random_state": 2**32}, "random_state must be None, a whole number from 0"),
    ],
)
def test_unusable_options_are_refused(options, sentence):
    """A sample size or a seed that cannot be used is refused."""
    with pytest.raises(InvalidValue, match=sentence):
        check_gradient(quadratic, np.ones(3), {"W": (2,), "b": (1,)}, **options)


# --- the report ---------------------------------------------------------------------------------------------------


def report_on(mistake):
    return check_gradient(network(change=MISTAKES[mistake]), start(), SHAPES)


@pytest.mark.parametrize(
    ("mistake", "clue"),
    [
        ("bias divided by N", "every wrong entry of b1 is 0.025 times what it should be"),
        ("wrong sign", "every wrong entry of b1 has the opposite sign"),
        ("factor 2", "every wrong entry of W1 is 2 times what it should be"),
        ("0.05 % off", "every suspicious entry of W2 is 1.0005 times what it should be"),
        ("bias forgotten", "every wrong entry of b2 is 0 and should not be"),
        ("transposed", "W1 is transposed: its rows are where its columns belong"),
    ],
)
def test_clue_names_what_the_wrong_entries_share(mistake, clue):
    """When one ratio or a transposition explains a block, a sentence says so."""
    report = report_on(mistake)

    assert [clue] == [block.clue for block in report.blocks if block.clue]
    assert clue in str(report)


def test_unrelated_errors_get_no_clue():
    """Wrong entries with ratios of their own share no clue."""

    def change(g):
        return g | {"W1": g["W1"] + np.random.RandomState(0).normal(size=(D, H))}

    report = check_gradient(network(change=change), start(), SHAPES)

    assert not report.ok
    assert report.blocks[0].clue == ""


def test_text_is_a_table_with_the_worst_entries():
    """The text opens with the verdict, then one line a block, then yours beside the differences."""
    lines = str(check_gradient(lambda t: (t @ t / 2, t * [1, 1, 2]), [1, 2, 3], {"w": 2, "b": 1})).splitlines()

    assert lines == [
        "The gradient is wrong in b: checked 3 of 3 entries, 1 disagrees.",
        "",
        "block  shape  checked  right  wrong  suspicious  set aside  too small  worst rel. error",
        lines[3],
        "b      (1,)    1 of 1      0      1           0          0          0           5.0e-01",
        "",
        "every wrong entry of b is 2 times what it should be",
        "  b[0]: yours 6, differences 3, ratio 2",
    ]
    assert lines[3].startswith("w      (2,)    2 of 2      2      0           0          0          0 ")


def test_text_lists_the_worst_five_only():
    """A wrong block prints five entries, worst first, and counts the rest."""
    text = str(report_on("transposed"))

    assert text.count("  W1[") == 5
    assert "… and 5 more in W1" in text


def test_text_places_an_entry_by_its_index():
    """An entry of a matrix is named by row and column."""
    assert "  W1[2, 2]: yours" in str(report_on("one entry"))


@pytest.mark.parametrize("mistake", MISTAKES)
def test_dict_is_json_without_nan(mistake):
    """to_dict is strict JSON: what is not finite becomes null."""
    report = report_on(mistake)

    stored = json.loads(json.dumps(report.to_dict(), allow_nan=False))

    assert stored["ok"] is False
    assert stored["verdict"] == report.verdict
    assert list(SHAPES) == [block["name"] for block in stored["blocks"]]
    if mistake == "nan":
        assert stored["blocks"][1]["wrong"][0]["given"] is None


def test_html_escapes_names():
    """The notebook's table escapes what a name may contain, and runs nothing."""
    report = check_gradient(lambda t: (t @ t, t), [1.0, 2.0], {"<script>x</script>": 1, "b & c": 1})

    page = report._repr_html_()

    assert "<script" not in page
    assert "&lt;script&gt;x&lt;/script&gt;" in page
    assert "<td>b &amp; c</td>" in page
    assert page.count("<tr>") == 3


def test_report_is_frozen():
    """Nobody edits a verdict."""
    report = check_gradient(quadratic, start(3))

    with pytest.raises(AttributeError):
        report.ok = False
    with pytest.raises(AttributeError):
        report.blocks[0].name = "b"


def test_few_evaluations_for_a_smooth_loss():
    """A smooth entry costs about eight values of the loss, so that a check stays quick."""
    calls = []

    def fun(theta):
        calls.append(1)
        return network("tanh")(theta)

    check_gradient(fun, start(), SHAPES)

    assert len(calls) < 12 * SIZE + 12
