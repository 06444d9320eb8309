"""Files written whole: links, modes, devices and pipes stay what they are, an old file stays until the new one is."""

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from chainrule.errors import InvalidFile
from chainrule.files.atomic import DRAFT, check_writable, write_whole
from chainrule.files.locks import lock

posix = pytest.mark.skipif(sys.platform == "win32", reason="modes, devices and pipes are POSIX's")


def mode_of(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_what_a_link_leads_to_is_written_and_the_link_stays(tmp_path):
    """Also where it leads to nothing yet, and over another link."""
    (tmp_path / "far").mkdir()
    for target in (tmp_path / "far/old.txt", tmp_path / "far/new.txt"):
        link, second = tmp_path / f"{target.stem}-link", tmp_path / f"{target.stem}-second"
        link.symlink_to(target)
        second.symlink_to(link.name)
        if "old" in target.name:
            target.write_text("old")
        check_writable(second)
        assert write_whole(second, "new") == second
        assert (link.is_symlink(), second.is_symlink(), target.is_symlink()) == (True, True, False)
        assert target.read_text() == "new"


@posix
def test_an_old_file_hands_on_its_mode_and_a_new_one_follows_the_umask(tmp_path):
    """grades.csv of mode 600 stays closed to others."""
    old = tmp_path / "grades.csv"
    old.write_text("")
    old.chmod(0o600)
    before = os.umask(0o027)
    try:
        write_whole(old, "a")
        write_whole(tmp_path / "new.csv", "a")
    finally:
        os.umask(before)
    assert (mode_of(old), mode_of(tmp_path / "new.csv")) == (0o600, 0o640)


@posix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away")
def test_root_leaves_a_file_to_its_owner(tmp_path):
    """A file of another user's is theirs afterwards, too."""
    path = tmp_path / "x"
    path.write_text("")
    os.chown(path, 1234, 4321)
    write_whole(path, "a")
    assert (path.stat().st_uid, path.stat().st_gid) == (1234, 4321)


@posix
def test_a_device_is_written_to_and_stays_one():
    """/dev/null swallows it, and /dev/full says that there is no room."""
    check_writable("/dev/null")
    write_whole("/dev/null", "x")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)  # noqa: PTH116
    with pytest.raises(InvalidFile, match=r"Cannot write /dev/full: the disk is full\. Make room and try again\."):
        write_whole("/dev/full", "x")


@posix
def test_a_pipe_is_written_to(tmp_path):
    """Whoever reads the pipe gets it all, and looking beforehand neither waits nor writes."""
    path, got = tmp_path / "pipe", []
    os.mkfifo(path)
    check_writable(path)
    reader = threading.Thread(target=lambda: got.append(path.read_bytes()))
    reader.start()
    write_whole(path, b"x" * 100_000)
    reader.join(60)
    assert got == [b"x" * 100_000]
    assert stat.S_ISFIFO(path.stat().st_mode)


@posix
@pytest.mark.parametrize("piped", [True, False])
def test_standard_output_is_written_in_its_turn(tmp_path, piped):
    """/dev/stdout is neither replaced nor written over, whether it is a pipe or a file."""
    code = (
        "from chainrule.files.atomic import check_writable, write_whole\n"
        "print('before'); check_writable('/dev/stdout'); write_whole('/dev/stdout', 'it\\n'); print('after')"
    )
    with (tmp_path / "out").open("w") as file:
        done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE if piped else file, check=True)
    assert (done.stdout if piped else (tmp_path / "out").read_bytes()) == b"before\nit\nafter\n"


BAD = {
    "a folder": (".", "it is a folder"),
    "below a file": ("file/x", "a part of its path is a file and not a folder"),
    "too long a name": ("n" * 300, "its name is too long"),
    "too long a name in a missing folder": ("missing/" + "n" * 300, "its name is too long"),
    "links in a circle": ("circle", "its links lead in a circle"),
    "a null byte": ("a\0b", "there is a null byte in it"),
}


