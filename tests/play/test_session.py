"""The session: what the page may ask, held against the engine."""

import contextlib
import io
import json
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest

import chainrule as cr
from chainrule import labs
from chainrule.errors import ChainruleError, InvalidValue
from chainrule.play import messages
from chainrule.play.built_problem import lab_state, make_problem
from chainrule.play.data import GENERATORS
from chainrule.play.messages import (
    Ask,
    Data,
    Edit,
    Go,
    Gradient,
    Lab,
    Layer,
    Set,
    State,
    Steps,
    Surface,
    Training,
    View,
)
from chainrule.play.session import PlaySession

WAIT = 30.0


@contextlib.contextmanager
def session(state=None, **arguments):
    one = PlaySession(**arguments)
    try:
        if state is not None:
            one.answer(Set(state=state, suit=True))
        yield one
    finally:
        one.close()


def run_to(one, done):
    one.live.go(done)
    assert one.live.wait(done, WAIT)


SETTINGS = {
    "plain": Training(),
    "batches": Training(batch_size=32, optimizer_settings={"momentum": 0.9}, l2=1e-3),
    "schedule": Training(optimizer="adam", schedule="cosine", max_epochs=500),
    "clipped": Training(optimizer="rmsprop", learning_rate=0.01, max_gradient_norm=0.5, l1=1e-4),
    "scipy": Training(optimizer="BFGS", max_epochs=40),
}


@pytest.mark.parametrize("name", SETTINGS)
def test_python_that_leaves_runs_the_same_to_the_bit(name):
    """The script's theta has the same bits as the page's."""
    with session(State(training=SETTINGS[name])) as one:
        run_to(one, 23)
        script = one.export("run.py")[1].decode()
        assert np.array_equal(_theta_of(script), one.live.moment.theta)


@pytest.mark.parametrize(
    "state",
    [State(frozen=[(1, 0)]), State(mistake="sign in the whole gradient"), lab_state("xor"), lab_state("minimize")],
    ids=["frozen", "mistake", "lab", "lab of SciPy"],
)
def test_python_of_what_is_special_runs_the_same_to_the_bit(state):
    """A frozen unit, a mistake and a lab's own parts are in the script, too."""
    with session() as one:
        one.answer(Set(state=state))
        run_to(one, 7)
        assert np.array_equal(_theta_of(one.export("run.py")[1].decode()), one.live.moment.theta)


def _theta_of(script):
    known = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(script, "run.py", "exec"), known)  # noqa: S102
    return known["theta"]


def test_back_and_forth_is_the_same_place():
    """Three epochs on and three back is where it was, bit by bit."""
    with session(State(training=Training(batch_size=16))) as one:
        run_to(one, 20)
        there = one.live.moment.theta
        one.answer(Go(what="step", epochs=3))
        one.answer(Go(what="back", epochs=3))
        assert (one.live.moment.done, True) == (20, np.array_equal(there, one.live.moment.theta))


@pytest.mark.parametrize("name", GENERATORS)
def test_every_dataset_is_drawn_and_learned(name):
    """Each generator gives a problem whose loss goes down, and a frame."""
    with session(State(data=Data(name=name, n=60, noise=0.2), training=Training(learning_rate=0.05))) as one:
        first = one.live.moment.loss
        run_to(one, 30)
        assert one.live.moment.loss < first
        assert one.frame()


@pytest.mark.parametrize("classes", [2, 10])
def test_two_to_ten_classes(classes):
    """The outputs are as many as the classes, or one of two."""
    problem = make_problem(State(data=Data(name="blobs", classes=classes)), suit=True)
    assert problem.net.n_outputs == (1 if classes == 2 else classes)


@pytest.mark.parametrize("name", labs.names())
def test_a_lab_starts_with_its_own_task(name):
    """Every lab's first epoch is the lab's own."""
    with session(lab=name) as one:
        assert one.about()["state"]["data"] == {**one.about()["state"]["data"], "source": "lab", "name": name}
        before = one.live.moment.loss
        one.live.go(2)
        assert one.live.wait(2, WAIT)
        assert one.live.moment.loss != before


