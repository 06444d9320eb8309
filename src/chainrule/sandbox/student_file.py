"""A submission's file, read under bounds and parsed once: pieces that run one by one, and what its functions are.

A piece is a top-level statement. Its code carries the file's name and line numbers; in a notebook the lines count
within a cell, and the cells are the code cells, from 1.
"""

from __future__ import annotations
import __future__

import ast
import re
import threading
import warnings
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType  # noqa: TC003  # as in a dataclass
from typing import TYPE_CHECKING, TypeAlias

from chainrule.language.translation import Sentence
from chainrule.sandbox.decoding import (
    LARGEST,
    UnreadableSubmission,
    cell_texts,
    check_length,
    decoded,
    plain,
    read_bytes,
)
from chainrule.sandbox.fingerprints import Fingerprint, fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_MAGIC = 300  # signs of a line: to look for one takes their square
REMEMBERED = 300  # files
TIMED = (
    "time",
    "timeit",
    "capture",
    "prun",
    "snakeviz",
    "memit",
    "mprun",
)  # %%magics whose cell is Python all the same
ONE_AT_A_TIME = threading.Lock()  # parsing in two threads at once raises SystemError in Python 3.11
MAGIC = re.compile(r"^(\s*)(?:[\w.,\s]+=\s*)?[%!](?![=\s]).*$|^(\s*)!.*$|^(\s*)[\w.]+\?{1,2}\s*$")
DEFINES = re.compile(r"^([ \t]*)(?:async[ \t]+)?(def|class)[ \t]+(\w+)", re.MULTILINE)
FUTURES = {name: getattr(__future__, name).compiler_flag for name in __future__.all_feature_names}
UNPARSED = (ValueError, RecursionError, MemoryError, OverflowError)

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Piece:
    """A top-level statement: its code, where it stands, and whether it defines (imports, functions, classes, names)."""

    code: CodeType
    place: str  # "xor.py, line 80"
    defines: bool


@dataclass(frozen=True)
class StudentFile:
    """A student's file, read and not run.

    Attributes
    ----------
    name : str
        What the file is called.
    path : Path
    pieces : tuple of Piece
        In the order in which they run.
    remarks : tuple of str
        What was left out: cells that Python cannot read.
    texts : dict of str to str
        The text of each part, by the name that its code carries: the file's, or ``"xor.ipynb, cell 3"``.
    places : dict of str to int
        The line on which each top-level function, class and ``"Class.method"`` begins.
    unwritten : frozenset of (str, int)
        Name of the part and first line of the functions that have no body of their own yet.
    fingerprints : dict of str to Fingerprint
        Of each written function, without names and layout.
    imports : dict of str to int
        The modules that it imports, anywhere, with the first line that does.
    """

    name: str
    path: Path
    pieces: tuple[Piece, ...]
    remarks: tuple[str, ...] = ()
    texts: dict[str, str] = field(default_factory=dict, repr=False)
    places: dict[str, int] = field(default_factory=dict, repr=False)
    unwritten: frozenset[tuple[str, int]] = field(default=frozenset(), repr=False)
    fingerprints: dict[str, Fingerprint] = field(default_factory=dict, repr=False)
    imports: dict[str, int] = field(default_factory=dict, repr=False)

    def line(self, part: str, number: int) -> str:
        """Return a line of a part without the blanks around it, "" where there is none."""
        lines = self.texts.get(part, "").split("\n")
        return lines[number - 1].strip() if 0 < number <= len(lines) else ""


@dataclass(frozen=True)
class _Part:
    """A text that is compiled on its own: a file, or a cell of a notebook."""

    name: str
    text: str
    tree: ast.Module


_known: OrderedDict[tuple[str, int, int], StudentFile | UnreadableSubmission] = OrderedDict()


def read(path: Path) -> StudentFile:
    """Read a .py or .ipynb file; one that was read before and did not change is not read again.

    Raises
    ------
    UnreadableSubmission
        With one sentence that says what is wrong with the file, and in which line.
    """
    with ONE_AT_A_TIME:
        key = _mark(path)
        found = _known.get(key)
        if found is None:
            found = _known[key] = _read(path)
            if len(_known) > REMEMBERED:
                _known.popitem(last=False)
    if isinstance(found, UnreadableSubmission):
        raise found
    return found


