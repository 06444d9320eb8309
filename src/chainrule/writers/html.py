"""Documents for browsers: one page that needs no network, no script and no font but its own."""

from __future__ import annotations

import base64
import re
from functools import cache
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

from chainrule.errors import InvalidValue
from chainrule.language.translation import say
from chainrule.writers.blocks import Code, FormulaBlock, Heading, Image, Items, Notice, Paragraph, TableBlock, pieces
from chainrule.writers.columns import numeric
from chainrule.writers.mathml import mathml
from chainrule.writers.text import shown
from chainrule.writers.unicode_formulas import unicode_math

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from chainrule.writers.blocks import Block

PAGE = """<!DOCTYPE html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<main>
{body}</main>
</body>
</html>
"""
FONT = "fonts/chainrule-math.woff2"
MATRIX = re.compile(r"\\begin\{(\w+)\}(.*?)\\end\{\1\}", re.DOTALL)
RANGE = re.compile(r"\([\d.,e+-]+–[\d.,e+-]+\)")  # least–greatest
SENTENCE = 30  # signs of a cell that print breaks into lines
INCH = 0.0254  # metres
LONG = 3  # headings of level 2 from which a page has a table of contents


def page(title: str, blocks: Iterable[Block], *, lang: str = "en") -> str:
    """Return a whole HTML page: its style and its font for formulas are in it.

    >>> page("Loss", [Paragraph("Small.")]).splitlines()[0]
    '<!DOCTYPE html>'
    """
    written = _written(blocks)
    heads = [(name, block.text) for block, name, _ in written if isinstance(block, Heading) and block.level == 2]
    body = "".join(_titled(heads, written))
    return PAGE.format(lang=escape(lang), title=escape(title), style=_style(), body=body)


def fragment(blocks: Iterable[Block]) -> str:
    """Return the blocks alone, to stand in a page of your own.

    >>> fragment([Heading("What $L$ is"), Paragraph("a < b")]).splitlines()[-1]
    '<p>a &lt; b</p>'
    """
    return "".join(_lines(_written(blocks)))


def _written(blocks: Iterable[Block]) -> list[tuple[Block, str, str]]:
    """Return each block, the id that it has as a heading ("" otherwise), and its HTML."""
    written: list[tuple[Block, str, str]] = []
    names: set[str] = set()
    for block in blocks:
        name = ""
        if isinstance(block, Heading):
            name = _new_name(shown(block.text), names)
            names.add(name)
        written.append((block, name, _block(block, name) + "\n"))
    return written


def _lines(written: Sequence[tuple[Block, str, str]]) -> list[str]:
    """Return the HTML of each block, figures that follow each other in one box: two small ones fit side by side."""
    lines = [line for _, _, line in written]
    images = [False, *(isinstance(block, Image) for block, _, _ in written), False]
    for k, line in enumerate(lines):
        before, here, after = images[k : k + 3]
        start = '<div class="figures">\n' if here and after and not before else ""
        end = "</div>\n" if here and before and not after else ""
        lines[k] = start + line + end
    return lines


def _titled(heads: Sequence[tuple[str, str]], written: Sequence[tuple[Block, str, str]]) -> list[str]:
    """Return the lines of a page, with its table of contents before the first section."""
    lines = _lines(written)
    if len(heads) >= LONG:
        first = next(k for k, (_, name, _) in enumerate(written) if name == heads[0][0])
        points = "".join(f'<li><a href="#{name}">{_inline(text)}</a></li>' for name, text in heads)
        lines.insert(first, f"<nav><ul>{points}</ul></nav>\n")
    return lines


def _new_name(text: str, taken: set[str]) -> str:
    """Return an id made of the words of a heading, unlike those taken."""
    words = re.sub(r"[^\w]+", "-", text.lower()).strip("-") or "section"
    number = 1
    name = words
    while name in taken:
        number += 1
        name = f"{words}-{number}"
    return name


def _block(block: Block, name: str) -> str:
    """Return one block; a heading gets its id."""
    match block:
        case Heading(text, level):
            written = f'<h{level} id="{name}">{_inline(text)}</h{level}>'
        case Paragraph(text):
            written = f"<p>{_inline(text)}</p>"
        case Notice(text):
            written = f'<p class="notice" role="note"><strong>{say("Note.")}</strong> {_inline(text)}</p>'
        case Items(texts):
            written = f"<ul>{''.join(f'<li>{_inline(text)}</li>' for text in texts)}</ul>"
        case FormulaBlock():
            written = _formula(block)
        case TableBlock():
            written = _table(block)
        case Code(text):
            written = f"<pre><code>{escape(text)}</code></pre>"
        case Image():
            written = _figure(block)
    return written


def _formula(formula: FormulaBlock) -> str:
    """Return a formula and its note; print sizes it by the signs it takes."""
    note = f'<p class="note">{_inline(formula.note)}</p>' if formula.note else ""
    maths = mathml(formula.latex, display=True)
    return f'<div class="formula" style="--signs: {_signs(formula.latex)}"><div class="line">{maths}</div>{note}</div>'


