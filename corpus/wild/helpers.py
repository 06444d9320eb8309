"""What the drivers share: scripts run for one round, objects stepped once, parameters put in, gradients got out."""

from __future__ import annotations

import ast
import contextlib
import copy
import io
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Array = NDArray[np.float64]


def sigmoid(z: Array) -> Array:
    """σ(z) = 1 / (1 + e^−z)."""
    return 1 / (1 + np.exp(-z))


def relu(z: Array) -> Array:
    """max(0, z)."""
    return np.maximum(0, z)


def softmax(z: Array) -> Array:
    """e^z over its sum in each row."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


class Script:
    """A file that does everything at its top level: run as it is, with some of its names given."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def run(self, **given: Any) -> dict[str, Any]:
        """Run the file, passing over its own assignments of the given names; return all its names."""
        tree = ast.parse(self.path.read_text(encoding="utf-8"))
        tree.body = [part for line in tree.body for part in _without(line, given)]
        names = {"__name__": "script", **copy.deepcopy(given)}
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(tree, str(self.path), "exec"), names)  # noqa: S102 - the file is ours
        return names


def _without(line: ast.stmt, given: dict[str, Any]) -> list[ast.stmt]:
    """Return the line without its assignments of given names, at the top level alone."""
    if not isinstance(line, ast.Assign) or len(line.targets) != 1:
        return [line]
    target, value = line.targets[0], line.value
    if isinstance(target, ast.Name):
        return [] if target.id in given else [line]
    if isinstance(target, ast.Tuple) and any(isinstance(t, ast.Name) and t.id in given for t in target.elts):
        if not isinstance(value, ast.Tuple):
            return []  # all of them are given
        pairs = zip(target.elts, value.elts, strict=True)
        kept = [(t, v) for t, v in pairs if not (isinstance(t, ast.Name) and t.id in given)]
        return [ast.fix_missing_locations(ast.copy_location(ast.Assign([t], v), line)) for t, v in kept]
    return [line]


def stepped(thing: Any, given: dict[str, Any], act: Callable[[Any], object], rate: float) -> tuple[Array, ...]:
    """Put arrays into an object by their paths, let it act, and return (before − after) / rate for each."""
    for path, value in given.items():
        exec(f"thing{_tail(path)} = value", {}, {"thing": thing, "value": copy.deepcopy(value)})  # noqa: S102
    act(thing)
    after = [eval(f"thing{_tail(path)}", {}, {"thing": thing}) for path in given]  # noqa: S307
    return tuple((np.asarray(old) - new) / rate for old, new in zip(given.values(), after, strict=True))


def _tail(path: str) -> str:
    return path if path.startswith("[") else f".{path}"


def transposed(*gradients: Array) -> tuple[Array, ...]:
    """Return every gradient transposed."""
    return tuple(g.T for g in gradients)


def summed(one: Callable[[Array, Array], Sequence[Array]], X: Array, T: Array) -> tuple[Array, ...]:
    """Return the sum over the samples of what ``one(x, t)`` returns for each, from the same weights."""
    found = [one(x, t) for x, t in zip(X, T, strict=True)]
    return tuple(np.sum(parts, axis=0) for parts in zip(*found, strict=True))


def unrolled(*parameters: Array, order: Any = "C") -> Array:
    """Return W1, b1, W2, b2, … as one vector of thetas, (units, 1 + inputs), the bias first."""
    thetas = [np.vstack([b, W]).T for W, b in zip(parameters[::2], parameters[1::2], strict=True)]
    return np.concatenate([theta.ravel(order=order) for theta in thetas])


def rerolled(vector: Array, *parameters: Array, order: Any = "C") -> tuple[Array, ...]:
    """Return the blocks W1, b1, … of a vector as ``unrolled`` makes it."""
    blocks: list[Array] = []
    at = 0
    for W in parameters[::2]:
        n_in, n_out = W.shape
        theta = vector[at : at + (n_in + 1) * n_out].reshape((n_out, n_in + 1), order=order)
        blocks += [theta[:, 1:].T, theta[:, 0]]
        at += theta.size
    return tuple(blocks)
