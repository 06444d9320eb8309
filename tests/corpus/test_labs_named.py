"""Mistakes typed into the labs' solutions are told: each twelfth of them here, all by the evaluation."""

import warnings

import pytest
from corpus.evaluate_labs import answer, judge, load, sheets
from corpus.lab_mistakes import SLIPS

SHEETS = sheets()
ASKED = [slip for slip in SLIPS if slip.function in {one.function for one in SHEETS[slip.lab_file].exercises}]


@pytest.fixture(scope="module")
def solutions():
    return {file: load(sheet.solution.read_text(encoding="utf-8"), f"solved_{file}") for file, sheet in SHEETS.items()}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("slip", ASKED[::24], ids=lambda slip: slip.name)
def test_a_slip_is_told(slip, solutions):
    """Its function is not right, and what is said of it is its name, or a description where it has none."""
    exercise = next(one for one in SHEETS[slip.lab_file].exercises if one.function == slip.function)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        verdict = judge(slip, exercise, solutions[slip.lab_file])
    assert answer(slip, verdict) in ("named", "described", "crashed", "shape told"), verdict
