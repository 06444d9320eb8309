"""load_parquet: typed columns come in as the same table, and one that holds no numbers is named."""

from __future__ import annotations

import contextlib
import datetime as dt
import decimal
import io
import subprocess
import sys
import tracemalloc

import narwhals
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chainrule import datasets
from chainrule.datasets import bounds, parquet_file
from chainrule.errors import ChainruleError, DoubtfulData, InvalidFile, InvalidValue, MissingLibrary

X = np.array([[1.0, 2], [3, 4.5], [5, 6]])
COLUMNS = {"width": [1, 3, 5], "height": [2.0, 4.5, 6.0], "kind": ["rose", "iris", "rose"]}


@pytest.fixture
def write(tmp_path):
    """Write columns as a Parquet file, and return its path."""

    def write_file(columns, **options):
        path = tmp_path / "a.parquet"
        pq.write_table(columns if isinstance(columns, pa.Table) else pa.table(columns), path, **options)
        return path

    return write_file


def read(path, target=None, regression=False):
    """The table of a file, read in this process, which is quicker."""
    return parquet_file.read_parquet(path, target=target, regression=regression)


def refusal(path, error=InvalidFile, **options):
    """The sentence that refuses the file, without its folder."""
    with pytest.raises(error) as refused:
        read(path, **options)
    assert refused.value.__cause__ is None
    return str(refused.value).replace(f"{path.parent}/", "")


@pytest.mark.parametrize(
    "kind",
    [
        pa.array(["rose", "iris", "rose"]),
        pa.array(["rose", "iris", "rose"], pa.large_string()),
        pa.array(["rose", "iris", "rose"]).dictionary_encode(),
    ],
    ids=["string", "large string", "categorical"],
)
def test_columns_become_a_table(write, kind):
    """Numbers are X, words the classes, and the columns keep their names."""
    table = datasets.load(write(COLUMNS | {"kind": kind}, row_group_size=2))
    assert np.array_equal(X, table.X)
    assert table.T.tolist() == [1, 0, 1]
    assert (table.X.dtype, table.T.dtype) == (np.float64, np.intp)
    assert (table.feature_names, table.class_names) == (("width", "height"), ("iris", "rose"))


@pytest.mark.parametrize("target", ["kind", 0, -3])
def test_the_target_is_chosen_by_name_or_index(write, target):
    """A name, an index and a negative index find the same column."""
    table = read(write({"kind": COLUMNS["kind"], **COLUMNS}), target=target)
    assert np.array_equal(X, table.X)
    assert (table.T.tolist(), table.feature_names) == ([1, 0, 1], ("width", "height"))


@pytest.mark.parametrize(
    ("labels", "T", "class_names"),
    [
        ([3, 1, 3], [1, 0, 1], ("1", "3")),
        ([1.0, -1.0, 1.0], [1, 0, 1], ("-1", "1")),
        ([True, False, True], [1, 0, 1], ("False", "True")),
        (pa.array([7, 9, 7]).dictionary_encode(), [0, 1, 0], ("7", "9")),
    ],
)
def test_classes_may_be_numbers_and_flags(write, labels, T, class_names):
    """They are named as in every other kind of file."""
    table = read(write(COLUMNS | {"kind": labels}))
    assert (table.T.tolist(), table.class_names) == (T, class_names)


def test_regression_targets_are_numbers(write):
    """Integers, flags and decimals are numbers too, in features and in the target."""
    columns = {"a": [True, False], "b": pa.array([1, 2], pa.uint8()), "y": [decimal.Decimal("0.5"), decimal.Decimal(2)]}
    table = read(write(columns), regression=True)
    assert (table.X.tolist(), table.T.tolist()) == ([[1, 1], [0, 2]], [0.5, 2])
    assert (table.T.dtype, table.class_names) == (np.float64, ())


