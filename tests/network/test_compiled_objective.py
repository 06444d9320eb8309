"""One pass of the compiled engine: loss, gradient and outputs are the textbook's to rounding.

Two engines may stand on two sides of a kink (relu at 0, hinge at margin 1) only where a number is within rounding of
it: :func:`smooth_case` draws until none is.
"""

from __future__ import annotations

import dataclasses
import gc
import pickle
from functools import cache

import numpy as np
import pytest
from tests.network.cases import OWN_ACTIVATION, OWN_LOSS, is_admissible, make_case, random_case

from chainrule import Dense, InvalidValue, Network, huber, quantile
from chainrule.kernels import codes, library
from chainrule.maths.activations import ACTIVATIONS
from chainrule.maths.fused import FUSED
from chainrule.maths.losses import LOSSES
from chainrule.network.compiled_objective import CompiledObjective, predict
from chainrule.network.encoding import encode, multiplications_of_a_row, not_built_in
from chainrule.network.objective import Evaluation

BENT = ("relu", "leaky_relu", "elu", "selu")  # activations with another slope on either side of 0
KINK = {"perceptron": 0.0, "hinge": 1.0, "squared_hinge": 1.0}  # of Y T
ROUNDING = {np.float64: 1e-12, np.float32: 1e-5}
DTYPES = pytest.mark.parametrize("dtype", [np.float64, np.float32])

OUTPUTS = [
    (loss, activation)
    for loss in (*LOSSES.values(), huber(0.3), quantile(0.9))
    for activation in ACTIVATIONS.values()
    if is_admissible(activation, loss, 3)
]
RANDOM = [seed for seed in range(80) if not_built_in(random_case(seed).net) is None]


def assert_close(expected, actual, rtol):
    """Check numbers that should differ by rounding alone, on the scale of the largest of them."""
    assert np.asarray(expected).dtype == np.asarray(actual).dtype
    assert np.shape(expected) == np.shape(actual)
    scale = np.abs(expected).max()
    np.testing.assert_allclose(actual, expected, rtol=0, atol=rtol * scale)


def assert_same_pass(objective, theta, rtol):
    """Check loss, objective, gradient and outputs of the compiled engine against the textbook's."""
    compiled = CompiledObjective.of(objective)
    expected, actual = objective.evaluate(theta), compiled.evaluate(theta)
    assert expected.is_finite
    assert_close(expected.loss, actual.loss, rtol)
    assert_close(expected.objective, actual.objective, rtol)
    assert_close(expected.gradient, actual.gradient, rtol)
    assert_close(objective.loss(theta), compiled.loss(theta), rtol)
    assert_close(expected.Y, compiled.outputs(theta), rtol)


def nearest_kink(case):
    """How near the numbers of a pass come to a kink of an activation or the loss."""
    trace, near = case.trace, [np.inf]
    for layer, Z in zip(case.net.layers, trace.Z, strict=True):
        if layer.activation.name in BENT:
            near.append(np.abs(Z).min())
    name = case.net.loss.name
    if name in KINK:
        near.append(np.abs(trace.Y * case.T - KINK[name]).min())
    if name.startswith(("absolute_error", "quantile")):
        near.append(np.abs(trace.Y - case.T).min())
    return min(near)


@cache
def smooth_case(net, n_samples=15, *, weighted=True, penalties=("l2", "l1")):
    """Draw a case with no number near a kink; weights of the l1 penalty stay from 0 as it is."""
    cases = (
        make_case(net, n_samples, np.random.RandomState(s), weighted=weighted, penalties=penalties) for s in range(99)
    )
    return next(case for case in cases if nearest_kink(case) > 1e-3)


def two_hidden(activation, bias):
    """Two hidden layers of an activation before a line."""
    hidden = [Dense(5, activation, bias), Dense(4, activation, bias)]
    return Network([*hidden, Dense(2, "identity", bias)], n_features=3)


# --- the table ------------------------------------------------------------------------------------------------------


