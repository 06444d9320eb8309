"""What leaves the playground: Python that runs the same to the bit, a network, a report, pictures, an animation."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from chainrule.errors import InvalidValue, choose
from chainrule.explanation.explanation import explanation
from chainrule.explanation.subject import make_subject
from chainrule.models.model_file import save
from chainrule.play import engine_settings
from chainrule.play.frames import box
from chainrule.play.live_run import FOREVER
from chainrule.training.optimizers import OPTIMIZERS
from chainrule.writers import html
from chainrule.writers.blocks import Heading, Image, Paragraph, verbatim

if TYPE_CHECKING:
    from collections.abc import Callable

    from chainrule.maths.arrays import Array
    from chainrule.play.built_problem import Problem
    from chainrule.play.live_run import LiveRun
    from chainrule.play.messages import View


def python_of(live: LiveRun) -> str:
    """Return a script that trains the same network, from the same start, on the same numbers, to the same bits."""
    problem = live.problem
    if live.given is not None and not problem.state.mistake:
        raise InvalidValue("The run follows your pasted code: keep the code, it is the script.")
    lines = [
        f'"""A run of chainrule\'s playground, to the bit: {live.moment.done} epochs, loss {live.moment.loss!r}."""',
        "",
        "import numpy as np",
        "",
        "import chainrule as cr",
        *_imports(problem),
        "",
        f"X = np.array({problem.X.tolist()!r})",
        f"T = np.array({problem.T.tolist()!r})",
        f"start = np.array({problem.theta.tolist()!r}, np.{problem.theta.dtype})  # seed {problem.state.training.seed}",
        *_network_lines(problem),
        *_training_lines(live),
        'print("loss", net.data_loss(theta, X, T))',
        "",
    ]
    return "\n".join(lines)


def _imports(problem: Problem) -> list[str]:
    state = problem.state
    lines = []
    if state.frozen or state.mistake or state.data.source == "lab":
        lines += ["from chainrule.play.messages import STATES", "from chainrule.play.built_problem import make_problem"]
    if state.mistake:
        lines = [
            "from dataclasses import replace",
            "",
            *lines,
            "from chainrule.play.other_gradients import mistaken",
            "from chainrule.play.live_run import LiveRun",
        ]
    return lines


def _network_lines(problem: Problem) -> list[str]:
    state = problem.state
    if state.frozen or state.mistake or state.data.source == "lab":
        text = msgspec.json.encode(state).decode()
        return [f"STATE = {text!r}", "problem = make_problem(STATES.decode(STATE))", "net = problem.net"]
    layers = [
        f"    cr.Dense({one.n_outputs}, {one.activation.name!r}, {one.bias}, "
        f"weight_init={one.weight_init.name!r}, bias_init={one.bias_init.name!r}, dropout={one.dropout!r}),"
        for one in problem.net.layers
    ]
    closing = f"], n_features={problem.net.n_features}, loss={problem.net.loss.name!r}"
    return ["net = cr.Network([", *layers, f"{closing}, input_dropout={problem.net.input_dropout!r})"]


def _training_lines(live: LiveRun) -> list[str]:
    problem, done, state = live.problem, live.moment.done, live.problem.state
    until = FOREVER if live.message else done  # which theta it ends with is chosen at the end
    if state.mistake:
        return [
            "problem = replace(problem, theta=start)",
            f"live = LiveRun(problem, mistaken(net, {state.mistake!r}, {state.training.l2!r}))",
            f"live.go({until})",
            f"live.wait({until}, 3600.0)",
            "theta = live.moment.theta",
        ]
    special = state.frozen or state.data.source == "lab"
    if problem.method is not None:
        return _minimize_lines(live, special=bool(special))
    arguments = "**problem.arguments" if special else _arguments(problem)
    lines = [f"training = cr.epochs(net, X, T, start, {arguments})"]
    if live.message:
        return [*lines, "for epoch in training:", "    pass", "theta = training.run.theta"]
    offset = int(problem.arguments.get("batch_size") is not None)
    if done < offset:
        return ["theta = start"]
    return [
        *lines,
        "for epoch in training:",
        f"    if epoch.number == {done - offset}:",
        "        break",
        "theta = training.theta",
    ]


def _minimize_lines(live: LiveRun, *, special: bool) -> list[str]:
    problem = live.problem
    limit = problem.max_epochs if live.message else live.moment.done
    if not limit:
        return ["theta = start"]
    given = f"**{{**problem.arguments, 'max_iterations': {limit}}}" if special else _common(problem)
    given += "" if special else f", max_iterations={limit}"
    return [f"theta = cr.minimize(net, X, T, start, method={problem.method!r}, {given}, progress=False).theta"]


