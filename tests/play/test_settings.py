"""Settings: everything the engine takes is on the form once, reaches the engine, the exported Python and the link."""

import inspect

import msgspec
import numpy as np
import pytest
from tests.play.test_session import WAIT, _theta_of, run_to, session

import chainrule as cr
from chainrule.errors import InvalidValue
from chainrule.network.layers import Dense
from chainrule.play import messages
from chainrule.play.built_problem import lab_state, make_problem
from chainrule.play.engine_settings import RULES, SCHEDULES, settings_of
from chainrule.play.form import rows
from chainrule.play.live_run import FOREVER, MOST_MOMENTS, LiveRun
from chainrule.play.messages import STATES, Data, Layer, Output, Set, State, Training
from chainrule.training.optimizers import OPTIMIZERS
from chainrule.training.train import epochs

NO_SETTINGS = {"checkpoint", "net", "X", "T", "theta", "optimizer", "sample_weight", "callback", "validation", "engine"}
CALLED_OTHERWISE = {"random_state": "seed", "stop": "loss_below"}


def other(setting):
    """Another value than the default."""
    if setting.kind == "choice":
        return next(one for one in setting.choices if one != setting.default)
    return {"switch": True, "count": 3}.get(setting.kind) or (setting.default / 2 or 0.2)


OF_OPTIMIZERS = [(name, one) for name, function in OPTIMIZERS.items() for one in settings_of(function).values()]
OF_SCHEDULES = [(name, one) for name, function in SCHEDULES.items() for one in settings_of(function).values()]


def run_to_the_end(live):
    live.go(FOREVER)
    live._thread.join(WAIT)
    assert live.message


def named(value):
    return value if isinstance(value, str) else value.name


@pytest.mark.parametrize(("name", "setting"), OF_OPTIMIZERS, ids=named)
def test_every_setting_of_every_optimizer_changes_the_run_and_leaves_with_it(name, setting):
    """Another value gives another run, and the script gives that run to the bit."""
    plain = {"momentum": 0.5} if setting.name == "nesterov" else {}
    thetas = []
    for settings in (plain, {**plain, setting.name: other(setting)}):
        training = Training(optimizer=name, learning_rate=0.05, optimizer_settings=settings)
        with session(State(training=training)) as one:
            run_to(one, 4)
            script = one.export("run.py")[1].decode()
            assert np.array_equal(_theta_of(script), one.live.moment.theta)
            thetas.append(one.live.moment.theta)
    assert not np.array_equal(*thetas)


@pytest.mark.parametrize(("name", "setting"), OF_SCHEDULES, ids=named)
def test_every_setting_of_every_schedule_is_the_engines(name, setting):
    """It is in the schedule that trains, and in the script, which gives the same bits."""
    value = other(setting)
    training = Training(schedule=name, schedule_settings={setting.name: value}, max_epochs=50)
    with session(State(training=training)) as one:
        schedule = one.live.problem.arguments["optimizer"].schedule
        assert vars(schedule)[setting.name] == value
        run_to(one, 9)
        script = one.export("run.py")[1].decode()
        assert f"{setting.name}={value!r}" in script
        assert np.array_equal(_theta_of(script), one.live.moment.theta)


STOPS = {
    "loss_below": {"loss_below": {"threshold": 0.5}},
    "accuracy_reached": {"accuracy_reached": {"target": 0.8}},
    "no_improvement": {"no_improvement": {"patience": 3, "tolerance": 0.01}},
    "early": {"no_improvement": {"patience": 2, "tolerance": 0.5, "of": "validation_loss"}},
}


@pytest.mark.parametrize("name", STOPS)
@pytest.mark.parametrize("optimizer", ["sgd", "L-BFGS-B"])
def test_every_rule_ends_the_run_and_the_script_ends_there_too(name, optimizer):
    """Loss, accuracy, patience, and early stopping, which returns the best parameters."""
    training = Training(optimizer=optimizer, stop=STOPS[name], max_epochs=3000)
    with session(State(data=Data(test_share=0.3), training=training)) as one:
        run_to_the_end(one.live)
        assert one.live.message.startswith("The ")
        assert one.live.moment.done < 3000
        assert np.array_equal(_theta_of(one.export("run.py")[1].decode()), one.live.moment.theta)


@pytest.mark.parametrize(
    "training",
    [Training(average_from=5, max_epochs=20), Training(precision="float32"), Training(batch_size=16, average_from=2)],
    ids=["average", "float32", "average of batches"],
)
def test_averages_and_float32_leave_as_they_are(training):
    """The mean of the parameters, and numbers of half the bits, are in the script as in the run."""
    with session(State(training=msgspec.structs.replace(training, max_epochs=20))) as one:
        run_to_the_end(one.live)
        theta = _theta_of(one.export("run.py")[1].decode())
        assert theta.dtype == one.live.moment.theta.dtype == training.precision
        assert np.array_equal(theta, one.live.moment.theta)
        assert one.frame()


def test_losses_and_starts_with_a_number_of_their_own():
    """``huber(2.0)``, ``normal(0.3)``, and a start for biases reach the network and the script."""
    layer = Layer(3, "tanh", weight_init="normal(0.3)", bias_init="uniform(0.2)")
    state = State(Data(name="noisy_sine"), [layer], Output("identity", "huber(2.0)", bias_init="normal(1.0)"))
    with session() as one:
        one.answer(Set(state=state))
        net = one.live.problem.net
        assert (net.loss.name, net.layers[0].bias_init.name) == ("huber(2.0)", "uniform(0.2)")
        assert net.views(one.live.moment.theta)[0][1].any()
        run_to(one, 5)
        assert np.array_equal(_theta_of(one.export("run.py")[1].decode()), one.live.moment.theta)


