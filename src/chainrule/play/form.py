"""The form: every setting of a state as a row for the page, with what it may be and, where it cannot be set, why."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec
import msgspec.inspect

from chainrule.maths import initializers, losses
from chainrule.maths.activations import ACTIVATIONS, Activation
from chainrule.maths.initializers import Initializer
from chainrule.maths.loss import Loss
from chainrule.network.layers import Dense
from chainrule.network.network import Network
from chainrule.play.built_problem import parts_of
from chainrule.play.data import GENERATORS, GIVEN, OF_CLASSES
from chainrule.play.engine_settings import RULES, SCHEDULES, EngineSetting, all_of, settings_of, words_of
from chainrule.training.minimize import METHODS, minimize
from chainrule.training.optimizers import OPTIMIZERS
from chainrule.training.train import train

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from chainrule.play.messages import Layer, Output, State

Row: TypeAlias = "dict[str, Any]"
Path: TypeAlias = "Sequence[str | int]"

OF_EVERY_RUN = ("max_epochs", "seed")  # which methods of SciPy call otherwise
KINDS: dict[type, Any] = {
    msgspec.inspect.FloatType: "number",
    msgspec.inspect.IntType: "count",
    msgspec.inspect.BoolType: "switch",
    msgspec.inspect.LiteralType: "choice",
}


def rows(state: State) -> list[Row]:
    """Return the rows of the page's form, in their order.

    A row's ``path`` is where its value stands in the state, ``options`` what each choice sets, ``on`` what a rule that
    is ticked sets, ``resets`` a path that is emptied with it, ``template`` how a number is spelt, and ``why`` the
    reason why it cannot be set, "" where it can.
    """
    return [*_data(state), *_network(state), *_optimizer(state), *_schedule(state), *_training(state), *_rules(state)]


def _row(group: str, path: Path, value: Any, setting: EngineSetting, **more: Any) -> Row:
    label = "points" if setting.name == "n" else setting.name.replace("_", " ")
    return {
        "group": group, "part": "", "path": path, "value": value, "kind": setting.kind, "words": setting.words,
        "label": label[0].upper() + label[1:], "options": {name: name for name in setting.choices}, "why": "", **more,
    }  # fmt: skip


def _fields(struct: Any, words: Mapping[str, str]) -> Iterator[tuple[EngineSetting, Row]]:
    """The numbers, switches and choices among the fields of a part of the state, with their bounds."""
    for field in msgspec.inspect.type_info(type(struct)).fields:  # type: ignore[attr-defined]
        types = field.type.types if isinstance(field.type, msgspec.inspect.UnionType) else (field.type,)
        one: Any = types[0]
        if kind := KINDS.get(type(one)):
            choices = one.values[::-1] if kind == "choice" else ()
            bounds: Row = {"empty": len(types) > 1}
            bounds |= {end: getattr(one, name, None) for end, name in (("min", "ge"), ("max", "le"))}
            yield EngineSetting(field.name, kind, field.default, choices, words.get(field.name, "")), bounds


def _data(state: State) -> Iterator[Row]:
    """How the points of a generator are drawn: what nearly all have, and its own."""
    data = state.data
    if data.source != "datasets":
        return
    function = GENERATORS[data.name]
    takes = inspect.signature(function).parameters
    names = {"n": ("n",), "classes": OF_CLASSES, "noise": ("noise", "std"), "seed": ("random_state",)}
    for setting, bounds in _fields(data, {}):
        if setting.name in names:
            why = "" if any(one in takes for one in names[setting.name]) else f"{data.name} has none"
            yield _row("Data", ["data", setting.name], getattr(data, setting.name), setting, why=why, **bounds)
    for name, setting in settings_of(function, *GIVEN).items():
        value = data.settings.get(name, setting.default)
        yield _row("Data", ["data", "settings", name], value, setting, empty=setting.default is None)


def _network(state: State) -> Iterator[Row]:
    for k, layer in enumerate(state.layers):
        yield from _layer(f"Layer {k + 1}", ["layers", k], layer)
    yield from _layer("Output", ["output"], state.output)
    known = losses.LOSSES, losses.PARAMETRIZED
    yield from _parametrized("Output", ["output", "loss"], state.output.loss, Loss, known)
    dropout = EngineSetting("input_dropout", "number", 0.0, (), words_of(Network)["input_dropout"])
    yield _row("Network", ["input_dropout"], state.input_dropout, dropout, min=0, max=0.99)


def _layer(part: str, path: list[str | int], layer: Layer | Output) -> Iterator[Row]:
    words = words_of(Dense)
    for setting, bounds in _fields(layer, {**words, "units": words["n_outputs"]}):
        yield _row("Network", [*path, setting.name], getattr(layer, setting.name), setting, part=part, **bounds)
    setting = EngineSetting("activation", "choice", "", (*ACTIVATIONS, *parts_of(Activation)), words["activation"])
    yield _row("Network", [*path, "activation"], layer.activation, setting, part=part)
    known = initializers.INITIALIZERS, initializers.PARAMETRIZED
    yield from _parametrized(part, [*path, "weight_init"], layer.weight_init, Initializer, known)
    why = "" if layer.bias else "this layer has no bias"
    yield from _parametrized(part, [*path, "bias_init"], layer.bias_init, Initializer, known, why)


def _parametrized(
    part: str,
    path: list[str | int],
    value: str,
    kind: type,
    known: tuple[Mapping[str, Any], Mapping[str, Callable[..., Any]]],
    why: str = "",
) -> Iterator[Row]:
    """A choice by name, and the number that some of them take, as the engine spells both: ``huber(2.0)``."""
    names, parametrized = known
    base, _, number = value.partition("(")
    options = {name: name for name in (*names, *parts_of(kind)) if name not in parametrized}
    takes = {name: next(iter(settings_of(function).values())) for name, function in parametrized.items()}
    options |= {
        f"{name}({one.name})": value if name == base else f"{name}({one.default})" for name, one in takes.items()
    }
    yield _row("Network", path, value, EngineSetting(str(path[-1]), "choice", ""), part=part, options=options, why=why)
    if base in takes:
        shown = float(number[:-1]) if number else takes[base].default
        yield _row("Network", path, shown, takes[base], part=part, template=f"{base}(#)", why=why)


def _optimizer(state: State) -> Iterator[Row]:
    """The optimizer and its settings; those that others have cannot be set."""
    training = state.training
    setting = EngineSetting("optimizer", "choice", "", (*OPTIMIZERS, *METHODS), words_of(train)["optimizer"])
    path = ["training", "optimizer"]
    yield _row("Training", path, training.optimizer, setting, resets=["training", "optimizer_settings"])
    yield from _settings_of_one("optimizer", OPTIMIZERS, training.optimizer, training.optimizer_settings)


def _schedule(state: State) -> Iterator[Row]:
    """How the learning rate moves."""
    training = state.training
    setting = EngineSetting("schedule", "choice", "", tuple(SCHEDULES), words_of(train)["learning_rate"])
    resets = ["training", "schedule_settings"]
    why = _not_of(training.optimizer, "learning_rate")
    yield _row("Training", ["training", "schedule"], training.schedule, setting, why=why, resets=resets)
    yield from _settings_of_one("schedule", SCHEDULES, training.schedule, training.schedule_settings, why)


def _settings_of_one(
    what: str, registry: Mapping[str, Callable[..., Any]], name: str, given: Mapping[str, Any], why: str = ""
) -> Iterator[Row]:
    has = settings_of(registry[name]) if name in registry else {}
    for key, setting in all_of(registry.values()).items():
        own = has.get(key, setting)
        reason = why or ("" if key in has else f"{name} has none")
        path = ["training", f"{what}_settings", key]
        yield _row("Training", path, given.get(key, own.default), own, why=reason, part=f"Of the {what}")


def _not_of(optimizer: str, name: str) -> str:
    """Why a setting cannot be set: a method of SciPy has no such argument."""
    taken = optimizer not in METHODS or name in (*OF_EVERY_RUN, *inspect.signature(minimize).parameters)
    return "" if taken else f"{optimizer} has none"


def _training(state: State) -> Iterator[Row]:
    training = state.training
    for setting, bounds in _fields(training, {**words_of(train), "seed": words_of(train)["random_state"]}):
        why = _not_of(training.optimizer, setting.name)
        yield _row("Training", ["training", setting.name], getattr(training, setting.name), setting, why=why, **bounds)


def _rules(state: State) -> Iterator[Row]:
    """When it stops: a switch for each rule, and its settings, which can be set once it is on."""
    stop = state.training.stop
    for rule, function in RULES.items():
        has = settings_of(function)
        path = ["training", "stop", rule]
        switch = EngineSetting(rule, "switch", default=False, words=words_of(train)["stop"])
        first = {name: one.default for name, one in has.items()}
        yield _row("Stop", path, rule in stop, switch, on=first)
        for name, one in has.items():
            why = "" if rule in stop else f"{rule.replace('_', ' ')} is off"
            if name == "of" and not why and not state.data.test_share and state.data.source != "lab":
                why = "nothing is held out"
            value = stop.get(rule, {}).get(name, one.default)
            yield _row("Stop", [*path, name], value, one, part=f"Of {rule.replace('_', ' ')}", why=why)
