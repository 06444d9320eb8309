"""Sources: the same rows wherever they lie, read in any pieces; what cannot be read is answered by file and row."""

from __future__ import annotations

import os
import pickle
import sys
from itertools import pairwise

import dask.array
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scipy.sparse import csr_array
from tests.streams.cases import KINDS, NAMES, Batches, mapped, parquet, table
from tests.streams.rows import N_FEATURES, N_ROWS, X, Y

from chainrule import InvalidFile, InvalidValue, stream
from chainrule.streams.source import check_values

TINY = "12 KB"  # windows of 83 rows


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_source_reads_the_same_rows(kind, tmp_path):
    """In order, by its own blocks; of whatever it is said how many rows there are, and what they are called."""
    source = stream(*KINDS[kind](tmp_path)).source
    assert (source.n_rows, source.n_features, source.dtype) == (N_ROWS, N_FEATURES, np.float32)
    bounds = source.bounds(70, 140)
    assert (bounds[0], bounds[-1]) == (0, N_ROWS)
    parts = [source.read(start, stop) for start, stop in pairwise(bounds)]
    assert np.array_equal(np.concatenate([part for part, _ in parts]), X)
    assert np.array_equal(np.concatenate([part for _, part in parts]), Y)
    assert all(part.flags.c_contiguous and part.dtype == np.float32 for part, _ in parts)
    assert source.names == (tuple(NAMES) if kind in ("parquet folder", "dask frame") else None)
    assert source.row_bytes >= X[0].nbytes


@pytest.mark.parametrize("kind", KINDS)
def test_a_source_goes_to_another_process_without_its_rows(kind, tmp_path):
    """It is pickled as where the rows lie; of arrays in memory they go along."""
    source = stream(*KINDS[kind](tmp_path)).source
    packed = pickle.dumps(source)
    start, stop = source.bounds(70, 140)[:2]
    again, rows = pickle.loads(packed).read(start, stop), source.read(start, stop)  # noqa: S301  # our own
    assert all(np.array_equal(one, other) for one, other in zip(again, rows, strict=True))
    assert again[0].size
    if kind in ("memory-mapped", "parquet folder", "zarr"):
        assert len(packed) < X.nbytes / 2


def test_a_slice_of_a_memory_mapped_file_is_pickled_as_that_slice(tmp_path):
    """NumPy says of a slice that it begins where its file does."""
    file_X, file_y = mapped(tmp_path)
    source = pickle.loads(pickle.dumps(stream(file_X[300:400], file_y[300:400]).source))  # noqa: S301  # our own
    assert np.array_equal(source.read(0, 100)[0], X[300:400])
    turned = pickle.loads(pickle.dumps(stream(file_X[::-1], file_y[::-1]).source))  # noqa: S301  # our own
    assert np.array_equal(turned.read(0, 5)[0], X[::-1][:5])


def test_the_fingerprint_tells_other_data(tmp_path):
    """It is the same for the same files, and another when one of them is another."""
    folder = parquet(tmp_path / "parts")
    before = stream(folder, "y").source.fingerprint()
    assert stream(folder, "y").source.fingerprint() == before
    assert stream(folder, "f0").source.fingerprint() != before
    pq.write_table(table(0, 99), folder / "part-3.parquet")
    assert stream(folder, "y").source.fingerprint() != before


def test_some_columns_are_read_alone(tmp_path):
    """In the order that is asked for."""
    source = stream(parquet(tmp_path / "parts"), "y", columns=["f2", "f0"]).source
    assert np.array_equal(source.read(0, 60)[0], X[:60, [2, 0]])


def test_several_targets_are_columns(tmp_path):
    """And no features."""
    source = stream(parquet(tmp_path / "parts"), ["f0", "f1"]).source
    assert source.n_features == N_FEATURES - 1
    assert np.array_equal(source.read(0, 60)[1], X[:60, :2])


@pytest.mark.parametrize(
    ("dtype", "read"),
    [
        (np.float16, "float32"),
        (np.float32, "float32"),
        (np.float64, "float64"),
        (np.int8, "float64"),
        (bool, "float64"),
    ],
)
def test_X_is_read_as_the_estimators_take_it(dtype, read):
    """Floats of up to four bytes stay small, whatever else there is is float64, also in Fortran's order."""
    source = stream(np.asfortranarray((X * 10).astype(dtype)), Y).source
    assert source.read(3, 9)[0].dtype == source.dtype == read
    assert np.array_equal(source.read(3, 9)[0], (X * 10).astype(dtype)[3:9])


