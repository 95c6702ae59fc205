"""One request at a time, to see whether a server gives the right answer."""

import contextlib
import http.client
import re


def answer(port, method, path, body=None, headers=()):
    """Status, body and headers of one answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    with contextlib.closing(connection):
        connection.request(method, path, body=body, headers=dict(headers))
        response = connection.getresponse()
        return response.status, response.read(), response.headers


def fill_in(port, path, fields):
    """Gets a form of Django's as a browser does: headers and body of what is to be posted."""
    status, page, headers = answer(port, "GET", path)
    token = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', page)
    cookie = re.search(r"csrftoken=\w+", headers.get("Set-Cookie", ""))
    if not token or not cookie:
        raise ValueError(f"{path} has no form with a CSRF token, but {status} {page[:200]!r}")
    sent = (
        ("Cookie", cookie[0]),
        ("Content-Type", "application/x-www-form-urlencoded"),
    )
    return sent, f"csrfmiddlewaretoken={token[1].decode()}&{fields}".encode()
