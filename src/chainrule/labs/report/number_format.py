"""Number format: how a report writes the numbers of results.json, one format for each kind."""

from __future__ import annotations

from typing import Any

NOTHING = "–"


def share(value: float | None) -> str:
    """An accuracy.

    >>> share(0.987), share(None)
    ('0.99', '–')
    """
    return NOTHING if value is None else f"{value:.2f}"


def below(value: float, demand: float) -> str:
    """An accuracy that falls short of a demand, with digits enough to show it.

    >>> below(0.5, 0.9), below(0.8967, 0.9)
    ('0.50', '0.897')
    """
    texts = (f"{value:.{digits}f}" for digits in range(2, 18))
    return next((text for text in texts if float(text) < demand), repr(value))


def loss(value: float | None) -> str:
    """A loss; what was not finite is null in results.json.

    >>> loss(0.0099731), loss(None)
    ('0.00997', 'not finite')
    """
    return "not finite" if value is None else f"{value:.5f}"


def spread(values: list[float] | None, form: str) -> str:
    """Median and range.

    >>> spread([2.0, 1.0, 3.0], "{:.0f}"), spread([1.0, 1.0, 1.0], "{:.2f}")
    ('2 (1–3)', '1.00')
    """
    if values is None:
        return NOTHING
    if any(value is None for value in values):
        return "not finite"
    median, least, greatest = (form.format(value) for value in values)
    return median if least == greatest else f"{median} ({least}–{greatest})"


def setting(value: Any) -> str:
    """A setting's value as one would type it, to the last digit.

    >>> setting([10, 10]), setting(None), setting(0.001)
    ('10,10', 'none', '0.001')
    """
    if isinstance(value, list | tuple):
        return ",".join(map(setting, value))
    if isinstance(value, bool):
        return str(value).lower()
    return "none" if value is None else repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


def counted(count: int, one: str) -> str:
    """A number with its noun.

    >>> counted(1, "point"), counted(2, "point")
    ('1 point', '2 points')
    """
    return f"{count} {one if count == 1 else one + 's'}"
