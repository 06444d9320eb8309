"""The process that reads foreign files: it alone runs SciPy's and Arrow's native code, which a damaged file can end.

Started by reading_process with a JSON of sys.path and of what to read. To its output it writes, for each answer, the
length of a JSON text (8 bytes), that text, and the bytes of the arrays it describes; whoever reads that runs nothing of
it. For .mat files it imports NumPy and SciPy alone, so that it starts quickly.
"""

from __future__ import annotations

import json
import sys
import warnings
import zlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

HEADER = 128  # bytes before the first variable
COMPRESSED = 15  # the tag of a variable that zlib has packed
NUMERIC = {"double", "single", "logical", *(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64))}
SPARE = 1 << 29  # bytes that Python, NumPy and SciPy need for themselves
LONGEST_WORD = 10_000  # letters; NumPy gives every word as much room as the longest


def main() -> None:
    """Read what the first argument asks for."""
    job = json.loads(sys.argv[1])
    sys.path[:] = job["path"]
    if "parquet" in job:
        _read_parquet(**job["parquet"])
    else:
        _read_mat(**job["mat"])


def _read_parquet(file: str, most_bytes: int, options: dict[str, Any]) -> None:
    """Send the table of a Parquet file, with what is in doubt about it, or the sentence that refuses it."""
    from chainrule.datasets.parquet_file import read_parquet  # noqa: PLC0415
    from chainrule.errors import ChainruleError  # noqa: PLC0415

    _limit_memory(SPARE + 4 * most_bytes)
    with warnings.catch_warnings(record=True) as doubts:
        warnings.simplefilter("always")
        try:
            table = read_parquet(file, **options)
        except ChainruleError as error:
            return _send({"error": str(error), "kind": type(error).__name__}, [])
    about: dict[str, Any] = {"doubts": [str(doubt.message) for doubt in doubts]}
    about |= {"feature_names": table.feature_names, "class_names": table.class_names}
    about |= {name: _described(array) for name, array in (("X", table.X), ("T", table.T))}
    return _send(about, [table.X, table.T])


def _read_mat(files: list[str], most_bytes: list[int]) -> None:
    """Send the variables of each file, or what refuses it."""
    for path, most in zip(files, most_bytes, strict=True):
        try:
            held = list(_variables(path, most))
        except MemoryError:
            _send({"error": "needs more memory than its size allows: it is damaged, or made to fill the memory"}, [])
        except UnpacksTooLarge as error:
            _send({"error": str(error)}, [])
        except Exception:  # a parser of foreign bytes: what it raises on damaged ones has no end
            _send({"error": "is damaged, cut short, or no .mat file. Save it again with -v7"}, [])
        else:
            _send({"variables": [about for about, _ in held]}, [array for _, array in held if array is not None])


class UnpacksTooLarge(Exception):
    """What would unpack to more than it may."""

    def __init__(self, size: int, n_bytes: int) -> None:
        super().__init__(f"has {size} bytes and would unpack to {n_bytes}: it is damaged, or made to fill the memory")


def _described(array: Any) -> dict[str, Any]:
    return {"dtype": array.dtype.str, "array": list(array.shape)}


def _send(about: dict[str, Any], arrays: list[Any]) -> None:
    text = json.dumps(about).encode()
    out = sys.stdout.buffer
    out.write(len(text).to_bytes(8, "little") + text)
    for array in arrays:
        if array.size:  # Python casts no view of nothing
            out.write(memoryview(array).cast("B"))
    out.flush()


def _variables(path: str, most_bytes: int) -> Iterator[tuple[dict[str, Any], Any]]:
    """Yield what each variable is, and its array where it is one of numbers or of words."""
    import io  # noqa: PLC0415

    from scipy.io import loadmat, whosmat  # noqa: PLC0415

    with open(path, "rb") as file:  # noqa: PTH123
        content = file.read()
    unpacked = 0
    for n_bytes in _unpacked_sizes(content):
        unpacked += n_bytes
        if unpacked > most_bytes:
            raise UnpacksTooLarge(len(content), unpacked)
    _limit_memory(SPARE + 16 * (len(content) + unpacked) + most_bytes)  # a byte may stand for a number of eight
    held = whosmat(io.BytesIO(content))
    dense = sum(_n_values(shape) * 8 for _, shape, kind in held if kind in NUMERIC)
    if dense > most_bytes:
        raise UnpacksTooLarge(len(content), dense)
    for name, shape, kind in held:
        if name.startswith("__"):
            continue  # the workspace of functions, which MATLAB keeps beside them
        form, array, numbers = "an object", None, False
        if kind in NUMERIC or kind in {"sparse", "char", "cell", "struct"}:
            form, array, numbers = _seen(loadmat(io.BytesIO(content), variable_names=[name])[name], most_bytes)
        about = {"name": name, "shape": list(shape), "form": form, "holds_numbers": numbers}
        if array is not None:
            about |= _described(array)
        yield about, array


