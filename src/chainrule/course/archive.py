"""Archives: the .zip that a platform hands out, unpacked into a folder that goes when all is done."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from chainrule.errors import InvalidFile

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_FILES, MOST_BYTES = 20_000, 2_000_000_000


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """Unpack a .zip; names that lead out of it lose what leads out, links become files.

    Raises
    ------
    InvalidFile
        Where it is no .zip, is damaged, locked, or would take more than 20 000 files or 2 GB.
    """
    folder = tempfile.mkdtemp(prefix="chainrule-class-")
    try:
        _unpack(path, folder)
        yield Path(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unpack(path: Path, folder: str) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            size = sum(one.file_size for one in members)
            if len(members) > MOST_FILES or size > MOST_BYTES:
                raise InvalidFile(
                    f"{path} holds {len(members)} files of {size} bytes: too much for a class's homework."
                )
            archive.extractall(folder)  # a member longer than it says is cut off by zipfile, which checks its sum
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise InvalidFile(f"{path} cannot be unpacked: {error}. Unpack it yourself and name the folder.") from error
    except OSError as error:
        raise InvalidFile(f"{path} cannot be unpacked: {error.strerror or error}.") from error
