"""The server: who is let in, what is bounded, and what mutated messages can do, which is nothing."""

import asyncio
import contextlib
import json
import os
import random
import time
import types
import urllib.error
import urllib.request
from urllib.parse import urlsplit

import numpy as np
import pytest
from tests.play.served import playground
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from chainrule.play.messages import LARGEST_MESSAGE, LARGEST_UPLOAD
from chainrule.play.server import Conversation

MUTATED = int(os.environ.get("CHAINRULE_MUTATED_MESSAGES", "300"))  # 2000 at a release


@pytest.fixture(scope="module")
def served():
    """One playground for all of these: none of them may hurt it."""
    with playground() as (address, process):
        yield address
        process.terminate()
        _, errors = process.communicate(timeout=20)
        assert "Traceback" not in errors


def status(address, data=None, **headers):
    request = urllib.request.Request(address, data=data, headers={k.replace("_", "-"): v for k, v in headers.items()})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def origin_of(address):
    return f"http://{urlsplit(address).netloc}"


def path_of(address, path):
    return f"{origin_of(address)}{path}?{urlsplit(address).query}"


def socket_of(address, **arguments):
    arguments = {"origin": origin_of(address), **arguments}
    return connect(path_of(address, "/socket").replace("http", "ws"), max_size=None, **arguments)


def answer_of(socket, message):
    """Send a message and return its answer, acknowledging frames on the way."""
    socket.send(message if isinstance(message, str | bytes) else json.dumps(message))
    while True:
        received = socket.recv(timeout=20)
        if isinstance(received, str):
            return json.loads(received)
        socket.send('{"kind":"ack"}')


def test_the_address_needs_its_token(served):
    """With it 200, without it or with another one 403, for the page and for all else."""
    assert status(served) == 200
    for path in ("/", "/page/main.js", "/download/run.py"):
        assert status(f"{origin_of(served)}{path}") == 403
        assert status(f"{origin_of(served)}{path}?token=wrong") == 403
    assert status(path_of(served, "/page/main.js")) == 200


def test_another_sites_page_can_do_nothing(served):
    """Even with the token: another Origin, another Host, a socket or an upload without an Origin are refused."""
    assert status(served, Origin="https://evil.example") == 403
    assert status(served, Host="evil.example") == 403
    assert status(path_of(served, "/upload") + "&name=a.csv", data=b"a,b\n1,2\n") == 403
    for origin in ("https://evil.example", "null", None):
        with pytest.raises(InvalidStatus), socket_of(served, origin=origin) as socket:
            socket.recv(timeout=5)


def test_only_the_pages_own_parts_are_served(served):
    """No path leads out of the page's folder."""
    for name in ("..%2fserver.py", "..%2f..%2ferrors.py", "index.html", "none.js"):
        assert status(path_of(served, f"/page/{name}")) in (403, 404)


def test_messages_and_uploads_are_bounded(served):
    """Too large a message is refused in a sentence, too large a file, too; and the run goes on."""
    with socket_of(served) as socket:
        assert "letters" in answer_of(socket, " " * (LARGEST_MESSAGE + 1))["error"]
        for state in ({"layers": [{"units": 10**6}]}, {"layers": [{}] * 7}, {"data": {"n": 10**7}}, {"nobody": 1}):
            assert "error" in answer_of(socket, {"kind": "set", "id": 1, "state": state})
    upload = path_of(served, "/upload")
    assert status(f"{upload}&name=a.csv", data=b"1" * (LARGEST_UPLOAD + 1), Origin=origin_of(served)) in (413,)
    assert status(f"{upload}&name=a.exe", data=b"1", Origin=origin_of(served)) == 400
    assert status(f"{upload}&name=..%2f..%2fa.csv", data=b"x", Origin=origin_of(served)) == 400


SEEDS = [
    {"kind": "set", "id": 1, "state": {"layers": [{"units": 3}], "training": {"seed": 4}}},
    {"kind": "set", "id": 1, "state": {"training": {"optimizer": "adam", "optimizer_settings": {"beta1": 0.5},
                                                    "stop": {"loss_below": {"threshold": 0.1}}}}},
    {"kind": "set", "id": 1, "state": {"output": {"loss": "huber(2.0)", "activation": "identity"},
                                       "training": {"schedule": "step", "schedule_settings": {"every": 5}}}},
    {"kind": "go", "id": 2, "what": "step", "epochs": 2},
    {"kind": "go", "id": 2, "what": "back"},
    {"kind": "view", "id": 3, "size": 40, "x": 0, "y": 1},
    {"kind": "steps", "id": 4, "scope": "sample", "sample": 3},
    {"kind": "gradient", "id": 5, "block": "b1", "entry": 0},
    {"kind": "surface", "id": 6, "over": "weights", "first": 0, "second": 1},
    {"kind": "edit", "id": 7, "index": 1, "value": 0.5},
    {"kind": "ask", "id": 8, "about": "stuck"},
    {"kind": "pace", "id": 9, "epochs": 1},
    {"kind": "lab", "id": 10, "name": "xor"},
]  # fmt: skip


