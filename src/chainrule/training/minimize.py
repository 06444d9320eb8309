"""Minimize: SciPy's methods, and its Levenberg–Marquardt, on a network's objective, answering with the same Run."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import InvalidValue, check_count, unknown_name
from chainrule.network.compiled_objective import CompiledObjective
from chainrule.network.engine_choice import check_engine, is_compiled, textbook_seconds
from chainrule.network.inputs import as_generator, as_theta
from chainrule.network.network import check_network
from chainrule.training.journal import Journal
from chainrule.training.least_squares import LeastSquares
from chainrule.training.problem import Validation, prepare, validation_objective
from chainrule.training.progress import ProgressBar, describe_epoch

if TYPE_CHECKING:
    import numpy.typing as npt

    from chainrule.maths.arrays import Array
    from chainrule.network.engine_choice import Engine
    from chainrule.network.inputs import RandomStateLike
    from chainrule.network.network import Network
    from chainrule.network.objective import Evaluation, Objective
    from chainrule.training.run import Run
    from chainrule.training.stopping import Callbacks, Stop

WITHOUT_GRADIENT = ("Nelder-Mead", "Powell", "COBYLA", "COBYQA")
WITH_GRADIENT = ("CG", "BFGS", "L-BFGS-B", "TNC", "SLSQP", "trust-constr")
WITH_HESSIAN_PRODUCT = ("Newton-CG", "trust-ncg", "trust-krylov")
WITH_HESSIAN = ("dogleg", "trust-exact")
SCIPY_METHODS = (*WITH_GRADIENT, *WITH_HESSIAN_PRODUCT, *WITH_HESSIAN, *WITHOUT_GRADIENT)
LEVENBERG_MARQUARDT = "levenberg-marquardt"
METHODS = (*SCIPY_METHODS, LEVENBERG_MARQUARDT)
USUAL_ITERATIONS = 200  # that a method of SciPy needs, for choosing the engine
TRIALS = 100  # steps that Levenberg–Marquardt may try in one iteration, on average


class _Ended(Exception):
    """No error: raised inside a callback or an evaluation, it carries a run's status and message out of SciPy."""


