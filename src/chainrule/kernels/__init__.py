"""Kernels: the mathematics once more, compiled. Whole epochs in one call, without Python inside."""
