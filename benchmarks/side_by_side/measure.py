"""One measurement: wrk against a server, with what the server and the machine spent on it."""

import contextlib
import json
import resource
import subprocess
import threading
import time

from . import Failure
from .client import answer
from .processes import busy_seconds
from .servers import FOLDER
from .works import HELLO, Work

SLOW = Work("slow", "200 ms", "hello", "/slow", lambda body: body == HELLO)


class Stalled(Exception):
    """Nobody got an answer."""


def command_line(server, work, seconds, load, stalls):
    """The command."""
    threads = min(load.threads, load.connections)
    line = ["wrk", "--threads", str(threads), "--connections", str(load.connections)]
    line += ["--duration", f"{seconds}s", "--timeout", "5s" if stalls else "30s"]
    line += ["--script", str(FOLDER / "wrk.lua")]
    line += [f"http://127.0.0.1:{server.port}{work.path}", "--", f"method={work.method}"]
    headers, body = server.request(work)
    if work.body_bytes:
        line.append(f"bytes={work.body_bytes}")
    elif body:
        line.append(f"text={body.decode()}")
    line += [f"header={name}: {value}" for name, value in headers]
    if not load.keep_alive:
        line.append("header=Connection: close")
    return [*line, "count=each"] if work.counted else line


def wrk(server, work, seconds, load, stalls=False):
    """Runs wrk and returns what wrk.lua prints; Failure if any answer was not good.

    With ``stalls`` a server may be late, and Stalled is raised if it answers nothing at all.
    """
    line = command_line(server, work, seconds, load, stalls)
    process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        # It does not end before it has connected.
        output, _ = process.communicate(timeout=seconds + (5 if stalls else 60))
    except subprocess.TimeoutExpired:
        if stalls:
            raise Stalled from None
        raise Failure(f"wrk has not ended in time against {server.title}, {work.title}") from None
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    lines = [text for text in output.splitlines() if text.startswith("{")]
    if process.returncode != 0 or not lines:
        raise Failure(f"wrk failed against {server.title}, {work.title}:\n{output}")
    result = json.loads(lines[-1])
    if stalls and not result["requests"]:
        raise Stalled
    errors = ["status"] if stalls else ["connect", "write", "status", "timeout"]
    # uWSGI and gunicorn close connections after their answers, which wrk counts as an error.
    if server.gangway and not stalls:
        errors.append("read")
    if not result["requests"] or any(result[error] for error in errors):
        raise Failure(
            f"{server.title}, {work.title}: not every answer was good: {lines[-1]}."
            f" Output of the server:\n{server.tree.tail()}"
        )
    return result


def _own_seconds():
    """Processor time of this program and of the runs of wrk, but not of running servers."""
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in (
            resource.getrusage(resource.RUSAGE_SELF),
            resource.getrusage(resource.RUSAGE_CHILDREN),
        )
    )


def measured(server, work, seconds, load, stalls=False):
    """The figures of one run, as they are kept; for ``stalls`` see wrk."""
    times = server.tree.cpu_seconds(), busy_seconds(), _own_seconds(), time.monotonic()
    jvm = server.tree.root_cpu_seconds() if server.gangway else 0
    result = wrk(server, work, seconds, load, stalls)
    after = server.tree.cpu_seconds(), busy_seconds(), _own_seconds(), time.monotonic()
    cpu, busy, own, elapsed = (end - begin for begin, end in zip(times, after))
    figures = {
        "requests_per_second": result["requests"] / (result["microseconds"] / 1e6),
        "p50_ms": result["p50"] / 1000,
        "p99_ms": result["p99"] / 1000,
        "p999_ms": result["p999"] / 1000,
        "cpu_us": cpu * 1e6 / result["requests"],
        "memory_mib": server.tree.memory_bytes() / 1024 / 1024,
        # How many processors worked for something that is not part of this run.
        "foreign_processors": max(0.0, (busy - cpu - own) / elapsed),
        "wrk": result,
    }
    if work.counted:
        figures["slowest_share"] = result["least_of_thread"] / result["mean_of_threads"]
    if server.gangway:
        figures["jvm_mib"] = server.tree.root_memory_bytes() / 1024 / 1024
        jvm = server.tree.root_cpu_seconds() - jvm
        figures["jvm_cpu_us"] = jvm * 1e6 / result["requests"]
    return figures


@contextlib.contextmanager
def slow_client(server):
    """One client that repeats a 200 ms request until the end of the block; yields its times."""
    stop, milliseconds, failures = threading.Event(), [], []

    def repeat():
        while not stop.is_set():
            begin = time.monotonic()
            try:
                status, body, _ = answer(server.port, SLOW.method, SLOW.path)
            except OSError as failure:
                status, body = 0, repr(failure).encode()
            if status != 200 or not SLOW.right(body):
                failures.append(f"{status} {body[:200]!r}")
                return
            milliseconds.append((time.monotonic() - begin) * 1000)

    thread = threading.Thread(target=repeat, name="slow client")
    thread.start()
    try:
        yield milliseconds
    finally:
        stop.set()
        thread.join()
    if failures:
        raise Failure(f"{server.title} answered the slow request with {failures[0]}")


def measure(server, work, seconds, load):
    """Checks the answer, measures, checks again."""
    server.check(work)
    if work.beside_slow:
        alone = measured(server, work, seconds, load)
        with slow_client(server) as milliseconds:
            figures = measured(server, work, seconds, load)
        figures["alone"] = alone
        figures["slow_ms"] = sorted(milliseconds)[len(milliseconds) // 2]
        figures["slow_requests"] = len(milliseconds)
    else:
        figures = measured(server, work, seconds, load)
    server.check(work)
    absent = [name for name in ("requests_per_second", "p99_ms", "cpu_us") if figures[name] <= 0]
    if absent:
        raise Failure(f"{server.title}, {work.title}: no figure for {', '.join(absent)}")
    return figures