class Minimization(Journal):
    """One run of SciPy on an objective: an epoch is an iteration of the method."""

    def __init__(
        self, objective: Objective, theta: Array, stop: Stop, callback: Callbacks, validation: Objective | None
    ) -> None:
        super().__init__(objective, theta, stop, callback, validation)
        self._seen: tuple[Array, Evaluation] | None = None
        self.bar: ProgressBar | None = None

    def evaluate(self, theta: Array) -> Evaluation:
        """Evaluate at theta, or remember."""
        if self._seen is None or not np.array_equal(self._seen[0], theta):
            self._seen = (theta.copy(), self._evaluate_anew(theta))
        return self._seen[1]

    def _evaluate_anew(self, theta: Array) -> Evaluation:
        """Evaluate at theta; a value that is not finite ends the run."""
        measured = self.objective.evaluate(theta)
        if not measured.is_finite:
            raise _Ended(
                "non_finite",
                f"Loss or gradient became NaN or infinite in iteration {self.done}; theta is the last at which they "
                "were finite. Scale the inputs, or start with smaller weights.",
            )
        return measured

    def value(self, theta: Array) -> float:
        """Return the objective alone, for methods without gradients."""
        return self.evaluate(theta).objective

    def value_and_gradient(self, theta: Array) -> tuple[float, Array]:
        """Return objective and gradient; the gradient is a copy, since SciPy may write into it."""
        measured = self.evaluate(theta)
        return measured.objective, measured.gradient.copy()

    def hessian_product(self, theta: Array, direction: Array) -> Array:
        """H p by a central difference of gradients, (g(θ + h p) − g(θ − h p)) / 2h."""
        length = float(np.linalg.norm(direction))
        if length == 0.0:
            return np.zeros_like(direction)
        h = np.cbrt(np.finfo(np.float64).eps) * max(1.0, float(np.linalg.norm(theta))) / length
        ahead, behind = (self._evaluate_anew(theta + sign * h * direction).gradient for sign in (1.0, -1.0))
        product: Array = (ahead - behind) / (2.0 * h)
        return product

    def hessian(self, theta: Array) -> Array:
        """H column by column, made symmetric."""
        H = np.column_stack([self.hessian_product(theta, column) for column in np.eye(len(theta))])
        return (H + H.T) / 2.0

    def after_iteration(self, theta: Array, *_state: object) -> None:
        """SciPy's callback: count the iteration, show where it led, and leave if a rule says so."""
        self.theta = theta.copy()
        self.done += 1
        self.show()

    def show(self) -> None:
        """Show the current parameters to the rules, the callbacks and the bar."""
        measured = self.evaluate(self.theta)
        Y, theta = measured.Y, self.theta
        outputs = (lambda: self.objective.outputs(theta)) if Y is None else (lambda: Y)
        epoch = self.record(self.look(self.done, measured, outputs))
        if reason := self.rules.criterion(epoch):
            raise _Ended("converged", reason)
        if reason := self.rules.callback(epoch):
            raise _Ended("stopped", reason)
        if self.bar is not None:
            self.bar.show(epoch.number, lambda: describe_epoch(epoch))

    def finish(self, method: str, n_epochs: int, options: Mapping[str, Any]) -> None:
        """Run the method to its end, to Ctrl-C, or to where it gives up."""
        problem = LeastSquares(self.objective) if method == LEVENBERG_MARQUARDT else None
        try:
            self.show()
            if problem is None:
                self.minimize(method, n_epochs, options)
            else:
                self.least_squares(problem, n_epochs, options)
        except _Ended as end:
            self.end(*end.args)
        except KeyboardInterrupt:
            self.end("stopped", f"Ctrl-C after {self.done} iterations; this is the run so far.")
        except np.linalg.LinAlgError as error:
            self.end("failed", f"{method} gave up: {error}.")

    def minimize(self, method: str, n_epochs: int, options: Mapping[str, Any]) -> None:
        """Hand the objective to SciPy and note how it ended."""
        from scipy.optimize import minimize as scipy_minimize

        arguments: dict[str, Any] = {"fun": self.value_and_gradient, "jac": True}
        if method in WITHOUT_GRADIENT:
            arguments = {"fun": self.value}
        elif method in WITH_HESSIAN_PRODUCT:
            arguments["hessp"] = self.hessian_product
        elif method in WITH_HESSIAN:
            arguments["hess"] = self.hessian
        limit = {"maxfun" if method == "TNC" else "maxiter": n_epochs}
        result = scipy_minimize(
            x0=self.theta, method=method, callback=self.after_iteration, options={**limit, **options}, **arguments
        )
        self._take(result)

    def least_squares(self, problem: LeastSquares, n_epochs: int, options: Mapping[str, Any]) -> None:
        """Hand the residuals to SciPy; it asks for the Jacobian at the start and where each iteration led."""
        from scipy.optimize import least_squares as scipy_least_squares

        def jacobian(theta: Array) -> Array:
            if not np.array_equal(theta, self.theta):
                self.after_iteration(theta)
                if self.done >= n_epochs:
                    raise _Ended("max_epochs", f"All {n_epochs} iterations are done and it has not converged.")
            return problem.jacobian(theta)

        settings = {"max_nfev": TRIALS * n_epochs, **options}
        result = scipy_least_squares(problem.residuals, self.theta, jac=jacobian, method="trf", **settings)
        self.end("converged" if result.success else "max_epochs", str(result.message))

    def _take(self, result: Any) -> None:
        """Read SciPy's result, which can be better than the parameters of the last callback."""
        self.theta = np.asarray(result.x, dtype=np.float64)
        message = str(result.message)
        limited = re.search(r"limit|max(imum|\.|fun) ", message, re.IGNORECASE)
        self.end("converged" if result.success else "max_epochs" if limited else "failed", message)


def as_method(method: str) -> str:
    """Return the method as SciPy spells it, whatever its case."""
    by_lower = {name.lower(): name for name in METHODS}
    if not isinstance(method, str) or method.lower() not in by_lower:
        raise unknown_name("method", method, METHODS)
    return by_lower[method.lower()]


