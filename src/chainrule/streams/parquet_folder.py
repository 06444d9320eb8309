"""A folder of parquet files: which are in it and in which order, what names of folders say, and what is missing.

``year=2020/part-0.parquet`` has a column ``year`` that stands in no file: Hive, Spark, pandas and pyarrow write so.
"""

from __future__ import annotations

import re
from collections import defaultdict
from contextlib import suppress
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import numpy as np

from chainrule.errors import InvalidFile, warn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import numpy.typing as npt

NO_VALUE = "__HIVE_DEFAULT_PARTITION__"


def parquet_files(path: Path) -> list[Path]:
    """Return the parquet files at a path, in the order of their names, numbers in them as numbers.

    Names that begin with a dot or an underscore are what a program has not finished, and are passed over.

    Raises
    ------
    InvalidFile
        Where there is none.
    """
    if path.is_dir():
        found = [one for one in path.rglob("*.parquet") if not _is_hidden(one.relative_to(path))]
        if not found:
            raise InvalidFile(f"{path} holds no file that ends in .parquet.")
        return sorted(found, key=lambda one: _by_numbers(str(one.relative_to(path))))
    if not path.exists():
        raise InvalidFile(f"{path} does not exist.")
    return [path]


def _is_hidden(path: Path) -> bool:
    return any(part.startswith((".", "_")) for part in path.parts)


def _by_numbers(name: str) -> list[tuple[int, str]]:
    """Split a name so that part-10 comes after part-9."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", name)]


# --- what the names of folders say ------------------------------------------------------------------------------------


def folder_columns(paths: Sequence[Path], root: Path) -> dict[str, npt.NDArray[Any]]:
    """Return the columns that stand in the names of folders, key=value: of each the value of every file.

    They are whole numbers, numbers or texts, the first that all values can be.

    Raises
    ------
    InvalidFile
        Where a file lies in folders of other keys than the first, or has no value.
    """
    keys = [_keys(path, root) for path in paths]
    for path, own in zip(paths, keys, strict=True):
        if own.keys() != keys[0].keys():
            told = [", ".join(one) or "no key" for one in (own, keys[0])]
            raise InvalidFile(f"{path} lies in folders that name {told[0]}, and {paths[0].name} in such of {told[1]}.")
        if NO_VALUE in own.values():
            raise InvalidFile(f"{path} lies in a folder without a value, {NO_VALUE}: move it, or give it one.")
    return {name: _numbers_or_texts([one[name] for one in keys]) for name in keys[0]}


def _keys(path: Path, root: Path) -> dict[str, str]:
    """What the folders between the root and a file say."""
    folders = path.relative_to(root).parts[:-1] if path != root else ()
    pairs = (folder.partition("=") for folder in folders)
    return {unquote(key): unquote(value) for key, sign, value in pairs if key and sign}


def _numbers_or_texts(values: Sequence[str]) -> npt.NDArray[Any]:
    for kind in (np.int64, np.float64):
        with suppress(ValueError, OverflowError):
            return np.array(values).astype(kind)
    return np.array(values, object)


# --- what is missing --------------------------------------------------------------------------------------------------


def warn_of_gaps(paths: Sequence[Path]) -> None:
    """Warn where files of one folder are numbered, and a few of the numbers between the first and the last are missing.

    More than one for two that are there are no gap but another way of counting: every tenth, or days of months.
    """
    folders = defaultdict(list)
    for path in paths:
        folders[path.parent].append(path.name)
    for folder, names in folders.items():
        missing = list(_missing(names))
        if missing:
            more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
            warn(
                f"{folder} has {len(names)} numbered files, and {missing[0]}{more} is not among them: if it should be, "
                "rows are missing."
            )


def _missing(names: Sequence[str]) -> Iterator[str]:
    """Yield the names that are missing, if the names differ in one number alone.

    >>> list(_missing(["part-08.parquet", "part-09.parquet", "part-11.parquet"])), list(_missing(["a4", "a7"]))
    (['part-10.parquet'], [])
    """
    split = [re.split(r"(\d+)", name) for name in names]
    places = [place for place, parts in enumerate(zip(*split, strict=False)) if len(set(parts)) > 1]
    if len({len(parts) for parts in split}) > 1 or len(places) != 1 or not places[0] % 2:
        return
    place = places[0]
    numbers = {int(parts[place]): parts for parts in split}
    if max(numbers) - min(numbers) + 1 - len(numbers) > len(numbers) // 2:
        return
    for before, after in pairwise(sorted(numbers)):
        parts = numbers[before]
        for number in range(before + 1, after):
            yield "".join([*parts[:place], str(number).zfill(len(parts[place])), *parts[place + 1 :]])
