"""Processes: how a program ends, and that nothing outlives it."""
