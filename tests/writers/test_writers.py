"""Documents say the same in all formats, escape what is not theirs, and read every formula that we have."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest

from chainrule.errors import InvalidValue
from chainrule.maths.activations import ACTIVATIONS
from chainrule.maths.losses import LOSSES
from chainrule.writers.blocks import (
    Block,
    Code,
    FormulaBlock,
    Heading,
    Image,
    Items,
    Notice,
    Paragraph,
    TableBlock,
    verbatim,
)
from chainrule.writers.columns import numeric
from chainrule.writers.html import fragment, page
from chainrule.writers.latex import latex
from chainrule.writers.markdown import markdown
from chainrule.writers.mathml import mathml
from chainrule.writers.text import text
from chainrule.writers.unicode_formulas import unicode_math

WRITERS = {"markdown": markdown, "latex": latex, "text": text, "html": fragment}
FORMULAS = {
    f"{name}-{kind}": formula
    for name, member in (ACTIVATIONS | LOSSES).items()
    for kind, formula in (("itself", member.formula), ("derivative", member.derivative_formula))
    if formula
}
PNG = b"\x89PNG\r\n\x1a\n"
NASTY = "a<b> & c|d $5 100% e_f #1 \\n {x} ~ ^ [y] *z* `k`"
MATRIX = r"\begin{bmatrix} 0.1 & \cdots & 1.5 \\ \vdots & \ddots & \vdots \\ 1 & \cdots & 3 \end{bmatrix}"
EACH: list[Block] = [
    Heading("Title", 1),
    Heading("Forward"),
    Heading("Layer 1", 3),
    Paragraph("rows of $W^{(1)}$ and `code`"),
    Notice("not converged"),
    Items(("first", "second")),
    FormulaBlock("Z = X W", "a note"),
    TableBlock(("layer", "loss"), (("hidden", "0.5"), ("output", "12")), "what is counted"),
    Code("pip install chainrule"),
]
VOID = {"meta", "img", "br", "link", "input", "hr"}


class Nesting(HTMLParser):
    """Reads a page, and notes what is open, the ids and the attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.open.pop()

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read(html: str) -> Nesting:
    parser = Nesting()
    parser.feed(html)
    parser.close()
    assert parser.open == []
    return parser


@pytest.mark.parametrize("name", WRITERS)
def test_an_empty_document_is_written(name: str) -> None:
    """No blocks make an empty document, in every format."""
    written = WRITERS[name]([])
    assert ("\\begin{document}" in written) if name == "latex" else written == ""


@pytest.mark.parametrize("name", WRITERS)
def test_every_block_is_written(name: str) -> None:
    """What a block says is in the document, in every format."""
    written = WRITERS[name](EACH)
    for words in ("Title", "Forward", "Layer 1", "not converged", "second", "a note", "output", "counted", "install"):
        assert words in written


def test_markdown_of_every_block() -> None:
    """Markdown is what GitHub reads."""
    written = markdown(EACH)
    assert "# Title\n\n## Forward\n\n### Layer 1\n\nrows of $W^{(1)}$ and `code`\n" in written
    assert "> **Note.** not converged\n\n- first\n- second\n\n$$\nZ = X W\n$$\na note\n" in written
    assert "| layer | loss |\n| --- | ---: |\n| hidden | 0.5 |\n| output | 12 |\n" in written
    assert written.endswith("```\npip install chainrule\n```\n")


def test_text_of_every_block() -> None:
    """A terminal shows headings underlined, columns aligned and formulas in Unicode."""
    written = text(EACH)
    assert "Title\n=====\n\nForward\n-------\n\nLayer 1\n~~~~~~~\n\nrows of W⁽¹⁾ and code\n" in written
    assert "    Z = X W\n    a note\n" in written
    assert "layer   loss\n──────  ────\nhidden   0.5\noutput    12\nwhat is counted\n" in written


def test_text_is_no_wider_than_100_signs() -> None:
    """Sentences, notes and cells are broken at 100 columns."""
    long = "word " * 60
    written = text(
        [
            Paragraph(long),
            Notice(long),
            Items((long,)),
            FormulaBlock("x", long),
            TableBlock(("a", "b"), ((long, long),)),
        ]
    )
    assert max(map(len, written.splitlines())) <= 100


