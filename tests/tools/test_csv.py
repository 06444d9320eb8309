"""load_csv: tables come in as they were written, and a cell that cannot is named with its place."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chainrule.errors import InvalidFile, InvalidValue
from chainrule.tools.datasets import load_csv

FLOWERS = "width,height,kind\n1,2,rose\n3,4.5,iris\n5,6,rose\n"


@pytest.fixture
def write(tmp_path):
    """Write a text, or bytes as they are, and return the file's path."""

    def write_file(content):
        path = tmp_path / "table.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write_file


def refusal(path, error=InvalidFile, **options):
    """The sentence that refuses the file, without the path's folder."""
    with pytest.raises(error) as refused:
        load_csv(path, **options)
    assert refused.value.__cause__ is None
    return str(refused.value).replace(str(path), "table.csv")


def assert_flowers(table):
    assert np.array_equal([[1, 2], [3, 4.5], [5, 6]], table.X)
    assert np.array_equal([1, 0, 1], table.T)
    assert (table.X.dtype, table.T.dtype.kind) == (np.float64, "i")
    assert table.feature_names == ("width", "height")
    assert table.class_names == ("iris", "rose")


@pytest.mark.parametrize(
    "content",
    [
        FLOWERS,
        FLOWERS.rstrip(),
        FLOWERS.replace(",", ";"),
        FLOWERS.replace(",", "\t"),
        FLOWERS.replace("\n", "\r\n"),
        FLOWERS.replace("\n", "\r"),
        FLOWERS.replace("\n", "\n\n  \n"),
        "\n\n" + FLOWERS,
        FLOWERS.replace(",", " , "),
        FLOWERS.replace("rose", '"rose"').replace("width", ' "width"').replace("4.5", '"4.5"'),
        FLOWERS.encode("utf-8-sig"),
    ],
    ids=[
        "plain",
        "no last newline",
        "semicolon",
        "tab",
        "CRLF",
        "CR",
        "blanks",
        "blank first",
        "spaces",
        "quotes",
        "BOM",
    ],
)
def test_one_table_in_many_spellings(write, content):
    """Delimiters, line ends, blank lines, spaces, quotes and a byte order mark change nothing."""
    path = write(content)
    assert_flowers(load_csv(path))
    assert_flowers(load_csv(str(path)))


@pytest.mark.parametrize("target", ["kind", 0, -3, np.int64(0)])
def test_the_target_is_chosen_by_name_or_index(write, target):
    """A name, an index and a negative index find the same column, and the others keep their order."""
    assert_flowers(load_csv(write("kind,width,height\nrose,1,2\niris,3,4.5\nrose,5,6\n"), target=target))


def test_without_a_header_the_features_are_numbered(write):
    """A first row of numbers is data; the features are x1, x2 wherever the target stands."""
    assert load_csv(write("1,2,a\n3,4,b\n")).X.tolist() == [[1, 2], [3, 4]]
    table = load_csv(write("a,1,2\nb,3,4\n"), target=0)
    assert (table.X.tolist(), table.feature_names) == ([[1, 2], [3, 4]], ("x1", "x2"))


def test_a_header_may_name_its_target_by_a_number(write):
    """Only the features decide what a header is."""
    table = load_csv(write("width,2020\n1,5\n2,6\n"), target="2020", regression=True)
    assert (table.X.tolist(), table.T.tolist()) == ([[1], [2]], [5, 6])


@pytest.mark.parametrize(
    ("cells", "T", "class_names"),
    [
        (["b", "a", "b"], [1, 0, 1], ("a", "b")),
        (["10", "9", "10"], [1, 0, 1], ("9", "10")),
        (["1.0", "1", "2"], [0, 0, 1], ("1", "2")),
        (["-1", "+1", "1e0"], [0, 1, 1], ("-1", "1")),
        (["-0.0", "0", "0.5"], [0, 0, 1], ("0", "0.5")),
        (["10", "9", "nine"], [0, 1, 2], ("10", "9", "nine")),
        (["True", "False", "True"], [1, 0, 1], ("False", "True")),
        (["ärmel", "zoo", "zoo"], [1, 0, 0], ("zoo", "ärmel")),
    ],
)
def test_classes_are_sorted_and_numbered(write, cells, T, class_names):
    """Numbers sort and compare as numbers, words as words, and T indexes the sorted names."""
    table = load_csv(write("x,class\n" + "".join(f"1,{cell}\n" for cell in cells)))
    assert (table.T.tolist(), table.class_names) == (T, class_names)


