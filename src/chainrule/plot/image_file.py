"""Image files: a picture written completely or not at all, and the same bytes for the same picture."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

from chainrule.errors import InvalidValue, check_path, misplaced
from chainrule.files.atomic import write_whole

if TYPE_CHECKING:
    import os

    from chainrule.plot.picture import Picture

DPI = 200
METADATA: dict[str, dict[str, None]] = {
    ".png": {"Software": None},
    ".svg": {"Date": None, "Creator": None},
}  # what would tell when, and by which version, it was written


def save(figure: Picture, path: str | os.PathLike[str]) -> Path:
    """Write the picture as .svg or .png, told by the path's suffix; missing folders are made.

    The file appears whole or not at all, and the same picture gives the same bytes.

    Parameters
    ----------
    figure : Picture
    path : path
        It ends in .png or .svg.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InvalidValue
        Where the path ends otherwise.

    Examples
    --------
    >>> import tempfile
    >>> from chainrule.plot.scatter import scatter
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(scatter([[0.0, 0.0], [1.0, 1.0]], [0, 1]), f"{folder}/pictures/two.svg").name
    'two.svg'
    """
    check_path(path, "figure, path")
    if not isinstance(figure, Figure):
        raise misplaced("figure", "a Picture", figure, "figure, path")
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in METADATA:
        raise InvalidValue(f"A picture is saved as .png or .svg, got {path.name!r}.")
    buffer = io.BytesIO()
    with np.errstate(all="ignore"):  # a scale that overflows is drawn as far as it goes
        figure.savefig(buffer, format=suffix[1:], dpi=DPI, metadata=METADATA[suffix])
    return write_whole(path, buffer.getvalue())
