"""Cells: a starter as a notebook, a cell a definition, with a heading before what is to be written."""

from __future__ import annotations

import ast
import hashlib
import json
import re
import textwrap
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, TypeAlias

from chainrule.course.python_source import PythonSource

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chainrule.homework.exercise import Exercise

Cell: TypeAlias = tuple[str, str]  # "markdown" or "code", and its text

METADATA: dict[str, Any] = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def as_notebook(text: str, name: str, exercises: Sequence[Exercise], scripts: Sequence[str] = (), lab: str = "") -> str:
    """Return a starter's text as a notebook (nbformat 4.5).

    Parameters
    ----------
    text : str
        What ``starter`` gives.
    name : str
        What the notebook is called, ``"xor.ipynb"``.
    exercises : sequence of Exercise
        What gets a heading.
    scripts : sequence of str
        Python files beside it that import its functions as a module.
    lab : str
        The file of a lab of one's own.
    """
    stem = PurePosixPath(name).stem
    cells = [*_cells(text, name, exercises), *(cell for script in scripts for cell in _script_cells(stem, script))]
    cells.append(
        ("code", f"# Check: save the notebook, then run\n!chainrule check {name}{f' --lab {lab}' if lab else ''}")
    )
    content = {
        "cells": [_as_json(kind, source, number) for number, (kind, source) in enumerate(cells)],
        "metadata": METADATA,
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _cells(text: str, name: str, exercises: Sequence[Exercise]) -> Iterator[Cell]:
    """Go through a file from top to bottom: statements together, each definition alone, the script's part last."""
    source = PythonSource(text, Path(name))
    body = list(source.tree.body)
    docstring = ast.get_docstring(source.tree)
    if docstring is not None:
        yield "markdown", _markdown(docstring, PurePosixPath(name).stem)
        body = body[1:]
    asked, together = {one.function.split(".")[0] for one in exercises}, list[ast.stmt]()
    main = [node for node in body if _is_main(node)]
    for node in (node for node in body if node not in main):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            together.append(node)
            continue
        yield from _statements(source, together)
        together = []
        if node.name in asked:
            yield "markdown", _heading(node, exercises)
        yield "code", _text(source, node, node)
    yield from _statements(source, together)
    for node in main:
        yield from _script(source, node, PurePosixPath(name).stem)


def _statements(source: PythonSource, nodes: Sequence[ast.stmt]) -> Iterator[Cell]:
    if nodes:
        yield "code", _text(source, nodes[0], nodes[-1])


def _text(source: PythonSource, first: ast.stmt, last: ast.stmt) -> str:
    """The lines from one statement to another, with decorators, and comments right above."""
    begin = min([first.lineno, *(one.lineno for one in getattr(first, "decorator_list", []))])
    while begin > 1 and source.lines[begin - 2].lstrip().startswith("#"):
        begin -= 1
    return source.text[source.line_start(begin) : source.line_end(last.end_lineno or 0)]


def _is_main(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and "__main__" in ast.unparse(node.test) and "__name__" in ast.unparse(node.test)


def _script(source: PythonSource, main: ast.stmt, stem: str) -> Iterator[Cell]:
    """What the file does when it is run: a cell to train and draw, and one that shows what was drawn.

    They keep their ``if``, so that what imports the notebook, a check for one, does not train.
    """
    yield "markdown", "## Run it\n\nOnce the functions above are written. A check leaves these cells out."
    yield "code", _text(source, main, main)
    if ".png" in source.text:
        yield _pictures(stem)


def _script_cells(stem: str, script: str) -> Iterator[Cell]:
    """Run a script that imports this notebook's functions as a module, and show what it drew."""
    alias = f'sys.modules["{stem}"] = sys.modules["__main__"]  # "import {stem}" finds the functions of this notebook'
    yield "markdown", f"## Run {script}"
    yield "code", _main_only(f"import sys\n\n{alias}\n%run {script}")
    yield _pictures(PurePosixPath(script).stem)


def _pictures(stem: str) -> Cell:
    """Show the pictures that were written."""
    show = f'for picture in sorted(Path().glob("{stem}-*.png")):\n    display(Image(picture))'
    return "code", _main_only(f"from pathlib import Path\n\nfrom IPython.display import Image, display\n\n{show}")


def _main_only(text: str) -> str:
    """Code that is left out where the notebook is no notebook but imported."""
    return f'if __name__ == "__main__":\n{textwrap.indent(text, "    ")}'


def _markdown(docstring: str, stem: str) -> str:
    """A module's docstring as Markdown: literals, and what to do as a paragraph that one sees."""
    text = re.sub(r"``(.+?)``", r"`\1`", docstring)
    text = re.sub(r"^To do:", "**To do:**", text, flags=re.MULTILINE)
    text = re.sub(r"chainrule check \S+", lambda found: f"`{found[0].rsplit(' ', 1)[0]} {stem}.ipynb`", text)
    return f"# {stem}\n\n{text}"


def _heading(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, exercises: Sequence[Exercise]) -> str:
    """Name a function and say what it is; of a class, its methods that are to be written."""
    if not isinstance(node, ast.ClassDef):
        return f"## {node.name}\n\n{_first_sentence(node)}".rstrip()
    wanted = [one.function.split(".")[1] for one in exercises if one.function.startswith(f"{node.name}.")]
    methods = {one.name: one for one in node.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)}
    lines = [f"- `{name}`: {_first_sentence(methods[name])}" for name in wanted if name in methods]
    return f"## {node.name}\n\nAsked for in this class:\n\n" + "\n".join(lines)


def _first_sentence(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> str:
    """The first sentence of a docstring, as Markdown.

    >>> _first_sentence(ast.parse('def f(): "Mean of (2.1), ``x``. And more."').body[0])
    'Mean of (2.1), `x`.'
    """
    paragraph = " ".join((ast.get_docstring(node) or "").partition("\n\n")[0].split())
    sentence = re.split(r"(?<=[.!?])\s+(?=[^\W\d_a-zα-ω])", paragraph, maxsplit=1)[0]
    return re.sub(r"``(.+?)``", r"`\1`", sentence).replace("*", r"\*")


def _as_json(kind: str, text: str, number: int) -> dict[str, Any]:
    """A cell as nbformat 4.5 has it, its id the same each time."""
    told = hashlib.sha256(f"{number} {text}".encode()).hexdigest()[:12]
    cell = {"cell_type": kind, "id": told, "metadata": {}, "source": text.splitlines(keepends=True)}
    return {**cell, "execution_count": None, "outputs": []} if kind == "code" else cell
