"""Datasets: points to learn from, drawn by a formula or read from a table, and what turns them into X and T."""

from chainrule.tools.datasets.by_suffix import load
from chainrule.tools.datasets.clouds import band, gaussians, two_blobs, xor_blobs
from chainrule.tools.datasets.csv_file import load_csv
from chainrule.tools.datasets.frame import load_frame
from chainrule.tools.datasets.generators import blobs, linear, moons, xor_alternating, xor_diagonals, xor_easy
from chainrule.tools.datasets.labels import one_hot
from chainrule.tools.datasets.mat_file import load_mat
from chainrule.tools.datasets.numpy_file import load_npy, load_npz
from chainrule.tools.datasets.parquet_file import load_parquet
from chainrule.tools.datasets.regression import noisy_sine, plane
from chainrule.tools.datasets.rings import circles, ring, spiral
from chainrule.tools.datasets.split import train_test_split
from chainrule.tools.datasets.table import Table

__all__ = [
    "Table",
    "band",
    "blobs",
    "circles",
    "gaussians",
    "linear",
    "load",
    "load_csv",
    "load_frame",
    "load_mat",
    "load_npy",
    "load_npz",
    "load_parquet",
    "moons",
    "noisy_sine",
    "one_hot",
    "plane",
    "ring",
    "spiral",
    "train_test_split",
    "two_blobs",
    "xor_alternating",
    "xor_blobs",
    "xor_diagonals",
    "xor_easy",
]
