"""Scikit-learn's own estimator, fitted, from one of ours: for those who must hand over nothing else."""

from __future__ import annotations

from typing import Any

from sklearn.base import is_classifier
from sklearn.utils._param_validation import InvalidParameterError, validate_parameter_constraints

from chainrule.errors import InvalidValue

SHARED = ("identity", "logistic", "tanh", "relu")  # hidden activations that scikit-learn has
FITTED = (
    "classes_", "_label_binarizer", "n_features_in_", "feature_names_in_", "n_outputs_", "n_layers_",
    "out_activation_", "n_iter_", "t_", "loss_", "loss_curve_", "best_loss_", "validation_scores_",
    "best_validation_score_", "_no_improvement_count",
)  # fmt: skip


def as_sklearn(mlp: Any) -> Any:
    """Return scikit-learn's estimator with the predictions of ours."""
    from sklearn.neural_network import MLPClassifier, MLPRegressor  # noqa: PLC0415  # all else does without

    kind = MLPClassifier if is_classifier(mlp) else MLPRegressor
    theirs = kind(**{**_settings(mlp, kind), "activation": _activation(mlp)})
    for name in FITTED:
        if hasattr(mlp, name):
            setattr(theirs, name, getattr(mlp, name))
    theirs.coefs_ = [W.copy() for W in mlp.coefs_]
    theirs.intercepts_ = [b.copy() for b in mlp.intercepts_]
    return theirs


def _activation(mlp: Any) -> str:
    """Return the one hidden activation by scikit-learn's name, or the sentence that there is no such."""
    output = mlp.out_activation_
    if output not in ("identity", "logistic", "softmax", "exp") or (is_classifier(mlp) and output == "identity"):
        raise InvalidValue(
            f"Cannot make scikit-learn's estimator of one with loss={mlp.loss!r}: its outputs are read in another way."
        )
    names = {layer.activation.name for layer in mlp.network_.layers[:-1]} or {"relu"}
    names = {"logistic" if name == "sigmoid" else name for name in names}
    if len(names) > 1 or not names <= set(SHARED):
        raise InvalidValue(
            f"Cannot make scikit-learn's estimator of one with activation {', '.join(sorted(names))}: it has one for "
            f"all hidden layers, and that is one of {', '.join(SHARED)}."
        )
    return names.pop()


def _settings(mlp: Any, kind: Any) -> dict[str, Any]:
    """Return the settings that scikit-learn knows; the others stay at its defaults."""
    ours, taken = mlp.get_params(deep=False), {}
    for name in kind().get_params():
        try:
            validate_parameter_constraints(kind._parameter_constraints, {name: ours[name]}, caller_name=kind.__name__)
        except InvalidParameterError:
            continue
        taken[name] = ours[name]
    taken["hidden_layer_sizes"] = tuple(layer.n_outputs for layer in mlp.network_.layers[:-1])
    return taken
