"""Stopping: a run ends for the reason that was asked for, says which, and what it returns fulfils it."""

from __future__ import annotations

import numpy as np
import pytest

import chainrule as cr
from chainrule import Activation, Dense, InvalidValue, Loss, Network, Optimizer, accuracy_reached, loss_below
from chainrule import no_improvement as stalled

X, T = cr.datasets.xor_easy()
NET = Network([Dense(4, "tanh"), Dense(1, "sigmoid")], n_features=2, loss="log_loss")
START = NET.initial_theta(0)
FAST = {"learning_rate": 1.0, "max_epochs": 2000, "random_state": 0}


def blobs(n_classes):
    """Two or three clouds that do not touch, labels from 0."""
    return cr.datasets.blobs(30, centers=[[-3, 0], [3, 0], [0, 4]][:n_classes], std=0.4, random_state=0)


# --- loss_below ---------------------------------------------------------------------------------------------------


def test_loss_below_returns_a_theta_below():
    """The run is converged, and the loss at its theta is below the threshold for the first time."""
    run = cr.train(NET, X, T, START, stop=loss_below(0.1), **FAST)

    assert run.status == "converged"
    assert f"The loss {run.loss:.6g} is below 0.1." == run.message
    assert run.loss < 0.1 <= run.history["loss"].min()


def test_loss_below_looks_at_the_data_loss():
    """A penalty is not part of what has to fall."""
    run = cr.train(NET, X, T, START, l2=1e-3, stop=loss_below(0.3), **FAST)

    assert run.status == "converged"
    assert run.loss < 0.3 < run.history["objective"][-1]


def test_loss_below_sees_the_parameters_after_the_last_update():
    """A loss that falls below in the very last update is noticed, although no epoch shows it."""
    needed = cr.train(NET, X, T, START, stop=loss_below(0.1), **FAST).epochs

    just_enough = cr.train(NET, X, T, START, stop=loss_below(0.1), **{**FAST, "max_epochs": needed})
    one_less = cr.train(NET, X, T, START, stop=loss_below(0.1), **{**FAST, "max_epochs": needed - 1})

    assert ("converged", needed) == (just_enough.status, just_enough.epochs)
    assert ("max_epochs", needed - 1) == (one_less.status, one_less.epochs)


def test_loss_below_at_the_start_makes_no_update():
    """A start that is good enough is returned as it is."""
    run = cr.train(NET, X, T, START, stop=loss_below(10), **FAST)

    assert (run.status, run.epochs) == ("converged", 0)
    np.testing.assert_array_equal(START, run.theta)


def test_loss_below_with_mini_batches_is_the_mean_of_the_epoch():
    """With mini-batches the epoch's mean loss is below, and its entry is the last of the history."""
    run = cr.train(NET, X, T, START, batch_size=5, stop=loss_below(0.1), **{**FAST, "learning_rate": 0.3})

    assert run.status == "converged"
    assert run.history["loss"][-1] < 0.1 <= run.history["loss"][:-1].min()


# --- accuracy_reached ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("batch_size", [None, 1, 7])
@pytest.mark.parametrize(
    ("output", "loss", "n_classes"),
    [
        (Dense(3, "softmax"), "cross_entropy", 3),
        (Dense(2, "softmax"), "cross_entropy", 2),
        (Dense(1, "sigmoid"), "log_loss", 2),
        (Dense(1, "tanh"), "half_squared_error", 2),
        (Dense(1, "identity"), "perceptron", 2),
        (Dense(1, "identity"), "half_squared_error", 2),
    ],
    ids=lambda value: value.activation.name if isinstance(value, Dense) else str(value),
)
def test_accuracy_reached_returns_a_theta_that_reads_all_right(output, loss, n_classes, batch_size):
    """Whatever the coding of the classes, the run ends converged, and its theta has the accuracy asked for."""
    points, labels = blobs(n_classes)
    targets = labels[:, np.newaxis].astype(float)
    if loss == "cross_entropy":
        targets = np.eye(n_classes)[labels]
    elif output.activation.name == "tanh" or loss == "perceptron":
        targets = 2 * targets - 1
    net = Network([output], n_features=2, loss=loss)
    start = np.full(net.n_parameters, 0.01) * (-1) ** np.arange(net.n_parameters)

    run = cr.train(
        net, points, targets, start, learning_rate=0.05, stop=accuracy_reached(), batch_size=batch_size, random_state=0
    )

    Y = net.predict(run.theta, points)
    right = (Y.argmax(axis=1) == labels) if Y.shape[1] > 1 else ((targets.min() + 1) / 2 < Y) == (targets == 1)
    assert (run.status, run.message) == ("converged", "The accuracy is 1; 1 was asked for.")
    assert right.all()
    assert cr.accuracy(net, run.theta, points, targets) == 1.0


