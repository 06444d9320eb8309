"""The server: the page's files, one socket, uploads and downloads, for whoever has the token and is no other site."""

from __future__ import annotations

import asyncio
import secrets
import tempfile
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec
from starlette.applications import Starlette
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from chainrule.errors import ChainruleError
from chainrule.play.live_run import FOREVER
from chainrule.play.messages import LARGEST_MESSAGE, LARGEST_UPLOAD, MESSAGES, Ack

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import HTTPConnection, Request

    from chainrule.play.session import PlaySession

PAGE = Path(__file__).parent / "page"
SUFFIXES = (".csv", ".npz", ".npy", ".mat", ".parquet")
IDLE = 0.03  # seconds between two looks at a run that does not move
SOON = 0.003  # and at one that does
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Server:
    """The application around one session.

    Parameters
    ----------
    session : PlaySession
    token : str
        What every request must carry.
    hosts : names under which the page is reached, with their ports
        Requests of other origins, or for other hosts, are refused.
    """

    def __init__(self, session: PlaySession, token: str, hosts: frozenset[str]) -> None:
        self.session = session
        self.token = token
        self.hosts = hosts
        self._socket: WebSocket | None = None
        self._was_playing = False
        self._folder = tempfile.TemporaryDirectory(prefix="chainrule-play-")
        self.app = Starlette(
            routes=[
                Route("/", self.page),
                Route("/page/{name}", self.part),
                Route("/download/{name}", self.download),
                Route("/upload", self.upload, methods=["POST"]),
                WebSocketRoute("/socket", self.socket),
            ]
        )

    def close(self) -> None:
        """End the run, and remove what was uploaded."""
        self.session.close()
        self._folder.cleanup()

    def refusal(self, asks: HTTPConnection) -> Response | None:
        """Refuse whoever has no token, names another host, or comes from another site's page."""
        given = asks.query_params.get("token", "") or asks.cookies.get(self.cookie, "")
        if not secrets.compare_digest(given.encode(), self.token.encode()):
            return PlainTextResponse("The address needs its token: use the whole line that was printed.", 403)
        origin = asks.headers.get("origin")
        if asks.headers.get("host", "") not in self.hosts or (origin and urlsplit(origin).netloc not in self.hosts):
            return PlainTextResponse("Another site's page may not ask here.", 403)
        return None

    @property
    def cookie(self) -> str:
        """What the page's own files are asked with: a cookie that no other site's request carries."""
        return "chainrule-play"

    async def page(self, request: Request) -> Response:
        """Serve the page."""
        if refused := self.refusal(request):
            return refused
        response = FileResponse(PAGE / "index.html", headers=HEADERS)
        response.set_cookie(self.cookie, self.token, httponly=True, samesite="strict")
        return response

    async def part(self, request: Request) -> Response:
        """Serve one of the page's modules or its style."""
        if refused := self.refusal(request):
            return refused
        parts = {path.name: path for path in PAGE.iterdir() if path.suffix in (".js", ".css")}
        path = parts.get(request.path_params["name"])
        return PlainTextResponse("There is no such part.", 404) if path is None else FileResponse(path, headers=HEADERS)

    async def download(self, request: Request) -> Response:
        """Hand out a file of the run."""
        if refused := self.refusal(request):
            return refused
        name = request.path_params["name"]
        try:
            kind, content = await asyncio.to_thread(self.session.export, name)
        except ChainruleError as error:
            return PlainTextResponse(str(error), 400)
        attached = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(content, media_type=kind, headers={**HEADERS, **attached})

    async def upload(self, request: Request) -> Response:
        """Take a file of points, in bounds."""
        if refused := self.refusal(request):
            return refused
        if not request.headers.get("origin"):
            return PlainTextResponse("An upload comes from the page.", 403)
        name = Path(request.query_params.get("name", "")).name[:80]
        if Path(name).suffix.lower() not in SUFFIXES:
            return PlainTextResponse(f"Files end in {', '.join(SUFFIXES)}.", 400)
        content = bytearray()
        async for piece in request.stream():
            content += piece
            if len(content) > LARGEST_UPLOAD:
                return PlainTextResponse(f"A file may have {LARGEST_UPLOAD // 1_000_000} megabytes.", 413)
        path = Path(self._folder.name) / name
        path.write_bytes(content)
        try:
            return JSONResponse(await asyncio.to_thread(self.session.upload, path))
        except (ChainruleError, OSError, ValueError) as error:
            return PlainTextResponse(str(error).replace(f"{self._folder.name}/", ""), 400)

    async def socket(self, socket: WebSocket) -> None:
        """Talk with the page: its messages in, answers and frames out. A new page takes over from an older one."""
        if self.refusal(socket) or not socket.headers.get("origin"):
            await socket.close(code=1008)
            return
        await socket.accept()
        before, self._socket = self._socket, socket
        if before is not None and before.client_state is WebSocketState.CONNECTED:
            await before.close(code=4001, reason="The playground is open in another tab.")
        if self._was_playing:
            self.session.live.go(FOREVER)
        conversation = Conversation(self.session, socket)
        try:
            await conversation.run()
        finally:
            if self._socket is socket:
                self._socket = None
                self._was_playing = self.session.live.playing
                self.session.live.go(0)


