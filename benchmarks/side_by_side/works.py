"""What is asked of the servers, and how the right answer looks."""

import hashlib
import json
import re
from dataclasses import dataclass

HELLO = b"Hello, world!\n"
UPLOAD_BYTES = 1024 * 1024
GANGWAY = ("jetty", "tomcat")


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
    servers: tuple = ()
    beside_slow: bool = False

    def runs_on(self, server):
        return not self.servers or server in self.servers

    def body(self):
        return b"g" * self.body_bytes or None


def _is(expected):
    return lambda body: body == expected


def _uploaded(body):
    digest = hashlib.sha256(b"g" * UPLOAD_BYTES).hexdigest()
    return json.loads(body) == {"length": UPLOAD_BYTES, "sha256": digest}


def _table(body):
    return body.count(b"<tr ") == 50 and b"<td>Boat 49</td>" in body


def _row(body):
    return re.fullmatch(rb"[^\n]+: [0-9.]+ m\n", body) is not None


WORKS = (
    Work("raw", "Raw servlet", "hello", "/raw", _is(HELLO), servers=GANGWAY),
    Work("java", "Java gateway application", "hello", "/java", _is(HELLO), servers=GANGWAY),
    Work("hello", "Python hello", "hello", "/", _is(HELLO)),
    Work("mixed", "Hello beside a 200 ms request", "hello", "/", _is(HELLO), beside_slow=True),
    Work("plain", "Django, plain", "django", "/bench/plain", _is(b"Hello, harbour\n")),
    Work("table", "Django, template of 50 rows", "django", "/bench/table", _table),
    Work("row", "Django, SQLite read", "django", "/bench/row", _row),
    Work(
        "upload",
        "Django, 1 MiB upload",
        "django",
        "/bench/upload",
        _uploaded,
        method="POST",
        body_bytes=UPLOAD_BYTES,
    ),
)
