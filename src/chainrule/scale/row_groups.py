"""Row groups: the rows of a table in blocks, blocks in groups, and the one tree in which groups are added.

Nothing here knows how many workers there are, and so what is added is the same to the last bit for any number of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    import numpy.typing as npt

Span: TypeAlias = "tuple[int, int]"  # rows from the first up to but without the second
Group: TypeAlias = "tuple[Span, ...]"
FAN_IN = 8  # sums that one task adds: a power of two, so that it is a part of the tree of pairs


@dataclass(frozen=True)
class RowGroups:
    """Blocks of neighbouring rows, each from a bound to the next; a group is so many blocks of an epoch's order.

    >>> rows = RowGroups(bounds=(0, 4, 8, 10), blocks_of_group=2)
    >>> rows.n_blocks, rows.groups([2, 0, 1])
    (3, [((8, 10), (0, 4)), ((4, 8),)])
    """

    bounds: Sequence[int]
    blocks_of_group: int

    @property
    def n_blocks(self) -> int:
        """How many blocks there are."""
        return len(self.bounds) - 1

    def groups(self, blocks: Sequence[int] | npt.NDArray[np.intp]) -> list[Group]:
        """Deal blocks, by their numbers, into groups, in this order."""
        spans = [(self.bounds[i], self.bounds[i + 1]) for i in blocks]
        size = self.blocks_of_group
        return [tuple(spans[start : start + size]) for start in range(0, len(spans), size)]


def count_rows(groups: Sequence[Group]) -> int:
    """How many rows these groups have.

    >>> count_rows([((8, 10), (0, 4)), ((4, 8),)])
    10
    """
    return sum(stop - start for group in groups for start, stop in group)


def tree_sum(parts: Sequence[Any], add: Callable[[Any, Any], Any]) -> Any:
    """Add neighbours, then neighbours of what came of it, until one is left: ((a + b) + (c + d)) + e.

    >>> tree_sum(["a", "b", "c", "d", "e"], lambda one, other: f"({one} + {other})")
    '(((a + b) + (c + d)) + e)'
    """
    while len(parts) > 1:
        parts = [add(*parts[i : i + 2]) if i + 1 < len(parts) else parts[i] for i in range(0, len(parts), 2)]
    return parts[0]


def subtrees(groups: Sequence[Group], n_tasks: int) -> list[Sequence[Group]]:
    """Part groups into runs of 2^k, each a part of the tree, so many that ``n_tasks`` have work as evenly as may be.

    >>> [len(part) for part in subtrees([((i, i + 1),) for i in range(10)], n_tasks=4)]
    [2, 2, 2, 2, 2]
    """
    size = 1
    while size < len(groups) and -(-len(groups) // (2 * size)) >= n_tasks:
        size *= 2
    return [groups[start : start + size] for start in range(0, len(groups), size)]
