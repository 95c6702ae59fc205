"""Measures ASGI applications on Gangway beside Uvicorn and Daphne; started by benchmarks/asgi."""

import argparse
import asyncio
import contextlib
import os
import signal
import statistics
import sys
import tempfile

from compare import names, positive, say, set_up_site
from side_by_side import Failure, servers, streams
from side_by_side.loads import USUAL
from side_by_side.machine import description
from side_by_side.measure import measured, wrk
from side_by_side.servers import FOLDER, SITE, WORKERS, Server
from side_by_side.slow import more_descriptors
from side_by_side.works import HELLO, Work

TITLES = {
    "jetty": "Gangway on Jetty",
    "tomcat": "Gangway on Tomcat",
    "uvicorn": "Uvicorn",
    "daphne": "Daphne (one process)",
}
HELLO_WORK = Work("hello", "ASGI hello", "asgi", "/", lambda body: body == HELLO)
DJANGO_WORK = Work(
    "django", "Django ASGI, plain", "asgi-django", "/bench/plain", lambda body: b"harbour" in body
)
TITLES_OF_WORKS = {
    "hello": "hello, 32 connections",
    "django": "Django ASGI plain, 32 connections",
    "events": "events to 1,000 clients, 5 a second",
    "echo": "WebSocket echo, 100 clients",
    "idle": "idle WebSockets",
    "streams": "idle event streams",
}
LISTENERS = 1000
SPEAKERS = 100


def parse():
    parser = argparse.ArgumentParser(prog="benchmarks/asgi", description=__doc__)
    parser.add_argument("--rounds", type=positive, default=3, metavar="N", help="default 3")
    parser.add_argument("--seconds", type=positive, default=6, metavar="N", help="default 6")
    parser.add_argument("--idle", type=positive, default=5000, metavar="N", help="default 5000")
    parser.add_argument(
        "--servers", type=names(list(TITLES)), default=list(TITLES), metavar="SERVER,..."
    )
    parser.add_argument(
        "--only", type=names(list(TITLES_OF_WORKS)), default=list(TITLES_OF_WORKS), metavar="WORK,..."
    )
    return parser.parse_args()


def command(name, application, address, environment):
    target, folder = servers.APPLICATIONS[application]
    port = address.rpartition(":")[2]
    if name == "uvicorn":
        line = [sys.executable, "-m", "uvicorn", "--host", "127.0.0.1", "--port", port]
        line += ["--workers", str(WORKERS), "--log-level", "warning", "--no-access-log"]
        return [*line, "--app-dir", str(folder), target]
    if name == "daphne":
        line = ["sh", "-c", 'cd "$0" && exec "$@"', str(folder), sys.executable, "-m", "daphne"]
        return [*line, "-b", "127.0.0.1", "-p", port, "-v", "0", target]
    return _command(name, application, address, environment)


_command = servers.command


def prepare():
    """Makes the servers known to the code that starts them."""
    servers.TITLES.update(TITLES)
    servers.APPLICATIONS["asgi"] = ("asgi_hello:application", FOLDER / "python")
    servers.APPLICATIONS["asgi-django"] = ("harbour.asgi:application", SITE)
    servers.command = command


def percentile(values, part):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def requests(server, work, options):
    before = server.tree.root_cpu_seconds()
    figures = measured(server, work, options.seconds, USUAL)
    root = server.tree.root_cpu_seconds() - before
    return {
        "rate": figures["requests_per_second"],
        "p99_ms": figures["p99_ms"],
        "cpu_us": figures["cpu_us"],
        "root_us": root * 1e6 / figures["wrk"]["requests"],
    }


def messages(server, client, count, options):
    """Figures of a client of the module streams, which returns a time for each message."""
    before = server.tree.cpu_seconds(), server.tree.root_cpu_seconds()
    times = asyncio.run(client(server.port, count, options.seconds))
    cpu = server.tree.cpu_seconds() - before[0]
    root = server.tree.root_cpu_seconds() - before[1]
    if not times:
        raise Failure(f"{server.title} delivered nothing:\n{server.tree.tail()}")
    # The clients connect and settle for a second as well; that is the same for all.
    return {
        "rate": len(times) / options.seconds,
        "p99_ms": percentile(times, 0.99) * 1000,
        "cpu_us": cpu * 1e6 / len(times),
        "root_us": root * 1e6 / len(times),
    }


