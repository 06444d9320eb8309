"""The child: it runs a submission's functions and sends back what they return. ``fence`` starts it.

It is a program of its own that imports NumPy and none of ours, ``wire`` and ``stand_ins`` apart. Nothing that it
sends is believed: the submission's code runs in here and may do with all of this what it likes. What is used after that
code has begun is bound before, so that code which breaks Python by accident still gets its answers through.
"""

from __future__ import annotations

import asyncio
import builtins
import faulthandler
import inspect
import linecache
import marshal
import os
import signal
import sys
import traceback
import types
import warnings
from typing import Any

import numpy as np

NAME = "submission"  # of the module in which a student's code runs
MOST_FRAMES = 60
MOST_SIGNS = 2000  # of what an error says


def nobody_answers(*_: object) -> str:
    """Stand for ``input``."""
    raise EOFError("It asks for input; nobody is there to answer.")


def tuple_of(*parts: Any) -> tuple[Any, ...]:
    """Stand for the class of what the judge's functions return."""
    return parts


class NotHere:
    """An importer that says why there is no chainrule."""

    def find_spec(self, name: str, *_: object) -> None:
        """Refuse it, and leave everything else to the others."""
        if name.partition(".")[0] == "chainrule":
            raise ModuleNotFoundError("chainrule is not there where a submission is checked.", name=name)


