"""Columns of a table: which of them are numbers, and so stand to the right."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chainrule.writers.blocks import pieces

if TYPE_CHECKING:
    from chainrule.writers.blocks import TableBlock

NUMBER = re.compile(r"[-+−]?(\d[\d\u202f]*([.,]\d+)*|\.\d+)(e[-+−]?\d+)?\s*%?|[-+−]?(inf|nan|∞)|", re.IGNORECASE)


def numeric(table: TableBlock) -> tuple[bool, ...]:
    """Return for each column whether its cells are all numbers or empty, with one number at least.

    >>> from chainrule.writers.blocks import TableBlock
    >>> numeric(TableBlock(("layer", "loss"), (("1", "−0.25"), ("output", "3e-4"))))
    (False, True)
    """
    columns = [[row[k] if k < len(row) else "" for row in table.rows] for k in range(len(table.heads))]
    return tuple(any(cells) and all(NUMBER.fullmatch(_shown(cell)) for cell in cells) for cells in columns)


def _shown(cell: str) -> str:
    """Return a cell without the dollars and backticks around its pieces."""
    return "".join(content for _, content in pieces(cell)).strip()
