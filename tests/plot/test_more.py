"""Further pictures: answers, regression, activations, weights, units, gradient norms, and the film."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from chainrule import Activation, Dense, Network, plot
from chainrule.errors import InvalidValue
from chainrule.maths.activations import ACTIVATIONS

XY = np.array([[-1.0, 0.0], [1.0, 2.0], [0.5, -1.0], [-0.5, 1.0]])
T = np.array([0, 1, 1, 0])
NET = Network([Dense(3, "tanh"), Dense(1, "sigmoid", bias=False)], n_features=2, loss="log_loss")
THETA = NET.initial_theta(0)


def legend_of(picture):
    """Return the words of the legend."""
    return [text.get_text() for text in picture.legends[0].get_texts()]


# --- answers --------------------------------------------------------------------------------------------------------


def test_right_and_wrong_counts_both():
    """The legend counts the right ones of each class and all wrong ones, and the wrong ones are crossed out."""
    picture = plot.right_and_wrong(XY, T, [0, 1, 0, 0], title="answers")

    assert legend_of(picture) == ["class 0: 2 of 2 right", "class 1: 1 of 2 right", "wrong: 1 of 4"]
    crosses = [c for c in picture.axes[0].collections if c.get_zorder() == 5]
    assert crosses[0].get_offsets().tolist() == [[0.5, -1.0]]


def test_right_and_wrong_without_errors_has_no_cross():
    """Where all is right nothing is crossed out."""
    [axes] = plot.right_and_wrong(XY, T, T).axes

    assert not [c for c in axes.collections if c.get_zorder() == 5]


def test_confusion_matrix_holds_counts_and_shares():
    """Rows are true classes, columns predicted ones; each cell has the count and its share of the row."""
    [axes] = plot.confusion_matrix([0, 0, 0, 0, 1, 2], [0, 0, 0, 1, 1, 1]).axes

    cells = [text.get_text() for text in axes.texts]
    assert cells == ["3\n75 %", "1\n25 %", "0", "0", "1\n100 %", "0", "0", "1\n100 %", "0"]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["0 (4)", "1 (1)", "2 (1)"]


# --- regression -----------------------------------------------------------------------------------------------------


def test_regression_draws_curve_and_residuals():
    """One feature: the samples, the curve through them, and t − y against y with its root mean square."""
    picture = plot.regression_fit([0.0, 1.0, 2.0], [0.5, 1.0, 1.5], lambda X: X[:, 0])
    left, right = picture.axes

    [curve] = left.lines
    np.testing.assert_array_equal(curve.get_xdata(), curve.get_ydata())
    assert (curve.get_xdata().min(), curve.get_xdata().max()) == pytest.approx((0.0, 2.0), abs=0.2)
    assert right.collections[0].get_offsets().tolist() == [[0.0, 0.5], [1.0, 0.0], [2.0, -0.5]]
    assert right.get_title() == "root mean squared residual 0.408"


def test_regression_of_several_features_draws_agreement():
    """Several features: prediction against truth, and the diagonal."""
    left, _ = plot.regression_fit(XY, XY[:, 0], lambda X: X[:, :1] + 1).axes

    assert left.collections[0].get_offsets().tolist() == [[x, x + 1] for x in XY[:, 0]]
    [diagonal] = left.lines
    np.testing.assert_array_equal(diagonal.get_xdata(), diagonal.get_ydata())
    assert diagonal.get_xdata()[0] < diagonal.get_xdata()[-1]
    assert (left.get_xlabel(), left.get_ylabel()) == ("true t", "predicted y")


# --- activations ----------------------------------------------------------------------------------------------------


def test_every_activation_is_drawn_with_its_own_slope():
    """A panel a member, and the slope is what its backward makes of dA = 1."""
    picture = plot.activation_functions(list(ACTIVATIONS))

    assert len(ACTIVATIONS) == len(picture.axes)
    for f, axes in zip(ACTIVATIONS.values(), picture.axes, strict=True):
        assert axes.get_title() == (f.name if f.name != "softmax" else "softmax of (z, 0)")
        curve, slope = axes.lines[:2]
        z = curve.get_xdata()
        Z = z[:, np.newaxis] if f.name != "softmax" else np.column_stack([z, np.zeros_like(z)])
        A = f.forward(Z)
        dZ = f.backward(np.eye(1, Z.shape[1]) * np.ones_like(Z), Z, A)
        assert (z.min(), z.max(), len(z)) == (-5.0, 5.0, 1001)
        np.testing.assert_array_equal(curve.get_ydata(), A[:, 0], err_msg=f.name)
        np.testing.assert_array_equal(slope.get_xdata(), z)
        np.testing.assert_array_equal(slope.get_ydata(), dZ[:, 0], err_msg=f.name)
        assert np.ptp(curve.get_ydata()) > 0.5, f.name


def test_activation_of_ones_own_is_drawn():
    """One's own activation has its picture too."""
    square = Activation("square", lambda Z: Z * Z, lambda dA, Z, A: 2 * dA * Z)

    [axes] = plot.activation_functions(square).axes
    assert axes.get_title() == "square"
    z = axes.lines[0].get_xdata()
    for line, expected in zip(axes.lines[:2], (z**2, 2 * z), strict=True):
        np.testing.assert_allclose(line.get_ydata(), expected)


