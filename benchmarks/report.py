"""Report: a run's numbers as JSON, as Markdown for the documentation, and as a table on the terminal.

It reads the JSON alone, so tables and charts can be made anew without measuring.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from benchmarks import charts
from benchmarks.markdown import performance_page
from benchmarks.tables import target_rows, training_rows

if TYPE_CHECKING:
    from pathlib import Path

FILES = ("results.json", "performance.md", "chart.svg", "growth.svg")
COLORS = {"reached": "green", "fell short": "red"}
WIDTH = 130  # columns, where the output is no terminal


def save(results: dict[str, Any], out: Path) -> None:
    """Write everything that was measured."""
    (out / "results.json").write_text(json.dumps(results, indent=1) + "\n")


def read(out: Path) -> dict[str, Any]:
    """Read it again."""
    return dict(json.loads((out / "results.json").read_text()))


def write(results: dict[str, Any], out: Path) -> None:
    """Write the page and the charts; a part that was not measured has none."""
    (out / "performance.md").write_text(performance_page(results))
    if any("contenders" in entry for entry in results["training"]):
        charts.draw_training(results, out / "chart.svg")
    if results.get("growth"):
        charts.draw_growth(results, out / "growth.svg")


def show(results: dict[str, Any]) -> None:
    """Print what was measured, the page's tables in short."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDTH)
    for sentence in results.get("missing", []):
        console.print(f"[yellow]{escape(sentence)}[/yellow]")
    for setting in dict.fromkeys(entry["setting"] for entry in results["training"]):
        _show_training([entry for entry in results["training"] if entry["setting"] == setting], setting, console)
    if rows := target_rows(results):
        table = Table("workload", "setting", "target", "measured", "verdict", title="targets", title_justify="left")
        for *cells, verdict in rows:
            table.add_row(*cells, f"[{COLORS.get(verdict, 'default')}]{verdict}[/]")
        console.print(table)


def _show_training(entries: list[dict[str, Any]], setting: str, console: Console) -> None:
    table = Table(title=f"{setting}: medians and quartiles", title_justify="left")
    for at, column in enumerate(("contender", "time per epoch", "GFLOP/s", "ours is", "of limit", "run of 1")):
        table.add_column(column, justify="left" if at < 1 else "right")
    for entry in entries:
        table.add_row(f"[bold]{entry['workload']['name']}[/bold]")
        for _, *cells in training_rows(entry):
            table.add_row(*map(escape, cells))
        table.add_section()
    console.print(table)
