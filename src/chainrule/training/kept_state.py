"""What is kept of a run on a stream: where it stands, what its optimizer and its rules remember, where its order is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import InvalidFile, InvalidValue, check_number
from chainrule.training.compiled_steps import recipe_of, set_stream
from chainrule.training.stopping import AccuracyReached, ImprovementWatch, LossBelow, NoImprovement

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from chainrule.maths.initializers import Generator
    from chainrule.training.loop import Training
    from chainrule.training.optimizers import Optimizer
    from chainrule.training.stopping import Watch

RULES = (LossBelow, AccuracyReached, NoImprovement)
REMEMBERED = ("best_loss", "best_theta", "best_epoch", "waited")  # by a rule that waits for an improvement


def check_keepable(optimizer: Optimizer, stop: Any) -> None:
    """Refuse parts of your own that remember things which no file keeps."""
    if recipe_of(optimizer) is None:
        raise InvalidValue(
            f"Cannot use checkpoint with an optimizer of your own, {optimizer.name!r}: no file keeps it."
        )
    for rule in stop if isinstance(stop, list | tuple) else [stop]:
        if rule is not None and not isinstance(rule, RULES):
            raise InvalidValue(
                f"Cannot use checkpoint with a rule of your own, {rule!r}: no file keeps what it remembers."
            )


def as_random_state(generator: Generator) -> np.random.RandomState:
    """Return a generator as the one kind that files keep; the bits are shared."""
    return generator if isinstance(generator, np.random.RandomState) else np.random.RandomState(generator.bit_generator)


def state_of(training: Training, generator: Generator) -> dict[str, Any]:
    """Return the state of a run after an epoch, before it is asked whether it ends."""
    return {
        "done": training.done,
        "history": training.history,
        "start": training._start,
        "generator": as_random_state(generator),
        "rules": [_remembered(watch) for watch in training.rules.watches],
        "steps": training.steps.state(),  # type: ignore[attr-defined]  # of steps on a stream
    }


def stand(training: Training, generator: Generator, state: dict[str, Any], folder: Path) -> None:
    """Let a run stand where it was kept.

    Raises
    ------
    InvalidFile
        Where the state is none of such a run.
    InvalidValue
        Where its learning rates were others.
    """
    try:
        _check(training, state)
        training.steps.stand(state["steps"])  # type: ignore[attr-defined]
        for watch, memory in zip(training.rules.watches, state["rules"], strict=True):
            for name in REMEMBERED if memory else ():
                setattr(watch, name, memory[name])
        kept = state["generator"].get_state(legacy=False)
        set_stream(generator, kept)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InvalidFile(f"{folder} is damaged: it does not hold the state of such a run ({error}).") from error
    training._start, training.history, training.done = state["start"], state["history"], state["done"]
    training.theta = training.steps.theta
    _replay_rates(training, folder)


def _remembered(watch: Watch) -> dict[str, Any] | None:
    """What a rule at work remembers, if anything."""
    if not isinstance(watch, ImprovementWatch):
        return None
    return {name: getattr(watch, name) for name in REMEMBERED}


def _check(training: Training, state: dict[str, Any]) -> None:
    """Hold a state against a run: no sequence of bytes reaches a kernel with arrays of another length."""
    theta, steps, done = training.theta, state["steps"], state["done"]
    if type(done) is not int or any(len(values) != done for values in state["history"].values()):
        raise ValueError("the history has other lengths")
    if state["history"].keys() != training.history.keys():
        raise ValueError("other things were measured")
    arrays = [state["start"], steps["theta"], steps["finite_theta"]]
    arrays += [memory["best_theta"] for memory in state["rules"] if memory and memory["best_theta"] is not None]
    if steps["average"] is not None:
        arrays.append(steps["average"].theta)
    if not all(is_like(array, theta) for array in arrays):
        raise ValueError("it is of another network")
    if not is_like(steps["state"], training.optimizer.init(theta)):
        raise ValueError("its optimizer is another")


def is_like(value: Any, other: Any) -> bool:
    """Whether a value is of the kind of another: arrays of one shape and dtype, in tuples or not."""
    if isinstance(other, tuple):
        return isinstance(value, tuple) and len(value) == len(other) and all(map(is_like, value, other))
    if isinstance(other, np.ndarray):
        return isinstance(value, np.ndarray) and (value.dtype, value.shape) == (other.dtype, other.shape)
    return type(value) is type(other)


def _replay_rates(training: Training, folder: Path) -> None:
    """Ask the schedule for the rates of the epochs that were trained: they must be those that were used."""
    if training.pace is None:
        return
    losses: Sequence[float] = training.history["loss"]
    for number, was in enumerate(training.history["learning_rate"]):
        rate = training.pace(number, losses[number - 1] if number else None)
        training.rates.append(check_number("The schedule's learning rate", rate, at_least=0))
        if rate != was:
            raise InvalidValue(
                f"The checkpoint in {folder} is of another training: its learning rate in epoch {number} was {was:g} "
                f"and is {rate:g} here. A schedule is made for all of max_epochs. Choose another folder, or remove "
                "that one."
            )
