"""Pictures: what is in them, that they are the same bytes every time, and that they leave matplotlib alone."""

from __future__ import annotations

import subprocess
import sys
import warnings

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_hex, to_rgb

from chainrule import plot
from chainrule.errors import InvalidFile, InvalidValue
from chainrule.plot.curves import thinned

XY = np.array([[-1.0, 0.0], [1.0, 2.0], [0.5, -1.0], [-0.5, 1.0]])
SIGNS = np.array([-1, 1, 1, -1])
ZERO_ONE = np.array([0, 1, 1, 0])


def total(P):
    """The dummy decision function of S0, x1 + x2."""
    return P.sum(axis=1)


def face_colours(collection):
    """Return the colours of a collection, as #rrggbb."""
    return {to_hex(colour) for colour in collection.get_facecolor()}


def regions_of(axes):
    """Return the colours of the filled regions that are there."""
    filled = [c for c in axes.collections if hasattr(c, "layers") and c.filled]
    return {colour for c in filled for colour in face_colours(c)}


def lines_of(axes):
    """Return the contour lines."""
    return [c for c in axes.collections if hasattr(c, "layers") and not c.filled]


def points_of(axes):
    """Return the scattered points, a collection a class."""
    return [c for c in axes.collections if not hasattr(c, "layers")]


# --- decision regions -----------------------------------------------------------------------------------------------


def test_moons_text_has_the_prescribed_colours():
    """Points and regions are #0088FF and #FF8800, and the zero contour is dashed and black."""
    [axes] = plot.decision_regions(total, XY, SIGNS, style=plot.MOONS_TEXT, extent=(-4, 4, -4, 4), resolution=100).axes
    prescribed = {"#0088ff", "#ff8800"}

    assert prescribed == regions_of(axes)
    assert prescribed == {colour for points in points_of(axes) for colour in face_colours(points)}
    [line] = lines_of(axes)
    assert to_hex(line.get_edgecolor()[0]) == "#000000"
    assert line.get_linestyle()[0][1] is not None  # dashed


def test_red_blue_has_the_prescribed_colours():
    """Class 0 is red and class 1 is blue."""
    [axes] = plot.scatter(XY, ZERO_ONE, style=plot.RED_BLUE).axes

    assert [{"#ff0000"}, {"#0000ff"}] == [face_colours(points) for points in points_of(axes)]


def test_grid_is_the_texts():
    """With the text's window and 100 points an axis, decide sees linspace(−4, 4, 100)²."""
    seen = []

    def decide(P):
        seen.append(P)
        return total(P)

    plot.decision_regions(decide, XY, SIGNS, extent=(-4, 4, -4, 4), resolution=100)
    axis = np.linspace(-4, 4, 100)
    x1, x2 = np.meshgrid(axis, axis)

    np.testing.assert_array_equal(np.concatenate(seen), np.column_stack([x1.ravel(), x2.ravel()]))


def test_points_lie_above_regions_and_lines():
    """Nothing covers the points."""
    [axes] = plot.decision_regions(total, XY, SIGNS).axes

    above = min(points.get_zorder() for points in points_of(axes))
    assert above > max(c.get_zorder() for c in axes.collections if hasattr(c, "layers"))


