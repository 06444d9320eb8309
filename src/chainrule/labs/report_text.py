"""Texts: what a report says of a lab that no run can compute: what is asked, and where the text is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chainrule.network.network import Network


@dataclass(frozen=True)
class ReportText:
    """The words around a lab's numbers.

    Attributes
    ----------
    introduction : tuple of str
        Paragraphs: the question, and how it is gone about. Formulas stand between dollars.
    caveats : tuple of str
        Where the assignment's text is wrong or dangerous, and what is done here.
    mathematics : tuple of str
        What the assignment derives, in its own letters: paragraphs, and formulas between double dollars.
    demand : float, optional
        The accuracy that the assignment asks for.
    before : function () -> Network, optional
        The network that the assignment starts from, where the question is what changes.
    explained : str, optional
        The run whose network's mathematics is written out; without it the first.
    """

    introduction: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    mathematics: tuple[str, ...] = ()
    demand: float | None = None
    before: Callable[[], Network] | None = None
    explained: str | None = None


NO_REPORT_TEXT = ReportText()


def text_beside(lab: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Read ``text.md`` beside a lab's ``__file__``: # Introduction, # Caveats (points), and # Mathematics if any."""
    text = Path(lab).with_name("text.md").read_text(encoding="utf-8")
    introduction, rest = text.removeprefix("# Introduction").split("# Caveats")
    caveats, _, mathematics = rest.partition("# Mathematics")
    return _filled(introduction.split("\n\n")), _filled(caveats.split("\n- ")), _filled(mathematics.split("\n\n"))


def _filled(texts: Sequence[str]) -> tuple[str, ...]:
    """Return each text on one line, empty ones left out."""
    return tuple(line for text in texts if (line := " ".join(text.split())))
