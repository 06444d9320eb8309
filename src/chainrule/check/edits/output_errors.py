"""Output errors: what stands at the top of the way back, of any loss, with or without the output's derivative."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chainrule.check.edits.program import instead

if TYPE_CHECKING:
    from collections.abc import Callable

    from chainrule.check.edits.program import Change, Vector
    from chainrule.network.network import Network


def long_way(net: Network, slope: Callable[[Vector, Vector], Vector]) -> Change:
    """The output error of a loss with this slope, by the output's derivative."""
    back = net.layers[-1].activation.backward
    operands = ("Y", "T", f"Z{len(net.layers)}", "share")
    return instead(lambda y, t, z, share: back(share[:, None] * slope(y, t), z, y), *operands)


def short_way(slope: Callable[[Vector, Vector], Vector]) -> Change:
    """The output error without the output's derivative."""
    return instead(lambda y, t, share: share[:, None] * slope(y, t), "Y", "T", "share")


def by_outputs(net: Network) -> dict[str, Change]:
    """Take the loss from Y, as a student does, not from Z."""
    return {"losses": instead(net.loss.value, "Y", "T")}
