"""Findings: what is told of a diagnosis, in plain sentences, in three steps of help, as text, HTML and JSON."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

Verdict: TypeAlias = Literal["right", "right up to a factor", "wrong", "undecided"]

SHOWN = 3  # numbers side by side


@dataclass(frozen=True)
class Mistake:
    """A mistake with its name.

    Attributes
    ----------
    name : str
        What it is called, e.g. ``"derivative-missing"``.
    where : str
        The place in words, e.g. ``"layer 1"``.
    sentence : str
        What is wrong, in one sentence.
    remedy : str
        How it is mended.
    line : str
        The line of the derivation that it breaks.
    confidence : float
        1 where nothing else gives the same numbers, less where other readings do.
    readings, also : tuple of str
        What gives exactly the same numbers, in sentences and by name.
    """

    name: str
    where: str
    sentence: str
    remedy: str = field(repr=False)
    line: str = field(repr=False, default="")
    confidence: float = 1.0
    readings: tuple[str, ...] = field(repr=False, default=())
    also: tuple[str, ...] = field(repr=False, default=())

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return {
            "name": self.name,
            "where": self.where,
            "sentence": self.sentence,
            "remedy": self.remedy,
            "line": self.line,
            "confidence": self.confidence,
            "readings": list(self.readings),
            "also": list(self.also),
        }


@dataclass(frozen=True)
class Sample:
    """An entry of the first wrong block: where it is, what it is and what it should be."""

    place: str
    given: float
    right: float


@dataclass(frozen=True)
class BackpropReport:
    """What a check of hand-written back-propagation found.

    Attributes
    ----------
    verdict : str
        ``"right"``: the gradient is that of the network's loss, of the loss that the code itself returns, or of the
        convention that the caller stated. ``"right up to a factor"``: the code returns no loss, and one factor stands
        between its gradient and the network's. ``"wrong"``: there are mistakes or clues. ``"undecided"``: nothing can
        be said yet, or the code does not run as it is called, and ``clues`` say what is needed.
    mistakes : tuple of Mistake
        Those that have a name; where something is wrong that has none, there are ``clues``.
    wrong, right : tuple of str
        The gradient's blocks, walking backward.
    conventions, notes : tuple of str
        What is unusual and right; what is worth knowing and no mistake of the gradient.
    samples : tuple of Sample
        Entries of the first wrong block, walking backward: yours and the right one.
    raised : bool
        Whether the code did not run.
    """

    verdict: Verdict
    mistakes: tuple[Mistake, ...] = ()
    wrong: tuple[str, ...] = ()
    clues: tuple[str, ...] = ()
    conventions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    samples: tuple[Sample, ...] = ()
    right: tuple[str, ...] = ()
    raised: bool = False

    @property
    def ok(self) -> bool:
        """Whether the verdict is "right"."""
        return self.verdict == "right"

    @property
    def share_right(self) -> float:
        """The share of the gradient's blocks that are right; ½ where all are and something else is wrong.

        >>> BackpropReport("wrong", wrong=("dW1",), right=("dW2", "db2", "db1")).share_right
        0.75
        """
        if self.ok:
            return 1.0
        count = len(self.right) + len(self.wrong)
        return len(self.right) / count * (1.0 if self.wrong else 0.5) if count else 0.0

    @property
    def headline(self) -> str:
        """The report's first line: the verdict, and what it rests on.

        >>> BackpropReport("right").headline
        'right: your back-propagation is right.'
        """
        return f"{self.verdict}: {self._said()}"

    def _said(self) -> str:
        if self.ok:
            return "your back-propagation is right."
        if self.verdict == "right up to a factor":
            return self.mistakes[0].sentence
        if self.verdict == "undecided":
            return (
                "your code does not run as I call it." if self.raised else "nothing can be said of your gradient yet."
            )
        if self.mistakes:
            count = len(self.mistakes)
            found = "one mistake" if count == 1 else "two mistakes" if count == 2 else f"{count} mistakes"
            sure = "" if all(one.confidence == 1.0 for one in self.mistakes) else ", though other readings are possible"
            return f"{found} found{sure}."
        return "your gradient is not the right one, and none of the mistakes I know by name explains it."

    @property
    def is_open(self) -> bool:
        """Whether something is wrong, or cannot be read, of which nothing known by name explains all."""
        return self.verdict in ("wrong", "undecided") and bool(self.clues)

    def hint(self, level: int) -> str:
        """Say where it is wrong (1), what is wrong (2), or how it is mended (3).

        >>> BackpropReport("right").hint(1)
        'right: your back-propagation is right.'
        """
        if self.ok or self.verdict == "right up to a factor":
            return self.headline
        first = self.clues[0] if self.clues else self.headline
        if self.wrong:
            first = f"Walking backward, the first wrong gradient is that of {self.wrong[0]}."
        if level <= 1 or not self.mistakes:
            return "\n".join(dict.fromkeys([first, *self.clues])) if level > 1 else first
        lines = [one.sentence if level == 2 else f"{one.sentence} {one.remedy}" for one in self.mistakes]
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return the report as JSON can hold it."""
        return {
            "ok": self.ok,
            "verdict": self.verdict,
            "headline": self.headline,
            "mistakes": [one.to_dict() for one in self.mistakes],
            "wrong": list(self.wrong),
            "right": list(self.right),
            "raised": self.raised,
            "clues": list(self.clues),
            "conventions": list(self.conventions),
            "notes": list(self.notes),
            "samples": [vars(one) for one in self.samples],
        }

    def assert_correct(self) -> None:
        """Raise AssertionError with the whole report unless ``ok``."""
        if not self.ok:
            raise AssertionError(str(self))

    def __str__(self) -> str:
        parts = [self.headline]
        for one in self.mistakes:
            lines = [f"{one.sentence}"] if one.sentence not in self.headline else []
            lines += [f"  {one.remedy}"] if lines else [one.remedy]
            if one.line:
                lines.append(f"  The line it breaks: {one.line}")
            lines += [f"  Another reading of the same numbers: {reading}" for reading in one.readings]
            parts.append("\n".join(lines))
        if self.clues:
            parts.append("\n".join(self.clues))
        if self.samples:
            rows = [f"  {one.place}: yours {one.given:.6g}, right {one.right:.6g}" for one in self.samples]
            parts.append("\n".join(["The first wrong block, walking backward:", *rows]))
        if self.conventions:
            parts.append("\n".join(f"Convention: {one}." for one in self.conventions))
        parts += [f"Note: {one}" for one in self.notes]
        return "\n\n".join(parts)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: ARG002  # IPython's protocol
        printer.text(str(self))

    def _repr_html_(self) -> str:
        parts = [f"<p><b>{html.escape(self.headline)}</b></p>", *map(_mistake_as_html, self.mistakes)]
        if self.clues:
            parts.append(f"<ul>{''.join(f'<li>{html.escape(clue)}</li>' for clue in self.clues)}</ul>")
        if self.samples:
            rows = "".join(_row((one.place, f"{one.given:.6g}", f"{one.right:.6g}")) for one in self.samples)
            head = _row(("the first wrong block", "yours", "right"), cell="th")
            parts.append(f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>")
        remarks = [*(f"Convention: {one}." for one in self.conventions), *(f"Note: {one}" for one in self.notes)]
        parts += [f"<p>{html.escape(one)}</p>" for one in remarks]
        return f"<div>{''.join(parts)}</div>"


def _with_code(text: str) -> str:
    """Text as HTML, what stands between backticks as code.

    >>> _with_code("`a < b` is wrong")
    '<code>a &lt; b</code> is wrong'
    """
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text))


