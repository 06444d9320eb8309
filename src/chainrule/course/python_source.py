"""Source: a Python file's text and syntax, with positions of the one turned into positions of the other."""

from __future__ import annotations

import ast
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chainrule.errors import InvalidFile

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


@dataclass(frozen=True)
class TextEdit:
    """A stretch of a text and what stands in its place, in characters."""

    start: int
    end: int
    text: str


class PythonSource:
    """A Python file as text and as a tree; ``path`` is named where it is not Python."""

    def __init__(self, text: str, path: Path) -> None:
        self.text = text
        try:
            self.tree = ast.parse(text)
        except SyntaxError as error:
            raise InvalidFile(f"{path}, line {error.lineno}, is not Python: {error.msg}.") from error
        self.lines = io.StringIO(text).readlines()  # as ast counts them: a form feed ends none
        self._starts = [0]
        for line in self.lines:
            self._starts.append(self._starts[-1] + len(line))

    def line_start(self, line: int) -> int:
        """Where a line begins, the first being 1; one behind the last is the end."""
        return self._starts[line - 1]

    def line_end(self, line: int) -> int:
        """Where a line ends, before its line break."""
        return self.line_start(line) + len(self.lines[line - 1].rstrip("\r\n"))

    def at(self, line: int, column: int) -> int:
        """Where ast's line and column, which counts bytes, are in the text."""
        return self.line_start(line) + len(self.lines[line - 1].encode()[:column].decode())

    def span(self, node: ast.stmt | ast.expr) -> tuple[int, int]:
        """Where a node begins and ends."""
        return self.at(node.lineno, node.col_offset), self.at(node.end_lineno or 0, node.end_col_offset or 0)

    def edited(self, edits: Iterable[TextEdit]) -> str:
        """Return the text with these edits; what lies inside a longer one is left out."""
        chosen: list[TextEdit] = []
        for edit in sorted(edits, key=lambda edit: (edit.start, -edit.end)):
            if not chosen or edit.start >= chosen[-1].end:
                chosen.append(edit)
        text = self.text
        for edit in reversed(chosen):
            text = text[: edit.start] + edit.text + text[edit.end :]
        return text
