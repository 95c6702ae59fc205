"""The worker's end of the connection that carries many ASGI connections at once.

It is a Unix domain socket on which both sides send frames: the length of the payload, a kind, and
the number of the stream that it is about. Each stream has a window in each direction: so many bytes
may be under way before the other side says that it has passed some on (CREDIT).
"""

import asyncio
import logging
import struct

_log = logging.getLogger("gangway.worker")

HEADER = struct.Struct("<IBI")

#: From the parent.
HTTP = 1
WEBSOCKET = 2
BODY = 3
DISCONNECT = 4
TEXT = 5
BINARY = 6
CREDIT = 7
CANCEL = 8
PING = 9

#: To the parent.
START = 1
PART = 2
RESPONSE = 3
PATHSEND = 4
TRAILERS = 5
EARLY_HINT = 6
ACCEPT = 7
SEND_TEXT = 8
SEND_BINARY = 9
CLOSE = 10
DENY = 11
DENY_PART = 12
GRANT = 13
DONE = 14
PONG = 15

#: Bytes that may be under way in one direction of a stream.
WINDOW = 256 * 1024

#: The largest message; the parent takes no larger frames.
LIMIT = 64 * 1024 * 1024

#: A response's body goes in parts of so many bytes.
PART_SIZE = 64 * 1024

#: What a part or message costs beside its bytes, so that empty ones are counted, too.
MESSAGE_COST = 64

_BYTES = struct.Struct("<I")


class ClientDisconnected(OSError):
    """The client has left, so that nothing can be sent to it (ASGI HTTP and WebSocket 2.4)."""


class Link(asyncio.Protocol):
    """The connection to the parent."""

    def __init__(self, loop, accept, ended):
        """``accept`` makes the stream of a kind, number and payload; ``ended`` hears of the end."""
        self._loop = loop
        self._accept = accept
        self._ended = ended
        self._transport = None
        self._received = bytearray()
        self._needed = HEADER.size
        self._out = []
        self.streams = {}
        #: Whether this is the child of a fork, which has no connection.
        self.forked = False

    def connection_made(self, transport):
        self._transport = transport
        # What is under way is bounded by the windows.
        transport.set_write_buffer_limits(high=2**30)

    def eof_received(self):
        self._ended()
        return True  # what is left is still to be sent

    def connection_lost(self, failure):
        self._ended()

    def data_received(self, data):
        if self.forked:
            return
        received = self._received
        if received:
            received += data
            if len(received) < self._needed:
                return
            data = bytes(received)
            received.clear()
        at = 0
        size = len(data)
        while size - at >= 9:
            length, kind, number = HEADER.unpack_from(data, at)
            end = at + 9 + length
            if end > size:
                break
            payload = data[at + 9 : end]
            at = end
            if kind <= WEBSOCKET:
                self._begin(kind, number, payload)
            elif kind == PING:
                self.write(PONG, number)
            else:
                stream = self.streams.get(number)
                if stream is not None:  # otherwise it is over here already
                    stream.frame(kind, payload)
        if at < size:
            received += data[at:] if at else data
            self._needed = 9
            if size - at >= 9:
                self._needed += HEADER.unpack_from(data, at)[0]

    def _begin(self, kind, number, payload):
        try:
            self.streams[number] = self._accept(kind, number, payload)
        except Exception:
            # Others must not suffer from a request that cannot be described.
            _log.exception("a request could not be begun")
            self.write(DONE, number, b"\1")

    def write(self, kind, number, *parts):
        """Sends a frame, with others of the same turn of the loop."""
        out = self._out
        if not out:
            self._loop.call_soon(self._flush)
        out.append(HEADER.pack(sum(map(len, parts)), kind, number))
        out += parts

    def _flush(self):
        data = b"".join(self._out)
        self._out.clear()
        if not self.forked:
            self._transport.write(data)

    def done(self, stream, failed):
        """The application has nothing more to do with a stream."""
        self.streams.pop(stream.number, None)
        stream.over = True
        stream.disconnect()
        self.write(DONE, stream.number, b"\1" if failed else b"\0")

    def close(self):
        """Sends what is left and closes the connection."""
        if self._transport is not None:
            if self._out:
                self._flush()
            self._transport.close()

    def after_fork(self):
        """For the child of a fork: it can neither take a request nor answer one."""
        self.forked = True
        self._out.clear()


def _stack(task):
    """Where a task waits: file, line and function of each call, the innermost last."""
    places = []
    waiting = task.get_coro()
    while getattr(waiting, "cr_frame", None) is not None:
        frame = waiting.cr_frame
        places.append((frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name))
        waiting = waiting.cr_await
    return places


class Stream:
    """What HTTP requests and WebSockets have in common: events, and windows."""

    def __init__(self, link, number, loop):
        self.link = link
        self.number = number
        self._loop = loop
        self._credit = WINDOW
        self._credit_waiter = None
        self._consumed = 0
        self._waiter = None
        #: Set while the application runs.
        self.task = None
        #: Whether the application has returned: tasks that it has left behind have no stream.
        self.over = False
        #: Whether the parent has ended it.
        self.cancelled = False
        #: Whether the client has left, or the server has ended the connection.
        self.disconnected = False

    def frame(self, kind, payload):
        """Takes a frame of the parent's."""
        if kind == CREDIT:
            self._credit += _BYTES.unpack(payload)[0]
            if self._credit > 0:
                self._wake("_credit_waiter")
        elif kind == CANCEL:
            self._cancel(payload.decode("utf-8", "replace"))
        else:
            self.event(kind, payload)
            self._wake("_waiter")

    def _wake(self, name):
        waiter = getattr(self, name)
        if waiter is not None:
            setattr(self, name, None)
            if not waiter.done():
                waiter.set_result(None)

    def _cancel(self, why):
        task = self.task
        if task is not None and not task.done():
            stack = "".join("\n  %s:%d in %s" % place for place in reversed(_stack(task)))
            _log.warning("%s is cancelled: %s; it is here, innermost call first:%s", self, why, stack)
            self.cancelled = True
            task.cancel()
        self.disconnect()

    async def wait_for_event(self):
        """Waits until ``event`` has been called."""
        waiter = self._waiter
        if waiter is None:
            self._waiter = waiter = self._loop.create_future()
        # Several tasks of an application may wait.
        await asyncio.shield(waiter)

    async def spend(self, size):
        """Waits until so many bytes may be sent."""
        while self._credit <= 0:
            if self.disconnected:
                raise ClientDisconnected("the client has left")
            waiter = self._credit_waiter
            if waiter is None:
                self._credit_waiter = waiter = self._loop.create_future()
            await asyncio.shield(waiter)
        self._credit -= size

    def consumed(self, size):
        """The application has taken so many bytes of what the client sent."""
        self._consumed += size
        if not self.over and self._consumed >= WINDOW // 2:
            self.link.write(GRANT, self.number, _BYTES.pack(self._consumed))
            self._consumed = 0

    def disconnect(self):
        self.disconnected = True
        self._wake("_waiter")
        self._wake("_credit_waiter")
