"""Several runs of several settings over each other: medians, scales, ends."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule import plot
from chainrule.errors import InvalidValue
from chainrule.plot.comparison import median

FALLING = (np.arange(0, 100, 10), np.geomspace(1.0, 0.001, 10))


def lines(axes):
    """Return the widths of the lines, with their colours."""
    return [(line.get_linewidth(), line.get_color()) for line in axes.get_lines()]


def test_each_setting_has_one_colour_and_a_bold_median():
    """The runs of a setting are thin in its colour, and there is one bold line a setting."""
    x, y = FALLING
    [axes] = plot.compare_curves({"a": [FALLING, (x, 2 * y), (x, 3 * y)], "b": [(x, 4 * y)]}, threshold=0.01).axes
    bold = [colour for width, colour in lines(axes) if width == 2.0]
    thin = [colour for width, colour in lines(axes) if width < 1]

    assert len(set(bold)) == 2
    assert thin == [bold[0]] * 3
    assert axes.get_yscale() == "log"


def test_median_is_taken_where_any_curve_has_a_point():
    """Curves thinned at different places are joined by straight lines; an ended one keeps its last value."""
    first, second = (np.array([0.0, 4.0]), np.array([4.0, 0.0])), (np.array([0.0, 2.0]), np.array([2.0, 2.0]))
    x, y = median([first, second])

    assert x.tolist() == [0, 2, 4]
    assert y.tolist() == [3, 2, 1]


def test_median_of_runs_that_mostly_diverge_ends_where_they_do():
    """A curve that became NaN counts as infinite, and one that never was finite from the start."""
    x = np.array([0.0, 1.0, 2.0])
    nowhere, ends, lasts = np.full(3, np.nan), np.array([1.0, 2.0, np.nan]), np.array([3.0, 3.0, 3.0])
    _, y = median([(x, nowhere), (x, ends), (x, lasts)])

    assert y[:2].tolist() == [3, 3]
    assert np.isnan(y[2])


def test_run_that_stops_being_finite_is_marked():
    """The mark stands at the last finite value, and the legend says what it is."""
    picture = plot.compare_curves({"a": [([0, 5, 9], [1.0, 2.0, np.inf])], "b": [([3], [np.nan])]})
    marks = [line.get_xydata().tolist() for line in picture.axes[0].get_lines() if line.get_marker() == "X"]

    assert [[5, 2]] in marks
    assert picture.legends[0].get_texts()[-1].get_text() == "non-finite here"


def test_settings_of_very_different_lengths_stretch_the_early_epochs():
    """Where one setting takes more than ten times as long as another, x is logarithmic, to the last epoch."""
    picture = plot.compare_curves({"quick": [([0, 10], [1.0, 0.5])], "slow": [([0, 1000], [1.0, 0.5])]})

    assert picture.axes[0].get_xscale() == "symlog"
    assert picture.axes[0].get_xlim()[1] >= 1000


def test_leap_leaves_the_picture_and_zeros_stay_in_it():
    """A loss of 1e30 does not press all others to the ground; losses of 0 are at the lower edge."""
    x = [0, 1, 2, 3]
    picture = plot.compare_curves({"a": [(x, [0.5, 0.01, 0.001, 0.0])], "b": [(x, [0.5, 1e30, 0.2, 0.0])]})
    low, high = picture.axes[0].get_ylim()

    assert low == 0
    assert high == 500


def test_pictures_are_the_same_bytes(tmp_path):
    """Two pictures of the same curves are identical files."""
    for name in "ab":
        plot.save(plot.compare_curves({"a": [FALLING], "b": [FALLING]}), tmp_path / f"{name}.svg")

    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


@pytest.mark.parametrize(
    ("groups", "sentence"),
    [
        ({}, "groups must be 1 to 8, more curves cannot be told apart; got 0"),
        ({str(i): [FALLING] for i in range(9)}, "got 9"),
        ({"a": []}, "groups\\['a'\\] has no curve"),
        ({"a": [([0, 1], [1.0])]}, "must be \\(x, y\\), x ascending"),
        ({"a": [([1, 0], [1.0, 2.0])]}, "must be \\(x, y\\), x ascending"),
        ({"a": [([], [])]}, "must be \\(x, y\\), x ascending"),
    ],
)
def test_what_cannot_be_compared_is_refused(groups, sentence):
    """No group, too many, an empty one, or a curve that is no pair ends in a sentence."""
    with pytest.raises(InvalidValue, match=sentence):
        plot.compare_curves(groups)


@pytest.mark.parametrize("end", [3, 92, 1270])
def test_logarithm_of_epochs_begins_at_a_power_of_ten(end):
    """Between 0 and the first tick there is room for both labels."""
    picture = plot.compare_curves({"fast": [([0, end], [1.0, 0.5])], "slow": [([0, 60 * end], [1.0, 0.9])]})
    start = picture.axes[0].xaxis.get_transform().linthresh

    assert start == 10.0 ** round(np.log10(start))
    assert start <= max(1, end / 10)
