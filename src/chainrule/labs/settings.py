"""Settings: what a reader may change in a lab. The same values come from Python and, as text, from the command line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from chainrule.errors import InvalidValue, check_count, check_number, unknown_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Config: TypeAlias = "Mapping[str, Any]"
Parse: TypeAlias = "Callable[[str, object], Any]"
Idle: TypeAlias = "Callable[[Config, bool], str | None]"


def acts(config: Config, own: bool) -> str | None:  # noqa: ARG001
    """The setting acts whatever else is set."""
    return None


def idle_with_data(config: Config, own: bool) -> str | None:  # noqa: ARG001
    """The setting is about the text's own points."""
    return "it is about the text's points, and --data (data=) takes their place" if own else None


def idle_without_data(config: Config, own: bool) -> str | None:  # noqa: ARG001
    """The setting is about the user's points."""
    return None if own else "it is about points of your own, and there is no --data (data=)"


@dataclass(frozen=True)
class Setting:
    """One setting of a lab.

    Attributes
    ----------
    name : str
    default : object
    help : str
        What it means, in a few words.
    parse : function (name, value) -> value
        Reads and checks a value, from Python or as text.
    idle : function (config, own) -> str or None
        Why it changes nothing beside the other settings, with points of the user's own or without; None where it acts.
    """

    name: str
    default: object
    help: str
    parse: Parse
    idle: Idle = acts

    @property
    def default_text(self) -> str:
        """The default as one would type it."""
        if isinstance(self.default, tuple):
            return ",".join(map(str, self.default))
        if isinstance(self.default, bool):
            return str(self.default).lower()
        return "none" if self.default is None else str(self.default)


def number(**bounds: float) -> Parse:
    """Read a number within bounds, as :func:`chainrule.errors.check_number` has them.

    >>> number(above=0)("learning_rate", "0.3")
    0.3
    """

    def parse(name: str, value: object) -> float:
        return check_number(name, _as_number(value, float), **bounds)

    return parse


def whole(at_least: int = 1) -> Parse:
    """Read a whole number.

    >>> whole()("n", "100")
    100
    """

    def parse(name: str, value: object) -> int:
        return check_count(name, _as_number(value, int), at_least=at_least)

    return parse


def wholes(name: str, value: object) -> tuple[int, ...]:
    """Read one or more whole numbers ≥ 1: "70,70", 70 or (70, 70).

    >>> wholes("hidden", "70,70")
    (70, 70)
    """
    parts = value.split(",") if isinstance(value, str) else value if isinstance(value, tuple | list) else [value]
    if not parts:
        raise InvalidValue(f"{name} needs at least one whole number, as in 10,10.")
    return tuple(check_count(name, _as_number(part, int)) for part in parts)


def one_of(choices: Iterable[str]) -> Parse:
    """Read one name out of several."""
    valid = tuple(choices)

    def parse(name: str, value: object) -> str:
        if value not in valid:
            raise unknown_name(name, value, valid)
        return str(value)

    return parse


def some_of(choices: Iterable[str]) -> Parse:
    """Read one or more names out of several: "linear,xor_easy" or a list of them.

    >>> some_of(["a", "b"])("data", "b,a")
    ('b', 'a')
    """
    one = one_of(choices)

    def parse(name: str, value: object) -> tuple[str, ...]:
        parts = value.split(",") if isinstance(value, str) else value
        if not isinstance(parts, tuple | list):
            raise InvalidValue(f"{name} must be one or more names, got {value!r}.")
        read = tuple(one(name, part.strip() if isinstance(part, str) else part) for part in parts)
        if len(set(read)) < len(read):
            raise InvalidValue(f"{name} names something twice: {','.join(read)}.")
        return read

    return parse


def yes_or_no(name: str, value: object) -> bool:
    """Read "true" or "false", or the value itself.

    >>> yes_or_no("linearly_separable", "true")
    True
    """
    known = {"true": True, "false": False}
    if isinstance(value, bool):
        return value
    if not isinstance(value, str) or value.lower() not in known:
        raise unknown_name(name, value, known)
    return known[value.lower()]


def or_none(parse: Parse) -> Parse:
    """Read what ``parse`` reads, or "none"."""

    def parse_or_none(name: str, value: object) -> Any:
        return None if value is None or value == "none" else parse(name, value)

    return parse_or_none


def _as_number(value: object, kind: Callable[[str], object]) -> object:
    """Turn a text into a number where it is one, and leave everything else for the check to refuse."""
    if not isinstance(value, str):
        return value
    try:
        return kind(value)
    except ValueError:
        return value


def configure(lab: str, settings: Iterable[Setting], given: Mapping[str, object]) -> dict[str, Any]:
    """Return every setting with its default or the value given for it, checked."""
    known = {setting.name: setting for setting in settings}
    for name in given:
        if name not in known:
            raise unknown_name(f"setting of lab {lab}", name, known)
    return {name: setting.parse(name, given.get(name, setting.default)) for name, setting in known.items()}


def refuse_idle(lab: str, settings: Iterable[Setting], given: Mapping[str, object], *, own: bool) -> None:
    """Refuse a setting that was given and would change nothing.

    Raises
    ------
    InvalidValue
        With what makes it idle.
    """
    config = configure(lab, settings, given)
    for setting in settings:
        if setting.name in given and (reason := setting.idle(config, own)):
            raise InvalidValue(f"The setting {setting.name} of lab {lab} would change nothing: {reason}. Leave it out.")
