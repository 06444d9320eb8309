"""The evaluation: the corpus is checked, case by case, and counted by kind: named, unsure, wrongly named, false alarms.

``python -m corpus.evaluate`` prints the table; ``--of fresh`` takes another collection, ``--every 5`` each
fifth case.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import numpy as np
from rich.console import Console

from chainrule.check.backprop import consult
from chainrule.check.calling import run
from chainrule.check.returned_values import Raw
from chainrule.check.trial_points import SAMPLES, random_point
from corpus import cases, changed, fresh, held_out

if TYPE_CHECKING:
    from chainrule import Network
    from chainrule.check.backprop_report import BackpropReport
    from chainrule.check.calling import Call
    from chainrule.check.edits.program import Point
    from corpus import Case

NAMES: dict[str, set[str]] = {
    "no-mean": {"mean-missing", "penalty-over-n"},
    "mean-twice": {"mean-twice", "bias-mean"},
    "mean-on-some": {"mean-missing", "mean-twice", "bias-mean"},
    "bias-mean": {"bias-mean", "mean-twice"},
    "bias-times-x": {"bias-times-input"},
    "factor-2": {"factor-two"},
    "no-derivative": {"derivative-missing"},
    "z-in-derivative": {"derivative-of-preactivation"},
    "a-in-derivative": {"derivative-of-activation"},
    "extra-output-derivative": {"output-derivative-extra"},
    "missing-output-derivative": {"output-derivative-missing"},
    "z-for-a": {"preactivation-for-input"},
    "wrong-layer-input": {"wrong-input"},
    "w-transposed": {"weights-transposed"},
    "dw-for-w": {"gradient-for-weights"},
    "output-error-passed-on": {"wrong-error", "weights-missing"},
    "last-sample-only": {"one-sample"},
    "l2-missing": {"penalty-missing"},
    "l2-halved": {"penalty-halved"},
    "l2-doubled": {"penalty-doubled"},
    "l2-on-bias": {"penalty-on-biases"},
    "l2-over-n": {"penalty-over-n"},
    "softmax-all": {"softmax-over-everything"},
    "two-losses": {"loss-and-gradient-differ", "loss-label-blind", "loss-wrong"},
    "integer": {"integers"},
    "layers-swapped": {"blocks-swapped", "derivative-of-other-layer"},
    "in-place": {"changes-arguments"},
    "unlisted-weight-gradient-transposed": {"gradient-transposed"},
    "unlisted-bias-left-out-of-forward": {"bias-not-added"},
    "unlisted-summed-to-a-number": {"inner-for-outer"},
    "unlisted-first-layer-frozen": {"gradient-zero"},
    "unlisted-one-weight-matrix-fixed": {"gradient-zero"},
    "unlisted-hidden-activation-skipped-in-forward": {"activation-wrong"},
    "unlisted-sigmoid-derivative-for-relu": {"activation-wrong"},
    "unlisted-weights-skipped-on-the-way-back": {"weights-missing"},
    "unlisted-mask-of-the-wrong-sign": {"derivative-turned"},
    "overflow-exp": {"overflow"},
    "overflow-log": {"overflow"},
}
"""The checker's names of the corpus's kinds, where they are not the same word."""


COLLECTIONS = {"first": cases, "held-out": held_out.cases, "fresh": fresh.cases}


def check(case: Case) -> BackpropReport:
    """Check a case as a user would: the code alone, and the network it is meant to be."""
    net = case.net()
    points = [random_point(net, case.l2, seed, n) for seed, n in enumerate(SAMPLES)]

    def make_call(meant: Network) -> Call:
        module, state = case.module(), {}

        def call(point: Point) -> Raw:
            views = meant.views(point.theta.copy())
            weights = [W.copy() for W, _ in views]
            biases = [None if b is None else b.copy() for _, b in views]
            found = run(case.call, module, weights, biases, point.X.copy(), point.T.copy(), point.l2, state)
            loss = None if found.loss is None else float(np.squeeze(found.loss))
            return Raw(loss, found.Y, found.gradients, found.updated, found.rate, changed=changed(state))

        return call

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return consult(net, points, make_call)


def names_of(report: BackpropReport) -> set[str]:
    """The names a report tells, with the notes'."""
    named = {name for one in report.mistakes for name in (one.name, *one.also)}
    return named | {note.split(":")[0] for note in report.notes if ":" in note}


def judge(case: Case, report: BackpropReport) -> str:
    """Say how a case was answered: right, partly, wrong, unsure, missed, or a false alarm.

    A right program that tells no loss may be right up to a factor: code that climbs is not accused.
    """
    told = names_of(report)
    sure = bool(report.mistakes) and all(one.confidence == 1.0 for one in report.mistakes)
    wanted = [NAMES.get(kind, {kind}) for kind, _ in case.mistakes]
    if not wanted:
        right = report.ok or report.verdict == "right up to a factor"
        return "right" if right else "false alarm" if sure else "unsure"
    hit = sum(bool(one & told) for one in wanted)
    if hit == len(wanted):
        return "right"
    if hit:
        return "partly"
    if report.ok and not told:
        return "missed"
    return "wrong" if sure else "unsure"


def main(arguments: list[str] | None = None) -> int:
    """Check the corpus and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m corpus.evaluate", description=__doc__)
    parser.add_argument("--kind", choices=["right", "single", "pair", "unlisted"], help="these cases alone")
    parser.add_argument("--of", choices=COLLECTIONS, default="first", help="which collection")
    parser.add_argument("--every", type=int, default=1, help="take each n-th case")
    parser.add_argument("--but", type=int, default=0, help="leave out each n-th case: those that were looked at")
    parser.add_argument("--show", default="", help="print the cases answered like this, e.g. wrong")
    options = parser.parse_args(arguments)
    tell = Console(soft_wrap=True, highlight=False, markup=False).print
    for kind in [options.kind] if options.kind else ["right", "single", "pair", "unlisted"]:
        found = COLLECTIONS[options.of](kind)
        chosen = found[:: options.every]
        if options.but:
            chosen = [case for number, case in enumerate(found) if number % options.but]
        counts: Counter[str] = Counter()
        by_kind: dict[str, Counter[str]] = defaultdict(Counter)
        began = time.perf_counter()
        for case in chosen:
            report = check(case)
            answer = judge(case, report)
            counts[answer] += 1
            for name in {name for name, _ in case.mistakes}:
                by_kind[name][answer] += 1
            if options.show and options.show in answer:
                tell(f"  {case.name} ({case.needs}): {answer}: {sorted(names_of(report))} {report.clues[:2]}")
        seconds = (time.perf_counter() - began) / max(1, len(chosen))
        tell(f"{kind}: {len(chosen)} cases, {dict(counts)}, {seconds:.2f} s each")
        if kind in ("single",):
            for name in sorted(by_kind):
                tell(f"    {name:28s} {dict(by_kind[name])}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
