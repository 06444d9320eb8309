"""A case: what its author hands over, the network it is meant to be, how its own loss and gradient are reached."""

from __future__ import annotations

import contextlib
import copy
import io
import tomllib
import warnings
from dataclasses import dataclass
from functools import cached_property
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import module_from_spec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from chainrule import Dense, Network
from corpus.wild.helpers import Script

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

Half = Literal["open", "held_out", "third", "fourth", "fifth", "sixth", "seventh", "eighth"]
HALVES: tuple[Half, ...] = ("open", "held_out", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Case:
    """One public implementation, its metadata and its driver."""

    name: str
    half: Half
    meta: dict[str, Any]

    @property
    def file(self) -> str:
        """The name of its file and of its driver's."""
        return f"{self.meta['number']:03}_{self.name}.py"

    @property
    def script(self) -> bool:
        """Whether it does everything at its top level."""
        return "script" in self.meta["form"].split(",")[0]

    def module(self) -> Any:
        """Return the file as a new module, or a script that can be run."""
        path = HERE / self.half / self.file
        return Script(path) if self.script else load(path)

    @cached_property
    def driver(self) -> ModuleType:
        """The module with its ``gradient(m, W1, …, X, T)`` and ``loss(m, W1, …, X, T)``."""
        return load(HERE / self.half / "drivers" / self.file)

    @cached_property
    def network(self) -> Network:
        """What the code is meant to be."""
        layers = [
            Dense(n, act, bias=(rest or [self.meta.get("bias", True)])[0]) for n, act, *rest in self.meta["layers"]
        ]
        return Network(layers, n_features=self.meta["n_features"], loss=self.meta["loss"])

    @cached_property
    def blocks(self) -> list[str]:
        """The names of its parameters, W1, b1, …, as the driver's functions take them."""
        biases = [layer.bias for layer in self.network.layers]
        return [f"{letter}{i}" for i, bias in enumerate(biases, 1) for letter in ("Wb" if bias else "W")]

    @cached_property
    def penalised(self) -> bool:
        """Whether the driver asks for λ."""
        return "l2" in self.driver.gradient.__code__.co_varnames[: self.driver.gradient.__code__.co_argcount]

    def function(self, name: Literal["gradient", "loss"]) -> Callable[..., Any]:
        """Return the driver's function on the module as it was loaded, at every call; nothing it prints is shown."""
        module = self.module()
        held = dict(vars(module))

        def called(*arguments: Any) -> Any:
            vars(module).clear()
            vars(module).update(copied(held))
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed), np.errstate(all="ignore"), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return getattr(self.driver, name)(module, *arguments)

        return called

    @property
    def tells_loss(self) -> bool:
        """Whether its author has a loss that can be called."""
        return self.meta["told"] != "none"

    def wrapper(self, *, with_loss: bool) -> Callable[..., Any]:
        """Return the driver's gradient as a function of W1, …, X, T(, l2), after the loss if asked."""
        names = ", ".join([*self.blocks, "X", "T", *(["l2"] if self.penalised else [])])
        returned = f"(loss({names}), *gradient({names}))" if with_loss else f"gradient({names})"
        functions = {"gradient": self.function("gradient"), "loss": self.function("loss")}
        wrapped: Callable[..., Any] = eval(f"lambda {names}: {returned}", functions)  # noqa: S307 - text of our own
        return wrapped

    def handed_over(self) -> Any:
        """Return what its author has in hand: of a script, its file."""
        if self.script:
            return self.module().path
        with contextlib.redirect_stdout(io.StringIO()):
            return eval(self.meta["call"], vars(self.module()))  # noqa: S307 - text of our own


def copied(held: dict[str, Any]) -> dict[str, Any]:
    """Copy what a module holds: not its functions, classes and modules, nor what cannot be copied."""
    memo: dict[int, Any] = {}
    found = {}
    for name, value in held.items():
        try:
            found[name] = value if isinstance(value, type | ModuleType) else copy.deepcopy(value, memo)
        except TypeError:
            found[name] = value
    return found


def load(path: Path) -> ModuleType:
    """Import a file as a new module."""
    name = f"wild_{path.stem}"
    loader = SourceFileLoader(name, str(path))
    module = module_from_spec(ModuleSpec(name, loader, origin=str(path)))
    with contextlib.redirect_stdout(io.StringIO()):
        loader.exec_module(module)
    return module


def cases(half: Half) -> list[Case]:
    """Return all cases of a half, by number."""
    tables = tomllib.loads((HERE / half / "cases.toml").read_text(encoding="utf-8"))
    return [Case(name, half, meta) for name, meta in tables.items()]
