"""Reading the loss: which loss code returns, in which convention, and which mistake of the forward pass explains it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from chainrule.check.conventions import Scale, every_edit, loss_in, outcome, scales
from chainrule.check.edits.mistakes import all_pairs, blind_of_the_text, label_blind
from chainrule.maths.losses import LOSSES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chainrule.check.edits.program import Edit, Point, ProgramOutput
    from chainrule.network.network import Network

Losses: TypeAlias = "tuple[float | None, ...]"

FORWARD = (
    "softmax-axis",
    "softmax-over-everything",
    "activation-wrong",
    "bias-not-added",
    "exponent-sign",
    "wrong-layer-fed",
    "activation-twice",
    "bias-outside",
)
DIFFERENT = 1e-6  # relative: of means at several points
LOSS_BLIND = ("label-blind", "broadcast")  # losses that are mistakes themselves


def is_forward(one: Edit) -> bool:
    """Whether an edit changes the outputs."""
    in_gradient = all(symbol.startswith(("d", "g")) for symbol in one.changes)
    return (one.kind in FORWARD and not in_gradient) or one.symbol in ("X", "ones")


@lru_cache(maxsize=16)
def read_loss(
    net: Network, points: tuple[Point, ...], told: Losses, base: tuple[Edit, ...] = ()
) -> tuple[Scale | None, str | None]:
    """Return the convention of the told loss; None and the name of another loss, or "unknown", if it has none."""
    runs = _runs(net, points, base)
    if (scale := _scale_of(net, points, told, [run.loss for run in runs])) is not None:
        return scale, None
    others_known = [(loss.name, loss.value) for loss in LOSSES.values() if loss.name != net.loss.name]
    others_known += [("label-blind", blind_of_the_text(10.0**-k)) for k in range(2, 16)]
    others_known += [("label-blind", label_blind), ("broadcast", all_pairs(net))]
    for name, value in others_known:
        with np.errstate(all="ignore"):
            others = [float(np.mean(value(run.Y, point.T))) for run, point in zip(runs, points, strict=True)]
        if any(others) and _scale_of(net, points, told, others) is not None:
            return None, name
    return None, "unknown"


@lru_cache(maxsize=16)
def explain_loss(net: Network, points: tuple[Point, ...], told: Losses) -> tuple[tuple[Edit, ...], Scale | None]:
    """Find the edit of the forward pass whose outputs have the told loss."""
    for candidate in filter(is_forward, every_edit(net)):
        means = [run.loss for run in _runs(net, points, (candidate,))]
        for scale in scales(penalized=any(point.l2 for point in points), several_outputs=net.n_outputs > 1):
            if _is(net, points, told, scale, means):
                return (candidate,), scale
    return (), None


def _runs(net: Network, points: Sequence[Point], base: tuple[Edit, ...]) -> list[ProgramOutput]:
    runs = [outcome(net, point, Scale(), *base) for point in points]
    return [run for run in runs if run is not None]


def _scale_of(net: Network, points: Sequence[Point], told: Losses, means: Sequence[float]) -> Scale | None:
    """Return the convention in which a loss of these means is the one that was told, a constant added perhaps."""
    if len(means) != len(points):
        return None
    for scale in scales(penalized=any(point.l2 for point in points), several_outputs=net.n_outputs > 1):
        if _is(net, points, told, scale, means):
            return scale
    return _constant_multiple(net, points, told, means) or _shifted(net, points, told, means)


def _constant_multiple(net: Network, points: Sequence[Point], told: Losses, means: Sequence[float]) -> Scale | None:
    """Return the convention of a loss that is any one number times ours, or N times that."""
    for by_n in (False, True):
        ours = loss_in(Scale(by_n=by_n, penalty_by_n=by_n), net, points[0], means[0])
        factor = float((told[0] or 0.0) / ours) if ours else 0.0
        scale = Scale(factor, by_n, penalty=factor, penalty_by_n=by_n)
        if factor and len(means) > 1 and _is(net, points, told, scale, means):
            return scale
    return None


def _shifted(net: Network, points: Sequence[Point], told: Losses, means: Sequence[float]) -> Scale | None:
    """Return the usual convention where the told loss is ours plus one constant."""
    shifts = [
        (loss or 0.0) - loss_in(Scale(), net, point, mean)
        for loss, point, mean in zip(told, points, means, strict=True)
    ]
    largest = max(abs(mean) for mean in means)
    if len(means) < 2 or not np.isfinite(shifts).all() or np.ptp(means) <= DIFFERENT * largest:
        return None  # of a loss that is one and the same at all points a constant is always a shift
    return Scale() if np.ptp(shifts) <= 1e-9 * max(largest, 1.0) else None


def _is(net: Network, points: Sequence[Point], told: Losses, scale: Scale, means: Sequence[float]) -> bool:
    """Whether the told losses are those of these means in a convention, to six digits."""
    if len(means) != len(points):
        return False
    for loss, point, mean in zip(told, points, means, strict=True):
        expected = loss_in(scale, net, point, mean)
        if loss is None or not np.isfinite(expected) or not np.isfinite(loss):
            return False
        if abs(loss - expected) > 1e-6 * max(abs(expected), 1e-12):
            return False
    return True