@pytest.mark.parametrize("place", ["paragraph", "heading", "cell", "item", "notice", "note", "code"])
def test_what_is_verbatim_survives_in_html(place: str) -> None:
    """A browser shows exactly the signs that came in, wherever they stand."""
    blocks: dict[str, Block] = {
        "paragraph": Paragraph(verbatim(NASTY)),
        "heading": Heading(verbatim(NASTY)),
        "cell": TableBlock((verbatim(NASTY),), (("x",),)),
        "item": Items((verbatim(NASTY),)),
        "notice": Notice(verbatim(NASTY)),
        "note": FormulaBlock("x", verbatim(NASTY)),
        "code": Code(NASTY),
    }
    assert NASTY in "".join(read(fragment([blocks[place]])).words)


def test_what_is_verbatim_survives_in_text() -> None:
    """A terminal shows exactly the signs that came in."""
    assert text([Paragraph(verbatim(NASTY))]) == NASTY + "\n"


def test_what_is_verbatim_survives_in_markdown() -> None:
    """Markdown escapes each sign that would mean something."""
    written = markdown([Paragraph(verbatim(NASTY))])
    assert re.sub(r"\\([^a-z\s])", r"\1", written) == NASTY + "\n"
    assert not re.search(r"(?<!\\)[<&|$_*~]", written)


def test_what_is_verbatim_survives_in_latex() -> None:
    """LaTeX escapes each sign that would mean something."""
    written = latex([Paragraph(verbatim("a < b & c | d $ e % f _ g # h"))])
    escaped = r"a \textless{} b \& c \textbar{} d \$ e \% f \_\allowbreak{} g \# h"
    assert escaped in written


def test_latex_sets_every_unicode_sign() -> None:
    """The LaTeX of any text has no sign outside the letters that T1 fonts have."""
    written = latex([Paragraph("→ – — ∂ λ η σ × ≥ ≤ · … ⁽¹⁾ ₖ ∞ é ß Ł ½ 中 😀")])
    assert all(sign.isalpha() and sign <= "\u017e" for sign in written if not sign.isascii())
    assert r"\ensuremath{\partial}" in written
    assert "(U+4E2D)" in written


def test_latex_does_not_need_a_double_struck_font() -> None:
    """The indicator is a macro of the document's own."""
    assert r"$\indicator{}[z > 0]$" in latex([Paragraph(r"$\mathbb{1}[z > 0]$")])


def test_pipes_in_cells_of_markdown() -> None:
    """A pipe in a cell ends no cell, in text, code or mathematics."""
    written = markdown([TableBlock((verbatim("a|b"),), (("`c|d`",), (r"$|y| + \|x\|$",)))])
    assert [len(re.findall(r"(?<!\\)\|", line)) for line in written.splitlines()] == [2] * 4


@pytest.mark.parametrize("formula", FORMULAS.values(), ids=FORMULAS)
def test_every_formula_of_ours_is_set(formula: str) -> None:
    """Each formula of an activation or a loss becomes MathML, LaTeX and one line of Unicode."""
    assert mathml(formula, display=True).startswith("<math")
    assert "\\fitted{" in latex([FormulaBlock(formula)])
    line = unicode_math(formula)
    assert line
    assert not set("\\{}\n") & set(line)


