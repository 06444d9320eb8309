"""``chainrule warm``: compile every kernel of the compiled engine, so that no training has to wait for one."""

from __future__ import annotations

import click

from chainrule.cli.options import Once, debug_option
from chainrule.errors import InvalidValue, MissingLibrary


@click.command(cls=Once)
@debug_option
def warm() -> None:
    """Compile all kernels for this processor, once, into the cache that later trainings take them from.

    \b
    chainrule warm
    CHAINRULE_CACHE=/opt/chainrule chainrule warm
    """  # noqa: D301  # click wants the backspace itself, which keeps these lines as they are
    import numpy as np

    from chainrule.kernels import library, objects
    from chainrule.kernels.codes import ALL_KERNELS
    from chainrule.network.encoding import lacking

    if objects.is_off():
        raise InvalidValue("Cannot fill a cache with CHAINRULE_CACHE=off. Unset it, or name a folder.")
    if missing := lacking():
        raise MissingLibrary(f"{missing}, and there is nothing to compile without it.")
    library.load(ALL_KERNELS, np.dtype(np.float64), np.dtype(np.float32))
    click.echo(f"All kernels are ready for this processor, in {objects.folder() / library.current_key()}.")
