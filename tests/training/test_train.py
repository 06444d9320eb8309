"""train and epochs: one loop, whose every number can be computed by hand."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

import chainrule as cr
from chainrule import Dense, InvalidValue, Network, Optimizer, adam, sgd
from chainrule.training.train import Options

N = 12


def data(n=N):
    rng = np.random.RandomState(7)
    X = rng.normal(size=(n, 2))
    return X, (X[:, :1] * X[:, 1:] > 0).astype(float)


def network(**options):
    return Network([Dense(3, "tanh"), Dense(1, "sigmoid")], n_features=2, loss="log_loss", **options)


X, T = data()
NET = network()
START = NET.initial_theta(1)
OPTIMIZERS = {
    "sgd": "sgd",
    "momentum": sgd(0.2, momentum=0.9),
    "nesterov": sgd(0.2, momentum=0.9, nesterov=True),
    "adam": adam(0.05),
}


def by_hand(rows=slice(None)):
    """Return (loss, gradient) of the 2-3-1 network above, written out with nothing of chainrule's."""

    def fun(theta):
        W1, b1, W2, b2 = theta[:6].reshape(2, 3), theta[6:9], theta[9:12].reshape(3, 1), theta[12:]
        x, t = X[rows], T[rows]
        A1 = np.tanh(x @ W1 + b1)
        Z2 = A1 @ W2 + b2
        loss = np.mean(np.logaddexp(0.0, Z2) - t * Z2)
        dZ2 = (1 / (1 + np.exp(-Z2)) - t) / len(x)
        dZ1 = dZ2 @ W2.T * (1 - A1**2)
        return loss, np.concatenate([(x.T @ dZ1).ravel(), dZ1.sum(axis=0), (A1.T @ dZ2).ravel(), dZ2.sum(axis=0)])

    return fun


def same_run(one, other):
    """Whether two runs agree in every bit."""
    return (
        np.array_equal(one.theta, other.theta)
        and one.history.keys() == other.history.keys()
        and all(np.array_equal(one.history[name], other.history[name]) for name in one.history)
        and (one.status, one.message, one.loss, one.epochs) == (other.status, other.message, other.loss, other.epochs)
    )


# --- the loop -----------------------------------------------------------------------------------------------------


def test_gradient_descent_is_the_five_lines_of_a_textbook():
    """Plain descent gives the theta and the losses of a loop written with NumPy alone."""
    fun, theta, losses = by_hand(), START, []
    for _ in range(40):
        loss, gradient = fun(theta)
        losses.append(loss)
        theta = theta - 0.5 * gradient

    run = cr.train(NET, X, T, START, learning_rate=0.5, max_epochs=40)

    np.testing.assert_allclose(losses, run.history["loss"], rtol=0, atol=1e-15)
    np.testing.assert_allclose(theta, run.theta, rtol=0, atol=2e-15)
    assert run.loss == pytest.approx(fun(theta)[0], abs=1e-15)
    assert (run.status, run.message, run.epochs) == ("max_epochs", "All 40 epochs were trained.", 40)


def test_gradient_descent_on_an_objective_is_the_same_to_the_bit():
    """A loop over net.objective, penalties and weights included, is what train does, bit for bit."""
    weights = np.arange(1.0, N + 1.0)
    fun, theta, objectives = NET.objective(X, T, l2=0.01, l1=0.002, sample_weight=weights), START, []
    for _ in range(25):
        objective, gradient = fun(theta)
        objectives.append(objective)
        theta = theta - 0.3 * gradient

    run = cr.train(NET, X, T, START, max_epochs=25, l2=0.01, l1=0.002, sample_weight=weights)

    np.testing.assert_array_equal(objectives, run.history["objective"])
    np.testing.assert_array_equal(theta, run.theta)


