"""The bench: code as it runs with some edits, and as it was."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chainrule.check.repairs.editable_code import Editable
    from chainrule.check.repairs.source_edits import SourceEdit


class Bench:
    """Puts edits into code and takes them out; code is compiled only where something else is to be run."""

    def __init__(self) -> None:
        self._stale: set[Editable] = set()  # in which an edit runs that is not there any more

    @contextmanager
    def with_edits(self, edits: Sequence[SourceEdit]) -> Iterator[None]:
        """Run code with edits that are known to be code."""
        for edit in edits:
            edit.apply()
        self._stale |= {edit.code for edit in edits}
        self._refresh()
        try:
            yield
        finally:
            for edit in reversed(edits):
                edit.undo()
            self._stale |= {edit.code for edit in edits}
            self._refresh()

    @contextmanager
    def with_edit(self, edit: SourceEdit) -> Iterator[bool]:
        """Run code with one edit; what is given is whether that could be compiled."""
        edit.apply()
        self._stale.discard(edit.code)
        self._refresh()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of what a student would be warned of
                is_code = edit.code.install()
            yield is_code
        finally:
            edit.undo()
            self._stale.add(edit.code)

    def _refresh(self) -> None:
        for code in self._stale:
            code.install()
        self._stale.clear()
