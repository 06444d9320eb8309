"""Made objects: an object of a student's class, made as its parameters ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chainrule.check.given import CallInputs
from chainrule.check.layouts import Layout
from chainrule.check.names import role_of
from chainrule.check.parameter_roles import asked, bind
from chainrule.check.trial_points import random_point
from chainrule.check.word_settings import word_for
from chainrule.errors import InvalidValue

if TYPE_CHECKING:
    from chainrule.check.edits.program import Point
    from chainrule.network.network import Network


def made_of(student: type, net: Network, rate: float, point: Point | None = None) -> Any:
    """Make an object of a class: without arguments, or with widths, a rate or data that its parameters ask for."""
    parameters = [one for one in asked(student) if one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)]
    parameters = [one for one in parameters if one.default is one.empty or role_of(one.name) or word_for(one)]
    bound = {one.name: one for one in bind(student, net)}
    missing = [one.name for one in parameters if bound[one.name].give is None]
    if missing:
        raise InvalidValue(
            f"I cannot make a {student.__name__}: I do not know what to give to {', '.join(missing)}. "
            "Make it yourself and hand me the object."
        )
    given = CallInputs(net, point or random_point(net, 0.0, seed=0, n_samples=5), Layout(), rate)
    arguments = {one.name: give(given) for one in parameters if (give := bound[one.name].give) is not None}
    try:
        return student(**arguments)
    except (Exception, SystemExit) as error:
        raise InvalidValue(
            f"I cannot make a {student.__name__} ({type(error).__name__}: {error}). Make it yourself and hand me the "
            "object."
        ) from error
