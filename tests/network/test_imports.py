"""Importing: chainrule costs hardly more than NumPy, its core needs nothing else, and every public name is there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import chainrule

HEAVY = ("scipy", "sklearn", "matplotlib", "numba", "click", "rich", "joblib")
IMPORT = "import chainrule"
DEFINE_A_NETWORK = """
import numpy as np
from chainrule import Activation, Dense, Initializer, Loss, Network, derive
net = Network([Dense(3, "relu"), Dense(2, "softmax")], n_features=2, loss="cross_entropy")
theta, X, T = net.initial_theta(0), np.ones((2, 2)), np.eye(2)
net.objective(X, T, l1=0.1, l2=0.1)(theta)
net.backward(theta, net.forward(theta, X), T)
net.data_loss(theta, X, T), repr(net), net._repr_html_(), derive(net)
"""


def modules_loaded_by(code):
    """Return the modules that Python itself reports to import for the code, in a process of its own."""
    done = subprocess.run([sys.executable, "-X", "importtime", "-c", code], capture_output=True, text=True, check=True)
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip() for line in lines}


@pytest.mark.parametrize("code", [IMPORT, DEFINE_A_NETWORK], ids=["import", "network"])
def test_heavy_libraries_stay_out(code):
    """Neither importing chainrule nor building, running and differentiating a network loads more than NumPy."""
    modules = modules_loaded_by(code)

    assert "chainrule" in modules
    assert set() == {module for module in modules if module.partition(".")[0] in HEAVY}


WITH_NUMPY_ALONE = (
    """
import sys
from importlib.machinery import PathFinder

class Only(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        there = sys.stdlib_module_names | {"numpy", "lazy_loader", "chainrule"}
        return super().find_spec(name, path, target) if name.partition(".")[0] in there else None

sys.meta_path[:] = [Only if one is PathFinder else one for one in sys.meta_path]
sys.modules.update(dict.fromkeys(("_posixsubprocess", "_winapi", "multiprocessing")))  # and no process can be started

import chainrule as cr
"""
    + DEFINE_A_NETWORK
    + """
long = {"learning_rate": 0.1, "max_epochs": 5000}  # which the compiled engine would take
assert cr.train(net, X, T, theta, **long).epochs == 5000
assert cr.check_gradient(net.objective(X, T), theta).ok
def backprop(W1, b1, W2, b2, X, T):
    trace = net.forward(np.concatenate([part.ravel() for part in (W1, b1, W2, b2)]), X)
    dZ2 = (trace.Y - T) / len(X)
    dZ1 = dZ2 @ W2.T
    return X.T @ dZ1, dZ1.sum(axis=0), trace.A[1].T @ dZ2, dZ2.sum(axis=0)
assert [one.name for one in cr.check_backprop(backprop, net).mistakes] == ["derivative-missing"]
assert cr.explain(net, format="text").startswith("The mathematics of this network")
try:
    cr.train(net, X, T, theta, engine="compiled")
except cr.MissingLibrary as missing:
    assert "numba" in str(missing)
"""
)


def test_the_core_needs_numpy_alone():
    """With nothing else installed a network is trained, a gradient checked, a mistake named, all of it explained."""
    subprocess.run([sys.executable, "-c", WITH_NUMPY_ALONE], check=True)


def test_free_threaded_python_is_refused():
    """Without the global lock nothing is imported, and the sentence says how to start Python with it."""
    code = "import sys; sys._is_gil_enabled = lambda: False; import chainrule"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "ImportError: chainrule has not been tested without Python's global lock" in done.stderr
    assert "python -X gil=1" in done.stderr


def test_import_alone_loads_no_floor():
    """import chainrule loads chainrule itself: the floors come when they are used."""
    assert {name for name in modules_loaded_by(IMPORT) if name.partition(".")[0] == "chainrule"} == {"chainrule"}


def test_every_public_name_stands_in_the_stub_once():
    """__all__ is what __init__.pyi lists, one name a line, sorted."""
    stub = Path(chainrule.__file__).with_suffix(".pyi").read_text(encoding="utf-8")
    listed = re.findall(r"^from \S+ import (\w+) as \1$", stub, re.MULTILINE)

    assert sorted(listed) == chainrule.__all__ == sorted(set(listed))


@pytest.mark.parametrize("home", ["losses", "activations", "initializers", "optimizers", "schedules"])
def test_parts_have_namespaces(home):
    """cr.losses and its like are the modules that hold the parts, had without importing them by path."""
    member = {"losses": "huber", "activations": "RELU", "initializers": "normal", "optimizers": "adam"}
    code = f"import chainrule as cr; print(cr.{home}.{member.get(home, 'cosine')} is not None)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "True\n"


@pytest.mark.parametrize("name", chainrule.__all__)
def test_public_name_can_be_had(name):
    """Every public name loads from its home, is the same thing each time, and is listed by dir."""
    value = getattr(chainrule, name)

    assert value is getattr(chainrule, name)
    assert name in dir(chainrule)
    assert value.__doc__


def test_dir_lists_names_before_they_are_loaded():
    """Tab completion knows every public name from the start."""
    code = f"{IMPORT}; assert set(chainrule.__all__) <= set(dir(chainrule)); assert 'Network' not in vars(chainrule)"

    assert "chainrule.network" not in modules_loaded_by(code)


@pytest.mark.parametrize("name", ["network_", "Netwrok", "__path_", "os"])
def test_unknown_name_is_an_attribute_error(name):
    """A name that chainrule does not have raises AttributeError, as getattr with a default relies on."""
    with pytest.raises(AttributeError, match=f"^No chainrule attribute {name}$"):
        getattr(chainrule, name)


def test_unknown_name_cannot_be_imported():
    """from chainrule import a name that is not there is an ImportError."""
    with pytest.raises(ImportError, match="cannot import name 'Netwrok'"):
        from chainrule import Netwrok  # noqa: F401  # there is none


def test_star_import_brings_all_names():
    """from chainrule import * brings __all__ and nothing else."""
    names = {}
    exec("from chainrule import *", names)  # noqa: S102  # a star is allowed at module level only

    assert set(chainrule.__all__) == set(names) - {"__builtins__"}