@pytest.mark.parametrize(
    ("formula", "line"),
    [
        (r"\frac{\partial L}{\partial W^{(2)}} = {A^{(1)}}^{\top} \frac{\partial L}{\partial Z^{(2)}}",
         "∂L/∂W⁽²⁾ = A⁽¹⁾ᵀ ∂L/∂Z⁽²⁾"),
        (r"\frac{a}{b} c", "(a/b) c"),
        (r"\frac{a}{b c}", "a/(b c)"),
        (r"\frac{a}{b}^2", "(a/b)²"),
        (r"\frac{a}{\frac{b}{c}}", "a/(b/c)"),
        (r"\frac{1}{2N}", "1/(2N)"),
        (r"\frac12 x", "(1/2) x"),
        (r"t \log\frac{t}{y} - t", "t log(t/y) − t"),
        (r"\frac{e^{z_k}}{\sum_j e^{z_j}}", "e^(zₖ)/(∑ⱼ e^(zⱼ))"),
        (r"\sum_{i=1}^{N} x_i", "∑ᵢ₌₁ᴺ xᵢ"),
        (r"{a + b}^2", "(a + b)²"),
        (r"x_y^2", "x_(y)²"),
        (r"w^{(q)}", "w^(q)"),
        (r"\mathbb{1}[z > 0] + 0.01\,\mathbb{1}[z \le 0]", "1[z > 0] + 0.01 · 1[z ≤ 0]"),
        (r"\tanh^2(z)", "tanh²(z)"),
        (r"-\left( x \right) \cdot -y", "−(x) · −y"),
        (r"\underbrace{y - t}_{\delta}", "(y − t)⏟δ"),
        (r"\theta \leftarrow \theta - \eta \nabla L", "θ ← θ − η ∇L"),
        (MATRIX, "[0.1 … 1.5; ⋮ ⋱ ⋮; 1 … 3]"),
        (r"\begin{pmatrix} a + b & c \end{pmatrix}", "(a + b, c)"),
        (r"\left\| W \right\|_2^2", "‖W‖₂²"),
        (r"\text{if } x < 0", "if x < 0"),
        (r"n_{\text{in}} \odot \varphi(\hat{y})", "nᵢₙ ⊙ φ(y\u0302)"),
        (r"\unheardof{x}", "unheardof x"),
    ],
)  # fmt: skip
def test_formulas_on_one_line(formula: str, line: str) -> None:
    """A formula in Unicode has parentheses wherever it would be read otherwise."""
    assert line == unicode_math(formula)


UNFINISHED = ["", "{", "}", "^", "_", "x^", "\\", r"\frac", r"\frac{a", r"\begin{bmatrix} 1 & ", r"\end{x}", r"\left"]


@pytest.mark.parametrize("formula", [*UNFINISHED, "&", r"a \\ b", "{" * 3000, r"\sqrt", "'", "''x"])
def test_unicode_never_raises(formula: str) -> None:
    """Whatever is written, a terminal shows a line."""
    assert "\n" not in unicode_math(formula)


@pytest.mark.parametrize("formula", ["", "}", "x^", r"\frac", r"\frac{a", r"\frac{a}", r"\begin{bmatrix} 1", "a_b_c",
                                     r"\left( x", r"\unheardof x"])  # fmt: skip
def test_a_formula_that_is_none_is_refused(formula: str) -> None:
    """The error names the formula."""
    with pytest.raises(InvalidValue, match="^The formula " + re.escape(repr(formula)) + " cannot be read: .*[.]$"):
        mathml(formula, display=True)


def test_mathml_uses_letters_of_unicode() -> None:
    """Double-struck and bold digits are characters, for browsers know no such variants."""
    assert "<mn>𝟙</mn>" in mathml(r"\mathbb{1}[z < 1]", display=False)
    assert "<mn>𝟏</mn>" in mathml(r"\mathbf{1}", display=False)


def test_brackets_of_a_matrix_stretch() -> None:
    """The brackets of a matrix grow with it, and its scripts belong to the whole."""
    written = mathml(rf"{MATRIX}^{{\top}}", display=True)
    brackets = re.findall(r'<mo stretchy="true" fence="true" form="(\w+)">([\[\]])</mo>', written)
    assert brackets == [("prefix", "["), ("postfix", "]")]
    assert "]</mo></mrow><mrow><mi>⊤</mi></mrow></msup>" in written


def test_mathml_carries_its_source() -> None:
    """The LaTeX is an annotation, escaped."""
    annotation = '<annotation encoding="application/x-tex">a &lt; b</annotation></semantics></math>'
    assert mathml("a < b", display=False).endswith(annotation)


def test_function_names_and_signs_have_their_spaces() -> None:
    """Log y is not logy, and a minus after a bracket is no difference."""
    assert '<mo lspace="0" rspace="0.167em">log</mo><mi>y</mi>' in mathml(r"\log y", display=False)
    assert '<mo form="prefix">−</mo>' in mathml(r"\max(-1, y)", display=False)


def test_a_page_needs_nothing_from_outside() -> None:
    """No address, no script: fonts, style and pictures are in the page."""
    svg = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'
    written = page("Title", [*EACH, Image(svg, "a curve"), Image(PNG, "points", "caption $x$")])
    assert {"http://www.w3.org/1998/Math/MathML"} == set(re.findall(r"https?://[^\s\"'<)]*", written))
    assert "<script" not in written
    assert set(re.findall(r"url\(\"?(\w+):", written)) == {"data"}
    assert '<img alt="a curve" src="data:image/svg+xml;base64,' in written
    assert '<img alt="points" src="data:image/png;base64,' in written


