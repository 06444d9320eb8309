"""The session: one state, its run, and what the page may ask of them. It knows nothing of sockets."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import msgspec
import numpy as np

from chainrule import labs
from chainrule.check.gradient import check_gradient
from chainrule.errors import ChainruleError, InvalidValue, choose
from chainrule.explanation.step_formulas import write
from chainrule.explanation.subject import make_subject
from chainrule.models.model_file import load_network
from chainrule.network.layers import Dense
from chainrule.network.network import Network
from chainrule.play import frames, landscape, messages, step_view, stuck
from chainrule.play.built_problem import Problem, check_given_gradient, lab_state, make_problem, replace_state, state_of
from chainrule.play.data import GENERATORS, columns_of
from chainrule.play.export import exported
from chainrule.play.form import rows
from chainrule.play.live_run import FOREVER, LiveRun
from chainrule.play.other_gradients import judged, mistaken, mistakes, told
from chainrule.play.own_code import OwnCode
from chainrule.training.train import train
from chainrule.writers.mathml import mathml

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from chainrule.maths.arrays import Array
    from chainrule.play.messages import State

CHECKED = 300  # entries of a gradient that are checked at once


class PlaySession:
    """One state, the run that is made from it, and the page's view of it.

    Parameters
    ----------
    lab : str
        A lab to begin with, or "".
    data, model : path, optional
        A file of points, and a saved network.
    """

    def __init__(self, lab: str = "", data: Path | None = None, model: Path | None = None) -> None:
        threading.Thread(target=_warm_up, daemon=True).start()
        self.file = data
        self.view = messages.View()
        self.own: OwnCode | None = None
        self._lock = threading.RLock()
        self._pace = 0
        state, suit, theta = messages.State(), True, None
        if lab:
            state, suit = lab_state(lab), False
        if data is not None:
            state, suit = replace_state(state, data=messages.Data(source="file", name=data.name[:80])), True
        if model is not None:
            state, theta = _of_model(state, model)
            suit = False
        problem = make_problem(state, self.file, suit=suit)
        self.live = LiveRun(problem if theta is None else _started(problem, theta))

    @property
    def state(self) -> State:
        """The state."""
        return self.live.problem.state

    def answer(self, message: messages.Message) -> dict[str, Any]:
        """Do what a message asks for; what cannot be done is refused in a sentence."""
        with self._lock:
            return ANSWERS[type(message)](self, message)

    def frame(self, *, with_gradient: bool = True) -> bytes:
        """Return the latest moment."""
        return frames.frame(self.live, self.view, with_gradient=with_gradient)

    def export(self, name: str) -> tuple[str, bytes]:
        """Return the type and content of a file that leaves."""
        return exported(self.live, self.view, name)

    def upload(self, path: Path) -> dict[str, Any]:
        """Take a file of points; say what columns it has."""
        with self._lock:
            header, numeric = columns_of(path) if path.suffix.lower() == ".csv" else ([], [])
            data = messages.Data(source="file", name=path.name[:80])
            before, self.file = self.file, path
            try:
                self._begin(make_problem(replace_state(self.state, data=data, frozen=[], mistake=""), path, suit=True))
            except Exception:
                self.file = before
                raise
            return {**self.about(), "columns": header, "numeric": numeric}

    def close(self) -> None:
        """End the run and all that belongs to it."""
        self.live.close()
        if self.own is not None:
            self.own.close()

    # --- what the page asks for ---------------------------------------------------------------------------------------

    def set(self, asked: messages.Set) -> dict[str, Any]:
        """Take a state: a new run from its seed, or from where this one stands."""
        problem = make_problem(asked.state, self.file, suit=asked.suit)
        if asked.from_here and problem.net.shapes == self.live.problem.net.shapes:
            problem = _started(problem, self.live.moment.theta)
        self._begin(problem)
        return self.about()

    def lab(self, asked: messages.Lab) -> dict[str, Any]:
        """Begin a lab's setting."""
        self._begin(make_problem(lab_state(asked.name, asked.task)))
        return self.about()

    def go(self, asked: messages.Go) -> dict[str, Any]:
        """Play, pause, step, step back or restart."""
        done = self.live.moment.done
        if asked.what == "restart":
            playing = self.live.playing
            self._again(FOREVER if playing else 0)
        elif asked.what == "back":
            self._again(max(0, done - asked.epochs))
        elif asked.what == "step":
            self.live.go(done + asked.epochs)
            self.live.wait(done + asked.epochs, 2.0)
        else:
            self.live.go(FOREVER if asked.what == "play" else 0)
        return {"playing": self.live.playing}

    def set_pace(self, asked: messages.Pace) -> dict[str, Any]:
        """Set how many epochs lie between frames."""
        self._pace = self.live.pace = asked.epochs
        return {}

    def look(self, asked: messages.View) -> dict[str, Any]:
        """Set what the field shows."""
        self.view = asked
        return self._samples()

    def write_steps(self, asked: messages.Steps) -> dict[str, Any]:
        """Write out the steps of the chosen samples."""
        return {"epoch": self.live.moment.done, "steps": step_view.written(self.live, asked.scope, asked.sample)}

    def check_gradient(self, asked: messages.Gradient) -> dict[str, Any]:
        """Check a block, or one entry, of the gradient that the run follows."""
        problem, theta = self.live.problem, self.live.moment.theta.astype(np.float64)
        shapes = problem.net.shapes
        start = 0
        for name, shape in shapes.items():
            size = int(np.prod(shape))
            if name == asked.block:
                break
            start += size
        else:
            choose("block", asked.block, shapes)
        if asked.entry >= size:
            raise InvalidValue(f"{asked.block} has entries 0 to {size - 1}, got {asked.entry}.")
        part = slice(start, start + size) if asked.entry < 0 else slice(start + asked.entry, start + asked.entry + 1)
        report = check_gradient(self._loss_of(part, theta), theta[part], max_entries=CHECKED, random_state=0)
        name = asked.block if asked.entry < 0 else f"{asked.block}, entry {asked.entry}"
        return {"title": f"Gradient check of {name}", "text": str(report), "ok": report.ok}

    def _loss_of(self, part: slice, theta: Array) -> Callable[[Array], tuple[float, Array]]:
        problem = self.live.problem
        training = self.state.training
        objective = problem.net.objective(problem.X, problem.T, l2=training.l2, l1=training.l1)

        def fun(some: Array) -> tuple[float, Array]:
            whole = theta.copy()
            whole[part] = some
            loss, gradient = objective(whole)
            if self.live.given is not None:
                gradient = self.live.given(whole, problem.X, problem.T)
            return loss, gradient[part]

        return fun

    def surface(self, asked: messages.Surface) -> dict[str, Any]:
        """Return the loss's landscape."""
        return landscape.surface(self.live, asked)

    def edit(self, asked: messages.Edit) -> dict[str, Any]:
        """Set one parameter, and begin a run from there."""
        theta = self.live.moment.theta.copy()
        if asked.index >= theta.size:
            raise InvalidValue(f"There are parameters 0 to {theta.size - 1}, got {asked.index}.")
        theta[asked.index] = asked.value
        self._begin(_started(self.live.problem, theta))
        return self.about()

    def take_code(self, asked: messages.Code) -> dict[str, Any]:
        """Check pasted code, and let it train; an empty text gives the engine's gradient back."""
        if not asked.text.strip():
            self._change_own(None)
            self._begin(self.live.problem)
            return {**self.about(), "text": "The engine's own gradient trains again."}
        if self.live.problem.method is not None:
            raise InvalidValue("Your gradient trains by a descent: choose sgd or adam as the optimizer.")
        check_given_gradient(self.state, "code of your own")
        problem = self.live.problem
        self._change_own(self._own_code(asked.text, problem))
        own = cast("OwnCode", self.own)
        self._begin(problem)
        text = f"{own.name} trains the picture now.\n\n{own.report}"
        return {**self.about(), "text": text, "ok": own.report.ok}

    def ask(self, asked: messages.Ask) -> dict[str, Any]:
        """Answer a question about the network as it is."""
        net = self.live.problem.net
        if asked.about == "stuck":
            return {"findings": stuck.findings(self.live)}
        if asked.about == "explain":
            subject = make_subject(net, None, None, None, self.state.training.l2, None, columns=False)
            lines = [(step, write(step, subject.notation)) for step in subject.steps]
            return {"lines": [_line(step, line) for step, line in lines]}
        if asked.about == "mistakes":
            return {"mistakes": {name: told(edit) for name, edit in mistakes(net).items()}}
        if asked.about == "mistake":
            if self.live.given is None:
                return {"text": "The gradient is the engine's own: there is no mistake in it.", "ok": True}
            report = judged(net, self.live.given) if self.own is None else self.own.report
            return {"text": str(report), "ok": report.ok}
        return self.about()

    # --- the run ------------------------------------------------------------------------------------------------------

    def _own_code(self, text: str, problem: Problem) -> OwnCode:
        """Check code for a problem, and try it there."""
        own = OwnCode(text, problem.net)
        try:
            own.with_penalty(problem.state.training.l2)(problem.theta, problem.X, problem.T)
        except BaseException:
            own.close()
            raise
        return own

    def _change_own(self, own: OwnCode | None) -> None:
        before, self.own = self.own, own
        if before is not None:
            self.live.close()
            before.close()

    def _begin(self, problem: Problem, until: int | None = None) -> None:
        """Put a new run in the place of this one; it plays if this one did."""
        mistake = problem.state.mistake
        given: Callable[..., Array] | None = None
        if self.own is not None:
            check_given_gradient(problem.state, "code of your own")
            if problem.net != self.own.net:
                try:
                    self._change_own(self._own_code(self.own.text, problem))
                except InvalidValue as error:
                    told = "Your code trains, and does not fit this network. Give the engine its gradient back first."
                    raise InvalidValue(f"{told} {error}") from None
            given = self.own.with_penalty(problem.state.training.l2)
        if mistake and self.own is None:
            given = mistaken(problem.net, mistake, problem.state.training.l2)
        playing = self.live.playing
        new = LiveRun(problem, given)
        new.pace = self._pace
        before, self.live = self.live, new
        before.close()
        new.go(until if until is not None else FOREVER if playing else 0)

    def _again(self, until: int) -> None:
        """Run the same once more, as far as that: the same bits, since a run is the same every time."""
        self._begin(self.live.problem, until)
        if until < FOREVER:
            self.live.wait(until, 2.0)

    def about(self) -> dict[str, Any]:
        """Return the state and what the page draws from it: shapes, samples, choices."""
        problem = self.live.problem
        return {
            "state": msgspec.to_builtins(problem.state),
            "shapes": {name: list(shape) for name, shape in problem.net.shapes.items()},
            "widths": [problem.net.n_features, *(layer.n_outputs for layer in problem.net.layers)],
            "activations": [layer.activation.name for layer in problem.net.layers],
            "features": problem.points.features,
            "classes": problem.points.classes,
            "note": problem.points.note,
            "own": self.own is not None,
            "givenStart": problem.given_start,
            "choices": {"datasets": list(GENERATORS), "labs": labs.names()},
            "pace": self._pace,
            "form": rows(problem.state),
            **self._samples(),
        }

    def _samples(self) -> dict[str, Any]:
        problem = self.live.problem
        x, y, edges = frames.box(problem, self.view)
        X = problem.points.X
        T = problem.points.T if problem.points.n_classes else problem.points.T[:, self.view.output % problem.T.shape[1]]
        low, high = frames.output_range(problem)
        samples = {"x": X[:, x].tolist(), "y": X[:, y].tolist(), "t": T.tolist()}
        return {"box": edges, "samples": samples, "range": [low, high], "view": msgspec.to_builtins(self.view)}


