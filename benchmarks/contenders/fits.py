"""The whole of a fit: chainrule's MLPClassifier and scikit-learn's, the same settings and the same random_state."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from sklearn import neural_network
from sklearn.exceptions import ConvergenceWarning

import chainrule as cr
from benchmarks.contenders.scikit_learn import estimator
from benchmarks.data import load

if TYPE_CHECKING:
    from benchmarks.workloads import Layers, Workload


class Fit:
    """Fits an estimator of one library from its own start, which is the same in both for a random_state."""

    libraries: tuple[str, ...] = ("sklearn",)
    compiles_each_length = False

    def prepare(self, workload: Workload) -> None:
        """Load the data."""
        self.workload, self.samples = workload, load(workload)

    def new(self, **settings: Any) -> Any:
        """Make the library's estimator."""
        raise NotImplementedError

    def train(self, epochs: int, **more: Any) -> Layers:
        """Fit, with a warning's sentence kept from the screen."""
        settings = estimator(self.workload, max_iter=epochs).get_params() | more
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            model = self.new(**settings).fit(self.samples.X, self.samples.labels)
        return list(zip(model.coefs_, model.intercepts_, strict=True))

    def check(self, epochs: int) -> Layers:
        """Fit likewise: both libraries shuffle alike."""
        return self.train(epochs)


class TheirFit(Fit):
    """scikit-learn's."""

    def new(self, **settings: Any) -> Any:
        """Make scikit-learn's MLPClassifier."""
        return neural_network.MLPClassifier(**settings)


class OurFit(Fit):
    """chainrule's."""

    libraries = ("chainrule", "sklearn")
    engine = "compiled"

    def new(self, **settings: Any) -> Any:
        """Make chainrule's MLPClassifier."""
        return cr.MLPClassifier(**settings, engine=self.engine)


class TextbookFit(OurFit):
    """chainrule's on its textbook engine: what both are checked against."""

    engine = "textbook"