@pytest.mark.parametrize("target", [1.0, -1.0])
def test_accuracy_of_a_single_class_on_tanh_is_its_sign(target):
    """Where all targets are +1 the boundary of tanh is 0, not one half, just as where all are −1."""
    net = Network([Dense(1, "tanh")], n_features=1)
    rows = np.array([[1.0], [2.0]])
    outputs = {1.0: 0.3, -1.0: -0.3}

    run = cr.train(
        net, rows, np.full(2, target), [0.0, np.arctanh(outputs[target])], max_epochs=5, stop=accuracy_reached()
    )

    assert (run.status, run.epochs) == ("converged", 0)


def test_accuracy_reached_stops_at_less_than_all():
    """A target below 1 is reached sooner."""
    run = cr.train(NET, X, T, START, stop=accuracy_reached(0.75), **FAST)

    assert run.status == "converged"
    assert 0.75 <= cr.accuracy(NET, run.theta, X, T) < 1.0


def test_accuracy_reached_sees_the_parameters_after_the_last_update():
    """The last update counts, too."""
    needed = cr.train(NET, X, T, START, stop=accuracy_reached(), **FAST).epochs

    assert needed > 0
    assert cr.train(NET, X, T, START, stop=accuracy_reached(), **{**FAST, "max_epochs": needed}).status == "converged"


@pytest.mark.parametrize("watching", [{"stop": accuracy_reached()}, {"callback": lambda epoch: epoch.accuracy}])
def test_accuracy_of_a_regression_is_refused(watching):
    """A rule that needs classes says so where there are none."""
    with pytest.raises(InvalidValue, match="Accuracy needs class targets: one-hot rows, 0 and 1, or -1 and"):
        cr.train(Network([Dense(1)], n_features=2), X, X[:, 0] * 0.3, **watching)


# --- no_improvement -----------------------------------------------------------------------------------------------


def test_no_improvement_waits_its_epochs():
    """On a loss that never falls the run ends after as many epochs as it was told to wait."""
    still = Optimizer("still", lambda theta: None, lambda grad, state, theta: (theta, state))

    run = cr.train(NET, X, T, START, optimizer=still, stop=stalled(4))

    assert (run.status, run.epochs) == ("converged", 4)
    assert run.message == "The loss has not fallen by more than 0.0001 for 4 epochs."


def test_no_improvement_counts_from_the_last_improvement():
    """The loss has improved by more than the tolerance until the wait began, and by no more since."""
    points, labels = blobs(2)
    net = Network([Dense(1, "sigmoid")], n_features=2, loss="log_loss")
    run = cr.train(net, points, labels, [-1, 1, 0], learning_rate=0.05, stop=stalled(5, tolerance=1e-2))
    losses = [*run.history["loss"], run.loss]
    best = np.minimum.accumulate(losses)
    improved = [epoch for epoch in range(1, len(losses)) if losses[epoch] < best[epoch - 1] - 1e-2]

    assert run.status == "converged"
    assert 10 < improved[-1] == run.epochs - 5


def test_no_improvement_of_the_loss_keeps_the_last_parameters():
    """Watching the training loss only ends the run; theta is where the run is."""
    run = cr.train(NET, X, T, START, stop=stalled(5, tolerance=1e-3), engine="compiled", **FAST)
    plain = cr.train(NET, X, T, START, engine="compiled", **{**FAST, "max_epochs": run.epochs})

    np.testing.assert_array_equal(plain.theta, run.theta)


