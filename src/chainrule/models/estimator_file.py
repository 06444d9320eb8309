"""Estimators in files: their parameters and what was fitted as plain values, and the estimator made of them again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sklearn.frozen import FrozenEstimator
from sklearn.preprocessing import LabelBinarizer
from sklearn.utils.metadata_routing import MetadataRequest
from sklearn.utils.validation import check_is_fitted

from chainrule.errors import InvalidFile, InvalidValue
from chainrule.estimators.base import BaseMLP
from chainrule.estimators.classifier import MLPClassifier
from chainrule.estimators.hidden_activations import HiddenActivations
from chainrule.estimators.regressor import MLPRegressor
from chainrule.models.fitted_state import check_fitted
from chainrule.models.plain_values import Decoder, Encoder, ValueKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chainrule.models.network_description import Own
    from chainrule.models.safetensors_file import Tensors

ESTIMATORS: dict[str, type[Any]] = {kind.__name__: kind for kind in (MLPClassifier, MLPRegressor, HiddenActivations)}
# what watches a training, and is not the model
WATCHING = (
    "_skl_callbacks",
    "_skl_callbacks_to_teardown",
    "_callback_fit_ctx",
    "_parent_callback_ctx",
)


def is_estimator(model: object) -> bool:
    """Whether it is an estimator of chainrule, and not of a class derived from one."""
    return type(model) in ESTIMATORS.values()


def describe_estimator(model: Any) -> tuple[dict[str, Any], Tensors]:
    """Return all of a fitted estimator in values that JSON knows, and its arrays.

    Raises
    ------
    InvalidValue
        Where it is not fitted, where its parameters or its parameters' combinations are none that it takes, and where
        it holds a function, or an object that is not chainrule's.
    """
    try:
        check_is_fitted(model)
    except ValueError:
        raise InvalidValue(f"This {type(model).__name__} is not fitted yet: call fit, then save.") from None
    try:
        model._validate_params()
    except ValueError as error:
        raise InvalidValue(f"Cannot save this {type(model).__name__}: {error}") from None
    encoder = Encoder(KINDS)
    try:
        described = _estimator(encoder, model, "")
    except RecursionError:
        raise InvalidValue(
            f"Cannot save this {type(model).__name__}: a value in it holds itself, or is nested too deeply."
        ) from None
    return described, encoder.tensors


def estimator_of(described: Any, tensors: Tensors, own: Sequence[Own], source: object) -> Any:
    """Make the estimator that :func:`describe_estimator` described; ``source`` is what a complaint says it came from.

    Raises
    ------
    InvalidFile
        Where the description is not one of an estimator, or names a part of your own that is not among ``own``.
    """
    try:
        model = _read_estimator(Decoder(tensors, own, source, KINDS), described)
        check_is_fitted(getattr(model, "estimator_", model))
    except (InvalidFile, MemoryError):
        raise
    except Exception as error:  # it is a stranger's: anything may stand anywhere in it
        raise InvalidFile(f"{source} is damaged: it does not describe a fitted estimator ({error}).") from error
    return model


def _estimator(encoder: Encoder, model: Any, where: str) -> dict[str, Any]:
    """Return an estimator, fitted or not, in JSON."""
    if isinstance(model, BaseMLP) and "theta_" in vars(model):
        try:
            check_fitted(model)
        except (ValueError, TypeError, LookupError, AttributeError) as error:  # whatever was set from outside
            raise InvalidValue(
                f"Cannot save this {type(model).__name__}: it would not load, for {error}. Fit it again, or save its "
                "network: cr.save(path, net, theta)."
            ) from error
    parameters = model.get_params(deep=False)
    fitted = {name: value for name, value in vars(model).items() if name not in (*parameters, *WATCHING)}
    if name := _hiding(type(model), fitted):
        raise InvalidValue(f"Cannot save {name}: it hides what {type(model).__name__} has of that name. Rename it.")
    return {
        "class": type(model).__name__,
        "parameters": encoder.each(parameters, where),
        "fitted": encoder.each(fitted, where),
    }


def _read_estimator(decoder: Decoder, described: Any) -> Any:
    """Make an estimator of its description."""
    kind = ESTIMATORS[described["class"]]
    parameters, fitted = decoder.each(described["parameters"]), decoder.each(described["fitted"])
    model = kind(**parameters)
    model._validate_params()
    if name := _hiding(kind, fitted):
        raise ValueError(f"{name} is not for a file to say")
    if isinstance(request := fitted.get("_metadata_request"), MetadataRequest):
        for asking in (request, *(part for part in vars(request).values() if hasattr(part, "owner"))):
            asking.owner = model
    vars(model).update(fitted)
    if isinstance(model, BaseMLP) and "theta_" in fitted:
        check_fitted(model)
    return model


DEFAULTED = ("_compiled", "_metadata_request", "_sklearn_output_config")


def _hiding(kind: type[Any], fitted: dict[str, Any]) -> str | None:
    """Return the first attribute that hides a method or a property of its class, if one does."""
    return next((name for name in fitted if hasattr(kind, name) and name not in DEFAULTED), None)


LEARNED = ("y_type_", "sparse_input_", "classes_")


def _binarizer(encoder: Encoder, value: Any, where: str) -> Any:
    return encoder.each({name: getattr(value, name) for name in LEARNED}, where)


def _read_binarizer(decoder: Decoder, plain: Any) -> LabelBinarizer:
    """Make scikit-learn's encoder of classes, whose parameters are its defaults in every estimator here."""
    made, learned = LabelBinarizer(), decoder.each(plain)
    for name in LEARNED:
        setattr(made, name, learned.pop(name))
    if learned:
        raise ValueError(f"a LabelBinarizer has no {', '.join(learned)}")
    return made


def _read_request(decoder: Decoder, plain: Any) -> MetadataRequest:
    """Make scikit-learn's request of metadata; whose it is comes later."""
    made = MetadataRequest(owner=None)
    for method, asked in decoder.decode(plain).items():
        for name, alias in asked.items():
            getattr(made, method).add_request(param=name, alias=alias)
    return made


KINDS = (
    *(ValueKind(name, kind, _estimator, _read_estimator) for name, kind in ESTIMATORS.items()),
    ValueKind(
        "FrozenEstimator",
        FrozenEstimator,
        lambda encoder, value, where: encoder.encode(value.estimator, f"{where}.estimator"),
        lambda decoder, plain: FrozenEstimator(decoder.decode(plain)),
    ),
    ValueKind("LabelBinarizer", LabelBinarizer, _binarizer, _read_binarizer),
    ValueKind(
        "MetadataRequest",
        MetadataRequest,
        lambda encoder, value, where: encoder.encode(value._serialize(), where),
        _read_request,
    ),
)
