"""Starters: a sheet's solution with the bodies of its exercises cut out, everything else as it stands there."""

from __future__ import annotations

import ast
import io
import re
import textwrap
import tokenize
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, TypeAlias

from chainrule.course.notebook import as_notebook
from chainrule.course.python_source import PythonSource, TextEdit
from chainrule.errors import InvalidFile, InvalidValue
from chainrule.files.atomic import check_writable, write_whole

if TYPE_CHECKING:
    import os
    from collections.abc import Collection, Iterator, Sequence

    from chainrule.homework.exercise import Exercise, Homework, Sheet
    from chainrule.labs.lab import Lab

WIDTH = 100  # of the sentence that says what to do
LINTER = re.compile(r"\s*#\s*(noqa|type:\s*ignore|pylint:|pragma:|fmt:|ruff:|mypy:|isort:).*")

Function: TypeAlias = "ast.FunctionDef | ast.AsyncFunctionDef"


def starter(sheet: Sheet, *, solved: bool = False, lab: str = "") -> str:
    """Return what is handed out of a sheet: its solution, with ``raise NotImplementedError`` in place of what is asked.

    Signatures, decorators, docstrings and every function that no exercise names stay as they are. Comments for linters
    go, and ``from . import x`` becomes ``import x``, because the files lie beside each other in a student's folder.

    Parameters
    ----------
    sheet : Sheet
        One file of a lab's homework.
    solved : bool
        Whether to keep the bodies: a teacher's key.
    lab : str
        The file of a lab of one's own, which the command that checks the starter has to name.

    Raises
    ------
    InvalidFile
        Where the solution cannot be read.
    InvalidValue
        Where an exercise names a function that the solution does not have.
    """
    source = PythonSource(_read(sheet.solution), sheet.solution)
    edits = list(_as_handed_out(source))
    if not solved:
        edits.append(_instructed(source, sheet, lab))
        for exercise in sheet.exercises:
            edits += [_cut(source, function, exercise) for function in _functions(source, sheet, exercise)]
    return source.edited(edits)


def partly_solved(sheet: Sheet, solved: Collection[str]) -> str:
    """Return a sheet's solution with only these functions of those it asks for; the others are cut out."""
    source = PythonSource(_read(sheet.solution), sheet.solution)
    edits = list(_as_handed_out(source))
    for exercise in (one for one in sheet.exercises if one.function not in solved):
        edits += [_cut(source, function, exercise) for function in _functions(source, sheet, exercise)]
    return source.edited(edits)


def write_starter(
    lab: Lab, folder: str | os.PathLike[str], *, notebook: bool = False, solved: bool = False
) -> list[Path]:
    """Write a lab's homework into a folder, a file a sheet and what is handed out beside them; return the files.

    Parameters
    ----------
    lab : Lab
    folder : path
        It is made where it is missing. No file in it is ever overwritten.
    notebook : bool
        Whether a sheet becomes a notebook, ``xor.ipynb``, in place of ``xor.py``.
    solved : bool
        Whether the functions are there: a teacher's key.

    Raises
    ------
    InvalidValue
        Where the lab has no homework.
    InvalidFile
        Where one of the files is there already: nothing at all is written then. Or where the folder cannot be written.
    """
    if lab.homework is None:
        raise InvalidValue(f"The lab {lab.name} has no homework to hand out. It can be run: chainrule lab run.")
    target = Path(folder)
    contents = {target / name: content for name, content in _contents(lab, lab.homework, notebook, solved).items()}
    if there := [str(path) for path in contents if path.exists()]:
        raise InvalidFile(
            f"{', '.join(there)} {'is' if len(there) == 1 else 'are'} there already, and nothing was written: "
            "choose another folder with --out, or delete what is there."
        )
    for path in contents:
        check_writable(path)
    return [write_whole(path, content) for path, content in contents.items()]


def _contents(lab: Lab, homework: Homework, notebook: bool, solved: bool) -> dict[str, bytes]:
    """Every file that is handed out, by name; Python files that are handed out as they are have their dots taken."""
    beside = {
        name: _handed_out(path).encode() if path.suffix == ".py" else _bytes(path)
        for name, path in homework.beside.items()
    }
    contents: dict[str, bytes] = {}
    for sheet in homework.sheets:
        named = lab.file.name if lab.file is not None else ""
        text, name = starter(sheet, solved=solved, lab=named), sheet.file
        if notebook:
            name = str(PurePosixPath(name).with_suffix(".ipynb"))
            scripts = [other for other, content in beside.items() if _uses(other, content, Path(sheet.file).stem)]
            text = as_notebook(text, name, sheet.exercises, scripts, named)
        contents[name] = text.encode()
    return {**contents, **beside}


def option(lab: str) -> str:
    """Write how a check is told which lab it is, "" where it sees that by itself.

    >>> option("mylab.py")
    ' --lab mylab.py'
    """
    return f" --lab {lab}" if lab else ""


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InvalidFile(f"{path} cannot be read: {error.strerror or error}.") from error