def _check_combination(name: str, net: Network, options: object) -> None:
    """Refuse options that are no dict, and a network that is another function in every iteration."""
    if options is not None and not isinstance(options, Mapping):
        raise InvalidValue(f"options must be a dict of SciPy's options by name, got {options!r}.")
    if net.has_dropout:
        raise InvalidValue(
            f"Cannot use method={name!r} on a network with dropout: SciPy's methods need the same objective in every "
            "iteration. Use cr.train, or leave the dropout out."
        )


def minimize(
    net: Network,
    X: npt.ArrayLike,
    T: npt.ArrayLike,
    theta: npt.ArrayLike | None = None,
    *,
    method: str = "L-BFGS-B",
    max_iterations: int = 1000,
    l2: float = 0.0,
    l1: float = 0.0,
    sample_weight: npt.ArrayLike | None = None,
    stop: Stop = None,
    callback: Callbacks = None,
    validation: Validation = None,
    random_state: RandomStateLike = None,
    options: Mapping[str, Any] | None = None,
    progress: bool = True,
    engine: Engine = "auto",
) -> Run:
    """Minimise mean loss + l2 Σ W² + l1 Σ |W| by a method of SciPy, with back-propagated gradients.

    Parameters
    ----------
    net, X, T, theta, l2, l1, sample_weight, stop, callback, validation, random_state, progress, engine
        As for :func:`train`; Levenberg–Marquardt is the textbook engine's. SciPy computes in float64, whatever the
        dtype of theta.
    method : str
        Nelder-Mead, Powell, CG, BFGS, Newton-CG, L-BFGS-B, TNC, COBYLA, COBYQA, SLSQP, trust-constr, dogleg,
        trust-ncg, trust-exact, trust-krylov or levenberg-marquardt. Where a method wants second derivatives, it gets
        central differences of gradients. Levenberg–Marquardt is for ``half_squared_error`` and takes l2, not l1: each
        iteration solves (JᵀJ + μ I) p = −Jᵀr for the residuals r and their Jacobian J, in the trust region of Moré
        (1978), by ``scipy.optimize.least_squares(method="trf")``: its ``"lm"``, MINPACK, refuses more parameters
        than residuals and cannot be watched. SciPy's trust-krylov does not repeat itself: the same call may end
        elsewhere (seen with 1.17.1, ``findings/scipy_trust_krylov_answers_differ.sh``); trust-ncg does.
    max_iterations : int
        The maximum (TNC and COBYLA count evaluations, COBYQA in between).
    options : dict, optional
        Handed to SciPy as they are, e.g. ``{"gtol": 1e-8}``.

    Returns
    -------
    Run
        ``history["loss"][i]`` is the loss before iteration i; ``message`` is SciPy's own word.

    Raises
    ------
    InvalidValue
        Where a value is outside its bounds, arrays do not fit the network, it has dropout, or the method cannot use its
        loss.
    MissingLibrary
        Where ``engine="compiled"`` is asked for and numba is not installed.

    Examples
    --------
    >>> from chainrule import Dense, Network, datasets
    >>> X, T = datasets.xor_easy()
    >>> net = Network([Dense(4, "tanh"), Dense(1, "sigmoid")], n_features=2, loss="log_loss")
    >>> run = minimize(net, X, T, l2=1e-4, random_state=0)
    >>> run.status, run.loss < 0.1
    ('converged', True)
    """
    name = as_method(method)
    check_engine(engine)
    check_network(net, "net, X, T, theta")
    _check_combination(name, net, options)
    given = None if theta is None else as_theta(theta, net.n_parameters).astype(np.float64)
    objective, start = prepare(net, X, T, given, l2, l1, sample_weight, as_generator(random_state))
    n_epochs = check_count("max_iterations", max_iterations)
    held_out = validation_objective(net, validation, np.float64)
    seconds = textbook_seconds(net, len(objective.X), len(objective.X), min(n_epochs, USUAL_ITERATIONS))
    if is_compiled(engine, net, seconds, f"method={name!r}" if name == LEVENBERG_MARQUARDT else None):
        objective = CompiledObjective.of(objective)
        held_out = None if held_out is None else CompiledObjective.of(held_out)
    run = Minimization(objective, start, stop, callback, held_out)
    with ProgressBar(name, n_epochs, enabled=progress) as run.bar:
        run.finish(name, n_epochs, options or {})
    return run.run
