"""Flags: what a teacher may want to look at, in every output, and what it does to points."""

import csv
import io
import json
from dataclasses import replace

import pytest
from rich.console import Console

from chainrule import labs
from chainrule.course import flags
from chainrule.course.checked import Checked, Judged
from chainrule.course.class_report import page, statistics
from chainrule.course.feedback import write_feedback
from chainrule.course.grading import grade_table, write_csv
from chainrule.course.starter import starter
from chainrule.course.terminal import as_data, junit, tell
from chainrule.homework.exercise import Verdict
from chainrule.sandbox import read
from chainrule.sandbox.student_file import plain

XOR = labs.load("xor").homework
SOLUTION = XOR.sheets[0].solution.read_text(encoding="utf-8")


def flagged(tmp_path, text, name="anna.py"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return list(flags.flags_of(read(path), XOR.sheets[0]))


@pytest.mark.parametrize(
    ("line", "flag"),
    [
        ("import torch.nn as nn", "imports torch, which is not allowed (anna.py, line 1)"),
        ("def f():\n    from sklearn import svm", "imports sklearn, which is not allowed (anna.py, line 2)"),
        ("from chainrule.labs.xor import solution", "imports chainrule (anna.py, line 1)"),
        ("x = __import__('chainrule')", "imports chainrule (anna.py, line 1)"),
        (
            "import importlib\nimportlib.import_module('jax.numpy')",
            "imports jax, which is not allowed (anna.py, line 2)",
        ),
    ],
)
def test_an_import_is_flagged_with_its_line(tmp_path, line, flag):
    """Wherever it stands, and however it is written."""
    assert flagged(tmp_path, line) == [flag]


def test_what_a_lab_allows_is_not_flagged(tmp_path):
    """NumPy, SciPy and Matplotlib always; another lab may forbid other modules."""
    text = "import numpy\nimport scipy.optimize\nimport matplotlib.pyplot\nfrom . import torch\n"
    assert flagged(tmp_path, text) == []
    path = tmp_path / "anna.py"
    path.write_text("import scipy\n")
    assert list(flags.flags_of(read(path), replace(XOR.sheets[0], forbids=("scipy",))))


def test_the_solutions_own_functions_are_known_by_other_names(tmp_path):
    """Renamed, without docstrings, annotations and comments, laid out anew: it is still the same function."""
    text = (
        SOLUTION.replace("grad_Z2W3", "d3")
        .replace("grad_", "g")
        .replace("pred_y", "answer")
        .replace("Z1", "h")
        .replace(": Array", "")
    )
    [flag] = flagged(tmp_path, text)
    assert flag.startswith("contains the solution's own Network.forward, ")
    assert "sigmoid" not in flag  # too short to be anybody's


def test_one_function_that_is_written_as_its_docstring_says_is_no_copy(tmp_path):
    """Where less than half of what is asked for is the solution's, nobody is accused of it."""
    only = "class Network:\n" + SOLUTION.split("class Network:")[1].split("    def loss")[0]
    assert [flag for flag in flagged(tmp_path, only) if flag.startswith("contains")] == []


def test_a_students_feedback_has_no_flags(tmp_path):
    """They are for the teacher's table, page and results."""
    checked = replace(passed(tmp_path, "anna", "x = 1"), flags=("imports torch",))
    assert all("torch" not in path.read_text(encoding="utf-8") for path in write_feedback([checked], tmp_path / "fb"))


def test_one_more_operation_makes_another_function(tmp_path):
    """A fingerprint is of all that a function does."""
    assert "Network.gradient" in flagged(tmp_path, SOLUTION)[0]
    assert (
        "Network.gradient"
        not in flagged(tmp_path, SOLUTION.replace("(pred_y - gt_y) / len", "1.0 * (pred_y - gt_y) / len"))[0]
    )


def test_names_that_are_not_its_own_tell_functions_apart(tmp_path):
    """np.exp is not np.log, and its own names count by their places."""

    def mark(text):
        path = tmp_path / f"{plain(text, 20)!r}.py".replace("/", " ")
        path.write_text(text)
        return read(path).fingerprints["f"]

    assert mark("def f(a, b): return np.exp(a) - b") == mark("def f(x, y):\n    'It.'\n    return np.exp(x) - y")
    assert mark("def f(a, b): return np.exp(a) - b") != mark("def f(a, b): return np.log(a) - b")
    assert mark("def f(a, b): return a - b") != mark("def f(a, b): return b - a")
    assert mark("def f(a):\n    x: int = a\n    return x") == mark("def f(a):\n    y = a\n    return y")


def passed(tmp_path, name, text):
    path = tmp_path / f"{name}.py"
    path.write_text(text, encoding="utf-8")
    return Checked(name, "xor", (str(path),), (Judged("loss", Verdict("right", 1.0), 2.0, 2.0),))


def test_submissions_that_are_the_same_are_shown_as_a_group(tmp_path):
    """Up to names and layout, and only where there is enough of them; nobody is said to have copied."""
    renamed = SOLUTION.replace("grad_", "g_").replace("pred_y", "p")
    other = SOLUTION.replace("(pred_y - gt_y) / len", "1.0 * (pred_y - gt_y) / len")
    short = "def sigmoid(x): return x\n"
    made = {"anna": SOLUTION, "ben": renamed, "cora": other, "dan": short, "eva": short}
    found = flags.with_groups([passed(tmp_path, name, text) for name, text in made.items()], XOR)
    same = ("the same up to names and layout: anna, ben",)
    assert [one.flags for one in found] == [same, same, (), (), ()]


def test_a_flag_is_in_every_output_and_takes_no_points():
    """Terminal, table of a class, CSV, page, JSON, JUnit; only where somebody has one is there a column of them."""
    one = Checked("anna", "xor", (), (Judged("loss", Verdict("right", 1.0), 2.0, 2.0),), flags=("imports <torch>",))
    terminal = io.StringIO()
    tell(one, Console(file=terminal, width=100))
    table = io.StringIO()
    Console(file=table, width=100).print(grade_table([one]))
    for text in (terminal.getvalue(), table.getvalue(), json.dumps(as_data(one))):
        assert "imports <torch>" in text
    assert "imports &lt;torch&gt;" in page(statistics([one]), "A class")
    assert b"imports &lt;torch&gt;" in junit([one])
    assert one.points == 2.0
    plain_one = replace(one, flags=())
    assert "flags" not in page(statistics([plain_one]), "A class")
    assert len(grade_table([plain_one]).columns) == 3


def test_a_flag_has_a_column_in_the_csv(tmp_path):
    """The last one."""
    one = Checked("anna", "xor", (), flags=("imports torch", "=1+1"))
    with write_csv([one], tmp_path / "g.csv").open(newline="", encoding="utf-8") as file:
        head, row = csv.reader(file)
    assert (head[-1], row[-1]) == ("flags", "imports torch; =1+1")


def test_points_are_taken_only_where_a_teacher_says_so():
    """--strict: of a submission that is flagged, and of no other."""
    one = Checked("anna", "xor", (), (Judged("loss", Verdict("right", 1.0), 2.0, 2.0),), flags=("imports torch",))
    assert (flags.withheld(one).points, flags.withheld(one).worth) == (0.0, 2.0)
    assert flags.withheld(replace(one, flags=())).points == 2.0


def test_a_starter_has_nothing_of_the_solutions(tmp_path):
    """What was handed out is nobody's fault."""
    assert flagged(tmp_path, starter(XOR.sheets[0])) == []
