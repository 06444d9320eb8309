"""Markdown: the page of a run, for docs/performance.md, made from its numbers alone."""

from __future__ import annotations

from typing import Any

from benchmarks.contenders import PREDICT_PROBA
from benchmarks.tables import (
    format_count,
    format_seconds,
    format_spread,
    format_times,
    markdown_table,
    target_rows,
    training_rows,
)
from benchmarks.workloads import COMPILED

HOW = """\
Every contender is a process of its own; on one core all of them are pinned to the same one, with one thread each, on
all cores they have their libraries' own defaults. Each first trains from the same start over the same batches, and is
timed only if its loss on all rows is then the textbook engine's to a relative 10⁻⁶ (float64) or 10⁻³ (float32). The
contenders then take turns, beginning with another in each repetition. A repetition times a run of 1 epoch and one of
so many more; what an epoch takes is their difference over their number, so what every call does once (checking inputs,
a last look at the loss) is not in it; the last column has a whole run of 1 epoch. The whole of `MLPClassifier.fit` is
timed as it is. Times are medians, with first and third quartile in brackets."""

NOTES = """\
- **The limit** is (operations of the matrix products ÷ the best GEMM rate at n = 512 in that dtype,
  of NumPy's, PyTorch's and JAX's libraries) + (exp-like calls ×
  the time an element of the fastest of NumPy's and chainrule's exp on an array in L1) + (bytes of parameters and
  optimizer state read and written ÷ the copy rate of an array of that size), all rates measured in the run. A sigmoid
  or tanh unit is one exp-like call, log loss on a sigmoid two (the exp serves both), cross-entropy on a softmax of K
  outputs K + 1. On all cores the GEMM rate is that of all cores, and an exp's time is divided by their number.
- **The text** is the assignment's own way in plain NumPy: S4's computes every product and sigmoid again for the way
  back and its loss each epoch; S3's is batched, since its loop over samples would be hundreds of times as slow.
- **scikit-learn** always has biases, and two classes are one logistic output: on S4 and S3 it trains that network, and
  is checked against chainrule's of the same kind. Its batches are shuffled from the last epoch's order; for the check
  they are dealt anew.
- **PyTorch** adds Adam's ε to √v̂ where Kingma and Ba's shorter order, the others', adds it to √v. The eager one is
  checked against the textbook with an Adam of that kind. Its optimizers are the fused ones; compiled, the whole step
  is one graph that updates in place, with Adam written in the shorter order.
- **JAX** scans all epochs and batches in one jitted call, with the parameters donated."""


def performance_page(results: dict[str, Any]) -> str:
    """Return the whole page."""
    parts = [_head(results), HOW, "## Targets", _targets(results)]
    for setting in dict.fromkeys(entry["setting"] for entry in results["training"]):
        parts += [f"## Training, {setting}", _training(results, setting)]
    for title, part, render in (
        ("At defaults", "defaults", _defaults),
        ("Import, first fit, compile", "startup", _startup),
        ("Predictions", "predictions", _predictions),
        ("Many small fits", "sweep", _sweep),
        ("Growth", "growth", _growth),
    ):
        if results.get(part):
            parts += [f"## {title}", render(results[part])]
    return "\n\n".join([*parts, "## Notes", NOTES]) + "\n"


def _head(results: dict[str, Any]) -> str:
    machine = results["machine"]
    versions = ", ".join(f"{library} {version}" for library, version in sorted(results.get("versions", {}).items()))
    blas = {
        f"{pool['internal_api']} {pool['version']}"
        for pools in results.get("blas", {}).values()
        for pool in pools
        if pool.get("user_api") == "blas"
    }
    command = f"python -m benchmarks{' --quick' if results['quick'] else ''}"
    line = (
        f"Measured on {machine['date']} at commit {machine['commit']} by `{command}`, in {results['minutes']:.0f} "
        f"minutes, on {machine['cpu']}, {machine['cores']} cores, {machine['system']}, "
        f"Python {machine['python']}; {versions}{'; BLAS ' + ', '.join(sorted(blas)) if blas else ''}."
    )
    return "\n\n".join([line] + [f"**{sentence}**" for sentence in results.get("missing", [])])


def _targets(results: dict[str, Any]) -> str:
    rows = target_rows(results)
    if not rows:
        return "No target was measured in this run."
    return markdown_table(("workload", "setting", "target", "measured", "verdict"), rows, left=3)


