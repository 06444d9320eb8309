"""Model files: a network with its theta, or a fitted estimator, in one .safetensors file in which nothing can run."""

from __future__ import annotations

import platform
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, overload

import numpy as np

from chainrule.errors import InvalidFile, InvalidValue, check_path, misplaced
from chainrule.files.atomic import write_whole
from chainrule.files.regular import open_regular
from chainrule.maths.activations import Activation
from chainrule.maths.initializers import Initializer
from chainrule.maths.loss import Loss
from chainrule.models.network_description import describe, network_of
from chainrule.models.npz_file import read_npz
from chainrule.models.safetensors_file import pack, unpack
from chainrule.network.inputs import as_theta
from chainrule.network.network import Network

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    import numpy.typing as npt

    from chainrule.maths.arrays import Array
    from chainrule.models.network_description import Own
    from chainrule.models.safetensors_file import Tensors

SUFFIX = ".safetensors"
LIBRARIES = ("chainrule", "numpy", "scipy", "scikit-learn", "safetensors")
ORDER = "path, model, theta"
RUN = "run"  # what a checkpoint has beside a network


@overload
def save(path: str | os.PathLike[str], model: Network, theta: npt.ArrayLike) -> None: ...
@overload
def save(path: str | os.PathLike[str], model: Any) -> None: ...
def save(path: str | os.PathLike[str], model: Any, theta: npt.ArrayLike | None = None) -> None:
    """Write a fitted estimator, or a network and its theta, to one .safetensors file, in one move: never half a file.

    Of an estimator all is kept that ``fit`` and its parameters have left, the optimizer's state and the generator
    among it: the one that :func:`load` returns predicts the same bits, and goes on training where this one stopped.
    Callbacks are not: they watch one training, and are no part of the model. A part of your own (activation, loss,
    initialiser) is written by its name; loading asks for it again. The same model gives the same bytes.

    Parameters
    ----------
    path : path
        Where the file goes, its suffix ``.safetensors``; missing folders are made.
    model : MLPClassifier, MLPRegressor, HiddenActivations or Network
    theta : array (n_parameters,)
        Of a network; an estimator holds its own.

    Raises
    ------
    InvalidValue
        Where the arguments stand in another order, theta does not fit the network or is not finite, the estimator is
        not fitted, or holds a function or an object that is not chainrule's. Nothing is written.
    InvalidFile
        Where the file has another suffix, or cannot be written; an old one is as it was.

    Examples
    --------
    >>> import tempfile
    >>> from chainrule import Dense, MLPClassifier
    >>> folder = tempfile.mkdtemp()
    >>> clf = MLPClassifier((3,), solver="lbfgs", random_state=0).fit([[0.0], [1.0]], ["no", "yes"])
    >>> save(f"{folder}/clf.safetensors", clf)
    >>> load(f"{folder}/clf.safetensors").predict([[0.0], [1.0]]).tolist()
    ['no', 'yes']
    >>> save(f"{folder}/net.safetensors", Network([Dense(1, "sigmoid")], n_features=2), [1.0, 2.0, 3.0])
    >>> net, theta = load(f"{folder}/net.safetensors")
    >>> theta
    array([1., 2., 3.])
    """
    check_path(path, ORDER)
    check_suffix(path, SUFFIX, "saved")
    described, tensors = _network(model, theta) if isinstance(model, Network) else _estimator(model, theta)
    write_whole(path, pack({**described, "versions": _versions()}, tensors))


