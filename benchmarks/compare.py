"""Measures Gangway beside uWSGI and gunicorn in one interleaved run; started by benchmarks/run."""

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from side_by_side import Failure
from side_by_side.machine import description
from side_by_side.measure import measure, wrk
from side_by_side.report import Results, markdown
from side_by_side.servers import SITE, TITLES, Server, check_installed
from side_by_side.works import WORKS


def names(known):
    """Parses a list of names, separated by commas."""

    def parse(text):
        chosen = [name.strip() for name in text.split(",") if name.strip()]
        unknown = [name for name in chosen if name not in known]
        if unknown or not chosen:
            raise argparse.ArgumentTypeError(f"{text!r}: choose from {', '.join(known)}")
        return chosen

    return parse


def positive(text):
    if not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of 1 or more")
    return int(text)


def parse():
    works = [work.name for work in WORKS]
    parser = argparse.ArgumentParser(prog="benchmarks/run", description=__doc__)
    parser.add_argument("--rounds", type=positive, metavar="N", help="rounds (default 5)")
    parser.add_argument("--seconds", type=positive, metavar="N", help="of each run (default 8)")
    parser.add_argument(
        "--only", type=names(works), default=works, metavar="WORK,...", help=", ".join(works)
    )
    parser.add_argument(
        "--servers",
        type=names(list(TITLES)),
        metavar="SERVER,...",
        help=", ".join(TITLES),
    )
    parser.add_argument("--connections", type=positive, default=32, metavar="N", help="default 32")
    parser.add_argument("--wrk-threads", type=positive, default=2, metavar="N", help="default 2")
    parser.add_argument(
        "--output", type=Path, metavar="FOLDER", help="keeps figures.json and report.md there"
    )
    parser.add_argument(
        "--quick", action="store_true", help="about a minute: shows that everything works, no more"
    )
    options = parser.parse_args()
    options.servers = options.servers or [
        name for name in TITLES if not (options.quick and name == "gthread")
    ]
    options.rounds = options.rounds or (1 if options.quick else 5)
    options.seconds = options.seconds or (1 if options.quick else 8)
    # Of Gangway, whose just-in-time compiler takes about 10 s for each kind of work.
    options.warm_up = 1 if options.quick else 12
    return options


def say(text):
    print(text, file=sys.stderr, flush=True)


def set_up_site(environment):
    """A fresh database for the Django site, in the folder that the environment names."""
    done = subprocess.run(
        [sys.executable, "manage.py", "setup"],
        cwd=SITE,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    if done.returncode != 0:
        raise Failure(f"The sample site cannot be set up:\n{done.stdout}{done.stderr}")


def warm_up(server, work, options):
    """Checks the answer, and lets the just-in-time compiler see this kind of work."""
    server.check(work)
    seconds = options.warm_up if server.gangway else options.warm_up // 6
    if seconds:
        say(f"warming up {server.title}: {work.title}")
        wrk(server, work, seconds, options.connections, options.wrk_threads)


def compare(application, options, environment, folder, results):
    """Starts every server with one application, then measures them in turns."""
    chosen = options.only
    works = [work for work in WORKS if work.application == application and work.name in chosen]
    chosen = [name for name in options.servers if any(work.runs_on(name) for work in works)]
    if not chosen:
        return
    with contextlib.ExitStack() as stack:
        servers = []
        for name in chosen:
            server = Server(name, application, environment, folder)
            stack.callback(server.stop)
            server.wait()
            servers.append(server)
        for work in works:
            for server in servers:
                if work.runs_on(server.name):
                    warm_up(server, work, options)
        for number in range(options.rounds):
            for work in works:
                for server in servers:
                    if work.runs_on(server.name):
                        size = options.seconds, options.connections, options.wrk_threads
                        figures = measure(server, work, *size)
                        results.add(work.name, server.name, figures)
                        say(
                            f"round {number + 1} of {options.rounds}: {work.title}, {server.title}:"
                            f" {figures['requests_per_second']:.0f} requests/s,"
                            f" p99 {figures['p99_ms']:.2f} ms, {figures['cpu_us']:.1f} µs CPU"
                        )


def keep(folder, machine, options, results, report):
    folder.mkdir(parents=True, exist_ok=True)
    figures = [
        {"work": work, "server": server, "rounds": rounds}
        for (work, server), rounds in results.rounds.items()
    ]
    kept = {
        "machine": machine,
        "rounds": options.rounds,
        "seconds": options.seconds,
        "connections": options.connections,
        "figures": figures,
    }
    (folder / "figures.json").write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
    (folder / "report.md").write_text(report)


def run(options):
    check_installed(options.servers)
    results = Results()
    with tempfile.TemporaryDirectory(prefix="gangway-benchmarks-") as folder:
        # The same for every server.
        environment = {
            **os.environ,
            "DATA_DIR": folder,
            "DEBUG": "0",
            "SECRET_KEY": "only-for-measurements",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        set_up_site(environment)
        try:
            for application in ("hello", "django"):
                compare(application, options, environment, folder, results)
        finally:
            if results.rounds:
                machine = description(options.servers)
                report = markdown(machine, options, results)
                if options.output:
                    keep(options.output, machine, options, results, report)
    print(report)


def main():
    options = parse()
    # So that servers are stopped and the temporary folder goes.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda signum, frame: sys.exit(128 + signum))
    try:
        run(options)
    except Failure as failure:
        say(f"benchmarks/run: {failure}")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
