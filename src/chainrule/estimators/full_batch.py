"""Solvers of all samples at once: L-BFGS as scikit-learn runs it, SciPy's other methods, Levenberg–Marquardt."""

from __future__ import annotations

import math
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.optimize
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.optimize import _check_optimize_result

from chainrule.errors import InvalidValue
from chainrule.estimators.checked_inputs import refuse_too_large
from chainrule.estimators.compiled_epoch import job_of, measure_all
from chainrule.maths.losses import HALF_SQUARED_ERROR
from chainrule.training.minimize import LEVENBERG_MARQUARDT, minimize

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from chainrule.estimators.samples import Samples
    from chainrule.estimators.scaled_objective import PenalizedLoss
    from chainrule.maths.arrays import Array
    from chainrule.network.network import Network
    from chainrule.training.run import Epoch


STOPPED = 99  # SciPy's status where a callback has stopped it


def fit_lbfgs(mlp: Any, loss: PenalizedLoss, samples: Samples, each: Callable[[int], bool], *, compiled: bool) -> None:
    """Run scikit-learn's L-BFGS: its tolerances, its limits, its order of the parameters, its warnings.

    ``each`` is called after every iteration with its number and says whether to stop.
    """
    order = coefficients_first(loss.net)
    theta = mlp.theta_.astype(np.float64)
    best, least, samples = theta.copy(), math.inf, samples.in_float64()
    whole = replace(loss, divisor=1.0)  # the function whose gradient it is, also with several outputs
    job = job_of(whole, samples) if compiled else None

    def fun(packed: Array) -> tuple[float, Array]:
        nonlocal best, least
        theta[order] = packed
        value, gradient = whole.evaluate_all(theta, samples) if job is None else measure_all(job, theta)
        if value < least and np.isfinite(gradient).all():
            best, least = theta.copy(), value
        return value, gradient[order]

    def after(packed: Array) -> None:
        mlp.theta_ = np.empty_like(theta)
        mlp.theta_[order] = packed
        mlp.n_iter_ += 1
        if each(mlp.n_iter_ - 1):
            raise StopIteration

    mlp.n_iter_ = 0
    options = {"maxfun": mlp.max_fun, "maxiter": mlp.max_iter, "gtol": mlp.tol}
    found = scipy.optimize.minimize(fun, theta[order], method="L-BFGS-B", jac=True, options=options, callback=after)
    mlp.n_iter_ = found.nit if found.status == STOPPED else _check_optimize_result("lbfgs", found, mlp.max_iter)
    theta[order] = found.x
    mlp.loss_ = float(found.fun)
    if not np.isfinite(theta).all() or not math.isfinite(mlp.loss_):
        _warn_diverged(mlp, samples, least)
        theta, mlp.loss_ = best, least
    if loss.divisor != 1.0:
        mlp.loss_ = loss.evaluate_all(theta, samples)[0]
    mlp.theta_ = theta  # in float64, as scikit-learn's, whatever X is in


def coefficients_first(net: Network) -> npt.NDArray[np.intp]:
    """Where each parameter of scikit-learn's order, all coefs and then all intercepts, stands in theta."""
    places = net.views(np.arange(net.n_parameters, dtype=np.float64))
    weights = [W.ravel() for W, _ in places]
    biases = [b for _, b in places if b is not None]
    return np.concatenate([*weights, *biases]).astype(np.intp)


def fit_scipy(mlp: Any, loss: PenalizedLoss, samples: Samples, each: Callable[[int], bool], *, compiled: bool) -> None:
    """Run any other method by chainrule's own ``minimize``, on dense samples; ``each`` as for :func:`fit_lbfgs`."""
    if not isinstance(samples.X, np.ndarray):
        raise InvalidValue(f"Cannot use solver={mlp.solver!r} with sparse X. Use 'adam', 'sgd' or 'lbfgs'.")
    if mlp.solver == LEVENBERG_MARQUARDT and loss.net.loss != HALF_SQUARED_ERROR:
        raise InvalidValue(
            f"Cannot use solver='levenberg-marquardt' with loss={mlp.loss!r}: it minimises sums of squares. Use "
            "MLPRegressor(loss='squared_error'), or solver='lbfgs'."
        )
    mlp.n_iter_ = 0
    best, least = mlp.theta_, math.inf

    def after(epoch: Epoch) -> bool:
        nonlocal best, least
        if epoch.loss < least:
            best, least = epoch.theta, epoch.loss
        mlp.theta_, mlp.n_iter_ = epoch.theta.astype(mlp.theta_.dtype), epoch.number
        return epoch.number > 0 and each(epoch.number - 1)  # number 0 is the start

    run = minimize(
        loss.net,
        samples.X,
        samples.T,
        mlp.theta_,
        method=mlp.solver,
        max_iterations=mlp.max_iter,
        l2=0.5 * mlp.alpha / samples.total,
        sample_weight=samples.weight,
        callback=after,
        progress=False,
        engine="compiled" if compiled else "textbook",
    )
    mlp.n_iter_, mlp.theta_ = run.epochs, run.theta.astype(mlp.theta_.dtype, copy=False)
    if run.status == "non_finite":
        _warn_diverged(mlp, samples, least)
        mlp.theta_ = best.astype(mlp.theta_.dtype, copy=False)
    mlp.loss_ = loss.evaluate_all(mlp.theta_, samples)[0]
    if run.status == "non_finite":
        return
    if run.status not in ("converged", "stopped"):
        warnings.warn(f"{mlp.solver}: {run.message}", ConvergenceWarning, stacklevel=5)


def _warn_diverged(mlp: Any, samples: Samples, least: float) -> None:
    if least == math.inf:
        refuse_too_large(X=samples.X, y=samples.T)
    kept = "There were no better weights than those of the start, which" if least == math.inf else "The best weights"
    warnings.warn(
        f"{mlp.solver} left the finite numbers. {kept} are kept. Scale the inputs (StandardScaler).",
        ConvergenceWarning,
        stacklevel=6,
    )