@pytest.mark.parametrize(
    ("columns", "options", "sentence"),
    [
        ({"a": ["x"], "b": [1]}, {}, "a.parquet, column 'a' holds String, not numbers. Correct it, or choose this"),
        ({"a": [[1]], "b": [1]}, {}, "a.parquet, column 'a' holds List(Int64), not numbers."),
        ({"a": [dt.date(2020, 1, 1)], "b": [1]}, {}, "a.parquet, column 'a' holds Date, not numbers."),
        ({"a": [1], "b": [dt.date(2020, 1, 1)]}, {}, "a.parquet, column 'b' holds Date, not numbers."),
        ({"a": [1], "b": ["x"]}, {"regression": True}, "a.parquet, column 'b' holds String, not numbers."),
        ({"a": [1, None], "b": [1, 2]}, {}, "a.parquet, column 'a': the cell in row 1, counted from 0, is empty."),
        (
            {"a": [1, 2], "b": ["x", None]},
            {},
            "a.parquet, column 'b', row 1, counted from 0: the cell is empty. Fill it",
        ),
        ({"a": [1, 2], "b": [True, None]}, {}, "a.parquet, column 'b': the cell in row 1, counted from 0, is empty."),
        (
            {"a": [1, np.inf], "b": [1, 2]},
            {},
            "a.parquet, column 'a': the cell in row 1, counted from 0, is not finite.",
        ),
        (
            {"a": [1, 2], "b": [np.nan, 2]},
            {},
            "a.parquet, column 'b': the cell in row 0, counted from 0, is not finite.",
        ),
        ({"a": [1, 2], "b": ["x", "x"]}, {}, "a.parquet has only one class, 'x', so there is nothing to learn."),
        ({"a": pa.array([], pa.int64()), "b": pa.array([], pa.int64())}, {}, "a.parquet: X has no rows."),
        ({"a": [1, 2]}, {}, "a.parquet has fewer than two columns. It needs features and a target."),
        ({"a": [1], "__index_level_0__": [0], "b": [1]}, {}, "a.parquet holds the row index of pandas as a column."),
        (
            pa.table([[1], [2], [3]], names=["a", "b", "a"]),
            {},
            "a.parquet: 2 columns are called 'a'. Give each its own",
        ),
    ],
)
def test_what_is_no_table_is_refused(write, columns, options, sentence):
    """Columns of other kinds, gaps, no rows, one class and names that mislead are named."""
    assert refusal(write(columns), **options).startswith(sentence)


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        ("knd", "Unknown target 'knd'. Did you mean 'kind'? The choices are: width, height, kind."),
        (3, "target must be a column's name or its index from -3 to 2, got 3."),
        (1.5, "target must be a column's name or its index from -3 to 2, got 1.5."),
    ],
)
def test_a_target_that_is_no_column_is_refused(write, target, sentence):
    """The sentence lists the names or the indices there are."""
    assert refusal(write(COLUMNS), InvalidValue, target=target) == sentence


def test_what_is_no_parquet_is_refused(tmp_path):
    """A foreign file is called one."""
    path = tmp_path / "a.parquet"
    path.write_bytes(b"x1,x2,class\n1,2,rose\n" * 50)
    assert refusal(path) == "a.parquet is damaged, cut short, or no Parquet file. Write it again."


def test_rows_beyond_all_measure_are_refused_before_they_are_read(write, monkeypatch):
    """A million equal numbers take a few bytes; where so many are too many, none is read."""
    path = write({"a": np.zeros(1_000_000), "b": np.ones(1_000_000)})
    monkeypatch.setattr(bounds, "ALWAYS_FINE", 1 << 20)
    monkeypatch.setattr(narwhals, "read_parquet", lambda *_, **__: pytest.fail("read"))
    assert refusal(path).endswith("would unpack to 16000000: it is damaged, or made to fill the memory.")


