"""Formulas for a terminal: LaTeX read as TeX reads it, atom by atom, and set on one line of Unicode."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from chainrule.writers import symbols

TOKEN = re.compile(r"\\operatorname\*|\\[a-zA-Z]+|\\.|\d+(?:\.\d+)?|\s+|.", re.DOTALL)
KINDS = (
    {name: ("ord", sign) for name, sign in symbols.ORDINARY.items()}
    | {name: ("func" if sign in "∑∏∫" else "tight", sign) for name, sign in symbols.PREFIX.items()}
    | {name: ("bin", sign) for name, sign in symbols.BINARY.items()}
    | {name: ("rel", sign) for name, sign in symbols.RELATION.items()}
    | {name: ("open", sign) for name, sign in symbols.OPEN.items()}
    | {name: ("close", sign) for name, sign in symbols.CLOSE.items()}
    | {name: ("func", name) for name in symbols.FUNCTIONS}
    | {
        "\\": ("punct", ";"),
        "{": ("open", "{"),
        "}": ("close", "}"),
        "|": ("bar", "‖"),
        "Vert": ("bar", "‖"),
        "vert": ("bar", "|"),
    }
    | dict.fromkeys((",", ";", ":", " ", ">", "quad", "qquad", "enspace"), ("space", " "))
)
SIGNS = (
    dict.fromkeys("([", "open")
    | dict.fromkeys(")]", "close")
    | dict.fromkeys("+*/±×·⊙⊗⊕∘", "bin")
    | dict.fromkeys("=<>:≤≥≠≈∼∝≡∈→←⇒↦", "rel")
    | dict.fromkeys(",;", "punct")
    | dict.fromkeys("∑∏∫", "func")
    | dict.fromkeys("∂∇¬", "tight")
    | {"|": "bar", "‖": "bar"}
)
SILENT = frozenset({
    "!", "displaystyle", "textstyle", "scriptstyle", "limits", "nolimits", "nonumber", "middle", "big", "Big", "bigl",
    "bigr", "Bigl", "Bigr", "bigg", "Bigg",
})  # fmt: skip
NAMED = frozenset({"mathrm", "mathbf", "mathit", "mathsf", "mathtt", "mathcal", "boldsymbol", "bm"})
WORDS = frozenset({"text", "textrm", "textbf", "textit", "texttt", "mbox"})
FRACTIONS = frozenset({"frac", "tfrac", "dfrac", "cfrac"})
BRACES = {"underbrace": ("⏟", "_"), "overbrace": ("⏞", "^")}
BRACKETS = {
    "bmatrix": ("[", "]"), "pmatrix": ("(", ")"), "vmatrix": ("|", "|"), "Bmatrix": ("{", "}"), "cases": ("{", "}"),
    "matrix": ("[", "]"), "smallmatrix": ("[", "]"),
}  # fmt: skip
BLANK = frozenset({"gap", "soft", "space"})
FACTOR = frozenset({"ord", "num", "open", "func", "tight", "frac"})
BEFORE_SIGN = frozenset({"bin", "rel", "open", "punct", "func", "sign"})
SHORT = re.compile(r"[^\W\d_]|[0-9]+|[A-Za-z]+|\W")  # a script that needs no parentheses
LOOSE_SCRIPT = re.compile(r"[_^]\w+$")


@dataclass(frozen=True)
class Atom:
    """A piece of the line, and the part it plays: ord, num, bin, rel, open, close, func, frac, or white."""

    text: str
    kind: str


@lru_cache(maxsize=4096)
def unicode_math(latex: str) -> str:
    r"""Return a LaTeX formula as one line of Unicode text; what it does not know keeps its name.

    >>> unicode_math(r"\frac{\partial L}{\partial W^{(2)}} = \frac{1 - t}{1 - y}")
    '∂L/∂W⁽²⁾ = (1 − t)/(1 − y)'
    >>> unicode_math(r"\frac{e^{z_k}}{\sum_j e^{z_j}}")
    'e^(zₖ)/(∑ⱼ e^(zⱼ))'
    """
    try:
        return _line(Reader(latex).row(frozenset()))
    except RecursionError:
        return latex.replace("\\", "")


class Reader:
    """Reads the tokens of a formula from left to right, and forgives what is not closed."""

    def __init__(self, latex: str) -> None:
        self.tokens: list[str] = TOKEN.findall(latex)
        self.at = 0

    def row(self, stop: frozenset[str]) -> list[Atom]:
        """Return the atoms up to one of the stops, which stays."""
        atoms: list[Atom] = []
        while self.peek() and self.peek() not in stop:
            self.step(atoms)
        return atoms

    def peek(self) -> str:
        """Return the next part, "" at the end."""
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        """Return the next part, "" at the end, and go past it."""
        part = self.peek()
        self.at += 1
        return part

    def next(self) -> str:
        """Return the next part that is not white."""
        while self.peek().isspace():
            self.at += 1
        return self.peek()

    def step(self, atoms: list[Atom]) -> None:
        """Read one thing and what it does to the atoms so far."""
        part = self.take()
        if part in ("^", "_"):
            self.script(atoms, part)
        elif part == "{":
            self.group(atoms)
        elif part[0] == "\\":
            self.macro(atoms, part[1:])
        elif part.isspace():
            after_name = re.fullmatch(r"\\[a-zA-Z]+", self.tokens[self.at - 2]) if self.at > 1 else None
            atoms.append(Atom("", "soft" if after_name else "gap"))
        elif part == "'" and atoms:
            atoms[-1] = replace(atoms[-1], text=atoms[-1].text + "′")
        elif part in "~&":
            atoms.append(Atom(" ", "space"))
        elif part != "}":
            atoms.append(_sign(atoms, part))

    def argument(self) -> list[Atom]:
        """Return the atoms of a group, or of one sign."""
        part = self.next()
        if part == "{":
            self.take()
            atoms = self.row(frozenset("}"))
            self.take()
            return atoms
        if part[:1].isdigit() and len(part) > 1:  # \frac12 is a half, and x^10 is x¹0
            self.tokens[self.at] = part[1:]
            return [Atom(part[0], "num")]
        atoms = []
        if part not in ("", "}", "&", "^", "_"):
            self.step(atoms)
        return atoms

    def words(self) -> str:
        """Return a group as it was typed."""
        if self.next() != "{":
            return self.take()
        self.take()
        typed, depth = "", 1
        while self.peek():
            part = self.take()
            depth += (part == "{") - (part == "}")
            if not depth:
                break
            typed += part
        return re.sub(r"\\([^a-zA-Z])", r"\1", typed)

    def group(self, atoms: list[Atom]) -> None:
        """Read a group: its atoms, or one in parentheses where a script follows."""
        inside = self.row(frozenset("}"))
        self.take()
        atoms.extend([Atom(_factor(inside), "ord")] if self.peek() in ("^", "_") else inside)

    def script(self, atoms: list[Atom], sign: str) -> None:
        """Read a script and put it on the atom before it."""
        inside = _tidy(self.argument())
        line = _line(inside)
        table = symbols.SUPERSCRIPTS if sign == "^" else symbols.SUBSCRIPTS
        small = line.replace(" ", "")
        if small and all(character in table for character in small):
            script = "".join(table[character] for character in small)
        elif _is_bracketed(inside) or (SHORT.fullmatch(line) and self.next() not in ("^", "_")):
            script = sign + line
        else:
            script = f"{sign}({line})"
        while atoms and atoms[-1].kind in BLANK:
            atoms.pop()
        base = atoms.pop() if atoms else Atom("", "ord")
        if base.kind == "frac":
            base = Atom(f"({base.text})", "ord")
        atoms.append(Atom(base.text + script, base.kind))

    def macro(self, atoms: list[Atom], name: str) -> None:
        """Read what a macro stands for, with its arguments."""
        if name in KINDS:
            kind, text = KINDS[name]
            atoms.append(_sign(atoms, text) if kind in ("bar", "bin") else Atom(text, kind))
        elif name in FRACTIONS:
            atoms.append(_fraction(self.argument(), self.argument()))
        elif name in ("left", "right"):
            self.fence(atoms, "open" if name == "left" else "close")
        elif name in WORDS:
            atoms.append(Atom(self.words(), "ord"))
        elif name.startswith("operatorname"):
            atoms.append(Atom(_line(self.argument()), "func"))
        elif name in NAMED:
            self.named(atoms)
        elif name == "begin":
            atoms.append(self.environment())
        elif name == "end":
            self.words()
        elif name not in SILENT:
            atoms.append(self.rarer(name))

    def rarer(self, name: str) -> Atom:
        """Return what remains: accents, roots, braces, letters of the blackboard, and names we do not know."""
        if name == "mathbb":
            return Atom("".join(symbols.DOUBLE_STRUCK.get(letter, letter) for letter in self.words()), "ord")
        if name == "sqrt":
            return Atom("√" + _factor(self.argument()), "ord")
        if name in symbols.ACCENTS:
            line = _line(self.argument())
            return Atom(line + symbols.ACCENTS[name] if len(line) == 1 else f"{name}({line})", "ord")
        if name in BRACES:
            brace, script = BRACES[name]
            base = _factor(self.argument()) + brace
            if self.next() != script:
                return Atom(base, "ord")
            self.take()
            return Atom(base + _factor(self.argument()), "ord")
        return Atom(name, "func" if name.isalpha() else "ord")

    def named(self, atoms: list[Atom]) -> None:
        """Read letters in another face: a word of them is one name."""
        inside = self.argument()
        line = _line(inside)
        atoms.extend([Atom(line, "ord")] if line.isalnum() else inside)

    def fence(self, atoms: list[Atom], kind: str) -> None:
        r"""Read the sign after \left or \right; a dot is none."""
        part = self.next()
        self.take()
        _, text = KINDS.get(part[1:], ("", part[1:])) if part.startswith("\\") else ("", part)
        if text != ".":
            atoms.append(Atom(text, kind))

    def environment(self) -> Atom:
        """Read an environment: rows between semicolons, in the brackets it has."""
        name = self.words()
        if name == "array":
            self.words()
        rows: list[list[str]] = [[]]
        while self.peek():
            rows[-1].append(_line(self.row(frozenset({"&", r"\\", r"\end"}))))
            end = self.take()
            if end == r"\\":
                rows.append([])
            elif end == r"\end":
                self.words()
                break
        opening, closing = BRACKETS.get(name, ("", ""))
        plain = name.startswith("aligned") or not any(" " in cell for row in rows for cell in row)
        lines = [(" " if plain else ", ").join(filter(None, row)) for row in rows]
        return Atom(opening + "; ".join(filter(None, lines)).replace("⋯", "…") + closing, "ord")


def _sign(atoms: list[Atom], text: str) -> Atom:
    """Return the atom of one sign; what is before it decides what a minus or a bar is."""
    before = next((atom.kind for atom in reversed(atoms) if atom.kind not in BLANK), "open")
    first = before in BEFORE_SIGN
    if text in ("-", "−", "+", "±", "∓"):
        return Atom(text.replace("-", "−"), "sign" if first else "bin")
    kind = "num" if text[0].isdigit() else "bin" if text in symbols.BINARY.values() else SIGNS.get(text, "ord")
    return Atom(text, {"bar": "open" if first else "close"}.get(kind, kind))


def _fraction(above: list[Atom], below: list[Atom]) -> Atom:
    """Return a/b, with parentheses round what would be read otherwise."""
    outer = _outer(above)
    calls = [atom.kind == "func" and after.kind != "open" for atom, after in pairwise(outer)]
    sums = any(calls) or any(atom.kind in ("bin", "rel", "punct", "frac") for atom in outer)
    line = _line(above)
    return Atom(f"{f'({line})' if sums else line}/{_factor(below)}", "frac")


def _factor(atoms: list[Atom]) -> str:
    """Return a line that binds as one: in parentheses, unless it is one atom, a bracket or ∂ of one atom."""
    outer = _outer(atoms)
    if outer and outer[0].kind == "tight":
        outer = outer[1:]
    line = _line(atoms)
    one = len(outer) == 1 and outer[0].kind not in ("frac", "bin", "rel")
    return line if one or _is_bracketed(atoms) else f"({line})"


def _is_bracketed(atoms: list[Atom]) -> bool:
    """Say whether the atoms are one bracket and what is in it."""
    outer = _outer(atoms)
    return len(outer) == 2 and outer[0].kind == "open" and outer[1].kind == "close"


def _outer(atoms: list[Atom]) -> list[Atom]:
    """Return the atoms that stand in no bracket, and the brackets."""
    depth, outer = 0, []
    for atom in _tidy(atoms):
        depth -= atom.kind == "close"
        if depth <= 0:
            outer.append(atom)
        depth += atom.kind == "open"
    return outer


def _tidy(atoms: list[Atom]) -> list[Atom]:
    """Return the atoms without the spaces."""
    return [atom for atom in atoms if atom.kind not in BLANK]


def _line(atoms: list[Atom]) -> str:
    """Return the atoms in a line, with the spaces that their parts ask for."""
    solid = _protect(_tidy(atoms))
    line, left, blank = "", None, ""
    position = 0
    for atom in atoms:
        if atom.kind in BLANK:
            blank = atom.kind
            continue
        right = solid[position]
        position += 1
        line += (_between(left, right, blank) if left else "") + right.text
        left, blank = right, ""
    return line


def _protect(atoms: list[Atom]) -> list[Atom]:
    """Put a fraction in parentheses where a factor follows it or a function comes before it."""
    protected = []
    for k, atom in enumerate(atoms):
        followed = k + 1 < len(atoms) and atoms[k + 1].kind in FACTOR
        governed = k > 0 and atoms[k - 1].kind in ("func", "tight")
        fraction = atom.kind == "frac" and (followed or governed)
        protected.append(Atom(f"({atom.text})", "ord") if fraction else atom)
    return protected


def _between(left: Atom, right: Atom, blank: str) -> str:
    """Return what stands between two atoms: nothing, a space, or a dot where 0.01 meets the 1 of an indicator."""
    if left.kind == "num" and right.kind == "ord" and right.text[:1].isdigit():
        return " · "
    typed = left.text.endswith(" ") or right.text.startswith(" ")
    return " " if not typed and _is_spaced(left, right, blank) else ""


def _is_spaced(left: Atom, right: Atom, blank: str) -> bool:
    """Say whether a space stands between two atoms; ``blank`` is the kind of space that was typed there."""
    if left.kind == "tight" and LOOSE_SCRIPT.search(left.text):
        return True
    if left.kind in ("open", "sign", "tight") or right.kind in ("close", "punct"):
        return blank == "space" and left.kind != "open" and right.kind == "ord"
    if left.kind in ("bin", "rel", "punct") or right.kind in ("bin", "rel") or blank == "space":
        return True
    if left.kind == "func":
        return right.kind != "open" and right.text[:1] != "("
    if right.kind == "open":
        return blank == "gap"
    numbers = left.kind == right.kind == "num"
    return (
        bool(blank)
        or numbers
        or right.kind == "func"
        or "frac" in (left.kind, right.kind)
        or bool(LOOSE_SCRIPT.search(left.text))
    )
