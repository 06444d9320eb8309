"""ONNX files in the tests: written, checked, and run by onnxruntime and by onnx's own evaluator."""

from __future__ import annotations

import numpy as np
import onnx
from benchmarks.onnx_runtimes import by_onnxruntime, by_reference

import chainrule as cr


def written(path, model, **options):
    """Write a model, hold the file against ONNX's own rules, and return it as it was read."""
    cr.export_onnx(model, path, **options)
    onnx.checker.check_model(str(path), full_check=True)
    return onnx.load(path)


def both(path, X):
    """Return the answers of both runtimes, the first agreeing with the second."""
    ours, reference = by_onnxruntime(path, X), by_reference(path, X)
    assert [one.shape for one in ours] == [one.shape for one in reference]
    kinds = [[one.dtype.kind.replace("U", "O") for one in answers] for answers in (ours, reference)]
    assert kinds[0] == kinds[1]
    return ours, reference


def distance(found, wanted):
    """The largest difference, relative where the number is above 1."""
    return float((np.abs(found - wanted) / np.maximum(1.0, np.abs(wanted))).max())


def shapes(tensors):
    """The names of what goes into a graph, or comes out of it, with their shapes."""
    return {one.name: [dim.dim_param or dim.dim_value for dim in one.type.tensor_type.shape.dim] for one in tensors}


def outputs(model):
    """The names of what a graph gives back, with their shapes."""
    return shapes(model.graph.output)
