"""Applications for the tests that run in every container; those of ``fixtures`` are here too."""

import os
import sys
import threading
import time

from fixtures import *  # noqa: F401,F403
from fixtures import Chunks, _answer

PLAIN = ("Content-Type", "text/plain")
closes_of = {}


class Counted(Chunks):
    """A lazy body that counts how often it is closed under a name."""

    def __init__(self, name, chunks):
        super().__init__(chunks)
        self.name = name
        closes_of.setdefault(name, 0)

    def close(self):
        closes_of[self.name] += 1


def _wait_for(path):
    """Waits until the test has made the file."""
    for _ in range(2000):
        if os.path.exists(path):
            return
        time.sleep(0.01)
    raise TimeoutError(path)


def environ_lines(environ, start_response):
    """KEY=VALUE for each string, KEY:REPR for the rest, in latin-1."""
    shown = ["%s=%s" % item for item in environ.items() if type(item[1]) is str]
    shown += ["%s:%r" % item for item in environ.items() if type(item[1]) is not str]
    body = "\n".join(sorted(shown)).encode("latin-1")
    start_response("200 OK", [PLAIN, ("Content-Length", str(len(body)))])
    return [body]


def echo_in_parts(environ, start_response):
    """Reads as the specification of each reference allows: with a size, to the end."""
    source = environ["wsgi.input"]
    parts = []
    while True:
        part = source.read(5000)
        if not part:
            break
        parts.append(part)
    start_response("200 OK", [PLAIN])
    return [b"".join(parts)]


def echo_streaming(environ, start_response):
    """Answers each part of the body before it reads the next."""
    source = environ["wsgi.input"]
    start_response("200 OK", [PLAIN])

    def parts():
        while True:
            part = source.read1(5000) if hasattr(source, "read1") else source.read(5000)
            if not part:
                return
            yield part

    return parts()


def read_outcome(environ, start_response):
    """Whether the body could be read to its end."""
    try:
        body = environ["wsgi.input"].read()
    except OSError as failure:
        print("reading failed: %s" % type(failure).__name__, file=sys.stderr)
        raise
    print("read %d bytes" % len(body), file=sys.stderr)
    return _answer(start_response, "read %d bytes" % len(body))


def ignores_input(environ, start_response):
    return _answer(start_response, "not read")


def gated(environ, start_response):
    """The second chunk is made when the test says so."""
    start_response("200 OK", [PLAIN])
    yield b"first"
    _wait_for(environ["QUERY_STRING"])
    yield b"second"


def gated_write(environ, start_response):
    write = start_response("200 OK", [PLAIN])
    write(b"first")
    _wait_for(environ["QUERY_STRING"])
    return [b"second"]


def many_chunks(environ, start_response):
    start_response("200 OK", [PLAIN])
    return [b"%05d" % number for number in range(2000)]


def uneven_chunks(environ, start_response):
    """Thousands in a row, and now and then one that is larger than a slot."""
    start_response("200 OK", [PLAIN])
    return (
        b"%d," % number * (30_000 if number % 500 == 499 else number % 97)
        for number in range(3000)
    )


def nothing(environ, start_response):
    start_response("200 OK", [PLAIN])
    return []


def empty_chunks(environ, start_response):
    start_response("200 OK", [PLAIN])
    return iter([b"", b"a", b"", b"b", b""])


def late_start(environ, start_response):
    """start_response is called by the body."""

    def chunks():
        start_response("202 Accepted", [PLAIN])
        yield b"late"

    return chunks()


def declared(environ, start_response):
    """A generator that declares its length."""
    start_response("200 OK", [PLAIN, ("Content-Length", "9")])
    return iter([b"one", b"two", b"six"])


def endless_declared(environ, start_response):
    """Would never end if nobody stopped asking."""

    def chunks():
        while True:
            yield b"123"

    start_response("200 OK", [PLAIN, ("Content-Length", "7")])
    return Counted("endless_declared", chunks())


def status(environ, start_response):
    """The status line that the query asks for, with a body where there may be one."""
    line = environ["QUERY_STRING"].replace("+", " ")
    bodyless = line[:3] in ("204", "304")
    start_response(line, [] if bodyless else [PLAIN])
    return [] if bodyless else [b"body"]


def wrong_body(environ, start_response):
    """A body where none may be."""
    start_response(environ["QUERY_STRING"].replace("+", " "), [PLAIN])
    return [b"must not be sent"]


def not_modified(environ, start_response):
    start_response("304 Not Modified", [("ETag", '"e"'), ("Content-Length", "100")])
    return []


