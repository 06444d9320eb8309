"""Pictures: decision regions, truth beside prediction, learning curves; each comes back as a figure, none pops up.

A picture depends on its arguments alone. Nobody's matplotlib settings are read or changed, pyplot is never
imported, a notebook shows a returned picture by itself, and `save` writes the same bytes every time.
"""

from chainrule.plot.activation import activation_functions
from chainrule.plot.animation import animate
from chainrule.plot.comparison import compare_curves
from chainrule.plot.confusion import confusion_matrix, right_and_wrong
from chainrule.plot.curves import learning_curves
from chainrule.plot.fitted_curve import Predict, regression_fit
from chainrule.plot.graph import network_graph
from chainrule.plot.image_file import save
from chainrule.plot.norms import gradient_norms
from chainrule.plot.picture import Picture
from chainrule.plot.regions import Decide, decision_regions, decision_snapshots
from chainrule.plot.scatter import scatter, truth_and_prediction
from chainrule.plot.style import DEFAULT, MOONS_TEXT, RED_BLUE, Style
from chainrule.plot.units import hidden_units
from chainrule.plot.weights import gradients, weights

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
