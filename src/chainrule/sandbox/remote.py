"""Remotes: a submission's module, classes and objects, spoken of from the judge's side as if they were here.

Attributes, assignments and calls are requests to its process. What comes back is data: numbers, texts, arrays, lists,
tuples and dicts, or another ``Remote``. An array is one thing on both sides: what a function does to one that it is
handed is done to ours.
"""

from __future__ import annotations

import re
import time
import weakref
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import InvalidValue
from chainrule.language.translation import Sentence
from chainrule.sandbox import wire
from chainrule.sandbox.process import Ended

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from chainrule.sandbox.process import Process

NUMBERS = "biufc"
NAME = re.compile(r"\W+")
ERRORS: dict[str, type[Exception]] = {
    kind.__name__: kind
    for kind in (
        ArithmeticError, AssertionError, AttributeError, EOFError, FloatingPointError, ImportError, IndexError,
        KeyError, LookupError, MemoryError, NameError, NotImplementedError, OverflowError, RecursionError, RuntimeError,
        TypeError, ValueError, ZeroDivisionError,
    )
}  # fmt: skip
MOST_ERRORS = 50
MOST_FRAMES = 60
LONGEST_WORDS = 2000
FUNCTIONS = ("function", "method", "type", "builtin_function_or_method", "ufunc")
TOO_LARGE = Sentence(
    "more than {size} MB, or lists in lists more than {deepest} deep",
    size=wire.LARGEST_BODY // 1_000_000,
    deepest=wire.DEEPEST,
)


class Raised(Exception):
    """What a submission's code raised.

    Attributes
    ----------
    kinds : tuple of str
        The names of its class and of those above.
    frames : list of (file, line, function)
        The lines that were being run, the innermost last.
    """

    def __init__(self, kinds: Sequence[str], text: str, frames: Sequence[tuple[str, int, str]]) -> None:
        super().__init__(text)
        self.kinds, self.text, self.frames = tuple(kinds), text, list(frames)

    def __str__(self) -> str:
        """What was said: not what a KeyError would make of it."""
        return self.text


def raised(described: Any) -> Raised:
    """Return an error as the submission's process describes it; it is a ValueError here, too, if it was one there."""
    try:
        kinds = [str(kind)[:60] for kind in described["kinds"][:MOST_FRAMES]]
        frames = [
            (str(file)[:300], int(line), str(function)[:100])
            for file, line, function in described["frames"][-MOST_FRAMES:]
        ]
        text = str(described["text"])[:LONGEST_WORDS]
    except (TypeError, ValueError, KeyError) as error:
        raise wire.Garbled("It is no error.") from error
    base = next((ERRORS[kind] for kind in kinds if kind in ERRORS), None)
    bases = (Raised,) if base is None else (Raised, base)
    return type(_name(kinds[0] if kinds else ""), bases, {})(kinds, text, frames)  # type: ignore[no-any-return]


def _name(text: str) -> str:
    """Return a name that a class can have."""
    return NAME.sub("_", text)[:60] or "object"


