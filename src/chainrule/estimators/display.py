"""LossCurveDisplay: the training of an estimator as a picture, in scikit-learn's convention of displays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sklearn.utils.validation import check_is_fitted

from chainrule.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Sequence


class LossCurveDisplay:
    """The loss of every epoch, and the scores on validation samples where there are any.

    Parameters
    ----------
    loss_curve : sequence of float
    validation_scores : sequence of float, optional
    estimator_name : str, optional

    Attributes
    ----------
    ax_, figure_ : where it is drawn
    lines_ : list of matplotlib lines
    """

    def __init__(
        self,
        *,
        loss_curve: Sequence[float],
        validation_scores: Sequence[float] | None = None,
        estimator_name: str | None = None,
    ) -> None:
        self.loss_curve = loss_curve
        self.validation_scores = validation_scores
        self.estimator_name = estimator_name

    @classmethod
    def from_estimator(
        cls, estimator: Any, *, ax: Any = None, name: str | None = None, **kwargs: Any
    ) -> LossCurveDisplay:
        """Draw the training of a fitted MLPClassifier or MLPRegressor; ``kwargs`` go to ``Axes.plot``."""
        check_is_fitted(estimator)
        curve = getattr(estimator, "loss_curve_", None)
        if not curve:
            raise InvalidValue(f"There is no loss curve: solver={estimator.solver!r} tells none. Use 'adam' or 'sgd'.")
        display = cls(
            loss_curve=curve,
            validation_scores=estimator.validation_scores_,
            estimator_name=name or type(estimator).__name__,
        )
        return display.plot(ax=ax, **kwargs)

    def plot(self, ax: Any = None, *, name: str | None = None, **kwargs: Any) -> LossCurveDisplay:
        """Draw into ``ax``, or into a new figure."""
        import matplotlib.pyplot as plt

        if ax is None:
            _, ax = plt.subplots()
        epochs = range(1, len(self.loss_curve) + 1)
        look = {"label": name or self.estimator_name, **kwargs}
        self.lines_ = ax.plot(epochs, self.loss_curve, **look)
        ax.set(xlabel="Epoch", ylabel="Loss")
        if self.validation_scores:
            scores = ax.twinx()
            self.lines_ += scores.plot(
                range(1, len(self.validation_scores) + 1), self.validation_scores, "--", color="C1", label="validation"
            )
            scores.set_ylabel("Validation score")
        ax.legend(handles=self.lines_)
        self.ax_, self.figure_ = ax, ax.figure
        return self
