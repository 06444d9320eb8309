"""Flags: what a teacher may want to look at himself; no points are taken for any of it unless he says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chainrule.sandbox.student_file import UnreadableSubmission, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chainrule.faces.labs.homework import Sheet
    from chainrule.sandbox.student_file import StudentFile

COPIED = 60  # parts of a function's tree: smaller ones are often alike
SHARED = 150  # parts of all functions asked for that two submissions have in common


def flags_of(file: StudentFile, sheet: Sheet) -> Iterator[str]:
    """Say what is worth a look in a file: what it imports, and which functions are the solution's own.

    Names, layout, docstrings and annotations count for nothing there; functions of a few parts are left out.
    """
    for module, line in file.imports.items():
        first = module.partition(".")[0]
        if first == "chainrule":
            yield f"imports chainrule ({file.name}, line {line})"
        elif first in sheet.forbids:
            yield f"imports {first}, which is not allowed ({file.name}, line {line})"
    copied = [name for name in _asked(sheet) if _is_solution(file, sheet, name)]
    if copied:
        yield f"contains the solution's own {', '.join(copied)}"


def _asked(sheet: Sheet) -> list[str]:
    return [exercise.function for exercise in sheet.exercises]


def _is_solution(file: StudentFile, sheet: Sheet, name: str) -> bool:
    try:
        right = read(sheet.solution).fingerprints.get(name)
    except UnreadableSubmission:
        return False
    return right is not None and right.size >= COPIED and file.fingerprints.get(name) == right