@pytest.mark.parametrize(
    ("decide", "T"),
    [
        (lambda P: np.zeros(len(P)), ZERO_ONE),
        (lambda P: np.ones((len(P), 1)), ZERO_ONE),
        (lambda P: 1e300 * total(P), SIGNS),
        (lambda P: np.full(len(P), np.inf), SIGNS),
        (total, np.ones(4)),
        (total, -np.ones(4)),
    ],
    ids=["all 0", "all 1", "huge", "infinite", "one class", "the other class"],
)
def test_regions_without_a_boundary_are_drawn(decide, T):
    """Constant, huge and infinite outputs and a single class give a picture, not a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        picture = plot.decision_regions(decide, XY, T, resolution=20)
        picture.canvas.draw()

    assert len(regions_of(picture.axes[0])) >= 1
    assert sum(len(points.get_offsets()) for points in points_of(picture.axes[0])) == 4


def test_three_outputs_make_three_regions():
    """With several outputs the largest decides, and every class has its region."""
    X, T = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]), np.eye(3)
    [axes] = plot.decision_regions(lambda P: np.column_stack([1 - total(P), P]), X, T).axes

    assert {to_hex(plot.DEFAULT.region(k)) for k in range(3)} == regions_of(axes)
    assert len(points_of(axes)) == 3


def test_one_point_is_enough():
    """A single sample has a window around it."""
    [axes] = plot.decision_regions(total, [[3.0, 4.0]], [1], boundary=0.0, classes=(-1, 1)).axes

    assert axes.get_xlim()[0] < 3.0 < axes.get_xlim()[1]


def test_snapshots_stand_in_order_with_their_titles():
    """Eight decision functions are two rows of four, titled exactly as given, a $ included."""
    titles = [f"It: {i}, Error: ${i}" for i in range(8)]
    picture = plot.decision_snapshots([(title, total) for title in titles], XY, SIGNS)

    assert titles == [axes.get_title() for axes in picture.axes]
    rows = {round(axes.get_subplotspec().rowspan.start) for axes in picture.axes}
    assert {0, 1} == rows
    assert len({axes.get_xlim() for axes in picture.axes}) == 1
    for axes in picture.axes:
        assert len(regions_of(axes)) == len(points_of(axes)) == 2


@pytest.mark.parametrize(
    ("window", "n_panels"),
    [((-4, 4, -4, 4), 1), ((-4, 4, -1, 1), 3), ((-1, 1, -4, 4), 3), ((-9, 9, -1, 1), 8), ((-9, 9, -1, 1), 1)],
)
def test_titles_and_legend_stay_inside(window, n_panels):
    """Flat or tall, one panel or eight: no title and no legend is cut off, or lies on another panel."""
    picture = plot.decision_snapshots([("title", total)] * n_panels, XY, SIGNS, extent=window, resolution=20)
    picture.canvas.draw()

    texts = [axes.title.get_window_extent() for axes in picture.axes] + [picture.legends[0].get_window_extent()]
    assert n_panels + 1 == len(texts)
    assert all(picture.bbox.contains(*corner) for box in texts for corner in box.corners())
    assert not any(box.overlaps(axes.get_window_extent()) for box in texts for axes in picture.axes)


def test_a_panel_of_the_moons_text_is_three_inches():
    """The text draws on 3 × 3 inches; so do we, eight panels on 12 × 6."""
    window = {"style": plot.MOONS_TEXT, "extent": (-4, 4, -4, 4), "resolution": 20}

    one, eight = (plot.decision_snapshots([("", total)] * n, XY, SIGNS, **window) for n in (1, 8))
    assert one.get_size_inches().tolist() == [3.0, 3.0]
    assert eight.get_size_inches().tolist() == [12.0, 6.0]


def test_each_line_between_classes_is_drawn_once():
    """Four classes in stripes are parted by three lines, none of them drawn over another."""
    X = np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 0.0], [3.0, 1.0]])
    [axes] = plot.decision_regions(lambda P: -((P[:, :1] - [0, 3, 1, 2]) ** 2), X, [0, 2, 3, 1]).axes

    paths = [path for line in lines_of(axes) for path in line.get_paths()]
    segments = [segment for path in paths for segment in path.to_polygons(closed_only=False)]
    np.testing.assert_allclose(sorted(segment[:, 0].mean() for segment in segments), [0.5, 1.5, 2.5], atol=0.02)


# --- truth and prediction -------------------------------------------------------------------------------------------


def test_wrong_predictions_are_ringed():
    """The right panel rings each wrong point, and the legend counts them."""
    picture = plot.truth_and_prediction(XY, ZERO_ONE, [0, 1, 0, 1], style=plot.RED_BLUE)
    left, right = picture.axes

    assert [left.get_title(), right.get_title()] == ["Ground truth", "Predict result"]
    [ring] = [c for c in points_of(right) if c.get_facecolor().size == 0]
    assert {(0.5, -1.0), (-0.5, 1.0)} == {tuple(place) for place in ring.get_offsets().tolist()}
    assert "wrongly predicted: 2 of 4" in [text.get_text() for text in picture.legends[0].get_texts()]


def test_right_predictions_have_no_rings():
    """Where all is right both panels show the same."""
    left, right = plot.truth_and_prediction(XY, ZERO_ONE, ZERO_ONE).axes

    assert len(points_of(left)) == len(points_of(right)) == 2
    for one, other in zip(points_of(left), points_of(right), strict=True):
        assert one.get_offsets().tolist() == other.get_offsets().tolist() != []


def test_raw_outputs_are_no_predictions():
    """S4's plot compared raw outputs with 0; here they are refused."""
    with pytest.raises(InvalidValue, match=r"predicted holds 0\.3, a raw output"):
        plot.truth_and_prediction(XY, ZERO_ONE, [0.3, 0.9, 1.0, 0.0])


