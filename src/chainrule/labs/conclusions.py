"""Conclusions: what an experiment shows, in sentences made from its numbers in results.json alone.

A sentence says which settings are ahead of which, first by the share of runs that succeed, among these by accuracy,
among these by epochs or, where all run equally long, by loss. Settings whose ranges over the seeds overlap are level.
"""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any, NamedTuple

from chainrule.labs.experiment import AS_PRINTED, spell_value
from chainrule.language.translation import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Row = dict[str, Any]

SUCCESSES = ("converged", "done")
SHARE = 0.56  # times 1/√n: a difference of n runs' shares is clear from two of five, and from three of twenty
LEAST = 0.01  # a smaller difference of accuracies is none
DISTINCT = 1.1  # times as many epochs, or as large a loss; less is no difference
OFTEN = 0.05  # share of the epochs
LN2 = math.log(2)


class Criterion(NamedTuple):
    """What settings are ranked by: [median, least, greatest] of a row, and the words for it."""

    value: Callable[[Row], list[float]]
    higher: bool
    differ: Callable[[float, float], bool]  # whether two medians are different enough
    spell: Callable[[Row], str]
    most: str  # what is said of the first alone, or of several whose numbers are the same
    more: str  # what is said of several that are level without being the same


def sentences(experiment: Mapping[str, Any]) -> list[str]:
    """Return what an experiment, as ``ExperimentResult.to_dict`` has it, shows: who is ahead, what failed and how.

    Examples
    --------
    >>> summary = {"runs": 5, "epochs": [9, 8, 12], "loss": [0.1, 0.1, 0.2], "train_accuracy": [1.0, 1.0, 1.0]}
    >>> fast = {"label": "rate 1", "settings": {"rate": 1}, "run": "xor", "group": "xor", "runs": [],
    ...         "summary": {**summary, "outcomes": {"converged": 5}, "test_accuracy": None}}
    >>> slow = {**fast, "label": "rate 0.1", "settings": {"rate": 0.1},
    ...         "summary": {**fast["summary"], "epochs": [90, 80, 120]}}
    >>> for sentence in sentences({"rows": [fast, slow], "missing": []}):
    ...     print(sentence)
    rate 1 needs the fewest epochs, 9; rate 0.1: 90, 10 times as many.
    """
    groups: dict[str, list[Row]] = {}
    for row in experiment["rows"]:
        groups.setdefault(row["group"], []).append(row)
    said = []
    for group, rows in groups.items():
        start = f"{group}: " if len(groups) > 1 else ""
        said += [
            _behind(start, sentence)
            for sentence in [*_ranking(rows), *_failures(rows), *_below_zero(rows), *_dead(rows), *_leaps(rows)]
        ]
    return said + _missing(experiment["missing"])


def _behind(start: str, sentence: str) -> str:
    """Put a sentence after the name of its group.

    >>> _behind("xor: ", "No clear difference."), _behind("xor: ", "ReLUs die."), _behind("", "The loss rises.")
    ('xor: no clear difference.', 'xor: ReLUs die.', 'The loss rises.')
    """
    lower = start and sentence.startswith(("No ", "The ", "Among "))
    return start + (sentence[0].lower() + sentence[1:] if lower else sentence)


def spell(quantity: str, value: float | None) -> str:
    """Write a number as the sentences have it.

    >>> spell("accuracy", 0.988), spell("epochs", 4693.5), spell("loss", 0.00019), spell("ratio", 15.76)
    ('0.99', '4694', '0.00019', '16')
    """
    if value is None or not math.isfinite(value):
        return "not finite"
    if quantity == "loss":
        size = abs(value)
        digits = ".3g" if size >= 1e4 else ".4f" if size >= 0.01 else ".5f" if size >= 1e-4 else ".1e"
        return f"{value:{digits}}" if value else "0"
    if quantity == "ratio":
        return f"{value:.2g}" if value < 9.95 else f"{value:.0f}"
    return f"{value:.2f}" if quantity == "accuracy" else f"{value + 1e-9:.0f}"


def _ranking(rows: Sequence[Row]) -> list[str]:
    """Rank settings by one criterion after the other, each among those the last one left level."""
    if len(rows) == 1:
        return [_alone(rows[0])]
    said, level = [], list(rows)
    for criterion in _criteria(rows):
        ahead = _ahead(level, criterion)
        if 0 < len(ahead) < len(level):
            among = "" if len(level) == len(rows) else "Among these, "
            said.append(among + _compare(ahead, [row for row in level if row not in ahead], criterion))
            level = ahead
    if said:
        return said
    scores = ", ".join(_score(row) for row in rows)
    return [f"No clear difference between {_names(rows)}: {_name(rows[0])} {scores}."]


def _alone(row: Row) -> str:
    outcomes = row["summary"]["outcomes"]
    ends = ", ".join(f"{count} of {row['summary']['runs']} {name}" for name, count in outcomes.items())
    return f"{row['label']}: {ends}, {_name(row)} {_score(row)}."