def _signs(latex: str) -> int:
    """Return about how many signs wide a formula is: a matrix is as wide as its widest row."""
    return max(1, len(unicode_math(MATRIX.sub(_widest_row, latex))))


def _widest_row(matrix: re.Match[str]) -> str:
    """Return the longest row of a matrix, with a space for each gap between its columns."""
    row = max(matrix[2].split("\\\\"), key=len)
    return f"{{{row}}}".replace("&", r"\quad")


def _table(table: TableBlock) -> str:
    """Return a table in a box that scrolls where the table is wider, numbers to the right."""
    right = [' class="number"' if number else "" for number in numeric(table)]
    caption = f"<caption><span>{_inline(table.caption)}</span></caption>" if table.caption else ""
    heads = "".join(
        f'<th scope="col"{side}>{_inline(head)}</th>' for head, side in zip(table.heads, right, strict=True)
    )
    rows = "\n".join(
        f"<tr>{''.join(f'<td{side}>{_cell(cell)}</td>' for cell, side in zip(row, right, strict=True))}</tr>"
        for row in table.rows
    )
    label = escape(shown(table.caption) or ", ".join(map(shown, table.heads)))
    return (
        f'<div class="table" role="region" aria-label="{label}" tabindex="0">'
        f'<table style="--signs: {_row_signs(table)}">{caption}\n'
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody></table></div>"
    )


def _cell(text: str) -> str:
    """Return a cell; a range in it, 0.98 (0.97–1.00), breaks before the bracket and not within.

    >>> _cell("0.98 (0.97–1.00)")
    '0.98 <span class="range">(0.97–1.00)</span>'
    """
    return RANGE.sub(r'<span class="range">\g<0></span>', _inline(text))


def _row_signs(table: TableBlock) -> int:
    """Return about how many signs wide a table must be: sentences are broken, numbers are not."""
    rows = [[shown(cell) for cell in row] for row in (table.heads, *table.rows)]
    widest = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return max(1, sum(min(width, SENTENCE) + 2 for width in widest))


def _figure(image: Image) -> str:
    """Return a picture, whose bytes are in the page."""
    if image.data.startswith(b"\x89PNG"):
        kind, width = "image/png", _png_width(image.data)
    elif image.data.startswith(b"GIF8"):
        kind, width = "image/gif", float(int.from_bytes(image.data[6:8], "little"))
    elif image.data.lstrip().startswith((b"<svg", b"<?xml")):
        kind, width = "image/svg+xml", _svg_width(image.data)
    else:
        raise InvalidValue(f"A picture must be SVG, PNG or GIF, got bytes that begin with {image.data[:8]!r}.")
    caption = f"<figcaption>{_inline(image.caption)}</figcaption>" if image.caption else ""
    size = f' style="--width: {width:.0f}px"' if width else ""
    picture = f'<img alt="{escape(shown(image.alt))}" src="data:{kind};base64,{_base64(image.data)}">'
    if kind == "image/gif":  # what moves without end is shown to those who ask for it
        picture = f"<details><summary>Show the animation</summary>{picture}</details>"
    return f"<figure{size}>{picture}{caption}</figure>"


def _svg_width(data: bytes) -> float | None:
    """Return the width that an SVG gives itself, in pixels of CSS.

    >>> _svg_width(b'<svg width="252pt" height="252pt"></svg>')
    336.0
    """
    found = re.search(rb'<svg\b[^>]*?\swidth="([\d.]+)(pt|px)?"', data)
    return float(found[1]) * (96 / 72 if found[2] == b"pt" else 1) if found else None


def _png_width(data: bytes) -> float | None:
    """Return the width of a PNG in pixels of CSS: a drawing of 200 dots an inch is not twice as large as one of 100."""
    head = re.search(rb"IHDR(.{4})", data, re.DOTALL)
    density = re.search(rb"pHYs(.{4}).{4}\x01", data[: data.find(b"IDAT")], re.DOTALL)
    if head is None:
        return None
    dots, metre = (int.from_bytes(found[1], "big") if found else 0 for found in (head, density))
    return dots * 96 / (metre * INCH) if metre else float(dots)


def _inline(text: str) -> str:
    """Return the text of a block, escaped, its mathematics as MathML."""
    written: dict[str, Callable[[str], str]] = {
        "text": escape,
        "math": lambda content: mathml(content, display=False),
        "code": lambda content: f"<code>{escape(content)}</code>",
    }
    return "".join(written[kind](content) for kind, content in pieces(text))


@cache
def _style() -> str:
    """Return the style of a page, with the font in it."""
    here = files("chainrule.writers")
    font = _base64(here.joinpath(FONT).read_bytes())
    return here.joinpath("page.css").read_text(encoding="utf-8").replace("base64,FONT", f"base64,{font}")


def _base64(data: bytes) -> str:
    """Return bytes as text."""
    return base64.b64encode(data).decode("ascii")
