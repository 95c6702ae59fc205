"""Clients of event streams and WebSockets: as little work for each message as Python permits."""

import asyncio
import time

UPGRADE = (
    "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
GET = "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
TEXT = 0x81
CONNECTS_AT_ONCE = 100


def frame(text):
    """A masked text frame of at most 125 bytes; the mask is zero, so that the bytes stay."""
    data = text.encode("ascii")
    return bytes((TEXT, 0x80 | len(data))) + b"\0\0\0\0" + data


class Client(asyncio.Protocol):
    """One connection. ``said`` hears what comes after the head of the response."""

    def __init__(self, request, said):
        self._request = request
        self._said = said
        self._head = b""
        self.transport = None
        self.begun = asyncio.get_running_loop().create_future()

    def connection_made(self, transport):
        self.transport = transport
        transport.write(self._request)

    def data_received(self, data):
        if self.begun.done():
            self._said(self, data)
            return
        self._head += data
        head, end, rest = self._head.partition(b"\r\n\r\n")
        if end:
            status = head.split(b" ", 2)[1]
            if status in (b"101", b"200"):
                self.begun.set_result(None)
                if rest:
                    self._said(self, rest)
            else:
                self.begun.set_exception(ConnectionError(head.decode("latin-1")))

    def connection_lost(self, failure):
        if not self.begun.done():
            self.begun.set_exception(ConnectionError("closed before an answer"))


async def connect(port, request, count, said):
    """So many clients, all of them answered."""
    loop = asyncio.get_running_loop()
    clients = []
    while len(clients) < count:
        some = [
            loop.create_connection(
                lambda: Client(request.encode("ascii"), said), "127.0.0.1", port
            )
            for _ in range(min(CONNECTS_AT_ONCE, count - len(clients)))
        ]
        fresh = [client for _, client in await asyncio.gather(*some)]
        await asyncio.wait_for(asyncio.gather(*[client.begun for client in fresh]), 60)
        clients += fresh
    return clients


def close(clients):
    for client in clients:
        client.transport.abort()


async def events(port, count, seconds):
    """Delays in seconds of the events that so many listeners get."""
    delays = []

    def said(client, data):
        now = time.monotonic_ns()
        at = data.find(b"data: ")
        while at >= 0:
            delays.append((now - int(data[at + 6 : at + 26])) / 1e9)
            at = data.find(b"data: ", at + 26)

    clients = await connect(port, GET % "/events", count, said)
    await asyncio.sleep(1)
    delays.clear()
    await asyncio.sleep(seconds)
    result = list(delays)
    close(clients)
    return result


async def echo(port, count, seconds):
    """Times in seconds of the echoes to so many clients, each with one message under way."""
    message = frame("x" * 60)
    answer = bytes((TEXT, 60)) + b"x" * 60
    sent = {}
    times = []

    def said(client, data):
        if data != answer:
            raise AssertionError(f"no echo: {data[:100]!r}")
        now = time.monotonic()
        times.append(now - sent[client])
        sent[client] = now
        client.transport.write(message)

    clients = await connect(port, UPGRADE % "/echo", count, said)
    for client in clients:
        sent[client] = time.monotonic()
        client.transport.write(message)
    await asyncio.sleep(1)
    times.clear()
    await asyncio.sleep(seconds)
    result = list(times)
    close(clients)
    return result


class Idle:
    """Many connections on which nothing happens until ``broadcast``."""

    def __init__(self, port, path, count):
        self._port, self._path, self._count = port, path, count
        self._heard = set()
        self._clients = []
        self._speakers = []

    async def open(self):
        request = (UPGRADE if self._path == "/room" else GET) % self._path

        def said(client, data):
            if b"to all" in data:
                self._heard.add(client)

        self._clients = await connect(self._port, request, self._count, said)
        self._speakers = await connect(
            self._port, UPGRADE % "/room", 24, lambda client, data: None
        )

    async def broadcast(self, patience):
        """Seconds until all have heard, and how many have."""
        begun = time.monotonic()
        # One of them is at each worker.
        for speaker in self._speakers:
            speaker.transport.write(frame("to all"))
        while len(self._heard) < self._count and time.monotonic() - begun < patience:
            await asyncio.sleep(0.05)
        return time.monotonic() - begun, len(self._heard)

    def close(self):
        close(self._clients + self._speakers)