def _training(results: dict[str, Any], setting: str) -> str:
    header = (
        "workload",
        "contender",
        "time per epoch",
        "GFLOP/s",
        "ours is … as fast",
        "of the limit",
        "a run of 1 epoch",
    )
    rows = [row for entry in results["training"] if entry["setting"] == setting for row in training_rows(entry)]
    return markdown_table(header, _without_repeats(rows), left=2)


def _without_repeats(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Leave a workload's title in its first row alone."""
    titles = [""] + [row[0] for row in rows]
    return [("" if row[0] == before else row[0], *row[1:]) for before, row in zip(titles, rows, strict=False)]


def _defaults(entries: list[dict[str, Any]]) -> str:
    said = (
        "No engine is asked for; our kernels are in the cache. The best of three processes each, in turn; memory is "
        "what the process grew by at its peak, as a share of X, in one."
    )
    rows: list[tuple[str, ...]] = []
    for entry in entries:
        shown = [f"{entry[who]:.2f} X" if entry["memory"] else format_seconds(entry[who]) for who in ("ours", "theirs")]
        rows.append((entry["title"], shown[0], f"{shown[1]} ({entry['peer']})", format_times(entry["measured"])))
    return f"{said}\n\n{markdown_table(('job', 'chainrule', 'peer', 'ratio'), rows)}"


def _startup(starts: list[dict[str, Any]]) -> str:
    rows: list[tuple[str, ...]] = []
    for start in starts:
        if "problem" in start:
            rows.append((start["title"], start["problem"], "–", "–", "–"))
            continue
        parts = [start["import"], start["first_fit"], start["second_fit"], start["import"] + start["first_fit"]]
        rows.append((start["title"], *map(format_seconds, parts)))
    header = ("", "import", "first fit", "second fit", "import and first fit")
    said = (
        "Medians of fresh processes on one core; the fit is S4's 21 points, 100 epochs. The first fit includes "
        "whatever is loaded or compiled when it is first used."
    )
    return f"{said}\n\n{markdown_table(header, rows)}"


def _predictions(entries: list[dict[str, Any]]) -> str:
    names = dict.fromkeys(name for entry in entries for name in (*entry["medians"], *entry["problems"]))
    header = ("contender", *(f"{format_count(entry['rows'])} × {entry['dtype']}" for entry in entries))
    rows = [(name, *(_prediction(name, entry) for entry in entries)) for name in names]
    said = (
        f"digits' network, 64-100-10, on {entries[0]['setting']}: the median of calls, and in brackets how many times "
        "as fast chainrule's `MLPClassifier.predict_proba` is; chainrule's other row is `Network.predict`. All give "
        "the same probabilities."
    )
    return f"{said}\n\n{markdown_table(header, rows)}"


def _prediction(name: str, entry: dict[str, Any]) -> str:
    if name in entry["problems"]:
        return str(entry["problems"][name])
    ours = entry["medians"].get(PREDICT_PROBA)
    seconds = entry["medians"][name]
    return f"{format_seconds(seconds)} ({format_times(None if ours is None else seconds / ours)})"


def _sweep(sweep: dict[str, Any]) -> str:
    said = (
        f"{sweep['fits']} fits of S4's 21 points, {sweep['epochs']} epochs each, from as many starts, on all cores by "
        "joblib: chainrule in threads, scikit-learn in its processes, which are warm."
    )
    rows: list[tuple[str, ...]] = []
    for name, seconds in sweep["seconds"].items():
        low_high = [min(seconds), max(seconds)]
        ours = sweep["medians"].get(COMPILED)
        ratio = None if ours is None else sweep["medians"][name] / ours
        rows.append((name, format_spread(sweep["medians"][name], low_high), format_times(ratio)))
    rows += [(name, problem, "–") for name, problem in sweep["problems"].items()]
    return f"{said}\n\n{markdown_table(('contender', 'all fits (least–most)', 'ours is … as fast'), rows)}"


def _growth(entries: list[dict[str, Any]]) -> str:
    said = (
        "digits' kind of network in float32, Adam, batch 200: rows × 64-100-10; 2000 rows × 64-w-w-10; 2000 rows × "
        "64-128-…-10. Time a row for rows, time an operation of the matrix products for width and depth."
    )
    parts = [said]
    for entry in entries:
        header = (f"{entry['series']}, {entry['unit']}", *(format_count(step) for step in entry["steps"]))
        rows = [
            (name, *(f"{value:.0f}" if value >= 100 else f"{value:.3g}" for value in values))
            for name, values in entry["values"].items()
        ]
        parts.append(markdown_table(header, rows))
    return "\n\n".join(parts)
