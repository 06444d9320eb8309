"""The loaders: every kind of file becomes the same table, a bad or hostile one a sentence, before memory is spent."""

from __future__ import annotations

import contextlib
import functools
import io
import os
import pickle
import struct
import subprocess
import sys
import tracemalloc
import zipfile
import zlib

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.io import savemat

from chainrule import datasets
from chainrule.datasets import bounds, foreign_reader, numpy_file, reading_process
from chainrule.errors import ChainruleError, DoubtfulData, InvalidFile, InvalidValue

X = np.array([[1.0, 2], [3, 4.5], [5, 6]])
WORDS = np.array(["rose", "iris", "rose"])
MEBIBYTE = 1 << 20


def refusal(path, error=InvalidFile, loader=datasets.load, **options):
    """The sentence that refuses the file, without its folder; less than 32 MiB are used on the way to it."""
    tracemalloc.start()
    try:
        with pytest.raises(error) as refused:
            loader(path, **options)
        assert tracemalloc.get_traced_memory()[1] < 32 * MEBIBYTE
    finally:
        tracemalloc.stop()
    assert refused.value.__cause__ is None
    folder = path.parent if hasattr(path, "parent") else path[0].parent if path else ""
    return str(refused.value).replace(f"{folder}{os.sep}", "")


def assert_flowers(table, names=("iris", "rose"), features=("x1", "x2")):
    assert np.array_equal(X, table.X)
    assert table.T.tolist() == [1, 0, 1]
    assert (table.X.dtype, table.T.dtype) == (np.float64, np.intp)
    assert (table.feature_names, table.class_names) == (features, names)
    assert table.X.flags.writeable
    assert table.X.flags.c_contiguous


def preamble(descr="'<f8'", shape="(3, 2)", order="False", version=(1, 0)):
    """The beginning of an .npy file, whatever it claims."""
    text = f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY" + bytes(version) + struct.pack("<H" if version == (1, 0) else "<I", len(text)) + text


def npy(array, **options):
    file = io.BytesIO()
    np.save(file, array, **options)
    return file.getvalue()


@pytest.fixture
def write(tmp_path):
    """Write bytes to a file of that name, and return its path."""

    def write_file(name, content):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write_file


@pytest.fixture
def archive(tmp_path):
    """Write an .npz of these entries' bytes, and return its path."""

    def write_archive(compression=zipfile.ZIP_STORED, **entries):
        path = tmp_path / "data.npz"
        with zipfile.ZipFile(path, "w", compression) as file:
            for name, content in entries.items():
                file.writestr(f"{name}.npy", content)
        return path

    return write_archive


@pytest.fixture
def reader_here(monkeypatch):
    """.mat files are read in this process, which is quicker; what is damaged or too large has the reader's own."""

    def run(job, size, file):
        out = io.TextIOWrapper(io.BytesIO())
        with contextlib.redirect_stdout(out):
            foreign_reader._read_mat(**job["mat"])
        return reading_process.Answers(out.buffer.getvalue(), "ended with 0")

    monkeypatch.setattr(foreign_reader, "_limit_memory", lambda n_bytes: None)
    monkeypatch.setattr(reading_process, "run", run)


HERE = pytest.mark.usefixtures("reader_here")


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@pytest.mark.parametrize(
    "inputs",
    [X, X.astype(np.float32), np.asfortranarray(X), X.astype(">f8"), X.astype(np.longdouble)],
    ids=["float64", "float32", "Fortran order", "big-endian", "long double"],
)
def test_npz_brings_x_and_t(tmp_path, save, inputs):
    """Plain and compressed, whatever the order and precision of the numbers, X and T come back the same."""
    path = tmp_path / "flowers.npz"
    save(path, X=inputs, T=WORDS)
    assert_flowers(datasets.load_npz(path))
    assert_flowers(datasets.load_npz(str(path)))


def test_words_that_are_numbers_stay_what_they_are(tmp_path):
    """Texts of whole numbers that float64 cannot tell apart are two classes; so are the labels in a column of .npy."""
    np.savez(tmp_path / "a.npz", X=X[:2], T=[str(2**53 + 1), str(2**53)])
    assert datasets.load(tmp_path / "a.npz").class_names == (str(2**53), str(2**53 + 1))
    np.save(tmp_path / "a.npy", np.array([[1, 2**64 - 1], [2, 2**64 - 2]], dtype=np.uint64))
    assert datasets.load(tmp_path / "a.npy", target="1").class_names == (str(2**64 - 2), str(2**64 - 1))


def test_no_memory_is_a_sentence(tmp_path, monkeypatch):
    """Where the memory ends while a file is read, the sentence says so."""
    np.savez(tmp_path / "a.npz", X=X, T=WORDS)
    monkeypatch.setattr(numpy_file, "make_table", lambda *_, **__: bytes(1 << 62))
    assert refusal(tmp_path / "a.npz") == ("a.npz needs more memory than there is. Save fewer rows or columns of it.")


