"""Calls an ASGI application (specification 3.0) for HTTP requests and WebSockets."""

import logging
import os
import re
import struct
import sys
from collections import deque

from gangway_worker import logs, streams, wsgi

_log = logging.getLogger("gangway.worker")
_length = struct.Struct("<I")
_close = struct.Struct("<H")
_VERSIONS = {"version": "3.0", "spec_version": "2.5"}
_NAME = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_CONTROLS = bytes(range(0x20)) + b"\x7f"
_known_names = set()
_KNOWN_LIMIT = 1000

#: What separates the parts of a field of the scope.
_PART = b"\x1e"


def _address(host, port):
    return (host.decode("utf-8"), int(port) if port else None) if host else None


def _tls(field):
    version, cipher, name, server, *chain = field.split(_PART)
    return {
        "server_cert": server.decode("ascii") or None,
        "client_cert_chain": [certificate.decode("ascii") for certificate in chain],
        "client_cert_name": name.decode("utf-8") or None,
        "client_cert_error": None,
        "tls_version": int(version) if version else None,
        "cipher_suite": int(cipher) if cipher else None,
    }


def has_relative_paths():
    """Whether the application takes ``path`` for what is below ``root_path``.

    Starlette did so, and with it FastAPI, until 0.33; the specification has ``root_path`` in it.
    """
    version = getattr(sys.modules.get("starlette"), "__version__", "1")
    numbers = re.match(r"(\d+)\.(\d+)", version)
    return numbers is not None and (int(numbers[1]), int(numbers[2])) < (0, 33)


def scope(kind, payload, state, relative):
    """The connection scope that the parent describes: fields separated by NUL.

    ``relative`` says that ``path`` is to be without ``root_path``.
    """
    fields = payload.split(b"\0")
    (
        request_id,
        version,
        method,
        scheme,
        path,
        raw_path,
        query,
        root_path,
        client_host,
        client_port,
        server_host,
        server_port,
        extensions,
        subprotocols,
        tls,
        extras,
    ) = fields[:16]
    names = iter(fields[16:])
    result = {
        "type": "http" if kind == streams.HTTP else "websocket",
        "asgi": _VERSIONS.copy(),
        "http_version": version.decode("ascii"),
        "scheme": scheme.decode("ascii"),
        "path": path.decode("utf-8"),
        "raw_path": raw_path,
        "query_string": query,
        "root_path": root_path.decode("utf-8"),
        "headers": list(zip(names, names)),
        "client": _address(client_host, client_port),
        "server": _address(server_host, server_port),
        "extensions": {
            name.decode("ascii"): {}
            for name in extensions.split()
            if wsgi.FileWrapper.sent_by_parent or name != b"http.response.pathsend"
        },
        "gangway.request_id": request_id.decode("latin-1"),
    }
    if relative:
        result["path"] = result["path"][len(result["root_path"]) :] or "/"
    if state is not None:
        result["state"] = state.copy()
    if kind == streams.HTTP:
        result["method"] = method.decode("latin-1")
    else:
        result["subprotocols"] = [
            name.decode("latin-1") for name in subprotocols.split(_PART) if name
        ]
    if tls:
        result["extensions"]["tls"] = _tls(tls)
    if extras:
        for extra in extras.split(_PART):
            name, _, value = extra.decode("utf-8").partition("=")
            result[name] = value
    return result


def _fields(headers):
    """Names and values in one list, or raises."""
    fields = []
    for name, value in headers:
        if name not in _known_names:
            if not isinstance(name, bytes):
                raise TypeError("a header's name must be bytes, not %s" % type(name).__name__)
            if not _NAME.fullmatch(name):
                raise ValueError("%r is not a header name (RFC 9110, section 5.1)" % name)
            if len(_known_names) < _KNOWN_LIMIT:
                _known_names.add(name)
        if not isinstance(value, bytes):
            raise TypeError("the value of %r must be bytes, not %s" % (name, type(value).__name__))
        fields += (name, value)
    return fields


def encode(first, headers):
    """A first field, names and values, separated by NUL."""
    fields = _fields(headers)
    encoded = b"\0".join([first, *fields])
    if len(encoded) - len(encoded.translate(None, _CONTROLS)) != len(fields):
        raise ValueError("a header holds a control character: %r" % (headers,))
    return encoded


def _head(message):
    status = message["status"]
    if not isinstance(status, int) or not 100 <= status <= 999:
        raise ValueError("the status must be an int of three digits, not %r" % (status,))
    return encode(b"%d" % status, message.get("headers") or ())


def _body(message):
    body = message.get("body", b"")
    if not isinstance(body, (bytes, bytearray, memoryview)):
        raise TypeError("the body must be bytes, not %s" % type(body).__name__)
    return bytes(body)


