"""Measures Gangway beside other servers in one interleaved run; started by benchmarks/run."""

import argparse
import contextlib
import datetime
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from side_by_side import Failure, startup
from side_by_side.chart import chart
from side_by_side.installed import check_installed
from side_by_side.machine import description
from side_by_side.measure import measure, wrk
from side_by_side.plan import (
    PLACES,
    STARTUP,
    cells,
    estimate,
    more_warm_up_seconds,
    seconds_of,
    warm_up_seconds,
)
from side_by_side.report import markdown
from side_by_side.results import Results
from side_by_side.servers import FOLDER, SITE, TITLES, Server
from side_by_side.works import MEBIBYTE, WORKS


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


def numbers(text):
    """Parses numbers, separated by commas."""
    return [positive(part) for part in text.split(",")]


def kept(text):
    """Parses yes, no or both: whether connections are kept."""
    return [answer == "yes" for answer in names(["yes", "no"])(text)]


def parse(arguments=None):
    works = [work.name for work in WORKS] + [STARTUP]
    parser = argparse.ArgumentParser(prog="benchmarks/run", description=__doc__)
    size = parser.add_mutually_exclusive_group()
    size.add_argument(
        "--quick", action="store_true", help="some minutes: shows that everything works, no more"
    )
    size.add_argument(
        "--full", action="store_true", help="hours: all works on all servers under all loads"
    )
    parser.add_argument("--rounds", type=positive, metavar="N", help="rounds (default 3)")
    parser.add_argument("--seconds", type=positive, metavar="N", help="of each run (default 4)")
    parser.add_argument(
        "--warm-up", type=int, metavar="N", help="seconds for each work on Gangway (default 12)"
    )
    parser.add_argument("--only", type=names(works), metavar="WORK,...", help=", ".join(works))
    parser.add_argument(
        "--servers", type=names(list(TITLES)), metavar="SERVER,...", help=", ".join(TITLES)
    )
    parser.add_argument(
        "--connections", type=numbers, metavar="N,...", help="instead of those of each work"
    )
    parser.add_argument(
        "--keep-alive", type=kept, metavar="yes,no", help="no: a new connection for each request"
    )
    parser.add_argument("--wrk-threads", type=positive, default=2, metavar="N", help="default 2")
    parser.add_argument(
        "--java-options", default="", metavar="OPTIONS", help='of Gangway, such as "-Xmx96m"'
    )
    parser.add_argument(
        "--output",
        type=Path,
        metavar="FOLDER",
        help="keeps figures.json, report.md and charts there (default target/runs/DATE)",
    )
    return complete(parser.parse_args(arguments))


def complete(options):
    """Fills in what depends on the size of the run."""
    options.chosen = options.full or options.only is not None
    options.only = options.only or [work.name for work in WORKS] + [STARTUP]
    options.servers = options.servers or list(TITLES)
    if options.full:
        options.connections = options.connections or [1, 32, 256]
        options.keep_alive = options.keep_alive or [True, False]
    options.rounds = options.rounds or (1 if options.quick else 3)
    options.seconds = options.seconds or (1 if options.quick else 4)
    if options.warm_up is None:
        options.warm_up = 0 if options.quick else 12
    now = datetime.datetime.now().strftime("%Y-%m-%d-%H%M%S")
    options.output = (options.output or FOLDER / "target" / "runs" / now).absolute()
    return options


def say(text):
    print(text, file=sys.stderr, flush=True)


