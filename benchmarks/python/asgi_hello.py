"""What benchmarks/asgi asks for: hello, events for many, an echo, and a room of the worker."""

import asyncio
import time

BODY = b"Hello, world!\n"
HEAD = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", b"text/plain"), (b"content-length", b"14")],
}
TICK_SECONDS = 0.2

_listeners = set()
_members = set()
_ticking = None


async def _tick():
    """Gives each listener the time, in nanoseconds of a clock that all processes share."""
    while _listeners:
        message = b"data: %020d\n\n" % time.monotonic_ns()
        for queue in list(_listeners):
            queue.put_nowait(message)
        await asyncio.sleep(TICK_SECONDS)


async def _stream(receive, send, queues):
    global _ticking
    queue = asyncio.Queue()
    queues.add(queue)
    if queues is _listeners and (_ticking is None or _ticking.done()):
        _ticking = asyncio.create_task(_tick())
    gone = asyncio.create_task(_gone(receive))
    try:
        headers = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b": begun\n\n", "more_body": True})
        while not gone.done():
            message = asyncio.ensure_future(queue.get())
            await asyncio.wait((message, gone), return_when=asyncio.FIRST_COMPLETED)
            if message.done():
                body = message.result()
                await send({"type": "http.response.body", "body": body, "more_body": True})
            else:
                message.cancel()
    except OSError:
        pass  # the client has left
    finally:
        queues.discard(queue)
        gone.cancel()


async def _gone(receive):
    while (await receive())["type"] != "http.disconnect":
        pass


async def _echo(receive, send):
    await receive()
    await send({"type": "websocket.accept"})
    while True:
        event = await receive()
        if event["type"] == "websocket.disconnect":
            return
        await send({"type": "websocket.send", "text": event["text"]})


async def _room(receive, send):
    """What a member says goes to all members, and to the listeners of /quiet."""
    await receive()
    await send({"type": "websocket.accept"})
    _members.add(send)
    try:
        while True:
            event = await receive()
            if event["type"] == "websocket.disconnect":
                return
            for queue in _quiet:
                queue.put_nowait(b"data: %b\n\n" % event["text"].encode("ascii"))
            for member in list(_members):
                await member({"type": "websocket.send", "text": event["text"]})
    finally:
        _members.discard(send)


_quiet = set()


async def application(scope, receive, send):
    kind = scope["type"]
    path = scope["path"]
    if kind == "http":
        if path == "/events":
            await _stream(receive, send, _listeners)
        elif path == "/quiet":
            await _stream(receive, send, _quiet)
        else:
            await send(HEAD)
            await send({"type": "http.response.body", "body": BODY})
    elif kind == "websocket":
        await (_room if path == "/room" else _echo)(receive, send)
    else:
        while True:
            event = await receive()
            await send({"type": event["type"] + ".complete"})
            if event["type"] == "lifespan.shutdown":
                return
