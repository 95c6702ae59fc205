"""Shared slots and FIFOs: how a request reaches a worker's thread and its response goes back.

A slot is a header of 64 bytes and a payload. Tokens of 16 bytes (slot, generation, length, kind)
travel through the FIFOs; they are smaller than PIPE_BUF, so a read or write is always whole. The
parent owns a slot's generation and the ``cancelled`` word; a worker's thread writes who it is when
it takes a request, so that the parent knows what is lost if the worker dies.
"""

import functools
import logging
import mmap
import os
import struct
from time import monotonic_ns

_log = logging.getLogger("gangway.worker")

HEADER = 64

#: Bytes of a block of the file of bodies.
BLOCK = 256 * 1024

#: Behind the slots: a byte for each worker that tells it to take no more requests.
CONTROL = 4096
_OWNER = 8
_TAKEN = 24

#: Kinds of tokens in the request FIFO. Of a request, the byte above tells where its body is.
REQUEST = 1
FENCE = 2
BODY_NONE = 0
BODY_IN_SLOT = 1
BODY_IN_FILE = 2
BODY_STREAMED = 3
BODY_IN_BLOCKS = 4
_REQUESTS = {REQUEST | body << 8: body for body in range(BODY_IN_BLOCKS + 1)}

#: Kinds of tokens in the response FIFO, with a mark by which the parent tells them from noise.
_MARK = 0x47570000
RESPONSE = _MARK | 1
HEAD = _MARK | 2
PART = _MARK | 3
END = _MARK | 4
FILE = _MARK | 5
ABORT = _MARK | 6
READ = _MARK | 7
FENCED = _MARK | 8
RETURNED = _MARK | 9
GARBLED = _MARK | 10
#: As HEAD and PART, but the next part follows in the slot behind this one, without waiting.
HEAD_MORE = _MARK | 11
PART_MORE = _MARK | 12
_MORE = {HEAD: HEAD_MORE, PART: PART_MORE}
_LAST = frozenset((RESPONSE, END, FILE, ABORT))

#: Kinds of tokens in a thread's credit FIFO.
CREDIT = 1
CANCEL = 2
DATA = 3
DATA_END = 4
DATA_ERROR = 5

#: So many parts follow one another without waiting; their tokens fill half of a FIFO at most where
#: eight threads send them.
_RUN = 256

_token = struct.Struct("<IIII")
_pack = _token.pack
_unpack = _token.unpack
_owner = struct.Struct("<II").pack_into
#: In the ``cancelled`` word: nobody waits for an answer. Any other value but 0: the client has left,
#: for all that is known, and gets its answer nevertheless.
CANCELLED = 1
#: Of a slot's header: generation, whether the client has left, of which generation it was taken.
_header = struct.Struct("<4xI8xI20xI").unpack_from
#: When a request was taken, which thread took it, and of which generation it is.
_taken = struct.Struct("<QQI").pack_into
TOKEN = _token.size


class ClientDisconnected(ConnectionError):
    """The client has left; nobody reads the response any more."""


class Forked(BaseException):
    """This is a child that the application forked: the request is its parent's to answer."""


class BodyCutShort(ConnectionError):
    """The client cut its request's body short."""


def _is_cancelled(words, base, generation):
    current, cancelled, _ = _header(words, base)
    return current != generation or cancelled != 0


class Memory:
    """The shared file."""

    def __init__(self, path, slot_size, bodies):
        fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        try:
            self.map = mmap.mmap(fd, 0)
        finally:
            os.close(fd)
        #: The file of blocks that bodies are in, which grows.
        self.bodies = os.open(bodies, os.O_RDONLY | os.O_CLOEXEC)
        self._blocks = None
        self.slot_size = slot_size
        self.control = len(self.map) - CONTROL
        self.slots = self.control // slot_size

    def block(self, number):
        """The bytes of a block, as long as the request that it belongs to is not answered."""
        end = (number + 1) * BLOCK
        blocks = self._blocks
        if blocks is None or len(blocks) < end:
            # The map that is too short goes with the last view of it.
            self._blocks = blocks = memoryview(
                mmap.mmap(self.bodies, 0, access=mmap.ACCESS_READ)
            )
        return blocks[end - BLOCK : end]


def end_broken(what):
    """Ends this worker, whose thread cannot know any more when to go on."""
    _log.critical("the FIFO of a thread gave %s; this worker ends and is replaced", what)
    os._exit(4)