def site_environment(folder):
    """What the Django site needs, which keeps its data in the folder."""
    return {
        "DATA_DIR": folder,
        "DEBUG": "0",
        "SECRET_KEY": "only-for-measurements",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


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


def make_files(folder):
    """The files that the site and the servers send."""
    folder.mkdir(parents=True)
    for mebibytes in (1, 100):
        (folder / f"{mebibytes}.bin").write_bytes(MEBIBYTE * mebibytes)


def warm_up(server, work, load, options):
    """Lets the just-in-time compiler see this kind of work."""
    seconds = warm_up_seconds(server.name, options)
    if seconds:
        server.check(work)
        say(f"warming up {server.title}: {work.title}")
        answers = wrk(server, work, seconds, load)["requests"]
        more = more_warm_up_seconds(seconds, answers) if server.gangway else 0
        if more:
            wrk(server, work, more, load)


def compare(application, place, options, environment, folder, results):
    """Starts every server of a place with one application, then measures them in turns."""
    chosen = cells(application, place, options)
    with contextlib.ExitStack() as stack:
        servers = {}
        for name in dict.fromkeys(cell.server for cell in chosen):
            servers[name] = Server(name, application, environment, folder)
            stack.callback(servers[name].stop)
        for server in servers.values():
            server.wait()
        warm = set()
        for work, load, name in chosen:
            # The same request is the same code, under whatever load.
            if (work.path, name) not in warm:
                warm.add((work.path, name))
                with results.attempt(say):
                    warm_up(servers[name], work, load, options)
        for number in range(options.rounds):
            for work, load, name in chosen:
                with results.attempt(say):
                    server = servers[name]
                    figures = measure(server, work, seconds_of(work, options), load)
                    results.add(work.name, name, load, figures)
                    say(
                        f"round {number + 1} of {options.rounds}: {work.title}, {load.title}"
                        f" connections, {server.title}: {figures['requests_per_second']:.0f}"
                        f" requests/s, p99 {figures['p99_ms']:.2f} ms,"
                        f" {figures['cpu_us']:.1f} µs CPU"
                    )


def compare_startups(options, environment, folder, results):
    """Starts the servers one after the other, in turns."""
    chosen = [name for name in options.servers if startup.starts(name)]
    for number in range(options.rounds):
        for name in chosen:
            with results.attempt(say):
                figures = startup.measure(name, environment, folder)
                results.add_startup(name, figures)
                say(
                    f"round {number + 1} of {options.rounds}: start-up, {TITLES[name]}:"
                    f" {figures['seconds']:.2f} s"
                )


def keep(machine, options, results):
    """Writes the raw data, the report and the chart; returns the report."""
    options.output.mkdir(parents=True, exist_ok=True)
    chosen = {name: value for name, value in vars(options).items() if name != "output"}
    kept_data = {"machine": machine, "options": chosen, **results.raw()}
    (options.output / "figures.json").write_text(
        json.dumps(kept_data, indent=1, ensure_ascii=False) + "\n"
    )
    report = markdown(machine, options, results)
    (options.output / "report.md").write_text(report)
    for name, fronted in (("chart.svg", False), ("chart-nginx.svg", True)):
        picture = chart(results, fronted, f"{machine['date']}, {machine['revision']}")
        if picture:
            (options.output / name).write_text(picture)
    return report


def run(options):
    check_installed(options.servers)
    results = Results()
    say(f"this takes about {estimate(options) / 60:.0f} min")
    with tempfile.TemporaryDirectory(prefix="gangway-benchmarks-") as folder:
        files = Path(folder, "media", "benchmark")
        # The same for every server.
        environment = {
            **os.environ,
            **site_environment(folder),
            "BENCHMARK_FILES": str(files),
            "BENCHMARK_JAVA_OPTIONS": options.java_options,
        }
        make_files(files)
        set_up_site(environment)
        try:
            for application in ("hello", "django"):
                for place in PLACES:
                    compare(application, place, options, environment, folder, results)
            if STARTUP in options.only:
                compare_startups(options, environment, folder, results)
        finally:
            if results.rounds or results.startups:
                print(keep(description(options.servers), options, results))
                say(f"report.md, the charts and figures.json are in {options.output}")
    if results.failures:
        raise Failure(f"{len(results.failures)} of the measurements failed, see above")


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