def threads(server):
    """Threads of all processes of the server."""
    count = 0
    for pid in server.tree.members():
        with contextlib.suppress(OSError), open(f"/proc/{pid}/status") as file:
            count += next(int(line.split()[1]) for line in file if line.startswith("Threads:"))
    return count


def idle(server, path, options):
    """What many idle connections take, and whether all get a broadcast."""

    async def hold():
        before = threads(server), server.tree.memory_bytes()
        connections = streams.Idle(server.port, path, options.idle)
        try:
            await connections.open()
            await asyncio.sleep(2)
            after = threads(server), server.tree.memory_bytes()
            seconds, heard = await connections.broadcast(30)
        finally:
            connections.close()
        return {
            "threads": after[0] - before[0],
            "kib": (after[1] - before[1]) / 1024 / options.idle,
            "heard": heard,
            "seconds": seconds,
        }

    return asyncio.run(hold())


def measure(server, work, options):
    if work == "hello":
        return requests(server, HELLO_WORK, options)
    if work == "django":
        return requests(server, DJANGO_WORK, options)
    if work == "events":
        return messages(server, streams.events, LISTENERS, options)
    return messages(server, streams.echo, SPEAKERS, options)


def warm_up(server, works):
    for work in (HELLO_WORK, DJANGO_WORK):
        if work.name in works:
            server.check(work)
            wrk(server, work, 12 if server.gangway else 2, USUAL)
    if "echo" in works and server.gangway:
        asyncio.run(streams.echo(server.port, SPEAKERS, 6))


def compare(application, works, options, environment, folder, results):
    works = [work for work in works if work in options.only]
    if not works:
        return
    with contextlib.ExitStack() as stack:
        running = []
        for name in options.servers:
            server = Server(name, application, environment, folder)
            stack.callback(server.stop)
            server.wait()
            running.append(server)
        for server in running:
            say(f"warming up {server.title}")
            warm_up(server, works)
        for number in range(options.rounds):
            for work in works:
                for server in running:
                    if work in ("idle", "streams"):
                        continue
                    figures = measure(server, work, options)
                    results.setdefault((work, server.name), []).append(figures)
                    say(f"round {number + 1}: {work}, {server.title}: {figures}")
        for work, path in (("idle", "/room"), ("streams", "/quiet")):
            for server in running:
                if work in works:
                    figures = idle(server, path, options)
                    results[(work, server.name)] = [figures]
                    say(f"{work}, {server.title}: {figures}")


def report(machine, options, results):
    head = "| work | server | per second | p99 ms | CPU µs each | of them the JVM's |"
    lines = [machine, "", head, "|---|---|---|---|---|---|"]
    for work, title in TITLES_OF_WORKS.items():
        for name in options.servers:
            rounds = results.get((work, name))
            if rounds and work not in ("idle", "streams"):
                middle = {key: statistics.median(one[key] for one in rounds) for key in rounds[0]}
                jvm = "–" if name in ("uvicorn", "daphne") else f"{middle['root_us']:.1f}"
                lines.append(
                    f"| {title} | {TITLES[name]} | {middle['rate']:,.0f} |"
                    f" {middle['p99_ms']:.2f} | {middle['cpu_us']:.1f} | {jvm} |"
                )
    lines += ["", "| work | server | more threads | KiB each | got the broadcast | after s |"]
    lines += ["|---|---|---|---|---|---|"]
    for work in ("idle", "streams"):
        for name in options.servers:
            for one in results.get((work, name), []):
                lines.append(
                    f"| {options.idle:,} {TITLES_OF_WORKS[work]} | {TITLES[name]} |"
                    f" {one['threads']} | {one['kib']:.1f} | {one['heard']:,} | {one['seconds']:.2f} |"
                )
    return "\n".join(lines)


def run(options):
    prepare()
    more_descriptors(options.idle + 1000)
    results = {}
    with tempfile.TemporaryDirectory(prefix="gangway-benchmarks-") as folder:
        environment = {
            **os.environ,
            "DATA_DIR": folder,
            "DEBUG": "0",
            "SECRET_KEY": "only-for-measurements",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        set_up_site(environment)
        try:
            asgi = ["hello", "events", "echo", "idle", "streams"]
            compare("asgi", asgi, options, environment, folder, results)
            compare("asgi-django", ["django"], options, environment, folder, results)
        finally:
            if results:
                print(report(str(description([])), options, results))


def main():
    options = parse()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda signum, frame: sys.exit(128 + signum))
    try:
        run(options)
    except Failure as failure:
        say(f"benchmarks/asgi: {failure}")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
