"""Safetensors files: arrays by name and one description in JSON, sealed by a hash, read no further than they promise.

The description stands under ``chainrule`` in the file's metadata, which any reader of the format shows.
"""

from __future__ import annotations

import hashlib
import json
from typing import IO, TYPE_CHECKING, Any, TypeAlias

import numpy as np

from chainrule.errors import ChainruleError, InvalidFile, InvalidValue
from chainrule.files.regular import size_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

Tensors: TypeAlias = "dict[str, npt.NDArray[Any]]"

FORMAT = "chainrule model"
VERSION = 1
KEY = "chainrule"
LARGEST_HEADER = (
    4 << 20
)  # bytes: a hundred thousand names of features fit, and JSON makes at most 28 times as much of it
DTYPES = (  # what safetensors has of NumPy's numbers
    "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32", "float64",
)  # fmt: skip


def pack(description: Mapping[str, Any], tensors: Tensors) -> bytes:
    """Return the bytes of a file with this description and these arrays, read again and found the same.

    Raises
    ------
    InvalidValue
        Where the description is too long to be read again.
    ChainruleError
        Where safetensors gives back other arrays.
    """
    from safetensors.numpy import save  # noqa: PLC0415  # who saves nothing does without

    # a view that is not C-contiguous would be written wrongly, and without an error
    whole = {name: np.asarray(one, one.dtype.newbyteorder("="), order="C") for name, one in tensors.items()}
    described = {"format": FORMAT, "version": VERSION, **description}
    text = json.dumps({**described, "sha256": _seal(described, whole)}, allow_nan=False)
    content = save(whole, {KEY: text})
    n_header = int.from_bytes(content[:8], "little")
    if n_header > LARGEST_HEADER:
        raise InvalidValue(
            f"Cannot save a model whose description has {n_header} bytes: {LARGEST_HEADER} are the most. Its names of "
            "features and its classes take them: shorten them."
        )
    if not _are_equal(whole, _tensors(content)):
        raise ChainruleError("safetensors does not give back the arrays that it was given: nothing was written.")
    return content


def unpack(file: IO[bytes], path: object) -> tuple[dict[str, Any], Tensors]:
    """Read an open file: its description and its arrays, which are as they were sealed.

    Raises
    ------
    InvalidFile
        Where it is no such file, cut short, damaged, changed, or from a newer chainrule.
    """
    begin = file.read(8)
    n_header = _check_begin(begin, size_of(file), path)
    text = file.read(n_header)
    description, n_data = _read_header(text, path)
    if 8 + n_header + n_data != size_of(file):
        raise InvalidFile(
            f"{path} is damaged or cut short: it promises {8 + n_header + n_data} bytes and has {size_of(file)}. "
            "Save the model again."
        )
    try:
        file.seek(0)
        tensors = _tensors(file.read(8 + n_header + n_data))
    except MemoryError:
        raise
    except Exception as error:  # whatever safetensors says to it, KeyError for a dtype NumPy has not
        raise InvalidFile(f"{path} is damaged: {error}. Save the model again.") from error
    sealed = description.pop("sha256", None)
    if sealed != _seal(description, tensors):
        raise InvalidFile(
            f"{path} was changed after it was saved: its content does not have the SHA-256 that it names. "
            "Save the model again."
        )
    return description, tensors


def _check_begin(begin: bytes, size: int, path: object) -> int:
    """Return the length of the header, or say what kind of file this is instead."""
    n_header = int.from_bytes(begin, "little")
    if len(begin) == 8 and 2 <= n_header <= min(size - 8, LARGEST_HEADER):
        return n_header
    if begin[:1] == b"\x80" and begin[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05"):
        raise InvalidFile(
            f"{path} is a pickle, which runs code when it is opened: chainrule opens none. Save the model by "
            "cr.save(path, model) where it was made."
        )
    if str(path).lower().endswith(".onnx"):
        raise InvalidFile(
            f"{path} is an ONNX file, which chainrule writes and does not read. Run it with onnxruntime, or save the "
            "model by cr.save(path, model) where it was made."
        )
    raise InvalidFile(f"{path} is cut short, or not a chainrule model: it does not begin as a .safetensors file.")


def _read_header(text: bytes, path: object) -> tuple[dict[str, Any], int]:
    """Return the description in a header, and how many bytes of arrays the header promises."""
    try:
        header = json.loads(text)
        n_data = max((entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__"), default=0)
        metadata = header.get("__metadata__", {})
        described = json.loads(metadata[KEY]) if KEY in metadata else None
    except (ValueError, RecursionError, AttributeError, LookupError, TypeError) as error:
        raise InvalidFile(
            f"{path} is damaged, or not a chainrule model: its header cannot be read ({error})."
        ) from error
    if not isinstance(described, dict) or described.get("format") != FORMAT:
        raise InvalidFile(
            f"{path} is a .safetensors file, but not a chainrule model: its metadata does not say so. "
            "safetensors.numpy.load_file reads its arrays."
        )
    if described.get("version") != VERSION:
        raise InvalidFile(
            f"{path} is in version {described.get('version')!r} of the format, this chainrule reads {VERSION}. "
            "Update chainrule, or save the model again."
        )
    return described, n_data if isinstance(n_data, int) else 0


def _tensors(content: bytes) -> Tensors:
    """Return the arrays in the bytes of a file, each its own."""
    from safetensors.numpy import load  # noqa: PLC0415  # who loads nothing does without

    return {name: array.copy() for name, array in load(content).items()}


def _seal(description: Mapping[str, Any], tensors: Tensors) -> str:
    """Return the SHA-256 of a description and of the arrays, by their names, dtypes, shapes and bytes."""
    digest = hashlib.sha256(json.dumps(description, sort_keys=True).encode())
    for name, array in sorted(tensors.items()):
        digest.update(f"\n{name} {array.dtype.str} {array.shape}\n".encode())
        digest.update(_bytes(array).data)
    return digest.hexdigest()


def _are_equal(one: Tensors, other: Tensors) -> bool:
    """Whether arrays are the same to the bit."""
    return one.keys() == other.keys() and all(
        (array.dtype, array.shape) == (other[name].dtype, other[name].shape)
        and np.array_equal(_bytes(array), _bytes(other[name]))
        for name, array in one.items()
    )


def _bytes(array: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    """Return a C-contiguous array as the bytes that it is."""
    return array.reshape(-1).view(np.uint8)
