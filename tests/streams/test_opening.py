"""Opening: a file is what it begins with, and what is no stream says how it can become one."""

from __future__ import annotations

import numpy as np
import pytest
import zarr
from tests.streams.cases import KINDS, mapped, table
from tests.streams.rows import N_ROWS, X, Y

from chainrule import InvalidFile, InvalidValue, MLPClassifier, stream


def test_an_npy_file_may_have_its_suffix_in_capitals(tmp_path):
    """As cameras and Windows write them."""
    np.save(tmp_path / "X.npy", X)
    (tmp_path / "X.npy").rename(tmp_path / "X.NPY")
    assert np.array_equal(stream(tmp_path / "X.NPY", Y).source.read(0, N_ROWS)[0], X)


def npz(path):
    np.savez(path / "X.npz", X=X, y=Y)
    return path / "X.npz", Y


def renamed(path):
    np.save(path / "X.npy", X)
    return (path / "X.npy").rename(path / "X.bin"), Y


def hdf5(path):
    (path / "X.h5").write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(100))
    return path / "X.h5", "y"


def csv(path):
    table().to_pandas().to_csv(path / "X.csv")
    return path / "X.csv", "y"


def zarr_store(path):
    KINDS["zarr"](path)
    return path / "X.zarr", path / "y.zarr"


def targets_in_csv(path):
    return mapped(path)[0], csv(path)[0]


FOREIGN = {
    "npz": (npz, r"X\.npz is an archive of arrays.*np\.load\(path\)\['X'\]\."),
    "npy of another name": (renamed, r"X\.bin is an \.npy file of another name: let it end in \.npy\."),
    "HDF5": (hdf5, r"X\.h5 is an HDF5 file: open it with h5py"),
    "csv": (csv, r"X\.csv is no parquet file, nor \.npy"),
    "zarr": (zarr_store, r"X\.zarr is a zarr store: pass its arrays"),
    "targets in a csv": (targets_in_csv, r"X\.csv' names a column, and a memmap has none"),
}


@pytest.mark.parametrize(("make", "sentence"), FOREIGN.values(), ids=FOREIGN)
def test_another_kind_of_file_is_told_by_what_it_begins_with(make, sentence, tmp_path):
    """And how its rows can be had."""
    with pytest.raises((InvalidFile, InvalidValue), match=sentence):
        stream(*make(tmp_path))


def test_nothing_else_takes_a_stream_for_an_array():
    """What asks for its values is told why there are none, scikit-learn among it."""
    with pytest.raises(InvalidValue, match="A Stream is read a window at a time and is no array"):
        np.asarray(stream(X, Y))
    with pytest.raises(InvalidValue, match="X is a Stream, which fit, predict and score read, and this does not"):
        MLPClassifier().initialize(stream(X, Y), Y)


class Numbers:
    """Batches of numbers that may change, in a kind of their own."""

    def __init__(self, X):
        self.X = X

    def __iter__(self):
        return iter([(self.X[:500], Y[:500]), (self.X[500:], Y[500:])])


def in_a_store(folder, X):
    arrays = []
    for name, values in (("X", X), ("y", Y)):
        store = str(folder / f"{name}.zarr")
        arrays.append(zarr.create_array(store=store, shape=values.shape, dtype=values.dtype, overwrite=True))
        arrays[-1][:] = values
    return stream(*arrays)


@pytest.mark.parametrize(
    "opened", [lambda path, X: stream(Numbers(X)), in_a_store], ids=["batches", "zarr"],
)  # fmt: skip
def test_the_fingerprint_of_batches_and_stores_tells_other_rows(opened, tmp_path):
    """Of the same shape and kind: of batches all are looked at, of a store some, the last among them."""
    changed = X.copy()
    changed[-1, 0] += 1
    one, same, other = (opened(tmp_path, rows).source.fingerprint() for rows in (X, X, changed))
    assert one == same != other
