"""Numbers that are not finite end a run with a status, and never reach the parameters it returns."""

from __future__ import annotations

import numpy as np
import pytest

import chainrule as cr
from chainrule import Activation, Dense, InvalidValue, Loss, Network, Optimizer, adam, sgd

RNG = np.random.RandomState(0)
X = RNG.normal(size=(20, 2))
T = X @ [[1.0], [-2.0]] + 0.5
LINE = Network([Dense(1)], n_features=2)
HILLS = Network([Dense(5, "relu"), Dense(5, "relu"), Dense(1)], n_features=2)

BATCHES = pytest.mark.parametrize("batch_size", [None, 6])
DTYPES = pytest.mark.parametrize("dtype", [np.float32, np.float64])


def assert_rescued(run, net, epoch=None, x=X, t=T):
    """Check that a run ended non-finite, says where, and returns finite parameters with a finite loss."""
    epoch = run.epochs if epoch is None else epoch
    assert run.status == "non_finite"
    assert (
        f"Loss or gradient became NaN or infinite in epoch {epoch}; theta is the last at which they were finite. "
        "Try a smaller learning rate, or scale the inputs."
    ) == run.message
    assert np.isfinite(run.theta).all()
    assert np.isfinite(run.loss)
    with np.errstate(over="ignore", invalid="ignore"):  # a relu may have made 0 of -inf
        rounding = 1e-5 if run.theta.dtype == np.float32 else 1e-12  # near float32's end squares overflow, or do not
        assert net.data_loss(run.theta.astype(np.float64), x, t) == pytest.approx(run.loss, rel=rounding)
    assert {"loss", "objective"} <= set(run.history)
    assert all(np.isfinite(values).all() for values in run.history.values())
    assert {run.epochs} == {len(values) for values in run.history.values()}


def limited(limit):
    """Half the squared error where outputs are below a limit, NaN above it."""

    def guard(Y, values):
        return np.where(np.abs(Y).max(axis=1, keepdims=True) > limit, np.nan, values)

    return Loss("limited", lambda Y, T: guard(Y, 0.5 * (Y - T) ** 2).sum(axis=1), lambda Y, T: guard(Y, Y - T))


@BATCHES
@DTYPES
@pytest.mark.parametrize("net", [LINE, HILLS], ids=["line", "hills"])
@pytest.mark.parametrize(
    "optimizer", [sgd(5.0), sgd(1e6), sgd(1e300), sgd(10.0, momentum=0.9), sgd(10.0, momentum=0.9, nesterov=True)]
)
def test_divergence_ends_with_finite_parameters(optimizer, net, dtype, batch_size):
    """A learning rate far too large on an unbounded loss ends without a warning and with a theta one can use."""
    start = net.initial_theta(0, dtype=dtype)

    run = cr.train(net, X, T, start, optimizer=optimizer, batch_size=batch_size, random_state=0)

    if run.status == "non_finite":
        assert_rescued(run, net)
        assert dtype == run.theta.dtype
    else:  # every relu has died: nothing moves any more
        assert net is HILLS
        assert np.isfinite(run.loss)


def test_history_of_a_divergence_rises():
    """The epochs before the break are all there, each larger than the one before."""
    run = cr.train(LINE, X, T, learning_rate=5.0, random_state=0)

    assert run.epochs > 50
    assert (np.diff(run.history["loss"]) > 0).all()
    assert run.history["loss"][-1] == run.loss > 1e100


@BATCHES
@DTYPES
def test_adam_with_an_enormous_gradient_warns_of_nothing(dtype, batch_size):
    """Squares of gradients may overflow: the run ends, finite and silent."""
    scale = 1e25 if dtype == np.float32 else 1e160

    run = cr.train(
        LINE,
        X,
        T,
        np.full(3, scale**0.7, dtype),
        optimizer=adam(scale),
        batch_size=batch_size,
        max_epochs=5,
        random_state=0,
    )

    assert np.isfinite(run.theta).all()
    assert np.isfinite(run.loss)


