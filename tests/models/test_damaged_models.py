"""Damaged and hostile model files: one sentence or the right model, in bounded memory, and nothing is run."""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import subprocess
import sys
import tempfile
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy

import chainrule as cr
from chainrule import InvalidFile, MLPClassifier, MLPRegressor
from chainrule.models.network_description import describe
from chainrule.models.safetensors_file import LARGEST_HEADER, pack, unpack

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

RANDOM = np.random.RandomState(0)
X = RANDOM.normal(size=(30, 3))
NET = cr.Network([cr.Dense(3, "tanh"), cr.Dense(1, "sigmoid", bias=False)], n_features=2, loss="log_loss")


def fitted():
    labels = np.array(["a", "b", "c"])[[0, 1, 2] * 10]
    return MLPClassifier((4,), max_iter=3, random_state=0, early_stopping=True).fit(X, labels)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The bytes of a classifier's file."""
    path = tmp_path_factory.mktemp("whole") / "model.safetensors"
    cr.save(path, fitted())
    return path.read_bytes()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.safetensors"


def refusal(path, **options):
    """Return the sentence that refuses a file; nothing but InvalidFile may come out."""
    with pytest.raises(InvalidFile) as refused:
        cr.load(path, **options)
    sentence = str(refused.value)
    assert str(path) in sentence
    assert "\n" not in sentence
    assert len(sentence) <= 400
    return sentence