def test_npz_arrays_are_chosen_by_name(tmp_path):
    """The file may call its arrays otherwise, and hold others, a pickle even, that nobody asks for."""
    np.savez(tmp_path / "a.npz", data=X, kind=WORDS, more=np.array([{}]))
    assert_flowers(datasets.load_npz(tmp_path / "a.npz", X="data", T="kind"))


@pytest.mark.parametrize(
    ("labels", "T", "class_names"),
    [
        ([3, 1, 3], [1, 0, 1], ("1", "3")),
        ([1.0, -1.0, 1.0], [1, 0, 1], ("-1", "1")),
        ([0.5, -0.0, 0.0], [1, 0, 0], ("0", "0.5")),
        ([True, False, True], [1, 0, 1], ("False", "True")),
        ([[2], [1], [2]], [1, 0, 1], ("1", "2")),
        ([[2, 1, 2]], [1, 0, 1], ("1", "2")),
        ([2**63, 2**63 + 1, 2**63], [0, 1, 0], ("9223372036854775808", "9223372036854775809")),
        (["10", "9", "10"], [1, 0, 1], ("9", "10")),
        (["b", " a ", "b"], [1, 0, 1], ("a", "b")),
    ],
)
def test_npz_classes_are_sorted_and_numbered(tmp_path, labels, T, class_names):
    """Numbers, flags and words are named as load_csv names them; a column or a row of labels will do."""
    np.savez(tmp_path / "a.npz", X=X, T=labels)
    table = datasets.load_npz(tmp_path / "a.npz")
    assert (table.T.tolist(), table.class_names) == (T, class_names)


@pytest.mark.parametrize("order", ["C", "F"])
def test_npy_has_its_target_in_a_column(tmp_path, order):
    """The last column is the target, or the one with that index, and the others are X."""
    array = np.asarray(np.column_stack([X, [7, 3, 7]]), order=order)
    np.save(tmp_path / "a.npy", array)
    assert_flowers(datasets.load_npy(tmp_path / "a.npy"), ("3", "7"))
    np.save(tmp_path / "b.npy", array[:, [2, 0, 1]])
    assert_flowers(datasets.load_npy(tmp_path / "b.npy", target=0), ("3", "7"))
    assert_flowers(datasets.load_npy(tmp_path / "b.npy", target=-3), ("3", "7"))


@HERE
def test_regression_targets_are_numbers(tmp_path):
    """T is float64, (n,), in every kind of file, and there are no classes."""
    T = np.array([1, 2, 2])
    np.savez(tmp_path / "a.npz", X=X, T=T)
    np.save(tmp_path / "a.npy", np.column_stack([X, T]))
    savemat(tmp_path / "a.mat", {"X": X, "T": T})
    (tmp_path / "a.csv").write_text("1,2,1\n3,4.5,2\n5,6,2\n")
    for kind in ("npz", "npy", "mat", "csv"):
        table = datasets.load(tmp_path / f"a.{kind}", regression=True)
        assert np.array_equal(X, table.X)
        assert (table.T.tolist(), table.T.dtype, table.class_names) == ([1, 2, 2], np.float64, ())


@pytest.mark.parametrize("do_compression", [False, True])
@pytest.mark.parametrize("version", ["4", "5"])
def test_mat_files_are_a_class_each(tmp_path, do_compression, version):
    """S1's files: the one matrix of each, whatever its name, is a class called like the file, in the given order."""
    options = {"do_compression": do_compression, "format": version}
    savemat(tmp_path / "second.mat", {"whatever": X[:2]}, **options)
    savemat(tmp_path / "first.mat", {"data": X[2:], "note": "text is no matrix"}, **options)
    with pytest.warns(DoubtfulData, match=r"first.mat: left out, as no matrix of numbers: note \(text\)\."):
        table = datasets.load([tmp_path / "second.mat", tmp_path / "first.mat"])
    assert np.array_equal(X, table.X)
    assert (table.T.tolist(), table.class_names) == ([0, 0, 1], ("second", "first"))
    assert (table.T.dtype, table.feature_names) == (np.intp, ("x1", "x2"))


@HERE
def test_files_of_one_name_are_told_apart_by_their_folders(tmp_path):
    """Two files called points.mat give two classes, called by their whole paths."""
    paths = [tmp_path / folder / "points.mat" for folder in "ab"]
    for path in paths:
        path.parent.mkdir()
        savemat(path, {"P": X})
    assert datasets.load_mat(paths).class_names == tuple(map(str, paths))