@pytest.mark.parametrize(
    "y",
    [
        pd.Series(np.where(Y > 0, "yes", "no"), index=np.arange(N_ROWS) / 7),
        pd.Series(np.where(Y > 0, "yes", "no"), dtype="category"),
        np.where(Y > 0, "yes", "no").astype(object),
        pl.Series(np.where(Y > 0, "yes", "no").tolist()),
        pd.Series(Y, dtype="Int64"),
    ],
    ids=["texts", "category", "objects", "polars", "Int64"],
)
def test_a_column_of_a_frame_is_y(y):
    """In the order of its rows, whatever its index."""
    assert stream(X, y).source.read(0, 9)[1].tolist() == list(y)[:9]


@pytest.mark.parametrize("index", [None, "id"])
def test_the_index_of_a_pandas_frame_is_no_feature(index, tmp_path):
    """Parquet has it among the columns; it can be asked for."""
    frame = pd.DataFrame({"f0": X[:, 0], "y": Y}, index=pd.Index(np.arange(N_ROWS)[::-1], name=index))
    frame.to_parquet(tmp_path / "a.parquet")
    assert stream(tmp_path / "a.parquet", "y").source.names == ("f0",)
    name = index or "__index_level_0__"
    assert stream(tmp_path / "a.parquet", "y", columns=[name]).source.names == (name,)


def test_the_fingerprint_tells_rows_in_memory_and_parts_of_a_file(tmp_path):
    """Of the same shape, and other numbers or texts."""
    file, texts = mapped(tmp_path)[0], np.where(Y > 0, "yes", "no").astype(object)
    changed, other = X.copy(), texts.copy()
    changed[500, 2], other[500] = 7, "perhaps"
    pairs = [(X, Y), (changed, Y), (X, texts), (X, other), (file[:500], Y[:500]), (file[500:], Y[:500]),
             (file[::2], Y[:500]), (file[1::2], Y[:500])]  # fmt: skip
    assert len({stream(*pair).source.fingerprint() for pair in pairs}) == len(pairs)
    assert stream(X.copy(), texts.copy()).source.fingerprint() == stream(X, texts).source.fingerprint()


def test_read_only_arrays_are_read():
    """Their rows are copied."""
    frozen = X.copy()
    frozen.flags.writeable = False
    rows, _ = stream(frozen, Y).source.read(0, 5)
    rows[:] = 0
    assert frozen.any()


# --- what cannot be read ----------------------------------------------------------------------------------------------


def with_part(name, **changed):
    """A folder in which one file is another."""

    def make(tmp_path):
        folder = parquet(tmp_path / "parts")
        pq.write_table(table(0, 100, **changed).rename_columns([name, *NAMES[1:], "y"]), folder / "part-5.parquet")
        return stream(folder, "y")

    return make


def cut_short(tmp_path):
    folder = parquet(tmp_path / "parts")
    whole = (folder / "part-5.parquet").read_bytes()
    (folder / "part-5.parquet").write_bytes(whole[:-50])
    return stream(folder, "y")


def short_npy(tmp_path):
    mapped(tmp_path)
    whole = (tmp_path / "X.npy").read_bytes()
    (tmp_path / "X.npy").write_bytes(whole[:-50])
    return stream(tmp_path / "X.npy", tmp_path / "y.npy")


def unequal_chunks(tmp_path):
    return stream(dask.array.from_array(X, chunks=(80, 4)), dask.array.from_array(Y, chunks=100))


def two_of_one_name(tmp_path):
    pq.write_table(pa.Table.from_arrays([pa.array(Y)] * 3, ["a", "a", "y"]), tmp_path / "a.parquet")
    return stream(tmp_path / "a.parquet", "y")


class Uneven:
    def __iter__(self):
        yield X[:5], Y[:5]
        yield X[5:9, :3], Y[5:9]


