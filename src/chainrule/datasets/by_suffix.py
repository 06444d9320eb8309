"""Loading by name: the end of a file's name says which loader reads it."""

from __future__ import annotations

import inspect
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chainrule.datasets.csv_file import load_csv
from chainrule.datasets.frame import load_frame
from chainrule.datasets.mat_file import load_mat
from chainrule.datasets.numpy_file import load_npy, load_npz
from chainrule.datasets.parquet_file import load_parquet
from chainrule.errors import InvalidValue, unknown_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chainrule.datasets.tabular import Table

LOADERS: dict[str, Callable[..., Table]] = {
    ".csv": load_csv,
    ".npz": load_npz,
    ".npy": load_npy,
    ".mat": load_mat,
    ".parquet": load_parquet,
}


def load(path: str | os.PathLike[str] | Sequence[str | os.PathLike[str]] | Any, **options: Any) -> Table:
    r"""Read X and T from a .csv, .npz, .npy, .mat or .parquet file, one .mat file per class, or a data frame.

    Parameters
    ----------
    path
        The file; its name's end chooses the loader. A sequence of .mat files holds one class a file. A data frame of
        pandas, polars or pyarrow is taken as it is.
    **options
        What that loader takes: see :func:`load_csv`, :func:`load_npz`, :func:`load_npy`, :func:`load_mat`,
        :func:`load_parquet` and :func:`load_frame`.

    Returns
    -------
    Table
        X (n, n_features), T (n,), feature_names, class_names.

    Raises
    ------
    InvalidFile
        For a file that its loader refuses; only regular files are read, no pipes and devices.
    InvalidValue
        For a name that ends otherwise, several files that are no .mat, and an option that the loader does not take.

    Notes
    -----
    S1's course hands out its classes in .mat files; a reader's own may be any of these.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "prices.csv")
    ...     _ = path.write_text("price,size\n10,1\n20,2\n")
    ...     table = load(path, target="price", regression=True)
    >>> table.X.ravel(), table.T, table.feature_names
    (array([1., 2.]), array([10., 20.]), ('size',))
    """
    if isinstance(path, str | os.PathLike):
        return _loader(Path(path), options)(path, **options)
    if not isinstance(path, Sequence):
        return load_frame(path, **_taken("frames", load_frame, options))
    files = [Path(one) for one in path]
    if not files or any(file.suffix.lower() != ".mat" for file in files):
        raise InvalidValue("Only .mat files are loaded together, one class a file. Name one file or several .mat.")
    return _loader(files[0], options)(files, **options)


def _loader(file: Path, options: Mapping[str, Any]) -> Callable[..., Table]:
    """Return the loader of such files, if it takes these options."""
    suffix = file.suffix.lower()
    if suffix not in LOADERS:
        raise unknown_name("kind of file", suffix or file.name, LOADERS)
    _taken(f"{suffix} files", LOADERS[suffix], options)
    return LOADERS[suffix]


def _taken(what: str, loader: Callable[..., Table], options: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the options, if the loader takes each of them."""
    taken = list(inspect.signature(loader).parameters)[1:]
    for option in options:
        if option not in taken:
            raise unknown_name(f"option of {what}", option, taken)
    return options