def test_regression_targets_are_numbers(write):
    """T is float64, (n,), even where all are the same, and there are no classes."""
    table = load_csv(write("x,y\n1,0.5\n2,0.5\n"), regression=True)
    assert (table.T.tolist(), table.T.dtype, table.class_names) == ([0.5, 0.5], np.float64, ())


def test_a_quoted_cell_may_hold_delimiters_and_lines(write):
    """Quotes protect commas, semicolons, line ends and doubled quotes, in the header too."""
    table = load_csv(write('"a;b;c;\nd",kind\n1,"one, ""two""\nthree"\n2,four\n'))
    assert table.feature_names == ("a;b;c;\nd",)
    assert table.class_names == ("four", 'one, "two"\nthree')


@given(
    rows=st.lists(
        st.tuples(st.floats(allow_nan=False, allow_infinity=False), st.integers(-(10**9), 10**9)),
        min_size=1,
        max_size=20,
    ),
    delimiter=st.sampled_from(",;\t"),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_numbers_come_back_to_the_last_bit(tmp_path, rows, delimiter):
    """What csv writes, load_csv reads: every finite float is the same float."""
    path = tmp_path / "numbers.csv"
    with path.open("w", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([("x", "y"), *rows])
    table = load_csv(path, regression=True)
    assert np.array_equal([[x] for x, _ in rows], table.X)
    assert np.array_equal([y for _, y in rows], table.T)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "table.csv is empty. It needs rows of numbers and a target."),
        ("\n \n", "table.csv is empty. It needs rows of numbers and a target."),
        ("a,b,c\n", "table.csv has a header but no rows."),
        (
            "a\n1\n",
            "table.csv has only one column. It needs features and a target, separated by comma, semicolon or tab.",
        ),
        ("a,b,c\n1,2,3\n\n1,2\n", "table.csv, line 4 has 2 cells, expected 3 as in the first line."),
        ("1,2,3\n1,2,3,4\n", "table.csv, line 2 has 4 cells, expected 3 as in the first line."),
        (
            "a,b,a\n1,2,3\n",
            "table.csv, line 1: 2 columns are called 'a'. Give each its own name.",
        ),
        (
            ",a,b\n0,1,2\n",
            "table.csv, line 1: column 1 has no name. Name it, or remove the column if it only counts the rows.",
        ),
        (
            "\na,1,2\n",
            (
                "table.csv, line 2, column 1: 'a' is not a number, but other cells here are."
                " A header holds only names, a row of data only numbers beside its target."
            ),
        ),
        ("1,,2\n", "table.csv, line 1, column 2: the cell is empty. Fill it or remove the row."),
        (
            "a,b\n1,x\n\nwide,y\n",
            ("table.csv, line 4, column 'a': 'wide' is not a number. Correct it, or remove the row."),
        ),
        (
            "a;b\n1,5;x\n",
            (
                "table.csv, line 2, column 'a': '1,5' is not a number."
                " Write numbers with a decimal point and without thousands separators."
            ),
        ),
        (
            "a,b\n1_000,x\n",
            (
                "table.csv, line 2, column 'a': '1_000' is not a number."
                " Correct it, or choose this column as the target if it holds the classes."
            ),
        ),
        ("a,b\n1,x\n ,y\n", "table.csv, line 3, column 'a': the cell is empty. Fill it or remove the row."),
        ("a,b\n1,x\n2,\n", "table.csv, line 3, column 'b': the cell is empty. Fill it or remove the row."),
        ("a,b\nnan,x\n", "table.csv, line 2, column 'a': 'nan' is not finite. Replace it or remove the row."),
        ("nan,x\n", "table.csv, line 1, column 1: 'nan' is not finite. Replace it or remove the row."),
        ("a,b\n1e999,x\n", "table.csv, line 2, column 'a': '1e999' is not finite. Replace it or remove the row."),
        ("a,b\n1,-inf\n", "table.csv, line 2, column 'b': '-inf' is not finite. Replace it or remove the row."),
        (
            "a,b\n1,x\n2,x\n",
            "table.csv has only one class, 'x', and there is nothing to tell apart. Choose another target.",
        ),
        (
            "a,b\n1,1\n2,1.0\n",
            "table.csv has only one class, '1', and there is nothing to tell apart. Choose another target.",
        ),
        (
            'a,b\n1,"x\nx"\n3,"y\n4,z\n',
            (
                "table.csv, line 4: a quoted cell that begins here is never closed, or text follows its closing quote."
                " Close it; a quote inside a quoted cell is written twice."
            ),
        ),
        (
            'a,b\n3,"y" z\n',
            (
                "table.csv, line 2: a quoted cell that begins here is never closed, or text follows its closing quote."
                " Close it; a quote inside a quoted cell is written twice."
            ),
        ),
        (
            "a,b\n1,x\n2,\xe9\n".encode("latin-1"),
            "table.csv is not in UTF-8 (line 3). Save it as CSV in UTF-8.",
        ),
        ("a,b\n1,x\n".encode("utf-16"), "table.csv is not in UTF-8 (line 1). Save it as CSV in UTF-8."),
        (b"PK\x03\x04\x00\x00", "table.csv is a binary file, not text. Export the table as CSV."),
    ],
)
def test_a_damaged_file_is_refused_by_a_sentence(write, content, sentence):
    """The sentence says what is wrong, on which line of the file and in which column, and what to do."""
    assert refusal(write(content)) == sentence