def _mark(path: Path) -> tuple[str, int, int]:
    try:
        about = path.stat()
    except (OSError, ValueError):
        return str(path), 0, 0
    return str(path.absolute()), about.st_mtime_ns, about.st_size


def _read(path: Path) -> StudentFile | UnreadableSubmission:
    try:
        raw = read_bytes(path)
        if path.suffix.lower() == ".ipynb":
            parts, remarks = _cells(path.name, raw)
        else:
            parts, remarks = [_parsed(path.name, decoded(path.name, raw))], []
        return _student_file(path, parts, remarks)
    except UnreadableSubmission as error:
        return error


def defined(path: Path) -> set[str]:
    """Return the names of a file's functions and classes, ``"sigmoid"`` or ``"Network.forward"``; {} if unreadable.

    A file that Python cannot parse is searched for ``def`` and ``class``.
    """
    try:
        return set(read(path).places)
    except UnreadableSubmission:
        pass
    try:
        raw = read_bytes(path)
    except UnreadableSubmission:
        return set()
    return set(_searched(raw[:LARGEST].decode("utf-8", errors="replace")))


def _parsed(name: str, text: str) -> _Part:
    """Return the part of a .py file's text."""
    if text.lstrip().startswith("{") and '"cells"' in text[:1000]:
        raise UnreadableSubmission("{name} is a notebook: name it {stem}.ipynb.", name=name, stem=Path(name).stem)
    check_length(name, [text])
    try:
        tree = _tree(name, text)
    except SyntaxError as error:
        raise UnreadableSubmission(
            "{error} — Python cannot read the file from there on.", error=_syntax(name, error)
        ) from error
    except UNPARSED as error:
        raise UnreadableSubmission(
            "{name} cannot be read by Python: it is nested too deep ({kind}).", name=name, kind=type(error).__name__
        ) from error
    if not tree.body:
        raise UnreadableSubmission("{name} is empty: it holds no code.", name=name)
    return _Part(name, text, tree)


