"""Loading: a student's .py or .ipynb file as pieces that run one by one, so that one that fails costs no other.

A piece is a top-level statement. Its code carries the student's file name and line numbers; in a notebook the lines
count within a cell, and the cells are the code cells, from 1.
"""

from __future__ import annotations
import __future__

import ast
import asyncio
import inspect
import io
import json
import linecache
import re
import stat
import sys
import threading
import tokenize
import traceback
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import TYPE_CHECKING, Any, TypeAlias

from chainrule.errors import InvalidFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from collections.abc import Set as AbstractSet

NAME = "submission"  # of the module in which a student's code runs
LARGEST = 20_000_000  # bytes of a .py file; notebooks hold pictures
LARGEST_NOTEBOOK = 200_000_000
SUFFIXES = (".py", ".ipynb")
FOREIGN = {b"PK\x03\x04": "a zip archive", b"%PDF": "a PDF", b"{\\rtf": "an RTF text of a word processor"}
ARCHIVES = "Unpack it, and hand in the .py or .ipynb file."
PLAIN = "Save it as plain text, and hand in the .py file."
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

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


class UnreadableSubmission(InvalidFile):
    """A student's file that cannot be read as Python or as a notebook."""


@dataclass(frozen=True)
class Piece:
    """A top-level statement: its code, where it stands, and whether it defines (imports, functions, classes, names)."""

    code: CodeType
    place: str  # "xor.py, line 80"
    defines: bool


@dataclass(frozen=True)
class Source:
    """A student's file, read and not yet run.

    Attributes
    ----------
    name : str
        What the file is called.
    path : Path
    pieces : tuple of Piece
        In the order in which they run.
    remarks : tuple of str
        What was left out: cells that Python cannot read.
    lines : dict of str to list of str
        The lines of each part, by the name that its code carries: the file's, or ``"xor.ipynb, cell 3"``.
    places : dict of str to int
        The line on which each top-level function, class and ``"Class.method"`` begins.
    unwritten : frozenset of (str, int)
        Name of the part and first line of the functions that have no body of their own yet.
    """

    name: str
    path: Path
    pieces: tuple[Piece, ...]
    remarks: tuple[str, ...] = ()
    lines: dict[str, list[str]] = field(default_factory=dict, repr=False)
    places: dict[str, int] = field(default_factory=dict, repr=False)
    unwritten: frozenset[tuple[str, int]] = field(default=frozenset(), repr=False)

    def line(self, part: str, number: int) -> str:
        """Return a line of a part without the blanks around it, "" where there is none."""
        lines = self.lines.get(part, [])
        return lines[number - 1].strip() if 0 < number <= len(lines) else ""


@dataclass(frozen=True)
class _Part:
    """A text that is compiled on its own: a file, or a cell of a notebook."""

    name: str
    text: str
    tree: ast.Module


def read(path: Path) -> Source:
    """Read a .py or .ipynb file.

    Raises
    ------
    UnreadableSubmission
        With one sentence that says what is wrong with the file, and in which line.
    """
    with ONE_AT_A_TIME:
        raw = _bytes(path)
        if path.suffix.lower() == ".ipynb":
            parts, remarks = _cells(path.name, raw)
        else:
            parts, remarks = [_parsed(path.name, _decoded(path.name, raw))], []
        return _source(path, parts, remarks)


def defined(path: Path) -> set[str]:
    """Return the names of a file's functions and classes, ``"sigmoid"`` or ``"Network.forward"``; {} if unreadable.

    A file that Python cannot parse is searched for ``def`` and ``class``.
    """
    try:
        return set(read(path).places)
    except UnreadableSubmission:
        pass
    try:
        raw = _bytes(path)
    except UnreadableSubmission:
        return set()
    return set(_searched(raw.decode("utf-8", errors="replace")))


