"""What a gradient check found: entries, blocks of entries, and a report one can read, assert or store."""

from __future__ import annotations

import html
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

WRONG = 1e-2  # the relative errors of CS231n's notes
SUSPICIOUS = 1e-4
RIGHT = 1e-7
SHOWN = 5  # entries printed per block

Verdict = Literal["right", "suspicious", "wrong", "set aside", "too small"]


@dataclass(frozen=True)
class Entry:
    """One derivative: yours, ours by differences, and how well the differences know it.

    Attributes
    ----------
    index : tuple of int
        Its place in the block.
    given, numeric : float
        The derivative that was given, and the one by differences.
    uncertainty : float
        How far the differences may be off.
    at_kink : bool
        Whether the loss has a kink there.
    """

    index: tuple[int, ...]
    given: float
    numeric: float
    uncertainty: float
    at_kink: bool

    @property
    def scale(self) -> float:
        """The larger of the two derivatives, max(abs(given), abs(numeric))."""
        return max(abs(self.given), abs(self.numeric))

    @property
    def relative_error(self) -> float:
        """abs(given − numeric) / max(abs(given), abs(numeric)), and 0 when both are 0."""
        return abs(self.given - self.numeric) / self.scale if self.given != self.numeric else 0.0

    @property
    def ratio(self) -> float:
        """Given / numeric: 1 is right, −1 a wrong sign; NaN when numeric is 0."""
        return self.given / self.numeric if self.numeric else math.nan

    def judge(self, tolerance: float) -> Verdict:
        """Name what the relative error says once the uncertainty is taken off; up to ``tolerance`` is right."""
        if not math.isfinite(self.given):
            return "wrong"
        limit = max(tolerance, SUSPICIOUS) * self.scale
        if self.at_kink and self.uncertainty > limit:
            return "set aside"
        beyond = max(0.0, abs(self.given - self.numeric) - self.uncertainty)
        if beyond > limit:
            return "wrong" if beyond > WRONG * self.scale else "suspicious"
        if self.uncertainty > limit and self.given != self.numeric:
            return "too small"
        return "right" if beyond <= tolerance * self.scale else "suspicious"

    def to_dict(self) -> dict[str, object]:
        """Return the entry as JSON can hold it."""
        return {
            "index": list(self.index),
            "given": _json(self.given),
            "numeric": _json(self.numeric),
            "uncertainty": _json(self.uncertainty),
            "relative_error": _json(self.relative_error),
            "ratio": _json(self.ratio),
        }


@dataclass(frozen=True)
class BlockReport:
    """What was found in one block of theta.

    Attributes
    ----------
    name : str
        What the block is called.
    shape : tuple of int
        Its shape.
    checked : int
        How many of its entries differences were taken of.
    wrong, suspicious : tuple of Entry
        Those whose relative error is beyond the limits.
    set_aside, too_small : tuple of Entry
        Those at a kink, and those that differences cannot resolve: neither right nor wrong.
    worst : float
        The largest relative error of those that were judged.
    clue : str
        What the wrong entries have in common, or "".
    """

    name: str
    shape: tuple[int, ...]
    checked: int
    wrong: tuple[Entry, ...]
    suspicious: tuple[Entry, ...]
    set_aside: tuple[Entry, ...]
    too_small: tuple[Entry, ...]
    worst: float
    clue: str

    @property
    def size(self) -> int:
        """The number of entries the block has."""
        return math.prod(self.shape)

    @property
    def judged(self) -> int:
        """The number of entries that could be called right, suspicious or wrong."""
        return self.checked - len(self.set_aside) - len(self.too_small)

    @property
    def right(self) -> int:
        """The number of entries that agree with the differences."""
        return self.judged - len(self.wrong) - len(self.suspicious)

    def to_dict(self) -> dict[str, object]:
        """Return the block as JSON can hold it."""
        kinds = {
            "wrong": self.wrong,
            "suspicious": self.suspicious,
            "set_aside": self.set_aside,
            "too_small": self.too_small,
        }
        listed = {kind: [entry.to_dict() for entry in entries] for kind, entries in kinds.items()}
        counts = {"size": self.size, "checked": self.checked, "right": self.right}
        worst = {"worst_relative_error": _json(self.worst), "clue": self.clue}
        return {"name": self.name, "shape": list(self.shape), **counts, **listed, **worst}

    def row(self) -> tuple[str, ...]:
        """Return the block's line of the table, in the order of ``HEADINGS``."""
        found = (self.wrong, self.suspicious, self.set_aside, self.too_small)
        counts = (f"{self.checked} of {self.size}", self.right, *(len(entries) for entries in found))
        worst = f"{self.worst:.1e}" if self.judged else "-"
        return (self.name, str(self.shape), *(str(count) for count in counts), worst)

    def lines(self) -> list[str]:
        """Return the clue and the worst entries, or nothing when the block is right."""
        troubled = sorted(self.wrong + self.suspicious, key=_severity, reverse=True)
        lines = [self.clue] if self.clue else []
        lines += [_entry_line(self.name, entry) for entry in troubled[:SHOWN]]
        if len(troubled) > SHOWN:
            lines.append(f"  … and {len(troubled) - SHOWN} more in {self.name}")
        return lines