def cookies(environ, start_response):
    start_response(
        "200 OK",
        [PLAIN, ("Set-Cookie", "b=2; Path=/"), ("X-Between", "1"), ("Set-Cookie", "a=1")]
        + [("Set-Cookie", "c=%d" % number) for number in range(3)],
    )
    return [b"cookies"]


def content_type(environ, start_response):
    from urllib.parse import unquote_to_bytes

    value = unquote_to_bytes(environ["QUERY_STRING"]).decode("latin-1")
    start_response("200 OK", [("Content-Type", value)] if value else [])
    return [b"typed"]


def latin1_header(environ, start_response):
    start_response("200 OK", [PLAIN, ("X-Latin", "caf\xe9 \xff"), ("X-Empty", "")])
    return [b"latin"]


def restarts_too_late(environ, start_response):
    start_response("200 OK", [PLAIN])
    yield b"first"
    try:
        raise ValueError("in mid-body")
    except ValueError:
        start_response("500 Oops", [PLAIN], sys.exc_info())
    yield b"never"


def bad_restart(environ, start_response):
    """The failure of start_response can be seen by the application."""
    try:
        start_response("200 OK", [("Bad Name", "x")])
    except ValueError as failure:
        start_response("200 OK", [PLAIN], sys.exc_info())
        return [b"refused: %s" % str(failure).encode()]


def closing(environ, start_response):
    """Closes are counted: the query is MODE-NAME."""
    mode, _, name = environ["QUERY_STRING"].partition("-")

    def chunks():
        yield b"first"
        if mode == "raises":
            raise ValueError("while iterating")
        while mode == "endless":
            yield b"x" * 65536
        while mode == "dripping":
            yield b"x"
            time.sleep(0.01)
        yield b"last"

    if mode == "unstarted":
        return Counted(name, chunks())
    start_response("204 No Content" if mode == "empty" else "200 OK", [] if mode == "empty" else [PLAIN])
    body = Counted(name, chunks())
    if mode == "startraises":
        body.__class__ = type("Unready", (Counted,), {"__iter__": None})
    return body


noticed = []


def notices(environ, start_response):
    """Asks after each chunk whether the client has left; the query is a name for ``noticed_by``."""
    has_left = environ["gangway.client_disconnected"]

    def chunks():
        while not has_left():
            yield b"x" * 1000
            # A chunk too early would be refused before this learns that its client has left.
            patience = time.monotonic() + 2
            while not has_left() and time.monotonic() < patience:
                time.sleep(0.01)
        noticed.append(environ["QUERY_STRING"])

    start_response("200 OK", [PLAIN])
    return Counted(environ["QUERY_STRING"], chunks())


def noticed_by(environ, start_response):
    return _answer(start_response, " ".join(noticed))


computing = []


def computes(environ, start_response):
    """NAME=FILE in the query: until there is the file, or NAME is told that its client has left.

    Answers 300,000 bytes; ``computing_by`` tells the names of those that began.
    """
    name, _, path = environ["QUERY_STRING"].partition("=")
    has_left = environ["gangway.client_disconnected"]
    computing.append(name)
    patience = time.monotonic() + 20
    while not os.path.exists(path) and time.monotonic() < patience:
        if has_left():
            noticed.append(name)
            break
        time.sleep(0.01)
    return _answer(start_response, "x" * 300_000)


def computing_by(environ, start_response):
    return _answer(start_response, " ".join(computing))


def gated_twice(environ, start_response):
    """NAME=FILE in the query: a chunk, and when there is the file an endless number of them."""
    name, _, path = environ["QUERY_STRING"].partition("=")

    def chunks():
        yield b"first"
        _wait_for(path)
        while True:
            yield b"x" * 1000

    start_response("200 OK", [PLAIN])
    return Counted(name, chunks())


def logs_elsewhere(environ, start_response):
    """Logs from asyncio, and from a thread that belongs to no request."""
    import asyncio
    import logging

    async def task():
        logging.getLogger("shop.task").warning("in a task")

    asyncio.run(task())
    thread = threading.Thread(target=lambda: logging.getLogger("shop.thread").warning("in a thread"))
    thread.start()
    thread.join()
    return _answer(start_response, "logged")


def naps(environ, start_response):
    _nap(float(environ["QUERY_STRING"]))
    return _answer(start_response, "slept")


def _nap(seconds):
    time.sleep(seconds)


def closed_count(environ, start_response):
    return _answer(start_response, str(closes_of.get(environ["QUERY_STRING"], 0)))


