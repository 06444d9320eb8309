"""Which processes a process has started, and those have, from /proc."""

from pathlib import Path


def below(pid):
    """Return the numbers of all processes below one, those that are waited for left out."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text(errors="replace").rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        if fields[0] != "Z":
            parents[int(path.parent.name)] = int(fields[1])
    found, todo = set(), [pid]
    while todo:
        above = todo.pop()
        children = {one for one, parent in parents.items() if parent == above} - found
        found |= children
        todo += children
    return found
