"""Network files of before, .npz: they come back bit for bit, and what is not of our making is refused by a sentence."""

from __future__ import annotations

import io
import json
import pickle
import re
import struct
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import chainrule as cr
from chainrule import Dense, InvalidFile, Network
from chainrule.models.network_description import describe
from chainrule.models.npz_file import LARGEST_HEADER

NET = Network([Dense(3, "tanh"), Dense(1, "sigmoid", bias=False)], n_features=2, loss="log_loss")
THETA = NET.initial_theta(0)


def write(path, net, theta):
    """Write a file as ``save`` did before."""
    header = {"format": "chainrule network", "version": 1, **describe(net), "dtype": str(theta.dtype)}
    np.savez(path, header=np.frombuffer(json.dumps(header, indent=1).encode(), np.uint8), theta=theta)
    return path


@pytest.fixture
def path(tmp_path):
    return tmp_path / "net.npz"


@pytest.fixture
def saved(path):
    """A good file of NET."""
    return write(path, NET, THETA)


def refusal(path, **options):
    """Return the sentence that refuses a file; nothing but InvalidFile may come out."""
    with pytest.raises(InvalidFile) as refused:
        cr.load(path, **options)
    assert str(path) in str(refused.value)
    return str(refused.value)


def read_entries(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write_entries(path, entries, compression=zipfile.ZIP_STORED):
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name), content, compression)
    return path


def npy(array, **options):
    """Return the bytes of an .npy file."""
    stream = io.BytesIO()
    np.save(stream, array, **options)
    return stream.getvalue()


def preamble(text, data=b"", version=(1, 0)):
    """Return the bytes of an .npy file whose preamble says ``text``."""
    size = struct.pack("<H" if version == (1, 0) else "<I", len(text))
    return b"\x93NUMPY" + bytes(version) + size + text.encode("latin1") + data


def with_header(path, change):
    """Rewrite the JSON header of a good file: ``change`` edits it, or returns another, or the bytes themselves."""
    entries = read_entries(path)
    header = json.loads(np.load(io.BytesIO(entries["header.npy"])).tobytes())
    changed = change(header)
    header = header if changed is None else changed
    content = header if isinstance(header, bytes) else json.dumps(header).encode()
    return write_entries(path, {**entries, "header.npy": npy(np.frombuffer(content, np.uint8))})


# --- what cannot be read ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_file_of_before_is_read(dtype, path):
    """The network and theta come back to the bit, in theta's dtype."""
    theta = NET.initial_theta(1, dtype)
    net, back = cr.load(write(path, NET, theta))
    assert net == NET
    assert (theta.dtype, theta.tobytes()) == (back.dtype, back.tobytes())
    assert back.flags.writeable


def test_file_without_dropout_fields_drops_nothing(saved):
    """The first files say nothing of dropout: they load, with rates of 0, as the same network."""

    def forget(header):
        del header["input_dropout"]
        for layer in header["layers"]:
            del layer["dropout"]

    with_header(saved, forget)

    net, _ = cr.load(saved)
    assert net == NET
    assert net.dropout_rates == (0.0, 0.0)


FOREIGN = {
    "empty": b"",
    "text": b"theta = [1, 2, 3]\n" * 20,
    "JSON": b'{"format": "chainrule network", "version": 1}',
    "PNG": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(200),
    "npy": npy(np.arange(12.0)),
    "pickle": pickle.dumps({"theta": [1.0, 2.0]}),
    "zeros": bytes(1000),
    "end of a zip alone": b"PK\x05\x06" + bytes(18),
    "local header alone": b"PK\x03\x04" + bytes(60),
}


@pytest.mark.parametrize("content", FOREIGN.values(), ids=FOREIGN)
def test_foreign_files_are_refused(content, path):
    """What is no archive of two arrays is no network."""
    path.write_bytes(content)

    assert re.search("not a chainrule (network|model)|is a pickle", refusal(path))


