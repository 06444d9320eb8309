"""HiddenActivations: what a network has learned to see in X, as a step of a Pipeline."""

from __future__ import annotations

from numbers import Integral
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from sklearn.base import BaseEstimator, MetaEstimatorMixin, TransformerMixin, _fit_context, clone
from sklearn.utils._param_validation import HasMethods, Interval
from sklearn.utils.validation import check_is_fitted

from chainrule.errors import InvalidValue

if TYPE_CHECKING:
    from chainrule.maths.arrays import Array


class HiddenActivations(MetaEstimatorMixin, TransformerMixin, BaseEstimator):
    """The outputs of a hidden layer as features: ``transform(X)`` is A of that layer, (n_samples, n_units).

    Parameters
    ----------
    estimator : MLPClassifier or MLPRegressor
        Which network is trained, by a copy; a fitted one in ``sklearn.frozen.FrozenEstimator`` is taken as it is.
    layer : int
        Which hidden layer, from 0 on; −1 is the last.

    Attributes
    ----------
    estimator_ : MLPClassifier or MLPRegressor
        The fitted copy.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.neighbors import KNeighborsClassifier
    >>> from sklearn.pipeline import make_pipeline
    >>> from chainrule import MLPClassifier
    >>> X, y = load_iris(return_X_y=True)
    >>> features = HiddenActivations(MLPClassifier((6, 3), solver="lbfgs", random_state=0))
    >>> pipe = make_pipeline(features, KNeighborsClassifier()).fit(X, y)
    >>> pipe[:-1].transform(X).shape
    (150, 3)
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        "estimator": [HasMethods(["fit", "hidden_activations"])],
        "layer": [Interval(Integral, None, None, closed="neither")],
    }

    def __init__(self, estimator: Any, layer: int = -1) -> None:
        self.estimator = estimator
        self.layer = layer

    @_fit_context(prefer_skip_nested_validation=False)
    def fit(self, X: Any, y: Any, **fit_params: Any) -> HiddenActivations:
        """Train a copy of the estimator.

        Parameters
        ----------
        X : array, sparse matrix or data frame (n_samples, n_features)
        y : array (n_samples,) or (n_samples, n_outputs)
        **fit_params
            For the estimator's ``fit``.

        Returns
        -------
        HiddenActivations
            Itself.

        Raises
        ------
        InvalidValue
            Where the network has no such hidden layer.

        Examples
        --------
        >>> from chainrule import MLPRegressor
        >>> reg = MLPRegressor(hidden_layer_sizes=(4,), solver="lbfgs", random_state=0)
        >>> HiddenActivations(reg).fit([[0.0], [1.0]], [0.0, 1.0]).transform([[0.5]]).shape
        (1, 4)
        """
        self.estimator_ = clone(self.estimator).fit(X, y, **fit_params)
        hidden = len(self.estimator_.network_.layers) - 1
        if not -hidden <= self.layer < hidden:
            raise InvalidValue(
                f"layer must be one of the {hidden} hidden layers, from 0 on or from −1 backwards, got {self.layer}."
            )
        return self

    def transform(self, X: Any) -> Array:
        """Return the layer's outputs.

        Parameters
        ----------
        X : array, sparse matrix or data frame (n_samples, n_features)

        Returns
        -------
        array (n_samples, n_units)

        Raises
        ------
        sklearn.exceptions.NotFittedError
            Before ``fit``.
        ValueError
            Where X has other columns than in ``fit``, or holds NaN or infinity.

        Examples
        --------
        >>> from chainrule import MLPRegressor
        >>> reg = MLPRegressor(hidden_layer_sizes=(4, 2), solver="lbfgs", random_state=0)
        >>> HiddenActivations(reg, layer=0).fit([[0.0], [1.0]], [0.0, 1.0]).transform([[0.5]]).shape
        (1, 4)
        """
        check_is_fitted(self)
        activations: Array = self.estimator_.hidden_activations(X)[self.layer]
        return activations

    def get_feature_names_out(self, input_features: Any = None) -> Any:  # noqa: ARG002  # scikit-learn's signature
        """Return a name for each unit, ``hidden1_0`` and so on, as ``set_output`` wants them.

        Parameters
        ----------
        input_features : array of str, optional
            Not used.

        Returns
        -------
        array of str (n_units,)

        Raises
        ------
        sklearn.exceptions.NotFittedError
            Before ``fit``.

        Examples
        --------
        >>> from chainrule import MLPRegressor
        >>> reg = MLPRegressor(hidden_layer_sizes=(2,), solver="lbfgs", random_state=0)
        >>> HiddenActivations(reg).fit([[0.0], [1.0]], [0.0, 1.0]).get_feature_names_out().tolist()
        ['hidden1_0', 'hidden1_1']
        """
        check_is_fitted(self)
        layers = self.estimator_.network_.layers[:-1]
        number = self.layer % len(layers)
        return np.array([f"hidden{number + 1}_{i}" for i in range(layers[number].n_outputs)], dtype=object)

    @property
    def n_features_in_(self) -> int:
        """How many columns X has."""
        return int(self.estimator_.n_features_in_)

    def __sklearn_tags__(self) -> Any:
        """Say that y is needed, and what the estimator takes."""
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        tags.input_tags.sparse = True
        return tags
