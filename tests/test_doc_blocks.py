"""The code blocks of the documentation that are no doctests: each is run, read, or part of a file that is."""

import ast
import importlib.util
import re
import sys
import tomllib
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest

import chainrule as cr
from chainrule.labs.xor import solution

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
BLOCK = re.compile(r"(?ms)^```(\w+)\n(.*?)^```$")
SPIRAL = (ROOT / "examples" / "mylab" / "spiral.py").read_text(encoding="utf-8")
EXAMPLES_OF_STYLE = {"CONTRIBUTING.md"}  # parts of functions, shown for how they read


def blocks(language):
    """The blocks of a language that are no doctests, by page and line."""
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        for block in BLOCK.finditer(text):
            if block[1] == language and ">>>" not in block[2]:
                where = f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, block.start()) + 1}"
                yield pytest.param(path.name, block[2], id=where)


def right_backprop(W1, b1, W2, b2, X, T):
    """Back-propagation of a network of one hidden tanh layer, for the blocks that check one."""
    A1 = np.tanh(X @ W1 + b1)
    dZ2 = (1 / (1 + np.exp(-(A1 @ W2 + b2))) - T) / len(X)
    dZ1 = dZ2 @ W2.T * (1 - A1**2)
    return X.T @ dZ1, dZ1.sum(axis=0), A1.T @ dZ2, dZ2.sum(axis=0)


def scope():
    """What the pages' blocks take as given: points, a network, code of a student."""
    X, T = cr.datasets.moons(400, random_state=0)
    net = cr.Network([cr.Dense(2, "tanh"), cr.Dense(1, "sigmoid")], n_features=2, loss="log_loss")
    student = type("student", (), {"backprop": staticmethod(right_backprop)})
    given = {"X": X, "T": T, "y": T.ravel(), "net": net, "backprop": right_backprop, "student": student}
    return {"cr": cr, "chainrule": cr, "check_backprop": cr.check_backprop, "Array": np.ndarray, **given}


@pytest.mark.parametrize(("page", "code"), [*blocks("python")])
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_a_block_of_python_runs_or_stands_in_an_example(page, code, monkeypatch, request):
    """A block does what it says: it runs, its tests pass, or its functions are those of examples/mylab."""
    tree = ast.parse(code)
    if page in EXAMPLES_OF_STYLE:
        return
    if "labs.Homework(" in code:
        parts = [node for node in tree.body if not (isinstance(node, ast.Assign) and "labs.Lab(" in ast.unparse(node))]
        assert [part for part in parts if ast.get_source_segment(code, part) not in SPIRAL] == []
        return
    monkeypatch.setitem(sys.modules, "__main__", solution)
    made = scope()
    exec(compile(tree, page, "exec"), made)  # noqa: S102  # our own pages
    for name in [name for name in made if name.startswith("test_")]:
        made[name](request.getfixturevalue("backprop_check"))


@pytest.mark.parametrize(("page", "code"), [*blocks("toml"), *blocks("xml")])
def test_a_block_of_settings_can_be_read(page, code):
    """TOML and XML that a page shows are TOML and XML, but for lines left out (…)."""
    if not code.startswith("<"):
        assert tomllib.loads(code)
    elif "…" not in code:
        ET.fromstring(code)  # noqa: S314  # our own pages


@pytest.mark.parametrize(("page", "code"), [*blocks("sh"), *blocks("console")])
def test_a_block_of_the_shell_names_modules_and_extras_that_exist(page, code):
    """``python -m NAME`` is a module, and ``.[extra]`` an extra; tests/test_docs.py looks at chainrule's commands."""
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    named = {one for group in re.findall(r"(?:\.|chainrule)\[([\w,-]+)\]", code) for one in group.split(",")}
    assert named - set(extras) == set()
    modules = set(re.findall(r"python3? -m ([\w.]+)", code))
    assert [name for name in sorted(modules - {"sphinx"}) if importlib.util.find_spec(name) is None] == []
