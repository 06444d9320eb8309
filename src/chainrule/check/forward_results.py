"""Forward results: what a forward pass returned, told apart into outputs and what its backward pass may be given."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.check.names import role_of
from chainrule.check.own_forward import is_outputs, is_scores

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chainrule.check.edits.program import Vector
    from chainrule.check.given import CallInputs


def after_forward(result: Any, given: CallInputs, names: Sequence[str]) -> tuple[Any, CallInputs]:
    """The outputs that a forward pass returned, and what the backward pass may be given of it."""
    parts = parts_of(result)
    able = [part for part in parts if size_of(part) == given.n_outputs]
    equal = (part for part in able if _equals(part, given.trace.Y)) if len(able) > 1 else iter(able)
    first = next(equal, next(iter(able), None))
    array = _array_or_none(first)
    rest = [part for part in parts if part is not first]
    forward: dict[str, Any] = {"cache": rest[0] if len(rest) == 1 else tuple(rest)} if rest and len(parts) > 1 else {}
    if len(names) == len(parts) > 1:
        named = zip(names, parts, strict=True)
        forward |= {name: part for name, part in named if name and role_of(name) not in ("X", "T", "Y")}
    if array is not None and is_scores(array, given):
        return None, replace(given, forward={**given.forward, **forward}, of_scores=True)
    if is_outputs(array, given):
        forward["outputs"] = first
    return array, replace(given, forward={**given.forward, **forward})


def _equals(part: Any, Y: Vector) -> bool:
    """Whether something holds the network's outputs, samples as rows or columns."""
    array = _array_or_none(part)
    return array is not None and any(array.shape == one.shape and np.allclose(array, one) for one in (Y, Y.T))


def size_of(thing: Any) -> int:
    """How many numbers something holds; 0 where it is no array."""
    array = _array_or_none(thing)
    return 0 if array is None else int(array.size)


def parts_of(result: Any) -> list[Any]:
    """What a tuple that was returned holds, or the one thing that was."""
    return list(result) if isinstance(result, tuple) else [result]


def _array_or_none(Y: Any) -> Any:
    """Outputs as an array of numbers; None where forward returned something else."""
    try:
        array = np.asarray(Y, dtype=np.float64)
    except (TypeError, ValueError):
        return None
    return array if Y is not None and array.ndim <= 2 else None
