"""Explain: the mathematics of a network written out, and what changes between two of them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from chainrule.errors import InvalidValue, unknown_name
from chainrule.explanation.changes import changes
from chainrule.explanation.passes import backward_section, forward_section, loss_section
from chainrule.explanation.sections import activations_section, network_section, symbols_section, update_section
from chainrule.explanation.subject import Subject, make_subject
from chainrule.network.network import Network
from chainrule.network.table import title
from chainrule.writers import html, latex, markdown, text
from chainrule.writers.blocks import Block, Heading, Image, verbatim

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from chainrule.estimators.classifier import MLPClassifier
    from chainrule.estimators.regressor import MLPRegressor

Format: TypeAlias = Literal["markdown", "latex", "html", "text"]
Convention: TypeAlias = Literal["rows", "columns"]

WRITERS: dict[str, Callable[[Sequence[Block]], str]] = {
    "markdown": markdown.markdown,
    "latex": latex.latex,
    "html": lambda blocks: html.page("The mathematics of a network", blocks),
    "text": text.text,
}
CONVENTIONS = ("rows", "columns")


class Markdown(str):
    """A text in Markdown, which a notebook shows with its formulas set."""

    __slots__ = ()

    def _repr_markdown_(self) -> str:
        return str(self)


def explain(
    net: Network | MLPClassifier | MLPRegressor,
    theta: npt.ArrayLike | None = None,
    X: npt.ArrayLike | None = None,
    T: npt.ArrayLike | None = None,
    l2: float = 0.0,
    format: Format = "markdown",  # noqa: A002  # the word that every reader would look for
    convention: Convention = "rows",
    *,
    learning_rate: float | None = 0.1,
    compared_with: Network | None = None,
) -> str:
    r"""Write out the mathematics of a network: forward pass, loss, every derivative of the backward pass, and update.

    Each step stands in matrix form for N samples, with its shape and its reason, and for one entry of one sample,
    with the activations and their derivatives of exactly this network. What is written are the steps of
    :func:`chainrule.derive`, which the tests evaluate against the backward pass.

    Parameters
    ----------
    net : Network, or a fitted MLPClassifier or MLPRegressor
        Of an estimator its network and, without another theta, its parameters.
    theta : array_like, shape (n_parameters,), optional
        The parameters: the graph of the network shows them, and the numbers begin with them.
    X : array_like, shape (n_samples, n_features), optional
        Samples to follow with numbers; one or a few are enough for pencil and paper. Needs ``theta``.
    T : array_like, shape (n_samples, n_outputs), optional
        Their targets: with them the loss, the backward pass and the update have numbers, too.
    l2 : float, ≥ 0
        λ of the penalty λ Σ W², biases excluded.
    format : {"markdown", "latex", "html", "text"}
        Markdown with LaTeX between dollars; a LaTeX article; a self-contained HTML page, the only one with the
        picture of the network; or plain text.
    convention : {"rows", "columns"}
        Whether a sample is a row, Z = X W + b as everywhere in chainrule, or a column, Z = W X + b.
    learning_rate : float, > 0, or None
        η of the update; None leaves it open, and the update without numbers.
    compared_with : Network, optional
        Another network: then only what is different in ``net`` is written, side by side with what it was.

    Returns
    -------
    str
        A notebook sets the formulas of the Markdown.

    Raises
    ------
    InvalidValue
        For an unknown format or convention, numbers without theta, or a comparison with numbers.

    Notes
    -----
    S3 asks for this text, and for what changes in it with one more hidden layer and sigmoid for ReLU.

    Examples
    --------
    >>> from chainrule.network.layers import Dense
    >>> net = Network([Dense(3, "tanh"), Dense(1, "sigmoid", bias=False)], n_features=2, loss="log_loss")
    >>> [line.strip() for line in explain(net, format="text").splitlines() if "∂L/∂W⁽¹⁾ = " in line]
    ['∂L/∂W⁽¹⁾ = ∂L/∂Z⁽²⁾ · ∂Z⁽²⁾/∂A⁽¹⁾ · ∂A⁽¹⁾/∂Z⁽¹⁾ · ∂Z⁽¹⁾/∂W⁽¹⁾', '∂L/∂W⁽¹⁾ = Xᵀ ∂L/∂Z⁽¹⁾']
    """
    if not isinstance(net, Network):
        net, theta = _opened(net, theta)
    if format not in WRITERS:
        raise unknown_name("format", format, WRITERS)
    if convention not in CONVENTIONS:
        raise unknown_name("convention", convention, CONVENTIONS)
    subject = make_subject(net, theta, X, T, l2, learning_rate, convention == "columns")
    if compared_with is None:
        blocks = explanation(subject, image=graph(net, theta) if format == "html" else None)
    else:
        blocks = comparison(subject, compared_with)
    written = WRITERS[format](blocks)
    return Markdown(written) if format == "markdown" else written


def _opened(estimator: Any, theta: Any) -> tuple[Network, Any]:
    """The network and the parameters of a fitted estimator."""
    net = getattr(estimator, "network_", None)
    if not isinstance(net, Network):
        what = type(estimator).__name__
        raise InvalidValue(f"explain takes a Network or a fitted estimator of chainrule's, got {what}.")
    return net, estimator.theta_ if theta is None else theta


def explanation(subject: Subject, image: Image | None = None) -> list[Block]:
    """Everything that is to be said about one network."""
    return [
        Heading("The mathematics of this network", 1),
        *network_section(subject),
        *([image] if image else []),
        *symbols_section(subject),
        *activations_section(subject),
        *forward_section(subject),
        *loss_section(subject),
        *backward_section(subject),
        *update_section(subject),
    ]


def comparison(subject: Subject, other: Network) -> list[Block]:
    """What is different from another network, and only that."""
    if not isinstance(other, Network):
        raise InvalidValue(f"compared_with must be a Network, got {type(other).__name__}.")
    if subject.values:
        raise InvalidValue("A comparison is one of formulas: leave X, T and theta out, or compared_with.")
    before = make_subject(other, None, None, None, subject.l2, subject.learning_rate, subject.columns)
    return [Heading("What changes in the mathematics", 1), *changes(before, subject)]


def graph(net: Network, theta: Any) -> Image | None:
    """Draw the network, for a page; one of too many layers stands in its table alone."""
    from chainrule import plot  # matplotlib is loaded for a page alone
    from chainrule.plot.graph import MOST_LAYERS

    if len(net.layers) > MOST_LAYERS:
        return None
    buffer = io.BytesIO()
    plot.network_graph(net, theta).savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    words = verbatim(title(net).removeprefix("Network: "))
    caption = "The network: its units, and its weights as edges."
    return Image(buffer.getvalue(), f"The network as a graph: {words}", caption)
