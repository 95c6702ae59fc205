"""Measures applications without any server; started by benchmarks/floor.

What a request costs here no server can save: the application is called in a loop, in one process.
"""

import argparse
import importlib
import io
import os
import resource
import sys
import tempfile
import time
from wsgiref.util import setup_testing_defaults

from compare import positive, say, set_up_site, site_environment
from side_by_side import Failure
from side_by_side.servers import APPLICATIONS
from side_by_side.tables import number, table
from side_by_side.works import BY_NAME

WORKS = ("hello", "plain", "table", "row", "json", "upload")
WARM_UP_SECONDS = 1


def parse():
    parser = argparse.ArgumentParser(prog="benchmarks/floor", description=__doc__)
    parser.add_argument("--seconds", type=positive, default=5, metavar="N", help="default 5")
    return parser.parse_args()


def load(application):
    target, folder = APPLICATIONS[application]
    sys.path.insert(0, str(folder))
    module, _, name = target.partition(":")
    return getattr(importlib.import_module(module), name)


def call(application, work):
    """The body of the answer to one request."""
    body = b"g" * work.body_bytes
    environ = {
        "REQUEST_METHOD": work.method,
        "PATH_INFO": work.path,
        "QUERY_STRING": "",
        "HTTP_HOST": "127.0.0.1:8000",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.input": io.BytesIO(body),
    }
    if body:
        environ["CONTENT_LENGTH"] = str(len(body))
        environ["CONTENT_TYPE"] = "application/octet-stream"
    setup_testing_defaults(environ)
    response = application(environ, lambda status, headers, failure=None: None)
    try:
        return b"".join(response)
    finally:
        if hasattr(response, "close"):
            response.close()


def seconds_spent():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def measure(application, work, seconds):
    """Microseconds of processor time for each request."""
    body = call(application, work)
    if not work.right(body):
        raise Failure(f"{work.title}: a wrong answer: {body[:200]!r}")
    for duration in (WARM_UP_SECONDS, seconds):
        calls, begin, end = 0, seconds_spent(), time.monotonic() + duration
        while time.monotonic() < end:
            call(application, work)
            calls += 1
        spent = seconds_spent() - begin
    return spent * 1e6 / calls


def main():
    options = parse()
    try:
        with tempfile.TemporaryDirectory(prefix="gangway-floor-") as folder:
            os.environ.update(site_environment(folder))
            set_up_site(os.environ)
            rows = []
            for name in WORKS:
                work = BY_NAME[name]
                microseconds = measure(load(work.application), work, options.seconds)
                rows.append([work.title, number(microseconds)])
            print(table(["work", "CPU µs/request"], rows))
    except Failure as failure:
        say(f"benchmarks/floor: {failure}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
