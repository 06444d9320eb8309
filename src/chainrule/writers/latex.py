"""Documents in LaTeX: an article that pdflatex sets with the packages every distribution has."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from chainrule.writers import symbols
from chainrule.writers.blocks import Code, FormulaBlock, Heading, Image, Items, Notice, Paragraph, TableBlock, pieces
from chainrule.writers.columns import numeric
from chainrule.writers.text import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chainrule.writers.blocks import Block

HEAD = r"""\documentclass[11pt,a4paper]{article}
\usepackage[utf8]{inputenc}
\usepackage[T1]{fontenc}
\usepackage{textcomp}
\IfFileExists{lmodern.sty}{\usepackage{lmodern}}{}
\usepackage[margin=24mm]{geometry}
\usepackage{amsmath,amssymb,graphicx,longtable,array,booktabs}
\setcounter{MaxMatrixCols}{100}
\setcounter{secnumdepth}{0}
\setlength{\parindent}{0pt}
\setlength{\parskip}{0.6em}
\setlength{\emergencystretch}{3em}
\renewcommand{\arraystretch}{1.2}
% the indicator: a 1 with a second stem, which the base fonts lack
\newcommand{\indicator}{\mathord{\mathrm{1}\mkern-5.3mu\mathrm{l}}}
% a formula as wide as it is, or as the line if it is wider
\newsavebox{\formulabox}
\newcommand{\fitted}[1]{\sbox{\formulabox}{$\displaystyle #1$}%
  \ifdim\wd\formulabox>\linewidth\resizebox{\linewidth}{!}{\usebox{\formulabox}}\else\usebox{\formulabox}\fi}
\begin{document}
"""
SECTIONS = {1: "", 2: r"\section", 3: r"\subsection"}
ESCAPES = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%",
    "_": r"\_\allowbreak{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}",
    ">": r"\textgreater{}", "|": r"\textbar{}", '"': r"\textquotedbl{}", "'": r"\textquotesingle{}",
    "`": r"\textasciigrave{}", "/": r"/\allowbreak{}", "[": "{[}", "]": "{]}", "*": "{*}", "-": "-{}", ",": ",{}",
    "–": "--", "—": "---", "…": r"\dots{}", "“": "``", "”": "''", "‘": "`", "’": "'", "„": r"\quotedblbase{}",
    "\u00a0": "~", "\u202f": r"\,", "\u2009": r"\,", "\u2011": "-", "€": r"\texteuro{}", "°": r"\textdegree{}",
    "ﬁ": "fi", "ß": r"\ss{}", "√": r"\ensuremath{\surd}", "⏎": r"\ensuremath{\hookleftarrow}",
    "✓": r"\ensuremath{\checkmark}", "✗": r"\ensuremath{\times}", "′": r"\ensuremath{{}^{\prime}}",
    "½": r"\ensuremath{\tfrac12}",
}  # fmt: skip
NAMES = {
    sign: name
    for table in (symbols.OPEN, symbols.CLOSE, symbols.ORDINARY, symbols.PREFIX, symbols.BINARY, symbols.RELATION)
    for name, sign in table.items()
    if name not in ("hbar", "degree", "coloneqq", "lt", "gt")
}
SMALL = {sign: f"^{{{plain}}}" for plain, sign in symbols.SUPERSCRIPTS.items() if plain not in "−⊤′*"} | {
    sign: f"_{{{plain}}}" for plain, sign in symbols.SUBSCRIPTS.items() if plain.isascii()
}
WIDE = 78  # signs that fit into a line of a table
NARROW = 20  # signs of a column that is never broken
SHORT = 25  # rows of a table that is never broken
LONG_WORD = 72  # signs of a word of code that fits into a line
TINY = r"\tiny"
SIZES = ((80, ""), (88, r"\small"), (97, r"\footnotesize"), (105, r"\scriptsize"), (10**9, TINY))


def latex(blocks: Iterable[Block]) -> str:
    r"""Return the document as a LaTeX article that pdflatex compiles; pictures are left out.

    >>> print(latex([FormulaBlock(r"y - t")])[-38:], end="")
    <BLANKLINE>
    \[\fitted{y - t}\]
    <BLANKLINE>
    \end{document}
    """
    written = [_block(block) for block in blocks if not isinstance(block, Image)]
    return "\n\n".join([HEAD, *written, "\\end{document}\n"])


def _block(block: Block) -> str:
    """Return one block."""
    match block:
        case Heading(text, level):
            written = _heading(_inline(text), level)
        case Paragraph(text):
            written = _inline(text)
        case Notice(text):
            written = f"\\begin{{quote}}\n\\textbf{{Note.}} {_inline(text)}\n\\end{{quote}}"
        case Items(texts):
            points = "\n".join(f"\\item {_inline(text)}" for text in texts)
            written = f"\\begin{{itemize}}\n{points}\n\\end{{itemize}}" if texts else ""
        case FormulaBlock(latex, note):
            below = f"\\nopagebreak\n{{\\centering\\small {_inline(note)}\\par}}" if note else ""
            written = f"\\[\\fitted{{{_math(latex)}}}\\]{below}"
        case TableBlock():
            written = _table(block)
        case Code(text):
            lines = "\\\\\n".join(_typed(line) for line in text.split("\n"))
            written = f"\\begin{{quote}}\\ttfamily\\raggedright\n{lines}\n\\end{{quote}}"
        case Image():
            written = ""
    return written


def _heading(text: str, level: int) -> str:
    """Return a heading, the title in the middle."""
    if level == 1:
        return f"\\begin{{center}}\n{{\\LARGE {text}\\par}}\n\\end{{center}}"
    return f"{SECTIONS.get(level, SECTIONS[3])}{{{text}}}"


def _table(table: TableBlock) -> str:
    """Return a table that breaks between pages, numbers to the right, its caption below."""
    right = numeric(table)
    rows = [tuple(shown(cell) for cell in row) for row in (table.heads, *table.rows)]
    widths = [max(len(row[k]) for row in rows) for k in range(len(right))]
    size = next(size for signs, size in SIZES if _needed(widths, right) <= signs)
    caption = f"\\par{{\\centering\\small {_inline(table.caption)}\\par}}" if table.caption else ""
    space = f"{size}\\setlength{{\\tabcolsep}}{{{2 if size == TINY else 4}pt}}"
    columns, head = _columns(widths, right), _row(table.heads)
    body = "\n".join(map(_row, table.rows))
    if len(table.rows) <= SHORT:
        lines = f"\\toprule\n{head}\n\\midrule\n{body}\n\\bottomrule"
        whole = (
            f"\\begin{{center}}\n\\begin{{tabular}}{{{columns}}}\n{lines}\n\\end{{tabular}}{caption}\n\\end{{center}}"
        )
    else:
        lines = f"\\toprule\n{head}\n\\midrule\\endhead\n\\bottomrule\\endfoot\n{body}"
        whole = f"\\begin{{longtable}}{{{columns}}}\n{lines}\n\\end{{longtable}}{caption}"
    return f"{{{space}\n{whole}}}"


def _needed(widths: Sequence[int], right: Sequence[bool]) -> int:
    """Return how many signs a row takes if columns of sentences are broken after 20."""
    return sum(width if number else min(width, 20) for width, number in zip(widths, right, strict=True)) + len(widths)


def _columns(widths: Sequence[int], right: Sequence[bool]) -> str:
    """Return how the columns are set: as wide as they are, or paragraphs where the line would be too narrow."""
    if sum(widths) + 2 * len(widths) <= WIDE:
        return "".join("r" if number else "l" for number in right)
    fixed = sum(width + 2 for width, number in zip(widths, right, strict=True) if number or width <= NARROW)
    free = sum(width for width, number in zip(widths, right, strict=True) if not number and width > NARROW)
    share = max(0.3, 0.94 - fixed / (WIDE + 10))
    wide = ">{{\\raggedright\\arraybackslash}}p{{{:.3f}\\linewidth}}"
    return "".join(
        "r" if number else "l" if width <= NARROW else wide.format(share * width / free)
        for width, number in zip(widths, right, strict=True)
    )


def _row(cells: Sequence[str]) -> str:
    """Return a row of a table."""
    return f"{' & '.join(map(_inline, cells))} \\\\"


def _inline(text: str) -> str:
    """Return the text of a block, its mathematics set and its code typed."""
    written = {"text": _escape, "math": lambda content: f"${_math(content)}$", "code": _code}
    return "".join(written[kind](content) for kind, content in pieces(text))


def _math(latex: str) -> str:
    """Return a formula without what only larger distributions can set: a double-struck 1."""
    return _one_line(re.sub(r"\\mathbb\s*(\{1\}|1)", r"\\indicator{}", latex)).strip()


def _code(text: str) -> str:
    """Return code within a line."""
    return f"\\texttt{{{_escape(text)}}}"


def _typed(line: str) -> str:
    """Return a line of code whose spaces stay, and where it may be broken if it must."""
    words = line.lstrip(" ").split(" ")
    indent = "~" * (len(line) - len(line.lstrip(" ")))
    return indent + r"\ ".join(map(_long_word, words)) or r"\strut"


def _long_word(word: str) -> str:
    """Return a word of code, in parts if it is longer than a line."""
    size = 8 if len(word) > LONG_WORD else LONG_WORD
    return r"\allowbreak{}".join(_escape(word[k : k + size]) for k in range(0, len(word), size))


def _escape(text: str) -> str:
    """Return text whose signs mean nothing, each of them known to pdflatex."""
    return "".join(map(_sign, _one_line(text)))


def _sign(sign: str) -> str:
    """Return one sign: as it is, as a macro, without what pdflatex cannot set, or as its number."""
    if sign in ESCAPES:
        return ESCAPES[sign]
    if sign in NAMES:
        return f"\\ensuremath{{\\{NAMES[sign]}}}"
    if sign in SMALL:
        return f"\\ensuremath{{{SMALL[sign]}}}"
    if " " <= sign <= "~" or ("\u00c0" <= sign <= "\u017e" and sign.isalpha()):
        return sign
    simple = unicodedata.normalize("NFKD", sign).encode("ascii", "ignore").decode()
    return simple if simple.isalnum() else f"(U+{ord(sign):04X})"


def _one_line(text: str) -> str:
    """Return the text with single spaces for what is white in it."""
    return re.sub(r"[ \t\r\n\f\v]+", " ", text)
