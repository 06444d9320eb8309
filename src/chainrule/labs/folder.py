"""Folders: the results of a run appear whole or not at all, and take the place of an older run's as a whole.

A run works in a draft, ``.chainrule-draft`` in its folder, which is locked as long as the run lives. When all is
written, the draft is renamed: from then on the new results hold. What the older run wrote goes, results.json first;
what is new takes its place, results.json last. A run that was killed before the renaming has changed nothing; one that
was killed after it is brought to its end by whoever uses the folder next. Files that no run wrote stay.
"""

from __future__ import annotations

import json
import os
import shutil
from contextlib import ExitStack, contextmanager, suppress
from itertools import chain, count
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from chainrule.errors import InvalidFile
from chainrule.files.atomic import check_writable, told, write_whole
from chainrule.files.locks import lock
from chainrule.processes.signals import deferred

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DRAFT = ".chainrule-draft"
RESULTS, REPORT = "results.json", "report.html"
OTHER = "Choose another folder with --out."


@contextmanager
def results_folder(folder: str | os.PathLike[str], lab: str) -> Iterator[Path]:
    """Yield an empty draft to write a run's files into; at the end they appear in ``folder``, after an error none does.

    Parameters
    ----------
    folder : path
        It is made where it is missing. It may hold an older run of the same lab, and files of your own, which stay: one
        that is in the way of a new file is renamed, ``linear.safetensors`` to ``linear.kept.safetensors``.
    lab : str
        The lab's name.

    Raises
    ------
    InvalidFile
        Where the folder cannot be written, holds results of another lab or files of none, or where another run writes
        into it.
    """
    target = Path(folder)
    with ExitStack() as stack:
        with told(target):
            stack.callback(_remove_empty, _make(target))
            draft = stack.enter_context(_draft(target))
        _refuse_others(target, lab)
        try:
            yield draft
        except InvalidFile as error:
            raise InvalidFile(str(error).replace(str(draft), str(target))) from error
        with told(target), deferred(lambda: None):
            _commit(target)


def finish(folder: Path) -> None:
    """Bring a run to its end that was killed while its files took their places."""
    if (folder / DRAFT / "ready").is_dir():
        with told(folder), _draft(folder):
            pass


def files_of(content: Mapping[str, Any]) -> list[str]:
    """Name the files that belong to a results.json, itself last.

    >>> files_of({"runs": [{"name": "a"}], "figures": ["a_loss"]})
    ['figures/a_loss.svg', 'figures/a_loss.png', 'a.safetensors', 'results.json']
    """
    pictures = [f"figures/{name}{suffix}" for name in content["figures"] for suffix in (".svg", ".png")]
    animations = [animation_path(name) for name in content.get("animations", [])]
    return [*pictures, *animations, *map(network_name, content["runs"]), RESULTS]


def animation_path(name: str) -> str:
    """Return where an animation lies in a folder."""
    return f"figures/{name}.gif"


def network_name(run: Mapping[str, Any]) -> str:
    """Name the file of a run's network: by the run, and of several seeds by its seed.

    >>> network_name({"name": "a"}), network_name({"name": "a", "seed": 3})
    ('a.safetensors', 'a_seed3.safetensors')
    """
    return (f"{run['name']}_seed{run['seed']}" if "seed" in run else str(run["name"])) + ".safetensors"


def _make(target: Path) -> list[Path]:
    """Make a folder; return those that were missing, the innermost first."""
    missing = [path for path in (target, *target.parents) if not path.exists()]
    try:
        if missing:
            check_writable(target)  # in its own words where a file is in the way
    except InvalidFile:
        if not target.is_dir():  # else another run has made it just now
            raise
    target.mkdir(parents=True, exist_ok=True)
    return missing


def _remove_empty(folders: list[Path]) -> None:
    """Remove folders that were made for nothing."""
    for path in folders:
        with suppress(OSError):
            path.rmdir()


@contextmanager
def _draft(target: Path) -> Iterator[Path]:
    """Hold the draft of a folder, tidied of what a run that was killed has left; yield the folder to write into."""
    draft = target / DRAFT
    descriptor = _lock(target, draft)
    try:
        if (draft / "ready").is_dir():
            _take_places(target)
        shutil.rmtree(draft / "new", ignore_errors=True)
        (draft / "new").mkdir()
        yield draft / "new"
    finally:
        over = not (draft / "ready").is_dir()  # a draft that is ready is never thrown away
        if over:
            shutil.rmtree(draft, ignore_errors=True)
        os.close(descriptor)
        if over and os.name == "nt":  # where the lock cannot be removed as long as it is open
            shutil.rmtree(draft, ignore_errors=True)