def a_png(dots: int, metre: int = 0) -> bytes:
    """The beginning of a PNG of so many dots, at so many a metre."""
    density = b"\x00\x00\x00\x09pHYs" + 2 * metre.to_bytes(4, "big") + b"\x01" if metre else b""
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR" + 2 * dots.to_bytes(4, "big") + density + b"IDAT"


@pytest.mark.parametrize(
    ("data", "width"),
    [
        (b'<svg xmlns="x" width="252pt" height="9pt"/>', "336px"),
        (b'<svg width="300" height="9"/>', "300px"),
        (a_png(700, 7874), "336px"),
        (a_png(700), "700px"),
    ],
)
def test_a_figure_says_how_wide_it_was_drawn(data: bytes, width: str) -> None:
    """An SVG and its PNG of twice as many dots are shown equally large."""
    assert f'<figure style="--width: {width}">' in fragment([Image(data, "a curve")])


def test_figures_that_follow_each_other_share_a_box() -> None:
    """Two figures in a row stand in one box, one alone in none."""
    svg = Image(b'<svg width="300"/>', "a curve")
    written = fragment([svg, Paragraph("Between."), svg, svg, Paragraph("After.")])
    assert written.count('<div class="figures">') == 1
    assert "</figure>\n</div>\n<p>After.</p>" in written


def test_a_range_in_a_cell_is_not_broken() -> None:
    """Between median and range a line may end, not within the range."""
    written = fragment([TableBlock(("loss",), (("0.98 (0.97–1.00)",),))])
    assert '0.98 <span class="range">(0.97–1.00)</span>' in written


def test_a_page_is_well_formed_and_its_ids_differ() -> None:
    """Every element that opens closes, and headings of the same words have ids of their own."""
    written = page('a <b> & "c"', [*EACH, Heading("Forward"), Heading("Forward"), Heading("∂ & <")], lang="de")
    parser = read(written)
    assert len(parser.ids) == len(set(parser.ids))
    assert {"forward", "forward-2", "forward-3"} <= set(parser.ids)
    assert '<html lang="de">' in written
    assert "<title>a &lt;b&gt; &amp; &quot;c&quot;</title>" in written


def test_contents_from_three_sections_on() -> None:
    """Two sections need no table of contents, three get one whose links lead to them."""
    sections = [Heading(name) for name in ("One", "Two", "Three")]
    assert "<nav>" not in page("x", sections[:2])
    assert '<nav><ul><li><a href="#one">One</a></li>' in page("x", sections)


def test_numbers_stand_to_the_right() -> None:
    """A column is one of numbers if all of its cells are."""
    table = TableBlock(("a", "b", "c", "d"), (("1", "−2e-3", "x", ""), ("50 %", "nan", "1", "")))
    assert numeric(table) == (True, True, False, False)
    assert '<td class="number">1</td>' in fragment([table])


def test_a_picture_is_svg_png_or_gif() -> None:
    """Other bytes are refused, with how they begin."""
    with pytest.raises(InvalidValue, match="A picture must be SVG, PNG or GIF, got bytes that begin with b'BM6x'"):
        fragment([Image(b"BM6x", "none")])


def test_what_moves_is_shown_to_those_who_ask() -> None:
    """A GIF, whose loop nothing stops, stands closed; its width is its own."""
    written = fragment([Image(b"GIF89a" + (300).to_bytes(2, "little") + b"\x00" * 5, "film")])
    assert '<figure style="--width: 300px"><details><summary>Show the animation</summary><img alt="film"' in written


def test_pictures_are_on_pages_alone() -> None:
    """Formats of text leave pictures out."""
    alone = [Image(PNG, "points")]
    assert ("", "", latex([])) == (markdown(alone), text(alone), latex(alone))


def test_importing_chainrule_does_not_load_the_converter() -> None:
    """Neither chainrule nor its documents load latex2mathml before a formula is shown."""
    code = "import sys, chainrule, chainrule.writers.html; print('latex2mathml' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
