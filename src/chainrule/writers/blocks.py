"""Blocks: what a page is made of, whatever it will be written as.

Text within a block is plain, with mathematics between dollars, ``$W^{(1)}$`` (LaTeX), and code between backticks.
What comes from outside (names of files, classes, columns) goes through `verbatim` first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Heading:
    """A heading: level 1 is the page's title, 2 a section, 3 a part of it."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    """Sentences."""

    text: str


@dataclass(frozen=True)
class Notice:
    """Sentences that nobody should overlook: a caveat, a failure."""

    text: str


@dataclass(frozen=True)
class Items:
    """A list of sentences, one point each."""

    texts: tuple[str, ...]


@dataclass(frozen=True)
class FormulaBlock:
    """A formula on a line of its own, in LaTeX, with what is to be said about it beside or below."""

    latex: str
    note: str = ""


@dataclass(frozen=True)
class TableBlock:
    """Rows under heads, cells of text; ``caption`` says what is counted."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""


@dataclass(frozen=True)
class Code:
    """Lines to type, as they are."""

    text: str


@dataclass(frozen=True)
class Image:
    """A picture, SVG, PNG or GIF by its first bytes; ``alt`` says in words what it shows. Only pages (HTML) show it."""

    data: bytes
    alt: str
    caption: str = ""


Block: TypeAlias = Heading | Paragraph | Notice | Items | FormulaBlock | TableBlock | Code | Image

PIECE = re.compile(r"\\([\\$`])|\$((?:[^$\\]|\\.)+)\$|`([^`]+)`")  # an escaped sign, mathematics, code


def verbatim(text: str) -> str:
    r"""Return text that will be shown exactly as it is.

    >>> verbatim("a $ b")
    'a \\$ b'
    """
    return re.sub(r"([\\$`])", r"\\\1", text)


def pieces(text: str) -> Iterator[tuple[str, str]]:
    r"""Split the text of a block into ("text", …), ("math", LaTeX) and ("code", …).

    >>> list(pieces(r"rows of $W^{(1)}$ cost \$5"))
    [('text', 'rows of '), ('math', 'W^{(1)}'), ('text', ' cost $5')]
    """
    plain, end = "", 0
    for match in PIECE.finditer(text):
        plain += text[end : match.start()]
        end = match.end()
        escaped, math, code = match.groups()
        if escaped:
            plain += escaped
            continue
        if plain:
            yield "text", plain
        plain = ""
        yield ("math", math) if math else ("code", code)
    plain += text[end:]
    if plain:
        yield "text", plain
