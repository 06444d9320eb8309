"""Documents for a terminal: headings underlined, tables in columns, formulas on one line of Unicode."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from chainrule.writers.blocks import Code, FormulaBlock, Heading, Image, Items, Notice, Paragraph, TableBlock, pieces
from chainrule.writers.columns import numeric
from chainrule.writers.unicode_formulas import unicode_math

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chainrule.writers.blocks import Block

WIDTH = 100
NARROWEST = 12  # signs that a column of sentences keeps
GAP = "  "
UNDERLINES = {1: "=", 2: "-", 3: "~"}


def text(blocks: Iterable[Block]) -> str:
    r"""Return the document as lines of at most 100 signs; pictures are left out.

    >>> print(text([Heading("Loss"), FormulaBlock(r"\frac{\partial L}{\partial Y} = Y - T", "averaged later")]), end="")
    Loss
    ----
    <BLANKLINE>
        ∂L/∂Y = Y − T
        averaged later
    """
    written = [_block(block) for block in blocks if not isinstance(block, Image)]
    return "\n\n".join(written) + "\n" if written else ""


def shown(text: str) -> str:
    """Return the text of a block as it is read: mathematics in Unicode, code without its backticks.

    >>> shown(r"rows of $W^{(1)}$")
    'rows of W⁽¹⁾'
    """
    parts = (unicode_math(content) if kind == "math" else content for kind, content in pieces(text))
    return re.sub(r"\s+", " ", "".join(parts)).strip()


def _block(block: Block) -> str:
    """Return one block."""
    match block:
        case Heading(text, level):
            line = shown(text)
            written = f"{line}\n{UNDERLINES.get(level, '~') * len(line)}"
        case Paragraph(text):
            written = _wrapped(shown(text))
        case Notice(text):
            written = _wrapped(f"Note. {shown(text)}", after="      ")
        case Items(texts):
            written = "\n".join(_wrapped(shown(text), before="- ", after="  ") for text in texts)
        case FormulaBlock(latex, note):
            line = _wrapped(unicode_math(latex), before="    ", after="        ")
            written = f"{line}\n{_wrapped(shown(note), before='    ', after='    ')}" if note else line
        case TableBlock():
            written = _table(block)
        case Code(text):
            written = textwrap.indent(text, "    ")
        case Image():
            written = ""
    return written


def _wrapped(line: str, before: str = "", after: str = "") -> str:
    """Return the line broken between words; a word longer than a line stays whole."""
    return textwrap.fill(
        line, WIDTH, initial_indent=before, subsequent_indent=after, break_long_words=False, break_on_hyphens=False
    )


def _table(table: TableBlock) -> str:
    """Return the table in columns, numbers to the right, its caption below."""
    rows = [tuple(shown(cell) for cell in row) for row in (table.heads, *table.rows)]
    right = numeric(table)
    widths = _widths(rows, right)
    rule = GAP.join("─" * width for width in widths)
    lines = [_row(rows[0], widths, right), rule, *(_row(row, widths, right) for row in rows[1:])]
    if table.caption:
        lines.append(_wrapped(shown(table.caption)))
    return "\n".join(lines)


def _widths(rows: Sequence[Sequence[str]], right: Sequence[bool]) -> list[int]:
    """Return the widths of the columns: what their cells need, less in columns of sentences if that is too wide."""
    widths = [max(len(row[k]) for row in rows) for k in range(len(right))]
    while sum(widths) + len(GAP) * (len(widths) - 1) > WIDTH:
        widest = max(range(len(widths)), key=lambda k: 0 if right[k] else widths[k])
        if right[widest] or widths[widest] <= NARROWEST:
            break
        widths[widest] -= 1
    return widths


def _row(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    """Return a row, on as many lines as its longest cell takes."""
    columns = [textwrap.wrap(cell, width) if width else [] for cell, width in zip(cells, widths, strict=True)]
    lines = []
    for k in range(max(map(len, columns), default=0) or 1):
        parts = [column[k] if k < len(column) else "" for column in columns]
        aligned = (
            part.rjust(width) if to_right else part.ljust(width)
            for part, width, to_right in zip(parts, widths, right, strict=True)
        )
        lines.append(GAP.join(aligned).rstrip())
    return "\n".join(lines)
