"""Threads: as many as help while a kernel runs, and the caller's again behind it, whatever happens."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

import chainrule as cr
from chainrule import Dense, MLPClassifier, Network
from chainrule.kernels import threads
from chainrule.kernels.threads import ALONE, WORTH_MORE, matched_to

NET = Network([Dense(64, "relu"), Dense(2, "softmax")], n_features=40, loss="cross_entropy")
X = np.random.RandomState(0).normal(size=(600, 40))
T = np.eye(2)[(X[:, 0] > 0).astype(int)]
ONCE = pytest.mark.parametrize("set_by_caller", [1], indirect=True)  # a process of its own has its own threads
AMOUNTS = [ALONE, ALONE + 1, WORTH_MORE - 1, WORTH_MORE]


def numbers():
    """How many threads each BLAS has."""
    return [info["num_threads"] for info in threadpool_info() if info["user_api"] == "blas"]


@pytest.fixture(params=[1, 2], autouse=True)
def set_by_caller(request):
    """The tests run under several settings of the caller's."""
    with threadpool_limits(request.param, user_api="blas"):
        before = numbers()
        yield before
        assert numbers() == before
        assert (threads._singles, threads._many) == ([], [])


@pytest.mark.parametrize(
    "learn",
    [
        lambda: cr.train(NET, X, T, max_epochs=3, engine="compiled", progress=False),
        lambda: cr.train(NET, X, T, max_epochs=3, batch_size=200, engine="compiled", progress=False),
        lambda: cr.minimize(NET, X, T, max_iterations=3, engine="compiled", progress=False),
        lambda: (
            MLPClassifier((64,), max_iter=2, batch_size=600, tol=0, n_iter_no_change=99, engine="compiled")
            .fit(X, T[:, 0])
            .predict(X)
        ),
    ],
    ids=["whole", "batches", "minimize", "estimator"],
)
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning", "ignore:lbfgs")
def test_a_fit_leaves_the_threads_of_blas_as_they_were(learn, set_by_caller):
    """After every way of training each BLAS has the number of threads that the caller gave it."""
    learn()
    assert numbers() == set_by_caller


def test_a_fit_that_fails_leaves_them_as_they_were(monkeypatch, set_by_caller):
    """So it is behind an exception out of a callback, out of the kernel, and behind Ctrl-C."""

    def fail(epoch):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        cr.train(NET, X, T, max_epochs=3, engine="compiled", callback=fail, progress=False)
    assert numbers() == set_by_caller

    def kernel(error):
        with matched_to(ALONE + 1):
            assert set(numbers()) == {1}
            raise error

    for error in (ZeroDivisionError, KeyboardInterrupt):
        with pytest.raises(error):
            kernel(error)
        assert numbers() == set_by_caller


@pytest.mark.parametrize("amount", AMOUNTS)
def test_threads_are_chosen_by_the_work(amount, set_by_caller):
    """Little work is left alone, medium has one thread, much has what the caller gave."""
    with matched_to(amount):
        assert numbers() == ([1] * len(set_by_caller) if ALONE < amount < WORTH_MORE else set_by_caller)


def test_kernels_of_one_thread_run_side_by_side(set_by_caller):
    """The first sets one thread, the last restores the caller's, in whatever order they end."""
    first, second = matched_to(ALONE + 1), matched_to(ALONE + 1)
    first.__enter__()
    second.__enter__()
    assert set(numbers()) == {1}
    first.__exit__(None, None, None)
    assert set(numbers()) == {1}
    second.__exit__(None, None, None)
    assert numbers() == set_by_caller


@pytest.mark.parametrize("amount", [ALONE + 1, WORTH_MORE])
def test_a_kernel_of_many_threads_runs_alone(amount, set_by_caller):
    """It waits for those before it, and those behind it wait for it; it has what the caller gave."""
    seen = []

    def run():
        with matched_to(WORTH_MORE):
            seen.append(numbers())

    with matched_to(amount):
        beside = threading.Thread(target=run)
        beside.start()
        beside.join(0.1)
        assert seen == []
    beside.join()
    assert seen == [set_by_caller]
    assert numbers() == set_by_caller