@HERE
def test_one_mat_file_has_a_class_a_matrix(tmp_path):
    """The matrices are the classes in the order of their names, in which class10 follows class9."""
    matrices = {"class10": X[:1], "class9": X[1:2], "class1": X[2:].astype(np.int8)}
    savemat(tmp_path / "a.mat", {**matrices, "about": "three classes", "more": {"cell": 1}})
    with pytest.warns(DoubtfulData, match=r"left out, as no matrix of numbers: about \(text\), more \(a struct\)\."):
        table = datasets.load_mat(tmp_path / "a.mat")
    assert np.array_equal(X[::-1], table.X)
    assert (table.T.tolist(), table.class_names) == ([0, 1, 2], ("class1", "class9", "class10"))


@HERE
@pytest.mark.parametrize(("names", "options"), [(("X", "T"), {}), (("in", "out"), {"X": "in", "T": "out"})])
@pytest.mark.parametrize("shape", [(3, 1), (1, 3)])
def test_one_mat_file_has_x_and_t(tmp_path, names, options, shape):
    """X comes with its T, a column or a row, by these names or by others."""
    savemat(tmp_path / "a.mat", {names[0]: X, names[1]: np.reshape([5, 2, 5], shape), "other": np.eye(7)})
    assert_flowers(datasets.load_mat(tmp_path / "a.mat", **options), ("2", "5"))


@HERE
@pytest.mark.parametrize("name", ["a.npz", "a.npy", "a.mat", "a.parquet"])
def test_files_that_are_none_are_refused(tmp_path, name, monkeypatch):
    """A missing file, a directory, a pipe, an empty and a foreign file are called so."""
    path = tmp_path / name
    assert refusal(path) == f"There is no file {name}. Check its name and its folder."
    path.mkdir()
    assert refusal(path) == f"{name} is a directory. Name a file in it."
    path.rmdir()
    path.write_bytes(b"")
    assert refusal(path) == f"{name} is empty."
    path.write_bytes(b"x1,x2,class\n1,2,rose\n" * 50)
    if not name.endswith("parquet"):  # which is asked of pyarrow
        assert refusal(path).startswith((f"{name} is damaged, cut short, or no .", f"{name} is no .npy file,"))
    path.unlink()
    if hasattr(os, "mkfifo"):
        os.mkfifo(path)
        assert refusal(path) == f"{name} is a device or a pipe. Save the data in a file."
    assert refusal(tmp_path / ("x" * 300 + name)).startswith("Cannot read ")


NPY_REFUSALS = {
    "a pickle": (
        npy(np.array([{"a": 1}]), allow_pickle=True),
        "holds Python objects, which are never loaded: they could run code. Save numbers or words.",
    ),
    "terabytes": (
        preamble(shape="(1000000000000, 3)") + bytes(48),
        "is cut short or damaged: it promises 24000000000000 bytes of data and holds 48.",
    ),
    "more than any machine": (
        preamble(shape=f"({'9' * 90}, 3)") + bytes(48),
        f"is cut short or damaged: it promises {int('9' * 90) * 24} bytes of data and holds 48.",
    ),
    "cut short": (npy(X)[:-1], "is cut short or damaged: it promises 48 bytes of data and holds 47."),
    "too long": (npy(X) + b"x", "is cut short or damaged: it promises 48 bytes of data and holds 49."),
    "cut in its preamble": (
        npy(X)[:60],
        "is no .npy file, or it is damaged: EOF: reading array header, expected 118 bytes got 50. Save the array with",
    ),
    "cut in its magic": (
        npy(X)[:7],
        "is no .npy file, or it is damaged: EOF: reading magic string, expected 8 bytes got 7. Save the array with",
    ),
    "a preamble of gigabytes": (
        b"\x93NUMPY\x02\x00\xff\xff\xff\xff" + b"{" * 50_000,
        "is no .npy file, or it is damaged: EOF: reading array header, expected 4294967295 bytes got 10000. Save the",
    ),
    "code": (
        preamble(shape="(__import__('os').abort(),)"),
        "is no .npy file, or it is damaged: malformed node or string on line 1: <ast.Call",
    ),
    "negative": (
        preamble(shape="(-3, -2)") + bytes(48),
        "is no .npy file, or it is damaged: shape is not valid: (-3, -2). Save the array with np.save.",
    ),
    "a shape that is a sum of flags": (
        preamble(shape="(True, 2)") + bytes(16),
        "is no .npy file, or it is damaged: shape is not valid: (True, 2). Save the array with np.save.",
    ),
    "a shape without its comma": (
        preamble(shape="(2 2)") + bytes(16),
        "is no .npy file, or it is damaged: Cannot parse header: ",
    ),
    "structured": (
        npy(np.array([(1, 2.0)], dtype="i4,f8")),
        "must hold real numbers or words, got dtype [('f0', '<i4'), ('f1', '<f8')].",
    ),
    "no such dtype": (
        preamble("'<q9'") + bytes(48),
        "is no .npy file, or it is damaged: descr is not a valid dtype descriptor: '<q9'. Save the array with np.save.",
    ),
    "complex": (npy(X * 1j), "must hold real numbers or words, got dtype complex128."),
    "dates": (
        npy(np.array(["2020-01-01"], dtype="M8[D]")),
        "must hold real numbers or words, got dtype datetime64[D].",
    ),
    "words of no letters": (preamble("'<U0'", "(99999999999999,)"), "must hold real numbers or words, got dtype <U0."),
    "three dimensions": (npy(np.zeros((2, 2, 2))), "has 3 dimensions, expected 1 or 2: a sample is a row."),
    "no rows": (npy(np.zeros((0, 3))), "has no rows: its shape is (0, 3)."),
    "no columns": (preamble(shape="(999999999999999999, 0)"), "has no rows: its shape is (999999999999999999, 0)."),
}


