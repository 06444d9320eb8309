"""Plain values: what an estimator holds as JSON and arrays, and back; nothing in it could run.

JSON's own values stand as they are. Everything else is an object of one entry, whose name says what it is:
``{"tuple": [100, 50]}``, ``{"array": "theta_"}``, ``{"activation": "tanh"}``.
"""

from __future__ import annotations

import math
import re
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

from chainrule.errors import InvalidValue
from chainrule.estimators.descent import Memory
from chainrule.maths.activations import Activation
from chainrule.maths.initializers import Initializer
from chainrule.maths.loss import Loss
from chainrule.models import generator_state
from chainrule.models.network_description import FIND, Own, Part, describe, describe_part, find_part, network_of
from chainrule.models.safetensors_file import DTYPES
from chainrule.network.network import Network
from chainrule.training import schedules
from chainrule.training.averaging import Average

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from chainrule.models.safetensors_file import Tensors

Json: TypeAlias = Any

MOST_TEXT = 1 << 24  # bytes of an array of text: more does not fit into a file's description
MANY = 16  # numbers, from which on a list of them is kept as an array
LONGEST_RANGE = 10_000


class ValueKind(NamedTuple):
    """A kind of values: its name in a file, its class, and the way there and back."""

    name: str
    type: type[Any]
    encode: Callable[[Encoder, Any, str], Json]
    decode: Callable[[Decoder, Json], Any]


class Encoder:
    """Makes values plain; the arrays among them are collected in ``tensors``, one that stands in two places once."""

    def __init__(self, more: Iterable[ValueKind] = ()) -> None:
        self.tensors: Tensors = {}
        self.n_generators = 0
        self._kinds = (*KINDS, *more)
        self._known: dict[int, tuple[Any, Json]] = {}  # with the value: as long as it is held its id is its own

    def encode(self, value: Any, where: str) -> Json:
        """Return a value in JSON; ``where`` is its name in a complaint, and that of its array.

        Raises
        ------
        InvalidValue
            Where it is a function, or an object of a class that no file keeps.
        """
        if value is None or type(value) in (bool, int, str):
            return value
        if type(value) is float:
            return value if math.isfinite(value) else {"float": str(value)}
        if type(value) is list:
            return self.all(value, where) if not _is_many(value) else _numbers(self, value, where)
        if id(value) in self._known:
            return self._known[id(value)][1]
        for kind in self._kinds:
            if type(value) is kind.type or (kind.type is np.generic and isinstance(value, np.generic)):
                return {kind.name: kind.encode(self, value, where)}
        raise refused(value, where)

    def all(self, values: Iterable[Any], where: str) -> list[Json]:
        """Return values in JSON."""
        return [self.encode(one, f"{where}[{place}]") for place, one in enumerate(values)]

    def each(self, values: dict[str, Any], where: str = "") -> dict[str, Json]:
        """Return attributes in JSON."""
        return {name: self.encode(value, f"{where}.{name}" if where else name) for name, value in values.items()}

    def remember(self, value: Any, plain: Json) -> None:
        """Write a value that is met again as ``plain``."""
        self._known[id(value)] = value, plain


class Decoder:
    """Makes values of what an :class:`Encoder` wrote; whatever is not so raises one of Python's errors.

    ``own`` are the user's parts, ``source`` the file of which a complaint tells.
    """

    def __init__(self, tensors: Tensors, own: Sequence[Own], source: object, more: Iterable[ValueKind] = ()) -> None:
        self.tensors, self.own, self.source = tensors, own, source
        self.generators: dict[int, np.random.RandomState] = {}
        self._readers: dict[str, Callable[[Json], Any]] = {"float": float, "numbers": self._numbers}
        self._readers.update({kind.name: partial(kind.decode, self) for kind in (*KINDS, *more)})

    def decode(self, plain: Json) -> Any:
        """Return the value."""
        if isinstance(plain, list):
            return self.all(plain)
        if not isinstance(plain, dict):
            return plain
        ((name, content),) = plain.items()
        return self._readers[name](content)

    def all(self, plain: Json) -> list[Any]:
        """Return values."""
        return [self.decode(one) for one in plain]

    def each(self, plain: Json) -> dict[str, Any]:
        """Return attributes."""
        return {name: self.decode(one) for name, one in plain.items()}

    def _numbers(self, plain: Json) -> list[Any]:
        as_floats, name = plain
        return self.tensors[name].tolist() if as_floats else list(self.tensors[name])


def refused(value: Any, where: str) -> InvalidValue:
    """Return the sentence about a value that no file keeps."""
    name = getattr(value, "__qualname__", None)
    what = f"the function {name}" if name else f"of the class {type(value).__qualname__}"
    return InvalidValue(
        f"Cannot save {where}: it is {what}, and a file keeps plain values and parts of chainrule, never code. "
        "Nothing was written. Set it to a name, a number or its default before you save."
    )


