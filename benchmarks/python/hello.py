"""The smallest WSGI application, one that takes a while, one that reads, and one that says much."""

import time

BODY = b"Hello, world!\n"

# More than the kernel takes for a client that does not read.
LARGE = b"g" * (4 * 1024 * 1024)


def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/large":
        headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(LARGE)))]
        start_response("200 OK", headers)
        return [LARGE]
    if path == "/slow":
        time.sleep(0.2)
    elif path == "/read":
        environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "14")])
    return [BODY]
