"""ONNX files: what stands in them for a reader and a viewer, and what is refused with nothing written."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import onnx
import pandas as pd
import pytest
from benchmarks.onnx_runtimes import by_reference
from sklearn.exceptions import NotFittedError
from tests.models.onnx.runs import outputs, written

import chainrule as cr
from chainrule import (
    Activation,
    Dense,
    HiddenActivations,
    InvalidFile,
    InvalidValue,
    MissingLibrary,
    MLPClassifier,
    MLPRegressor,
)
from chainrule.maths.activations import ACTIVATIONS
from chainrule.models.onnx import network_model

X = pd.DataFrame(np.random.RandomState(0).normal(size=(30, 3)), columns=["height", "width", "Größe"])
Y = np.where(X["height"] > 0, "tall", "short")
NET = cr.Network([Dense(3, "tanh"), Dense(2)], n_features=3)
THETA = NET.initial_theta(0)
SQUARE = Activation("square", lambda Z: Z * Z, lambda dA, Z, A: 2 * dA * Z)
FALSE_TANH = cr.Network([Dense(3, replace(SQUARE, name="tanh")), Dense(2)], n_features=3)
OWN = cr.Network([Dense(3, SQUARE), Dense(2)], n_features=3)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.onnx"


def classifier(**settings):
    return MLPClassifier((4,), "mish", max_iter=1, random_state=0, **settings).initialize(X, Y)


def test_a_viewer_is_told_what_it_sees(path):
    """Producer, a line about the network, its classes and features, what each output means, shapes on the way."""
    made = written(path, classifier())
    line = "Network: 3 features -> 4 mish -> 1 sigmoid, loss log_loss"
    assert (made.producer_name, made.producer_version) == ("chainrule", cr.__version__)
    assert (made.graph.name, made.doc_string, made.graph.doc_string) == ("MLPClassifier", line, line)
    facts = {one.key: one.value for one in made.metadata_props}
    assert facts["network"] == line
    assert (facts["model"], facts["n_parameters"]) == ("MLPClassifier", "21")
    assert json.loads(facts["classes"]) == ["short", "tall"]
    assert json.loads(facts["feature_names"]) == ["height", "width", "Größe"]
    assert made.graph.input[0].doc_string == "A sample a row, its columns: height, width, Größe."
    meanings = [one.doc_string for one in made.graph.output]
    assert meanings == [
        "Probability of each class, in the order of the classes ['short', 'tall'].",
        "The class of the sample; nan where a cell is NaN or infinite.",
    ]
    shapes = {one.name: one.type.tensor_type.shape.dim[1].dim_value for one in made.graph.value_info}
    assert shapes == {"Z1/Add": 4, "A1_mish/Mul": 4, "Z2/Add": 1}


@pytest.mark.parametrize(
    ("model", "named"),
    [
        ((NET, THETA), {"Y": ["n_samples", 2]}),
        (classifier(), {"probabilities": ["n_samples", 2], "label": ["n_samples"]}),
        (classifier(loss="hinge"), {"decision_function": ["n_samples"], "label": ["n_samples"]}),
        (
            MLPClassifier((2,), random_state=0).initialize(X, np.arange(30) % 3),
            {"probabilities": ["n_samples", 3], "label": ["n_samples"]},
        ),
        (
            MLPClassifier((2,), random_state=0).initialize(X, X.to_numpy() > 0),
            {"probabilities": ["n_samples", 3], "label": ["n_samples", 3]},
        ),
        (MLPRegressor(random_state=0).initialize(X, X["width"]), {"prediction": ["n_samples"]}),
        (MLPRegressor(random_state=0).initialize(X, X.to_numpy()[:, :2]), {"prediction": ["n_samples", 2]}),
        (
            HiddenActivations(MLPRegressor(hidden_layer_sizes=(5, 4), solver="lbfgs", tol=1e9), 0).fit(X, X["width"]),
            {"hidden1": ["n_samples", 5]},
        ),
    ],
)
def test_outputs_are_tensors_in_this_order(model, named, path):
    """No map and no sequence; labels come last; every node is used, has a name of its own, and is in ONNX's domain."""
    made = written(path, model)
    assert outputs(made) == named
    assert list(outputs(made)) == list(named)
    nodes = made.graph.node
    assert {node.domain for node in nodes} == {""}
    assert len({node.name for node in nodes}) == len(nodes)
    used = {name for node in nodes for name in node.input} | set(named)
    assert {name for node in nodes for name in node.output} <= used
    assert {one.name for one in made.graph.initializer} <= used


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_no_factor_stands_beside_a_matrix_product(activation, path):
    """onnxruntime 1.31 takes one number times a matrix product as a float32, in graphs of float64 too."""
    made = written(path, (cr.Network([Dense(3, activation, bias=False), Dense(2)], 3), np.ones(17)))
    numbers = {one.name for one in made.graph.initializer if not one.dims}
    nodes = made.graph.node
    scaled = {one.output[0] for one in nodes if one.op_type in ("Mul", "Div") and numbers & set(one.input)}
    users = [name for one in nodes for name in one.input]
    products = [one for one in nodes if one.op_type == "MatMul"]
    used_once = {one.output[0] for one in products if users.count(one.output[0]) == 1}
    assert not [one.name for one in products if scaled & set(one.input)]
    assert not [one.name for one in nodes if one.output[0] in scaled and used_once & set(one.input)]