def test_a_changed_page_is_refused_by_its_checksum(write):
    """Of 86 files with one bit changed in a page that has a checksum, none is read as other numbers."""
    rng = np.random.default_rng(0)
    columns = {"a": rng.normal(size=300), "b": rng.normal(size=300), "kind": rng.integers(0, 3, 300)}
    path = write(columns, write_page_checksum=True, compression="none", use_dictionary=False)
    content, before = path.read_bytes(), read(path)
    n_refused = 0
    for place in rng.integers(4, 300 * 8 * 3, 86):
        changed = bytearray(content)
        changed[place] ^= 1 << int(rng.integers(8))
        path.write_bytes(changed)
        try:
            table = read(path)
        except InvalidFile:
            n_refused += 1
        else:  # a bit of a page's statistics, which nobody reads
            assert np.array_equal(before.X, table.X)
            assert np.array_equal(before.T, table.T)
    assert n_refused > 80
    assert refusal(path) == "a.parquet is damaged, a page differs from its checksum. Write it again."


def test_labels_stay_what_they_are(write):
    """Whole numbers that float64 cannot tell apart are two classes, with all their digits; so are long decimals."""
    for values, kind in (([2**53 + 1, 2**53], pa.int64()), ([2**63 + 1, 2**63], pa.uint64())):
        table = read(write({"a": [1, 2], "kind": pa.array(values, kind)}))
        assert (table.T.tolist(), table.class_names) == ([1, 0], (str(values[1]), str(values[0])))
    values = [decimal.Decimal("9007199254740993.5"), decimal.Decimal("9007199254740992.5")]
    assert read(write({"a": [1, 2], "kind": values})).class_names == ("9007199254740992.5", "9007199254740993.5")


def test_a_label_that_marks_a_gap_is_refused_by_its_row(write):
    """NA in a column of words is a missing label, not a class."""
    sentence = "a.parquet, column 'kind', row 1, counted from 0: 'NA' marks a missing value. Fill it or remove the row;"
    assert refusal(write({"a": [1, 2, 3], "kind": ["x", "NA", "y"]})).startswith(sentence)


def test_long_labels_are_classes_and_take_the_memory_of_one(write):
    """Texts of a hundred kilobytes are read as they are; the file keeps each once, and so does who reads it."""
    words = ["x" * 10**5, "y" * 10**5]
    kind = pa.DictionaryArray.from_arrays(np.arange(1000) % 2, words)
    path = write({"a": np.arange(1000.0), "kind": kind}, store_schema=False)  # that is, as words, not as categories
    assert path.stat().st_size < 10**6
    tracemalloc.start()
    try:
        table = read(path)
        assert tracemalloc.get_traced_memory()[1] < 50 * 10**6  # some at a time; all of them would be 100 MB
    finally:
        tracemalloc.stop()
    assert table.T.tolist() == [0, 1] * 500
    assert table.class_names == tuple(words)


def test_names_come_before_positions(write):
    """The text 1 is the column called so; where there is none, it is the second."""
    numbered = {"1": [5, 6], "2": [7.0, 8.0], "3": [0, 1]}
    assert read(write(numbered), target="1").feature_names == ("2", "3")
    assert read(write(numbered), target=1).feature_names == ("1", "3")
    lettered = {"a": [1, 2], "b": [3.0, 4.0]}
    assert read(write(lettered), target="0").feature_names == ("b",)


@pytest.mark.parametrize("missing", ["pyarrow", "pyarrow.parquet"])
def test_polars_reads_where_pyarrow_is_missing(write, monkeypatch, missing):
    """The table is the same, and that no checksum was verified is said."""
    path = write(COLUMNS)
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.warns(DoubtfulData, match="read by polars, which does not verify the checksums"):
        table = read(path)
    assert np.array_equal(X, table.X)
    assert (table.T.tolist(), table.class_names) == ([1, 0, 1], ("iris", "rose"))
    path.write_bytes(b"x" * 100)
    assert refusal(path) == "a.parquet is damaged, cut short, or no Parquet file. Write it again."
    monkeypatch.setitem(sys.modules, "polars", None)
    assert refusal(path, MissingLibrary) == "Missing library pyarrow. Install it: pip install 'chainrule[parquet]'."


