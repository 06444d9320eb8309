"""Loading and memory: numba where it is used and not before, and samples that are used where they lie."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys

import numpy as np
import pytest

from chainrule import MLPClassifier

X = np.random.RandomState(0).normal(size=(600, 40))
T = np.eye(2)[(X[:, 0] > 0).astype(int)]


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
steps = ["numba" in sys.modules]
cr.MLPRegressor, cr.train
steps.append("numba" in sys.modules)
cr.train(net, X, T, max_epochs=20, random_state=0)
cr.train(net, X, T, max_epochs=20, engine="textbook", random_state=0)
net.predict(net.initial_theta(0), X)
steps.append("numba" in sys.modules)
cr.train(net, X, T, max_epochs=20, engine="compiled", random_state=0)
steps.append("numba" in sys.modules)
print(json.dumps(steps))
"""


def test_numba_is_loaded_where_it_is_used():
    """Neither importing chainrule nor short runs load numba; the first compiled run does."""
    assert printed(LOADED) == [False, False, False, True]


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

MEMORY = """
import json, resource, sys
import numpy as np
import chainrule as cr
from chainrule import MLPClassifier
import warnings
warnings.simplefilter("ignore")
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
net = cr.Network([cr.Dense(4, "tanh"), cr.Dense(1, "sigmoid")], n_features=100, loss="log_loss")
def learn(X, t):
    {learn}
warm = np.random.RandomState(0).normal(size=(3000, 100)).astype("{dtype}")
learn(warm, (warm[:, 0] > 0).astype(float))
X = np.ones(({rows}, 100), "{dtype}")
X[::2] = -1
t = (X[:, 0] > 0).astype("{dtype}")
before = peak()
learn(X, t)
print(json.dumps([peak() - before, X.nbytes]))
"""
START = "net.initial_theta(0, dtype=X.dtype)"
TRAIN = f'cr.train(net, X, t, {START}, max_epochs=1, engine="compiled", progress=False, random_state=0'
FIT = 'MLPClassifier((4,), max_iter=1, engine="compiled", random_state=0).fit(X, t)'
PREDICT = f"from chainrule.network.compiled_objective import predict; predict(net, {START}, X)"


@pytest.mark.parametrize(
    ("learn", "dtype"),
    [
        (TRAIN + ")", "float64"),
        (TRAIN + ", batch_size=500)", "float32"),
        (FIT, "float32"),
        (PREDICT, "float64"),
    ],
    ids=["whole", "batches", "estimator", "predict"],
)
def test_samples_are_never_copied_whole(learn, dtype):
    """The peak of a fit on 80 MB is hardly more than before: masks of an eighth, orders, targets, but no second X."""
    more, size = printed(MEMORY.format(learn=learn, dtype=dtype, rows=100_000 if dtype == "float64" else 200_000))
    assert size == 80_000_000
    assert more < 0.35 * size