def test_history_is_measured_before_each_update():
    """history["loss"][i] is the data loss before update i, history["objective"] adds the penalty."""
    seen = []
    run = cr.train(NET, X, T, START, max_epochs=6, l2=0.1, l1=0.05, callback=lambda epoch: seen.append(epoch.theta))

    weights = [[W for W, _ in NET.views(theta)] for theta in seen]
    penalties = [sum(0.1 * (W**2).sum() + 0.05 * abs(W).sum() for W in layers) for layers in weights]
    losses = [NET.data_loss(theta, X, T) for theta in seen]

    np.testing.assert_array_equal(START, seen[0])
    assert losses == run.history["loss"].tolist()
    np.testing.assert_allclose(np.add(losses, penalties), run.history["objective"], rtol=1e-14)
    assert NET.data_loss(run.theta, X, T) == run.loss
    assert run.loss < run.history["loss"][-1]


def test_history_without_penalty_is_one_number_twice():
    """Without a penalty loss and objective are the same."""
    run = cr.train(NET, X, T, START, max_epochs=3)

    np.testing.assert_array_equal(run.history["loss"], run.history["objective"])
    assert list(run.history) == ["loss", "objective"]


@pytest.mark.parametrize("batch_size", [None, 5])
def test_validation_loss_is_recorded_each_epoch(batch_size):
    """With validation data the history holds their loss at the theta that each epoch shows."""
    thetas = []
    X_val, T_val = data(5)
    run = cr.train(
        NET,
        X,
        T,
        START,
        max_epochs=4,
        batch_size=batch_size,
        l2=0.1,
        validation=(X_val, T_val),
        callback=lambda epoch: thetas.append(epoch.theta),
        random_state=0,
    )

    assert [NET.data_loss(theta, X_val, T_val) for theta in thetas] == run.history["validation_loss"].tolist()


def nan_from(epoch):
    """Return a callback's way to make a run end non-finite: an optimizer whose theta is NaN after that many updates."""
    return Optimizer("breaks", lambda theta: 0, lambda grad, n, theta: (theta * (np.nan if n == epoch else 1), n + 1))


def interrupt_at(number):
    def callback(epoch):
        if epoch.number == number:
            raise KeyboardInterrupt

    return callback


@pytest.mark.parametrize("batch_size", [None, 4])
@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({}, "max_epochs"),
        ({"stop": cr.loss_below(0.69)}, "converged"),
        ({"stop": cr.loss_below(99)}, "converged"),
        ({"stop": cr.no_improvement(2, 1.0)}, "converged"),
        ({"callback": lambda epoch: epoch.number == 3}, "stopped"),
        ({"callback": interrupt_at(0)}, "stopped"),
        ({"callback": interrupt_at(3)}, "stopped"),
        ({"optimizer": nan_from(0)}, "non_finite"),
        ({"optimizer": nan_from(7)}, "non_finite"),
        ({"optimizer": nan_from(29)}, "non_finite"),
    ],
)
def test_history_is_as_long_as_the_run_in_every_ending(options, status, batch_size):
    """However a run ends, every history has one entry an epoch, and theta and loss belong together."""
    run = cr.train(NET, X, T, START, **{"max_epochs": 30, "batch_size": batch_size, "validation": (X, T), **options})

    assert status == run.status
    assert {run.epochs} == {len(values) for values in run.history.values()}
    assert NET.data_loss(run.theta, X, T) == run.loss
    assert all(np.isfinite(values).all() for values in (run.history["loss"], run.history["objective"]))


# --- train and epochs are one -------------------------------------------------------------------------------------


@pytest.mark.parametrize("batch_size", [None, 5])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_train_is_epochs_run_to_the_end(optimizer, batch_size):
    """cr.train and cr.epochs give the same run, in every bit."""
    options = {
        "optimizer": OPTIMIZERS[optimizer],
        "max_epochs": 15,
        "batch_size": batch_size,
        "l2": 0.01,
        "random_state": 3,
        "stop": cr.loss_below(0.3),
        "validation": (X, T),
    }
    training = cr.epochs(NET, X, T, **options)
    numbers = [epoch.number for epoch in training]

    assert list(range(15)) == numbers
    assert same_run(cr.train(NET, X, T, **options), training.run)