REFUSED = {
    "another column": (with_part("g0"), InvalidFile, "part-5.parquet has no column 'f0', which part-0.parquet has"),
    "another type": (
        with_part("f0", f0=X[:100, 0].astype(np.float64)),
        InvalidFile,
        "part-5.parquet has double in the column 'f0', where part-0.parquet has float",
    ),
    "cut short": (cut_short, InvalidFile, "part-5.parquet is no whole parquet file"),
    "an npy cut short": (short_npy, InvalidFile, r"X\.npy is no whole \.npy file"),
    "no such npy": (lambda path: stream("no.npy", Y), InvalidFile, r"no\.npy does not exist"),
    "a folder of nothing": (lambda path: stream(path, "y"), InvalidFile, r"holds no file that ends in \.parquet"),
    "no such file": (lambda path: stream(path / "no", "y"), InvalidFile, "no does not exist"),
    "no such target": (
        lambda path: stream(parquet(path / "p"), "z"), InvalidFile, "has no column 'z'. It has f0, f1, f2, f3, y"
    ),
    "target not named": (lambda path: stream(parquet(path / "p")), InvalidValue, "y must name the column"),
    "a generator": (lambda path: stream(iter(Batches())), InvalidValue, "can be gone through once"),
    "uneven batches": (lambda path: stream(Uneven()), InvalidValue, "X of batch 1 is float32 with 3 features"),
    "batches of nothing": (lambda path: stream([]), InvalidValue, "The batches hold no rows"),
    "no pairs": (lambda path: stream([X]), InvalidValue, r"Batch 0 must be a pair \(X, y\), got a ndarray"),
    "no rows": (lambda path: stream(X[:0], Y[:0]), InvalidValue, "X has no rows"),
    "one dimension": (lambda path: stream(X[:, 0], Y), InvalidValue, "X must have two dimensions"),
    "text": (lambda path: stream(X.astype(str), Y), InvalidValue, "X must hold real numbers, got dtype <U32"),
    "lengths": (lambda path: stream(X, Y[:7]), InvalidValue, "X has 1000 rows and y 7"),
    "no y": (lambda path: stream(X), InvalidValue, "y is missing"),
    "chunks": (unequal_chunks, InvalidValue, "X and y must be in chunks of the same rows"),
    "columns of an array": (lambda path: stream(X, Y, columns=["a"]), InvalidValue, "columns= chooses the columns"),
    "a sparse X": (lambda path: stream(csr_array(X), Y), InvalidValue, r"X must be a dense array .*got a csr_array"),
    "masked": (lambda path: stream(np.ma.masked_less(X, 0), Y), InvalidValue, "X has masked entries"),
    "a masked batch": (lambda path: stream([(X, np.ma.masked_less(Y, 1))]), InvalidValue, "y of batch 0 has masked"),
    "texts after numbers": (
        lambda path: stream([(X, Y), (X, Y.astype(str))]), InvalidValue, r"y <U\d+ \(1000,\); the first batch has"
    ),
    "a frame": (lambda path: stream(pd.DataFrame(X)), InvalidValue, "y is missing"),
    "a frame's column": (lambda path: stream(pd.DataFrame(X), "y"), InvalidValue, "y='y' names a column, and a DataFr"),
    "dates": (lambda path: stream(X, Y.astype("M8[D]")), InvalidValue, "y must hold numbers or texts, got"),
    "columns of an npy": (
        lambda path: (mapped(path), stream(path / "X.npy", Y, columns=["a"])), InvalidValue, "columns= chooses the col"
    ),
    "columns in a text": (lambda path: stream(path, "y", columns="f0"), InvalidValue, r"Use columns=\['f0'\]"),
    "y among the columns": (lambda path: stream(path, "y", columns=["f0", "y"]), InvalidValue, "'y' is named twice"),
    "no column for y": (lambda path: stream(path, []), InvalidValue, "y names no column"),
    "one name twice": (two_of_one_name, InvalidFile, r"a\.parquet has 'a' as the name of several columns"),
    "memory in words": (lambda path: stream(X, Y, memory="much"), InvalidValue, "memory must be a size"),
    "no memory": (lambda path: stream(X, Y, memory=0), InvalidValue, "memory must be a size"),
}  # fmt: skip


