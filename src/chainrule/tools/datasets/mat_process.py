"""The variables of .mat files, read in a process of their own, which ends alone where a damaged file ends it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from chainrule.errors import ChainruleError, InvalidFile
from chainrule.tools.datasets.bounds import most_bytes, open_data

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

READER = Path(__file__).with_name("mat_reader.py")
HDF5 = b"\x89HDF\r\n\x1a\n"
SECONDS = 60  # that any file may take, and one more for each megabyte
BEGINNING = 1024  # bytes that tell the format


class Variable(NamedTuple):
    """One variable of a file: what it is, its array where that is a matrix or words, and whether it holds numbers."""

    name: str
    form: str
    shape: tuple[int, ...]
    holds_numbers: bool
    array: npt.NDArray[Any] | None

    @property
    def is_matrix(self) -> bool:
        """Whether it is a matrix of real numbers."""
        return self.form == "a matrix"


def read_variables(files: Sequence[Path]) -> list[list[Variable]]:
    """Read the variables of each file, or raise the sentence about one that cannot be read."""
    sizes = [_check(file) for file in files]
    most = [most_bytes(size) for size in sizes]
    job = {"path": sys.path, "files": [os.fspath(file.absolute()) for file in files], "most_bytes": most}
    output, ending = _run(json.dumps(job), SECONDS + sum(sizes) // 1_000_000, files[0])
    found = []
    for file in files:
        n_bytes = int.from_bytes(output[:8], "little")
        if len(output) < 8 or len(output) < 8 + n_bytes:
            raise InvalidFile(f"{file} is damaged: SciPy's reader {ending} on it. Save it again with -v7.")
        told = json.loads(bytes(output[8 : 8 + n_bytes]))
        output = output[8 + n_bytes :]
        if "error" in told:
            raise InvalidFile(f"{file} {told['error']}.")
        found.append([])
        for about in told["variables"]:
            array, output = _array(about, output)
            found[-1].append(
                Variable(about["name"], about["form"], tuple(about["shape"]), about["holds_numbers"], array)
            )
    return found


def _check(file: Path) -> int:
    """Return the size of a file whose format SciPy reads."""
    with open_data(file) as (content, size):
        start = content.read(BEGINNING)
    if start.startswith((b"MATLAB 7.3", HDF5)) or start[512 : 512 + len(HDF5)] == HDF5:
        raise InvalidFile(f"{file} is in MATLAB's format 7.3. Save it again with -v7: save('{file.name}', ..., '-v7').")
    return size


def _run(job: str, seconds: int, file: Path) -> tuple[memoryview, str]:
    """Return what the reading process wrote, and how it ended."""
    command = [sys.executable, "-I", "-S", os.fspath(READER), job]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    try:
        run = subprocess.run(  # noqa: S603  # our own file, by the Python that runs this one
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=seconds,
            check=False, env=environment,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise InvalidFile(
            f"{file} took longer than {seconds} s to read: it is damaged. Save it again with -v7."
        ) from None
    except (OSError, TypeError) as error:
        raise ChainruleError(
            f"Cannot start the process that reads .mat files: {error}. Save the data as .npz."
        ) from None
    names = {-number: signal.Signals(number).name for number in signal.valid_signals() if number in set(signal.Signals)}
    return memoryview(run.stdout), f"ended with {names.get(run.returncode, run.returncode)}"


def _array(about: dict[str, Any], output: memoryview) -> tuple[npt.NDArray[Any] | None, memoryview]:
    """Return the array that is described, if there is one, and what follows it."""
    if "dtype" not in about:
        return None, output
    array = np.frombuffer(output, np.dtype(about["dtype"]), int(np.prod(about["array"], dtype=np.int64)))
    return array.reshape(about["array"]), output[array.nbytes :]
