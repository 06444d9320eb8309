"""Clusters of this machine: two processes for all tests of a session, and workers that are threads of this one."""

import multiprocessing
import multiprocessing.forkserver
from contextlib import contextmanager

import numpy as np
import pytest
from sklearn.datasets import load_digits

import chainrule as cr

dask = pytest.importorskip("dask")
distributed = pytest.importorskip("distributed")


@pytest.fixture(scope="session")
def processes():
    """Two workers in processes that a server forks, all imported, so that one that was killed is soon there again."""
    multiprocessing.set_forkserver_preload(["distributed.nanny", "chainrule.scale.cluster_fit"])
    multiprocessing.forkserver.ensure_running()
    with (
        dask.config.set({"distributed.worker.multiprocessing-method": "forkserver"}),
        cr.scale.cluster(workers=2) as it,
    ):
        yield it


@contextmanager
def threads(n_workers):
    """Workers in this process."""
    with (
        distributed.LocalCluster(
            n_workers=n_workers,
            threads_per_worker=1,
            processes=False,
            dashboard_address="127.0.0.1:0",
            silence_logs=50,
        ) as here,
        distributed.Client(here) as client,
    ):
        yield client


@pytest.fixture(scope="session")
def one_thread():
    """One worker in this process."""
    with threads(1) as client:
        yield client


@pytest.fixture(scope="session")
def three_threads():
    """Three workers in this process."""
    with threads(3) as client:
        yield client


@pytest.fixture(scope="session")
def eight_threads():
    """Eight workers in this process."""
    with threads(8) as client:
        yield client


@pytest.fixture(scope="session")
def digits():
    """The images of scikit-learn, and their digits."""
    X, y = load_digits(return_X_y=True)
    return (X / 16).astype(np.float32), y


@pytest.fixture(scope="session")
def data(tmp_path_factory, digits):
    """The same in two files."""
    return in_files(tmp_path_factory.mktemp("digits"), *digits)


def in_files(folder, X, y):
    """Write arrays, and open them as a stream."""
    np.save(folder / "X.npy", X)
    np.save(folder / "y.npy", y)
    return cr.stream(np.load(folder / "X.npy", mmap_mode="r"), np.load(folder / "y.npy", mmap_mode="r"))
