"""Model files: networks come back bit for bit, files are written whole, and what is no model is told in a sentence."""

from __future__ import annotations

import contextlib
import json
import os
import socket
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors import safe_open

import chainrule as cr
from chainrule import Activation, Dense, Initializer, InvalidFile, InvalidValue, Loss, Network
from chainrule.maths.activations import ACTIVATIONS
from chainrule.maths.initializers import INITIALIZERS
from chainrule.maths.losses import LOSSES
from chainrule.models.network_description import describe
from chainrule.models.safetensors_file import pack

NET = Network([Dense(3, "tanh"), Dense(1, "sigmoid", bias=False)], n_features=2, loss="log_loss")
THETA = NET.initial_theta(0)

sine = Activation("sine", np.sin, lambda dA, Z, A: dA * np.cos(Z))
fourth = Loss("fourth", lambda Y, T: ((Y - T) ** 4).sum(axis=1), lambda Y, T: 4 * (Y - T) ** 3)
ones = Initializer("ones", lambda generator, n_in, n_out, shape: np.ones(shape))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "net.safetensors"


@pytest.fixture
def saved(path):
    """A good file of NET."""
    cr.save(path, NET, THETA)
    return path


def refusal(path, **options):
    """Return the sentence that refuses a file; nothing but InvalidFile may come out."""
    with pytest.raises(InvalidFile) as refused:
        cr.load(path, **options)
    assert str(path) in str(refused.value)
    return str(refused.value)


# --- there and back -----------------------------------------------------------------------------------------------


def round_trip(path, net, theta, **options):
    cr.save(path, net, theta)
    found, back = cr.load(path, **options)

    assert net == found
    assert repr(net) == repr(found)
    np.testing.assert_array_equal(np.asarray(theta), back)
    assert back.flags.writeable
    assert back.flags.owndata
    return found, back


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_comes_back(activation, dtype, path):
    """Hidden or last, every built-in activation is found again, with theta in the dtype it had."""
    net = Network([Dense(3, activation), Dense(2, activation, bias=False)], n_features=4)
    theta = net.initial_theta(1, dtype)

    found, back = round_trip(path, net, theta)

    assert dtype == back.dtype
    X = np.random.RandomState(0).normal(size=(5, 4)).astype(dtype)
    np.testing.assert_array_equal(net.predict(theta, X), found.predict(back, X))


@pytest.mark.parametrize(
    ("loss", "activation"),
    [(loss, {"log_loss": "sigmoid", "cross_entropy": "softmax", "poisson": "exp"}.get(loss, "tanh")) for loss in LOSSES]
    + [("huber(0.3)", "identity"), ("quantile(0.9)", "identity")],
)
def test_every_loss_comes_back(loss, activation, path):
    """Every built-in loss is found again, with its number, and the pair is fused as before."""
    net = Network([Dense(2, activation)], n_features=3, loss=loss)

    found, _ = round_trip(path, net, net.initial_theta(0))

    assert (net.loss, net.fused) == (found.loss, found.fused)


@pytest.mark.parametrize("initializer", [*INITIALIZERS, "normal(0.58)", "normal(1e-17)", "uniform(0.1)", "uniform(3)"])
def test_every_initialiser_comes_back(initializer, path):
    """Initialisers are found again, with their numbers: a second start is drawn alike."""
    bias_init = "zeros" if initializer == "orthogonal" else initializer
    net = Network([Dense(3, weight_init=initializer, bias_init=bias_init)], n_features=2)

    found, _ = round_trip(path, net, net.initial_theta(0))

    np.testing.assert_array_equal(net.initial_theta(5), found.initial_theta(5))


def test_theta_comes_back_bit_for_bit(path):
    """Subnormals, the largest and −0 are kept as they are."""
    theta = np.array([np.finfo(np.float64).max, 5e-324, -0.0, 1 / 3, 1e308, -1.0, np.pi, 0.0, 2.0**-1074])
    net = Network([Dense(3)], n_features=2)

    _, back = round_trip(path, net, theta)

    assert theta.tobytes() == back.tobytes()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_network_that_cannot_compute_is_neither_saved_nor_loaded(value, saved):
    """The first weight that is not finite is named; the old file stays."""
    theta, before = THETA.copy(), saved.read_bytes()
    theta[4] = value
    with pytest.raises(InvalidValue, match=rf"Cannot save .* that cannot compute: W\[1, 1\] of layer 1 is {value}"):
        cr.save(saved, NET, theta)
    assert before == saved.read_bytes()

    saved.write_bytes(pack({"kind": "network", "network": describe(NET)}, {"theta": theta}))
    assert f"holds a network that cannot compute: W[1, 1] of layer 1 is {value}. Train" in refusal(saved)


