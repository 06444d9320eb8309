"""The house rules that no linter knows: one name for one thing, and files that one can read to the end."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

from tests.definitions import statements

PACKAGE = Path(__file__).parents[1] / "src" / "chainrule"
FILES = sorted(PACKAGE.rglob("*.py"))
A_LABS_FILES = {"lab.py", "homework.py", "solution.py"}
MESSAGES = PACKAGE / "play" / "messages.py"  # a message is called after what it carries: messages.Training
THE_SAME_THING_TWICE = {"backprop.py", "network.py"}  # the network's own, and the one that a student writes or hands in
MOST_LINES = 400


def repeated(found):
    """The names that several places have, with the places."""
    places = defaultdict(list)
    for name, path in found:
        places[name].append(str(path.relative_to(PACKAGE)))
    return {name: where for name, where in places.items() if len(where) > 1}


def classes(path):
    return [node.name for node in statements(path.read_text("utf-8")) if isinstance(node, ast.ClassDef)]


def test_no_two_classes_share_a_name():
    """But those of a lab's solution, which stands alone as a student's file does, and of the playground's messages."""
    ours = [path for path in FILES if "solution" not in str(path) and path != MESSAGES]
    assert repeated((name, path) for path in ours for name in classes(path)) == {}


def test_no_two_files_share_a_name():
    """But a lab's three, and what is the same thing in two places."""
    named = [path for path in FILES if path.name not in {"__init__.py"} | A_LABS_FILES | THE_SAME_THING_TWICE]
    assert repeated((path.name, path) for path in named) == {}


def test_files_can_be_read_to_the_end():
    """No file is longer than 400 lines but the kernels' and the fence, a program of its own in one file."""
    long = {path.name for path in FILES if len(path.read_text("utf-8").splitlines()) > MOST_LINES}
    assert long <= {"engine.py", "fence.py"}