def test_fits_in_many_threads_leave_them_as_they_were(set_by_caller):
    """Eight fits at once, some of which fail, leave the caller's numbers."""

    def fail(epoch):
        raise ZeroDivisionError

    def learn(number):
        callback = fail if number % 3 == 0 else None
        try:
            cr.train(NET, X, T, max_epochs=6, engine="compiled", callback=callback, progress=False, random_state=number)
        except ZeroDivisionError:
            failed.append(number)

    failed = []
    workers = [threading.Thread(target=learn, args=(number,)) for number in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(failed) == [0, 3, 6]
    assert numbers() == set_by_caller


def test_a_neighbour_does_not_change_the_bits():
    """A fit beside another has the bits of the same fit alone, also where its products are worth several threads."""
    net = Network([Dense(333, "relu"), Dense(2, "softmax")], n_features=500, loss="cross_entropy")
    rng = np.random.RandomState(0)
    wide, targets = rng.normal(size=(700, 500)), np.eye(2)[rng.randint(2, size=700)]

    def learn():
        return cr.train(net, wide, targets, max_epochs=2, engine="compiled", progress=False, random_state=0).theta

    small = Network([Dense(50, "relu"), Dense(2, "softmax")], n_features=500, loss="cross_entropy")
    alone, found = learn(), []
    workers = [threading.Thread(target=lambda: found.append(learn())) for _ in range(2)]
    workers += [
        threading.Thread(
            target=lambda: cr.train(small, wide, targets, max_epochs=20, engine="compiled", progress=False)
        )
        for _ in range(2)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(found) == 2
    assert np.abs(alone).max() > 0
    for beside in found:
        np.testing.assert_array_equal(alone, beside)


def test_a_thread_of_its_own_does_not_change_the_bits():
    """On the main thread or another, a fit has the same bits, though threadpoolctl obeys one thread alone."""

    def learn():
        return cr.train(NET, X, T, max_epochs=20, engine="compiled", progress=False, random_state=0).theta

    alone, found = learn(), []
    for _ in range(20):
        worker = threading.Thread(target=lambda: found.append(learn()))
        worker.start()
        worker.join()
    assert [np.array_equal(alone, other) for other in found] == [True] * 20


FORK = """
import os, signal, threading, time
import numpy as np
import chainrule as cr
from chainrule import Dense, Network

rng = np.random.RandomState(0)
def fit(width, n_features, epochs):
    net = Network([Dense(width, "relu"), Dense(2, "softmax")], n_features=n_features, loss="cross_entropy")
    X, T = rng.normal(size=(700, n_features)), np.eye(2)[rng.randint(2, size=700)]
    return lambda: cr.train(net, X, T, max_epochs=epochs, engine="compiled", progress=False, random_state=0)
fits = fit(64, 40, 20), fit(333, 500, 2)  # one on one thread of BLAS, one on all
ended = []
def train_on(learn, stop):
    while not stop.is_set():
        learn()
for beside in fits:
    for inside in fits:
        inside()
        stop = threading.Event()
        other = threading.Thread(target=train_on, args=(beside, stop))
        other.start()
        for wait in (0.0, 0.01, 0.05):
            time.sleep(wait)
            child = os.fork()
            if child == 0:
                signal.alarm(20)  # what waits for ever is ended
                inside()
                os._exit(0)
            ended.append(os.waitpid(child, 0)[1])
        stop.set()
        other.join()
print(ended)
"""


@ONCE
@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on Windows")
def test_a_fork_beside_a_fit_trains():
    """A child forked while another thread trains is able to train, whatever either's products are worth."""
    command = [sys.executable, "-W", "ignore", "-c", FORK]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=280)
    assert (done.stdout, done.stderr) == (f"{[0] * 12}\n", "")


def test_a_handler_that_forks_does_not_wait_for_itself():
    """Code that forks while its own thread is inside a kernel's turn, as a signal's handler may, goes on."""
    for amount in (ALONE + 1, WORTH_MORE):
        with matched_to(amount):
            threads._before_fork()
            threads._after_fork()


SLOW = """
import os, signal, threading
from chainrule.network.once import once

class Job:
    @once
    def value(self):
        begun.set()
        forked.wait()
        return 1

begun, forked = threading.Event(), threading.Event()
thread = threading.Thread(target=lambda: Job().value)
thread.start()
begun.wait()
child = os.fork()
forked.set()
if child == 0:
    signal.alarm(20)
    os._exit(Job().value - 1)
print(os.waitpid(child, 0)[1])
thread.join()
"""


@ONCE
@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on Windows")
def test_a_fork_beside_a_property_that_is_computed_works_on():
    """Another object's property, half computed when a process forks, locks nothing in the child."""
    done = subprocess.run([sys.executable, "-c", SLOW], check=False, capture_output=True, text=True, timeout=100)
    assert (done.stdout, done.stderr) == ("0\n", "")
