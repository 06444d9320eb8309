"""Styles: which colour and which shape stand for which class, and how large a panel is."""

from __future__ import annotations

from dataclasses import dataclass

HATCHES = ("", "////", "....", "xxxx")  # told apart by these once a style runs out of region colours


@dataclass(frozen=True)
class Style:
    """How classes look: the k-th class takes the k-th entry of each tuple, and a tuple that ends starts again.

    Attributes
    ----------
    class_colours, markers : tuple of str
        The points of a class. Tuples of coprime lengths start again as late as they can.
    region_colours : tuple of str
        The ground where a class is predicted; hatched from the second round on.
    edge_colour : str
        The thin line around each point.
    boundary_colour : str
        The line between regions.
    panel : float
        Width of one panel, in inches.

    Examples
    --------
    >>> DEFAULT.colour(1), DEFAULT.marker(1), DEFAULT.region(1), DEFAULT.hatch(1)
    ('#E69F00', '^', '#F2CF96', '')
    """

    class_colours: tuple[str, ...]
    markers: tuple[str, ...]
    region_colours: tuple[str, ...]
    edge_colour: str = "black"
    boundary_colour: str = "black"
    panel: float = 3.5

    def colour(self, k: int) -> str:
        """Colour of the points of class number k."""
        return self.class_colours[k % len(self.class_colours)]

    def marker(self, k: int) -> str:
        """Shape of the points of class number k."""
        return self.markers[k % len(self.markers)]

    def region(self, k: int) -> str:
        """Colour of the region of class number k."""
        return self.region_colours[k % len(self.region_colours)]

    def hatch(self, k: int) -> str:
        """Hatching of the region of class number k."""
        return HATCHES[k // len(self.region_colours) % len(HATCHES)]


DEFAULT = Style(
    class_colours=("#0072B2", "#E69F00", "#F0E442", "#000000", "#56B4E9", "#D55E00", "#009E73"),
    markers=("o", "^", "s", "D", "v", "P", "X", "p"),
    region_colours=("#8FB9DC", "#F2CF96", "#FBF8C4", "#C4C4C4", "#DDF0FB", "#EDB59C", "#A5D3BF"),
)
"""Readable in black and white and for the colour-blind: the colours of Okabe and Ito, and a shape a class."""

MOONS_TEXT = Style(
    class_colours=("#0088FF", "#FF8800"),
    markers=("o",),
    region_colours=("#0088FF", "#FF8800"),
    edge_colour="white",
    panel=3.0,
)
"""What the moons assignment prescribes: blue for class −1, orange for class +1, points and regions alike."""

RED_BLUE = Style(
    class_colours=("#FF0000", "#0000FF"),
    markers=("o",),
    region_colours=("#FFD9D9", "#B8B8FF"),
)
"""What the xor assignment prescribes: class 0 in red, class 1 in blue, round points."""
