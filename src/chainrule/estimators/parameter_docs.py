"""The parameters that both estimators have from scikit-learn, described one by one: notebooks show them from here."""

from __future__ import annotations

import inspect
from typing import TypeVar

Class = TypeVar("Class", bound=type)

SHARED = """\
hidden_layer_sizes : int or sequence of int
    Units of each hidden layer; ``()`` for none.
activation : str, Activation, or a list with one for each hidden layer
    "identity", "logistic", "tanh", "relu", as in scikit-learn, any other of ``chainrule.activations``, or your own.
solver : str
    "adam", "sgd" or "lbfgs", as in scikit-learn; "adamw", "rmsprop", "adagrad", a method of
    ``scipy.optimize.minimize``, or, under a squared error, "levenberg-marquardt".
alpha : float ≥ 0
    Weight of the penalty ½ α/Σw Σ W².
batch_size : int or "auto"
    Samples of an update; "auto" is 200, or all if there are fewer. Not for "lbfgs" and SciPy's methods.
learning_rate : {"constant", "invscaling", "adaptive"} or a schedule
    How the rate goes on from ``learning_rate_init``, the first three under "sgd" alone; or one of
    ``chainrule.schedules``.
learning_rate_init : float > 0
    The first learning rate, of solvers with batches.
power_t : float ≥ 0
    Exponent of "invscaling".
max_iter : int ≥ 1
    Most epochs, or iterations of "lbfgs" and SciPy's methods.
shuffle : bool
    Whether samples are shuffled before every epoch.
random_state : int, RandomState or None
    Draws the weights, the held-out samples, the order of the batches and what dropout leaves out.
tol : float ≥ 0
    The loss or score must improve by this much, or training stops; under "lbfgs" the largest slope at the end.
verbose : bool
    Whether to print the loss of every epoch or iteration.
warm_start : bool or "continue"
    Whether ``fit`` goes on from the weights there are; "continue" goes on exactly where training stopped.
momentum : float, 0 ≤ μ ≤ 1
    Of "sgd".
nesterovs_momentum : bool
    Whether the momentum is Nesterov's.
early_stopping : bool
    Whether a share of the samples is held out, and training stops when its score no longer improves.
validation_fraction : float, 0 ≤ p < 1
    That share.
beta_1 : float, 0 ≤ β < 1
    Decay of the mean of the gradients under "adam" and "adamw".
beta_2 : float, 0 ≤ β < 1
    Decay of the mean of their squares.
epsilon : float > 0
    What "adam" and its relatives add to the root that they divide by.
n_iter_no_change : int ≥ 1, or inf
    Epochs without an improvement by ``tol`` after which training stops.
max_fun : int ≥ 1
    Most evaluations of the objective under "lbfgs".
"""

MORE = """\
dropout : float, 0 ≤ p < 1
    The share of hidden units left out at every step of training.
input_dropout : float, 0 ≤ p < 1
    The share of inputs left out at every step of training.
max_gradient_norm : float > 0, optional
    Longest gradient.
average_from : int, optional
    From this epoch on the parameters of all updates are averaged.
scoring : str, callable or None
    What early stopping watches on the validation samples: "loss", any scorer of scikit-learn, or the accuracy or R².
engine : {"auto", "textbook", "compiled"}
    Who computes, as in :func:`chainrule.train`: the numbers are the same to rounding.
"""


def documented(cls: Class) -> Class:
    """Put the shared parameters into a class's docstring, at its lines ``{shared}`` and ``{more}``."""
    text = inspect.getdoc(cls) or ""
    cls.__doc__ = text.replace("{shared}\n", SHARED).replace("{more}\n", MORE)
    return cls
