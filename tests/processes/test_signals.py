"""Signals: one interrupts, several at once are one, none comes in the middle of an import, and none is lost."""

import signal
import subprocess
import sys
import time

import pytest

from chainrule.processes import signals

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")


def said(code, *, ends=0):
    """Run code in a process of its own and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, start_new_session=True
    )
    assert (done.returncode, done.stderr) == (ends, "")
    return done.stdout.split()


@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_each_of_them_interrupts_and_has_its_exit_code(name, code):
    """As shells have it: 128 and the signal's number."""
    text = (
        "import signal, sys; from chainrule.processes.signals import exit_code, listen\n"
        f"signal.signal(signal.SIGINT, signal.SIG_DFL); signal.signal(signal.{name}, signal.SIG_DFL); listen()\n"
        f"try: signal.raise_signal(signal.{name})\n"
        "except KeyboardInterrupt: sys.exit(exit_code())"
    )
    said(text, ends=code)


def test_what_is_ignored_stays_ignored():
    """nohup's SIGHUP, and Ctrl-C in the background."""
    code = (
        "import signal; from chainrule.processes.signals import listen\n"
        "signal.signal(signal.SIGHUP, signal.SIG_IGN); listen(); signal.raise_signal(signal.SIGHUP); print('on')"
    )
    assert said(code) == ["on"]


def test_of_several_in_quick_succession_the_first_alone_interrupts(monkeypatch):
    """The others would interrupt the tidying up; one that comes later interrupts again."""
    clock = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    interrupt = signals.Interrupt()
    with pytest.raises(KeyboardInterrupt):
        interrupt(signal.SIGINT, None)
    clock[0] += signals.PATIENCE - 0.1
    interrupt(signal.SIGINT, None)
    clock[0] += 0.2
    with pytest.raises(KeyboardInterrupt):
        interrupt(signal.SIGINT, None)


def test_none_comes_in_the_middle_of_an_import(tmp_path):
    """It comes as soon as the import is over."""
    (tmp_path / "slow.py").write_text(
        "import signal, time\nsignal.raise_signal(signal.SIGINT)\nfor _ in range(20): time.sleep(0.01)\nprint('whole')"
    )
    code = (
        f"import signal, sys, time; sys.path.insert(0, {str(tmp_path)!r}); "
        "from chainrule.processes.signals import listen\n"
        "signal.signal(signal.SIGINT, signal.SIG_DFL); listen()\n"
        "try:\n import slow\n time.sleep(60)\nexcept KeyboardInterrupt: print('after')"
    )
    assert said(code) == ["whole", "after"]


def test_one_that_comes_where_nothing_can_be_raised_is_not_lost():
    """In a destructor Python can only print it; it comes again, and nothing is printed."""
    code = (
        "import signal, time; from chainrule.processes.signals import listen\n"
        "signal.signal(signal.SIGINT, signal.SIG_DFL); listen()\n"
        "class Gone:\n def __del__(self): signal.raise_signal(signal.SIGINT)\n"
        "try:\n Gone()\n time.sleep(60)\nexcept KeyboardInterrupt: print('again')"
    )
    assert said(code) == ["again"]


def test_processes_that_start_while_they_are_blocked_never_see_any():
    """Ctrl-C reaches all processes of a terminal, and this one ends the others itself."""
    child = "import signal; print(*sorted(int(one) for one in signal.pthread_sigmask(signal.SIG_BLOCK, [])))"
    code = (
        "import subprocess, sys; from chainrule.processes.signals import blocked\n"
        f"with blocked(): subprocess.run([sys.executable, '-c', {child!r}])"
    )
    assert said(code) == ["1", "2", "15"]


def test_what_must_be_whole_is_interrupted_after_it():
    """The block goes on to its end, and KeyboardInterrupt comes then."""
    done = []

    def act():
        with signals.uninterrupted():
            signal.raise_signal(signal.SIGINT)
            done.append("the rest")

    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # what runs in the background may ignore it
    try:
        with pytest.raises(KeyboardInterrupt):
            act()
    finally:
        signal.signal(signal.SIGINT, before)
    assert done == ["the rest"]


def test_one_that_comes_while_an_act_runs_does_not_wait_for_it():
    """What is done at a signal may hold a lock, as an event does while it is set: the second finds it taken."""
    code = (
        "import faulthandler, signal, threading; from chainrule.processes.signals import deferred\n"
        "faulthandler.dump_traceback_later(30, exit=True)\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "lock, acts = threading.Lock(), []\n"
        "def act():\n"
        " with lock:\n"
        "  acts.append(len(acts)); signal.raise_signal(signal.SIGINT)\n"
        "with deferred(act):\n"
        " signal.raise_signal(signal.SIGINT); signal.raise_signal(signal.SIGINT)\n"
        "print(*acts)"
    )
    assert said(code) == ["0", "1"]
