"""A base: one right way to write back-propagation, and the edits that a student could have made to it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.case import Call, Case, Read, edit

if TYPE_CHECKING:
    from collections.abc import Callable

    from chainrule import Network

FOLDER = Path(__file__).parent / "bases"


@dataclass(frozen=True)
class Base:
    """A right implementation: its text lies in ``<folder>/<name>.txt``, its edits in ``<folder>/<name>.edits.txt``."""

    name: str
    net: Callable[[], Network]
    call: Call
    read: Read
    convention: str = ""
    l2: float = 0.0
    scale: str = "1"
    l2_scale: str = "1"
    grad: str | None = None
    folder: Path = FOLDER

    @property
    def source(self) -> str:
        """The text of the file."""
        return (self.folder / f"{self.name}.txt").read_text(encoding="utf-8")

    @property
    def edits(self) -> list[Edit]:
        """Every edit, in the order of the file; its place there, counted from 1, is its number."""
        return parse((self.folder / f"{self.name}.edits.txt").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Edit:
    """One thing typed otherwise, at one or more places: a mistake, or (kind "right") another convention."""

    kind: str
    where: int | None
    note: str
    options: dict[str, str]
    hunks: tuple[tuple[str, str, bool], ...]

    def __call__(self, source: str) -> str:
        """Return the source as edited."""
        for old, new, everywhere in self.hunks:
            source = edit(source, old, new, everywhere=everywhere)
        return source


def parse(text: str) -> list[Edit]:
    r"""Read edits: a line ``= kind [where] [key=value …] [| note]``, then ``- old`` and ``+ new`` (``*`` twice: all).

    Old and new may go on for several lines.

    >>> parse("= sign 2 | a note\n- a\n+ b\n")[0].hunks
    (('a', 'b', False),)
    """
    edits = []
    for block in ("\n" + text).split("\n= ")[1:]:
        head, _, body = block.partition("\n")
        words, _, note = head.partition(" | ")
        kind, *rest = words.split()
        where = next((int(word) for word in rest if word.isdigit()), None)
        options = dict(word.split("=") for word in rest if "=" in word)
        edits.append(Edit(kind, where, note.strip(), options, hunks(body)))
    return edits


def hunks(body: str) -> tuple[tuple[str, str, bool], ...]:
    """Split the body of an edit into (old, new, everywhere)."""
    sides: list[list[str]] = []
    marks: list[str] = []
    for line in body.removesuffix("\n").split("\n"):
        if line[:2] in {"- ", "+ ", "* "} or line in {"+", "-"}:
            sides.append([line[2:]])
            marks.append(line[0])
        else:
            sides[-1].append(line)
    texts = ["\n".join(side) for side in sides]
    if len(texts) % 2 or any(a + b not in {"-+", "**"} for a, b in zip(marks[::2], marks[1::2], strict=True)):
        raise ValueError(f"An edit must be pairs of - and +, got {marks} in {body!r}.")
    return tuple((old, new, mark == "*") for old, new, mark in zip(texts[::2], texts[1::2], marks[::2], strict=True))


def case(base: Base, *made: Edit) -> Case:
    """Return the case of a base with these edits typed into it, one after another."""
    source = base.source
    for one in made:
        source = one(source)
    mistakes = tuple((one.kind, one.where) for one in made if one.kind != "right")
    conventions = [base.convention, *(one.note for one in made if one.kind == "right")]
    options = {key: value for one in made for key, value in one.options.items()}
    scale = options.get("scale", base.scale)
    grad = options.get("grad") or (scale if "scale" in options else base.grad or scale)
    needs = next((one.note for one in made if one.note and one.kind != "right"), None)
    parts = [base.name, *(f"{one.kind}{'' if one.where is None else f'@{one.where}'}" for one in made)]
    return Case(
        name="/".join(parts),
        style=base.name,
        source=source,
        net=base.net,
        l2=base.l2,
        mistakes=mistakes,
        convention="; ".join(part for part in conventions if part),
        call=base.call,
        needs=needs,
        scale=scale,
        grad=grad,
        l2_scale=options.get("l2", base.l2_scale),
        read=base.read,
    )