def line_of(source: Source, name: str) -> int | None:
    """Return the line on which ``"sigmoid"`` or ``"Network.forward"`` begins, None where it is not defined."""
    return source.places.get(name)


def is_written(source: Source, function: object) -> bool:
    """Whether a function has a body: more than a docstring, pass, … or ``raise NotImplementedError``."""
    inner: Any = inspect.unwrap(function) if isinstance(function, FunctionType) else function
    code = getattr(inner, "__code__", None)
    return code is None or (code.co_filename, code.co_firstlineno) not in source.unwritten


def load(
    source: Source, skip: AbstractSet[int] = frozenset(), begin: Callable[[int, Piece], object] | None = None
) -> tuple[ModuleType, list[str]]:
    """Run the pieces one after the other in a new module, and return it with remarks about those that raised.

    Parameters
    ----------
    source : Source
    skip : set of int
        Numbers of the pieces that are left out.
    begin : function (number, piece)
        Is called before each piece.
    """
    module = _module(source)
    remarks = list(source.remarks)
    for number, piece in enumerate(source.pieces):
        if number in skip:
            continue
        try:
            if begin is not None:
                begin(number, piece)
            _run(piece, module)
        except BaseException as error:  # SystemExit and KeyboardInterrupt are a student's, too
            remarks.append(
                f"{_raised_at(error, source, piece)}: it raised {said(error)}; the rest was read all the same."
            )
    return module, remarks


# Reading.


def _bytes(path: Path) -> bytes:
    """Return what is in a file that can be a submission."""
    name = path.name
    notebook = path.suffix.lower() == ".ipynb"
    if path.suffix.lower() not in SUFFIXES:
        raise UnreadableSubmission(f"{name} is no Python file by its name: it must end in .py or .ipynb.")
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise UnreadableSubmission(f"{name} is not a file.")
        if about.st_size > (LARGEST_NOTEBOOK if notebook else LARGEST):
            raise UnreadableSubmission(
                f"{name} has {about.st_size / 1e6:.0f} MB, too many for a program. Is it the right file?"
            )
        raw = path.read_bytes()
    except OSError as error:
        raise UnreadableSubmission(f"{name} cannot be opened: {error.strerror or error}.") from error
    _check_bytes(name, raw)
    return raw


def _check_bytes(name: str, raw: bytes) -> None:
    """Refuse what is no text."""
    for start, what in FOREIGN.items():
        if raw.startswith(start):
            todo = ARCHIVES if what == "a zip archive" else PLAIN
            raise UnreadableSubmission(f"{name} is not a text file but {what}. {todo}")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableSubmission(f"{name} is saved as UTF-16: save it as UTF-8, which is what Python reads.")
    if not raw.strip():
        raise UnreadableSubmission(f"{name} is empty.")
    if b"\0" in raw:
        number = _line_number(raw, raw.index(b"\0"))
        if raw.count(b"\0") > 3:
            raise UnreadableSubmission(f"{name} is not a text file: it is full of null bytes. {PLAIN}")
        raise UnreadableSubmission(
            f"{name}, line {number}: there is a null byte, which no Python text may hold. Delete it, or type the line "
            "anew."
        )


def _line_number(raw: bytes, at: int) -> int:
    return len(re.findall(rb"\r\n|\r|\n", raw[:at])) + 1


