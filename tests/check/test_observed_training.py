"""Programs that cannot be called are run as they are, and their own steps are held against the gradient."""

from __future__ import annotations

import cProfile
import sys
import textwrap
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from tests.check.watched_batches import MORE_PROGRAMS
from tests.check.watched_forms import FORMS
from tests.check.watched_forms import TWINS as FORM_TWINS
from tests.check.watched_programs import LISTS, MOMENTUM, NEURONS, ONE, PROGRAMS, SIGMOIDS, UNTIL, WIDE, Watched

from chainrule import InvalidValue, check_backprop
from chainrule.check import observed_training
from chainrule.check.conventions import Scale
from chainrule.check.observed_batches import batches_in
from chainrule.check.observed_programs import programs_of
from chainrule.check.observed_run import MOST_LINES
from chainrule.check.observed_training import by_observation

if TYPE_CHECKING:
    from pathlib import Path


ABLE = """
class Able:
    def __init__(self):
        self.w, self.c = np.array([0.3, -0.2]), np.array(0.1)

    def one_round(self, points, answers, pace):
        miss = 1 / (1 + np.exp(-(points @ self.w + self.c))) - answers
        self.step(points.T @ miss / len(points), miss.mean(), pace)

    def step(self, gw, gc, pace):
        self.w = self.w - pace * gw
        self.c = self.c - pace * gc
"""
TWINS = f"""
import numpy as np
{ABLE}
{ABLE.replace("Able", "Unable").replace("self.c - pace", "self.c + pace")}
draws = np.random.RandomState(3)
points = draws.normal(size=(30, 2))
answers = (points @ [1.0, -2.0] > 0.3).astype(float)
able, unable = Able(), Unable()
for _ in range(40):
    able.one_round(points, answers, 0.5)
    unable.one_round(points, answers, 0.5)
"""


def written(folder: Path, text: str) -> Path:
    """Write a program to a file."""
    path = folder / "program.py"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("program", [*PROGRAMS, *FORMS, *MORE_PROGRAMS], ids=lambda one: one.name)
def test_a_right_program_is_accepted_as_its_author_runs_it(
    tmp_path: Path, program: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its steps are the gradient, whatever form it has; the report says what was watched."""
    path, watched = written(tmp_path, program.text), cache(by_observation)  # by the check, else here: once is enough
    monkeypatch.setattr(observed_training, "by_observation", watched)
    assert check_backprop(path, program.net).verdict.startswith("right")
    seen = watched(path, program.net, 0.1, Scale())
    assert seen is not None
    assert seen.verdict.startswith("right")
    assert any("was run as it is" in note for note in seen.notes)


@pytest.mark.parametrize("program", [*PROGRAMS, *FORMS, *MORE_PROGRAMS, *FORM_TWINS], ids=lambda one: one.name)
def test_a_wrong_program_is_never_accepted(tmp_path: Path, program: Watched) -> None:
    """One mistake, and nothing is observed; observation says nothing against it either."""
    assert program.text.count(program.right) >= 1
    path = written(tmp_path, program.text.replace(program.right, program.wrong))
    assert by_observation(path, program.net, 0.1, Scale()) is None


def test_a_class_may_be_used_for_another_network_and_a_script_may_not(tmp_path: Path) -> None:
    """Widths are what a class is given, and no mistake in it; a script is the network that it trains."""
    path = written(tmp_path, MOMENTUM)
    space: dict[str, Any] = {"__name__": "theirs", "__file__": str(path)}
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), space)  # noqa: S102 - text of ours
    seen = by_observation(space["Learner"](5, 6, 3), WIDE, 0.1, Scale())
    assert seen is not None
    assert seen.verdict == "right"
    assert by_observation(path, WIDE, 0.1, Scale()) is None


def test_what_is_handed_over_has_to_take_part(tmp_path: Path) -> None:
    """A function of another file's program is not right because that program is."""
    path = written(tmp_path, UNTIL + "\ndef unused(W, b, X, T):\n    return X.T @ T, T.sum()\n")
    space: dict[str, Any] = {"__name__": "theirs", "__file__": str(path)}
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), space)  # noqa: S102 - text of ours
    assert by_observation(space["unused"], ONE, 0.1, Scale()) is None


def test_an_accusation_falls_where_the_codes_own_steps_are_right(tmp_path: Path) -> None:
    """A function that trains by a loop of its own is seen from within, whatever it was taken for when it was called."""
    head, loop = UNTIL.split("slope, off, pace", 1)
    body = textwrap.indent("slope, off, pace" + loop, "    ")
    path = written(tmp_path, f"{head}\ndef until(W, b):\n{body}    return slope, off\n\nuntil(0, 0)\n")
    space: dict[str, Any] = {"__name__": "theirs", "__file__": str(path)}
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), space)  # noqa: S102 - text of ours
    assert check_backprop(space["until"], ONE).verdict.startswith("right")


