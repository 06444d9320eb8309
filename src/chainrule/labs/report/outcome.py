"""Results: what came of each run, in a table, in pictures, and in what it got wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chainrule.labs.report.number_format import below, counted, loss, setting, share, spread
from chainrule.labs.report.setup import first_of_each_name
from chainrule.labs.sweep import SWEEP, best_settings
from chainrule.writers.blocks import Block, Code, Heading, Items, Notice, Paragraph, TableBlock, verbatim

if TYPE_CHECKING:
    from chainrule.labs.report.results_folder import Folder, Json

LOGGED = 16  # lines of a training's log
PREDICTIONS = 5  # rows of predictions shown of a run
FIGURES = {  # the end of a figure's name: what it shows, and its caption; {run} is the run's name
    "prediction": (
        "Two scatter plots of the training points of {run}, the truth and the prediction",
        "{run}: the truth, and the prediction, of the training points.",
    ),
    "regions": (
        "The plane coloured by the class that the network of {run} predicts, with the training points on it",
        "{run}: what is predicted where, and the training points.",
    ),
    "points": (
        "The {where} points of {run} by class, those read wrongly marked",
        "{run}: {where} points, right and wrong.",
    ),
    "confusion": (
        "Confusion table of the {where} points of {run}, truth by prediction",
        "{run}: how often which class was read as which, {where} points.",
    ),
    "fit": ("The fit of {run} to its {where} points, and the residuals", "{run}: the fit, and what it leaves."),
    "learning_curve": ("The loss of {run} over the epochs", "{run}: the loss on the way."),
    "gradient_norms": (
        "The norm of each layer's gradient of {run} over the first iterations",
        "{run}: how large the gradient of each layer is; where the first layers get none, nothing is learnt.",
    ),
    "hidden_units": (
        "The activation of each unit of the first hidden layer of {run} over the plane",
        "{run}: what each unit of the first hidden layer answers where; dashed, its line z = 0.",
    ),
    "seeds": ("The losses of all seeds of {run} over the epochs", "{run}: the losses of all seeds."),
}
TOGETHER = {  # figures of all runs together
    "snapshots": ("Decision functions at eight moments of the training", "The decision function on the way."),
    "prediction": ("Two scatter plots of the {where} points, the truth and the prediction", "The {where} points."),
    "regions": (
        "The plane coloured by the predicted class, with the {where} points",
        "What is predicted where, and the {where} points.",
    ),
    "learning_curve": ("The loss over the epochs", "The loss on the way."),
    "learning_curves": ("The losses of all runs over the epochs", "The losses of all runs."),
    "learning_curves_of_more_classes": (
        "The losses of all runs with more than two classes",
        "With more than two classes.",
    ),
}


def in_short(folder: Folder, demand: float | None) -> list[Block]:
    """The result before anything else, and first of all what falls short."""
    blocks: list[Block] = _best(folder)
    if demand is not None:
        blocks += _shortfall(folder, demand)
    blocks.append(Items(tuple(_verdict(folder, name) for name in _names(folder))))
    return blocks


def results_section(folder: Folder) -> list[Block]:
    """The runs in numbers and pictures."""
    blocks: list[Block] = [Heading("Results"), _seeds_table(folder) if folder.seeds else _table(folder)]
    blocks += [*_beside(folder), *_dead(folder)]
    where = _where(folder.runs[0])
    for kind, words in TOGETHER.items():
        blocks += folder.image(kind, *(text.format(where=where) for text in words))
    for run in first_of_each_name(folder):
        blocks += _run(folder, run)
    return blocks


def accuracy_of(run: Json) -> float:
    """The accuracy on held-out points; without any, on the training points."""
    scores = run["accuracy"]
    value: float = scores["train"] if scores["test"] is None else scores["test"]
    return value


def _best(folder: Folder) -> list[Block]:
    """Of a sweep, which combination is best: the one whose network is told of below."""
    if folder.results["lab"] != SWEEP.name:
        return []
    rows = folder.experiments[0]["rows"]
    best = next(row for row in rows if row["settings"] == best_settings(rows))
    seeds = folder.experiments[0]["seeds"]
    where = "held-out" if best["summary"]["test_accuracy"] else "training"
    score = spread(best["summary"]["test_accuracy"] or best["summary"]["train_accuracy"], "{:.2f}")
    return [
        Paragraph(
            f"Best of {counted(len(rows), 'combination')}: {verbatim(best['label'])}, median {score_name(folder)} on "
            f"{where} samples {score} over {counted(len(seeds), 'seed')}. Its run with seed {seeds[0]}:"
        )
    ]


def score_name(folder: Folder) -> str:
    """What the scores of these runs are called: accuracy, or R²."""
    return str(folder.runs[0].get("score", "accuracy"))


def _names(folder: Folder) -> list[str]:
    return list(dict.fromkeys(run["name"] for run in folder.runs))


def _shortfall(folder: Folder, demand: float) -> list[Block]:
    """Say which runs do not reach what is asked, with how much they reach."""
    short = [run for run in folder.runs if accuracy_of(run) < demand]
    if not short:
        return []
    listing = "; ".join(f"{_called(folder, run)} {below(accuracy_of(run), demand)}" for run in short)
    return [Notice(f"Below the accuracy of {share(demand)} that is asked for: {listing}.")]


def _called(folder: Folder, run: Json) -> str:
    name = verbatim(run["name"])
    return f"{name} (seed {run['seed']})" if folder.seeds else name


def _verdict(folder: Folder, name: str) -> str:
    """One run, or all seeds of it, in a sentence."""
    runs = [run for run in folder.runs if run["name"] == name]
    said = verbatim(name)
    if folder.seeds:
        row = folder.results["summary"][name]
        ended = ", ".join(f"{times} {outcome}" for outcome, times in row["outcomes"].items())
        scores = row["test_accuracy"] or row["train_accuracy"]
        return f"{said}, {counted(len(runs), 'seed')}: {ended}; median {score_name(folder)} {spread(scores, '{:.2f}')}."
    [run] = runs
    scores = run["accuracy"]
    held_out = f", {share(scores['test'])} on held-out ones" if scores["test"] is not None else ""
    return (
        f"{said}: {run['outcome']['name']} after {counted(run['epochs'], _epoch(folder))}; {score_name(folder)} "
        f"{share(scores['train'])} on the training points{held_out}."
    )


def _epoch(folder: Folder) -> str:
    """What this lab counts its training in."""
    return {"moons": "iteration", "minimize": "iteration", "softmax": "step"}.get(folder.results["lab"], "epoch")


def _table(folder: Folder) -> TableBlock:
    caps = sorted({run["cap"] for run in folder.runs})
    columns = {
        "run": [verbatim(run["name"]) for run in folder.runs],
        "outcome": [run["outcome"]["name"] for run in folder.runs],
        "epochs": [str(run["epochs"]) for run in folder.runs],
        **({"cap": [str(run["cap"]) for run in folder.runs]} if len(caps) > 1 else {}),
        "loss": [loss(run["loss"]) for run in folder.runs],
        "training": [share(run["accuracy"]["train"]) for run in folder.runs],
        "held out": [share(run["accuracy"]["test"]) for run in folder.runs],
    }
    each = f"What came of each run{'' if len(caps) > 1 else f', of at most {caps[0]} epochs'}"
    rows = tuple(zip(*columns.values(), strict=True))
    return TableBlock(tuple(columns), rows, f"{each}; at the right its {_scores(folder)}.")


def _beside(folder: Folder) -> list[Block]:
    """The engine's runs beside those of a student's functions."""
    ours = {run["name"]: run for run in folder.results.get("beside", [])}
    rows = []
    for yours in folder.runs:
        for whose, run in (("these functions", yours), ("chainrule", ours.get(yours["name"]))):
            if run is not None:
                scores = run["accuracy"]
                ended = (run["outcome"]["name"], str(run["epochs"]), loss(run["loss"]))
                rows.append((verbatim(yours["name"]), whose, *ended, share(scores["train"]), share(scores["test"])))
    heads = ("run", "computed by", "outcome", "epochs", "loss", "training", "held out")
    caption = "The same data and the same starts, trained by these functions and by chainrule."
    return [TableBlock(heads, tuple(rows), caption)] if ours else []


def _seeds_table(folder: Folder) -> TableBlock:
    heads = ("run", "outcomes", "epochs", "loss", "training", "held out")
    rows = tuple(
        (
            verbatim(name),
            ", ".join(f"{times} {outcome}" for outcome, times in row["outcomes"].items()),
            spread(row["epochs"], "{:.0f}"),
            spread(row["loss"], "{:.5f}"),
            spread(row["train_accuracy"], "{:.2f}"),
            spread(row["test_accuracy"], "{:.2f}"),
        )
        for name, row in folder.results["summary"].items()
    )
    seeds = counted(len(folder.seeds), "seed")
    return TableBlock(heads, rows, f"Median (least–greatest) over {seeds}; at the right the {_scores(folder)}.")


def _scores(folder: Folder) -> str:
    return "accuracies" if score_name(folder) == "accuracy" else f"{score_name(folder)}"


def _where(run: Json) -> str:
    """Which points a run was judged by."""
    return "training" if run["accuracy"]["test"] is None else "held-out"


def _dead(folder: Folder) -> list[Block]:
    """Count the hidden units that are 0 on every point, where there are ReLUs."""
    said = []
    for run in folder.runs:
        if any(run.get("dead_units") or []):
            widths = [layer.n_outputs for layer in folder.network(run).layers[:-1]]
            parts = [f"{dead} of {width}" for dead, width in zip(run["dead_units"], widths, strict=True) if dead]
            said.append(
                f"{_called(folder, run)}: {', '.join(parts)} ReLU units are dead, 0 on every training point: no "
                "gradient reaches them."
            )
    return [Items(tuple(said))] if said else []


def _run(folder: Folder, run: Json) -> list[Block]:
    """What one run was told, how it ended, and its pictures."""
    name = verbatim(run["name"])
    blocks: list[Block] = []
    for kind, words in FIGURES.items():
        alt, caption = (text.format(run=name, where=_where(run)) for text in words)
        blocks += folder.image(f"{run['name']}_{kind}", alt, caption)
    film = f"An animation of the decision function of {name}, from its start to its end"
    blocks += folder.animation(f"{run['name']}_training", film, f"{name}: the decision function as it is learnt.")
    said: list[Block] = [] if folder.seeds else [Paragraph(verbatim(run["outcome"]["sentence"]))]
    return [Heading(name, 3), *said, *_log(run), *blocks, *_predictions(run)] if blocks or said else []


def _log(run: Json) -> list[Block]:
    """What was printed on the way, of a long one the beginning and the end."""
    lines: list[str] = run.get("log") or []
    short = lines if len(lines) <= LOGGED else [*lines[: LOGGED // 2], "…", *lines[-(LOGGED // 2) :]]
    return [Code("\n".join(short))] if lines else []


def _predictions(run: Json) -> list[Block]:
    rows = run.get("predictions") or []
    if not rows:
        return []
    caption = f"The first {{}} {_where(run)} points."
    shown = rows[:PREDICTIONS]
    if run.get("score", "accuracy") != "accuracy":
        numbers = tuple((_numbers(row["x"]), _numbers(row["y"]), _numbers(row["truth"])) for row in shown)
        return [TableBlock(("input", "output", "truth"), numbers, caption.format(len(shown)))]
    table = tuple(
        (_numbers(row["x"]), _numbers(row["y"]), setting(row["predicted"]), setting(row["truth"])) for row in shown
    )
    return [TableBlock(("input", "output", "predicted", "truth"), table, caption.format(len(shown)))]


def _numbers(values: list[Any]) -> str:
    shown = values if len(values) <= 6 else [*values[:5], "…"]
    return ", ".join(value if isinstance(value, str) else _number(value) for value in shown)


def _number(value: float | None) -> str:
    return "not finite" if value is None else f"{value:.3g}".replace("-", "−")