def test_foreign_archives_are_refused(path):
    """Archives of other things are told by what they hold."""
    np.savez(path, weights=np.ones(3), theta=THETA)
    assert f"{path} is not a chainrule network: it holds weights.npy, theta.npy." == refusal(path)
    np.savez(path)
    assert f"{path} is not a chainrule network: it holds nothing." == refusal(path)
    write_entries(path, {"readme.txt": b"hello"})
    assert f"{path} is not a chainrule network: it holds readme.txt." == refusal(path)
    np.savez(path, header=np.ones(3), theta=THETA)
    assert f"{path} is damaged: header.npy is no array of uint8" in refusal(path)
    write_entries(path, {"header.npy": b"text", "theta.npy": b"text"})
    assert f"{path} is damaged: header.npy is no array of uint8" in refusal(path)


def test_file_cut_short_anywhere_is_refused(saved):
    """Cut at every 64th byte, and at each of the last hundred, a file is refused."""
    whole = saved.read_bytes()
    for length in {*range(0, len(whole), 64), *range(len(whole) - 100, len(whole))}:
        saved.write_bytes(whole[:length])
        refusal(saved)


@pytest.mark.parametrize("flip", [0xFF, 0x01, 0x20, 0x80, 0x17])
def test_flipped_byte_is_refused_or_harmless(flip, saved):
    """One wrong byte, wherever it is, is noticed, or was in a place that says nothing of the network."""
    whole = saved.read_bytes()
    for place in range(0, len(whole), 1 if flip == 0xFF else 3):
        saved.write_bytes(whole[:place] + bytes([whole[place] ^ flip]) + whole[place + 1 :])
        try:
            net, theta = cr.load(saved)
        except InvalidFile:
            continue
        assert net == NET
        assert THETA.tobytes() == theta.tobytes()


@given(data=st.data())
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_several_wrong_bytes_are_refused_or_harmless(data, path):
    """So are several at once, bytes left out, and bytes put in."""
    write(path, NET, THETA)
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(content) - 1))
        replacement = data.draw(st.binary(max_size=3))
        content[place : place + data.draw(st.integers(0, 3))] = replacement
    path.write_bytes(content)

    try:
        net, theta = cr.load(path)
    except InvalidFile:
        return
    assert net == NET
    assert THETA.tobytes() == theta.tobytes()


@given(data=st.data())
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_preamble_of_any_text_is_refused(data, path):
    """Whatever an .npy preamble says, with the archive's checksums right, it is refused or means the same array."""
    words = [
        "{", "}", "(", ")", "[", "]", ",", ":", "'", "-", " ", "\n", "#", "\\", "1", "12", "'descr'", "'<f8'", "'|O'",
        "'a8'", "'fortran_order'", "'shape'", "False", "True", "None", "L", "9" * 30, "0x", "é", "\t", '"""', "\0", "=",
    ]  # fmt: skip
    text = "{'descr': '<f8', 'fortran_order': False, 'shape': (12,), }"
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(text)))
        text = text[:place] + data.draw(st.sampled_from(words)) + text[place + data.draw(st.integers(0, 8)) :]
    write(path, NET, THETA)
    theta_entry = preamble(text + " \n", THETA.tobytes(), data.draw(st.sampled_from([(1, 0), (2, 0), (3, 0)])))
    write_entries(path, {**read_entries(path), "theta.npy": theta_entry})

    try:
        _, theta = cr.load(path)
    except InvalidFile:
        return
    assert THETA.tobytes() == theta.tobytes()


# --- hostile files ------------------------------------------------------------------------------------------------


class Trap:
    """Unpickling this makes a file."""

    def __init__(self, target):
        self.target = target

    def __reduce__(self):
        return (Path.touch, (self.target,))


@pytest.mark.parametrize("name", ["header.npy", "theta.npy"])
def test_pickles_are_never_opened(name, saved, tmp_path):
    """An object array runs code when it is unpickled: it is refused unopened."""
    sprung = tmp_path / "sprung"
    trap = npy(np.array([Trap(sprung)], dtype=object), allow_pickle=True)
    pickle.loads(pickle.dumps(Trap(sprung)))  # noqa: S301  # the trap works
    assert sprung.exists()
    sprung.unlink()

    write_entries(saved, {**read_entries(saved), name: trap})

    assert f"{saved} is damaged: {name} is no array of" in refusal(saved)
    assert not sprung.exists()


