"""load_parquet: typed columns come in as the same table, and one that holds no numbers is named."""

from __future__ import annotations

import contextlib
import datetime as dt
import decimal
import io

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chainrule.errors import ChainruleError, InvalidFile, InvalidValue
from chainrule.tools import datasets
from chainrule.tools.datasets import bounds

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


def refusal(path, error=InvalidFile, **options):
    """The sentence that refuses the file, without its folder."""
    with pytest.raises(error) as refused:
        datasets.load_parquet(path, **options)
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
@pytest.mark.parametrize("load", [datasets.load, datasets.load_parquet])
def test_columns_become_a_table(write, load, kind):
    """Numbers are X, words the classes, and the columns keep their names."""
    table = load(write(COLUMNS | {"kind": kind}, row_group_size=2))
    assert np.array_equal(X, table.X)
    assert table.T.tolist() == [1, 0, 1]
    assert (table.X.dtype, table.T.dtype) == (np.float64, np.intp)
    assert (table.feature_names, table.class_names) == (("width", "height"), ("iris", "rose"))


@pytest.mark.parametrize("target", ["kind", 0, -3])
def test_the_target_is_chosen_by_name_or_index(write, target):
    """A name, an index and a negative index find the same column."""
    table = datasets.load_parquet(write({"kind": COLUMNS["kind"], **COLUMNS}), target=target)
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
    table = datasets.load_parquet(write(COLUMNS | {"kind": labels}))
    assert (table.T.tolist(), table.class_names) == (T, class_names)


def test_regression_targets_are_numbers(write):
    """Integers, flags and decimals are numbers too, in features and in the target."""
    columns = {"a": [True, False], "b": pa.array([1, 2], pa.uint8()), "y": [decimal.Decimal("0.5"), decimal.Decimal(2)]}
    table = datasets.load_parquet(write(columns), regression=True)
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
        ({"a": [1, 2], "b": ["x", "x"]}, {}, "a.parquet has only one class, 'x', and there is nothing to tell apart."),
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
    monkeypatch.setattr(pq.ParquetFile, "read", lambda *_, **__: pytest.fail("read"))
    assert refusal(path).endswith("would unpack to 16000000: it is damaged, or made to fill the memory.")


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
        assert np.isfinite(datasets.load(path).X).all()
