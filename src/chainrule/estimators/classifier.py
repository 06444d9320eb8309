"""MLPClassifier: a multilayer perceptron for classes, with scikit-learn's interface."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from sklearn.base import ClassifierMixin, _fit_context
from sklearn.preprocessing import LabelBinarizer
from sklearn.utils import column_or_1d
from sklearn.utils._param_validation import StrOptions
from sklearn.utils.metaestimators import available_if
from sklearn.utils.multiclass import (
    _check_partial_fit_first_call,
    type_of_target,
    unique_labels,
)

from chainrule.errors import InvalidValue
from chainrule.estimators.base import BaseMLP
from chainrule.estimators.checked_inputs import validated
from chainrule.estimators.class_labels import Labels, one_hot, one_type
from chainrule.estimators.inspection import adopt, settings_of
from chainrule.estimators.parameter_docs import documented
from chainrule.estimators.streamed_outputs import ScoresStreams

if TYPE_CHECKING:
    from chainrule.maths.arrays import Array
    from chainrule.maths.loss import Loss
    from chainrule.network.network import Network

MARGINS = ("hinge", "squared_hinge", "perceptron")  # losses of targets ±1: no probabilities


def _has_probabilities(clf: MLPClassifier) -> bool:
    if isinstance(clf.loss, str) and clf.loss in MARGINS:
        raise AttributeError(
            f"predict_proba is not available with loss={clf.loss!r}: its outputs are margins, not probabilities. "
            "Use decision_function, or loss='log_loss'."
        )
    return True


@documented
class MLPClassifier(ScoresStreams, ClassifierMixin, Labels, BaseMLP):
    """A multilayer perceptron for classes: scikit-learn's parameters, defaults, attributes and numbers.

    The loss is the mean of −Σ_k [t_k log y_k + (1 − t_k) log(1 − y_k)] for two classes and for many labels (sigmoid
    outputs), of −Σ_k t_k log y_k for more classes (softmax), plus ½ α/Σw Σ W² over the weights of each batch.

    Parameters
    ----------
    {shared}
    loss : {"log_loss", "hinge", "squared_hinge", "perceptron"}
        All but the first have margins and no probabilities.
    class_weight : dict, "balanced" or None
        Weight of each class, multiplied into the sample weights.
    {more}

    Attributes
    ----------
    theta_ : array (n_parameters,)
        All parameters; ``coefs_`` and ``intercepts_`` are views of it.
    network_ : Network
        The network that opens: ``clf.network_.forward(clf.theta_, X)``, ``chainrule.explain(clf)``.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> X, y = load_iris(return_X_y=True)
    >>> clf = MLPClassifier(random_state=0, max_iter=300, learning_rate_init=0.01).fit(X, y)
    >>> clf.score(X, y) > 0.95
    True
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        **BaseMLP._parameter_constraints,
        "loss": [StrOptions({"log_loss", *MARGINS})],
        "class_weight": [dict, StrOptions({"balanced"}), None],
    }

    def __init__(
        self,
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
        loss: str = "log_loss",
        class_weight: Any = None,
        dropout: float = 0.0,
        input_dropout: float = 0.0,
        max_gradient_norm: float | None = None,
        average_from: int | None = None,
        scoring: Any = None,
        engine: str = "auto",
    ) -> None:
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
        self.loss = loss
        self.class_weight = class_weight
        self.dropout = dropout
        self.input_dropout = input_dropout
        self.max_gradient_norm = max_gradient_norm
        self.average_from = average_from
        self.scoring = scoring
        self.engine = engine

    @classmethod
    def from_network(cls, network: Network, theta: Any, classes: Any, **settings: Any) -> MLPClassifier:
        """Make a fitted classifier of a network and its parameters; they are copied.

        Parameters
        ----------
        network : Network
            Its layers have biases.
        theta : array (n_parameters,)
        classes : array (n_classes,)
            The labels in the order of the outputs; of one sigmoid output the second is the one near 1.
        **settings
            Parameters of the estimator.

        Returns
        -------
        MLPClassifier

        Raises
        ------
        InvalidValue
            Where a layer has no bias, theta does not fit, or there are not as many classes as outputs.

        Examples
        --------
        >>> from chainrule import Dense, Network
        >>> net = Network([Dense(1, "sigmoid")], n_features=1, loss="log_loss")
        >>> clf = MLPClassifier.from_network(net, [10.0, -5.0], ["low", "high"])
        >>> clf.predict([[0.0], [1.0]]).tolist()
        ['low', 'high']
        """
        labels = np.asarray(classes)
        expected = 2 if network.n_outputs == 1 else network.n_outputs
        if labels.shape != (expected,) or len(set(labels.tolist())) != expected:
            raise InvalidValue(f"classes must name {expected} different labels for this network, got {classes!r}.")
        margin = {"loss": network.loss.name} if network.loss.name in MARGINS else {}
        clf = cls(**{**settings_of(network), **margin, **settings})
        clf._label_binarizer = LabelBinarizer().fit(labels)
        clf._label_binarizer.classes_ = clf.classes_ = labels
        return adopt(clf, network, theta)

    @available_if(lambda clf: clf._check_solver())
    @_fit_context(prefer_skip_nested_validation=True)
    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None, classes: Any = None) -> MLPClassifier:
        """Train one epoch on these samples.

        Parameters
        ----------
        X : array, sparse matrix or data frame (n_samples, n_features)
        y : array (n_samples,), or (n_samples, n_labels)
            One class a sample, or zeros and ones for many labels.
        sample_weight : array (n_samples,), optional
        classes : array (n_classes,)
            All classes; the first call must name them.

        Returns
        -------
        MLPClassifier
            Itself.

        Raises
        ------
        ValueError
            Where X, y or a parameter cannot be used.

        Examples
        --------
        >>> MLPClassifier((3,), random_state=0).partial_fit([[0.0], [1.0]], [0, 1], classes=[0, 1]).n_iter_
        1
        """
        if self.class_weight == "balanced":
            raise InvalidValue(
                "Cannot use class_weight='balanced' in partial_fit, which sees only a part of y: pass the weights, "
                "sklearn.utils.class_weight.compute_class_weight('balanced', classes=..., y=...) of the whole."
            )
        if _check_partial_fit_first_call(self, classes):
            self._label_binarizer = LabelBinarizer()
            self._label_binarizer.fit(y if type_of_target(y).startswith("multilabel") else classes)
        self._fit(X, y, sample_weight, incremental=True)
        return self

    def predict(self, X: Any) -> Any:
        """Return the class of each sample, or its labels.

        Parameters
        ----------
        X : array, sparse matrix or data frame (n_samples, n_features), or Stream

        Returns
        -------
        array (n_samples,), or (n_samples, n_labels) for many labels

        Raises
        ------
        sklearn.exceptions.NotFittedError
            Before ``fit``.
        ValueError
            Where X has other columns than in ``fit``, or holds NaN or infinity.

        Examples
        --------
        >>> clf = MLPClassifier(solver="lbfgs", random_state=0).fit([[0.0], [1.0]], ["low", "high"])
        >>> clf.predict([[-1.0], [2.0]]).tolist()
        ['low', 'high']
        """
        return self._read(self._outputs(X))

    @available_if(_has_probabilities)
    def predict_proba(self, X: Any) -> Array:
        """Return the probability of each class.

        Parameters
        ----------
        X : array, sparse matrix or data frame (n_samples, n_features), or Stream

        Returns
        -------
        array (n_samples, n_classes)
            In the order of ``classes_``.

        Raises
        ------
        sklearn.exceptions.NotFittedError
            Before ``fit``.
        ValueError
            Where X has other columns than in ``fit``, or holds NaN or infinity.

        Examples
        --------
        >>> clf = MLPClassifier(random_state=0, max_iter=2).initialize([[0.0], [1.0]], [0, 1])
        >>> clf.predict_proba([[0.0], [1.0]]).shape
        (2, 2)
        """
        Y = self._outputs(X)
        return np.column_stack([1 - Y, Y]) if self.n_outputs_ == 1 else Y

    @available_if(_has_probabilities)
    def predict_log_proba(self, X: Any) -> Array:
        """Return the logarithms of :meth:`predict_proba`.

        Parameters
        ----------
        X : array, sparse matrix or data frame (n_samples, n_features), or Stream

        Returns
        -------
        array (n_samples, n_classes)

        Raises
        ------
        sklearn.exceptions.NotFittedError
            Before ``fit``.
        ValueError
            Where X has other columns than in ``fit``, or holds NaN or infinity.

        Examples
        --------
        >>> clf = MLPClassifier(random_state=0, max_iter=2).initialize([[0.0], [1.0]], [0, 1])
        >>> bool((clf.predict_log_proba([[0.0]]) < 0).all())
        True
        """
        with np.errstate(divide="ignore"):
            return np.log(self.predict_proba(X))

    @available_if(lambda clf: isinstance(clf.loss, str) and clf.loss in MARGINS)
    def decision_function(self, X: Any) -> Array:
        """Return the margin of each sample; for the losses that have margins.

        Parameters
        ----------
        X : array, sparse matrix or data frame (n_samples, n_features), or Stream

        Returns
        -------
        array (n_samples,) for two classes, else (n_samples, n_outputs)

        Raises
        ------
        sklearn.exceptions.NotFittedError
            Before ``fit``.
        ValueError
            Where X has other columns than in ``fit``, or holds NaN or infinity.

        Examples
        --------
        >>> clf = MLPClassifier(loss="hinge", random_state=0).initialize([[0.0], [1.0]], [0, 1])
        >>> clf.decision_function([[0.0], [1.0]]).shape
        (2,)
        """
        Y = self._outputs(X)
        return Y.ravel() if self.n_outputs_ == 1 else Y

    def _read(self, Y: Array) -> Any:
        """Read the classes off outputs."""
        boundary = 0.0 if self.loss in MARGINS else 0.5
        if self._multilabel or len(self.classes_) == 1:
            read = (boundary < Y).astype(Y.dtype)
            return self._label_binarizer.inverse_transform(read.ravel() if self.n_outputs_ == 1 else read)
        return self.classes_[(boundary < Y[:, 0]).astype(int) if self.n_outputs_ == 1 else Y.argmax(axis=1)]

    def _output(self) -> tuple[str, str | Loss]:
        if self.loss in MARGINS:
            return "identity", self.loss
        many = self._label_binarizer.y_type_ == "multiclass"
        return ("softmax", "cross_entropy") if many else ("sigmoid", "log_loss")

    def _validate_input(self, X: Any, y: Any, incremental: bool, reset: bool) -> tuple[Any, Any]:
        X, y = validated(self, X, y, multi_output=True, dtype=self._dtypes(reset), reset=reset)
        if y.ndim == 2 and y.shape[1] == 1:
            y = column_or_1d(y, warn=True)
        if "classes_" not in vars(self) or (not self.warm_start and not incremental):
            self._label_binarizer = LabelBinarizer().fit(one_type(y))
            self.classes_ = self._label_binarizer.classes_
            return X, y
        self._check_classes(unique_labels(one_type(y)))
        return X, y

    def _validate_own(self, X: Any, y: Any, dtype: Any) -> tuple[Any, Any]:
        X, y = validated(self, X, y, names=("X_val", "y_val"), multi_output=True, dtype=dtype, reset=False)
        unknown = np.setdiff1d(unique_labels(one_type(y, "y_val")), self.classes_)
        if len(unknown):
            raise InvalidValue(f"y_val has classes that y has not: {unknown}. y has {self.classes_}.")
        return X, y

    def _targets(self, y: Any, dtype: Any) -> Array:
        """One column of 0 and 1 for two classes, one a class or label for more; ±1 for margins."""
        if np.ndim(y) == 1 and len(self.classes_) == 2:  # the same, without the arrays that it takes on the way
            T = (y == self.classes_[1]).astype(dtype)[:, None]
        elif np.ndim(y) == 1 and len(self.classes_) > 2:
            T = one_hot(y, self.classes_, dtype)
        else:
            T = np.asarray(self._label_binarizer.transform(y)).astype(dtype)
            T = T.reshape(-1, 1) if T.ndim == 1 else T
        return 2 * T - 1 if self.loss in MARGINS else T

    def _labels(self, T: Array) -> Any:
        return self._label_binarizer.inverse_transform(T.astype(bool) if self.loss not in MARGINS else T > 0)

    def __sklearn_tags__(self) -> Any:
        """Say that many labels are taken."""
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        return tags
