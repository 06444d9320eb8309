"""Samples: rows of X with targets and weights, handed out a batch at a time; sparse ones become dense only then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

    from chainrule.maths.arrays import Array

    Places = npt.NDArray[np.intp]
    Deal = Callable[[Any], Places]  # returns places in another order, of a number n those from 0 to n − 1

ROWS = 4096  # of a block, where all samples are gone through in order


@dataclass(frozen=True, eq=False)
class Batch:
    """Some samples, dense: X (n, n_features), T (n, n_outputs), weight (n,) or None for ones."""

    X: Array
    T: Array
    weight: Array | None

    @property
    def total(self) -> float:
        """The sum of the weights: without any, how many samples there are."""
        return float(len(self.X)) if self.weight is None else float(self.weight.sum())

    @property
    def shares(self) -> Array:
        """Each sample's share of the batch's mean, (n,)."""
        if self.weight is None:
            return np.full(len(self.X), 1.0 / len(self.X), dtype=self.X.dtype)
        shares: Array = (self.weight / self.weight.sum()).astype(self.X.dtype, copy=False)
        return shares

    def in_float64(self) -> Batch:
        """Return the batch in float64."""
        return Batch(self.X.astype(np.float64), self.T.astype(np.float64), self.weight)


@dataclass(frozen=True, eq=False)
class Samples:
    """All samples: X dense or sparse (CSR, CSC), T (n, n_outputs) in X's dtype, weight (n,) or None.

    Where there are ``rows``, only these count, in this order: of the arrays nothing is copied.
    """

    X: Any
    T: Array
    weight: Array | None = None
    rows: npt.NDArray[np.intp] | None = None

    def __len__(self) -> int:
        """How many there are."""
        return int(self.X.shape[0]) if self.rows is None else len(self.rows)

    @property
    def weight_of_rows(self) -> Array | None:
        """The weights of those that count."""
        return self.weight if self.weight is None or self.rows is None else self.weight[self.rows]

    @property
    def total(self) -> float:
        """The sum of the weights: without any, how many samples there are."""
        weight = self.weight_of_rows
        return float(len(self)) if weight is None else float(weight.sum())

    @property
    def largest_weight(self) -> float:
        """The largest weight of those that count; 1 without any."""
        weight = self.weight_of_rows
        return 1.0 if weight is None else float(np.abs(weight).max()) or 1.0

    def first_order(self) -> npt.NDArray[np.intp]:
        """Return the order in which they lie."""
        return np.arange(len(self))

    def next_order(self, order: Places, deal: Deal | None) -> Places:
        """Return the order of the next epoch: the one before, shuffled."""
        return order if deal is None else deal(order)

    def parts(self, order: Places, size: int, deal: Deal | None) -> Iterator[tuple[Samples, Places | None]]:  # noqa: ARG002
        """Yield what an epoch goes through, with the places in it, None for all as they lie: here all at once."""
        yield self, None if deal is None else order

    def in_memory(self) -> Iterator[Samples]:
        """Yield all of them, as far as they are in memory at once."""
        yield self

    def take(self, which: npt.NDArray[np.intp] | slice) -> Batch:
        """Return these samples as a dense batch."""
        which = which if self.rows is None else self.rows[which]
        weight = None if self.weight is None else self.weight[which]
        return Batch(dense(self.X[which]), self.T[which], weight)

    def select(self, which: npt.NDArray[np.intp]) -> Samples:
        """Return these samples as rows of the same arrays."""
        return Samples(self.X, self.T, self.weight, which if self.rows is None else self.rows[which])

    def copied(self) -> Samples:
        """Return the samples in arrays of their own."""
        if self.rows is None:
            return self
        return Samples(self.X[self.rows], self.T[self.rows], self.weight_of_rows)

    def blocks(self) -> Iterator[Batch]:
        """Go through all of them in order, block by block: what is computed of a block stays in memory no longer."""
        for start in range(0, len(self), ROWS):
            yield self.take(slice(start, start + ROWS))


def dense(X: Any) -> Array:
    """Return an array as it is, and a sparse matrix as an array."""
    array: Array = X if isinstance(X, np.ndarray) else X.toarray()
    return array


def by_row(X: Any) -> Any:
    """Return X so that rows can be taken out quickly: CSC as CSR, everything else as it is."""
    return X if isinstance(X, np.ndarray) or X.format == "csr" else X.tocsr()
