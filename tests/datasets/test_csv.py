"""load_csv: tables come in as they were written, and a cell that cannot is named with its place."""

from __future__ import annotations

import csv
import os

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chainrule.datasets import load_csv
from chainrule.errors import DoubtfulData, InvalidFile, InvalidValue

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
        ("1,5,3\n1,2,3,4\n", "table.csv, line 2 has 4 cells, expected 3 as in the first line."),
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
                "table.csv, line 2, column 1: 'a' is not a number. A header holds only names, a row of data only"
                " numbers beside its target. If this line names the columns, say header=True."
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


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such files")
def test_a_pipe_and_a_device_are_not_waited_for(tmp_path):
    """A pipe without a writer, a device without an end, and text beyond a gibibyte are refused unread."""
    path = tmp_path / "table.csv"
    os.mkfifo(path)
    assert refusal(path) == "table.csv is a device or a pipe. Save the data in a file."
    path.unlink()
    path.symlink_to("/dev/zero")
    assert refusal(path) == "table.csv is a device or a pipe. Save the data in a file."
    path.unlink()
    with path.open("wb") as file:
        file.truncate(1 << 40)  # a file of holes, which takes no disk
    assert refusal(path) == (
        "table.csv has 1099511627776 bytes, and at most 1073741824 of text are read. Save it as .parquet."
    )


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
    assert refusal(write("1,2,rose\n3,4,iris\n5,6,rose\n"), target=target) == sentence


HEADERS_OF_NUMBERS = {
    "pandas' columns": ("0,1,2\n0.5,1.5,1\n2.5,3.5,0\n", {}, ("0", "1"), "counts like the names that pandas gives"),
    "pandas' columns, of three classes": (
        "0,1,2\n1,0,2\n0,0,1\n1,1,0\n", {}, ("0", "1"), "counts like the names that pandas gives"
    ),
    "pandas' two columns": ("0,1\n0.5,1\n2.5,0\n", {}, ("0",), "counts like the names that pandas gives"),
    "counted from 1": ("1,2,3\n0.5,1.5,1\n2.5,3.5,0\n", {}, ("1", "2"), "counts like the names that pandas gives"),
    "counted from 1, called by name": (
        "1,2,3\n4,5,1\n6,7,0\n", {"target": "3"}, ("1", "2"), "counts like the names that pandas gives"
    ),
    "years and a word": ("1990,1991,class\n1,2,a\n3,4,b\n", {}, ("1990", "1991"), "lists years"),
    "years alone": ("1990,1991,1992\n1,2,1\n3,4,0\n", {}, ("1990", "1991"), "lists years"),
    "a word above numbers": ("5,7,class\n1,2,1\n3,4,0\n", {}, ("5", "7"), "has 'class' where every other line has"),
    "a word above words": ("5,7,class\n1,2,a\n3,4,b\n1,2,b\n4,4,a\n", {}, ("5", "7"), "has 'class' where every"),
    "a number above numbers": ("a,b,2020\n1,2,1\n3,4,0\n", {}, ("a", "b"), "has a number, 2020, for the name of the"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "options", "names", "doubt"), HEADERS_OF_NUMBERS.values(), ids=HEADERS_OF_NUMBERS)
def test_a_header_of_numbers_is_no_sample(write, content, options, names, doubt):
    """Names that are numbers are taken for names, this is said, and header=True says it for good."""
    with pytest.warns(DoubtfulData, match="table.csv, line 1 .*: it is read as the names of the columns") as said:
        table = load_csv(write(content), **options)
    assert doubt in str(said[0].message)
    assert (table.feature_names, len(table.X)) == (names, content.count("\n") - 1)
    assert load_csv(write(content), header=True, **options).feature_names == names


@pytest.mark.parametrize(
    "content",
    [
        "1,2,a\n3,4,b\n",
        "0,1,1\n1,0,1\n0,0,0\n",
        "0,1\n1,0\n2,0\n",
        "1990,1991,a\n1992,1993,b\n",
        "1990,7,a\n1992,8,b\n",
        "1.5,2.5,3.5\n4,5,6\n",
        "5,7,a\n1,2,b\n3,4,a\n",
        "2,3,4\n5,6,7\n",
        "0,0,1\n",
    ],
)
def test_a_line_of_numbers_is_a_sample(write, content):
    """What neither counts nor lists years, and has a class that others have too, is data, and nothing is said."""
    assert len(load_csv(write(content), regression=not set("ab") & set(content), header=None).X) == content.count("\n")


def test_a_sample_that_counts_is_one_and_this_is_said(write):
    """1, 2, 3 above whole numbers may be either: it is read as a sample, and the doubt is said."""
    with pytest.warns(DoubtfulData, match=r"line 1 \(1, 2, 3\) counts like names: it is read as a sample.*header=True"):
        table = load_csv(write("1,2,3\n4,5,6\n"))
    assert table.X.tolist() == [[1, 2], [4, 5]]