def test_epochs_can_be_left_and_resumed():
    """Left in the middle, a run is stopped; taken up again, it ends where it would have ended."""
    for batch_size in (None, 5):
        options = {"max_epochs": 9, "batch_size": batch_size, "optimizer": adam(0.1), "random_state": 3}
        training = cr.epochs(NET, X, T, **options)
        for epoch in training:
            if epoch.number == 4:
                break
        left = training.run
        rest = [epoch.number for epoch in training]

        assert (left.status, left.message) == ("stopped", "The run was not finished.")
        assert left.epochs == len(left.history["loss"]) == (4 if batch_size is None else 5)
        assert list(range(left.epochs, 9)) == rest
        assert same_run(cr.train(NET, X, T, **options), training.run)


def test_run_is_there_before_the_first_epoch():
    """A run that has not begun is a run of no epochs at its start."""
    run = cr.epochs(NET, X, T, START).run

    assert (run.epochs, len(run.history["loss"]), run.status) == (0, 0, "stopped")
    assert NET.data_loss(START, X, T) == run.loss


def test_a_run_without_a_limit_has_twenty_thousand_epochs():
    """Where no rule ends it earlier."""
    run = cr.train(NET, X, T, START, progress=False)

    assert (run.epochs, run.status) == (20_000, "max_epochs")


@pytest.mark.parametrize("batch_size", [None, 4])
def test_same_seed_same_bits(batch_size):
    """One random_state fixes start and order of samples; another gives another run."""
    run, again, other = (
        cr.train(NET, X, T, max_epochs=10, batch_size=batch_size, random_state=seed) for seed in (0, 0, 1)
    )

    assert same_run(run, again)
    assert not np.array_equal(run.theta, other.theta)


def test_seed_orders_the_samples_even_from_a_given_start():
    """With theta given, random_state still deals the batches."""
    run, again, other = (
        cr.train(NET, X, T, START, max_epochs=2, batch_size=4, random_state=seed) for seed in (0, 0, 1)
    )

    assert same_run(run, again)
    assert not np.array_equal(run.theta, other.theta)


def test_a_generator_is_used_as_it_is():
    """A NumPy generator of either kind will do, and goes on where it stands."""
    for make in (np.random.RandomState, np.random.default_rng):
        generator = make(5)
        first, second = (cr.train(NET, X, T, max_epochs=3, random_state=generator) for _ in range(2))

        assert same_run(first, cr.train(NET, X, T, max_epochs=3, random_state=make(5)))
        assert not same_run(first, second)


# --- mini-batches -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("batch_size", [1, 5, 6])
def test_mini_batches_are_slices_of_a_permutation(batch_size):
    """An epoch is one shuffle cut into slices, the last one shorter; its loss is their mean, sample by sample."""
    generator, theta, losses = np.random.RandomState(3), START, []
    for _ in range(3):
        order, loss = generator.permutation(N), 0.0
        for start in range(0, N, batch_size):
            rows = order[start : start + batch_size]
            batch_loss, gradient = by_hand(rows)(theta)
            loss += len(rows) / N * batch_loss
            theta = theta - 0.5 * gradient
        losses.append(loss)

    run = cr.train(NET, X, T, START, learning_rate=0.5, max_epochs=3, batch_size=batch_size, random_state=3)

    np.testing.assert_allclose(theta, run.theta, rtol=1e-13)
    np.testing.assert_allclose(losses, run.history["loss"], rtol=1e-13)


def test_mini_batch_history_is_the_weighted_mean():
    """With sample weights a batch counts in the epoch's loss and objective by the weight of its samples."""
    weights = np.random.RandomState(4).uniform(size=N)
    still = Optimizer("still", lambda theta: None, lambda grad, state, theta: (theta, state))

    run = cr.train(NET, X, T, START, optimizer=still, max_epochs=2, batch_size=5, sample_weight=weights, l2=0.1)

    assert run.history["loss"] == pytest.approx([NET.data_loss(START, X, T, weights)] * 2, rel=1e-14)
    assert run.history["objective"] == pytest.approx(
        [NET.objective(X, T, l2=0.1, sample_weight=weights)(START)[0]] * 2, rel=1e-14
    )


def test_weight_counts_inside_a_batch_only():
    """A batch's gradient is the weighted mean over its own samples, so that a batch of one is that sample's."""
    weights = np.arange(1.0, N + 1.0)

    weighted, plain = (
        cr.train(NET, X, T, START, max_epochs=2, batch_size=1, random_state=0, sample_weight=w) for w in (weights, None)
    )

    np.testing.assert_allclose(weighted.theta, plain.theta, rtol=1e-13)


