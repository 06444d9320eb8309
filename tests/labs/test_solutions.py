"""The solutions: the texts' own code in plain NumPy, held against the engine to 1e-12."""

import ast
import runpy
import warnings
from functools import partial

import matplotlib.figure
import numpy as np
import pytest
from corpus.lab_mistakes import SOLUTIONS
from sklearn.datasets import make_moons
from sklearn.model_selection import train_test_split
from threadpoolctl import threadpool_limits

import chainrule as cr
from chainrule import Dense, Network
from chainrule.labs.minimize import solution as minimize
from chainrule.labs.moons import solution as moons
from chainrule.labs.neuron.solution import network, neuron, train_network, train_neuron
from chainrule.labs.softmax import solution as softmax
from chainrule.labs.xor import solution as xor

TITLES = "0.127 0.052 0.010 0.001 0.000 0.000 0.000 0.000"
EXTREMES = np.array([-1e4, -800.0, -40.0, 0.0, 40.0, 800.0, 1e4])

close = partial(np.testing.assert_allclose, rtol=1e-12, atol=1e-12)


def quiet(_):
    """Say nothing."""


def flat(*blocks):
    """Put arrays and numbers one behind the other, as a theta has them."""
    return np.concatenate([np.ravel(block) for block in blocks])


def descend(net, theta, X, T, *, learning_rate, epochs):
    """Let the engine take that many steps of full-batch gradient descent."""
    return cr.train(net, X, T, theta=theta, optimizer="sgd", learning_rate=learning_rate, max_epochs=epochs).theta


def labels_of(X):
    """Two classes that a line does not part, 0 and 1."""
    return (X[:, 0] * X[:, 1] > 0).astype(int)


@pytest.fixture
def X():
    """Points around the origin."""
    return np.random.RandomState(1).normal(size=(23, 2))


@pytest.fixture
def own_moons():
    """Give S0's module the text's own start, which other tests may have trained away."""
    moons.Xd, moons.Td, parameters = moons.start(np.random.RandomState(0))
    moons.X1d, moons.X2d = moons.Xd.T
    moons.set_parameters(*parameters)
    return moons


# What all five have in common.


def sources():
    """List the modules of the solutions."""
    return sorted(SOLUTIONS.values())


@pytest.mark.parametrize("path", sources(), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_solution_can_be_handed_in_as_it_is(path):
    """No solution imports chainrule or scikit-learn, and beside NumPy only drawing and SciPy's minimize, inside."""
    allowed_above = {"__future__", "collections", "dataclasses", "itertools", "numpy", "typing"}
    assert "import numpy as np" in path.read_text(encoding="utf-8") or path.stem == "__init__"
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module] if isinstance(node, ast.ImportFrom) and node.level == 0 else []
        for name in names:
            inside = {"matplotlib"} | ({"scipy"} if path.parent.name == "minimize" else set())
            assert name.split(".")[0] in allowed_above | inside
            assert name.split(".")[0] not in inside or node.col_offset > 0


def test_nobody_touches_the_global_stream(own_moons):
    """Training all five leaves NumPy's global random state as it was."""
    before = np.random.get_state()
    own_moons.main(echo=quiet)
    minimize.train(*minimize.stand_ins(10, 2, np.random.RandomState(0)), (2, 3, 1))
    train_neuron.main(n_epochs=2, n=50, echo=quiet)
    train_network.main(n_epochs=2, n=50, echo=quiet)
    softmax.init_weights()
    softmax.main(no_iter=0, echo=quiet)
    xor.generate_linear()
    xor.train(xor.Network(), *xor.generate_XOR_easy(), max_epochs=2, batch_size=5)
    after = np.random.get_state()
    assert all(np.array_equal(old, new) for old, new in zip(before, after, strict=True))


@pytest.mark.parametrize("module", [minimize, neuron, network, softmax, xor], ids=lambda module: module.__name__)
def test_sigmoid_is_the_engines_and_cannot_overflow(module):
    """Each σ is the engine's, and at |z| = 1e4 it is 0 and 1 without a warning."""
    with warnings.catch_warnings(), np.errstate(over="raise", invalid="raise", divide="raise"):
        warnings.simplefilter("error")
        Y = module.sigmoid(EXTREMES)
    close(Y, cr.Network([Dense(1, "sigmoid", bias=False)], 1).predict(np.ones(1), EXTREMES[:, np.newaxis])[:, 0])
    assert (Y[0], Y[-1]) == (0.0, 1.0)


@pytest.mark.parametrize(
    "derivative",
    [
        minimize.sigmoid_gradient,
        neuron.sigmoid_derivative,
        network.sigmoid_derivative,
        lambda a: xor.derivative_sigmoid(xor.sigmoid(a)),
    ],
)
def test_the_sigmoids_derivative_is_its_slope(derivative):
    """σ′ agrees with central differences, and far out it is 0 and not NaN."""
    a, h = np.linspace(-6, 6, 25), 1e-5
    slopes = (minimize.sigmoid(a + h) - minimize.sigmoid(a - h)) / (2 * h)
    np.testing.assert_allclose(derivative(a), slopes, atol=1e-10)
    assert derivative(np.array([-1e4, 1e4])).tolist() == [0.0, 0.0]


