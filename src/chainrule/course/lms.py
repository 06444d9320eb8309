"""Learning platforms: whose a submission is by the names that Moodle and Canvas give to what one downloads."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

MOODLE = re.compile(r"(?P<name>.+)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)_?(?P<file>.*)")
CANVAS = re.compile(r"(?P<name>[^_]+)_(?P<late>LATE_)?(?P<id>\d+)_\d+_(?P<file>.+)")


METADATA = "submission_metadata.json"


class Sender(NamedTuple):
    """Whose a submission is: the name, the platform's number, and whether the platform calls it late."""

    name: str
    number: str = ""
    late: bool = False


def sender(name: str) -> Sender:
    """Tell whose a file or folder is from its name; one that no platform gave is the name itself.

    Moodle calls a folder ``Anna Smith_123_assignsubmission_file_``, where 123 is the number of "Participant 123";
    Canvas a file ``smithanna_LATE_123_456_xor.py``, where 123 is the user's ID.

    >>> sender("Anna Smith_123_assignsubmission_file_")
    Sender(name='Anna Smith', number='123', late=False)
    >>> sender("smithanna_LATE_123_456_xor"), sender("anna").number
    (Sender(name='smithanna', number='123', late=True), '')
    """
    found = MOODLE.fullmatch(name) or CANVAS.fullmatch(name)
    if found is None:
        return Sender(name)
    return Sender(found["name"], found["id"], bool(found.groupdict().get("late")))


def late_on_gradescope(results: Path) -> bool:
    """Whether a submission came after its due date, by the metadata that Gradescope puts above results/results.json.

    References
    ----------
    Gradescope Autograder Documentation, Submission Metadata.
    """
    try:
        told = json.loads((results.resolve().parent.parent / METADATA).read_text("utf-8"))
        sent, due = told["created_at"], told["assignment"]["due_date"]
        return bool(due) and datetime.fromisoformat(sent) > datetime.fromisoformat(due)
    except (OSError, ValueError, KeyError, TypeError):  # there is none, or it tells no due date
        return False
