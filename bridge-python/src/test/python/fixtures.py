"""Applications that the tests host; each is a callable of this module."""

import ctypes
import logging
import os
import signal
import sys
import tempfile
import time

closed = []


def _answer(start_response, body, *headers, status="200 OK"):
    if isinstance(body, str):
        body = body.encode("utf-8")
    start_response(status, [("Content-Type", "text/plain; charset=utf-8"), *headers])
    return [body]


def hello(environ, start_response):
    return _answer(start_response, "Hello from %d\n" % os.getpid())


def environ_dump(environ, start_response):
    lines = sorted("%s=%r" % item for item in environ.items() if isinstance(item[1], (str, bool, tuple)))
    lines.append("type=%s" % type(environ).__name__)
    return _answer(start_response, "\n".join(lines))


def echo(environ, start_response):
    return _answer(start_response, environ["wsgi.input"].read())


def digest(environ, start_response):
    import hashlib

    sha = hashlib.sha256()
    total = 0
    body = environ["wsgi.input"]
    while True:
        part = body.read(100_000)
        if not part:
            break
        sha.update(part)
        total += len(part)
    return _answer(start_response, "%d %s" % (total, sha.hexdigest()))


def lines(environ, start_response):
    body = environ["wsgi.input"]
    found = [body.readline(), body.readline(3), *body.readlines(2), *body]
    return _answer(start_response, repr(found))


def large(environ, start_response):
    size = int(environ["QUERY_STRING"])
    return _answer(start_response, b"x" * size)


class Chunks:
    """A lazy body that remembers whether and how often it was closed."""

    def __init__(self, chunks):
        self.chunks = iter(chunks)
        self.closes = 0

    def __iter__(self):
        return self

    def __next__(self):
        return next(self.chunks)

    def close(self):
        self.closes += 1
        closed.append(self.closes)


def stream(environ, start_response):
    count = int(environ["QUERY_STRING"] or 3)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return Chunks(b"chunk %d\n" % number for number in range(count))


def closes(environ, start_response):
    return _answer(start_response, repr(closed))


def endless(environ, start_response):
    start_response("200 OK", [("Content-Type", "application/octet-stream")])

    def chunks():
        while True:
            yield b"x" * 65536

    return Chunks(chunks())


def writes(environ, start_response):
    write = start_response("200 OK", [("Content-Type", "text/plain")])
    write(b"one ")
    write(b"two ")
    return [b"three"]


def file(environ, start_response):
    opened = open(environ["QUERY_STRING"], "rb")
    start_response("200 OK", [("Content-Type", "application/octet-stream")])
    return environ["wsgi.file_wrapper"](opened)


def temporary_file(environ, start_response):
    opened = tempfile.NamedTemporaryFile()
    opened.write(b"t" * 100_000)
    opened.seek(0)
    start_response("200 OK", [("Content-Type", "application/octet-stream")])
    return environ["wsgi.file_wrapper"](opened)


def logs(environ, start_response):
    logging.getLogger("shop.orders").warning("order %d is late", 7)
    environ["wsgi.errors"].write("to wsgi.errors\n")
    print("printed")
    print("to stderr", file=sys.stderr)
    return _answer(start_response, "logged")


def raises(environ, start_response):
    raise ValueError("the application failed")


def raises_later(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])

    def chunks():
        yield b"first"
        raise ValueError("the application failed in mid-response")

    return Chunks(chunks())