def overfitting():
    """Return a network, noisy points, and more of them held out: the validation loss falls and rises."""
    x, t = cr.datasets.moons(40, noise=0.5, random_state=0)
    net = Network([Dense(10, "tanh"), Dense(1, "sigmoid")], n_features=2, loss="log_loss")
    return net, x[:20], t[:20], (x[20:], t[20:])


@pytest.mark.parametrize("batch_size", [None, 6])
def test_early_stopping_restores_the_best_parameters(batch_size):
    """The run ends when the validation loss rises, and returns the theta at which it was lowest."""
    net, x, t, held_out = overfitting()

    run = cr.train(
        net,
        x,
        t,
        validation=held_out,
        stop=stalled(30, tolerance=0, of="validation_loss"),
        batch_size=batch_size,
        max_epochs=3000,
        random_state=0,
        engine="textbook",
    )

    lowest = run.history["validation_loss"].min()
    where = int(run.history["validation_loss"].argmin())
    assert run.status == "converged"
    assert lowest == net.data_loss(run.theta, *held_out)
    assert 0 < where < run.epochs - 20
    assert (
        "The validation loss has not fallen by more than 0 for 30 epochs. "
        f"These are the parameters of epoch {where}, whose validation loss was lowest."
    ) == run.message
    assert net.data_loss(run.theta, x, t) == run.loss


@pytest.mark.parametrize("batch_size", [None, 6])
@pytest.mark.parametrize(
    ("ending", "status"),
    [
        ({"max_epochs": 200}, "max_epochs"),
        ({"callback": lambda epoch: epoch.number == 180}, "stopped"),
        ({"callback": lambda epoch: interrupt() if epoch.number == 180 else None}, "stopped"),
        ({"break_at": 180}, "non_finite"),
    ],
    ids=["maximum", "callback", "Ctrl-C", "non-finite"],
)
def test_early_stopping_restores_the_best_parameters_in_every_ending(ending, status, batch_size):
    """However a run with early stopping ends, it returns the best parameters seen and says of which epoch."""
    net, x, t, held_out = overfitting()
    breaks = ending.get("break_at", 10**9) * (1 if batch_size is None else 4)

    run = cr.train(
        net,
        x,
        t,
        optimizer=Optimizer(
            "breaks",
            lambda theta: 0,
            lambda grad, n, theta: (theta - 0.5 * grad if n < breaks else theta * np.inf, n + 1),
        ),
        validation=held_out,
        stop=stalled(10**6, of="validation_loss"),
        callback=ending.get("callback"),
        batch_size=batch_size,
        max_epochs=ending.get("max_epochs", 3000),
        random_state=0,
    )

    where = int(run.history["validation_loss"].argmin())
    assert status == run.status
    assert run.history["validation_loss"].min() == net.data_loss(run.theta, *held_out)
    assert run.message.endswith(f" These are the parameters of epoch {where}, whose validation loss was lowest.")
    assert run.message.count("These are the parameters") == 1
    assert net.data_loss(run.theta, x, t) == run.loss


def test_early_stopping_can_find_the_last_parameters_best():
    """While the validation loss still falls, the best parameters are those after the last update."""
    run = cr.train(NET, X, T, START, validation=(X, T), stop=stalled(5, 0, of="validation_loss"), max_epochs=50)
    plain = cr.train(NET, X, T, START, max_epochs=50)

    np.testing.assert_array_equal(plain.theta, run.theta)
    assert run.status == "max_epochs"
    assert run.message.endswith(" These are the parameters of epoch 50, whose validation loss was lowest.")


def test_validation_alone_restores_nothing():
    """Without the rule the validation loss is only recorded."""
    net, x, t, held_out = overfitting()
    with_it, without = (cr.train(net, x, t, validation=v, max_epochs=50, random_state=0) for v in (held_out, None))

    np.testing.assert_array_equal(without.theta, with_it.theta)


