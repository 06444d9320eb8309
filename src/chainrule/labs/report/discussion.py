"""Discussion: each experiment with its question, its curves, its table, and what the runs say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chainrule.labs.conclusions import sentences
from chainrule.labs.report.number_format import NOTHING, counted, setting, spread
from chainrule.language.translation import listed
from chainrule.writers.blocks import Block, Heading, Items, Paragraph, TableBlock, verbatim

if TYPE_CHECKING:
    from chainrule.labs.report.results_folder import Folder, Json


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
        which = "" if group == "runs" else f"{verbatim(group)}: "
        caption = f"{which}each seed thin, the median of a setting bold."
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
    said += [_held(name, value) for name, value in other.items() if "epochs" not in name]
    return f"{listed(said)}."


def _held(name: str, value: object) -> str:
    """Word a setting that is the same for all of them."""
    return f"{setting(value)} points" if name == "n" else f"{name.replace('_', ' ')} {setting(value)}"


def _caps(experiment: Json) -> str:
    caps = sorted({run["cap"] for row in experiment["rows"] for run in row["runs"]})
    return listed([str(cap) for cap in caps]).replace(" and ", " or ")


def _table(experiment: Json) -> TableBlock:
    """A row a setting and a run; columns that would say nothing are left out."""
    rows = experiment["rows"]
    name = next((run.get("score", "accuracy") for row in rows for run in row["runs"]), "accuracy")
    columns = {
        "setting": [verbatim(row["label"]) for row in rows],
        "run": [verbatim(row["run"]) for row in rows],
        "outcomes": [", ".join(f"{n} {way}" for way, n in row["summary"]["outcomes"].items()) for row in rows],
        "epochs": [spread(row["summary"]["epochs"], "{:.0f}") for row in rows],
        "loss": [spread(row["summary"]["loss"], "{:.5f}") for row in rows],
        "training": [spread(row["summary"]["train_accuracy"], "{:.2f}") for row in rows],
        "held out": [spread(row["summary"]["test_accuracy"], "{:.2f}") for row in rows],
        "dead units": [" + ".join(f"{n:g}" for n in row["summary"].get("dead_units") or []) or NOTHING for row in rows],
    }
    if columns["run"] == columns["setting"] or len(set(columns["run"])) == 1:
        del columns["run"]
    for empty in ("held out", "dead units"):
        if set(columns[empty]) == {NOTHING}:
            del columns[empty]
    score = "the accuracies" if name == "accuracy" else name
    seeds = counted(len(experiment["seeds"]), "seed")
    caption = f"Median (least–greatest) over {seeds}; training and held out are {score}."
    return TableBlock(tuple(columns), tuple(zip(*columns.values(), strict=True)), caption)