@pytest.mark.parametrize("theta", [[1, 2, 3], (1.0, 2.0, 3.0), np.arange(6.0)[::2], np.arange(3, dtype=">f8")])
def test_any_theta_can_be_saved(theta, path):
    """Lists, integers, strided views and foreign byte orders are saved as the numbers they are."""
    _, back = round_trip(path, Network([Dense(1)], n_features=2), theta)

    assert np.float64 == back.dtype


def test_network_of_one_weight_and_of_many_layers(path):
    """One weight, or a hundred layers."""
    round_trip(path, Network([Dense(1, bias=False)], n_features=1), [7.0])
    deep = Network([Dense(2, "relu", weight_init="he")] * 100, n_features=2)
    round_trip(path, deep, deep.initial_theta(0))


def test_large_theta_comes_back(path):
    """More than the reader takes at once."""
    net = Network([Dense(600)], n_features=500)
    round_trip(path, net, net.initial_theta(0))


@given(
    sizes=st.lists(st.integers(1, 6), min_size=2, max_size=5),
    activation=st.sampled_from(list(ACTIVATIONS)),
    bias=st.booleans(),
    dtype=st.sampled_from([np.float32, np.float64]),
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_network_comes_back(sizes, activation, bias, dtype, path):
    """Whatever the sizes, a network and its theta survive the file."""
    net = Network([*(Dense(n, activation, bias) for n in sizes[1:]), Dense(2)], n_features=sizes[0])
    round_trip(path, net, net.initial_theta(0, dtype))


def test_own_parts_come_back_when_they_are_passed(path):
    """Parts of one's own are stored by name, and taken from own=[…] in any order."""
    net = Network([Dense(3, sine, weight_init=ones), Dense(1, "tanh", bias_init=ones)], n_features=2, loss=fourth)
    others = [Activation("other", np.cos, np.cos), Loss("sine", fourth.value, fourth.gradient)]

    found, _ = round_trip(path, net, net.initial_theta(0), own=[*others, ones, fourth, sine])

    assert (sine, fourth, ones) == (found.layers[0].activation, found.loss, found.layers[0].weight_init)


@pytest.mark.parametrize(
    ("missing", "kind"),
    [(sine, "activation"), (fourth, "loss"), (ones, "initializer")],
    ids=lambda part: str(part)[:20],
)
def test_missing_own_part_is_named(missing, kind, path):
    """Loading without one of them says which is missing and how to pass it."""
    net = Network([Dense(3, sine, weight_init=ones), Dense(1)], n_features=2, loss=fourth)
    cr.save(path, net, net.initial_theta(0))

    assert (
        f"{path} uses the {kind} {missing.name!r} of your own, and code is never stored in a file. "
        "Pass it: cr.load(path, own=[...])."
    ) == refusal(path, own=[part for part in (sine, fourth, ones) if part is not missing])


def test_own_part_with_a_built_in_name_is_not_mistaken_for_it(path):
    """An own activation called "tanh" is asked for, and never replaced by ours."""
    mine = Activation("tanh", np.sin, lambda dA, Z, A: dA * np.cos(Z))
    net = Network([Dense(1, mine, weight_init=Initializer("normal(0.5)", ones.draw))], n_features=2)
    cr.save(path, net, [1, 2, 3])

    assert "uses the activation 'tanh' of your own" in refusal(path)
    assert "uses the initializer 'normal(0.5)' of your own" in refusal(path, own=[mine])
    round_trip(path, net, [1, 2, 3], own=[mine, net.layers[0].weight_init])


# --- how it is written --------------------------------------------------------------------------------------------


def test_two_saves_are_byte_identical(tmp_path):
    """No time of day is in the file."""
    for name in ("one.safetensors", "other.safetensors"):
        cr.save(tmp_path / name, NET, THETA)

    assert (tmp_path / "one.safetensors").read_bytes() == (tmp_path / "other.safetensors").read_bytes()


def test_file_is_read_by_others(saved):
    """safetensors opens it: theta, and a description in JSON that says what it is and who wrote it."""
    with safe_open(saved, "np") as file:
        assert list(file.keys()) == ["theta"]
        np.testing.assert_array_equal(THETA, file.get_tensor("theta"))
        description = json.loads(file.metadata()["chainrule"])

    assert [description[key] for key in ("format", "version", "kind")] == ["chainrule model", 1, "network"]
    assert [layer["activation"] for layer in description["network"]["layers"]] == ["tanh", "sigmoid"]
    assert description["versions"]["numpy"] == np.__version__


@pytest.mark.parametrize("as_path", [str, Path])
def test_path_may_be_text_or_path(as_path, path):
    """A path is a str or a pathlib.Path, its suffix in any case."""
    target = as_path(path.with_suffix(".SafeTensors"))

    cr.save(target, NET, THETA)

    assert cr.load(target)[0] == NET
    assert [file.name for file in path.parent.iterdir()] == ["net.SafeTensors"]


@pytest.mark.parametrize("name", ["net", "net.npz", "net.pkl", "net.safetensors.bak", ".safetensors"])
def test_another_suffix_is_refused(name, tmp_path):
    """There is one format to write, and the sentence says its name."""
    with pytest.raises(InvalidFile, match=r"models are saved as \.safetensors\. Name it .*\.safetensors\.$"):
        cr.save(tmp_path / name, NET, THETA)

    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["net.npz", "net", "net.txt"])
