"""Whole files: a file appears complete or not at all, and an old one stays until the new one is ready."""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Yield a draft beside ``path`` to be written; at the end it takes the name, and after an error it is removed.

    Missing folders are made.

    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with whole_file(pathlib.Path(folder, "new", "x.txt")) as draft:
    ...         _ = draft.write_text("done")
    ...     [path.name for path in pathlib.Path(folder, "new").iterdir()]
    ['x.txt']
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{secrets.token_hex(8)}{path.suffix}")
    try:
        yield draft
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)  # it is there still if anything went wrong
