"""``chainrule export``: a saved model as ONNX, or one sentence, exit code 2, and everything as it was."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from benchmarks.onnx_runtimes import by_onnxruntime

import chainrule as cr
from chainrule import Activation, Dense, MLPClassifier

X = np.random.RandomState(0).normal(size=(20, 2))
SQUARE = Activation("square", lambda Z: Z * Z, lambda dA, Z, A: 2 * dA * Z)


@pytest.fixture
def saved(tmp_path):
    """The file of a fitted classifier."""
    clf = MLPClassifier((3,), max_iter=1, random_state=0).initialize(X, np.where(X[:, 0] > 0, "yes", "no"))
    cr.save(tmp_path / "clf.safetensors", clf)
    return tmp_path / "clf.safetensors"


def test_an_estimator_is_written(chainrule, saved):
    """Where --out says, or beside the model, with the opset that was asked for."""
    out = saved.parent / "new" / "m.onnx"
    assert chainrule("export", saved, "-o", out, "--opset", "15") == (0, f"Written: {out}\n", "")
    beside = saved.with_suffix(".onnx")
    assert chainrule("export", saved) == (0, f"Written: {beside}\n", "")
    clf = cr.load(saved)
    for path in (out, beside):
        probabilities, label = by_onnxruntime(path, X)
        np.testing.assert_allclose(probabilities, clf.predict_proba(X), rtol=1e-13)
        assert label.tolist() == clf.predict(X).tolist()


def test_a_network_is_written(chainrule, tmp_path):
    """A file of a network and its theta, in the dtype of theta."""
    net = cr.Network([Dense(3, "silu"), Dense(2, "softmax")], 2, "cross_entropy")
    theta = net.initial_theta(0, np.float32)
    cr.save(tmp_path / "net.safetensors", net, theta)
    assert chainrule("export", tmp_path / "net.safetensors")[0] == 0
    (Y,) = by_onnxruntime(tmp_path / "net.onnx", X.astype(np.float32))
    np.testing.assert_allclose(Y, net.predict(theta, X), rtol=1e-5)


def refused(chainrule, tmp_path, *words):
    """Run a command that is refused, and return its sentence: the old file stays, and no other appears."""
    (tmp_path / "m.onnx").write_text("old")
    before = sorted(tmp_path.iterdir())
    code, out, err = chainrule("export", *words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert (tmp_path / "m.onnx").read_text() == "old"
    assert sorted(tmp_path.iterdir()) == before
    return err


def test_a_part_of_ones_own_is_refused(chainrule, tmp_path):
    """Code is in no file, so there is nothing that could be written as ONNX."""
    net = cr.Network([Dense(1, SQUARE)], 2)
    cr.save(tmp_path / "own.safetensors", net, net.initial_theta(0))
    assert "'square'" in refused(chainrule, tmp_path, tmp_path / "own.safetensors", "-o", tmp_path / "m.onnx")


@pytest.mark.parametrize("opset", ["12", "1000"])
def test_an_opset_that_there_is_not_is_refused(opset, chainrule, saved, tmp_path):
    """The sentence names the bounds."""
    assert "opset must be" in refused(chainrule, tmp_path, saved, "-o", tmp_path / "m.onnx", "--opset", opset)


def test_without_onnx_the_sentence_says_how_to_get_it(chainrule, saved, tmp_path, monkeypatch):
    """The command of pip, in quotes that every shell needs for the brackets."""
    monkeypatch.setitem(sys.modules, "onnx", None)
    sentence = refused(chainrule, tmp_path, saved, "-o", tmp_path / "m.onnx")
    assert sentence == "Error: Missing library onnx. Install it: pip install 'chainrule[onnx]'.\n"


def test_the_model_is_not_written_over(chainrule, saved, tmp_path):
    """An output that is the input is refused before anything is read."""
    before = saved.read_bytes()
    assert "it is read as well" in refused(chainrule, tmp_path, saved, "-o", saved)
    assert saved.read_bytes() == before


@pytest.mark.parametrize("folder", [".", "..", "/"])
def test_a_folder_is_refused(folder, chainrule, tmp_path):
    """Also one whose name could not take a suffix."""
    assert "is a directory. Name a file in it." in refused(chainrule, tmp_path, folder)


@pytest.mark.parametrize("name", ["m.safetensors", "m", "m.pkl"])
def test_another_suffix_is_refused(name, chainrule, saved, tmp_path):
    """The file is an ONNX file by its name."""
    assert "Name it m.onnx" in refused(chainrule, tmp_path, saved, "-o", tmp_path / "new" / name)
