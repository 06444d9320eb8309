"""Row groups: whoever adds which part, the sum is the same sum."""

import pytest

from chainrule.scale.row_groups import FAN_IN, subtrees, tree_sum


def add(one, other):
    return f"({one}+{other})"


@pytest.mark.parametrize("n_tasks", [1, 2, 3, 8, 100])
def test_parts_add_up_to_the_same_tree(n_tasks):
    """The parts that tasks add, and the eights that others add of them, are cut out of one tree."""
    for n_groups in range(1, 70):
        groups = [str(i) for i in range(n_groups)]
        parts = [tree_sum(part, add) for part in subtrees(groups, n_tasks)]
        while len(parts) > FAN_IN:
            parts = [tree_sum(parts[i : i + FAN_IN], add) for i in range(0, len(parts), FAN_IN)]
        assert tree_sum(parts, add) == tree_sum(groups, add)


def test_every_worker_has_a_part():
    """Where there are as many groups as workers, there are as many parts."""
    assert [len(subtrees(range(8), n)) for n in (1, 2, 3, 4, 8, 20)] == [1, 2, 4, 4, 8, 8]