@BATCHES
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("epoch", [0, 1, 3, 19])
def test_epoch_of_the_break_is_named(epoch, bad, batch_size):
    """The epoch named is the one whose numbers broke, be it the first, or the parameters after the last."""
    updates_an_epoch = 1 if batch_size is None else 4
    last = updates_an_epoch * epoch + updates_an_epoch - 1  # the last update of an epoch
    breaks = Optimizer("breaks", lambda theta: 0, lambda g, n, theta: (theta * (bad if n == last else 0.99), n + 1))

    run = cr.train(LINE, X, T, [1, 2, 3], optimizer=breaks, batch_size=batch_size, max_epochs=20)

    assert_rescued(run, LINE, epoch + 1 if batch_size is None else epoch)
    np.testing.assert_allclose(np.array([1, 2, 3]) * 0.99**last, run.theta, rtol=1e-12)


@BATCHES
def test_own_loss_that_breaks_ends_the_run(batch_size):
    """A loss of one's own that answers NaN beyond some output ends the run where it first did."""
    net = Network([Dense(1)], n_features=2, loss=limited(4.0))
    x = np.abs(X)
    drift = Optimizer("drift", lambda theta: None, lambda grad, state, theta: (theta + 0.1, state))

    run = cr.train(net, x, T, np.zeros(3), optimizer=drift, batch_size=batch_size, random_state=0)

    assert_rescued(run, net, x=x)
    if batch_size is None:
        assert np.abs(net.predict(run.theta, x)).max() <= 4.0 < np.abs(net.predict(run.theta + 0.1, x)).max()


def test_own_loss_that_breaks_in_epoch_three():
    """Epochs 0, 1 and 2 are in the history, and epoch 3 is named."""
    net = Network([Dense(1)], n_features=2, loss=limited(2.5))
    step = Optimizer("step", lambda theta: None, lambda grad, state, theta: (theta + 1.0, state))

    run = cr.train(net, [[0.0, 0.0]], [0.0], np.zeros(3), optimizer=step)

    assert_rescued(run, net, 3, [[0.0, 0.0]], [0.0])
    assert run.history["loss"].tolist() == [0.0, 0.5, 2.0]
    assert run.theta.tolist() == [2.0, 2.0, 2.0]


@BATCHES
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_start_that_is_not_finite_is_returned_with_its_loss(bad, batch_size):
    """Where already the first loss is not finite there are no other parameters: status and message say so."""
    hopeless = Loss("hopeless", lambda Y, T: bad * np.ones(len(Y)), lambda Y, T: Y - T)
    net = Network([Dense(1)], n_features=2, loss=hopeless)

    run = cr.train(net, X, T, [1, 2, 3], batch_size=batch_size)

    assert (run.status, run.epochs) == ("non_finite", 0)
    assert "in epoch 0;" in run.message
    assert run.theta.tolist() == [1, 2, 3]
    assert not np.isfinite(run.loss)


@BATCHES
def test_gradient_that_is_not_finite_ends_the_run(batch_size):
    """A finite loss with a NaN gradient goes no further."""
    bent = Loss("bent", lambda Y, T: (Y - T)[:, 0] ** 2, lambda Y, T: Y * np.nan)
    net = Network([Dense(1)], n_features=2, loss=bent)

    run = cr.train(net, X, T, [1, 2, 3], batch_size=batch_size)

    assert_rescued(run, net, 0)


@BATCHES
def test_infinite_weight_behind_a_saturated_unit_is_noticed(batch_size):
    """An infinite bias of a tanh unit leaves loss and gradient finite; it is no finite theta all the same."""
    net = Network([Dense(1, "tanh"), Dense(1)], n_features=2)
    step = np.array([0, 0, np.inf, 0, 0])
    infinite = Optimizer("infinite", lambda theta: None, lambda grad, state, theta: (theta + step, state))

    run = cr.train(net, X, T, np.zeros(5), optimizer=infinite, batch_size=batch_size, max_epochs=3)

    assert run.status == "non_finite"
    assert np.isfinite(run.theta).all()


