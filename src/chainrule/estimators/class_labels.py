"""Labels: what classes there are, what each weighs, and which are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.utils import compute_class_weight

from chainrule.errors import InvalidValue, check_number

if TYPE_CHECKING:
    from collections import Counter

    from chainrule.maths.arrays import Array

FEW = 16  # classes


def one_type(y: Any, name: str = "y") -> Any:
    """Return labels that can be put in order, or say which kinds are mixed."""
    kinds = (
        sorted({"str" if isinstance(label, str) else type(label).__name__ for label in y})
        if y.dtype.kind == "O" and y.ndim == 1
        else []
    )
    if len(kinds) > 1 and "str" in kinds:
        raise InvalidValue(f"{name} must have labels of one type, all strings or all numbers, got {', '.join(kinds)}.")
    return y


def one_hot(y: Any, classes: Any, dtype: Any) -> Array:
    """A column of 0 and 1 for each class, (n_samples, n_classes), of labels all of which are among the classes.

    >>> one_hot(np.array(["b", "a"]), np.array(["a", "b"]), int).tolist()
    [[0, 1], [1, 0]]
    """
    T: Array = np.zeros((len(y), len(classes)), dtype)
    if len(classes) <= FEW:  # a look at y for each takes less than a search for each label
        for k, label in enumerate(classes):
            T[:, k] = y == label
    else:
        T[np.arange(len(y)), np.searchsorted(classes, y)] = 1
    return T


class Labels:
    """Estimators of classes."""

    warm_start: Any
    class_weight: Any
    classes_: Any
    n_outputs_: int
    _label_binarizer: Any

    @property
    def _multilabel(self) -> bool:
        return bool(self._label_binarizer.y_type_.startswith("multilabel"))

    def _check_classes(self, classes: Any) -> None:
        """Refuse classes that are not those of before."""
        if self.warm_start is True and set(classes) != set(self.classes_):
            raise ValueError(
                "warm_start can only be used where `y` has the same classes as in the previous call to fit. "
                f"Previously got {self.classes_}, `y` has {classes}"
            )
        if len(np.setdiff1d(classes, self.classes_, assume_unique=True)):
            raise ValueError(
                f"`y` has classes not in `self.classes_`. `self.classes_` has {self.classes_}. 'y' has {classes}."
            )

    def _weights(self, y: Any, sample_weight: Array | None) -> Array | None:
        """Sample weights times class weights."""
        if self.class_weight is None:
            return sample_weight
        if y.ndim == 2:
            raise InvalidValue("class_weight is for one class a sample: with many labels weight the samples.")
        known = np.unique(y if self.class_weight == "balanced" else self.classes_)  # a batch may lack some
        self._check_class_weight(known)
        of_class = compute_class_weight(self.class_weight, classes=known, y=y, sample_weight=sample_weight)
        weights: Array = of_class[np.searchsorted(known, y)]
        return weights if sample_weight is None else weights * sample_weight

    def _weights_of_labels(self, counts: Counter[Any]) -> dict[Any, float] | None:
        """What each label weighs, "balanced" as scikit-learn has it: n / (K n_k)."""
        if self.class_weight is None:
            return None
        if self._multilabel:
            raise InvalidValue("class_weight is for one class a sample: with many labels weight the samples.")
        labels = self.classes_.tolist()
        self._check_class_weight(self.classes_)
        if self.class_weight == "balanced":
            total = sum(counts.values())
            return {label: total / (len(counts) * counts[label]) for label in counts}
        return {label: float(self.class_weight.get(label, 1.0)) for label in labels}

    def _check_class_weight(self, known: Any) -> None:
        """Refuse weights that are no numbers ≥ 0, and weights of other classes where classes of y have none."""
        if self.class_weight == "balanced":
            return
        for label, weight in self.class_weight.items():
            number = float(weight) if isinstance(weight, bool | np.bool_) else weight
            check_number(f"class_weight of the class {label!r}", number, at_least=0)
        labels = known.tolist()
        missing = [label for label in labels if label not in self.class_weight]
        others = [label for label in self.class_weight if label not in labels]
        if missing and others:
            raise InvalidValue(
                f"The classes, {missing}, are not in class_weight. It has {others[0]!r}, and the classes are {labels}."
            )

    def _known_targets(self, y: Any) -> Any:
        """Take labels that are classes: a position among them, or a class never seen, is another thing."""
        labels = np.asarray(y)
        if self._multilabel:
            if labels.ndim != 2 or labels.shape[1] != self.n_outputs_ or not np.isin(labels, (0, 1)).all():
                raise InvalidValue(f"y must have a row of {self.n_outputs_} zeros and ones for each sample.")
            return labels
        labels = labels.ravel() if labels.shape[1:] == (1,) else labels
        if labels.ndim != 1:
            raise InvalidValue(f"y must have one label for each sample, got an array of shape {labels.shape}.")
        classes = self.classes_.tolist()
        if unknown := [label for label in labels.tolist() if label not in classes]:
            raise InvalidValue(
                f"y has {unknown[0]!r}, which is not one of the classes {classes}. Give labels, as in fit."
            )
        return labels.astype(self.classes_.dtype)