@pytest.mark.parametrize(("content", "sentence"), NPY_REFUSALS.values(), ids=NPY_REFUSALS)
def test_a_hostile_array_is_refused_before_memory_is_spent(write, archive, content, sentence):
    """What an .npy file claims is held against its bytes, and nothing in it is evaluated, alone or in an .npz."""
    assert refusal(write("a.npy", content)).startswith(f"a.npy {sentence}")
    assert refusal(archive(X=content, T=npy(WORDS))).startswith(f"data.npz, X.npy {sentence}")
    assert refusal(archive(X=npy(X), T=content)).startswith(f"data.npz, T.npy {sentence}")


@pytest.mark.parametrize(
    ("array", "options", "sentence"),
    [
        (
            np.arange(3.0),
            {},
            "a.npy: the array must have shape (n, n_features), got (3,). Save it as (n, 1) if there is",
        ),
        (np.float64(3), {}, "a.npy: the array must have shape (n, n_features), got ()."),
        (X[:, :1], {}, "a.npy has only one column. It needs features and a target."),
        (np.array([["a", "b"]]), {}, "a.npy: the array must hold real numbers, got dtype <U1."),
        (np.array([[1, 2], [np.nan, 1]]), {}, "a.npy: the array holds nan at row 1, column 0, counted from 0. Replace"),
        (np.array([[1, -np.inf]]), {}, "a.npy: the array holds -inf at row 0, column 1, counted from 0. Replace it"),
        (
            np.array([[np.longdouble("1e4000"), 1]]),
            {},
            "a.npy: the array holds inf at row 0, column 0, counted from 0.",
        ),
        (np.ones((3, 2)), {}, "a.npy has only one class, '1', so there is nothing to learn."),
    ],
)
def test_npy_that_is_no_table_is_refused(tmp_path, array, options, sentence):
    """Shapes, words, gaps and a single class are named; rows and columns are counted as NumPy counts them."""
    np.save(tmp_path / "a.npy", array)
    assert refusal(tmp_path / "a.npy", **options).startswith(sentence)


@pytest.mark.parametrize("target", [2, -3, 1.0, True, "2"])
def test_npy_target_must_be_a_column(tmp_path, target):
    """The sentence says which indices there are."""
    np.save(tmp_path / "a.npy", X)
    sentence = f"target must be a column's name or its index from -2 to 1, got {target!r}."
    assert refusal(tmp_path / "a.npy", InvalidValue, target=target) == sentence


@pytest.mark.parametrize(
    ("arrays", "sentence"),
    [
        ({"A": X, "B": WORDS}, "a.npz holds no array 'X'. It holds: A, B. Choose with X=… and T=…."),
        ({"X": X}, "a.npz holds no array 'T'. It holds: X. Choose with X=… and T=…."),
        ({}, "a.npz holds no array 'X'. It holds: nothing. Choose with X=… and T=…."),
        ({"X": X, "T": [0, 1]}, "a.npz: X has 3 rows and T has 2: each sample needs one target."),
        ({"X": X, "T": np.eye(3)}, "a.npz: T must have shape (n,), got (3, 3). Save T.argmax(axis=1) of one-hot rows."),
        ({"X": X, "T": np.ones((2, 2))}, "a.npz: T must have shape (n,), got (2, 2)."),
        ({"X": X, "T": 1}, "a.npz: T must have shape (n,), got ()."),
        ({"X": X[0], "T": WORDS}, "a.npz: X must have shape (n, n_features), got (2,). Save it as (n, 1) if there is"),
        ({"X": WORDS[:, None], "T": WORDS}, "a.npz: X must hold real numbers, got dtype <U4."),
        ({"X": X, "T": [1, np.nan, 2]}, "a.npz: T holds nan at row 1, counted from 0. Replace it or remove the row."),
        ({"X": X, "T": ["a", "nan", "b"]}, "a.npz: T, row 1, counted from 0: 'nan' is not finite. Replace it"),
        ({"X": X, "T": ["a", "b", " "]}, "a.npz: T, row 2, counted from 0: the cell is empty. Fill it or remove"),
        ({"X": X, "T": ["a"] * 3}, "a.npz has only one class, 'a', so there is nothing to learn."),
    ],
)
def test_npz_that_is_no_table_is_refused(tmp_path, arrays, sentence):
    """Missing arrays, shapes that do not fit, gaps and a single class are named."""
    np.savez(tmp_path / "a.npz", **arrays)
    assert refusal(tmp_path / "a.npz").startswith(sentence)


