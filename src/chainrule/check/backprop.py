"""Check back-propagation: run a hand-written gradient where mistakes show, and name what is wrong with it."""

from __future__ import annotations

import threading
import warnings
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.check.as_it_was import as_it_was
from chainrule.check.attempts import Consult, assumed, best_of
from chainrule.check.backprop_report import BackpropReport
from chainrule.check.called_again import called_again, form_again
from chainrule.check.calling import (
    Form,
    NoSuchReading,
    StudentError,
    forms_of,
    has_penalty,
    taken_for_targets,
)
from chainrule.check.conventions import Scale, convention_of, outcome
from chainrule.check.examination import Stated, examine, with_any_rate
from chainrule.check.last_resort import read_again
from chainrule.check.observed_training import observed_where_needed
from chainrule.check.own_counts import as_many_as_its_own
from chainrule.check.own_training import trainings_of, trains_on
from chainrule.check.raised_errors import told_crash
from chainrule.check.raws import as_it_came, at_own_start, with_names
from chainrule.check.repairs.told_repair import with_repair
from chainrule.check.repeated_calls import is_random, remembers
from chainrule.check.returned_values import as_items
from chainrule.check.scripts import script_of
from chainrule.check.sentences import told_kind, told_mistake
from chainrule.check.sibling_gradients import together
from chainrule.check.straight_scripts import Alternatives
from chainrule.check.trial_points import points_at
from chainrule.check.word_settings import in_the_right_setting, settings_of
from chainrule.check.wrappers import UnknownParameters
from chainrule.errors import ChainruleError, InvalidValue, check_number
from chainrule.network.network import Network

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from chainrule.check.edits.program import Point
    from chainrule.check.raised_errors import MakeCall

STRENGTH = 0.37  # of the penalty
RANDOM = (
    "Your code is random: calls with the same arguments give different gradients. Fix its seed for the check, "
    "np.random.seed(0) before anything is drawn, or switch off what draws: dropout, shuffling, a random batch."
)
OWN_TRAINING = "What was checked is one round of the loop of your {}, which calls it as you do."
TRAINS_ON = (
    "Your {} trains until it is content, and I found no round of its loop that I could read as a step. Hand over the "
    "function that computes one gradient, or give it a number of rounds (epochs=1)."
)
MOST_TRAININGS = 2  # of a module that are tried
ONE_AT_A_TIME = threading.RLock()  # of two checks in two threads the second would put back what the first had set
LARGE = 1e3  # inputs at which a naive e^z overflows


def check_backprop(
    student: Any,
    net: Network,
    *,
    theta: npt.ArrayLike | None = None,
    X: npt.ArrayLike | None = None,
    T: npt.ArrayLike | None = None,
    l2: float | None = None,
    rate: float = 0.1,
    convention: str | Sequence[str] | None = None,
) -> BackpropReport:
    r"""Name the mistake in hand-written back-propagation.

    The code is run at two random points in float64 that are chosen so that mistakes show: λ ≠ 0, more samples than
    units, all classes present. The gradient is compared with the derivation of the network, ∂loss/∂W = Aᵀ dZ and so on,
    and, where it differs, with that derivation after one or two named edits.

    Parameters
    ----------
    student : function, class, object, list of layers, or path
        A function of ``theta`` (with ``X``, ``T``, ``l2``); of ``weights``, ``biases`` as lists, or ``W1, b1, …``;
        one that reads arrays of its module, or makes them itself; a class or an object with ``forward(X)`` and
        ``backward(T)``, or ``train(X, T)``, or ``fit(X, T)``. It returns a gradient, or loss and gradient, or outputs
        too, as a tuple, list or dict; or it keeps its gradients; or it updates its arrays with the learning rate.
        The path of a script (or a module that is one), which trains at its top level: it is run as far as its loop, as
        Python would run it, and one round of that is a step.
        Anything else wraps into ``lambda weights, biases, X, T: ...``.
    net : Network
        What the code is meant to be. W has shape (n_in, n_out), samples are rows; what comes back may be transposed,
        in another order, a sum instead of a mean, with λ/2 for λ: these are conventions, and said.
    theta : array-like of shape (n_parameters,), optional
        Parameters at which to look, in the place of one random point.
    X : array-like of shape (n_samples, n_features), optional
        Samples to look at; together with ``T``. A function of theta alone needs its own here.
    T : array-like of shape (n_samples, n_outputs) or (n_samples,), optional
        Their targets.
    l2 : float, optional
        λ of l2 Σ W², at least 0; without it the code has none, unless it asks for one by name.
    rate : float
        The learning rate of code that updates itself, above 0.
    convention : str or sequence of str, optional
        What the gradient is meant to be where the code returns no loss: "sum" (over the samples), "ascent" (of the
        negative loss), "double", "half" (of the network's loss), "mean-over-outputs"; one or several of them.

    Returns
    -------
    BackpropReport
        ``.verdict`` ("right", "right up to a factor", "wrong" or "undecided"), ``.ok``, ``.mistakes`` (name, where,
        sentence, confidence), ``.clues``, ``.hint(1)`` to ``.hint(3)``, ``.assert_correct()``.

    Raises
    ------
    InvalidValue
        If ``net`` is no Network, one of ``theta``, ``X``, ``T``, ``l2``, ``rate``, ``convention`` cannot be used, or
        the code cannot be called: the sentence says what it lacks, and prints the wrapper to write.

    Examples
    --------
    >>> from chainrule import Dense, Network
    >>> net = Network([Dense(1, "sigmoid")], n_features=2, loss="log_loss")
    >>> def backprop(theta, X, T):
    ...     w, b = theta[:2].reshape(2, 1), theta[2]
    ...     y = 1 / (1 + np.exp(-(X @ w + b)))
    ...     loss = -np.mean(T * np.log(y) + (1 - T) * np.log(1 - y))
    ...     d = (y - T) / len(X)
    ...     return loss, np.append(X.T @ d, d.mean())
    >>> report = check_backprop(backprop, net)
    >>> report.mistakes[0].name, report.mistakes[0].where
    ('bias-mean', 'layer 1')
    """
    if not isinstance(net, Network):
        raise InvalidValue(f"net must be a Network, got {type(net).__name__}.")
    strength = None if l2 is None else check_number("l2", l2, at_least=0)
    points = points_at(net, theta, X, T)
    step = check_number("rate", rate, above=0)
    stated = convention_of(convention)
    with ONE_AT_A_TIME, as_it_was():
        return observed_where_needed(
            lambda: _as_it_is_called(student, net, points, strength, step, stated), student, net, step, stated
        )


