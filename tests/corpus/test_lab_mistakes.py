"""The slips in the solved assignments: each is typed where it says, runs, and computes something else."""

from __future__ import annotations

import ast
import copy
import sys
import warnings
from collections import Counter
from functools import cache
from itertools import pairwise
from types import CodeType, ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from corpus.kinds import KINDS
from corpus.lab_mistakes import PAIRS, SLIPS, Slip, solution

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FILES = ("moons.py", "minimize.py", "neuron.py", "network.py", "softmax.py", "xor.py")
ALL = SLIPS + PAIRS
DRIVERS: dict[tuple[str, str], Callable[[ModuleType], Any]] = {}


@cache
def compiled(source: str) -> CodeType:
    """A source's code, which is run for each driver."""
    return compile(source, "<student>", "exec")


def execute(source: str) -> ModuleType:
    """Run a source as the module "student"; dataclasses look their module up by its name."""
    module = ModuleType("student")
    before = sys.modules.get("student")
    sys.modules["student"] = module
    try:
        exec(compiled(source), module.__dict__)  # noqa: S102 (our own texts)
    finally:
        del sys.modules["student"]
        if before is not None:
            sys.modules["student"] = before
    return module


def drives(lab_file: str, *functions: str) -> Callable[[Callable[[ModuleType], Any]], Callable[[ModuleType], Any]]:
    """Register what tells one version of these functions from another."""

    def register(driver: Callable[[ModuleType], Any]) -> Callable[[ModuleType], Any]:
        DRIVERS.update({(lab_file, function): driver for function in functions})
        return driver

    return register


def outcome(function: Callable[..., Any], *arguments: Any) -> list[Any]:
    """Give what is returned, or the name of the error, and the arguments as they are afterwards."""
    handed = copy.deepcopy(arguments)
    try:
        given = function(*handed)
    except Exception as error:  # a student's code may raise anything
        given = type(error).__name__
    return copy.deepcopy([given, handed])


