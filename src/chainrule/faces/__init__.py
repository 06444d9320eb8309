"""Faces: what people touch. The command line and the labs."""
