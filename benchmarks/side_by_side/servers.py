"""The servers: how each is started, and whether it answers as it should."""

import contextlib
import hashlib
import http.client
import os
import socket
import sys
import tempfile
import time
from pathlib import Path

from . import Failure, apache, nginx
from .client import answer
from .processes import Tree

FOLDER = Path(__file__).resolve().parent.parent
SITE = FOLDER.parent / "samples" / "django-site"
# What to import, and where it is found.
APPLICATIONS = {
    "hello": ("hello:application", FOLDER / "python"),
    "django": ("harbour.wsgi:application", SITE),
}
GANGWAY = ("jetty", "tomcat")
DIRECT = {
    "jetty": "Gangway on Jetty",
    "tomcat": "Gangway on Tomcat",
    "uwsgi": "uWSGI",
    "gunicorn": "gunicorn sync",
    "gthread": "gunicorn gthread",
    "waitress": "waitress",
    "modwsgi": "mod_wsgi embedded",
    "modwsgi-daemon": "mod_wsgi daemon",
    "nginx": "nginx alone",
}
# A server, and how nginx reaches it.
FRONTED = [
    *(f"{name}@tcp" for name in ("jetty", "tomcat", "uwsgi", "gunicorn")),
    *(f"{name}@tcp-keep" for name in GANGWAY),
    *(f"{name}@unix" for name in ("jetty", "tomcat", "uwsgi", "gunicorn")),
    "uwsgi@protocol",
    *(f"{name}@unix-keep" for name in GANGWAY),
]


def split(name):
    """The server proper, and how nginx reaches it or the empty text: jetty@tcp."""
    server, _, place = name.partition("@")
    return server, place


def _title(name):
    server, place = split(name)
    return f"{DIRECT[server]} ({nginx.PLACES[place]})" if place else DIRECT[server]


TITLES = {name: _title(name) for name in (*DIRECT, *FRONTED)}
WORKERS = 2
START_SECONDS = 90
# The kernel's limit, up to which uWSGI is willing to start.
BACKLOG = 1024


def java():
    home = os.environ.get("JAVA_HOME")
    return str(Path(home) / "bin" / "java") if home else "java"


def class_path():
    target = FOLDER / "target"
    return f"{target / 'classes'}:{(target / 'class-path').read_text().strip()}"


def _backlog():
    with open("/proc/sys/net/core/somaxconn") as file:
        return min(BACKLOG, int(file.read()))


def command(name, application, address, environment):
    """What to start for a server that listens at HOST:PORT or unix:PATH.

    ``environment`` may have options for Java, and the folder of the files that Gangway and nginx
    serve by themselves.
    """
    target, folder = APPLICATIONS[application]
    if name in GANGWAY:
        line = [java(), *environment.get("BENCHMARK_JAVA_OPTIONS", "").split()]
        line += ["-cp", class_path(), "dev.gangway.benchmarks.BenchmarkServer"]
        line += [f"container={name}", f"bind={address}", f"python={sys.executable}"]
        line += [f"workers={WORKERS}", f"application={target}", f"chdir={folder}"]
        files = environment.get("BENCHMARK_FILES")
        return [*line, f"files={files}"] if files else line
    if name in ("uwsgi", "uwsgi-protocol"):
        kind = "--http-socket" if name == "uwsgi" else "--socket"
        line = ["uwsgi", "--plugin", "python3", kind, address.removeprefix("unix:"), "--master"]
        line += ["--processes", str(WORKERS), "--disable-logging", "--need-app", "--die-on-term"]
        line += ["--listen", str(_backlog()), "--chdir", str(folder), "--module", target]
        return line if sys.prefix == sys.base_prefix else [*line, "--home", sys.prefix]
    if name == "waitress":
        line = ["env", f"--chdir={folder}", sys.executable, "-m", "waitress"]
        return [*line, f"--listen={address}", "--connection-limit=1000", target]
    line = [sys.executable, "-m", "gunicorn", "--bind", address, "--workers", str(WORKERS)]
    line += ["--log-level", "warning", "--chdir", str(folder)]
    if name == "gthread":
        line += ["--worker-class", "gthread", "--threads", "4"]
    return [*line, target]


def _free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def commands(name, application, port, environment, folder):
    """All that is to be started for one of TITLES, the server proper first."""
    server, place = split(name)
    if server == "nginx":
        files = environment["BENCHMARK_FILES"]
        return [nginx.command(folder, nginx.configuration(port, folder, WORKERS, files))]
    if server in ("modwsgi", "modwsgi-daemon"):
        target, path = APPLICATIONS[application]
        script = path / (target.partition(":")[0].replace(".", "/") + ".py")
        daemon = server == "modwsgi-daemon"
        text = apache.configuration(port, folder, WORKERS, daemon, path, script)
        return [apache.command(folder, text)]
    if not place:
        return [command(server, application, f"127.0.0.1:{port}", environment)]
    tcp = place.startswith("tcp")
    address = f"127.0.0.1:{_free_port()}" if tcp else f"unix:{folder}/socket"
    if place == "protocol":
        server = "uwsgi-protocol"
    text = nginx.configuration(port, folder, WORKERS, place=place, upstream=address)
    return [
        command(server, application, address, environment),
        nginx.command(folder, text),
    ]


class Server:
    """One server with one application, from start to stop."""

    # Digests of bodies by work: every server has to give the same.
    _bodies = {}

    def __init__(self, name, application, environment, folder):
        self.name, self.application = name, application
        self.title = TITLES[name]
        self.gangway = split(name)[0] in GANGWAY
        self.port = _free_port()
        self._prepared = {}
        own = Path(tempfile.mkdtemp(prefix=f"{name}-{application}-", dir=folder))
        started = commands(name, application, self.port, environment, own)
        self.tree = Tree(started, environment, folder, own / "log")

    def wait(self):
        """Returns when it answers."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.tree.running():
            with contextlib.suppress(OSError, http.client.HTTPException):
                # nginx answers before the server behind it.
                if answer(self.port, "GET", "/")[0] < 500:
                    return
            time.sleep(0.1)
        self._fail_to_start()

    def wait_for(self, work):
        """Returns as soon as the answer to a work is right."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.tree.running():
            with contextlib.suppress(OSError, http.client.HTTPException):
                status, body, _ = answer(self.port, work.method, work.path)
                if status == 200 and work.right(body):
                    return
            time.sleep(0.005)
        self._fail_to_start()

    def _fail_to_start(self):
        what = "does not answer" if self.tree.running() else "has ended"
        raise Failure(
            f"{self.title} with {self.application} {what}. Its output:\n{self.tree.tail()}"
        )

    def request(self, work):
        """Headers and body of the request, the same for the whole life of the server."""
        if work.name not in self._prepared:
            self._prepared[work.name] = work.prepare(self.port)
        return self._prepared[work.name]

    def check(self, work):
        """Raises Failure if the answer is not right, or not that of the other servers."""
        headers, sent = self.request(work)
        status, body, _ = answer(self.port, work.method, work.path, sent, headers)
        digest = hashlib.sha256(body).digest()
        expected = self._bodies.setdefault(work.name, digest)
        if status != 200 or not work.right(body) or digest != expected:
            raise Failure(
                f"{self.title} answers {work.method} {work.path} with {status} and"
                f" {body[:200]!r}, which is wrong. Its output:\n{self.tree.tail()}"
            )

    def stop(self):
        left = self.tree.stop()
        if left:
            print(f"{self.title} left {left} processes behind, now killed", file=sys.stderr)
