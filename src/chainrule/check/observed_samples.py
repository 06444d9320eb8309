"""Observed samples: which values that a program holds during a step may be its inputs and its targets."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from chainrule.check.names import role_of
from chainrule.check.observed_batches import batches_in
from chainrule.check.observed_parameters import is_of_gradient, last_word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chainrule.check.edits.program import Vector
    from chainrule.check.observed_batches import Rows
    from chainrule.check.observed_run import Look
    from chainrule.network.network import Network

MOST_LOOKS = 24  # of a step
MOST_INPUTS = 40
MOST_TARGETS = 40
MOST_ROWS = 2000
MOST_INDICES = 24
MOST_TABLES = 3
ALMOST = 1e-9


@dataclass(frozen=True, eq=False)
class SeenRows:
    """Inputs (n_samples, n_features) or targets (n_samples, n_outputs), and where they were seen."""

    path: str
    rows: Vector
    doubt: float = 1.0


def samples_in(net: Network, looks: Sequence[Look]) -> tuple[list[SeenRows], list[SeenRows]]:
    """What may be inputs, and what targets, in looks at one step: what is called so first, each once."""
    inputs: dict[bytes, SeenRows] = {}
    targets: dict[bytes, SeenRows] = {}
    for look in _some(looks):
        for path, array in look.values.items():
            if array.size and array.ndim <= 3 and array.size <= MOST_ROWS * (net.n_features + net.n_outputs + 1):
                for X in _inputs(net, array):
                    _keep(inputs, SeenRows(path, X, _doubt(path, "X")))
                for T in _targets(net, array):
                    _keep(targets, SeenRows(path, T, _doubt(path, "T")))
    found = _first(inputs, MOST_INPUTS), _first(targets, MOST_TARGETS)
    return with_batches(*found, _indices(looks))


def _indices(looks: Sequence[Look]) -> list[Rows]:
    """What may pick the samples of a batch, each once."""
    found: dict[bytes, Rows] = {}
    for look in _some(looks):
        for rows in batches_in(look.values):
            found.setdefault(rows.tobytes(), rows)
    return list(found.values())[:MOST_INDICES]


def with_batches(
    inputs: list[SeenRows], targets: list[SeenRows], indices: Sequence[Rows]
) -> tuple[list[SeenRows], list[SeenRows]]:
    """Inputs and targets, and the rows of tables that a batch is made of: by its indices, or where its inputs are.

    >>> X, T = SeenRows("X", np.array([[1.0], [2.0], [3.0]])), SeenRows("T", np.array([[1.0], [0.0], [0.0]]))
    >>> _, found = with_batches([X, SeenRows("x", X.rows[1:])], [T], [])
    >>> [(one.path, one.rows.ravel().tolist()) for one in found]
    [('T', [1.0, 0.0, 0.0]), ('T', [0.0, 0.0])]
    """
    tables = [X for X in inputs if any(len(T.rows) == len(X.rows) > 1 for T in targets)][:MOST_TABLES]
    more: tuple[list[SeenRows], list[SeenRows]] = [], []
    seen = set[tuple[int, bytes]]()
    for X in tables:
        places = {row.tobytes(): k for k, row in enumerate(X.rows)}
        parts = [_places_in(places, one.rows) for one in inputs if 1 < len(one.rows) < len(X.rows)]
        for some in (*indices, *(one for one in parts if one is not None)):
            part = some[some < len(X.rows)]
            mark = (len(X.rows), part.tobytes())
            if mark not in seen and 1 < len(part) < len(X.rows):
                seen.add(mark)
                more[0].append(SeenRows(X.path, X.rows[part], X.doubt))
                alike = [T for T in targets if len(T.rows) == len(X.rows)][:MOST_TABLES]
                more[1].extend(SeenRows(T.path, T.rows[part], T.doubt) for T in alike)
    return inputs + more[0], targets + more[1]


def _places_in(places: dict[bytes, int], rows: Vector) -> Rows | None:
    """Where rows stand in a table; None where it has not all of them."""
    found = [places.get(row.tobytes()) for row in rows]
    return None if None in found else np.array(found, dtype=np.intp)


def _some(looks: Sequence[Look]) -> list[Look]:
    """Both ends, and a few between."""
    if len(looks) <= MOST_LOOKS:
        return list(looks)
    places = np.unique(np.linspace(0, len(looks) - 1, MOST_LOOKS).astype(int))
    return [looks[k] for k in places]


def _keep(found: dict[bytes, SeenRows], one: SeenRows) -> None:
    mark = repr(one.rows.shape).encode() + one.rows.tobytes() + (one.path.encode() if len(one.rows) == 1 else b"")
    if np.isfinite(one.rows).all() and (mark not in found or found[mark].doubt > one.doubt):
        found[mark] = one


def _first(found: dict[bytes, SeenRows], most: int) -> list[SeenRows]:
    """The likeliest, of each number of samples so many."""
    kept: list[SeenRows] = []
    for one in sorted(found.values(), key=lambda one: one.doubt):
        if sum(len(other.rows) == len(one.rows) for other in kept) < most:
            kept.append(one)
    return kept


@lru_cache(maxsize=4096)
def _doubt(path: str, role: str) -> float:
    """How little a name says that it holds inputs, or targets."""
    said = role_of(last_word(path).rstrip("#").rstrip("_"))
    if said in (role, "X and T"):
        return 0.0
    return 2.0 if is_of_gradient(path) or said is not None else 1.0


def _inputs(net: Network, array: Vector) -> Iterator[Vector]:
    """Every way in which an array may be inputs, rows being samples: beside ones for the bias, before the targets."""
    F = net.n_features
    for rows in _as_rows(array):
        n, width = rows.shape
        if width == F:
            yield rows
        elif width == F + 1:
            yield from (
                rest for rest, one in ((rows[:, 1:], rows[:, 0]), (rows[:, :-1], rows[:, -1])) if (one == 1).all()
            )
        if width in (F + 1, F + net.n_outputs) and n:
            yield rows[:, :F]
    if F == 1 and array.ndim <= 1:
        yield array.reshape(-1, 1)


def _targets(net: Network, array: Vector) -> Iterator[Vector]:
    """Every way in which an array may be targets: as they are, as classes, behind the inputs."""
    F, K = net.n_features, net.n_outputs
    for rows in _as_rows(array):
        width = rows.shape[1]
        if width == K:
            yield rows
        if width == F + K:
            yield rows[:, F:]
        if width == F + 1 and K > 1:
            yield from _of_classes(rows[:, F], K)
    if array.squeeze().ndim <= 1:
        flat = array.reshape(-1)
        if K == 1:
            yield flat[:, None]
        else:
            yield from _of_classes(flat, K)


def _of_classes(labels: Vector, K: int) -> Iterator[Vector]:
    """Classes counted from 0, or from 1, one-hot."""
    whole = np.round(labels)
    if (np.abs(labels - whole) > ALMOST).any():
        return
    for first in (0, 1):
        if whole.min() >= first and whole.max() < K + first:
            yield np.eye(K)[whole.astype(int) - first]


def _as_rows(array: Vector) -> Iterator[Vector]:
    """An array as a matrix whose rows are samples: as it is, the other way around, or one sample."""
    core = array if array.ndim < 3 else array[0] if array.shape[0] == 1 else array.squeeze()
    if core.ndim == 2:
        yield core
        if min(core.shape) > 1 or core.shape[0] != core.shape[1]:
            yield core.T
    elif core.ndim == 1:
        yield core[None, :]
