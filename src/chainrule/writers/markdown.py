"""Documents in Markdown, as GitHub and notebooks read it: mathematics between dollars, tables between pipes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chainrule.writers.blocks import Code, FormulaBlock, Heading, Image, Items, Notice, Paragraph, TableBlock, pieces
from chainrule.writers.columns import numeric

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chainrule.writers.blocks import Block

SPECIAL = re.compile(r"([\\`*_\[\]<>|~$&])")
START = re.compile(r"^(\d*)([-+#.)=])")  # a list, a heading or an underline, where a line begins


def markdown(blocks: Iterable[Block]) -> str:
    r"""Return the document in GitHub-flavoured Markdown; pictures are left out.

    >>> print(markdown([Heading("Loss"), FormulaBlock(r"y - t", "per sample")]), end="")
    ## Loss
    <BLANKLINE>
    $$
    y - t
    $$
    per sample
    """
    written = [_block(block) for block in blocks if not isinstance(block, Image)]
    return "\n\n".join(written) + "\n" if written else ""


def _block(block: Block) -> str:
    """Return one block."""
    match block:
        case Heading(text, level):
            written = f"{'#' * level} {_inline(text)}"
        case Paragraph(text):
            written = _start(_inline(text))
        case Notice(text):
            written = f"> **Note.** {_inline(text)}"
        case Items(texts):
            written = "\n".join(f"- {_start(_inline(text))}" for text in texts)
        case FormulaBlock(latex, note):
            lines = ["$$", _one_line(latex), "$$", *([_start(_inline(note))] if note else [])]
            written = "\n".join(lines)
        case TableBlock():
            written = _table(block)
        case Code(text):
            fence = _fence(text, 3)
            written = f"{fence}\n{text}\n{fence}"
        case Image():
            written = ""
    return written


def _table(table: TableBlock) -> str:
    """Return a table between pipes, numbers to the right, its caption below in italics."""
    rules = ["---:" if number else "---" for number in numeric(table)]
    lines = [_row([_cell(head) for head in table.heads]), _row(rules)]
    lines += [_row([_cell(cell) for cell in row]) for row in table.rows]
    if table.caption:
        lines += ["", f"*{_inline(table.caption)}*"]
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    """Return cells between pipes."""
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    """Return a cell, none of whose signs is a pipe that ends it."""
    parts = []
    for kind, content in pieces(text):
        if kind == "math":
            bars = content.replace(r"\|", r"\Vert ").replace("|", r"\vert ")
            parts.append(f"${_one_line(bars)}$")
        else:
            parts.append(_escape(content) if kind == "text" else _code(content).replace("|", r"\|"))
    return "".join(parts)


def _inline(text: str) -> str:
    """Return the text of a block with what Markdown would read otherwise escaped."""
    written = {"text": _escape, "math": lambda content: f"${_one_line(content)}$", "code": _code}
    return "".join(written[kind](content) for kind, content in pieces(text))


def _escape(text: str) -> str:
    """Return text whose signs mean nothing."""
    return SPECIAL.sub(r"\\\1", _one_line(text))


def _start(line: str) -> str:
    """Return a line that begins a paragraph and nothing else."""
    return START.sub(r"\1\\\2", line.lstrip())


def _code(text: str) -> str:
    """Return code within a line."""
    fence = _fence(text, 1)
    return f"{fence}{_one_line(text)}{fence}"


def _fence(text: str, least: int) -> str:
    """Return backticks, one more than the text has in a row."""
    runs = (len(run) + 1 for run in re.findall("`+", text))
    return "`" * max(least, *runs, 0)


def _one_line(text: str) -> str:
    """Return the text with single spaces for what is white in it."""
    return re.sub(r"\s+", " ", text)