# --- weights, gradients, units --------------------------------------------------------------------------------------


def test_weights_are_images_of_theta():
    """The image of a layer is its W; b is a row of its own, where there is one."""
    first, second = plot.weights(NET, THETA).axes[:2]
    [(W1, b1), (W2, _)] = NET.views(THETA)

    np.testing.assert_array_equal(W1, first.images[0].get_array())
    np.testing.assert_array_equal(b1[np.newaxis], first.images[1].get_array())
    np.testing.assert_array_equal(W2, second.images[0].get_array())
    assert len(second.images) == 1


def test_gradients_are_images_of_the_backward_pass():
    """Gradients and the flat gradient give the same picture, on a scale around zero."""
    grads = NET.backward(THETA, NET.forward(THETA, XY), T)
    one, other = (plot.gradients(NET, given).axes[0].images[0] for given in (grads, grads.theta))

    np.testing.assert_array_equal(one.get_array(), grads.dW[0])
    np.testing.assert_array_equal(other.get_array(), grads.dW[0])
    low, high = one.get_clim()
    assert low == -high < 0


def test_hidden_units_have_a_panel_each_on_one_scale():
    """Each hidden unit is drawn over the plane, all on one scale of greys."""
    panels = plot.hidden_units(NET, THETA, XY, T, resolution=20).axes[:3]

    assert [axes.get_title() for axes in panels] == ["unit 1", "unit 2", "unit 3"]
    for unit, axes in enumerate(panels):
        left, right, bottom, top = axes.images[0].get_extent()
        shown = np.asarray(axes.images[0].get_array())
        x1, x2 = np.meshgrid(np.linspace(left, right, 20), np.linspace(bottom, top, 20))
        [(W, b), _] = NET.views(THETA)
        A = np.tanh(np.column_stack([x1.ravel(), x2.ravel()]) @ W + b)[:, unit].reshape(20, 20)
        assert min(np.abs(shown - A).max(), np.abs(shown[::-1] - A).max()) < 0.15 * np.ptp(A)
    assert len({axes.images[0].get_clim() for axes in panels}) == 1


def test_many_units_are_cut_honestly():
    """Of more than 64 units the first 64 are drawn, and the title says so."""
    net = Network([Dense(70, "relu"), Dense(1)], n_features=2)
    picture = plot.hidden_units(net, net.initial_theta(0), XY, T, resolution=5)

    assert picture.get_suptitle() == "the first 64 of 70 units"


# --- gradient norms -------------------------------------------------------------------------------------------------


def test_gradient_norms_mark_zeros_and_ends():
    """A norm of 0 has no place on a logarithmic axis and is marked; so is the end of a curve in NaN."""
    picture = plot.gradient_norms({"W1": [1.0, 0.0, 0.1], "W2": [1.0, 2.0, np.nan]})

    assert picture.axes[0].get_yscale() == "log"
    assert legend_of(picture) == ["W1", "W2", "0 here", "non-finite from here"]
    drawn = [line.get_ydata()[np.isfinite(line.get_ydata())].tolist() for line in picture.axes[0].lines]
    assert [1.0, 0.1] in [[y for y in line if y > 0] for line in drawn]
    assert [1.0, 2.0] in drawn


# --- the film -------------------------------------------------------------------------------------------------------


