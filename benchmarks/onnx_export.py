"""``python -m benchmarks.onnx_export``: write random models as ONNX, and compare what each runtime answers."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np
import onnx

import chainrule as cr
from benchmarks.onnx_models import ROUTES, random_case
from benchmarks.onnx_runtimes import by_onnxruntime, by_reference, by_tract, by_web, web_version

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.onnx_models import Case

PACKAGES = ("chainrule", "onnx", "onnxruntime", "skl2onnx", "scikit-learn", "numpy")


@dataclass
class Outcome:
    """What a runtime made of the models of a route and a dtype."""

    n: int = 0
    n_refused: int = 0
    worst: float = 0.0
    n_labels: int = 0
    n_wrong_labels: int = 0
    reasons: set[str] = field(default_factory=set)

    def add(self, case: Case, answers: list[Any]) -> None:
        """Hold the answers against those of Python."""
        numbers = case.numbers.reshape(answers[0].shape)
        self.n += 1
        self.worst = max(self.worst, float((np.abs(answers[0] - numbers) / np.maximum(1.0, np.abs(numbers))).max()))
        if case.labels is not None and answers[-1] is not None:
            self.n_labels += case.labels.size
            self.n_wrong_labels += int((answers[-1] != case.labels).sum())

    def __str__(self) -> str:
        """Return a cell of the table."""
        if not self.n:
            return "not read"
        labels = f", labels {self.n_labels - self.n_wrong_labels} of {self.n_labels}" if self.n_labels else ""
        refused = f", {self.n_refused} not read" if self.n_refused else ""
        return f"{self.worst:.1e}{labels}{refused}"


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--models", type=click.IntRange(1), default=300, show_default=True, help="How many models, seeds 0, 1, …")
@click.option("--web", type=click.Path(path_type=Path, exists=True, file_okay=False), default=None,
              help="Folder in which npm installed onnxruntime-web; without it that is left out.")  # fmt: skip
def main(models: int, web: Path | None) -> None:
    """Compare onnxruntime, onnx's evaluator, tract where it is installed, and onnxruntime-web, with predict."""
    runtimes: dict[str, Callable[..., Any]] = {"onnxruntime": by_onnxruntime, "reference": by_reference}
    names = [*PACKAGES]
    if installed := _version("tract"):
        runtimes["tract"], names = by_tract, [*names, "tract"]
    table: dict[tuple[str, str, str], Outcome] = defaultdict(Outcome)
    with tempfile.TemporaryDirectory() as folder:
        cases, paths = _written(models, Path(folder))
        for name, answer in runtimes.items():
            for case, path in zip(cases, paths, strict=True):
                _try(table[case.route, str(case.X.dtype), name], case, answer, path)
        if web:
            for case, answers in zip(cases, by_web(paths, [case.X for case in cases], web), strict=True):
                table[case.route, str(case.X.dtype), "onnxruntime-web"].add(case, answers)
    columns = [*runtimes, *(["onnxruntime-web"] if web else [])]
    click.echo(f"{models} models; " + ", ".join(f"{name} {_version(name)}" for name in names), nl=False)
    click.echo(f", onnxruntime-web {web_version(web)}" if web else "")
    _show(table, columns)
    click.echo("" if installed else "tract is not installed.")


def _written(n: int, folder: Path) -> tuple[list[Case], list[Path]]:
    """Write the models, each held against ONNX's rules."""
    cases, paths = [random_case(seed) for seed in range(n)], [folder / f"{seed}.onnx" for seed in range(n)]
    for case, path in zip(cases, paths, strict=True):
        cr.export_onnx(case.model, path, X=case.X if case.route == "pipeline" else None)
        onnx.checker.check_model(str(path), full_check=True)
    return cases, paths


def _try(outcome: Outcome, case: Case, answer: Callable[..., Any], path: Path) -> None:
    """Ask a runtime; it may lack an operation."""
    try:
        answers = answer(path, case.X)
    except Exception as error:  # each runtime raises its own
        outcome.n_refused += 1
        outcome.reasons.add(str(error).splitlines()[0])
        return
    outcome.add(case, answers)


def _show(table: dict[tuple[str, str, str], Outcome], columns: list[str]) -> None:
    click.echo(f"\n| route | dtype | models | {' | '.join(columns)} |\n|{'---|' * (3 + len(columns))}")
    for route in ROUTES:
        for dtype in ("float32", "float64"):
            outcomes = [table[route, dtype, column] for column in columns]
            cells = " | ".join(map(str, outcomes))
            click.echo(f"| {route} | {dtype} | {outcomes[0].n + outcomes[0].n_refused} | {cells} |")
    for (route, dtype, column), outcome in table.items():
        for reason in sorted(outcome.reasons):
            click.echo(f"{column} on {route}, {dtype}: {reason}")


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


if __name__ == "__main__":
    main()
