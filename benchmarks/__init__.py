"""Measurements: how chainrule compares, printed as tables."""
