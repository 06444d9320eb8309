"""The architecture: what a network is, and what its passes, its objective and both engines need to know of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from chainrule.errors import InvalidValue, check_count, check_number
from chainrule.maths.activations import ACTIVATIONS
from chainrule.maths.fused import FUSED, Fused
from chainrule.maths.losses import LOSSES
from chainrule.network import parameters
from chainrule.network.inputs import as_targets
from chainrule.network.layers import Dense
from chainrule.network.registry import as_loss

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from chainrule.maths.arrays import Array
    from chainrule.maths.loss import Loss


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
class Architecture:
    """Layers, the number of inputs and the loss, fitted to one another; ``Network`` is one that can be run."""

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

        >>> Architecture([Dense(3, dropout=0.5), Dense(1)], n_features=2, input_dropout=0.2).dropout_rates
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

        >>> Architecture([Dense(3), Dense(1)], n_features=2).shapes
        {'W1': (2, 3), 'b1': (3,), 'W2': (3, 1), 'b2': (1,)}
        """
        return dict(self._shapes)

    @cached_property
    def _shapes(self) -> dict[str, tuple[int, ...]]:
        return parameters.parameter_shapes(self.layers, self.n_features)

    def views(self, theta: npt.NDArray[np.floating]) -> parameters.Weights:
        """View theta as [(W, b), …], b None without bias. Nothing is copied: writing to W writes to theta.

        Parameters
        ----------
        theta : NumPy array (n_parameters,)

        Returns
        -------
        list of (W, b)
            One pair a layer: W (n_in, n_out), b (n_out,) or None.

        Raises
        ------
        InvalidValue
            Where theta is no NumPy array, which could not be viewed, or has another shape.

        Examples
        --------
        >>> net = Architecture([Dense(1)], n_features=2)
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

    def targets(self, T: npt.ArrayLike, n_samples: int, dtype: npt.DTypeLike | None = None) -> Array:
        """Return T as an array that the loss of this network can use.

        Parameters
        ----------
        T : array (n_samples, n_outputs), or (n_samples,) for a single output
        n_samples : int
            How many rows X has.
        dtype : float32 or float64, optional

        Returns
        -------
        array (n_samples, n_outputs)

        Raises
        ------
        InvalidValue
            Where the shape is another, a number is not finite, or the loss has no meaning for these targets.

        Examples
        --------
        >>> Architecture([Dense(1, "sigmoid")], 2, "log_loss").targets([0, 1, 1], n_samples=3).shape
        (3, 1)
        """
        array = as_targets(T, n_samples, self.n_outputs, dtype)
        complaint = self.loss.check_targets(array)
        if complaint:
            raise InvalidValue(f"The loss {self.loss.name!r} {complaint}")
        return array
