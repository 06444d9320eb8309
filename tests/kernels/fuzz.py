"""A fuzzer of everything that reaches native code: random sequences of calls on arrays that end where memory ends.

``python -m tests.kernels.fuzz 10000`` runs ten thousand sequences in a child process and counts what went wrong: a read
or write beyond an array ends the child, and whatever is raised must be a sentence.
"""

from __future__ import annotations

import ctypes
import mmap
import subprocess
import sys
import warnings

import numpy as np

import chainrule as cr
from chainrule import Dense, MLPClassifier, MLPRegressor, Network
from chainrule.errors import ChainruleError
from chainrule.estimators.inspection import adopt
from chainrule.network.compiled_objective import CompiledObjective

PAGE = mmap.PAGESIZE
LIBC = ctypes.CDLL(None, use_errno=True)
KEPT = []  # the memory of this sequence's arrays
DTYPES = (np.float32, np.float64, np.int64, np.uint8, np.float16)
SOLVERS = ("adam", "sgd", "rmsprop", "lbfgs")
ROWS = (0, 1, 2, 7, 64, 300)


def guarded(array):
    """Copy an array to the end of a page, behind which nothing may be read or written."""
    size = max(-(-array.nbytes // PAGE), 1) * PAGE
    memory = mmap.mmap(-1, size + PAGE)
    start = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    assert LIBC.mprotect(ctypes.c_void_p(start + size), ctypes.c_size_t(PAGE), 0) == 0
    place = size - array.nbytes
    copy = np.frombuffer(memory, np.uint8, array.nbytes, place).view(array.dtype).reshape(array.shape)
    copy[...] = array
    KEPT.append(memory)
    return copy


def matrix(rng, n_rows, n_columns):
    """Draw a matrix of any dtype and order: C, Fortran, strided, read-only, reversed, unaligned to its page's begin."""
    X = (rng.normal(size=(n_rows, n_columns)) * 3).astype(DTYPES[rng.choice(5, p=[0.35, 0.35, 0.1, 0.1, 0.1])])
    order = rng.randint(6)
    if order == 1:
        return guarded(np.ascontiguousarray(X.T)).T
    if order == 2:
        return guarded(np.repeat(X, 2, axis=0))[::2]
    if order == 3:
        return guarded(X)[::-1]
    X = guarded(X)
    X.flags.writeable = order != 4
    return X


def targets(rng, X):
    """Draw 0 and 1 for the rows, both among them where there is room."""
    t = rng.randint(2, size=len(X))
    t[:2] = (0, 1)[: len(t)]
    return guarded(t.astype((np.float32, np.float64, np.int64)[rng.randint(3)]))


def estimator_calls(rng, n_features):
    """Fit, fit on, predict, in any dtypes, one estimator."""
    make = (MLPClassifier, MLPRegressor)[rng.randint(2)]
    engine = ("compiled", "compiled", "auto", "textbook")[rng.randint(4)]
    settings = {"warm_start": (True, "continue", False)[rng.randint(3)], "engine": engine, "max_iter": 2}
    hidden = ((), (3,), (5, 4))[rng.randint(3)]
    settings |= {"solver": SOLVERS[rng.randint(4)], "batch_size": (5, "auto")[rng.randint(2)], "random_state": 0}
    mlp = make(hidden_layer_sizes=hidden, **settings)
    if rng.randint(6) == 0 and make is MLPRegressor:
        net = mlp.initialize(np.zeros((2, n_features)), np.zeros(2)).network_
        adopt(mlp, net, net.initial_theta(0, dtype=DTYPES[rng.randint(2)]))
    for _ in range(rng.randint(2, 5)):
        X = matrix(rng, ROWS[rng.randint(6)], n_features)
        what = rng.randint(5)
        if what == 0:
            yield lambda X=X: mlp.predict(X)
        elif what == 1:
            mlp.set_params(solver=SOLVERS[rng.randint(4)])
        t = targets(rng, X)
        weight = guarded(rng.uniform(size=len(X))) if rng.randint(3) == 0 else None
        if what == 2 and mlp.solver != "lbfgs":
            more = {"classes": [0, 1]} if make is MLPClassifier else {}
            yield lambda X=X, t=t, more=more: mlp.partial_fit(X, t, **more)
        else:
            yield lambda X=X, t=t, weight=weight: mlp.fit(X, t, sample_weight=weight)


def network_calls(rng, n_features):
    """Train, evaluate and predict with theta, samples and weights in any dtypes, one network."""
    hidden = ("relu", "tanh", "gelu", "exp", "softplus")[rng.randint(5)]
    dropout = (0.0, 0.3)[rng.randint(2)]
    layers = [Dense(int(rng.randint(1, 9)), hidden, dropout=dropout, bias=bool(rng.randint(2))), Dense(1, "sigmoid")]
    net = Network(layers, n_features, ("log_loss", "half_squared_error")[rng.randint(2)])
    optimizers = (cr.sgd(0.1), cr.sgd(0.1, momentum=0.9), cr.adam(), cr.rmsprop(), cr.adagrad())
    for _ in range(rng.randint(2, 5)):
        X = matrix(rng, ROWS[rng.randint(6)], n_features)
        t = targets(rng, X)
        theta = guarded(net.initial_theta(0).astype(DTYPES[rng.randint(2)]))
        theta.flags.writeable = bool(rng.randint(2))
        what = rng.randint(4)
        if what == 0:
            yield lambda X=X, theta=theta: net.predict(theta, X, engine="compiled")
        elif what == 1:
            yield lambda X=X, t=t, theta=theta: CompiledObjective.of(net.objective(X, t, l2=0.1))(theta)
        elif what == 2:  # unchecked by the objective, so the entry itself must refuse what does not belong together
            wrong = guarded(np.zeros(net.n_parameters + rng.randint(3), DTYPES[rng.randint(2)]))
            yield lambda X=X, t=t, wrong=wrong: CompiledObjective.of(net.objective(X, t)).evaluate(wrong)
        else:
            settings = {
                "optimizer": optimizers[rng.randint(5)],
                "batch_size": (None, 1, min(4, max(len(X), 1)))[rng.randint(3)],
                "max_gradient_norm": (None, 1.0)[rng.randint(2)],
                "average_from": (None, 1)[rng.randint(2)],
                "sample_weight": guarded(rng.uniform(size=len(X))) if rng.randint(3) == 0 else None,
                "validation": (X, t) if rng.randint(3) == 0 else None,
            }
            yield lambda X=X, t=t, theta=theta, settings=settings: cr.train(
                net, X, t, theta, max_epochs=3, engine="compiled", progress=False, random_state=0, **settings
            )


def sequence(seed):
    """Run one sequence; return what was raised that is no sentence of ours or scikit-learn's."""
    rng = np.random.RandomState(seed)
    calls = (estimator_calls, network_calls)[rng.randint(2)](rng, int(rng.randint(1, 6)))
    faults = []
    for call in calls:
        try:
            call()
        except (ChainruleError, ValueError) as sentence:
            if "The compiled engine needs" in str(sentence) and "wrong" not in call.__code__.co_varnames:
                faults.append(f"{seed}: a public call reached the entry with {sentence}")
        except Exception as error:  # whatever it is, it is a fault
            faults.append(f"{seed}: {type(error).__name__}: {error}")
    KEPT.clear()
    return faults


def main(first, last):
    """Run sequences; print each fault, and how many sequences there were."""
    warnings.simplefilter("ignore")
    for seed in range(first, last):
        for fault in sequence(seed):
            print(fault, flush=True)  # noqa: T201
    print(f"{last - first} sequences", flush=True)  # noqa: T201


def run_in_child(first, last):
    """Return what a child process printed about these sequences, and how it ended: −11 is a forbidden access."""
    command = [sys.executable, "-X", "faulthandler", "-m", "tests.kernels.fuzz", str(first), str(last)]
    return subprocess.run(command, check=False, capture_output=True, text=True)


if __name__ == "__main__":
    if len(sys.argv) == 2:
        done = run_in_child(0, int(sys.argv[1]))
        print(done.stdout, done.stderr, f"exit {done.returncode}")  # noqa: T201
    else:
        main(int(sys.argv[1]), int(sys.argv[2]))
