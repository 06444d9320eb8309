"""Stories: what a report says of a lab that no run can compute: what is asked, and where the text is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chainrule.network.network import Network


@dataclass(frozen=True)
class Story:
    """The words around a lab's numbers.

    Attributes
    ----------
    introduction : tuple of str
        Paragraphs: the question, and how it is gone about. Formulas stand between dollars.
    caveats : tuple of str
        Where the assignment's text is wrong or dangerous, and what is done here.
    demand : float, optional
        The accuracy that the assignment asks for.
    before : function () -> Network, optional
        The network that the assignment starts from, where the question is what changes.
    explained : str, optional
        The run whose network's mathematics is written out; without it the first.
    """

    introduction: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    demand: float | None = None
    before: Callable[[], Network] | None = None
    explained: str | None = None


UNTOLD = Story()


def text_beside(lab: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Read the ``text.md`` beside a lab's ``__file__``: paragraphs under # Introduction, points under # Caveats."""
    text = Path(lab).with_name("text.md").read_text(encoding="utf-8")
    introduction, caveats = text.removeprefix("# Introduction").split("# Caveats")
    paragraphs, points = introduction.split("\n\n"), caveats.split("\n- ")
    return _filled(paragraphs), _filled(points)


def _filled(texts: Sequence[str]) -> tuple[str, ...]:
    """Return each text on one line, empty ones left out."""
    return tuple(line for text in texts if (line := " ".join(text.split())))
