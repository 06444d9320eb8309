"""The network as a graph: what is drawn of it, what is left out, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.colors import to_hex, to_rgb

from chainrule import Dense, Network, plot
from chainrule.errors import InvalidValue

NET = Network([Dense(3, "tanh"), Dense(1, "sigmoid", bias=False)], n_features=2, loss="log_loss")
THETA = np.array([1.0, -2.0, 0.0, 4.0, -0.5, 3.0, 0.25, -1.0, 2.0, -1.0, 1.0, 0.5])
NAMES = [f"feature {k}" for k in range(20)]


def network(*sizes, **kwargs):
    """Return a tanh network of those sizes."""
    return Network([*(Dense(size, "tanh", **kwargs) for size in sizes[1:-1]), Dense(sizes[-1])], sizes[0])


def edges_of(picture):
    """Return {"W1": lines of W1, …} of a picture."""
    return {c.get_label(): c for c in picture.axes[0].collections if c.get_label()[0] in "Wb"}


def n_nodes(picture):
    """Return how many circles and squares each column has, in the order they are drawn."""
    return [len(c.get_offsets()) for c in picture.axes[0].collections if c.get_label()[0] == "_"]


def words(picture):
    """Return all words beside the legend."""
    return [text.get_text() for text in picture.axes[0].texts]


def legend_of(picture):
    """Return the words of the legend."""
    return [text.get_text() for legend in picture.legends for text in legend.get_texts()]


# --- units and weights ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("theta", [None, THETA])
def test_small_networks_are_drawn_in_full(theta):
    """A circle for each unit, a line for each entry of W and b, and one square for the one bias."""
    picture = plot.network_graph(NET, theta)

    assert {name: len(c.get_segments()) for name, c in edges_of(picture).items()} == {"W1": 6, "b1": 3, "W2": 3}
    assert n_nodes(picture) == [2, 3, 1, 1]
    assert words(picture).count("1") == 1


def test_no_bias_no_square():
    """Without b there is neither a 1, nor a dashed line, nor a word of it in the legend."""
    picture = plot.network_graph(Network([Dense(2, bias=False)], 2), [1.0, 2.0, 3.0, 4.0])

    assert list(edges_of(picture)) == ["W1"]
    assert legend_of(picture) == ["positive: light", "negative: dark"]


def test_each_line_is_its_weight():
    """From the unit above to the unit above runs W[0, 0]; colour is its sign and width its size in the layer."""
    lines = edges_of(plot.network_graph(NET, THETA))["W1"]
    ends = np.array(lines.get_segments())  # (n_lines, 2, 2)
    rows = [{y: k for k, y in enumerate(sorted(set(ends[:, side, 1]), reverse=True))} for side in (0, 1)]
    W = THETA[:6].reshape(2, 3)
    w = np.array([W[rows[0][end[0, 1]], rows[1][end[1, 1]]] for end in ends])

    np.testing.assert_array_equal(-np.sort(-np.abs(w)), np.abs(w))  # the thickest is drawn first, and hides none
    assert (np.diff(lines.get_linewidths()) < 0).all()
    colours = {sign: {to_hex(c) for c in lines.get_colors()[np.sign(w) == sign]} for sign in (-1, 0, 1)}
    assert all(len(found) == 1 for found in colours.values())
    assert len(set.union(*colours.values())) == 3


def test_sign_is_told_without_colour():
    """Below zero is darker by far than above zero, and the legend says which."""
    picture = plot.network_graph(Network([Dense(1, bias=False)], 2), [1.0, -1.0])
    plus, minus = (np.dot([0.299, 0.587, 0.114], to_rgb(c)) for c in edges_of(picture)["W1"].get_colors())

    assert minus < 0.5 * plus
    assert legend_of(picture) == ["positive: light", "negative: dark"]


def test_b_is_measured_with_w():
    """b has the scale of its layer: as large as the largest weight, it is as thick."""
    edges = edges_of(plot.network_graph(Network([Dense(1)], 2), [1.0, 0.5, -1.0]))

    assert edges["b1"].get_linewidths() == edges["W1"].get_linewidths()[:1]
    assert edges["b1"].get_linestyles() != edges["W1"].get_linestyles()


def test_small_weights_do_not_vanish():
    """The smallest weight has a line that one can see, thicker than that of a zero."""
    lines = edges_of(plot.network_graph(Network([Dense(1, bias=False)], 3), [1e300, 1e-300, 0.0]))["W1"]

    widest, tiny, zero = lines.get_linewidths()
    assert widest > tiny >= 0.5 > zero > 0


@pytest.mark.parametrize("value", [0.0, 0.7, -5e-324])
def test_equal_weights_are_equal_lines(value):
    """All zero, all equal, all as small as a number can be: one width, one colour."""
    lines = edges_of(plot.network_graph(NET, np.full(12, value)))["W1"]

    assert len(set(lines.get_linewidths())) == 1
    assert len({to_hex(colour) for colour in lines.get_colors()}) == 1
    assert ("zero: hairline" in legend_of(plot.network_graph(NET, np.full(12, value)))) == (value == 0)


def test_without_theta_all_lines_are_alike():
    """The architecture alone is grey."""
    edges = edges_of(plot.network_graph(NET))

    assert len({to_hex(c) for lines in edges.values() for c in lines.get_colors()}) == 1
    assert legend_of(plot.network_graph(NET)) == ["weight", "bias: dashed"]


# --- words ----------------------------------------------------------------------------------------------------------


def test_words_say_what_is_there():
    """Columns, matrices, the loss and the ends of the network are named; so is dropout."""
    net = Network([Dense(3, "relu", dropout=0.5), Dense(1, "sigmoid")], 2, "log_loss", input_dropout=0.2)
    texts = words(plot.network_graph(net))

    assert texts[:3] == ["inputs\n2\ndropout 0.2", "hidden\n3 relu\ndropout 0.5", "output\n1 sigmoid"]
    assert {"W1 (2×3)", "W2 (3×1)", "log_loss", "x1", "x2", "y"} <= set(texts)


def test_names_are_written_as_they_are_and_cut_when_long():
    """A $ is a $; of a name that is too long the middle goes."""
    net = network(2, 3, 2)
    names = ["cost in $ per $", "the mean of all concave points"]
    texts = words(plot.network_graph(net, feature_names=names, class_names=np.array(["cat", "dog"])))

    assert texts[-4:] == ["cost in $ per $", "the mean of…e points", "cat", "dog"]


@pytest.mark.parametrize(
    "draw",
    [
        lambda: plot.network_graph(
            Network([Dense(1)], 1), title="a title, wider than all of the picture that is below"
        ),
        lambda: plot.network_graph(network(*[3] * 13), np.ones(144), title="deep"),
        lambda: plot.network_graph(network(20, 8, 3), feature_names=[name * 3 for name in NAMES]),
        lambda: plot.network_graph(network(20, 40, 12), feature_names=NAMES, class_names=NAMES[:12], title="boxes"),
        lambda: plot.network_graph(Network([Dense(4, "leaky_relu", dropout=0.25), Dense(1)], 13), np.ones(61)),
    ],
    ids=["one unit", "deep", "long names", "boxes", "part"],
)
def test_all_words_are_inside_and_apart(draw):
    """No word leaves the picture, and none lies on another, whatever the network."""
    picture = draw()
    picture._repr_png_()
    width, height = picture.get_size_inches() * picture.dpi
    legends = [text for legend in picture.legends for text in legend.get_texts()]
    texts = [*picture.axes[0].texts, *legends, *picture.texts]
    boxes = [text.get_window_extent() for text in texts if text.get_text()]

    assert len(boxes) > 2
    assert all(box.x0 >= 0 and box.y0 >= 0 and box.x1 <= width and box.y1 <= height for box in boxes)
    for k, box in enumerate(boxes):
        assert box.count_overlaps(boxes[k + 1 :]) == 0


# --- large networks -------------------------------------------------------------------------------------------------


def test_one_large_layer_is_drawn_in_part():
    """Of 50 units the first four and the last are drawn, the caption says so, and W is measured whole."""
    net = Network([Dense(50, "relu"), Dense(1)], n_features=2)
    theta = np.zeros(net.n_parameters)
    theta[0], theta[10] = 1.0, 2.0  # W1[0, 10] is not drawn
    picture = plot.network_graph(net, theta)

    assert {n: len(c.get_segments()) for n, c in edges_of(picture).items()} == {"W1": 10, "b1": 5, "W2": 5, "b2": 1}
    assert words(picture)[1] == "hidden\n50 relu\n(4 + 1 drawn)"
    assert "⋮" in words(picture)
    theta[10] = 0.0
    whole = plot.network_graph(net, theta)
    assert max(edges_of(picture)["W1"].get_linewidths()) < max(edges_of(whole)["W1"].get_linewidths())


def test_inputs_drawn_in_part_keep_their_names():
    """The last of 20 inputs is drawn as the 20th."""
    assert words(plot.network_graph(network(20, 3, 1), feature_names=NAMES))[-6:-1] == [*NAMES[:4], NAMES[19]]
    assert words(plot.network_graph(network(20, 3, 1)))[-6:] == ["x1", "x2", "x3", "x4", "x20", "y"]


@pytest.mark.parametrize("sizes", [(784, 256, 10), (2, 100, 100, 2), (12, 12, 12, 12)])
def test_large_networks_are_boxes(sizes):
    """Two large layers, or more than 300 lines: a box a layer, and the shapes beside the arrows."""
    picture = plot.network_graph(network(*sizes))

    assert not edges_of(picture)
    assert not picture.legends
    assert {f"W1 ({sizes[0]}×{sizes[1]})", f"b1 ({sizes[1]})"} <= set(words(picture))


def test_the_last_network_in_full_has_300_lines():
    """10 × 12 + 12 × 12 + 12 × 3 = 300 weights are drawn, one input more makes boxes."""
    edges = edges_of(plot.network_graph(network(10, 12, 12, 3)))

    assert sum(len(edges[name].get_segments()) for name in ("W1", "W2", "W3")) == 300
    assert not edges_of(plot.network_graph(network(11, 12, 12, 3)))


# --- what is refused, and what is kept ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"theta": THETA * np.nan}, "W1 holds nan at row 0, column 0"),
        ({"theta": np.where(np.arange(12) == 7, np.inf, 0.0)}, "b1 holds inf at row 1"),
        ({"theta": THETA[1:]}, r"theta must have shape \(12,\) for this network, got \(11,\)"),
        ({"feature_names": ["a"]}, "feature_names must be a list of 2 names, one for each input, got 1"),
        ({"feature_names": "ab"}, "one for each input, got 'ab'"),
        ({"feature_names": 2}, "one for each input, got 2"),
        ({"class_names": ["no", "yes"]}, "class_names must be a list of 1 name, one for each output, got 2"),
    ],
)
def test_what_cannot_be_drawn_is_said(arguments, sentence):
    """Bad weights and wrong names are answered with a sentence."""
    with pytest.raises(InvalidValue, match=sentence):
        plot.network_graph(NET, **arguments)


def test_boxes_refuse_the_same():
    """Weights that are not drawn are checked all the same; more layers than a picture holds are refused."""
    net = network(20, 20, 1)
    with pytest.raises(InvalidValue, match="W1 holds nan"):
        plot.network_graph(net, np.full(net.n_parameters, np.nan))
    with pytest.raises(InvalidValue, match="at most 40 layers, the network has 41"):
        plot.network_graph(network(*[1] * 42))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_arguments_stay_as_they_are(dtype):
    """A read-only theta of either precision is drawn; neither it nor a list of names changes."""
    theta, names = THETA.astype(dtype), ["a", "b"]
    theta.flags.writeable = False
    plot.network_graph(NET, theta, feature_names=names)

    np.testing.assert_array_equal(THETA.astype(dtype), theta)
    assert names == ["a", "b"]


@pytest.mark.parametrize("suffix", [".svg", ".png"])
@pytest.mark.parametrize("net", [NET, network(20, 20, 2)], ids=["units", "boxes"])
def test_same_picture_same_bytes(net, suffix, tmp_path):
    """Drawn twice, a graph is the same file."""
    theta = net.initial_theta(0)
    one, other = (plot.save(plot.network_graph(net, theta, title="t"), tmp_path / f"{k}{suffix}") for k in "ab")

    assert one.read_bytes() == other.read_bytes()