def test_animation_has_a_frame_a_snapshot(tmp_path):
    """The GIF shows every snapshot in order, the last one for longer, and is the same bytes each time."""
    film = [(epoch, lambda P, w=epoch: P[:, 0] * w - P[:, 1]) for epoch in range(4)]
    settings = {"boundary": 0.0, "fps": 5, "resolution": 20}
    one, other = (plot.animate(film, XY, T, tmp_path / name, **settings) for name in ("a.gif", "b.gif"))

    with Image.open(one) as gif:
        assert gif.n_frames == 4
        assert gif.info["loop"] == 0
        gif.seek(3)
        assert gif.info["duration"] > 1000
    assert one.read_bytes() == other.read_bytes()
    assert {"a.gif", "b.gif"} == {path.name for path in tmp_path.iterdir()}


def test_long_animations_are_sampled(tmp_path):
    """Of many snapshots the first, the last and evenly chosen ones between are drawn."""
    film = [(epoch, lambda P, w=epoch: P[:, 0] + w - 50) for epoch in range(101)]
    path = plot.animate(film, XY, T, tmp_path / "long.gif", boundary=0.0, frames=5, resolution=20)

    with Image.open(path) as gif:
        assert gif.n_frames == 5


# --- what is refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("draw", "sentence"),
    [
        (lambda: plot.right_and_wrong(XY, T, [0.2, 0.9, 0.1, 0.4]), "a raw output"),
        (lambda: plot.confusion_matrix([0, 1], [0]), "truth has 2 labels and predicted has 1"),
        (lambda: plot.confusion_matrix([], []), "truth has no labels"),
        (lambda: plot.regression_fit([1.0, np.nan], [1.0, 2.0], lambda X: X), "x holds nan at row 1"),
        (lambda: plot.regression_fit([1.0, 2.0], [1.0, 2.0], lambda X: X[:1]), r"predict must return \(2,\)"),
        (lambda: plot.activation_functions([]), "activations is empty"),
        (lambda: plot.activation_functions("reluu"), "Did you mean 'relu'"),
        (lambda: plot.weights(NET, THETA * np.nan), "W1 holds nan"),
        (lambda: plot.hidden_units(Network([Dense(1)], 3), np.zeros(4), XY, T), "needs 2 features, it has 3"),
        (lambda: plot.hidden_units(NET, THETA, XY, T, layer=2), "layer must be from 0 to 1"),
        (lambda: plot.gradient_norms({}), "history is empty"),
        (lambda: plot.gradient_norms({"W1": [-1.0]}), "a norm is never below 0"),
        (lambda: plot.animate([], XY, T, "x.gif"), "snapshots is empty"),
        (lambda: plot.animate([(0, lambda P: P)], XY, T, "x.mp4"), r"saved as \.gif"),
        (lambda: plot.animate([(0, lambda P: P)], XY, T, "x.gif", fps=51), "fps must be a whole number from 1 to 50"),
    ],
)
def test_what_cannot_be_drawn_is_said(draw, sentence):
    """Bad inputs are answered with a sentence."""
    with pytest.raises(InvalidValue, match=sentence):
        draw()


@pytest.mark.parametrize(
    "draw",
    [
        lambda: plot.right_and_wrong(XY, T, T[::-1]),
        lambda: plot.confusion_matrix(T, T[::-1]),
        lambda: plot.regression_fit(XY[:, 0], XY[:, 1], lambda X: X),
        lambda: plot.activation_functions("softmax"),
        lambda: plot.weights(NET, THETA),
        lambda: plot.hidden_units(NET, THETA, XY, T, resolution=20),
        lambda: plot.gradient_norms({"W1": [1.0, 0.1]}),
    ],
)
def test_same_picture_same_bytes(draw, tmp_path):
    """Drawn twice, each kind of picture is the same file."""
    one, other = (plot.save(draw(), tmp_path / name).read_bytes() for name in ("a.svg", "b.svg"))

    assert one == other


def test_confusion_matrix_has_room_for_long_names():
    """Long class names are written as they are, a $ included, inside the picture."""
    names = ["a cat with $nine$ lives", "a dog"]
    picture = plot.confusion_matrix([names[0], names[1]], [names[0], names[0]])
    picture._repr_png_()
    [axes] = picture.axes

    assert [label.get_text() for label in axes.get_yticklabels()] == ["a cat with $nine$ lives (1)", "a dog (1)"]
    width, height = picture.get_size_inches() * picture.dpi
    for part in (axes.xaxis.label, axes.yaxis.label, *axes.get_xticklabels(), *axes.get_yticklabels()):
        box = part.get_window_extent()
        assert box.x0 >= 0
        assert box.y0 >= 0
        assert box.x1 <= width
        assert box.y1 <= height