def _common(problem: Problem) -> str:
    """What descents and SciPy's methods take alike."""
    training = problem.state.training
    text = f"l2={training.l2!r}, l1={training.l1!r}, stop={engine_settings.rules_text(training.stop)}"
    if "validation" in problem.arguments:
        X, T = problem.arguments["validation"]
        text += f", validation=(np.array({X.tolist()!r}), np.array({T.tolist()!r}))"
    return text


def _arguments(problem: Problem) -> str:
    training = problem.state.training
    rate = engine_settings.schedule_text(training.learning_rate, training.schedule, training.schedule_settings)
    optimizer = engine_settings.call_text(OPTIMIZERS, training.optimizer, training.optimizer_settings, rate)
    names = ("max_epochs", "batch_size", "max_gradient_norm", "average_from")
    words = ", ".join(f"{name}={getattr(training, name)!r}" for name in names)
    return f"optimizer=cr.optimizers.{optimizer}, {words}, random_state={training.seed}, {_common(problem)}"


def network_file(live: LiveRun) -> bytes:
    """Return the .safetensors that ``cr.load`` reads."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "network.safetensors"
        save(path, live.problem.net, live.moment.theta)
        return path.read_bytes()


def picture(live: LiveRun) -> Any:
    """Draw the regions, the fitted curve, or, of more than two features, the learning curve."""
    from chainrule import plot

    problem = live.problem
    X = problem.points.X
    if X.shape[1] == 2 and problem.points.n_classes:
        labels = problem.points.T
        return plot.decision_regions(_classes(problem, live.moment.theta), X, labels)
    epochs = np.array([loss for _, loss, _ in live.curve])
    return plot.learning_curves({"loss": epochs})


def _classes(problem: Problem, theta: Array) -> Callable[[Array], Array]:
    low, high = float(problem.T.min()), float(problem.T.max())

    def predict(P: Array) -> Array:
        Y = problem.net.predict(theta, P)
        return Y.argmax(axis=1) if Y.shape[1] > 1 else (Y[:, 0] > (low + high) / 2).astype(np.intp)

    return predict


def image(live: LiveRun, kind: str) -> bytes:
    """Return the picture as PNG or SVG."""
    buffer = io.BytesIO()
    picture(live).savefig(buffer, format=kind)
    return buffer.getvalue()


def animation(live: LiveRun) -> bytes:
    """Return the way it learned as a GIF, at most 24 pictures of it."""
    from chainrule import plot

    if live.problem.points.X.shape[1] != 2 or not live.problem.points.n_classes:
        raise InvalidValue("An animation shows classes of two features; these data are others. Take PNG or SVG.")
    path = live.path[:: max(1, len(live.path) // 24)]
    snapshots = [(done, _classes(live.problem, theta)) for done, theta in path]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "run.gif"
        plot.animate(snapshots, live.problem.points.X, live.problem.points.T, file)
        return file.read_bytes()


def report(live: LiveRun, view: View) -> bytes:
    """Return a page: what was trained, how it went, the picture, and the mathematics of the network."""
    problem, moment = live.problem, live.moment
    how = verbatim(f"{problem.state.training.optimizer}, {moment.done} epochs, loss {moment.loss:.6g}.")
    _, _, edges = box(problem, view)
    subject = make_subject(problem.net, moment.theta, None, None, problem.state.training.l2, None, columns=False)
    blocks = [
        Heading("A run of the playground", 1),
        Paragraph(f"{how} {verbatim(live.message)} {len(problem.X)} samples for training."),
        Image(image(live, "svg"), "What the network says", f"Seen from {edges[0]:.3g} to {edges[1]:.3g}."),
        *explanation(subject),
    ]
    return html.page("A run of the playground", blocks).encode()


KINDS: dict[str, tuple[str, Callable[[LiveRun, View], bytes]]] = {
    "run.py": ("text/x-python", lambda live, _: python_of(live).encode()),
    "network.safetensors": ("application/octet-stream", lambda live, _: network_file(live)),
    "report.html": ("text/html", report),
    "picture.png": ("image/png", lambda live, _: image(live, "png")),
    "picture.svg": ("image/svg+xml", lambda live, _: image(live, "svg")),
    "run.gif": ("image/gif", lambda live, _: animation(live)),
}


def exported(live: LiveRun, view: View, name: str) -> tuple[str, bytes]:
    """Return the type and the content of a file by its name."""
    kind, make = choose("file", name, KINDS)
    return kind, make(live, view)
