"""The corpus of mistakes: right codes agree with chainrule, wrong ones do not, each where it says so."""

from __future__ import annotations

import warnings
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from corpus.case import factor
from corpus.kinds import LISTED
from corpus.points import point, theta_of

from corpus import KINDS, TEXTS, Case, Result, cases, changed

if TYPE_CHECKING:
    from collections.abc import Iterator

WRONG = [case for kind in ("single", "pair", "unlisted") for case in cases(kind)]
STYLES = {case.name: case for case in cases("right") if "/" not in case.name}


@pytest.fixture(autouse=True)
def students_may_overflow() -> Iterator[None]:
    """A student's exp may warn; what it gives is what counts."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        yield


def run(case: Case, *seeds: int, inputs: float = 1.0, outputs: float = 1.0) -> tuple[Result, dict[str, Any]]:
    """Call the case at one point after another in the same module; return the last result and the state."""
    module, state = case.module(), {}
    for seed in seeds:
        result = case.call(module, *point(case.net(), seed, inputs=inputs, outputs=outputs), case.l2, state)
    return result, state


def blocks(numbers: Any) -> list[np.ndarray]:
    """List the arrays of nested lists and dicts in order."""
    if isinstance(numbers, dict):
        return [block for key in sorted(numbers) for block in blocks(numbers[key])]
    if isinstance(numbers, list | tuple):
        return [block for part in numbers for block in blocks(part)]
    return [np.asarray(numbers, dtype=float)]


def far(one: Any, other: Any) -> bool:
    """Whether shapes differ, or finite entries, or the numbers by more than 1e-6 relative."""
    ones, others = blocks(one), blocks(other)
    if [block.shape for block in ones] != [block.shape for block in others]:
        return True
    flat, true = (np.concatenate([block.ravel() for block in found]) for found in (ones, others))
    finite = np.isfinite(flat)
    if not np.array_equal(finite, np.isfinite(true)):
        return True
    return bool(np.linalg.norm((flat - true)[finite]) > 1e-6 * np.linalg.norm(true[finite]))


def move(result: Result) -> Any:
    """Return the gradients, or the step."""
    if not result.updated:
        return result.gradients
    before, after = (blocks(side) for side in result.gradients)
    if [block.shape for block in before] != [block.shape for block in after]:
        return after
    return [a - b for a, b in zip(before, after, strict=True)]


def differ(one: Result, other: Result) -> bool:
    """Whether loss, outputs or gradients differ."""
    stated = [(one.loss, other.loss), (one.Y, other.Y)]
    return far(move(one), move(other)) or any(a is not None and far(a, b) for a, b in stated)


def shows(case: Case, right: Case) -> bool:
    """Whether the mistake shows under the condition that the case names, and not without it."""
    if case.needs == "raises":
        with pytest.raises(ValueError, match=r"."):
            run(case, 0)
        return True
    if case.needs == "inspect arguments":
        return changed(run(case, 0)[1])
    here = differ(run(case, 0)[0], run(right, 0)[0])
    if case.needs is None:
        return here
    if case.needs == "called twice":
        return not here and differ(run(case, 0, 1)[0], run(right, 1)[0])
    big = {"large inputs": {"inputs": 1e4}, "large weights": {"outputs": 1e4}}[case.needs]
    return not here and differ(run(case, 0, **big)[0], run(right, 0, **big)[0])


@pytest.mark.parametrize("case", cases("right"), ids=lambda case: case.name)
def test_right_code_gives_the_network_s_numbers(case: Case) -> None:
    """Loss, outputs and gradients are the network's, up to the scales that the case states; nothing is changed."""
    net, (weights, biases, X, T) = case.net(), point(case.net(), 1)
    scale, grad, l2_scale = (factor(name, len(X), net.n_outputs) for name in (case.scale, case.grad, case.l2_scale))
    theta = theta_of(weights, biases)
    trace = net.forward(theta, X)
    truth = net.backward(theta, trace, T)
    result, state = run(case, 1)
    if result.updated:
        before, after = (case.read(side, weights, biases) for side in result.gradients)
        pairs = [zip(b, a, strict=True) for b, a in zip(before, after, strict=True)]
        dWs, dbs = ([None if b is None else (b - a) / result.rate for b, a in pair] for pair in pairs)
    else:
        dWs, dbs = case.read(result.gradients, weights, biases)
    for W, dW, db, true_dW, true_db in zip(weights, dWs, dbs, truth.dW, truth.db, strict=True):
        np.testing.assert_allclose(dW, grad * true_dW + 2 * l2_scale * case.l2 * W, rtol=1e-7, atol=1e-10)
        assert (db is None) == (true_db is None)
        if db is not None:
            np.testing.assert_allclose(db, grad * true_db, rtol=1e-7, atol=1e-10)
    if result.loss is not None:
        penalty = l2_scale * case.l2 * sum((W**2).sum() for W in weights)
        assert result.loss == pytest.approx(scale * net.data_loss(theta, X, T) + penalty, rel=1e-9)
    if result.Y is not None:
        Y = np.asarray(result.Y).reshape(trace.Y.shape if np.ndim(result.Y) == 1 else np.shape(result.Y))
        np.testing.assert_allclose(Y if Y.shape == trace.Y.shape else Y.T, trace.Y, rtol=1e-9)
    assert not changed(state)


