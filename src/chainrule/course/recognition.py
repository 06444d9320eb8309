"""Recognising: which lab's sheet a file answers, told by the functions it defines and by what it is called."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from pathlib import PurePath
from typing import TYPE_CHECKING, TypeAlias

from chainrule.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from chainrule.homework.exercise import Homework, Sheet

    Place: TypeAlias = tuple[str, int]  # lab, number of its sheet

ENOUGH = 1.0  # a name that one sheet alone asks for, or what the file is called
LONGEST = 2_000_000  # signs that are looked through for a name
NAMES_LAB = re.compile(r"chainrule check \S+ --lab (\S+\.py)\b")  # as a starter of a lab of one's own says it
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")


def recognise(path: Path, homeworks: Mapping[str, Homework]) -> tuple[str, int]:
    """Return the lab and the number of the sheet that a file answers.

    Raises
    ------
    InvalidValue
        Where there is too little to tell, or two labs would do; where it says that it is of a lab of one's own.
    UnreadableSubmission
        Where it can be told neither by its name nor by what is in it, because nothing in it can be read.
    """
    if own := _own_lab(path):
        raise InvalidValue(
            f"{path.name} is homework of a lab of one's own, {own}: say where that file lies, --lab FOLDER/{own}."
        )
    try:
        return recognise_names(path.name, defined_in(path), homeworks)
    except InvalidValue:
        from chainrule.sandbox.student_file import read

        read(path)
        raise


def _own_lab(path: Path) -> str:
    """Return the lab file that a starter names in its text, "" where it names none.

    It is not run: what a submission names is the submission's word.
    """
    with suppress(OSError):
        found = NAMES_LAB.search(path.read_text(encoding="utf-8", errors="replace")[:LONGEST])
        return found[1].rstrip("\\") if found else ""
    return ""


def recognise_names(file: str, names: AbstractSet[str], homeworks: Mapping[str, Homework]) -> tuple[str, int]:
    """Return the lab and the number of the sheet of a file called ``file`` that defines ``names``."""
    found = {place: score for place, score in _scores(file, names, homeworks).items() if _is_told(place, file, names,
                                                                                               homeworks)}  # fmt: skip
    best = max(found.values(), default=0.0)
    first = [place for place, score in found.items() if score == best]
    if best < ENOUGH or len({lab for lab, _ in first}) > 1:
        raise InvalidValue(
            f"Cannot tell which lab {file} belongs to. Say it with --lab; there are: {', '.join(homeworks)}. Code of "
            "no lab is checked from Python: chainrule.check_backprop(function, network)."
        )
    return first[0]


def _is_told(place: Place, file: str, names: AbstractSet[str], homeworks: Mapping[str, Homework]) -> bool:
    """Whether a file's name, or a function that no other sheet asks for, speaks for a sheet."""
    sheet = homeworks[place[0]].sheets[place[1]]
    others = {
        name
        for lab, homework in homeworks.items()
        for number, other in enumerate(homework.sheets)
        if (lab, number) != place
        for name in _functions(other)
    }
    return bool(_likeness(file, sheet.file)) or not (_functions(sheet) & names) <= others


def sheet_of(path: Path, homework: Homework) -> int:
    """Return the number of the sheet that a file of this homework answers best; the first where nothing tells."""
    found = _scores(path.name, defined_in(path), {"": homework})
    return max(found, key=lambda place: found[place])[1]


def match(paths: Sequence[Path], homework: Homework) -> dict[Path, int]:
    """Return which of the files of one submission answer which sheets, each sheet at most once.

    Files that a lab hands out as they are answer none; a file alone answers the sheet that it fits best.
    """
    paths = [path for path in paths if path.name not in homework.beside] or list(paths)
    if len(paths) == 1:
        return {paths[0]: sheet_of(paths[0], homework)}
    ranked = [
        (score, path, number)
        for path in paths
        for (_, number), score in _scores(path.name, defined_in(path), {"": homework}).items()
        if score > 0
    ]
    chosen: dict[Path, int] = {}
    for _, path, number in sorted(ranked, key=lambda one: -one[0]):  # equal ones stay in the files' order
        if path not in chosen and number not in chosen.values():
            chosen[path] = number
    return dict(sorted(chosen.items(), key=lambda one: one[1]))


def left_over(paths: Iterable[Path], chosen: Mapping[Path, int], homework: Homework) -> list[Path]:
    """Return the files beside the chosen ones that would answer a sheet, too: older copies, for one."""
    others = (path for path in paths if path not in chosen and path.name not in homework.beside)
    return [path for path in others if max(_scores(path.name, defined_in(path), {"": homework}).values()) >= ENOUGH]


def defined_in(path: Path) -> AbstractSet[str]:
    """Return the names of a file's functions and classes, ``"sigmoid"`` or ``"Network.forward"``."""
    from chainrule.sandbox.student_file import defined

    return defined(path)


def _scores(file: str, names: AbstractSet[str], homeworks: Mapping[str, Homework]) -> dict[Place, float]:
    """Return how well the file fits each sheet: names in common count more the fewer sheets ask for them."""
    sheets = {(lab, k): sheet for lab, homework in homeworks.items() for k, sheet in enumerate(homework.sheets)}
    asking = Counter(name for sheet in sheets.values() for name in _functions(sheet))
    return {
        place: sum(1 / asking[name] for name in _functions(sheet) & names) + _likeness(file, sheet.file)
        for place, sheet in sheets.items()
    }


def _functions(sheet: Sheet) -> set[str]:
    return {exercise.function for exercise in sheet.exercises}


def _likeness(file: str, wanted: str) -> float:
    """Return 2 for a sheet's own name and 1 for one that holds it.

    >>> _likeness("xor.py", "xor.py"), _likeness("lab3_XOR-Anna.ipynb", "xor.py"), _likeness("xorn.py", "xor.py")
    (2.0, 1.0, 0.0)
    """
    words, sought = _words(file), _words(wanted)
    if words == sought:
        return 2.0
    starts = range(len(words) - len(sought) + 1)
    return 1.0 if any(words[k : k + len(sought)] == sought for k in starts) else 0.0


def _words(file: str) -> list[str]:
    """Return the words that a file's name is made of.

    >>> _words("trainNeuron_2.py")
    ['train', 'neuron', '2']
    """
    return [word.lower() for word in WORD.findall(PurePath(file).stem)]
