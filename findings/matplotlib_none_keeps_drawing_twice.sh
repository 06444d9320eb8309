#!/usr/bin/env bash
# Guess: once a figure is laid out, fig.set_layout_engine("none") freezes it and, as the docs say, "removes layout
#   engine": saving it costs what saving a figure without an engine costs.
# Behaviour: a PlaceHolderLayoutEngine stays behind, and savefig asks only whether there is an engine. So every save
#   still goes through all artists twice, once with drawing disabled "to make sure CL works", though nothing is laid out
#   any more. set_layout_engine(None) is what removes it (where the rcParams of layouts are off), and halves the walk
#   through the artists; a program that lays out once and saves several formats pays for each.
# Versions: Matplotlib 3.11.2, NumPy 2.4.6 (Python 3.11).
# Source: matplotlib/figure.py, set_layout_engine; matplotlib/backend_bases.py, FigureCanvasBase.print_figure.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet matplotlib==3.11.2 numpy==2.4.6
MPLCONFIGDIR="$folder" "$folder/venv/bin/python" - <<'PY'
import io
import sys

import matplotlib
import numpy

matplotlib.use("Agg")
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

print("Matplotlib", matplotlib.__version__, "NumPy", numpy.__version__)


class Counted(Line2D):
    draws = 0

    def draw(self, renderer):
        Counted.draws += 1
        super().draw(renderer)


def draws_of_a_save(first, *then):
    figure = Figure(layout=first)
    figure.add_subplot().add_line(Counted([0, 1], [0, 1]))
    figure.canvas.draw()
    for engine in then:
        figure.set_layout_engine(engine)
    Counted.draws = 0
    figure.savefig(io.BytesIO(), format="png")
    print(f"layout={first!r}, then {then}: {type(figure.get_layout_engine()).__name__}, drawn {Counted.draws} time(s)")
    return Counted.draws


seen = [
    draws_of_a_save(None),
    draws_of_a_save("constrained"),
    draws_of_a_save("constrained", "none"),
    draws_of_a_save("constrained", None),
]
if seen != [1, 2, 2, 1]:
    sys.exit(f"CHANGED: a save draws {seen} times, not [1, 2, 2, 1]")
PY