def _lock(target: Path, draft: Path) -> int:
    """Lock a draft, or say that another run has it."""
    while True:
        draft.mkdir(exist_ok=True)
        try:
            descriptor = os.open(draft / "lock", os.O_RDWR | os.O_CREAT, 0o666)
        except FileNotFoundError:  # the other run ended just now
            continue
        if not lock(descriptor):
            os.close(descriptor)
            raise InvalidFile(f"Another run is writing into {target}: wait for its end. {OTHER}")
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(descriptor), (draft / "lock").stat()):
                return descriptor
        os.close(descriptor)


def _refuse_others(target: Path, lab: str) -> None:
    """Refuse a folder in which something else lies than an older run of the same lab."""
    there = sorted(path.name for path in target.iterdir() if not path.name.startswith("."))
    if not there:
        return
    if RESULTS not in there:
        named = ", ".join(there[:3]) + (", …" if len(there) > 3 else "")
        raise InvalidFile(f"{target} holds files that no lab wrote ({named}), and results are not mixed. {OTHER}")
    found = _content(target).get("lab")
    if found != lab:
        what = f"the lab {found}" if isinstance(found, str) else "an unknown lab (its results.json names none)"
        raise InvalidFile(f"{target} holds results of {what}, and these are of {lab}. {OTHER}")


def _content(target: Path) -> dict[str, Any]:
    """Read an older run's results.json, {} where it is damaged."""
    path = target / RESULTS
    try:
        found = json.loads(path.read_bytes()) if path.is_file() else {}
    except (ValueError, RecursionError, OSError):
        return {}
    return found if isinstance(found, dict) else {}


def _old_files(target: Path) -> list[str]:
    """Name what an older run wrote into a folder."""
    try:
        names = [_as_it_was(target, name) for name in files_of(_content(target))]
    except (KeyError, TypeError):
        names = [RESULTS]
    return [name for name in (*names, REPORT) if _is_below(target, name)]


def _as_it_was(target: Path, name: str) -> str:
    """Return the name of a file of an older run, whose networks may still be in .npz."""
    older = name.removesuffix(".safetensors") + ".npz"
    return older if name != older and not (target / name).exists() and (target / older).exists() else name


def _is_below(target: Path, name: str) -> bool:
    """Whether a name that a file holds really is one in this folder."""
    path = target / PurePosixPath(name)
    return target.resolve() in path.parent.resolve().parents or target.resolve() == path.parent.resolve()


def _commit(target: Path) -> None:
    """Let the new files hold: from the renaming on they do, whatever happens."""
    draft = target / DRAFT
    write_whole(draft / "old.json", json.dumps(_old_files(target)))
    (draft / "new").rename(draft / "ready")
    _take_places(target)


def _take_places(target: Path) -> None:
    """Remove what the older run wrote, results.json first, and move what is new in its place, results.json last.

    It may be begun again wherever it was ended: the list of what goes is removed before anything comes.
    """
    draft, ready = target / DRAFT, target / DRAFT / "ready"
    with suppress(FileNotFoundError):
        old = json.loads((draft / "old.json").read_text(encoding="utf-8"))
        for name in sorted(old, key=lambda name: name != RESULTS):
            with suppress(FileNotFoundError, NotADirectoryError):
                (target / name).unlink()
        (draft / "old.json").unlink()
    new = [path.relative_to(ready) for path in ready.rglob("*") if path.is_file()]
    for name in sorted(new, key=lambda name: name.name == RESULTS):
        place = target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if os.path.lexists(place):
            place.rename(_free(place))
        (ready / name).rename(place)
    shutil.rmtree(ready)


def _free(path: Path) -> Path:
    """Find a name for a file of the user's that is in the way.

    >>> _free(Path("nowhere/linear.safetensors")).name
    'linear.kept.safetensors'
    """
    names = (f"{path.stem}.kept{number}{path.suffix}" for number in chain([""], count(2)))
    return next(path.with_name(name) for name in names if not os.path.lexists(path.with_name(name)))