# S0


def moons_net():
    """S0's network in the engine."""
    return Network([Dense(50, "relu"), Dense(1, bias=False)], n_features=2, loss="perceptron")


def test_moons_prints_the_eight_titles(own_moons):
    """With seed 0 the titles are the text's, exactly, and all points end on their side."""
    lines = []
    titles = own_moons.main(echo=lines.append)
    assert [title.split(", ")[0] for title in titles] == [f"It: {i}" for i in moons.SHOWN]
    assert " ".join(title.split()[-1] for title in titles) == TITLES
    assert [*titles, "accuracy: 1.00, dead ReLUs: 8"] == lines


def test_moons_start_is_the_texts():
    """Data, W, B and V are what one seed of the legacy stream gives scikit-learn and the text, in this order."""
    stream = np.random.RandomState(0)
    Xd, Td = make_moons(100, random_state=stream)
    expected = [Xd * 2 - 1, Td * 2 - 1, stream.normal(0, 1 / 2.0**0.5, [2, 50]), stream.normal(0, 1, [50])]
    expected.append(stream.normal(0, 1 / 50**0.5, [50]))
    Xd, Td, parameters = moons.start(np.random.RandomState(0))
    assert all(np.array_equal(a, b) for a, b in zip(expected, (Xd, Td, *parameters), strict=True))


def test_moons_forward_and_error_are_the_engines(own_moons):
    """Outputs on points and on the grid, in its shape, and the error are the engine's."""
    net, theta = moons_net(), flat(own_moons.W, own_moons.B, own_moons.V)
    close(own_moons.forward(own_moons.X1d, own_moons.X2d), net.predict(theta, own_moons.Xd)[:, 0])
    grid = np.column_stack([own_moons.X1g.ravel(), own_moons.X2g.ravel()])
    close(own_moons.forward(own_moons.X1g, own_moons.X2g), net.predict(theta, grid).reshape(100, 100))
    close(own_moons.error(own_moons.X1d, own_moons.X2d, own_moons.Td), net.data_loss(theta, own_moons.Xd, own_moons.Td))


def test_moons_backprop_is_the_engines_and_the_differences(own_moons):
    """DW, DB and DV are the engine's gradient, and pass the check against differences of the module's own error."""
    X1, X2, T = own_moons.X1d, own_moons.X2d, own_moons.Td
    theta = flat(own_moons.W, own_moons.B, own_moons.V)
    _, expected = moons_net().objective(own_moons.Xd, T)(theta)
    close(flat(*own_moons.backprop(X1, X2, T)), expected)

    def fun(theta):
        own_moons.set_parameters(theta[:100].reshape(2, 50), theta[100:150], theta[150:])
        return own_moons.error(X1, X2, T), flat(*own_moons.backprop(X1, X2, T))

    cr.check_gradient(fun, theta).assert_correct()


@pytest.mark.parametrize("steps", [1, 128])
def test_moons_descent_is_the_engines(own_moons, steps):
    """One step and all 128 end where the engine's gradient descent does."""
    theta = flat(own_moons.W, own_moons.B, own_moons.V)
    for _ in range(steps):
        new = own_moons.descent(
            own_moons.X1d, own_moons.X2d, own_moons.Td, own_moons.W, own_moons.B, own_moons.V, own_moons.backprop
        )
        own_moons.set_parameters(*new)
    expected = descend(moons_net(), theta, own_moons.Xd, own_moons.Td, learning_rate=0.1, epochs=steps)
    close(flat(own_moons.W, own_moons.B, own_moons.V), expected)


def test_moons_descent_changes_no_array(own_moons):
    """W, B, V and the data handed in stay what they were."""
    given = [own_moons.X1d, own_moons.X2d, own_moons.Td, own_moons.W, own_moons.B, own_moons.V]
    copies = [array.copy() for array in given]
    own_moons.descent(*given, own_moons.backprop)
    assert all(np.array_equal(a, b) for a, b in zip(copies, given, strict=True))


def test_a_network_that_answers_0_has_no_error_and_no_accuracy(own_moons):
    """With V = 0 the loss is 0 and no point is right; with every ReLU pushed down all 50 are dead."""
    own_moons.set_parameters(own_moons.W, own_moons.B - 1e3, 0 * own_moons.V)
    X1, X2, T = own_moons.X1d, own_moons.X2d, own_moons.Td
    assert (own_moons.error(X1, X2, T), own_moons.accuracy(X1, X2, T), own_moons.dead_units(X1, X2)) == (0.0, 0.0, 50)


def test_moons_draws_nine_pictures_when_asked(own_moons):
    """The dummy function, then one picture a title, each drawn without complaint."""
    figures = []
    titles = own_moons.main(echo=quiet, show=figures.append)
    assert [figure.axes[0].get_title() for figure in figures] == ["", *titles]
    assert own_moons.plot(np.ones((100, 100))).axes  # no zero line anywhere


# S1

