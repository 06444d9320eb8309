"""Forward and backward: what a trace and its gradients hold, from whatever arrays, without touching them."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from tests.network.cases import admissible_outputs, make_case, targets_for

from chainrule import Dense, Network
from chainrule.maths.losses import LOSSES

EVERY_LOSS = pytest.mark.parametrize("loss", LOSSES)


def three_layers(loss="half_squared_error"):
    output = admissible_outputs(LOSSES[loss], 2)[0]
    return Network([Dense(4, "tanh"), Dense(3, "softplus", bias=False), Dense(2, output)], n_features=3, loss=loss)


def case(loss="half_squared_error", seed=0):
    return make_case(three_layers(loss), 5, np.random.RandomState(seed))


def layouts(array):
    """Return the same numbers in other memory: Fortran order, strided, reversed, and nested lists."""
    doubled = np.repeat(np.repeat(array, 2, axis=0), 3, axis=1)
    reversed_copy = array[::-1, ::-1].copy()
    return np.asfortranarray(array), doubled[::2, ::3], reversed_copy[::-1, ::-1], array.tolist()


# --- what they hold -------------------------------------------------------------------------------------------------


def test_trace_holds_every_Z_and_A():
    """With L layers there are L pre-activations and L + 1 activations, from X to Y, Z = A W + b and A = f(Z)."""
    trace, net = case().trace, case().net

    assert (len(trace.Z), len(trace.A)) == (3, 4)
    assert trace.Y is trace.A[-1]
    for l, (W, b) in enumerate(net.views(case().theta)):  # noqa: E741  # l is the layer in every text
        np.testing.assert_array_equal(trace.A[l] @ W + (0 if b is None else b), trace.Z[l])
        np.testing.assert_array_equal(net.layers[l].activation.forward(trace.Z[l]), trace.A[l + 1])


def test_trace_begins_with_X_itself():
    """A[0] is X, not a copy of it, when X needs no conversion."""
    X = case().X

    assert X is case().net.forward(case().theta, X).A[0]


@EVERY_LOSS
def test_gradients_have_the_shapes_of_their_things(loss):
    """dZ, dA, dW and db have the shapes of Z, A, W and b; db is None without bias."""
    now = case(loss)
    grads, weights = now.gradients, now.net.views(now.theta)

    assert [Z.shape for Z in now.trace.Z] == [dZ.shape for dZ in grads.dZ]
    assert [A.shape for A in now.trace.A] == [dA.shape for dA in grads.dA]
    assert [W.shape for W, _ in weights] == [dW.shape for dW in grads.dW]
    assert [None if db is None else db.shape for db in grads.db] == [(4,), None, (2,)]


def test_dW_and_db_are_views_of_the_flat_gradient():
    """The flat gradient is laid out as theta, and dW and db are looks into it."""
    grads, net = case().gradients, case().net

    for (W, b), dW, db in zip(net.views(grads.theta), grads.dW, grads.db, strict=True):
        assert np.shares_memory(W, dW)
        assert W.tolist() == dW.tolist()
        assert (b is None and db is None) or b.tolist() == db.tolist()


@EVERY_LOSS
def test_first_dA_is_the_derivative_by_X(loss):
    """dA[0] is ∂loss/∂X, by central differences on X."""
    now, h = case(loss), 1e-6
    dX = np.empty_like(now.X)
    for place in np.ndindex(dX.shape):
        step = np.zeros_like(dX)
        step[place] = h
        above, below = (now.net.data_loss(now.theta, now.X + s, now.T, now.sample_weight) for s in (step, -step))
        dX[place] = (above - below) / (2 * h)

    np.testing.assert_allclose(now.gradients.dA[0], dX, rtol=1e-6, atol=1e-9)


@EVERY_LOSS
def test_last_dA_is_the_derivative_by_Y(loss):
    """dA[-1] is ∂loss/∂Y by central differences on Y, in fused networks too, whose dZ does without it."""
    now, h = case(loss), 1e-7
    Y = now.trace.Y

    columns = [
        now.shares * (now.net.loss.value(Y + h * unit, now.T) - now.net.loss.value(Y - h * unit, now.T)) / (2 * h)
        for unit in np.eye(2)
    ]

    np.testing.assert_allclose(now.gradients.dA[-1], np.column_stack(columns), rtol=1e-6, atol=1e-9)


@EVERY_LOSS
def test_backward_and_objective_agree(loss):
    """The gradient of backward is that of the objective without a penalty, and so is the loss."""
    now = case(loss)
    value, gradient = now.objective(now.theta)

    assert value == now.net.data_loss(now.theta, now.X, now.T, now.sample_weight)
    assert gradient.tolist() == now.gradients.theta.tolist()


def test_predict_is_the_last_activation():
    """predict returns Y, of shape (n_samples, n_outputs)."""
    now = case()

    assert now.trace.Y.tolist() == now.net.predict(now.theta, now.X).tolist()
    assert now.net.predict(now.theta, now.X).shape == (5, 2)


def test_trace_and_gradients_are_frozen():
    """Nobody puts another array into a trace or a gradient."""
    for thing, name in ((case().trace, "Z"), (case().gradients, "theta")):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(thing, name, None)


def test_softmax_of_one_hidden_unit_passes_nothing_back():
    """A hidden softmax of one unit is always 1, so that everything before it has the derivative 0, exactly."""
    net = Network([Dense(4, "tanh"), Dense(1, "softmax"), Dense(2)], n_features=3)
    grads = make_case(net, 5, np.random.RandomState(0)).gradients

    assert not any(array.any() for array in (grads.dW[0], grads.db[0], grads.dW[1], grads.db[1], grads.dA[0]))
    assert grads.dW[2].any()


# --- what they are given --------------------------------------------------------------------------------------------


@EVERY_LOSS
def test_nothing_given_is_changed(loss):
    """Read-only X, T, theta and sample weights will do everywhere, so nobody writes to them."""
    now = make_case(three_layers(loss), 5, np.random.RandomState(0), penalties=("l1", "l2"))
    for array in (now.X, now.T, now.theta, now.sample_weight):
        array.flags.writeable = False

    grads = now.gradients
    value, gradient = now.objective(now.theta)

    assert np.isfinite(value)
    assert grads.theta.shape == gradient.shape
    assert not np.shares_memory(gradient, now.theta)


def test_backward_leaves_the_trace_alone():
    """The numbers of the forward pass are the same after a backward pass, for every activation in between."""
    net = Network([Dense(3, name) for name in ("identity", "relu", "exp", "softmax", "sigmoid", "identity")], 3)
    now = make_case(net, 4, np.random.RandomState(0))
    trace = now.trace
    before = [array.copy() for array in (*trace.Z, *trace.A)]
    for array in (*trace.Z, *trace.A):
        array.flags.writeable = False

    net.backward(now.theta, trace, now.T)

    assert [array.tolist() for array in before] == [array.tolist() for array in (*trace.Z, *trace.A)]


def test_each_call_gives_a_fresh_gradient():
    """Optimisers keep old gradients, so a second call does not overwrite the first."""
    now = case()
    _, first = now.objective(now.theta)
    kept = first.copy()

    now.objective(2 * now.theta)

    assert kept.tolist() == first.tolist()


def test_layout_of_the_arrays_makes_no_difference():
    """X and T in Fortran order, strided, reversed or as lists give the numbers of contiguous ones."""
    now = case()
    value, gradient = now.objective(now.theta)

    for X, T in zip(layouts(now.X), layouts(now.T), strict=True):
        again, slopes = now.net.objective(X, T, sample_weight=now.sample_weight)(now.theta)
        assert again == pytest.approx(value, rel=1e-14)
        np.testing.assert_allclose(slopes, gradient, rtol=1e-12, atol=1e-15)


def test_theta_may_be_strided_or_a_list():
    """A theta that is a column of a matrix, or a list, is as good as a flat array."""
    now = case()
    column = np.column_stack([now.theta, now.theta])[:, 1]
    value, gradient = now.objective(now.theta)

    for theta in (column, now.theta.tolist()):
        again, slopes = now.objective(theta)
        assert again == pytest.approx(value, rel=1e-14)
        np.testing.assert_allclose(slopes, gradient, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("dtype", [np.int64, np.int8, np.uint16, bool, np.float16, np.longdouble])
def test_numbers_of_any_kind_become_float64(dtype):
    """Integers, booleans and odd floats are taken as float64, as X, T, theta and weights."""
    net = Network([Dense(2, "tanh"), Dense(1)], n_features=2)
    X, T, theta = np.eye(2), np.ones(2), np.ones(net.n_parameters)

    expected, slopes = net.objective(X, T)(theta)
    value, gradient = net.objective(X.astype(dtype), T.astype(dtype), sample_weight=T.astype(dtype))(
        theta.astype(dtype)
    )

    assert np.float64 == gradient.dtype
    assert expected == value
    assert slopes.tolist() == gradient.tolist()


@EVERY_LOSS
def test_float32_stays_float32(loss):
    """A float32 theta is computed with in float32, whatever X is, and lands close to float64."""
    now = case(loss)
    theta = now.theta.astype(np.float32)
    trace = now.net.forward(theta, now.X)
    grads = now.net.backward(theta, trace, now.T, now.sample_weight)
    _, gradient = now.objective(theta)

    assert {np.dtype(np.float32)} == {
        array.dtype
        for array in (*trace.Z, *trace.A, *grads.dZ, *grads.dA, *grads.dW, grads.db[0], grads.theta, gradient)
    }
    assert now.objective(theta)[0] == pytest.approx(now.objective(now.theta)[0], rel=1e-5)
    np.testing.assert_allclose(gradient, now.objective(now.theta)[1], rtol=1e-3, atol=1e-5)
    np.testing.assert_allclose(trace.Y, now.trace.Y, rtol=1e-4, atol=1e-6)


def test_theta_decides_the_dtype():
    """float32 data under a float64 theta are computed with in float64."""
    now = case()
    objective = now.net.objective(now.X.astype(np.float32), now.T.astype(np.float32))

    value, gradient = objective(now.theta)

    assert np.float64 == gradient.dtype
    assert np.float64 == now.net.predict(now.theta, now.X.astype(np.float32)).dtype
    assert objective(now.theta.astype(np.float32))[1].dtype == np.float32
    assert value == pytest.approx(objective(now.theta.astype(np.float32))[0], rel=1e-5)


def test_no_samples_have_no_outputs():
    """X with 0 rows goes forward to a Y with 0 rows, softmax included."""
    for net in (three_layers(), three_layers("cross_entropy")):
        trace = net.forward(net.initial_theta(0), np.empty((0, 3)))

        assert [Z.shape for Z in trace.Z] == [(0, 4), (0, 3), (0, 2)]


@EVERY_LOSS
def test_one_sample_is_a_mean_of_one(loss):
    """The loss of two samples is the mean of the losses of each alone, and so is the gradient."""
    net, rng = three_layers(loss), np.random.RandomState(0)
    X, T, theta = rng.normal(size=(2, 3)), targets_for(LOSSES[loss], 2, 2, rng), net.initial_theta(0)

    (first, dfirst), (second, dsecond) = (net.objective(X[[i]], T[[i]])(theta) for i in (0, 1))
    both, dboth = net.objective(X, T)(theta)

    assert both == pytest.approx((first + second) / 2, rel=1e-14)
    np.testing.assert_allclose(dboth, (dfirst + dsecond) / 2, rtol=1e-12, atol=1e-15)


def test_single_output_takes_flat_targets():
    """For one output T may be (n_samples,) or (n_samples, 1)."""
    net = Network([Dense(1, "sigmoid")], 2, "log_loss")
    X, T, theta = np.eye(2), np.array([0, 1]), np.ones(3)

    flat, column = net.objective(X, T)(theta), net.objective(X, T[:, np.newaxis])(theta)

    assert column[0] == flat[0]
    assert column[1].tolist() == flat[1].tolist()


@given(X=hnp.arrays(np.float64, st.tuples(st.integers(1, 6), st.just(3)), elements=st.floats(-1e3, 1e3)))
def test_a_sample_knows_nothing_of_the_others(X):
    """Each row of Y depends on its own row of X alone: to rounding, in whatever company it comes."""
    net = three_layers("cross_entropy")
    theta = net.initial_theta(0)

    together = net.predict(theta, X)

    for row, y in zip(X, together, strict=True):
        np.testing.assert_allclose(net.predict(theta, row[np.newaxis])[0], y, rtol=1e-9, atol=1e-12)
