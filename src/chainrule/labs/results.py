"""Results: what came of a lab, in memory and in a folder."""

from __future__ import annotations

import json
import math
import platform
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from chainrule.files.atomic import write_whole
from chainrule.labs import predictions
from chainrule.labs.figures import common_pictures, same_points, write_animation
from chainrule.labs.folder import RESULTS, animation_path, files_of, network_name, results_folder
from chainrule.models.model_file import save

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Mapping

    from chainrule.labs.experiment import ExperimentResult
    from chainrule.labs.report_text import ReportText
    from chainrule.labs.task_result import TaskResult
    from chainrule.plot import Picture


class RanLab(Protocol):
    """What results say of the lab that they are of."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def file(self) -> Path | None:
        """Where it lies, if it was read from a file."""

    @property
    def report_text(self) -> ReportText:
        """The words of its report."""

    @property
    def figures(self) -> Callable[[LabResult], dict[str, Picture]]:
        """What draws its pictures."""


@dataclass(frozen=True)
class LabResult:
    """A lab that ran: its trainings, and what is needed to run it again.

    Attributes
    ----------
    lab : Lab
    seed : int
    config : dict
        Every setting by name.
    results : tuple of TaskResult
        One a training.
    seconds : float
    experiments : tuple of ExperimentResult
        Those that ran.
    failure : str or None
        Why a training could not be made, and those after it are missing.
    student : dict of str to str, optional
        The files of a submission that computed all this, each by its sheet.
    beside : tuple of TaskResult
        The engine's runs of the same trainings, beside a student's.
    """

    lab: RanLab = field(repr=False)
    seed: int
    config: Mapping[str, Any]
    results: tuple[TaskResult, ...]
    seconds: float
    experiments: tuple[ExperimentResult, ...] = ()
    failure: str | None = None
    student: Mapping[str, str] | None = None
    beside: tuple[TaskResult, ...] = ()

    @property
    def interrupted(self) -> bool:
        """Whether Ctrl-C ended it early, or its experiments."""
        early = any(result.run.status == "stopped" for result in self.results)
        return early or any(experiment.interrupted for experiment in self.experiments)

    def figures(self) -> dict[str, Picture]:
        """Draw the lab's pictures, those that all labs have, and those of its experiments, by name."""
        pictures = self.lab.figures(self)
        pictures |= common_pictures(self.results, self.lab.report_text.explained, pictures)
        for experiment in self.experiments:
            pictures |= experiment.figures()
        return pictures

    def to_dict(self) -> dict[str, Any]:
        """Return what results.json holds."""
        first = same_points(self.results)
        return {
            **lab_of(self.lab),
            "seed": self.seed,
            "config": dict(self.config),
            "versions": versions(),
            "seconds": round(self.seconds, 3),
            "data": {done.name: {**predictions.data(done.task), "same_as": first[done.name]} for done in self.results},
            "animations": [f"{result.name}_training" for result in self.results if result.film],
            "runs": [result.to_dict() for result in self.results],
            "experiments": [experiment.to_dict() for experiment in self.experiments],
            **({} if self.student is None else {"student": dict(self.student)}),
            **({} if self.student is None else {"beside": [result.brief() for result in self.beside]}),
        }

    def write(self, folder: Path) -> list[str]:
        """Write results.json, pictures, animations, and each trained network into a draft; return their names."""
        content = self.to_dict()
        for name, result in zip(content["animations"], (one for one in self.results if one.film), strict=True):
            write_animation(result, folder / animation_path(name))
        return write_results(folder, content, self.figures(), self.results)

    def save(self, folder: str | os.PathLike[str]) -> list[Path]:
        """Write results.json, figures/*.svg and *.png, and each trained network; return the files.

        The folder appears whole or not at all, and takes the place of an older run of this lab; files of your own in
        it stay. A folder of another lab, or one that holds other things, is refused.
        """
        with results_folder(folder, self.lab.name) as draft:
            names = self.write(draft)
        return [Path(folder) / name for name in names]


def lab_of(lab: RanLab) -> dict[str, str]:
    """Name the lab, and the file it was read from, if it was."""
    return {"lab": lab.name} if lab.file is None else {"lab": lab.name, "lab_file": str(lab.file)}


def versions() -> dict[str, str]:
    """Say which versions computed this."""
    return {
        "python": platform.python_version(),
        **{name: version(name) for name in ("chainrule", "numpy", "scipy", "matplotlib")},
    }


def write_results(
    folder: Path, content: Mapping[str, Any], figures: Mapping[str, Picture], results: Iterable[TaskResult]
) -> list[str]:
    """Write the figures, the network of each of ``content["runs"]``, and results.json last; return their names."""
    save_figures(folder, figures)
    for run, result in zip(content["runs"], results, strict=True):
        save(folder / network_name(run), result.task.net, result.run.theta)
    whole = {**content, "figures": list(figures)}
    write_json(folder / RESULTS, whole)
    return files_of(whole)


def write_json(path: Path, content: Mapping[str, Any]) -> Path:
    """Write JSON that every reader accepts, a line an entry and a run: numbers that are not finite become null."""
    lines = [f"{json.dumps(key)}: {_one_line_each(value)}" for key, value in _plain(content).items()]
    return write_whole(path, "{\n" + ",\n".join(lines) + "\n}\n")


def _one_line_each(value: Any) -> str:
    """Write a list of objects an object a line, anything else on one line."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n " + ",\n ".join(json.dumps(item, allow_nan=False) for item in value) + "\n]"
    return json.dumps(value, allow_nan=False)


def save_figures(target: Path, figures: Mapping[str, Picture]) -> None:
    """Write each figure as SVG and as PNG."""
    from chainrule import plot

    for name, figure in figures.items():
        for suffix in ("svg", "png"):
            plot.save(figure, target / "figures" / f"{name}.{suffix}")


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
