"""Judging homework as the command line asks for it: what was asked for, and one submission judged so."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import threading
    from pathlib import Path

    from chainrule.course.checked import Checked
    from chainrule.course.grading import Submission
    from chainrule.course.rules import Rules
    from chainrule.homework.exercise import Homework
    from chainrule.language.translation import Catalogue
    from chainrule.sandbox.process import Limits

CALLS = 18  # that may take all of their seconds before the time for a submission is over


@dataclass(frozen=True)
class Wishes:
    """What was asked for on the command line."""

    lab: str | None
    rules: Rules
    as_json: bool
    limits: dict[str, float]
    resume: bool
    anonymous: bool
    dask: str | None = None
    lab_asked: str | None = None  # as it was given: a name, or a lab file
    outputs: dict[str, Path] = field(default_factory=dict)  # option by its file: junit, csv, page, feedback, …

    @property
    def hint(self) -> int | None:
        """How much to say of a mistake."""
        return self.rules.hint


def bounds(limits: Limits) -> Limits:
    """Give a submission more time where its calls may take more."""
    return replace(limits, total=max(limits.total, CALLS * limits.seconds))


def judge(
    submission: Submission,
    lab: str,
    homework: Homework,
    wishes: Wishes,
    stop: threading.Event,
    *,
    alone: bool = True,
    picture: Path | None = None,
) -> Checked:
    """Judge one submission, until ``stop`` is set."""
    from chainrule.course.checking import Limits, check_submission
    from chainrule.course.flags import withheld
    from chainrule.course.grading import check_one

    limits = bounds(Limits(**wishes.limits))

    def check(one: Submission, sheets: dict[Path, int]) -> Checked:
        return check_submission(
            one.name, list(sheets), lab, sheet_of=sheets, homework=homework, folder=one.folder, alone=alone,
            limits=limits, picture=picture, stop=stop,
        )  # fmt: skip

    checked = replace(check_one(submission, lab, homework, check), number=submission.number, late=submission.late)
    return wishes.rules.late(withheld(checked) if wishes.rules.strict else checked)


def judge_there(submission: Submission, lab: str, wishes: Wishes, catalogue: Catalogue) -> Checked:
    """Judge one submission of a class on a worker, which finds lab and files by their names."""
    import threading

    from chainrule import labs
    from chainrule.language.translation import speaking

    homework = labs.load(lab).homework
    assert homework is not None, "The client has found it."  # noqa: S101
    for path in submission.files:
        path.stat()  # a file that this worker does not see is no fault of the student's
    with speaking(catalogue):
        priced = wishes.rules.priced(homework) if wishes.lab else homework
        return judge(submission, lab, priced, wishes, threading.Event(), alone=False)


def print_json(data: dict[str, Any] | list[dict[str, Any]]) -> None:
    """Print JSON and nothing else."""
    import json

    click.echo(json.dumps(data, indent=2))
