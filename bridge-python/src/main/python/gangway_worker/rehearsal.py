"""The request that a worker answers to itself before it takes those of clients."""

import io
import logging
import os
import traceback
from urllib.parse import quote, unquote_to_bytes, urlsplit

from gangway_worker import heads


class Failed(Exception):
    """The application did not answer as it should; the message says how, with what it logged."""


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
    errors = _Errors()
    logging.getLogger().addHandler(errors)
    try:
        status = _status(application, environ(target, constants))
        if int(status[:3]) < 500:
            return
        failure = "was answered with %s" % status
    except BaseException:
        failure = "failed"
        errors.texts.append(traceback.format_exc())
    finally:
        logging.getLogger().removeHandler(errors)
        constants["wsgi.errors"].flush()
    raise Failed("\n".join(["the rehearsal request GET %s %s" % (target, failure), *errors.texts]))