def huge(header):
    header["layers"][0]["n_outputs"] = 10**12
    header["n_parameters"] = 3 * 10**12 + 10**12


def test_header_that_claims_terabytes_is_refused(saved):
    """A network of 10¹² units is described in no time, and its theta found missing, without memory for it."""
    assert "theta has shape (12,), its network 4000000000000 parameters" in refusal(with_header(saved, huge))


@pytest.mark.parametrize("length", [10**12, 2**62, 2**64, 10**30])
def test_theta_that_claims_terabytes_is_refused(length, saved):
    """A preamble may claim any shape: what is not there is not allocated."""
    text = f"{{'descr': '<f8', 'fortran_order': False, 'shape': ({length},), }}\n"
    write_entries(saved, {**read_entries(saved), "theta.npy": preamble(text, THETA.tobytes())})

    assert f"theta.npy would unpack to {8 * length} bytes, at most 96 are right" in refusal(saved)


def test_header_and_theta_that_claim_terabytes_together_are_refused(saved):
    """Even where both agree, no more is read than the file holds."""
    with_header(saved, huge)
    text = "{'descr': '<f8', 'fortran_order': False, 'shape': (4000000000000,), }\n"
    write_entries(saved, {**read_entries(saved), "theta.npy": preamble(text, THETA.tobytes())})

    assert "theta.npy promises 32000000000000 bytes and holds only 96" in refusal(saved)


@pytest.mark.parametrize(
    "shape",
    [
        *("(-12,)", "(-1, -12)", "(-3, -4)", "(12, 1)", "(3, 4)", "()", "(0,)", "(10**3,)", "(12.0,)", "(True,)", "12"),
        *("(" + "1, " * 80 + "12)", "(" + "9" * 40 + ", 0)", "(0, -1)", "('12',)", "[12]", "(11,)", "(13,)"),
    ],
)
def test_theta_of_another_shape_is_refused(shape, saved):
    """Negative, many-dimensional, absurd: theta is flat and as long as its network needs."""
    for text in (
        f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}\n",
        f"{{'descr': '<f8', 'fortran_order': True, 'shape': {shape}, }}\n",
    ):
        write_entries(saved, {**read_entries(saved), "theta.npy": preamble(text, THETA.tobytes())})
        refusal(saved)


@pytest.mark.parametrize("shape", ["(-1, -4)", "(" + "1, " * 80 + "4)", "(" + "9" * 40 + ", 0)", "(2000000,)"])
def test_header_of_another_shape_is_refused(shape, saved):
    """So is the header's own array."""
    text = f"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}\n"
    write_entries(saved, {**read_entries(saved), "header.npy": preamble(text, b"null")})
    refusal(saved)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "(" * 3000,
        "{'descr': '<f8', 'fortran_order': False, 'shape': (12,)",
        "{'descr': '>f8', 'fortran_order': False, 'shape': (12,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (24,), }",
        "{'descr': '<i8', 'fortran_order': False, 'shape': (12,), }",
        "{'descr': '|O', 'fortran_order': False, 'shape': (12,), }",
        "{'descr': 'a8', 'fortran_order': False, 'shape': (12,), }",
        "{'descr': [('x', '<f8')], 'fortran_order': False, 'shape': (12,), }",
        "{'descr': (), 'fortran_order': False, 'shape': (12,), }",
        "{[]: 1}",
        "{'descr': __import__('os').system('true'), 'fortran_order': False, 'shape': (12,), }",
        "  x\n y",
        "'''",
        "é\0",
    ],
)
def test_preamble_that_is_not_ours_is_refused(text, saved):
    """Half a dictionary, other dtypes, or no Python at all: refused without a warning."""
    for version in ((1, 0), (2, 0), (3, 0), (9, 9)):
        write_entries(saved, {**read_entries(saved), "theta.npy": preamble(text, THETA.tobytes(), version)})
        assert f"{saved} is damaged: theta.npy is no array of float64" in refusal(saved)


