"""Faces: what people touch. The command line, the labs and their reports, a pytest fixture, a magic for notebooks."""
