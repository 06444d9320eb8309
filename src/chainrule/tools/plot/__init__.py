"""Pictures: decision regions, truth beside prediction, learning curves; each comes back as a figure, none pops up.

A picture depends on its arguments alone. Nobody's matplotlib settings are read or changed, pyplot is never
imported, a notebook shows a returned picture by itself, and `save` writes the same bytes every time.
"""

from chainrule.tools.plot.curves import learning_curves
from chainrule.tools.plot.files import save
from chainrule.tools.plot.picture import Picture
from chainrule.tools.plot.points import scatter, truth_and_prediction
from chainrule.tools.plot.regions import Decide, decision_regions, decision_snapshots
from chainrule.tools.plot.style import DEFAULT, MOONS_TEXT, RED_BLUE, Style

__all__ = [
    "DEFAULT",
    "MOONS_TEXT",
    "RED_BLUE",
    "Decide",
    "Picture",
    "Style",
    "decision_regions",
    "decision_snapshots",
    "learning_curves",
    "save",
    "scatter",
    "truth_and_prediction",
]
