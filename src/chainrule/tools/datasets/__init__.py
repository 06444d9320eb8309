"""Datasets: points to learn from, drawn by a formula or read from a table, and what turns them into X and T."""

from chainrule.tools.datasets.csv_file import Table, load_csv
from chainrule.tools.datasets.generators import blobs, linear, moons, xor_alternating, xor_diagonals, xor_easy
from chainrule.tools.datasets.labels import one_hot
from chainrule.tools.datasets.split import train_test_split

__all__ = [
    "Table",
    "blobs",
    "linear",
    "load_csv",
    "moons",
    "one_hot",
    "train_test_split",
    "xor_alternating",
    "xor_diagonals",
    "xor_easy",
]
