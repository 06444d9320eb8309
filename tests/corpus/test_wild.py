"""Public code: what its metadata state is what is measured, and the checker's words are counted by the rules."""

from __future__ import annotations

import random
import re
from typing import Any

import numpy as np
import pytest
from corpus.wild import evaluate
from corpus.wild.case import HALVES, HERE, Case, Half, cases
from corpus.wild.evaluate import NAMES, judged
from corpus.wild.truth import Measured, disagreement, measure, ratio

ALL = [case for half in HALVES for case in cases(half)]


@pytest.mark.parametrize("half", HALVES)
def test_stated_truth_is_what_differences_of_its_own_loss_say(half: Half) -> None:
    """Ten of each half are right, right up to their factor, wrong or random as stated; truth.py measures all."""
    some = random.Random(half).sample(cases(half), 10)  # noqa: S311  # a draw of cases, no secret
    assert {case.name: said for case in some if (said := disagreement(case, measure(case)))} == {}


def test_every_listed_implementation_is_there_and_every_second_one_is_held_out() -> None:
    """The list's numbers and names are those of the cases; odd ones are open."""
    rows = re.findall(r"^\| (\d+) \| (\w+) \|", (HERE / "LIST.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted((case.meta["number"], case.name) for case in ALL) == sorted((int(n), name) for n, name in rows)
    assert {case.meta["number"] % 2 for case in cases("open")} == {1}
    assert {case.meta["number"] % 2 for case in cases("held_out")} == {0}


@pytest.mark.parametrize(
    ("half", "hundred", "scripts"),
    [("third", 3, 3), ("fourth", 4, 7), ("fifth", 5, 8), ("sixth", 6, 14), ("seventh", 7, 12), ("eighth", 8, 7)],
)
def test_a_later_collection_is_listed_as_its_metadata_say(half: Half, hundred: int, scripts: int) -> None:
    """Numbers go on from 301, 401, 501, 601, 701, 801; source, form, layout and loss are the list's; few scripts."""
    listed = re.findall(rf"^\| ({hundred}\d\d) \|(.*)\|$", (HERE / "LIST.md").read_text(encoding="utf-8"), re.MULTILINE)
    columns = ("source", "form", "layout", "own_loss")
    later, first = cases(half), 100 * hundred + 1
    assert [int(number) for number, _ in listed] == list(range(first, first + len(later)))
    for (number, rest), case in zip(listed, later, strict=True):
        stated = [case.name, *(case.meta[column] for column in columns), "held out"]
        assert (int(number), [cell.strip() for cell in rest.split(" | ")]) == (case.meta["number"], stated)
    assert sum(case.script for case in later) <= scripts


@pytest.mark.parametrize("half", HALVES)
def test_a_half_holds_a_file_and_a_driver_for_each_case_and_nothing_else(half: Half) -> None:
    """What lies in a half is what its metadata name."""
    named = sorted(case.file for case in cases(half))
    assert sorted(path.name for path in (HERE / half).glob("*.py")) == named
    assert sorted(path.name for path in (HERE / half / "drivers").glob("*.py")) == named


def test_every_tag_is_a_name_of_the_checker_or_says_which_names_fit() -> None:
    """A tag without a line in names.toml stands in the documentation's list of mistakes; so do the names it allows."""
    table = (HERE.parents[1] / "docs" / "checking.md").read_text(encoding="utf-8")
    known = {*re.findall(r"^\| `([A-Za-z-]+)` \|", table, re.MULTILINE), "AxisError", "UnboundLocalError"}
    tags = {tag for case in ALL for tag in case.meta.get("kinds", [])}
    assert {name for tag in tags for name in NAMES.get(tag, [tag])} <= known


def test_details_are_of_what_was_looked_at_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing that was said of a case that is held out is printed."""
    shown = {way: evaluate.Outcome("accepted", "said") for way in evaluate.WAYS}
    monkeypatch.setattr(evaluate, "outcomes", lambda _: shown)
    monkeypatch.setattr(evaluate, "LOOKED_AT", ("open", "third"))
    monkeypatch.setattr("sys.argv", ["evaluate", "--details"])
    evaluate.main()
    printed = capsys.readouterr().out
    assert all((f" {case.name} " in printed) == (case.half in evaluate.LOOKED_AT) for case in ALL)


def test_a_stated_truth_that_is_not_measured_is_told() -> None:
    """A wrong block in a case stated right, another factor and other ratios are all told."""
    right = next(case for case in ALL if case.meta["truth"] == "right" and len(case.blocks) == 2)
    assert "measured 'wrong'" in disagreement(right, Measured(("1", "no multiple"), "differs"))
    assert "measured 'right up to a factor'" in disagreement(right, Measured(("2", "2"), "2"))
    assert "ratios" in disagreement(right, Measured(("1", "1"), "differs"))


def test_factors_are_told_in_the_words_of_the_grid() -> None:
    """7 is N, −2/7 is -2/N, 3 outputs are K; 5 is a number, and another direction is no multiple."""
    right = np.array([[1.0, -2.0]])
    told = [ratio(factor * right, right, 3) for factor in (7.0, -2 / 7, 3.0, 0.5, 5.0, 0.0)]
    assert told == ["N", "-2/N", "K", "1/2", "× 5", "0"]
    assert ratio(right[:, ::-1], right, 3) == "no multiple"
    assert ratio(right.T, right, 3) == "shape"


def report(*mistakes: str, ok: bool = False, verdict: str = "wrong", **more: Any) -> dict[str, Any]:
    """A report as ``to_dict`` makes it, of mistakes told without a doubt."""
    told = [{"name": name, "confidence": 1.0, "readings": [], "also": []} for name in mistakes]
    return {"ok": ok, "verdict": verdict, "mistakes": told, "wrong": ["dW1"], "right": [], "raised": False, **more}


def case_of(truth: str, *kinds: str) -> Case:
    """A case of nothing but metadata."""
    return Case("made_up", "open", {"truth": truth, "kinds": list(kinds), "ratios": ["1"]})


@pytest.mark.parametrize(
    ("truth", "kinds", "said", "outcome"),
    [
        ("right", (), report(ok=True), "accepted"),
        ("right", (), report(verdict="right up to a factor"), "accepted"),
        ("right", (), report("sign"), "accused"),
        ("right", (), report(), "unsure"),
        ("right", (), report(wrong=[]), "refused"),
        ("right", (), report(raised=True), "refused"),
        ("right up to a factor", ("mean-missing",), report("mean-missing"), "accepted"),
        ("right up to a factor", ("mean-missing",), report("sign"), "accused"),
        ("wrong", ("sign",), report(ok=True), "not seen"),
        ("wrong", ("sign",), report("sign"), "rightly"),
        ("wrong", ("sign", "bias-mean"), report("sign"), "partly"),
        ("wrong", ("sign",), report("sign", "bias-mean"), "rightly and more"),
        ("wrong", ("sign",), report("bias-mean"), "wrongly"),
        ("wrong", ("sign",), report(), "unsure"),
        ("wrong", ("samples-outside-the-margin",), report(), "unsure, no name fits"),
        ("random", (), report("stale"), "accused"),
        ("random", (), report(verdict="undecided"), "told"),
    ],
)
def test_a_report_is_counted_by_the_rules(
    truth: str, kinds: tuple[str, ...], said: dict[str, Any], outcome: str
) -> None:
    """Each rule of the evaluation gives its outcome."""
    assert NAMES["samples-outside-the-margin"] == []
    assert judged(case_of(truth, *kinds), said, "") == outcome
