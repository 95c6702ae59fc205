"""Calls the application for one request after the other (PEP 3333)."""

import io
import logging
import os
import stat
import struct
import sys
import threading

from gangway_worker import heads, inputs, logs, slots

_log = logging.getLogger("gangway.worker")
_length = struct.Struct("<I")
_set_request_id = logs.request_id.set

#: A file body shorter than this goes through the slot.
_SENDFILE_FROM = 16 * 1024


class FileWrapper:
    """``wsgi.file_wrapper``."""

    #: Whether the parent sends files itself: not those of a worker that is another user.
    sent_by_parent = True

    def __init__(self, filelike, blksize=8192):
        self.filelike = filelike
        self.blksize = blksize
        if hasattr(filelike, "close"):
            self.close = filelike.close

    def __iter__(self):
        return self

    def __next__(self):
        data = self.filelike.read(self.blksize)
        if data:
            return data
        raise StopIteration

    def plain_file(self):
        """Path, offset and number of bytes, if the parent can send the file itself; else None."""
        filelike = self.filelike
        if not self.sent_by_parent:
            return None
        if type(filelike) not in (io.BufferedReader, io.FileIO):
            return None  # it may be temporary, decoded or compressed: only its read() knows
        try:
            status = os.fstat(filelike.fileno())
            path = os.path.abspath(filelike.name)
            named = os.stat(path)
            offset = filelike.tell()
        except (OSError, TypeError, ValueError):
            return None
        same = (status.st_dev, status.st_ino) == (named.st_dev, named.st_ino)
        # Java may not be able to name a file whose path is not ASCII: it depends on its locale.
        if not same or not stat.S_ISREG(status.st_mode) or not os.fsencode(path).isascii():
            return None
        return os.fsencode(path), offset, max(0, status.st_size - offset)


def constants(multithread, multiprocess, out):
    """The keys of the environ that are the same for each request."""
    return {
        "wsgi.version": (1, 0),
        "wsgi.errors": logs.ErrorStream(out),
        "wsgi.multithread": multithread,
        "wsgi.multiprocess": multiprocess,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": FileWrapper,
        "wsgi.input_terminated": True,
    }


