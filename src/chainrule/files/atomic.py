"""Atomic writing: a file appears complete or not at all, and an old one stays until the new one is ready."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from chainrule.errors import InvalidFile
from chainrule.files.locks import is_held, lock

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DRAFT = ".chainrule-draft-"  # how the name of a file begins that is not finished yet
REASONS = {
    errno.EEXIST: "a file of that name is there",
    errno.EISDIR: "it is a folder",
    errno.ENOTDIR: "a part of its path is a file and not a folder",
    errno.EACCES: "writing there is not allowed",
    errno.EPERM: "writing there is not allowed",
    errno.EROFS: "that disk can only be read",
    errno.ENAMETOOLONG: "its name is too long",
    errno.ELOOP: "its links lead in a circle",
    errno.ENXIO: "nothing can be written to a socket",
    errno.EPIPE: "its reader has gone",
    errno.ENOSPC: "the disk is full",
}


def write_whole(path: str | os.PathLike[str], content: bytes | str) -> Path:
    """Write a file, text as UTF-8: complete or not at all, and until it is complete the old one stays.

    Missing folders are made. Where ``path`` is a link, the file it leads to is written and the link stays. An old file
    hands on its mode and its owner (as far as that is allowed), a new one has the mode that the umask says. What is no
    regular file, a device, a pipe, ``/dev/stdout``, is written straight to.

    Raises
    ------
    InvalidFile
        Where it cannot be written; an old file is as it was.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = write_whole(pathlib.Path(folder, "new", "x.txt"), "done")
    ...     [path.name for path in pathlib.Path(folder, "new").iterdir()]
    ['x.txt']
    """
    place, data = Path(path), content.encode("utf-8") if isinstance(content, str) else content
    with told(place):
        if is_straight(place):
            _write_straight(place, data)
        else:
            _replace(Path(os.path.realpath(place)), data)
    return place


def check_writable(path: str | os.PathLike[str]) -> None:
    """Refuse, before any work is done, a path that :func:`write_whole` could not write; nothing is left there.

    Raises
    ------
    InvalidFile
        Where it is a folder, where a part of its path is a file, where its name is too long, where writing there is
        not allowed or not possible.
    """
    place = Path(path)
    with told(place):
        if is_straight(place):
            if not os.access(place, os.W_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
            return
        target = Path(os.path.realpath(place))
        _check_old(target)
        descriptor, draft = _new_draft(existing_folder(target))
        os.close(descriptor)
        draft.unlink()


def check_outputs(outputs: Iterable[Path | None], inputs: Iterable[Path] = ()) -> None:
    """Refuse, before any work is done, outputs that cannot be written, or that would cost another file its content.

    Raises
    ------
    InvalidFile
        Where one cannot be written, where it is a file that is read, and where two are the same.

    Examples
    --------
    >>> check_outputs([Path("points.csv")], [Path("./points.csv")])
    Traceback (most recent call last):
    chainrule.errors.InvalidFile: Cannot write points.csv: it is read as well, and would be lost. Choose another place.
    """
    taken = {_same_place(path): "it is read as well, and would be lost" for path in inputs}
    for path in filter(None, outputs):
        check_writable(path)
        if is_straight(path):
            continue
        place = _same_place(path)
        if place in taken:
            raise InvalidFile(f"Cannot write {path}: {taken[place]}. Choose another place.")
        taken[place] = "another output goes there"


def _same_place(path: Path) -> object:
    """Return what two paths have in common that lead to one file: its number on its disk, or where it would be."""
    try:
        found = path.stat()
    except OSError:
        return os.path.normcase(os.path.realpath(path))
    return found.st_dev, found.st_ino


def existing_folder(path: Path) -> Path:
    """Return the nearest folder above a path that is there; the names of what is missing below it are checked."""
    folder = path.parent
    while not folder.exists():
        folder = folder.parent
    for name in path.relative_to(folder).parts:
        with suppress(FileNotFoundError):
            (folder / name).lstat()
    return folder


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn what the system says of a path that cannot be written into a sentence."""
    try:
        yield
    except (OSError, ValueError) as error:  # ValueError: a path with a null byte in it, in words of each Python's own
        if isinstance(error, InvalidFile):
            raise
        number = error.errno if isinstance(error, OSError) else None
        said = "there is a null byte in it" if "\0" in str(path) else getattr(error, "strerror", None) or str(error)
        advice = "Make room and try again." if number == errno.ENOSPC else "Choose another place."
        raise InvalidFile(f"Cannot write {path}: {REASONS.get(number or 0, said)}. {advice}") from error


def is_straight(path: Path) -> bool:
    """Whether a path is a device, a pipe or an open file, rather than a regular file or none yet."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return False
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if stat.S_ISSOCK(mode):
        raise OSError(errno.ENXIO, os.strerror(errno.ENXIO))
    return not stat.S_ISREG(mode) or _open_file(path) is not None


def _open_file(path: Path) -> str | None:
    """Return where the links of a path pass through the list of open files: ``/dev/stdout`` is ``/proc/self/fd/1``."""
    for _ in range(40):  # as many links as Linux follows
        here = os.path.join(os.path.realpath(path.parent), path.name)  # noqa: PTH118  # Path drops the last link
        if here.startswith(("/proc/", "/dev/fd/")):
            return here
        if not path.is_symlink():
            return None
        path = Path(here).parent / path.readlink()
    return None


def _write_straight(path: Path, data: bytes) -> None:
    """Write to a device or a pipe; to an open file of our own where it stands, as everything else that we print."""
    opened = _open_file(path)
    own = (f"/proc/{os.getpid()}/fd/", "/dev/fd/")
    if opened is not None and opened.startswith(own):
        sys.stdout.flush()
        descriptor = os.dup(int(Path(opened).name))
    else:
        descriptor = os.open(path, os.O_WRONLY)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)


def _replace(target: Path, data: bytes) -> None:
    """Write a draft beside a file and let it take the file's name."""
    _check_old(target)
    existing_folder(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    _tidy(target.parent)
    while not _is_replaced(target, data):
        pass


def _is_replaced(target: Path, data: bytes) -> bool:
    """Write a draft and give it the name, unless another writer tidied it away: before its lock, or after it."""
    descriptor, draft = _new_draft(target.parent)
    try:
        with suppress(FileNotFoundError):
            with os.fdopen(descriptor, "wb") as file:
                if target.exists():
                    _take_after(target, draft)
                file.write(data)
            draft.replace(target)
            return True
    finally:
        draft.unlink(missing_ok=True)  # it is there still if anything went wrong
    return False


def _check_old(target: Path) -> None:
    """Refuse a file that may not be written: that its folder may be written would be a way round that."""
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def _new_draft(folder: Path) -> tuple[int, Path]:
    """Open a new file, of the mode that the umask says; as long as it is open nobody tidies it away."""
    while True:
        draft = folder / f"{DRAFT}{secrets.token_hex(8)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
        if lock(descriptor) and draft.exists():
            return descriptor, draft
        os.close(descriptor)  # somebody tidied just between the two lines
        draft.unlink(missing_ok=True)


def _take_after(target: Path, draft: Path) -> None:
    """Give a draft the owner, the mode and the attributes of the file that it replaces."""
    old = target.stat()
    with suppress(OSError, AttributeError):  # only root gives files away, and Windows knows no owners
        os.chown(draft, old.st_uid, old.st_gid)
    shutil.copystat(target, draft)


def _tidy(folder: Path) -> None:
    """Remove the drafts of processes that were killed while they wrote."""
    for draft in folder.glob(f"{DRAFT}*"):
        with suppress(OSError):
            if not is_held(draft):
                draft.unlink()