CASES = {
    "one hidden": ((2, 3, 1), "sigmoid"),
    "one hidden relu": ((2, 7, 1), "relu"),
    "depth 4": (minimize.DEPTH_4, "sigmoid"),
    "depth 4 relu": ((2, 4, 4, 4, 4, 1), "relu"),
    "three hidden": ((2, 4, 4, 4, 1), "sigmoid"),
    "no hidden": ((2, 1), "sigmoid"),
    "softmax": ((2, 10, 3), "sigmoid"),
    "softmax depth 4": ((2, 4, 4, 4, 4, 3), "relu"),
}


def s1_net(sizes, activation):
    """S1's network in the engine, started as the text asks."""
    inits = {"weight_init": "glorot_sigmoid", "bias_init": "glorot_sigmoid"}
    hidden = [Dense(units, activation, **inits) for units in sizes[1:-1]]
    output, loss = ("sigmoid", "log_loss") if sizes[-1] == 1 else ("softmax", "cross_entropy")
    return Network([*hidden, Dense(sizes[-1], output, **inits)], n_features=sizes[0], loss=loss)


@pytest.fixture(params=CASES, ids=lambda name: name.replace(" ", "-"))
def s1(request):
    """One of S1's networks with points, labels and a start."""
    sizes, activation = CASES[request.param]
    X, t = minimize.stand_ins(9, max(2, sizes[-1]), np.random.RandomState(5))
    return sizes, activation, X, t, minimize.initial_weights(sizes, np.random.RandomState(4))


def test_minimize_loss_and_gradient_are_the_engines(s1):
    """fun gives the engine's loss and gradient, the penalty on weights alone included."""
    sizes, activation, X, t, W = s1
    T = minimize.targets(t, sizes[-1])
    for lam in (0.0, 0.03):
        loss, gradient = minimize.fun(W, X, t, sizes, lam, activation)
        expected_loss, expected_gradient = s1_net(sizes, activation).objective(X, T, l2=lam)(W)
        close(loss, expected_loss)
        close(gradient, expected_gradient)
        assert loss == minimize.loss(W, X, t, sizes, lam, activation)


def test_minimize_gradient_is_that_of_its_loss(s1):
    """fun passes the check against differences."""
    sizes, activation, X, t, W = s1
    cr.check_gradient(lambda W: minimize.fun(W, X, t, sizes, 0.03, activation), W).assert_correct()


def test_minimize_sample_by_sample_is_n_times_the_average(s1):
    """The recipe as asked sums what the loss averages: N times the engine's gradient, each sample its own."""
    sizes, activation, X, t, W = s1
    T, net = minimize.targets(t, sizes[-1]), s1_net(sizes, activation)
    close(minimize.summed_gradient(W, X, t, sizes, activation), len(X) * net.objective(X, T)(W)[1])
    close(minimize.sample_gradient(W, X[0], T[0], sizes, activation), net.objective(X[:1], T[:1])(W)[1])


def test_minimize_forward_and_answers_are_the_engines(s1):
    """Every a and z is the engine's Z and A, and so are the probabilities."""
    sizes, activation, X, _t, W = s1
    net = s1_net(sizes, activation)
    trace = net.forward(W, X)
    a, z = minimize.forward(W, X, sizes, activation)
    for ours, theirs in zip((*a, *z), (*trace.Z, *trace.A[:-1]), strict=True):
        close(ours, theirs)
    close(minimize.predict(W, X, sizes, activation), trace.Y)
    expected = trace.Y[:, 0] >= 0.5 if sizes[-1] == 1 else trace.Y.argmax(axis=1)
    assert np.array_equal(minimize.classes(W, X, sizes, activation), expected)


def test_minimize_start_is_the_engines(s1):
    """±√(2/(n_in + n_out)), layer by layer from the legacy stream, is the engine's glorot_sigmoid."""
    sizes, activation, _, _, W = s1
    assert np.array_equal(W, s1_net(sizes, activation).initial_theta(random_state=4))


def test_minimize_descends_as_the_engine(s1):
    """Seven steps of plain descent along fun end where the engine's do."""
    sizes, activation, X, t, W = s1
    expected = descend(s1_net(sizes, activation), W, X, minimize.targets(t, sizes[-1]), learning_rate=0.5, epochs=7)
    for _ in range(7):
        W = W - 0.5 * minimize.fun(W, X, t, sizes, 0.0, activation)[1]
    close(W, expected)


def test_minimize_changes_no_array(s1):
    """Neither W nor the data are changed."""
    sizes, activation, X, t, W = s1
    copies = [array.copy() for array in (W, X, t)]
    minimize.fun(W, X, t, sizes, 0.1, activation)
    minimize.summed_gradient(W, X, t, sizes, activation)
    assert all(np.array_equal(a, b) for a, b in zip(copies, (W, X, t), strict=True))


@pytest.mark.parametrize("sizes", [(2, 3, 1), (2, 4, 3)])
def test_the_gradient_by_hand_is_back_propagations(sizes):
    """Exercise 1.d, written out for one hidden layer, is what the loop finds."""
    X, t = minimize.stand_ins(6, max(2, sizes[-1]), np.random.RandomState(2))
    W = minimize.initial_weights(sizes, np.random.RandomState(3))
    close(minimize.gradient_by_hand(W, X, t, sizes), minimize.gradient(W, X, t, sizes))