def test_words_that_are_no_characters_are_refused(archive):
    """Bytes beyond the last character are damage, not a class."""
    T = preamble("'<U1'", "(3,)") + b"\xff" * 12
    assert refusal(archive(X=npy(X), T=T)) == "data.npz is damaged: T holds bytes that are not valid text."


def test_a_regression_target_must_be_a_number(tmp_path):
    """Words and gaps are refused where numbers are to be predicted."""
    np.savez(tmp_path / "a.npz", X=X, T=WORDS)
    assert refusal(tmp_path / "a.npz", regression=True) == "a.npz: T must hold real numbers, got dtype <U4."
    np.savez(tmp_path / "a.npz", X=X, T=[1, 2, np.inf])
    assert refusal(tmp_path / "a.npz", regression=True).startswith("a.npz: T holds inf at row 2, counted from 0.")


def with_claims(path, name, n_bytes):
    """Let the archive claim another size of an entry, in its directory."""
    content = bytearray(path.read_bytes())
    at = content.rindex(name.encode()) - 46 + 24
    content[at : at + 4] = struct.pack("<I", n_bytes)
    path.write_bytes(content)
    return path


def test_a_zip_bomb_is_refused_before_it_is_unpacked(archive):
    """Bytes count as the float64 they become: half a gibibyte of them that a kilobyte promises is refused unread."""
    content = preamble("'|u1'", f"({2**19}, 1024)")
    path = with_claims(archive(X=content, T=npy(WORDS)), "X.npy", len(content) + 2**29)
    assert refusal(path).endswith(
        f" bytes and would unpack to {2**32 + 48}: it is damaged, or made to fill the memory."
    )