@pytest.mark.parametrize("learn", [cr.train, cr.minimize])
def test_early_stopping_needs_validation_data(learn):
    """Watching a validation loss that nobody can measure is refused."""
    with pytest.raises(InvalidValue, match=r"no_improvement\(of='validation_loss'\) needs validation=\(X_val, T_val\)"):
        learn(NET, X, T, stop=stalled(of="validation_loss"))


# --- several rules, and rules again -------------------------------------------------------------------------------


def test_first_rule_to_fire_ends_the_run():
    """Of a list of rules the first that is fulfilled gives the message."""
    rules = [loss_below(0.01), accuracy_reached(), stalled(10**6)]

    run = cr.train(NET, X, T, START, stop=rules, **FAST)

    assert (run.status, run.message) == ("converged", "The accuracy is 1; 1 was asked for.")
    assert run.loss > 0.01


def test_rules_come_before_callbacks():
    """Where a rule and a callback fire in one epoch, the rule has it, and the callback does not see the epoch."""
    seen = []

    run = cr.train(NET, X, T, START, stop=loss_below(99), callback=lambda epoch: seen.append(epoch.number) or "mine")

    assert (run.status, seen) == ("converged", [])


@pytest.mark.parametrize("rule", [loss_below(0.5), accuracy_reached(), stalled(3, 0.01)], ids=repr)
def test_rule_begins_anew_with_each_run(rule):
    """One rule object stops two runs in a row alike, for it remembers nothing."""
    first, second = (cr.train(NET, X, T, START, stop=[rule], **FAST) for _ in range(2))

    assert first.status == "converged"
    assert (first.epochs, first.message) == (second.epochs, second.message)


def test_no_rules_are_no_rules():
    """None, an empty list and an empty tuple train all epochs."""
    assert [cr.train(NET, X, T, max_epochs=2, stop=stop).status for stop in (None, [], ())] == ["max_epochs"] * 3


@pytest.mark.parametrize("stop", [0.01, "loss", [loss_below(1), 0.01], {"loss": 1}, [None], print])
def test_what_is_no_rule_is_refused(stop):
    """A threshold alone, or anything else that is no rule, is told what it should be."""
    for learn in (cr.train, cr.epochs, cr.minimize):
        with pytest.raises(InvalidValue, match=r"stop must be a rule such as loss_below\(0\.01\), or a list of them"):
            learn(NET, X, T, stop=stop)


@pytest.mark.parametrize("forgotten", [loss_below, accuracy_reached, stalled])
def test_rule_that_was_not_called_is_refused(forgotten):
    """stop=loss_below without its parentheses ends in a sentence, not in a run."""
    with pytest.raises(InvalidValue, match="must be a"):
        cr.train(NET, X, T, stop=forgotten, max_epochs=2)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: loss_below("small"), "loss_below must be a finite number, got 'small'."),
        (lambda: loss_below(np.nan), "loss_below must be a finite number, got nan."),
        (lambda: accuracy_reached(0), "accuracy_reached must be a number > 0 and ≤ 1, got 0."),
        (lambda: accuracy_reached(99), "accuracy_reached must be a number > 0 and ≤ 1, got 99."),
        (lambda: stalled(0), "no_improvement's patience must be a whole number ≥ 1, got 0."),
        (lambda: stalled(2.5), "no_improvement's patience must be a whole number ≥ 1, got 2.5."),
        (lambda: stalled(tolerance=-1), "no_improvement's tolerance must be a number ≥ 0, got -1."),
        (
            lambda: stalled(of="validation"),
            (
                "Unknown loss to watch 'validation'. Did you mean 'validation_loss'? "
                "The choices are: loss, validation_loss."
            ),
        ),
    ],
)
def test_unusable_parameters_of_rules_are_refused(make, sentence):
    """A rule says what its parameters may be when it is made."""
    with pytest.raises(InvalidValue) as refused:
        make()

    assert sentence == str(refused.value)


