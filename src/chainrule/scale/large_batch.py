"""Large batches: what the rate must be where many workers share an update."""

from __future__ import annotations

import math
from typing import Any

from chainrule.errors import check_count, check_number, choose
from chainrule.training.schedules import warm_up

RULES = {"linear": float, "sqrt": math.sqrt}
OF_SOLVER = {"sgd": "linear", "adam": "sqrt", "adamw": "sqrt", "rmsprop": "sqrt", "adagrad": "sqrt"}


def large_batch(
    batch_size: int, learning_rate: float, *, usual: int = 200, solver: str = "adam", warm_up_epochs: int = 5
) -> dict[str, Any]:
    """η k for "sgd" (Goyal et al. 2017), η √k for others (Krizhevsky 2014), k = batch_size / usual, after a warm-up.

    Parameters
    ----------
    batch_size : int
        Rows an update.
    learning_rate : float > 0
        η, the rate that is good with ``usual`` rows an update.
    usual : int
        The batch that this rate belongs to.
    solver : str
        "sgd", "adam", "adamw", "rmsprop" or "adagrad".
    warm_up_epochs : int ≥ 1
        Epochs in which the rate rises to its height.

    Returns
    -------
    dict
        ``batch_size``, ``solver`` and ``learning_rate``, a schedule: parameters of an estimator.

    Raises
    ------
    InvalidValue
        Where a number is outside its bounds, or the solver has no mini-batches.

    Examples
    --------
    >>> from chainrule import MLPClassifier
    >>> clf = MLPClassifier((64,), **large_batch(3200, 0.001))
    >>> pace = clf.learning_rate.begin(20)
    >>> [round(pace(epoch, None), 5) for epoch in (0, 5, 19)]
    [0.00067, 0.004, 0.004]
    """
    rate = check_number("learning_rate", learning_rate, above=0)
    factor = check_count("batch_size", batch_size) / check_count("usual", usual)
    rule = choose("solver with mini-batches", solver, OF_SOLVER)
    schedule = warm_up(rate * RULES[rule](factor), check_count("warm_up_epochs", warm_up_epochs))
    return {"batch_size": batch_size, "solver": solver, "learning_rate": schedule}
