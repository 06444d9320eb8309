"""Inspection: what a fitted estimator shows of its network, and how one is made from a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted

from chainrule.errors import InvalidValue
from chainrule.estimators.checked_inputs import validated
from chainrule.estimators.samples import dense
from chainrule.estimators.to_sklearn import as_sklearn
from chainrule.network.inputs import as_theta

if TYPE_CHECKING:
    from chainrule.maths.arrays import Array
    from chainrule.network.network import Network


class Inspection:
    """Estimators that open."""

    theta_: Array
    network_: Any

    def hidden_activations(self, X: Any) -> list[Array]:
        """Return the activations of every hidden layer.

        Parameters
        ----------
        X : array (n_samples, n_features)

        Returns
        -------
        list of arrays (n_samples, n_units)
            One a hidden layer.

        Raises
        ------
        sklearn.exceptions.NotFittedError
            Before ``fit``.

        Examples
        --------
        >>> from chainrule import MLPClassifier
        >>> clf = MLPClassifier((3, 2), max_iter=1, random_state=0).initialize([[0.0], [1.0]], [0, 1])
        >>> [A.shape for A in clf.hidden_activations([[0.5]])]
        [(1, 3), (1, 2)]
        """
        checked = self._checked(X)
        return list(self.network_.forward(self.theta_, checked).A[1:-1])

    def input_gradient(self, X: Any, y: Any) -> Array:
        """∂ℓ/∂X of each sample's own loss: which inputs an answer depends on.

        Parameters
        ----------
        X : array (n_samples, n_features)
        y : array (n_samples,), or (n_samples, n_outputs)
            Targets as ``fit`` takes them; of a classifier labels, each one of ``classes_``, not positions.

        Returns
        -------
        array (n_samples, n_features)

        Raises
        ------
        InvalidValue
            Where a label is not one of the classes, or there is not one for each sample.
        sklearn.exceptions.NotFittedError
            Before ``fit``.

        Examples
        --------
        >>> from chainrule import MLPRegressor
        >>> reg = MLPRegressor(hidden_layer_sizes=(), random_state=0).initialize([[0.0], [1.0]], [0.0, 1.0])
        >>> reg.coefs_ = [[[2.0]]]
        >>> reg.intercepts_ = [[0.0]]
        >>> reg.input_gradient([[3.0]], [5.0])  # (2 · 3 − 5) · 2
        array([[2.]])
        """
        checked = self._checked(X)
        T = self._targets(self._known_targets(y), checked.dtype)  # type: ignore[attr-defined]
        trace = self.network_.forward(self.theta_, checked)
        slopes: Array = len(checked) * self.network_.backward(self.theta_, trace, T).dA[0]
        return slopes

    def initialize(self, X: Any, y: Any) -> Any:
        """Draw the weights that ``fit`` would start from, and train nothing.

        Parameters
        ----------
        X : array (n_samples, n_features)
        y : array (n_samples,), or (n_samples, n_outputs)
            Only their shape and their classes are used.

        Returns
        -------
        the estimator
            Itself.

        Raises
        ------
        ValueError
            Where X, y or a parameter cannot be used.

        Examples
        --------
        >>> from chainrule import MLPRegressor
        >>> MLPRegressor(hidden_layer_sizes=(4,), random_state=0).initialize([[0.0], [1.0]], [0.0, 1.0]).coefs_[0].shape
        (1, 4)
        """
        self._validate_params()  # type: ignore[attr-defined]
        checked, labels = self._validate_input(X, y, False, reset=True)  # type: ignore[attr-defined]
        self._random_state = check_random_state(self.random_state)  # type: ignore[attr-defined]
        self._begin(checked, self._targets(labels, checked.dtype))  # type: ignore[attr-defined]
        return self

    def to_sklearn(self) -> Any:
        """Return scikit-learn's own estimator, fitted, with the same predictions.

        Settings that scikit-learn has not, a loss or a solver among them, are its defaults there.

        Returns
        -------
        sklearn.neural_network.MLPClassifier or MLPRegressor

        Raises
        ------
        InvalidValue
            Where scikit-learn has no such hidden activations, or reads outputs in another way (margins).
        sklearn.exceptions.NotFittedError
            Before ``fit``.

        Examples
        --------
        >>> from chainrule import MLPClassifier
        >>> clf = MLPClassifier((3,), solver="lbfgs", random_state=0).fit([[0.0], [1.0]], ["no", "yes"])
        >>> type(clf.to_sklearn()).__module__.split(".")[0], clf.to_sklearn().predict([[1.0]]).tolist()
        ('sklearn', ['yes'])
        """
        check_is_fitted(self)
        return as_sklearn(self)

    def _checked(self, X: Any) -> Array:
        check_is_fitted(self)
        return dense(validated(self, X, reset=False, dtype=self.theta_.dtype))


def kind_of(network: Network) -> Any:
    """What must be the same to go on with a network's parameters: all but where they began."""
    layers = [(layer.n_outputs, layer.activation, layer.bias) for layer in network.layers]
    return network.n_features, layers, network.dropout_rates, network.loss


def settings_of(network: Network) -> dict[str, Any]:
    """The settings of an estimator with this network: its hidden layers."""
    hidden = network.layers[:-1]
    sizes, activations = tuple(layer.n_outputs for layer in hidden), [layer.activation for layer in hidden]
    return {"hidden_layer_sizes": sizes, "activation": activations}


def adopt(mlp: Any, network: Network, theta: Any) -> Any:
    """Give an estimator a network and its parameters, as if it had been fitted."""
    if not all(layer.bias for layer in network.layers):
        raise InvalidValue("An estimator's layers have biases, as scikit-learn's: make the network with bias=True.")
    mlp.network_, mlp.theta_ = network, as_theta(theta, network.n_parameters).copy()
    mlp.n_features_in_, mlp.n_outputs_, mlp.n_iter_, mlp.t_ = network.n_features, network.n_outputs, 0, 0
    mlp._memory, mlp._parts, mlp.loss_curve_ = None, None, []
    return mlp
