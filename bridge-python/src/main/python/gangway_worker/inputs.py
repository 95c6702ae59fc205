"""``wsgi.input`` for each of the ways in which a body arrives."""

import io
import os

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


def open_input(kind, body, channel):
    """The stream that the application reads; all of them have PEP 3333's methods."""
    if kind == slots.BODY_STREAMED:
        return io.BufferedReader(StreamedBody(channel), 64 * 1024)
    if kind == slots.BODY_IN_FILE:
        opened = open(body, "rb")
        os.unlink(body)  # nobody else is to read it; its room is free when it is closed
        return opened
    return io.BytesIO(body)
