"""Script names: what a file finds when it is run; of one that was exported from a notebook also IPython's own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

MAGIC = re.compile(r"^\s*get_ipython\(\)\.", re.MULTILINE)


class _Shell:
    """IPython in its absence: whatever is asked of it is not done."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        if name.startswith("__"):
            raise AttributeError(name)
        return _nothing


def names_of_script(file: str) -> dict[str, Any]:
    """Return the names with which a file is run as a script; a notebook's magics do nothing, and it shows nothing."""
    try:
        exported = MAGIC.search(Path(file).read_text(encoding="utf-8")) is not None
    except (OSError, UnicodeDecodeError):
        exported = False
    own = {"__name__": "__main__", "__file__": file}
    return own | ({"get_ipython": _Shell, "display": _nothing} if exported else {})


def _nothing(*_: Any, **__: Any) -> None:
    """Do nothing."""
