"""Feedback: what one student is told, as a page and as Markdown, and as the results.json that Gradescope reads."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chainrule.course.terminal import amount, clean, closing, passages, place, told, total, visible
from chainrule.errors import ChainruleError
from chainrule.files.atomic import write_whole
from chainrule.language.translation import say, spoken
from chainrule.writers.blocks import Block, Heading, Items, Paragraph, TableBlock, verbatim

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from chainrule.course.checked import Checked, Judged

UNSAFE = re.compile(r"[^\w.-]+")
LONGEST = 80  # letters of a file's name


def blocks(checked: Checked, hint: int | None = None) -> list[Block]:
    """Return what a student is told: points, functions, what is wrong with each as far as ``hint`` allows; no flags."""
    rows = tuple(
        (
            verbatim(place(one)),
            say(one.verdict.status),
            say("{points} of {worth}", points=amount(one.points), worth=amount(one.worth)),
        )
        for one in checked.judged
    )
    made: list[Block] = [Heading(verbatim(visible(checked.name)), 1)]
    heads = (say("function"), say("verdict"), say("points"))
    made += [Paragraph(f"{total(checked)}."), TableBlock(heads, rows)] if rows else []
    for passage in passages(replace(checked, flags=()), hint):
        lines = tuple(verbatim(line.strip()) for line in passage.lines if line.strip())
        made += [Heading(verbatim(passage.head), 3), *([Items(lines)] if lines else [])]
    return [*made, *(Paragraph(verbatim(line)) for line in closing(checked, points=False))]


def write_feedback(checked: Sequence[Checked], folder: Path, hint: int | None = None) -> list[Path]:
    """Write NAME.html and NAME.md of each submission into a folder; return them."""
    from chainrule.writers import html
    from chainrule.writers.markdown import markdown

    written = []
    for name, one in _named(checked):
        made = blocks(one, hint)
        written.append(write_whole(folder / f"{name}.html", html.page(visible(one.name), made, lang=spoken().language)))
        written.append(write_whole(folder / f"{name}.md", markdown(made)))
    return written


def _named(checked: Sequence[Checked]) -> Iterator[tuple[str, Checked]]:
    """Give each submission the name of its files: letters and digits, the platform's number, no name twice."""
    taken: set[str] = set()
    for one in checked:
        name = base = (
            UNSAFE.sub("_", "_".join(filter(None, (one.name, one.number))))[:LONGEST].strip("._") or "submission"
        )
        count = 1
        while name.lower() in taken:
            count += 1
            name = f"{base}-{count}"
        taken.add(name.lower())
        yield name, one


def gradescope(checked: Checked, hint: int | None = None) -> dict[str, Any]:
    """Return a submission as Gradescope's autograder takes it: a test a function.

    Flags are in no test: one that is hidden hides the total score from the student, too. They are kept in
    ``extra_data``, and stand in what is printed, which Gradescope shows to teachers alone.

    References
    ----------
    Gradescope Autograder Documentation, Specifications, Output format.
    """
    return {
        "score": round(checked.points, 2),
        "execution_time": round(checked.seconds, 2),
        "output": clean("\n".join([checked.problem] if checked.problem else [*checked.remarks, *closing(checked)])),
        "output_format": "text",
        "stdout_visibility": "hidden",
        "tests": [_test(one, hint) for one in checked.judged],
        **({"extra_data": {"flags": list(map(clean, checked.flags))}} if checked.flags else {}),
    }


def _test(one: Judged, hint: int | None) -> dict[str, Any]:
    right = one.verdict.status == "right"
    return {
        "name": clean(one.function),
        "score": round(one.points, 2),
        "max_score": one.worth,
        "status": "passed" if right else "failed",
        "output": told(one, hint) or say(one.verdict.status),
        "output_format": "text",
        "visibility": "visible",
    }


@contextmanager
def told_to_gradescope(path: Path | None) -> Iterator[None]:
    """Write Gradescope's results.json, if it is wanted, also where a submission cannot be found: no points, and why."""
    try:
        yield
    except ChainruleError as error:
        if path is not None:
            told = {"score": 0.0, "output": clean(str(error)), "output_format": "text", "stdout_visibility": "hidden"}
            write_whole(path, json.dumps(told, indent=1) + "\n")
        raise


def write_gradescope(checked: Checked, path: Path, hint: int | None = None) -> Path:
    """Write Gradescope's results.json."""
    return write_whole(path, json.dumps(gradescope(checked, hint), indent=1) + "\n")