def _as_it_is_called(
    student: Any, net: Network, points: Sequence[Point], l2: float | None, rate: float, stated: Scale
) -> BackpropReport:
    """Check code by calling it, with λ where it asks for one, or as a script."""
    student = together(script_of(student, net), net)
    asked = STRENGTH if has_penalty(student) else 0.0
    points = [replace(point, l2=asked if l2 is None else l2) for point in as_many_as_its_own(student, net, points)]
    if isinstance(student, Alternatives):
        return _first_right(student, net, points, rate, stated)
    return in_the_right_setting(
        settings_of(student, net),
        lambda: report_and_form(student, net, points, rate, stated, own_training=True)[0],
    )


def _first_right(
    student: Alternatives, net: Network, points: Sequence[Point], rate: float, stated: Scale
) -> BackpropReport:
    """Check what code may be: the first that is right; what was guessed is called wrong by nobody."""
    for one in student.students:
        try:
            report = report_and_form(one, net, points, rate, stated)[0]
        except InvalidValue:
            continue
        if report.verdict.startswith("right"):
            return report
    return BackpropReport("undecided", clues=(student.doubt,))


def report_and_form(
    student: Any,
    net: Network,
    points: Sequence[Point],
    rate: float = 0.1,
    convention: Scale | None = None,
    *,
    own_training: bool = False,
) -> tuple[BackpropReport, Form | None]:
    """Check code at points; return what was found, and the form in which it was called, None where none would run.

    ``own_training``: whether lines of its module may be run here, as they may not for code that runs in a sandbox.
    """
    consulted: list[tuple[Sequence[Point], Form, BackpropReport]] = []

    def consult_form(at: Sequence[Point], form: Form, thorough: bool) -> BackpropReport:
        report = consult(net, at, form, afresh=form.is_afresh, convention=convention, thorough=thorough)
        consulted.append((at, form, report))
        return report

    check = _report if own_training else _report_alone
    report = check(student, net, points, rate, consult_form)
    form = next((form for _, form, one in reversed(consulted) if one.verdict == report.verdict), None)
    report = read_again(net, consulted, report, convention or Scale())
    if own_training:
        report = with_repair(
            student, net, consulted, report, convention or Scale(), partial(_consult_again, net, convention)
        )
    return report, form


def _consult_again(net: Network, convention: Scale | None, points: Sequence[Point], form: Form) -> BackpropReport:
    return consult(net, points, form, afresh=form.is_afresh, convention=convention, thorough=False)


def _report(student: Any, net: Network, points: Sequence[Point], rate: float, consult_form: Consult) -> BackpropReport:
    """Check code as it is called, or, where that says nothing, in the loop of its module that trains by it."""
    if trains_on(student, net):
        if (trained := _by_own_training(student, net, points, rate, consult_form)) is not None:
            return trained
        raise InvalidValue(TRAINS_ON.format(student.__name__))
    try:
        report = _report_alone(student, net, points, rate, consult_form)
    except InvalidValue:
        if (trained := _by_own_training(student, net, points, rate, consult_form)) is not None:
            return trained
        raise
    if report.raised or _says_nothing(report):
        return _by_own_training(student, net, points, rate, consult_form) or report
    return report