def test_parameters_that_suit_one_batch_alone_are_not_returned():
    """The last theta that was finite on its batch may not be so on the other samples: then the start is returned."""
    x, t = np.array([[1.0], [1e150]]), np.zeros(2)
    net = Network([Dense(1, bias=False)], n_features=1)
    grow = Optimizer("grow", lambda theta: None, lambda grad, state, theta: (theta * 1e10, state))
    for seed in range(4):
        run = cr.train(net, x, t, [1.0], optimizer=grow, batch_size=1, random_state=seed)

        assert run.status == "non_finite"
        assert np.isfinite(run.loss)
        assert np.isfinite(net.data_loss(run.theta, x, t))


@pytest.mark.parametrize(
    "watching",
    [
        {"stop": cr.accuracy_reached()},
        {"stop": cr.loss_below(-1)},
        {"stop": cr.no_improvement(100)},
        {"stop": cr.no_improvement(100, of="validation_loss")},
        {"callback": lambda epoch: epoch.accuracy > 2},
    ],
    ids=["accuracy", "loss", "no improvement", "validation", "callback"],
)
@BATCHES
@DTYPES
def test_rules_may_look_at_a_diverging_run(watching, dtype, batch_size):
    """No rule warns, whatever the epoch before the break holds."""
    labels = (T > 0).astype(float)
    for rate in (3.0, 1e4, 1e30):
        run = cr.train(
            LINE,
            X,
            labels,
            np.ones(3, dtype),
            learning_rate=rate,
            batch_size=batch_size,
            **watching,
            validation=(X * 100, labels),
            max_epochs=300,
            random_state=0,
        )

        assert run.status in ("non_finite", "converged")
        assert np.isfinite(run.theta).all()
        assert np.isfinite(run.loss)


@BATCHES
def test_overflow_inside_an_activation_is_silent(batch_size):
    """exp as an output overflows sooner than anything: it ends the run, too."""
    net = Network([Dense(1, "exp")], n_features=2)

    run = cr.train(net, X, np.exp(T), np.zeros(3), learning_rate=100.0, batch_size=batch_size, random_state=0)

    assert run.status in ("non_finite", "max_epochs")
    assert np.isfinite(run.theta).all()
    assert np.isfinite(run.loss)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("learn", [cr.train, cr.epochs, cr.minimize])
def test_start_with_nan_is_refused(learn, bad):
    """NaN in the start is a mistake of its own and no divergence."""
    with pytest.raises(InvalidValue, match="theta holds NaN or infinity: training needs a finite start"):
        learn(LINE, X, T, [1.0, bad, 0.0])


def test_bounded_loss_with_a_large_rate_just_goes_on():
    """A sigmoid's log loss stays finite at any rate: the run has its epochs."""
    net = Network([Dense(4, "tanh"), Dense(1, "sigmoid")], n_features=2, loss="log_loss")

    run = cr.train(net, X, (T > 0).astype(float), learning_rate=1e3, max_epochs=200, random_state=0)

    assert (run.status, run.epochs) == ("max_epochs", 200)
    assert np.isfinite(run.loss)


@BATCHES
def test_penalty_that_overflows_ends_the_run(batch_size):
    """A learning rate too large for l2 alone blows the weights up, until their squares are no numbers any more."""
    net = Network([Dense(1, "sigmoid")], n_features=2, loss="log_loss")

    run = cr.train(net, X, (T > 0).astype(float), l2=10.0, learning_rate=1.0, batch_size=batch_size, random_state=0)

    assert_rescued(run, net, t=(T > 0).astype(float))


def test_own_activation_with_a_pole_ends_the_run():
    """An activation of one's own that leaves the real numbers is treated like any other."""
    root = Activation("root", np.sqrt, lambda dA, Z, A: dA / (2 * A))
    net = Network([Dense(1, root)], n_features=1)

    run = cr.train(net, [[1.0]], [-1.0], [2.0, 0.0], learning_rate=1.0)

    assert_rescued(run, net, x=[[1.0]], t=[-1.0])
