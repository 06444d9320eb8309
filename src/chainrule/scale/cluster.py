"""The cluster: one of Dask's on this machine, or one that is there; and what is said when it fails."""

from __future__ import annotations

import logging
import multiprocessing
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from chainrule.errors import ChainruleError, InvalidFile, InvalidValue, MissingLibrary, check_count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

LOCAL = "local"
LOOPBACK = "127.0.0.1"
MEMORY = {
    "MALLOC_TRIM_THRESHOLD_": str(2**30),
    "MALLOC_MMAP_THRESHOLD_": str(2**30),
}  # pages of a step stay, for the next
PATIENCE = 60.0  # seconds without any worker
LOOK = 2.0  # seconds between looks at who works
LOOKS_OF_A_START = 5  # that a worker has to begin before another is started in its place


def _distributed() -> Any:
    try:
        import distributed  # noqa: PLC0415  # an extra
    except ImportError as error:
        raise MissingLibrary("Missing library distributed. Install chainrule[dask].") from error
    return distributed


@contextmanager
def cluster(address: Any = LOCAL, *, workers: int | None = None) -> Iterator[Any]:
    """Connect to a Dask cluster, or start one on this machine; it ends with the ``with``, one that was there goes on.

    Parameters
    ----------
    address : str or distributed.Client
        ``"local"`` starts a process a core here, which nobody else can reach; ``"tcp://host:8786"`` is the scheduler of
        a cluster that runs; a Client is taken as it is.
    workers : int, optional
        How many processes a local cluster has.

    Yields
    ------
    distributed.Client
        What :func:`chainrule.scale.fit` and :class:`chainrule.scale.HalvingSearch` take.

    Raises
    ------
    InvalidValue
        Where no scheduler answers at the address, or workers are asked of a cluster that is there.
    MissingLibrary
        Where Dask is not installed.

    Examples
    --------
    >>> import chainrule as cr
    >>> with cr.scale.cluster(workers=1) as client:
    ...     client.submit(sum, [1, 2]).result()
    3
    """
    distributed = _distributed()
    if isinstance(address, distributed.Client):
        yield address
    elif address == LOCAL:
        with _local(distributed, workers) as client:
            yield client
    else:
        if workers is not None:
            raise InvalidValue(
                f"Cannot use workers={workers!r} with {address!r}: a cluster that runs has those it has."
            )
        with _connected(distributed, address) as client:
            yield client


@contextmanager
def _local(distributed: Any, workers: int | None) -> Iterator[Any]:
    """Start processes of one thread each, on the loopback alone."""
    import dask  # noqa: PLC0415

    if getattr(multiprocessing.current_process(), "_inheriting", False):
        raise InvalidValue(
            "A worker runs the program that starts the cluster from its top, and would start another: put what the "
            "program does under if __name__ == '__main__':"
        )
    count = None if workers is None else check_count("workers", workers)
    name = "distributed.nanny.pre-spawn-environ"
    with (
        dask.config.set({name: {**dask.config.get(name), **MEMORY}}),
        distributed.LocalCluster(
            n_workers=count, threads_per_worker=1, host=LOOPBACK, dashboard_address=f"{LOOPBACK}:0",
            worker_dashboard_address=f"{LOOPBACK}:0", silence_logs=logging.CRITICAL,
        ) as here,
        distributed.Client(here) as client,
        _kept_alive(here),
    ):  # fmt: skip
        yield client


@contextmanager
def _kept_alive(here: Any) -> Iterator[None]:
    """Start another worker for each whose process ended while it began: Dask restarts those alone that had begun."""
    over = threading.Event()

    def keep() -> None:
        wanted, missing, patience = len(here.worker_spec), 0, 0
        while not over.wait(LOOK):
            before, missing = missing, wanted - sum(1 for nanny in list(here.workers.values()) if nanny.pid)
            patience -= 1
            if (gone := min(before, missing)) > 0 >= patience:
                here.scale(len(here.worker_spec) + gone)
                patience = LOOKS_OF_A_START

    keeper = threading.Thread(target=keep, daemon=True, name="chainrule: a local cluster's workers")
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join()


