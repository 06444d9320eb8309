"""Network: a stack of layers and a loss. It holds no weights; they are one flat theta that you keep."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from chainrule.errors import InvalidValue, misplaced
from chainrule.maths.arrays import quietly
from chainrule.network import backprop, compiled_objective, parameters, table
from chainrule.network.architecture import Architecture
from chainrule.network.dropout import as_masks
from chainrule.network.engine_choice import check_engine, is_compiled, textbook_seconds
from chainrule.network.inputs import as_generator, as_inputs, as_shares, as_theta
from chainrule.network.objective import Objective, data_loss

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


@dataclass(frozen=True, init=False, repr=False)
class Network(Architecture):
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
        ``"quantile"`` or ``"quantile(0.9)"``, or your own.
    input_dropout : float, 0 ≤ p < 1
        The share of the inputs that every step of training leaves out, drawn anew for each sample.

    Raises
    ------
    InvalidValue
        Where the loss cannot be asked about the values that the last activation gives, or the last layer has dropout.

    Examples
    --------
    >>> from chainrule import Dense, Network
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

    def initial_theta(self, random_state: RandomStateLike = None, dtype: npt.DTypeLike = np.float64) -> Array:
        """Draw a start by the layers' initialisers, shape (n_parameters,), from one stream in the order of theta.

        Parameters
        ----------
        random_state : int, generator or None
            An int is a seed of NumPy's legacy stream; None starts anew each time.
        dtype : float64 or float32

        Returns
        -------
        array (n_parameters,)
            Layer by layer the rows of W, then b.

        Raises
        ------
        InvalidValue
            Where the dtype is another, or an initialiser of your own draws another shape.

        Examples
        --------
        >>> from chainrule import Dense, Network
        >>> net = Network([Dense(2, "sigmoid"), Dense(1, "sigmoid")], n_features=2, loss="log_loss")
        >>> theta = net.initial_theta(random_state=0)
        >>> theta.shape, theta.dtype
        ((9,), dtype('float64'))
        """
        if not _is_float(dtype):
            raise InvalidValue(f"dtype must be float32 or float64, got {dtype!r}.")
        return parameters.draw(self.layers, self.n_features, as_generator(random_state), dtype)

    @quietly
    def forward(
        self, theta: npt.ArrayLike, X: npt.ArrayLike, masks: Sequence[npt.ArrayLike | None] | None = None
    ) -> backprop.Trace:
        """Run X through the layers, Z = A W + b and A = f(Z), and keep every Z and every A.

        Nothing is dropped unless ``masks`` say what.

        Parameters
        ----------
        theta : array (n_parameters,)
            float64 or float32; everything is computed in its dtype.
        X : array (n_samples, n_features)
        masks : sequence of arrays, optional
            ``masks[l]``, (n_samples, width), multiplies A[l], the inputs and then every hidden layer's outputs, on
            their way into the next layer; None drops nothing there.

        Returns
        -------
        Trace
            ``Z``, one (n_samples, n_outputs) a layer, and ``A``, one more: ``A[0]`` is X, ``A[-1]`` is Y.

        Raises
        ------
        InvalidValue
            Where a shape does not fit the network, or X holds NaN or infinity.

        Examples
        --------
        >>> from chainrule import Dense, Network
        >>> net = Network([Dense(2, "sigmoid"), Dense(1, "sigmoid")], n_features=2, loss="log_loss")
        >>> trace = net.forward(net.initial_theta(random_state=0), [[0.0, 1.0], [1.0, 1.0], [2.0, 0.0]])
        >>> [Z.shape for Z in trace.Z], trace.Y.shape
        ([(3, 2), (3, 1)], (3, 1))
        """
        theta = as_theta(theta, self.n_parameters)
        X = as_inputs(X, self.n_features, theta.dtype)
        return backprop.forward(self, self.views(theta), X, as_masks(masks, self, len(X), theta.dtype))

    def predict(self, theta: npt.ArrayLike, X: npt.ArrayLike, *, engine: Engine = "auto") -> Array:
        """Return the outputs Y for X.

        The compiled engine walks X in slices; the textbook engine keeps every Z and A on the way.

        Parameters
        ----------
        theta : array (n_parameters,)
            float64 or float32; everything is computed in its dtype.
        X : array (n_samples, n_features)
        engine : "auto", "textbook" or "compiled"
            Who computes, as for :func:`chainrule.train`.

        Returns
        -------
        array (n_samples, n_outputs)

        Raises
        ------
        InvalidValue, MissingLibrary
            Where a shape does not fit the network, X holds NaN or infinity, or ``engine="compiled"`` cannot be had.

        Examples
        --------
        >>> from chainrule import Dense, Network
        >>> net = Network([Dense(2, "sigmoid"), Dense(1, "sigmoid")], n_features=2, loss="log_loss")
        >>> net.predict(np.zeros(net.n_parameters), [[0.0, 1.0], [1.0, 1.0]])
        array([[0.5],
               [0.5]])
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

        Parameters
        ----------
        theta : array (n_parameters,)
            The parameters that the trace was computed with.
        trace : Trace
            What :meth:`forward` returned.
        T : array (n_samples, n_outputs), or (n_samples,) for a single output
        sample_weight : array (n_samples,), optional
            Weights ≥ 0 of the mean; only their ratios count.

        Returns
        -------
        Gradients
            ``theta`` (n_parameters,), the same by layers, ``dW`` and ``db``, and ``dZ`` and ``dA``, each in the shape
            of what it is the derivative by.

        Raises
        ------
        InvalidValue
            Where the trace is of another network, or T or the weights do not fit it.

        Examples
        --------
        >>> from chainrule import Dense, Network
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
        """Return the (weighted) mean loss of X and T at theta, without a penalty.

        Parameters
        ----------
        theta : array (n_parameters,)
            float64 or float32; everything is computed in its dtype.
        X : array (n_samples, n_features)
        T : array (n_samples, n_outputs), or (n_samples,) for a single output
        sample_weight : array (n_samples,), optional

        Returns
        -------
        float

        Raises
        ------
        InvalidValue
            Where a shape does not fit the network, or X or T holds NaN or infinity.

        Examples
        --------
        >>> from chainrule import Dense, Network
        >>> net = Network([Dense(2, "sigmoid"), Dense(1, "sigmoid")], n_features=2, loss="log_loss")
        >>> round(net.data_loss(np.zeros(net.n_parameters), [[0.0, 1.0], [1.0, 1.0]], [0, 1]), 6)
        0.693147
        """
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

        Parameters
        ----------
        X : array (n_samples, n_features)
        T : array (n_samples, n_outputs), or (n_samples,) for a single output
        l2, l1 : float ≥ 0
            Penalties on weights, not on biases.
        sample_weight : array (n_samples,), optional

        Returns
        -------
        Objective
            A function of theta (n_parameters,) that returns the loss, a float, and its gradient (n_parameters,).

        Raises
        ------
        InvalidValue
            Where X or T does not fit the network or holds NaN or infinity, or a penalty is negative.

        Examples
        --------
        >>> from chainrule import Dense, Network
        >>> net = Network([Dense(1, "sigmoid")], n_features=1, loss="log_loss")
        >>> fun = net.objective([[1.0], [3.0]], [0, 1], l2=0.5)
        >>> fun(np.array([1.0, 0.0]))
        (1.1809245195459823, array([1.29439048, 0.34181635]))
        """
        X = as_inputs(X, self.n_features)
        T = self.targets(T, len(X), X.dtype)
        return Objective(self, X, T, as_shares(sample_weight, len(X), X.dtype), l2=l2, l1=l1)

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