def test_a_file_is_read_whatever_its_name(name, saved):
    """What it is stands in it."""
    other = saved.rename(saved.with_name(name))
    assert cr.load(other)[0] == NET


def test_folders_are_made(tmp_path):
    """Folders that do not exist are made on the way."""
    deep = tmp_path / "a" / "b" / "net.safetensors"

    cr.save(deep, NET, THETA)

    assert cr.load(deep)[0] == NET


def test_saving_again_replaces_the_file(saved):
    """The newer network is there, alone."""
    other = Network([Dense(1)], n_features=1)

    cr.save(saved, other, [1.0, 2.0])

    assert other == cr.load(saved)[0]
    assert [saved] == list(saved.parent.iterdir())


def test_saved_file_can_be_read_by_others(saved):
    """The file has the permissions of a file, not of a temporary one."""
    assert saved.stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt(), RuntimeError("boom")])
def test_failing_write_leaves_the_old_file_and_nothing_else(error, saved, monkeypatch):
    """Whatever goes wrong in the middle, the old file is as it was and no half file lies about."""
    before = saved.read_bytes()

    def fail(*arguments):
        raise error

    monkeypatch.setattr(Path, "replace", fail)
    at_the_disk = isinstance(error, OSError)
    with pytest.raises(InvalidFile if at_the_disk else type(error)) as raised:
        cr.save(saved, NET, 2 * THETA)

    if at_the_disk:
        assert f"Cannot write {saved}: the disk is full. Make room and try again." == str(raised.value)
    assert before == saved.read_bytes()
    assert [saved] == list(saved.parent.iterdir())


def test_a_library_that_writes_other_numbers_is_noticed(saved, monkeypatch):
    """What was written is read and compared before it takes the old file's place."""
    before, whole = saved.read_bytes(), safetensors.numpy.save
    monkeypatch.setattr(safetensors.numpy, "save", lambda _, metadata: whole({"theta": THETA[::-1].copy()}, metadata))
    with pytest.raises(cr.ChainruleError, match="does not give back the arrays that it was given: nothing was written"):
        cr.save(saved, NET, THETA)

    assert before == saved.read_bytes()


def test_unusable_theta_is_refused_before_anything_is_written(path):
    """A theta of another network writes no file."""
    with pytest.raises(InvalidValue, match=r"theta must have shape \(12,\) for this network, got \(3,\)"):
        cr.save(path, NET, [1, 2, 3])

    assert not path.exists()


def test_folder_cannot_be_written_over(tmp_path):
    """A folder is no file to save to, and stays as it was."""
    folder = tmp_path / "folder"
    (folder / "inside").mkdir(parents=True)

    with pytest.raises(InvalidFile, match=r"Cannot write .*folder: Is a directory|Cannot write .*folder: "):
        cr.save(folder, NET, THETA)

    assert [folder] == list(tmp_path.iterdir())


def test_path_through_a_file_is_refused(saved):
    """Where a folder should be and a file is, nothing is written."""
    with pytest.raises(InvalidFile, match="Cannot write"):
        cr.save(saved / "net.safetensors", NET, THETA)


# --- what cannot be read ------------------------------------------------------------------------------------------


def test_missing_file_is_named(path):
    """A file that is not there is not there."""
    assert f"There is no file {path}. Check its name and its folder." == refusal(path)


def test_folder_is_no_file(tmp_path):
    """A folder cannot be read as a network."""
    assert refusal(tmp_path) == f"{tmp_path} is a directory. Name a file in it."


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such files")
def test_only_regular_files_are_read(path):
    """A pipe that nobody writes to, a device without an end and a socket are refused, not waited for."""
    os.mkfifo(path)
    assert refusal(path) == f"{path} is a device or a pipe. Save the data in a file."
    path.unlink()
    path.symlink_to("/dev/zero")
    assert refusal(path) == f"{path} is a device or a pipe. Save the data in a file."
    path.unlink()
    with contextlib.chdir(path.parent), socket.socket(socket.AF_UNIX) as listening:  # a socket's path must be short
        listening.bind(path.name)
        assert refusal(path) == f"{path} is a device or a pipe. Save the data in a file."
