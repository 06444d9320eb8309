"""The catalogue: the labs there are, by name, and those in files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chainrule.errors import InvalidFile, choose
from chainrule.labs.lab_file import is_path, load_file
from chainrule.labs.minimize.lab import MINIMIZE
from chainrule.labs.moons.lab import MOONS
from chainrule.labs.neuron.lab import NEURON
from chainrule.labs.softmax.lab import SOFTMAX
from chainrule.labs.sweep import SWEEP
from chainrule.labs.xor.lab import XOR

if TYPE_CHECKING:
    import os

    from chainrule.labs.lab import Lab

LABS: dict[str, Lab] = {lab.name: lab for lab in (MOONS, MINIMIZE, NEURON, SOFTMAX, XOR)}


def names() -> list[str]:
    """List the labs there are.

    Returns
    -------
    list of str

    Examples
    --------
    >>> names()
    ['moons', 'minimize', 'neuron', 'softmax', 'xor']
    """
    return list(LABS)


def load(name: str | os.PathLike[str]) -> Lab:
    """Return the lab of that name, or the one in a file: ``load("xor")``, ``load("./mylab.py")``.

    A file is run to be read: load no file whose code you would not run.

    Parameters
    ----------
    name : str or path
        What ends in .py or has a folder in it is a path.

    Returns
    -------
    Lab

    Raises
    ------
    InvalidValue
        Where there is no lab of that name.
    InvalidFile
        Where the file is missing, raises, or holds no lab.

    Examples
    --------
    >>> load("moons").name
    'moons'
    """
    return load_file(name) if is_path(name) else choose("lab", str(name), LABS)


def of_results(name: str, file: str | None = None, given: Lab | None = None) -> Lab:
    """Return the lab that a results.json names: one of those there are, the sweep, or the one that the user has given.

    The file that it names is never run: whoever wrote results.json may have written anything there.

    Parameters
    ----------
    name : str
        The lab's name in results.json.
    file : str, optional
        The file in results.json that the lab was read from.
    given : Lab, optional
        The lab that the user has given.

    Returns
    -------
    Lab

    Raises
    ------
    InvalidFile
        Where the lab given is another, or none is given and the results are of a lab in a file.
    InvalidValue
        Where there is no lab of that name.

    Examples
    --------
    >>> of_results("xor").name
    'xor'
    """
    if given is not None:
        if given.name != name:
            raise InvalidFile(f"These results are of the lab {name}, and {given.file or given.name} is {given.name}.")
        return given
    if file is not None:
        raise InvalidFile(
            f"These results are of a lab in a file, {file}. Its code is run only if you name it: --lab {file}."
        )
    return choose("lab", name, {**LABS, SWEEP.name: SWEEP})
