"""Callbacks: scikit-learn's own, ``set_callbacks(ProgressBar(), …)``, and plain functions, after every epoch."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

from joblib import wrap_non_picklable_objects
from sklearn.callback import CallbackSupportMixin, FitCallback

from chainrule.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Callable


class FunctionCallback:
    """A plain function as scikit-learn's protocol has it: ``function(estimator)`` after every epoch, True stops."""

    def __init__(self, function: Callable[[Any], object]) -> None:
        self.function = function

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle a function by its name, as pickle does, or by its code where it has none: a lambda, a local one."""
        function = self.function
        try:
            pickle.dumps(function)
        except Exception:  # whatever pickle says to it
            function = wrap_non_picklable_objects(function, keep_wrapper=False)
            _check_code(function, self.function)
        return FunctionCallback, (function,)

    def setup(self, estimator: Any, context: Any) -> None:
        """Nothing is set up."""

    def teardown(self, estimator: Any, context: Any) -> None:
        """Nothing is torn down."""

    def on_fit_task_begin(self, estimator: Any, context: Any) -> None:
        """Nothing is done before an epoch."""

    def on_fit_task_end(self, estimator: Any, context: Any) -> bool:
        """Call the function after an epoch, not after the fit."""
        return context.parent is not None and context.task_name == "epoch" and bool(self.function(estimator))


def _check_code(by_code: Any, function: Any) -> None:
    try:
        pickle.dumps(by_code)
    except Exception as error:  # of something that it holds
        raise InvalidValue(
            f"The callback {getattr(function, '__qualname__', function)!r} cannot be pickled: {error}. Define it with "
            "def at the top of a module, without what it holds on to, or take callbacks off first by set_callbacks()."
        ) from error


class TakesCallbacks(CallbackSupportMixin):
    """Estimators that take callbacks, functions among them."""

    def set_callbacks(self, *callbacks: Any) -> Any:
        """Set callbacks: of ``sklearn.callback``, or functions of the estimator; one that returns True stops training.

        A pickle holds a function by its name where it can be imported. A lambda, or a function inside another, it holds
        by its code, which needs the same version of Python to be read.

        Parameters
        ----------
        *callbacks : sklearn.callback callbacks, or functions (estimator) -> bool or None

        Returns
        -------
        the estimator
            Itself.

        Raises
        ------
        TypeError
            Where a callback is neither.

        Examples
        --------
        >>> from chainrule import MLPRegressor
        >>> reg = MLPRegressor(max_iter=50).set_callbacks(lambda reg: reg.n_iter_ == 3)
        >>> reg.fit([[0.0], [1.0]], [0.0, 1.0]).n_iter_
        3
        """
        return super().set_callbacks(
            *(
                FunctionCallback(one) if callable(one) and not isinstance(one, FitCallback | type) else one
                for one in callbacks
            )
        )

    def _begin_callbacks(
        self, X: Any, y: Any, metadata: dict[str, Any], n_epochs: int
    ) -> tuple[Callable[[int], bool], Callable[[], object]]:
        """Announce the fit, and return what announces each epoch, whether to stop, and what announces the end."""
        if not getattr(self, "_skl_callbacks", None) and not hasattr(self, "_parent_callback_ctx"):
            return (lambda number: False), (lambda: None)  # noqa: ARG005  # nobody listens
        context = self._init_callback_context(max_subtasks=n_epochs)
        told = {"estimator": self, "X": X, "y": y, "metadata": metadata}
        context.call_on_fit_task_begin(**told)

        def each(number: int) -> bool:  # noqa: ARG001  # the context counts
            epoch = context.subcontext(task_name="epoch")
            epoch.call_on_fit_task_begin(**told)
            return bool(epoch.call_on_fit_task_end(**told, reconstruction_attributes=self._as_of_now))

        return each, lambda: context.call_on_fit_task_end(**told, reconstruction_attributes=self._as_of_now)

    def _as_of_now(self) -> dict[str, Any]:
        """What makes an estimator that predicts as this one would now."""
        return {
            name: value for name, value in vars(self).items() if name.endswith("_") and not name.startswith("__")
        } | {name: vars(self)[name] for name in ("_label_binarizer",) if name in vars(self)}
