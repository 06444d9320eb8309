"""Animation: the decision function as it learns, a frame a snapshot, in one GIF."""

from __future__ import annotations

import io
import numbers
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from chainrule.errors import InvalidValue, check_count
from chainrule.files.atomic import check_writable, write_whole
from chainrule.plot.regions import Decide, decision_snapshots
from chainrule.plot.style import DEFAULT, Style

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    import numpy.typing as npt

    from chainrule.plot.picture import Picture

FASTEST = 50  # frames a second: a GIF counts in hundredths, and browsers slow down what is faster
HOLD = 1.0  # seconds for which the last frame stays before the film begins again


def animate(
    snapshots: Sequence[tuple[str | int, Decide]],
    X: npt.ArrayLike,
    T: npt.ArrayLike,
    path: str | os.PathLike[str],
    *,
    fps: int = 10,
    frames: int = 100,
    boundary: float | None = None,
    classes: Sequence[object] | None = None,
    style: Style = DEFAULT,
    extent: Sequence[float] | None = None,
    resolution: int = 100,
) -> Path:
    """Write the snapshots one after the other as a GIF, each drawn as `decision_snapshots` does, and return its path.

    The film begins again when it is over; the last frame stays for a second more. Of more snapshots than ``frames``
    the first, the last and evenly chosen ones between are shown, each under its own title; none is averaged. The
    file appears whole or not at all, and the same snapshots give the same bytes.

    Parameters
    ----------
    snapshots : sequence of (title, decide)
        A whole number as title is an epoch: 20 becomes "epoch 20". Each decide holds its own copy of theta.
    X, T, boundary, classes, style, extent, resolution
        As for `decision_regions`.
    path : path
        Must end in .gif; missing folders are made.
    fps : int
        Frames a second, at most 50.
    frames : int
        The most frames that are drawn, at least 2.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InvalidValue
        As for `decision_snapshots`, and where the path ends otherwise.

    Examples
    --------
    >>> import tempfile
    >>> film = [(epoch, lambda P, w=epoch: P[:, 0] * w - P[:, 1]) for epoch in (0, 1)]
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     animate(film, [[-1.0, 0.0], [1.0, 2.0]], [-1, 1], f"{folder}/film.gif").name
    'film.gif'
    """
    path = Path(path)
    if path.suffix.lower() != ".gif":
        raise InvalidValue(f"An animation is saved as .gif, got {path.name!r}.")
    if check_count("fps", fps) > FASTEST:
        raise InvalidValue(f"fps must be a whole number from 1 to {FASTEST}, got {fps!r}.")
    check_writable(path)
    chosen = [snapshots[i] for i in sampled(len(snapshots), check_count("frames", frames, at_least=2))]
    pictures = [
        decision_snapshots(
            [(frame_title(title), decide)],
            X,
            T,
            boundary=boundary,
            classes=classes,
            style=style,
            extent=extent,
            resolution=resolution,
        )
        for title, decide in chosen
    ]
    _write(pictures, path, int(fps))
    return path


def sampled(n_snapshots: int, frames: int) -> list[int]:
    """Return which snapshots are shown: all, or the first, the last and evenly chosen ones between.

    >>> sampled(3, 5), sampled(101, 5)
    ([0, 1, 2], [0, 25, 50, 75, 100])
    """
    if not n_snapshots:
        raise InvalidValue("snapshots is empty: there is nothing to draw.")
    places: list[int] = np.round(np.linspace(0, n_snapshots - 1, min(n_snapshots, frames))).astype(int).tolist()
    return places


def frame_title(title: str | int) -> str:
    """Return the title of a frame: a whole number is an epoch.

    >>> frame_title(20), frame_title("It: 20")
    ('epoch 20', 'It: 20')
    """
    return f"epoch {title}" if isinstance(title, numbers.Integral) else str(title)


def _write(pictures: Sequence[Picture], path: Path, fps: int) -> None:
    """Write the frames, the last of them for longer."""
    first, *others = [Image.fromarray(picture.pixels()) for picture in pictures]
    shown = 1000 // fps  # milliseconds
    durations = [*[shown] * len(others), shown * (1 + round(HOLD * fps))]
    film = io.BytesIO()
    first.save(film, format="GIF", save_all=True, append_images=others, duration=durations, loop=0)
    write_whole(path, film.getvalue())