def _is_many(value: list[Any]) -> bool:
    """Whether a list holds so many numbers of one kind that an array says it shorter."""
    return len(value) >= MANY and {type(one) for one in value} in ({float}, {np.float64}, {np.float32})


def _numbers(encoder: Encoder, value: list[Any], where: str) -> Json:
    array = np.array(value)
    return {"numbers": [type(value[0]) is float, _array(encoder, array, where)]}


def _array(encoder: Encoder, value: Any, where: str) -> Json:
    if value.dtype.name in DTYPES:
        name = where
        while name in encoder.tensors:
            name += "'"
        encoder.tensors[name] = value
        encoder.remember(value, {"array": name})
        return name
    if value.dtype.kind in "UO" and value.nbytes <= MOST_TEXT:
        return [value.dtype.str, list(value.shape), encoder.all(value.ravel().tolist(), where)]
    what = f"{value.nbytes} bytes of {value.dtype}"
    raise InvalidValue(f"Cannot save {where}: a file keeps arrays of numbers and of short texts, not {what}.")


def _read_array(decoder: Decoder, plain: Json) -> Any:
    if isinstance(plain, str):
        return decoder.tensors[plain]
    dtype, shape, items = plain
    if not re.fullmatch(r"\|O|[<>]U\d{1,8}", dtype) or np.dtype(dtype).itemsize * len(items) > MOST_TEXT:
        raise ValueError(f"there is no array of {len(items)} {dtype}")
    array = np.empty(len(items), dtype)
    array[:] = decoder.all(items)
    return array.reshape(shape)


def _scalar(encoder: Encoder, value: Any, where: str) -> Json:
    if isinstance(value, np.str_):
        return str(value)
    if value.dtype.name not in DTYPES:
        raise refused(value, where)
    return [value.dtype.name, encoder.encode(value.item(), where)]


def _read_scalar(decoder: Decoder, plain: Json) -> Any:
    if isinstance(plain, str):
        return np.str_(plain)
    name, value = plain
    return np.dtype(DTYPES[DTYPES.index(name)]).type(decoder.decode(value))


def _pairs(encoder: Encoder, value: dict[Any, Any], where: str) -> Json:
    return [
        [encoder.encode(key, f"a key of {where}"), encoder.encode(one, f"{where}.{key}")] for key, one in value.items()
    ]


def _read_range(_: Decoder, plain: Json) -> range:
    found = range(*plain)
    if len(found) > LONGEST_RANGE:
        raise ValueError(f"{found} is too long")
    return found


def _generator(encoder: Encoder, value: np.random.RandomState, where: str) -> Json:
    number = encoder.n_generators
    encoder.n_generators += 1
    encoder.remember(value, {"generator": [number]})
    return [number, encoder.each(generator_state.state_of(value, where), where)]


def _read_generator(decoder: Decoder, plain: Json) -> np.random.RandomState:
    number, *states = plain
    for state in states:
        decoder.generators[number] = generator_state.restored(decoder.each(state))
    return decoder.generators[number]


def _read_network(decoder: Decoder, plain: Json) -> Network:
    return network_of(plain, own=decoder.own, source=decoder.source)


def _part(kind: type[Part]) -> ValueKind:
    """A part of a network: by its name, or one of the user's own."""

    def decode(decoder: Decoder, plain: Json) -> Part:
        part = find_part(plain, kind, decoder.own, decoder.source)
        return FIND[kind](part)  # type: ignore[no-any-return]

    return ValueKind(kind.__name__.lower(), kind, lambda _, value, _where: describe_part(value), decode)


def _record(kind: type[Any]) -> ValueKind:
    """A dataclass whose attributes are plain values."""
    return ValueKind(
        kind.__name__,
        kind,
        lambda encoder, value, where: encoder.each(vars(value), where),
        lambda decoder, plain: kind(**decoder.each(plain)),
    )


RECORDS = (
    SimpleNamespace, Memory, Average, schedules.Constant, schedules.StepDecay, schedules.InverseScaling,
    schedules.Cosine, schedules.WarmUp, schedules.ReduceOnPlateau, schedules.FormulaPace, schedules.WarmUpPace,
    schedules.PlateauPace,
)  # fmt: skip
KINDS = (
    ValueKind("tuple", tuple, Encoder.all, lambda decoder, plain: tuple(decoder.all(plain))),
    ValueKind("dict", dict, _pairs, lambda decoder, plain: dict(map(decoder.all, plain))),
    ValueKind("range", range, lambda _, value, _where: [value.start, value.stop, value.step], _read_range),
    ValueKind("array", np.ndarray, _array, _read_array),
    ValueKind("scalar", np.generic, _scalar, _read_scalar),
    ValueKind("generator", np.random.RandomState, _generator, _read_generator),
    ValueKind("network", Network, lambda _, value, _where: describe(value), _read_network),
    *map(_part, (Activation, Loss, Initializer)),
    *map(_record, RECORDS),
)