@pytest.mark.parametrize("sizes", [(1, 1), (1, 3)])
def test_minimize_is_finite_at_pre_activations_of_1e4(sizes):
    """Answers that are wrong by 1e4 cost 1e4, as in the engine, and nothing warns."""
    X, t = np.array([[1e4], [-1e4]]), np.array([0, 1])
    W = np.array([1.0, 0.0]) if sizes[-1] == 1 else np.array([-1.0, 1.0, 0.0, 0.0, 0.0, 0.0])
    with warnings.catch_warnings(), np.errstate(over="raise", invalid="raise", divide="raise"):
        warnings.simplefilter("error")
        loss, gradient = minimize.fun(W, X, t, sizes)
    expected_loss, expected = s1_net(sizes, "sigmoid").objective(X, minimize.targets(t, sizes[-1]))(W)
    assert loss == expected_loss
    assert loss >= 1e4
    close(gradient, expected)


def test_relus_derivative_at_0_is_0():
    """ReLU is 0 up to 0, its slope too, and 1 behind it."""
    a = np.array([-1.0, 0.0, 2.0])
    assert (minimize.relu(a).tolist(), minimize.relu_gradient(a).tolist()) == ([0, 0, 2], [0, 0, 1])


def test_a_vector_of_another_length_is_refused():
    """A W that does not fit its sizes is told how long it should be."""
    with pytest.raises(ValueError, match=r"W must have 13 entries for the sizes \(2, 3, 1\), got 12"):
        minimize.unpack(np.zeros(12), (2, 3, 1))


def test_minimize_solves_its_exercises():
    """On the stand-ins SciPy finds one hidden layer, depth 4 and three classes: all points right."""
    assert minimize.main(echo=quiet) == {"one hidden layer": 1.0, "depth 4": 1.0, "three classes": 1.0}


def test_the_summed_gradient_misleads_minimize():
    """With the recipe's sum beside the mean loss SciPy gives up at once; with the mean it converges."""
    from scipy import optimize

    X, t = minimize.stand_ins(25, 2, np.random.RandomState(0))
    W = minimize.initial_weights((2, 3, 1), np.random.RandomState(0))

    def summed(W):
        return minimize.loss(W, X, t, (2, 3, 1)), minimize.summed_gradient(W, X, t, (2, 3, 1))

    assert not optimize.minimize(summed, W, jac=True, method="BFGS", options={"maxiter": 30}).success
    assert optimize.minimize(minimize.fun, W, args=(X, t, (2, 3, 1), 1e-3), jac=True, method="L-BFGS-B").success


def test_minimize_draws():
    """Points, and points over classes, for two classes and for three."""
    for sizes in ((2, 3, 1), (2, 3, 3)):
        X, t = minimize.stand_ins(5, max(2, sizes[-1]), np.random.RandomState(0))
        W = minimize.initial_weights(sizes, np.random.RandomState(0))
        assert minimize.scatter(X, t, "points").axes[0].get_title() == "points"
        assert minimize.plot_classes(W, X, t, sizes).axes[0].collections


# S2


def test_the_units_pass_their_own_tests(capsys):
    """Both modules' unit tests pass, called and run as a script."""
    neuron.unit_test()
    network.unit_test()
    for name in ("neuron", "network"):
        runpy.run_path(str(SOLUTIONS[f"{name}.py"]), run_name="__main__")
    assert capsys.readouterr().out.splitlines() == ["neuron: all tests passed", "network: all tests passed"]


@pytest.mark.parametrize("module", [neuron, network], ids=["neuron", "network"])
def test_the_unit_tests_can_fail(module, monkeypatch):
    """A σ′ that is 1 % off does not pass."""
    right = module.sigmoid_derivative
    monkeypatch.setattr(module, "sigmoid_derivative", lambda a: 1.01 * right(a))
    with pytest.raises(AssertionError):
        module.unit_test()


def neuron_case():
    """The neuron: the engine's network, parameters, and theta from parameters."""
    net = Network([Dense(1, "sigmoid")], n_features=2, loss="half_squared_error")
    return neuron, net, (np.array([0.4, -1.3]), 0.2), flat


def network_case():
    """The 2–2–1 network: likewise; theta has the hidden layer first."""
    net = Network([Dense(2, "sigmoid"), Dense(1, "sigmoid")], n_features=2, loss="half_squared_error")
    parameters = (np.array([0.7, -1.1]), 0.2, np.array([[0.4, -0.9], [1.3, 0.5]]), np.array([-0.6, 0.1]))
    return network, net, parameters, lambda w, b, W_tilde, b_tilde: flat(W_tilde, b_tilde, w, b)


S2 = pytest.mark.parametrize("case", [neuron_case, network_case], ids=["neuron", "network"])


def s2_update(module, parameters, gradient, epsilon):
    """Update by either module: the network's takes the gradient in one piece."""
    return module.update(*parameters, *([gradient] if module is network else gradient), epsilon)


