"""The halving search: who goes on, that it comes to the same from anywhere, and that it goes on where it stopped."""

import numpy as np
import pytest
from scipy.stats import loguniform
from sklearn.base import clone

import chainrule as cr
from chainrule.errors import InvalidValue
from chainrule.scale.halving_search import SearchJournal

# filters of warnings are one for all threads, and workers are threads here
pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
CLF = cr.MLPClassifier((8,), max_iter=9, random_state=0, engine="textbook")
RATES = {"learning_rate_init": [1e-5, 1e-4, 1e-3, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0]}


@pytest.fixture(scope="module")
def moons():
    return cr.datasets.moons(200, random_state=0)


def test_the_better_third_goes_on(moons, one_thread):
    """Nine train for one epoch, the best three for three, the best one for nine, as if it had never stopped."""
    search = cr.scale.HalvingSearch(CLF, RATES).fit(*moons, client=one_thread)
    assert [one.epochs for one in search.outcomes_] == [1] * 9 + [3] * 3 + [9]
    first = {one.candidate: one.score for one in search.outcomes_ if one.epochs == 1}
    going_on = {one.candidate for one in search.outcomes_ if one.epochs == 3}
    assert min(first[one] for one in going_on) >= max(score for one, score in first.items() if one not in going_on)
    train, _ = search._split(*moons, None)
    with pytest.warns(UserWarning, match="Maximum iterations"):
        whole = clone(CLF).set_params(**search.best_params_).fit(*train)
    longest = next(one for one in search.outcomes_ if one.epochs == 9)
    if search.candidates_[longest.candidate] == search.best_params_ and search.best_estimator_.t_ == whole.t_:
        np.testing.assert_array_equal(search.best_estimator_.theta_, whole.theta_)


def test_a_search_goes_on_where_it_stopped(monkeypatch, tmp_path, moons, one_thread, three_threads):
    """A client that dies after some outcomes has them, and the next one finds the same without training them again."""
    whole = cr.scale.HalvingSearch(CLF, RATES).fit(*moons, client=three_threads)
    add, left = SearchJournal.add, iter(range(10, -1, -1))

    def failing(self, outcome, model):
        add(self, outcome, model)
        if next(left) == 0:
            raise KeyboardInterrupt

    monkeypatch.setattr(SearchJournal, "add", failing)
    with pytest.raises(KeyboardInterrupt):
        cr.scale.HalvingSearch(CLF, RATES).fit(*moons, client=one_thread, checkpoint=cr.Checkpoint(tmp_path))
    monkeypatch.setattr(SearchJournal, "add", add)
    resumed = cr.scale.HalvingSearch(CLF, RATES).fit(*moons, client=one_thread, checkpoint=cr.Checkpoint(tmp_path))
    assert resumed.outcomes_ == whole.outcomes_
    np.testing.assert_array_equal(resumed.best_estimator_.theta_, whole.best_estimator_.theta_)
    with pytest.raises(InvalidValue, match="of another training"):
        cr.scale.HalvingSearch(CLF, RATES, factor=2).fit(*moons, client=one_thread, checkpoint=cr.Checkpoint(tmp_path))
    with pytest.raises(InvalidValue, match="of another training: its data were others"):
        cr.scale.HalvingSearch(CLF, RATES).fit(
            moons[0] + 1, moons[1], client=one_thread, checkpoint=cr.Checkpoint(tmp_path)
        )


def test_a_search_is_known_by_what_it_drew(tmp_path, moons, one_thread):
    """Not by distributions, which tell their address alone: another process has the same candidates and goes on."""

    def searched():
        rates = {"learning_rate_init": loguniform(1e-4, 1.0)}
        search = cr.scale.HalvingSearch(clone(CLF).set_params(max_iter=3), rates, n_candidates=3)
        return search.fit(*moons, client=one_thread, checkpoint=cr.Checkpoint(tmp_path))

    own = clone(CLF).set_params(activation=cr.Activation("own", np.tanh, lambda dA, Z, A: dA * (1 - A * A)))
    with_own = cr.scale.HalvingSearch(own, RATES)  # the rungs after the first begin with what was kept
    assert with_own.fit(*moons, client=one_thread, checkpoint=cr.Checkpoint(tmp_path / "own")).best_score_ > 0.5
    first = searched()
    assert " at 0x" not in (tmp_path / "settings.json").read_text()
    assert searched().outcomes_ == first.outcomes_
    with pytest.raises(InvalidValue, match=r"checkpoint=chainrule.Checkpoint\('search'\)"):
        cr.scale.HalvingSearch(CLF, RATES).fit(*moons, client=one_thread, checkpoint="search")


@pytest.mark.parametrize("client", [None, "local"])
def test_what_is_no_client_is_refused(client, moons, data):
    """Before anything begins."""
    with pytest.raises(InvalidValue, match="client must be what"):
        cr.scale.HalvingSearch(CLF, RATES).fit(*moons, client=client)
    with pytest.raises(InvalidValue, match="client must be what"):
        cr.scale.fit(CLF, data, client=client)


def test_hyperband_has_brackets(moons, one_thread):
    """Candidates are drawn anew for each bracket, and the best of all is taken."""
    search = cr.scale.HalvingSearch(CLF, RATES, use_hyperband=True).fit(*moons, client=one_thread)
    assert {one.bracket for one in search.outcomes_} == {0, 1, 2}
    assert search.best_score_ == max(one.score for one in search.outcomes_)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"factor": 1}, "factor must be a whole number ≥ 2"),
        ({"estimator": clone(CLF).set_params(solver="lbfgs")}, "with solver='adam' or 'sgd'"),
        ({"use_hyperband": True, "n_candidates": 3}, "Cannot use n_candidates with Hyperband"),
    ],
)
def test_settings_that_cannot_be_are_refused(moons, one_thread, given, sentence):
    """Each by one sentence."""
    with pytest.raises(InvalidValue, match=sentence):
        cr.scale.HalvingSearch(CLF, RATES).set_params(**given).fit(*moons, client=one_thread)
