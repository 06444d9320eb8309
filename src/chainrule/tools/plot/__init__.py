"""Pictures: decision regions, truth beside prediction, learning curves; each comes back as a figure, none pops up.

A picture depends on its arguments alone. Nobody's matplotlib settings are read or changed, pyplot is never
imported, a notebook shows a returned picture by itself, and `save` writes the same bytes every time.
"""

from chainrule.tools.plot.activation import activation_functions
from chainrule.tools.plot.animation import animate
from chainrule.tools.plot.answers import confusion_matrix, right_and_wrong
from chainrule.tools.plot.comparison import compare_curves
from chainrule.tools.plot.curves import learning_curves
from chainrule.tools.plot.files import save
from chainrule.tools.plot.graph import network_graph
from chainrule.tools.plot.norms import gradient_norms
from chainrule.tools.plot.picture import Picture
from chainrule.tools.plot.points import scatter, truth_and_prediction
from chainrule.tools.plot.regions import Decide, decision_regions, decision_snapshots
from chainrule.tools.plot.regression import Predict, regression_fit
from chainrule.tools.plot.style import DEFAULT, MOONS_TEXT, RED_BLUE, Style
from chainrule.tools.plot.units import hidden_units
from chainrule.tools.plot.weights import gradients, weights

__all__ = [
    "DEFAULT",
    "MOONS_TEXT",
    "RED_BLUE",
    "Decide",
    "Picture",
    "Predict",
    "Style",
    "activation_functions",
    "animate",
    "compare_curves",
    "confusion_matrix",
    "decision_regions",
    "decision_snapshots",
    "gradient_norms",
    "gradients",
    "hidden_units",
    "learning_curves",
    "network_graph",
    "regression_fit",
    "right_and_wrong",
    "save",
    "scatter",
    "truth_and_prediction",
    "weights",
]
