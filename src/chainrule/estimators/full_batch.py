"""Solvers of all samples at once: L-BFGS as scikit-learn runs it, SciPy's other methods, Levenberg–Marquardt."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.optimize
from sklearn.exceptions import ConvergenceWarning

from chainrule.errors import InvalidValue, warn
from chainrule.estimators.checked_inputs import refuse_too_large
from chainrule.estimators.compiled_epoch import job_of, measure_all
from chainrule.estimators.samples import Samples
from chainrule.maths.losses import HALF_SQUARED_ERROR
from chainrule.training.minimize import LEVENBERG_MARQUARDT, minimize

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from chainrule.estimators.samples import Batch
    from chainrule.estimators.scaled_objective import PenalizedLoss
    from chainrule.maths.arrays import Array
    from chainrule.network.network import Network
    from chainrule.training.run import Epoch


STOPPED = 99  # SciPy's status where a callback has stopped it


class _Watched:
    """What a solver of all samples tells of its iterations, and the best finite theta among them."""

    def __init__(self, mlp: Any, loss: PenalizedLoss, samples: Samples, each: Callable[[int], bool]) -> None:
        self.mlp, self.loss, self.samples, self.each = mlp, loss, samples, each
        self.best, self.least = mlp.theta_, math.inf
        mlp.n_iter_ = 0

    def keep(self, theta: Array, value: float) -> None:
        """Keep a theta if its value is the least so far."""
        if value < self.least:
            self.best, self.least = theta.copy(), value

    def iteration(self, theta: Array, value: float) -> bool:
        """Record an iteration that led to theta, where the objective has this value; say whether to stop."""
        mlp = self.mlp
        mlp.theta_, mlp.n_iter_ = theta, mlp.n_iter_ + 1
        mlp.loss_ = self.loss.told(value, theta, self.samples.total)
        mlp.loss_curve_.append(mlp.loss_)
        if mlp.verbose:
            print(f"Iteration {mlp.n_iter_}, loss = {mlp.loss_:.8f}")  # noqa: T201  # what verbose means
        return self.each(mlp.n_iter_ - 1)

    def warn_diverged(self) -> None:
        """Say that the solver left the finite numbers, and what is kept."""
        found = self.least < math.inf
        if not found:
            refuse_too_large(X=self.samples.X, y=self.samples.T)
        kept = "The best weights" if found else "There were no better weights than those of the start, which"
        warn(
            f"{self.mlp.solver} left the finite numbers. {kept} are kept. Scale the inputs (StandardScaler).",
            ConvergenceWarning,
        )


def fit_lbfgs(mlp: Any, loss: PenalizedLoss, samples: Samples, each: Callable[[int], bool], *, compiled: bool) -> None:
    """Run scikit-learn's L-BFGS: its tolerances, its limits, its order of the parameters, its warnings.

    ``each`` is called after every iteration with its number and says whether to stop.
    """
    order = coefficients_first(loss.net)
    watched = _Watched(mlp, loss, samples, each)
    evaluate = _objective(loss, samples, compiled=compiled)
    theta = mlp.theta_.astype(np.float64)

    def fun(packed: Array) -> tuple[float, Array]:
        theta[order] = packed
        value, gradient = evaluate(theta)
        if np.isfinite(gradient).all():
            watched.keep(theta, value)
        return value, gradient[order]

    def after(intermediate_result: Any) -> None:  # SciPy goes by this name
        reached = np.empty_like(theta)
        reached[order] = intermediate_result.x
        if watched.iteration(reached, float(intermediate_result.fun)):
            raise StopIteration

    options = {"maxfun": mlp.max_fun, "maxiter": mlp.max_iter, "gtol": mlp.tol}
    found = scipy.optimize.minimize(fun, theta[order], method="L-BFGS-B", jac=True, options=options, callback=after)
    _warn_unconverged(mlp, found)
    theta[order] = found.x
    value = float(found.fun)
    if not np.isfinite(theta).all() or not math.isfinite(value):
        watched.warn_diverged()
        theta, value = watched.best.astype(np.float64), watched.least
    mlp.theta_ = theta  # in float64, as scikit-learn's, whatever X is in
    mlp.loss_ = loss.told(value, theta, samples.total)


def _objective(loss: PenalizedLoss, samples: Samples, *, compiled: bool) -> Callable[[Array], tuple[float, Array]]:
    """Return the function whose gradient it is, also with several outputs: what is told may be divided.

    It is computed in float64, as scikit-learn's is, whatever X is in; then block by block, for X is not to be copied.
    """
    whole = replace(loss, divisor=1.0)
    if compiled and samples.X.dtype == np.float64:
        job = job_of(whole, samples)
        return lambda theta: measure_all(job, theta)
    evaluate = partial(_by_engine, replace(whole, alpha=0.0)) if compiled else None
    return lambda theta: whole.evaluate_all(theta, samples, evaluate)


def _by_engine(loss: PenalizedLoss, theta: Array, batch: Batch) -> tuple[float, Array]:
    return measure_all(job_of(loss, Samples(batch.X, batch.T, batch.weight)), theta)


def _warn_unconverged(mlp: Any, found: Any) -> None:
    """Take the number of iterations, and warn in scikit-learn's words where L-BFGS has not converged."""
    mlp.n_iter_ = min(found.nit, mlp.max_iter)
    if found.status in (0, STOPPED):
        return
    more = f"\nIncrease the number of iterations to improve the convergence (max_iter={mlp.max_iter})."
    warn(
        f"lbfgs failed to converge after {mlp.n_iter_} iteration(s) (status={found.status}):\n{found.message}\n"
        f"{more if mlp.n_iter_ == mlp.max_iter else ''}\nYou might also want to scale the data as shown in:\n"
        "    https://scikit-learn.org/stable/modules/preprocessing.html",
        ConvergenceWarning,
    )