@pytest.mark.parametrize(
    ("content", "cell"),
    [
        ("O.5,1\n0.7,0\n0.8,2\n", "O.5"),
        ("O.5,rose\n0.7,iris\n0.8,lily\n", "O.5"),
        ("wide,1\n0.7,0\n0.8,1\n", "wide"),
        ("--,1\n0.7,0\n0.8,2\n", "--"),
        ("1.2.3,a\n0.7,b\n0.8,c\n", "1.2.3"),
        ("1O,l2.5,a\n0.7,1,b\n0.8,1,c\n", "1O"),
    ],
)
def test_a_damaged_first_sample_is_no_header(write, content, cell):
    """A number with a slip in it, and a line whose class is found again below, are named: no row is lost."""
    sentence = refusal(write(content))
    assert sentence.startswith(f"table.csv, line 1, column 1: {cell!r} is not a number. ")
    assert sentence.endswith("If this line names the columns, say header=True.")
    assert len(load_csv(write(content), header=True).X) == content.count("\n") - 1


def test_a_gap_in_the_first_sample_is_no_name(write):
    """NA in a single feature is a missing value, not a header."""
    assert refusal(write("NA,1\n0.7,0\n")).startswith("table.csv, line 1, column 1: 'NA' marks a missing value.")


@pytest.mark.parametrize("name", ["x1", "I1", "o2", "1st", "2nd feature", "größe", "e", "_x"])
def test_a_name_is_a_name_whatever_it_looks_like(write, name):
    """Names with digits in them are names, of a single feature too."""
    assert load_csv(write(f"{name},class\n1,0\n2,1\n")).feature_names == (name,)


def test_header_says_what_the_first_line_is(write):
    """True and False are obeyed without a word, and nothing else is."""
    assert load_csv(write("0,1,2\n0.5,1.5,1\n"), header=False).X.tolist() == [[0, 1], [0.5, 1.5]]
    assert load_csv(write("1.5,2.5,a\n3,4,b\n5,6,c\n"), header=True).feature_names == ("1.5", "2.5")
    assert refusal(write(FLOWERS), header=False).startswith("table.csv, line 1, column 1: 'width' is not a number.")
    assert refusal(write(FLOWERS), header=False, target="kind").startswith("table.csv has no header:")
    assert refusal(write(FLOWERS), InvalidValue, header=1.5) == "header must be True, False or None, got 1.5."


@pytest.mark.parametrize(
    ("labels", "class_names"),
    [
        ((2**53, 2**53 + 1), (str(2**53), str(2**53 + 1))),
        ((2**64 - 1, 2**64 - 2), (str(2**64 - 2), str(2**64 - 1))),
        (("9007199254740993.0", 2**53), (str(2**53), str(2**53 + 1))),
        (("0.1", "0.1000000000000000000001"), ("0.1", "0.1000000000000000000001")),
        (("1e16", "1e300"), ("10000000000000000", "1e+300")),
    ],
)
def test_labels_stay_what_they_are(write, labels, class_names):
    """Numbers that float64 cannot tell apart are two classes, with all their digits."""
    assert load_csv(write(f"x,class\n1,{labels[0]}\n2,{labels[1]}\n")).class_names == class_names


@pytest.mark.parametrize("cell", ["NA", "N/A", "#N/A", "<NA>", "None", "null", "NULL", "?", "NaT"])
def test_a_label_that_marks_a_gap_is_missing(write, cell):
    """The usual marks of a gap are no class, and the sentence names the row."""
    assert refusal(write(f"x,class\n1,a\n2,{cell}\n3,b\n")) == (
        f"table.csv, line 3, column 'class': {cell!r} marks a missing value. Fill it or remove the row;"
        " a class of that name needs another spelling."
    )


@pytest.mark.parametrize(("target", "features"), [("1", ("2", "3")), (1, ("1", "3")), ("3", ("1", "2"))])
def test_names_come_before_positions(write, target, features):
    """The text 1 is the column called so; the number 1 is the second column."""
    table = load_csv(write("1,2,3\n5,6.5,0\n7,8.5,1\n"), target=target, regression=True, header=True)
    assert table.feature_names == features


def test_a_text_of_digits_is_a_position_where_no_column_is_called_so(write):
    """As the command line gives it: 0 and -1 count columns, in a file without a header too."""
    assert load_csv(write("kind,width\nrose,1\niris,2\n"), target="0").class_names == ("iris", "rose")
    assert load_csv(write("5,0.5\n6,0.25\n"), target="-1", regression=True).T.tolist() == [0.5, 0.25]
    assert load_csv(write("5,0.5\n6,0.25\n"), target="0", regression=True).T.tolist() == [5, 6]
    assert refusal(write(FLOWERS), InvalidValue, target="7").endswith("its index from -3 to 2, got '7'.")


def test_a_target_called_as_one_of_its_classes_has_a_header(tmp_path):
    """y over the classes y and n: the columns keep their names, and that it is in doubt is said."""
    path = tmp_path / "poll.csv"
    path.write_text("a,b,y\n1,2,n\n3,4,y\n5,6,n\n")
    with pytest.warns(DoubtfulData, match="'y', a class, for the name of the target"):
        table = load_csv(path)
    assert (table.feature_names, table.class_names, table.T.tolist()) == (("a", "b"), ("n", "y"), [0, 1, 0])
    path.write_text("a,b,y\n1,2,n\n3,4,NA\n5,6,y\n")
    with pytest.warns(DoubtfulData), pytest.raises(InvalidFile, match="line 3, column 'y': 'NA' marks a missing value"):
        load_csv(path)