def test_own_rule_is_accepted():
    """An object with begin() is a rule: its watch sees every epoch and the objective with its penalty."""

    class Rule:
        def begin(self):
            self.seen = []
            return lambda epoch: self.seen.append(epoch.objective)

    rule = Rule()
    run = cr.train(NET, X, T, START, l2=0.1, stop=rule, max_epochs=3)

    assert [*run.history["objective"], NET.objective(X, T, l2=0.1)(run.theta)[0]] == rule.seen


# --- callbacks ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("batch_size", [None, 5])
@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (True, "A callback stopped the run in epoch 3."),
        (np.True_, "A callback stopped the run in epoch 3."),
        (1, "A callback stopped the run in epoch 3."),
        ("I have seen enough.", "I have seen enough."),
    ],
)
def test_callback_stops_the_run(answer, message, batch_size):
    """A true answer stops the run, a string is also its message."""
    run = cr.train(
        NET, X, T, START, callback=lambda epoch: answer if epoch.number == 3 else None, batch_size=batch_size
    )

    assert ("stopped", message) == (run.status, run.message)
    assert (3 if batch_size is None else 4) == run.epochs


@pytest.mark.parametrize("answer", [None, False, np.False_, 0, ""])
def test_callback_that_says_nothing_lets_the_run_go_on(answer):
    """None and everything else that is false goes on."""
    assert cr.train(NET, X, T, max_epochs=3, callback=lambda epoch: answer).status == "max_epochs"


def test_callback_sees_the_epoch():
    """On the whole data a callback sees number, theta, loss, accuracy and history as they are before the update."""
    seen = []

    def look(epoch):
        assert NET.data_loss(epoch.theta, X, T) == epoch.loss
        assert NET.objective(X, T, l2=0.1)(epoch.theta)[0] == epoch.objective
        assert cr.accuracy(NET, epoch.theta, X, T) == epoch.accuracy
        assert NET.data_loss(epoch.theta, X[:3], T[:3]) == epoch.validation_loss
        assert epoch.loss == epoch.history["loss"][-1]
        assert epoch.validation_loss == epoch.history["validation_loss"][-1]
        assert epoch.number + 1 == len(epoch.history["objective"])
        seen.append(epoch.number)

    cr.train(NET, X, T, START, l2=0.1, max_epochs=5, validation=(X[:3], T[:3]), callback=look)

    assert seen == [0, 1, 2, 3, 4]


def test_callback_sees_the_epoch_of_mini_batches():
    """With mini-batches theta, accuracy and validation loss are those after the epoch's updates."""
    seen = []

    def look(epoch):
        assert cr.accuracy(NET, epoch.theta, X, T) == epoch.accuracy
        assert NET.data_loss(epoch.theta, X[:3], T[:3]) == epoch.validation_loss
        assert epoch.loss == epoch.history["loss"][-1]
        seen.append(epoch.theta)

    run = cr.train(
        NET, X, T, START, max_epochs=4, batch_size=5, validation=(X[:3], T[:3]), callback=look, random_state=0
    )

    assert len(seen) == 4
    np.testing.assert_array_equal(run.theta, seen[-1])
    assert not np.array_equal(START, seen[0])


def test_epochs_kept_for_later_stay_true():
    """An epoch put aside still tells the theta and the accuracy that it had."""
    kept = list(cr.epochs(NET, X, T, START, learning_rate=1.0, max_epochs=200))

    assert [cr.accuracy(NET, epoch.theta, X, T) for epoch in kept] == [epoch.accuracy for epoch in kept]
    assert [NET.data_loss(epoch.theta, X, T) for epoch in kept] == [epoch.loss for epoch in kept]


def test_error_in_a_callback_is_the_callers():
    """Only Ctrl-C is caught: any other error comes out as it was raised."""
    with pytest.raises(ZeroDivisionError):
        cr.train(NET, X, T, callback=lambda epoch: 1 / 0)


# --- Ctrl-C -------------------------------------------------------------------------------------------------------


def interrupt():
    raise KeyboardInterrupt