def test_steps_are_the_engines_numbers():
    """The numbers beside the formulas are those of Trace and Gradients, and the update is the engine's."""
    with session() as one:
        steps = one.answer(Steps(scope="all"))["steps"]
        net, theta, problem = one.live.problem.net, one.live.moment.theta, one.live.problem
        grads = net.backward(theta, net.forward(theta, problem.X), problem.T)
        by_symbol = {step["symbol"]: step for step in steps if step["phase"] == "backward"}
        assert np.allclose(by_symbol["dW1"]["tables"]["dW1"]["rows"], grads.dW[0], rtol=1e-12)
        assert [step["phase"] for step in steps] == sorted(
            (step["phase"] for step in steps), key=["forward", "loss", "backward", "update"].index
        )
        run_to(one, 1)
        last = next(step for step in steps if step["phase"] == "update" and step["symbol"] == "W1")
        assert np.array_equal(last["tables"]["W1 after"]["rows"], net.views(one.live.moment.theta)[0][0])


def test_gradient_check_finds_a_mistake_and_no_other():
    """The engine's gradient passes; one with a mistake does not; an entry alone can be checked."""
    with session() as one:
        assert one.answer(Gradient(block="W1"))["ok"]
        assert one.answer(Gradient(block="b2", entry=1))["ok"]
        one.answer(Set(state=messages.State(mistake="sign in the whole gradient")))
        assert not one.answer(Gradient(block="W1"))["ok"]
        assert "sign" in one.answer(Ask(about="mistake"))["text"]
        run_to(one, 5)
        assert one.live.moment.loss > one.live.curve[0][1]


@pytest.mark.parametrize("over", ["weights", "random", "path"])
def test_the_surface_passes_through_the_run(over):
    """In the middle of the surface is the run's own loss, and the path ends there."""
    with session() as one:
        for done in (5, 10, 15, 20):
            run_to(one, done)
        found = one.answer(Surface(over=over))
        middle = len(found["losses"]) // 2
        assert found["losses"][middle][middle] == pytest.approx(one.live.moment.loss)
        assert found["path"][-1] == pytest.approx([0.0, 0.0], abs=1e-9)


def sections_of(frame):
    """A frame's header, and its numbers by name."""
    size = int.from_bytes(frame[:4], "little")
    head, at, found = json.loads(frame[4 : 4 + size]), 4 + size, {}
    for name, kind, length in head["sections"]:
        found[name] = np.frombuffer(frame[at : at + length], kind)
        at += length
    return head, found


@pytest.mark.parametrize("name", ["moons", "spiral"])
def test_a_frame_is_what_the_engine_says(name):
    """The field is the network's outputs to a 255th, theta to the bit, the gradient only where edges show it."""
    with session(State(data=Data(name=name), training=Training(l2=0.01))) as one:
        run_to(one, 200)
        one.answer(View(size=40))
        head, plain = sections_of(one.frame())
        one.answer(View(size=40, gradients=True))
        found = sections_of(one.frame())[1]
        problem, theta = one.live.problem, one.live.moment.theta
        left, right, bottom, top = one.about()["box"]
        across, up = np.meshgrid(np.linspace(left, right, 40), np.linspace(top, bottom, 40))
        Y = problem.net.predict(theta, np.column_stack([across.ravel(), up.ravel()]))
        shown = found["field"].astype(int)
        assert np.abs(shown[-1600:] - 255 * Y.max(axis=1)).max() <= 1.0
        assert Y.shape[1] == 1 or (shown[:1600] == Y.argmax(axis=1)).mean() > 0.99
        assert np.array_equal(found["theta"], theta)
        assert ("gradient" in plain, head["epoch"]) == (False, 200)
        assert np.array_equal(found["gradient"], problem.net.objective(problem.X, problem.T, l2=0.01)(theta)[1])


def test_an_edited_parameter_and_a_frozen_unit_stay():
    """What is edited is the new start; what is frozen does not move while the rest does."""
    with session(State(frozen=[(1, 2)])) as one:
        one.answer(Edit(index=2, value=0.75))
        before = one.live.moment.theta
        assert before[2] == 0.75
        run_to(one, 10)
        moved = one.live.moment.theta != before
        assert (moved[2], moved[3]) == (False, True)


