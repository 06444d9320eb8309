"""The problem to be solved: the objective, where to start, and the held-out data."""

from __future__ import annotations

import numbers
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from chainrule.errors import InvalidValue
from chainrule.network.inputs import as_inputs, as_shares, as_theta
from chainrule.network.network import check_network
from chainrule.network.objective import Objective

if TYPE_CHECKING:
    import numpy.typing as npt

    from chainrule.maths.arrays import Array
    from chainrule.maths.initializers import Generator
    from chainrule.network.network import Network

Validation: TypeAlias = "tuple[npt.ArrayLike, npt.ArrayLike] | float | None"


def prepare(
    net: Network,
    X: npt.ArrayLike,
    T: npt.ArrayLike,
    theta: npt.ArrayLike | None,
    l2: float,
    l1: float,
    sample_weight: npt.ArrayLike | None,
    generator: Generator,
) -> tuple[Objective, Array]:
    """Return the objective and the start, drawn from the network's initialisers where none is given, in one dtype."""
    check_network(net, "net, X, T, theta")
    start = net.initial_theta(generator) if theta is None else as_theta(theta, net.n_parameters).copy()
    X = as_inputs(X, net.n_features, start.dtype)
    T = net.targets(T, len(X), start.dtype)
    if not np.isfinite(start).all():
        raise InvalidValue("theta holds NaN or infinity: training needs a finite start.")
    return Objective(net, X, T, as_shares(sample_weight, len(X), start.dtype), l2=l2, l1=l1), start


def validation_objective(net: Network, validation: Validation, dtype: npt.DTypeLike) -> Objective | None:
    """Return the data loss of the held-out data as a function of theta, or None without any."""
    if validation is None:
        return None
    if isinstance(validation, numbers.Real):
        raise InvalidValue(
            f"Cannot use validation={validation} with arrays: a share is held out of a stream. Pass a pair, "
            "(X_val, T_val), as chainrule.datasets.train_test_split makes it."
        )
    if not isinstance(validation, tuple | list) or len(validation) != 2:
        raise InvalidValue("validation must be a pair (X_val, T_val).")
    X = as_inputs(validation[0], net.n_features, dtype)
    return Objective(net, X, net.targets(validation[1], len(X), dtype), as_shares(None, len(X), dtype))
