"""Models: files that leave and come in: a network and its theta."""
