"""Results folders appear whole or not at all, whatever happens meanwhile, and nothing of the user's is lost."""

import json
import os
import subprocess
import sys
import threading

import pytest

from chainrule.errors import InvalidFile
from chainrule.files.atomic import write_whole
from chainrule.labs.folder import DRAFT, files_of, finish, results_folder

OLD = {"runs": [{"name": "a"}, {"name": "b"}], "figures": ["same"]}
NEW = {"runs": [{"name": "a"}, {"name": "c"}], "figures": ["same"]}


def fill(folder, content, words):
    """Write what a run writes: its files, and a report."""
    for name in files_of(content):
        text = json.dumps({"lab": "xor", "said": words, **content}) if name == "results.json" else words
        write_whole(folder / name, text)
    write_whole(folder / "report.html", words)


def save(folder, content, words, then=None):
    with results_folder(folder, "xor") as draft:
        fill(draft, content, words)
        if then is not None:
            raise then


def found(folder):
    """Every file below a folder, and what it says."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {
        path.relative_to(folder).as_posix(): json.loads(path.read_text())["said"]
        if path.name == "results.json"
        else path.read_text()
        for path in files
    }


def whole(content, words):
    return dict.fromkeys([*files_of(content), "report.html"], words)


@pytest.fixture
def older(tmp_path):
    """A folder of an older run, with files that the user has put there."""
    folder = tmp_path / "results"
    save(folder, OLD, "old")
    (folder / "notes.txt").write_text("mine")
    (folder / "figures/mine.svg").write_text("mine")
    (folder / "c.safetensors").write_text("mine")  # a name that the new run will want
    return folder


MINE = {"notes.txt": "mine", "figures/mine.svg": "mine"}


def test_a_new_run_takes_the_place_of_an_older_one_as_a_whole(older):
    """What the older one wrote is gone; the user's files are there, the one in the way under another name."""
    save(older, NEW, "new")
    assert found(older) == {**whole(NEW, "new"), **MINE, "c.kept.safetensors": "mine"}
    assert not list(older.glob(".*"))


def test_networks_of_an_older_chainrule_go_with_their_run(older):
    """They are .npz files, which stand where now a .safetensors would: such a name of the user's own stays."""
    (older / "a.safetensors").rename(older / "a.npz")
    (older / "c.npz").write_text("mine")
    save(older, NEW, "new")
    assert found(older) == {**whole(NEW, "new"), **MINE, "c.npz": "mine", "c.kept.safetensors": "mine"}


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_run_that_fails_changes_nothing(older, error, tmp_path):
    """Neither an older run's folder, nor one that was not there."""
    before = found(older)
    for folder in (older, tmp_path / "new/deep"):
        with pytest.raises(error):
            save(folder, NEW, "new", then=error)
    assert found(older) == before
    assert [path.name for path in tmp_path.iterdir()] == ["results"]


@pytest.mark.skipif(sys.platform == "win32", reason="processes are forked")
@pytest.mark.parametrize("there", [True, False])
def test_wherever_a_run_is_killed_its_folder_is_the_old_or_the_new_one(tmp_path, there):
    """A process ends before its first act that changes the disk, the next before its second, and so on.

    All is old, or nothing, or all new; and the next to come finds the old or the new, from some moment on the new.
    """
    seen, number, done = [], 0, False
    after = whole(NEW, "new") | ({"c.kept.safetensors": "mine"} if there else {})
    while not done:
        number += 1 if there else 3  # where nothing was, the acts are those of a new run alone
        folder = tmp_path / str(number)
        if there:
            save(folder, OLD, "old")
            (folder / "c.safetensors").write_text("mine")
        before = found(folder) if there else {}
        child = os.fork()
        if child == 0:
            os._exit(crash_at(number, folder))
        done = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        left = {name for name in found(folder) if not name.startswith(DRAFT)} if folder.exists() else set()
        assert "results.json" not in left or left == set(before) or left >= set(whole(NEW, ""))
        finish(folder)
        now = {name: said for name, said in found(folder).items() if not name.startswith(DRAFT)}
        assert now in (before, after)
        seen.append(now == after)
        save(folder, NEW, "again")
        assert not list(folder.glob(".*"))
    assert seen == sorted(seen)
    assert min(seen.count(True), seen.count(False)) > (10 if there else 3)


def crash_at(last, folder):
    """Save in this process, which ends before it changes the disk for the ``last``-th time."""
    count = 0

    def crash(event, arguments):
        nonlocal count
        changes = event in {"os.rename", "os.remove", "os.rmdir", "os.mkdir"}
        if changes or (event == "open" and isinstance(arguments[2], int) and arguments[2] & os.O_CREAT):
            count += 1
            if count == last:
                os._exit(9)

    sys.addaudithook(crash)
    save(folder, NEW, "new")
    return 0