def seeked_file(environ, start_response):
    opened = open(environ["QUERY_STRING"], "rb")
    opened.seek(1000)
    start_response("200 OK", [("Content-Type", "application/octet-stream")])
    return environ["wsgi.file_wrapper"](opened, 4096)


def file_by_escaped_name(environ, start_response):
    """Makes the file first: its name may hold any bytes."""
    from urllib.parse import unquote_to_bytes

    path = unquote_to_bytes(environ["QUERY_STRING"])
    with open(path, "wb") as made:
        made.write(b"n" * 200_000)
    start_response("200 OK", [PLAIN])
    return environ["wsgi.file_wrapper"](open(path, "rb"))


def limited_file(environ, start_response):
    opened = open(environ["QUERY_STRING"], "rb")
    start_response("200 OK", [PLAIN, ("Content-Length", "20000")])
    return environ["wsgi.file_wrapper"](opened)


def memory_file(environ, start_response):
    import io

    start_response("200 OK", [PLAIN])
    return environ["wsgi.file_wrapper"](io.BytesIO(b"m" * 50_000))


def closed_file(environ, start_response):
    """A file whose close() is counted under "file"."""
    import io

    class Counting(io.FileIO):
        def close(self):
            if not self.closed:
                closes_of["file"] = closes_of.get("file", 0) + 1
            super().close()

    start_response("200 OK", [PLAIN])
    return environ["wsgi.file_wrapper"](Counting(environ["QUERY_STRING"]))


def logs_levels(environ, start_response):
    import logging

    logger = logging.getLogger("shop.levels")
    logger.setLevel(logging.DEBUG)
    logger.debug("at debug")
    logger.info("at info")
    logger.warning("at warning")
    logger.error("at error")
    logger.critical("at critical")
    try:
        raise KeyError("lost")
    except KeyError:
        logger.exception("with a traceback")
    environ["wsgi.errors"].write("without a line end")
    return _answer(start_response, "logged")


def writes_after_the_end(environ, start_response):
    """Keeps write() and uses it in close(), when the response is over."""
    write = start_response("200 OK", [PLAIN])

    class Body:
        def __iter__(self):
            return iter([b"whole"])

        def close(self):
            try:
                write(b"LEAK" * 10)
                closes_of["late-write"] = 100
            except Exception:
                closes_of["late-write"] = 1

    return Body()


def reads_after_the_end(environ, start_response):
    """Asks for the request's body in close(), when the response is over."""
    start_response("200 OK", [PLAIN])

    class Body:
        def __iter__(self):
            return iter([b"whole"])

        def close(self):
            try:
                environ["wsgi.input"].read()
            except Exception:
                pass
            closes_of["late-read"] = closes_of.get("late-read", 0) + 1

    return Body()


def threads_alive(environ, start_response):
    return _answer(start_response, str(threading.active_count()))


def by_path(environ, start_response):
    """Calls the application that the first part of the path names."""
    name, _, rest = environ["PATH_INFO"][1:].partition("/")
    if name not in globals():
        return _answer(start_response, "no application %r" % name, status="404 Not Found")
    environ["SCRIPT_NAME"] += "/" + name
    environ["PATH_INFO"] = "/" + rest if rest else ""
    return globals()[name](environ, start_response)


application = by_path


def differential(environ, start_response):
    """What the application sees, body included; below /respond an application by its name."""
    if environ["PATH_INFO"].startswith("/respond/"):
        return globals()[environ["PATH_INFO"][9:]](environ, start_response)
    shown = ["%s=%s" % item for item in environ.items() if type(item[1]) is str]
    shown += ["%s:%r" % item for item in environ.items() if type(item[1]) in (bool, tuple)]
    try:
        shown.append("BODY:%r" % environ["wsgi.input"].read())
    except OSError as failure:
        shown.append("BODY:%s" % type(failure).__name__)
    body = "\n".join(sorted(shown)).encode("latin-1")
    start_response("200 OK", [PLAIN, ("Content-Length", str(len(body)))])
    return [body]


def spins(environ, start_response):
    """Never ends, in Python."""
    while True:
        pass


def with_grandchild(environ, start_response):
    """Starts a process that outlives the request, and answers its process id."""
    import subprocess

    return _answer(start_response, str(subprocess.Popen(["sleep", "1000"]).pid))


def generated(environ, start_response):
    """As many MiB as the query says, of 64 KiB chunks that are cheap to make."""
    chunk = bytes(range(256)) * 256
    start_response("200 OK", [PLAIN])
    return (chunk for _ in range(16 * int(environ["QUERY_STRING"])))
