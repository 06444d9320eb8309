"""How the checker serves public code: every case handed over as its author has it and, where that is refused, wrapped.

``python -m corpus.wild.evaluate`` counts each half; ``--details`` also prints what was said of each open case,
never of a held-out one or one of a later collection. Code of sigmoids that takes class labels is given samples of its
own, with one class each, as its user has to give them.

The rules. A *name told* is that of a mistake with a confidence of at least ½. It *fits* a tag of the case if it,
one of its readings or what it is "also" is among the names that ``names.toml`` allows for the tag (a tag that is
not there allows itself), or if what is told is a line to change, and one of the case's ``lines``; where code raises an
error, the error's name is told, too. The first rule that holds is the outcome.

0. Where the refusal prints a wrapper that leaves nothing open, that is what is checked.
1. *nothing to hand over*: the case is a handful of functions of which none is the gradient. Of a script it is its path.
2. *refused*: the checker raises an error, or says that the code raised one and it is not code that raises, or
   nothing that the code returns was compared: no block is called right or wrong, and no mistake is told.
3. Right code, and code right up to a factor: *accepted* if the report is ok or its verdict begins with "right", or
   the case is one of a factor and all names told fit; *accused* if a name is told; *unsure* otherwise.
4. Wrong code: *not seen* if the report is ok, or its verdict begins with "right" and no name told fits; *rightly*
   if names are told, all fit, and every tag that has names is told; *partly* if all fit and a tag is not told;
   *rightly and more* if some fit and others do not; *wrongly* if names are told and none fits; *unsure* if none is
   told, and *unsure, no name fits* if there is none for any of its mistakes.
5. Random code: *told* if the verdict is "undecided" or the report says that the code is random or speaks of its
   seed; *accepted* if the report is ok; *accused* if a name is told; *unsure* otherwise.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import re
import sys
import tomllib
import warnings
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule import check_backprop
from chainrule.check.repairs import watched_code
from chainrule.check.repairs.told_repair import NAME
from corpus.wild.case import HALVES, HERE, Case, cases

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES: dict[str, list[str]] = tomllib.loads((HERE / "names.toml").read_text(encoding="utf-8"))
watched_code.NOT_STUDENTS += [HERE / "case.py", HERE / "helpers.py", *(HERE / half / "drivers" for half in HALVES)]
KINDS = {"right": "right", "right up to a factor": "right", "wrong": "wrong", "random": "random"}
LOOKED_AT = (
    "open",
    "held_out",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
)  # by those who mend the checker; of the others nothing is printed but counts
AT_ITS_LINE = "at its line"
WAYS = ("as its author has it", "wrapped where that is refused", "altogether", "wrapped with its own loss")
OUTCOMES = {
    "right": ("accepted", "accused", "unsure", "refused", "nothing to hand over"),
    "wrong": (
        "rightly",
        "rightly and more",
        "partly",
        "wrongly",
        "unsure",
        "unsure, no name fits",
        "not seen",
        "refused",
        "nothing to hand over",
    ),
    "random": ("told", "accepted", "accused", "unsure", "refused", "nothing to hand over"),
}


@dataclass(frozen=True)
class Outcome:
    """What became of one case, and the words of the checker."""

    kind: str
    said: str


def handed_over(case: Case) -> Outcome:
    """Check what the author of a case has in hand."""
    if not case.meta["call"] and not case.script:
        return Outcome("nothing to hand over", "")
    return checked(case, case.handed_over)


def printed(case: Case, refusal: str) -> Outcome | None:
    """Check the wrapper that a refusal prints, where it leaves nothing open; None where it prints none."""
    found = re.search(r"^def (\w+)\((?:.*\n)+(?=check_backprop)", refusal, re.MULTILINE)
    if found is None or "..." in found[0]:
        return None

    def student() -> Any:
        names = {"np": np, **vars(case.module()), "model": case.handed_over()}
        exec(found[0], names)  # noqa: S102 - text of our own
        return names[found[1]]

    return checked(case, student)


def wrapped(case: Case) -> Outcome:
    """Check the case in its driver's wrapper, which returns the loss if the author's own function does."""
    return checked(case, lambda: case.wrapper(with_loss=case.meta["told"] == "returned"))


def with_loss(case: Case) -> Outcome:
    """Check the case in a wrapper that also returns the loss that its author has as a function or a method."""
    return checked(case, lambda: case.wrapper(with_loss=True))


def checked(case: Case, student: Callable[[], Any]) -> Outcome:
    """Check what ``student()`` makes and judge the report by the rules."""
    np.random.seed(0)  # cases draw from NumPy's global stream
    with warnings.catch_warnings(), np.errstate(all="ignore"), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        try:
            report = check_backprop(student(), case.network, **samples(case))
        except Exception as error:  # whatever is raised, the case is refused
            return Outcome("refused", f"{type(error).__name__}: {error}")
    return Outcome(judged(case, report.to_dict(), str(report)), str(report))


def samples(case: Case) -> dict[str, Any]:
    """Return samples with one class each for sigmoids that learn from labels, and nothing for other code."""
    if not case.meta.get("labels") or case.meta["loss"] == "cross_entropy":
        return {}
    random, n_outputs = np.random.default_rng(0), case.network.layers[-1].n_outputs
    T = np.eye(n_outputs)[random.permutation(np.arange(15) % n_outputs)]
    return {"X": random.standard_normal((15, case.meta["n_features"])), "T": T}


def judged(case: Case, report: dict[str, Any], text: str) -> str:
    """Return the outcome of a report, by the rules."""
    tags = [set(NAMES.get(tag, [tag])) for tag in case.meta.get("kinds", [])]
    told = [names_of(m) | at_its_line(m, case) for m in report["mistakes"] if m["confidence"] >= 0.5]
    told += [set(re.findall(r"raised (\w+) in line", text))] if report["raised"] else []
    fitting = [names for names in told if AT_ITS_LINE in names or any(names & tag for tag in tags)]
    compared = report["ok"] or report["wrong"] or report["right"] or report["mistakes"]
    if case.meta["truth"] == "random" and report["verdict"] == "undecided":
        return "told"
    if (report["raised"] or not compared) and "raises" not in case.meta["ratios"][0]:
        return "refused"
    return {"right": of_right, "wrong": of_wrong, "random": of_random}[KINDS[case.meta["truth"]]](
        case, report, text, tags, told, fitting
    )


def names_of(mistake: dict[str, Any]) -> set[str]:
    """Return every name that a mistake goes by."""
    others = [other if isinstance(other, str) else other.get("name", "") for other in mistake["readings"]]
    also = [other if isinstance(other, str) else other.get("name", "") for other in mistake["also"]]
    return {mistake["name"], *others, *also}


def at_its_line(mistake: dict[str, Any], case: Case) -> set[str]:
    """Return that a mistake was told by its line, where that is one of those that the case has wrong."""
    found = re.match(r"line (\d+)", mistake.get("where", ""))
    is_its_line = mistake["name"] == NAME and found is not None and int(found[1]) in case.meta.get("lines", [])
    return {AT_ITS_LINE} if is_its_line else set()


Names = list[set[str]]


def of_right(case: Case, report: dict[str, Any], _: str, __: Names, told: Names, fitting: Names) -> str:
    """Judge the report of right code, or of code right up to a factor."""
    factor = case.meta["truth"] == "right up to a factor" and told and len(fitting) == len(told)
    if report["ok"] or report["verdict"].lower().startswith("right") or factor:
        return "accepted"
    return "accused" if told else "unsure"


def of_wrong(_: Case, report: dict[str, Any], __: str, tags: Names, told: Names, fitting: Names) -> str:
    """Judge the report of wrong code."""
    if report["ok"] or (report["verdict"].lower().startswith("right") and not fitting):
        return "not seen"
    if not told:
        return "unsure" if any(tags) else "unsure, no name fits"
    if not fitting:
        return "wrongly"
    if len(fitting) < len(told):
        return "rightly and more"
    if any(
        AT_ITS_LINE in names for names in told
    ):  # with all that is told the gradient is right, or what is left has clues
        return "partly" if report["clues"] else "rightly"
    missed = [tag for tag in tags if tag and not any(names & tag for names in told)]
    return "partly" if missed else "rightly"


def of_random(_: Case, report: dict[str, Any], text: str, __: Names, told: Names, ___: Names) -> str:
    """Judge the report of random code."""
    if report["verdict"].lower().startswith("undecided") or "random" in text.lower() or "seed" in text.lower():
        return "told"
    return "accepted" if report["ok"] else "accused" if told else "unsure"


def table(title: str, found: dict[str, Counter[str]]) -> str:
    """Return counts by the truth of the cases, one line each."""
    lines = [title]
    for kind, outcomes in OUTCOMES.items():
        counts = [f"{found[kind][o]} {o}" for o in outcomes if found[kind][o]]
        lines.append(f"  {kind:7} {sum(found[kind].values()):3}: {', '.join(counts)}")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Check all cases and print the counts."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--details", action="store_true", help="what was said of each open case")
    details = options.parse_args().details
    for half in HALVES:
        found = {way: {kind: Counter[str]() for kind in OUTCOMES} for way in WAYS}
        for case in cases(half):
            for way, outcome in outcomes(case).items():
                found[way][KINDS[case.meta["truth"]]][outcome.kind] += 1
                if details and half in LOOKED_AT and way != "altogether":
                    head = f"{case.meta['number']:3} {case.name} ({case.meta['truth']}), {way}: {outcome.kind}"
                    sys.stdout.write(f"\n=== {head}\n{outcome.said}\n")
        for way, counts in found.items():
            sys.stdout.write(table(f"{half}, {way}", counts))


def outcomes(case: Case) -> dict[str, Outcome]:
    """Return what became of a case in each way that it can be checked."""
    found = {"as its author has it": handed_over(case)}
    if (as_printed := printed(case, found["as its author has it"].said)) is not None:
        found["as its author has it"] = as_printed
    if found["as its author has it"].kind in ("refused", "nothing to hand over"):
        found["wrapped where that is refused"] = wrapped(case)
    found["altogether"] = list(found.values())[-1]
    if case.tells_loss:
        found["wrapped with its own loss"] = with_loss(case)
    return found


if __name__ == "__main__":
    main()