class Remote:
    """Something that lives in a submission's process. Its class is called what the thing's is called there."""

    _session: Session
    _number: int
    _path: tuple[str, ...]

    def __init__(self, session: Session, number: int, path: tuple[str, ...] = ()) -> None:
        vars(self).update(_session=session, _number=number, _path=path)

    def __del__(self) -> None:
        if self._number > 0:
            self._session._dropped(self._number)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # what Python itself asks for, to copy or to convert
            raise AttributeError(name)
        return self._session.get(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._session.set(self, {name: value})

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it in the submission's process."""
        return self._session.call(self, args, kwargs)

    def __deepcopy__(self, _: Any) -> Remote:
        return self

    def __copy__(self) -> Remote:
        return self

    def __repr__(self) -> str:
        return f"<a {type(self).__name__} of the submission's>"


class RemoteDict(dict[Any, Any]):
    """A dict of a class of its own, with the attributes of the one in the submission's process."""

    remote: Remote

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or "remote" not in vars(self):
            raise AttributeError(name)
        return getattr(self.remote, name)


class Session:
    """A conversation with a process: what is known there by which number, and until when an answer is awaited.

    Attributes
    ----------
    calling : str
        The function of the submission's that was called last, ``"loss"`` or ``"Network.forward"``.
    returned : str
        The type of what one returned last.
    errors : list of Raised
        What they raised since the beginning.
    """

    def __init__(self, process: Process, seconds: float) -> None:
        self.process, self.seconds, self._each = process, seconds, seconds
        self.module = Remote(self, 0)
        self.calling = self.returned = ""
        self.errors: list[Raised] = []
        self.end = float("inf")
        self._last = 0
        self._arrays: dict[int, tuple[weakref.ref[Any], int]] = {}  # by id: the array, and its number
        self._seen: dict[
            int, tuple[weakref.ref[Any], bytes]
        ] = {}  # by number: the array, and what the process has of it
        self._counts: dict[int, int] = {}
        self._forget: set[int] = set()
        self._functions: set[tuple[int, tuple[str, ...]]] = set()
        self._callbacks: list[Callable[..., Any]] = []
        self._streams: list[Any] = []
        self._names: dict[int, str] = {}  # of the classes of what has a number
        self._came: list[Any] = []

    def begin(self, seconds: float, each: float | None = None) -> None:
        """Begin with something that shall take no longer than this altogether, and ``each`` call of it than that."""
        self._each = each or self.seconds
        self.end = time.monotonic() + seconds
        self.calling, self.returned, self.errors = "", "", []
        self._callbacks = []

    # Requests.

    def request(self, what: str, arrays: Sequence[Any] = (), **fields: Any) -> Any:
        """Send a request of plain fields and return what comes back."""
        message = wire.Message(self._refer)
        for array in arrays:
            message.array(array)
        return self._answered(message, {"do": what, **fields})

    def get(self, owner: Remote, name: str) -> Any:
        """Return an attribute."""
        path = (*owner._path, name)
        if (owner._number, path) in self._functions:
            return self._remote("function", owner._number, path)
        found = self.request("get", of=owner._number, path=list(path))
        if isinstance(found, Remote) and type(found).__name__ in FUNCTIONS:
            self._functions.add((owner._number, path))
            return self._remote("function", owner._number, path, owner)
        return found

    def set(self, owner: Remote, values: Mapping[str, Any]) -> None:
        """Set attributes."""
        message = wire.Message(self._refer)
        names = message.value(dict(values))
        self._answered(message, {"do": "set", "of": self._resolved(owner)._number, "names": names})

    def _resolved(self, owner: Remote) -> Remote:
        """Return a thing by its number alone."""
        return self.request("get", of=owner._number, path=list(owner._path)) if owner._path else owner

    def call(self, function: Remote, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call a function, and let happen to the arrays and streams that it is handed what happens to them there."""
        message, self._streams = wire.Message(self._refer), []
        header = {"do": "call", "of": function._number, "path": list(function._path)}
        header |= {"args": message.value(list(args)), "kwargs": message.value(kwargs)}
        streams = self._streams
        self.calling = vars(function).get("_called", ".".join(function._path))
        answer = self._answered(message, header)
        if not isinstance(answer, list) or len(answer) != 2 or not isinstance(answer[1], list):
            raise self._garbled()
        for stream, state in zip(streams, answer[1], strict=False):
            self._move(stream, state)
        self.returned = type(answer[0]).__name__
        return answer[0]

    def _move(self, stream: Any, state: Any) -> None:
        """Set a stream of random numbers to where a function has left it."""
        try:
            if isinstance(stream, np.random.RandomState):
                stream.set_state(state)
            else:
                stream.bit_generator.state = state
        except (TypeError, ValueError, KeyError, OverflowError) as error:
            raise self._garbled() from error

    def _answered(self, message: wire.Message, header: dict[str, Any]) -> Any:
        """Send a message, compute what the process asks back, and return the value of its answer."""
        updates = self._updates(message)
        forget, self._forget = sorted(self._forget), set()
        began = time.monotonic()
        while True:
            now = time.monotonic()
            seconds = min(self._each - (now - began), max(self.end - now, 0.05))
            if seconds <= 0:
                self.process.end()
                raise Ended(took=self._each)
            try:
                data = message.packed({**header, "update": updates, "forget": forget})
            except wire.TooLarge as error:
                raise InvalidValue(f"A submission cannot be handed that much: {TOO_LARGE}.") from error
            told, arrays, handles = self.process.ask(data, seconds)
            try:
                self._taken(told, arrays, handles)
                if "error" in told or "too large" in told:
                    theirs = raised(told["error"]) if "error" in told else Raised(["TooLarge"], TOO_LARGE, ())
                    self.errors = [*self.errors[-MOST_ERRORS:], theirs]
                    raise theirs
                if "call" not in told:
                    return wire.value_of(told["value"], arrays, self._referred)
                message, header = self._called_back(told, arrays)
                updates, forget = [], []
            except Raised:
                raise
            except (wire.Garbled, KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
                raise self._garbled() from error

    def _garbled(self) -> Ended:
        self.process.end()
        return Ended(took=0.0)

    def _called_back(self, told: dict[str, Any], arrays: list[Any]) -> tuple[wire.Message, dict[str, Any]]:
        """Call a function that was handed over."""
        args, kwargs = (wire.value_of(told[part], arrays, self._referred) for part in ("args", "kwargs"))
        number = told["call"]
        if type(number) is not int or not 0 <= number < len(self._callbacks) or not isinstance(kwargs, dict):
            raise wire.Garbled("It is no function.")
        message = wire.Message(self._refer)
        try:
            return message, {"value": message.value(self._callbacks[number](*args, **kwargs))}
        except Exception as error:  # of ours, at what a submission handed over
            return wire.Message(self._refer), {"error": f"{type(error).__name__}: {error}"[:200]}

    # What is known by which number.

    def _refer(self, value: Any, message: wire.Message) -> Any:  # noqa: PLR0911  # a line for each kind
        """Return the tag of what the judge hands over."""
        if isinstance(value, Remote):
            return ["h", value._number, *value._path]
        if isinstance(value, RemoteDict):
            return ["h", value.remote._number]
        if isinstance(value, np.generic) and value.dtype.kind in NUMBERS:
            return ["n", message.array(np.asarray(value))]
        if isinstance(value, np.ndarray) and value.dtype.kind in NUMBERS:
            return self._lent(value, message)
        if isinstance(value, np.random.RandomState | np.random.Generator):
            self._streams.append(value)
            if isinstance(value, np.random.RandomState):
                return ["r", "RandomState", message.value(value.get_state(legacy=False))]
            return ["r", "Generator", message.value(dict(value.bit_generator.state))]
        if isinstance(value, dict):
            return message.entries(value, 0)
        if callable(value):
            self._callbacks.append(value)
            return ["c", len(self._callbacks) - 1]
        kinds = "numbers, texts, arrays, lists, tuples, dicts, functions and streams of random numbers"
        raise InvalidValue(f"A submission cannot be handed a {type(value).__name__}: {kinds} can be.")

    def _lent(self, array: Any, message: wire.Message) -> list[Any]:
        """Return the tag of an array: its number where the process has it."""
        known, number = self._arrays.get(id(array), (None, 0))
        if known is not None and known() is array:
            return ["h", number]
        self._last -= 1
        self._know(array, self._last)
        return ["a", message.array(array, self._last)]

    def _know(self, array: Any, number: int) -> None:
        """Note that the process has an array by this number."""
        key = id(array)
        reference = weakref.ref(array, lambda _: self._dropped(number, key))
        self._arrays[key] = reference, number
        self._seen[number] = reference, array.tobytes()
        self._counted(number)

    def _counted(self, number: int) -> None:
        self._counts[number] = self._counts.get(number, 0) + 1
        self._forget.discard(number)

    def _dropped(self, number: int, key: int | None = None) -> None:
        """Note that nobody here can speak of something any more."""
        if key is not None:
            self._arrays.pop(key, None)
        self._counts[number] -= 1
        if not self._counts[number]:
            del self._counts[number]
            self._seen.pop(number, None)
            self._forget.add(number)

    def _updates(self, message: wire.Message) -> list[list[int]]:
        """Put aside the arrays that were changed here since the process saw them."""
        updates = []
        for number, (reference, before) in list(self._seen.items()):
            array = reference()
            if array is not None and (now := array.tobytes()) != before:
                self._seen[number] = reference, now
                updates.append([number, message.array(array)])
        return updates

    def _taken(self, told: dict[str, Any], arrays: list[Any], handles: list[int]) -> None:
        """Note the arrays that came, and do to ours what was done to them there."""
        self._came = arrays
        for array, number in zip(arrays, handles, strict=True):
            if number > 0:
                self._know(array, number)
        for number, k in told.get("changed", ()):
            found = self._seen.get(number)
            ours = found[0]() if found is not None else None
            if found is None or ours is None:
                continue
            came = arrays[k]
            if came.shape == ours.shape and came.dtype == ours.dtype and ours.flags.writeable:
                ours[...] = came
            elif ours.flags.writeable:  # another shape: no longer what was handed over, whatever it is
                ours[...] = np.nan if ours.dtype.kind in "fc" else ours + 1
            self._seen[number] = found[0], ours.tobytes()

    def _referred(self, tag: list[Any]) -> Any:
        """Return what stands for something that stays in the process."""
        if tag[0] == "o":
            return self._remote(str(tag[2]), int(tag[1]))
        if tag[0] == "m":
            found = RemoteDict(wire.value_of(tag[3], self._came, self._referred))
            found.remote = self._remote(str(tag[2]), int(tag[1]))
            return found
        if tag[0] == "x":
            return _objects(tag[1], str(tag[2]))
        raise wire.Garbled("It is no value.")

    def _remote(self, kind: str, number: int, path: tuple[str, ...] = (), owner: Remote | None = None) -> Remote:
        """Make a Remote whose class has that name."""
        made: Remote = type(_name(kind), (Remote,), {})(self, number, path)
        if owner is not None or path:
            before = "" if number == 0 else f"{self._names.get(number, '')}."
            vars(made)["_called"] = f"{before}{'.'.join(path)}"
        elif number > 0:
            self._names[number] = kind
        if number > 0:
            self._counted(number)
        return made


def _objects(shape: Any, kind: str) -> Any:
    """Return an array of objects of this shape, of which only the class is known."""
    lengths = [int(one) for one in shape]
    if any(one < 0 for one in lengths):
        raise wire.Garbled("It is no shape.")
    one = type(_name(kind), (), {})()
    return np.broadcast_to(np.array(one, dtype=object), lengths)
