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
        The loss of each epoch.
    validation_scores : sequence of float, optional
        The score of each epoch.
    estimator_name : str, optional
        What the legend says.

    Attributes
    ----------
    ax_, figure_ : matplotlib Axes and Figure
        Where it is drawn.
    lines_ : list of matplotlib lines

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> display = LossCurveDisplay(loss_curve=[0.7, 0.5, 0.4]).plot(Figure().add_subplot())
    >>> display.ax_.get_xlabel()
    'Epoch'
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
        """Draw the training of a fitted estimator.

        Parameters
        ----------
        estimator : MLPClassifier or MLPRegressor
        ax : matplotlib Axes, optional
            Without one a new figure is made.
        name : str, optional
            What the legend says; without it the name of the class.
        **kwargs
            For ``Axes.plot``.

        Returns
        -------
        LossCurveDisplay

        Raises
        ------
        InvalidValue
            Where nothing has been trained.
        sklearn.exceptions.NotFittedError
            Before ``fit``.

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> from chainrule import MLPRegressor
        >>> reg = MLPRegressor(hidden_layer_sizes=(2,), random_state=0).partial_fit([[0.0], [1.0]], [0.0, 1.0])
        >>> len(LossCurveDisplay.from_estimator(reg, ax=Figure().add_subplot()).loss_curve)
        1
        """
        check_is_fitted(estimator)
        curve = getattr(estimator, "loss_curve_", None)
        if not curve:
            raise InvalidValue(
                "There is no loss curve: this estimator was made of a network, or initialized. Call fit."
            )
        display = cls(
            loss_curve=curve,
            validation_scores=getattr(estimator, "validation_scores_", None),
            estimator_name=name or type(estimator).__name__,
        )
        return display.plot(ax=ax, **kwargs)

    def plot(self, ax: Any = None, *, name: str | None = None, **kwargs: Any) -> LossCurveDisplay:
        """Draw it.

        Parameters
        ----------
        ax : matplotlib Axes, optional
            Without one a new figure is made.
        name : str, optional
            What the legend says.
        **kwargs
            For ``Axes.plot``.

        Returns
        -------
        LossCurveDisplay
            Itself.

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> LossCurveDisplay(loss_curve=[0.7, 0.5]).plot(Figure().add_subplot(), name="Adam").lines_[0].get_label()
        'Adam'
        """
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