def replaced_head(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    try:
        raise ValueError("first")
    except ValueError:
        start_response("503 Later", [("Content-Type", "text/plain")], sys.exc_info())
    return [b"replaced"]


def started_twice(environ, start_response):
    start_response("200 OK", [])
    start_response("200 OK", [])
    return []


def bad_header(environ, start_response):
    start_response("200 OK", [("Bad", "a\r\nb: c")])
    return []


def hop_by_hop(environ, start_response):
    start_response("200 OK", [("Connection", "close")])
    return []


def text(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return ["not bytes"]


def short(environ, start_response):
    start_response("200 OK", [("Content-Length", "10")])
    return [b"short"]


def long(environ, start_response):
    start_response("200 OK", [("Content-Length", "4")])
    return [b"longer than it should be"]


def empty(environ, start_response):
    start_response("204 No Content", [])
    return []


def leaves(environ, start_response):
    sys.exit(5)


def interrupted(environ, start_response):
    raise KeyboardInterrupt


def dies(environ, start_response):
    os.kill(os.getpid(), signal.SIGKILL)


def dies_streaming(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])

    def chunks():
        yield b"first"
        os.kill(os.getpid(), signal.SIGKILL)

    return chunks()


def exits(environ, start_response):
    os._exit(7)


def sleeps(environ, start_response):
    time.sleep(float(environ["QUERY_STRING"] or 0.2))
    return _answer(start_response, "slept")


def variable(environ, start_response):
    return _answer(start_response, os.environ.get(environ["QUERY_STRING"], ""))


def loops(environ, start_response):
    while True:
        pass


kept = []


def keeps(environ, start_response):
    """Takes so many MiB of memory and never gives them back."""
    kept.append(b"k" * (int(environ["QUERY_STRING"]) * 1024 * 1024))
    return _answer(start_response, "kept")


read_late = []


class ReadsLate(list):
    """A body that reads its request's body when the response is over."""

    def __init__(self, source):
        super().__init__([b"answered"])
        self.source = source

    def close(self):
        try:
            read_late.append(repr(self.source.read(100_000)))
        except ValueError as failure:
            read_late.append(str(failure))


def reads_late(environ, start_response):
    """Tells what the last request read late, and does so itself."""
    last = read_late.pop() if read_late else "nothing"
    start_response("200 OK", [("Content-Type", "text/plain"), ("X-Last", last)])
    return ReadsLate(environ["wsgi.input"])


def slow_stream(environ, start_response):
    count = int(environ["QUERY_STRING"])
    start_response("200 OK", [("Content-Type", "text/plain")])

    def chunks():
        for number in range(count):
            time.sleep(0.1)
            yield b"chunk %d\n" % number

    return Chunks(chunks())


def identity(environ, start_response):
    """Who this worker is and what it may do."""
    import resource

    umask = os.umask(0)
    os.umask(umask)
    limits = [
        resource.getrlimit(which)[0]
        for which in (resource.RLIMIT_AS, resource.RLIMIT_NOFILE, resource.RLIMIT_CPU)
    ]
    environ["wsgi.input"].read()
    open_files = sorted(int(number) for number in os.listdir("/proc/self/fd"))
    answer = "%d %d %s %o %s" % (os.getuid(), os.getgid(), os.getgroups(), umask, limits)
    return _answer(start_response, answer + " %d" % len(open_files))


def stuck_in_c(environ, start_response):
    # Holds the interpreter's lock for an hour.
    ctypes.PyDLL(None).sleep(3600)
    return _answer(start_response, "never")


def forks(environ, start_response):
    """How a child ends that gets SIGTERM."""
    alive, ready = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(ready, b"x")
        time.sleep(5)
        os._exit(0)
    os.read(alive, 1)
    os.kill(child, signal.SIGTERM)
    _, status = os.waitpid(child, 0)
    return _answer(start_response, "signal %d" % (status & 0x7F))


hoard = []


def hoards(environ, start_response):
    """Leaves no file descriptor."""
    try:
        while True:
            hoard.append(open(os.devnull))
    except OSError:
        return _answer(start_response, "hoarded")


def by_path(environ, start_response):
    """Calls the application that the first part of the path names."""
    name, _, rest = environ["PATH_INFO"][1:].partition("/")
    environ["SCRIPT_NAME"] += "/" + name
    environ["PATH_INFO"] = "/" + rest if rest else ""
    return globals()[name](environ, start_response)


def make():
    return hello


application = by_path
