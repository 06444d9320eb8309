"""Tables: numbers made legible, and rows of cells from a run's numbers."""

from __future__ import annotations

from typing import Any

from benchmarks.workloads import COMPILED, FIT_OURS

UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"))
SEE_BELOW = "see below"  # what is no single number
VERDICTS = {True: "reached", False: "fell short", None: "not measured"}


def format_seconds(seconds: float) -> str:
    """Three digits and the unit that suits: 2.1 µs, 43.0 ms.

    Examples
    --------
    >>> format_seconds(2.1e-6), format_seconds(0.0431), format_seconds(12.34)
    ('2.10 µs', '43.1 ms', '12.3 s')
    """
    size, unit = next((pair for pair in UNITS if abs(seconds) >= pair[0]), UNITS[-1])
    value = seconds / size
    digits = 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0
    return f"{value:.{digits}f} {unit}"


def format_spread(median: float, quartiles: list[float]) -> str:
    """Median and quartiles in the unit of the median.

    Examples
    --------
    >>> format_spread(2e-6, [1.9e-6, 2.25e-6])
    '2.00 µs (1.90–2.25)'
    """
    size, unit = next((pair for pair in UNITS if abs(median) >= pair[0]), UNITS[-1])
    digits = 2 if median / size < 10 else 1 if median / size < 100 else 0
    low, high = (f"{value / size:.{digits}f}" for value in quartiles)
    return f"{median / size:.{digits}f} {unit} ({low}–{high})"


def format_count(count: int) -> str:
    """A whole number with its thousands apart.

    Examples
    --------
    >>> format_count(100000)
    '100 000'
    """
    return f"{count:,}".replace(",", " ")


def format_times(ratio: float | None) -> str:
    """A ratio as one says it.

    Examples
    --------
    >>> format_times(3.456), format_times(34.56), format_times(None)
    ('3.46×', '34.6×', '–')
    """
    if ratio is None:
        return "–"
    return f"{ratio:.2f}×" if ratio < 10 else f"{ratio:.1f}×"


def ours_of(entry: dict[str, Any]) -> str:
    """Return the name of the contender that the others are held against."""
    return FIT_OURS if entry["workload"]["whole_fit"] else COMPILED


def training_rows(entry: dict[str, Any]) -> list[tuple[str, ...]]:
    """Rows of a workload in a setting: title, contender, time, GFLOP/s, ratio to ours and to the limit, one epoch."""
    title = entry["workload"]["title"]
    if "contenders" not in entry:
        return [(title, "–", entry["problem"], "–", "–", "–", "–")]
    ours = entry["contenders"].get(ours_of(entry), {}).get("median")
    rows: list[tuple[str, ...]] = []
    for name, timing in entry["contenders"].items():
        median = timing["median"]
        if median is None:
            rows.append((title, name, timing["problem"], "–", "–", "–", "–"))
            continue
        ratio = None if ours is None else median / ours
        share = None if entry["limit"] is None else median / entry["limit"]
        rate = f"{entry['flops_per_epoch'] / median / 1e9:.1f}"
        spread = format_spread(median, timing["quartiles"])
        whole = format_seconds(timing["one_epoch"]) if timing["one_epoch"] else "–"
        rows.append((title, name, spread, rate, format_times(ratio), format_times(share), whole))
    if entry["limit"] is not None:
        rate = f"{entry['flops_per_epoch'] / entry['limit'] / 1e9:.1f}"
        ratio = None if ours is None else entry["limit"] / ours
        rows.append(
            (title, "the limit", format_seconds(entry["limit"]), rate, format_times(ratio), format_times(1.0), "–")
        )
    return rows


def target_rows(results: dict[str, Any]) -> list[tuple[str, ...]]:
    """Rows of every target: what, in which setting, the target, the number, the verdict."""
    rows: list[tuple[str, ...]] = []
    for entry in results["training"]:
        for target in entry.get("targets", []):
            rows.append(_target_row(entry["workload"]["title"], entry["setting"], target))  # noqa: PERF401
    for entry in results.get("predictions", []):
        title = f"{format_count(entry['rows'])} {'row' if entry['rows'] == 1 else 'rows'} predicted, {entry['dtype']}"
        rows += [_target_row(title, entry["setting"], target) for target in entry["targets"]]
    if sweep := results.get("sweep"):
        target = {
            "target": f"≥ {sweep['target']}× scikit-learn",
            "measured": sweep["ratio"],
            "reached": sweep["reached"],
        }
        rows.append(_target_row(f"{sweep['fits']} small fits (a sweep of S4)", "all cores", target))
    for start in results.get("startup", []):
        if start.get("target") is not None:
            compiling = start["first_fit"] - start["second_fit"]
            target = {"target": f"≤ {start['target']:g} s", "measured": compiling, "reached": start["reached"]}
            rows.append(_target_row(f"compile: {start['title']}", "one core", target))
    rows += [_target_row(entry["title"], entry["setting"], entry) for entry in results.get("defaults", [])]
    for entry in results.get("growth", []):
        row = (f"growth of {entry['series']}", entry["setting"], f"{entry['unit']} falls or stays", SEE_BELOW)
        rows.append((*row, VERDICTS[entry["reached"]]))
    return rows


def _target_row(title: str, setting: str, target: dict[str, Any]) -> tuple[str, ...]:
    measured = "–" if target["measured"] is None else f"{target['measured']:.2f}"
    return title, setting, target["target"], measured, VERDICTS[target["reached"]]


def markdown_table(header: tuple[str, ...], rows: list[tuple[str, ...]], left: int = 1) -> str:
    r"""A Markdown table whose first ``left`` columns are text and the others numbers, to the right.

    Examples
    --------
    >>> print(markdown_table(("name", "time"), [("text", "2 s"), ("a | b", "3 s")]))
    | name | time |
    | --- | ---: |
    | text | 2 s |
    | a \| b | 3 s |
    """
    rules = ["---" if at < left else "---:" for at in range(len(header))]
    lines = [header, rules, *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
