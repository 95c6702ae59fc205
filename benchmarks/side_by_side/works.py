"""What is asked of the servers, and how the right answer looks."""

import hashlib
import json
import re
from dataclasses import dataclass

from .client import fill_in
from .loads import MANY, MANY_COUNTED, ONE, USUAL, USUAL_NEW

HELLO = b"Hello, world!\n"
MEBIBYTE = bytes(range(256)) * 4096
UPLOAD_BYTES = len(MEBIBYTE)
GANGWAY = ("jetty", "tomcat")
FILES = (*GANGWAY, "nginx")
# More clients would wait for longer than a measurement takes.
LARGE_CONNECTIONS = 4


@dataclass(frozen=True)
class Work:
    """A kind of request that is measured by itself."""

    name: str
    title: str
    application: str
    path: str
    right: object
    method: str = "GET"
    body_bytes: int = 0
    # Path and fields of a form that is filled in first.
    form: tuple = ()
    servers: tuple = ()
    # What is measured unless somebody chooses other loads.
    loads: tuple = (USUAL,)
    most_connections: int = 0
    least_seconds: int = 1
    beside_slow: bool = False
    # By each connection by itself.
    counted: bool = False
    # Also behind nginx, unless somebody chooses the works.
    fronted: bool = False

    def runs_on(self, server):
        if self.servers:
            return server in self.servers
        return server != "nginx"

    def prepare(self, port):
        """Headers and body of the request to a server."""
        if self.form:
            return fill_in(port, *self.form)
        return (), b"g" * self.body_bytes or None


def _is(expected):
    return lambda body: body == expected


def _uploaded(body):
    digest = hashlib.sha256(b"g" * UPLOAD_BYTES).hexdigest()
    return json.loads(body) == {"length": UPLOAD_BYTES, "sha256": digest}


def _table(body):
    return body.count(b"<tr ") == 50 and b"<td>Boat 49</td>" in body


def _row(body):
    return re.fullmatch(rb"[^\n]+: [0-9.]+ m\n", body) is not None


def _json(body):
    return json.loads(body) == {"message": "Hello, harbour", "numbers": list(range(10))}


def _file(mebibytes):
    return lambda body: body == MEBIBYTE * mebibytes


def _stream(body):
    lines = body.split(b"\n")
    return len(body) == 102_400 and [line[:4] for line in lines[:-1]] == [
        b"%03d " % number for number in range(100)
    ]


def _site(name, title, path, right, **more):
    return Work(name, f"Django, {title}", "django", path, right, **more)


_LARGE = {"most_connections": LARGE_CONNECTIONS, "least_seconds": 3}

WORKS = (
    Work("raw", "Raw servlet", "hello", "/raw", _is(HELLO), servers=GANGWAY),
    Work("java", "Java gateway application", "hello", "/java", _is(HELLO), servers=GANGWAY),
    Work(
        "hello",
        "Python hello",
        "hello",
        "/",
        _is(HELLO),
        loads=(USUAL, ONE, MANY, USUAL_NEW),
        fronted=True,
    ),
    Work("mixed", "Hello beside a 200 ms request", "hello", "/", _is(HELLO), beside_slow=True),
    Work(
        "fair",
        "Hello, clients counted one by one",
        "hello",
        "/",
        _is(HELLO),
        loads=(MANY_COUNTED,),
        counted=True,
    ),
    _site(
        "plain",
        "plain",
        "/bench/plain",
        _is(b"Hello, harbour\n"),
        loads=(USUAL, USUAL_NEW),
        fronted=True,
    ),
    _site("table", "template of 50 rows", "/bench/table", _table),
    _site("row", "SQLite read", "/bench/row", _row),
    _site("json", "JSON", "/bench/json", _json),
    _site(
        "form",
        "form POST with CSRF",
        "/bench/form",
        _is(b"Petrel stays for 3 nights\n"),
        method="POST",
        form=("/bench/form", "boat=Petrel&nights=3"),
    ),
    _site(
        "upload",
        "1 MiB upload",
        "/bench/upload",
        _uploaded,
        method="POST",
        body_bytes=UPLOAD_BYTES,
    ),
    _site("file-1", "1 MiB file response", "/bench/file/1", _file(1)),
    _site("file-100", "100 MiB file response", "/bench/file/100", _file(100), **_LARGE),
    _site("stream", "stream of 100 chunks", "/bench/stream", _stream),
    Work("static-1", "1 MiB static file", "django", "/files/1.bin", _file(1), servers=FILES),
    Work(
        "static-100",
        "100 MiB static file",
        "django",
        "/files/100.bin",
        _file(100),
        servers=FILES,
        **_LARGE,
    ),
)
BY_NAME = {work.name: work for work in WORKS}
