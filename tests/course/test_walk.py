"""The walk of a course: every lab is handed out, filled in and checked, as files and as notebooks."""

import pytest

from chainrule import labs
from chainrule.course.checking import check_submission
from chainrule.course.starter import write_starter


def checked(name, folder, **options):
    """Hand out a lab, and check what was handed out."""
    lab = labs.load(name)
    written = write_starter(lab, folder, **options)
    stems = [sheet.file.removesuffix(".py") for sheet in lab.homework.sheets]
    sheets = {path: stems.index(path.stem) for path in written if path.stem in stems}
    return check_submission(name, list(sheets), name, sheet_of=sheets, picture=folder / "picture.png")


@pytest.mark.parametrize("notebook", [False, True], ids=["file", "notebook"])
@pytest.mark.parametrize("name", labs.names())
def test_a_starter_filled_in_right_passes_in_full(name, notebook, tmp_path):
    """The answer key earns every point, and its functions learn."""
    found = checked(name, tmp_path / "hw", solved=True, notebook=notebook)
    assert {one.function: one.verdict.status for one in found.judged if one.verdict.status != "right"} == {}
    assert (found.points, found.problem, found.failed) == (found.worth, "", False)
    assert found.worth >= 10
    assert "the loss went from" in found.training
    assert (tmp_path / "hw" / "picture.png").stat().st_size > 1000


@pytest.mark.parametrize("notebook", [False, True], ids=["file", "notebook"])
@pytest.mark.parametrize("name", labs.names())
def test_an_untouched_starter_is_to_do(name, notebook, tmp_path):
    """Nothing is written, nothing is wrong, and nothing is remarked on."""
    found = checked(name, tmp_path / "hw", notebook=notebook)
    assert {one.verdict.status for one in found.judged} == {"to do"}
    assert (found.points, found.problem, found.failed, found.remarks) == (0, "", False, ())