def _mistake_as_html(one: Mistake) -> str:
    """A paragraph: what is wrong, how it is mended, which line it breaks, what else gives the same numbers."""
    lines = [f"<b>{_with_code(one.sentence)}</b>", _with_code(one.remedy)]
    if one.line:
        lines.append(f"The line it breaks: <code>{html.escape(one.line)}</code>")
    lines += [f"<i>Another reading of the same numbers: {html.escape(reading)}</i>" for reading in one.readings]
    return f"<p>{'<br>'.join(lines)}</p>"


def _row(cells: Sequence[str], cell: str = "td") -> str:
    return f"<tr>{''.join(f'<{cell}>{html.escape(text)}</{cell}>' for text in cells)}</tr>"


def samples_of(name: str, given: Any, right: Any) -> tuple[Sample, ...]:
    """Return the entries of a block that are farthest off."""
    off = np.abs(np.asarray(given) - np.asarray(right))
    order = np.argsort(-off, axis=None, kind="stable")[:SHOWN]
    places = [tuple(int(i) for i in np.unravel_index(k, off.shape)) for k in order]
    return tuple(
        Sample(f"d{name}[{', '.join(map(str, place))}]", float(given[place]), float(right[place])) for place in places
    )


def listed(words: Sequence[str]) -> str:
    """Join words as one says them."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def beside(report: BackpropReport, *more: Mistake) -> BackpropReport:
    """Add what is wrong beside the gradient: a note where that is not explained, for nobody looks for it there first.

    >>> stale = Mistake("stale", "", "A second call gives more.", "")
    >>> beside(BackpropReport("right"), stale).verdict, beside(BackpropReport("undecided", clues=("?",)), stale).notes
    ('wrong', ('stale: A second call gives more.',))
    """
    if report.is_open:
        return replace(report, notes=(*report.notes, *(f"{one.name}: {one.sentence}" for one in more)))
    return replace(report, verdict="wrong", mistakes=(*report.mistakes, *more)) if more else report
