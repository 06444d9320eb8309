"""Set-up: the data, the activations, the network and its own mathematics."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chainrule.explanation.changes import layer_changes
from chainrule.explanation.explanation import comparison, explanation
from chainrule.explanation.subject import make_subject
from chainrule.labs.report.number_format import counted
from chainrule.language.translation import listed
from chainrule.writers.blocks import Block, FormulaBlock, Heading, Items, Paragraph, TableBlock, verbatim

if TYPE_CHECKING:
    from chainrule.labs.report.results_folder import Folder, Json
    from chainrule.labs.report_text import ReportText
    from chainrule.network.network import Network


def setup_section(folder: Folder, report_text: ReportText) -> list[Block]:
    """Everything there was before training."""
    explained = next((run for run in folder.runs if run["name"] == report_text.explained), folder.runs[0])
    return [
        Heading("Set-up"),
        Heading("The data", 3),
        *_data(folder),
        Heading("The activations", 3),
        *_activations(folder),
        Heading("The network", 3),
        *_network(folder, explained),
        *_mathematics(folder, explained),
        *_in_its_letters(report_text),
        *_changes(folder, report_text),
    ]


def first_of_each_name(folder: Folder) -> list[Json]:
    """One run a name: of several seeds the first."""
    return list({run["name"]: run for run in reversed(folder.runs)}.values())[::-1]


def _data(folder: Folder) -> list[Block]:
    rows = []
    blocks: list[Block] = []
    for run in first_of_each_name(folder):
        net = folder.network(run)
        test = str(run["n_test"]) if run["n_test"] else "none"
        rows.append((verbatim(run["name"]), str(run["n_train"]), test, str(net.n_features)))
        names = listed([verbatim(name) for name in folder.sharing(run)])
        caption = f"The training points of {names} by class."
        blocks += folder.image(f"{run['name']}_data", f"Scatter of the training points of {names} by class", caption)
    blocks += folder.image("data", "Scatter of the training points by class", "The training points by class.")
    classes = folder.results["config"].get("classes") or []
    named = [f"{i} stands for {verbatim(name)}" for i, name in enumerate(classes) if str(i) != name]
    meaning = [Paragraph(f"Of the classes {listed(named)}.")] if named else []
    scaled = []
    if folder.results["config"].get("standardize"):
        also = "" if folder.runs[0]["score"] == "accuracy" else " and the targets"
        scaled = [Paragraph(f"The features{also} were brought to mean 0 and deviation 1 of the training samples.")]
    table = TableBlock(("run", "training points", "held out", "features"), tuple(rows))
    return [table, *scaled, *meaning, *blocks]


def _activations(folder: Folder) -> list[Block]:
    nets = [folder.network(run) for run in first_of_each_name(folder)]
    names = list(dict.fromkeys(layer.activation.name for net in nets for layer in net.layers))
    words = f"Used here: {listed([verbatim(name) for name in names])}."
    alt = f"Curves of {listed([verbatim(name) for name in names])} and of their derivatives over z from −5 to 5"
    caption = "Each activation, and its derivative as back-propagation uses it."
    return [Paragraph(words), *folder.image("activations", alt, caption)]


def _network(folder: Folder, explained: Json) -> list[Block]:
    """One run's network as a graph; those of the others by their difference from it."""
    net, name = folder.network(explained), verbatim(explained["name"])
    groups: dict[str, list[str]] = {}  # what differs, and in which runs
    for run in first_of_each_name(folder):
        changes = " ".join(layer_changes(net, folder.network(run)))
        groups.setdefault(changes, []).append(verbatim(run["name"]))
    same = groups.pop("")
    different = [f"{listed(names)}: {changes}" for changes, names in groups.items()]
    blocks: list[Block] = [
        Paragraph(f"The network of {listed(same)} has {counted(net.n_parameters, 'parameter')}."),
        *folder.image(
            "network", f"Graph of the network of {name}, with its trained weights", f"The network of {name}, trained."
        ),
    ]
    if different:
        blocks += [Paragraph(f"The others differ from that of {name}:"), Items(tuple(different))]
    return blocks


def _mathematics(folder: Folder, explained: Json) -> list[Block]:
    """The explanation of one run's network, its headings two levels lower."""
    l2 = explained["training"].get("l2") or 0.0
    subject = make_subject(folder.network(explained), None, None, None, l2, _rate(folder, explained), columns=False)
    return [Heading("Its mathematics", 3), *_lowered(explanation(subject)[1:]), *_steps(explained)]


def _in_its_letters(report_text: ReportText) -> list[Block]:
    """What the assignment derives, as it writes it."""
    blocks: list[Block] = [Heading("In the assignment's own letters", 3)] if report_text.mathematics else []
    for text in report_text.mathematics:
        if text.startswith("$$"):
            blocks += [FormulaBlock(part.strip("$ "), "") for part in text.split(r", \quad ")]
        else:
            blocks.append(Paragraph(text))
    return blocks


def _steps(run: Json) -> list[Block]:
    """Say who takes the steps, where it is not plain gradient descent."""
    training = run["training"]
    if training["method"] is not None:
        return [Paragraph(f"Here {verbatim(training['method'])} takes these derivatives and chooses its own steps.")]
    if training["optimizer"] != "sgd":
        return [Paragraph(f"Here {verbatim(training['optimizer'])} makes its steps from these derivatives.")]
    return []


def _rate(folder: Folder, run: Json) -> float | None:
    """The rate of the descent; None where another method chooses its steps."""
    rate: float | None = run["training"].get("learning_rate", folder.results["config"].get("learning_rate"))
    return rate


def _changes(folder: Folder, report_text: ReportText) -> list[Block]:
    """What is to be rewritten from the network that the assignment starts from."""
    if report_text.before is None:
        return []
    before: Network = report_text.before()
    subject = make_subject(folder.network(folder.runs[0]), None, None, None, 0.0, 0.1, columns=False)
    return [Heading("What changes from the assignment's first network", 3), *_lowered(comparison(subject, before)[1:])]


def _lowered(blocks: list[Block]) -> list[Block]:
    """The same blocks two heading levels lower."""
    return [replace(block, level=block.level + 2) if isinstance(block, Heading) else block for block in blocks]
