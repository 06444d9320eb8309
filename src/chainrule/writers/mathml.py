r"""Formulas for browsers: LaTeX converted to MathML by latex2mathml, and corrected where browsers read it otherwise.

MathML Core knows no bold or double-struck letters (they are characters of their own), no function names (log y would
be set logy), and takes a minus for a difference wherever it does not come first.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, tostring

from chainrule.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Sequence

OPENING, CLOSING = frozenset("([{⟨⌊⌈"), frozenset(")]}⟩⌋⌉")
PRIME = frozenset("′")
BARS = frozenset("|‖")
CAPITALS = frozenset("ΓΔΘΛΞΠΣΥΦΨΩ")  # upright in TeX
SIGNS = frozenset("−+±∓")
BEFORE_SIGN = OPENING | frozenset(",;=<>≤≥≠≈≡∈→←⇒×·⊙/")
SCRIPTED = frozenset({"msub", "msup", "msubsup", "munder", "mover", "munderover"})
CHILDREN = {"mfrac": 2, "msub": 2, "msup": 2, "msubsup": 3, "munder": 2, "mover": 2, "munderover": 3}
THIN = "0.167em"


@lru_cache(maxsize=4096)
def mathml(latex: str, display: bool) -> str:
    r"""Return the formula as a ``<math>`` element, with its LaTeX as an annotation; raise InvalidValue if it is none.

    >>> mathml("x", display=False).split("<annotation")[0]
    '<math xmlns="http://www.w3.org/1998/Math/MathML" display="inline"><semantics><mrow><mi>x</mi></mrow>'
    >>> mathml(r"\frac{1}{2", display=True)
    Traceback (most recent call last):
    chainrule.errors.InvalidValue: The formula '\\frac{1}{2' cannot be read: its braces do not match.
    """
    tree = _converted(latex, display)
    for element in list(tree.iter()):
        _correct(element)
    for element in list(tree.iter()):
        _space(list(element))
    root = Element("math", tree.attrib)
    semantics = SubElement(root, "semantics")
    semantics.extend(tree)
    SubElement(semantics, "annotation", {"encoding": "application/x-tex"}).text = latex
    return tostring(root, encoding="unicode")


def _converted(latex: str, display: bool) -> Element:
    """Return what latex2mathml makes of a formula, if that is whole."""
    from latex2mathml.converter import convert_to_element  # noqa: PLC0415  # loads when a formula is shown

    if not _is_balanced(latex):
        raise InvalidValue(f"The formula {latex!r} cannot be read: its braces do not match.")
    readable = re.sub(r"\\mathrm\s*\{([A-Za-z ]+)\}", r"\\text{\1}", latex)
    readable = readable.replace(r"\begin{aligned}", r"\begin{array}{rl}").replace(r"\end{aligned}", r"\end{array}")
    readable = readable.replace(r"\begin{", r"{\begin{")  # braces, for scripts of a matrix are set on its last bracket
    readable = re.sub(r"(\\end\{\w+\})", r"\1}", readable)
    try:
        tree: Element = convert_to_element(readable, display="block" if display else "inline")
    except Exception as error:  # the library raises whatever its parser stumbles over
        raise InvalidValue(f"The formula {latex!r} cannot be read: {type(error).__name__}.") from error
    for element in tree.iter():
        element.text = html.unescape(element.text) if element.text else None
        if element.tag == "mi" and element.text and element.text[0] == "\\":
            raise InvalidValue(f"The formula {latex!r} cannot be read: {element.text} is not known.")
        if len(element) != CHILDREN.get(element.tag, len(element)):
            raise InvalidValue(f"The formula {latex!r} cannot be read: a part of it is missing.")
    return tree


def _is_balanced(latex: str) -> bool:
    """Say whether each brace that opens is closed."""
    depth = 0
    for brace in re.findall(r"\\.|[{}]", latex, re.DOTALL):
        depth += (brace == "{") - (brace == "}")
        if depth < 0:
            return False
    return depth == 0


def _correct(element: Element) -> None:
    """Correct what an element says of itself: its letters, its name."""
    text = element.text or ""
    variant = element.attrib.pop("mathvariant", "").replace("bold-italic", "bold italic")
    if variant:
        element.text = "".join(_letter(character, variant) for character in text)
    if element.tag == "mtext":
        element.text = re.sub(r"\\([#$%&_{}])", r"\1", text)
    elif element.tag == "mi" and text in CAPITALS:
        element.set("mathvariant", "normal")
    elif element.tag == "msup" and set(element[1].text or "") == {"′"}:  # the sign is raised as it is
        element.tag = "mrow"
    elif element.tag == "mo" and text == "⊤":  # an operator would have spaces round it
        element.tag = "mi"


def _letter(character: str, variant: str) -> str:
    """Return a character in another face, as Unicode has it: 1 double-struck is 𝟙."""
    try:
        name = re.sub(r"LATIN |GREEK |LETTER ", "", unicodedata.name(character))
        return unicodedata.lookup(f"MATHEMATICAL {variant.upper()} {name}")
    except (KeyError, ValueError):
        return character


def _space(row: Sequence[Element]) -> None:
    """Set the spaces and brackets of a row from what is beside them."""
    for k, element in enumerate(row):
        before, after = row[k - 1] if k else None, row[k + 1] if k + 1 < len(row) else None
        base = _base(element)
        text = base.text or ""
        if base.tag in ("mi", "mo") and len(text) > 1 and text.isalpha():
            _name(base, before, after)
        elif element.tag != "mo":
            continue
        elif text in SIGNS and before is not None and _text(before) in BEFORE_SIGN:
            element.set("form", "prefix")
        elif text in BARS or text in OPENING or text in CLOSING:
            _bracket(element, before, after)


def _name(base: Element, before: Element | None, after: Element | None) -> None:
    """Make a word an operator with thin spaces, none beside a bracket or another operator."""
    base.tag = "mo"
    is_spaced = before is not None and _base(before).tag not in ("mo", "mspace")
    base.attrib |= {
        "lspace": THIN if is_spaced else "0",
        "rspace": "0" if after is None or _text(after)[:1] in OPENING | PRIME else THIN,
    }


def _bracket(element: Element, before: Element | None, after: Element | None) -> None:
    """Let brackets of a matrix grow with it, and take the spaces from bars."""
    sides = {"prefix": after, "postfix": before}
    form = next((form for form, side in sides.items() if side is not None and side.tag == "mtable"), None)
    if form:
        element.attrib |= {"stretchy": "true", "fence": "true", "form": form}
    elif element.text in BARS:
        element.attrib |= {"lspace": "0", "rspace": "0"}


def _base(element: Element) -> Element:
    """Return what carries the scripts of an element."""
    while element.tag in SCRIPTED:
        element = element[0]
    return element


def _text(element: Element) -> str:
    """Return the first text in an element."""
    return next(element.itertext(), "")