def test_batches_without_weight_are_skipped():
    """A batch in which every sample weighs nothing makes no update and warns of nothing."""
    updates = []

    def update(grad, state, theta):
        updates.append(grad)
        return theta - grad, state

    weights = np.zeros(N)
    weights[[2, 7]] = 1.0
    run = cr.train(
        NET,
        X,
        T,
        START,
        optimizer=Optimizer("counts", lambda theta: None, update),
        max_epochs=3,
        batch_size=1,
        sample_weight=weights,
        random_state=0,
    )

    assert len(updates) == 6
    assert np.isfinite(updates).all()
    assert run.epochs == 3


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_batch_of_all_samples_is_the_full_batch(optimizer):
    """batch_size = n shuffles nothing: it is batch_size=None."""
    full, whole = (
        cr.train(NET, X, T, START, optimizer=OPTIMIZERS[optimizer], max_epochs=5, batch_size=size) for size in (None, N)
    )

    assert same_run(full, whole)


@pytest.mark.parametrize(
    ("batch_size", "sentence"),
    [
        (13, "batch_size must be at most the number of samples, 12, got 13. None takes them all."),
        (0, "batch_size must be a whole number ≥ 1, got 0."),
        (-4, "batch_size must be a whole number ≥ 1, got -4."),
        (2.0, "batch_size must be a whole number ≥ 1, got 2.0."),
        (True, "batch_size must be a whole number ≥ 1, got True."),
        ("auto", "batch_size must be a whole number ≥ 1, got 'auto'."),
    ],
)
def test_unusable_batch_size_is_refused(batch_size, sentence):
    """A batch size is a whole number from 1 to the number of samples."""
    with pytest.raises(InvalidValue) as refused:
        cr.train(NET, X, T, batch_size=batch_size)

    assert sentence == str(refused.value)


# --- sample weights -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_sample_weights_are_repeated_rows(optimizer):
    """On the full batch a sample of weight 3 is the same sample three times, one of weight 0 is not there."""
    weights = np.array([0, 1, 2, 3] * 3)
    options = {"optimizer": OPTIMIZERS[optimizer], "max_epochs": 20, "l2": 0.01}

    weighted = cr.train(NET, X, T, START, sample_weight=weights, **options)
    repeated = cr.train(NET, np.repeat(X, weights, axis=0), np.repeat(T, weights, axis=0), START, **options)

    np.testing.assert_allclose(weighted.theta, repeated.theta, rtol=1e-11, atol=1e-14)
    np.testing.assert_allclose(weighted.history["loss"], repeated.history["loss"], rtol=1e-12)


def test_scale_of_sample_weights_does_not_matter():
    """Weights are shares: doubling all of them changes nothing."""
    weights = np.arange(1.0, N + 1.0)
    one, other = (cr.train(NET, X, T, START, max_epochs=5, sample_weight=w) for w in (weights, 2.0 * weights))

    assert same_run(one, other)


@pytest.mark.parametrize(
    ("weights", "sentence"),
    [
        ([1.0], r"sample_weight must have shape \(12,\)"),
        (-np.ones(N), "sample_weight must be ≥ 0 everywhere and > 0 somewhere"),
        (np.zeros(N), "sample_weight must be ≥ 0 everywhere and > 0 somewhere"),
        (np.full(N, np.nan), "sample_weight holds nan"),
    ],
)
def test_unusable_sample_weights_are_refused(weights, sentence):
    """Weights are one a sample, finite, not negative, and not all zero."""
    with pytest.raises(InvalidValue, match=sentence):
        cr.train(NET, X, T, sample_weight=weights)


# --- what goes in stays as it was ---------------------------------------------------------------------------------


