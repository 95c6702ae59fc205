"""The smallest WSGI application, and one that takes a while."""

import time

BODY = b"Hello, world!\n"


def application(environ, start_response):
    if environ["PATH_INFO"] == "/slow":
        time.sleep(0.2)
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "14")])
    return [BODY]
