"""The network as a graph: its units and weights while one can tell them apart, a box a layer beyond that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, Rectangle

from chainrule.errors import InvalidValue
from chainrule.network.inputs import as_theta, check_finite
from chainrule.network.network import check_network
from chainrule.plot.colour_maps import AROUND_ZERO, symmetric
from chainrule.plot.picture import WIDE, Picture, add_legend, theme
from chainrule.plot.small_multiples import set_heading
from chainrule.plot.style import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from matplotlib.axes import Axes

    from chainrule.maths.arrays import Array
    from chainrule.network.network import Network
    from chainrule.network.parameters import Weights

IN_FULL, FIRST = 12, 4  # units of a layer that is drawn in full; of a larger one the first few, and the last
MOST_EDGES, MOST_LAYERS = 300, 40
SPACING, NODE, BOX = 0.38, 0.22, 0.5  # inches: from unit to unit, a unit's diameter, a box's width
FONT, LINE, AIR = 8, 0.16, 0.1  # points; inches from line to line, and around words
ARROW, LEGEND = 0.4, 5.7  # inches: the arrow to the loss, and room for the legend in one row
HAIRLINE, MEDIUM, THIN, THICK = 0.4, 0.6, 0.7, 3.2  # points: w = 0, w unknown, the smallest |w| and the largest
GREY, ZERO = "#7A7A7A", "#8F8F8F"
NEGATIVE, POSITIVE = to_hex(AROUND_ZERO(0.1)), DEFAULT.class_colours[1]  # dark and light, as in `weights`
DASHES = (0, (3, 1.5))
_Pair: TypeAlias = tuple[float, float]


@theme()
def network_graph(
    net: Network,
    theta: npt.ArrayLike | None = None,
    *,
    title: str | None = None,
    feature_names: Sequence[object] | None = None,
    class_names: Sequence[object] | None = None,
) -> Picture:
    """Draw the network from left to right: a circle a unit, a line a weight, a square for the 1 that b is a weight of.

    With theta dark blue is below zero, light orange is above, and a hairline is zero; the thicker, the larger |w|
    beside the largest of its layer. Of a layer of more than 12 units the first 4 and the last are drawn, and its
    caption says so. Where there are two such layers, or more than 300 lines, each layer is a box instead, theta
    has no mark, and names are listed only where they are given.

    Parameters
    ----------
    net : Network
        Of at most 40 layers.
    theta : array_like, shape (n_parameters,), optional
    title : str, optional
    feature_names, class_names : sequence, optional
        One for each input, and one for each output; x1, x2, … and y1, y2, … by default.

    Returns
    -------
    Picture

    Raises
    ------
    InvalidValue
        Where theta has another shape, or holds NaN or infinity; where names are too many or too few.

    Examples
    --------
    >>> from chainrule import Dense, Network
    >>> net = Network([Dense(3, "tanh"), Dense(1)], n_features=2)
    >>> [axes] = network_graph(net, net.initial_theta(0)).axes
    >>> [text.get_text() for text in axes.texts][3:6]
    ['W1 (2×3)', 'W2 (3×1)', 'half_squared_error']
    """
    check_network(net, "net, theta")
    layers = _open(net, theta)
    plan = _plan(net, feature_names, class_names)
    entries = [] if plan.boxes else _entries(plan, layers)
    picture, axes = _canvas(plan, title, len(entries) > 1)
    for i, column in enumerate(plan.columns):
        _write(axes, i * plan.gap, plan.floor - AIR, column.caption, va="top", linespacing=1.25)
    _draw_arrows(axes, plan, net)
    if plan.boxes:
        _draw_boxes(axes, plan)
    else:
        _draw_layers(axes, plan, net, layers)
    _write_names(axes, plan)
    set_heading(picture, title)
    add_legend(picture, entries)
    return picture


@dataclass(frozen=True)
class Column:
    """A layer, or the inputs: how many units it has, what is written below, and the names of the drawn ones."""

    size: int
    caption: str = ""
    names: Sequence[str] = ()

    @property
    def shown(self) -> list[int]:
        """Which units are drawn.

        >>> Column(3).shown, Column(100).shown
        ([0, 1, 2], [0, 1, 2, 3, 99])
        """
        return list(range(self.size)) if self.size <= IN_FULL else [*range(FIRST), self.size - 1]

    @property
    def rows(self) -> int:
        """How many rows the drawn units take; dots take one."""
        return self.size if self.size <= IN_FULL else FIRST + 2

    @property
    def heights(self) -> Array:
        """How far each drawn unit is above the middle, in inches."""
        return SPACING * ((self.rows - 1) / 2 - np.minimum(self.shown, self.rows - 1))

    @property
    def box(self) -> float:
        """How high its box is: half an inch more where there are ten times the units."""
        return 0.6 + 0.5 * float(np.log10(self.size))


@dataclass(frozen=True)
class Plan:
    """Where everything is, in inches: columns a gap apart from x = 0 on, their middle at y = 0."""

    columns: list[Column]
    weights: list[str]
    loss: str
    gap: float
    boxes: bool
    biases: bool

    @property
    def top(self) -> float:
        """The upper edge of the highest column."""
        if self.boxes:
            return max(max(column.box, LINE * column.rows * bool(column.names)) for column in self.columns) / 2
        return SPACING * (max(column.rows for column in self.columns) - 1) / 2 + NODE / 2

    @property
    def floor(self) -> float:
        """The lower edge of everything but words; the 1s are a row below the lowest unit."""
        return -self.top - (SPACING if self.biases and not self.boxes else 0.0)

    @property
    def half(self) -> float:
        """Half the width of a unit or a box."""
        return (BOX if self.boxes else NODE) / 2

    @property
    def loss_at(self) -> float:
        """Where the arrow to the loss begins."""
        names = self.columns[-1].names
        return self.gap * len(self.weights) + self.half + AIR + (_inches(*names) + AIR if names else 0.0)


def _plan(net: Network, feature_names: Sequence[object] | None, class_names: Sequence[object] | None) -> Plan:
    if len(net.layers) > MOST_LAYERS:
        raise InvalidValue(f"A graph holds at most {MOST_LAYERS} layers, the network has {len(net.layers)}. Print it.")
    inputs = _as_names("feature_names", feature_names, net.n_features, "input", "x")
    outputs = _as_names("class_names", class_names, net.n_outputs, "output", "y")
    sizes = [net.n_features, *(layer.n_outputs for layer in net.layers)]
    drawn = [len(Column(size).shown) for size in sizes]
    n_edges = sum(n_in * n_out for n_in, n_out in pairwise(drawn))
    boxes = sum(size > IN_FULL for size in sizes) > 1 or n_edges > MOST_EDGES
    names: list[Sequence[str]] = [()] * len(sizes)
    names[0] = () if boxes and feature_names is None else inputs
    names[-1] = () if boxes and class_names is None else outputs
    columns = [Column(*parts) for parts in zip(sizes, _captions(net, sizes, boxes), names, strict=True)]
    weights = [f"W{number} ({n_in}×{n_out})" for number, (n_in, n_out) in enumerate(pairwise(sizes), start=1)]
    least = 1.7 if len(sizes) <= 4 else 1.3 if len(sizes) <= 8 else 0.8
    gap = max(
        least,
        AIR + max(_inches(column.caption) for column in columns),
        _inches(*weights) + AIR + (BOX + AIR if boxes else 0.0),
    )
    return Plan(columns, weights, _short(net.loss.name), gap, boxes, any(layer.bias for layer in net.layers))


def _captions(net: Network, sizes: list[int], boxes: bool) -> list[str]:
    """Return what is below each column: its role, its size, what it drops, and how much of it is drawn."""
    first, last = "input" + "s" * (net.n_features > 1), "output" + "s" * (net.n_outputs > 1)
    roles = [first, *["hidden"] * (len(net.layers) - 1), last]
    kinds = ["", *(f" {_short(layer.activation.name)}" for layer in net.layers)]
    captions = []
    for role, size, kind, rate in zip(roles, sizes, kinds, (*net.dropout_rates, 0.0), strict=True):
        dropout, part = f"dropout {rate:g}" * (rate > 0), f"({FIRST} + 1 drawn)" * (size > IN_FULL and not boxes)
        captions.append("\n".join(filter(None, [role, f"{size}{kind}", dropout, part])))
    return captions


def _as_names(what: str, names: Sequence[object] | None, n_units: int, unit: str, letter: str) -> list[str]:
    """Return a name for each unit that is drawn, short enough to be written beside it."""
    if names is None:
        names = [letter] if n_units == 1 and letter == "y" else [f"{letter}{k}" for k in range(1, n_units + 1)]
    given = list(names) if isinstance(names, Iterable) and not isinstance(names, str) else None
    if given is None or len(given) != n_units:
        got = repr(names) if given is None else len(given)
        wanted = f"{n_units} name{'s' * (n_units > 1)}, one for each {unit}"
        raise InvalidValue(f"{what} must be a list of {wanted}, got {got}.")
    return [_short(given[k]) for k in Column(n_units).shown]


def _short(name: object) -> str:
    """Return a name on one line, of at most 20 letters; what goes is the middle, as names differ at both ends.

    >>> _short("concave points, the worst of all")
    'concave poi…t of all'
    """
    text = " ".join(str(name).split())
    return text if len(text) <= 20 else f"{text[:11]}…{text[-8:]}"


def _inches(*texts: str) -> float:
    return WIDE * FONT / 72 * max((len(line) for text in texts for line in text.split("\n")), default=0)


def _open(net: Network, theta: npt.ArrayLike | None) -> Weights | None:
    """Return [(W, b), …], all of it finite, or None where there is no theta."""
    if theta is None:
        return None
    layers = net.views(as_theta(theta, net.n_parameters))
    blocks = [block for layer in layers for block in layer if block is not None]
    for name, block in zip(net.shapes, blocks, strict=True):
        check_finite(name, block)
    return layers


def _canvas(plan: Plan, title: str | None, legend: bool) -> tuple[Picture, Axes]:
    """Make a picture whose coordinates are inches, with room for all words."""
    first, last = plan.columns[0], plan.columns[-1]
    left = -max(plan.half + 2 * AIR + _inches(*first.names), _inches(first.caption) / 2 + AIR)
    end = plan.gap * len(plan.weights) + _inches(last.caption) / 2 + AIR
    right = max(plan.loss_at + ARROW + 2 * AIR + _inches(plan.loss), end)
    spare = max(0.0, max(LEGEND * legend, WIDE * 10 / 72 * len(title or "")) - (right - left)) / 2
    n_lines = max(column.caption.count("\n") + 1 for column in plan.columns)
    bottom = plan.floor - 2 * AIR - LINE * n_lines - (0.35 if legend else 0.0)
    top = plan.top + (AIR if plan.boxes else 0.55) + (0.3 if title else 0.0)
    picture = Picture(right - left + 2 * spare, top - bottom)
    picture.set_layout_engine("none")
    axes = picture.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set(xlim=(left - spare, right + spare), ylim=(bottom, top))
    axes.set_axis_off()
    return picture, axes


def _write(axes: Axes, x: float, y: float, text: str, **kwargs: Any) -> None:
    axes.text(x, y, text, **{"fontsize": FONT, "ha": "center", "va": "center", "parse_math": False, **kwargs})


def _draw_arrows(axes: Axes, plan: Plan, net: Network) -> None:
    """Draw the way of the numbers: an arrow a layer, with the names of W, and of b where it has no lines; the loss."""
    level = 0.0 if plan.boxes else plan.top + 0.2
    arrows = [(plan.loss_at, plan.loss_at + ARROW, 0.0)]
    for i, (name, layer) in enumerate(zip(plan.weights, net.layers, strict=True)):
        start, end = i * plan.gap + plan.half, (i + 1) * plan.gap - plan.half
        arrows.append((start, end, level))
        _write(axes, (start + end) / 2, level + 0.05, name, va="bottom")
        if plan.boxes and layer.bias:
            _write(axes, (start + end) / 2, level - 0.07, f"b{i + 1} ({layer.n_outputs})", va="top")
    _write(axes, plan.loss_at + ARROW + AIR / 2, 0.0, plan.loss, ha="left")
    look: dict[str, Any] = {"arrowstyle": "-|>", "mutation_scale": 8, "shrinkA": 0, "shrinkB": 0, "color": GREY}
    for start, end, y in arrows:
        axes.add_patch(FancyArrowPatch((start, y), (end, y), linewidth=0.8, **look))


def _draw_boxes(axes: Axes, plan: Plan) -> None:
    """Draw each layer as a box that holds its first and its last unit, and dots for those between."""
    for i, column in enumerate(plan.columns):
        x, high = i * plan.gap, column.box
        axes.add_patch(Rectangle((x - BOX / 2, -high / 2), BOX, high, facecolor="#F2F2F2", edgecolor="black", zorder=2))
        _draw_nodes(axes, x, (high / 2 - 0.18) * np.array([1.0, -1.0] if column.size > 1 else [0.0]), "o")
        if column.size > 2:
            _write(axes, x, 0.0, "⋮", fontsize=12, zorder=4)


def _draw_layers(axes: Axes, plan: Plan, net: Network, layers: Weights | None) -> None:
    """Draw the units, column by column, and the lines that end in them."""
    for i, column in enumerate(plan.columns):
        _draw_nodes(axes, i * plan.gap, column.heights, "o")
        if column.size > IN_FULL:
            _write(axes, i * plan.gap, SPACING * ((column.rows - 1) / 2 - FIRST), "⋮", fontsize=12)
    for i, ((before, after), layer) in enumerate(zip(pairwise(plan.columns), net.layers, strict=True)):
        W, b = layers[i] if layers else (None, None)
        limit = 1.0 if W is None else symmetric([W] if b is None else [W, b])
        drawn = None if W is None else W[np.ix_(before.shown, after.shown)]
        crowded = len(before.shown) * len(after.shown) / 40
        scale = limit, THICK / min(2.0, max(1.0, crowded**0.5))
        x = (i * plan.gap, (i + 1) * plan.gap)
        _draw_edges(axes, x, (before.heights, after.heights), drawn, scale, label=f"W{i + 1}")
        if layer.bias:
            one = np.array([plan.floor + NODE / 2])
            drawn = None if b is None else b[after.shown]
            _draw_edges(axes, x, (one, after.heights), drawn, scale, label=f"b{i + 1}", linestyles=DASHES)
            _draw_nodes(axes, x[0], one, "s")
            _write(axes, x[0], float(one[0]), "1", fontsize=7, va="center_baseline", zorder=4)


def _draw_nodes(axes: Axes, x: float, heights: Array, marker: str) -> None:
    area = (72 * NODE * (1.0 if marker == "o" else 0.8)) ** 2
    axes.scatter(np.full(len(heights), x), heights, s=area, c="white", marker=marker, edgecolors="black", zorder=3)


def _draw_edges(
    axes: Axes, x: _Pair, ends: tuple[Array, Array], weights: Array | None, scale: _Pair, **look: Any
) -> None:
    """Draw a line from each unit to each of the next, the thickest first; scale is the largest |w| and its width."""
    y = np.stack(np.meshgrid(*ends, indexing="ij"), axis=-1).reshape(-1, 2)  # row by row of W
    lines = np.stack([np.broadcast_to(x, y.shape), y], axis=-1)  # (n_lines, 2, 2)
    if weights is None:
        axes.add_collection(LineCollection(list(lines), colors=GREY, linewidths=MEDIUM, **look))
        return
    w, (limit, thick) = weights.ravel(), scale
    order = np.argsort(-np.abs(w), kind="stable")
    widths = np.where(w == 0, HAIRLINE, THIN + (thick - THIN) * np.abs(w / limit))[order]
    colours = np.where(w > 0, POSITIVE, np.where(w < 0, NEGATIVE, ZERO))[order].tolist()
    axes.add_collection(LineCollection(list(lines[order]), colors=colours, linewidths=widths, **look))


def _write_names(axes: Axes, plan: Plan) -> None:
    """Write the names of inputs to the left, of outputs to the right: unit by unit, or beside the box as a list."""
    away = plan.half + AIR / 2
    ends = [(plan.columns[0], -away, "right"), (plan.columns[-1], plan.gap * len(plan.weights) + away, "left")]
    for column, x, side in ends:
        heights = column.heights * (LINE / SPACING if plan.boxes else 1.0)
        for name, y in zip(column.names, heights.tolist(), strict=False):  # there may be no names
            _write(axes, x, y, name, ha=side)


def _entries(plan: Plan, layers: Weights | None) -> list[tuple[str, Line2D]]:
    """Return what the lines mean; told without colours too: light, dark, hairline, dashed."""
    lines: list[tuple[str, str, float, Any]] = [("weight", GREY, MEDIUM, "-")]
    if layers is not None:
        lines = [("positive: light", POSITIVE, 2.0, "-"), ("negative: dark", NEGATIVE, 2.0, "-")]
        if any((block == 0).any() for layer in layers for block in layer if block is not None):
            lines.append(("zero: hairline", ZERO, HAIRLINE, "-"))
    if plan.biases:
        lines.append(("bias: dashed", GREY, 1.2, DASHES))
    return [(name, Line2D([], [], color=colour, linewidth=width, ls=ls)) for name, colour, width, ls in lines]
