"""Letters: what an assignment calls the quantities of a network, layer by layer, and its own equations for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

from chainrule.language.translation import Sentence, say
from chainrule.network.derivation import derive

if TYPE_CHECKING:
    from chainrule.network.network import Network

Entry = Callable[[str, tuple[int, ...]], str]


@dataclass(frozen=True)
class LayerLetters:
    """What an assignment calls a layer's quantities.

    Attributes
    ----------
    name : str
        The layer: ``"the hidden layer"``.
    weights, bias : str
        Its parameters.
    inputs, before, after : str
        What enters it, and its values before and after the activation.
    slope : str
        The derivative of its activation, as the assignment writes it: ``"1[Z > 0]"``.
    error : str
        The derivative of the loss by what stands before the activation.
    d_weights, d_bias : str
        Its two blocks of the gradient.
    forward, by_weights, by_bias, back : str
        The lines of the derivation: forward, the derivatives by weights and by biases, and the layer's error.
    """

    name: str
    weights: str
    inputs: str
    before: str
    after: str
    slope: str
    error: str
    d_weights: str
    forward: str
    by_weights: str
    back: str
    bias: str = ""
    d_bias: str = ""
    by_bias: str = ""


@dataclass(frozen=True)
class Letters:
    """How an assignment speaks of a gradient.

    Attributes
    ----------
    layers : tuple of LayerLetters
        From the inputs to the output.
    output_error : str
        The line that makes the output's error: ``"errs = y − ŷ"``.
    mean : str
        Where its 1/N belongs, a sentence.
    loss : str
        Its loss, a formula.
    returns : str
        What is returned in which order, a sentence.
    climbs : bool
        Whether one goes up along the gradient.
    augmented : bool
        Whether a matrix holds the biases as a row.
    entry : function (block, index) -> str, optional
        What an entry is called, where it has a name of its own.
    own : mapping of str to (str, str)
        Sentence and remedy of kinds of mistakes that this assignment tells otherwise.
    """

    layers: tuple[LayerLetters, ...]
    output_error: str
    mean: str
    loss: str
    returns: str
    climbs: bool = False
    augmented: bool = False
    entry: Entry | None = None
    own: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def said(self) -> Letters:
        """Return them in the language of the course."""
        layers = tuple(replace(layer, **_said(layer)) for layer in self.layers)
        own = {name: (say(sentence), say(remedy)) for name, (sentence, remedy) in self.own.items()}
        return replace(self, layers=layers, own=own, **_said(self))

    def block(self, name: str) -> str:
        """What the assignment calls the block dW2 or db1.

        Two layers whose blocks have one name are told apart by their own.
        """
        layer = self.layers[int(name[2:]) - 1]
        called = layer.d_weights if name[1] == "W" else layer.d_bias
        alike = sum(called in (one.d_weights, one.d_bias) for one in self.layers) > 1
        return say("{what} in {layer}", what=called, layer=layer.name) if alike else called

    def entry_of(self, block: str, index: tuple[int, ...], shape: tuple[int, ...]) -> str:
        """What the assignment calls an entry of a block; one column is a vector, and one number has no index."""
        if self.entry is not None:
            return self.entry(block, index)
        kept = () if shape == (1,) else index[:1] if shape[1:] == (1,) else index
        layer = self.layers[int(block[2:]) - 1]
        place = f"[{', '.join(map(str, kept))}]" if kept else ""
        called = layer.d_weights if block[1] == "W" else layer.d_bias
        return self.block(block).replace(called, f"{called}{place}", 1)


def letters_of(net: Network) -> Letters:
    """Return the letters and lines of a network's own derivation, for an assignment that has none of its own.

    >>> from chainrule import Dense, Network
    >>> letters_of(Network([Dense(1, "sigmoid")], n_features=2, loss="log_loss")).output_error
    'dZ1 = (Y − T) / N'
    """
    lines = {step.symbol: str(step) for step in derive(net)}
    slopes, last = lines["slopes"].partition(" = ")[2], len(net.layers)
    from_loss = [lines[name].replace("slopes", f"({slopes})") for name in ("dY", f"dZ{last}") if name in lines]
    output_error = ", ".join(from_loss)

    def layer(k: int) -> LayerLetters:
        after = f"A{k}" if k < last else "Y"
        return LayerLetters(
            name=Sentence("layer {k}", k=k), weights=f"W{k}", bias=f"b{k}", inputs=f"A{k - 1}" if k > 1 else "X",
            before=f"Z{k}", after=after, slope=f"{net.layers[k - 1].activation.name}′(Z{k})", error=f"dZ{k}",
            d_weights=f"dW{k}", d_bias=f"db{k}", forward=f"{lines[f'Z{k}']}, {lines[after]}",
            by_weights=lines[f"dW{k}"], by_bias=lines.get(f"db{k}", ""),
            back=f"{lines[f'dZ{k}']}, {lines[f'dA{k}']}" if k < last else output_error,
        )  # fmt: skip

    return Letters(
        layers=tuple(layer(k) for k in range(1, last + 1)),
        output_error=output_error,
        mean=Sentence("The 1/N comes once, in {error}.", error=f"dZ{last}"),
        loss=net.loss.name,
        returns=Sentence("Return {names}, in this order.", names=", ".join(f"d{name}" for name in net.shapes)),
        augmented=True,
        entry=lambda block, index: f"{block}[{', '.join(map(str, index))}]",
    )


def _said(letters: Letters | LayerLetters) -> dict[str, Any]:
    """The texts of a dataclass, said."""
    texts = ((one.name, getattr(letters, one.name)) for one in fields(letters))
    return {name: say(text) for name, text in texts if isinstance(text, str)}