def _seen(value: Any, most_bytes: int) -> tuple[str, Any, bool]:
    """Say what form a value has; return it as an array if it is of use, and whether it holds a matrix of numbers."""
    import numpy as np  # noqa: PLC0415
    from scipy import sparse  # noqa: PLC0415

    if sparse.issparse(value):
        if _n_values(value.shape) * 8 > most_bytes:
            return "a sparse matrix too large to be made dense", None, True
        value = value.toarray()
    kind = value.dtype.kind
    if kind in "biufc":
        usable = value.ndim == 2 and kind != "c"
        numbers = "complex numbers" if kind == "c" else "numbers"
        form = "a matrix" if usable else f"an array of {numbers} with {value.ndim} dimensions"
        return form, np.ascontiguousarray(value) if usable else None, True
    if kind == "U":
        return "text", np.ascontiguousarray(value) if value.ndim == 1 and value.itemsize else None, False
    words = [str(cell[0]) for cell in value.flat if _is_word(cell)] if kind == "O" else []
    if words and len(words) == value.size:
        return "a cell of words", np.array(words), False
    return "a struct" if value.dtype.names else "a cell", None, _holds_numbers(value)


def _is_word(cell: Any) -> bool:
    import numpy as np  # noqa: PLC0415

    return isinstance(cell, np.ndarray) and cell.dtype.kind == "U" and cell.size == 1 and len(cell[0]) < LONGEST_WORD


def _holds_numbers(value: Any, depth: int = 5) -> bool:
    """Whether a matrix of several numbers is somewhere in a cell or a struct."""
    import numpy as np  # noqa: PLC0415

    if not isinstance(value, np.ndarray) or depth == 0:
        return hasattr(value, "toarray")
    if value.dtype.kind in "biufc":
        return value.ndim > 1 and value.shape[0] > 1
    fields = [value[name] for name in value.dtype.names or ()] or ([value] if value.dtype.kind == "O" else [])
    return any(_holds_numbers(cell, depth - 1) for field in fields for cell in field.flat)


def _n_values(shape: Any) -> int:
    n_values = 1
    for length in shape:
        n_values *= int(length)
    return n_values


def _limit_memory(n_bytes: int) -> None:
    """Let this process ask for no more than so many bytes, where the system can say so."""
    try:
        import resource  # noqa: PLC0415

        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (n_bytes if most < 0 else min(n_bytes, most), most))
    except (ImportError, OSError, ValueError):
        return


def _unpacked_sizes(content: bytes) -> Iterator[int]:
    """How many bytes each compressed variable really unpacks to, counted and not kept; a v4 file has none."""
    if content[126:128] not in (b"IM", b"MI"):
        return
    order = "little" if content[126:128] == b"IM" else "big"
    start = HEADER
    while start + 8 <= len(content):
        tag = int.from_bytes(content[start : start + 4], order)  # type: ignore[arg-type]
        n_bytes = int.from_bytes(content[start + 4 : start + 8], order)  # type: ignore[arg-type]
        if n_bytes == 0:
            return
        if tag == COMPRESSED:
            yield from _unpacked(content[start + 8 : start + 8 + n_bytes])
        start += 8 + n_bytes


def _unpacked(packed: bytes) -> Iterator[int]:
    """Count what zlib unpacks, a mebibyte at a time; damage is left to who reads it."""
    unpack = zlib.decompressobj()
    try:
        while not unpack.eof and (chunk := unpack.decompress(packed, 1 << 20)):
            yield len(chunk)
            packed = unpack.unconsumed_tail
    except zlib.error:
        return


if __name__ == "__main__":
    main()
