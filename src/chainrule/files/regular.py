"""Regular files, the only ones that are read: a pipe would hang, and a device would fill the memory."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from chainrule.errors import InvalidFile

if TYPE_CHECKING:
    from collections.abc import Iterator

UNHURRIED = getattr(os, "O_NONBLOCK", 0)  # opening a pipe that nobody writes to must not wait


@contextmanager
def open_regular(path: str | os.PathLike[str]) -> Iterator[IO[bytes]]:
    """Yield a regular file, open for reading, and say in a sentence what goes wrong in the block.

    Raises
    ------
    InvalidFile
        Where there is no such file, where it is a directory, a device, a pipe or a socket, where it cannot be read,
        and where the block asks for more memory than there is.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "x.txt")
    ...     _ = path.write_text("numbers")
    ...     with open_regular(path) as file:
    ...         file.read(), size_of(file)
    (b'numbers', 7)
    >>> with open_regular("."):
    ...     pass
    Traceback (most recent call last):
    chainrule.errors.InvalidFile: . is a directory. Name a file in it.
    """
    try:
        _check_kind(path, os.stat(path).st_mode)  # noqa: PTH116  # a path may be any text, and pathlib keeps less of it
        with open(path, "rb", opener=lambda name, flags: os.open(name, flags | UNHURRIED)) as file:
            _check_kind(path, os.fstat(file.fileno()).st_mode)  # what was opened, should another have taken its place
            yield file
    except FileNotFoundError:
        raise InvalidFile(f"There is no file {path}. Check its name and its folder.") from None
    except OSError as error:
        raise InvalidFile(f"Cannot read {path}: {error.strerror or error}.") from None
    except MemoryError:
        raise InvalidFile(f"{path} needs more memory than there is. Save fewer rows or columns of it.") from None


def size_of(file: IO[bytes]) -> int:
    """Return how many bytes an open file has."""
    return os.fstat(file.fileno()).st_size


def _check_kind(path: object, mode: int) -> None:
    """Raise the sentence about what is no regular file."""
    if stat.S_ISDIR(mode):
        raise InvalidFile(f"{path} is a directory. Name a file in it.")
    if not stat.S_ISREG(mode):
        raise InvalidFile(f"{path} is a device or a pipe. Save the data in a file.")
