"""``wsgi.input`` for each of the ways in which a body arrives."""

import io
import os
import struct

from gangway_worker import slots


class StreamedBody(io.RawIOBase):
    """A body that the client is still sending."""

    def __init__(self, channel):
        self._channel = channel
        self._rest = b""
        self._failure = None
        self._ended = False

    def readable(self):
        return True

    def readinto(self, buffer):
        if self._failure is not None:
            raise self._failure
        if not self._rest and not self._ended:
            try:
                self._rest = self._channel.read()
            except OSError as failure:
                self._failure = failure
                raise
            self._ended = not self._rest
        taken = self._rest[: len(buffer)]
        self._rest = self._rest[len(taken) :]
        buffer[: len(taken)] = taken
        return len(taken)


class BlockBody(io.RawIOBase):
    """A body in blocks of shared memory, which become another request's after the answer."""

    def __init__(self, address, channel):
        words = struct.unpack("<%dI" % (len(address) // 4), address)
        self._length = words[0]
        self._blocks = [channel.block(number) for number in words[1:]]
        self._position = 0
        self._is_ours = channel.ownership()

    def readable(self):
        return True

    def readinto(self, buffer):
        number, start = divmod(self._position, slots.BLOCK)
        count = min(len(buffer), self._length - self._position, slots.BLOCK - start)
        if count <= 0:
            return 0
        memoryview(buffer).cast("B")[:count] = self._blocks[number][start : start + count]
        if not self._is_ours():
            # What was copied may be another request's.
            memoryview(buffer).cast("B")[:count] = bytes(count)
            raise ValueError("the response is over, and the request's body was not read before")
        self._position += count
        return count

    def close(self):
        self._blocks = ()
        super().close()


def open_input(kind, body, channel):
    """The stream that the application reads; all of them have PEP 3333's methods."""
    if kind == slots.BODY_STREAMED:
        return io.BufferedReader(StreamedBody(channel), 64 * 1024)
    if kind == slots.BODY_IN_BLOCKS:
        return io.BufferedReader(BlockBody(body, channel), 64 * 1024)
    if kind == slots.BODY_IN_FILE:
        opened = open(body, "rb")
        os.unlink(body)  # nobody else is to read it; its room is free when it is closed
        return opened
    return io.BytesIO(body)
