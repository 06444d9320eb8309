"""Programs that cannot be called are run as they are, and their own steps are held against the gradient."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from chainrule import InvalidValue, check_backprop
from chainrule.check.conventions import Scale
from chainrule.check.observed_run import MOST_LINES
from chainrule.check.observed_programs import programs_of
from chainrule.check.observed_training import by_observation
from tests.check.watched_programs import LISTS, NEURONS, ONE, PROGRAMS, SIGMOIDS, UNTIL, Watched

if TYPE_CHECKING:
    from pathlib import Path


def written(folder: Path, text: str) -> Path:
    """Write a program to a file."""
    path = folder / "program.py"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda one: one.name)
def test_a_right_program_is_accepted_as_its_author_runs_it(tmp_path: Path, program: Watched) -> None:
    """Its steps are the gradient, whatever form it has; the report says what was watched."""
    path = written(tmp_path, program.text)
    assert check_backprop(path, program.net).verdict.startswith("right")
    seen = by_observation(path, program.net, 0.1, Scale())
    assert seen is not None
    assert seen.verdict.startswith("right")
    assert any("was run as it is" in note for note in seen.notes)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda one: one.name)
def test_a_wrong_program_is_never_accepted(tmp_path: Path, program: Watched) -> None:
    """One mistake, and nothing is observed; observation says nothing against it either."""
    assert program.text.count(program.right) >= 1
    path = written(tmp_path, program.text.replace(program.right, program.wrong))
    assert by_observation(path, program.net, 0.1, Scale()) is None