@pytest.mark.parametrize(("make", "kind", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_opened_is_refused_in_a_sentence(make, kind, sentence, tmp_path):
    """With the file, the batch or the argument, and what to do."""
    with pytest.raises(kind, match=sentence):
        make(tmp_path)


def test_a_file_that_goes_missing_is_named_when_its_rows_are_read(tmp_path):
    """It was there when the stream was opened."""
    source = stream(parquet(tmp_path / "parts"), "y").source
    (tmp_path / "parts" / "part-5.parquet").unlink()
    with pytest.raises(InvalidFile, match=r"part-5\.parquet cannot be read any more"):
        source.read(*[bound for bound in source.bounds(100, 100) if 500 <= bound <= 600][:2])


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets no mapped file be cut short")
def test_a_mapped_file_that_is_cut_short_is_a_sentence(tmp_path):
    """Through its map the process would end by SIGBUS."""
    source = stream(*mapped(tmp_path)).source
    os.truncate(tmp_path / "X.npy", (tmp_path / "X.npy").stat().st_size - 100 * X[0].nbytes)
    assert np.array_equal(source.read(0, 900)[0], X[:900])
    with pytest.raises(InvalidFile, match=r"X\.npy was cut short: it ends in row 900 of the 1000"):
        source.read(850, 950)
    (tmp_path / "X.npy").unlink()
    with pytest.raises(InvalidFile, match=r"X\.npy cannot be read any more: No such file"):
        source.read(0, 10)


def test_what_was_changed_in_a_copy_on_write_map_is_read(tmp_path):
    """The file has other numbers."""
    mapped(tmp_path)
    changed = np.load(tmp_path / "X.npy", mmap_mode="c")
    changed[3] = 5.0
    source = stream(changed, Y).source
    for one in (source, pickle.loads(pickle.dumps(source))):  # noqa: S301  # our own
        assert (one.read(3, 4)[0] == 5.0).all()


def test_a_missing_text_is_told_where_it_lies(tmp_path):
    """As a missing number is; missing truth values are NaN."""
    folder = tmp_path / "parts"
    folder.mkdir()
    for k in range(10):
        texts = ["yes" if truth else "no" for truth in Y[100 * k : 100 * k + 100]]
        truths = [truth == "yes" for truth in texts]
        if k == 5:
            texts[17] = truths[3] = None
        pq.write_table(table(100 * k, 100 * k + 100, y=texts, f0=truths), folder / f"part-{k}.parquet")
    source = stream(folder, "y").source
    X_part, y_part = source.read(500, 600)
    with pytest.raises(InvalidValue, match=r"y has None in row 17 of part-5\.parquet\. Labels must all be texts"):
        check_values(source, 500, "y", y_part)
    with pytest.raises(InvalidValue, match=r"X has nan in row 3 of part-5\.parquet, column 'f0'"):
        check_values(source, 500, "X", X_part)


def test_batches_that_end_sooner_are_noticed():
    """They were counted at the beginning."""
    batches = [(X[:5], Y[:5]), (X[5:9], Y[5:9])]
    source = stream(batches).source
    del batches[1]
    with pytest.raises(InvalidValue, match="held 9 rows when they were counted, and end after 5 now"):
        source.read(0, 9)


NOT_FINITE = {
    "arrays": "row 517, column 2",
    "parquet folder": r"row 17 of part-5\.parquet, column 'f2'",
    "batches": "row 127 of batch 3, column 2",
    "dask frame": r"row \d+ of part 6, column 'f2'",
}


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("kind", NOT_FINITE)
def test_what_is_not_finite_is_told_where_it_lies(kind, value, tmp_path):
    """By the row's number in its own file, batch or part."""
    source = stream(*KINDS[kind](tmp_path)).source
    rows = X[500:600].copy()
    rows[17, 2] = value
    with pytest.raises(InvalidValue, match=rf"X has {value} in {NOT_FINITE[kind]}\. Numbers must be finite"):
        check_values(source, 500, "X", rows)
    check_values(source, 500, "X", np.full((2, 2), np.finfo(np.float32).max))  # whose sum overflows


def test_a_row_group_that_does_not_fit_is_refused(tmp_path):
    """It is read at once."""
    source = stream(parquet(tmp_path / "parts", rows_of_group=100), "y").source
    with pytest.raises(InvalidValue, match=r"A row group of part-0\.parquet has 100 rows, and 99 fit"):
        source.bounds(50, 99)