def _report_alone(
    student: Any, net: Network, points: Sequence[Point], rate: float, consult_form: Consult
) -> BackpropReport:
    """Check code as it is called, else with what an unknown parameter may be."""
    forms = partial(forms_of, student, net, rate=rate)
    try:
        report = best_of(net, points, forms(), consult_form)
    except UnknownParameters as refusal:
        if (found := assumed(net, points, forms, consult_form, refusal.missing)) is not None:
            return found
        raise
    if report.verdict in ("right", "right up to a factor"):
        return report
    return assumed(net, points, forms, consult_form, taken_for_targets(student, net), ("error",)) or report


def _says_nothing(report: BackpropReport) -> bool:
    """Whether no block of what came was compared with the right one."""
    return report.verdict != "right up to a factor" and not (
        report.ok or report.right or report.wrong or report.mistakes
    )


def _by_own_training(
    student: Any, net: Network, points: Sequence[Point], rate: float, consult_form: Consult
) -> BackpropReport | None:
    """Check a function in the loop that trains by it, where its module has one: None where that says nothing either."""
    for name, training in islice(trainings_of(student, net, rate), MOST_TRAININGS):
        try:
            at = as_many_as_its_own(training, net, points)
            report = best_of(net, at, forms_of(training, net, rate=rate), consult_form)
        except InvalidValue:
            continue
        if report.verdict.startswith("right") or (report.mistakes and not report.clues):
            return replace(report, notes=(*report.notes, OWN_TRAINING.format(name)))
    return None


def consult(
    net: Network,
    points: Sequence[Point],
    make_call: MakeCall,
    *,
    afresh: bool = True,
    convention: Scale | None = None,
    thorough: bool = True,
) -> BackpropReport:
    """Run code at two points, then again, and at large numbers; say what was found.

    ``make_call(net)`` returns the code as a call for points of this network. ``afresh`` says that it then forgets what
    was called before; a function of the caller's does not. ``convention`` is what the caller stated; two mistakes at
    once are looked for if ``thorough``.
    """
    stated = Stated(convention or Scale(), partial(_loss_at, make_call, net), thorough=thorough)
    first = make_call(net)
    try:
        with np.errstate(all="ignore"):
            raws = [as_it_came(first(points[0]))]
            calls = [raws[0], *(as_it_came(first(points[0])) for _ in range(2))]
            if is_random(first, points[0], calls):
                return BackpropReport("undecided", clues=(RANDOM,))
            if not afresh and (name := remembers(calls)):
                report = examine(net, points[:1], raws, stated=stated)
                return replace(report, verdict="wrong", mistakes=(*report.mistakes, told_mistake(name)))
            raws += [as_it_came(make_call(net)(point)) for point in points[1:]]
    except StudentError as error:
        return told_crash(net, points, make_call, error)
    raws = [with_names(net, point, raw) for point, raw in zip(points, raws, strict=True)]
    points = [
        replace(at_own_start(net, point, raw), rate=raw.rate or float(raw.updated))
        for point, raw in zip(points, raws, strict=True)
    ]
    notes = _overflows(net, points[0], make_call)
    report = examine(net, points, raws, notes, stated)
    if raws[0].updated and raws[0].rate is None and report.verdict == "wrong":
        report = with_any_rate(net, points, raws, notes, stated) or report
    if raws[0].is_turned and report.verdict.startswith("right"):
        turned = told_mistake("gradient-transposed", "weights that are a row or a column")
        report = replace(report, verdict="wrong", mistakes=(*report.mistakes, turned), conventions=())
    if not isinstance(make_call, Form):
        return called_again(first, points, raws, report, None)
    return form_again(net, points, make_call, raws, report)


def _loss_at(make_call: MakeCall, net: Network, point: Point) -> float | None:
    """The loss that the code tells at a point, None where it tells none there."""
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return make_call(net)(point).loss
    except (StudentError, ChainruleError, NoSuchReading):
        return None


def _overflows(net: Network, point: Point, make_call: MakeCall) -> list[str]:
    """Note numbers that break down where inputs or weights are large and the right ones do not."""
    for large in (replace(point, X=LARGE * point.X), replace(point, theta=LARGE * point.theta)):
        right = outcome(net, large, Scale())
        try:
            with np.errstate(all="ignore"), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                raw = make_call(net)(large)
        except (StudentError, ChainruleError, NoSuchReading):  # what it does there is no part of the check
            continue
        numbers = [] if raw.updated else [array for _, array in as_items(raw.gradients)]
        bad = (raw.loss is not None and not np.isfinite(raw.loss)) or any(not np.isfinite(a).all() for a in numbers)
        if bad and right is not None and np.isfinite(right.loss):
            return [f"overflow: {told_kind('overflow')}"]
    return []