def test_an_entry_that_lies_about_its_size_is_refused(archive):
    """An entry smaller or larger than the archive claims is damage, and not more than the claim is unpacked."""
    content = npy(np.zeros((100_000, 100)))  # 80 MB out of 80 kB
    path = archive(zipfile.ZIP_DEFLATED, X=content, T=npy(WORDS))
    assert refusal(with_claims(path, "X.npy", 1000)).startswith("data.npz is damaged, cut short, or no .npz file.")
    path = archive(zipfile.ZIP_DEFLATED, X=preamble(shape="(1000000, 100)") + bytes(10), T=npy(WORDS))
    with_claims(path, "X.npy", 800_000_000 + len(preamble(shape="(1000000, 100)")))
    assert refusal(path).startswith("data.npz")


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_compressions_are_refused(archive, compression):
    """Only what NumPy writes is unpacked: the others unpack without a bound."""
    sentence = "data.npz: X is not compressed as NumPy does it. Save it again with np.savez."
    assert refusal(archive(compression, X=npy(X), T=npy(WORDS))) == sentence


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), kind=st.sampled_from(["npz", "npy"]))
def test_a_damaged_file_gives_a_table_or_a_sentence(tmp_path, data, kind):
    """Cut anywhere, or with any bytes changed, a file is loaded or refused by a sentence, nothing else is raised."""
    content = bytearray(good_files()[kind])
    content = content[: data.draw(st.integers(1, len(content)) | st.just(len(content)))]
    for _ in range(data.draw(st.integers(0, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / f"a.{kind}"
    path.write_bytes(content)
    with contextlib.suppress(ChainruleError):
        assert np.isfinite(datasets.load(path).X).all()


@pytest.mark.parametrize("kind", ["v5.mat", "v4.mat"])
def test_damaged_mat_files_are_answered_each(tmp_path, kind):
    """Each of 100 damaged files gives variables or a sentence, the one that ends SciPy's reader among them."""
    rng, files, n_refused = np.random.default_rng(0), [], 0
    for i in range(100):
        content = bytearray(good_files()[kind])
        for place in rng.integers(0, len(content), rng.integers(1, 4)):
            content[place] = rng.integers(256)
        files.append(tmp_path / f"{i}.mat")
        files[-1].write_bytes(content[: len(content) if i % 3 else rng.integers(1, len(content))])
    left = list(files)
    while left:  # one process reads them all, and after a crash another the rest
        answers = reading_process.run(
            {"mat": {"files": [str(file) for file in left], "most_bytes": [1 << 30] * len(left)}}, 0, left[0]
        )
        while left:
            try:
                reading_process.mat_variables(left.pop(0), answers)
            except InvalidFile as refused:
                n_refused += 1
                if "its reader ended with" in str(refused):
                    break
    assert 0 < n_refused < 100


@functools.cache
def good_files():
    """One good file of each kind, as bytes."""
    archive, mat, old = (io.BytesIO() for _ in range(3))
    np.savez_compressed(archive, X=X, T=WORDS)
    savemat(mat, {"X": X, "T": [1, 2, 1], "S": sparse.csc_matrix(X), "C": CELL})
    savemat(old, {"X": X, "T": [1, 2, 1]}, format="4")
    return {"npz": archive.getvalue(), "npy": npy(X), "v5.mat": mat.getvalue(), "v4.mat": old.getvalue()}


def test_matlab_7_3_is_sent_back_for_version_7(write):
    """HDF5 is named as what it is, with what to type in MATLAB or Octave."""
    sentence = "a.mat is in MATLAB's format 7.3. Save it again with -v7: save('a.mat', ..., '-v7')."
    hdf5 = b"\x89HDF\r\n\x1a\n" + bytes(600)
    for content in (b"MATLAB 7.3 MAT-file, Platform: GLNXA64" + bytes(600), hdf5, bytes(512) + hdf5):
        assert refusal(write("a.mat", content)) == sentence


@HERE
@pytest.mark.parametrize(
    ("matrices", "sentence"),
    [
        ({"A": X}, "a.mat needs matrices 'X' and 'T', or one matrix per class, or name several files with one each."),
        (
            {"A": "text"},
            "a.mat needs matrices 'X' and 'T', or one matrix per class, or name several files with one each. It holds:",
        ),
        (
            {"A": X, "B": X[:, :1]},
            "a.mat: all classes need the same number of columns, got A (3, 2), B (3, 1). Save (n, n_features) matrices",
        ),
        ({"A": X, "B": np.zeros((0, 2))}, "a.mat: B has no rows."),
        ({"A": np.zeros((0, 2)), "B": X}, "a.mat: A has no rows."),
        ({"A": X, "B": [[1, np.nan]]}, "a.mat: B holds nan at row 0, column 1, counted from 0. Replace it or remove"),
        ({"X": X, "T": [1, 1, 1]}, "a.mat has only one class, '1', so there is nothing to learn."),
        ({"X": X, "T": [1, 2]}, "a.mat: X has 3 rows and T has 2: each sample needs one target."),
        ({"X": X, "T": [1, np.nan, 2]}, "a.mat: T holds nan at row 1, counted from 0."),
    ],
)
def test_mat_that_is_no_table_is_refused(tmp_path, matrices, sentence):
    """Too few matrices, unequal columns, no rows, gaps and a single class are named."""
    savemat(tmp_path / "a.mat", matrices)
    assert refusal(tmp_path / "a.mat").startswith(sentence)


@HERE
@pytest.mark.parametrize("name", ["X", "C"])
def test_a_sparse_matrix_is_made_dense(tmp_path, name):
    """Of X, and of a class beside dense ones."""
    others = {"T": [1, 2, 1]} if name == "X" else {"A": [[7.0, 8]]}
    savemat(tmp_path / "a.mat", {name: sparse.csc_matrix(X), **others})
    table = datasets.load_mat(tmp_path / "a.mat")
    assert np.array_equal(X, table.X[-3:])
    assert table.class_names == (("1", "2") if name == "X" else ("A", "C"))


@HERE
@pytest.mark.parametrize(
    "words", [np.array(["rose", "iris", "rose"]), np.array([["rose"], ["iris"], ["rose"]], object)]
)
def test_mat_targets_may_be_words(tmp_path, words):
    """A char matrix has a word a row, a cell a word a cell."""
    savemat(tmp_path / "a.mat", {"X": X, "T": words})
    assert_flowers(datasets.load_mat(tmp_path / "a.mat"))


CUBE = np.arange(12.0).reshape(2, 3, 2)
CELL = np.empty((1, 2), dtype=object)
CELL[0, 0] = CELL[0, 1] = X
UNUSABLE = {
    "3-D": (CUBE, "an array of numbers with 3 dimensions of shape (2, 3, 2)"),
    "complex": (X * 1j, "an array of complex numbers with 2 dimensions of shape (3, 2)"),
    "cell": (CELL, "a cell of shape (1, 2)"),
    "struct": ({"points": X}, "a struct of shape (1, 1)"),
    "nested": ({"points": {"deep": CELL}}, "a struct of shape (1, 1)"),
}


@HERE
@pytest.mark.parametrize(("value", "told"), UNUSABLE.values(), ids=UNUSABLE)
def test_what_cannot_be_used_is_refused_and_not_dropped(tmp_path, value, told):
    """X and a class in another form are named, beside two good matrices too."""
    path = tmp_path / "a.mat"
    savemat(path, {"A": X, "B": X, "C": value})
    sentence = (
        f"a.mat: C is {told}, and may hold a class. Save it as a matrix of real numbers, (n, n_features), or with"
    )
    assert refusal(path).startswith(sentence)
    savemat(path, {"X": value, "T": [1, 2, 1], "Xtest": X})
    assert refusal(path) == f"a.mat: X is {told}. Save it as a matrix of real numbers, (n, n_features)."


@HERE
def test_a_target_and_a_class_s_file_that_cannot_be_used_are_refused(tmp_path):
    """So is T, whatever other matrices there are, and what else the file of a class holds."""
    path, other = tmp_path / "a.mat", tmp_path / "b.mat"
    savemat(path, {"X": X, "T": CELL, "Xtest": X})
    told = "a cell of shape (1, 2)"
    assert refusal(path) == f"a.mat: T is {told}. Save it as a column of numbers or of words, (n, 1)."
    savemat(path, {"A": X, "C": CELL})
    savemat(other, {"B": X})
    assert f"a.mat: C is {told}, and may hold a class." in refusal([path, other])


@HERE
@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"X": X, "Xtest": X, "T": "text"}, "a.mat: X has 3 rows and T has 1: each sample needs one target."),
        ({"X": X, "Xtest": X}, "a.mat holds no 'T'. It holds: X, Xtest. Choose with X=… and T=…."),
        ({"X": X, "y": X[:, :1]}, "a.mat holds no 'T'. It holds: X, y. Choose with X=… and T=…."),
        ({"T": X, "ytest": X}, "a.mat holds no 'X'. It holds: T, ytest. Choose with X=… and T=…."),
        (
            {"Xtrain": X, "Xtest": X, "note": "text"},
            "a.mat: Xtrain, Xtest are called like inputs, targets or a part of them, not like a class. It holds:",
        ),
        ({"x": X, "y_val": X}, "a.mat: x, y_val are called like inputs, targets or a part of them, not like a class."),
        ({"train": X, "B": X}, "a.mat: train is called like inputs, targets or a part of them, not like a class."),
    ],
)
def test_inputs_and_targets_never_become_classes(tmp_path, variables, sentence):
    """Xtest is no class, and neither are X and T, whatever the others are; the sentence lists what there is."""
    savemat(tmp_path / "a.mat", variables)
    assert refusal(tmp_path / "a.mat").startswith(sentence)