@contextlib.contextmanager
def bounded(n_bytes):
    """What is done allocates no more than this at a time."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < n_bytes
    finally:
        tracemalloc.stop()


def mutated(content, random):
    """Change some bytes, leave some out, put some in, cut, swap two stretches, or double one."""
    data = bytearray(content)
    n_header = 8 + int.from_bytes(content[:8], "little")
    for _ in range(random.randint(1, 4)):
        most = len(data) if random.rand() < 0.5 else min(len(data), n_header)
        place, length = random.randint(most), random.randint(1, 9)
        kind = random.randint(7)
        if kind == 0:
            data[place] ^= 1 << random.randint(8)
        elif kind == 1:
            data[place : place + length] = random.bytes(length)
        elif kind == 2:
            del data[place : place + length]
        elif kind == 3:
            data[place:place] = random.bytes(length)
        elif kind == 4:
            del data[place:]
        elif kind == 5:
            data[place : place + length] = str(10 ** random.randint(20)).encode()
        else:
            other = random.randint(most)
            data[place : place + length] = data[other : other + length]
        if not data:
            break
    return bytes(data)


def test_500_mutated_files_are_refused_or_right(whole, path):
    """Whatever 500 changes do to a file, it is refused by a sentence or the model is the one that was saved."""
    random, told = np.random.RandomState(21), []
    path.write_bytes(whole)
    cr.load(path)  # what is imported once does not count
    for number in range(500):
        content = mutated(whole, random)
        path.write_bytes(content)
        with bounded(2 << 20):
            try:
                back = cr.load(path)
            except InvalidFile as refused:
                back = None
                told.append(str(refused))
        if back is not None:
            path.write_bytes(whole)
            assert vars_of(back) == vars_of(cr.load(path)), number
    assert len(told) > 400
    assert not any("\n" in sentence for sentence in told)


def vars_of(model):
    """All of a model as its file; bytes of pickle also tell which equal texts are one object."""
    with tempfile.TemporaryDirectory() as folder:
        cr.save(f"{folder}/again.safetensors", model)
        return Path(folder, "again.safetensors").read_bytes()


@pytest.mark.parametrize("share", range(8))
def test_every_byte_of_the_arrays_is_sealed(share, whole, path):
    """One bit of one weight, anywhere, and the file says that it was changed."""
    data = bytearray(whole)
    n_header = 8 + int.from_bytes(whole[:8], "little")
    place = n_header + share * (len(whole) - n_header - 1) // 7
    data[place] ^= 1
    path.write_bytes(data)
    assert "was changed after it was saved: its content does not have the SHA-256 that it names" in refusal(path)


@pytest.mark.parametrize(
    ("old", "new"), [(b'\\"alpha\\": 0.0001', b'\\"alpha\\": 0.0002'), (b'\\"b\\", \\"c', b'\\"b\\", \\"d')]
)
def test_what_is_described_is_sealed(old, new, whole, path):
    """So is every parameter and every class."""
    assert whole.count(old)
    path.write_bytes(whole.replace(old, new))
    assert "was changed after it was saved" in refusal(path)


# --- foreign, cut, claiming -----------------------------------------------------------------------------------------

HUGE = {"theta": {"dtype": "F64", "shape": [1 << 28], "data_offsets": [0, 1 << 31]}}


def file_of(header, data=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + data


def claims(version=1, tensors=HUGE, **description):
    return {
        "__metadata__": {"chainrule": json.dumps({"format": "chainrule model", "version": version, **description})},
        **tensors,
    }


def of_one(dtype, shape, offsets):
    tensors = {"t": {"dtype": dtype, "shape": shape, "data_offsets": offsets}}
    return file_of(claims(tensors=tensors), bytes(offsets[1]))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is cut short, or not a chainrule model: it does not begin as a .safetensors file."),
        (b"\0" * 1000, "does not begin as"),
        (b"theta = [1, 2, 3]\n" * 9, "does not begin as"),
        (b"\x89PNG\r\n\x1a\n" + bytes(99), "does not begin as"),
        (pickle.dumps({"theta": [1.0]}), "is a pickle, which runs code when it is opened: chainrule opens none."),
        (pickle.dumps({}, 2), "is a pickle"),
        ((1 << 63).to_bytes(8, "little") + bytes(99), "does not begin as"),
        ((2**31).to_bytes(8, "little") + b"{}", "does not begin as"),
        ((LARGEST_HEADER + 1).to_bytes(8, "little") + b" " * (LARGEST_HEADER + 1), "does not begin as"),
        (file_of(b"{}"), "is a .safetensors file, but not a chainrule model: its metadata does not say so."),
        (file_of(b"[]"), "its header cannot be read"),
        (file_of(b"[" * 100_000), "its header cannot be read"),
        (file_of(b"\xff\xfe{}"), "its header cannot be read"),
        (file_of({"__metadata__": {"chainrule": "[" * 100_000}}), "its header cannot be read"),
        (file_of({"__metadata__": {"chainrule": "{}"}}), "does not say so"),
        (file_of({"__metadata__": None}), "its header cannot be read"),
        (file_of({"__metadata__": {"chainrule": 5}}), "its header cannot be read"),
        (safetensors.numpy.save({"w": np.ones(3)}, {"format": "pt"}), "safetensors.numpy.load_file reads its arrays"),
        (file_of(claims()), "is damaged or cut short: it promises 2147483"),
        (file_of(claims(tensors={"theta": {"data_offsets": "x"}})), "is damaged"),
        (file_of(claims(tensors={"theta": {"data_offsets": [0, -1]}})), "is damaged"),
        (file_of(claims(tensors={"theta": {"data_offsets": [0, 1e400]}})), "is damaged"),
        (file_of(claims(version=2)), "is in version 2 of the format, this chainrule reads 1. Update chainrule, or"),
        (file_of(claims(version=[10**40])), "of the format, this chainrule reads 1."),
        (of_one("BF16", [1], [0, 2]), "is damaged: "),
        (of_one("F64", [2], [0, 8]), "is damaged: "),
        (of_one("F64", [-1], [0, 8]), "is damaged: "),
        (of_one("F64", [1], [8, 16]), "is damaged: "),
        (of_one("|O", [1], [0, 8]), "is damaged: "),
    ],
)  # fmt: skip
def test_foreign_files_are_refused(content, sentence, path):
    """What they are is said, where that can be seen; a claim of any size costs no memory."""
    path.write_bytes(content)
    with bounded(8 << 20):
        assert sentence in refusal(path)


def test_an_onnx_file_is_refused_as_what_it_is(tmp_path):
    """Who has an ONNX file is told that chainrule writes such files and what runs them."""
    (tmp_path / "net.ONNX").write_bytes(b"\x08\x09\x12\x04skl2" + bytes(99))
    assert "is an ONNX file, which chainrule writes and does not read. Run it" in refusal(tmp_path / "net.ONNX")


def test_a_file_cut_short_anywhere_is_refused(whole, path):
    """At every 61st byte, and at each of the last fifty."""
    for length in {*range(0, len(whole), 61), *range(len(whole) - 50, len(whole))}:
        path.write_bytes(whole[:length])
        refusal(path)


LIMITED = """
import resource, sys
import chainrule as cr, sklearn.neural_network, safetensors.numpy, chainrule.models.estimator_file
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + (64 << 20),) * 2)
for path in sys.argv[1:]:
    try:
        cr.load(path)
    except cr.InvalidFile as refused:
        print(refused)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are Linux's")