def _decoded(name: str, raw: bytes) -> str:
    """Return a file's text in the encoding that its first lines declare, UTF-8 if none."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(raw).readline)
    except SyntaxError as error:
        if "unknown encoding" in str(error):
            number = 1 + next((k for k, line in enumerate(raw.splitlines()[:2]) if b"coding" in line), 0)
            raise UnreadableSubmission(f"{name}, line {number}: {error.msg}. Save it as UTF-8.") from error
        encoding = "utf-8"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        number = _line_number(raw, error.start)
        raise UnreadableSubmission(
            f"{name} is not a text file in {encoding.upper().removesuffix('-SIG')}: line {number} holds the byte "
            f"0x{raw[error.start]:02x}, so Python cannot read it. Save it as UTF-8."
        ) from error
    return "".join(io.StringIO(text, newline=None))


def _parsed(name: str, text: str) -> _Part:
    """Return the part of a .py file's text."""
    if text.lstrip().startswith("{") and '"cells"' in text[:1000]:
        raise UnreadableSubmission(f"{name} is a notebook: name it {Path(name).stem}.ipynb.")
    try:
        tree = _tree(name, text)
    except SyntaxError as error:
        raise UnreadableSubmission(f"{_syntax(name, error)} — Python cannot read the file from there on.") from error
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        raise UnreadableSubmission(
            f"{name} cannot be read by Python: it is nested too deep ({kind(error)})."
        ) from error
    if not tree.body:
        raise UnreadableSubmission(f"{name} is empty: it holds no code.")
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
    where = name if error.lineno is None else f"{name}, line {error.lineno}"
    return f"{where}: {plain(str(error.msg))}"


def _cells(name: str, raw: bytes) -> tuple[list[_Part], list[str]]:
    """Return the parts of a notebook, and remarks on the cells that cannot be read."""
    parts, remarks, flags = [], [], 0
    for number, text in enumerate(_cell_texts(name, raw), start=1):
        cell = f"{name}, cell {number}"
        code = _without_cell_magic(text)
        try:
            part = _Part(cell, code, _cell_tree(cell, code))
        except SyntaxError as error:
            remarks.append(f"{_syntax(cell, error)} — Python cannot read this cell, so it was left out.")
            continue
        except (ValueError, RecursionError, MemoryError, OverflowError) as error:
            remarks.append(f"{cell} cannot be read by Python ({kind(error)}), so it was left out.")
            continue
        parts.append(part)
        flags |= _futures(part.tree)
    if not any(part.tree.body for part in parts):
        raise UnreadableSubmission(" ".join([f"{name} is empty: it has no cell with code.", *remarks]))
    return parts, remarks


