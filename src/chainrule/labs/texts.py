"""Texts: what a report says of a lab that no run can compute: what is asked, and where the text is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chainrule.network.layers import Dense
from chainrule.network.network import Network

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class ReportText:
    """The words around a lab's numbers.

    Attributes
    ----------
    introduction : tuple of str
        Paragraphs: the question, and how it is gone about. Formulas stand between dollars.
    caveats : tuple of str
        Where the assignment's text is wrong or dangerous, and what is done here.
    demand : float, optional
        The accuracy that the assignment asks for.
    before : function () -> Network, optional
        The network that the assignment starts from, where the question is what changes.
    explained : str, optional
        The run whose network's mathematics is written out; without it the first.
    """

    introduction: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    demand: float | None = None
    before: Callable[[], Network] | None = None
    explained: str | None = None


NO_REPORT_TEXT = ReportText()

MOONS_REPORT_TEXT = ReportText(
    introduction=(
        (
            "Two half moons lie inside each other, and no straight line parts them. A network with one hidden layer of "
            "ReLU units learns to: its output is positive on one moon and negative on the other, and gradient "
            "descent on "
            "the perceptron loss moves the line where it is zero."
        ),
        "The decision function is drawn before training and at seven moments of it, so that one sees the line bend.",
    ),
    caveats=(
        (
            "The sheet's code divides the gradient of the hidden biases by $N$ twice, and its printed error "
            "cannot show "
            "it. Here it is the sum over the samples, once divided."
        ),
        (
            "The sheet's derivation leaves out the factor $1/N$ and the derivative of ReLU, $\\mathbb{1}[z > 0]$. Both "
            "stand in the mathematics below."
        ),
        (
            "A perceptron loss of 0 does not say that all points are read right: a network that answers 0 "
            "everywhere has "
            "it, too. So the accuracy stands beside the loss, and hidden units that are 0 on every point are counted."
        ),
    ),
)

MINIMIZE_REPORT_TEXT = ReportText(
    introduction=(
        (
            "A network is a function of one long vector of parameters. Whoever can compute its loss and its "
            "gradient at "
            "any such vector can leave the search for good ones to `scipy.optimize.minimize`."
        ),
        (
            "Points in the plane are told apart, two classes with one sigmoid output, three with softmax, by "
            "networks with "
            "one hidden layer and with four. The weights are penalised by $\\lambda \\sum w^2$, biases excluded."
        ),
    ),
    caveats=(
        (
            "The notebook's recipe sums the gradient over the samples while its loss averages: `minimize` then "
            "fails in "
            "every run. Here the gradient is that of exactly the loss returned, and it is checked against differences."
        ),
        (
            "Taking the logarithm of a probability gives infinity where it rounds to 0. Here the cross-entropies are "
            "computed from the pre-activations."
        ),
        (
            "SciPy reports success where four sigmoid layers collapse: all weights shrink to 0, the answer is a "
            "constant, "
            "and the loss stays at that of guessing, $\\ln 2 = 0.6931$ for two even classes. Here such a run is called "
            "collapsed. With ReLU it often reports failure at a kink although the fit is good; that is said as well."
        ),
        "The course's data files are not public. The sets of points are stand-ins of the same kind.",
        "“Depth 4” is read as four hidden layers; three are the other reading.",
    ),
)

NEURON_REPORT_TEXT = ReportText(
    introduction=(
        (
            "A single neuron, $y = \\sigma(w^{\\top} x + b)$, parts the plane by a straight line. The first "
            "question is "
            "which sets of points that is enough for; the second, what two hidden neurons change."
        ),
        (
            "Both learn by gradient descent on half the mean squared error, mini-batch by mini-batch; a "
            "validation part "
            "is measured after every epoch, and a test part once at the end."
        ),
    ),
    caveats=(
        (
            "The sheet names one weight of its network twice, leaves a bias out, and drops the rate "
            "$\\varepsilon$ in its "
            "last update. The nine derivatives of the 2–2–1 network stand in the mathematics below."
        ),
        (
            "Its $\\sigma'$ as $e^{-a} / (1 + e^{-a})^2$ overflows for $a$ far below 0. Here it is $\\sigma (1 "
            "- \\sigma)$ "
            "with a $\\sigma$ that does not."
        ),
        "Two hidden units are just enough for XOR, and not every start finds the way: some stay in a local minimum.",
    ),
    explained="network_xor",
)

SOFTMAX_REPORT_TEXT = ReportText(
    introduction=(
        (
            "A notebook trains a network with one hidden ReLU layer and a softmax output on two noisy moons. The "
            "assignment: add a second hidden layer of the same width, put sigmoids in place of the ReLUs, and "
            "rewrite the "
            "mathematical description of the forward and the backward pass to fit."
        ),
        (
            "Fifty steps go up the mean log-likelihood of the training points, which is the same as down the "
            "cross-entropy."
        ),
    ),
    caveats=(
        (
            "The notebook's formulas slip in their indices ($h$ where $b$ is meant, $z^{(2)}$ for $z^{(3)}$, "
            "the gradient "
            "of a bias written as that of a weight). The mathematics below is made from the network itself."
        ),
        (
            "Its softmax takes the exponentials unshifted and sums over all entries of an array; here it is one "
            "sample at "
            "a time, its largest entry subtracted first, so that nothing overflows."
        ),
        "Its training step changes the arrays it is given. Nothing here does.",
    ),
    before=lambda: Network([Dense(100, "relu"), Dense(2, "softmax")], 2, "cross_entropy"),
)

XOR_REPORT_TEXT = ReportText(
    introduction=(
        (
            "A network with two hidden layers is trained by back-propagation written from scratch, on points "
            "that a line "
            "can part and on points that it cannot: XOR. Sigmoid units, no biases, cross-entropy, plain "
            "gradient descent."
        ),
        (
            "At least nine points of ten are to be read rightly. How many are depends on the rate of the "
            "descent, on the number "
            "of hidden units, and on the sigmoids between the layers; the discussion varies each of them."
        ),
    ),
    caveats=(
        (
            "The handed-in report's loss, $-[t \\log(t + \\varepsilon) + (1 - y) \\log(1 - y + \\varepsilon)]$, "
            "hardly looks at the "
            "prediction where $t = 1$: perfect and inverted predictions score alike, and it falls below zero, "
            "so that a "
            "run may stop at its first epoch. Here it is $-[t \\log y + (1 - t) \\log(1 - y)]$."
        ),
        "The finding that 1000 hidden units “predict nothing” comes from that loss alone; see the discussion.",
        (
            "Dividing by $p (1 - p)$ gives NaN once a prediction rounds to 0 or 1. Here the derivative at the "
            "output is "
            "$(y - t) / N$, and a run that leaves the finite numbers ends with its last finite parameters."
        ),
        (
            "It tests on its training points and compares raw outputs with 0. Here predictions are told apart at "
            "½, and the accuracy on held-out points stands beside that on the training points."
        ),
    ),
    demand=0.9,
)

SWEEP_REPORT_TEXT = ReportText(
    introduction=(
        (
            "Networks of several settings are trained on the same samples, each from several starts, and compared by "
            "how well they read samples that were held out."
        ),
        (
            "The best of many settings looks a little better than it is, because the held-out samples have chosen it. "
            "For an honest figure, test it once on samples that were kept apart."
        ),
    )
)
