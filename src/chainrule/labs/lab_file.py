"""Lab files: a lab of your own, read from the Python file that holds it. The file is run to be read."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import traceback
import zlib
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chainrule.errors import ChainruleError, InvalidFile
from chainrule.labs.lab import Lab

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator
    from types import ModuleType

NAME = "LAB"  # what a file calls its lab where it has several


def is_path(name: object) -> bool:
    """Whether this is a file's path and no lab's name: it ends in .py, or has a folder in it.

    >>> is_path("xor"), is_path("xor.py"), is_path("./xor")
    (False, True, True)
    """
    return isinstance(name, Path) or (isinstance(name, str) and (name.endswith(".py") or Path(name).name != name))


def load_file(path: str | os.PathLike[str]) -> Lab:
    """Run a Python file and return the lab it defines: its ``LAB``, or the only ``Lab`` there is.

    Each call runs the file again, so that a file that was changed is read anew. Files beside it can be imported by it.

    Raises
    ------
    InvalidFile
        Where there is no such file, where running it raises, and where it has no lab, or several and none is ``LAB``.
    """
    place = Path(path).expanduser().resolve()
    if not place.is_file():
        what = f"{path} is a folder: name the .py file of a lab." if place.is_dir() else f"There is no file {path}."
        raise InvalidFile(f"{what} The labs that have a name: chainrule lab list.")
    return replace(_lab_of(_run(place), path), file=place)


def module_name(path: Path) -> str:
    """The name under which a lab's file is imported: one that no other module has."""
    return f"chainrule_lab_{path.stem.replace('.', '_')}_{zlib.crc32(str(path).encode()):08x}"


def _run(path: Path) -> ModuleType:
    """Import a file under a name of its own; what it raises becomes a sentence with the line."""
    spec = importlib.util.spec_from_file_location(module_name(path), path)
    if spec is None or spec.loader is None:
        raise InvalidFile(f"{path} is no Python file: a lab's name must end in .py.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up there
    sys.path.insert(0, str(path.parent))
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        del sys.modules[spec.name]
        raise InvalidFile(f"{path}{_line(error, path)}: {_told(error)}. Mend it and try again.") from error
    finally:
        sys.path.remove(str(path.parent))
    return module


@contextmanager
def told(lab: Lab) -> Iterator[None]:
    """Say in a sentence what a lab's file raised while it ran, and in which of its lines; ours are left as they are."""
    try:
        yield
    except ChainruleError:
        raise
    except Exception as error:
        if lab.file is None:
            raise
        raise InvalidFile(f"{lab.file}{_line(error, lab.file)}: {_told(error)}. Mend it and try again.") from error


def _line(error: BaseException, path: Path) -> str:
    """The last line of the file on the way to an error."""
    if isinstance(error, SyntaxError) and error.filename == str(path):
        return f", line {error.lineno}"
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    return f", line {lines[-1]}" if lines else ""


def _told(error: BaseException) -> str:
    words = error.msg if isinstance(error, SyntaxError) else " ".join(str(error).split())
    return f"{type(error).__name__}: {words}".removesuffix(": ").rstrip(".")


def _lab_of(module: ModuleType, path: str | os.PathLike[str]) -> Lab:
    """The lab that a module means."""
    named: Any = getattr(module, NAME, None)
    if isinstance(named, Lab):
        return named
    if named is not None:
        raise InvalidFile(f"{NAME} in {path} must be a chainrule.labs.Lab, got {type(named).__name__}.")
    labs = {id(value): (name, value) for name, value in vars(module).items() if isinstance(value, Lab)}
    if not labs:
        raise InvalidFile(f"There is no lab in {path}: write {NAME} = chainrule.labs.Lab(…) in it.")
    if len(labs) > 1:
        names = ", ".join(name for name, _ in labs.values())
        raise InvalidFile(f"There are several labs in {path}: {names}. Call the one that is meant {NAME}.")
    return next(lab for _, lab in labs.values())