def _cell_texts(name: str, raw: bytes) -> list[str]:
    """Return the texts of a notebook's code cells."""
    try:
        book = json.loads(raw.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        raise UnreadableSubmission(
            f"{name}, line {error.lineno}: this is no notebook, for it is not JSON ({error.msg}). Save it again in "
            "Jupyter, and download the .ipynb file."
        ) from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise UnreadableSubmission(f"{name} is no notebook: it is not JSON in UTF-8. Save it in Jupyter.") from error
    cells = book.get("cells") if isinstance(book, dict) else None
    if not isinstance(cells, list):
        raise UnreadableSubmission(f"{name} is no notebook: it has no list of cells. Save it again in Jupyter.")
    return [_cell_text(cell) for cell in cells if isinstance(cell, dict) and cell.get("cell_type") == "code"]


def _cell_text(cell: dict[str, Any]) -> str:
    source = cell.get("source", "")
    text = "".join(map(str, source)) if isinstance(source, list) else str(source)
    return "".join(io.StringIO(text, newline=None))


def _without_cell_magic(text: str) -> str:
    """Blank a first line %%time; a cell of another language becomes an empty one."""
    found = re.match(r"\s*%%(\w+)[^\n]*", text)
    if not found:
        return text
    return (
        text[: found.start()] + "\n" * text[: found.end()].count("\n") + text[found.end() :]
        if (found[1] in TIMED)
        else ""
    )


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
    found = MAGIC.match(line)
    if not found:
        return line
    given = re.match(r"^(\s*[\w.,\s]+=\s*)[%!]", line)
    return f"{given[1]}None" if given else f"{line[: len(line) - len(line.lstrip())]}pass"


def _source(path: Path, parts: list[_Part], remarks: list[str]) -> Source:
    """Cut the parts into pieces, and note what they define."""
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT if path.suffix.lower() == ".ipynb" else 0
    pieces: list[Piece] = []
    places: dict[str, int] = {}
    unwritten: set[tuple[str, int]] = set()
    for part in parts:
        for statement in part.tree.body:
            flags |= _futures(ast.Module([statement], []))
            pieces.append(_piece(part.name, statement, flags))
        places |= {name: node.lineno for name, node in _definitions(part.tree)}
        unwritten |= {(part.name, _first_line(node)) for node in ast.walk(part.tree) if _is_stub(node)}
    lines = {part.name: part.text.split("\n") for part in parts}
    return Source(path.name, path, tuple(pieces), tuple(remarks), lines, places, frozenset(unwritten))


def _piece(name: str, statement: ast.stmt, flags: int) -> Piece:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        code = compile(ast.Module([statement], []), name, "exec", flags, dont_inherit=True)
    calls_nothing = not any(isinstance(node, ast.Call) for node in ast.walk(statement))
    defines = isinstance(statement, Function | ast.ClassDef | ast.Import | ast.ImportFrom)
    assigns = isinstance(statement, ast.Assign | ast.AnnAssign) and calls_nothing
    return Piece(code, f"{name}, line {statement.lineno}", defines or assigns)


def _futures(tree: ast.Module) -> int:
    """Return the compiler's flags for the ``from __future__ import`` of a tree."""
    imports = (node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "__future__")
    flags = 0
    for node in imports:
        for alias in node.names:
            flags |= FUTURES.get(alias.name, 0)
    return flags


def _definitions(tree: ast.Module) -> Iterator[tuple[str, Function | ast.ClassDef]]:
    for node in tree.body:
        if isinstance(node, Function | ast.ClassDef):
            yield node.name, node
        if isinstance(node, ast.ClassDef):
            yield from ((f"{node.name}.{inner.name}", inner) for inner in node.body if isinstance(inner, Function))


def _first_line(node: ast.AST) -> int:
    """Return the line that a function's code begins with: its first decorator's, or its own."""
    assert isinstance(node, Function)  # noqa: S101  # for the types
    return min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])


def _is_stub(node: ast.AST) -> bool:
    return isinstance(node, Function) and all(_says_nothing(statement) for statement in node.body)


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


# Running.


def _module(source: Source) -> ModuleType:
    """Make the empty module, known to Python, with the student's folder first on the path."""
    module = ModuleType(NAME)
    module.__file__ = str(source.path.resolve())
    sys.modules[NAME] = module
    sys.path.insert(0, str(source.path.resolve().parent))
    for part, lines in source.lines.items():
        linecache.cache[part] = (0, None, [f"{line}\n" for line in lines], part)
    return module


def _run(piece: Piece, module: ModuleType) -> None:
    """Run a piece; one of a notebook may await."""
    result = eval(piece.code, vars(module))  # noqa: S307  # running it is what we are here for
    if piece.code.co_flags & inspect.CO_COROUTINE:
        asyncio.run(result)


def _raised_at(error: BaseException, source: Source, piece: Piece) -> str:
    """Say in which of the student's lines an error came up."""
    own = [frame for frame in traceback.walk_tb(error.__traceback__) if frame[0].f_code.co_filename in source.lines]
    return f"{own[-1][0].f_code.co_filename}, line {own[-1][1]}" if own else piece.place


def said(error: BaseException) -> str:
    r"""Say an error as Python does, ``"ValueError: message"``, in a line of bearable length.

    >>> said(ValueError("too\nlong"))
    'ValueError: too long'
    """
    try:
        text = plain(str(error)[:2000])
    except BaseException:  # a student's __str__ may do anything
        text = ""
    return f"{kind(error)}: {text}" if text else kind(error)


def kind(error: BaseException) -> str:
    """Name an error's class."""
    return type(error).__name__


def plain(text: str, most: int = 200) -> str:
    """Return a text as one line of printable characters."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return line if len(line) <= most else f"{line[:most]}…"