@pytest.mark.parametrize("compression", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
@pytest.mark.parametrize("name", ["header.npy", "theta.npy"])
def test_compressed_entries_are_refused_before_they_are_inflated(name, compression, saved, monkeypatch):
    """A small file that would unpack to a large one is not unpacked."""
    entries = read_entries(saved)
    bomb = entries[name] + bytes(10_000_000)
    with zipfile.ZipFile(saved, "w") as archive:
        for entry, content in entries.items():
            if entry == name:
                archive.writestr(entry, bomb, compression)
            else:
                archive.writestr(entry, content)
    opened = []
    plain_open = zipfile.ZipFile.open
    monkeypatch.setattr(
        zipfile.ZipFile, "open", lambda self, entry, *rest: opened.append(entry) or plain_open(self, entry, *rest)
    )

    assert f"{saved} is not as chainrule wrote it: {name} is compressed. Save the network again." == refusal(saved)
    assert name not in opened


def test_numpy_s_compressed_file_is_refused_the_same_way(saved):
    """np.savez_compressed of the right arrays is told to be saved again."""
    with np.load(saved) as arrays:
        contents = dict(arrays)
    np.savez_compressed(saved, **contents)

    assert "header.npy is compressed. Save the network again." in refusal(saved)


def test_more_data_than_promised_is_refused(saved):
    """An entry that goes on after its array is not as we wrote it."""
    entries = read_entries(saved)
    write_entries(saved, {**entries, "theta.npy": entries["theta.npy"] + b"x"})

    assert f"{saved} is damaged: theta.npy promises 96 bytes and holds more." == refusal(saved)


def test_header_larger_than_a_mebibyte_is_refused(saved):
    """A header is small."""
    with_header(saved, lambda header: json.dumps(header).encode() + b" " * (1 << 20))

    assert "header.npy would unpack to" in refusal(saved)


def test_encrypted_entries_are_refused(saved):
    """An archive that asks for a password is no network of ours."""
    content = bytearray(saved.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + offset] |= 1
    saved.write_bytes(content)

    assert "is damaged, cut short, or not a chainrule network" in refusal(saved)


def test_offsets_beyond_the_file_are_refused(saved):
    """A directory whose 64-bit offsets point nowhere ends in the same sentence."""
    entries = read_entries(saved)
    for offset in (2**62, 2**63, 2**64 - 1):
        with zipfile.ZipFile(saved, "w") as archive:
            for name, content in entries.items():
                archive.writestr(name, content)
            for info in archive.filelist:
                info.header_offset = offset
        refusal(saved)


def test_names_that_are_no_unicode_are_refused(saved):
    """An archive that promises UTF-8 names and breaks the promise is refused."""
    content = bytearray(saved.read_bytes())
    directory = content.index(b"PK\x01\x02")
    content[directory + 9] |= 0x08
    content[directory + 46] = 0xFF
    saved.write_bytes(content)

    refusal(saved)


def test_two_entries_of_one_name_are_refused(saved):
    """Nobody could say which of two thetas is the right one."""
    entries = read_entries(saved)
    with zipfile.ZipFile(saved, "w") as archive:
        archive.writestr("header.npy", entries["header.npy"])
        archive.writestr("theta.npy", entries["theta.npy"])
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("theta.npy", npy(2 * THETA))

    assert "it holds header.npy, theta.npy, theta.npy" in refusal(saved)


# --- headers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [0, 2, "1", None, [1], 10**40])
def test_other_versions_are_refused(version, saved):
    """A file of another version of the format says which, and what to do."""
    with_header(saved, lambda header: header.update(version=version))

    assert (
        f"{saved} is in version {version!r} of the format, this chainrule reads 1. "
        "Update chainrule, or save the network again." == refusal(saved)
    )


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"not JSON",
        b"{",
        b"\xff\xfe\xfd",
        b"\x80abc",
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"format": ' + b"9" * 5000 + b"}",
    ],
    ids=["empty", "text", "half", "UTF-16", "no UTF-8", "deep list", "deep dict", "long integer"],
)
def test_header_that_is_no_json_is_refused(header, saved):
    """Broken, endless or bottomless: a header that cannot be parsed is no header."""
    with_header(saved, lambda _: header)

    assert f"{saved} is damaged: its header is no JSON text" in refusal(saved)


