"""What is expected of Gangway, and whether the figures of a run show it."""

from dataclasses import dataclass

from .loads import MANY_COUNTED, ONE, USUAL, USUAL_NEW
from .servers import GANGWAY, TITLES
from .tables import number, table
from .works import BY_NAME, LARGE_CONNECTIONS, WORKS

RATE, CPU, P99 = "requests_per_second", "cpu_us", "p99_ms"
# Least requests/s of the Django views, as parts of uWSGI's.
VIEWS = {"plain": 1.3, "table": 1.2, "row": 1.2, "json": 1.2, "form": 1.2}
# "Unchanged" of the issue, with what two runs differ by anyway.
UNCHANGED = 1.2


@dataclass(frozen=True)
class Goal:
    """One expectation, for one server."""

    text: str
    server: str
    measured: float
    least: float = 0.0
    most: float = float("inf")

    @property
    def reached(self):
        return self.least <= self.measured <= self.most


def all_goals(results):
    """The goals for which something was measured."""
    found = []
    for server in GANGWAY:
        for text, value, bound in (
            *_hello(results, server),
            *_views(results, server),
            *_new_connections(results, server),
            *_files(results, server),
            *_resources(results, server),
        ):
            if value is not None:
                found.append(Goal(text, server, value, **bound))
    return found


def _least(bound):
    return {"least": bound}


def _most(bound):
    return {"most": bound}


def _hello(results, server):
    java = results.ratio("java", server, RATE, to_work="raw", to_server=server)
    yield "Java application ≥ 0.97 × raw servlet", java, _least(0.97)
    rate = results.ratio("hello", server, RATE)
    yield "Python hello ≥ 2.00 × uWSGI", rate, _least(2.0)
    cpu = results.ratio("hello", server, CPU)
    yield "Python hello, CPU ≤ 1.00 × uWSGI", cpu, _most(1.0)
    one = results.median("hello", server, "p50_ms", ONE)
    one = None if one is None else one * 1000
    yield "Python hello, one connection, p50 ≤ 60 µs", one, _most(60.0)
    beside = results.beside(server, "p999_ms")
    text = f"p99.9 beside a 200 ms request ≤ {UNCHANGED:.2f} × alone"
    yield text, beside, _most(UNCHANGED)
    share = results.median("fair", server, "slowest_share", MANY_COUNTED)
    yield "256 connections, slowest client ≥ 0.50 × mean", share, _least(0.5)


def _views(results, server):
    for name, least in VIEWS.items():
        title = BY_NAME[name].title
        rate = results.ratio(name, server, RATE)
        yield f"{title} ≥ {least:.2f} × uWSGI", rate, _least(least)
        p99 = results.ratio(name, server, P99)
        yield f"{title}, p99 ≤ 1.00 × uWSGI", p99, _most(1.0)
        cpu = results.ratio(name, server, CPU)
        yield f"{title}, CPU ≤ 0.90 × uWSGI", cpu, _most(0.9)
    upload = results.ratio("upload", server, RATE)
    yield "Django, 1 MiB upload ≥ 1.00 × uWSGI", upload, _least(1.0)


def _new_connections(results, server):
    for name in ("hello", "plain"):
        title = BY_NAME[name].title
        new = results.ratio(name, server, RATE, load=USUAL_NEW)
        yield f"{title}, new connections ≥ 0.80 × uWSGI", new, _least(0.8)
        for place, there in (("tcp", "TCP"), ("unix", "Unix socket")):
            rate = results.ratio(name, f"{server}@{place}", RATE)
            yield f"{title}, nginx, {there} ≥ 0.80 × uWSGI there", rate, _least(0.8)
            kept = results.ratio(name, f"{server}@{place}-keep", RATE)
            yield f"{title}, nginx, kept {there} ≥ 1.00 × uWSGI there", kept, _least(1.0)
        other = results.ratio(name, f"{server}@unix", RATE, to_server="uwsgi@protocol")
        text = f"{title}, nginx, Unix socket ≥ 0.80 × uWSGI by its protocol"
        yield text, other, _least(0.8)


def _files(results, server):
    for size in ("1", "100"):
        load = USUAL.at_most(LARGE_CONNECTIONS) if size == "100" else USUAL
        work = f"file-{size}"
        own = results.ratio(work, server, RATE, f"static-{size}", server, load)
        yield f"{size} MiB file response ≥ 0.95 × default servlet", own, _least(0.95)
        nginx = results.ratio(work, server, RATE, f"static-{size}", "nginx", load)
        yield f"{size} MiB file response ≥ 0.70 × nginx", nginx, _least(0.7)


def _resources(results, server):
    if server == "jetty":
        seconds = results.startup(server, "seconds")
        yield "Django site, first answer ≤ 1.50 s", seconds, _most(1.5)
    names = [work.name for work in WORKS if work.application == "django"]
    memory = [
        results.median(name, server, "jvm_mib", load)
        for name in names
        for load in results.loads_of(name)
    ]
    most = max((value for value in memory if value is not None), default=None)
    yield "Django site, JVM's memory under load ≤ 150 MiB", most, _most(150.0)


def goals(results):
    """All of them as a table in Markdown."""
    rows = [
        [
            goal.text,
            TITLES[goal.server],
            number(goal.measured),
            "yes" if goal.reached else "**no**",
        ]
        for goal in all_goals(results)
    ]
    return table(["expected", "server", "measured", "reached"], rows) if rows else ""
