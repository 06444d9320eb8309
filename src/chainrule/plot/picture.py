"""A picture is a figure that belongs to nobody's pyplot, looks the same everywhere, and shows itself in a notebook."""

from __future__ import annotations

import io
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

import matplotlib.style
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt
    from matplotlib.axes import Axes
    from matplotlib.backend_bases import RendererBase
    from matplotlib.lines import Line2D

SALT = "chainrule"
ROUNDS = 3  # the most that a constrained layout is given to come to rest
AT_REST = 1e-4  # of the picture's width or height: what moves less is not seen
THEME: dict[str, Any] = {
    "axes.titlesize": 10,
    "axes.labelsize": 9,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "legend.fontsize": 8,
    "legend.title_fontsize": 8,
    "legend.frameon": False,
    "hatch.linewidth": 0.4,
    "svg.hashsalt": SALT,
}
WIDE = 0.62  # width of a letter of DejaVu Sans, in font sizes


@contextmanager
def theme() -> Iterator[None]:
    """Use matplotlib's defaults and our sizes inside a ``with``, and put back what was there before."""
    with matplotlib.style.context(["default", THEME]):
        yield


class Picture(Figure):
    """A matplotlib figure that no window and no global setting has a hold on.

    What ``plot`` draws is one. It shows itself in a notebook; ``plot.save`` writes it.

    Parameters
    ----------
    width, height : float
        In inches.
    compress : bool
        Whether panels of a fixed aspect move together.

    Examples
    --------
    >>> Picture(3, 2)._repr_png_()[1:4]
    b'PNG'
    """

    def __init__(self, width: float, height: float, *, compress: bool = False) -> None:
        with theme():
            super().__init__(figsize=(width, height), dpi=100)
            self.set_layout_engine(ConstrainedLayoutEngine(w_pad=0.07, h_pad=0.07, compress=compress))
        FigureCanvasAgg(self)

    def draw(self, renderer: RendererBase) -> None:
        """Draw as under `theme`: much of what a setting decides is decided only now."""
        with theme():
            super().draw(renderer)

    def savefig(self, fname: str | os.PathLike[str] | IO[Any], **kwargs: Any) -> None:
        """Save as under `theme`; the arguments are matplotlib's. The first time settles the layout for good."""
        with theme():
            self._settle()
            super().savefig(fname, **kwargs)

    def pixels(self) -> npt.NDArray[np.uint8]:
        """Return what is drawn, (height, width, 3) red, green and blue from 0 to 255, at 100 pixels an inch."""
        with theme():
            self._settle()
            canvas = FigureCanvasAgg(self)
            canvas.draw()  # type: ignore[no-untyped-call]
        return np.asarray(canvas.buffer_rgba())[..., :3].copy()  # type: ignore[no-untyped-call]

    def _repr_png_(self) -> bytes:
        """Return what a notebook shows."""
        buffer = io.BytesIO()
        self.savefig(buffer, format="png")
        return buffer.getvalue()

    def _settle(self) -> None:
        """Lay out until nothing moves, and keep it: one round may cut a title off, and each save would differ."""
        if not (self.axes and (engine := self.get_layout_engine())):
            return
        before = np.full((len(self.axes), 4), np.inf)
        for _ in range(ROUNDS):
            engine.execute(self)
            bounds = np.array([axes.get_position().bounds for axes in self.axes])
            if np.abs(bounds - before).max() < AT_REST:
                break
            before = bounds
        self.set_layout_engine(None)  # "none" would leave one that costs a second drawing at each save


def set_title(axes: Axes, title: str, inches: float) -> None:
    """Write a title as it is (a $ is a $), small enough for a panel of that width."""
    title = str(title)
    size = 72 * inches / (WIDE * max(1, len(title)))
    axes.set_title(title, fontsize=max(6, min(10, size)), parse_math=False)


def add_legend(figure: Figure, entries: Sequence[tuple[str, Line2D]], *, right: bool = False) -> None:
    """List the entries below all panels, or to the right of them, where they cover nothing; one alone needs no list."""
    if len(entries) < 2:
        return
    labels, handles = [label for label, _ in entries], [handle for _, handle in entries]
    lines = any(handle.get_linestyle() != "None" for handle in handles)
    legend = figure.legend(
        handles,
        labels,
        loc="outside right upper" if right else "outside lower center",
        ncols=1 if right else _columns(labels, figure.get_figwidth()),
        handlelength=2.8 if lines else 1.0,
    )
    for text in legend.get_texts():
        text.set_parse_math(False)


def _columns(labels: Sequence[str], inches: float) -> int:
    """Return how many columns of labels fit: all of them, or as many as the longest allows."""
    widths = [0.45 + 8 / 72 * WIDE * len(label) for label in labels]
    return len(labels) if sum(widths) <= inches else max(1, int(inches / max(widths)))
