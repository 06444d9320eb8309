"""Both later collections: right codes give the network's numbers, wrong ones do not, each where it says so."""

from __future__ import annotations

import warnings
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from corpus.base import case as make
from corpus.case import Case, Result, changed, factor
from corpus.fresh import COLLECTION as FRESH
from corpus.held_out import COLLECTION as HELD_OUT
from corpus.held_out import KINDS, OWN
from corpus.kinds import LISTED
from corpus.points import point, theta_of

if TYPE_CHECKING:
    from collections.abc import Iterator

COLLECTIONS = (HELD_OUT, FRESH)
STUDENTS = [(base, collection) for collection in COLLECTIONS for base in collection.students]


def cases(kind: Any = None) -> list[Case]:
    """Return the cases of both; no two students have one name."""
    return [case for collection in COLLECTIONS for case in collection.cases(kind)]


RIGHT = {case.name: case for case in cases("right")}
BIG = {"large inputs": {"inputs": 1e4}, "large weights": {"outputs": 1e4}}
Outcome = tuple[Result, dict[str, Any]]


@pytest.fixture(autouse=True)
def students_may_overflow() -> Iterator[None]:
    """A student's exp may warn; what it gives is what counts."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        yield


def run(case: Case, *seeds: int, **big: float) -> Outcome:
    """Call the case at one point after another in the same module; return the last result and the state."""
    module, state = case.module(), {}
    for seed in seeds:
        result = case.call(module, *point(case.net(), seed, **big), case.l2, state)
    return result, state


def flat(thing: Any) -> np.ndarray:
    """Lay out nested lists, tuples and dicts of numbers as one vector."""
    if isinstance(thing, dict):
        thing = [thing[key] for key in sorted(thing)]
    if isinstance(thing, list | tuple):
        return np.concatenate([np.zeros(0), *map(flat, thing)])
    return np.asarray(thing, dtype=float).ravel()


def numbers(result: Result) -> list[np.ndarray]:
    """Loss, outputs and gradients (of a step: the step)."""
    gradients = result.gradients
    if result.updated:
        before, after = map(flat, gradients)
        gradients = after - before if before.shape == after.shape else after
    return [flat(part) for part in (result.loss, result.Y, gradients) if part is not None]


def same(one: Result, other: Result) -> bool:
    """Whether all numbers agree to 1e-6, relative to their size."""
    pairs = list(zip(numbers(one), numbers(other), strict=True))
    return all(
        a.shape == b.shape
        and np.array_equal(np.isfinite(a), np.isfinite(b))
        and np.linalg.norm((a - b)[np.isfinite(b)]) <= 1e-6 * np.linalg.norm(b[np.isfinite(b)])
        for a, b in pairs
    )


def shows(case: Case, right: Case) -> bool:
    """Whether the mistake shows under the condition that the case names, and not without it."""
    if case.needs == "raises":
        with pytest.raises((ValueError, IndexError)):
            run(case, 0)
        return True
    result, state = run(case, 0)
    if case.needs == "inspect arguments":
        return changed(state)
    agrees = same(result, run(right, 0)[0])
    if case.needs is None:
        return not agrees and not changed(state)
    if case.needs == "called twice":
        return agrees and not same(run(case, 0, 1)[0], run(right, 1)[0])
    big = BIG[case.needs]
    return agrees and not same(run(case, 0, **big)[0], run(right, 0, **big)[0])


@pytest.mark.parametrize("name", RIGHT)
def test_right_code_gives_the_network_s_numbers(name: str) -> None:
    """Loss, outputs and gradients are the network's, up to the scales that the case states; nothing is changed."""
    case = RIGHT[name]
    net, (weights, biases, X, T) = case.net(), point(case.net(), 1)
    scale, grad, l2_scale = (factor(word, len(X), net.n_outputs) for word in (case.scale, case.grad, case.l2_scale))
    theta = theta_of(weights, biases)
    trace = net.forward(theta, X)
    truth = net.backward(theta, trace, T)
    result, state = run(case, 1)
    sides = [case.read(side, weights, biases) for side in (result.gradients if result.updated else [result.gradients])]
    for i, W in enumerate(weights):
        (dW, *other_W), (db, *other_b) = ([side[part][i] for side in sides] for part in (0, 1))
        if result.updated:
            dW, db = (dW - other_W[0]) / result.rate, None if db is None else (db - other_b[0]) / result.rate
        np.testing.assert_allclose(dW, grad * truth.dW[i] + 2 * l2_scale * case.l2 * W, rtol=1e-7, atol=1e-10)
        assert (db is None) == (truth.db[i] is None)
        if db is not None:
            np.testing.assert_allclose(db, grad * truth.db[i], rtol=1e-7, atol=1e-10)
    penalty = l2_scale * case.l2 * sum((W**2).sum() for W in weights)
    assert result.loss == pytest.approx(scale * net.data_loss(theta, X, T) + penalty, rel=1e-9)
    if result.Y is not None:
        Y = np.asarray(result.Y, dtype=float)
        np.testing.assert_allclose(Y.T if Y.shape == trace.Y.T.shape else Y.reshape(trace.Y.shape), trace.Y, rtol=1e-9)
    assert not changed(state)


