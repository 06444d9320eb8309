"""The fence around a submission's process: started as a program, it shuts itself in and becomes the child.

On Linux, where it is allowed to: namespaces of its own for processes, mounts, network and messages, so that all
processes end with the first one, which is ours; a user of its own where we are root; a root of its own with the
system's programs and the libraries, read-only, without our package, and a folder in memory. Everywhere: limits, no
privileges to be gained. What could not be done is told in the first message, before any code of the submission's runs.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import tempfile
import time
import traceback
import types
from contextlib import suppress
from typing import TYPE_CHECKING, Any

try:
    import resource
except ImportError:
    resource = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120  # os.path alone: this starts a hundred times a class
LINUX = sys.platform == "linux"
NEW_MOUNTS, NEW_USER, NEW_PROCESSES, NEW_NETWORK, NEW_MESSAGES = 0x20000, 0x10000000, 0x20000000, 0x40000000, 0x08000000
DIE_WITH_PARENT, DUMPABLE, REAP_GRANDCHILDREN, NO_NEW_PRIVILEGES = 1, 4, 36, 38
PRIVATE, BIND, MOVE, NO_SUID, NO_DEVICES, NO_PROGRAMS = 0x44000, 0x5000, 0x2000, 2, 4, 8
PATH_ONLY = 0x200000 | 0x20000  # O_PATH, O_NOFOLLOW
SET_MOUNT_ATTRIBUTES, RECURSIVE = 442, 0x8000  # a system call of the same number on all machines, as are Landlock's
CREATE_RULES, ADD_RULE, RESTRICT = 444, 445, 446
LIST, WRITE, READ, OF_FILES = 1 << 3, 1 << 1, 1 | 1 << 2 | 1 << 3, 1 | 1 << 1 | 1 << 2
FRESH_USERS = range(61184, 65520)  # those that systemd draws users of a moment from
MOST_PROCESSES, MOST_FILES, LARGEST_FILE = 64, 512, 200_000_000
IN_MEMORY = dict.fromkeys(("/tmp", "/dev/shm"), "size=256m,nr_inodes=20000,mode=1777")  # noqa: S108
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc", "/sys/devices/system/cpu",
          *(f"/dev/{name}" for name in ("null", "zero", "full", "random", "urandom")))  # fmt: skip


def main() -> None:
    """Shut this process in, and serve."""
    size = int.from_bytes(_exactly(0, 4), "little")
    config = json.loads(_exactly(0, size))
    texts = {name: _text(name) for name in ("wire", "stand_ins", "child")}
    read, write, stacks = _own_streams()
    shut = Fence(config)
    try:
        shut.up((read, write, stacks))
        sys.path += [one for one in config["path"] if one not in sys.path]
        wire, stand_ins, child = (_module(name, text) for name, text in texts.items())
    except Exception:  # ours, and whoever started this must hear of it
        os.write(stacks, traceback.format_exc().encode())
        os._exit(70)
    told = {"lacking": shut.lacking, "folder": shut.folder, "remove": not shut.mounts, "together": shut.processes}
    os.write(write, wire.Message(None).packed(told))
    child.main(read, write, stacks, wire, stand_ins)


def _exactly(file: int, size: int) -> bytes:
    data = b""
    while len(data) < size:
        part = os.read(file, size - len(data))
        if not part:
            os._exit(0)
        data += part
    return data


def _text(name: str) -> str:
    with open(os.path.join(HERE, f"{name}.py"), encoding="utf-8") as file:  # noqa: PTH118, PTH123
        return file.read()


def _module(name: str, text: str) -> types.ModuleType:
    module = types.ModuleType(f"sandbox_{name}")
    sys.modules[module.__name__] = module
    exec(compile(text, f"<{name}>", "exec", dont_inherit=True), vars(module))  # noqa: S102  # our own text
    return module


def _own_streams() -> tuple[int, int, int]:
    """Move the pipes away from where a program looks for its streams."""
    moved = tuple(os.dup(file) for file in (0, 1, 2))
    nothing = os.open(os.devnull, os.O_RDWR)
    for file in (0, 1, 2):
        os.dup2(nothing, file)
    return moved[0], moved[1], moved[2]


class Fence:
    """What is done to shut a process in, and what could not be."""

    def __init__(self, config: dict[str, Any]) -> None:
        self.config = config
        self.lacking: list[str] = []
        self.libc = ctypes.CDLL(None, use_errno=True) if LINUX else None
        self.root = hasattr(os, "geteuid") and os.geteuid() == 0
        self.user: int | None = None
        self.mounts = self.processes = False
        self.folder = ""

    def up(self, pipes: tuple[int, ...]) -> None:
        """Return in the process that is to run the submission's code; its guardians stay here until it ends."""
        if LINUX:
            self._control(NO_NEW_PRIVILEGES, 1)
            self._namespaces()
            self._control(DIE_WITH_PARENT, signal.SIGKILL if self.processes else signal.SIGTERM)  # this one tidies up
        else:
            self.lacking += ["files", "user", "network", "processes", "memory"]
        if hasattr(os, "fork"):
            self._guarded(pipes)
        if not self.mounts:
            self.folder = tempfile.mkdtemp(prefix="chainrule-")
        os.makedirs(self.folder, exist_ok=True)  # noqa: PTH103
        with suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:  # noqa: PTH123
            file.write("1000")  # where memory runs out, this goes first
        if self.libc is not None and not self.mounts and self._landlocked(self.libc):
            self.lacking.remove("files")
        self._limits()
        self._drop()
        os.chdir(self.folder)
        os.environ.update(HOME=self.folder, TMPDIR=self.folder, MPLCONFIGDIR=os.path.join(self.folder, ".matplotlib"))  # noqa: PTH118

    # Guardians.

    def _guarded(self, pipes: tuple[int, ...]) -> None:
        """Fork: the one who stays waits and passes on how it ended; with a namespace for processes there are two."""
        status, report = os.pipe()
        for number in (signal.SIGINT, getattr(signal, "SIGUSR1", signal.SIGINT)):
            signal.signal(number, signal.SIG_IGN)
        self._control(REAP_GRANDCHILDREN, 1)
        pid = os.fork()
        if pid:
            for one in (*pipes, report):
                os.close(one)
            self._outside(pid, status)
        os.close(status)
        if self.processes:
            self._control(DIE_WITH_PARENT, signal.SIGKILL)
            self._control(DUMPABLE, 0)
            self._enclose()
            pid = os.fork()
            if pid:
                for one in pipes:
                    os.close(one)
                _first_process(pid, report)
        elif self.mounts:
            self._enclose()
        os.close(report)
        for number in (signal.SIGINT, signal.SIGUSR1):
            signal.signal(number, signal.SIG_DFL)

    def _outside(self, pid: int, status: int) -> None:
        """Wait for the end, end what is left, and end as it did."""
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        try:
            code = os.waitpid(pid, 0)[1]
            told = os.read(status, 4) if self.processes else b""
            code = int.from_bytes(told, "little") if told else code
        except SystemExit:
            code = 0
        if not self.processes:
            self._end_all(pid)
        if os.WIFSIGNALED(code):
            _no_core()
            signal.signal(os.WTERMSIG(code), signal.SIG_DFL) if os.WTERMSIG(code) != signal.SIGKILL else None
            os.kill(os.getpid(), os.WTERMSIG(code))
        os._exit(os.WEXITSTATUS(code))

    def _end_all(self, pid: int) -> None:
        """End what a submission started, where no namespace does: all that became ours when its parents died."""
        with suppress(OSError):
            os.kill(pid, signal.SIGKILL)
        end = time.monotonic() + 1.0
        while time.monotonic() < end:
            with suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass
            children = _children(os.getpid())
            for child in children:
                with suppress(OSError):
                    os.kill(child, signal.SIGKILL)
            if not children:
                return
            time.sleep(0.01)

    # Namespaces.

    def _control(self, what: int, value: int) -> None:
        if self.libc is not None:
            self.libc.prctl(what, value, 0, 0, 0)

    def _unshare(self, what: int) -> bool:
        return self.libc is not None and self.libc.unshare(what) == 0

    def _namespaces(self) -> None:
        """Ask for a namespace each, and note which there are."""
        user, group = os.geteuid(), os.getegid()
        self.mounts = self.root and self._unshare(NEW_MOUNTS)
        if not self.mounts and self._unshare(NEW_USER):
            for name, text in (
                ("setgroups", "deny"),
                ("uid_map", f"{user} {user} 1"),
                ("gid_map", f"{group} {group} 1"),
            ):
                with suppress(OSError), open(f"/proc/self/{name}", "w", encoding="ascii") as file:  # noqa: PTH123
                    file.write(text)
        self.mounts = self.mounts or self._unshare(NEW_MOUNTS)
        self.processes = self._unshare(NEW_PROCESSES)
        if not self._unshare(NEW_NETWORK):
            self.lacking.append("network")
        if not self.processes:
            self.lacking.append("processes")
        if not self.mounts:
            self.lacking.append("files")
        self._unshare(NEW_MESSAGES)

    def _mount(self, source: str | None, target: str, kind: str | None, flags: int, data: str | None = None) -> bool:
        given = [None if one is None else os.fsencode(one) for one in (source, target, kind, data)]
        return self.libc is not None and self.libc.mount(given[0], given[1], given[2], flags, given[3]) == 0

    def _enclose(self) -> None:
        """Move into a root of its own: the system's programs and the libraries, read-only, and a place in memory."""
        root = os.path.realpath(self.config["temporary"])
        self._mount(None, "/", None, PRIVATE)
        seen = [one for one in (*SYSTEM, *map(os.path.realpath, self.config["libraries"])) if os.path.exists(one)]  # noqa: PTH110
        opened = [(one, os.open(one, PATH_ONLY), _kind(one)) for one in seen if not _within(one, seen)]
        late = [one for one, *_ in opened if _within(one, list(IN_MEMORY))]  # an environment in /tmp, for one
        done = self._mount("none", root, "tmpfs", NO_SUID, "size=1m,mode=755")
        done = self._brought(root, [pair for pair in opened if pair[0] not in late]) and done
        for one in (*IN_MEMORY, "/proc"):
            os.makedirs(root + one, exist_ok=True)  # noqa: PTH103
        done = self._read_only(root) and done
        for one, how in IN_MEMORY.items():
            done = self._mount("none", root + one, "tmpfs", NO_SUID | NO_DEVICES, how) and done
        done = self._brought(root, [pair for pair in opened if pair[0] in late]) and done
        for one in late:
            done = self._read_only(root + one) and done
        kind = "proc" if self.processes else "tmpfs"
        done = (
            self._mount(kind, f"{root}/proc", kind, NO_SUID | NO_DEVICES | NO_PROGRAMS) or not self.processes
        ) and done
        os.chdir(root)
        done = self._mount(root, "/", None, MOVE) and done
        os.chroot(".")
        os.chdir("/")
        self.folder = "/tmp/submission"  # noqa: S108  # nobody else's: the folder was made a moment ago
        if not done:
            self.lacking.append("files")

    def _brought(self, root: str, opened: list[tuple[str, int, str]]) -> bool:
        """Let paths, and what is open of them, be seen below the new root, without what is to be covered."""
        done = True
        for one, file, kind in opened:
            _make(root + one, kind)
            done = (kind not in ("", "/") or self._mount(f"/proc/self/fd/{file}", root + one, None, BIND)) and done
            os.close(file)
        for one in self.config["covered"]:
            if _within(one, [path for path, *_ in opened]) and os.path.isdir(root + one):  # noqa: PTH112
                done = self._mount("none", root + one, "tmpfs", NO_SUID, "size=0,mode=755") and done
        return done

    def _read_only(self, place: str) -> bool:
        attributes = (ctypes.c_uint64 * 4)(1, 0, 0, 0)  # read-only, none cleared
        call = self.libc.syscall if self.libc is not None else None
        given = (-100, os.fsencode(place), RECURSIVE, ctypes.byref(attributes), 32)
        return call is not None and call(SET_MOUNT_ATTRIBUTES, *given) == 0

    def _landlocked(self, libc: Any) -> bool:
        """Where there is no root of its own: see the same folders by Landlock, and signal nobody else."""
        version = libc.syscall(CREATE_RULES, None, 0, 1)
        if version < 1:
            return False
        handled = (1 << {1: 13, 2: 14, 3: 15, 4: 15}.get(version, 16)) - 1
        about = (ctypes.c_uint64 * 3)(handled, 0b11, 0b11)  # files, TCP, sockets without a name and signals
        rules = libc.syscall(CREATE_RULES, ctypes.byref(about), 8 if version < 4 else 16 if version < 6 else 24, 0)

        def allow(place: str, rights: int) -> bool:
            file = os.open(place, 0x200000)  # O_PATH
            beneath = rights & (handled if os.path.isdir(place) else OF_FILES)  # noqa: PTH112
            given = beneath.to_bytes(8, sys.byteorder) + file.to_bytes(4, sys.byteorder)
            done = libc.syscall(ADD_RULE, rules, 1, given, 0) == 0
            os.close(file)
            return bool(done)

        done = allow(self.folder, handled) and allow("/dev/null", READ | WRITE)
        for one in {*SYSTEM, *map(os.path.realpath, self.config["libraries"])}:
            for place, rights in _but(one, self.config["covered"]):
                with suppress(FileNotFoundError):  # a link to nowhere
                    done = allow(place, rights) and done
        return done and libc.syscall(RESTRICT, rules, 0) == 0

    # Limits and user.

    def _limits(self) -> None:
        """Limit memory, time, processes, and files, as far as the system can."""
        if resource is None:  # Windows
            return
        wanted = {
            "RLIMIT_AS": int(self.config["memory"]),
            "RLIMIT_CPU": int(self.config["total"]) + 5,
            "RLIMIT_FSIZE": LARGEST_FILE,
            "RLIMIT_NOFILE": MOST_FILES,
            "RLIMIT_CORE": 0,
        }
        if self.processes:
            wanted["RLIMIT_NPROC"] = MOST_PROCESSES
        for name, most in wanted.items():
            kind = getattr(resource, name, None)
            if kind is None:
                continue
            hard = resource.getrlimit(kind)[1]
            bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
            try:
                resource.setrlimit(kind, (bound, bound))
            except (ValueError, OSError):  # macOS knows some and sets none
                self.lacking.append("memory" if name == "RLIMIT_AS" else name)

    def _readable(self, path: str) -> bool:
        """Whether everybody can read a folder: the way there as well, where there is no root of its own."""
        parts = os.path.realpath(path).split("/")
        ways = [] if self.mounts else ["/".join(parts[:k]) or "/" for k in range(1, len(parts))]
        closed = any(not os.stat(one).st_mode & 0o001 for one in ways)  # noqa: PTH116
        return os.stat(path).st_mode & 0o005 == 0o005 and not closed  # noqa: PTH116

    def _drop(self) -> None:
        """Become a user of nobody's, where we are root, and give up what is left of privileges."""
        if self.root and LINUX:
            readable = all(map(self._readable, filter(os.path.isdir, self.config["libraries"])))
            user = FRESH_USERS[int.from_bytes(os.urandom(4), "little") % len(FRESH_USERS)]
            try:
                if readable:
                    os.chown(self.folder, user, user)
                    os.setgroups([])
                    os.setresgid(user, user, user)
                    os.setresuid(user, user, user)
            except OSError:
                readable = False
            if not readable:
                self.lacking.append("user")
        if self.libc is not None:
            none = (ctypes.c_uint32 * 6)(0, 0, 0, 0, 0, 0)
            self._control(DIE_WITH_PARENT, signal.SIGKILL)  # a new user has forgotten it
            self.libc.capset(ctypes.byref((ctypes.c_uint32 * 2)(0x20080522, 0)), ctypes.byref(none))
            self._control(DUMPABLE, 0)


