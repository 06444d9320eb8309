"""Loading and memory: numba where it is used and not before, and samples that are used where they lie."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
import tracemalloc
from functools import partial

import numpy as np
import pytest

import chainrule as cr
from chainrule import Dense, MLPClassifier, Network
from chainrule.network.compiled_objective import predict

X = np.random.RandomState(0).normal(size=(600, 40))
T = np.eye(2)[(X[:, 0] > 0).astype(int)]
DTYPES = pytest.mark.parametrize("dtype", [np.float64, np.float32])


def printed(code):
    """Return what a process of its own printed, as JSON."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


LOADED = """
import json, sys
import numpy as np
import chainrule as cr
net = cr.Network([cr.Dense(3, "tanh"), cr.Dense(1)], n_features=2)
X = np.ones((5, 2))
T = np.ones((5, 1))
steps = ["llvmlite" in sys.modules]
cr.MLPRegressor, cr.train
steps.append("llvmlite" in sys.modules)
cr.train(net, X, T, max_epochs=20, random_state=0)
cr.train(net, X, T, max_epochs=20, engine="textbook", random_state=0)
net.predict(net.initial_theta(0), X)
steps.append("llvmlite" in sys.modules)
cr.train(net, X, T, max_epochs=20, engine="compiled", random_state=0)
steps += ["llvmlite" in sys.modules, "numba" in sys.modules]
print(json.dumps(steps))
"""


def test_a_compiler_is_loaded_where_it_is_used():
    """Neither importing chainrule nor short runs load LLVM; a compiled run does, and numba only to compile."""
    net = cr.Network([cr.Dense(3, "tanh"), cr.Dense(1)], n_features=2)
    cr.train(net, X[:5, :2], T[:5, :1], max_epochs=20, engine="compiled", random_state=0)  # whatever it needs is there
    assert printed(LOADED) == [False, False, False, True, False]


def test_arrays_load_nothing_that_reads_streams():
    """A run on arrays imports neither what opens files nor NumPy's masked arrays, which take a tenth of its start."""
    code = """import json, sys
import chainrule as cr
net = cr.Network([cr.Dense(1)], n_features=1)
cr.train(net, [[1.0]], [[2.0]], max_epochs=1, random_state=0)
not_needed = {"chainrule.streams.opening", "chainrule.training.streamed", "numpy.ma"}
print(json.dumps(sorted(not_needed & set(sys.modules))))
"""
    assert printed(code) == []


@DTYPES
def test_samples_that_come_from_memory_are_gathered_as_the_textbook_does(dtype):
    """Shuffled rows of arrays larger than a cache, which the engine asks for ahead, are those of the textbook."""
    rows = np.random.RandomState(1)
    samples, targets = rows.normal(size=(9_001, 70)).astype(dtype), rows.normal(size=(9_001, 67)).astype(dtype)
    assert samples.nbytes > 2**21 < targets.nbytes
    net = Network([Dense(67)], n_features=70)
    runs = [
        cr.train(net, samples, targets, max_epochs=2, batch_size=1_000, random_state=0, engine=engine, progress=False)
        for engine in ("textbook", "compiled")
    ]
    np.testing.assert_allclose(runs[1].theta, runs[0].theta, rtol=0, atol=1e-4 if dtype == np.float32 else 1e-11)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_what_was_fitted_here_predicts_where_there_is_no_numba(tmp_path):
    """A pickled estimator that the compiled engine trained predicts on a machine without numba."""
    mlp = MLPClassifier((8,), max_iter=2, engine="compiled", random_state=0).fit(X, T[:, 0])
    path = tmp_path / "mlp.pickle"
    path.write_bytes(pickle.dumps(mlp))
    np.save(tmp_path / "X.npy", X[:5])
    code = f"""
import json, pickle, sys
sys.modules["numba"] = None
import chainrule.network.engine_choice, chainrule.network.encoding
for module in (chainrule.network.engine_choice, chainrule.network.encoding):
    module.lacking = lambda: "Library numba is missing"
import numpy as np
mlp = pickle.load(open({str(path)!r}, "rb"))
print(json.dumps(mlp.predict_proba(np.load({str(tmp_path / "X.npy")!r})).tolist()))
"""
    np.testing.assert_allclose(printed(code), mlp.predict_proba(X[:5]), rtol=1e-10)


WITHOUT_A_COMPILER = """
import json, warnings
import numpy as np
import chainrule as cr
warnings.simplefilter("error")
X = np.random.RandomState(0).normal(size=(40, 2))
T = (X[:, :1] > 0) * 1.0
net = cr.Network([cr.Dense(4, "tanh"), cr.Dense(1, "sigmoid")], n_features=2, loss="log_loss")
told = []
for engine, epochs in (("auto", 3), ("auto", 20000), ("compiled", 3)):
    try:
        cr.train(net, X, T, max_epochs=epochs, engine=engine, progress=False, random_state=0)
    except (UserWarning, cr.errors.MissingLibrary) as word:
        told.append(f"{type(word).__name__}: {word}")
print(json.dumps(told))
"""


def test_numba_that_compiles_nothing_is_as_good_as_none(monkeypatch):
    """Under NUMBA_DISABLE_JIT short runs are the textbook's, long ones say so, and the compiled engine is refused."""
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
    idle = "numba compiles nothing under NUMBA_DISABLE_JIT (unset it)"
    assert printed(WITHOUT_A_COMPILER) == [
        f"UserWarning: {idle}, so long trainings take longer: the textbook engine trains.",
        f"MissingLibrary: {idle}, and engine='compiled' needs it. Or use engine='textbook'.",
    ]


# --- memory ---------------------------------------------------------------------------------------------------------

NET = Network([Dense(4, "tanh"), Dense(1, "sigmoid")], n_features=100, loss="log_loss")


def train_on(X, t, **settings):
    """Train for an epoch."""
    start = NET.initial_theta(0, dtype=X.dtype)
    return cr.train(NET, X, t, start, max_epochs=1, engine="compiled", progress=False, random_state=0, **settings)


LEARN = {
    "whole": ("float64", train_on),
    "batches": ("float32", partial(train_on, batch_size=500)),
    "estimator": (
        "float32",
        lambda X, t: MLPClassifier((4,), max_iter=1, engine="compiled", random_state=0).fit(X, t),
    ),
    "predict": ("float64", lambda X, t: predict(NET, NET.initial_theta(0, dtype=X.dtype), X)),
}


def most_memory(work, *arguments):
    """Return how many bytes NumPy and Python held at once, at most, more than before."""
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        work(*arguments)
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize(("dtype", "learn"), LEARN.values(), ids=LEARN)
def test_samples_are_never_copied_whole(dtype, learn):
    """The peak of a fit on 16 MB is hardly more than before: masks of an eighth, orders, targets, but no second X."""
    big = np.ones((2_000_000 // (100 * np.dtype(dtype).itemsize) * 8, 100), dtype)
    big[::2] = -1
    t = (big[:, 0] > 0).astype(dtype)
    learn(big[:3000], t[:3000])  # compiled, and what is imported is there
    assert big.nbytes == 16_000_000
    assert most_memory(learn, big, t) < 0.35 * big.nbytes
    assert most_memory(lambda X, t: learn(X.copy(), t), big, t) > big.nbytes
