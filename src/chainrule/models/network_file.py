"""Network files: a network and its theta in one .npz, which NumPy can read too and which never holds a pickle.

Two arrays, not compressed: ``header``, the bytes of a JSON text that says what the network is, and ``theta``. Reading
trusts neither: no more is read than the network described could need.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import numpy as np

from chainrule.errors import ChainruleError, InvalidFile, InvalidValue, check_path
from chainrule.files.atomic import write_whole
from chainrule.files.npy import ZIP_ERRORS, read_data, read_header
from chainrule.files.regular import open_regular
from chainrule.maths.activations import Activation
from chainrule.maths.initializers import Initializer
from chainrule.maths.loss import Loss
from chainrule.network.inputs import as_theta
from chainrule.network.layers import Dense
from chainrule.network.network import Network, check_network
from chainrule.network.registry import as_activation, as_initializer, as_loss

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    from chainrule.maths.arrays import Array

FORMAT = "chainrule network"
VERSION = 1
LARGEST_HEADER = 1 << 20  # bytes; the header of a thousand layers is a tenth of it

Own: TypeAlias = Activation | Loss | Initializer
Part = TypeVar("Part", Activation, Loss, Initializer)


def save(path: str | os.PathLike[str], net: Network, theta: npt.ArrayLike) -> None:
    """Write a network and its theta to ``path``, as one .npz file, in one move: never half a file.

    A part of your own (activation, loss, initialiser) is written by its name; loading asks for it again.

    Parameters
    ----------
    path : path
        Where the file goes; missing folders are made.
    net : Network
    theta : array (n_parameters,)

    Raises
    ------
    InvalidValue
        Where the arguments stand in another order, or theta does not fit the network.
    InvalidFile
        Where the file cannot be written.

    Examples
    --------
    >>> net = Network([Dense(1, "sigmoid")], n_features=2, loss="log_loss")
    >>> import tempfile
    >>> folder = tempfile.mkdtemp()
    >>> save(f"{folder}/net.npz", net, [1.0, 2.0, 3.0])
    >>> load(f"{folder}/net.npz")[1]
    array([1., 2., 3.])
    """
    order = "path, net, theta"
    check_path(path, order)
    check_network(net, order)
    array = as_theta(theta, net.n_parameters)
    description = {"format": FORMAT, "version": VERSION, **describe(net), "dtype": str(array.dtype)}
    header = json.dumps(description, indent=1).encode()
    buffer = io.BytesIO()
    np.savez(buffer, header=np.frombuffer(header, dtype=np.uint8), theta=array)
    write_whole(path, buffer.getvalue())


def load(path: str | os.PathLike[str], *, own: Sequence[Own] = ()) -> tuple[Network, Array]:
    """Read what :func:`save` wrote: the network, and its theta in the dtype it had.

    Parameters
    ----------
    path : path
    own : sequence of Activation, Loss or Initializer
        The parts of your own that the network uses, found by their names.

    Returns
    -------
    net : Network
    theta : array (n_parameters,)

    Raises
    ------
    InvalidFile
        Where the file is missing, cut short, damaged, from elsewhere, from a newer chainrule, or would unpack to
        more than its header says.
    InvalidValue
        Where a part of your own is missing from ``own``, or something else is in it.

    Examples
    --------
    >>> import tempfile
    >>> net = Network([Dense(1, "sigmoid")], n_features=2, loss="log_loss")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(f"{folder}/net.npz", net, [1.0, 2.0, 3.0])
    ...     load(f"{folder}/net.npz")
    (Network: 2 features -> 1 sigmoid, loss log_loss
    layer  activation  W       b     parameters
    1      sigmoid     (2, 1)  (1,)           3
    total                                     3, array([1., 2., 3.]))
    """
    check_path(path)
    for part in own if isinstance(own, Iterable) else (own,):
        if not isinstance(part, Activation | Loss | Initializer):
            raise InvalidValue(f"own must be a list of Activation, Loss or Initializer, got {part!r} in it.")
    try:
        with open_regular(path) as file, zipfile.ZipFile(file) as archive:
            description = _read_header(archive, path)
            net = network_of(description, own=own, source=path)
            return net, _read_theta(archive, net, description, path)
    except InvalidFile:
        raise
    except ZIP_ERRORS as error:
        raise InvalidFile(f"{path} is damaged, cut short, or not a chainrule network: {error}.") from error


def describe(net: Network) -> dict[str, Any]:
    """Return everything about a network in values that JSON knows; a part of your own is told by its name.

    Examples
    --------
    >>> net = Network([Dense(1, "sigmoid")], n_features=2, loss="log_loss")
    >>> describe(net)["layers"][0]["activation"]
    'sigmoid'
    >>> network_of(describe(net)) == net
    True
    """
    return {
        "n_features": net.n_features,
        "input_dropout": net.input_dropout,
        "loss": _describe_part(net.loss, as_loss),
        "layers": [
            {
                "n_outputs": layer.n_outputs,
                "activation": _describe_part(layer.activation, as_activation),
                "bias": layer.bias,
                "weight_init": _describe_part(layer.weight_init, as_initializer),
                "bias_init": _describe_part(layer.bias_init, as_initializer),
                "dropout": layer.dropout,
            }
            for layer in net.layers
        ],
        "n_parameters": net.n_parameters,
    }


def _describe_part(part: Part, find: Callable[[str], Part]) -> str | dict[str, str]:
    """Return a built-in part's name, and of your own part that it is so."""
    try:
        built_in = find(part.name) == part
    except InvalidValue:
        built_in = False
    return part.name if built_in else {"own": part.name}


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


def network_of(description: Mapping[str, Any], *, own: Sequence[Own] = (), source: object = "The text") -> Network:
    """Make the network that :func:`describe` described; ``source`` is what a complaint says it came from.

    Raises
    ------
    InvalidFile
        Where the description is not one of a network, or names a part of your own that is not among ``own``.
    """
    try:
        layers = [
            Dense(
                layer["n_outputs"],
                _find(layer["activation"], Activation, own, source),
                layer["bias"],
                weight_init=_find(layer["weight_init"], Initializer, own, source),
                bias_init=_find(layer["bias_init"], Initializer, own, source),
                dropout=layer.get("dropout", 0.0),  # the first files say nothing of dropout
            )
            for layer in description["layers"]
        ]
        loss, input_dropout = _find(description["loss"], Loss, own, source), description.get("input_dropout", 0.0)
        net = Network(layers, description["n_features"], loss, input_dropout=input_dropout)
    except InvalidFile:
        raise
    except (ChainruleError, KeyError, TypeError, AttributeError) as error:
        raise InvalidFile(f"{source} is damaged: it does not describe a network ({error}).") from error
    if description.get("n_parameters") != net.n_parameters:
        raise InvalidFile(
            f"{source} is damaged: its layers have {net.n_parameters} parameters, its header says "
            f"{description.get('n_parameters')!r}."
        )
    return net


def _find(described: Any, kind: type[Part], own: Sequence[Own], path: object) -> str | Part:
    """Return the name of a built-in part, or the user's own part of that name."""
    if isinstance(described, str):
        return described
    name = described["own"]
    for part in own:
        if isinstance(part, kind) and part.name == name:
            return part
    raise InvalidFile(
        f"{path} uses the {kind.__name__.lower()} {name!r} of your own, and code is never stored in a file. "
        "Pass it: cr.load(path, own=[...])."
    )


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
