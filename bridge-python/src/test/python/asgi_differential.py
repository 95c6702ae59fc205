"""What an ASGI application sees, and kinds of responses, for the comparison with Uvicorn."""

from urllib.parse import unquote_to_bytes

PLAIN = (b"content-type", b"text/plain")


async def _respond(send, *parts, status=200, headers=(PLAIN,)):
    """Each part is an event; the last one ends the response."""
    await send({"type": "http.response.start", "status": status, "headers": list(headers)})
    for part in parts[:-1]:
        await send({"type": "http.response.body", "body": part, "more_body": True})
    await send({"type": "http.response.body", "body": parts[-1]})


async def stream(query, send):
    await _respond(send, *(b"chunk %d\n" % number for number in range(int(query))), b"")


async def writes(query, send):
    await _respond(send, b"one ", b"two ", b"three")


async def many_chunks(query, send):
    await _respond(send, *(b"%05d" % number for number in range(2000)))


async def nothing(query, send):
    await _respond(send, b"")


async def empty_chunks(query, send):
    await _respond(send, b"", b"a", b"", b"b", b"")


async def declared(query, send):
    await _respond(send, b"one", b"two", b"six", headers=[PLAIN, (b"content-length", b"9")])


async def cookies(query, send):
    fields = [(b"set-cookie", b"b=2; Path=/"), (b"x-between", b"1"), (b"set-cookie", b"a=1")]
    fields += [(b"set-cookie", b"c=%d" % number) for number in range(3)]
    await _respond(send, b"cookies", headers=[PLAIN, *fields])


async def status(query, send):
    code = int(query[:3])
    if code == 204:
        await _respond(send, b"", status=code, headers=[])
    else:
        await _respond(send, b"body", status=code)


async def not_modified(query, send):
    await _respond(send, b"", status=304, headers=[(b"etag", b'"e"')])


async def latin1_header(query, send):
    await _respond(send, b"latin", headers=[PLAIN, (b"x-latin", b"caf\xe9 \xff"), (b"x-empty", b"")])


async def content_type(query, send):
    value = unquote_to_bytes(query)
    await _respond(send, b"typed", headers=[(b"content-type", value)] if value else [])


async def raises(query, send):
    raise ValueError("the application failed")


async def memory_file(query, send):
    await _respond(send, b"m" * 50_000, headers=[PLAIN, (b"content-length", b"50000")])


async def long(query, send):
    await _respond(send, b"longer than it should be", headers=[(b"content-length", b"4")])


async def _body_of(receive):
    body = b""
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            return "disconnect"
        body += event["body"]
        if not event["more_body"]:
            return repr(body)


async def _accept(send, *events, **fields):
    await send({"type": "websocket.accept", **fields})
    for event in events:
        await send({"type": "websocket.%s" % event.pop("type"), **event})


CLOSE = {"type": "close", "code": 1000}


async def ws_subprotocol(query, send):
    await _accept(send, dict(CLOSE), subprotocol=query or None)


async def ws_headers(query, send):
    fields = [(b"set-cookie", b"b=2"), (b"x-latin", b"caf\xe9"), (b"set-cookie", b"a=1")]
    await _accept(send, dict(CLOSE), headers=fields)


async def ws_closes_at_once(query, send):
    await send({"type": "websocket.close"})


async def ws_closes_with_a_code(query, send):
    await send({"type": "websocket.close", "code": 3456, "reason": "not today"})


async def ws_denies(query, send):
    head = {"status": 401, "headers": [PLAIN, (b"content-length", b"3")]}
    await send({"type": "websocket.http.response.start", **head})
    await send({"type": "websocket.http.response.body", "body": b"no\n"})


async def ws_raises(query, send):
    raise ValueError("the application failed")


async def ws_returns(query, send):
    pass


async def ws_greets(query, send):
    await _accept(send, {"type": "send", "text": "h\xe9llo \u4f60"}, dict(CLOSE))


async def ws_greets_in_bytes(query, send):
    await _accept(send, {"type": "send", "bytes": b"\xff\x00"}, dict(CLOSE))


async def ws_accepts_and_closes(query, send):
    await _accept(send, {"type": "close", "code": int(query), "reason": "so long"})


async def ws_accepts_and_raises(query, send):
    await _accept(send)
    raise ValueError("the application failed")


async def ws_accepts_and_returns(query, send):
    await _accept(send)


def _shown(scope):
    shown = dict(scope)
    shown.pop("state", None)
    if scope["type"] == "websocket" and isinstance(scope["raw_path"], str):  # Uvicorn before 0.19
        shown["raw_path"] = scope["raw_path"].encode("ascii")
    shown.update(("asgi.%s" % key, value) for key, value in shown.pop("asgi").items())
    host, port = shown["client"]
    shown["client"] = type(scope["client"]), host, type(port)
    shown["headers"] = [field for field in scope["headers"] if field[0] != b"traceparent"]
    if len(shown["headers"]) < len(scope["headers"]):
        shown["traceparent"] = "of the server"
    return shown


def _lines(shown):
    text = "\n".join("%s:%r" % item for item in sorted(shown.items()))
    return text.encode("latin-1", "backslashreplace")


async def application(scope, receive, send):
    """KEY:REPR for each key of the scope, and the body; below /respond a response by its name.

    The client's port and the state are left out, and the trace that a server may add to the
    headers is a line of its own. Where the request is for a WebSocket, the lines are a message.
    """
    query = scope["query_string"].decode("ascii")
    if scope["type"] == "websocket":
        assert (await receive())["type"] == "websocket.connect"
        if scope["path"].startswith("/respond/"):
            return await globals()["ws_" + scope["path"][9:]](query, send)
        return await _accept(send, {"type": "send", "bytes": _lines(_shown(scope))}, dict(CLOSE))
    if scope["path"].startswith("/respond/"):
        return await globals()[scope["path"][9:]](query, send)
    shown = _shown(scope)
    shown["body"] = await _body_of(receive)
    await _respond(send, _lines(shown))