class Conversation:
    """One page's: messages are answered in their order; a frame goes out when the one before it was drawn."""

    def __init__(self, session: PlaySession, socket: WebSocket) -> None:
        self.session = session
        self.socket = socket
        self._drawn = asyncio.Event()
        self._drawn.set()
        self._questions: asyncio.Queue[Any] = asyncio.Queue(maxsize=20)

    async def run(self) -> None:
        """Talk until the page has gone, or something fails that nobody expects: the page and the terminal are told."""
        tasks = [asyncio.create_task(each()) for each in (self._listen, self._answer, self._show)]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
        for error in ended:
            if isinstance(error, Exception) and not isinstance(error, WebSocketDisconnect):
                traceback.print_exception(error)
                told = f"The playground failed: {type(error).__name__}: {error}"
                await self.socket.close(code=1011, reason=told.encode()[:120].decode(errors="ignore"))

    async def _listen(self) -> None:
        while True:
            received = await self.socket.receive()
            if received["type"] != "websocket.receive":
                return
            text = received.get("text") or received.get("bytes") or ""
            if len(text) > LARGEST_MESSAGE:
                await self._send({"id": 0, "error": f"A message may have {LARGEST_MESSAGE} letters."})
                continue
            try:
                message = MESSAGES.decode(text)
            except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
                await self._send({"id": 0, "error": f"The message was not understood: {error}"[:300]})
                continue
            if isinstance(message, Ack):
                self._drawn.set()
            else:
                await self._questions.put(message)

    async def _answer(self) -> None:
        while True:
            message = await self._questions.get()
            try:
                found = await asyncio.to_thread(self.session.answer, message)
            except ChainruleError as error:
                found = {"error": str(error)}
            except MemoryError:
                found = {"error": "There is not enough memory for that: take fewer points or units."}
            except Exception as error:  # numbers that no algorithm can take, say: the page is told, the run goes on
                found = {"error": f"That could not be computed here: {type(error).__name__}: {error}"[:300]}
            await self._send({"id": message.id, **found})

    async def _show(self) -> None:
        """Send a frame whenever the last was drawn and there is something new."""
        shown: tuple[Any, ...] = ()
        while True:
            await self._drawn.wait()
            live = self.session.live
            now = (id(live), live.moment.done, live.playing, live.message, self.session.view)
            if now == shown:
                await asyncio.sleep(SOON if live.playing else IDLE)
                continue
            shown = now
            self._drawn.clear()
            await self.socket.send_bytes(await asyncio.to_thread(self._frame))

    def _frame(self) -> bytes:
        try:
            return self.session.frame()
        except ChainruleError:  # a gradient of somebody else's broke down: the run's own message says so
            return self.session.frame(with_gradient=False)

    async def _send(self, answer: Mapping[str, Any]) -> None:
        await self.socket.send_text(msgspec.json.encode(answer, enc_hook=float).decode())
