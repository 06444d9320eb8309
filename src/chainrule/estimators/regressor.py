"""MLPRegressor: a multilayer perceptron for numbers, with scikit-learn's interface."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from sklearn.base import RegressorMixin, _fit_context
from sklearn.utils import column_or_1d
from sklearn.utils._param_validation import StrOptions
from sklearn.utils.metaestimators import available_if

from chainrule.errors import InvalidValue
from chainrule.estimators.base import BaseMLP
from chainrule.estimators.checked_inputs import numeric_targets, validated
from chainrule.estimators.inspection import adopt, settings_of
from chainrule.estimators.parameter_docs import documented
from chainrule.estimators.streamed_outputs import ScoresStreams
from chainrule.maths.loss import Loss
from chainrule.maths.losses import LOSSES

if TYPE_CHECKING:
    from chainrule.maths.arrays import Array
    from chainrule.network.network import Network

NAMES = {"squared_error": "half_squared_error"}
ROBUST = ("absolute_error", "huber", "log_cosh", "quantile")


@documented
class MLPRegressor(ScoresStreams, RegressorMixin, BaseMLP):
    """A multilayer perceptron for numbers: scikit-learn's parameters, defaults, attributes and numbers.

    The loss is the mean of ½ Σ_k (y_k − t_k)², or another, plus ½ α/Σw Σ W² over the weights of each batch.

    Parameters
    ----------
    loss : {"squared_error", "poisson", "absolute_error", "huber", "log_cosh", "quantile"} or Loss
        "poisson" has exponential outputs and targets ≥ 0. Beyond scikit-learn: the robust ones, and your own
        (``chainrule.huber(2.0)``, ``chainrule.Loss``).
    {shared}
    {more}

    Examples
    --------
    >>> X = np.linspace(-1, 1, 50).reshape(-1, 1)
    >>> reg = MLPRegressor(hidden_layer_sizes=(10,), activation="tanh", solver="lbfgs", random_state=0, max_iter=1000)
    >>> reg.fit(X, X.ravel() ** 2).score(X, X.ravel() ** 2) > 0.999
    True
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        **BaseMLP._parameter_constraints,
        "loss": [StrOptions({"squared_error", "poisson", *ROBUST}), Loss],
    }

    def __init__(
        self,
        loss: Any = "squared_error",
        hidden_layer_sizes: Any = (100,),
        activation: Any = "relu",
        *,
        solver: str = "adam",
        alpha: float = 0.0001,
        batch_size: Any = "auto",
        learning_rate: Any = "constant",
        learning_rate_init: float = 0.001,
        power_t: float = 0.5,
        max_iter: int = 200,
        shuffle: bool = True,
        random_state: Any = None,
        tol: float = 1e-4,
        verbose: Any = False,
        warm_start: Any = False,
        momentum: float = 0.9,
        nesterovs_momentum: bool = True,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-8,
        n_iter_no_change: Any = 10,
        max_fun: int = 15000,
        dropout: float = 0.0,
        input_dropout: float = 0.0,
        max_gradient_norm: float | None = None,
        average_from: int | None = None,
        scoring: Any = None,
        engine: str = "auto",
    ) -> None:
        self.loss = loss
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.solver = solver
        self.alpha = alpha
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.learning_rate_init = learning_rate_init
        self.power_t = power_t
        self.max_iter = max_iter
        self.shuffle = shuffle
        self.random_state = random_state
        self.tol = tol
        self.verbose = verbose
        self.warm_start = warm_start
        self.momentum = momentum
        self.nesterovs_momentum = nesterovs_momentum
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon
        self.n_iter_no_change = n_iter_no_change
        self.max_fun = max_fun
        self.dropout = dropout
        self.input_dropout = input_dropout
        self.max_gradient_norm = max_gradient_norm
        self.average_from = average_from
        self.scoring = scoring
        self.engine = engine

    @classmethod
    def from_network(cls, network: Network, theta: Any, **settings: Any) -> MLPRegressor:
        """Make a fitted regressor of a network and its parameters; they are copied.

        Parameters
        ----------
        network : Network
            Its layers have biases.
        theta : array (n_parameters,)
        **settings
            Parameters of the estimator.

        Returns
        -------
        MLPRegressor

        Raises
        ------
        InvalidValue
            Where a layer has no bias, theta does not fit, or the loss is of another kind.

        Examples
        --------
        >>> from chainrule import Dense, Network
        >>> MLPRegressor.from_network(Network([Dense(1)], n_features=1), [2.0, 1.0]).predict([[3.0]])
        array([7.])
        """
        return adopt(cls(loss=network.loss, **{**settings_of(network), **settings}), network, theta)

    @available_if(lambda reg: reg._check_solver())
    @_fit_context(prefer_skip_nested_validation=True)
    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None) -> MLPRegressor:
        """Train one epoch on these samples.

        Parameters
        ----------
        X : array, sparse matrix or data frame (n_samples, n_features)
        y : array (n_samples,), or (n_samples, n_outputs)
        sample_weight : array (n_samples,), optional

        Returns
        -------
        MLPRegressor
            Itself.

        Raises
        ------
        ValueError
            Where X, y or a parameter cannot be used.

        Examples
        --------
        >>> MLPRegressor(hidden_layer_sizes=(3,), random_state=0).partial_fit([[0.0], [1.0]], [0, 1]).n_iter_
        1
        """
        self._fit(X, y, sample_weight, incremental=True)
        return self

    def predict(self, X: Any) -> Array:
        """Return the predicted numbers.

        Parameters
        ----------
        X : array, sparse matrix or data frame (n_samples, n_features), or Stream

        Returns
        -------
        array (n_samples,), or (n_samples, n_outputs)

        Raises
        ------
        sklearn.exceptions.NotFittedError
            Before ``fit``.
        ValueError
            Where X has other columns than in ``fit``, or holds NaN or infinity.

        Examples
        --------
        >>> reg = MLPRegressor("squared_error", (), solver="lbfgs", alpha=0).fit([[0.0], [1.0]], [1.0, 3.0])
        >>> reg.predict([[2.0]]).round(3).tolist()
        [5.0]
        """
        return self._read(self._outputs(X))

    def _read(self, Y: Array) -> Array:
        return Y.ravel() if Y.shape[1] == 1 else Y

    def _output(self) -> tuple[str, str | Loss]:
        if isinstance(self.loss, Loss):
            return ("exp" if not self.loss.domain.contains(LOSSES["huber"].domain) else "identity"), self.loss
        return ("exp" if self.loss == "poisson" else "identity"), NAMES.get(self.loss) or self.loss

    def _divisor(self) -> float:
        return float(self.n_outputs_) if self.loss == "squared_error" else 1.0

    def _validate_input(self, X: Any, y: Any, incremental: bool, reset: bool) -> tuple[Any, Any]:  # noqa: ARG002
        y = numeric_targets("y", y)
        X, y = validated(self, X, y, multi_output=True, y_numeric=True, dtype=self._dtypes(reset), reset=reset)
        if y.ndim == 2 and y.shape[1] == 1:
            y = column_or_1d(y, warn=True)
        if self.loss == "poisson" and (y < 0).any():
            raise InvalidValue(f"loss='poisson' needs targets ≥ 0, got {y.min():g}.")
        return X, y

    def _learn_targets(self, X: Any, y: Any, counts: Any, *, reset: bool) -> None:  # noqa: ARG002
        numeric_targets("y", y)

    def _validate_own(self, X: Any, y: Any, dtype: Any) -> tuple[Any, Any]:
        y = numeric_targets("y_val", y)
        return validated(
            self, X, y, names=("X_val", "y_val"), multi_output=True, y_numeric=True, dtype=dtype, reset=False
        )

    def _known_targets(self, y: Any) -> Any:
        return np.asarray(numeric_targets("y", y))

    def _targets(self, y: Any, dtype: Any) -> Array:
        T = np.asarray(y).astype(dtype, copy=False)
        return T.reshape(-1, 1) if T.ndim == 1 else T

    def _labels(self, T: Array) -> Array:
        return T.ravel() if T.shape[1] == 1 else T