def same(one: Any, other: Any) -> bool:
    """Whether two outcomes are alike: structure, shapes, and numbers up to 1e-7 relative, nan for nan."""
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(same(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, np.random.RandomState) or callable(one):
        return True
    if one is None or other is None or isinstance(one, str) or isinstance(other, str):
        return one is other or (isinstance(one, str) and isinstance(other, str) and one == other)
    a, b = np.asarray(one), np.asarray(other)
    if a.shape != b.shape or object in {a.dtype, b.dtype}:
        return False
    return bool(np.allclose(a.astype(float), b.astype(float), rtol=1e-7, atol=1e-10, equal_nan=True))


def random(seed: int = 0) -> np.random.RandomState:
    """A fresh stream."""
    return np.random.RandomState(seed)


PLACES = np.array([-800.0, -3.0, -0.4, 0.2, 1.7, 800.0])


@drives("moons.py", "gradients")
def moons_gradients(module: ModuleType) -> Any:
    """Two calls, the second with other points."""
    calls = []
    for n in (9, 6):
        stream = random(n)
        X, Z, A = stream.randn(n, 2), stream.randn(n, 50), stream.rand(n, 50)
        Y, DY, DZ = stream.randn(n), np.array([-1.0, 0.0, 1.0] * (n // 3)), stream.randn(n, 50)
        calls.append(outcome(module.gradients, X, Z, A, Y, DY, DZ))
    return calls


def moons_points(module: ModuleType) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Nine points and targets; the module gets parameters."""
    stream = random(3)
    module.W, module.B, module.V = stream.randn(2, 50), stream.randn(50), 0.1 * stream.randn(50)
    return stream.randn(9), stream.randn(9), stream.choice([-1.0, 1.0], 9)


@drives("moons.py", "backprop")
def moons_backprop(module: ModuleType) -> Any:
    """The gradients at two sets of points."""
    X1, X2, T = moons_points(module)
    return [outcome(module.backprop, X1, X2, T), outcome(module.backprop, 3 * X2, X1, -T)]


@drives("moons.py", "forward")
def moons_forward(module: ModuleType) -> Any:
    """Outputs."""
    return outcome(module.forward, *moons_points(module)[:2])


@drives("moons.py", "error", "accuracy")
def moons_error(module: ModuleType) -> Any:
    """Error and accuracy, of a network that answers 0, too."""
    points = moons_points(module)
    calls = [outcome(module.error, *points), outcome(module.accuracy, *points)]
    module.V = np.zeros(50)
    return [*calls, outcome(module.error, *points), outcome(module.accuracy, *points)]


@drives("moons.py", "descent")
def moons_descent(module: ModuleType) -> Any:
    """A step with gradients given."""
    X1, X2, T = moons_points(module)
    step = random(5).randn(2, 50), random(6).randn(50), random(7).randn(50)
    return outcome(module.descent, X1, X2, T, module.W, module.B, module.V, lambda *_: step, 0.25)


@drives("moons.py", "dead_units")
def moons_dead(module: ModuleType) -> Any:
    """Three dead units and some that are dead on some points."""
    X1, X2, _ = moons_points(module)
    module.B[:3] = -1e3
    return outcome(module.dead_units, X1, X2)


@drives("moons.py", "set_parameters")
def moons_set(module: ModuleType) -> Any:
    """The module's parameters afterwards."""
    outcome(module.set_parameters, np.ones((2, 50)), 2 * np.ones(50), 3 * np.ones(50))
    return [module.W, module.B, module.V]


@drives("moons.py", "initialise", "moons")
def moons_start(module: ModuleType) -> Any:
    """What is drawn."""
    return [outcome(module.moons, 20, random()), outcome(module.initialise, random())]


SIZES = ((2, 3, 1), (2, 2, 2, 2), (2, 3, 3, 1), (2, 4, 3), (2, 2, 1), (2, 3, 2, 3))


def minimize_case(sizes: tuple[int, ...], n: int = 7) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """W, X and t of these sizes; every class is there."""
    stream = random(len(sizes))
    n_weights = sum((n_in + 1) * n_out for n_in, n_out in pairwise(sizes))
    t = np.arange(n) % max(2, sizes[-1])
    return 0.8 * stream.randn(n_weights), stream.randn(n, 2), stream.permutation(t)


@drives("minimize.py", "gradient", "summed_gradient")
def minimize_gradients(module: ModuleType) -> Any:
    """Gradients by sizes and activations, twice."""
    calls = []
    for sizes in SIZES * 2:
        for activation in ("sigmoid", "relu"):
            given = *minimize_case(sizes), sizes, activation
            calls += [outcome(function, *given) for function in (module.gradient, module.summed_gradient)]
    return calls


@drives("minimize.py", "gradient_by_hand")
def minimize_by_hand(module: ModuleType) -> Any:
    """Gradients of one hidden layer."""
    return [outcome(module.gradient_by_hand, *minimize_case(sizes), sizes) for sizes in SIZES if len(sizes) == 3]


@drives("minimize.py", "sample_gradient")
def minimize_sample(module: ModuleType) -> Any:
    """Gradients of one sample."""
    calls = []
    for sizes in SIZES:
        W, X, t = minimize_case(sizes)
        row = np.eye(sizes[-1])[t[0]] if sizes[-1] > 1 else np.array([float(t[0])])
        calls += [outcome(module.sample_gradient, W, X[0], row, sizes, name) for name in ("sigmoid", "relu")]
    return calls


@drives("minimize.py", "penalty", "penalty_gradient", "loss", "fun")
def minimize_losses(module: ModuleType) -> Any:
    """Penalty, loss and both together."""
    calls = []
    for sizes in SIZES:
        W, X, t = minimize_case(sizes)
        calls += [outcome(module.penalty, W, sizes, 0.3), outcome(module.penalty_gradient, W, sizes, 0.3)]
        for name in ("sigmoid", "relu"):
            calls += [outcome(function, W, X, t, sizes, 0.3, name) for function in (module.loss, module.fun)]
    return calls


@drives("minimize.py", "forward", "predict", "classes")
def minimize_forward(module: ModuleType) -> Any:
    """Activations, probabilities and classes."""
    calls = []
    for sizes in SIZES:
        W, X, _ = minimize_case(sizes)
        calls += [outcome(call, W, X, sizes, "relu") for call in (module.forward, module.predict, module.classes)]
    return calls


@drives(
    "minimize.py",
    "sigmoid",
    "sigmoid_gradient",
    "check_sigmoid_gradient",
    "relu",
    "relu_gradient",
    "softmax",
    "outputs",
)
def minimize_activations(module: ModuleType) -> Any:
    """Entry by entry and row by row, at large places, too; and what the check says of a wrong derivative."""
    columns, rows = PLACES[:, np.newaxis], random().randn(6, 3)
    entrywise = (module.sigmoid, module.sigmoid_gradient, module.relu, module.relu_gradient)
    calls = [outcome(function, PLACES) for function in entrywise]
    calls += [outcome(module.softmax, scale * rows) for scale in (1.0, 1e4)]
    calls += [outcome(module.outputs, a) for a in (columns, rows, rows[:1])]
    true = module.sigmoid_gradient
    calls.append([outcome(module.check_sigmoid_gradient)[0] < 1e-8])
    for factor in (0.5, 2.0):
        module.sigmoid_gradient = lambda a, factor=factor: factor * true(a)
        calls.append(outcome(module.check_sigmoid_gradient, None, 1e-3))
    module.sigmoid_gradient = true
    return calls


@drives("minimize.py", "targets", "stack", "initial_weights", "unpack")
def minimize_data(module: ModuleType) -> Any:
    """Targets, stacked classes, and weights drawn and unpacked, at the second writing through the views."""

    def write(W: np.ndarray, sizes: tuple[int, ...]) -> None:
        for weights, _ in module.unpack(W, sizes):
            weights[:] = 0.0

    W, _, t = minimize_case((2, 4, 3))
    return [
        outcome(module.targets, t % 2, 1),
        outcome(module.targets, t, 3),
        outcome(module.stack, np.ones((2, 2)), np.zeros((3, 2))),
        outcome(module.initial_weights, (2, 4, 3), random()),
        outcome(module.unpack, W, (2, 4, 3)),
        outcome(write, W, (2, 4, 3)),
    ]


@drives("minimize.py", "cross_entropy")
def minimize_cross_entropy(module: ModuleType) -> Any:
    """Near 0 and far from it."""
    a = random().randn(6, 3)
    return [
        outcome(module.cross_entropy, scale * a[:, :k], T)
        for scale in (1.0, 1e4)
        for k, T in ((1, np.array([[0.0], [1.0]] * 3)), (3, np.eye(3)[[0, 1, 2, 2, 0, 0]]))
    ]


def neuron_case(seed: int = 0) -> tuple[np.ndarray, float, np.ndarray, np.ndarray]:
    """w, b, X and t."""
    stream = random(seed)
    return stream.randn(2), 0.7, stream.randn(5, 2), np.array([0.0, 1.0, 1.0, 0.0, 1.0])


@drives("neuron.py", "gradient", "preactivation", "predict")
def neuron_gradient(module: ModuleType) -> Any:
    """Two calls, and the way forward."""
    calls = [outcome(module.gradient, *neuron_case(seed)) for seed in (0, 1)]
    return [*calls, *(outcome(call, *neuron_case()[:3]) for call in (module.preactivation, module.predict))]


@drives("neuron.py", "sigmoid", "sigmoid_derivative")
@drives("network.py", "sigmoid", "sigmoid_derivative")
def neuron_activations(module: ModuleType) -> Any:
    """Near 0 and far from it."""
    return [outcome(module.sigmoid, PLACES), outcome(module.sigmoid_derivative, PLACES)]


@drives("neuron.py", "loss")
@drives("network.py", "loss")
def neuron_loss(module: ModuleType) -> Any:
    """J of three samples."""
    return outcome(module.loss, np.array([0.2, 0.9, 0.4]), np.array([0.0, 1.0, 1.0]))


@drives("neuron.py", "update")
def neuron_update(module: ModuleType) -> Any:
    """One step."""
    return outcome(module.update, np.array([1.0, 2.0]), 0.5, np.array([0.3, -0.4]), 0.2, 0.25)


def network_case(seed: int = 0) -> tuple[Any, ...]:
    """w, b, W̃, b̃, X and t."""
    stream = random(seed)
    parameters = stream.randn(2), 0.7, stream.randn(2, 2), stream.randn(2)
    return *parameters, stream.randn(5, 2), np.array([0.0, 1.0, 1.0, 0.0, 1.0])


@drives("network.py", "gradient", "nine_derivatives", "forward", "predict")
def network_gradient(module: ModuleType) -> Any:
    """The derivatives both ways, and the way forward."""
    calls = [outcome(call, *network_case(s)) for s in (0, 1) for call in (module.gradient, module.nine_derivatives)]
    return [*calls, *(outcome(call, *network_case()[:5]) for call in (module.forward, module.predict))]


@drives("network.py", "update", "by_name")
def network_update(module: ModuleType) -> Any:
    """One step, and the names."""
    parameters = network_case()[:4]
    return [outcome(module.update, *parameters, network_case(1)[:4], 0.25), outcome(module.by_name, parameters)]


def softmax_case(n: int = 7) -> tuple[dict[str, np.ndarray], np.ndarray, np.ndarray]:
    """A model with five hidden neurons a layer, X and y."""
    stream = random(n)
    model = {"W1": stream.randn(3, 5), "W2": stream.randn(6, 5), "W3": stream.randn(6, 2)}
    return model, stream.randn(n, 2), np.arange(n) % 2


@drives("softmax.py", "backward")
def softmax_backward(module: ModuleType) -> Any:
    """The way back from activations that are given, twice."""
    calls = []
    for n in (7, 5):
        model, X, _ = softmax_case(n)
        stream = random(n)
        h1s, h2s = (np.hstack([stream.rand(n, 5), np.ones((n, 1))]) for _ in range(2))
        calls.append(outcome(module.backward, model, X, h1s, h2s, stream.randn(n, 2)))
    return calls


@drives("softmax.py", "get_gradient", "gradient_step", "gradient_ascent", "log_likelihood")
def softmax_training(module: ModuleType) -> Any:
    """The gradient, a step and three; and the likelihood of large outputs."""
    model, X, y = softmax_case()
    large = {**model, "W3": 1e4 * model["W3"]}
    return [
        outcome(module.get_gradient, model, X, y),
        outcome(module.gradient_step, model, X, y, 0.25),
        outcome(lambda *given: module.gradient_ascent(*given, echo=lambda _: None), model, X, y, 3, 0.25),
        outcome(module.log_likelihood, model, X, y),
        outcome(module.log_likelihood, large, X, y),
    ]


@drives("softmax.py", "softmax", "sigmoid", "with_one")
def softmax_activations(module: ModuleType) -> Any:
    """Near 0 and far from it."""
    rows = random().randn(6, 2)
    calls = [outcome(module.softmax, scale * rows) for scale in (1.0, 1e4)]
    return [*calls, outcome(module.sigmoid, PLACES), outcome(module.with_one, rows), outcome(module.with_one, PLACES)]


@drives("softmax.py", "forward", "predict", "accuracy")
def softmax_forward(module: ModuleType) -> Any:
    """Of rows, of one sample, and what it comes to."""
    model, X, y = softmax_case()
    calls = [outcome(module.forward, X, model), outcome(module.forward, X[0], model)]
    return [*calls, outcome(module.predict, model, X), outcome(module.accuracy, model, X, y)]


@drives("softmax.py", "split", "init_weights")
def softmax_data(module: ModuleType) -> Any:
    """The parts and the weights."""
    _, X, y = softmax_case()
    return [outcome(module.split, X, y), outcome(module.init_weights, 4, random())]


KEPT = ("W1", "W2", "W3", "inputs", "Z1", "Z2", "Z2W3", "pred_y", "lr", "eps")


def xor_case(n: int = 7) -> tuple[np.ndarray, np.ndarray]:
    """Points and labels."""
    return random(n).rand(n, 2), (np.arange(n) % 3 == 0).astype(int)[:, np.newaxis]


def xor_net(module: ModuleType, sizes: tuple[int, int], scale: float = 1.0) -> Any:
    """A network whose weights do not depend on how it draws them."""
    net = module.Network(sizes, random_state=random())
    stream = random(8)
    net.W1, net.W2, net.W3 = stream.randn(2, sizes[0]), stream.randn(*sizes), scale * stream.randn(sizes[1], 1)
    net.lr, net.eps = 0.25, 0.01
    return net


def xor_pass(net: Any, n: int, function: str) -> list[Any]:
    """One pass forward, one call after it, and what the network holds then."""
    X, t = xor_case(n)
    handed = X.copy(), t.copy()
    try:
        pred_y = net.forward(handed[0])
        given = getattr(net, function)(handed[1], pred_y) if function else pred_y
    except Exception as error:  # a student's code may raise anything
        given = type(error).__name__
    return copy.deepcopy([given, handed, [getattr(net, name, None) for name in KEPT]])


@drives("xor.py", "Network.forward", "Network.loss", "Network.gradient", "Network.backward")
def xor_passes(module: ModuleType) -> Any:
    """Two passes of networks of two shapes, and of outputs far from 0."""
    calls = []
    for sizes, scale in (((3, 4), 1.0), ((4, 4), 1.0), ((4, 4), 1e4), ((4, 4), -1e4)):
        for function in ("", "loss", "gradient", "backward"):
            net = xor_net(module, sizes, scale)
            calls += [xor_pass(net, 7, function), xor_pass(net, 6, function)]
    return calls


@drives("xor.py", "Network.update", "Network.weights", "Network.__init__")
def xor_update(module: ModuleType) -> Any:
    """Two steps, the weights before and after."""

    def twice(weights: Any, step: Any) -> Any:
        net = module.Network((4, 4), random_state=random())
        net.lr, (net.W1, net.W2, net.W3) = 0.25, weights
        net.update(step)
        net.update(step)
        return net.weights

    def swap(weights: Any) -> Any:
        net = module.Network((4, 4), random_state=random())
        net.weights = weights
        return [net.W1, net.W2, net.W3]

    stream = random(9)
    weights, step = ((stream.randn(2, 4), stream.randn(4, 4), stream.randn(4, 1)) for _ in range(2))
    fresh = module.Network((4, 3), 0.2, 0.05, random_state=random())
    return [outcome(twice, weights, step), outcome(swap, weights), [getattr(fresh, name, None) for name in KEPT]]


@drives("xor.py", "sigmoid", "derivative_sigmoid", "accuracy", "batches", "_reached", "train_epoch")
def xor_small(module: ModuleType) -> Any:
    """The functions around the network."""

    def epoch() -> Any:
        net, (X, t) = xor_net(module, (3, 4)), xor_case()
        module.train_epoch(net, X, t, net.forward(X), 3, random())
        return net.weights

    pred_y, t = np.array([[0.2], [0.9], [1.0], [0.6]]), np.array([[0], [1], [1], [0]])
    return [
        outcome(module.sigmoid, PLACES),
        outcome(module.derivative_sigmoid, pred_y),
        outcome(module.accuracy, t, pred_y),
        outcome(lambda: list(module.batches(7, 3, random()))),
        *(outcome(module._reached, *given) for given in ((0.1, 0.5, 0.2, None), (0.3, 0.9, 0.2, 0.8))),
        outcome(epoch),
    ]


@drives("xor.py", "generate_linear", "generate_XOR_easy")
def xor_data(module: ModuleType) -> Any:
    """Points and labels."""
    return [outcome(module.generate_linear, 9, random()), outcome(module.generate_XOR_easy)]


@cache
def right(lab_file: str, function: str) -> Any:
    """What the solution gives."""
    return DRIVERS[lab_file, function](execute(solution(lab_file)))


@cache
def defined(lab_file: str) -> tuple[tuple[int, int, str], ...]:
    """First line, last line and name of each function, methods with their class."""
    found = []
    for node in ast.parse(solution(lab_file)).body:
        inner = node.body if isinstance(node, ast.ClassDef) else []
        for function, prefix in ((node, ""), *((child, f"{getattr(node, 'name', '')}.") for child in inner)):
            if isinstance(function, ast.FunctionDef):
                found.append((function.lineno, function.end_lineno or 0, prefix + function.name))
    return tuple(found)


@pytest.fixture(autouse=True)
def students_may_overflow() -> Iterator[None]:
    """A student's code may warn; what it gives is what counts."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


@pytest.mark.parametrize("lab_file", FILES)
def test_each_edit_has_its_one_place_in_the_function_it_names(lab_file: str) -> None:
    """An old text occurs exactly once, within the function; of a pair, one edit at least in each of the two."""
    text = solution(lab_file)
    for slip in (slip for slip in ALL if slip.lab_file == lab_file):
        seen = set()
        for old, new in slip.edits:
            assert text.count(old) == 1, (slip.name, old)
            assert old != new, slip.name
            start = text.index(old)
            line = text.count("\n", 0, start + len(old) - len(old.lstrip())) + 1
            seen |= {name for first, last, name in defined(lab_file) if first <= line <= last}
        assert seen == set(slip.functions), slip.name


@pytest.mark.parametrize("lab_file", FILES)
def test_each_runs_and_computes_something_else(lab_file: str) -> None:
    """The module can be executed, and each function named gives other numbers, other arguments or an error."""
    alike = []
    for slip in (slip for slip in ALL if slip.lab_file == lab_file):
        module = execute(slip.source())
        given = {function: DRIVERS[lab_file, function](module) for function in slip.functions}
        alike += [(slip.name, name) for name, found in given.items() if same(found, right(lab_file, name))]
    assert alike == []


@pytest.mark.parametrize("lab_file", FILES)
def test_solutions_are_alike_to_themselves(lab_file: str) -> None:
    """The drivers find no difference where there is none."""
    for (file, function), driver in DRIVERS.items():
        if file == lab_file:
            assert same(driver(execute(solution(lab_file))), right(file, function)), function


@pytest.mark.parametrize("lab_file", FILES)
def test_neither_edit_of_a_pair_is_idle(lab_file: str) -> None:
    """Without any one of its edits a pair computes something else, or does not run."""
    assert [(pair.name, idle) for pair in PAIRS if pair.lab_file == lab_file for idle in idle_edits(pair)] == []


def idle_edits(pair: Slip) -> Iterator[Any]:
    """Yield the edits of a pair without which it computes the same."""
    with_all = [DRIVERS[pair.lab_file, function](execute(pair.source())) for function in pair.functions]
    for left_out in pair.edits:
        edits = tuple(edit for edit in pair.edits if edit != left_out)
        module = execute(Slip(pair.lab_file, pair.function, pair.kind, edits, "").source())
        if same([DRIVERS[pair.lab_file, function](module) for function in pair.functions], with_all):
            yield left_out


def test_there_are_enough_and_each_says_what_it_is() -> None:
    """Names are unique, kinds are known, sentences end; at least 15 slips and 8 pairs a file."""
    assert [name for name, count in Counter(slip.name for slip in ALL).items() if count > 1] == []
    assert {slip.kind for slip in SLIPS if not slip.kind.startswith("other-")} <= set(KINDS)
    assert {slip.kind for slip in PAIRS} == {"two"}
    assert all(len(pair.functions) == len(set(pair.functions)) == 2 for pair in PAIRS)
    assert all(slip.sentence.endswith(".") for slip in ALL)
    assert min(Counter(slip.lab_file for slip in SLIPS)[lab_file] for lab_file in FILES) >= 15
    assert min(Counter(slip.lab_file for slip in PAIRS)[lab_file] for lab_file in FILES) >= 8


@pytest.mark.parametrize("lab_file", FILES)
def test_no_two_slips_are_the_same_text(lab_file: str) -> None:
    """Each slip has a source of its own."""
    sources = Counter(slip.source() for slip in SLIPS if slip.lab_file == lab_file)
    doubled = [slip.name for slip in SLIPS if slip.lab_file == lab_file and sources[slip.source()] > 1]
    assert doubled == []