def test_an_unclosed_quote_in_a_large_file_is_found(write):
    """A quote that swallows more than csv's longest cell is still called what it is."""
    content = 'a,b\n1,"x\n' + "2,y\n" * 50_000
    assert "line 2: a quoted cell that begins here is never closed" in refusal(write(content))


@pytest.mark.parametrize(
    ("cell", "problem"), [("x", "'x' is not a number"), ("", "the cell is empty"), ("NaN", "'NaN' is not finite")]
)
def test_a_regression_target_must_be_a_number(write, cell, problem):
    """A word, a gap or NaN in the target's column is named like one among the features."""
    assert f"line 3, column 'y': {problem}." in refusal(write(f"x,y\n1,2\n3,{cell}\n"), regression=True)


def test_files_that_are_none_are_refused(tmp_path):
    """A missing file and a directory are called so."""
    missing = tmp_path / "missing.csv"
    assert refusal(missing) == "There is no file table.csv. Check its name and its folder."
    assert refusal(tmp_path) == "table.csv is a directory. Name a file in it."
    assert "…" in refusal(tmp_path / ("x" * 300))


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        ("knd", "Unknown target 'knd'. Did you mean 'kind'? The choices are: width, height, kind."),
        (3, "target must be a column's name or its index from -3 to 2, got 3."),
        (-4, "target must be a column's name or its index from -3 to 2, got -4."),
        (1.0, "target must be a column's name or its index from -3 to 2, got 1.0."),
        (True, "target must be a column's name or its index from -3 to 2, got True."),
    ],
)
def test_a_target_that_is_no_column_is_refused(write, target, sentence):
    """The sentence lists the names or the indices there are."""
    assert refusal(write(FLOWERS), InvalidValue, target=target) == sentence


@pytest.mark.parametrize("target", ["kind", "rose"])
def test_a_target_by_name_needs_a_header(write, target):
    """Without a header no name is found, not even one that is a class of the first row."""
    sentence = f"table.csv has no header: line 1 holds numbers. Choose the target by its index instead of {target!r}."
    assert refusal(write("1,2,rose\n3,4,iris\n"), target=target) == sentence