class Child:
    """A submission's module, and everything that was handed over or came out of it, by number."""

    def __init__(self, read: int, write: int, wire: Any, stand_ins: Any) -> None:
        self._read, self._write, self._wire = read, write, wire
        self._os_read, self._os_write, self._getpid, self._leave = os.read, os.write, os.getpid, os._exit
        self._unpacked, self._value_of, self._message = wire.unpacked, wire.value_of, wire.Message
        self._lengths, self._start = wire.lengths, wire.LENGTHS.size
        self._process = os.getpid()
        builtins.input = nobody_answers
        self._asarray, self._array, self._generic = np.asarray, np.ndarray, np.generic
        self._random = (np.random.RandomState, np.random.Generator)
        self._bits = {name: getattr(np.random, name) for name in ("MT19937", "PCG64", "PCG64DXSM", "Philox", "SFC64")}
        self._errstate, self._caught, self._simple = np.errstate, warnings.catch_warnings, warnings.simplefilter
        self._signature, self._unwrap, self._empty = inspect.signature, inspect.unwrap, inspect.Parameter.empty
        self._walk, self._clear, self._loads, self._eval = (
            traceback.walk_tb,
            traceback.clear_frames,
            marshal.loads,
            eval,
        )
        self._run_async = asyncio.run
        self._isinstance, self._type, self._callable, self._getattr = isinstance, type, callable, getattr
        self._python = vars(builtins)
        self._set_depth, self._depth = sys.setrecursionlimit, sys.getrecursionlimit()
        self._builtins = dict(self._python)
        self.module = types.ModuleType(NAME)
        self.things: dict[int, Any] = {0: self.module}
        self.numbers: dict[int, int] = {id(self.module): 0}
        self.watched: dict[int, bytes] = {}  # arrays of the judge's, as he last saw them
        self.right = stand_ins.StandIns(self.module)
        self.missing = stand_ins.NO
        self.last = 0
        self.arrays: list[Any] = []  # of the request that is being answered
        self.lent: dict[int, None] = {}
        self.streams: list[Any] = []

    # Messages.

    def serve(self) -> None:
        """Answer requests until the judge has had enough."""
        while True:
            self.answer(*self.receive())

    def receive(self) -> tuple[dict[str, Any], list[Any]]:
        """Wait for a request."""
        head, body = self._lengths(self._exactly(self._start))
        header, arrays, handles = self._unpacked(self._exactly(head), self._exactly(body))
        if self._getpid() != self._process:  # a fork of a student's, which is nobody's servant
            self._leave(0)
        for array, handle in zip(arrays, handles, strict=True):
            if handle:
                self.keep(handle, array)
        for handle in header.get("forget", ()):
            thing = self.things.pop(handle, None)
            self.numbers.pop(id(thing), None)
            self.watched.pop(handle, None)
        for handle, number in header.get("update", ()):
            self.things[handle][...] = arrays[number]
            if handle in self.watched:
                self.watched[handle] = self.things[handle].tobytes()
        return header, arrays

    def _exactly(self, size: int) -> bytes:
        parts = []
        while size:
            part = self._os_read(self._read, min(size, 1 << 20))
            if not part:
                self._leave(0)
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def send(self, header: dict[str, Any], message: Any) -> None:
        """Send an answer, or ask the judge to call a function of his."""
        data = message.packed(header)
        if self._getpid() != self._process:
            self._leave(0)
        while data:
            data = data[self._os_write(self._write, data) :]

    def keep(self, handle: int, thing: Any) -> None:
        """Note what a number stands for; an array of the judge's is looked after."""
        self.things[handle], self.numbers[id(thing)] = thing, handle
        if handle < 0:
            self.watched[handle] = thing.tobytes()

    def answer(self, header: dict[str, Any], arrays: list[Any]) -> None:
        """Do what is asked, and send what came of it."""
        message = self._message(self.refer)
        try:
            with self._caught(), self._errstate(all="ignore"):
                self._simple("ignore")
                result = getattr(self, "do_" + header["do"])(header, arrays)
            told: dict[str, Any] = {"value": message.value(result)}
        except self._wire.TooLarge:
            message, told = self._message(self.refer), {"too large": True}
        except BaseException as error:  # SystemExit and the like come from a student's code
            message = self._message(self.refer)
            told = {"error": self.described(error)}
        try:
            told["changed"] = self.changed(message)
            self.send(told, message)
        except self._wire.TooLarge:
            self.send({"too large": True}, self._message(self.refer))

    def changed(self, message: Any) -> list[list[int]]:
        """Say which of the judge's arrays hold other numbers than they did."""
        found = []
        for handle, before in self.watched.items():
            array = self.things[handle]
            now = array.tobytes()
            if now != before:
                self.watched[handle] = now
                found.append([handle, message.array(array)])
        return found

    def refer(self, value: Any, message: Any) -> Any:
        """Return the tag of an array, or of something that stays here."""
        if self._isinstance(value, self._generic):
            array = self._asarray(value)
            return ["n", message.array(array)] if array.dtype.kind in "biufc" else self.opaque(value)
        if self._isinstance(value, dict):
            return ["m", *self.opaque(value)[1:3], message.entries(dict(value), 0)]
        array = value if self._isinstance(value, self._array) else self.as_array(value)
        if array is None:
            return self.opaque(value)
        if array.dtype.kind not in "biufc":
            kind = self._type(array.flat[0]).__name__ if array.size else "object"
            return ["x", list(array.shape)[:16], str(kind)[:60]]
        return ["a", message.array(self._asarray(array), self.number(value))]

    def as_array(self, value: Any) -> Any:
        """Return a table, a series or a tensor as NumPy sees it, None where it sees no numbers."""
        if self._isinstance(value, self._type) or not hasattr(value, "__array__"):
            return None
        array = self._asarray(value)
        return array if array.dtype.kind in "biufc" else None

    def opaque(self, value: Any) -> list[Any]:
        """Return the tag of what stays here and is spoken of by its number."""
        name = self._type(value).__name__
        return ["o", self.number(value), str(name)[:60], self._callable(value)]

    def number(self, thing: Any) -> int:
        """Return the number of a thing, a new one where it has none."""
        known = self.numbers.get(id(thing))
        if known is None:
            self.last += 1
            known = self.last
            self.things[known], self.numbers[id(thing)] = thing, known
        return known

    def plain(self, tree: Any, arrays: list[Any]) -> Any:
        """Return what the judge hands over."""
        return self._value_of(tree, arrays, self.referred)

    def referred(self, tag: list[Any]) -> Any:
        """Return what a tag of the judge's stands for."""
        kind, rest = tag[0], tag[1:]
        if kind == "h":
            handle, *path = rest
            thing = self.things[handle]
            for name in path:
                thing = self._getattr(thing, name)
            if handle not in self.watched and self._isinstance(thing, self._array):
                self.lent[handle] = None
            return thing
        if kind == "c":
            return self.callback(rest[0])
        if kind == "r":
            return self.stream(rest[0], self._value_of(rest[1], self.arrays, self.referred))
        raise KeyError(kind)

    def callback(self, number: int) -> Any:
        """Return a function that the judge computes."""

        def function(*args: Any, **kwargs: Any) -> Any:
            message = self._message(self.refer)
            told = {"call": number, "args": message.value(list(args)), "kwargs": message.value(dict(kwargs))}
            self.send(told, message)
            header, arrays = self.receive()
            if "error" in header:
                raise RuntimeError(header["error"])
            return self.plain(header["value"], arrays)

        return function

    def stream(self, kind: str, state: Any) -> Any:
        """Return a stream of random numbers in this state."""
        made: Any
        if kind == "RandomState":
            made = self._random[0](0)
            made.set_state(state)
        else:
            bits = self._bits[state["bit_generator"]]()
            bits.state = state
            made = self._random[1](bits)
        self.streams.append(made)
        return made

    def described(self, error: BaseException) -> dict[str, Any]:
        """Say what was raised, and in which lines."""
        kinds = [str(kind.__name__)[:60] for kind in self._type(error).__mro__][:12]
        frames = [
            [str(frame.f_code.co_filename)[:300], int(line), str(frame.f_code.co_name)[:100]]
            for frame, line in self._walk(error.__traceback__)
        ]
        if self._isinstance(error, MemoryError):
            self._clear(error.__traceback__)  # what they hold is what there is too much of
        try:
            text = str(error)[:MOST_SIGNS].encode("utf-8", "replace").decode()
        except BaseException:  # a student's __str__ may do anything
            text = ""
        return {"kinds": kinds, "text": text, "frames": frames[-MOST_FRAMES:]}

    # Requests.

    def do_files(self, header: dict[str, Any], arrays: list[Any]) -> str:
        """Write the submission's files into the folder it runs in."""
        for name, array in zip(header["names"], arrays, strict=True):
            os.makedirs(os.path.dirname(os.path.abspath(name)), exist_ok=True)  # noqa: PTH103, PTH100, PTH120
            with open(name, "wb") as file:  # noqa: PTH123  # os.path alone: this starts a hundred times a class
                file.write(array.tobytes())
            os.chmod(name, 0o444)  # noqa: PTH101
        return os.getcwd()  # noqa: PTH109

    def do_begin(self, header: dict[str, Any], _: list[Any]) -> list[str]:
        """Make the empty module, known to Python, with the submission's folder first on the path."""
        path = os.path.abspath(header["file"])  # noqa: PTH100
        os.chdir(os.path.dirname(path))  # noqa: PTH120
        self.module.__file__ = path
        sys.modules[NAME] = self.module
        sys.path.insert(0, os.path.dirname(path))  # noqa: PTH120
        sys.argv = [path]
        for name, text in header["texts"].items():
            linecache.cache[name] = (0, None, text.splitlines(keepends=True), name)
        sys.meta_path.insert(0, NotHere())
        return []

    def do_piece(self, _: dict[str, Any], arrays: list[Any]) -> None:
        """Run a top-level statement; one of a notebook may await."""
        code = self._loads(arrays[0].tobytes())
        result = self._eval(code, vars(self.module))
        if code.co_flags & 0x80:  # a coroutine
            self._run_async(result)

    def do_call(self, header: dict[str, Any], arrays: list[Any]) -> Any:
        """Call a function, a class or a method."""
        self.arrays, self.lent, self.streams = arrays, {}, []
        target = self.things[header["of"]]
        args, kwargs = (self.plain(header[part], arrays) for part in ("args", "kwargs"))
        for handle in self.lent:
            self.watched[handle] = self.things[handle].tobytes()
        for name in header["path"]:
            target = self._getattr(target, name)
        self._python.update(self._builtins)  # those that the file has broken
        self._set_depth(self._depth)
        result = target(*args, **kwargs)
        return [result, [self.state(one) for one in self.streams]]

    def do_run(self, _: dict[str, Any], arrays: list[Any]) -> Any:
        """Run a function of the judge's, as ``parcel`` has packed it, on the module."""
        first, needed = self._loads(arrays[0].tobytes())
        space: dict[str, Any] = {"__builtins__": self._builtins}
        for name, (kind, *rest) in needed.items():
            if kind == "function":
                space[name] = types.FunctionType(rest[0], space, name, rest[1])
                space[name].__kwdefaults__ = rest[2]
            else:
                made: dict[str, Any] = {"module": sys.modules.get, "value": lambda one: one, "result": lambda: tuple_of}
                space[name] = made[kind](*rest)
        return space[first](self.module)

    def state(self, stream: Any) -> Any:
        """Return where a stream of random numbers is."""
        if self._isinstance(stream, self._random[0]):
            return stream.get_state(legacy=False)
        return stream.bit_generator.state

    def do_get(self, header: dict[str, Any], _: list[Any]) -> Any:
        """Return an attribute."""
        target = self.things[header["of"]]
        for name in header["path"]:
            target = self._getattr(target, name)
        return target

    def do_set(self, header: dict[str, Any], arrays: list[Any]) -> None:
        """Set attributes; one of the module's is set for its stand-ins, too."""
        self.arrays, self.lent, self.streams = arrays, {}, []
        target, names = self.things[header["of"]], self.plain(header["names"], arrays)
        for name, value in names.items():
            setattr(target, name, value)
        if target is self.module and self.right.space:
            self.right.space.update(names)

    def do_stand_in(self, header: dict[str, Any], _: list[Any]) -> None:
        """Put right functions in the place of some."""
        self.right.begin(header["text"], header["file"], header["names"])

    def do_step_back(self, *_: Any) -> list[str]:
        """Take them out again; say which were called."""
        used: list[str] = self.right.end()
        return used

    def do_describe(self, header: dict[str, Any], _: list[Any]) -> list[Any]:
        """Say what stands under each name: its kind, its type, where its code begins, how it is called."""
        return [self.description(name) for name in header["names"]]

    def description(self, name: str) -> list[Any]:
        """Describe a function, or a method as its class has it."""
        found = self.right.find(vars(self.module), name)
        if found is self.missing:
            return ["missing", "", None, ""]
        code = None
        if self._isinstance(found, types.FunctionType):
            code = self._getattr(self._unwrap(found), "__code__", None)
        at = [code.co_filename, code.co_firstlineno] if code is not None else None
        kind = "class" if self._isinstance(found, type) else "function"
        if kind == "function" and not (self._callable(found) or self._isinstance(found, property)):
            kind = "other"
        return [kind, str(self._type(found).__name__)[:60], at, self.first_line(name, found)]

    def first_line(self, name: str, found: Any) -> str:
        """Write how a function is called, without types; "" where nobody knows."""
        try:
            parameters = self._signature(found).parameters.values()
            bare = inspect.Signature([one.replace(annotation=self._empty) for one in parameters])
        except (TypeError, ValueError):
            return ""
        return f"{name.rpartition('.')[2]}{bare}"[:300]


def main(read: int, write: int, stacks: int, wire: Any, stand_ins: Any) -> None:
    """Serve until the end."""
    faulthandler.enable(stacks)
    if hasattr(signal, "SIGUSR1"):
        faulthandler.register(signal.SIGUSR1, stacks, all_threads=True)
    Child(read, write, wire, stand_ins).serve()
