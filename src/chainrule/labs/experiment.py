"""Experiments: a question put to a lab, its settings varied, each over several seeds, and what was found."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chainrule.plot import Picture

AS_PRINTED = "as_printed"  # no setting of a lab's, and varied like one: whether the text's mistake is reproduced
RUN_SETTINGS = ("runs", "data_sets")  # the settings that say which trainings there are


@dataclass(frozen=True)
class Experiment:
    """A question put to a lab: every combination of the values of ``vary``, over several seeds.

    Attributes
    ----------
    name, title, question : str
    vary : mapping of setting to values
        Where a setting that says which trainings there are (``runs``, ``data_sets``) is varied, each of its values is
        one name, and the trainings are compared with each other; else each training's settings are. ``as_printed`` may
        be varied, too.
    fixed : mapping of setting to value
        What else differs from the lab's defaults: the cap on epochs, and which trainings.
    seeds : int
    unit : str
        What its training is counted in.
    """

    name: str
    title: str
    question: str
    vary: Mapping[str, Sequence[Any]]
    fixed: Mapping[str, Any] = field(default_factory=dict)
    seeds: int = 5
    unit: str = "epoch"

    @property
    def compares_runs(self) -> bool:
        """Whether trainings are compared, rather than settings of one."""
        return any(name in RUN_SETTINGS for name in self.vary)

    def combinations(self) -> list[dict[str, Any]]:
        """Return every combination of the values varied.

        >>> Experiment("e", "", "", {"rate": [1, 2], "hidden": [3]}).combinations()
        [{'rate': 1, 'hidden': 3}, {'rate': 2, 'hidden': 3}]
        """
        return [dict(zip(self.vary, values, strict=True)) for values in itertools.product(*self.vary.values())]


@dataclass(frozen=True)
class ExperimentResult:
    """An experiment that ran: a row for each combination and each training, and what is missing."""

    experiment: Experiment
    seeds: tuple[int, ...]
    rows: tuple[dict[str, Any], ...] = field(repr=False)
    missing: tuple[dict[str, Any], ...]

    @property
    def interrupted(self) -> bool:
        """Whether Ctrl-C left something out."""
        return any(gap["reason"] == INTERRUPTED for gap in self.missing)

    def to_dict(self) -> dict[str, Any]:
        """Return what results.json holds, in plain JSON types."""
        asked, caps = self.experiment, {run["cap"] for row in self.rows for run in row["runs"]}
        return {
            "name": asked.name,
            "title": asked.title,
            "question": asked.question,
            "vary": jsonable(asked.vary),
            "fixed": jsonable(asked.fixed),
            "seeds": list(self.seeds),
            "cap": caps.pop() if len(caps) == 1 else None,
            "rows": list(self.rows),
            "missing": list(self.missing),
        }

    def figures(self) -> dict[str, Picture]:
        """Draw the curves of all settings over each other, one picture for each group of rows."""
        from chainrule import plot

        groups: dict[str, dict[str, list[Any]]] = {}
        for row in self._drawn():
            curves = groups.setdefault(row["group"], {})
            curves.setdefault(row["label"], []).extend(_curve(run) for run in row["runs"])
        title, unit = self.experiment.title, self.experiment.unit
        return {
            f"experiment_{self.experiment.name}_{group}": plot.compare_curves(
                curves,
                xlabel=unit,
                title=title if self.experiment.compares_runs else f"{title}: {group}",
            )
            for group, curves in groups.items()
        }

    def _drawn(self) -> list[dict[str, Any]]:
        """Return the rows whose curves are drawn: of each group all, or the best where they are too many."""
        from chainrule.plot.curves import LINES

        drawn = []
        for group in dict.fromkeys(row["group"] for row in self.rows):
            rows = [row for row in self.rows if row["group"] == group]
            best = sorted(rows, key=lambda row: -score_of(row))[: len(LINES)]
            drawn += [row for row in rows if row in best]
        return drawn


def score_of(row: Mapping[str, Any]) -> float:
    """Return a row's median score on held-out samples, or on the training samples where none are held out."""
    summary = row["summary"]
    median: float = (summary["test_accuracy"] or summary["train_accuracy"])[0]
    return -math.inf if median is None or not math.isfinite(median) else median


INTERRUPTED = "Ctrl-C"
KILLED = "the process that computed it was killed, perhaps because memory ran out"


def label(settings: Mapping[str, Any]) -> str:
    """Name a combination for a reader.

    >>> label({"learning_rate": 0.3, "hidden": (10, 10)}), label({"runs": "moons"})
    ('learning rate 0.3, hidden 10,10', 'moons')
    """
    return ", ".join(_spell(name, value) for name, value in settings.items())


def _spell(name: str, value: Any) -> str:
    if name == AS_PRINTED:
        return "as printed" if value else "mended"
    return f"{'' if name in RUN_SETTINGS else name.replace('_', ' ') + ' '}{spell_value(value)}"


def spell_value(value: Any) -> str:
    """Write a setting's value as one would type it."""
    if isinstance(value, list | tuple):
        return ",".join(map(spell_value, value))
    return "none" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def jsonable(value: Any) -> Any:
    """Return settings and values as plain JSON types: tuples become lists."""
    if isinstance(value, dict):
        return {name: jsonable(item) for name, item in value.items()}
    return [jsonable(item) for item in value] if isinstance(value, list | tuple) else value


def _curve(run: Mapping[str, Any]) -> tuple[list[float], list[float]]:
    """Return the loss of a run by epochs, to where it ended; one that left the finite numbers ends in a NaN."""
    last = math.nan if run["status"] == "non_finite" else run["loss"]
    return [*run["history"]["epoch"], run["epochs"]], [*run["history"]["loss"], last]
