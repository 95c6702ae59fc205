"""Clients that send or read slowly: a thousand of them in a process of their own.

``python -m side_by_side.slow KIND PORT COUNT PATH BYTES`` prints ``ready`` when the clients have
settled, runs until its standard input ends, and then prints how they fared.
"""

import collections
import contextlib
import errno
import json
import resource
import selectors
import socket
import subprocess
import sys
import threading
import time

from . import Failure
from .servers import FOLDER

SENDERS, READERS = "senders", "readers"
PERIOD = 1.0
READ_AT_ONCE = 1024
# The smallest that Linux takes, so that not the kernel reads in the client's place.
RECEIVE_BUFFER = 2048
CONNECT_SECONDS = 5
# After so many periods they are at it, at the latest: many servers never answer so many readers.
SETTLED = {SENDERS: 3, READERS: 15}


def more_descriptors(count):
    """Raises the soft limit on open files; raises Failure if that is not enough."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if hard != resource.RLIM_INFINITY and hard < count:
        raise Failure(f"At most {hard} open files are permitted, and {count} are needed: ulimit -n")


@contextlib.contextmanager
def slow_clients(kind, server, count, path, body_bytes):
    """Slow clients until the end of the block; yields a dict, which then has how they fared."""
    line = [sys.executable, "-B", "-m", "side_by_side.slow", kind]
    line += [str(server.port), str(count), path, str(body_bytes)]
    process = subprocess.Popen(
        line, cwd=FOLDER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    fared = {}
    try:
        if process.stdout.readline().strip() != "ready":
            raise Failure(f"The slow {kind} of {server.title} do not start")
        yield fared
        output, _ = process.communicate(timeout=30)
        fared.update(json.loads(output))
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


class _Client:
    """One connection; it is closed as soon as the server has closed it or answered."""

    def __init__(self, kind, port, request, body_bytes):
        self.kind, self.request, self.left = kind, request, body_bytes
        self.received = 0
        self.state = "connecting"
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        self.socket.setblocking(False)
        result = self.socket.connect_ex(("127.0.0.1", port))
        if result not in (0, errno.EINPROGRESS):
            self.end("refused")

    def end(self, state):
        self.state = state
        self.socket.close()

    def connected(self):
        """Sends the head: it is short, and fits what the kernel takes."""
        try:
            problem = self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if problem:
                raise OSError(problem, "cannot connect")
            self.socket.send(self.request)
            self.state = "waiting"
        except OSError:
            self.end("refused")

    def try_again(self):
        """The server's queue of connections was full when it came."""
        with selectors.DefaultSelector() as selector:
            selector.register(self.socket, selectors.EVENT_WRITE)
            if selector.select(0):
                self.connected()

    def turn(self):
        """What it does once a second."""
        if self.state == "connecting":
            self.try_again()
        if self.state not in ("waiting", "served"):
            return
        try:
            if self.kind == SENDERS and self.left > 0:
                self.socket.send(b"s")
                self.left -= 1
            self.read()
        except BlockingIOError:
            pass
        except OSError:
            self.end("closed")

    def read(self):
        part = self.socket.recv(READ_AT_ONCE)
        if not part:
            self.end("closed")
            return
        self.received += len(part)
        self.state = "served"


def _connect(clients, deadline):
    """Returns when every client has asked or failed, or the time is over; they go on trying."""
    with selectors.DefaultSelector() as selector:
        open_ = [client for client in clients if client.state == "connecting"]
        for client in open_:
            selector.register(client.socket, selectors.EVENT_WRITE, client)
        while selector.get_map() and time.monotonic() < deadline:
            for key, _ in selector.select(0.5):
                selector.unregister(key.fileobj)
                key.data.connected()


def _run(kind, port, count, path, body_bytes):
    more_descriptors(count + 50)
    method = "POST" if kind == SENDERS else "GET"
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
    if kind == SENDERS:
        head += f"Content-Type: application/octet-stream\r\nContent-Length: {body_bytes}\r\n"
    request = (head + "\r\n").encode()
    clients = []
    deadline = time.monotonic() + CONNECT_SECONDS
    # A few at a time: the kernel's queue of connections that wait for accept() is short.
    for first in range(0, count, 50):
        some = [
            _Client(kind, port, request, body_bytes) for _ in range(first, min(count, first + 50))
        ]
        _connect(some, deadline)
        clients += some
    over = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
    begin = time.monotonic()
    turn = 0
    settled = False
    # The turns of the clients are spread over the period, as they are with real ones.
    while not over.is_set():
        for number, client in enumerate(clients):
            due = begin + PERIOD * (turn + number / count)
            if number % 10 == 0 and over.wait(max(0.0, due - time.monotonic())):
                break
            client.turn()
        turn += 1
        asking = kind == SENDERS or any(client.state == "waiting" for client in clients)
        if not settled and (turn >= SETTLED[kind] or not asking):
            settled = True
            print("ready", flush=True)
    for client in clients:
        if client.state != "closed":
            client.socket.close()
    states = collections.Counter(client.state for client in clients)
    received = sum(client.received for client in clients)
    print(json.dumps({**states, "received": received}))


if __name__ == "__main__":
    _run(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], int(sys.argv[5]))