def _warm_up() -> None:
    """Load the compiled engine, which takes it seconds, while the page opens."""
    net = Network([Dense(1)], 1)
    with suppress(ChainruleError):  # without numba the textbook engine works on
        train(net, [[0.0]], [0.0], max_epochs=2, engine="compiled", progress=False, random_state=0)
        net.predict(np.zeros(2), [[0.0]], engine="compiled")


def _line(step: Any, line: Any) -> dict[str, Any]:
    return {"symbol": step.symbol, "operands": step.operands, "text": str(step), "formula": mathml(line.matrix, True)}


def _started(problem: Problem, theta: Array) -> Problem:
    return replace(problem, theta=np.array(theta, dtype=problem.theta.dtype), given_start=True)


def _of_model(state: State, path: Path) -> tuple[State, Array]:
    """Return the state of a saved network, and its parameters."""
    net, theta = load_network(path)
    precision = msgspec.structs.replace(state.training, precision=theta.dtype.name)
    return state_of(replace_state(state, training=precision), net), theta


ANSWERS: dict[type, Callable[[PlaySession, Any], dict[str, Any]]] = {
    messages.Set: PlaySession.set,
    messages.Lab: PlaySession.lab,
    messages.Go: PlaySession.go,
    messages.Pace: PlaySession.set_pace,
    messages.View: PlaySession.look,
    messages.Steps: PlaySession.write_steps,
    messages.Gradient: PlaySession.check_gradient,
    messages.Surface: PlaySession.surface,
    messages.Edit: PlaySession.edit,
    messages.Code: PlaySession.take_code,
    messages.Ask: PlaySession.ask,
}