def test_the_model_is_not_changed(path):
    """Neither the estimator nor its theta is written to."""
    clf = classifier()
    before = (clf.theta_.copy(), dict(clf.get_params()), sorted(vars(clf)))
    written(path, clf)
    np.testing.assert_array_equal(clf.theta_, before[0])
    assert (clf.get_params(), sorted(vars(clf))) == before[1:]


@pytest.mark.parametrize(
    ("model", "sentence"),
    [
        (
            (OWN, OWN.initial_theta(0)),
            "Cannot write the activation 'square' of your own to ONNX, which holds no",
        ),
        ((FALSE_TANH, THETA), "Cannot write the activation 'tanh' of your own to ONNX"),
        ((NET, np.r_[THETA[:-1], np.nan]), "theta holds nan at 19: its outputs would be NaN"),
        ((NET, THETA[:-1]), "theta must have shape"),
        (
            NET,
            "model must be a fitted estimator or a pair \\(net, theta\\), got a network without parameters",
        ),
        ("net.npz", "got str: the order of the arguments is model, path"),
        ((NET,), "got tuple"),
    ],
)
def test_what_cannot_be_written_is_refused_and_the_old_file_kept(model, sentence, path):
    """One sentence, and the file that was there is as it was."""
    path.write_text("old")
    with pytest.raises(InvalidValue, match=sentence):
        cr.export_onnx(model, path)
    assert path.read_text() == "old"
    assert list(path.parent.iterdir()) == [path]


def test_the_latest_opset_is_taken(path):
    """All that the installed onnx knows, whether or not a runtime does so yet."""
    latest = onnx.defs.onnx_opset_version()
    assert written(path, (NET, THETA), opset=latest).opset_import[0].version == latest
    (Y,) = by_reference(path, X.to_numpy())
    np.testing.assert_allclose(Y, NET.predict(THETA, X.to_numpy()), rtol=1e-12)


@pytest.mark.parametrize("opset", [12, 99, "17", 17.0, True])
def test_an_opset_that_onnx_does_not_know_is_refused(opset, path):
    """It is a whole number from 13 to the latest."""
    with pytest.raises(InvalidValue, match="opset must be"):
        cr.export_onnx((NET, THETA), path, opset=opset)


@pytest.mark.parametrize(
    ("samples", "sentence"),
    [
        (X.to_numpy()[:, :2], "X has 2 columns, the network expects 3"),
        (X.to_numpy().astype(str), "X must be an array of numbers"),
        (X.to_numpy().astype(np.longdouble), "X must be an array of numbers of at most 64 bits"),
        (X.to_numpy()[0], "X must have two dimensions"),
        ({"height": 1.0}, "X must be an array of numbers"),
    ],
)
def test_samples_that_do_not_fit_are_refused(samples, sentence, path):
    """X says what the input is, so it has to fit the network."""
    with pytest.raises(InvalidValue, match=sentence):
        cr.export_onnx((NET, THETA), path, X=samples)


class Reversed(MLPClassifier):
    """A class of one's own, whose predict is code."""

    def predict(self, samples):
        return super().predict(samples)[::-1]


def test_a_class_of_ones_own_is_refused(path):
    """The file would answer as the class that it comes from, and not as it does itself."""
    model = Reversed((4,), max_iter=1, random_state=0).initialize(X, Y)
    with pytest.raises(InvalidValue, match="Cannot write Reversed to ONNX: it is a class of your own"):
        cr.export_onnx(model, path)
    assert not path.exists()
    written(path, (model.network_, model.theta_))


@pytest.mark.parametrize("name", ["clf.safetensors", "clf", "clf.pkl"])
def test_another_suffix_is_refused(name, tmp_path):
    """A slip of the finger must not put the export in the place of the model."""
    (tmp_path / name).write_text("old")
    with pytest.raises(InvalidFile, match=r"models are exported as \.onnx\. Name it clf\.onnx\."):
        cr.export_onnx((NET, THETA), tmp_path / name)
    assert (tmp_path / name).read_text() == "old"


def test_an_estimator_before_fit_is_refused(path):
    """As scikit-learn says it."""
    for model in (MLPClassifier(), MLPRegressor(), HiddenActivations(MLPRegressor())):
        with pytest.raises(NotFittedError):
            cr.export_onnx(model, path)


def test_more_than_a_file_holds_is_refused(path, monkeypatch):
    """A file of protocol buffers ends at 2 GiB."""
    monkeypatch.setattr(network_model, "MOST_BYTES", 100)
    with pytest.raises(InvalidValue, match=r"Cannot write 0\.0 GiB of parameters to ONNX: one file holds 2 GiB"):
        cr.export_onnx((NET, THETA), path)


@pytest.mark.parametrize(("library", "package"), [("onnx", r"'chainrule\[onnx\]'"), ("skl2onnx", "skl2onnx")])
def test_a_missing_library_is_named(library, package, path, monkeypatch):
    """With the command that installs it."""
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingLibrary, match=f"Missing library {library}. Install it: pip install {package}"):
        cr.export_onnx((NET, THETA), path) if library == "onnx" else cr.register_onnx_converters()


def test_the_same_model_is_the_same_file(path, tmp_path):
    """Byte for byte, so that files can be compared."""
    written(path, classifier())
    written(tmp_path / "again.onnx", classifier())
    assert path.read_bytes() == (tmp_path / "again.onnx").read_bytes()
    assert onnx.load(path).graph.node[0].name == "Z1/MatMul"


def test_onnx_loads_when_a_model_is_written():
    """Neither the package nor the name of the function loads the extras."""
    program = "import sys, chainrule as cr; cr.export_onnx; print({'onnx', 'skl2onnx'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
