"""Applications that break the worker they run in; each is a callable of this module."""

import gc
import os
import signal
import struct
import sys
import threading
import time

from fixtures import *  # noqa: F401,F403
from fixtures import _answer
from gangway_worker import slots


def _channels():
    return [found for found in gc.get_objects() if isinstance(found, slots.Channel)]


def _channel():
    """That of the thread that asks."""
    return next(one for one in _channels() if one.ident == threading.get_ident())


def _descriptor(name):
    """A FIFO of the server, open for writing."""
    for number in os.listdir("/proc/self/fd"):
        try:
            path = os.readlink("/proc/self/fd/" + number)
        except OSError:
            continue
        if path.endswith("/" + name):
            return os.open(path, os.O_WRONLY | os.O_NONBLOCK)
    raise LookupError(name)


def torn(environ, start_response):
    """Writes so many bytes to the FIFO of responses that are no token."""
    os.write(_descriptor("responses"), os.urandom(int(environ["QUERY_STRING"])))
    start_response("200 OK", [])
    return [b"torn"]


def _encoded(head):
    return struct.pack("<I", len(head)) + head


_HEAD = _encoded(b"200 OK")

#: Kind, payload, and the length that the token tells if it is another.
_MALFORMED = {
    "nothing": (slots.RESPONSE, b"", None),
    "head_too_long": (slots.RESPONSE, struct.pack("<I", 5000) + b"200 OK", None),
    "head_of_negative_length": (slots.RESPONSE, struct.pack("<i", -5) + b"200 OK", None),
    "no_status": (slots.RESPONSE, _encoded(b"OK"), None),
    "no_header_value": (slots.RESPONSE, _encoded(b"200 OK\0Name"), None),
    "line_end": (slots.RESPONSE, _encoded(b"200 OK\0Name\0a\r\nb: c"), None),
    "longer_than_a_slot": (slots.RESPONSE, _HEAD, 10**6),
    "of_negative_length": (slots.RESPONSE, _HEAD, 0xFFFFFFF0),
    "streamed_head": (slots.HEAD, _encoded(b"\1\2\3"), None),
    "file_without_path": (slots.FILE, _HEAD + b"12", None),
    "file_without_numbers": (slots.FILE, _HEAD + b"a\0b\0/etc/hostname", None),
    "file_before_its_beginning": (slots.FILE, _HEAD + b"-5\0005\0/etc/hostname", None),
    "file_of_no_folder": (slots.FILE, _HEAD + b"0\0005\0etc/hostname", None),
}


def malformed(environ, start_response):
    """Answers in the way that the query names, and then as it should."""
    kind, payload, length = _MALFORMED[environ["QUERY_STRING"]]
    channel = _channel()
    channel._map[channel.start : channel.start + len(payload)] = payload
    told = len(payload) if length is None else length
    os.write(channel._responses, slots._pack(channel._slot, channel._generation, told, kind))
    return _answer(start_response, "late")


def malformed_part(environ, start_response):
    """A good head and chunk, then a part that is longer than a slot."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    yield b"good"
    channel = _channel()
    yield bytes(channel.room)  # waits, so that the head is out
    channel.settle()
    os.write(
        channel._responses, slots._pack(channel._slot, channel._generation, 10**6, slots.PART)
    )
    yield b"late"


def reads_no_credits(environ, start_response):
    """A good head, and then parts without end, none of which waits until it may be sent."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    yield b"good"
    channel = _channel()
    for _ in range(10**6):
        os.write(channel._responses, slots._pack(channel._slot, channel._generation, 0, slots.PART))
        time.sleep(0.00002)
    yield b"late"


def overwrites(environ, start_response):
    """Writes nonsense over the slots that are nobody's, or as the query says."""
    channel = _channel()
    memory = channel.memory
    for number in range(memory.slots):
        if number != channel._slot:
            base = number * memory.slot_size
            memory.map[base : base + slots.HEADER] = os.urandom(slots.HEADER)
    return _answer(start_response, "overwritten")


forked = []


def _fork():
    child = os.fork()
    if child:
        forked.append(child)
    return child


def forks_and_returns(environ, start_response):
    """Both answer, as the query says how."""
    how = environ["QUERY_STRING"]
    if how == "streaming":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return _forking_chunks()
    if how == "writing":
        write = start_response("200 OK", [("Content-Type", "text/plain")])
        write(b"first ")
    if how == "closing":
        return ForkedInClose(start_response)
    child = _fork()
    if how == "raising" and not child:
        raise ValueError("in the child")
    if how == "leaving" and not child:
        sys.exit(3)
    if how == "reading":
        try:
            environ["wsgi.input"].read()
        except ValueError:
            pass
    if how == "writing":
        write(b"parent" if child else b"CHILD")
        return []
    return _answer(start_response, "parent" if child else "CHILD")


class ForkedInClose(list):
    def __init__(self, start_response):
        super().__init__([b"parent"])
        start_response("200 OK", [("Content-Type", "text/plain")])

    def close(self):
        _fork()


def _forking_chunks():
    yield b"first "
    yield b"parent" if _fork() else b"CHILD"


def children(environ, start_response):
    """How the children ended."""
    ends = []
    while forked:
        ends.append(str(os.waitstatus_to_exitcode(os.waitpid(forked.pop(), 0)[1])))
    return _answer(start_response, " ".join(ends))


def forks_and_stays(environ, start_response):
    """A child that is in its call for long; answers its process id."""
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(600)
    return _answer(start_response, str(child))


def uses_processes(environ, start_response):
    import multiprocessing
    import subprocess

    context = multiprocessing.get_context("fork")
    with context.Pool(2) as pool:
        squares = pool.map(_square, range(5))
    queue = context.Queue()
    process = context.Process(target=_put, args=(queue,))
    process.start()
    got = queue.get()
    process.join()
    said = subprocess.run(
        [sys.executable, "-c", "print('program')"], capture_output=True, text=True, check=True
    ).stdout.strip()
    prepared = subprocess.run(
        ["true"], preexec_fn=lambda: os.umask(0o77), check=True  # noqa: PLW1509
    ).returncode
    return _answer(start_response, "%s %s %s %d %s" % (squares, got, process.exitcode, prepared, said))


def ends_children_at_once(environ, start_response):
    """Children that get SIGTERM as soon as they are there; says how many did not end by it."""
    left = 0
    for _ in range(300):
        child = os.fork()
        if not child:
            time.sleep(60)
            os._exit(0)
        os.kill(child, signal.SIGTERM)
        deadline = time.monotonic() + 2
        while os.waitpid(child, os.WNOHANG) == (0, 0):
            if time.monotonic() > deadline:
                left += 1
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
                break
            time.sleep(0.0002)
        if left:
            break
    return _answer(start_response, "%d left" % left)


def _square(number):
    return number * number


def _put(queue):
    queue.put("queued")


def takes_all_memory(environ, start_response):
    return _answer(start_response, str(len(bytearray(1 << 34))))


def segfaults(environ, start_response):
    import ctypes

    ctypes.string_at(0)


def locks_twice(environ, start_response):
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()


def logs_much(environ, start_response):
    """So many lines, as fast as can be."""
    import logging

    logger = logging.getLogger("shop.flood")
    for number in range(int(environ["QUERY_STRING"])):
        logger.warning("line %d", number)
    return _answer(start_response, "logged")


def application(environ, start_response):
    """Calls the application that the path names."""
    return globals()[environ["PATH_INFO"][1:]](environ, start_response)
