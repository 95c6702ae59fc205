"""Sends ``logging`` and ``wsgi.errors`` to the parent, with level and logger name."""

import contextvars
import io
import logging
import sys
import threading

from gangway_worker import frames

_DEFAULT_FORMATTER = logging.Formatter()

#: The id of the request that is being answered; tasks and threads of asyncio and asgiref inherit it.
request_id = contextvars.ContextVar("gangway.request_id", default="")


def send(out, level, logger, message, file="", line=0):
    """One record; fields are separated by NUL, the message comes last."""
    fields = (str(level), logger, file, str(line), request_id.get())
    fields = [field.replace("\0", "") for field in fields]
    frames.send(out, frames.LOG, "\0".join(fields + [message]))


class FrameHandler(logging.Handler):
    """A handler that is installed at the root logger before the application is imported."""

    def __init__(self, out):
        super().__init__()
        self._out = out

    def emit(self, record):
        try:
            message = (self.formatter or _DEFAULT_FORMATTER).format(record)
            send(self._out, record.levelno, record.name, message, record.pathname, record.lineno)
        except Exception:
            self.handleError(record)


class ErrorStream(io.TextIOBase):
    """``wsgi.errors``: each line becomes a record of level ERROR."""

    def __init__(self, out):
        self._out = out
        self._lock = threading.Lock()
        self._line = ""

    def writable(self):
        return True

    def write(self, text):
        with self._lock:
            *lines, self._line = (self._line + text).split("\n")
        for line in lines:
            send(self._out, logging.ERROR, "wsgi.errors", line)
        return len(text)

    def flush(self):
        if not self._line:
            return
        with self._lock:
            line, self._line = self._line, ""
        if line:
            send(self._out, logging.ERROR, "wsgi.errors", line)


def install(out):
    """Handles the records of every logger, and makes printed text appear line by line."""
    logging.getLogger().addHandler(FrameHandler(out))
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True)
