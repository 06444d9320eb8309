"""Decoding: a submission's file as bytes and as text, under bounds, before anything of it is parsed."""

from __future__ import annotations

import codecs
import io
import re
import stat
import tokenize
from typing import TYPE_CHECKING

import msgspec

from chainrule.errors import InvalidFile, one_line
from chainrule.language.translation import Sentence, say

if TYPE_CHECKING:
    from pathlib import Path

LARGEST = 20_000_000  # bytes of a .py file; notebooks hold pictures
LARGEST_NOTEBOOK = 100_000_000
SUFFIXES = (".py", ".ipynb")
PLAIN = "Save it as plain text, and hand in the .py file."
FOREIGN = {
    b"PK\x03\x04": (Sentence("a zip archive"), Sentence("Unpack it, and hand in the .py or .ipynb file.")),
    b"%PDF": (Sentence("a PDF"), Sentence(PLAIN)),
    b"{\\rtf": (Sentence("an RTF text of a word processor"), Sentence(PLAIN)),
}
MOST_CODE = 250_000  # signs without comments: a tree has 350 bytes for each
MOST_CELLS = 5000
COMMENT = re.compile(r"^[ \t\f]*(?:#.*)?\n", re.MULTILINE)
ENCODING = re.compile(r"utf-8|ascii|iso8859-\d+|cp\d+|mac-\w+|koi8-\w|gb\w+|big5\w*|shift_jis\w*|euc_\w+|johab|tis-620")


class _Cell(msgspec.Struct):
    cell_type: str = ""
    source: str | list[str] = ""


class _Notebook(msgspec.Struct):
    """What of a notebook is read; the rest is skipped and never built."""

    cells: list[_Cell]


class UnreadableSubmission(InvalidFile):
    """A student's file that cannot be read as Python or as a notebook; the sentence is said when it is asked for."""

    def __init__(self, sentence: str, **fields: object) -> None:
        self.sentence = Sentence(sentence, **fields)
        super().__init__(self.sentence)

    def __str__(self) -> str:
        """Return the sentence in the language of the course."""
        return one_line(say(self.sentence))


def read_bytes(path: Path) -> bytes:
    """Return what is in a file that can be a submission."""
    name = path.name
    notebook = path.suffix.lower() == ".ipynb"
    if path.suffix.lower() not in SUFFIXES:
        raise UnreadableSubmission("{name} is no Python file by its name: it must end in .py or .ipynb.", name=name)
    most = LARGEST_NOTEBOOK if notebook else LARGEST
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise UnreadableSubmission("{name} is not a file.", name=name)
        if about.st_size > most:
            raise UnreadableSubmission(
                "{name} has {size:.0f} MB, too many for a program. Is it the right file?",
                name=name,
                size=about.st_size / 1e6,
            )
        with path.open("rb") as file:
            raw = file.read(most)
    except OSError as error:
        raise UnreadableSubmission(
            "{name} cannot be opened: {error}.", name=name, error=error.strerror or error
        ) from error
    _check_bytes(name, raw)
    return raw


def _check_bytes(name: str, raw: bytes) -> None:
    """Refuse what is no text."""
    for start, (what, todo) in FOREIGN.items():
        if raw.startswith(start):
            raise UnreadableSubmission("{name} is not a text file but {what}. {todo}", name=name, what=what, todo=todo)
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableSubmission(
            "{name} is saved as UTF-16: save it as UTF-8, which is what Python reads.", name=name
        )
    if not raw.strip():
        raise UnreadableSubmission("{name} is empty.", name=name)
    if b"\0" in raw:
        number = line_number(raw, raw.index(b"\0"))
        if raw.count(b"\0") > 3:
            raise UnreadableSubmission(
                "{name} is not a text file: it is full of null bytes. {todo}", name=name, todo=Sentence(PLAIN)
            )
        raise UnreadableSubmission(
            "{name}, line {number}: there is a null byte, which no Python text may hold. Delete it, or type the line "
            "anew.",
            name=name,
            number=number,
        )


def check_length(name: str, texts: list[str]) -> None:
    """Refuse more code than anybody writes: what stands in comments is none."""
    signs = sum(len(text) if len(text) <= MOST_CODE else len(COMMENT.sub("", text)) for text in texts)
    if signs > MOST_CODE:
        raise UnreadableSubmission(
            "{name} has {signs:.1f} million signs of code, too many for a program. Numbers belong into a file "
            "of data beside it.",
            name=name,
            signs=signs / 1e6,
        )


def line_number(raw: bytes, at: int) -> int:
    """Return the number of the line that a byte is in, from 1."""
    return len(re.findall(rb"\r\n|\r|\n", raw[:at])) + 1


def decoded(name: str, raw: bytes) -> str:
    """Return a file's text in the encoding that its first lines declare, UTF-8 if none."""
    number = 1 + next((k for k, line in enumerate(raw.splitlines()[:2]) if b"coding" in line), 0)
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(raw).readline)
    except SyntaxError as error:
        if "unknown encoding" in str(error):
            raise UnreadableSubmission(
                "{name}, line {number}: {error}. Save it as UTF-8.", name=name, number=number, error=error.msg
            ) from error
        encoding = "utf-8"
    if not ENCODING.fullmatch(codecs.lookup(encoding).name.removesuffix("-sig")):
        raise UnreadableSubmission(
            "{name}, line {number}: {encoding} is no encoding for a text. Save it as UTF-8.",
            name=name,
            number=number,
            encoding=encoding,
        )
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        number = line_number(raw, error.start)
        raise UnreadableSubmission(
            "{name} is not a text file in {encoding}: line {number} holds the byte 0x{byte:02x}, so Python cannot "
            "read it. Save it as UTF-8.",
            name=name,
            encoding=encoding.upper().removesuffix("-SIG"),
            number=number,
            byte=raw[error.start],
        ) from error
    return "".join(io.StringIO(text, newline=None))


def cell_texts(name: str, raw: bytes) -> list[str]:
    """Return the texts of a notebook's code cells."""
    raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        msgspec.json.decode(raw, type=msgspec.Raw)  # JSON at all, before it is asked whether it has cells
        book = msgspec.json.decode(raw, type=_Notebook)
    except (msgspec.ValidationError, RecursionError) as error:
        raise UnreadableSubmission(
            "{name} is no notebook: it has no list of cells. Save it again in Jupyter.", name=name
        ) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        at = re.search(r"\(byte (\d+)\)", str(error))
        words = plain(str(error).removeprefix("JSON is malformed: ").partition(" (byte")[0])
        raise UnreadableSubmission(
            "{name}, line {line}: this is no notebook, for it is not JSON ({words}). Save it again in Jupyter, and "
            "download the .ipynb file.",
            name=name,
            line=line_number(raw, int(at[1]) if at else len(raw)),
            words=words,
        ) from error
    if len(book.cells) > MOST_CELLS:
        raise UnreadableSubmission(
            "{name} has {cells} cells, too many for a notebook. Is it the right file?",
            name=name,
            cells=len(book.cells),
        )
    return [_cell_text(cell.source) for cell in book.cells if cell.cell_type == "code"]


def _cell_text(source: str | list[str]) -> str:
    text = source if isinstance(source, str) else "".join(source)
    return "".join(io.StringIO(text, newline=None))


def plain(text: str, most: int = 200) -> str:
    r"""Return a text as one line of printable characters.

    >>> plain("too\nlong", 5)
    'too l…'
    """
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text[: 20 * most]).split())
    return line if len(line) <= most else f"{line[:most]}…"