@S2
def test_s2_is_the_engines(case, X):
    """Prediction, loss, gradient, one update and twenty are the engine's; nothing handed in is changed."""
    module, net, parameters, theta_of = case()
    t, theta, copies = labels_of(X).astype(float), theta_of(*parameters), [np.copy(p) for p in parameters]
    y = module.predict(*parameters, X)
    loss, gradient = net.objective(X, t)(theta)
    close(y, net.predict(theta, X)[:, 0])
    close(module.loss(y, t), loss)
    close(theta_of(*module.gradient(*parameters, X, t)), gradient)
    moved = parameters
    for step in range(20):
        moved = s2_update(module, moved, module.gradient(*moved, X, t), 0.5)
        if step in (0, 19):
            close(theta_of(*moved), descend(net, theta, X, t, learning_rate=0.5, epochs=step + 1))
    assert all(np.array_equal(old, now) for old, now in zip(copies, parameters, strict=True))


def test_neurons_gradient_is_that_of_its_loss(X):
    """It passes the check against differences."""
    t = labels_of(X).astype(float)

    def fun(theta):
        w, b = theta[:2], theta[2]
        return neuron.loss(neuron.predict(w, b, X), t), flat(*neuron.gradient(w, b, X, t))

    cr.check_gradient(fun, [0.4, -1.3, 0.2], {"w": (2,), "b": (1,)}).assert_correct()


def test_the_nine_derivatives_are_those_of_the_loss(X):
    """All nine, by name, pass the check against differences and are the matrices' entries."""
    t = labels_of(X).astype(float)

    def parameters(theta):
        return theta[:2], theta[2], theta[3:7].reshape(2, 2).T, theta[7:]

    def fun(theta):
        nine = network.nine_derivatives(*parameters(theta), X, t)
        return network.loss(network.predict(*parameters(theta), X), t), np.array([nine[name] for name in network.NAMES])

    theta = np.array([0.7, -1.1, 0.2, 0.4, 1.3, -0.9, 0.5, -0.6, 0.1])
    cr.check_gradient(fun, theta, dict.fromkeys(network.NAMES, (1,))).assert_correct()
    gradient = network.by_name(network.gradient(*parameters(theta), X, t))
    close(list(gradient.values()), fun(theta)[1])
    assert len(set(network.NAMES)) == 9


@S2
def test_s2_is_finite_at_pre_activations_of_1e4(case, X):
    """Weights of 1e4 saturate the neurons: slopes of 0, no NaN, no warning."""
    module, _, parameters, theta_of = case()
    huge = tuple(1e4 * np.asarray(p) for p in parameters)
    with warnings.catch_warnings(), np.errstate(over="raise", invalid="raise", divide="raise"):
        warnings.simplefilter("error")
        gradient = theta_of(*module.gradient(*huge, X, labels_of(X).astype(float)))
    assert np.isfinite(gradient).all()


def test_the_neurons_script_separates():
    """On the separable set all three accuracies are 1.00, the validation loss has one entry an epoch and falls."""
    lines = []
    result = train_neuron.main(random_state=np.random.RandomState(0), echo=lines.append)
    assert result.accuracy == {"train": 1.0, "validation": 1.0, "test": 1.0}
    assert len(result.validation_loss) == 100
    assert result.validation_loss[-1] < result.validation_loss[0]
    assert lines[-3:] == ["train accuracy: 1.00", "validation accuracy: 1.00", "test accuracy: 1.00"]


def test_one_neuron_cannot_do_xor():
    """On the crosswise set the neuron stays at 0.75 or below, whatever the epochs."""
    result = train_neuron.main(linearly_separable=False, random_state=np.random.RandomState(0), echo=quiet)
    assert max(result.accuracy.values()) <= 0.75


def test_the_networks_script_does_xor():
    """Two hidden neurons solve the crosswise set from this start."""
    result = train_network.main(random_state=np.random.RandomState(0), echo=quiet)
    assert min(result.accuracy.values()) >= 0.95


def test_a_script_with_one_batch_is_the_engines_descent():
    """With all points in one batch the neuron's script is the engine's full-batch descent."""
    stream = np.random.RandomState(7)
    X, t = train_neuron.split(train_neuron.make_data(200, stream, linearly_separable=True))["train"]
    theta = np.append(stream.normal(0, 0.58, 2), stream.normal(0, 0.58))
    result = train_neuron.main(n=200, batch_size=200, n_epochs=30, random_state=np.random.RandomState(7), echo=quiet)
    net = Network([Dense(1, "sigmoid")], n_features=2, loss="half_squared_error")
    close(result.predict(X), net.predict(descend(net, theta, X, t, learning_rate=0.5, epochs=30), X)[:, 0])


def test_a_scripts_batches_are_every_point_once():
    """An epoch's mini-batches hold each point exactly once, in a new order."""
    X, t = np.arange(20.0).reshape(10, 2), np.arange(10.0)
    batches = train_neuron.batches((X, t), 4, np.random.RandomState(0))
    assert [len(part) for part, _ in batches] == [4, 4, 2]
    order = np.concatenate([part for _, part in batches])
    assert sorted(order) == t.tolist() != order.tolist()
    assert np.array_equal(np.concatenate([part for part, _ in batches]), X[order.astype(int)])


