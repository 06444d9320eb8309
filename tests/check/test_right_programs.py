"""Right programs are never accused; ``CHAINRULE_RIGHT_PROGRAMS=2000`` runs so many of them."""

from __future__ import annotations

import os

import pytest
from tests.check.right_programs import CONVENTIONS, FORMS, program

from chainrule import check_backprop

COUNT = int(os.environ.get("CHAINRULE_RIGHT_PROGRAMS", "105"))


@pytest.mark.parametrize("form", FORMS)
def test_a_right_program_is_never_accused(form):
    """Right where its loss is told or its convention is the network's, else right up to a factor."""
    for seed in range(-(-COUNT // len(FORMS))):
        made = program(form, seed)
        report = check_backprop(made.code, made.net)
        expected = "right" if made.told or made.convention == "mean" else "right up to a factor"
        assert report.verdict == expected, f"{made.made_of}\n{report}"


@pytest.mark.parametrize("convention", [name for name in CONVENTIONS if name != "mean"])
def test_a_wrong_sign_in_one_block_of_a_generated_program_is_not_right(convention):
    """What accepts every program accepts nothing: one block with the other sign is wrong in every convention."""
    for seed in range(3):
        made = program("blocks", seed)
        told = 1 if made.told else 0

        def broken(*arguments, right=made.code, at=told):
            found = list(right(*arguments)) if isinstance(right(*arguments), tuple) else [right(*arguments)]
            found[at] = -found[at]
            return tuple(found)

        broken.__signature__ = __import__("inspect").signature(made.code)
        assert len(made.net.shapes) == 1 or check_backprop(broken, made.net).verdict == "wrong"
