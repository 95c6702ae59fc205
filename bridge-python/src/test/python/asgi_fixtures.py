"""ASGI applications for the tests."""

import asyncio
import contextvars
import os
import sys
import time

SEEN = {"startups": 0}


async def body_of(receive):
    body = b""
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            return None
        body += event["body"]
        if not event["more_body"]:
            return body


async def answer(send, text, status=200, headers=()):
    body = text if isinstance(text, bytes) else text.encode("utf-8")
    await send({"type": "http.response.start", "status": status, "headers": list(headers)})
    await send({"type": "http.response.body", "body": body})


async def hello(scope, receive, send):
    await answer(send, "hello", headers=[(b"content-type", b"text/plain")])


async def show_scope(scope, receive, send):
    lines = ["%s=%r" % item for item in sorted(scope.items()) if item[0] != "state"]
    await answer(send, "\n".join(lines))


async def echo(scope, receive, send):
    body = await body_of(receive)
    await answer(send, body)


async def count(scope, receive, send):
    size = 0
    while True:
        event = await receive()
        size += len(event.get("body", b""))
        if not event.get("more_body"):
            break
    await answer(send, "%s %d" % (event["type"], size))


async def parts(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for word in (b"one", b"two", b"six"):
        await send({"type": "http.response.body", "body": word, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def endless(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    sent = 0
    try:
        while True:
            await send({"type": "http.response.body", "body": b"x" * 65536, "more_body": True})
            sent += 65536
            print("sent", sent)
    finally:
        print("endless ended with", type(sys.exc_info()[1]).__name__)


async def download(scope, receive, send):
    """200 MiB; /sent tells how much of that has been sent to all clients."""
    if scope["path"].endswith("/sent"):
        await answer(send, str(SEEN.get("sent", 0)))
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    part = b"x" * 65536
    for _ in range(3200):
        await send({"type": "http.response.body", "body": part, "more_body": True})
        SEEN["sent"] = SEEN.get("sent", 0) + len(part)
    await send({"type": "http.response.body", "body": b""})


async def large(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"0123456789" * 100_000})


async def waits_for_disconnect(scope, receive, send):
    print("waiting")
    while (await receive())["type"] != "http.disconnect":
        pass
    print("disconnect seen")


async def slow(scope, receive, send):
    await asyncio.sleep(float(scope["query_string"] or b"0.5"))
    await answer(send, "slow")


async def never(scope, receive, send):
    try:
        await asyncio.sleep(3600)
    finally:
        print("never ended with", type(sys.exc_info()[1]).__name__)


async def blocks(scope, receive, send):
    print("blocking")
    time.sleep(3600)


async def dies(scope, receive, send):
    os._exit(7)


async def fails(scope, receive, send):
    raise RuntimeError("provoked by the test")


async def fails_midway(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"begun", "more_body": True})
    raise RuntimeError("provoked midway by the test")


async def exits(scope, receive, send):
    raise SystemExit(3)


async def silent(scope, receive, send):
    pass


async def twice(scope, receive, send):
    await answer(send, "first")
    try:
        await answer(send, "second")
    except RuntimeError as failure:
        print("refused:", failure)


async def bad_header(scope, receive, send):
    try:
        await answer(send, "x", headers=[(b"x-a", b"one\r\ntwo: three")])
    except ValueError as failure:
        await answer(send, "refused: %s" % failure)


async def pid(scope, receive, send):
    await answer(send, str(os.getpid()))


async def state(scope, receive, send):
    scope["state"]["own"] = "of this request"
    await answer(send, "%s %s" % (scope["state"]["started"], sorted(scope["state"])))


_context = contextvars.ContextVar("test", default="unset")


async def context(scope, receive, send):
    before = _context.get()
    _context.set("set")
    await answer(send, before)


async def background(scope, receive, send):
    await answer(send, "answered")
    await asyncio.sleep(0.3)
    print("background done")


async def sends_file(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.pathsend", "path": os.path.abspath(__file__)})


async def ws_echo(scope, receive, send):
    await receive()
    await send({"type": "websocket.accept", "subprotocol": (scope["subprotocols"] or [None])[0]})
    while True:
        event = await receive()
        if event["type"] == "websocket.disconnect":
            print("websocket closed with", event["code"], event["reason"])
            return
        if event.get("text") == "close":
            await send({"type": "websocket.close", "code": 4001, "reason": "as you wish"})
        elif event.get("text") == "fail":
            raise RuntimeError("provoked by the test")
        elif event.get("text") is not None:
            await send({"type": "websocket.send", "text": event["text"]})
        else:
            await send({"type": "websocket.send", "bytes": event["bytes"]})


async def leaves_a_task(scope, receive, send):
    async def late():
        await asyncio.sleep(0.2)
        for _ in range(2):
            try:
                await send({"type": "http.response.start", "status": 200, "headers": []})
                await send({"type": "http.response.body", "body": b"late"})
            except OSError:
                print("too late")
        while (await receive())["type"] != "http.disconnect":
            pass
        print("left alone")

    asyncio.ensure_future(late())


async def overflows(scope, receive, send):
    """Does what the worker's own code never does."""
    send.__self__._credit = 2**40
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for _ in range(100):
        await send({"type": "http.response.body", "body": b"x" * 65536, "more_body": True})
    await asyncio.sleep(30)


async def grants(scope, receive, send):
    stream = send.__self__
    stream.link.write(13, stream.number, b"\xff\xff\xff\x7f")
    await asyncio.sleep(30)


async def names_files(scope, receive, send):
    scope["extensions"]["http.response.pathsend"] = {}
    await sends_file(scope, receive, send)


async def fails_late(scope, receive, send):
    await answer(send, "answered")
    raise RuntimeError("provoked after the answer")


async def slow_start(scope, receive, send):
    headers = [(b"content-type", b"text/event-stream")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await asyncio.sleep(2)
    await send({"type": "http.response.body", "body": b"late", "more_body": False})


async def ws_denies(scope, receive, send):
    await receive()
    await send({"type": "websocket.close"})


async def ws_floods(scope, receive, send):
    await receive()
    await send({"type": "websocket.accept"})
    sent = 0
    while True:
        await send({"type": "websocket.send", "text": "x" * 1000})
        sent += 1
        print("flooded", sent)


async def application(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        SEEN["startups"] += 1
        scope["state"]["started"] = "started once"
        await send({"type": "lifespan.startup.complete"})
        await receive()
        print("lifespan shut down")
        await send({"type": "lifespan.shutdown.complete"})
        return
    name = scope["path"].rpartition("/")[2]
    await globals()[name](scope, receive, send)


async def without_lifespan(scope, receive, send):
    assert scope["type"] == "http"
    await hello(scope, receive, send)


async def does_not_start(scope, receive, send):
    await receive()
    await send({"type": "lifespan.startup.failed", "message": "the database is on holiday"})


async def unfit(scope, receive, send):
    assert scope["type"] == "http"
    await answer(send, "not well", status=500)