@contextmanager
def _connected(distributed: Any, address: str) -> Iterator[Any]:
    try:
        client = distributed.Client(address, timeout="10s")
    except (OSError, ValueError, TypeError) as error:
        raise InvalidValue(
            f"No Dask scheduler answers at {address!r}. Start one, `dask scheduler`, and `dask worker ADDRESS`, "
            "or use 'local', which starts processes here."
        ) from error
    with client:
        yield client


def check_client(client: Any) -> None:
    """Refuse what is no open client of Dask's."""
    if not isinstance(client, _distributed().Client):
        raise InvalidValue(
            f"client must be what chainrule.scale.cluster yields, got {type(client).__name__}: "
            "with chainrule.scale.cluster() as client: …"
        )
    if client.scheduler is None:
        raise InvalidValue("client is closed. Call this within the with that opened it.")


def n_threads(client: Any) -> int:
    """How many tasks the cluster works on at a time, at least one; its workers may come later."""
    if client.scheduler is None:  # it was closed
        raise _distributed().CancelledError
    running: dict[str, int] = client.nthreads()
    return max(1, sum(running.values()))


def constant(client: Any, value: Any) -> Any:
    """Return a future of a value that is computed anew where its worker is lost: what is scattered would be lost."""
    return client.submit(_itself, value, pure=False)


def _itself(value: Any) -> Any:
    return value


def gathered(client: Any, futures: Sequence[Any], where: Callable[[], str] = str) -> list[Any]:
    """Wait for futures and return what they hold; ``where`` words how far the work has come.

    Raises
    ------
    ChainruleError
        Where the scheduler went away, no worker came for a minute, or a task took its workers with it.
    """
    distributed = _distributed()
    last_seen = time.monotonic()
    with told(client, where):
        while True:
            try:
                distributed.wait(futures, timeout=LOOK)
                return list(client.gather(futures))
            except TimeoutError:
                last_seen = time.monotonic() if client.nthreads() else last_seen
            if time.monotonic() - last_seen > PATIENCE:
                raise ChainruleError(f"No worker has been there for {PATIENCE:.0f} s. {where()}")


@contextmanager
def watching(client: Any) -> Iterator[list[str]]:
    """Yield a list, in which the addresses stand at the end of the workers that were lost in between."""
    before, lost = len(_removed(client)), list[str]()
    yield lost
    lost += _removed(client)[before:]


def _removed(client: Any) -> list[str]:
    """The workers that were lost so far, as the scheduler has noted them."""
    events = client.get_events("all")
    return [event["worker"] for _, event in events if event.get("action") == "remove-worker" and event.get("worker")]


def completed(futures: Iterable[Any]) -> Iterator[Any]:
    """Yield futures as they end."""
    yield from _distributed().as_completed(futures)


def is_deadly(error: BaseException) -> bool:
    """Whether a task has ended the workers that tried it, one after the other: for want of memory, most often."""
    return isinstance(error, _distributed().scheduler.KilledWorker)


@contextmanager
def told(client: Any, where: Callable[[], str] = str) -> Iterator[None]:
    """Turn what Dask raises where a cluster fails, or a worker finds no file, into a sentence."""
    distributed = _distributed()
    address = "" if client.scheduler is None else f" {client.scheduler.address}"
    gone = (distributed.client.FutureCancelledError, distributed.CancelledError, distributed.comm.CommClosedError)
    try:
        yield
    except distributed.scheduler.KilledWorker as error:
        raise ChainruleError(
            f"A task has ended {error.allowed_failures + 1} workers, one after the other: they may have too little "
            f"memory for it. {where()}"
        ) from error
    except gone as error:
        raise ChainruleError(f"The Dask scheduler{address} went away. {where()}") from error
    except OSError as error:
        if error.filename is None:
            raise
        raise InvalidFile(
            f"A worker cannot read {error.filename}: {error.strerror}. All workers must see it there. {where()}"
        ) from error