class _Connection(streams.Stream):
    """One call of the application."""

    def __init__(self, link, number, loop, scope):
        super().__init__(link, number, loop)
        self.scope = scope
        self.events = deque()
        self._failed = True
        # For the log; a client may have put line ends into the path.
        path = ascii(scope["path"])[1:-1]
        self._name = "%s %s" % (scope.get("method", "websocket"), path)

    def __str__(self):
        return self._name

    async def run(self, application):
        logs.request_id.set(self.scope["gangway.request_id"])
        try:
            await application(self.scope, self.receive, self.send)
            self._failed = False
        except streams.ClientDisconnected:
            self._failed = False
        except BaseException as failure:
            # Nothing that an application does may end the loop.
            if self.link.forked:
                wsgi.child_failed(failure)
            if not self.cancelled:
                _log.error("%s failed", self._name, exc_info=failure)
        if self.link.forked:
            wsgi.child_came_back()

    def ended(self, task):
        """The task is over, also one that was cancelled before it began."""
        self.task = None
        self.link.done(self, self._failed)

    def _unexpected(self, kind):
        return RuntimeError("unexpected %r: %s" % (kind, self._state_in_words()))


class Http(_Connection):
    """One HTTP request and its response."""

    _NOTHING, _STARTED, _OUT, _TRAILERS, _COMPLETE = range(5)

    def __init__(self, link, number, loop, scope, more):
        super().__init__(link, number, loop, scope)
        self._state = self._NOTHING
        self._encoded = None
        self._trailers = False
        #: Whether the parent knows the head.
        self._begun = False
        if not more:
            self.events.append((b"", False))

    def event(self, kind, payload):
        if kind == streams.BODY:
            self.events.append((payload[1:], payload[0] != 0))
        else:
            self.disconnect()

    async def receive(self):
        while True:
            if self.events:
                body, more = self.events.popleft()
                if body:
                    self.consumed(len(body))
                return {"type": "http.request", "body": body, "more_body": more}
            if self.disconnected or self._state == self._COMPLETE:
                return {"type": "http.disconnect"}
            await self.wait_for_event()

    async def send(self, message):
        kind = message["type"]
        if self.disconnected:
            raise streams.ClientDisconnected("the client has left")
        if kind == "http.response.body":
            await self._part(_body(message), bool(message.get("more_body", False)), kind)
        elif kind == "http.response.start":
            if self._state != self._NOTHING:
                raise self._unexpected(kind)
            self._encoded = _head(message)
            self._trailers = bool(message.get("trailers", False))
            self._state = self._STARTED
            if b"content-length\0" not in self._encoded.lower():
                # The first part may take its time, as that of an event stream.
                self._begin()
                self._state = self._STARTED
        elif kind == "http.response.pathsend":
            if self._state != self._STARTED:
                raise self._unexpected(kind)
            path = os.fsencode(message["path"])
            if "http.response.pathsend" not in self.scope["extensions"]:
                raise RuntimeError("the server does not send files for this application")
            if not path.isascii() or b"\0" in path:
                # Java may not be able to name another: it depends on its locale.
                raise ValueError("the path of a file to send must be ASCII, not %r" % path)
            self._begin()
            self.link.write(streams.PATHSEND, self.number, path)
            self._complete()
        elif kind == "http.response.trailers":
            if self._state != self._TRAILERS:
                raise self._unexpected(kind)
            more = bool(message.get("more_trailers", False))
            fields = encode(b"1" if more else b"0", message.get("headers") or ())
            await self.spend(streams.MESSAGE_COST)
            self.link.write(streams.TRAILERS, self.number, fields)
            if not more:
                self._complete()
        elif kind == "http.response.early_hint":
            if self._state != self._NOTHING:
                raise self._unexpected(kind)
            links = encode(b"103", [(b"link", link) for link in message.get("links") or ()])
            await self.spend(streams.MESSAGE_COST)
            self.link.write(streams.EARLY_HINT, self.number, links)
        else:
            raise self._unexpected(kind)

    async def _part(self, body, more, kind):
        if self._state == self._STARTED:
            if not more and not self._begun and not self._trailers and len(body) <= streams.PART_SIZE:
                head = self._encoded
                self.link.write(streams.RESPONSE, self.number, _length.pack(len(head)), head, body)
                self._complete()
                return
            self._begin()
        elif self._state != self._OUT:
            raise self._unexpected(kind)
        at = 0
        size = len(body)
        while size - at > streams.PART_SIZE:
            await self.spend(streams.PART_SIZE + streams.MESSAGE_COST)
            self.link.write(streams.PART, self.number, b"\1", body[at : at + streams.PART_SIZE])
            at += streams.PART_SIZE
        await self.spend(size - at + streams.MESSAGE_COST)
        last = not more and not self._trailers
        self.link.write(streams.PART, self.number, b"\0" if last else b"\1", body[at:] if at else body)
        if last:
            self._complete()
        elif not more:
            self._state = self._TRAILERS

    def _begin(self):
        if not self._begun:
            self._begun = True
            flags = b"\1" if self._trailers else b"\0"
            self.link.write(streams.START, self.number, flags, self._encoded)
        self._state = self._OUT

    def _complete(self):
        self._state = self._COMPLETE
        self._wake("_waiter")

    def _state_in_words(self):
        return (
            "the response has not started",
            "the head was sent, and the body is expected",
            "the body is being sent",
            "the body is complete, and trailers are expected",
            "the response is complete",
        )[self._state]