def _read(path: Path) -> str:
    """A file's text, its line ends as Python has them."""
    try:
        return io.TextIOWrapper(io.BytesIO(_bytes(path)), encoding="utf-8").read()
    except UnicodeDecodeError as error:
        raise InvalidFile(f"{path} is no UTF-8 text: {error}.") from error


def _handed_out(path: Path) -> str:
    """A Python file as it is handed out beside the sheets."""
    source = PythonSource(_read(path), path)
    return source.edited(_as_handed_out(source))


def _uses(name: str, content: bytes, module: str) -> bool:
    """Whether a file is a script that imports a module."""
    if not name.endswith(".py"):
        return False
    imported = [node.names for node in ast.walk(ast.parse(content)) if isinstance(node, ast.Import)]
    return any(alias.name == module for names in imported for alias in names)


# --- edits ------------------------------------------------------------------------------------------------------------


def _as_handed_out(source: PythonSource) -> Iterator[TextEdit]:
    """Take out comments for linters, and the dots of imports."""
    for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
        if token.type == tokenize.COMMENT and (found := re.search(LINTER, token.string)):
            yield _without_comment(source, token.start[0], token.start[1] + found.start())
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            start, end = source.span(node)
            names = ", ".join(one.name if one.asname is None else f"{one.name} as {one.asname}" for one in node.names)
            rest = source.text[start:end].partition("import")[2]
            yield TextEdit(start, end, f"import {names}" if node.module is None else f"from {node.module} import{rest}")


def _without_comment(source: PythonSource, line: int, column: int) -> TextEdit:
    """Cut a line from a comment on; a line that holds nothing else goes."""
    start = source.line_start(line)
    before = source.text[start : start + column].rstrip()
    return (
        TextEdit(start + len(before), source.line_end(line), "")
        if before
        else TextEdit(start, source.line_start(line + 1), "")
    )


def _functions(source: PythonSource, sheet: Sheet, exercise: Exercise) -> Sequence[Function]:
    """Find the definitions of ``sigmoid`` or ``Network.forward``: several where a property has a setter."""
    found: list[ast.AST] = [source.tree]
    *classes, name = exercise.function.split(".")
    for outer in classes:
        found = [node for one in found for node in ast.iter_child_nodes(one) if _is_class(node, outer)]
    nodes = [node for one in found for node in ast.iter_child_nodes(one)]
    named = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name]
    if not named:
        raise InvalidValue(f"{sheet.solution} has no function {exercise.function}, which an exercise of it names.")
    return named


def _is_class(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.ClassDef) and node.name == name


def _cut(source: PythonSource, function: Function, exercise: Exercise) -> TextEdit:
    """Put ``raise NotImplementedError`` in place of what follows a function's docstring."""
    first, order = function.body[0], f'raise NotImplementedError("Write {exercise.function}.")'
    start, end = source.span(first)[0], _body_end(source, function)
    before = source.text[source.line_start(first.lineno) : start]
    if before.strip():  # def f(x): return x
        return TextEdit(start, end, order)
    if ast.get_docstring(function) is not None:
        return TextEdit(source.span(first)[1], end, f"\n{before}{order}")
    lines = [first.lineno, *(one.lineno for one in getattr(first, "decorator_list", []))]
    line = min(lines)
    while not source.lines[line - 2].partition("#")[0].strip():  # comments above the first statement
        line -= 1
    return TextEdit(source.line_start(line), end, f"{before}{order}")


def _body_end(source: PythonSource, function: Function) -> int:
    """The end of a function's last line, and of comments below it that are indented as its body is."""
    last = line = function.end_lineno or 0
    while line < len(source.lines):
        text = source.lines[line]
        indent = len(text) - len(text.lstrip())
        if text.strip() and not (text.lstrip().startswith("#") and indent > function.col_offset):
            break
        line += 1
        last = line if text.strip() else last
    return source.line_end(last)


def _instructed(source: PythonSource, sheet: Sheet, lab: str) -> TextEdit:
    """Say at the top what to do, and no longer that it is solved."""
    told = _instruction(sheet, lab)
    docstring = source.tree.body[0] if ast.get_docstring(source.tree) is not None else None
    if docstring is None:
        return TextEdit(0, 0, f'"""{told}\n"""\n\n')
    start, end = source.span(docstring)
    content = source.text[start + 3 : end - 3]
    if source.text[end - 3 : end] not in ('"""', "'''") or not source.text[start:end].startswith(('"""', "'''")):
        content = ast.get_docstring(source.tree) or ""
    head, _, rest = content.strip().partition("\n\n")
    head = re.sub(r",?\s+solved\b", "", head, count=1)
    body = "\n\n".join(part for part in (head, told, rest) if part)
    return TextEdit(start, end, f'"""{body}\n"""')


def _instruction(sheet: Sheet, lab: str) -> str:
    names = ", ".join(one.function for one in sheet.exercises)
    order = f"To do: write the functions that raise NotImplementedError, in this order: {names}."
    return (
        f"{textwrap.fill(order, WIDTH, break_long_words=False)}\nCheck them: chainrule check {sheet.file}{option(lab)}"
    )
