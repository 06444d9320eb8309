"""Wire: values as bytes that can only be data, between the judge and the process of a submission.

A message is two lengths, a JSON header, and the raw bytes of its arrays. In the header a number, a text, a truth value
or None stands for itself; everything else is a list with a tag: ``["l", …]`` a list, ``["t", …]`` a tuple,
``["d", [key, value], …]`` a dict, ``["a", k]`` the k-th array. Both sides use this file, and it imports none of ours.
"""

from __future__ import annotations

import json
import math
import re
import struct
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

LENGTHS = struct.Struct("<IQ")  # of header and body
LARGEST_HEADER = 4_000_000  # bytes
LARGEST_BODY = 16_000_000
DEEPEST = 24  # values in values
LONGEST_TEXT = 4000
MOST_AXES = 16
LARGEST_INT = 2**256  # the state of a stream of random numbers has such
NUMBER = re.compile(r"[<>|=]?[biufc]\d{1,2}\Z")
COMMON = ("", "<f8")


class Garbled(Exception):
    """No message, or one beyond the bounds."""


class TooLarge(Exception):
    """A value that is larger or deeper than a message may be."""


class Message:
    """A message while it is put together: ``refer`` makes a tag of what is no plain value."""

    def __init__(self, refer: Callable[[Any, Message], Any]) -> None:
        self._refer = refer
        self._array, self._number, self._isfinite = np.ndarray, np.generic, math.isfinite
        self._dumps = json.JSONEncoder(ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode
        self.meta: list[Any] = []
        self.parts: list[bytes] = []
        self.size = 0
        self.count = 0

    def value(self, value: Any, depth: int = 0) -> Any:  # noqa: PLR0911  # a line for each kind
        """Return a value as JSON can hold it; its arrays are put aside."""
        kind = type(value)
        self.count += 1
        if depth > DEEPEST or self.count > LARGEST_HEADER // 8:
            raise TooLarge
        if value is None or kind is bool:
            return value
        if kind is int:
            return value if -LARGEST_INT <= value < LARGEST_INT else self._refer(value, self)
        if kind is float:
            return value if self._isfinite(value) else ["f", repr(value)]
        if kind is str:
            return value[:LONGEST_TEXT].encode("utf-8", "replace").decode()
        if kind is self._array or isinstance(value, (self._array, self._number)):
            return self._refer(value, self)
        if isinstance(value, list):
            return ["l", *[self.value(one, depth + 1) for one in list(value)]]
        if isinstance(value, tuple):
            return ["t", *[self.value(one, depth + 1) for one in tuple(value)]]
        if kind is dict:
            return self.entries(value, depth)
        return self._refer(value, self)

    def entries(self, value: dict[Any, Any], depth: int) -> list[Any]:
        """Return a dict's tag; a key that is no number, text or tuple becomes the name of its type."""
        keys = (str, int, float, bool, type(None), tuple)
        pairs = [(key if isinstance(key, keys) else type(key).__name__, one) for key, one in list(value.items())]
        return ["d", *[[self.value(key, depth + 1), self.value(one, depth + 1)] for key, one in pairs]]

    def array(self, array: Any, handle: int = 0) -> int:
        """Put an array of numbers aside; return its number in the message."""
        self.size += array.nbytes
        if self.size > LARGEST_BODY or array.ndim > MOST_AXES:
            raise TooLarge
        self.meta.append([array.dtype.str, list(array.shape), handle])
        self.parts.append(array.tobytes())
        return len(self.meta) - 1

    def packed(self, header: dict[str, Any]) -> bytes:
        """Return the bytes of the whole message."""
        try:
            head = self._dumps({**header, "arrays": self.meta}).encode()
        except (ValueError, RecursionError) as error:
            raise TooLarge from error
        if len(head) > LARGEST_HEADER:
            raise TooLarge
        return b"".join([LENGTHS.pack(len(head), self.size), head, *self.parts])


def lengths(start: bytes) -> tuple[int, int]:
    """Return how long header and body are, from a message's first bytes.

    Raises
    ------
    Garbled
        Where they are longer than a message may be.
    """
    head, body = LENGTHS.unpack(start)
    if head > LARGEST_HEADER or body > LARGEST_BODY:
        raise Garbled("It is too long.")
    return head, body


def unpacked(head: bytes, body: bytes) -> tuple[dict[str, Any], list[Any], list[int]]:
    """Return a message's header, its arrays, and their handles.

    Raises
    ------
    Garbled
        Where it is no message.
    """
    try:
        header = json.loads(head)
        arrays, handles, at = [], [], 0
        for kind, shape, handle in header["arrays"]:
            array = _array(kind, shape, body, at)
            at += array.nbytes
            arrays.append(array)
            handles.append(int(handle))
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError, MemoryError) as error:
        raise Garbled("It is no message.") from error
    return header, arrays, handles


def _array(kind: Any, shape: Any, body: bytes, at: int) -> Any:
    """Cut an array of numbers out of a body."""
    if not (isinstance(kind, str) and NUMBER.match(kind) and isinstance(shape, list) and len(shape) <= MOST_AXES):
        raise ValueError(kind)
    if any(type(one) is not int or one < 0 for one in shape):
        raise ValueError(shape)
    dtype, count = np.dtype(kind), prod(shape)
    if count * dtype.itemsize > len(body) - at:
        raise ValueError(shape)
    array = np.zeros(shape, dtype)
    if count:
        array[...] = np.frombuffer(body, dtype, count, at).reshape(shape)
    return array


def value_of(  # noqa: PLR0911  # a line for each kind
    tree: Any, arrays: list[Any], refer: Callable[[list[Any]], Any], depth: int = 0
) -> Any:
    """Return the value of a header's tree; ``refer`` gets the tags of what is no plain value.

    Raises
    ------
    Garbled
        Where it is none.
    """
    if tree is None or isinstance(tree, bool | int | float | str):
        return tree
    if not isinstance(tree, list) or not tree or depth > DEEPEST + 2:
        raise Garbled("It is no value.")
    tag, rest = tree[0], tree[1:]
    try:
        if tag == "l":
            return [value_of(one, arrays, refer, depth + 1) for one in rest]
        if tag == "t":
            return tuple(value_of(one, arrays, refer, depth + 1) for one in rest)
        if tag == "d":
            return dict([value_of(part, arrays, refer, depth + 1) for part in pair] for pair in rest)
        if tag == "a":
            return arrays[_index(rest[0])]
        if tag == "n":
            return arrays[_index(rest[0])][()]
        if tag == "f":
            return {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}[rest[0]]
        return refer(tree)
    except (IndexError, KeyError, TypeError, ValueError) as error:
        raise Garbled("It is no value.") from error


def _index(number: Any) -> int:
    if type(number) is not int or number < 0:
        raise ValueError(number)
    return number