def test_files_of_two_gigabytes_are_refused_in_little_memory(tmp_path):
    """Holes of two gigabytes, described or not, are told in 64 MiB more than the program has: as sentences."""
    described, good = claims(kind="network", network=describe(NET)), tmp_path / "good.safetensors"
    cr.save(good, NET, NET.initial_theta(0))
    files = {"all as it says": file_of(described), "behind a good one": good.read_bytes(), "no header": b""}
    for name, begin in files.items():
        (tmp_path / name).write_bytes(begin)
        os.truncate(tmp_path / name, len(begin) + (1 << 31))
    (tmp_path / "many lists").write_bytes(file_of(b"[" + b"[]," * (LARGEST_HEADER // 3 - 2) + b"0]"))
    paths = [tmp_path / name for name in (*files, "many lists")]
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, *paths], capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    told = done.stdout.splitlines()
    assert all(str(path) in line for path, line in zip(paths, told, strict=True))
    assert all("needs more memory than there is" in line for line in (told[0], told[3]))


# --- lies that are sealed -------------------------------------------------------------------------------------------


def resealed(content, path, change):
    """Write a file of which a description and arrays were changed by someone who seals them again."""
    path.write_bytes(content)
    with path.open("rb") as file:
        description, tensors = unpack(file, path)
    description = {name: value for name, value in description.items() if name not in ("format", "version")}
    change(description["estimator"]["parameters"], description["estimator"]["fitted"], tensors)
    path.write_bytes(pack(description, tensors))


def put(value, *keys):
    """Return a change that puts a value into what was fitted."""

    def change(_, fitted, __):
        for key in keys[:-1]:
            fitted = fitted[key]
        fitted[keys[-1]] = value

    return change


def tensor(name, make):
    """Return a change of an array."""

    def change(_, __, tensors):
        tensors[name] = make(tensors[name])

    return change


def parameter(name, value):
    """Return a change of a parameter."""
    return lambda parameters, _, __: parameters.update({name: value})


GENERATOR = ("_random_state", "generator", 1)
MEMORY = ("_memory", "Memory")


@pytest.mark.parametrize(
    "change",
    [
        tensor("theta_", lambda one: one[:-1]),
        tensor("theta_", lambda one: one.reshape(-1, 1)),
        tensor("theta_", lambda one: one.astype(np.int64)),
        tensor("theta_", lambda one: one.astype(np.float16)),
        tensor("theta_", lambda one: one.astype(np.float32)),
        tensor("theta_", lambda one: one * np.nan),
        tensor("_memory.state[1]", lambda one: one[:-1]),
        tensor("_memory.state[1]", lambda one: one.astype(np.float32)),
        tensor("_memory.order", lambda one: one + 1),
        tensor("_memory.order", lambda one: one * 0),
        tensor("_memory.order", lambda one: one.astype(np.int32)),
        tensor("_parts[0]", lambda one: one + 10**6),
        tensor("_random_state.key", lambda one: one[:10]),
        tensor("_random_state.key", lambda one: one.astype(np.uint64)),
        put(10**9, *GENERATOR, "pos"),
        put(-1, *GENERATOR, "pos"),
        put(7, *GENERATOR, "has_gauss"),
        put("SFC64", *GENERATOR, "bits"),
        put({"generator": [1]}, "_random_state"),
        put(None, "_random_state"),
        put({"array": "nowhere"}, "theta_"),
        put(5, "theta_"),
        put(None, "network_"),
        lambda _, fitted, __: fitted.pop("t_"),
        lambda _, fitted, __: fitted.pop("validation_scores_"),
        lambda _, fitted, __: fitted["_memory"]["Memory"]["settings"]["SimpleNamespace"].pop("momentum"),
        put(10**12, "network_", "network", "layers", 0, "n_outputs"),
        put(4, "n_features_in_"),
        put("3", "n_outputs_"),
        put(-1, "n_iter_"),
        put("x", "loss_"),
        put([1.0, "x"], "loss_curve_"),
        put({"numbers": [True, "nowhere"]}, "loss_curve_"),
        put("yes", "_compiled"),
        put([1, 2], "classes_"),
        put({"array": ["<U3", [2], ["a", "b"]]}, "classes_"),
        put({"array": ["<U3", [3], ["a", "b"]]}, "classes_"),
        put({"array": ["<U99999999", [1], ["a"]]}, "classes_"),
        put({"array": ["|V8", [1], ["a"]]}, "classes_"),
        put({"array": ["|O", [10**12], []]}, "classes_"),
        put("multi", "_label_binarizer", "LabelBinarizer", "y_type_"),
        put(1, "_label_binarizer", "LabelBinarizer", "inverse_transform"),
        put({"os.system": "touch sprung"}, "loss_"),
        put({"Dense": {"n_outputs": 3}}, "loss_"),
        put({"tuple": [], "dict": []}, "loss_"),
        put({"dict": [[{"dict": []}, 1]]}, "loss_"),
        put({"range": [0, 10**18, 1]}, "extra"),
        put({"scalar": ["object", 1]}, "extra"),
        put({"FormulaPace": {"formula": 1}}, "extra"),
        put({"WarmUp": {"schedule": None, "epochs": -1}}, "extra"),
        put("x", "predict"),
        put("x", "__class__"),
        put("x", "coefs_"),
        put("x", *MEMORY, "rate"),
        put(-1.0, *MEMORY, "rate"),
        put({"float": "nan"}, *MEMORY, "rate"),
        put({"tuple": [1]}, *MEMORY, "state"),
        put(None, *MEMORY, "state"),
        put("x", *MEMORY, "pace"),
        put({"FormulaPace": {"formula": 1, "n_epochs": 2}}, *MEMORY, "pace"),
        put(1.5, *MEMORY, "epochs"),
        put({"array": "_memory.order"}, *MEMORY, "last_theta"),
        put({"Average": {"theta": {"array": "theta_"}, "count": 0}}, *MEMORY, "average"),
        put(5, *MEMORY, "settings"),
        put("adamx", *MEMORY, "settings", "SimpleNamespace", "solver"),
        put(5, *MEMORY, "known"),
        put(1, *MEMORY, "unheard"),
        put({"array": ["|O", [3], ["a", "b", 5]]}, "feature_names_in_"),
        put({"MetadataRequest": {"dict": [["fit", {"dict": [["sample_weight", "no name"]]}]]}}, "_metadata_request"),
        put({"MetadataRequest": {"dict": [["__class__", {"dict": [["x", True]]}]]}}, "_metadata_request"),
        parameter("alpha", -1),
        parameter("solver", "adamx"),
        parameter("unheard", 1),
        parameter("hidden_layer_sizes", {"range": [0, 10**18, 1]}),
        parameter("activation", {"activation": "tanhh"}),
        parameter("random_state", {"generator": [77]}),
    ],
)  # fmt: skip
def test_lies_that_are_sealed_are_refused(change, whole, path, monkeypatch, tmp_path):
    """A stranger may seal anything: what does not fit together is refused, and reaches no kernel and no NumPy."""
    monkeypatch.chdir(tmp_path)
    resealed(whole, path, change)
    with bounded(8 << 20):
        refusal(path)
    assert [path] == list(tmp_path.iterdir())


@pytest.mark.parametrize("dtype", [np.int64, np.float16])
def test_weights_of_another_dtype_are_refused(dtype, path):
    """Also where no optimizer's state is beside them."""
    cr.save(path, MLPRegressor(hidden_layer_sizes=(2,), solver="lbfgs", random_state=0).fit(X, X[:, 0]))
    resealed(path.read_bytes(), path, tensor("theta_", lambda one: one.astype(dtype)))
    assert "theta_ does not fit its network" in refusal(path)


@pytest.mark.parametrize("place", ["class", "parameters", "fitted"])
@pytest.mark.parametrize("value", [None, 5, "x", [], {}, {"x": 1}, [[]], 1e300])
def test_nonsense_in_the_place_of_an_estimator_is_refused(place, value, whole, path):
    """Whatever stands there, it is a sentence."""
    path.write_bytes(whole)
    with path.open("rb") as file:
        description, tensors = unpack(file, path)
    description["estimator"][place] = value
    path.write_bytes(pack({"kind": "estimator", "estimator": description["estimator"]}, tensors))
    if (place, value) == ("parameters", {}):  # all parameters may have been added since
        assert cr.load(path).get_params() == MLPClassifier().get_params()
    else:
        refusal(path)


OF_NET = {"kind": "network", "network": describe(NET)}


@pytest.mark.parametrize(
    ("description", "tensors", "sentence"),
    [
        ({"kind": "network"}, {}, "is damaged: it does not describe a network"),
        ({"kind": "network", "network": 5}, {}, "is damaged: it does not describe a network"),
        ({"kind": "forest"}, {}, "is damaged: it is neither a network nor an estimator."),
        ({"kind": ["network"]}, {}, "is damaged: it is neither a network nor an estimator."),
        (OF_NET, {}, "has 12 parameters, and theta not so many"),
        (OF_NET, {"theta": np.ones(11)}, "and theta not so many"),
        (OF_NET, {"theta": np.ones((12, 1))}, "and theta not so many"),
        (OF_NET, {"theta": np.ones(12), "x": np.ones(1)}, "and theta not so many"),
        (OF_NET, {"theta": np.ones(12, int)}, "theta cannot have dtype int64"),
        (OF_NET | {"network": describe(NET) | {"n_parameters": 10**4000}}, {"theta": np.ones(12)}, "is damaged"),
        (OF_NET | {"network": describe(NET) | {"n_features": 10**4000}}, {"theta": np.ones(12)}, "is damaged"),
    ],
)  # fmt: skip
def test_networks_that_do_not_fit_are_refused(description, tensors, sentence, path):
    """Sealed as it should be, and still not a network."""
    path.write_bytes(pack(description, tensors))
    assert sentence in refusal(path)


def test_a_description_that_could_not_be_read_again_is_not_written(path):
    """Labels of many megabytes are refused when they are saved."""
    labels = np.array(["x" * 9_000_000, "y" * 9_000_000], dtype=object)
    clf = MLPClassifier((2,), max_iter=1, random_state=0).fit(X, labels[[0, 1] * 15])
    with pytest.raises(cr.InvalidValue, match=r"Cannot save .*bytes"):
        cr.save(path, clf)
    assert not path.exists()


def test_many_numbers_are_an_array(path):
    """A curve of ten thousand epochs is 8 bytes an epoch in the file, and the same list again."""
    reg = MLPRegressor(hidden_layer_sizes=(2,), max_iter=1, random_state=0)
    reg.fit(X, X[:, 0])
    reg.loss_curve_ = RANDOM.normal(size=10_000).tolist()
    cr.save(path, reg)
    assert path.stat().st_size < 100_000
    assert cr.load(path).loss_curve_ == reg.loss_curve_