def test_the_scripts_draw():
    """Validation loss, and right and wrong points by class with their numbers."""
    result = train_neuron.main(n=60, n_epochs=3, random_state=np.random.RandomState(0), echo=quiet)
    data = train_neuron.make_data(40, np.random.RandomState(1), linearly_separable=False)
    [axes] = train_neuron.plot_predictions(result.predict, data).axes
    counts = [int(text.get_text().split(": ")[1]) for text in axes.get_legend().get_texts()]
    assert (len(counts), sum(counts)) == (4, 40)
    assert len(train_neuron.plot_validation(result.validation_loss).axes[0].lines[0].get_xdata()) == 3


# S3


def s3_net(n_hidden):
    """S3's network in the engine."""
    layers = [Dense(n_hidden, "sigmoid"), Dense(n_hidden, "sigmoid"), Dense(2, "softmax")]
    return Network(layers, n_features=2, loss="cross_entropy")


def theta_of(model):
    """S3's matrices [W; b], one behind the other, are the engine's theta as they stand."""
    return flat(model["W1"], model["W2"], model["W3"])


def test_s3_points_and_split_are_scikit_learns():
    """Data and split are the text's, to the last bit."""
    X, y = make_moons(5000, noise=0.1, random_state=42)
    expected = (X, y, *train_test_split(X, y, random_state=42, test_size=0.3))
    ours = softmax.make_data()
    assert all(np.array_equal(a, b) for a, b in zip(expected, (*ours, *softmax.split(*ours)), strict=True))


def test_s3_start_is_the_texts():
    """W1, W2 and W3 come from the legacy stream in this order, bias rows and all."""
    stream = np.random.RandomState(3)
    expected = [stream.randn(3, 100), stream.randn(101, 100), stream.randn(101, 2)]
    model = softmax.init_weights(random_state=np.random.RandomState(3))
    assert list(model) == ["W1", "W2", "W3"]
    assert all(np.array_equal(a, b) for a, b in zip(expected, model.values(), strict=True))


def test_s3_is_the_engines(X):
    """ŷ, log-likelihood and gradient are the engine's Y, −loss and −gradient, blocks [W; b] unchanged."""
    y, model, net = labels_of(X), softmax.init_weights(6, np.random.RandomState(0)), s3_net(6)
    theta, T = theta_of(model), np.eye(2)[y]
    h_1, h_2, hat_y = softmax.forward(X, model)
    trace = net.forward(theta, X)
    for ours, A in zip((h_1[:, :-1], h_2[:, :-1], hat_y), trace.A[1:], strict=True):
        close(ours, A)
    assert (h_1[:, -1] == 1).all()
    assert (h_2[:, -1] == 1).all()
    loss, gradient = net.objective(X, T)(theta)
    close(softmax.log_likelihood(model, X, y), -loss)
    close(theta_of(softmax.get_gradient(model, X, y)), -gradient)


def test_s3_takes_one_sample_as_the_text_does(X):
    """forward of one x, (2,), is the row that forward of all gives."""
    model = softmax.init_weights(5, np.random.RandomState(0))
    for one, row in zip(softmax.forward(X[3], model), softmax.forward(X, model), strict=True):
        close(one, row[3])


def test_s3_gradient_is_that_of_its_log_likelihood(X):
    """It passes the check against differences, uphill."""
    y, model = labels_of(X), softmax.init_weights(4, np.random.RandomState(0))
    names = {layer: W.shape for layer, W in model.items()}

    def fun(theta):
        parts = np.split(theta, np.cumsum([W.size for W in model.values()])[:-1])
        at = {layer: part.reshape(names[layer]) for layer, part in zip(names, parts, strict=True)}
        return softmax.log_likelihood(at, X, y), theta_of(softmax.get_gradient(at, X, y))

    cr.check_gradient(fun, theta_of(model), names).assert_correct()


@pytest.mark.parametrize("steps", [1, 10])
def test_s3_ascent_is_the_engines_descent(X, steps):
    """Up the mean log-likelihood is down the cross-entropy, one step and ten, with a line each."""
    y, model, lines = labels_of(X), softmax.init_weights(6, np.random.RandomState(0)), []
    expected = descend(s3_net(6), theta_of(model), X, np.eye(2)[y], learning_rate=0.1, epochs=steps)
    close(theta_of(softmax.gradient_ascent(model, X, y, no_iter=steps, echo=lines.append)), expected)
    assert lines == [f"Iteration {i}" for i in range(steps)]


def test_s3_step_leaves_its_callers_model(X):
    """gradient_step returns a new model; the one handed in, its arrays and the data stay what they were."""
    y, model = labels_of(X), softmax.init_weights(6, np.random.RandomState(0))
    given = [*model.values(), X, y]
    copies = [array.copy() for array in given]
    new = softmax.gradient_step(model, X, y)
    assert all(np.array_equal(a, b) for a, b in zip(copies, given, strict=True))
    assert not any(np.shares_memory(new[layer], model[layer]) for layer in model)


