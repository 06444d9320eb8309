"""Folders of parquet files: what their folders' names say, a file that is missing, and numbers that are decimals."""

from __future__ import annotations

import warnings
from decimal import Decimal

import dask.array
import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from tests.streams.cases import NAMES, parquet, table
from tests.streams.rows import N_ROWS, X, Y

from chainrule import InvalidFile, InvalidValue, MLPClassifier, stream

YEARS = (2019, 2020, 2021)


def by_year(folder, name="year", values=YEARS):
    """The rows in folders name=value, as pyarrow writes them."""
    for k, value in enumerate(values):
        part = folder / f"{name}={value}"
        part.mkdir(parents=True)
        pq.write_table(table(300 * k, 300 * k + 300), part / "part-0.parquet", row_group_size=60)
    return folder


def test_keys_in_the_names_of_folders_are_columns(tmp_path):
    """As pyarrow reads them, after the files' own; they can be left out, or be what is to be predicted."""
    folder = by_year(tmp_path / "data")
    source = stream(folder, "y").source
    theirs = ds.dataset(folder, partitioning="hive").to_table().to_pandas()
    assert source.names == (*NAMES, "year") == tuple(name for name in theirs.columns if name != "y")
    X_all, y_all = source.read(0, 900)
    assert np.array_equal(X_all, theirs.drop(columns="y").to_numpy())
    assert np.array_equal(y_all, theirs["y"])
    assert source.place(305) == "row 5 of year=2020/part-0.parquet"
    assert stream(folder, "y", columns=["f1"]).source.names == ("f1",)
    years = stream(folder, "year", columns=["f0", "f1"]).source
    assert np.array_equal(years.read_targets(0, 900), np.repeat(YEARS, 300))
    clf = MLPClassifier((3,), max_iter=1, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert clf.fit(stream(folder, "year")).classes_.tolist() == list(YEARS)


def test_texts_in_the_names_of_folders_are_labels_and_no_features(tmp_path):
    """Names as programs write them, with signs for what a path cannot hold; a column of the files comes first."""
    folder = by_year(tmp_path / "data", "kind", ("new", "old%2Fused", "odd"))
    labels = stream(folder, "kind").source.read_targets(0, 900)
    assert labels.tolist() == ["new"] * 300 + ["odd"] * 300 + ["old/used"] * 300
    with pytest.raises(InvalidFile, match=r"has folders named kind=new, and 'kind' is no number.*columns="):
        stream(folder, "y")
    assert stream(folder, "y", columns=NAMES).source.n_features == 4
    rates = stream(by_year(tmp_path / "rates", "rate", (0.5, 1, "1e2")), "y").source
    assert np.unique(rates.read(0, 900)[0][:, -1]).tolist() == [0.5, 1.0, 100.0]
    own = stream(by_year(tmp_path / "own", "f1"), "y").source
    assert np.array_equal(own.read(0, 60)[0], X[:60])


def mixed_keys(folder):
    by_year(folder)
    (folder / "month=3").mkdir()
    pq.write_table(table(0, 9), folder / "month=3" / "part-0.parquet")


def without_value(folder):
    by_year(folder, values=(2019, "__HIVE_DEFAULT_PARTITION__"))


@pytest.mark.parametrize(
    ("make", "sentence"),
    [(mixed_keys, "lies in folders that name year, and part-0.parquet in such of month"),
     (without_value, "lies in a folder without a value")],
)  # fmt: skip
def test_folders_that_do_not_go_together_are_refused(make, sentence, tmp_path):
    """With the file."""
    make(tmp_path / "data")
    with pytest.raises(InvalidFile, match=sentence):
        stream(tmp_path / "data", "y")


def numbered(folder, numbers, name="part-{:02}.parquet"):
    folder.mkdir()
    for number in numbers:
        pq.write_table(table(0, 60), folder / name.format(number))
    return folder


GAPS = {
    "one": ((0, 1, 3), "part-{}.parquet", r"has 3 numbered files, and part-2\.parquet is not among them"),
    "two": ((8, 9, 11, 12, 14, 15), "part-{:02}.parquet", r"part-10\.parquet and 1 more is not among them"),
    "a part of longer names": ((0, 2, 3), "part-{:05}-c1f-7.parquet", r"part-00001-c1f-7\.parquet is not"),
}


@pytest.mark.parametrize(("numbers", "name", "sentence"), GAPS.values(), ids=GAPS)
def test_a_file_that_is_missing_in_the_middle_is_named(numbers, name, sentence, tmp_path):
    """By its number."""
    with pytest.warns(UserWarning, match=sentence):
        stream(numbered(tmp_path / "parts", numbers, name), "y")


@pytest.mark.parametrize(
    ("numbers", "name"),
    [((3, 4, 5), "part-{}.parquet"), ((0, 10, 20, 30), "part-{}.parquet"), ((20200131, 20200201), "{}.parquet"),
     ((1,), "{}.parquet"), ((0, 1, 3), "{0}-of-{0}.parquet")],
)  # fmt: skip
def test_other_ways_of_counting_are_no_gap(numbers, name, tmp_path):
    """No warning for every tenth, for days, or for names that differ in two numbers."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        stream(numbered(tmp_path / "parts", numbers, name), "y")


def test_unfinished_files_are_passed_over(tmp_path):
    """Spark and pyarrow leave them in folders that begin with an underscore."""
    folder = parquet(tmp_path / "parts")
    (folder / "_temporary").mkdir()
    (folder / "_temporary" / "part-11.parquet").write_bytes(b"PAR1")
    assert len(stream(folder, "y")) == N_ROWS


@pytest.mark.parametrize("kind", [pa.decimal128(10, 2), pa.decimal256(40, 2)])
def test_decimals_in_parquet_are_numbers(kind, tmp_path):
    """In X and in y, a missing one is NaN."""
    values = [Decimal(k) / 4 for k in range(99)] + [None]
    columns = {"f0": pa.array(values, kind), "y": pa.array([*values[:-1], Decimal(7)], kind)}
    pq.write_table(table(0, 100, **columns), tmp_path / "a.parquet")
    X_all, y_all = stream(tmp_path / "a.parquet", "y").source.read(0, 100)
    assert (X_all.dtype, y_all.dtype) == (np.float64, np.float64)
    assert np.array_equal(X_all[:99, 0], np.arange(99) / 4)
    assert np.isnan(X_all[99, 0])
    assert np.array_equal(y_all, [*np.arange(99) / 4, 7])


OBJECTS = {
    "decimals": ([Decimal("0.25"), Decimal(3)], np.float64, [0.25, 3.0]),
    "whole numbers": ([3, 4], np.int64, [3, 4]),
    "one missing": ([3, None], np.float64, [3.0, np.nan]),
    "texts": (["a", "b"], object, ["a", "b"]),
    "texts and numbers": (["a", 1], object, ["a", 1]),
}


@pytest.mark.parametrize(("values", "dtype", "read"), OBJECTS.values(), ids=OBJECTS)
def test_numbers_in_objects_are_numbers(values, dtype, read):
    """Of arrays in memory and of batches; texts stay."""
    y = np.array(values, object)
    for data in (stream(X[:2], y), stream([(X[:2], y)])):
        found = data.source.read(0, 2)[1]
        assert found.dtype == dtype
        assert found.tolist() == pytest.approx(read, nan_ok=True) if dtype is not object else found.tolist() == read


def test_files_without_rows_are_no_data(tmp_path):
    """Nor are batches or parts without any."""
    pq.write_table(table(0, 0), tmp_path / "a.parquet")
    with pytest.raises(InvalidFile, match=r"a\.parquet has no rows"):
        stream(tmp_path / "a.parquet", "y")
    with pytest.raises(InvalidValue, match="The batches hold no rows"):
        stream([(X[:0], Y[:0])])
    with pytest.raises(InvalidValue, match="X has no rows"):
        stream(dask.array.from_array(X[:0]), dask.array.from_array(Y[:0]))


def test_labels_may_be_texts_of_several_files(tmp_path):
    """Whose arrays are put together."""
    folder = tmp_path / "parts"
    folder.mkdir()
    for k in range(3):
        pq.write_table(table(60 * k, 60 * k + 60, y=[f"class {one}" for one in Y[:60]]), folder / f"{k}.parquet")
    assert stream(folder, "y").source.read_targets(0, 180).tolist() == [f"class {one}" for one in Y[:60]] * 3