def test_what_others_train_beside_it_is_not_the_codes_own(tmp_path: Path) -> None:
    """Of two classes that train in turn, alike but for a mistake, the right one's steps say nothing of the other."""
    path = written(tmp_path, TWINS)
    space: dict[str, Any] = {"__name__": "theirs", "__file__": str(path)}
    exec(compile(TWINS, str(path), "exec"), space)  # noqa: S102 - text of ours
    right, wrong = (by_observation(space[name], ONE, 0.5, Scale()) for name in ("Able", "Unable"))
    assert right is not None
    assert right.verdict.startswith("right")
    assert wrong is None


@pytest.mark.parametrize("number", [np.inf, np.nan, 1e300, 1e9, -1.0, 0.5])
def test_what_is_no_row_number_picks_no_samples(number: float) -> None:
    """Of training that overflows, say: its arrays are looked at like others."""
    values = {"order": np.array([number, 1.0]), "start": np.array(number), "batch_size": np.array(number)}
    assert list(batches_in(values)) == []


BOUNDED = {
    "an endless loop": "while True:\n    pass",
    "an endless loop that catches everything": "while True:\n    try:\n        len('')\n    except:\n        pass",
    "a question": "name = input('who? ')",
    "an exit": "import sys\nsys.exit('bye')",
    "a thread": "import threading, time\nthreading.Thread(target=time.sleep, args=(9e9,)).start()",
    "an error": "raise KeyError('nothing')",
    "much data": "import numpy as np\nX = [np.zeros((3000, 3000))]\nfor _ in range(9):\n    X[0] += 1",
    "a thing that holds itself": "a = []\na.append(a)\nb = {'b': a}\nb['c'] = b\nfor _ in range(9):\n    b['n'] = _",
}


@pytest.mark.parametrize("text", BOUNDED.values(), ids=BOUNDED.keys())
def test_whatever_a_program_does_its_check_ends(tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """It runs so many lines at most, is asked nothing, prints nowhere, and the refusal is a sentence as before."""
    path = written(tmp_path, f"print('hello')\n{text}\n")
    (program,) = programs_of(path, SIGMOIDS, 0.1)
    watch = program.watched()
    assert watch.time <= MOST_LINES + 100
    assert sum(map(len, watch.looks.values())) <= 500
    assert capsys.readouterr().out == ""
    assert by_observation(path, SIGMOIDS, 0.1, Scale()) is None


def test_a_watched_program_leaves_random_numbers_and_tracing_as_they_were(tmp_path: Path) -> None:
    """What draws next, and what watches this test, is what it was."""
    tracing = sys.gettrace()
    np.random.seed(5)
    before = np.random.get_state()[1].copy()
    assert by_observation(written(tmp_path, NEURONS), SIGMOIDS, 0.1, Scale()) is not None
    assert np.array_equal(np.random.get_state()[1], before)
    assert sys.gettrace() is tracing


def test_a_profiler_goes_on_after_a_program_was_ended(tmp_path: Path) -> None:
    """A program without an end is ended by a profile function of ours; Python's own, in C, is on again afterwards."""
    profiler = cProfile.Profile()
    profiler.enable()
    try:
        assert by_observation(written(tmp_path, "while True:\n    pass"), SIGMOIDS, 0.1, Scale()) is None
        assert sys.getprofile() is profiler
    finally:
        profiler.disable()


def test_nothing_is_called_that_does_not_lead_to_the_code(tmp_path: Path) -> None:
    """Of the functions beside one that is handed over only those are called that call it."""
    text = """
called = []

def removed(data, target):
    called.append("removed")

def trained(data, target):
    called.append("trained")
    return [step(data, target) for _ in range(3)]

def step(inner, outer, unknown_to_all):
    return None
"""
    path = written(tmp_path, text)
    space: dict[str, Any] = {"__name__": "theirs", "__file__": str(path)}
    exec(compile(text, str(path), "exec"), space)  # noqa: S102 - text of ours
    names = {names for program in programs_of(space["step"], ONE, 0.1) for names in [program.called]}
    assert names == {"trained"}


def test_a_file_that_checks_itself_is_watched_once(tmp_path: Path) -> None:
    """The check that it calls while it is watched learns nothing, and what it trains before is seen all the same."""
    text = "from chainrule import check_backprop\nfrom tests.check.watched_programs import ONE\n" + UNTIL
    path = written(tmp_path, text + "\ndef lost(what):\n    return what\n\ncheck_backprop(lost, ONE)\n")
    assert check_backprop(path, ONE).verdict.startswith("right")
    space: dict[str, Any] = {"__name__": "theirs", "__file__": str(path)}
    exec(compile("def lost(what):\n    return what\n", str(path), "exec"), space)  # noqa: S102 - text of ours
    assert by_observation(space["lost"], ONE, 0.1, Scale()) is None


def test_a_refusal_stays_where_nothing_is_observed(tmp_path: Path) -> None:
    """The sentence is that of the check."""
    with pytest.raises(InvalidValue, match="has no loop"):
        check_backprop(written(tmp_path, LISTS.split("for _ in")[0]), SIGMOIDS)