class Response:
    """The state of one response: what start_response was told, and what is out already."""

    __slots__ = ("_channel", "_head_only", "_head", "_out", "_rest", "_exceeded", "_ended")

    def __init__(self, channel, method):
        self._channel = channel
        self._head_only = method == "HEAD"
        self._head = None
        #: Whether the head is out.
        self._out = False
        #: How many bytes may still be sent, or None while any number may.
        self._rest = None
        #: Whether there was more to send than may be sent.
        self._exceeded = False
        #: Whether the last token is out, so that the slot is the parent's again.
        self._ended = False

    def start_response(self, status, headers, exc_info=None):
        if exc_info is not None:
            try:
                if self._out:
                    raise exc_info[1].with_traceback(exc_info[2])
            finally:
                exc_info = None
        elif self._head is not None:
            raise AssertionError("start_response was called before, and without exc_info")
        self._head = heads.Head(status, headers)
        return self.write

    def write(self, data):
        if self._head is None:
            raise AssertionError("write() was called before start_response")
        if not isinstance(data, bytes):
            raise TypeError("a body chunk must be bytes, not %s" % type(data).__name__)
        if data:
            self._part(data)

    def _begin(self):
        """Settles how the response will go, once its head cannot be replaced any more."""
        head = self._head
        if len(head.encoded) + _length.size > self._channel.room:
            raise ValueError(
                "the response's head has %d bytes, more than a slot holds" % len(head.encoded)
            )
        self._out = True
        self._rest = 0 if self._head_only or head.bodyless else head.length
        return head

    def _cut(self, data):
        """What of the data may be sent."""
        rest = self._rest
        if rest is None:
            return data
        if len(data) > rest:
            if not self._exceeded and not self._head_only and not self._head.bodyless:
                _log.warning("the body is longer than its Content-Length and was cut")
            self._exceeded = True
            data = data[:rest]
        self._rest = rest - len(data)
        return data

    def _part(self, data):
        if self._out:
            data = self._cut(data)
            if data:
                self._channel.send_part(slots.PART, data)
        else:
            head = self._begin().encoded
            data = self._cut(data)
            self._channel.send_part(slots.HEAD, _length.pack(len(head)) + head + data)

    def whole(self, body):
        """Sends a body that is at hand as a whole, and ends the response."""
        head = self._head
        if head is None:
            raise AssertionError("the application did not call start_response")
        if self._out:
            if body:
                self.write(body)
            self.end()
            return
        if head.length is None and not head.bodyless:
            if body or not self._head_only:
                head.add_length(len(body))
        self._begin()
        if self._rest != len(body):
            body = self._cut(body)
        else:
            self._rest = 0
        encoded = head.encoded
        if self._rest and not (self._head_only or head.bodyless):
            # Shorter than it promised: the parent must break the connection.
            self._channel.send_part(slots.HEAD, _length.pack(len(encoded)) + encoded + body)
            self._short()
            return
        payload = _length.pack(len(encoded)) + encoded + body
        if len(payload) <= self._channel.room:
            self._ended = True
            self._channel.send(slots.RESPONSE, payload)
        else:
            self._channel.send_part(slots.HEAD, payload)
            self._finish(slots.END)

    def iterate(self, chunks):
        """Sends each chunk before the next is asked for."""
        for chunk in chunks:
            if type(chunk) is not bytes and not isinstance(chunk, bytes):
                raise TypeError("a body chunk must be bytes, not %s" % type(chunk).__name__)
            if not chunk:
                continue
            head = self._head
            if not self._out and head is not None:
                if self._head_only or head.bodyless:
                    self.whole(b"")
                    return
                if head.length == len(chunk):
                    self.whole(chunk)
                    self._exhaust(chunks)
                    return
            self.write(chunk)
            if self._exceeded:
                break  # nothing more can be sent, and the rest may be endless
        if self._out:
            self.end()
        else:
            self.whole(b"")

    def _exhaust(self, chunks):
        # The response is out and its slot the parent's again; only the count matters now.
        if any(chunks):
            _log.warning("the body is longer than its Content-Length and was cut")

    def end(self):
        """Ends a response whose head is out."""
        if self._rest and not (self._head_only or self._head.bodyless):
            self._short()
        else:
            self._finish(slots.END)

    def _short(self):
        _log.error("the body is %d bytes shorter than its Content-Length", self._rest)
        self._finish(slots.ABORT)

    def _finish(self, kind):
        self._channel.settle()
        self._ended = True
        self._channel.send(kind, b"")

    def file(self, wrapper):
        """Lets the parent send a file; returns False if that cannot be."""
        head = self._head
        if self._out or head is None or self._head_only or head.bodyless:
            return False
        found = wrapper.plain_file()
        if found is None:
            return False
        path, offset, count = found
        if head.length is None:
            head.add_length(count)
        elif head.length < count:
            count = head.length
        if count < _SENDFILE_FROM or head.length != count:
            return False
        self._begin()
        payload = _length.pack(len(head.encoded)) + head.encoded
        payload += b"%d\0%d\0%b" % (offset, count, path)
        if len(payload) > self._channel.room:
            raise ValueError("the response's head and its file's path are larger than a slot")
        self._ended = True
        self._channel.send_file(payload)
        return True

    def fail(self, status, text):
        """Answers for an application that raised."""
        if self._ended:
            return
        if self._out:
            self._finish(slots.ABORT)
            return
        self._head = heads.Head(status, [("Content-Type", "text/plain; charset=utf-8")])
        self.whole(text)

    def abandon(self):
        """The client has left: the parent only waits for its slot."""
        if not self._ended:
            self._ended = True
            self._channel.send(slots.ABORT, b"")


def _shown(fields):
    """Method and path, which a client may have put line ends into, for a line of the log."""
    environ = dict(zip(fields[::2], fields[1::2]))  # the application may have changed its own
    path = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
    return "%s %s" % (environ["REQUEST_METHOD"], ascii(path)[1:-1])


