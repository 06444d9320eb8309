"""Messages: what the page may say, each one bounded; and the state, which is one object and fits into a link."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta, Struct, field

LARGEST_MESSAGE = 200_000  # bytes of one message
LARGEST_UPLOAD = 5_000_000  # bytes of a file
MOST_LAYERS = 6

Name: TypeAlias = Annotated[str, Meta(max_length=80)]
Seed: TypeAlias = Annotated[int, Meta(ge=0, le=2**32 - 1)]
Small: TypeAlias = Annotated[int, Meta(ge=0, le=10_000)]
Finite: TypeAlias = Annotated[float, Meta(ge=-1e6, le=1e6)]
Share: TypeAlias = Annotated[float, Meta(ge=0, lt=1)]
Penalty: TypeAlias = Annotated[float, Meta(ge=0, le=1e3)]
Settings: TypeAlias = Annotated[dict[Name, bool | int | float | Name], Meta(max_length=20)]
Point: TypeAlias = tuple[Finite, Finite, Annotated[int, Meta(ge=0, le=9)]]


class Data(Struct, frozen=True, forbid_unknown_fields=True):
    """Which points: a generator's by name, a lab's, those set with the mouse, or the file's."""

    source: Literal["datasets", "lab", "points", "file"] = "datasets"
    name: Name = "moons"
    task: Name = ""
    n: Annotated[int, Meta(ge=4, le=2000)] = 200
    classes: Annotated[int, Meta(ge=2, le=10)] = 3
    noise: Annotated[float, Meta(ge=0, le=10)] = 0.15
    settings: Settings = {}
    seed: Seed = 0
    test_share: Annotated[float, Meta(ge=0, le=0.9)] = 0.0
    points: Annotated[list[Point], Meta(max_length=1000)] = []
    columns: Annotated[list[Name], Meta(max_length=100)] = []
    targets: Annotated[list[Name], Meta(max_length=10)] = []
    regression: bool = False
    standardize: bool = True


class Layer(Struct, frozen=True, forbid_unknown_fields=True):
    """A hidden layer."""

    units: Annotated[int, Meta(ge=1, le=128)] = 4
    activation: Name = "tanh"
    bias: bool = True
    weight_init: Name = "glorot"
    bias_init: Name = "zeros"
    dropout: Share = 0.0


class Output(Struct, frozen=True, forbid_unknown_fields=True):
    """The last layer and the loss; how many outputs there are follows from the data."""

    activation: Name = "sigmoid"
    loss: Name = "log_loss"
    bias: bool = True
    weight_init: Name = "glorot"
    bias_init: Name = "zeros"


class Training(Struct, frozen=True, forbid_unknown_fields=True):
    """How it learns: a descent by name, or a method of SciPy's.

    ``optimizer_settings``, ``schedule_settings`` and those of the rules in ``stop`` are the arguments by name of the
    engine's functions of these names; what is left out is as the engine has it.
    """

    optimizer: Name = "sgd"
    optimizer_settings: Settings = {}
    learning_rate: Annotated[float, Meta(gt=0, le=1e4)] = 0.3
    schedule: Name = "constant"
    schedule_settings: Settings = {}
    batch_size: Annotated[int, Meta(ge=1, le=2000)] | None = None
    l2: Penalty = 0.0
    l1: Penalty = 0.0
    max_gradient_norm: Annotated[float, Meta(gt=0, le=1e6)] | None = None
    average_from: Annotated[int, Meta(ge=0, le=1_000_000)] | None = None
    max_epochs: Annotated[int, Meta(ge=1, le=1_000_000)] = 100_000
    precision: Literal["float64", "float32"] = "float64"
    seed: Seed = 0
    stop: Annotated[dict[Name, Settings], Meta(max_length=5)] = {}


class State(Struct, frozen=True, forbid_unknown_fields=True):
    """All that a run is made from."""

    data: Data = Data()
    layers: Annotated[list[Layer], Meta(max_length=MOST_LAYERS)] = field(default_factory=lambda: [Layer(), Layer()])
    output: Output = Output()
    input_dropout: Share = 0.0
    training: Training = Training()
    mistake: Name = ""
    frozen: Annotated[list[tuple[Small, Small]], Meta(max_length=100)] = []


class _Message(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind"):
    id: Annotated[int, Meta(ge=0, le=2**53)] = 0


class Set(_Message, frozen=True, tag="set"):
    """Take this state. ``suit``: choose output and loss by the data. ``from_here``: go on from these parameters."""

    state: State = State()
    suit: bool = False
    from_here: bool = False


class Lab(_Message, frozen=True, tag="lab"):
    """Start a lab's setting and data."""

    name: Name = "xor"
    task: Name = ""


class Go(_Message, frozen=True, tag="go"):
    """Play, pause, step on or back by so many epochs, or begin again."""

    what: Literal["play", "pause", "step", "back", "restart"] = "play"
    epochs: Annotated[int, Meta(ge=1, le=100_000)] = 1


class Pace(_Message, frozen=True, tag="pace"):
    """How many epochs lie between two frames; 0: as many as can be."""

    epochs: Annotated[int, Meta(ge=0, le=100_000)] = 0


class View(_Message, frozen=True, tag="view"):
    """What the field shows: its size, which two features, which output; and whether edges show gradients."""

    size: Annotated[int, Meta(ge=20, le=200)] = 100
    x: Small = 0
    y: Small = 1
    output: Small = 0
    gradients: bool = False


class Ack(_Message, frozen=True, tag="ack"):
    """The last frame is being drawn: the next may come."""


class Steps(_Message, frozen=True, tag="steps"):
    """Write out forward pass, loss, backward pass and update for a sample, a batch, or all."""

    scope: Literal["sample", "batch", "all"] = "sample"
    sample: Small = 0


class Gradient(_Message, frozen=True, tag="gradient"):
    """Check a block's gradient, or one entry of it, against differences."""

    block: Name = ""
    entry: Annotated[int, Meta(ge=-1, le=1_000_000)] = -1


class Surface(_Message, frozen=True, tag="surface"):
    """The loss over two parameters, two random directions, or the path's two main ones."""

    over: Literal["weights", "random", "path"] = "weights"
    first: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    second: Annotated[int, Meta(ge=0, le=1_000_000)] = 1
    span: Annotated[float, Meta(gt=0, le=100)] = 2.0
    seed: Seed = 0


class Edit(_Message, frozen=True, tag="edit"):
    """Set one parameter, and begin a new run from there."""

    index: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    value: Finite = 0.0


class Code(_Message, frozen=True, tag="code"):
    """Check a ``backprop`` of one's own and let it train; an empty text gives the engine's back."""

    text: Annotated[str, Meta(max_length=50_000)] = ""


class Ask(_Message, frozen=True, tag="ask"):
    """Ask about the network as it is: why it is stuck, its mathematics, the mistakes there are, the checker's word."""

    about: Literal["stuck", "explain", "mistakes", "mistake", "state"] = "stuck"


Message: TypeAlias = Set | Lab | Go | Pace | View | Ack | Steps | Gradient | Surface | Edit | Code | Ask
MESSAGES = msgspec.json.Decoder(Message)
STATES = msgspec.json.Decoder(State)