# --- learning curves ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "scale"),
    [([1.0, 0.5, 0.2], "linear"), ([1.0, 1e-3], "log"), ([1.0, 0.0], "linear"), ([1.0, -1.0], "linear")],
)
def test_axis_is_logarithmic_where_it_helps(values, scale):
    """Positive values over more than two decades are drawn on a logarithmic axis, others are not."""
    [axes] = plot.learning_curves({"run": values}).axes

    assert scale == axes.get_yscale()
    assert axes.lines[0].get_ydata().tolist() == values


def test_curves_differ_by_dashes_as_well_as_by_colour():
    """Up to eight curves can be told apart without colours."""
    [axes] = plot.learning_curves({f"run {i}": [1.0, 0.5 / (i + 1)] for i in range(8)}).axes

    assert len({line.get_color() for line in axes.lines}) == 8
    assert len({str(line._dash_pattern) for line in axes.lines}) == 8


def test_many_curves_are_a_crowd_with_its_median():
    """Twenty curves are one colour, and their median is bold."""
    [axes] = plot.learning_curves({f"seed {i}": np.linspace(1 + i, 0.1, 5) for i in range(20)}).axes

    *thin, bold = axes.lines
    assert len(thin) == 20
    np.testing.assert_allclose(bold.get_ydata()[0], np.median([1 + i for i in range(20)]))
    assert bold.get_linewidth() > thin[0].get_linewidth()


def test_long_curves_are_thinned_without_losing_a_spike():
    """60 000 epochs are drawn by a few thousand points, among them both ends and every extreme."""
    curve = np.random.RandomState(0).uniform(1, 2, 60_000)
    curve[[12_345, 54_321]] = 9.0, 0.5
    kept = thinned(curve)

    assert len(kept) < 4000
    assert {0, 12_345, 54_321, 59_999} <= set(kept.tolist())


def test_curve_that_ends_in_nan_is_marked():
    """Where a run stopped being finite there is a mark and a word for it."""
    picture = plot.learning_curves({"run": [1.0, 2.0, np.nan]})

    assert "non-finite here" in [text.get_text() for text in picture.legends[0].get_texts()]


def test_threshold_is_a_line():
    """The level at which training stops is marked."""
    picture = plot.learning_curves({"run": [1.0, 0.1]}, threshold=0.01)

    assert any(set(line.get_ydata()) == {0.01} for line in picture.axes[0].lines)


# --- looks ----------------------------------------------------------------------------------------------------------


def luminance(colour):
    """Return how light a colour is, 0 to 1 (ITU-R BT.709)."""
    return float(np.dot(to_rgb(colour), [0.2126, 0.7152, 0.0722]))


@pytest.mark.parametrize("what", ["class_colours", "region_colours"])
def test_first_three_classes_differ_in_grey(what):
    """Printed in black and white, the first three classes are still told apart."""
    greys = sorted(luminance(colour) for colour in getattr(plot.DEFAULT, what)[:3])

    assert min(np.diff(greys)) > 0.1


def test_classes_differ_by_shape():
    """The first eight classes have eight markers."""
    assert len({plot.DEFAULT.marker(k) for k in range(8)}) == 8


# --- files ----------------------------------------------------------------------------------------------------------


def pictures():
    """One picture of each kind."""
    yield plot.scatter(XY, ZERO_ONE, title="points")
    yield plot.decision_regions(total, XY, SIGNS, title="regions", resolution=20)
    yield plot.truth_and_prediction(XY, ZERO_ONE, [0, 1, 0, 1])
    yield plot.learning_curves({"a": [1.0, 0.1], "b": [2.0, 0.001]}, threshold=0.01)


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """Each kind of picture, drawn twice and saved as SVG and PNG, and whether a setting changed by that."""
    folder, before = tmp_path_factory.mktemp("pictures"), dict(mpl.rcParams)
    files = [
        [plot.save(picture, folder / f"{i}{j}.{suffix}").read_bytes() for j, picture in enumerate(both)]
        for i, both in enumerate(zip(pictures(), pictures(), strict=True))
        for suffix in ("svg", "png")
    ]
    return files, before == dict(mpl.rcParams)


def test_same_picture_same_bytes(saved):
    """Drawn twice, every kind of picture is the same file, and holds no date."""
    assert len(saved[0]) == 8
    for first, second in saved[0]:
        assert first == second
        assert b"dc:date" not in first


def test_order_of_saving_changes_nothing(tmp_path):
    """One picture saved as SVG, PNG and SVG again, and another as PNG first: all of a kind are the same bytes."""
    one, other = (plot.decision_regions(total, XY * [2, 1], SIGNS, resolution=20) for _ in range(2))
    names = [(one, "1.svg"), (one, "1.png"), (one, "2.svg"), (other, "2.png"), (other, "3.svg")]
    written = {name: plot.save(picture, tmp_path / name).read_bytes() for picture, name in names}

    assert written["1.png"] == written["2.png"]
    assert written["1.svg"] == written["2.svg"] == written["3.svg"]