@pytest.mark.parametrize("batch_size", [None, 5])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_inputs_are_never_changed(optimizer, batch_size):
    """Read-only inputs train, and the theta one starts from stays as it was."""
    frozen = [array.copy() for array in (X, T, START, np.ones(N))]
    for array in frozen:
        array.flags.writeable = False
    x, t, theta, weights = frozen

    run = cr.train(
        NET,
        x,
        t,
        theta,
        optimizer=OPTIMIZERS[optimizer],
        max_epochs=3,
        batch_size=batch_size,
        l2=0.1,
        l1=0.1,
        sample_weight=weights,
        validation=(x, t),
    )

    np.testing.assert_array_equal(START, theta)
    assert not np.shares_memory(theta, run.theta)
    assert not np.array_equal(theta, run.theta)


def test_a_run_that_ends_at_its_start_returns_a_copy():
    """Even a run of no updates hands back a theta of its own."""
    run = cr.train(NET, X, T, START, stop=cr.loss_below(99))

    np.testing.assert_array_equal(START, run.theta)
    assert not np.shares_memory(START, run.theta)


@pytest.mark.parametrize("batch_size", [None, 5])
def test_global_random_state_is_untouched(batch_size):
    """Neither a seed nor None reads or moves NumPy's global stream."""
    before = np.random.get_state()[1].copy(), np.random.get_state()[2]

    for random_state in (0, None):
        cr.train(NET, X, T, max_epochs=2, batch_size=batch_size, random_state=random_state)

    np.testing.assert_array_equal(before[0], np.random.get_state()[1])
    assert before[1] == np.random.get_state()[2]


@pytest.mark.parametrize("theta", [[0] * 13, tuple([0] * 13), np.zeros(13, dtype=int), np.zeros(26)[::2]])
def test_theta_may_be_any_numbers(theta):
    """A list, integers or a strided view start a run in float64."""
    run = cr.train(NET, X, T, theta, max_epochs=2)

    np.testing.assert_array_equal(cr.train(NET, X, T, np.zeros(13), max_epochs=2).theta, run.theta)
    assert np.float64 == run.theta.dtype


@pytest.mark.parametrize("batch_size", [None, 5])
@pytest.mark.parametrize("optimizer", [*OPTIMIZERS.values(), adam(np.float64(0.05), beta1=np.float64(0.9))])
def test_float32_theta_trains_in_float32(optimizer, batch_size):
    """A float32 start keeps everything in float32, whatever the data and the parameters of the optimizer are."""
    seen = []

    run = cr.train(
        NET,
        X,
        T,
        START.astype(np.float32),
        optimizer=optimizer,
        max_epochs=5,
        batch_size=batch_size,
        l2=np.float64(0.01),
        callback=lambda epoch: seen.append(epoch.theta.dtype),
        random_state=0,
    )
    exact = cr.train(
        NET, X, T, START, optimizer=optimizer, max_epochs=5, batch_size=batch_size, l2=0.01, random_state=0
    )

    assert {np.dtype(np.float32)} == {*seen, run.theta.dtype}
    np.testing.assert_allclose(exact.theta, run.theta, atol=1e-4)
    assert not np.array_equal(exact.theta, run.theta)


def test_float32_data_train_in_the_dtype_of_theta():
    """It is theta that decides: float32 data with a drawn theta train in float64."""
    assert np.float64 == cr.train(NET, X.astype(np.float32), T.astype(np.float32), max_epochs=1).theta.dtype


@pytest.mark.parametrize("outputs", [T[:, 0], T[:, 0].astype(int), T[:, 0] > 0, T.tolist()])
def test_targets_may_be_flat_for_one_output(outputs):
    """T of shape (n,), of integers or of truth values, is T of shape (n, 1)."""
    assert same_run(cr.train(NET, X, T, START, max_epochs=3), cr.train(NET, X, outputs, START, max_epochs=3))


