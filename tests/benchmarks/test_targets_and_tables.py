"""Targets, verdicts and the page: from made-up numbers, without measuring anything."""

from __future__ import annotations

from typing import Any

import pytest
from benchmarks.growth import falls_or_stays
from benchmarks.markdown import performance_page
from benchmarks.pool import rotated
from benchmarks.side_by_side import side_by_side
from benchmarks.tables import format_seconds, format_times, markdown_table, target_rows, training_rows
from benchmarks.targets import ALL_CORES, ONE_CORE, AtMostLimit, FasterThan, Measured, ShareOfGemm, judge
from benchmarks.training import FULL, Result, Timing
from benchmarks.workloads import COMPILED, JAX, SCIKIT_LEARN, TEXT, WORKLOADS

MEASURED = Measured({COMPILED: 2.0, SCIKIT_LEARN: 10.0}, COMPILED, flops=100.0, limit=1.0, gemm_rate=60.0)


@pytest.mark.parametrize(
    ("target", "measured", "reached"),
    [
        (FasterThan(SCIKIT_LEARN, 5), 5.0, True),
        (FasterThan(SCIKIT_LEARN, 5.1), 5.0, False),
        (FasterThan(JAX, 1), None, None),
        (AtMostLimit(2), 2.0, True),
        (AtMostLimit(1.9), 2.0, False),
        (ShareOfGemm(0.8), 50 / 60, True),
        (ShareOfGemm(0.9), 50 / 60, False),
    ],
)
def test_target_is_reached_or_not(target: Any, measured: float | None, reached: bool | None) -> None:
    """A number at the target reaches it; one that is missing is no verdict."""
    verdict = target.judge(MEASURED)
    assert verdict.measured == (None if measured is None else pytest.approx(measured))
    assert verdict.reached is reached


def test_targets_are_judged_in_their_settings_alone() -> None:
    """Most are for one core."""
    targets = (FasterThan(SCIKIT_LEARN, 1), FasterThan(SCIKIT_LEARN, 2, (ONE_CORE, ALL_CORES)))
    assert [verdict.target for verdict in judge(targets, ALL_CORES, MEASURED)] == ["≥ 2× scikit-learn"]


def made_up() -> dict[str, Any]:
    """A run's results, with one contender that is wrong and one library that is missing."""
    timings = {
        TEXT: Timing([40e-6, 42e-6, 41e-6]),
        SCIKIT_LEARN: Timing(problem="wrong: loss 2 where the textbook's is 1"),
        JAX: Timing(problem="Missing jax: install chainrule[bench]"),
        COMPILED: Timing([2e-6, 2e-6, 2.2e-6]),
    }
    entry = Result(WORKLOADS["xor-21"], ONE_CORE, 100, timings).to_dict()
    machine = {"cpu": "a CPU", "cores": 2, "system": "a system", "python": "3.13", "date": "today", "commit": "abc"}
    missing = ["Missing jax: install chainrule[bench]"]
    return {"machine": machine, "quick": False, "minutes": 1.0, "training": [entry], "missing": missing}


def test_rows_give_medians_and_ratios_or_say_what_is_wrong() -> None:
    """A contender that computes something else has a sentence, not a time."""
    text, scikit_learn, jax, ours = training_rows(made_up()["training"][0])
    assert text[2:5] == ("41.0 µs (40.5–41.5)", "0.4", "20.5×")
    assert scikit_learn[2].startswith("wrong")
    assert jax[2] == "Missing jax: install chainrule[bench]"
    assert ours[4] == "1.00×"


def test_page_has_tables_verdicts_and_what_is_missing() -> None:
    """One page from the numbers alone."""
    page = performance_page(made_up())
    assert "## Training, one core" in page
    assert "**Missing jax: install chainrule[bench]**" in page
    assert "| ≥ 8× text | 20.50 | reached |" in page
    assert [row[-1] for row in target_rows(made_up())] == ["reached", *["not measured"] * 4]


def test_numbers_are_legible() -> None:
    """Three digits, a unit that suits, thousands never shown as 1e3."""
    assert [format_seconds(value) for value in (7e-10, 43e-6, 0.123, 4.0)] == ["0.70 ns", "43.0 µs", "123 ms", "4.00 s"]
    assert format_times(12.345) == "12.3×"
    assert markdown_table(("a",), [("x|y",)]).splitlines()[-1] == "| x\\|y |"


def test_repetitions_begin_with_another_contender_each() -> None:
    """None is always first."""
    assert [rotated(["a", "b", "c"], turn) for turn in range(4)] == [
        ["a", "b", "c"], ["b", "c", "a"], ["c", "a", "b"], ["a", "b", "c"],
    ]  # fmt: skip


def test_epochs_come_from_counts_so_that_all_train_the_same() -> None:
    """Small networks train many, large ones two."""
    epochs = {name: FULL.epochs(workload) for name, workload in WORKLOADS.items()}
    assert epochs["xor-21"] > 1000
    assert epochs["table"] == epochs["images"] == 2


def test_growth_stays_within_a_tenth_of_the_least_so_far() -> None:
    """A slow climb is a climb."""
    assert falls_or_stays([3.0, 2.0, 2.1])
    assert not falls_or_stays([2.0, 2.15, 2.31])


def test_targets_of_several_machines_stand_side_by_side_though_their_numbers_have_changed() -> None:
    head = "## Targets\n\n| workload | setting | target | measured | verdict |\n| --- | --- | --- | ---: | ---: |\n"
    old = f"# AMD\n\n{head}| S4 | one core | ≥ 2× JAX | 2.30 | reached |\n\n## Training\n\n| a | b |\n"
    new = f"# Intel\n\n{head}| S4 | one core | ≥ 2.5× JAX | 3.10 | reached |\n| S3 | one core | ≤ 2× text | 2.2 | – |\n"
    assert side_by_side({"AMD": old, "Intel": new}).splitlines()[2:] == [
        "| S4 | one core | ≥ 2.5× JAX | 2.30 | 3.10 |",
        "| S3 | one core | ≤ 2× text | – | 2.2 |",
    ]
