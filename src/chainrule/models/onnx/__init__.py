"""ONNX: networks and estimators as graphs that other runtimes read."""
