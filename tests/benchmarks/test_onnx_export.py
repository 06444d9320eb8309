"""``python -m benchmarks.onnx_export``: a row for each route and dtype, and every label as in Python."""

from __future__ import annotations

import re

from benchmarks.onnx_export import Outcome, main
from benchmarks.onnx_models import random_case
from click.testing import CliRunner


def test_the_table_has_a_row_for_each_route_and_dtype():
    """Ten models are one for each row; what every runtime answers is there."""
    done = CliRunner().invoke(main, ["--models", "10"])
    assert done.exit_code == 0, done.output
    rows = [line for line in done.output.splitlines() if re.match(r"\| [a-z ]+ \| float", line)]
    assert len(rows) == 10
    assert all(line.count(" 1 |") == 1 for line in rows)
    labels = re.findall(r"labels (\d+) of (\d+)", done.output)
    assert len(labels) > 3
    assert all(right == n for right, n in labels)


def test_a_wrong_answer_is_seen():
    """A number that is off and a label that is another are counted."""
    case = random_case(1)
    outcome, wrong = Outcome(), case.labels.copy()
    wrong[0] = wrong[wrong != wrong[0]][0]
    outcome.add(case, [case.numbers + 0.25, wrong])
    assert abs(outcome.worst - 0.25) < 1e-6
    assert (outcome.n_labels, outcome.n_wrong_labels) == (60, 1)
    assert str(outcome) == "2.5e-01, labels 59 of 60"