def _tree(name: str, text: str, flags: int = 0) -> ast.Module:
    """Parse a text, and compile it as a whole for the errors that only this finds."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(text, name)
        compile(tree, name, "exec", flags, dont_inherit=True)
    return tree


def _syntax(name: str, error: SyntaxError) -> str:
    """Say where Python stopped reading, and what it says."""
    told = plain(str(error.msg))
    return Sentence("{place}, line {line}: {what}" if error.lineno else "{place}: {what}", place=name,
                    line=error.lineno, what=told)  # fmt: skip


def _cells(name: str, raw: bytes) -> tuple[list[_Part], list[str]]:
    """Return the parts of a notebook, and remarks on the cells that cannot be read."""
    parts: list[_Part] = []
    remarks: list[str] = []
    texts = [_without_cell_magic(text) for text in cell_texts(name, raw)]
    check_length(name, texts)
    for number, code in enumerate(texts, start=1):
        cell = f"{name}, cell {number}"
        shown = Sentence("{name}, cell {number}", name=name, number=number)
        try:
            parts.append(_Part(cell, code, _cell_tree(cell, code)))
        except SyntaxError as error:
            remarks.append(
                Sentence("{error} — Python cannot read this cell, so it was left out.", error=_syntax(shown, error))
            )
        except UNPARSED as error:
            kind = type(error).__name__
            remarks.append(
                Sentence("{cell} cannot be read by Python ({kind}), so it was left out.", cell=shown, kind=kind)
            )
    if not any(part.tree.body for part in parts):
        empty = Sentence("{name} is empty: it has no cell with code.", name=name)
        told = {f"part{k}": one for k, one in enumerate([empty, *remarks])}
        raise UnreadableSubmission(" ".join(f"{{{name}}}" for name in told), **told)
    return parts, remarks


def _without_cell_magic(text: str) -> str:
    """Blank a first line %%time; a cell of another language becomes an empty one."""
    found = re.match(r"\s*%%(\w+)[^\n]*", text)
    if not found:
        return text
    if found[1] not in TIMED:
        return ""
    return text[: found.start()] + "\n" * text[: found.end()].count("\n") + text[found.end() :]


def _cell_tree(name: str, text: str) -> ast.Module:
    """Parse a cell; only if that fails, without the lines that IPython alone understands."""
    try:
        return _tree(name, text, ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except SyntaxError:
        blanked = "\n".join(_without_magic(line) for line in text.split("\n"))
        if blanked == text:
            raise
    return _tree(name, blanked, ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)


def _without_magic(line: str) -> str:
    """Put ``pass`` in the place of a magic, where it stands, so that blocks keep their bodies.

    >>> _without_magic("    !ls"), _without_magic("files = !ls"), _without_magic("a % b")
    ('    pass', 'files = None', 'a % b')
    """
    found = MAGIC.match(line) if len(line) <= LONGEST_MAGIC else None
    if not found:
        return line
    given = re.match(r"^(\s*[\w.,\s]+=\s*)[%!]", line)
    return f"{given[1]}None" if given else f"{line[: len(line) - len(line.lstrip())]}pass"


# What is in it.


def _student_file(path: Path, parts: list[_Part], remarks: list[str]) -> StudentFile:
    """Cut the parts into pieces, and note what they define."""
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT if path.suffix.lower() == ".ipynb" else 0
    pieces: list[Piece] = []
    defined_in: list[tuple[str, Function | ast.ClassDef]] = []
    unwritten: set[tuple[str, int]] = set()
    imports: dict[str, int] = {}
    for part in parts:
        for statement in part.tree.body:
            flags |= _futures(statement)
            pieces.append(_piece(part.name, statement, flags))
        defined_in += _definitions(part.tree)
        for node in ast.walk(part.tree):
            if isinstance(node, Function) and all(map(_says_nothing, node.body)):
                unwritten.add((part.name, _first_line(node)))
            for name in _imported(node):
                imports.setdefault(name, getattr(node, "lineno", 0))
    prints = {
        name: fingerprint(node)
        for name, node in defined_in
        if isinstance(node, Function) and not all(map(_says_nothing, node.body))
    }
    texts = {part.name: part.text for part in parts}
    places = {name: node.lineno for name, node in defined_in}
    return StudentFile(
        path.name, path, tuple(pieces), tuple(remarks), texts, places, frozenset(unwritten), prints, imports
    )


def _piece(name: str, statement: ast.stmt, flags: int) -> Piece:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        code = compile(ast.Module([statement], []), name, "exec", flags, dont_inherit=True)
    calls_nothing = not any(isinstance(node, ast.Call) for node in ast.walk(statement))
    defines = isinstance(statement, Function | ast.ClassDef | ast.Import | ast.ImportFrom)
    assigns = isinstance(statement, ast.Assign | ast.AnnAssign) and calls_nothing
    return Piece(code, f"{name}, line {statement.lineno}", defines or assigns)


def _futures(statement: ast.stmt) -> int:
    """Return the compiler's flags for a ``from __future__ import``."""
    flags = 0
    if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
        for alias in statement.names:
            flags |= FUTURES.get(alias.name, 0)
    return flags


def _imported(node: ast.AST) -> Iterator[str]:
    """Yield the names of the modules that a statement imports, or a call of ``__import__`` or ``import_module``."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        yield node.module
    if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called in ("__import__", "import_module") and isinstance(node.args[0].value, str):
            yield node.args[0].value


def _definitions(tree: ast.Module) -> Iterator[tuple[str, Function | ast.ClassDef]]:
    for node in tree.body:
        if isinstance(node, Function | ast.ClassDef):
            yield node.name, node
        if isinstance(node, ast.ClassDef):
            yield from ((f"{node.name}.{inner.name}", inner) for inner in node.body if isinstance(inner, Function))


def _first_line(node: Function) -> int:
    """Return the line that a function's code begins with: its first decorator's, or its own."""
    return min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])


def _says_nothing(statement: ast.stmt) -> bool:
    """Whether a statement is a docstring, …, pass or ``raise NotImplementedError``."""
    if isinstance(statement, ast.Raise):
        raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
        return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"
    return isinstance(statement, ast.Pass) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    )


def _searched(text: str) -> Iterator[str]:
    """Find ``def`` and ``class`` in a text that cannot be parsed."""
    inside = ""
    for indent, keyword, name in DEFINES.findall(text):
        if not indent:
            inside = name if keyword == "class" else ""
            yield name
        elif inside and keyword == "def":
            yield f"{inside}.{name}"