def _criteria(rows: Sequence[Row]) -> list[Criterion]:
    """Return what these rows can be ranked by."""
    converged = any(row["summary"]["outcomes"].get("converged") for row in rows)
    clear = SHARE / math.sqrt(min(row["summary"]["runs"] for row in rows))
    share = Criterion(
        lambda row: [_successes(row) / row["summary"]["runs"]] * 3,
        True,
        lambda best, other: abs(best - other) > clear,
        lambda row: f"{_counted(row, converged=converged)} of {row['summary']['runs']}",
        *(
            ("converges in the most runs", "converge in more runs")
            if converged
            else ("fails in the fewest runs", "fail in fewer runs")
        ),
    )
    held_out = all(row["summary"]["test_accuracy"] for row in rows)
    which = "test_accuracy" if held_out else "train_accuracy"
    samples = f"{'held-out' if held_out else 'training'} samples"
    classes = _name(rows[0]) == "accuracy"
    accuracy = Criterion(
        lambda row: row["summary"][which],
        True,
        lambda best, other: abs(round(best, 2) - round(other, 2)) >= LEAST - 1e-9,
        lambda row: spell("accuracy", row["summary"][which][0]),
        f"reads the most {samples} right" if classes else f"gets the highest {_name(rows[0])} on {samples}",
        f"read more {samples} right" if classes else f"get a higher {_name(rows[0])} on {samples}",
    )
    if converged:
        return [share, accuracy, _cost("epochs", "needs the fewest epochs", "need fewer epochs")]
    return [share, accuracy, _cost("loss", "ends at the lowest loss", "end at a lower loss")]


def _cost(quantity: str, most: str, more: str) -> Criterion:
    """A criterion of which less is better, compared by ratio."""
    return Criterion(
        lambda row: row["summary"][quantity],
        False,
        lambda best, other: other > DISTINCT * best,
        lambda row: spell(quantity, row["summary"][quantity][0]),
        most,
        more,
    )


def _successes(row: Row) -> int:
    return sum(row["summary"]["outcomes"].get(name, 0) for name in SUCCESSES)


def _counted(row: Row, *, converged: bool) -> int:
    """The successes where there is a criterion to meet; where there is none, the failures."""
    return _successes(row) if converged else row["summary"]["runs"] - _successes(row)


def _ahead(rows: Sequence[Row], criterion: Criterion) -> list[Row]:
    """Return the best row and those level with it, down to the first that is not; none where a number is not finite."""
    values = [criterion.value(row) for row in rows]
    if any(value is None or not math.isfinite(value) for triple in values for value in triple):
        return []
    sign = 1 if criterion.higher else -1
    order = sorted(range(len(rows)), key=lambda i: -sign * values[i][0])
    level = list(itertools.takewhile(lambda i: not _worse(values[i], values[order[0]], criterion), order))
    return [rows[i] for i in sorted(level)]


def _worse(triple: Sequence[float], best: Sequence[float], criterion: Criterion) -> bool:
    """Whether the medians are different enough and the ranges do not overlap."""
    (median, least, greatest), (best_median, best_least, best_greatest) = triple, best
    disjoint = greatest < best_least if criterion.higher else least > best_greatest
    return criterion.differ(best_median, median) and disjoint


def _compare(ahead: Sequence[Row], behind: Sequence[Row], criterion: Criterion) -> str:
    """Word who is ahead of whom, and by how much."""
    sign = -1 if criterion.higher else 1
    first, *others = sorted(behind, key=lambda row: sign * criterion.value(row)[0])
    best, second = criterion.value(ahead[0])[0], criterion.value(first)[0]
    rest = "".join(f"; {row['label']}: {criterion.spell(row)}" for row in others)
    scores = [criterion.spell(row) for row in ahead]
    if len(set(scores)) > 1:
        return f"{_names(ahead)} {criterion.more}, {listed(scores)}; {first['label']}: {criterion.spell(first)}{rest}."
    by = "" if criterion.higher or not best else f", {spell('ratio', second / best)} times as {_much(criterion)}"
    verb = criterion.most if len(ahead) == 1 else criterion.most.replace("s ", " ", 1)
    return f"{_names(ahead)} {verb}, {scores[0]}; {first['label']}: {criterion.spell(first)}{by}{rest}."


def _much(criterion: Criterion) -> str:
    return "many" if "epochs" in criterion.most else "high"


def _names(rows: Sequence[Row]) -> str:
    """Name rows, the setting once where it is one: learning rate 0.3 and 10."""
    words = [row["label"] for row in rows]
    [*keys] = rows[0]["settings"]
    value = spell_value(rows[0]["settings"][keys[0]]) if len(keys) == 1 else ""
    if value and words[0].endswith(f" {value}"):
        words = [words[0], *(spell_value(row["settings"][keys[0]]) for row in rows[1:])]
    return listed(words)


