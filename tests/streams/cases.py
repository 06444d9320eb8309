"""One small table in every kind of place that a stream can be opened on."""

from __future__ import annotations

import dask.array
import dask.dataframe
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import zarr
from tests.streams.rows import N_FEATURES, N_ROWS, X, Y

NAMES = [f"f{k}" for k in range(N_FEATURES)]


def table(start=0, stop=N_ROWS, **changed):
    """The rows as an Arrow table; ``changed`` takes the place of columns."""
    columns = {name: X[start:stop, k] for k, name in enumerate(NAMES)} | {"y": Y[start:stop]}
    return pa.table(columns | changed)


def parquet(folder, rows_of_group=60):
    """Eleven files, whose names put 10 behind 9."""
    folder.mkdir()
    for k in range(11):
        part = table(100 * k, 100 * k + 100) if k < 10 else table(0, 0)
        pq.write_table(part, folder / f"part-{k}.parquet", row_group_size=rows_of_group)
    return folder


def mapped(folder):
    """Two memory-mapped files."""
    np.save(folder / "X.npy", X)
    np.save(folder / "y.npy", Y)
    return [np.load(folder / f"{name}.npy", mmap_mode="r") for name in "Xy"]


class Batches:
    """Pairs of uneven length, which begin anew whenever they are asked for."""

    def __iter__(self):
        for start in range(0, N_ROWS, 130):
            yield X[start : start + 130], Y[start : start + 130]


def in_zarr(folder):
    """Two arrays in chunks."""
    made = []
    for name, values in (("X", X), ("y", Y)):
        chunks = (90, *values.shape[1:])
        array = zarr.create_array(
            store=str(folder / f"{name}.zarr"), shape=values.shape, dtype=values.dtype, chunks=chunks
        )
        array[:] = values
        made.append(array)
    return made


KINDS = {
    "arrays": lambda folder: [X, Y],
    "memory-mapped": mapped,
    "parquet folder": lambda folder: [parquet(folder / "parts"), "y"],
    "zarr": in_zarr,
    "dask arrays": lambda folder: [dask.array.from_array(X, chunks=(80, 2)), dask.array.from_array(Y, chunks=80)],
    "dask frame": lambda folder: [dask.dataframe.from_pandas(table().to_pandas(), npartitions=12), "y"],
    "batches": lambda folder: [Batches()],
}
