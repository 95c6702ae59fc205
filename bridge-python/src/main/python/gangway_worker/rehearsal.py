"""The request that a worker answers to itself before it takes those of clients."""

import contextlib
import io
import logging
import os
import traceback
from urllib.parse import quote, unquote_to_bytes, urlsplit

from gangway_worker import heads


class Failed(Exception):
    """The application is not fit to serve; the message says why, with what it logged."""


class _Errors(logging.Handler):
    """Keeps what the application logs about its failure: frameworks answer 500 by themselves."""

    def __init__(self):
        super().__init__(logging.ERROR)
        self.texts = []

    def emit(self, record):
        self.texts.append(logging.Formatter("%(name)s: %(message)s").format(record))


def environ(target, constants):
    """What the application is called with: ``target`` is a path of localhost, or a URL.

    As under gunicorn, the variable SCRIPT_NAME tells where the application is mounted. Django keeps
    what it makes of the first one that it sees, so a wrong one would stay.
    """
    script_name = os.environb.get(b"SCRIPT_NAME", b"").decode("latin-1")
    url = urlsplit(target if "://" in target else "http://localhost" + target)
    path = url.path or "/"
    result = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": script_name,
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": url.query,
        "REQUEST_URI": quote(script_name, encoding="latin-1") + path + ("?" + url.query if url.query else ""),
        "SERVER_NAME": url.hostname or "localhost",
        "SERVER_PORT": str(url.port or (443 if url.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": url.netloc,
        "HTTP_USER_AGENT": "Gangway rehearsal",
        "wsgi.url_scheme": url.scheme,
        "wsgi.input": io.BytesIO(),
        "gangway.client_disconnected": lambda: False,
        "gangway.rehearsal": True,
        "gangway.request_id": "rehearsal",
    }
    result["RAW_URI"] = result["REQUEST_URI"]
    if url.scheme == "https":
        result["HTTPS"] = "on"
    result.update(constants)
    return result


def _status(application, environ):
    """Calls the application, reads the whole body and closes it; returns the status."""
    answered = None

    def start_response(status, headers, exc_info=None):
        nonlocal answered
        heads.Head(status, headers)
        answered = status
        return len

    result = application(environ, start_response)
    try:
        for chunk in result:
            if not isinstance(chunk, bytes):
                raise TypeError("a body chunk must be bytes, not %s" % type(chunk).__name__)
    finally:
        if hasattr(result, "close"):
            result.close()
    if answered is None:
        raise AssertionError("the application did not call start_response")
    return answered


def rehearse(application, target, constants):
    """Raises Failed unless the application answers with a status below 500."""
    with _judged(target) as judge:
        try:
            judge(_status(application, environ(target, constants)))
        finally:
            constants["wsgi.errors"].flush()


async def rehearse_asgi(application, target, state):
    """The same for an ASGI application, which keeps ``state`` in its lifespan."""
    with _judged(target) as judge:
        judge(await _status_of_asgi(application, scope(target, state)))


@contextlib.contextmanager
def _judged(target):
    """Gives what takes the status, and raises Failed with what the application has logged."""
    errors = _Errors()
    statuses = []
    logging.getLogger().addHandler(errors)
    try:
        yield statuses.append
        if int(statuses[0][:3]) < 500:
            return
        failure = "was answered with %s" % statuses[0]
    except BaseException:
        failure = "failed"
        errors.texts.append(traceback.format_exc())
    finally:
        logging.getLogger().removeHandler(errors)
    raise Failed("\n".join(["the rehearsal request GET %s %s" % (target, failure), *errors.texts]))


def scope(target, state):
    """What an ASGI application is called with."""
    request = environ(target, {})
    root_path = request["SCRIPT_NAME"].encode("latin-1").decode("utf-8", "replace")
    path = request["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
    result = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.5"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": request["wsgi.url_scheme"],
        "path": root_path + path,
        "raw_path": request["REQUEST_URI"].partition("?")[0].encode("latin-1"),
        "query_string": request["QUERY_STRING"].encode("latin-1"),
        "root_path": root_path,
        "headers": [
            (b"host", request["HTTP_HOST"].encode("latin-1")),
            (b"user-agent", request["HTTP_USER_AGENT"].encode("latin-1")),
        ],
        "client": ("127.0.0.1", None),
        "server": (request["SERVER_NAME"], int(request["SERVER_PORT"])),
        "extensions": {},
        "gangway.rehearsal": True,
        "gangway.request_id": "rehearsal",
    }
    if state is not None:
        result["state"] = state.copy()
    return result


async def _status_of_asgi(application, scope):
    events = [{"type": "http.request", "body": b"", "more_body": False}]
    statuses = []

    async def receive():
        return events.pop() if events else {"type": "http.disconnect"}

    async def send(message):
        if message["type"] == "http.response.start":
            statuses.append("%d" % message["status"])

    await application(scope, receive, send)
    if not statuses:
        raise AssertionError("the application sent no http.response.start")
    return statuses[0]
