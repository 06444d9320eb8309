"""What both estimators are: scikit-learn's settings, one theta, and the way from X and y to it."""

from __future__ import annotations

from functools import partial
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
from sklearn.base import BaseEstimator, _fit_context
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import HasMethods, Interval, Options, StrOptions
from sklearn.utils.validation import _check_sample_weight

from chainrule.errors import InvalidValue
from chainrule.estimators.callbacks import TakesCallbacks
from chainrule.estimators.checked_inputs import hidden_sizes, refuse_masked, weighable
from chainrule.estimators.coefficients import Coefficients, fill_all
from chainrule.estimators.combinations import check_combinations
from chainrule.estimators.descent import Descent
from chainrule.estimators.full_batch import fit_lbfgs, fit_scipy
from chainrule.estimators.inspection import Inspection, kind_of
from chainrule.estimators.outputs import Outputs
from chainrule.estimators.samples import Samples, by_row
from chainrule.estimators.scaled_objective import PenalizedLoss
from chainrule.estimators.solvers import SOLVERS, STOCHASTIC
from chainrule.estimators.state import as_plain, rebuilt
from chainrule.estimators.streaming import as_stream, fit_stream
from chainrule.estimators.validation import held_out, own_samples, validator, warn_if_far
from chainrule.maths.activations import ACTIVATIONS, Activation
from chainrule.network.engine_choice import ENGINES, is_compiled, textbook_seconds
from chainrule.network.layers import Dense
from chainrule.network.network import Network
from chainrule.training.minimize import LEVENBERG_MARQUARDT, USUAL_ITERATIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chainrule.estimators.descent import Memory
    from chainrule.maths.arrays import Array
    from chainrule.maths.loss import Loss
    from chainrule.training.keeping import KeepsTraining

NAMES = {"logistic": "sigmoid"}  # scikit-learn's names of our activations
THEIRS = {"sigmoid": "logistic"}


