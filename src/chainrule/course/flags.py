"""Flags: what a teacher may want to look at himself; no points are taken for any of it unless he says so."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from chainrule.course.terminal import visible
from chainrule.language.translation import listed, say
from chainrule.sandbox import UnreadableSubmission, read

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chainrule.course.checked import Checked
    from chainrule.homework.exercise import Homework, Sheet
    from chainrule.sandbox.fingerprints import Fingerprint
    from chainrule.sandbox.student_file import StudentFile

COPIED = 60  # parts of a function's tree: smaller ones are often alike
LEAST_SHARE = 0.5  # of the parts of all functions asked for
NAMED = 8  # submissions of a group
SHARED = 150  # parts of all functions asked for that two submissions have in common


def flags_of(file: StudentFile, sheet: Sheet) -> Iterator[str]:
    """Say what is worth a look in a file: what it imports, and which functions are the solution's own.

    Names, layout, docstrings and annotations count for nothing there; functions of a few parts are left out, and where
    less than half of what is asked for is alike, it is no copy: what a docstring says in full is written in one way.
    """
    for module, line in file.imports.items():
        first = module.partition(".")[0]
        if first == "chainrule":
            yield say("imports chainrule ({file}, line {line})", file=file.name, line=line)
        elif first in sheet.forbids:
            told = "imports {module}, which is not allowed ({file}, line {line})"
            yield say(told, module=first, file=file.name, line=line)
    sizes = _sizes(sheet)
    copied = {name: size for name, size in sizes.items() if _is_solution(file, sheet, name)}
    if copied and sum(copied.values()) >= LEAST_SHARE * sum(sizes.values()):
        yield say("contains the solution's own {functions}", functions=", ".join(copied))


def _asked(sheet: Sheet) -> list[str]:
    return [exercise.function for exercise in sheet.exercises]


def _sizes(sheet: Sheet) -> dict[str, int]:
    """How many parts the solution's functions have, the smallest left out."""
    with suppress(UnreadableSubmission):
        prints = read(sheet.solution).fingerprints
        return {name: prints[name].size for name in _asked(sheet) if name in prints and prints[name].size >= COPIED}
    return {}


def _is_solution(file: StudentFile, sheet: Sheet, name: str) -> bool:
    return file.fingerprints.get(name) == read(sheet.solution).fingerprints[name]


def with_groups(checked: Sequence[Checked], homework: Homework) -> list[Checked]:
    """Flag submissions whose functions are the same up to names and layout: as a group, blaming nobody."""
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    marks = [_mark(one, homework) for one in checked]
    for one, mark in zip(checked, marks, strict=True):
        if mark is not None:
            groups[mark].append(visible(one.name))
    flagged = []
    for one, mark in zip(checked, marks, strict=True):
        names = groups[mark] if mark is not None else []
        more = [say("{number} more", number=len(names) - NAMED)] if len(names) > NAMED else []
        told = ", ".join(names[:NAMED]) if not more else listed([", ".join(names[:NAMED]), *more])
        flag = (say("the same up to names and layout: {names}", names=told),) if len(names) > 1 else ()
        flagged.append(replace(one, flags=(*one.flags, *flag)))
    return flagged


def _mark(checked: Checked, homework: Homework) -> tuple[str, ...] | None:
    """Return what the functions of a submission are like, None where there is too little of them."""
    asked = {name for sheet in homework.sheets for name in _asked(sheet)}
    prints: dict[str, Fingerprint] = {}
    for path in checked.files:
        with suppress(UnreadableSubmission):
            prints |= {name: one for name, one in read(Path(path)).fingerprints.items() if name in asked}
    if sum(one.size for one in prints.values()) < SHARED:
        return None
    return tuple(f"{name} {one.mark}" for name, one in sorted(prints.items()))


def withheld(checked: Checked) -> Checked:
    """Return a submission that is flagged without its points."""
    if not checked.flags:
        return checked
    judged = tuple(replace(one, points=0.0) for one in checked.judged)
    return replace(checked, judged=judged, remarks=(*checked.remarks, say("No points, for it is flagged (--strict).")))
