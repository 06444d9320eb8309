"""Remote jobs: many calls on a cluster, each by itself; one that takes its workers with it costs none of the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chainrule.scale.cluster import LOOK, completed, is_deadly, told

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator, Mapping


def as_they_end(client: Any, function: Callable[..., Any], jobs: Mapping[str, tuple[Any, ...]]) -> Iterator[Any]:
    """Call the function once a job, and yield each key with what came of it, or the error of a job that failed.

    Raises
    ------
    ChainruleError
        Where the scheduler went away.
    """
    futures = {client.submit(function, *given, pure=False): key for key, given in jobs.items()}
    with told(client):
        for future in completed(futures):
            error = future.exception() if future.status in {"error", "cancelled", "lost"} else None
            if error is not None and not is_deadly(error):
                raise error
            yield futures[future], error or future.result()
            future.release()


def call(client: Any, stop: threading.Event, function: Callable[..., Any], *given: Any) -> Any:
    """Call a function on a cluster and wait for what it returns; None where ``stop`` is set before.

    Raises
    ------
    ChainruleError
        Where the scheduler went away, or the call took its workers with it.
    """
    with told(client):
        future = client.submit(function, *given, pure=False)
        while not stop.is_set():
            try:
                return future.result(timeout=LOOK)
            except TimeoutError:
                if future.done():
                    raise
        future.cancel()
    return None
