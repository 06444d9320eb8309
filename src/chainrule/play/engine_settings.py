"""Settings: what the engine's own functions take by name, read off their signatures, and calls with them."""

from __future__ import annotations

import ast
import inspect
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from chainrule.errors import InvalidValue, choose
from chainrule.training import schedules, stopping

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from chainrule.play.messages import Settings

SCHEDULES: dict[str, Callable[..., Any]] = {
    one.__name__: one
    for one in (
        schedules.constant, schedules.step, schedules.inverse_scaling, schedules.cosine, schedules.warm_up,
        schedules.reduce_on_plateau,
    )
}  # fmt: skip
RULES: dict[str, Callable[..., Any]] = {
    one.__name__: one for one in (stopping.loss_below, stopping.accuracy_reached, stopping.no_improvement)
}
FIRST = {"every": 100, "epochs": 100, "threshold": 0.01, "std": 0.5, "bound": 0.1}  # where the engine has no default
KINDS = {"float": "number", "int": "count", "bool": "switch", "Literal": "choice"}
DOCUMENTED = re.compile(r"^    (\w[\w, ]*) : (.*)\n((?:^        .*\n)*)", re.MULTILINE)


@dataclass(frozen=True)
class EngineSetting:
    """An argument of a function: what it is called, what it may be, what it is without being set, what it means."""

    name: str
    kind: Literal["number", "count", "switch", "choice"]
    default: Any
    choices: tuple[str, ...] = ()
    words: str = ""


def settings_of(function: Callable[..., Any], *given: str) -> dict[str, EngineSetting]:
    """Return the settings of a function by name: its numbers, switches and choices, but not those already given.

    >>> from chainrule.training.optimizers import sgd
    >>> [(one.name, one.kind, one.default) for one in settings_of(sgd).values()]
    [('momentum', 'number', 0.0), ('nesterov', 'switch', False)]
    """
    found, words = {}, words_of(function)
    for name, one in inspect.signature(function).parameters.items():
        begins = re.match(r"\w+", str(one.annotation))
        kind = KINDS.get(begins[0]) if begins else None
        if kind is None or name in (*given, "learning_rate", "schedule"):
            continue
        choices = ast.literal_eval(f"[{one.annotation[8:-1]}]") if kind == "choice" else ()
        default = FIRST[name] if one.default is one.empty else one.default
        found[name] = EngineSetting(name, kind, default, tuple(choices), words.get(name, ""))  # type: ignore[arg-type]
    return found


def words_of(function: Callable[..., Any]) -> dict[str, str]:
    """Return what a function's documentation says of each of its parameters."""
    found = {}
    for names, kind, text in DOCUMENTED.findall(inspect.getdoc(function).replace("\n", "\n    ") + "\n"):  # type: ignore[union-attr]
        for name in names.split(", "):
            found[name] = f"{kind.strip()}. {' '.join(text.split())}".strip()
    return found


def checked(what: str, function: Callable[..., Any], settings: Settings, *given: str) -> Settings:
    """Return settings that a function has, all of them: none is ignored."""
    known = settings_of(function, *given)
    for name in settings:
        if name not in known:
            has = f"It has: {', '.join(known)}." if known else "It has none."
            raise InvalidValue(f"{what} has no setting {name!r}. {has}")
    missing = {name: FIRST[name] for name in known if name in FIRST and name not in settings}
    return {**missing, **settings}


def made(registry: Mapping[str, Callable[..., Any]], what: str, name: str, settings: Settings, *first: Any) -> Any:
    """Call one of the engine's functions by name, with settings that it has."""
    function = choose(what, name, registry)
    return function(*first, **checked(name, function, settings))


def call_text(registry: Mapping[str, Callable[..., Any]], name: str, settings: Settings, *first: str) -> str:
    """Return the same call as Python: its arguments, in brackets after the name."""
    arguments = [*first, *(f"{key}={value!r}" for key, value in checked(name, registry[name], settings).items())]
    return f"{name}({', '.join(arguments)})"


def all_of(functions: Iterable[Callable[..., Any]]) -> dict[str, EngineSetting]:
    """Return every setting that any of these functions has."""
    found: dict[str, EngineSetting] = {}
    for function in functions:
        found |= {name: one for name, one in settings_of(function).items() if name not in found}
    return found


def schedule_of(rate: float, name: str, settings: Settings) -> Any:
    """Return the learning rate itself, or the schedule that begins with it."""
    schedule = made(SCHEDULES, "schedule", name, settings, rate)
    return rate if name == "constant" else schedule


def schedule_text(rate: float, name: str, settings: Settings) -> str:
    """Return the same as Python."""
    return repr(rate) if name == "constant" else f"cr.schedules.{call_text(SCHEDULES, name, settings, repr(rate))}"


def rules_of(stop: Mapping[str, Settings]) -> list[Any]:
    """Return the rules that end a run."""
    return [made(RULES, "rule for stopping", name, settings) for name, settings in stop.items()]


def rule_name(rule: Any) -> str:
    """Return the name of the function that makes a rule.

    >>> rule_name(stopping.loss_below(0.01))
    'loss_below'
    """
    return next(
        name for name, function in RULES.items() if inspect.signature(function).return_annotation == type(rule).__name__
    )


def rules_text(stop: Mapping[str, Settings]) -> str:
    """Return the same as Python."""
    return f"[{', '.join(f'cr.{call_text(RULES, name, settings)}' for name, settings in stop.items())}]"