def _name(row: Row) -> str:
    """What the score of a row's runs is called."""
    return str(row["runs"][0].get("score", "accuracy")) if row["runs"] else "accuracy"


def _score(row: Row) -> str:
    """Median and range of the accuracy that counts."""
    held_out = row["summary"]["test_accuracy"]
    median, least, greatest = (spell("accuracy", value) for value in held_out or row["summary"]["train_accuracy"])
    return f"{median} ({least}–{greatest})"


def _failures(rows: Sequence[Row]) -> list[str]:
    """Say of each setting what failed and how."""
    said = []
    for row in rows:
        counts = {name: n for name, n in row["summary"]["outcomes"].items() if name not in SUCCESSES}
        endings = [f"{n} of {row['summary']['runs']} {_ending(row, name)}" for name, n in counts.items()]
        if endings:
            said.append(f"{row['label']}: {', '.join(endings)}.")
    return said


def _ending(row: Row, outcome: str) -> str:
    """Word how runs failed, with the median of its runs."""
    runs = [run for run in row["runs"] if run["outcome"]["name"] == outcome]
    loss = _middle([run["loss"] for run in runs])
    score = f"{_name(row)} {spell('accuracy', _middle([run['accuracy']['train'] for run in runs]))}"
    epochs = spell("epochs", _middle([run["epochs"] for run in runs]))
    known = ", ln 2 = 0.6931" if loss is not None and abs(loss - LN2) < 0.01 * LN2 else ""
    return {
        "not finished": f"not finished within {epochs} epochs (loss {spell('loss', loss)}, {score})",
        "fell short": f"short of what can be reached (loss {spell('loss', loss)}, {score})",
        "stuck": f"stuck (loss {spell('loss', loss)}, {score})",
        "diverged": f"diverged (after {epochs} epochs, loss {spell('loss', loss)})",
        "collapsed": f"collapsed to a constant answer (loss {spell('loss', loss)}{known})",
        "failed": f"given up by the optimizer after {epochs} iterations (loss {spell('loss', loss)})",
    }.get(outcome, outcome)


def _below_zero(rows: Sequence[Row]) -> list[str]:
    """Say where a text's loss, printed with its mistake, went below 0, which no loss of classes can."""
    said = []
    for row in rows:
        below = [run for run in row["runs"] if run["loss"] is not None and run["loss"] < 0]
        if row["settings"].get(AS_PRINTED) and below:
            loss, epochs = (_middle([run[name] for run in below]) for name in ("loss", "epochs"))
            score = spell("accuracy", _middle([run["accuracy"]["train"] for run in below]))
            ends = f"(loss {spell('loss', loss)}, {_name(row)} {score})"
            said.append(
                f"{row['label']}: {len(below)} of {len(row['runs'])} end at a loss below 0 after "
                f"{spell('epochs', epochs)} epochs {ends}: no cross-entropy can be that low, so that neither its fall "
                "nor its threshold says that anything was learnt."
            )
    return said


def _middle(values: Sequence[float | None]) -> float | None:
    finite = sorted(value for value in values if value is not None and math.isfinite(value))
    return (finite[(len(finite) - 1) // 2] + finite[len(finite) // 2]) / 2 if finite else None


def _dead(rows: Sequence[Row]) -> list[str]:
    """Say how many ReLUs are dead, where any are: layer by layer, as the table has it."""
    counted = [row for row in rows if row["runs"] and "dead_units" in row["runs"][0]]
    shares = []
    for row in counted:
        layers = zip(*(run["dead_units"] for run in row["runs"]), strict=True)
        dead = [_middle(layer) or 0 for layer in layers]
        if any(dead):
            units = row["runs"][0]["hidden"]
            alike = len(units) > 1 and len(set(units)) == 1
            total = f"{len(units)} × {units[0]}" if alike else " + ".join(map(str, units))
            shares.append(f"{' + '.join(f'{n:g}' for n in dead)} of {total} at {row['label']}")
    return [f"ReLUs that are 0 on every training sample, median: {', '.join(shares)}."] if shares else []


def _leaps(rows: Sequence[Row]) -> list[str]:
    """Say how often a loss that should fall rises, where it does so often."""
    rises = [(row["label"], _middle([run.get("rises") for run in row["runs"]])) for row in rows]
    often = [
        f"{100 * share:.0f} % of the epochs at {name}" for name, share in rises if share is not None and share >= OFTEN
    ]
    return [f"The loss rises in {listed(often)}."] if often else []


def _missing(gaps: Sequence[Mapping[str, Any]]) -> list[str]:
    """Say which seeds of which settings are missing, and why."""
    seeds: dict[tuple[str, str], list[str]] = {}
    for gap in gaps:
        seeds.setdefault((gap["label"], gap["reason"].rstrip(".")), []).append(str(gap["seed"]))
    return [f"Missing: {label}, seeds {', '.join(which)} ({reason})." for (label, reason), which in seeds.items()]