def test_why_it_stuck_is_seen_in_the_run():
    """Dead and saturated units and collapse are found where they are made, and not elsewhere."""
    with session(State(layers=[Layer(4, "relu")])) as one:
        kinds = {found["kind"] for found in one.answer(Ask(about="stuck"))["findings"]}
        assert "dead" not in kinds
        problem = one.live.problem
        theta = problem.theta.copy()
        problem.net.views(theta)[0][1][:] = -100.0
        one._begin(replace(problem, theta=theta))
        kinds = {found["kind"] for found in one.answer(Ask(about="stuck"))["findings"]}
        assert {"dead", "collapse"} <= kinds


def test_a_table_of_ones_own(tmp_path):
    """Columns of words are named and left out; several targets are numbers to predict."""
    path = tmp_path / "mine.csv"
    path.write_text("a,b,who,kind\n" + "".join(f"{k},{k % 3},x{k},{'uv'[k % 2]}\n" for k in range(20)))
    with session() as one:
        about = one.upload(path)
        assert (about["numeric"], about["features"]) == (["a", "b"], ("a", "b"))
        assert "who" in about["note"]
        data = Data(source="file", name="mine.csv", columns=["a"], targets=["b", "a"], regression=True)
        assert one.answer(Set(state=State(data=data), suit=True))["widths"][-1] == 2
        with pytest.raises(InvalidValue, match="who"):
            one.answer(Set(state=State(data=Data(source="file", columns=["who"])), suit=True))


@pytest.mark.parametrize("kind", ["csv", "npz"])
def test_a_file_cut_short_says_so(kind, tmp_path):
    """Of every kind of file the first 2000 rows are taken, and the page is told."""
    X, T = cr.datasets.moons(n=2100, random_state=0)
    path = tmp_path / f"long.{kind}"
    if kind == "npz":
        np.savez(path, X=X, T=T)
    else:
        np.savetxt(path, np.column_stack([X, T]), delimiter=",", header="a,b,kind", comments="", fmt="%.6g")
    with session() as one:
        about = one.upload(path)
        assert "The first 2000 of 2100 rows." in about["note"]
        assert len(about["samples"]["t"]) == 2000


@pytest.mark.parametrize("name", ["network.safetensors", "report.html", "picture.png", "picture.svg", "run.gif"])
def test_what_leaves_is_what_it_says(name, tmp_path):
    """Each file begins as files of its kind do; the network is read by ``cr.load``."""
    with session() as one:
        run_to(one, 3)
        content = one.export(name)[1]
        begins = {
            "safetensors": content[:8] + b'{"__metadata__":{"chainrule":',
            "html": b"<!DOCTYPE",
            "png": b"\x89PNG",
            "svg": b"<?xml",
            "gif": b"GIF8",
        }
        assert content.startswith(begins[name.split(".")[1]])
        if name == "network.safetensors":
            path = tmp_path / name
            path.write_bytes(content)
            assert np.array_equal(cr.load(path)[1], one.live.moment.theta)
            with session(model=path) as other:
                assert np.array_equal(other.live.moment.theta, one.live.moment.theta)


def test_what_does_not_fit_is_a_sentence_and_the_run_goes_on():
    """A refused state leaves the run as it was."""
    with session() as one:
        live = one.live
        for state in (
            State(output=messages.Output("tanh", "log_loss")),
            State(training=Training(optimizer="nadam")),
            State(data=Data(name="rings")),
            State(frozen=[(9, 9)]),
            State(mistake="none such"),
            State(mistake="sign in the whole gradient", training=Training(l1=0.1)),
            State(mistake="sign in the whole gradient", input_dropout=0.1),
        ):
            with pytest.raises(ChainruleError):
                one.answer(Set(state=state))
            assert one.live is live


def test_import_chainrule_does_not_load_the_server():
    """Starlette and uvicorn load with ``chainrule play`` alone."""
    code = "import sys, chainrule.cli; print({'starlette', 'uvicorn', 'websockets'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_playing_goes_on_until_it_is_paused():
    """Play moves, pause holds."""
    with session() as one:
        one.answer(Go(what="play"))
        assert one.live.wait(50, WAIT)
        one.answer(Go(what="pause"))
        time.sleep(0.3)
        held = one.live.moment.done
        time.sleep(0.2)
        assert one.live.moment.done == held
        assert one.answer(Lab(name="xor"))["state"]["data"]["name"] == "xor"