HEADINGS = (
    "block",
    "shape",
    "checked",
    "right",
    "wrong",
    "suspicious",
    "set aside",
    "too small",
    "worst rel. error",
)


@dataclass(frozen=True)
class GradientReport:
    """A gradient check's findings: a verdict in ``ok`` and ``verdict``, numbers in ``blocks``, remarks in ``notes``.

    Attributes
    ----------
    blocks : tuple of BlockReport
        One for each block of theta, in its order.
    notes : tuple of str
        What is worth knowing beside the numbers.
    """

    blocks: tuple[BlockReport, ...]
    notes: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """True when something could be checked and none of it is wrong or suspicious."""
        return self._count("judged") > 0 and self._count("right") == self._count("judged")

    @property
    def verdict(self) -> str:
        """The report's first line."""
        checked, size = self._count("checked"), self._count("size")
        judged = self._count("judged")
        if judged == 0:
            return f"Nothing could be checked: of {checked} entries {self._unjudged()}. {self._way_out()}"
        aside = f" ({self._unjudged()})" if judged < checked else ""
        counts = f"checked {checked} of {size} entries{aside}"
        if self.ok:
            where = "" if 2 * judged >= checked else " where it could be judged"
            return f"The gradient is right{where}: {counts}."
        word = "wrong" if any(block.wrong for block in self.blocks) else "suspicious"
        bad = [block.name for block in self.blocks if block.right < block.judged]
        disagree = judged - self._count("right")
        verb = "disagrees" if disagree == 1 else "disagree"
        return f"The gradient is {word} in {', '.join(bad)}: {counts}, {disagree} {verb}."

    def to_dict(self) -> dict[str, object]:
        """Return the report as JSON can hold it; a number that is not finite becomes None."""
        blocks = [block.to_dict() for block in self.blocks]
        return {"ok": self.ok, "verdict": self.verdict, "blocks": blocks, "notes": list(self.notes)}

    def assert_correct(self) -> None:
        """Raise AssertionError with the whole report unless ``ok``."""
        if not self.ok:
            raise AssertionError(str(self))

    def __str__(self) -> str:
        rows = [HEADINGS, *(block.row() for block in self.blocks)]
        widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
        table = ["  ".join(_pad(row, widths)).rstrip() for row in rows]
        notes = [f"Note: {note}" for note in self.notes]
        parts = ([self.verdict], table, *(block.lines() for block in self.blocks), notes)
        return "\n\n".join("\n".join(part) for part in parts if part)

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{heading}</th>" for heading in HEADINGS)
        rows = "".join(f"<tr>{_cells(block.row())}</tr>" for block in self.blocks)
        lines = [line for block in self.blocks for line in block.lines()]
        details = f"<pre>{html.escape(chr(10).join(lines))}</pre>" if lines else ""
        notes = "".join(f"<p>Note: {html.escape(note)}</p>" for note in self.notes)
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        return f"<div><p><b>{html.escape(self.verdict)}</b></p>{table}{details}{notes}</div>"

    def _count(self, what: str) -> int:
        return sum(int(getattr(block, what)) for block in self.blocks)

    def _unjudged(self) -> str:
        aside = sum(len(block.set_aside) for block in self.blocks)
        small = sum(len(block.too_small) for block in self.blocks)
        said = [f"{aside} set aside at a kink"] if aside else []
        said += [f"{small} too small to tell"] if small else []
        return ", ".join(said)

    def _way_out(self) -> str:
        ways = []
        if any(block.set_aside for block in self.blocks):
            ways.append("Move theta away from the kink, a little random noise will do.")
        if any(block.too_small for block in self.blocks):
            ways.append("Move theta to where the loss is steeper than its rounding errors.")
        return " ".join(ways)


