"""What users hand us, made into clean arrays, or refused with a sentence."""

from __future__ import annotations

import numbers
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from chainrule.errors import InvalidValue
from chainrule.maths.arrays import masked_places

if TYPE_CHECKING:
    from chainrule.maths.arrays import Array
    from chainrule.maths.initializers import Generator

RandomStateLike: TypeAlias = "int | np.random.RandomState | np.random.Generator | None"


def as_generator(random_state: RandomStateLike = None) -> Generator:
    """Return the one generator that a random_state stands for.

    An int opens NumPy's legacy stream, the one that the assignments and scikit-learn draw from and that
    NumPy promises never to change; None opens an unpredictable one; a generator is used as it is.

    >>> float(as_generator(0).normal()) == float(np.random.RandomState(0).normal())
    True
    """
    if isinstance(random_state, np.random.RandomState | np.random.Generator):
        return random_state
    is_seed = isinstance(random_state, numbers.Integral) and not isinstance(random_state, bool)
    if random_state is None or (is_seed and 0 <= random_state < 2**32):
        return np.random.RandomState(random_state)
    raise InvalidValue(
        f"random_state must be None, a whole number from 0 to 2**32 - 1, or a NumPy generator, got {random_state!r}."
    )


def as_array(name: str, values: npt.ArrayLike, dtype: npt.DTypeLike | None = None) -> Array:
    """Return ``values`` as a floating-point array of ``dtype`` without a copy where none is needed.

    Without a dtype float32 stays float32 and everything else that is numeric becomes float64.
    """
    try:
        array: npt.NDArray[Any] = np.asarray(values)
    except ValueError:
        raise InvalidValue(f"{name} must be an array of numbers; its rows have different lengths.") from None
    if len(places := masked_places(values)):
        raise InvalidValue(
            f"{name} is masked at {tuple(places[0].tolist())}: fill such entries, or remove their rows, first."
        )
    if array.dtype.kind not in "biuf":
        hint = " Call .toarray() on a sparse matrix." if hasattr(values, "toarray") else ""
        raise InvalidValue(f"{name} must be an array of numbers, got dtype {array.dtype}.{hint}")
    if dtype is None:
        dtype = np.float32 if array.dtype == np.float32 else np.float64
    with np.errstate(over="ignore"):  # beyond the largest float32 is inf
        return array.astype(dtype, copy=False)


def check_finite(name: str, array: Array) -> None:
    """Raise the sentence that names the first entry which is NaN or infinite, if there is one."""
    if not np.isfinite(array).all():
        where = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        place = f"row {where[0]}" + (f", column {where[1]}" if len(where) > 1 else "")
        raise InvalidValue(f"{name} holds {array[where]} at {place}. Remove or fill such entries first.")


def as_inputs(X: npt.ArrayLike, n_features: int, dtype: npt.DTypeLike | None = None) -> Array:
    """Return X, shape (n_samples, n_features), checked."""
    array = as_array("X", X, dtype)
    if array.ndim != 2:
        hint = " For one sample use X.reshape(1, -1)." if array.ndim == 1 else ""
        raise InvalidValue(f"X must have two dimensions, (n_samples, n_features), got shape {array.shape}.{hint}")
    if array.shape[1] != n_features:
        raise InvalidValue(f"X has {array.shape[1]} columns, the network expects {n_features}.")
    check_finite("X", array)
    return array


def as_targets(T: npt.ArrayLike, n_samples: int, n_outputs: int, dtype: npt.DTypeLike | None = None) -> Array:
    """Return T, shape (n_samples, n_outputs), checked; shape (n_samples,) will do for a single output."""
    array = as_array("T", T, dtype)
    if array.ndim == 1 and n_outputs == 1:
        array = array[:, np.newaxis]
    if array.ndim != 2 or array.shape[1] != n_outputs:
        hint = " One-hot encode class labels: datasets.one_hot(labels)." if array.ndim == 1 else ""
        outputs = "1 output" if n_outputs == 1 else f"{n_outputs} outputs"
        raise InvalidValue(f"T has shape {array.shape}, the network has {outputs}.{hint}")
    if array.shape[0] != n_samples:
        raise InvalidValue(f"X has {n_samples} rows and T has {array.shape[0]}: each sample needs one target.")
    if n_samples == 0:
        raise InvalidValue("X and T have no rows: a loss needs at least one sample.")
    check_finite("T", array)
    return array


def as_shares(sample_weight: npt.ArrayLike | None, n_samples: int, dtype: npt.DTypeLike | None = None) -> Array:
    """Each sample's share of the average, shape (n_samples,): w_i / Σ w, or 1/N without weights.

    >>> as_shares([1, 3], n_samples=2)
    array([0.25, 0.75])
    """
    if sample_weight is None:
        return np.full(n_samples, 1.0 / n_samples, dtype=dtype)
    weights = as_array("sample_weight", sample_weight, dtype)
    if weights.shape != (n_samples,):
        raise InvalidValue(f"sample_weight must have shape ({n_samples},), one a sample, got {weights.shape}.")
    check_finite("sample_weight", weights)
    if weights.min() < 0.0 or not total_weight(weights) > 0.0:
        raise InvalidValue("sample_weight must be ≥ 0 everywhere and > 0 somewhere.")
    shares: Array = weights / weights.sum()
    return shares


def total_weight(weights: Array) -> float:
    """Σ w, or the sentence that says that it is too large: by an infinite sum every share would be 0.

    >>> total_weight(np.array([1.0, 3.0]))
    4.0
    """
    with np.errstate(over="ignore"):
        total = float(weights.sum())
    if total == np.inf:
        raise InvalidValue(
            f"sample_weight adds up to more than the largest {weights.dtype}. Divide it by its largest weight: only "
            "the ratios count."
        )
    return total


def as_theta(theta: npt.ArrayLike, n_parameters: int) -> Array:
    """Return theta, shape (n_parameters,), float32 or float64."""
    array = as_array("theta", theta)
    if array.shape != (n_parameters,):
        raise InvalidValue(f"theta must have shape ({n_parameters},) for this network, got {array.shape}.")
    return array