@DTYPES
@pytest.mark.parametrize("bias", [True, False], ids=["bias", "none"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_passes_as_in_the_textbook(activation, bias, dtype):
    """Hidden layers of every activation, with biases and without, have the textbook's loss, gradient and outputs."""
    case = smooth_case(two_hidden(activation, bias))
    assert_same_pass(case.objective.astype(dtype), case.theta.astype(dtype), ROUNDING[dtype])


@pytest.mark.parametrize("loss", dict.fromkeys(loss for loss, _ in OUTPUTS), ids=lambda loss: loss.name)
def test_every_loss_passes_on_every_output_that_it_admits(loss):
    """Every pair of loss and output, fused or not, has the textbook's loss, gradient and outputs in either dtype."""
    for output in (output for one, output in OUTPUTS if one is loss):
        net = Network([Dense(4, "tanh"), Dense(3, output)], n_features=2, loss=loss)
        case = smooth_case(net)
        for dtype, rounding in ROUNDING.items():
            assert_same_pass(case.objective.astype(dtype), case.theta.astype(dtype), rounding)


@DTYPES
@pytest.mark.parametrize(("output", "loss"), FUSED, ids=[loss.name for _, loss in FUSED])
def test_fused_is_the_long_way(output, loss, dtype):
    """The kernels that are not fused give the same loss and gradient where both can be had."""
    net = Network([Dense(4, "tanh"), Dense(3, output)], n_features=2, loss=loss)
    case = smooth_case(net)
    theta, objective = case.theta.astype(dtype), CompiledObjective.of(case.objective.astype(dtype))
    apart, job = CompiledObjective.of(objective), objective.job()
    assert job.net.fused
    long_way = job.net._replace(fused=False, loss=library.address("any_loss", np.dtype(dtype)))
    vars(apart)["_job"] = dataclasses.replace(job, net=long_way)

    expected, actual = objective.evaluate(theta), apart.evaluate(theta)

    assert_close(expected.loss, actual.loss, ROUNDING[dtype])
    assert_close(expected.gradient, actual.gradient, 3 * ROUNDING[dtype])


@pytest.mark.parametrize("penalties", [(), ("l2",), ("l1",), ("l2", "l1")], ids=["none", "l2", "l1", "both"])
@pytest.mark.parametrize("weighted", [True, False], ids=["weights", "equal"])
@DTYPES
def test_penalties_and_weights_pass_as_in_the_textbook(penalties, weighted, dtype):
    """Each penalty, none and both, on samples with weights and without, is the textbook's."""
    net = Network([Dense(5, "sigmoid"), Dense(3, "softmax", bias=False)], n_features=3, loss="cross_entropy")
    case = smooth_case(net, weighted=weighted, penalties=penalties)
    assert_same_pass(case.objective.astype(dtype), case.theta.astype(dtype), ROUNDING[dtype])


@pytest.mark.parametrize("seed", RANDOM)
def test_random_networks_pass_as_in_the_textbook(seed):
    """Architectures of one to five layers, drawn with all that belongs to them, have the textbook's pass."""
    case = random_case(seed)
    if nearest_kink(case) < 1e-9:
        pytest.skip("a number is within rounding of a kink")
    assert_same_pass(case.objective, case.theta, 2e-12)


def test_samples_of_no_weight_say_nothing():
    """Zero weights leave samples out, at either end and in the middle."""
    case = smooth_case(two_hidden("tanh", True), weighted=False)
    weight = np.ones(15)
    weight[[0, 4, 14]] = 0.0
    some = weight > 0
    whole = CompiledObjective.of(case.net.objective(case.X, case.T, sample_weight=weight)).evaluate(case.theta)
    part = CompiledObjective.of(case.net.objective(case.X[some], case.T[some])).evaluate(case.theta)
    assert_close(part.loss, whole.loss, 1e-13)
    assert_close(part.gradient, whole.gradient, 1e-13)


# --- where numbers are large or small -------------------------------------------------------------------------------


@DTYPES
@pytest.mark.parametrize("scale", [1e3, 1e-6])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_saturated_and_tiny_units_pass_as_in_the_textbook(activation, scale, dtype):
    """Inputs a thousand times too large or a million times too small give the textbook's numbers, inf for inf."""
    case = smooth_case(two_hidden(activation, False), penalties=())
    objective = case.net.objective(case.X * scale, case.T).astype(dtype)
    theta = case.theta.astype(dtype)
    expected, actual = objective.evaluate(theta), CompiledObjective.of(objective).evaluate(theta)
    assert expected.is_finite == actual.is_finite == (activation != "exp" or scale < 1)
    if expected.is_finite:
        rtol = ROUNDING[dtype] * max(1.0, scale / 10)  # a pre-activation of 1000 is known to so many places less
        assert_close(expected.loss, actual.loss, rtol)
        assert_close(expected.gradient, actual.gradient, rtol)


ENDS = (
    0.0,
    1e-320,
    1e-300,
    1e-45,
    1e-38,
    1e-20,
    1e-10,
    1e-4,
    0.1,
    1.0,
    5.0,
    15.0,
    19.0,
    37.0,
    86.0,
    103.0,
    500.0,
    700.0,
    1e4,
    1e30,
)


@DTYPES
@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("activation", [name for name in ACTIVATIONS if name != "softmax"])
def test_each_activation_is_right_at_every_magnitude(activation, sign, dtype):
    """f(z) is the textbook's to a few ulp of itself for z from denormal numbers to 1e30, not just of the largest."""
    with np.errstate(under="ignore"):
        z = sign * np.array(ENDS).astype(dtype)
    net, theta = Network([Dense(1, activation, bias=False)], n_features=1), np.ones(1, dtype)
    expected, actual = net.predict(theta, z[:, None], engine="textbook"), predict(net, theta, z[:, None])
    atol = (1e-30 if activation == "gelu" else 4 * np.finfo(dtype).tiny) * np.maximum(1.0, np.abs(z))[:, None]
    with np.errstate(over="ignore", invalid="ignore"):
        right = np.abs(actual - expected) <= 60 * np.finfo(dtype).eps * np.abs(expected) + atol
    assert (right | (actual == expected)).all(), (z, actual, expected)


@DTYPES
@pytest.mark.parametrize("activation", [name for name in ACTIVATIONS if name != "softmax"])
def test_each_slope_is_right_at_every_magnitude(activation, dtype):
    """f′(z) is the textbook's for z from −1e4 to 1e4: found as the gradient of a line behind one unit."""
    z = np.concatenate([np.linspace(-30, 30, 61) + 0.01, [-1e4, -700.0, -100.0, -1e-6, 1e-6, 80.0]]).astype(dtype)
    if activation != "exp":
        z = np.append(z, dtype(1e4))
    for one in z:
        net = Network([Dense(1, activation), Dense(1, bias=False)], n_features=1, loss="absolute_error")
        objective = net.objective(np.array([[one]]), np.array([[-1e38]])).astype(dtype)
        theta = np.array([1.0, 0.0, 1.0], dtype)
        expected, actual = (
            objective.evaluate(theta).gradient[1],
            CompiledObjective.of(objective).evaluate(theta).gradient[1],
        )
        np.testing.assert_allclose(
            actual, expected, rtol=100 * np.finfo(dtype).eps, atol=4 * np.finfo(dtype).eps, err_msg=one
        )


@DTYPES
def test_an_exponential_is_finite_as_far_as_numpys(dtype):
    """e^z is finite up to the logarithm of the largest number and infinite beyond it, as in the textbook."""
    top = np.log(np.finfo(dtype).max)
    z = (top + dtype([-2.0, -0.5, -0.3, -0.2, -0.1, -0.01, 0.01, 1.0])).astype(dtype)
    net, theta = Network([Dense(1, "exp", bias=False)], n_features=1), np.ones(1, dtype)
    expected, actual = net.predict(theta, z[:, None], engine="textbook"), predict(net, theta, z[:, None])
    np.testing.assert_allclose(actual, expected, rtol=1e-4)


@DTYPES
@pytest.mark.parametrize("far", [30.0, 1e3, 1e5])
def test_confident_outputs_have_a_finite_loss(far, dtype):
    """Logits far from 0 cost what they are wrong by, in every fused loss whose logarithm would overflow."""
    for output, loss, T in [
        ("sigmoid", "log_loss", [[1.0], [0.0]]),
        ("softmax", "cross_entropy", [[1.0, 0.0], [0.0, 1.0]]),
    ]:
        width = len(T[0])
        net = Network([Dense(width, output, bias=False)], n_features=width, loss=loss)
        X = far * (np.array([[-1.0], [1.0]]) if width == 1 else np.array([[-0.5, 0.5], [0.5, -0.5]]))
        objective, theta = net.objective(X, T).astype(dtype), np.eye(width, dtype=dtype).ravel()
        measured = CompiledObjective.of(objective).evaluate(theta)
        assert measured.loss == pytest.approx(far, rel=1e-6)
        assert_close(objective.evaluate(theta).gradient, measured.gradient, ROUNDING[dtype])


@DTYPES
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_theta_that_is_not_finite_has_no_finite_pass(activation, bad, dtype):
    """NaN and infinity in the first weights come through every activation as something that is not finite."""
    case = smooth_case(two_hidden(activation, True))
    theta = case.theta.astype(dtype)
    theta[0] = bad
    objective = case.objective.astype(dtype)
    expected, actual = objective.evaluate(theta), CompiledObjective.of(objective).evaluate(theta)
    finite = lambda measured: measured.is_finite and np.isfinite(theta).all()  # noqa: E731
    assert not finite(expected)
    assert not finite(actual)
    assert np.isfinite(expected.loss) == np.isfinite(actual.loss)


# --- slices ---------------------------------------------------------------------------------------------------------


@DTYPES
@pytest.mark.parametrize("n_samples", [1, 2, 1023, 1024, 1025, 2049, 5000])
def test_slices_of_rows_add_up_to_the_whole(n_samples, dtype):
    """More rows than a slice has, by one or many, give the textbook's gradient."""
    net = Network([Dense(6, "tanh"), Dense(5, "sigmoid", bias=False), Dense(3, "softmax")], 4, "cross_entropy")
    case = make_case(net, n_samples, np.random.RandomState(0), penalties=("l2", "l1"))
    rtol = ROUNDING[dtype] * (10 if dtype == np.float32 else 1)
    assert_same_pass(case.objective.astype(dtype), case.theta.astype(dtype), rtol)


@pytest.mark.parametrize("width", [300, 3000])
def test_wide_networks_are_walked_in_short_slices(width):
    """Widths at which a slice has a few dozen rows, or the fewest it may have, give the textbook's gradient."""
    net = Network([Dense(width, "tanh"), Dense(2)], n_features=20)
    case = make_case(net, 200, np.random.RandomState(0))
    assert_same_pass(case.objective, case.theta, 1e-12)


# --- what is handed in ----------------------------------------------------------------------------------------------


def read_only(array):
    """Return a copy that cannot be written to."""
    array = array.copy()
    array.flags.writeable = False
    return array


def strided(array):
    """Return the same numbers with gaps between them."""
    wide = np.zeros((2 * len(array), 3 * array.shape[1]), array.dtype)
    wide[::2, ::3] = array
    return wide[::2, ::3]


def unaligned(array):
    """Return the same numbers at an address that no float has."""
    raw = np.zeros(array.nbytes + 1, np.uint8)
    view = raw[1:].view(array.dtype).reshape(array.shape)
    view[:] = array
    return view


LAYOUTS = {
    "read-only": read_only,
    "Fortran": np.asfortranarray,
    "strided": strided,
    "backwards": lambda array: array[::-1].copy()[::-1],
    "unaligned": unaligned,
    "big-endian": lambda array: array.astype(">f8"),
    "list": lambda array: array.tolist(),
    "matrix of columns": lambda array: np.ascontiguousarray(array.T).T,
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_any_layout_gives_the_same_bits(layout):
    """However X and T lie in memory, loss and gradient are those of C-contiguous ones, and neither is changed."""
    case = smooth_case(two_hidden("tanh", True))
    expected = CompiledObjective.of(case.net.objective(case.X, case.T)).evaluate(case.theta)
    X, T = layout(case.X), layout(case.T)
    actual = CompiledObjective.of(case.net.objective(X, T)).evaluate(case.theta)
    assert expected.loss == actual.loss
    np.testing.assert_array_equal(expected.gradient, actual.gradient)
    np.testing.assert_array_equal(case.X, X)
    np.testing.assert_array_equal(case.T, T)
    np.testing.assert_array_equal(
        predict(case.net, case.theta, case.X), predict(case.net, case.theta, np.asarray(X, float))
    )


def test_read_only_samples_are_not_copied():
    """A read-only X is used where it lies."""
    case = smooth_case(two_hidden("tanh", True))
    objective = CompiledObjective.of(case.net.objective(read_only(case.X), read_only(case.T)))
    objective.evaluate(read_only(case.theta))
    assert np.shares_memory(objective.X, objective.job().samples.X)


def test_a_theta_with_gaps_and_whole_numbers_will_do():
    """theta may be a view with gaps, read-only, float32 or of whole numbers; it stays as it is."""
    case = smooth_case(two_hidden("tanh", True))
    fun = CompiledObjective.of(case.objective)
    value, gradient = fun(case.theta)
    gaps = np.zeros(2 * case.theta.size)
    gaps[::2] = case.theta
    for theta in (gaps[::2], read_only(case.theta), case.theta.tolist()):
        again = fun(theta)
        assert value == again[0]
        np.testing.assert_array_equal(gradient, again[1])
    assert fun(case.theta.astype(np.float32))[1].dtype == np.float32
    assert_close(gradient, fun(case.theta.astype(np.float32))[1].astype(float), 1e-5)
    whole = np.arange(case.theta.size) % 3 - 1
    assert_close(case.objective(whole)[1], fun(whole)[1], 1e-12)


def test_each_gradient_is_an_array_of_its_own():
    """An optimiser may keep a gradient: the next evaluation writes into another."""
    case = smooth_case(two_hidden("tanh", True))
    fun = CompiledObjective.of(case.objective)
    first = fun(case.theta)[1]
    kept = first.copy()
    fun(2 * case.theta)
    np.testing.assert_array_equal(kept, first)


def test_the_same_pass_gives_the_same_bits():
    """Loss, gradient and outputs are the same in every bit when they are computed again."""
    case = make_case(two_hidden("gelu", True), 3000, np.random.RandomState(0))
    one, other = (CompiledObjective.of(case.objective) for _ in range(2))
    a, b = one.evaluate(case.theta), other.evaluate(case.theta)
    assert (a.loss, a.objective) == (b.loss, b.objective)
    np.testing.assert_array_equal(a.gradient, b.gradient)
    np.testing.assert_array_equal(one.outputs(case.theta), other.outputs(case.theta))


def test_masks_are_left_to_the_textbook():
    """An evaluation under given masks is the textbook's own."""
    net = Network([Dense(4, "tanh", dropout=0.5), Dense(1)], n_features=2)
    case = make_case(net, 5, np.random.RandomState(0))
    masks = (None, np.tile([0.0, 2.0, 0.0, 2.0], (5, 1)))
    one, other = (fun.evaluate(case.theta, masks) for fun in (case.objective, CompiledObjective.of(case.objective)))
    assert isinstance(other, Evaluation)
    np.testing.assert_array_equal(one.gradient, other.gradient)


# --- predictions ----------------------------------------------------------------------------------------------------


@DTYPES
@pytest.mark.parametrize("n_samples", [1, 7, 3000])
def test_outputs_are_the_textbooks(n_samples, dtype):
    """One row, a few and more than a slice are predicted as in the textbook; dropout leaves nothing out."""
    net = Network(
        [Dense(6, "relu", dropout=0.5), Dense(5, "mish"), Dense(3, "softmax")], 4, "cross_entropy", input_dropout=0.2
    )
    X, theta = np.random.RandomState(0).normal(size=(n_samples, 4)).astype(dtype), net.initial_theta(0, dtype=dtype)
    assert_close(net.predict(theta, X, engine="textbook"), predict(net, theta, X), ROUNDING[dtype])


def test_no_rows_have_no_outputs():
    """Nothing in, nothing out."""
    net = Network([Dense(3)], n_features=2)
    for name in ("textbook", "compiled"):
        assert net.predict(net.initial_theta(0), np.zeros((0, 2)), engine=name).shape == (0, 3)


def test_a_network_predicts_by_either_engine():
    """The engine asked for by name computes, and what it cannot do is refused in a sentence."""
    case = smooth_case(two_hidden("tanh", True))
    compiled = case.net.predict(case.theta, case.X, engine="compiled")
    np.testing.assert_array_equal(predict(case.net, case.theta, case.X), compiled)
    assert_close(case.net.predict(case.theta, case.X, engine="textbook"), compiled, 1e-12)
    assert_close(case.net.predict(case.theta, np.asfortranarray(case.X), engine="compiled"), compiled, 0.0)
    with pytest.raises(InvalidValue, match="Unknown engine 'nonsense'"):
        case.net.predict(case.theta, case.X, engine="nonsense")
    own = Network([Dense(4, OWN_ACTIVATION), Dense(1)], n_features=2)
    with pytest.raises(InvalidValue, match="Cannot use engine='compiled' with the activation 'own sine'"):
        own.predict(own.initial_theta(0), np.ones((3, 2)), engine="compiled")


# --- what the engine knows ------------------------------------------------------------------------------------------


def test_the_engine_has_a_code_for_every_activation():
    """A new activation needs a kernel: this fails on the day it is added to the registry alone."""
    assert set(ACTIVATIONS) == set(codes.ACTIVATIONS)


def test_the_engine_has_a_code_for_every_loss():
    """A new loss needs a kernel: this fails on the day it is added to the registry alone."""
    assert set(LOSSES) == set(codes.LOSSES)


def test_the_constants_of_kernels_are_the_textbooks():
    """Slopes and scales that are written twice are the same number."""
    from chainrule.maths import activations

    for name in ("LEAK", "SELU_SCALE", "SELU_ALPHA"):
        assert getattr(activations, name) == getattr(codes, name)


@pytest.mark.parametrize(
    ("layers", "loss", "what"),
    [
        ([Dense(3, OWN_ACTIVATION), Dense(1)], "half_squared_error", "the activation 'own sine'"),
        ([Dense(3), Dense(1)], OWN_LOSS, "the loss 'own log cosh'"),
    ],
)
def test_parts_of_ones_own_are_named(layers, loss, what):
    """What the engine does not know it says by name."""
    assert what == not_built_in(Network(layers, n_features=2, loss=loss))


def test_a_changed_built_in_is_ones_own():
    """An activation that took a built-in's name with another function is not mistaken for it; so for losses."""
    replace = dataclasses.replace
    activation = replace(ACTIVATIONS["relu"], backward=lambda dA, Z, A: dA)
    loss = replace(LOSSES["huber"], value=lambda Y, T: Y[:, 0])
    wrong_slope = replace(huber(2.0), gradient=huber(3.0).gradient)
    assert not_built_in(Network([Dense(1, activation)], 2)) == "the activation 'relu'"
    assert not_built_in(Network([Dense(1)], 2, loss)) == "the loss 'huber'"
    assert not_built_in(Network([Dense(1)], 2, wrong_slope)) == "the loss 'huber(2.0)'"
    assert not_built_in(Network([Dense(1)], 2, huber(2.0))) is None


def test_what_a_network_is_to_the_engine_is_kept_but_never_saved():
    """A network that was used pickles and compares as one that was not: addresses are another's in another process."""
    net, fresh = (Network([Dense(3, "tanh"), Dense(1)], n_features=2) for _ in range(2))
    before = pickle.dumps(net)
    float64, float32 = np.dtype(np.float64), np.dtype(np.float32)
    encoded = encode(net, float64, dropping=False)
    assert encoded is encode(net, float64, dropping=False)
    assert encoded is not encode(net, float32, dropping=False)
    assert net == fresh
    assert hash(net) == hash(fresh)
    assert repr(net) == repr(fresh)
    assert before == pickle.dumps(net)


def test_multiplications_are_those_of_the_largest_product():
    """Rows times the entries of the largest W."""
    net = Network([Dense(7), Dense(3)], n_features=5)
    assert 10 * multiplications_of_a_row(encode(net, np.dtype(np.float64), dropping=False)) == 350


def test_networks_that_are_gone_leave_nothing_behind():
    """What is kept of a network goes with it, and the next one at its address is encoded for itself."""
    from chainrule.network.encoding import _kept

    X, before = np.ones((1, 2)), len(_kept)
    for width in range(1, 40):
        net = Network([Dense(width, "tanh"), Dense(1)], n_features=2)
        theta = net.initial_theta(width)
        np.testing.assert_allclose(predict(net, theta, X), net.predict(theta, X, engine="textbook"), rtol=1e-12)
    del net
    gc.collect()
    assert len(_kept) <= before