@pytest.mark.parametrize(("batch_size", "epochs"), [(None, 6), (5, 7)])
def test_ctrl_c_in_a_callback_returns_the_run_so_far(batch_size, epochs):
    """Ctrl-C is no error: the epochs that were trained are returned, as if they had been the maximum."""
    run = cr.train(
        NET,
        X,
        T,
        START,
        callback=lambda epoch: interrupt() if epoch.number == 6 else None,
        batch_size=batch_size,
        random_state=0,
        engine="textbook",
    )
    plain = cr.train(NET, X, T, START, max_epochs=epochs, batch_size=batch_size, random_state=0, engine="textbook")

    assert ("stopped", f"Ctrl-C after {epochs} epochs; this is the run so far.") == (run.status, run.message)
    assert epochs == run.epochs
    np.testing.assert_array_equal(plain.theta, run.theta)
    np.testing.assert_array_equal(plain.history["loss"], run.history["loss"])


@pytest.mark.parametrize("batch_size", [None, 5])
@pytest.mark.parametrize("moment", [1, 2, 3, 17, 18, 40])
def test_ctrl_c_anywhere_in_the_computation_returns_the_run_so_far(moment, batch_size):
    """Ctrl-C in the middle of a forward or a backward pass leaves finite parameters and whole epochs of history."""
    calls = []

    def count(value):
        calls.append(1)
        return interrupt() if len(calls) == moment else value

    sine = Activation("sine", lambda Z: count(np.sin(Z)), lambda dA, Z, A: count(dA * np.cos(Z)))
    net = Network([Dense(3, sine), Dense(1, "sigmoid")], n_features=2, loss="log_loss")

    run = cr.train(net, X, T, net.initial_theta(0), batch_size=batch_size, random_state=0)

    passes = moment - 1 if batch_size is None else (moment - 1) // 5  # 21 samples are five batches
    assert ("stopped", passes // 2) == (run.status, run.epochs)
    assert run.message.startswith(f"Ctrl-C after {run.epochs} epochs")
    assert np.isfinite(run.theta).all()
    assert net.data_loss(run.theta, X, T) == run.loss
    assert run.epochs == len(run.history["loss"])


def test_ctrl_c_on_parameters_nobody_has_measured_falls_back():
    """Where Ctrl-C comes before a diverged theta was looked at, the last finite one is returned."""
    calls = []

    def break_off(Z):
        calls.append(1)
        return interrupt() if len(calls) == 3 else np.where(np.abs(Z) > 1e3, np.nan, Z)

    own = Activation("own", break_off, lambda dA, Z, A: dA)
    net = Network([Dense(1, own)], n_features=2)
    thetas = []

    run = cr.train(net, X, T, [1, 1, 1], learning_rate=50, callback=lambda epoch: thetas.append(epoch.theta))

    assert (run.status, run.epochs) == ("stopped", 2)
    np.testing.assert_array_equal(thetas[-1], run.theta)
    assert np.isfinite(run.loss)


def test_ctrl_c_while_one_iterates_is_ones_own():
    """epochs is a plain loop: Ctrl-C leaves it as it leaves any loop, and run is what there is."""
    training = cr.epochs(NET, X, T, START)

    def loop():
        for epoch in training:
            if epoch.number == 3:
                interrupt()

    with pytest.raises(KeyboardInterrupt):
        loop()

    assert (training.run.status, training.run.epochs) == ("stopped", 3)


def test_own_loss_is_watched_like_any_other():
    """A rule watches a loss of one's own."""
    fourth = Loss("fourth", lambda Y, T: ((Y - T) ** 4).sum(axis=1), lambda Y, T: 4 * (Y - T) ** 3)
    net = Network([Dense(4, "tanh"), Dense(1)], n_features=2, loss=fourth)

    run = cr.train(net, X, T, learning_rate=0.03, stop=loss_below(0.05), max_epochs=5000, random_state=0)

    assert run.status == "converged"
    assert ((net.predict(run.theta, X) - np.reshape(T, (-1, 1))) ** 4).mean() < 0.05