class WebSocket(_Connection):
    """One WebSocket."""

    _NEW, _CONNECTING, _OPEN, _DENYING, _CLOSED = range(5)

    def __init__(self, link, number, loop, scope):
        super().__init__(link, number, loop, scope)
        self._state = self._NEW
        self._end = None

    def event(self, kind, payload):
        if kind == streams.TEXT:
            self.events.append((len(payload), {"type": "websocket.receive", "text": payload.decode("utf-8")}))
        elif kind == streams.BINARY:
            self.events.append((len(payload), {"type": "websocket.receive", "bytes": payload}))
        else:
            code = _close.unpack_from(payload)[0] if len(payload) >= 2 else 1006
            self._end = {
                "type": "websocket.disconnect",
                "code": code,
                "reason": payload[2:].decode("utf-8", "replace"),
            }
            self.disconnect()

    async def receive(self):
        if self._state == self._NEW:
            self._state = self._CONNECTING
            return {"type": "websocket.connect"}
        while True:
            if self.events:
                size, event = self.events.popleft()
                self.consumed(size + streams.MESSAGE_COST)
                return event
            if self.disconnected:
                return self._end or {"type": "websocket.disconnect", "code": 1006, "reason": ""}
            await self.wait_for_event()

    async def send(self, message):
        kind = message["type"]
        if self.disconnected:
            raise streams.ClientDisconnected("the WebSocket is closed")
        if kind == "websocket.send":
            await self._message(message, kind)
        elif kind == "websocket.accept":
            self._expect(kind, self._NEW, self._CONNECTING)
            subprotocol = message.get("subprotocol")
            if subprotocol is not None and subprotocol not in self.scope["subprotocols"]:
                raise ValueError("the client does not offer the subprotocol %r" % (subprotocol,))
            encoded = encode((subprotocol or "").encode("latin-1"), message.get("headers") or ())
            self.link.write(streams.ACCEPT, self.number, encoded)
            self._state = self._OPEN
        elif kind == "websocket.close":
            self._expect(kind, self._NEW, self._CONNECTING, self._OPEN)
            code = message.get("code", 1000)
            code = 1000 if code is None else code
            reason = (message.get("reason") or "").encode("utf-8")
            if not 1000 <= code <= 4999 or len(reason) > 123:
                raise ValueError(
                    "a close code is from 1000 to 4999 and a reason has at most 123 bytes, not %r"
                    % (message,)
                )
            self.link.write(streams.CLOSE, self.number, _close.pack(code), reason)
            self._state = self._CLOSED
        elif kind == "websocket.http.response.start":
            self._expect(kind, self._NEW, self._CONNECTING)
            self.link.write(streams.DENY, self.number, _head(message))
            self._state = self._DENYING
        elif kind == "websocket.http.response.body":
            self._expect(kind, self._DENYING)
            body = _body(message)
            if len(body) >= streams.LIMIT:
                raise ValueError("a part of %d bytes is too large" % len(body))
            more = bool(message.get("more_body", False))
            await self.spend(len(body) + streams.MESSAGE_COST)
            self.link.write(streams.DENY_PART, self.number, b"\1" if more else b"\0", body)
            if not more:
                self._state = self._CLOSED
        else:
            raise self._unexpected(kind)

    def _expect(self, kind, *states):
        if self._state not in states:
            raise self._unexpected(kind)

    async def _message(self, message, kind):
        self._expect(kind, self._OPEN)
        data = message.get("bytes")
        text = message.get("text")
        if (data is None) == (text is None):
            raise ValueError("websocket.send has either bytes or text")
        if text is None:
            payload = bytes(data)
        else:
            payload = text.encode("utf-8")
        if len(payload) >= streams.LIMIT:
            raise ValueError("a message of %d bytes is too large" % len(payload))
        await self.spend(len(payload) + streams.MESSAGE_COST)
        frame = streams.SEND_TEXT if text is not None else streams.SEND_BINARY
        self.link.write(frame, self.number, payload)

    def _state_in_words(self):
        return (
            "the WebSocket is not accepted",
            "the WebSocket is not accepted",
            "the WebSocket is open",
            "the WebSocket is being denied",
            "the WebSocket is closed",
        )[self._state]