def test_same_bytes_in_another_process_and_under_other_settings(tmp_path):
    """Neither a new process nor somebody's rcParams change a byte; and no pyplot, window or global figure is needed."""
    code = (
        "import sys, matplotlib\n"
        "matplotlib.rcParams.update({'font.size': 30, 'svg.hashsalt': 'other', 'axes.grid': True})\n"
        "from chainrule import plot\n"
        "plot.save(plot.scatter([[0.0, 0.0], [1.0, 1.0]], [0, 1], title='two'), sys.argv[1])\n"
        "plot.scatter([[0.0, 0.0], [1.0, 1.0]], [0, 1])._repr_png_()\n"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "there.svg")], check=True)
    plot.save(plot.scatter([[0.0, 0.0], [1.0, 1.0]], [0, 1], title="two"), tmp_path / "here.svg")

    assert (tmp_path / "here.svg").read_bytes() == (tmp_path / "there.svg").read_bytes()


def test_settings_stay_as_they_were(saved):
    """Drawing and saving change no rcParams."""
    assert saved[1]


@pytest.mark.parametrize("name", ["x.pdf", "x", "x.jpeg"])
def test_other_suffixes_are_refused(name, tmp_path):
    """Only .svg and .png are written."""
    with pytest.raises(InvalidValue, match=r"saved as \.png or \.svg"):
        plot.save(plot.scatter(XY, ZERO_ONE), tmp_path / name)


def test_nothing_half_written_is_left(tmp_path):
    """Saving over a folder fails and leaves no temporary file behind."""
    (tmp_path / "x.png").mkdir()
    with pytest.raises(InvalidFile, match=r"x\.png: it is a folder"):
        plot.save(plot.scatter(XY, ZERO_ONE), tmp_path / "x.png")

    assert [path.name for path in tmp_path.iterdir()] == ["x.png"]


# --- what is refused, and what is left alone ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("draw", "sentence"),
    [
        (lambda: plot.scatter([[1.0], [2.0]], [0, 1]), "X must have two columns"),
        (lambda: plot.scatter(np.empty((0, 2)), []), "X has no rows"),
        (lambda: plot.scatter(XY, [0, 1]), "T must have one label for each of the 4 rows"),
        (lambda: plot.scatter([[np.nan, 0.0]], [0]), "X holds nan at row 0, column 0"),
        (lambda: plot.decision_regions(lambda P: P[:, 0] * np.nan, XY, SIGNS), "decide returned NaN at"),
        (lambda: plot.decision_regions(lambda P: P[:5, 0], XY, SIGNS), "decide must return"),
        (lambda: plot.decision_regions(total, XY, SIGNS, extent=(1, 0, 0, 1)), "extent must be"),
        (lambda: plot.decision_regions(total, XY, SIGNS, resolution=1), "resolution must be a whole number"),
        (lambda: plot.decision_regions(total, XY, [3, 7, 3, 7]), "say where it changes class"),
        (lambda: plot.decision_regions(lambda P: P, XY, ZERO_ONE, boundary=0.5), "Cannot use boundary=0.5"),
        (lambda: plot.decision_snapshots([], XY, SIGNS), "snapshots is empty"),
        (lambda: plot.learning_curves({}), "curves is empty"),
        (lambda: plot.learning_curves({"run": []}), "one value an epoch, at least one"),
        (lambda: plot.learning_curves({"run": [[1.0]]}), "one value an epoch"),
    ],
)
def test_what_cannot_be_drawn_is_said(draw, sentence):
    """Bad inputs are answered with a sentence."""
    with pytest.raises(InvalidValue, match=sentence):
        draw()


def test_inputs_are_left_alone():
    """Read-only, strided, integer and float32 arrays will do, and decide may write into its points."""
    X = np.asfortranarray(np.arange(16).reshape(8, 2))[::2]
    T = np.array([0, 1, 0, 1], dtype=np.int8)
    X.flags.writeable = T.flags.writeable = False

    def decide(P):
        P -= 5
        return P[:, :1].astype(np.float32)

    plot.decision_regions(decide, X, T)
    plot.truth_and_prediction(X, T, T)
    assert X[:, 0].tolist() == [0, 4, 8, 12]


def test_notebook_shows_a_returned_picture():
    """A picture has the PNG that a notebook asks for."""
    assert plot.scatter(XY, ZERO_ONE)._repr_png_().startswith(b"\x89PNG")
