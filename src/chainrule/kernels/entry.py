"""The entry to the native code: whatever is handed to a kernel is held against what that kernel was compiled for.

Native code believes what it is told: an array of another dtype or length would be read, and written, beyond its end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from chainrule.errors import InvalidValue

if TYPE_CHECKING:
    import numpy.typing as npt

    from chainrule.kernels.arguments import Batches, Log, Net, PenaltyTerms, SampleArrays, State, UpdateRule

FLOAT64, INT64 = np.dtype(np.float64), np.dtype(np.int64)
REMEMBERED = {"sgd": (0, 0), "adam": (1, 1)}  # how many arrays like theta an optimizer remembers; others (1, 0)


class Compiled(NamedTuple):
    """What stands at an address: the kernel of this name, for arrays of this dtype."""

    name: str
    dtype: np.dtype[Any]


COMPILED: dict[int, Compiled] = {}  # by address; ``library`` fills it


def check_array(name: str, array: npt.NDArray[Any], dtype: np.dtype[Any], size: int) -> None:
    """Refuse what is not one row of ``size`` writable numbers of ``dtype``, one after the other in memory."""
    if not (array.dtype == dtype and array.shape == (size,) and array.flags.carray):
        kind = "contiguous" if array.flags.c_contiguous else "strided"
        kind += ", writable" if array.flags.writeable else ", read-only"
        raise InvalidValue(
            f"The compiled engine needs {name} as {size} contiguous, writable numbers of dtype {dtype}, got shape "
            f"{array.shape} of dtype {array.dtype}, {kind}. Use arrays of one dtype, or engine='textbook'."
        )


def check_run(
    net: Net,
    samples: SampleArrays,
    batches: Batches,
    penalty: PenaltyTerms,
    rule: UpdateRule,
    state: State,
    log: Log,
    mode: str,
) -> None:
    """Refuse what ``engine.run`` was not compiled for; the entries of ``batches.orders`` it checks itself."""
    dtype, n_rows = COMPILED[net.loss].dtype, samples.T.size // int(net.sizes[-1])
    check_array("X", samples.X, dtype, n_rows * int(net.sizes[0]))
    check_array("T", samples.T, dtype, n_rows * int(net.sizes[-1]))
    check_array("the weights of the samples", samples.weight, dtype, n_rows if samples.weight.size else 0)
    n, updates = n_parameters(net), mode in ("TRAIN", "ONLY_UPDATE")
    check_array("theta", state.theta, dtype, n)
    check_array("the gradient", state.gradient, dtype, 0 if mode == "VALUE" else n)
    check_array("the counts", state.counts, INT64, 3)
    _check_log(log, dtype, n if updates else log.before.size, rule.learning_rates.size)
    _check_kernel("the penalty", penalty.penalize, dtype)
    if n_rows == 0 or batches.size < 1:
        raise InvalidValue("The compiled engine needs at least one sample, and batches of at least one.")
    if batches.orders.size:
        of_an_epoch, rest = divmod(batches.orders.size, max(1, rule.learning_rates.size))
        if rest or of_an_epoch > n_rows:
            raise InvalidValue(
                f"The order of the samples must name as many for each of {rule.learning_rates.size} epochs, at most "
                f"all {n_rows}; it has {batches.orders.size} entries."
            )
        check_array("the order of the samples", batches.orders, INT64, batches.orders.size)
    if updates:
        _check_rule(rule, state, dtype, n)


def n_parameters(net: Net) -> int:
    """How long a theta of this network is: where its last layer ends."""
    return int(net.places[5, net.biases.size])


def _check_log(log: Log, dtype: np.dtype[Any], n: int, epochs: int) -> None:
    check_array("the losses", log.losses, FLOAT64, epochs)
    check_array("the objectives", log.objectives, FLOAT64, epochs)
    check_array("the value", log.value, FLOAT64, 1)
    check_array("theta before the last update", log.before, dtype, n)


def _check_rule(rule: UpdateRule, state: State, dtype: np.dtype[Any], n: int) -> None:
    for what, place in (("the optimizer", rule.update), ("clipping", rule.shorten), ("averaging", rule.include)):
        _check_kernel(what, place, dtype)
    first, second = REMEMBERED.get(COMPILED[rule.update].name, (1, 0))
    check_array("what the optimizer remembers", state.first, dtype, first * n)
    check_array("what the optimizer remembers", state.second, dtype, second * n)
    check_array("the mean of the parameters", state.average, dtype, n if rule.include else 0)
    check_array("the optimizer's settings", rule.settings, FLOAT64, 4)
    check_array("the learning rates", rule.learning_rates, FLOAT64, rule.learning_rates.size)


def _check_kernel(what: str, place: int, dtype: np.dtype[Any]) -> None:
    """Refuse the address of a kernel of another dtype; 0 is none."""
    if place and COMPILED[place].dtype != dtype:
        raise InvalidValue(f"The compiled engine computes in {dtype}, and {what} in {COMPILED[place].dtype}.")
