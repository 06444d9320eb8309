"""Decoding: a submission's file as bytes and as text, under bounds, before anything of it is parsed."""

from __future__ import annotations

import codecs
import io
import re
import stat
import tokenize
from typing import TYPE_CHECKING

from chainrule.errors import InvalidFile

if TYPE_CHECKING:
    from pathlib import Path

LARGEST = 20_000_000  # bytes of a .py file; notebooks hold pictures
LARGEST_NOTEBOOK = 100_000_000
SUFFIXES = (".py", ".ipynb")
FOREIGN = {b"PK\x03\x04": "a zip archive", b"%PDF": "a PDF", b"{\\rtf": "an RTF text of a word processor"}
ARCHIVES = "Unpack it, and hand in the .py or .ipynb file."
PLAIN = "Save it as plain text, and hand in the .py file."
ENCODING = re.compile(r"utf-8|ascii|iso8859-\d+|cp\d+|mac-\w+|koi8-\w|gb\w+|big5\w*|shift_jis\w*|euc_\w+|johab|tis-620")


class UnreadableSubmission(InvalidFile):
    """A student's file that cannot be read as Python or as a notebook."""


def read_bytes(path: Path) -> bytes:
    """Return what is in a file that can be a submission."""
    name = path.name
    notebook = path.suffix.lower() == ".ipynb"
    if path.suffix.lower() not in SUFFIXES:
        raise UnreadableSubmission(f"{name} is no Python file by its name: it must end in .py or .ipynb.")
    most = LARGEST_NOTEBOOK if notebook else LARGEST
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise UnreadableSubmission(f"{name} is not a file.")
        if about.st_size > most:
            raise UnreadableSubmission(
                f"{name} has {about.st_size / 1e6:.0f} MB, too many for a program. Is it the right file?"
            )
        with path.open("rb") as file:
            raw = file.read(most)
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
        number = line_number(raw, raw.index(b"\0"))
        if raw.count(b"\0") > 3:
            raise UnreadableSubmission(f"{name} is not a text file: it is full of null bytes. {PLAIN}")
        raise UnreadableSubmission(
            f"{name}, line {number}: there is a null byte, which no Python text may hold. Delete it, or type the line "
            "anew."
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
            raise UnreadableSubmission(f"{name}, line {number}: {error.msg}. Save it as UTF-8.") from error
        encoding = "utf-8"
    if not ENCODING.fullmatch(codecs.lookup(encoding).name.removesuffix("-sig")):
        raise UnreadableSubmission(f"{name}, line {number}: {encoding} is no encoding for a text. Save it as UTF-8.")
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        number = line_number(raw, error.start)
        raise UnreadableSubmission(
            f"{name} is not a text file in {encoding.upper().removesuffix('-SIG')}: line {number} holds the byte "
            f"0x{raw[error.start]:02x}, so Python cannot read it. Save it as UTF-8."
        ) from error
    return "".join(io.StringIO(text, newline=None))


def plain(text: str, most: int = 200) -> str:
    r"""Return a text as one line of printable characters.

    >>> plain("too\nlong", 5)
    'too l…'
    """
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text[: 20 * most]).split())
    return line if len(line) <= most else f"{line[:most]}…"
