"""Attacks: no points that are not earned, nobody else's result lost, no markup, nothing left running or lying."""

import os
import sys
import tempfile
from pathlib import Path

import pytest
from tests.sandbox.attacks import ATTACKS, WORTHLESS
from tests.sandbox.processes import below

from chainrule.course import grading
from chainrule.course.checking import Limits, check_submission
from chainrule.course.class_report import page, statistics
from chainrule.course.grading import grade_table, write_csv
from chainrule.homework.compare import compare
from chainrule.homework.exercise import Homework, Sheet
from chainrule.sandbox import process

EVERY = bool(os.environ.get("CHAINRULE_ALL_HOSTILE"))  # all of them take minutes
QUICK = [
    "looks for solutions everywhere",
    "waits for a stand-in",
    "answers before it is asked",
    "calls the judge's functions for ever",
    "takes the server's place",
    "describes itself in markup",
    "equals everything",
    "raises markup",
    "forks twice and sleeps",
    "kills everybody",
]
LIMITS = Limits(seconds=1.0, memory_gb=2.0, total=40.0)
SOLUTION = "import numpy as np\n\n\ndef double(x):\n    return 2.0 * x\n\n\ndef shift(x):\n    return x + 1.0\n"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="nothing is shut in elsewhere")


@pytest.fixture(scope="module")
def homework(tmp_path_factory):
    """Two functions, and their solution in a file."""
    path = tmp_path_factory.mktemp("lab") / "mini_solution.py"
    path.write_text(SOLUTION)
    asked = [compare(name, lambda stream: [(stream.randn(3),), (stream.randn(5),)]) for name in ("double", "shift")]
    return Homework((Sheet("mini.py", path, tuple(asked)),))


def check(folder, text, homework):
    """Check a file of a class."""
    path = folder / "mini.py"
    path.write_text(text, encoding="utf-8")
    return check_submission(
        "mallory", [path], "mini", sheet_of={path: 0}, homework=homework, limits=LIMITS, alone=False
    )


def texts(checked):
    """All that is shown of a submission, as it is shown."""
    html = page(statistics([checked]), "A class")
    return html, str(grade_table([checked]).columns[2]._cells)


@pytest.mark.parametrize("name", [name for name in ATTACKS if EVERY or name in QUICK])
def test_an_attack_earns_nothing_and_leaves_nothing(name, tmp_path, tmp_path_factory, homework, monkeypatch):
    """Whatever it sends, raises, returns, starts or kills."""
    own = tmp_path_factory.mktemp("own")
    monkeypatch.setattr(tempfile, "tempdir", str(own))
    before = below(os.getpid())
    checked = check(tmp_path, ATTACKS[name], homework)
    assert checked.points == 0
    assert len(checked.judged) == 2 or checked.problem
    assert {one.verdict.status for one in checked.judged} <= {"wrong", "crashed", "to do"}
    html, table = texts(checked)
    assert [raw for raw in ("<script>", "<img src=x", "<b>Bold", "\x1b") if raw in html] == []
    assert "\x1b" not in table
    assert below(os.getpid()) - before == set()
    assert list(own.iterdir()) == []


def test_the_file_without_an_attack_is_judged_as_wrong(tmp_path, homework):
    """So that it is the attacks that are tried, and not a file that cannot be run."""
    checked = check(tmp_path, WORTHLESS, homework)
    assert [(one.verdict.status, one.points) for one in checked.judged] == [("wrong", 0.0)] * 2
    assert check(tmp_path, SOLUTION, homework).points == 2


def test_without_namespaces_nothing_stays_either(tmp_path, tmp_path_factory, homework, monkeypatch):
    """What the system lacks is told; those that sleep in sessions of their own are ended, the folder is removed."""
    program = tmp_path_factory.mktemp("program")
    for name in ("fence", "child", "wire", "stand_ins"):
        text = Path(process.__file__).with_name(f"{name}.py").read_text(encoding="utf-8")
        (program / f"{name}.py").write_text(text.replace("self.libc.unshare(what) == 0", "False"), encoding="utf-8")
    monkeypatch.setattr(process, "__file__", str(program / "process.py"))
    own = tmp_path_factory.mktemp("own")
    monkeypatch.setenv("TMPDIR", str(own))
    monkeypatch.setattr(process, "PASSED_ON", (*process.PASSED_ON, "TMPDIR"))
    before = below(1)
    names = ["forks twice and sleeps", "sleeps in a session of its own", "ignores signals", "ends its parent"]
    for name in [*names, "looks for solutions everywhere", "waits for a stand-in"]:
        checked = check(tmp_path, ATTACKS[name], homework)
        assert checked.points == 0 or "files" in checked.lacking  # where there is no Landlock either
        assert {"network", "processes"} <= set(checked.lacking)
        left = {command(pid) for pid in below(1) - before}
        assert not [one for one in left if one == b"sleep\x0050\x00" or str(program).encode() in one]
        assert list(own.iterdir()) == []
    assert check(tmp_path, SOLUTION, homework).points == 2


def command(pid):
    """How a process was started, b"" where it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def test_an_attack_costs_nobody_else_a_grade(tmp_path, homework):
    """In a class of five, four of which attack it, the fifth has its points, and the tables are written."""
    names = ["kills every number", "kills everybody", "forks without end", "answers before it is asked"]
    for k, name in enumerate(names):
        (tmp_path / f"{k}{name}.py").write_text(ATTACKS[name])
    (tmp_path / "=honest.py").write_text(SOLUTION)

    def job(one, stop):
        def run(submission, sheets):
            return check_submission(
                submission.name,
                list(sheets),
                "mini",
                sheet_of=sheets,
                homework=homework,
                limits=LIMITS,
                alone=False,
                stop=stop,
            )

        return grading.check_one(one, "mini", homework, run)

    batch = grading.check_all(grading.find_submissions(tmp_path), "mini", job, jobs=2)
    assert {one.name: one.points for one in batch.checked if one.points} == {"=honest": 2}
    assert len(batch.checked) == 5
    rows = write_csv(batch.checked, tmp_path / "g.csv").read_text().splitlines()
    assert [row for row in rows if row.startswith("'=honest,2,2,1,1,")]