# --- what is refused ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"max_epochs": 0}, "max_epochs must be a whole number ≥ 1, got 0."),
        ({"max_epochs": 2.5}, "max_epochs must be a whole number ≥ 1, got 2.5."),
        ({"learning_rate": 0}, "learning_rate must be a number > 0, got 0."),
        ({"learning_rate": np.inf}, "learning_rate must be a number > 0, got inf."),
        ({"l2": -1}, "l2 must be a number ≥ 0, got -1."),
        ({"l1": np.nan}, "l1 must be a number ≥ 0, got nan."),
        (
            {"optimizer": "adm"},
            "Unknown optimizer 'adm'. Did you mean 'adam'? The choices are: sgd, adam, adamw, rmsprop, adagrad.",
        ),
        (
            {"optimizer": sgd(0.1), "learning_rate": 0.1},
            "Cannot use learning_rate=0.1 with an optimizer of your own: its rate is a part of it.",
        ),
        ({"theta": np.zeros(3)}, "theta must have shape (13,) for this network, got (3,)."),
        ({"theta": np.full(13, np.nan)}, "theta holds NaN or infinity: training needs a finite start."),
        ({"theta": np.full(13, -np.inf)}, "theta holds NaN or infinity: training needs a finite start."),
        ({"validation": X}, "validation must be a pair (X_val, T_val)."),
        ({"validation": (X,)}, "validation must be a pair (X_val, T_val)."),
        ({"validation": 0.1}, "Cannot use validation=0.1 with arrays: a share is held out of a stream. "),
        ({"validation": (X, T[:3])}, "X has 12 rows and T has 3: each sample needs one target."),
        ({"validation": (X[:, :1], T)}, "X has 1 columns, the network expects 2."),
        ({"validation": (X, T + 1)}, "The loss 'log_loss' needs targets between 0 and 1, got 2. "),
        ({"random_state": -1}, "random_state must be None, a whole number from 0 to 2**32 - 1, or a NumPy generator"),
    ],
)
def test_unusable_arguments_are_refused_before_the_first_epoch(options, sentence):
    """What cannot be used is refused at once, by train and by epochs in the same sentence."""
    for begin in (cr.train, cr.epochs):
        with pytest.raises(InvalidValue) as refused:
            begin(NET, X, T, **options)

        assert str(refused.value).startswith(sentence)


def test_unusable_data_are_refused():
    """X and T are held against the network before anything is computed."""
    with pytest.raises(InvalidValue, match="X has 1 columns, the network expects 2"):
        cr.train(NET, X[:, :1], T)
    with pytest.raises(InvalidValue, match="X holds nan at row 0, column 0"):
        cr.train(NET, X * np.nan, T)
    with pytest.raises(InvalidValue, match="X and T have no rows"):
        cr.train(NET, X[:0], T[:0])
    with pytest.raises(InvalidValue, match="needs targets between 0 and 1, got -1"):
        cr.train(NET, X, 2 * T - 1)


def test_own_loss_must_give_one_value_a_sample():
    """A loss that returns its mean is told so before it can spoil a run."""
    mean = cr.Loss("mean", lambda Y, T: ((Y - T) ** 2).mean(), lambda Y, T: 2 * (Y - T))

    with pytest.raises(InvalidValue, match=r"must give an array of shape \(12,\), got \(\)"):
        cr.train(Network([Dense(1)], n_features=2, loss=mean), X, T)


def test_run_and_epoch_are_frozen():
    """Nobody edits what a run says."""
    run = cr.train(NET, X, T, max_epochs=1)

    with pytest.raises(AttributeError):
        run.status = "converged"
    with pytest.raises(AttributeError):
        next(iter(cr.epochs(NET, X, T, max_epochs=1))).loss = 0.0


def test_train_and_epochs_have_one_signature():
    """help(train) shows every argument of epochs with its default, and types know the same names."""
    of_epochs = inspect.signature(cr.epochs).parameters
    of_train = inspect.signature(cr.train).parameters

    assert list(of_train) == [*of_epochs, "progress"]
    assert [one.default for one in of_epochs.values()] == [of_train[name].default for name in of_epochs]
    assert [name for name, one in of_epochs.items() if one.kind is one.KEYWORD_ONLY] == list(Options.__annotations__)


def test_a_function_given_as_stop_is_refused():
    """stop takes rules alone; the sentence says where a function belongs, and what a callback must be."""
    with pytest.raises(InvalidValue, match=r"A function of an epoch is a callback: callback=…"):
        cr.train(NET, X, T, stop=print)
    with pytest.raises(InvalidValue, match=r"callback must be a function of an epoch, or a list of them, got 3\."):
        cr.minimize(NET, X, T, callback=3)