@pytest.mark.parametrize("case", [case for case in cases("right") if case.scale == case.grad], ids=lambda c: c.name)
def test_right_code_is_right_again_and_at_large_numbers(case: Case) -> None:
    """A second call in the same module gives what a first would, and nothing overflows."""
    assert not differ(run(case, 2, 3)[0], run(case, 3)[0])
    for big in ({"inputs": 1e4}, {"outputs": 1e4}):
        result = run(case, 2, **big)[0]
        assert all(np.isfinite(block).all() for block in blocks(move(result)))
        assert result.loss is None or np.isfinite(result.loss)


@pytest.mark.parametrize("style", STYLES)
def test_every_mistake_shows_where_it_says(style: str) -> None:
    """Each wrong code differs from its base by more than 1e-6 relative, under the condition that it names."""
    hidden = [case.name for case in WRONG if case.style == style and not shows(case, STYLES[style])]
    assert hidden == []


@pytest.mark.parametrize("style", STYLES)
def test_both_mistakes_of_a_pair_show(style: str) -> None:
    """A pair gives other numbers than every single mistake of the same text."""
    singles = [run(case, 0)[0] for case in cases("single") if case.style == style and case.needs is None]
    doubles = {case.name: run(case, 0)[0] for case in cases("pair") if case.style == style}
    assert [name for name, both in doubles.items() if not all(differ(both, one) for one in singles)] == []


@pytest.mark.parametrize("style", ["loops", "dictsoft", "vjp", "flatdeep"])
def test_right_gradient_is_that_of_the_student_s_own_loss(style: str) -> None:
    """Central differences of the loss that the code states agree with the gradient that it returns."""
    case = STYLES[style]
    weights, biases, X, T = point(case.net(), 4)
    dW = case.read(case.call(case.module(), weights, biases, X, T, case.l2, {}).gradients, weights, biases)[0][0]
    losses = []
    for step in (1e-5, -1e-5):
        moved = [W.copy() for W in weights]
        moved[0][0, 0] += step
        losses.append(case.call(case.module(), moved, biases, X, T, case.l2, {}).loss)
    assert dW[0, 0] == pytest.approx((losses[0] - losses[1]) / 2e-5, rel=1e-5, abs=1e-9)


def test_corpus_is_as_large_and_as_wide_as_it_was_asked_for() -> None:
    """At least 20 styles, 40 right, 300 single, 200 pairs, 30 unlisted; each listed kind in at least 6 styles."""
    assert len(STYLES) >= 20
    for kind, least in {"right": 40, "single": 300, "pair": 200, "unlisted": 30}.items():
        assert len(cases(kind)) >= least
    styles = defaultdict(set)
    for case in cases("single"):
        styles[case.mistakes[0][0]].add(case.style)
    assert {kind for kind in LISTED if len(styles[kind]) < 6} == set()
    assert all(len(case.mistakes) == 2 for case in cases("pair"))


def test_names_are_unique_and_kinds_are_described() -> None:
    """No two cases share a name, every kind has its sentence, and the texts' own mistakes are there."""
    names = [case.name for case in cases()]
    assert len(names) == len(set(names))
    used = {kind for case in cases() for kind, _ in case.mistakes}
    assert used == set(KINDS)
    assert set(TEXTS.values()) <= set(names)