@pytest.mark.parametrize("name", [case.name for case in cases("right") if case.scale == case.grad])
def test_right_code_is_right_again_and_at_large_numbers(name: str) -> None:
    """A second call in the same module gives what a first would, and everything stays finite."""
    assert same(run(RIGHT[name], 2, 3)[0], run(RIGHT[name], 3)[0])
    for big in BIG.values():
        assert all(np.isfinite(part).all() for part in numbers(run(RIGHT[name], 2, **big)[0]))


@pytest.mark.parametrize("style", [base.name for base, _ in STUDENTS])
def test_every_mistake_shows_where_it_says(style: str) -> None:
    """Each wrong code differs from its base under the condition that it names."""
    wrong = [case for kind in ("single", "pair", "unlisted") for case in cases(kind) if case.style == style]
    assert [case.name for case in wrong if not shows(case, RIGHT[style])] == []


@pytest.mark.parametrize(("base", "collection"), STUDENTS, ids=lambda one: getattr(one, "name", ""))
def test_both_mistakes_of_a_pair_show(base: Any, collection: Any) -> None:
    """A pair gives other numbers than every single mistake of its text."""
    singles = [run(one, 0)[0] for one in cases("single") if one.style == base.name and one.needs is None]
    doubles = {one.name: run(one, 0)[0] for one in cases("pair") if one.style == base.name}
    assert len(doubles) == len(collection.pairs(base)) >= 3
    assert [name for name, both in doubles.items() if any(same(both, one) for one in singles)] == []


@pytest.mark.parametrize("base", [base for base, _ in STUDENTS], ids=lambda base: base.name)
def test_right_gradient_is_that_of_the_student_s_own_loss(base: Any) -> None:
    """Central differences of the loss that the code states agree with its gradient, at entries drawn at random."""
    case = make(base)
    weights, biases, X, T = point(case.net(), 4)
    module, state, rng, h = case.module(), {}, np.random.default_rng(0), 1e-5
    result = case.call(module, weights, biases, X, T, case.l2, state)
    sides = [
        case.read(side, weights, biases)[0] for side in (result.gradients if result.updated else [result.gradients])
    ]
    for i, W in enumerate(weights):
        place = tuple(rng.integers(0, size) for size in W.shape)
        losses = []
        for step in (h, -h):
            moved = [block.copy() for block in weights]
            moved[i][place] += step
            losses.append(case.call(module, moved, biases, X, T, case.l2, state).loss)
        found = [np.asarray(side[i])[place] for side in sides]
        slope = (found[0] - found[1]) / result.rate if result.updated else found[0]
        assert (losses[0] - losses[1]) / (2 * h) == pytest.approx(slope, rel=1e-4, abs=1e-7)


@pytest.mark.parametrize(
    ("collection", "least"),
    [
        (HELD_OUT, {"right": 40, "single": 160, "pair": 60, "unlisted": 20}),
        (FRESH, {"right": 20, "single": 130, "pair": 40, "unlisted": 0}),
    ],
    ids=["held out", "fresh"],
)
def test_a_collection_is_large_varied_and_named(collection: Any, least: dict[str, int]) -> None:
    """Every listed kind is there, every kind is explained, and no two cases are alike in name or text."""
    kinds = {kind: {name for case in collection.cases(kind) for name, _ in case.mistakes} for kind in least}
    assert [kind for kind, count in least.items() if len(collection.cases(kind)) < count] == []
    assert kinds["single"] == set(LISTED)
    assert kinds["unlisted"] <= set(KINDS) - set(LISTED)
    assert max(Counter(case.name for case in collection.cases()).values()) == 1
    assert max(Counter((case.style, case.source) for case in collection.cases()).values()) == 1


def test_the_held_out_kinds_of_its_own_are_made() -> None:
    """What is explained occurs."""
    assert set(OWN) <= {kind for case in HELD_OUT.cases("unlisted") for kind, _ in case.mistakes}