def _first_process(pid: int, report: int) -> None:
    """Be the first process of a namespace: wait for that one, whatever else ends, and tell how it did."""
    while True:
        ended, code = os.waitpid(-1, 0)
        if ended == pid:
            os.write(report, code.to_bytes(4, "little"))
            os._exit(0)


def _children(pid: int) -> list[int]:
    """Return the processes whose parent this is."""
    found = []
    for name in os.listdir("/proc") if LINUX else ():  # noqa: PTH208
        with suppress(OSError, ValueError, IndexError):
            with open(f"/proc/{int(name)}/stat", encoding="utf-8", errors="replace") as file:  # noqa: PTH123
                fields = file.read().rpartition(")")[2].split()
            if int(fields[1]) == pid and fields[0] != "Z":
                found.append(int(name))
    return found


def _but(path: str, covered: list[str]) -> Iterator[tuple[str, int]]:
    """Yield what is to be read of a folder without those that are covered: itself, or its parts."""
    if path in covered or not os.path.exists(path):  # noqa: PTH110
        return
    if not any(one.startswith(f"{path}/") for one in covered):
        yield path, READ
        return
    yield path, LIST
    for name in os.listdir(path):  # noqa: PTH208
        yield from _but(os.path.join(path, name), covered)  # noqa: PTH118


def _within(path: str, others: list[str]) -> bool:
    """Whether a path lies in another one, which brings it along."""
    return any(path.startswith(f"{other}/") for other in others)


def _kind(path: str) -> str:
    """Return where a link leads, "/" for a folder, "" for anything else; asked before another root hides it."""
    if os.path.islink(path):  # noqa: PTH114
        return os.readlink(path)  # noqa: PTH115
    return "/" if os.path.isdir(path) else ""  # noqa: PTH112


def _make(place: str, kind: str) -> None:
    """Make a folder, a file or a link where something is to be seen."""
    os.makedirs(os.path.dirname(place), 0o755, exist_ok=True)  # noqa: PTH103, PTH120
    if kind == "/":
        os.makedirs(place, 0o755, exist_ok=True)  # noqa: PTH103
    elif kind:
        os.symlink(kind, place)  # noqa: PTH211
    else:
        os.close(os.open(place, os.O_CREAT | os.O_WRONLY))


def _no_core() -> None:
    with suppress(AttributeError, ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