def load(path: str | os.PathLike[str], *, own: Sequence[Own] = ()) -> Any:
    """Read what :func:`save` wrote: a fitted estimator, or a network and its theta in the dtype it had.

    What kind of file it is stands in the file, not in its name. A network in an .npz, as it was saved before, is
    read as well. No file can run anything.

    Parameters
    ----------
    path : path
    own : sequence of Activation, Loss or Initializer
        The parts of your own that the model uses, found by their names.

    Returns
    -------
    MLPClassifier, MLPRegressor, HiddenActivations, or (Network, array (n_parameters,))

    Raises
    ------
    InvalidFile
        Where the file is missing, cut short, damaged, changed, from elsewhere or from a newer chainrule, where its
        weights are not finite, and where it uses a part of your own that is missing from ``own``.
    InvalidValue
        Where something else is in ``own``.

    Examples
    --------
    >>> import tempfile
    >>> from chainrule import Dense
    >>> net = Network([Dense(1, "sigmoid")], n_features=2, loss="log_loss")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(f"{folder}/net.safetensors", net, [1.0, 2.0, 3.0])
    ...     load(f"{folder}/net.safetensors")
    (Network: 2 features -> 1 sigmoid, loss log_loss
    layer  activation  W       b     parameters
    1      sigmoid     (2, 1)  (1,)           3
    total                                     3, array([1., 2., 3.]))
    """
    check_path(path)
    for part in own if isinstance(own, Iterable) else (own,):
        if not isinstance(part, Activation | Loss | Initializer):
            raise InvalidValue(f"own must be a list of Activation, Loss or Initializer, got {part!r} in it.")
    with open_regular(path) as file:
        try:
            model = _read(file, path, own)
        except MemoryError:
            raise InvalidFile(f"{path} needs more memory than there is.") from None
    if wrong := _not_finite(*_weights(model)):
        raise InvalidFile(f"{path} holds a network that cannot compute: {wrong}. Train and save it again.")
    return model


def check_savable(what: Any) -> None:
    """Refuse an estimator, or the state of a run, that no file keeps.

    Raises
    ------
    InvalidValue
        With what it is that cannot be kept.
    """
    from chainrule.models.plain_values import Encoder  # noqa: PLC0415  # which loads scikit-learn

    if isinstance(what, dict):
        Encoder().encode(what, RUN)
    else:
        _estimator(what, None)


def save_run(path: str | os.PathLike[str], net: Network, theta: Array, state: dict[str, Any]) -> None:
    """Write a network with its theta, as :func:`save` does, and beside it the state of a run."""
    from chainrule.models.plain_values import Encoder  # noqa: PLC0415  # which loads scikit-learn

    described, tensors = _network(net, theta)
    encoder = Encoder()
    described[RUN] = encoder.encode(state, RUN)
    write_whole(path, pack({**described, "versions": _versions()}, tensors | encoder.tensors))


