"""Network: a stack of layers and a loss. It holds no weights; they are one flat theta that you keep."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from chainrule.errors import InvalidValue, check_count, check_number, misplaced
from chainrule.maths.activations import ACTIVATIONS
from chainrule.maths.arrays import quietly
from chainrule.maths.fused import FUSED, Fused
from chainrule.maths.losses import LOSSES, Loss
from chainrule.network import backprop, compiled_objective, parameters, table
from chainrule.network.dropout import as_masks
from chainrule.network.engine_choice import check_engine, is_compiled, textbook_seconds
from chainrule.network.inputs import as_generator, as_inputs, as_shares, as_targets, as_theta
from chainrule.network.layers import Dense
from chainrule.network.objective import Objective, data_loss
from chainrule.network.registry import as_loss

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from chainrule.maths.arrays import Array
    from chainrule.network.engine_choice import Engine
    from chainrule.network.inputs import RandomStateLike


def check_network(net: object, order: str) -> None:
    """Refuse what is no network, with the order of the arguments: it may stand in the place of another."""
    if not isinstance(net, Network):
        raise misplaced("net", "a Network", net, order)


def check_output(output: Dense, loss: Loss) -> None:
    """Refuse a last layer that the loss cannot be asked about, and name what would do."""
    if output.dropout:
        raise InvalidValue(
            f"Cannot use dropout={output.dropout:g} on the last layer: its outputs are the answer. Drop hidden units."
        )
    given = output.activation
    if given.range.rows == "sum to one" and output.n_outputs == 1:
        raise InvalidValue(
            f"Cannot use {given.name} on one output: it is always 1. Use sigmoid, or one output a class."
        )
    if not loss.domain.contains(given.range):
        activations = [member.name for member in ACTIVATIONS.values() if loss.domain.contains(member.range)]
        losses = [member.name for member in LOSSES.values() if member.domain.contains(given.range)]
        raise InvalidValue(
            f"Cannot use loss {loss.name!r} on {given.name}: it needs {loss.domain.name}, and {given.name} gives "
            f"{given.range.name}. Last activations for this loss: {', '.join(activations) or 'none built in'}; "
            f"losses for this activation: {', '.join(losses)}."
        )


@dataclass(frozen=True, init=False, repr=False)
class Network:
    """A feed-forward network: layers, the number of inputs, and the loss it is trained with.

    Parameters
    ----------
    layers : sequence of Dense
        From the first hidden layer to the output.
    n_features : int
        How many columns X has.
    loss : str or Loss
        ``"half_squared_error"``, ``"log_loss"``, ``"cross_entropy"``, ``"perceptron"``, ``"hinge"``,
        ``"squared_hinge"``, ``"poisson"``, ``"absolute_error"``, ``"log_cosh"``, ``"huber"`` or ``"huber(2.0)"``,
        ``"quantile"`` or ``"quantile(0.9)"``, or one's own.
    input_dropout : float, 0 ≤ p < 1
        The share of the inputs that every step of training leaves out, drawn anew for each sample.

    Raises
    ------
    InvalidValue
        Where the loss cannot be asked about the values that the last activation gives, or the last layer has dropout.

    Examples
    --------
    >>> net = Network([Dense(10, "sigmoid"), Dense(1, "sigmoid", bias=False)], n_features=2, loss="log_loss")
    >>> net
    Network: 2 features -> 10 sigmoid -> 1 sigmoid, loss log_loss
    layer  activation  W        b      parameters
    1      sigmoid     (2, 10)  (10,)          30
    2      sigmoid     (10, 1)  none           10
    total                                      40
    >>> theta = net.initial_theta(random_state=0)
    >>> net.predict(theta, [[0.0, 1.0]]).shape
    (1, 1)
    """

    layers: tuple[Dense, ...]
    n_features: int
    loss: Loss
    input_dropout: float
    n_parameters: int = field(compare=False)
    fused: Fused | None = field(compare=False)

    def __init__(
        self,
        layers: Sequence[Dense],
        n_features: int,
        loss: str | Loss = "half_squared_error",
        *,
        input_dropout: float = 0.0,
    ) -> None:
        stack = tuple(layers) if isinstance(layers, Iterable) else ()
        if not stack or not all(isinstance(layer, Dense) for layer in stack):
            raise InvalidValue(
                "layers must be a list of at least one Dense, from the first hidden layer to the output."
            )
        set_field = object.__setattr__  # the way to fill a frozen dataclass
        set_field(self, "layers", stack)
        set_field(self, "n_features", check_count("n_features", n_features))
        set_field(self, "loss", as_loss(loss))
        set_field(self, "input_dropout", check_number("input_dropout", input_dropout, at_least=0, below=1))
        set_field(self, "n_parameters", parameters.count(self.shapes))
        set_field(self, "fused", FUSED.get((stack[-1].activation, self.loss)))
        check_output(stack[-1], self.loss)

    @property
    def dropout_rates(self) -> tuple[float, ...]:
        """How much of each A[l] is dropped in training, A[0] the inputs, one rate for each layer that is fed.

        >>> Network([Dense(3, dropout=0.5), Dense(1)], n_features=2, input_dropout=0.2).dropout_rates
        (0.2, 0.5)
        """
        return (self.input_dropout, *(layer.dropout for layer in self.layers[:-1]))

    @property
    def has_dropout(self) -> bool:
        """Whether training drops anything."""
        return any(self.dropout_rates)

    @property
    def n_outputs(self) -> int:
        """How many outputs the last layer has."""
        return self.layers[-1].n_outputs

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Name and shape of every block of theta in its order, as check_gradient takes them.

        >>> Network([Dense(3), Dense(1)], n_features=2).shapes
        {'W1': (2, 3), 'b1': (3,), 'W2': (3, 1), 'b2': (1,)}
        """
        return parameters.parameter_shapes(self.layers, self.n_features)

    def initial_theta(self, random_state: RandomStateLike = None, dtype: npt.DTypeLike = np.float64) -> Array:
        """Draw a start by the layers' initialisers, shape (n_parameters,), from one stream in the order of theta."""
        if not _is_float(dtype):
            raise InvalidValue(f"dtype must be float32 or float64, got {dtype!r}.")
        return parameters.draw(self.layers, self.n_features, as_generator(random_state), dtype)

    def views(self, theta: npt.NDArray[np.floating]) -> parameters.Weights:
        """View theta as [(W, b), …], b None without bias. Nothing is copied: writing to W writes to theta.

        >>> net = Network([Dense(1)], n_features=2)
        >>> theta = np.zeros(3)
        >>> [(W, b)] = net.views(theta)
        >>> W[:] = 7
        >>> theta
        array([7., 7., 0.])
        """
        if not isinstance(theta, np.ndarray):
            raise InvalidValue(
                f"views needs theta as a NumPy array, got {type(theta).__name__}: a copy could not be a view."
            )
        if theta.shape != (self.n_parameters,):
            raise InvalidValue(f"theta must have shape ({self.n_parameters},) for this network, got {theta.shape}.")
        return parameters.split(theta, self.layers, self.n_features)

    @quietly
    def forward(
        self, theta: npt.ArrayLike, X: npt.ArrayLike, masks: Sequence[npt.ArrayLike | None] | None = None
    ) -> backprop.Trace:
        """Run X through the layers and keep every Z and every A. Computed in theta's dtype.

        Nothing is dropped unless one says what: ``masks[l]`` multiplies A[l], the inputs and then every hidden
        layer's outputs, on their way into the next layer; None drops nothing there.
        """
        theta = as_theta(theta, self.n_parameters)
        X = as_inputs(X, self.n_features, theta.dtype)
        return backprop.forward(self, self.views(theta), X, as_masks(masks, self, len(X), theta.dtype))

    def predict(self, theta: npt.ArrayLike, X: npt.ArrayLike, *, engine: Engine = "auto") -> Array:
        """Return the outputs Y for X, shape (n_samples, n_outputs); ``engine`` as for :func:`chainrule.train`.

        The compiled engine walks X in slices; the textbook's keeps every Z and A on the way.
        """
        theta = as_theta(theta, self.n_parameters)
        X = as_inputs(X, self.n_features, theta.dtype)
        if is_compiled(check_engine(engine), self, textbook_seconds(self, len(X), max(len(X), 1), epochs=1)):
            return compiled_objective.predict(self, theta, X)
        return self.forward(theta, X).Y

    @quietly
    def backward(
        self,
        theta: npt.ArrayLike,
        trace: backprop.Trace,
        T: npt.ArrayLike,
        sample_weight: npt.ArrayLike | None = None,
    ) -> backprop.Gradients:
        """Run the loss of a forward pass back through the layers: the derivatives of the mean loss by everything.

        Examples
        --------
        >>> net = Network([Dense(1, "sigmoid")], n_features=1, loss="log_loss")
        >>> theta = np.array([0.0, 0.0])
        >>> grads = net.backward(theta, net.forward(theta, [[1.0], [3.0]]), [0, 1])
        >>> grads.dZ[0].ravel(), grads.dW[0]
        (array([ 0.25, -0.25]), array([[-0.5]]))
        """
        theta = as_theta(theta, self.n_parameters)
        self._check_trace(trace)
        n_samples = len(trace.Y)
        T, shares = self.targets(T, n_samples, theta.dtype), as_shares(sample_weight, n_samples, theta.dtype)
        return backprop.backward(self, self.views(theta), trace, T, shares)

    def _check_trace(self, trace: object) -> None:
        """Refuse what is no forward pass of this network."""
        if not isinstance(trace, backprop.Trace):
            raise misplaced("trace", "what forward returned", trace, "theta, trace, T")
        widths = (self.n_features, *(layer.n_outputs for layer in self.layers))
        theirs = tuple(A.shape[1] for A in trace.A)
        if theirs != widths:
            raise InvalidValue(f"trace is of another network: its layers have widths {theirs}, those here {widths}.")

    @quietly
    def data_loss(
        self,
        theta: npt.ArrayLike,
        X: npt.ArrayLike,
        T: npt.ArrayLike,
        sample_weight: npt.ArrayLike | None = None,
    ) -> float:
        """Return the (weighted) mean loss of X and T at theta, without a penalty."""
        theta = as_theta(theta, self.n_parameters)
        X = as_inputs(X, self.n_features, theta.dtype)
        T, shares = self.targets(T, len(X), theta.dtype), as_shares(sample_weight, len(X), theta.dtype)
        return data_loss(self, backprop.forward(self, self.views(theta), X), T, shares)

    def objective(
        self,
        X: npt.ArrayLike,
        T: npt.ArrayLike,
        l2: float = 0.0,
        l1: float = 0.0,
        sample_weight: npt.ArrayLike | None = None,
    ) -> Objective:
        """Return fun(theta) -> (loss, gradient): the mean loss plus l2 Σ W² plus l1 Σ |W|, for any optimiser.

        Examples
        --------
        >>> net = Network([Dense(1, "sigmoid")], n_features=1, loss="log_loss")
        >>> fun = net.objective([[1.0], [3.0]], [0, 1], l2=0.5)
        >>> fun(np.array([1.0, 0.0]))
        (1.1809245195459823, array([1.29439048, 0.34181635]))
        """
        X = as_inputs(X, self.n_features)
        T = self.targets(T, len(X), X.dtype)
        return Objective(self, X, T, as_shares(sample_weight, len(X), X.dtype), l2=l2, l1=l1)

    def targets(self, T: npt.ArrayLike, n_samples: int, dtype: npt.DTypeLike | None = None) -> Array:
        """Return T as an array (n_samples, n_outputs) that this network's loss can use, or say why it cannot."""
        array = as_targets(T, n_samples, self.n_outputs, dtype)
        complaint = self.loss.complaint(array)
        if complaint:
            raise InvalidValue(f"The loss {self.loss.name!r} {complaint}")
        return array

    def __repr__(self) -> str:
        """Return the table of layers, shapes and parameters."""
        return table.as_text(self)

    def _repr_html_(self) -> str:
        return table.as_html(self)


def _is_float(dtype: npt.DTypeLike) -> bool:
    try:
        return np.dtype(dtype) in (np.float32, np.float64)
    except TypeError:  # no dtype at all
        return False
