"""The steps of a training by a student's functions, a chunk of epochs at a time, run in the submission's process.

``advance`` is packed and sent there: it may use nothing but NumPy and what stands in this file.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

State = Any  # what a student's functions are handed: their parameters, in their own order


class Chunk(NamedTuple):
    """Some epochs: the losses before each update, the same on the validation part, where they led, and why they end."""

    losses: Any
    validation: Any
    state: Any
    before: Any  # where the last update began
    ended: str  # "loss", "accuracy", "non_finite" or ""


def advance(module: Any) -> Chunk:
    """Train with a module's functions as its ``chainrule_job`` says."""
    job = module.chainrule_job
    measure, step = _functions(module, job)
    state, before, losses, validation, ended = job["state"], job["before"], [], [], ""
    with np.errstate(all="ignore"):
        for _ in range(job["epochs"]):
            loss, share = measure(state, job["X"], job["T"])
            ended = "" if np.isfinite(loss) else "non_finite"
            losses += [loss] if np.isfinite(loss) else []
            ended = ended or _reached(job, loss, share)
            if ended or job["measured"]:
                break
            before = state
            for rows in _batches(module.chainrule_stream, len(job["X"]), job["batch_size"]):
                state = step(state, job["X"][rows], job["T"][rows])
            if job["validation"]:
                validation.append(measure(state, *job["validation"])[0])
    return Chunk(np.array(losses), np.array(validation), list(state), list(before), ended)


def _reached(job: Any, loss: float, share: float) -> str:
    """Say which goal is met, "" for none."""
    if job["stop_loss"] is not None and loss < job["stop_loss"]:
        return "loss"
    return "accuracy" if job["stop_accuracy"] is not None and share >= job["stop_accuracy"] else ""


def _batches(stream: Any, n: int, size: Any) -> Any:
    """Rows of each update of an epoch."""
    if size is None or size >= n:
        return [slice(None)]
    order = stream.permutation(n)
    return [order[start : start + size] for start in range(0, n, size)]


def _functions(module: Any, job: Any) -> Any:
    """Return how a loss (and a share read right) is measured with the functions of a lab, and how a step is made."""
    kind = job["kind"]
    if kind == "xor":
        return _xor(module, job["rate"], job["state"])
    if kind == "moons":
        return _moons(module, job["rate"])
    return _softmax(module, job["rate"]) if kind == "softmax" else _neurons(module, job["rate"])


def _xor(module: Any, rate: float, state: State) -> Any:
    made = module.Network((state[0].shape[1], state[1].shape[1]), learningRate=rate)

    def measure(state: State, X: Any, T: Any) -> tuple[float, float]:
        made.W1, made.W2, made.W3 = state
        y = made.forward(X)
        return float(made.loss(T, y)), float(((y > 0.5) == (T > 0.5)).mean())

    def step(state: State, X: Any, T: Any) -> State:
        made.W1, made.W2, made.W3 = state
        made.backward(T, made.forward(X))
        return made.W1, made.W2, made.W3

    return measure, step


def _moons(module: Any, rate: float) -> Any:
    def put(state: State) -> None:
        module.W, module.B, module.V = state
        module.NH = len(state[1])

    def measure(state: State, X: Any, T: Any) -> tuple[float, float]:
        put(state)
        return float(module.error(X[:, 0], X[:, 1], T)), 0.0

    def step(state: State, X: Any, T: Any) -> State:
        put(state)
        return module.descent(X[:, 0], X[:, 1], T, *state, module.backprop, rate)

    return measure, step


def _neurons(module: Any, rate: float) -> Any:
    def measure(state: State, X: Any, T: Any) -> tuple[float, float]:
        return float(module.loss(module.predict(*state, X), T)), 0.0

    def step(state: State, X: Any, T: Any) -> State:
        gradient = module.gradient(*state, X, T)
        return module.update(*state, *gradient, rate) if len(state) == 2 else module.update(*state, gradient, rate)

    return measure, step


def _softmax(module: Any, rate: float) -> Any:
    names = ("W1", "W2", "W3")

    def measure(state: State, X: Any, T: Any) -> tuple[float, float]:
        return -float(module.log_likelihood(dict(zip(names, state)), X, T)), 0.0  # noqa: B905  # three and three

    def step(state: State, X: Any, T: Any) -> State:
        model = module.gradient_step(dict(zip(names, state)), X, T, rate)  # noqa: B905
        return tuple(model[name] for name in names)

    return measure, step