def report_block(name: str, shape: tuple[int, ...], entries: Sequence[Entry], *, tolerance: float) -> BlockReport:
    """Return a block's report: every entry judged and put where it belongs."""
    verdicts = [entry.judge(tolerance) for entry in entries]

    def pick(*kinds: Verdict) -> tuple[Entry, ...]:
        return tuple(entry for entry, verdict in zip(entries, verdicts, strict=True) if verdict in kinds)

    wrong, suspicious = pick("wrong"), pick("suspicious")
    compared = pick("right", "suspicious", "wrong")
    worst = max((_severity(entry) for entry in compared), default=0.0)
    clue = _clue(name, shape, entries, wrong, suspicious)
    return BlockReport(name, shape, len(entries), wrong, suspicious, pick("set aside"), pick("too small"), worst, clue)


def _clue(
    name: str,
    shape: tuple[int, ...],
    entries: Sequence[Entry],
    wrong: tuple[Entry, ...],
    suspicious: tuple[Entry, ...],
) -> str:
    """Return a sentence when one ratio, or a transposition, explains all that is wrong in a block."""
    if not wrong and not suspicious:
        return ""
    kind = "wrong" if wrong else "suspicious"
    shared = _shared_ratio([entry.ratio for entry in wrong + suspicious])
    if shared is not None:
        return f"every {kind} entry of {name} {_ratio_phrase(shared)}"
    if len(entries) == math.prod(shape) and _is_transposed(shape, entries):
        return f"{name} is transposed: its rows are where its columns belong"
    return ""


def _shared_ratio(ratios: list[float]) -> float | None:
    """Return the ratio that all share within 1 %, and within a tenth of its distance from 1, or None."""
    low, high = min(ratios), max(ratios)
    middle = (low + high) / 2
    if not all(map(math.isfinite, ratios)) or high - low > min(0.01 * abs(middle), 0.1 * abs(middle - 1)):
        return None
    return middle


def _ratio_phrase(ratio: float) -> str:
    if ratio == 0:
        return "is 0 and should not be"
    if abs(ratio + 1) <= 0.01:
        return "has the opposite sign"
    return f"is {ratio:.6g} times what it should be"


def _is_transposed(shape: tuple[int, ...], entries: Sequence[Entry]) -> bool:
    if len(shape) != 2 or min(shape) == 1:
        return False
    given = np.array([entry.given for entry in entries])
    turned = np.array([entry.numeric for entry in entries]).reshape(shape).T.ravel()
    return bool(np.allclose(given, turned, rtol=SUSPICIOUS, atol=SUSPICIOUS * np.max(np.abs(turned))))


def _json(number: float) -> float | None:
    return float(number) if math.isfinite(number) else None


def _severity(entry: Entry) -> float:
    return entry.relative_error if math.isfinite(entry.relative_error) else math.inf


def _entry_line(name: str, entry: Entry) -> str:
    place = f"{name}[{', '.join(map(str, entry.index))}]" if entry.index else name
    ratio = f"{entry.ratio:.6g}" if math.isfinite(entry.ratio) else "-"
    return f"  {place}: yours {entry.given:.8g}, differences {entry.numeric:.8g}, ratio {ratio}"


def _pad(row: tuple[str, ...], widths: list[int]) -> list[str]:
    left = [cell.ljust(width) for cell, width in zip(row[:2], widths[:2], strict=True)]
    return left + [cell.rjust(width) for cell, width in zip(row[2:], widths[2:], strict=True)]


def _cells(row: tuple[str, ...]) -> str:
    return "".join(f"<td>{html.escape(cell)}</td>" for cell in row)
