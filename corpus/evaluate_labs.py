"""The labs' evaluation: mistakes typed into the five solutions, judged function by function, counted.

``python -m corpus.evaluate_labs`` prints a row a file; ``--show wrong`` prints what was called otherwise.
"""

from __future__ import annotations

import argparse
import signal
import sys
import warnings
from collections import Counter, defaultdict
from types import ModuleType
from typing import TYPE_CHECKING, Any

from rich.console import Console

from chainrule import labs
from chainrule.homework.exercise import Verdict
from corpus.evaluate import NAMES
from corpus.lab_mistakes import SLIPS, Slip

if TYPE_CHECKING:
    from chainrule.homework.exercise import Exercise, Sheet

SECONDS = 20  # for one function: some slips never end

MORE: dict[str, set[str]] = {
    "two-losses": {"sign", "formula", "loss-term-missing", "targets-swapped", "penalty-missing"},
    "sign": {"penalty-sign"},
    "integer": {"gradient-zero"},  # which says so as its other reading
    "bias-missing": {"no-step"},
    "in-place": {"changes-arguments"},
    "overflow-exp": {"overflow"},
    "overflow-log": {"overflow"},
}
"""Names of the exercises' own, beside those of ``check_backprop``."""


def sheets() -> dict[str, Sheet]:
    """Every sheet by its file."""
    return {sheet.file: sheet for lab in labs.LABS.values() if lab.homework for sheet in lab.homework.sheets}


def load(source: str, name: str) -> ModuleType:
    """Run a file as a module of that name."""
    module = ModuleType(name)
    sys.modules[name] = module  # its dataclasses look themselves up
    exec(compile(source, f"<{name}>", "exec"), vars(module))  # noqa: S102 (our own texts)
    return module


def judge(slip: Slip, exercise: Exercise, solution: ModuleType) -> Verdict:
    """Judge the function in which the slip was made; what it raises is a crash."""

    def stop(*_: Any) -> None:
        raise TimeoutError("It does not end.")

    signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
    try:
        return exercise.judge(load(slip.source(), "student"), solution)
    except Exception as error:
        return Verdict("crashed", clues=(f"{type(error).__name__}: {error}",))
    finally:
        signal.alarm(0)


def answer(slip: Slip, verdict: Verdict) -> str:
    """Say how a slip was answered: named, other name, its line or its shape told, unnamed, not seen."""
    if verdict.status == "right":
        return "not seen"
    told = {one.name for one in verdict.mistakes}
    kind = slip.kind
    if told & (NAMES.get(kind, {kind}) | MORE.get(kind, set())):
        return "named"
    if kind.startswith(("other-", "unlisted-")):
        return "described" if told or verdict.clues else "unnamed"
    if verdict.status == "crashed":
        return "crashed"
    if told:
        return "other name"
    return "shape told" if any("has the shape" in clue for clue in verdict.clues) else "unnamed"


def main(arguments: list[str] | None = None) -> int:
    """Judge every slip and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m corpus.evaluate_labs", description=__doc__)
    parser.add_argument("--show", default="", help="print the slips answered like this, e.g. 'other name'")
    parser.add_argument("--every", type=int, default=1, help="take each n-th slip")
    options = parser.parse_args(arguments)
    tell = Console(soft_wrap=True, highlight=False, markup=False).print
    known, counts = sheets(), defaultdict[str, Counter[str]](Counter)
    solutions = {
        file: load(sheet.solution.read_text(encoding="utf-8"), f"solved_{file}") for file, sheet in known.items()
    }
    for slip in SLIPS[:: options.every]:
        exercises = {one.function: one for one in known[slip.lab_file].exercises}
        if slip.function not in exercises:
            counts[slip.lab_file]["not asked for"] += 1
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            verdict = judge(slip, exercises[slip.function], solutions[slip.lab_file])
        found = answer(slip, verdict)
        counts[slip.lab_file][found] += 1
        if options.show and options.show in found:
            said = [one.name for one in verdict.mistakes] or verdict.clues[:2]
            tell(f"  {slip.name}: {found}: {said}  ({slip.sentence})")
    for file, counted in counts.items():
        tell(f"{file}: {dict(counted.most_common())}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