def child_failed(failure):
    """Ends a child whose application raised; SystemExit is how many a child ends."""
    if isinstance(failure, SystemExit):
        code = failure.code
        _end_child(code if isinstance(code, int) else int(code is not None))
    _log.error("a child that the application forked failed", exc_info=failure)
    _end_child(1)


def _end_child(code):
    """Ends this process without what is left of its parent's stack."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            pass
    os._exit(code & 0xFF)


def child_came_back():
    """Ends a child that went on as if it were to answer, too."""
    _log.warning(
        "the application forked, and its child (pid %d) came back from its call, as its parent does;"
        " it is ended. A child is to end with os._exit",
        os.getpid(),
    )
    _end_child(1)


def never_answer_in_children(channels):
    """What an application forks can neither take a request nor answer one."""

    def after_fork():
        for channel in channels:
            if not channel.forked:
                channel.close()
                channel.after_fork()

    os.register_at_fork(after_in_child=after_fork)


class Loop:
    """What a thread of a worker does until the end."""

    def __init__(self, channel, application, constants):
        self._channel = channel
        self._application = application
        self._constants = constants
        self._flush_errors = constants["wsgi.errors"].flush
        #: Set from outside: no request is to be taken any more.
        self.ending = False
        #: Set from outside: ``run`` has returned.
        self.over = False

    @property
    def busy(self):
        """Whether a request is being answered."""
        return self._channel.busy

    def run(self):
        self._channel.ident = threading.get_ident()
        take = self._channel.take
        while not self.ending:
            taken = take()
            if taken is None:
                return
            try:
                self._serve(*taken)
            except BaseException:
                # Nothing that an application does may end this loop.
                _log.exception("a request failed outside its application")
            if self._channel.forked:
                child_came_back()
            self._channel.busy = False

    def _serve(self, payload, body):
        channel = self._channel
        try:
            end = 4 + _length.unpack_from(payload)[0]
            fields = payload[4:end].decode("latin-1").split("\0")
            _set_request_id(fields[-1])  # gangway.request_id comes last
            names = iter(fields)
            environ = dict(zip(names, names))
            method = environ["REQUEST_METHOD"]
        except (KeyError, struct.error):
            _log.error("a request's slot was overwritten: it holds no environ; the request failed")
            channel.send(slots.ABORT, b"")
            return
        environ.update(self._constants)
        environ["gangway.client_disconnected"] = channel.cancellation()
        response = Response(channel, method)
        result = input_ = None
        try:
            environ["wsgi.input"] = input_ = inputs.open_input(body, payload[end:], channel)
            result = self._application(environ, response.start_response)
            if channel.forked:
                child_came_back()
            kind = type(result)
            if kind is FileWrapper and response.file(result):
                pass
            elif kind is list or kind is tuple or getattr(result, "streaming", None) is False:
                # At hand as a whole: a list, or Django's HttpResponse.
                response.whole(b"".join(result))
            else:
                response.iterate(iter(result))
        except slots.ClientDisconnected:
            response.abandon()
        except slots.Forked:
            child_came_back()
        except BaseException as failure:
            if channel.forked:
                child_failed(failure)
            self._failed(response, fields, failure)
        finally:
            if hasattr(result, "close"):
                try:
                    result.close()
                except BaseException:
                    _log.exception("close() of the response to %s failed", _shown(fields))
            if body != slots.BODY_IN_SLOT and input_ is not None:
                input_.close()
            self._flush_errors()

    def _failed(self, response, fields, failure):
        try:
            if isinstance(failure, slots.BodyCutShort):
                _log.info("%s: %s", _shown(fields), failure)
                response.fail("400 Bad Request", b"Bad Request\n")
            else:
                _log.error("%s failed", _shown(fields), exc_info=failure)
                response.fail("500 Internal Server Error", b"Internal Server Error\n")
        except slots.ClientDisconnected:
            response.abandon()
        except BaseException:
            response.abandon()  # the parent waits for the last token of the slot
            raise
