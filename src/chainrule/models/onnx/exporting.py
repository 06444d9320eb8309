"""Exporting: a model of ours, or a scikit-learn Pipeline with one in it, as an ONNX file."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from sklearn.base import BaseEstimator

from chainrule.errors import InvalidValue, MissingLibrary, check_count, check_path
from chainrule.estimators.base import BaseMLP
from chainrule.estimators.classifier import MLPClassifier
from chainrule.estimators.hidden_activations import HiddenActivations
from chainrule.estimators.regressor import MLPRegressor
from chainrule.files.atomic import write_whole
from chainrule.models.estimator_file import is_estimator
from chainrule.models.model_file import check_suffix
from chainrule.network.inputs import as_theta
from chainrule.network.network import Network

if TYPE_CHECKING:
    import os

USUAL_OPSET = 17  # of 2022: read by every runtime of today


def export_onnx(model: Any, path: str | os.PathLike[str], *, X: Any = None, opset: int | None = None) -> None:
    """Write a model as an ONNX file, in one move: never half a file.

    Parameters
    ----------
    model : fitted estimator, or pair (net, theta)
        ``MLPClassifier``, ``MLPRegressor`` or ``HiddenActivations``; a network and its parameters, as ``load`` returns
        them; or a scikit-learn ``Pipeline``, search or ensemble with one of ours in it, which skl2onnx writes.
    path : path
        Where the file goes, its suffix ``.onnx``; missing folders are made.
    X : array or data frame (n_samples, n_features), optional
        Samples, of which the file takes the dtype of its input; without them that is theta's. A pipeline needs them:
        of a data frame every column is an input of its own.
    opset : int, optional
        The version of ONNX's operations, 13 or later; 17 if not given.

    Raises
    ------
    InvalidValue
        Where the model has a part of your own, parameters that are not finite, or more than 2 GiB of them; where
        skl2onnx cannot write a step of a pipeline; where opset or X cannot be used.
    InvalidFile
        Where the file has another suffix, or cannot be written; an old one is as it was.
    MissingLibrary
        Where onnx, or for a pipeline skl2onnx, is not installed.
    sklearn.exceptions.NotFittedError
        Where an estimator is not fitted.

    Examples
    --------
    >>> import tempfile
    >>> from chainrule import Dense, Network
    >>> net = Network([Dense(1, "sigmoid")], n_features=2, loss="log_loss")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     export_onnx((net, [1.0, 2.0, 3.0]), f"{folder}/net.onnx")
    """
    check_path(path, "model, path")
    check_suffix(path, ".onnx", "exported")
    model = _as_model(model)
    onnx = _library("onnx", "'chainrule[onnx]'")
    from chainrule.models.onnx.nodes import FIRST_OPSET

    opset = USUAL_OPSET if opset is None else check_count("opset", opset, at_least=FIRST_OPSET)
    if opset > (latest := onnx.defs.onnx_opset_version()):
        raise InvalidValue(f"opset must be at most {latest}, the latest that the installed onnx knows, got {opset}.")
    if isinstance(model, tuple | MLPClassifier | MLPRegressor | HiddenActivations):
        from chainrule.models.onnx.network_model import network_model

        made = network_model(model, X, opset)
    else:
        _library("skl2onnx", "skl2onnx")
        from chainrule.models.onnx.pipeline_model import pipeline_model

        made = pipeline_model(model, X, opset)
    write_whole(path, made.SerializeToString())


def register_onnx_converters() -> None:
    """Make skl2onnx know our estimators: ``skl2onnx.to_onnx`` then takes pipelines and ensembles that hold them.

    :func:`export_onnx` does so itself. Labels and probabilities are as in its file; ``skl2onnx`` adds a ZipMap to
    those of a classifier unless it is called with ``options={"zipmap": False}``.

    Raises
    ------
    MissingLibrary
        Where skl2onnx is not installed.

    Examples
    --------
    >>> register_onnx_converters()
    """
    _library("skl2onnx", "skl2onnx")
    from chainrule.models.onnx.sklearn_converters import register

    register()


def _as_model(model: Any) -> Any:
    """Return a model with its parameters as an array, or the sentence that it is none."""
    if isinstance(model, tuple) and len(model) == 2 and isinstance(model[0], Network):
        return model[0], as_theta(model[1], model[0].n_parameters)
    if isinstance(model, BaseEstimator):
        model = getattr(model, "best_estimator_", model)  # a search answers as the best that it has found
        if isinstance(model, BaseMLP) and not is_estimator(model):
            raise InvalidValue(
                f"Cannot write {type(model).__name__} to ONNX: it is a class of your own, and code is in no file. "
                "Write its network: cr.export_onnx((model.network_, model.theta_), path)."
            )
        return model
    what = "a network without parameters" if isinstance(model, Network) else type(model).__name__
    raise InvalidValue(
        f"model must be a fitted estimator or a pair (net, theta), got {what}: the order of the arguments is model, "
        "path."
    )


def _library(name: str, package: str) -> Any:
    """Return an optional library, or say how to install it."""
    try:
        return importlib.import_module(name)
    except ImportError:
        raise MissingLibrary(f"Missing library {name}. Install it: pip install {package}.") from None
