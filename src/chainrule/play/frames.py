"""Frames: a moment of a run as bytes. A header in JSON says what follows: theta, gradient, field, units, curve."""

from __future__ import annotations

import math
import struct
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from chainrule.maths.arrays import quietly
from chainrule.network.engine_choice import is_compiled

if TYPE_CHECKING:
    from chainrule.maths.arrays import Array
    from chainrule.play.built_problem import Problem
    from chainrule.play.live_run import LiveRun, Moment
    from chainrule.play.messages import View

UNIT_SIZE = 24  # pixels of a unit's picture
MARGIN = 0.12  # of the field around the points


def box(problem: Problem, view: View) -> tuple[int, int, list[float]]:
    """Return the two features shown and the field's edges: left, right, bottom, top."""
    X = problem.points.X
    x, y = view.x % X.shape[1], view.y % X.shape[1]
    edges: list[float] = []
    for column in (X[:, x], X[:, y]):
        low, high = float(column.min()), float(column.max())
        margin = MARGIN * (high - low or 1.0)
        edges += [low - margin, high + margin]
    return x, y, edges


@lru_cache(maxsize=4)
def grid(problem: Problem, view: View, size: int) -> Array:
    """Return the places of a field, rows from the top: other features stay at their mean. One feature: one row.

    A picture has 256 levels: its numbers are float32.
    """
    x, y, (left, right, bottom, top) = box(problem, view)
    X = problem.points.X
    across = np.linspace(left, right, size, dtype=np.float32)
    if X.shape[1] == 1:
        return across[:, np.newaxis]
    places = np.tile(X.mean(axis=0).astype(np.float32), (size * size, 1))
    places[:, y] = np.repeat(np.linspace(top, bottom, size, dtype=np.float32), size)
    places[:, x] = np.tile(across, size)
    return places


def output_range(problem: Problem) -> tuple[float, float]:
    """Return the outputs that the field's two ends of the colours stand for."""
    return float(problem.T.min()), float(max(problem.T.max(), problem.T.min() + 1e-9))


def as_bytes(values: Array, low: float, high: float) -> bytes:
    """Return numbers as bytes, 0 for low and 255 for high."""
    with np.errstate(invalid="ignore", over="ignore"):
        scaled = np.nan_to_num((values - low) / (high - low) * 255.0, nan=0.0)
        pixels: bytes = np.clip(np.round(scaled), 0, 255).astype(np.uint8).tobytes()
    return pixels


@quietly
def field(problem: Problem, theta: Array, view: View) -> bytes:
    """Return the decision picture: of several classes a plane of winners and one of how sure, else one of outputs."""
    compiled = is_compiled("auto", problem.net, math.inf)
    places = grid(problem, view, view.size)
    Y = problem.net.predict(theta.astype(np.float32), places, engine="compiled" if compiled else "textbook")
    if problem.points.n_classes and Y.shape[1] > 1:
        low, high = output_range(problem)
        winners: bytes = Y.argmax(axis=1).astype(np.uint8).tobytes()
        return winners + as_bytes(Y.max(axis=1), low, high)
    return as_bytes(Y[:, view.output % Y.shape[1]], *output_range(problem))


@quietly
def units(problem: Problem, theta: Array, view: View) -> bytes:
    """Return every hidden unit's picture, layer after layer, from its lowest to its highest activation."""
    trace = problem.net.forward(theta.astype(np.float32), grid(problem, view, UNIT_SIZE))
    pictures = []
    for A in trace.A[1:-1]:
        reach = np.maximum(np.abs(A).max(axis=0), 1e-12)
        pictures += [as_bytes(A[:, j], -reach[j], reach[j]) for j in range(A.shape[1])]
    return b"".join(pictures)


def gradient(live: LiveRun, theta: Array) -> Array:
    """Return the gradient at theta as the run follows it, its penalties included."""
    problem, state = live.problem, live.problem.state
    if live.given is not None:
        return live.given(theta, problem.X, problem.T)
    arguments = problem.arguments
    l2, l1 = arguments.get("l2", state.training.l2), arguments.get("l1", state.training.l1)
    return problem.net.objective(problem.X, problem.T, l2=l2, l1=l1)(theta)[1]


def frame(live: LiveRun, view: View, *, with_gradient: bool) -> bytes:
    """Return the latest moment as a frame."""
    moment, problem = live.moment, live.problem
    parts = [
        ("theta", "f8", moment.theta.astype(np.float64).tobytes()),
        ("field", "u1", field(problem, moment.theta, view)),
        ("units", "u1", units(problem, moment.theta, view)),
        ("curve", "f4", np.array(live.curve, dtype=np.float32).tobytes()),
    ]
    if with_gradient and view.gradients:
        parts.append(("gradient", "f8", np.asarray(gradient(live, moment.theta), np.float64).tobytes()))
    header = {**_about(live, moment), "size": view.size, "sections": [(n, t, len(b)) for n, t, b in parts]}
    head = msgspec.json.encode(header)
    return struct.pack("<I", len(head)) + head + b"".join(body for _, _, body in parts)


def _about(live: LiveRun, moment: Moment) -> dict[str, Any]:
    return {
        "epoch": moment.done,
        "loss": moment.loss if math.isfinite(moment.loss) else None,
        "heldOutLoss": moment.held_out_loss if math.isfinite(moment.held_out_loss) else None,
        "playing": live.playing,
        "message": live.message,
        "engine": live.engine,
        "lowest": live.lowest if math.isfinite(live.lowest[1]) else None,
        "speed": live.speed if live.playing else 0.0,
    }
