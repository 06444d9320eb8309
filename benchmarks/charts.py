"""Charts: time per epoch of every contender, workload by workload, and how time grows. SVG, by matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib import rc_context
from matplotlib.figure import Figure

from benchmarks.tables import format_count, format_seconds
from benchmarks.workloads import (
    COMPILED,
    EAGER,
    FIT_OURS,
    FIT_THEIRS,
    JAX,
    SCIKIT_LEARN,
    TEXT,
    TEXTBOOK,
    TORCH_COMPILED,
)

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes

COLORS = {
    COMPILED: "#0072B2", FIT_OURS: "#0072B2", TEXTBOOK: "#8ec1e0", TEXT: "#999999", SCIKIT_LEARN: "#E69F00",
    FIT_THEIRS: "#E69F00", EAGER: "#CC5500", TORCH_COMPILED: "#e8a27c", JAX: "#009E73",
}  # fmt: skip
LIMIT_COLOR = "#b00020"
BAR = 0.30  # inches a bar is high, with the gap to the next
STYLE: dict[Any, Any] = {"font.size": 9, "svg.fonttype": "none", "svg.hashsalt": "chainrule", "axes.spines.top": False}


def draw_training(results: dict[str, Any], path: Path) -> None:
    """Draw a panel a workload of the first setting: a bar a contender, time per epoch on a log scale, the limit."""
    entries = [entry for entry in results["training"] if _medians(entry)]
    entries = [entry for entry in entries if entry["setting"] == entries[0]["setting"]]
    heights = [len(_medians(entry)) for entry in entries]
    with rc_context({**STYLE, "axes.spines.right": False, "axes.spines.left": False}):
        height = BAR * sum(heights) + 0.75 * len(heights) + 0.9
        figure = Figure(figsize=(7.4, height), layout="constrained")
        ratios = [n + 0.6 for n in heights]
        axes = figure.subplots(len(heights), 1, squeeze=False, height_ratios=ratios)
        for panel, entry in zip(axes[:, 0], entries, strict=True):
            _bars(panel, entry)
        machine = results["machine"]
        cores = f"{machine['cores']} cores"
        figure.suptitle(
            f"Time per epoch, shorter is better\n{machine['cpu']}, {cores} · {machine['date']}", fontsize=11
        )
        figure.savefig(path, format="svg", metadata={"Date": None})


def _medians(entry: dict[str, Any]) -> dict[str, float]:
    timings = entry.get("contenders", {})
    return {name: timing["median"] for name, timing in timings.items() if timing["median"] is not None}


def _bars(axes: Axes, entry: dict[str, Any]) -> None:
    """One panel, the fastest on top."""
    medians = dict(sorted(_medians(entry).items(), key=lambda pair: -pair[1]))
    names, seconds = list(medians), list(medians.values())
    axes.barh(names, seconds, color=[COLORS.get(name, "#555555") for name in names], height=0.72)
    limit = entry["limit"]
    least, most = min([*seconds, limit or seconds[0]]), max(seconds)
    axes.set_xscale("log")
    axes.set_xlim(least / 2, most * (most / least) ** 0.18 * 1.25)
    for at, value in enumerate(seconds):
        axes.annotate(
            format_seconds(value), (value, at), xytext=(4, 0), textcoords="offset points", va="center", fontsize=8
        )
    if limit is not None:
        axes.axvline(limit, color=LIMIT_COLOR, linestyle=(0, (4, 2)), linewidth=1.3)
        axes.annotate(
            f"limit {format_seconds(limit)}", (limit, 1), xycoords=("data", "axes fraction"), xytext=(-3, 1),
            textcoords="offset points", color=LIMIT_COLOR, fontsize=8, ha="left", va="bottom",
        )  # fmt: skip
    axes.set_title(f"{entry['workload']['title']} · {entry['setting']}", loc="left", fontsize=9, pad=13, x=-0.0)
    axes.tick_params(axis="y", length=0)
    axes.xaxis.set_major_formatter(lambda value, _: format_seconds(value).replace(".00", "").replace(".0", ""))
    axes.xaxis.set_minor_formatter(lambda *_: "")
    axes.grid(axis="x", alpha=0.25)
    axes.set_axisbelow(True)


def draw_growth(results: dict[str, Any], path: Path) -> None:
    """Draw a panel a series: the nanoseconds a row or an operation, over what grows."""
    entries = [entry for entry in results["growth"] if entry["values"]]
    with rc_context({**STYLE, "axes.spines.right": False}):
        figure = Figure(figsize=(4 * len(entries), 3.4), layout="constrained")
        axes = figure.subplots(1, len(entries), squeeze=False)
        for panel, entry in zip(axes[0], entries, strict=True):
            for name, values in entry["values"].items():
                panel.plot(entry["steps"], values, "o-", color=COLORS[name], label=name)
            if entry["series"] != "depth":
                panel.set_xscale("log", base=10 if entry["series"] == "rows" else 2)
            panel.set_xticks(entry["steps"], [format_count(step) for step in entry["steps"]])
            panel.minorticks_off()
            panel.set_ylim(bottom=0)
            panel.set_xlabel(entry["series"])
            panel.set_title(entry["unit"], loc="left", fontsize=9)
            panel.grid(alpha=0.25)
        axes[0][0].legend(frameon=False)
        machine = results["machine"]
        figure.suptitle(f"Growth, lower is better · {machine['cpu']}, {machine['date']}", fontsize=11)
        figure.savefig(path, format="svg", metadata={"Date": None})