def test_the_file_is_read_in_a_process_of_its_own(write, monkeypatch):
    """What refuses a file there, and what is in doubt, is raised and said here; Arrow is not loaded here."""
    with pytest.raises(InvalidValue, match="Unknown target 'knd'"):
        datasets.load_parquet(write(COLUMNS), target="knd")
    with pytest.raises(InvalidValue, match="target must be a column's name or its index, got"):
        datasets.load_parquet(write(COLUMNS), target=["kind"])
    code = "import sys; from chainrule import datasets; t = datasets.load(sys.argv[1], target='kind'); "
    code += "t.X[0] = 0; print({'pyarrow', 'narwhals'} & set(sys.modules), t.class_names)"
    run = subprocess.run([sys.executable, "-c", code, str(write(COLUMNS))], capture_output=True, text=True, check=True)
    assert run.stdout == "set() ('iris', 'rose')\n"


FRAMES = {
    "pandas": pd.DataFrame,
    "pandas with a categorical": lambda columns: pd.DataFrame(columns).astype({"kind": "category"}),
    "pandas with nullable numbers": lambda columns: pd.DataFrame(columns).astype({"width": "Int64"}),
    "pandas with words as objects": lambda columns: pd.DataFrame(columns).astype({"kind": object}),
    "polars": pl.DataFrame,
    "pyarrow": pa.table,
}


@pytest.mark.parametrize("make", FRAMES.values(), ids=FRAMES)
def test_frames_become_a_table(make):
    """A frame of pandas, polars or pyarrow is read like the file it could be saved as."""
    for load in (datasets.load, datasets.load_frame):
        table = load(make(COLUMNS), target="kind")
        assert np.array_equal(X, table.X)
        assert (table.T.tolist(), table.class_names) == ([1, 0, 1], ("iris", "rose"))
        assert (table.X.dtype, table.feature_names) == (np.float64, ("width", "height"))
        assert table.X.flags.writeable


@pytest.mark.parametrize(
    ("frame", "error", "sentence"),
    [
        (pd.DataFrame({"a": [1, None], "b": [1, 2]}), InvalidFile, "The frame, column 'a': the cell in row 1,"),
        (
            pd.DataFrame({"a": [1, 2], "b": ["x", None]}),
            InvalidFile,
            "The frame, column 'b', row 1, counted from 0: the",
        ),
        (
            pd.DataFrame([[1, 2]], columns=["a", "a"]),
            InvalidValue,
            "Expected a data frame of pandas, polars or pyarrow,",
        ),
        (pd.DataFrame({"a": [{}], "b": [1]}), InvalidFile, "The frame, column 'a' holds Object, not numbers."),
        (pl.DataFrame({"a": [1]}), InvalidFile, "The frame has fewer than two columns."),
        ({"a": [1]}, InvalidValue, "Expected a data frame of pandas, polars or pyarrow, one name a column:"),
        (pl.LazyFrame({"a": [1], "b": [2]}), InvalidValue, "Expected a data frame of pandas, polars or pyarrow,"),
    ],
)
def test_what_is_no_frame_of_numbers_is_refused(frame, error, sentence):
    """Gaps, columns of one name, objects and what is no frame are named."""
    with pytest.raises(error) as refused:
        datasets.load_frame(frame)
    assert str(refused.value).startswith(sentence)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_file_gives_a_table_or_a_sentence(tmp_path, data):
    """Cut anywhere, or with any bytes changed, a file is loaded or refused by a sentence, nothing else is raised."""
    file = io.BytesIO()
    pq.write_table(pa.table(COLUMNS), file)
    content = bytearray(file.getvalue())
    content = content[: data.draw(st.integers(1, len(content)) | st.just(len(content)))]
    for _ in range(data.draw(st.integers(0, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "a.parquet"
    path.write_bytes(content)
    with contextlib.suppress(ChainruleError):
        assert np.isfinite(read(path).X).all()