@posix
@pytest.mark.parametrize("what", BAD)
@pytest.mark.parametrize("act", [check_writable, lambda path: write_whole(path, "x")], ids=["before", "at the end"])
def test_what_cannot_be_written_is_a_sentence_before_the_work_and_after_it(tmp_path, what, act):
    """It names the path and the reason, and leaves nothing."""
    (tmp_path / "file").write_text("old")
    (tmp_path / "circle").symlink_to("circle")
    name, reason = BAD[what]
    with pytest.raises(InvalidFile) as caught:
        act(tmp_path / name)
    assert str(caught.value) == str(InvalidFile(f"Cannot write {tmp_path / name}: {reason}. Choose another place."))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["circle", "file"]


def test_a_missing_folder_is_made_by_writing_alone(tmp_path):
    """Looking beforehand leaves nothing there."""
    check_writable(tmp_path / "a/b/x")
    assert not list(tmp_path.iterdir())
    assert write_whole(tmp_path / "a/b/x", b"1").read_bytes() == b"1"


@posix
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_or_a_file_without_permission_is_refused(tmp_path):
    """A file that may not be written is not replaced either, though its folder would allow it."""
    (tmp_path / "closed").mkdir(0o500)
    (tmp_path / "file").write_text("old")
    (tmp_path / "file").chmod(0o400)
    for path in (tmp_path / "closed/x", tmp_path / "file"):
        with pytest.raises(InvalidFile, match="writing there is not allowed"):
            check_writable(path)
    assert (tmp_path / "file").read_text() == "old"


@posix
def test_a_file_that_may_not_be_written_is_refused(tmp_path, monkeypatch):
    """As the test above, for root."""
    (tmp_path / "file").write_text("old")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    for act in (check_writable, lambda path: write_whole(path, "new")):
        with pytest.raises(InvalidFile, match="writing there is not allowed"):
            act(tmp_path / "file")
    assert (tmp_path / "file").read_text() == "old"


@posix
def test_a_write_that_fails_in_the_middle_leaves_the_old_file_whole(tmp_path):
    """The system refuses what follows the first 1000 bytes, as a disk does that becomes full."""
    path = tmp_path / "x"
    path.write_text("old")
    code = (
        "import resource, sys\n"
        "from chainrule import InvalidFile; from chainrule.files.atomic import write_whole\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))  # no sooner: Python would keep modules cut short\n"
        "try: write_whole(sys.argv[1], 'n' * 5000)\n"
        "except InvalidFile as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout == f"Cannot write {path}: File too large. Choose another place.\n"
    assert (path.read_text(), [one.name for one in tmp_path.iterdir()]) == ("old", ["x"])


@posix
def test_drafts_of_the_dead_are_tidied_and_those_of_the_living_are_not(tmp_path):
    """The lock tells: the system opens it when a process ends."""
    dead, living = tmp_path / f"{DRAFT}dead", tmp_path / f"{DRAFT}living"
    for path in (dead, living):
        path.write_text("half")
    with living.open() as file:
        lock(file.fileno())
        write_whole(tmp_path / "x", "whole")
        assert sorted(path.name for path in tmp_path.iterdir()) == [living.name, "x"]


@pytest.mark.parametrize("step", ["replace", "chmod"])
def test_a_draft_that_another_writer_tidied_is_written_again(step, tmp_path, monkeypatch):
    """Two that save into one folder at once: between its lock and its name a draft may be taken for a dead one."""
    taken = []

    def tidied(draft, *arguments, **settings):
        if not taken:
            taken.append(draft)
            Path(draft).unlink()
        return whole(draft, *arguments, **settings)

    path = tmp_path / "model"
    path.write_text("old")
    place = Path if step == "replace" else os
    whole = getattr(place, step)
    monkeypatch.setattr(place, step, tidied)
    write_whole(path, "new")
    assert (len(taken), path.read_text(), list(tmp_path.iterdir())) == (1, "new", [path])