def test_softmax_is_of_rows_and_cannot_overflow():
    """Every row sums to 1, at 1e4 too, without a warning, and in S1's module alike."""
    Z = np.array([[1e4, -1e4], [1e4, 1e4], [-1e4, -1e4 + 1.0]])
    for function in (softmax.softmax, minimize.softmax):
        with warnings.catch_warnings(), np.errstate(over="raise", invalid="raise", divide="raise"):
            warnings.simplefilter("error")
            Y = function(Z)
        close(Y, [[1, 0], [0.5, 0.5], [1 / (1 + np.e), np.e / (1 + np.e)]])


def test_s3_log_likelihood_stays_finite():
    """A wrong answer of weight 1e4 costs 2e4 and is not −inf; its gradient is finite too."""
    model = softmax.init_weights(2, np.random.RandomState(0))
    model["W3"] = np.array([[0.0, 0.0], [0.0, 0.0], [1e4, -1e4]])
    X, y = np.zeros((1, 2)), np.array([1])
    with warnings.catch_warnings(), np.errstate(over="raise", invalid="raise", divide="raise"):
        warnings.simplefilter("error")
        assert softmax.log_likelihood(model, X, y) == -2e4
        assert np.isfinite(theta_of(softmax.get_gradient(model, X, y))).all()


def test_s3_reaches_the_texts_accuracy():
    """50 steps end among the accuracies that starts of N(0, 1) give, 0.90 and more, and the last line says so."""
    lines = []
    with threadpool_limits(1):  # on a busy machine BLAS threads wait for one another, ten times as long
        share = softmax.main(np.random.RandomState(0), echo=lines.append)
    assert share >= 0.9
    assert lines[-1] == f"Test accuracy after 50 gradient steps: {share}"
    assert lines[:2] == ["Iteration 0", "Iteration 1"]
    assert softmax.scatter(*softmax.make_data(20), "points").axes[0].get_title() == "points"


# S4


def s4_net(hidden=(10, 10)):
    """S4's network in the engine."""
    layers = [*(Dense(units, "sigmoid", bias=False) for units in hidden), Dense(1, "sigmoid", bias=False)]
    return Network(layers, n_features=2, loss="log_loss")


def test_s4_points_are_the_engines():
    """generate_linear and generate_XOR_easy are chainrule.datasets' of the same legacy stream, to the last bit."""
    for ours, theirs in (
        (xor.generate_linear(100, np.random.RandomState(5)), cr.datasets.linear(100, random_state=5)),
        (xor.generate_XOR_easy(), cr.datasets.xor_easy()),
    ):
        assert np.array_equal(ours[0], theirs[0])
        assert np.array_equal(ours[1], theirs[1][:, np.newaxis])


def test_s4_start_is_the_texts():
    """W1, W2 and W3 come from the legacy stream in this order."""
    stream = np.random.RandomState(2)
    expected = [stream.randn(2, 4), stream.randn(4, 3), stream.randn(3, 1)]
    weights = xor.Network((4, 3), random_state=np.random.RandomState(2)).weights
    assert all(np.array_equal(a, b) for a, b in zip(expected, weights, strict=True))


def test_s4_is_the_engines():
    """Prediction, loss, gradient and one update are the engine's; old weights and data stay what they were."""
    x, y = xor.generate_linear(30, np.random.RandomState(1))
    student = xor.Network(random_state=np.random.RandomState(0))
    given = [*student.weights, x, y]
    copies, theta = [array.copy() for array in given], flat(*student.weights)
    loss, gradient = s4_net().objective(x, y)(theta)
    pred_y = student.forward(x)
    close(pred_y, s4_net().predict(theta, x))
    close(student.loss(y, pred_y), loss)
    close(flat(*student.gradient(y, pred_y)), gradient)
    student.backward(y, pred_y)
    close(flat(*student.weights), descend(s4_net(), theta, x, y, learning_rate=0.3, epochs=1))
    assert all(np.array_equal(a, b) for a, b in zip(copies, given, strict=True))


def test_s4_gradient_is_that_of_its_loss():
    """It passes the check against differences."""
    x, y = xor.generate_XOR_easy()
    student = xor.Network((4, 3), random_state=np.random.RandomState(0))

    def fun(theta):
        student.weights = (theta[:8].reshape(2, 4), theta[8:20].reshape(4, 3), theta[20:].reshape(3, 1))
        pred_y = student.forward(x)
        return student.loss(y, pred_y), flat(*student.gradient(y, pred_y))

    cr.check_gradient(fun, flat(*student.weights), {"W1": (2, 4), "W2": (4, 3), "W3": (3, 1)}).assert_correct()


def test_s4_training_is_the_engines():
    """Losses, accuracies and weights of 200 full-batch epochs are the engine's."""
    x, y = xor.generate_XOR_easy()
    student = xor.Network(random_state=np.random.RandomState(0))
    theta = flat(*student.weights)
    run = cr.train(s4_net(), x, y, theta=theta, optimizer="sgd", learning_rate=0.3, max_epochs=200)
    training = xor.train(student, x, y, max_epochs=200, echo=quiet)
    close(training.losses[:200], run.history["loss"])
    close(flat(*student.weights), run.theta)
    close(training.losses[-1], run.loss)
    assert (training.status, len(training.losses), len(training.accuracies)) == ("max_epochs", 201, 201)


