"""Halving search: many settings for a few epochs, the better ones for more; Hyperband is several of these searches."""

from __future__ import annotations

import json
import math
import warnings
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Self

import joblib
import numpy as np
from sklearn.base import BaseEstimator, clone, is_classifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import ParameterGrid, ParameterSampler, train_test_split

from chainrule.errors import ChainruleError, InvalidValue, check_count, check_number
from chainrule.estimators.base import BaseMLP
from chainrule.estimators.solvers import STOCHASTIC
from chainrule.files.atomic import write_whole
from chainrule.models.checkpoint import SEARCH, parts_in, read_json
from chainrule.models.model_file import load, save
from chainrule.scale.cluster import check_client, constant
from chainrule.scale.remote_jobs import as_they_end
from chainrule.streams.stream import Stream
from chainrule.training.keeping import check_checkpoint, kept_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from chainrule.training.keeping import KeepsTraining


@dataclass(frozen=True)
class Bracket:
    """One successive halving: its candidates by number, and after how many epochs each rung looks at them."""

    candidates: tuple[int, ...]
    epochs: tuple[int, ...]


def halving(first: int, n_candidates: int, most_epochs: int, n_rungs: int, factor: int) -> Bracket:
    """Return a bracket whose last rung trains for ``most_epochs`` and each before it for ``factor`` times fewer.

    >>> halving(0, 9, 18, 3, factor=3).epochs
    (2, 6, 18)
    """
    epochs = [max(1, most_epochs // factor ** (n_rungs - 1 - rung)) for rung in range(n_rungs)]
    return Bracket(tuple(range(first, first + n_candidates)), tuple(dict.fromkeys(epochs)))


def hyperband(most_epochs: int, factor: int) -> list[Bracket]:
    """Return the brackets of Li et al. (2018), from many candidates and few epochs to few candidates and all epochs.

    >>> [(len(bracket.candidates), bracket.epochs) for bracket in hyperband(9, factor=3)]
    [(9, (1, 3, 9)), (5, (3, 9)), (3, (9,))]
    """
    highest, first, brackets = round_log(most_epochs, factor), 0, []
    for s in range(highest, -1, -1):
        n_candidates = math.ceil((highest + 1) / (s + 1) * factor**s)
        brackets.append(halving(first, n_candidates, most_epochs, s + 1, factor))
        first += n_candidates
    return brackets


def round_log(value: int, base: int) -> int:
    """⌊log_base value⌋, in whole numbers.

    >>> round_log(8, 2), round_log(7, 2)
    (3, 2)
    """
    power = 0
    while base ** (power + 1) <= value:
        power += 1
    return power


@dataclass(frozen=True)
class RungOutcome:
    """What a rung found of a candidate."""

    bracket: int
    candidate: int
    epochs: int
    score: float


class HalvingSearch(BaseEstimator):
    """Successive halving (Jamieson and Talwalkar 2016) and Hyperband (Li et al. 2018) on a Dask cluster.

    All candidates train for a few epochs; the best third goes on from where each stopped, on whichever worker is free,
    for three times as many, and so on up to the estimator's ``max_iter``.

    Parameters
    ----------
    estimator : MLPClassifier or MLPRegressor
        With a solver that has mini-batches; ``max_iter`` are the most epochs.
    parameters : dict
        Lists of values by parameter, or distributions with ``rvs``.
    n_candidates : int, optional
        How many combinations are drawn; without it all are tried, and Hyperband draws as many as its brackets take.
    factor : int ≥ 2
        Of so many candidates one goes on.
    use_hyperband : bool
        Whether several halvings are made, from many candidates and few epochs to few candidates and all epochs.
    validation_fraction : float
        The share of the rows that scores, where ``fit`` is given none.
    random_state : int
        For the drawing, the split, and an estimator that has none of its own.

    Attributes
    ----------
    best_estimator_, best_params_, best_score_
        Of the highest score, among equals of the most epochs, then of the first.
    outcomes_ : list of RungOutcome
        What every rung found: bracket, candidate, epochs, score.
    candidates_ : list of dict
        The parameters of each candidate.

    Examples
    --------
    >>> import chainrule as cr
    >>> X, y = cr.datasets.moons(200, random_state=0)
    >>> clf = cr.MLPClassifier((8,), max_iter=9, random_state=0)
    >>> search = cr.scale.HalvingSearch(clf, {"learning_rate_init": [1e-4, 1e-3, 0.1]}, random_state=0)
    >>> with cr.scale.cluster(workers=1) as client:
    ...     search.fit(X, y, client=client).best_params_
    {'learning_rate_init': 0.1}
    """

    def __init__(
        self,
        estimator: Any,
        parameters: Mapping[str, Any],
        *,
        n_candidates: int | None = None,
        factor: int = 3,
        use_hyperband: bool = False,
        validation_fraction: float = 0.2,
        random_state: int = 0,
    ) -> None:
        self.estimator = estimator
        self.parameters = parameters
        self.n_candidates = n_candidates
        self.factor = factor
        self.use_hyperband = use_hyperband
        self.validation_fraction = validation_fraction
        self.random_state = random_state

    def fit(
        self,
        X: Any,
        y: Any = None,
        *,
        client: Any,
        validation: tuple[Any, Any] | None = None,
        checkpoint: KeepsTraining | None = None,
    ) -> Self:
        """Search.

        Parameters
        ----------
        X, y : arrays, or X a Stream
            What each candidate is fitted to; it goes to the cluster once. A Stream needs ``validation``.
        client : distributed.Client
            As :func:`chainrule.scale.cluster` yields it.
        validation : (X_val, y_val), optional
            The rows that score.
        checkpoint : Checkpoint, optional
            Where the candidates are kept as they stand, so that a client that died goes on when it is called again.

        Returns
        -------
        self

        Raises
        ------
        InvalidValue, ChainruleError
            Where a setting cannot be used, or the cluster goes away.
        """
        check_client(client)
        check_checkpoint(checkpoint)
        brackets = self._brackets()
        with kept_in(checkpoint, lambda: self._settings(brackets, data=_checksum(X, y, validation))):
            own = parts_in([self.estimator.get_params(deep=False), self.candidates_])
            journal = SearchJournal(checkpoint, own)
            train, held_out = self._split(X, y, validation)
            there = constant(client, (*train, *held_out))
            for number, bracket in enumerate(brackets):
                self._halve(client, journal, there, number, bracket)
            return self._choose(journal)

    def _settings(self, brackets: list[Bracket], **more: Any) -> dict[str, Any]:
        """By what a search is known: the estimator, the candidates as they were drawn, and when they are looked at."""
        mine = {name: getattr(self, name) for name in ("factor", "validation_fraction", "random_state")}
        drawn = {"candidates": self.candidates_, "brackets": brackets}
        return {
            "kind": type(self).__name__,
            **mine,
            "estimator": self.estimator.get_params(deep=False),
            **drawn,
            **more,
        }

    def _halve(self, client: Any, journal: SearchJournal, there: Any, number: int, bracket: Bracket) -> None:
        """Train a bracket's candidates rung by rung, the better ones of each further."""
        alive = list(bracket.candidates)
        for rung, epochs in enumerate(bracket.epochs):
            before = bracket.epochs[rung - 1] if rung else 0
            scores = self._rung(client, journal, there, number, alive, before, epochs)
            kept = max(1, len(alive) // check_count("factor", self.factor, at_least=2))
            alive = sorted(alive, key=lambda one: (-scores[one], one))[:kept]

    def _brackets(self) -> list[Bracket]:
        """Draw the candidates, and deal them into brackets."""
        if not isinstance(self.estimator, BaseMLP) or self.estimator.solver not in STOCHASTIC:
            raise InvalidValue("estimator must be an MLPClassifier or an MLPRegressor with solver='adam' or 'sgd'.")
        factor, most = check_count("factor", self.factor, at_least=2), self.estimator.max_iter
        if self.use_hyperband:
            brackets = hyperband(most, factor)
            wanted: int | None = sum(len(bracket.candidates) for bracket in brackets)
            if self.n_candidates is not None:
                raise InvalidValue(
                    f"Cannot use n_candidates with Hyperband, whose brackets take {wanted}. Leave it out."
                )
        else:
            wanted = None if self.n_candidates is None else check_count("n_candidates", self.n_candidates)
        self.candidates_ = self._drawn(wanted)
        if not self.use_hyperband:
            n = len(self.candidates_)
            brackets = [halving(0, n, most, 1 + min(round_log(n, factor), round_log(most, factor)), factor)]
        return brackets

    def _drawn(self, wanted: int | None) -> list[dict[str, Any]]:
        if wanted is None:
            return list(ParameterGrid(dict(self.parameters)))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a grid with fewer combinations gives all of them, some twice below
            drawn = list(ParameterSampler(dict(self.parameters), wanted, random_state=self.random_state))
        return [drawn[i % len(drawn)] for i in range(wanted)] if self.use_hyperband else drawn

    def _split(self, X: Any, y: Any, validation: tuple[Any, Any] | None) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
        """Return the rows that train and those that score."""
        if validation is not None:
            return (X, y), validation
        if y is None:
            raise InvalidValue("A search on a Stream needs rows that score: validation=(X_val, y_val).")
        share = check_number("validation_fraction", self.validation_fraction, above=0, below=1)
        labels = y if is_classifier(self.estimator) and np.ndim(y) == 1 else None
        X, X_val, y, y_val = train_test_split(X, y, test_size=share, random_state=self.random_state, stratify=labels)
        return (X, y), (X_val, y_val)

    def _rung(
        self, client: Any, journal: SearchJournal, there: Any, bracket: int, alive: list[int], before: int, epochs: int
    ) -> dict[int, float]:
        """Train those that are left up to so many epochs; return their scores."""
        known = {one.candidate: one.score for one in journal.outcomes if (one.bracket, one.epochs) == (bracket, epochs)}
        jobs = {}
        for one in alive:
            if one not in known:
                model = journal.model(bracket, one) if before else self._candidate(one)
                jobs[str(one)] = (there, model, epochs - before)
        for key, found in as_they_end(client, train_further, jobs):
            if isinstance(found, BaseException):
                raise ChainruleError(
                    f"The candidate {self.candidates_[int(key)]} has ended the workers that trained it."
                )
            model, score = found
            journal.add(RungOutcome(bracket, int(key), epochs, score), model)
            known[int(key)] = score
        return known

    def _candidate(self, number: int) -> Any:
        """Make the estimator of a candidate."""
        model = clone(self.estimator).set_params(**self.candidates_[number], warm_start="continue")
        return model if model.random_state is not None else model.set_params(random_state=self.random_state)

    def _choose(self, journal: SearchJournal) -> Self:
        """Take the best of what was found."""
        self.outcomes_ = sorted(journal.outcomes, key=lambda one: (one.bracket, one.epochs, one.candidate))
        best = max(self.outcomes_, key=lambda one: (one.score, one.epochs, -one.bracket, -one.candidate))
        self.best_params_, self.best_score_ = self.candidates_[best.candidate], best.score
        self.best_estimator_ = journal.model(best.bracket, best.candidate)
        return self


def train_further(there: tuple[Any, ...], model: Any, n_epochs: int) -> tuple[Any, float]:
    """Train a candidate for so many epochs more, and score it, on a worker; one that is NaN is worse than any."""
    X, y, X_val, y_val = there
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the next rung goes on
        most = model.max_iter
        model.set_params(max_iter=n_epochs).fit(X, y).set_params(max_iter=most)
        score = float(model.score(X_val, y_val))
    return model, score if math.isfinite(score) else -math.inf


def _checksum(X: Any, *others: Any) -> str:
    """Tell rows from others: those in memory by their numbers, a stream by its files."""
    return str(joblib.hash((X.source.fingerprint() if isinstance(X, Stream) else X, *others)))


class SearchJournal:
    """What a search has found so far, and each candidate as it stands; in a folder, where there is one."""

    def __init__(self, checkpoint: KeepsTraining | None, own: Sequence[Any] = ()) -> None:
        self.own = own
        self.folder = None if checkpoint is None else checkpoint.folder
        self.outcomes: list[RungOutcome] = []
        self._models: dict[tuple[int, int], Any] = {}
        if self.folder is not None and self._path.exists():
            self.outcomes = [RungOutcome(**one) for one in read_json(self._path)["outcomes"]]

    @property
    def _path(self) -> Path:
        assert self.folder is not None, "Asked for where there is one."  # noqa: S101
        return self.folder / SEARCH

    def _model_path(self, bracket: int, candidate: int, epochs: int) -> Path:
        assert self.folder is not None, "Asked for where there is one."  # noqa: S101
        return self.folder / f"bracket{bracket}-candidate{candidate}-epochs{epochs}.safetensors"

    def add(self, outcome: RungOutcome, model: Any) -> None:
        """Keep what a rung found, the candidate first."""
        key = (outcome.bracket, outcome.candidate)
        self.outcomes.append(outcome)
        if self.folder is None:
            self._models[key] = model
            return
        save(self._model_path(*key, outcome.epochs), model)
        told = {"outcomes": [asdict(one) for one in self.outcomes]}
        write_whole(self._path, json.dumps(told, indent=1))
        for path in self._older(outcome):
            path.unlink(missing_ok=True)

    def _older(self, outcome: RungOutcome) -> Iterator[Path]:
        """Yield where a candidate stood on the rungs before."""
        for one in self.outcomes:
            if (one.bracket, one.candidate) == (outcome.bracket, outcome.candidate) and one.epochs < outcome.epochs:
                yield self._model_path(one.bracket, one.candidate, one.epochs)

    def model(self, bracket: int, candidate: int) -> Any:
        """Return a candidate as it stands."""
        if self.folder is None:
            return self._models[bracket, candidate]
        epochs = max(one.epochs for one in self.outcomes if (one.bracket, one.candidate) == (bracket, candidate))
        return load(self._model_path(bracket, candidate, epochs), own=self.own)
