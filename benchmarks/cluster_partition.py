"""A cut: three hosts in network namespaces, one of them cut off in the middle of a training; the bits stay the same.

``python -m benchmarks.cluster_partition`` needs Linux, ``ip`` and root. Each host is a namespace with a pair of virtual
cables to a bridge; the client and the scheduler are here, a worker is on each host.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import warnings
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import dask
import distributed
import numpy as np

from benchmarks.cluster_kills import train
from chainrule.scale.mid_epoch import KeptRounds, MidEpoch

if TYPE_CHECKING:
    from collections.abc import Iterator

HOSTS = 3
HERE = "10.77.0.254"
BRIDGE = "crbr"
SILENCE = "12s"  # after which a connection that answers nothing is given up
CUT_AFTER = 12  # rounds


def ip(*words: str) -> None:
    """Run ``ip``."""
    subprocess.run(["ip", *words], check=True)  # noqa: S603, S607


@contextmanager
def network() -> Iterator[None]:
    """Make the hosts, and take them down again."""
    with ExitStack() as stack:
        ip("link", "add", BRIDGE, "type", "bridge")
        stack.callback(ip, "link", "del", BRIDGE)
        ip("addr", "add", f"{HERE}/24", "dev", BRIDGE)
        ip("link", "set", BRIDGE, "up")
        for host in range(HOSTS):
            space, cable = f"crh{host}", f"crv{host}"
            ip("netns", "add", space)
            stack.callback(ip, "netns", "del", space)
            ip("link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", space)
            ip("link", "set", cable, "master", BRIDGE, "up")
            ip("-n", space, "addr", "add", f"10.77.0.{host + 1}/24", "dev", "eth0")
            ip("-n", space, "link", "set", "eth0", "up")
            ip("-n", space, "link", "set", "lo", "up")
        yield


def start(host: int, address: str, folder: Path) -> subprocess.Popen[bytes]:
    """Start a worker on a host."""
    words = ["ip", "netns", "exec", f"crh{host}", sys.executable, "-m", "dask", "worker", address, "--nthreads", "1",
             "--no-dashboard", "--local-directory", str(folder)]  # fmt: skip
    quiet = os.environ | {"DASK_DISTRIBUTED__COMM__TIMEOUTS__TCP": SILENCE, "DASK_LOGGING__DISTRIBUTED": "critical"}
    return subprocess.Popen(words, env=quiet, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603


class Cut:
    """What pulls a host's cable after some rounds."""

    def __init__(self) -> None:
        self.keep, self.rounds, self.waited, self.last = KeptRounds.rounds, 0, 0.0, time.monotonic()
        self.armed = False

    def after_round(self, kept: KeptRounds, step: MidEpoch) -> None:
        """Do what ``KeptRounds.rounds`` does, and cut where it is time."""
        self.keep(kept, step)
        now = time.monotonic()
        self.waited, self.last = max(self.waited, now - self.last), now
        self.rounds += 1
        if self.armed and self.rounds == CUT_AFTER:
            ip("link", "set", "crv0", "down")
            click.echo(f"host 10.77.0.1 is cut off after {CUT_AFTER} rounds")


def run(client: Any, folder: Path) -> bool:
    """Train twice, once with a cut, and compare."""
    cut = Cut()

    def rounds(kept: KeptRounds, step: MidEpoch) -> None:
        cut.after_round(kept, step)

    KeptRounds.rounds = rounds  # type: ignore[method-assign]
    quiet = train(folder, client)
    cut.rounds, cut.waited, cut.last, cut.armed = 0, 0.0, time.monotonic(), True
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        shaken = train(folder, client)
    for one in said:
        click.echo(f"said: {one.message}")
    same = bool(np.array_equal(quiet.theta_, shaken.theta_))
    click.echo(f"longest round {cut.waited:.1f} s; the bits are {'the same' if same else 'OTHERS'}; "
               f"{len(client.nthreads())} of {HOSTS} workers are left")  # fmt: skip
    return same


def main() -> int:
    """Make hosts, workers and a scheduler, and train."""
    dask.config.set({"distributed.comm.timeouts.tcp": SILENCE})
    with tempfile.TemporaryDirectory() as name, network(), ExitStack() as stack:
        folder = Path(name)
        here = stack.enter_context(
            distributed.LocalCluster(n_workers=0, host=HERE, dashboard_address=f"{HERE}:0", silence_logs=50)
        )
        client = stack.enter_context(distributed.Client(here))
        for host in range(HOSTS):
            process = start(host, client.scheduler.address, folder / f"host{host}")
            stack.callback(process.wait)
            stack.callback(process.terminate)
        client.wait_for_workers(HOSTS, timeout=300)
        click.echo(f"workers: {', '.join(client.nthreads())}")
        return 0 if run(client, folder) else 1


if __name__ == "__main__":
    raise SystemExit(main())
