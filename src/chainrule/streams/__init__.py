"""Streams: data that does not fit into memory, described by where it lies and read a window at a time."""
