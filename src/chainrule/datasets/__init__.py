"""Datasets: points to learn from, drawn by a formula or read from a table, and what turns them into X and T."""

from chainrule.datasets.by_suffix import load
from chainrule.datasets.clouds import band, gaussians, two_blobs, xor_blobs
from chainrule.datasets.csv_file import load_csv
from chainrule.datasets.frame import load_frame
from chainrule.datasets.functions import noisy_sine, plane
from chainrule.datasets.generators import blobs, linear, moons, xor_alternating, xor_diagonals, xor_easy
from chainrule.datasets.labels import one_hot
from chainrule.datasets.mat_file import load_mat
from chainrule.datasets.numpy_file import load_npy, load_npz
from chainrule.datasets.parquet_file import load_parquet
from chainrule.datasets.rings import circles, ring, spiral
from chainrule.datasets.split import train_test_split
from chainrule.datasets.tabular import Table

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