def test_what_does_not_apply_is_refused_and_not_ignored():
    """A setting of another optimizer, schedule, rule or data set, and a validation loss of nothing held out."""
    for state, told in (
        (State(training=Training(optimizer_settings={"beta1": 0.8})), "sgd has no setting 'beta1'. It has: momentum"),
        (State(training=Training("BFGS", {"momentum": 0.8})), "BFGS has no setting"),
        (State(training=Training(schedule_settings={"every": 9})), "constant has no setting 'every'"),
        (State(training=Training(stop={"loss_below": {"patience": 9}})), "loss_below has no setting"),
        (State(training=Training(stop={"never": {}})), "Unknown rule for stopping"),
        (State(Data(settings={"turns": 2.0})), "moons has no setting 'turns'"),
        (State(Data(name="blobs", settings={"n_features": 10**6})), "n_features must be 1 to 50"),
        (State(training=Training(stop=STOPS["early"])), "hold a share of the data out"),
        (State(training=Training(optimizer_settings={"nesterov": True})), "nesterov=True with momentum=0"),
        (
            State(Data(test_share=0.3), training=Training(stop=STOPS["early"], average_from=3)),
            "Cannot use average_from",
        ),
    ):
        with pytest.raises(InvalidValue, match=told):
            make_problem(state, suit=True)


def test_everything_that_the_engine_takes_is_on_the_form():
    """Arguments of ``epochs`` and ``Dense``, of every optimizer, schedule and rule; each place in the state once."""
    form = rows(State())
    names = {row["path"][-1] for row in form}
    takes = {CALLED_OTHERWISE.get(name, name) for name in inspect.signature(epochs).parameters}
    takes |= set(inspect.signature(Dense).parameters) - {"n_outputs"} | {"optimizer", "schedule", *RULES}
    takes |= {
        one.name
        for registry in (OPTIMIZERS, SCHEDULES, RULES)
        for f in registry.values()
        for one in settings_of(f).values()
    }
    assert takes - names - NO_SETTINGS == set()
    paths = [tuple(row["path"]) for row in form if "template" not in row]
    assert len(paths) == len(set(paths))


@pytest.mark.parametrize("optimizer", ["sgd", "adam", "L-BFGS-B"])
def test_what_cannot_be_set_says_why(optimizer):
    """Rows that apply have no reason, the others have one; a method of SciPy has neither rate nor batches."""
    form = rows(State(training=Training(optimizer=optimizer)))
    why = {row["path"][-1]: row["why"] for row in form if row["path"][0] == "training"}
    settings = settings_of(OPTIMIZERS[optimizer]) if optimizer in OPTIMIZERS else {}
    assert (why["momentum"] == "", why["beta1"] == "") == ("momentum" in settings, "beta1" in settings)
    for name in ("learning_rate", "batch_size", "average_from", "schedule", "precision"):
        assert why[name] == ("" if settings else f"{optimizer} has none")
    assert why["max_epochs"] == why["loss_below"] == why["l2"] == ""


def test_a_form_changed_row_by_row_is_always_a_state():
    """What a row's options, numbers and rules set is understood again, as from a link."""
    state = msgspec.to_builtins(State(output=Output("identity", "huber(2.0)"), data=Data(name="noisy_sine")))
    open_rows = [row for row in rows(STATES.decode(msgspec.json.encode(state))) if not row["why"]]
    assert len(open_rows) > 20
    for row in open_rows:
        for value in row["options"].values() or [row["value"]]:
            draft = msgspec.json.decode(msgspec.json.encode(state))
            owner = draft
            for key in row["path"][:-1]:
                owner = owner[key]
            template = row.get("template")
            owner[row["path"][-1]] = row.get("on") or (template.replace("#", str(value)) if template else value)
            assert isinstance(STATES.decode(msgspec.json.encode(draft)), messages.State)


def test_a_labs_own_rule_and_starts_are_in_its_state():
    """The XOR lab stops below 0.01, and the moons' biases start as the text says."""
    assert lab_state("xor").training.stop == {"loss_below": {"threshold": 0.01}}
    assert lab_state("moons").layers[0].bias_init == "normal(1.0)"


def test_a_long_run_forgets_its_losses_but_for_the_lowest():
    """The history stays short, the curve too; its first and latest points and the lowest loss of all are exact."""

    class Seen(LiveRun):
        def training(self):
            self.kept = super().training()
            return self.kept

    problem = make_problem(State(training=Training(learning_rate=20.0, max_epochs=6000)), suit=True)
    live = Seen(problem)
    for done in range(4, 6000, 4):  # many moments
        live.go(done)
        live.wait(done, 30)
    run_to_the_end(live)
    right = cr.train(
        problem.net, problem.X, problem.T, problem.theta, engine=live.engine, progress=False, **problem.arguments
    )
    losses = [*right.history["loss"], right.loss]
    assert live.lowest == (int(np.argmin(losses)), min(losses))
    assert live.curve[0][:2] == (0, pytest.approx(losses[0]))
    assert live.curve[-1][:2] == (6000, losses[-1])
    assert len(live.curve) <= MOST_MOMENTS + 1
    assert len(live.kept.history["loss"]) < 2500  # one block of the engine's