def coefficients_first(net: Network) -> npt.NDArray[np.intp]:
    """Where each parameter of scikit-learn's order, all coefs and then all intercepts, stands in theta."""
    places = net.views(np.arange(net.n_parameters, dtype=np.float64))
    weights = [W.ravel() for W, _ in places]
    biases = [b for _, b in places if b is not None]
    return np.concatenate([*weights, *biases]).astype(np.intp)


def fit_scipy(mlp: Any, loss: PenalizedLoss, samples: Samples, each: Callable[[int], bool], *, compiled: bool) -> None:
    """Run any other method by chainrule's own ``minimize``, on dense samples; ``each`` as for :func:`fit_lbfgs`."""
    _check_method(mlp, loss, samples)
    watched, dtype = _Watched(mlp, loss, samples, each), mlp.theta_.dtype

    def after(epoch: Epoch) -> bool:
        watched.keep(epoch.theta, epoch.loss)
        if epoch.number == 0:  # the start
            return False
        return watched.iteration(epoch.theta.astype(dtype), epoch.objective)

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
    mlp.n_iter_, reached = run.epochs, run.theta
    if run.status == "non_finite":
        watched.warn_diverged()
        reached = watched.best
    elif run.status not in ("converged", "stopped"):
        warn(f"{mlp.solver}: {run.message}", ConvergenceWarning)
    mlp.theta_ = reached.astype(dtype, copy=False)
    mlp.loss_ = loss.evaluate_all(mlp.theta_, samples)[0]


def _check_method(mlp: Any, loss: PenalizedLoss, samples: Samples) -> None:
    """Refuse samples and losses that a method cannot use."""
    if not isinstance(samples.X, np.ndarray):
        raise InvalidValue(f"Cannot use solver={mlp.solver!r} with sparse X. Use 'adam', 'sgd' or 'lbfgs'.")
    if mlp.solver == LEVENBERG_MARQUARDT and loss.net.loss != HALF_SQUARED_ERROR:
        raise InvalidValue(
            f"Cannot use solver='levenberg-marquardt' with loss={mlp.loss!r}: it minimises sums of squares. Use "
            "MLPRegressor(loss='squared_error'), or solver='lbfgs'."
        )