REFUSED = {
    "another lab's": ({"lab": "moons"}, "holds results of the lab moons, and these are of xor"),
    "a damaged one's": ("{", "holds results of an unknown lab"),
    "a list's": ([], "holds results of an unknown lab"),
    "none's": (None, r"holds files that no lab wrote \(thesis.txt\)"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_folder_of_something_else_is_refused_before_the_work(tmp_path, what):
    """And keeps what it has."""
    content, sentence = REFUSED[what]
    (tmp_path / "thesis.txt").write_text("mine")
    if content is not None:
        (tmp_path / "results.json").write_text(content if isinstance(content, str) else json.dumps(content))
    before = sorted(tmp_path.iterdir())
    with pytest.raises(InvalidFile, match=rf"{sentence}.*--out"), results_folder(tmp_path, "xor"):
        pytest.fail("the work begins")
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.skipif(sys.platform == "win32", reason="its paths have other limits")
@pytest.mark.parametrize(("name", "reason"), [("file", "a file of that name is there"), ("n" * 300, "too long"),
                                              ("file/x", "a part of its path is a file")])  # fmt: skip
def test_a_folder_that_cannot_be_made_is_refused_before_the_work(tmp_path, name, reason):
    """With the path and the reason."""
    (tmp_path / "file").touch()
    with pytest.raises(InvalidFile, match=reason) as caught, results_folder(tmp_path / name, "xor"):
        pytest.fail("the work begins")
    assert str(caught.value).startswith(str(InvalidFile(f"Cannot write {tmp_path / name}: ")).strip())
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_second_run_into_a_folder_is_refused_as_long_as_the_first_lives(tmp_path):
    """Their files cannot be mixed, and afterwards the folder is free."""
    with results_folder(tmp_path / "r", "xor") as draft:
        with (
            pytest.raises(InvalidFile, match=r"Another run is writing into .*r: wait"),
            results_folder(tmp_path / "r", "xor"),
        ):
            pytest.fail("the work begins")
        fill(draft, NEW, "new")
    save(tmp_path / "r", OLD, "old")
    assert found(tmp_path / "r") == whole(OLD, "old")


def test_of_many_runs_at_once_one_wins_whole(tmp_path):
    """Sixteen threads that all begin at the same moment: each of them saves all of it, or is told to wait."""
    begin, told = threading.Barrier(16), []

    def run(number):
        begin.wait()
        try:
            save(tmp_path / "r", OLD if number % 2 else NEW, str(number))
        except InvalidFile as error:
            told.append(str(error))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [said] = set(found(tmp_path / "r").values())
    assert found(tmp_path / "r") == whole(OLD if int(said) % 2 else NEW, said)
    assert len(told) < 16
    assert [sentence for sentence in told if not sentence.startswith("Another run is writing into")] == []
    assert not list((tmp_path / "r").glob(".*"))


def test_names_that_leave_the_folder_are_not_followed(tmp_path):
    """An older results.json from elsewhere may name any file: none outside is removed."""
    (tmp_path / "mine.safetensors").write_text("mine")
    save(tmp_path / "r", OLD, "old")
    content = {"lab": "xor", "runs": [{"name": "../mine"}, {"name": str(tmp_path / "mine")}], "figures": ["../../mine"]}
    (tmp_path / "r/results.json").write_text(json.dumps(content))
    save(tmp_path / "r", NEW, "new")
    assert (tmp_path / "mine.safetensors").read_text() == "mine"


def test_a_full_disk_is_told_with_the_folder_that_was_asked_for(tmp_path):
    """Not with the draft in it."""
    with (
        pytest.raises(InvalidFile, match=rf"^Cannot write {tmp_path}/r/figures/x.svg: ") as caught,
        results_folder(tmp_path / "r", "xor") as draft,
    ):
        raise InvalidFile(f"Cannot write {draft}/figures/x.svg: the disk is full.")
    assert DRAFT not in str(caught.value)


def test_a_full_disk_leaves_the_old_results(tmp_path):
    """The system refuses what follows a file's first 3000 bytes; the run's results.json is longer."""
    save(tmp_path / "xor", OLD, "old")
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))\n"
        "sys.dont_write_bytecode = True  # else modules are kept, cut short\n"
        "from chainrule.cli import main; main()"
    )
    words = ["lab", "run", "xor", "--no-sweep", "--set", "data_sets=xor_easy", "--set", "epochs=5", "--out", "xor"]
    done = subprocess.run(
        [sys.executable, "-c", code, *words], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert done.stderr.startswith("Error: Cannot write xor/")
    assert found(tmp_path / "xor") == whole(OLD, "old")
