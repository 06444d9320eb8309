"""Parquet files: typed columns, read by pyarrow or polars, whichever is installed, once their size is known."""

from __future__ import annotations

import contextlib
import importlib
import numbers
import warnings
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from chainrule.datasets.bounds import as_float64, check_unpacked, open_data
from chainrule.datasets.frame import check_columns, check_names, frame_table
from chainrule.datasets.reading_process import read_table
from chainrule.errors import DoubtfulData, InvalidFile, InvalidValue, MissingLibrary

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator

    from chainrule.datasets.tabular import Table


class Footer(NamedTuple):
    """What a file says of itself: its columns as a narwhals frame without rows, and how large they are."""

    columns: Any
    n_rows: int
    n_bytes: int
    texts: list[str]  # columns that stay the codes of a dictionary, since one long text may stand in every row


def load_parquet(path: str | os.PathLike[str], *, target: str | int | None = None, regression: bool = False) -> Table:
    """Read a table of named columns: numbers in every one, and one column that is the target.

    Parameters
    ----------
    path
        A Parquet file. Where its pages have checksums, pyarrow verifies them; polars cannot, which is said.
    target
        Name or index of the target's column, counted from 0, or from the end where negative; None is the last. A
        text is a name before it is an index.
    regression
        Whether the target is a number to predict. Otherwise it is a class, named by a number or a word.

    Returns
    -------
    Table
        X (n, n_features), T (n,), feature_names, class_names. The classes are sorted, T indexes them.

    Raises
    ------
    InvalidFile
        For a file that is missing, no Parquet, damaged or without rows, for a column that holds no numbers, for a
        gap and a number that is not finite, and for what would unpack to far more than it is.
    InvalidValue
        For a target that is not among the columns.
    MissingLibrary
        Without pyarrow and polars.

    Notes
    -----
    S1 loads its classes from files; this is for a reader's own, from pandas or a database. The file is read in a
    process of its own, because Arrow's code can end on a damaged one; that costs its start, once a call. What pandas
    or polars have read already is taken by :func:`load_frame`.

    Examples
    --------
    >>> import pandas, tempfile
    >>> frame = pandas.DataFrame({"height": [1.5, 1.8], "kind": ["cat", "dog"]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     frame.to_parquet(f"{folder}/pets.parquet")
    ...     load_parquet(f"{folder}/pets.parquet").class_names
    ('cat', 'dog')
    """
    file = Path(path)
    if isinstance(target, numbers.Integral) and not isinstance(target, bool):
        target = int(target)  # NumPy's, which a message cannot hold
    if not isinstance(target, str | int | float | None):
        raise InvalidValue(f"target must be a column's name or its index, got {target!r}.")
    return read_table(file, target=target, regression=bool(regression))


def read_parquet(path: str, *, target: str | int | None, regression: bool) -> Table:
    """Read the table in this process: what load_parquet does in one of its own, which Arrow's code may end."""
    file = Path(path)
    with open_data(file) as (content, size):
        read_footer, read_frame = _backend()
        with _damage_told(file):
            footer = read_footer(content)
        check_columns(file, footer.columns, target, regression=regression)
        check_unpacked(file, size, max(footer.n_bytes, as_float64((footer.n_rows, len(footer.columns.columns)), 8)))
        with _damage_told(file):
            frame = read_frame(content, footer)
        return frame_table(file, frame, target, regression=regression)


@contextlib.contextmanager
def _damage_told(file: Path) -> Iterator[None]:
    """Say in a sentence whatever a parser of foreign bytes raises, which on damaged ones has no end."""
    try:
        yield
    except (InvalidFile, MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of polars is no Exception
        if isinstance(error, OSError) and error.errno is not None:
            raise
        reason = "a page differs from its checksum" if "CRC" in str(error) else "cut short, or no Parquet file"
        raise InvalidFile(f"{file} is damaged, {reason}. Write it again.") from None


def _backend() -> tuple[Callable[[IO[bytes]], Footer], Callable[[IO[bytes], Footer], Any]]:
    """Return who reads the footer and who the frame: pyarrow's, or else polars'."""
    known = {
        ("pyarrow", "pyarrow.parquet"): (_arrow_footer, _arrow_frame),
        ("polars",): (_polars_footer, _polars_frame),
    }
    for modules, readers in known.items():
        with contextlib.suppress(ImportError):
            for module in modules:
                importlib.import_module(module)
            return readers
    raise MissingLibrary("Missing library pyarrow. Install it: pip install 'chainrule[parquet]'.")


def _arrow_footer(content: IO[bytes]) -> Footer:
    import narwhals  # noqa: PLC0415 - importing chainrule loads NumPy alone

    parquet, types = importlib.import_module("pyarrow.parquet"), importlib.import_module("pyarrow.types")
    file = parquet.ParquetFile(content)
    schema, about = file.schema_arrow, file.metadata
    check_names(content.name, schema.names)
    groups = [about.row_group(i) for i in range(about.num_row_groups)]
    chunks = [group.column(j) for group in groups for j in range(group.num_columns)]
    unpacked = sum(max(0, chunk.total_uncompressed_size) for chunk in chunks)
    texts = [field.name for field in schema if types.is_string(field.type) or types.is_large_string(field.type)]
    return Footer(narwhals.from_native(schema.empty_table(), eager_only=True), about.num_rows, unpacked, texts)


def _arrow_frame(content: IO[bytes], footer: Footer) -> Any:
    import narwhals  # noqa: PLC0415

    content.seek(0)
    options = {"page_checksum_verification": True, "read_dictionary": footer.texts}
    return narwhals.read_parquet(content, backend="pyarrow", **options)


def _polars_footer(content: IO[bytes]) -> Footer:
    import narwhals  # noqa: PLC0415

    polars = importlib.import_module("polars")
    columns = polars.DataFrame(schema=polars.read_parquet_schema(content))
    content.seek(0)
    n_rows = polars.scan_parquet(content).select(polars.len()).collect().item()
    return Footer(narwhals.from_native(columns, eager_only=True), n_rows, 0, [])


def _polars_frame(content: IO[bytes], footer: Footer) -> Any:  # noqa: ARG001  # both read alike
    import narwhals  # noqa: PLC0415

    warnings.warn(
        f"{content.name} is read by polars, which does not verify the checksums of its pages; pyarrow does, where it"
        " is installed: pip install 'chainrule[parquet]'.",
        DoubtfulData,
        stacklevel=3,
    )
    content.seek(0)
    return narwhals.read_parquet(content, backend="polars")
