"""The harbour's radio channel, with Starlette: a page, a chat over WebSockets, a clock.

The channel is kept in the memory of its process: each worker has one of its own, so that it is
mounted with one worker. More would need something that they share, such as a database.
"""

import asyncio
from collections import deque
from datetime import datetime, timezone
from pathlib import Path
from urllib.parse import quote, urlsplit

from starlette.applications import Starlette
from starlette.responses import HTMLResponse, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocketDisconnect

PAGE = Path(__file__).with_name("chat.html").read_text(encoding="utf-8")
LONGEST_NAME = 30
LONGEST_TEXT = 500
REMEMBERED = 20
# How many messages may wait for somebody who reads slowly.
BACKLOG = 100

# RFC 6455, 7.4.1.
UNSUPPORTED_DATA, POLICY_VIOLATION = 1003, 1008


def now():
    return datetime.now(timezone.utc)


class Listener:
    """Somebody on the channel, with a queue, so that nobody waits for a slow reader."""

    def __init__(self, websocket, name):
        self.websocket = websocket
        self.name = name
        self.waiting = asyncio.Queue(BACKLOG)

    def hear(self, message):
        if self.waiting.full():
            # Who reads too slowly misses the oldest.
            self.waiting.get_nowait()
        self.waiting.put_nowait(message)

    async def send(self):
        try:
            while True:
                await self.websocket.send_json(await self.waiting.get())
        except (OSError, WebSocketDisconnect):
            # Whoever receives from this client is told so, too.
            pass


class Channel:
    """Everybody in this process, and what was said last."""

    def __init__(self):
        self.listeners = []
        self.said = deque(maxlen=REMEMBERED)

    def join(self, listener):
        for message in self.said:
            listener.hear(message)
        self.listeners.append(listener)
        self._show_who_is_here()

    def leave(self, listener):
        self.listeners.remove(listener)
        self._show_who_is_here()

    def say(self, name, text):
        message = {"name": name, "text": text, "at": now().isoformat(timespec="seconds")}
        self.said.append(message)
        self._tell(message)

    def _show_who_is_here(self):
        self._tell({"here": sorted(listener.name for listener in self.listeners)})

    def _tell(self, message):
        for listener in self.listeners:
            listener.hear(message)


channel = Channel()


def is_from_this_site(websocket):
    """Browsers let any page open a WebSocket to anywhere, with the visitor's cookies."""
    origin = websocket.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == websocket.headers.get("host")


async def page(request):
    # Addresses in the page are relative to where it is mounted, with and without a slash at its end.
    base = quote(request.scope.get("root_path", "")) + "/"
    return HTMLResponse(PAGE.replace('<base href="/">', '<base href="%s">' % base))


async def talk(websocket):
    if not is_from_this_site(websocket):
        await websocket.close(POLICY_VIOLATION)
        return
    await websocket.accept()
    name = websocket.query_params.get("name", "").strip()[:LONGEST_NAME] or "Somebody"
    listener = Listener(websocket, name)
    sending = asyncio.ensure_future(listener.send())
    channel.join(listener)
    try:
        while True:
            message = await websocket.receive()
            if message["type"] == "websocket.disconnect":
                return
            text = message.get("text")
            if text is None:
                await websocket.close(UNSUPPORTED_DATA)
                return
            if text.strip():
                channel.say(name, text.strip()[:LONGEST_TEXT])
    finally:
        channel.leave(listener)
        sending.cancel()


async def clock(request):
    async def ticks():
        told = None
        while True:
            second = now().replace(microsecond=0)
            # A sleep may end a little early.
            if second != told:
                yield "data: %s\n\n" % second.isoformat()
                told = second
            await asyncio.sleep(1 - now().microsecond / 1_000_000)

    # nginx would collect the ticks otherwise.
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(ticks(), media_type="text/event-stream", headers=headers)


application = Starlette(
    routes=[Route("/", page), Route("/clock", clock), WebSocketRoute("/talk", talk)]
)
