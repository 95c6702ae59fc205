"""Measures what slow clients do to other clients; started by benchmarks/slow-clients."""

import argparse
import contextlib
import os
import signal
import statistics
import sys
import tempfile
import time

from compare import names, positive, say
from side_by_side import Failure
from side_by_side.installed import check_installed
from side_by_side.loads import Load
from side_by_side.machine import description
from side_by_side.measure import Stalled, measured, wrk
from side_by_side.servers import TITLES, Server
from side_by_side.slow import READERS, SENDERS, more_descriptors, slow_clients
from side_by_side.slow_report import slow_markdown
from side_by_side.works import WORKS

HELLO = next(work for work in WORKS if work.name == "hello")
UPLOAD_BYTES = 10_000
KINDS = {SENDERS: ("/read", UPLOAD_BYTES), READERS: ("/large", 0)}
WARM_UP_SECONDS = 8
# The connections of slow clients are closed.
SETTLING_SECONDS = 2


def parse():
    parser = argparse.ArgumentParser(prog="benchmarks/slow-clients", description=__doc__)
    parser.add_argument("--rounds", type=positive, default=3, metavar="N", help="default 3")
    parser.add_argument(
        "--seconds", type=positive, default=8, metavar="N", help="of each measurement, default 8"
    )
    parser.add_argument(
        "--clients", type=positive, default=1000, metavar="N", help="slow ones, default 1000"
    )
    parser.add_argument("--connections", type=positive, default=32, metavar="N", help="default 32")
    parser.add_argument(
        "--servers",
        type=names([name for name in TITLES if name != "nginx"]),
        default=["jetty", "tomcat", "gthread", "uwsgi"],
        metavar="SERVER,...",
        help=", ".join(TITLES),
    )
    options = parser.parse_args()
    options.load = Load(options.connections, threads=1)
    return options


def fast(server, options):
    """The figures of fast clients, or None if they get no answer."""
    try:
        return measured(server, HELLO, options.seconds, options.load, stalls=True)
    except Stalled:
        return None


def mean(figures):
    """Of each figure; what wrk said besides is left out."""
    return {
        name: statistics.fmean(one[name] for one in figures)
        for name, value in figures[0].items()
        if isinstance(value, float)
    }


def beside(server, kind, options):
    """The figures of fast clients alone and beside slow ones, and how the slow ones fared.

    Alone is measured before and after, for whatever changes with time (compiled code, the machine).
    """
    path, body_bytes = KINDS[kind]
    alone = [fast(server, options)]
    if alone[0] is None:
        raise Failure(f"{server.title} answers nothing, without any slow client")
    with slow_clients(kind, server, options.clients, path, body_bytes) as fared:
        if server.gangway:
            # The just-in-time compiler has not seen such clients yet, and begins anew.
            with contextlib.suppress(Stalled):
                wrk(server, HELLO, WARM_UP_SECONDS, options.load, stalls=True)
        figures = fast(server, options)
    if figures is not None:
        time.sleep(SETTLING_SECONDS)
        alone.append(fast(server, options))
    return {"alone": mean([one for one in alone if one]), "beside": figures, "fared": fared}


def measure(name, kind, environment, folder, options):
    """Starts a server anew: what slow clients have done to the last one does not matter."""
    server = Server(name, "hello", environment, folder)
    try:
        server.wait()
        warm_up = WARM_UP_SECONDS if server.gangway else 2
        wrk(server, HELLO, warm_up, options.load)
        return beside(server, kind, options)
    finally:
        server.stop()


def run(options):
    check_installed(options.servers)
    # One for each slow client here; the servers inherit the limit.
    more_descriptors(3 * options.clients + 200)
    results = {(kind, name): [] for kind in KINDS for name in options.servers}
    with tempfile.TemporaryDirectory(prefix="gangway-benchmarks-") as folder:
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        for number in range(options.rounds):
            for kind, name in results:
                row = measure(name, kind, environment, folder, options)
                results[kind, name].append(row)
                say(f"round {number + 1} of {options.rounds}, {kind}, {TITLES[name]}: {row}")
    print(slow_markdown(description(options.servers), options, results))


def main():
    options = parse()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda signum, frame: sys.exit(128 + signum))
    try:
        run(options)
    except Failure as failure:
        say(f"benchmarks/slow-clients: {failure}")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