def read_run(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Read the state of a run that :func:`save_run` wrote.

    Raises
    ------
    InvalidFile
        Where the file is missing, damaged, or holds no run.
    """
    from chainrule.models.plain_values import Decoder  # noqa: PLC0415  # which loads scikit-learn

    with open_regular(path) as file:
        description, tensors = unpack(file, path)
    try:
        state: dict[str, Any] = Decoder(tensors, (), path).decode(description[RUN])
    except Exception as error:  # it may be a stranger's: anything may stand anywhere in it
        raise InvalidFile(f"{path} holds no run to go on with ({error}).") from error
    return state


def load_network(path: str | os.PathLike[str]) -> tuple[Network, Array]:
    """Read the network of a file, and its theta, whether it was saved alone or in an estimator.

    Raises
    ------
    InvalidFile
        As :func:`load`.

    Examples
    --------
    >>> import tempfile
    >>> from chainrule import MLPRegressor
    >>> reg = MLPRegressor(hidden_layer_sizes=(), solver="lbfgs", random_state=0).fit([[0.0], [1.0]], [0.0, 1.0])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(f"{folder}/reg.safetensors", reg)
    ...     load_network(f"{folder}/reg.safetensors")[0].n_parameters
    2
    """
    return _weights(load(path))


def check_suffix(path: str | os.PathLike[str], suffix: str, done: str) -> None:
    """Refuse a name with another suffix: the file would be taken for what it is not, or take the place of that."""
    if Path(path).suffix.lower() != suffix:
        name = Path(path).stem.strip(".") or "model"
        raise InvalidFile(f"Cannot write {path}: models are {done} as {suffix}. Name it {name}{suffix}.")


@cache
def _versions() -> dict[str, str]:
    """Return which versions are installed; a program that was packed into one file may not know."""
    known = {"python": platform.python_version()}
    for name in LIBRARIES:
        with suppress(PackageNotFoundError):
            known[name] = version(name)
    return known


def _network(net: Network, theta: npt.ArrayLike | None) -> tuple[dict[str, Any], Tensors]:
    """Return the description of a network and its theta."""
    if theta is None:
        raise InvalidValue("A network has no theta of its own: cr.save(path, net, theta).")
    array = as_theta(theta, net.n_parameters)
    if wrong := _not_finite(net, array):
        raise InvalidValue(f"Cannot save a network that cannot compute: {wrong}.")
    return {"kind": "network", "network": describe(net)}, {"theta": array}


def _estimator(model: Any, theta: object) -> tuple[dict[str, Any], Tensors]:
    """Return the description of an estimator and its arrays."""
    from chainrule.estimators.base import BaseMLP  # noqa: PLC0415  # which loads scikit-learn
    from chainrule.models.estimator_file import describe_estimator, is_estimator  # noqa: PLC0415

    if not is_estimator(model):
        if isinstance(model, BaseMLP):
            raise InvalidValue(
                f"Cannot save {type(model).__name__}: it is a class of your own, and code is never stored in a file. "
                "Save its network: cr.save(path, model.network_, model.theta_)."
            )
        if hasattr(model, "fit") and not isinstance(model, type):
            raise InvalidValue(
                f"Cannot save a {type(model).__name__}: chainrule keeps networks and its own estimators. Save the "
                "one in it: pipeline[-1], search.best_estimator_."
            )
        raise misplaced("model", "a Network or one of chainrule's estimators", model, ORDER)
    if theta is not None:
        raise InvalidValue(f"A fitted {type(model).__name__} holds its theta: cr.save(path, model).")
    described, tensors = describe_estimator(model)
    if wrong := _not_finite(*_weights(model)):
        raise InvalidValue(f"Cannot save a network that cannot compute: {wrong}.")
    return {"kind": "estimator", "estimator": described}, tensors


def _read(file: IO[bytes], path: object, own: Sequence[Own]) -> Any:
    """Read an open file by what it begins with."""
    is_zip = file.read(2) == b"PK"
    file.seek(0)
    if is_zip:
        return read_npz(file, path, own)
    description, tensors = unpack(file, path)
    if description.get("kind") == "network":
        return _read_network(description, tensors, path, own)
    if description.get("kind") == "estimator":
        from chainrule.models.estimator_file import estimator_of  # noqa: PLC0415  # which loads scikit-learn

        return estimator_of(description.get("estimator"), tensors, own, path)
    raise InvalidFile(f"{path} is damaged: it is neither a network nor an estimator.")


def _read_network(
    description: dict[str, Any], tensors: Tensors, path: object, own: Sequence[Own]
) -> tuple[Network, Array]:
    """Make the network of a description, and hold its theta against it."""
    net, theta = network_of(description.get("network", {}), own=own, source=path), tensors.get("theta")
    alone = RUN in description or len(tensors) == 1
    if not alone or theta is None or theta.shape != (net.n_parameters,):
        raise InvalidFile(f"{path} is damaged: its network has {net.n_parameters} parameters, and theta not so many.")
    if theta.dtype not in (np.float32, np.float64):
        raise InvalidFile(f"{path} is damaged: theta cannot have dtype {theta.dtype}.")
    return net, theta


def _weights(model: Any) -> tuple[Network, Array]:
    """Return the network and the theta of what was loaded."""
    if isinstance(model, tuple):
        return model
    fitted = getattr(model, "estimator_", model)
    return fitted.network_, fitted.theta_


def _not_finite(net: Network, theta: Array) -> str | None:
    """Say which is the first parameter that is not finite, if any is."""
    if np.isfinite(theta).all():
        return None
    for number, pair in enumerate(net.views(theta), 1):
        for name, block in zip("Wb", pair, strict=True):
            if block is not None and not np.isfinite(block).all():
                place = tuple(np.argwhere(~np.isfinite(block))[0].tolist())
                return f"{name}{list(place)} of layer {number} is {block[place]}"
    return None
