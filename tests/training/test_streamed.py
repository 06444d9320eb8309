"""Training on a stream: the bits of memory in the same order, and what only memory can is refused."""

from __future__ import annotations

import numpy as np
import pytest
from tests.streams.rows import X, Y

from chainrule import Dense, InvalidValue, Network, datasets, epochs, loss_below, no_improvement, stream, train
from chainrule.streams import windows
from chainrule.training import streamed

T = datasets.one_hot(Y)
NET = Network([Dense(5, "tanh"), Dense(3, "softmax")], n_features=4, loss="cross_entropy")
DROPPING = Network([Dense(5, "tanh", dropout=0.3), Dense(3, "softmax")], n_features=4, loss="cross_entropy")
SETTINGS = {
    "sgd": {"l2": 0.01},
    "adam": {"optimizer": "adam", "l1": 1e-3, "average_from": 1},
    "clipped, watched": {"max_gradient_norm": 0.1, "validation": (X[:50], T[:50]), "stop": loss_below(1e-9)},
    "larger than windows": {"batch_size": 300},
    "one batch": {"batch_size": 1000},
}


@pytest.mark.parametrize("engine", ["textbook", "compiled"])
@pytest.mark.parametrize("net", [NET, DROPPING], ids=["plain", "dropout"])
@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_windows_give_the_bits_of_memory_in_the_same_order(settings, net, engine, monkeypatch):
    """Updates see the same batches, also those from two windows; losses are the same but for the order of a sum."""
    orders, dealt = [], windows.whole_batches

    def written_down(*given):
        orders.append([])
        for window, places in dealt(*given):
            orders[-1].append(window.rows[places])
            yield window, places

    monkeypatch.setattr(streamed, "whole_batches", written_down)
    given = {"batch_size": 32, "max_epochs": 3, "engine": engine, "progress": False} | settings
    by_windows = train(net, stream(X, T, memory=20_000), random_state=0, **given)
    orders = [np.concatenate(epoch) for epoch in orders]
    assert all(np.array_equal(np.sort(order), np.arange(len(X))) for order in orders)

    class Order(np.random.RandomState):
        def permutation(self, n):
            return orders.pop(0) if n == len(X) else super().permutation(n)

    if given["batch_size"] < len(X):  # memory takes a single batch as it lies
        in_memory = train(net, X, T, random_state=Order(0), **given)
        assert by_windows.theta.tobytes() == in_memory.theta.tobytes()
        assert by_windows.history.keys() == in_memory.history.keys()
        for name, values in by_windows.history.items():
            assert np.allclose(values, in_memory.history[name], rtol=1e-6), name
    assert np.isclose(by_windows.loss, net.objective(X, T).loss(by_windows.theta), rtol=1e-6)


def test_what_fits_into_a_window_is_trained_as_in_memory():
    """In the very order of memory: the bits are those of train(net, X, T)."""
    given = {"batch_size": 32, "max_epochs": 3, "random_state": 0, "progress": False}
    assert train(NET, stream(X, T), **given).theta.tobytes() == train(NET, X, T, **given).theta.tobytes()


def test_accuracy_and_rules_see_all_rows():
    """The best parameters by the validation loss are taken; the accuracy is that of all rows."""
    rows = epochs(
        NET,
        stream(X, T, memory=20_000),
        batch_size=50,
        max_epochs=5,
        random_state=0,
        validation=(X[:100], T[:100]),
        stop=no_improvement(3, of="validation_loss"),
    )
    for epoch in rows:
        right = NET.predict(epoch.theta, X).argmax(axis=1) == Y
        assert np.isclose(epoch.accuracy, right.mean())
    assert rows.run.status in ("max_epochs", "converged")
    numbers = Network([Dense(1)], n_features=4, loss="half_squared_error")
    with pytest.raises(InvalidValue, match="Accuracy needs class targets"):
        next(iter(epochs(numbers, stream(X, X[:, :1] * 3), batch_size=50))).accuracy  # noqa: B018


def test_a_divergence_ends_with_finite_parameters():
    """As in memory."""
    for engine in ("textbook", "compiled"):
        linear = Network([Dense(1)], n_features=4, loss="half_squared_error")
        data = stream(X * 1e3, X[:, 0], memory=20_000)
        run = train(linear, data, batch_size=32, learning_rate=1e3, engine=engine, random_state=0, progress=False)
        assert run.status == "non_finite"
        assert np.isfinite(run.theta).all()


REFUSED = {
    "targets twice": (lambda data: train(NET, data, T, batch_size=9), "T cannot go with a stream"),
    "weights": (lambda data: train(NET, data, batch_size=9, sample_weight=Y), "sample_weight cannot go with a stream"),
    "all rows": (lambda data: train(NET, data), "A stream is trained on in batches: set batch_size"),
    "too large a batch": (lambda data: train(NET, data, batch_size=1001), "at most the number of samples, 1000"),
    "a path": (lambda data: train(NET, "X.npy", "T.npy", batch_size=9), r"open it, train\(net, chainrule.stream"),
    "no targets": (lambda data: train(NET, X), "T is missing"),
    "features": (lambda data: train(NET, stream(X[:, :3], T), batch_size=9), "has 3 features, the network expects 4"),
    "labels": (lambda data: train(NET, stream(X, Y), batch_size=9), "One-hot encode class labels"),
}


@pytest.mark.parametrize(("call", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_a_stream_cannot_do_is_refused(call, sentence):
    """In a sentence that says what to do."""
    with pytest.raises(InvalidValue, match=sentence):
        call(stream(X, T))