@HERE
def test_chosen_matrices_are_named_where_they_are_missing(tmp_path):
    """X=… and T=… are found by their names, and what the file holds instead is listed."""
    savemat(tmp_path / "a.mat", {"A": X, "about": "text", "y": [5, 2, 5]})
    assert_flowers(datasets.load_mat(tmp_path / "a.mat", X="A", T="y"), ("2", "5"))
    assert refusal(tmp_path / "a.mat", X="A", T="z").endswith(
        "'z'. It holds: A, about (text), y. Choose with X=… and T=…."
    )
    assert refusal(tmp_path / "a.mat", X="about", T="y").startswith("a.mat: about is text of shape")


def test_a_sparse_matrix_too_large_to_be_dense_is_refused(tmp_path):
    """Two numbers in a hundred thousand million cells are not unpacked."""
    savemat(tmp_path / "a.mat", {"X": sparse.coo_matrix(([1.0], ([9], [9])), shape=(10**6, 10**5)), "T": [1, 2]})
    assert "a.mat: X is a sparse matrix too large to be made dense of shape (1000000, 100000)." in refusal(
        tmp_path / "a.mat"
    )


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("import os; os.abort()", "a.mat is damaged: its reader ended with SIGABRT. Save it again."),
        ("import time; time.sleep(60)", "a.mat took longer than 0 s to read: it is damaged. Save it again."),
        ("print('x' * 5)", "a.mat is damaged: its reader ended with 0. Save it again."),
    ],
    ids=["crash", "endless", "cut short"],
)
def test_a_reader_that_ends_takes_nothing_with_it(tmp_path, monkeypatch, code, sentence):
    """A crash of the native reader, or a file that it never finishes, is a sentence about the file."""
    savemat(tmp_path / "a.mat", {"X": X, "T": [1, 2, 1]})
    (tmp_path / "reader.py").write_text(code)
    monkeypatch.setattr(reading_process, "READER", tmp_path / "reader.py")
    monkeypatch.setattr(reading_process, "SECONDS", 0 if "sleep" in code else 60)
    assert refusal(tmp_path / "a.mat") == sentence


def test_no_process_to_read_in_is_a_sentence(tmp_path, monkeypatch):
    """Where no process can be started, this is said."""
    savemat(tmp_path / "a.mat", {"X": X, "T": [1, 2, 1]})
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nothing"))
    assert "Cannot start a process to read" in refusal(tmp_path / "a.mat", ChainruleError)


@HERE
def test_mat_files_that_are_not_a_class_each_are_refused(tmp_path):
    """Files with two matrices or none, of unequal width, a single one, and one that is named twice."""
    paths = [tmp_path / "a.mat", tmp_path / "b.mat"]
    savemat(paths[0], {"A": X})
    for matrices, sentence in (
        ({"B": X, "C": X}, "b.mat must hold the one matrix of its class. It holds: B, C."),
        ({"B": "text"}, "b.mat must hold the one matrix of its class. It holds: B (text)."),
        ({"B": X.T}, "The files: all classes need the same number of columns, got a (3, 2), b (2, 3)."),
    ):
        savemat(paths[1], matrices)
        assert refusal(paths).startswith(sentence)
    assert refusal(paths[:1], InvalidValue).endswith("name at least 2, got 1.")
    assert refusal([paths[0]] * 2, InvalidValue).endswith("Name each once.")
    assert refusal(paths, InvalidValue, regression=True).endswith("Save X and T in one file.")