class Channel:
    """One thread's end of the transport; used by that thread only."""

    def __init__(self, memory, requests, responses, credits, worker, thread):
        """``credits`` is the FIFO's path; it is made unless it is there."""
        self.memory = memory
        self._map = memory.map
        self._slots = memory.slots
        self._slot_size = memory.slot_size
        self._payload = memory.slot_size - HEADER
        self._requests = requests
        self._responses = responses
        self._worker = worker + 1  # 0 in a slot means that nobody has taken it
        self._thread = thread
        self._retired = memory.control + worker % CONTROL
        try:
            os.mkfifo(credits, 0o600)
        except FileExistsError:
            pass  # made by the parent, for a worker that may not write there
        self._credits = os.open(credits, os.O_RDWR | os.O_CLOEXEC)
        self._base = self._slot = self._generation = 0
        self._owed = False
        self._data = None
        #: What Python calls the thread, see ``threading.get_ident``.
        self.ident = 0
        #: Whether a request has been read and not been answered.
        self.busy = False
        #: Whether this is the child of a fork, which has no transport.
        self.forked = False
        #: Whether the slot is ours: not any more after the last token of a response.
        self._ours = False
        #: Offset and size of the payload's part that takes responses.
        self.start = self.room = 0
        #: Where in it the next part goes, and how many have been sent without waiting.
        self._next = self._run = 0

    def take(self):
        """Waits for a request; returns its payload and where its body is, or None at the end."""
        words = self._map
        while True:
            self.busy = False
            token = os.read(self._requests, TOKEN)
            self.busy = True
            if not token:
                return None
            if len(token) != TOKEN:
                self._garbled(len(token))
                continue
            slot, generation, length, kind = _unpack(token)
            body = _REQUESTS.get(kind)
            if body is None or slot >= self._slots or length > self._payload:
                if kind == FENCE:
                    os.write(self._responses, _pack(slot, generation, length, FENCED))
                else:
                    self._garbled(TOKEN)
                if words[self._retired]:
                    return None
                continue
            if words[self._retired]:
                os.write(self._responses, _pack(slot, generation, 0, RETURNED))
                return None
            base = slot * self._slot_size
            current, _, taken = _header(words, base)
            take = (generation + 1) & 0xFFFFFFFF  # a slot begins with 0 there
            if current != generation or taken == take:
                continue  # it was given up, and its slot to another; or the token came twice
            _taken(words, base + _TAKEN, monotonic_ns(), self.ident, take)
            _owner(words, base + _OWNER, self._worker, self._thread)
            # Only now: whoever gives a request up looks whether it is marked before it says so.
            current, cancelled, _ = _header(words, base)
            if current != generation:
                continue
            self._base = base
            self._slot = slot
            self._generation = generation
            self._owed = False
            self._next = self._run = 0
            self._data = None
            self._ours = True
            self.start = start = base + HEADER
            self.room = self._payload
            if cancelled == CANCELLED:
                self.send(ABORT, b"")
                continue
            if body == BODY_STREAMED:
                self.room //= 2  # the other half takes the request's body
            return words[start : start + length], body

    def _garbled(self, length):
        """Nobody of ours wrote what we have read; a request may be lost by that."""
        os.write(self._responses, _pack(0, self._worker - 1, length, GARBLED))

    def after_fork(self):
        """In a child that the application forked: neither takes nor answers a request, ever."""
        self.forked = True
        self._ours = self._owed = False
        self._requests = self._responses = self._credits = -1

    def close(self):
        """Closes the end of this thread, and those that all threads share."""
        for fd in (self._credits, self._requests, self._responses):
            try:
                os.close(fd)
            except OSError:
                pass  # closed by another thread's channel

    def _refusal(self, why):
        return Forked() if self.forked else ValueError(why)

    def send(self, kind, payload):
        """Puts the payload, which fits, into the slot and tells the parent."""
        if not self._ours:
            raise self._refusal("the response is over")
        if kind in _LAST:
            self._ours = False
        length = len(payload)
        start = self.start + self._next
        self._map[start : start + length] = payload
        os.write(self._responses, _pack(self._slot, self._generation, length, kind))

    def send_part(self, kind, payload):
        """Sends a payload of any size; waits only where the slot has no room for it.

        Raises ClientDisconnected.
        """
        self.settle()
        if _header(self._map, self._base)[1] == CANCELLED and self._ours:
            raise ClientDisconnected("the client has left")
        room = self.room
        end = self._next + len(payload)
        if end <= room * 3 // 4 and self._run < _RUN:
            self.send(_MORE[kind], payload)
            self._next = end
            self._run += 1
            return
        view = memoryview(payload)
        offset = 0
        while offset < len(payload):
            self.settle()
            piece = view[offset : offset + room - self._next]
            self.send(kind, piece)
            self._owed = True
            self._next = self._run = 0
            offset += len(piece)
            kind = PART

    def send_file(self, payload):
        """Has the parent send a file; waits until it has opened it."""
        self.settle()
        self.send(FILE, payload)
        self._owed = True
        self.settle()

    def settle(self):
        """Waits until the parent has taken the part that was sent last."""
        while self._owed:
            self._credit()

    def read(self):
        """The next part of a streamed request body, b"" at its end.

        Raises BodyCutShort.
        """
        if not self._ours:
            raise self._refusal(
                "the response is over, and the request's body was not read before"
            )
        self.settle()
        os.write(self._responses, _pack(self._slot, self._generation, 0, READ))
        while self._data is None:
            self._credit()
        data, self._data = self._data, None
        return data

    def ownership(self):
        """A callable that tells whether this request is still being answered."""
        mine = self._slot, self._generation
        return lambda: self._ours and (self._slot, self._generation) == mine

    def block(self, number):
        """See Memory.block."""
        return self.memory.block(number)

    def cancellation(self):
        """A callable that tells whether the client of this request has left, or got its answer."""
        return functools.partial(_is_cancelled, self._map, self._base, self._generation)

    def _credit(self):
        token = os.read(self._credits, TOKEN)
        if len(token) != TOKEN:
            end_broken("%d bytes, which are no token" % len(token))
        slot, generation, length, kind = _unpack(token)
        if slot != self._slot or generation != self._generation:
            return  # of a request that is over
        if kind == CREDIT:
            self._owed = False
        elif kind == CANCEL:
            self._owed = False
            raise ClientDisconnected("the client has left")
        elif kind == DATA:
            if length > self.room:
                end_broken("a part of %d bytes, where %d fit" % (length, self.room))
            start = self.start + self.room
            self._data = self._map[start : start + length]
        elif kind == DATA_END:
            self._data = b""
        elif kind == DATA_ERROR:
            raise BodyCutShort("the client cut the request's body short")
