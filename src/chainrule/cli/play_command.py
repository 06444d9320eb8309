"""``chainrule play``: the playground, a page on this machine."""

from __future__ import annotations

import secrets
import socket
import sys
import webbrowser
from typing import TYPE_CHECKING

import click

from chainrule.cli.options import INPUT, Once, debug_option
from chainrule.errors import InvalidValue

if TYPE_CHECKING:
    from pathlib import Path

LOOPBACK = "127.0.0.1"


@click.command(cls=Once)
@click.argument("lab", required=False)
@click.option("--data", type=INPUT, metavar="FILE", help="Points of your own: .csv, .npz, .npy, .mat or .parquet.")
@click.option("--model", type=INPUT, metavar="FILE", help="A saved network or estimator (.safetensors) to begin with.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port of the page.  [default: a free one]")
@click.option("--host", default=LOOPBACK, show_default=True, help="Where to listen; others than this machine's own "
              "can then reach the page if they know its address.")  # fmt: skip
@click.option("--no-browser", is_flag=True, help="Print the address and open nothing.")
@debug_option
def play(lab: str | None, data: Path | None, model: Path | None, port: int, host: str, no_browser: bool) -> None:
    """Open the playground: build a network, see it learn, stop it, and read every number.

    \b
    chainrule play                         two moons and a small network
    chainrule play xor                     a lab's setting and data
    chainrule play --data points.csv       points of your own
    """  # noqa: D301  # click wants the backspace itself, which keeps these lines as they are
    import uvicorn

    from chainrule.play.messages import LARGEST_MESSAGE
    from chainrule.play.server import Server
    from chainrule.play.session import PlaySession

    for path in (data, model):
        if path is not None and not path.is_file():
            raise InvalidValue(f"There is no file {path}.")
    listening = click.get_current_context().with_resource(_bound(host, port))  # closed also where a file is refused
    port = listening.getsockname()[1]
    token = secrets.token_urlsafe(24)
    names = {f"{name}:{port}" for name in (host, LOOPBACK, "localhost")}
    server = Server(PlaySession(lab or "", data, model), token, frozenset(names))
    address = f"http://{host}:{port}/?token={token}"
    if host != LOOPBACK:
        click.echo(f"Warning: {host} is not this machine alone; whoever has the address can run code here.", err=True)
    click.echo(address)
    sys.stdout.flush()
    if not no_browser:
        webbrowser.open(address)
    config = uvicorn.Config(
        server.app, log_level="critical", ws="websockets-sansio", ws_max_size=2 * LARGEST_MESSAGE, access_log=False,
        timeout_graceful_shutdown=1,
    )  # fmt: skip
    try:
        uvicorn.Server(config).run(sockets=[listening])
    finally:
        server.close()


def _bound(host: str, port: int) -> socket.socket:
    """Return a socket that listens, so that the address holds from the moment it is printed."""
    try:
        return socket.create_server((host, port))
    except (OSError, OverflowError) as error:
        raise InvalidValue(f"Cannot listen on {host}:{port}: {error}. Choose another --port.") from None
