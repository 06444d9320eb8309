"""A stream, and what else does not lie in memory: to tell them apart nothing is imported that reads one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chainrule.errors import InvalidValue

if TYPE_CHECKING:
    import numpy.typing as npt

    from chainrule.streams.source import Source


class Stream:
    """Data that is read a window at a time: what ``fit`` and ``train`` take in the place of X and y.

    Attributes
    ----------
    source : Source
        What reads the rows.
    memory : int
        How many bytes its windows may take together.
    """

    def __init__(self, source: Source, memory: int) -> None:
        self.source, self.memory = source, memory

    def __len__(self) -> int:
        """How many rows there are."""
        return self.source.n_rows

    def __array__(self, *given: object, **more: object) -> npt.NDArray[Any]:
        """Refuse to become an array: what asks for one would hold all rows in memory."""
        raise InvalidValue(
            "A Stream is read a window at a time and is no array. Only chainrule's own estimators and train take one: "
            "pass arrays, piece by piece, as docs/scale.md shows."
        )

    def __repr__(self) -> str:
        """Say what it is."""
        kind = type(self.source).__name__.removesuffix("Source").lower()
        return f"Stream of {self.source.n_rows} rows × {self.source.n_features} features ({kind})"


def is_dask(thing: Any) -> bool:
    """Whether something is a collection of Dask's; Dask is not imported to tell."""
    return hasattr(thing, "__dask_graph__") and hasattr(thing, "npartitions")
