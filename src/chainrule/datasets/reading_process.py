"""Foreign files, read in a process of their own, which ends alone where a damaged file ends it."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from chainrule.datasets.bounds import most_bytes, open_data
from chainrule.datasets.tabular import Table
from chainrule.errors import ChainruleError, DoubtfulData, InvalidFile, InvalidValue, MissingLibrary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

READER = Path(__file__).with_name("foreign_reader.py")
REFUSALS: dict[str, type[ChainruleError]] = {
    kind.__name__: kind for kind in (ChainruleError, InvalidFile, InvalidValue, MissingLibrary)
}
SIGNALS = {int(one): one.name for one in signal.Signals}
HDF5 = b"\x89HDF\r\n\x1a\n"
SECONDS = 60  # that any file may take, and one more for each megabyte
BEGINNING = 1024  # bytes that say which format it is


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
    """Read the variables of each .mat file, or raise the sentence about one that cannot be read."""
    sizes = [_check_mat(file) for file in files]
    job = {"files": [os.fspath(file.absolute()) for file in files], "most_bytes": [most_bytes(size) for size in sizes]}
    answers = run({"mat": job}, sum(sizes), files[0])
    return [mat_variables(file, answers) for file in files]


def mat_variables(file: Path, answers: Answers) -> list[Variable]:
    """Take the variables of the next .mat file from the answers, or raise the sentence that refuses it."""
    told = answers.next_text(file)
    if "error" in told:
        raise InvalidFile(f"{file} {told['error']}.")
    return [
        Variable(
            one["name"],
            one["form"],
            tuple(one["shape"]),
            one["holds_numbers"],
            answers.next_array(one) if "dtype" in one else None,
        )
        for one in told["variables"]
    ]


def read_table(file: Path, **options: Any) -> Table:
    """Read a Parquet file's table, pass on what is in doubt about it, or raise what refuses it."""
    with open_data(file) as (_, size):
        job = {"file": os.fspath(file), "most_bytes": most_bytes(size), "options": options}
    answers = run({"parquet": job}, size, file)
    told = answers.next_text(file)
    if "error" in told:
        raise REFUSALS[told["kind"]](told["error"])
    for doubt in told["doubts"]:
        warnings.warn(doubt, DoubtfulData, stacklevel=4)
    X, T = (answers.next_array(told[name]) for name in ("X", "T"))
    return Table(X.copy(), T.copy(), tuple(told["feature_names"]), tuple(told["class_names"]))


class Answers:
    """What the reading process wrote, taken piece by piece."""

    def __init__(self, output: bytes, ending: str) -> None:
        self.output = memoryview(output)
        self.ending = ending

    def next_text(self, file: Path) -> dict[str, Any]:
        """Return the next description, or raise the sentence about a file that ended the process."""
        length = int.from_bytes(self.output[:8], "little")
        if len(self.output) < 8 + length or length == 0:
            raise InvalidFile(f"{file} is damaged: its reader {self.ending}. Save it again.")
        text, self.output = self.output[8 : 8 + length], self.output[8 + length :]
        told: dict[str, Any] = json.loads(bytes(text))
        return told

    def next_array(self, about: Mapping[str, Any]) -> npt.NDArray[Any]:
        """Return the array that is described, read-only."""
        array = np.frombuffer(self.output, np.dtype(about["dtype"]), math.prod(about["array"]))
        self.output = self.output[array.nbytes :]
        return array.reshape(about["array"])


def _check_mat(file: Path) -> int:
    """Return the size of a file whose format SciPy reads."""
    with open_data(file) as (content, size):
        start = content.read(BEGINNING)
    if start.startswith((b"MATLAB 7.3", HDF5)) or start[512 : 512 + len(HDF5)] == HDF5:
        raise InvalidFile(f"{file} is in MATLAB's format 7.3. Save it again with -v7: save('{file.name}', ..., '-v7').")
    return size


def run(job: Mapping[str, Any], size: int, file: Path) -> Answers:
    """Let the reading process do a job, and return what it wrote and how it ended."""
    seconds = SECONDS + size // 1_000_000
    command = [sys.executable, "-I", "-S", os.fspath(READER), json.dumps({"path": sys.path, **job})]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    try:
        done = subprocess.run(  # noqa: S603  # our own file, by the Python that runs this one
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=seconds,
            check=False, env=environment,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise InvalidFile(f"{file} took longer than {seconds} s to read: it is damaged. Save it again.") from None
    except (OSError, TypeError) as error:
        raise ChainruleError(f"Cannot start a process to read {file}: {error}. Save the data as .npz.") from None
    return Answers(done.stdout, f"ended with {SIGNALS.get(-done.returncode, done.returncode)}")