def mutated(draw):
    """A message with a value, a name or a few letters changed."""
    message = json.loads(json.dumps(draw.choice(SEEDS)))
    values = [None, -1, 10**30, 1e308, "", "x" * 300, [], {}, True, "W1", 0.5, [[1]], "\u0000", -1e-300]
    if draw.random() < 0.6:
        message[draw.choice([*message, "more"])] = draw.choice(values)
    text = json.dumps(message)
    for _ in range(draw.randrange(3)):
        at = draw.randrange(len(text))
        text = text[:at] + chr(draw.randrange(1, 0x3000)) + text[at + draw.randrange(2) :]
    return text


def test_mutated_messages_do_no_harm(served):
    """No traceback, no hang, no lost run: each is answered, and after all of them the run steps."""
    draw = random.Random(20)  # noqa: S311
    with socket_of(served) as socket:
        for _ in range(MUTATED):
            text = mutated(draw)
            if '"ack"' not in text:
                assert isinstance(answer_of(socket, text), dict)
        about = answer_of(socket, {"kind": "set", "id": 77, "state": {}})
        assert (about["id"], "shapes" in about) == (77, True)
        assert answer_of(socket, {"kind": "go", "id": 78, "what": "step"})["id"] == 78


class _FailingSession:
    """Its run can be looked at, and its frames fail as no one expects."""

    live = types.SimpleNamespace(moment=types.SimpleNamespace(done=0), playing=False, message="")
    view = None

    def frame(self, *, with_gradient=True):
        raise TypeError("no frame of this")


class _OpenSocket:
    """A socket that says nothing, and keeps how it was closed."""

    closed = None

    async def receive(self):
        await asyncio.Event().wait()

    async def send_bytes(self, data):
        raise AssertionError(data)

    async def close(self, code, reason):
        self.closed = (code, reason)


def test_a_failure_that_nobody_expects_is_told_to_page_and_terminal(capsys):
    """The socket used to break off without a word."""
    socket = _OpenSocket()
    asyncio.run(Conversation(_FailingSession(), socket).run())
    assert socket.closed == (1011, "The playground failed: TypeError: no frame of this")
    assert "TypeError: no frame of this" in capsys.readouterr().err


def test_frames_wait_for_their_acknowledgement(served):
    """One frame in flight: without an acknowledgement no other comes, and then the latest does."""
    with socket_of(served) as socket:
        socket.send('{"kind":"set","id":1,"state":{}}')
        frames = []
        socket.send('{"kind":"go","id":2,"what":"play"}')
        with contextlib.suppress(TimeoutError):
            while len(frames) < 2:
                received = socket.recv(timeout=1.5)
                frames += [received] if isinstance(received, bytes) else []
        assert len(frames) == 1
        socket.send('{"kind":"ack"}')
        later = socket.recv(timeout=10)
        head = json.loads(later[4 : 4 + int.from_bytes(later[:4], "little")])
        assert head["epoch"] > 0
        sizes = {name: size for name, _, size in head["sections"]}
        assert sum(sizes.values()) == len(later) - 4 - int.from_bytes(later[:4], "little")
        start = len(later) - sum(sizes.values())
        assert np.isfinite(np.frombuffer(later[start : start + sizes["theta"]], np.float64)).all()


def test_a_closed_tab_stops_the_work_and_a_reload_finds_the_run(served):
    """Nothing is trained while nobody looks; the next socket gets the same run, which then goes on."""
    with socket_of(served) as socket:
        answer_of(socket, {"kind": "go", "id": 0, "what": "pause"})
        answer_of(socket, {"kind": "set", "id": 1, "state": {"training": {"seed": 9, "max_epochs": 1000000}}})
        answer_of(socket, {"kind": "go", "id": 2, "what": "play"})
    time.sleep(0.5)
    held = [script_of(served) for _ in range(2) if time.sleep(0.3) is None]
    assert held[0] == held[1]
    with socket_of(served) as socket:
        about = answer_of(socket, {"kind": "ask", "id": 3, "about": "state"})
        assert about["state"]["training"]["seed"] == 9
        time.sleep(0.5)
        answer_of(socket, {"kind": "go", "id": 4, "what": "pause"})
    assert script_of(served) != held[0]


def script_of(address):
    """The run's script, whose first line says how many epochs are done."""
    with urllib.request.urlopen(path_of(address, "/download/run.py"), timeout=20) as answer:  # noqa: S310
        return answer.readline()


def test_an_upload_becomes_the_data(served):
    """A table goes in from the page's own origin, and its columns come back."""
    table = "a,b,kind\n" + "".join(f"{k},{k * k},{'uv'[k % 2]}\n" for k in range(12))
    url = path_of(served, "/upload") + "&name=mine.csv"
    request = urllib.request.Request(url, data=table.encode(), headers={"Origin": origin_of(served)})  # noqa: S310
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
        assert json.loads(answer.read())["numeric"] == ["a", "b"]
