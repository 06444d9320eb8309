"""Streams: what a command prints reaches a screen of any encoding, and one that is closed or full is answered."""

from __future__ import annotations

import codecs
import io
import os
import sys
import unicodedata
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from chainrule.errors import InvalidFile

if TYPE_CHECKING:
    from typing import TextIO

SIGNS = {
    "−": "-", "–": "-", "—": "-", "─": "-", "│": "|", "‖": "||", "‘": "'", "’": "'", "“": '"', "”": '"', "′": "'",
    "∂": "d", "∇": "grad", "·": "*", "×": "x", "⊙": "*", "→": "->", "←": "<-", "⇒": "=>", "≤": "<=", "≥": ">=",
    "≠": "!=", "≈": "~", "≡": "=", "∈": " in ", "∑": "sum", "∏": "prod", "√": "sqrt", "∞": "inf", "⊤": "T", "⋯": "...",
    "⋮": ":", "⟨": "<", "⟩": ">", "±": "+-", "⁄": "/",
}  # fmt: skip
SCRIPTS = {"<super>": "^", "<sub>": "_"}
ERRORS = "chainrule.readable"


def readable(error: UnicodeError) -> tuple[str, int]:
    r"""Stand in for letters that an encoding lacks: signs of mathematics become words, other letters escapes.

    >>> import codecs
    >>> codecs.register_error(ERRORS, readable)
    >>> print("∂L/∂W⁽¹²⁾ = η · x₁ ≥ λ, № 5, к".encode("ascii", errors=ERRORS).decode())
    dL/dW^(12) = eta * x_1 >= lambda, No 5, \u043a
    """
    if not isinstance(error, UnicodeEncodeError):
        raise error
    runs = groupby(error.object[error.start : error.end], key=_script)
    return "".join(mark + "".join(map(_plain, run)) for mark, run in runs), error.end


def _script(letter: str) -> str:
    """Return the sign before a run of superscripts or of subscripts, or nothing."""
    if letter in "⁾₎":  # what it closes may have letters that the encoding has, as Latin-1 has ¹
        return ""
    return SCRIPTS.get(unicodedata.decomposition(letter).partition(" ")[0], "")


def _plain(letter: str) -> str:
    """Return one letter in ASCII."""
    alike = "".join(SIGNS.get(part, part) for part in unicodedata.normalize("NFKD", letter))
    alike = alike.encode("ascii", errors="ignore").decode()
    name = unicodedata.name(letter, "")
    if not alike and name.startswith("GREEK"):
        word = name.split()[-1].replace("LAMDA", "LAMBDA")  # as Unicode spells it
        alike = word.lower() if "SMALL" in name else word.capitalize()
    return alike or letter.encode("ascii", errors="backslashreplace").decode()


def open_streams() -> None:
    """Give standard error a place where it has none, and both streams letters that everything can be written in.

    Raises
    ------
    InvalidFile
        Where standard output is closed.
    """
    closed = sys.stdout is None
    with suppress(OSError):  # else the next file that is opened becomes what children take for their output
        while (place := os.open(os.devnull, os.O_RDWR)) <= 2:
            os.set_inheritable(place, True)
        os.close(place)
    codecs.register_error(ERRORS, readable)
    if sys.stderr is None:
        sys.stderr = _nowhere()
    if closed:
        sys.stdout = _nowhere()
        raise InvalidFile(
            "There is nowhere to print to: standard output is closed. Send it to a file, or to /dev/null."
        )
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=ERRORS)


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")


def refuse(sentence: str) -> None:
    """Say why nothing came of it, to whoever can still be told."""
    try:
        print(f"Error: {sentence}", file=sys.stderr, flush=True)  # noqa: T201
    except OSError:
        sys.stderr = _nowhere()


def flush() -> None:
    """Write what is still to be printed; where that fails, drop it, so that the end of Python does not try again."""
    try:
        sys.stdout.flush()
    except OSError as error:
        sys.stdout = _nowhere()
        raise InvalidFile(f"Cannot print the rest: {error.strerror or error}.") from error
