"""Network files of before: a network and its theta in one .npz, which are still read and no longer written.

Two arrays, not compressed: ``header``, the bytes of a JSON text that says what the network is, and ``theta``. Reading
trusts neither: no more is read than the network described could need.
"""

from __future__ import annotations

import json
import zipfile
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import InvalidFile
from chainrule.files.npy import ZIP_ERRORS, read_data, read_header
from chainrule.models.network_description import Own, network_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from chainrule.maths.arrays import Array
    from chainrule.network.network import Network

FORMAT = "chainrule network"
VERSION = 1
LARGEST_HEADER = 1 << 20  # bytes; the header of a thousand layers is a tenth of it


def read_npz(file: IO[bytes], path: object, own: Sequence[Own]) -> tuple[Network, Array]:
    """Read the network and its theta out of an open .npz file.

    Raises
    ------
    InvalidFile
        Where the file is cut short, damaged, from elsewhere, or would unpack to more than its header says.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            description = _read_header(archive, path)
            net = network_of(description, own=own, source=path)
            return net, _read_theta(archive, net, description, path)
    except InvalidFile:
        raise
    except ZIP_ERRORS as error:
        raise InvalidFile(f"{path} is damaged, cut short, or not a chainrule network: {error}.") from error


def _read_header(archive: zipfile.ZipFile, path: object) -> dict[str, Any]:
    """Read and parse the header, however large the archive claims to be."""
    if sorted(archive.namelist()) != ["header.npy", "theta.npy"]:
        raise InvalidFile(
            f"{path} is not a chainrule network: it holds {', '.join(archive.namelist()[:5]) or 'nothing'}."
        )
    text = _read_array(archive, "header.npy", np.dtype(np.uint8), LARGEST_HEADER, path).tobytes()
    try:
        description = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidFile(f"{path} is damaged: its header is no JSON text ({error}).") from error
    if not isinstance(description, dict) or description.get("format") != FORMAT:
        raise InvalidFile(f"{path} is not a chainrule network: its header does not say so.")
    if description.get("version") != VERSION:
        raise InvalidFile(
            f"{path} is in version {description.get('version')!r} of the format, this chainrule reads {VERSION}. "
            "Update chainrule, or save the network again."
        )
    return description


def _read_theta(archive: zipfile.ZipFile, net: Network, description: dict[str, Any], path: object) -> Array:
    """Read theta and hold it against what the header promised."""
    if description.get("dtype") not in ("float32", "float64"):
        raise InvalidFile(f"{path} is damaged: theta cannot have dtype {description.get('dtype')!r}.")
    dtype = np.dtype(description["dtype"])
    theta = _read_array(archive, "theta.npy", dtype, net.n_parameters * dtype.itemsize, path)
    if theta.shape != (net.n_parameters,):
        raise InvalidFile(
            f"{path} is damaged: theta has shape {theta.shape}, its network {net.n_parameters} parameters."
        )
    return theta


def _read_array(
    archive: zipfile.ZipFile, name: str, dtype: np.dtype[Any], most_bytes: int, path: object
) -> npt.NDArray[Any]:
    """Read one .npy entry of a given dtype, and never unpack more than ``most_bytes`` of data."""
    if archive.getinfo(name).compress_type != zipfile.ZIP_STORED:
        raise InvalidFile(f"{path} is not as chainrule wrote it: {name} is compressed. Save the network again.")
    with archive.open(name) as entry:
        try:
            header = read_header(entry)
        except ValueError as error:
            raise InvalidFile(f"{path} is damaged: {name} is no array of {dtype} ({error}).") from error
        if header.dtype != dtype or len(header.shape) != 1:
            found = f"it says {header.dtype}, {header.shape}"
            raise InvalidFile(f"{path} is damaged: {name} is no array of {dtype} ({found}).")
        if header.n_data > most_bytes:
            raise InvalidFile(
                f"{path} is damaged: {name} would unpack to {header.n_data} bytes, at most {most_bytes} are right."
            )
        array = read_data(entry, header)
    if isinstance(array, int):
        more = "more" if array > header.n_data else f"only {array}"
        raise InvalidFile(f"{path} is damaged: {name} promises {header.n_data} bytes and holds {more}.")
    return array.copy()
