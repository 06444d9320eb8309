"""Discussion: each experiment with its question, its curves, its table, and what the runs say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chainrule.faces.labs.findings import sentences
from chainrule.faces.report.wording import NOTHING, counted, listed, setting, spread
from chainrule.tools.document.blocks import Block, Heading, Items, Paragraph, Table, verbatim

if TYPE_CHECKING:
    from chainrule.faces.report.reading import Folder, Json


def discussion_section(folder: Folder) -> list[Block]:
    """The lab's experiments, or why there are none."""
    blocks: list[Block] = [Heading("Discussion")]
    if not folder.experiments:
        return [*blocks, Paragraph("The lab's experiments were left out of this run.")]
    for experiment in folder.experiments:
        blocks += _experiment(folder, experiment)
    return blocks


def _experiment(folder: Folder, experiment: Json) -> list[Block]:
    blocks: list[Block] = [
        Heading(experiment["title"], 3),
        Paragraph(f"{experiment['question']} {_conditions(experiment)}"),
        Items(tuple(verbatim(sentence) for sentence in sentences(experiment))),
    ]
    for group in dict.fromkeys(row["group"] for row in experiment["rows"]):
        alt = f"Losses of {verbatim(group)} over the epochs, a colour a setting: {experiment['title'].lower()}"
        caption = f"{verbatim(group)}: each seed thin, the median of a setting bold."
        blocks += folder.image(f"experiment_{experiment['name']}_{group}", alt, caption)
    return [*blocks, _table(experiment)] if experiment["rows"] else blocks


def _conditions(experiment: Json) -> str:
    """Under what conditions: seeds, cap, and what else differs from the lab's own settings."""
    seeds = experiment["seeds"]
    which = f"seed {seeds[0]}" if len(seeds) == 1 else f"seeds {seeds[0]} to {seeds[-1]}"
    said = [f"{counted(len(seeds), 'start')} each ({which})"]
    if experiment["rows"]:
        said.append(f"at most {_caps(experiment)} epochs")
    other = {name: value for name, value in experiment["fixed"].items() if name not in ("runs", "data_sets")}
    said += [f"{name.replace('_', ' ')} {setting(value)}" for name, value in other.items() if "epochs" not in name]
    return f"{listed(said)}."


def _caps(experiment: Json) -> str:
    caps = sorted({run["cap"] for row in experiment["rows"] for run in row["runs"]})
    return str(caps[0]) if len(caps) == 1 else f"{caps[0]} to {caps[-1]}"


def _table(experiment: Json) -> Table:
    dead = any(row["summary"].get("dead_units") for row in experiment["rows"])
    heads = ["setting", "run", "outcomes", "epochs", "loss", "training", "held out"]
    rows = []
    for row in experiment["rows"]:
        summary = row["summary"]
        cells = [
            verbatim(row["label"]),
            verbatim(row["run"]),
            ", ".join(f"{times} {outcome}" for outcome, times in summary["outcomes"].items()),
            spread(summary["epochs"], "{:.0f}"),
            spread(summary["loss"], "{:.5f}"),
            spread(summary["train_accuracy"], "{:.2f}"),
            spread(summary["test_accuracy"], "{:.2f}"),
        ]
        counts = " + ".join(f"{count:g}" for count in summary.get("dead_units") or [])
        rows.append((*cells, counts or NOTHING) if dead else tuple(cells))
    name = next((run.get("score", "accuracy") for row in experiment["rows"] for run in row["runs"]), "accuracy")
    score = "the accuracies" if name == "accuracy" else name
    caption = f"Median (least–greatest) over {counted(len(experiment['seeds']), 'seed')}; at the right {score}."
    return Table((*heads, "dead units, median") if dead else tuple(heads), tuple(rows), caption)