class BaseMLP(TakesCallbacks, Inspection, Outputs, BaseEstimator):
    """The part that classifier and regressor share."""

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        "hidden_layer_sizes": ["array-like", Interval(Integral, 1, None, closed="left")],
        "activation": [StrOptions({*ACTIVATIONS, "logistic"}), Activation, list, tuple],
        "solver": [StrOptions(set(SOLVERS))],
        "alpha": [Interval(Real, 0, None, closed="left")],
        "batch_size": [StrOptions({"auto"}), Interval(Integral, 1, None, closed="left")],
        "learning_rate": [StrOptions({"constant", "invscaling", "adaptive"}), HasMethods(["begin"])],
        "learning_rate_init": [Interval(Real, 0, None, closed="neither")],
        "power_t": [Interval(Real, 0, None, closed="left")],
        "max_iter": [Interval(Integral, 1, None, closed="left")],
        "shuffle": ["boolean"],
        "random_state": ["random_state"],
        "tol": [Interval(Real, 0, None, closed="left")],
        "verbose": ["verbose"],
        "warm_start": ["boolean", StrOptions({"continue"})],
        "momentum": [Interval(Real, 0, 1, closed="both")],
        "nesterovs_momentum": ["boolean"],
        "early_stopping": ["boolean"],
        "validation_fraction": [Interval(Real, 0, 1, closed="left")],
        "beta_1": [Interval(Real, 0, 1, closed="left")],
        "beta_2": [Interval(Real, 0, 1, closed="left")],
        "epsilon": [Interval(Real, 0, None, closed="neither")],
        "n_iter_no_change": [Interval(Integral, 1, None, closed="left"), Options(Real, {np.inf})],
        "max_fun": [Interval(Integral, 1, None, closed="left")],
        "dropout": [Interval(Real, 0, 1, closed="left")],
        "input_dropout": [Interval(Real, 0, 1, closed="left")],
        "max_gradient_norm": [Interval(Real, 0, None, closed="neither"), None],
        "average_from": [Interval(Integral, 0, None, closed="left"), None],
        "scoring": [str, callable, None],
        "engine": [StrOptions(set(ENGINES))],
    }

    # What is fitted, for those who read the types
    theta_: Array
    network_: Network
    n_outputs_: int
    loss_curve_: list[float]
    _compiled: bool = False  # which engine trained it: the same predicts
    _memory: Memory | None
    _parts: Any  # which samples train and which validate

    # scikit-learn's pages, for the parameters that are its own: notebooks show descriptions beside a link alone
    _doc_link_module = "chainrule"
    _doc_link_template = (
        "https://scikit-learn.org/stable/modules/generated/sklearn.neural_network.{estimator_name}.html"
    )

    # --- the network -----------------------------------------------------------------------------------------------

    @property
    def coefs_(self) -> Coefficients:
        """The weight matrix of each layer, shape (n_in, n_out): views of ``theta_``."""
        self._need_theta("coefs_")
        return Coefficients(W for W, _ in self.network_.views(self.theta_))

    @coefs_.setter
    def coefs_(self, values: Sequence[Any]) -> None:
        fill_all("coefs_", self.coefs_, values)

    @property
    def intercepts_(self) -> Coefficients:
        """The bias of each layer, shape (n_out,): views of ``theta_``."""
        self._need_theta("intercepts_")
        return Coefficients(b for _, b in self.network_.views(self.theta_))

    @intercepts_.setter
    def intercepts_(self, values: Sequence[Any]) -> None:
        fill_all("intercepts_", self.intercepts_, values)

    def _need_theta(self, name: str) -> None:
        if "theta_" not in vars(self):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}: it is not fitted yet.")

    @property
    def n_layers_(self) -> int:
        """How many layers there are, the inputs among them."""
        self._need_theta("n_layers_")
        return len(self.network_.layers) + 1

    @property
    def out_activation_(self) -> str:
        """The activation of the last layer, by scikit-learn's name."""
        self._need_theta("out_activation_")
        name = self.network_.layers[-1].activation.name
        return THEIRS.get(name, name)

    def _make_network(self, n_features: int, n_outputs: int) -> Network:
        """The network of these settings."""
        sizes = hidden_sizes(self.hidden_layer_sizes)
        activations = self._activations(len(sizes))
        init = "glorot_sigmoid" if self.activation == "logistic" else "glorot"
        dense_layer = partial(Dense, weight_init=init, bias_init=init)
        hidden = [
            dense_layer(size, activation, dropout=self.dropout)
            for size, activation in zip(sizes, activations, strict=True)
        ]
        output, loss = self._output()
        return Network([*hidden, dense_layer(n_outputs, output)], n_features, loss, input_dropout=self.input_dropout)

    def _activations(self, n_hidden: int) -> list[str | Activation]:
        """One activation for each hidden layer."""
        given = self.activation
        many = list(given) if isinstance(given, list | tuple) else [given] * n_hidden
        if len(many) != n_hidden:
            raise InvalidValue(f"activation must be one, or one a hidden layer, {n_hidden}; got {len(many)}.")
        return [NAMES.get(one, one) if isinstance(one, str) else one for one in many]

    def _output(self) -> tuple[str, str | Loss]:
        """The last activation and the loss."""
        raise NotImplementedError

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(
        self,
        X: Any,
        y: Any = None,
        sample_weight: Any = None,
        *,
        X_val: Any = None,
        y_val: Any = None,
        sample_weight_val: Any = None,
        checkpoint: KeepsTraining | None = None,
    ) -> Self:
        """Train on these samples.

        Parameters
        ----------
        X : array, sparse matrix or data frame (n_samples, n_features), or Stream
            What :func:`chainrule.stream` opens is read a window at a time; so are the path of a parquet file or folder,
            Dask's collections, and memory-mapped arrays of more than 256 MB.
        y : array (n_samples,) or (n_samples, n_outputs)
            A class or a number for each sample; zeros and ones for many labels. Of a path or a Dask frame the name of a
            column; left out with a Stream.
        sample_weight : array (n_samples,), optional
        X_val, y_val, sample_weight_val : optional
            Samples that are scored after every epoch; early stopping watches them instead of a share of X.
        checkpoint : Checkpoint, optional
            Of a training on a Stream: it is kept after every epoch, and goes on from there.

        Returns
        -------
        self
            The estimator, fitted.

        Raises
        ------
        ValueError
            Where X, y or a parameter cannot be used; the sentence names the cell.

        Examples
        --------
        >>> from chainrule import MLPClassifier
        >>> MLPClassifier((3,), solver="lbfgs", random_state=0).fit([[0.0], [1.0]], [0, 1]).theta_.shape
        (10,)
        """
        own = None if X_val is y_val is sample_weight_val is None else (X_val, y_val, sample_weight_val)
        if (data := as_stream(X, y)) is not None:
            if sample_weight is not None:
                raise InvalidValue("sample_weight cannot go with a stream: use class_weight, or load it, np.array(X).")
            fit_stream(self, data, own, checkpoint)
            return self
        if checkpoint is not None:
            raise InvalidValue("checkpoint goes with a stream: fit(chainrule.stream(X, y), checkpoint=...).")
        self._fit(X, y, sample_weight, own)
        return self

    def _fit(
        self,
        X: Any,
        y: Any,
        sample_weight: Any,
        own: tuple[Any, Any, Any] | None = None,
        *,
        incremental: bool = False,
    ) -> None:
        """Check everything, draw a start unless there is one to go on from, and run the solver."""
        check_combinations(self, incremental=incremental, validated=own is not None)
        first = "theta_" not in vars(self) or (not self.warm_start and not incremental)
        X, y = self._validate_input(X, y, incremental, reset=first)
        sample_weight = self._checked_weight(X, y, sample_weight)
        T = self._targets(y, X.dtype)
        if own is not None:
            own = own_samples(self, X.dtype, T.shape[1], *own)  # refused before anything changes
            warn_if_far(self, by_row(X), own[0].X)
        if self.warm_start != "continue" or "_random_state" not in vars(self) or first:
            self._random_state = check_random_state(self.random_state)
        going_on = self.solver in STOCHASTIC and (incremental or self.warm_start == "continue")
        self._start(X, T, first=first, keep_memory=going_on)
        metadata = {} if sample_weight is None else {"sample_weight": sample_weight}
        each, end = self._begin_callbacks(X, y, metadata, 1 if incremental else self.max_iter)
        self._solve(Samples(by_row(X), T, sample_weight), own, each, incremental=incremental)
        end()

    def _checked_weight(self, X: Any, y: Any, sample_weight: Any) -> Array | None:
        """The weights of samples and classes, or the sentence about those that cannot be used."""
        if sample_weight is not None:
            refuse_masked("sample_weight", sample_weight)
            sample_weight = _check_sample_weight(sample_weight, X)
        return weighable(self._weights(y, sample_weight))

    def _solve(
        self,
        samples: Samples,
        own: tuple[Samples, Any, Any] | None,
        each: Callable[[int], bool],
        *,
        incremental: bool,
    ) -> None:
        """Run the solver by the engine that is worth it."""
        loss = PenalizedLoss(self.network_, self.alpha, self._divisor())
        self._compiled = self._is_compiled(samples, 1 if incremental else self.max_iter)
        if self.solver in STOCHASTIC:
            self._descend(loss, samples, own, each, incremental=incremental)
        elif self.solver == "lbfgs":
            fit_lbfgs(self, loss, samples, each, compiled=self._compiled)
        else:
            fit_scipy(self, loss, samples, each, compiled=self._compiled)

    def _is_compiled(self, samples: Samples, n_epochs: int) -> bool:
        """Whether the compiled engine trains: asked for, or worth it by what there is to compute."""
        obstacle = None if isinstance(samples.X, np.ndarray) else "sparse X"
        if self.solver == LEVENBERG_MARQUARDT:
            obstacle = f"solver={self.solver!r}"
        size = len(samples)
        if self.solver in STOCHASTIC:
            size = min(200 if isinstance(self.batch_size, str) else self.batch_size, size)
        else:
            n_epochs = min(n_epochs, USUAL_ITERATIONS)
        return is_compiled(
            self.engine, self.network_, textbook_seconds(self.network_, len(samples), size, n_epochs), obstacle
        )

    def _start(self, X: Any, T: Array, *, first: bool, keep_memory: bool) -> None:
        """Draw a start, or go on from the one there is."""
        if first:
            self._begin(X, T)
            return
        net = self._make_network(X.shape[1], T.shape[1])
        strict = self.warm_start == "continue"
        if (kind_of(net) != kind_of(self.network_)) if strict else (net.shapes != self.network_.shapes):
            raise InvalidValue(
                "Cannot go on with a network of another kind: hidden_layer_sizes, activation, loss, dropout and the "
                "targets must be as they were. Use warm_start=False, or clone the estimator."
            )
        self.network_ = net
        if not keep_memory:
            self._memory = None
            if getattr(self, "_no_improvement_count", 0) > self.n_iter_no_change:
                self._begin_patience()

    def _begin(self, X: Any, T: Array) -> None:
        """Draw the weights, and reset everything that is recorded of a training."""
        self.network_ = self._make_network(X.shape[1], T.shape[1])
        self.n_outputs_ = T.shape[1]
        self.theta_ = self.network_.initial_theta(self._random_state, X.dtype)
        self.n_iter_, self.t_ = 0, 0
        self._memory, self._parts, self.loss_curve_ = None, None, []
        self.__dict__.pop("loss_", None)  # of a training before
        if self.solver in STOCHASTIC:
            self._begin_history()

    def _begin_history(self) -> None:
        """Reset everything that is recorded of a descent, beside its losses."""
        self.validation_scores_: list[float] | None = [] if self.early_stopping else None
        self._begin_patience()

    def _begin_patience(self) -> None:
        """Wait for an improvement anew; scikit-learn 1.9 waits on when it starts warm, and new data gets one epoch."""
        watched = self.early_stopping
        self._no_improvement_count = 0
        self.best_validation_score_: float | None = -np.inf if watched else None
        self.best_loss_: float | None = None if watched else np.inf

    def _descend(
        self,
        loss: PenalizedLoss,
        samples: Samples,
        own: tuple[Samples, Any, Any] | None,
        each: Callable[[int], bool],
        *,
        incremental: bool,
    ) -> None:
        """Split off what validates, and descend."""
        validate = None
        if own is not None:
            validate = validator(self, loss, *own)
        elif self.early_stopping:
            samples, validate = held_out(self, loss, samples)
        self._ready_to_descend(validate)
        Descent(self, loss, samples, validate, compiled=self._compiled).run(self.max_iter, alone=incremental, each=each)

    def _ready_to_descend(self, validate: Any) -> None:
        """Record what a descent watches, where that was not watched before."""
        if "best_loss_" not in vars(self):  # made of a network, or fitted by lbfgs before
            self._begin_history()
        if validate is not None and self.validation_scores_ is None:
            self.validation_scores_, self.best_validation_score_ = [], -np.inf
        if self.best_loss_ is None and not self.early_stopping:  # it was watched before, and is no more
            self.best_loss_ = np.inf

    def _divisor(self) -> float:
        """By what scikit-learn divides the data loss that it reports: the outputs, under a squared error."""
        return 1.0

    def _weights(self, y: Any, sample_weight: Array | None) -> Array | None:  # noqa: ARG002  # of classes, elsewhere
        """The weights of the samples, with those of their classes."""
        return sample_weight

    def _validate_input(self, X: Any, y: Any, incremental: bool, reset: bool) -> tuple[Any, Any]:
        raise NotImplementedError

    def _learn_targets(self, X: Any, y: Any, counts: Any, *, reset: bool) -> None:
        """Learn from the first rows of a stream, and the counts of all its labels, what its targets are."""
        raise NotImplementedError

    def _weights_of_labels(self, counts: Any) -> dict[Any, float] | None:  # noqa: ARG002  # of classes, elsewhere
        """What each label weighs in a stream that has so many of each; None where all weigh the same."""
        return None

    def _dtypes(self, reset: bool) -> Any:
        """In which dtypes samples are taken: float32 or float64 at first, and then in theta's, for it goes on."""
        return (np.float64, np.float32) if reset else self.theta_.dtype

    def _targets(self, y: Any, dtype: Any) -> Array:
        raise NotImplementedError

    def __sklearn_tags__(self) -> Any:
        """Say that sparse X is taken."""
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags

    def _check_solver(self) -> bool:
        if self.solver in STOCHASTIC:
            return True
        raise AttributeError(
            f"partial_fit is only available for stochastic optimizers. {self.solver} is not stochastic."
        )

    def __getstate__(self) -> dict[str, Any]:
        """Return what is stored of the estimator, as plain data."""
        return as_plain(super().__getstate__())

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Take what was stored."""
        super().__setstate__(rebuilt(state))

    def __sklearn_is_fitted__(self) -> bool:
        """Whether there is a theta."""
        return "theta_" in vars(self)