@HERE
def test_mat_regression_needs_x_and_t(tmp_path):
    """A matrix a class is nothing to predict numbers from."""
    savemat(tmp_path / "a.mat", {"A": X, "B": X})
    sentence = "Cannot use regression=True: a.mat holds a matrix per class. Save X and T in one file."
    assert refusal(tmp_path / "a.mat", InvalidValue, regression=True) == sentence


def test_a_mat_bomb_is_refused_before_it_is_kept(write, monkeypatch):
    """A compressed variable is counted a mebibyte at a time, and refused beyond what is always fine."""
    monkeypatch.setattr(bounds, "ALWAYS_FINE", 48 * MEBIBYTE)
    packer = zlib.compressobj(9)
    chunk = bytes(16 * MEBIBYTE)
    packed = b"".join(packer.compress(chunk) for _ in range(4)) + packer.flush()
    header = b"MATLAB 5.0 MAT-file".ljust(124) + b"\x00\x01IM"
    path = write("a.mat", header + struct.pack("<II", 15, len(packed)) + packed)
    assert refusal(path).endswith("would unpack to 51380224: it is damaged, or made to fill the memory.")


def test_a_mat_file_that_claims_gigabytes_is_refused(write):
    """A version 4 matrix of rows that are not there is refused, two thousand million by its claim alone."""
    content = struct.pack("<5i", 0, 2**31 - 1, 3, 0, 2) + b"X\0" + bytes(48)
    assert refusal(write("a.mat", content)).startswith("a.mat has 70 bytes and would unpack to 51539607528:")
    content = struct.pack("<5i", 0, 2**20, 3, 0, 2) + b"X\0" + bytes(48)
    assert refusal(write("a.mat", content)).startswith("a.mat is damaged, cut short, or no .mat file.")


def test_importing_the_loaders_loads_no_scipy():
    """SciPy is loaded by the first .mat file, pyarrow by the first .parquet, and neither by an import."""
    code = "import sys, chainrule.datasets as d; print({'scipy.io', 'pyarrow'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"


def test_load_chooses_by_suffix(tmp_path):
    """The end of the name decides, in capitals too."""
    np.savez(tmp_path / "a.npz", X=X, T=WORDS)
    (tmp_path / "a.npz").rename(tmp_path / "A.NPZ")
    assert_flowers(datasets.load(tmp_path / "A.NPZ"))
    (tmp_path / "a.csv").write_text("width,height,kind\n1,2,rose\n3,4.5,iris\n5,6,rose\n")
    assert_flowers(datasets.load(str(tmp_path / "a.csv"), target="kind"), features=("width", "height"))


@pytest.mark.parametrize(
    ("path", "options", "sentence"),
    [
        ("a.xlsx", {}, "Unknown kind of file '.xlsx'. The choices are: .csv, .npz, .npy, .mat, .parquet."),
        ("a.cvs", {}, "Unknown kind of file '.cvs'. Did you mean '.csv'? The choices are: .csv, .npz, .npy, .mat,"),
        ("data", {}, "Unknown kind of file 'data'. The choices are: .csv, .npz, .npy, .mat, .parquet."),
        ("a.csv", {"X": "A"}, "Unknown option of .csv files 'X'. The choices are: target, regression, header."),
        ("a.npz", {"targt": 1}, "Unknown option of .npz files 'targt'. The choices are: X, T, regression."),
        (["a.csv", "b.csv"], {}, "Only .mat files are loaded together, one class a file. Name one file or several"),
        (["a.mat", "b.npz"], {}, "Only .mat files are loaded together, one class a file. Name one file or several"),
        ([], {}, "Only .mat files are loaded together, one class a file. Name one file or several .mat."),
    ],
)
def test_load_refuses_by_a_sentence(path, options, sentence):
    """Other kinds of file, several that are no .mat, and options of another loader are refused with the choices."""
    with pytest.raises(InvalidValue) as refused:
        datasets.load(path, **options)
    assert str(refused.value).startswith(sentence)


def test_no_loader_ever_unpickles(write, archive, monkeypatch):
    """Not even where a pickle would be harmless."""
    monkeypatch.setattr(pickle, "load", lambda *_, **__: pytest.fail("unpickled"))
    monkeypatch.setattr(pickle, "loads", lambda *_, **__: pytest.fail("unpickled"))
    refusal(write("a.npy", pickle.dumps(X)))
    refusal(archive(X=pickle.dumps(X), T=npy(WORDS)))