def test_s4_says_its_lines_and_stops_below_its_threshold():
    """On the easy points it prints every 500 epochs, ends below 0.01 with all points right, and no sooner."""
    student, lines = xor.Network(random_state=np.random.RandomState(0)), []
    x, y = xor.generate_XOR_easy()
    training = xor.train(student, x, y, echo=lines.append)
    assert training.status == "loss reached"
    assert training.losses[-1] < 0.01 <= min(training.losses[:-1])
    assert training.accuracies[-1] == xor.accuracy(y, student.forward(x)) == 1.0
    assert lines[0] == f"training ... epoch:500, loss:{training.losses[500]:.5f}, acc:{training.accuracies[500]:.2f}"
    assert len(lines) == (len(training.losses) - 1) // 500


def test_s4_sample_by_sample_stops_when_all_are_right():
    """The pseudocode's updates, one a sample, end when every point is classified correctly."""
    student = xor.Network(random_state=np.random.RandomState(0))
    x, y = xor.generate_XOR_easy()
    stream = np.random.RandomState(0)
    training = xor.train(student, x, y, batch_size=1, stop_accuracy=1.0, random_state=stream, echo=quiet)
    assert (training.status, training.accuracies[-1]) == ("accuracy reached", 1.0)
    assert max(training.accuracies[:-1]) < 1.0


@pytest.mark.parametrize("learning_rate", [1e308, np.inf])
def test_s4_ends_a_run_that_is_not_finite(learning_rate):
    """An absurd learning rate ends with a status, the last weights whose loss was finite, and no warning."""
    student = xor.Network(learningRate=learning_rate, random_state=np.random.RandomState(0))
    x, y = xor.generate_XOR_easy()
    start = student.weights
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        training = xor.train(student, x, y, max_epochs=50, echo=quiet)
    assert training.status == "non_finite"
    assert np.isfinite(training.losses).all()
    assert student.loss(y, student.forward(x)) == training.losses[-1]
    assert learning_rate < np.inf or all(old is now for old, now in zip(start, student.weights, strict=True))


def test_s4_loss_tells_right_from_inverted_answers():
    """Answers of 1e4 that are all right cost 0, and all wrong 1e4, without a warning."""
    student = xor.Network((1, 1), random_state=np.random.RandomState(0))
    student.weights = (np.zeros((2, 1)), np.zeros((1, 1)), np.array([[2e4]]))  # Z2 W3 = σ(0) · 2e4 everywhere
    ones = np.ones((3, 1), dtype=int)
    with warnings.catch_warnings(), np.errstate(over="raise", invalid="raise", divide="raise"):
        warnings.simplefilter("error")
        pred_y = student.forward(np.zeros((3, 2)))
        assert (student.loss(ones, pred_y), student.loss(1 - ones, pred_y)) == (0.0, 1e4)
        assert np.isfinite(flat(*student.gradient(1 - ones, pred_y))).all()


def test_s4_refuses_predictions_of_another_pass():
    """What forward did not return last belongs to other activations than those that are kept."""
    student = xor.Network(random_state=np.random.RandomState(0))
    x, y = xor.generate_XOR_easy()
    with pytest.raises(ValueError, match="last call of forward"):
        student.loss(y, np.full((21, 1), 0.5))
    old = student.forward(x)
    student.forward(x[:3])
    with pytest.raises(ValueError, match="last call of forward"):
        student.backward(y, old)


def test_s4_draws_truth_beside_cut_predictions():
    """An output of 0.4 is red and one of 0.6 blue, beside the truth, under the sheet's titles."""
    x, y = np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([[1], [0]])
    figure = xor.show_result(x, y, np.array([[0.4], [0.6]]))
    assert isinstance(figure, matplotlib.figure.Figure)
    truth, predicted = figure.axes
    assert (truth.get_title(), predicted.get_title()) == ("Ground truth", "Predict result")
    assert [line.get_xdata().tolist() for line in truth.lines] == [[1.0], [0.0]]
    assert [line.get_xdata().tolist() for line in predicted.lines] == [[0.0], [1.0]]
    assert xor.show_learning_curve(xor.Training("max_epochs", [1.0, 0.5], [0.5, 1.0])).axes[0].lines


def test_s4_script_learns_both_sets():
    """Both sets end below the threshold and the tests, the linear one's on fresh points, reach 0.90."""
    lines = []
    done = xor.main(np.random.RandomState(0), echo=lines.append)
    assert {name: training.status for name, training in done.items()} == dict.fromkeys(
        ("linear", "XOR"), "loss reached"
    )
    assert [line for line in lines if line.startswith("=")] == [
        "=====data type : linear=====",
        "=====data type : XOR=====",
    ]
    scores = [float(line.split(":")[1]) for line in lines if line.startswith("testing")]
    assert len(scores) == 2
    assert min(scores) >= 0.9