@pytest.mark.parametrize(
    "header", [[], 3, "chainrule network", {}, {"format": "other"}, {"format": ["chainrule network"]}]
)
def test_header_of_something_else_is_refused(header, saved):
    """JSON that does not say what it is, is not ours."""
    with_header(saved, lambda _: json.dumps(header).encode())

    assert f"{saved} is not a chainrule network: its header does not say so." == refusal(saved)


def drop(*keys):
    """Return a change that takes an entry out of the header."""

    def change(header):
        for key in keys[:-1]:
            header = header[key]
        del header[keys[-1]]

    return change


def put(value, *keys):
    """Return a change that puts a value into the header."""

    def change(header):
        for key in keys[:-1]:
            header = header[key]
        header[keys[-1]] = value

    return change


PLACES = [
    ("n_features",),
    ("loss",),
    ("layers",),
    ("layers", 0),
    ("layers", 1, "n_outputs"),
    ("layers", 0, "activation"),
    ("layers", 0, "bias"),
    ("layers", 1, "weight_init"),
    ("layers", 0, "bias_init"),
    ("n_parameters",),
    ("dtype",),
]
NONSENSE = [
    None,
    -1,
    0,
    1.5,
    "nonsense",
    "",
    [],
    [[]],
    {},
    {"own": []},
    {"own": None},
    {"own": "x"},
    float("nan"),
    10**4000,
]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: ".".join(map(str, place)))
def test_header_with_nonsense_anywhere_is_refused(place, saved):
    """Whatever stands in a header's place, or does not, it is told, and never more than a sentence."""
    whole = saved.read_bytes()
    for change in (drop(*place), *(put(value, *place) for value in NONSENSE)):
        saved.write_bytes(whole)
        with_header(saved, change)
        refusal(saved)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (put(13, "n_parameters"), "is damaged: its layers have 12 parameters, its header says 13."),
        (put("12", "n_parameters"), "is damaged: its layers have 12 parameters, its header says '12'."),
        (put("float16", "dtype"), "is damaged: theta cannot have dtype 'float16'."),
        (put("object", "dtype"), "is damaged: theta cannot have dtype 'object'."),
        (put("float32", "dtype"), "is damaged: theta.npy is no array of float32"),
        (put("tanhh", "layers", 0, "activation"), "does not describe a network (Unknown activation 'tanhh'."),
        (put("cross_entropy", "loss"), "does not describe a network (Cannot use loss 'cross_entropy' on sigmoid"),
        (
            put("normal(-1)", "layers", 0, "weight_init"),
            "does not describe a network (Cannot use 'normal(-1)': std must be a finite number ≥ 0",
        ),
        (put(3, "n_features"), "is damaged: its layers have 15 parameters, its header says 12."),
    ],
)
def test_damage_in_a_header_is_named(change, sentence, saved):
    """The sentence says what is wrong with the header."""
    with_header(saved, change)

    assert sentence in refusal(saved)


def test_unknown_keys_are_ignored(saved):
    """A header may say more than we ask."""
    with_header(saved, put("made by hand", "comment"))

    assert cr.load(saved)[0] == NET


def test_deepest_layers_fit_into_a_header():
    """The largest header we read has room for a thousand layers."""
    net = Network([Dense(3, "leaky_relu", weight_init="glorot_sigmoid")] * 1000, n_features=3)
    header = json.dumps(describe(net), indent=1)

    assert len(header) < LARGEST_HEADER / 2


def test_loading_needs_no_recursion_to_spare(saved):
    """A deep header is refused in a shallow stack, too."""
    with_header(saved, lambda _: b"[" * 900 + b"]" * 900)
    limit = sys.getrecursionlimit()
    try:
        sys.setrecursionlimit(400)
        refusal(saved)
    finally:
        sys.setrecursionlimit(limit)
