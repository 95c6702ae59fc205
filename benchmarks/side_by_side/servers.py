"""The servers: how each is started, and what it needs installed."""

import contextlib
import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

from . import Failure
from .processes import Tree

FOLDER = Path(__file__).resolve().parent.parent
SITE = FOLDER.parent / "samples" / "django-site"
APPLICATIONS = {
    "hello": ("hello:application", FOLDER / "python"),
    "django": ("harbour.wsgi:application", SITE),
}
TITLES = {
    "jetty": "Gangway on Jetty",
    "tomcat": "Gangway on Tomcat",
    "uwsgi": "uWSGI",
    "gunicorn": "gunicorn sync",
    "gthread": "gunicorn gthread",
}
WORKERS = 2
START_SECONDS = 90


def java():
    home = os.environ.get("JAVA_HOME")
    return str(Path(home) / "bin" / "java") if home else "java"


def class_path():
    target = FOLDER / "target"
    return f"{target / 'classes'}:{(target / 'class-path').read_text().strip()}"


def check_installed(names):
    """Raises Failure naming what has to be installed or built first."""
    missing = []
    if shutil.which("wrk") is None:
        missing.append("wrk")
    if "uwsgi" in names:
        if shutil.which("uwsgi") is None:
            missing.append("uwsgi-core")
        if not _uwsgi_has_python():
            missing.append("uwsgi-plugin-python3")
    if {"gunicorn", "gthread"} & set(names) and not _imports("gunicorn"):
        missing.append("python3-gunicorn")
    if not _imports("django"):
        missing.append("python3-django")
    if missing:
        raise Failure(
            f"Not installed for {sys.executable}: {', '.join(missing)}. On Debian, as root:"
            f" apt-get install --no-install-recommends {' '.join(missing)}"
        )
    if {"jetty", "tomcat"} & set(names):
        if shutil.which(java()) is None:
            raise Failure(f"No Java at {java()}: set JAVA_HOME to a JDK 17 or newer")
        _check_built()


def _imports(module):
    line = [sys.executable, "-c", f"import {module}"]
    return subprocess.run(line, capture_output=True).returncode == 0


def _uwsgi_has_python():
    if shutil.which("uwsgi") is None:
        return False
    loaded = subprocess.run(
        ["uwsgi", "--plugin", "python3", "--version"], capture_output=True, text=True
    )
    if "UNABLE to load" in loaded.stdout + loaded.stderr:
        return False
    version = subprocess.run(
        ["uwsgi", "--plugin", "python3", "--python-version"], capture_output=True, text=True
    ).stdout.strip()
    if version and version != sys.version.split()[0]:
        raise Failure(
            f"uWSGI's plugin runs Python {version}, but {sys.executable} is"
            f" {sys.version.split()[0]}: set GANGWAY_PYTHON to an interpreter of that version,"
            " or leave uwsgi out with --servers"
        )
    return True


def _check_built():
    try:
        paths = class_path().split(":")
    except FileNotFoundError:
        paths = [""]
    absent = [path for path in paths if not os.path.exists(path)]
    if absent:
        raise Failure(
            f"Gangway is not built ({absent[0] or 'target/class-path'} is missing):"
            " run ./mvnw package first"
        )


def command(name, application, port):
    """What to start for one of TITLES."""
    target, folder = APPLICATIONS[application]
    address = f"127.0.0.1:{port}"
    if name in ("jetty", "tomcat"):
        return [
            java(),
            "-cp",
            class_path(),
            "dev.gangway.benchmarks.BenchmarkServer",
            f"container={name}",
            f"bind={address}",
            f"python={sys.executable}",
            f"workers={WORKERS}",
            f"application={target}",
            f"chdir={folder}",
        ]
    if name == "uwsgi":
        line = ["uwsgi", "--plugin", "python3", "--http-socket", address, "--master"]
        line += ["--processes", str(WORKERS), "--disable-logging", "--need-app", "--die-on-term"]
        line += ["--chdir", str(folder), "--module", target]
        return line if sys.prefix == sys.base_prefix else [*line, "--home", sys.prefix]
    line = [sys.executable, "-m", "gunicorn", "--bind", address, "--workers", str(WORKERS)]
    line += ["--log-level", "warning", "--chdir", str(folder)]
    if name == "gthread":
        line += ["--worker-class", "gthread", "--threads", "4"]
    return [*line, target]


def answer(port, work):
    """Status and body of one request."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    with contextlib.closing(connection):
        connection.request(work.method, work.path, body=work.body())
        response = connection.getresponse()
        return response.status, response.read()


class Server:
    """One server with one application, from start to stop."""

    # Bodies by work: every server has to give the same.
    _bodies = {}

    def __init__(self, name, application, environment, folder):
        self.name, self.application = name, application
        self.title = TITLES[name]
        self.gangway = name in ("jetty", "tomcat")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        log = Path(folder) / f"{name}-{application}.log"
        self.tree = Tree(command(name, application, self.port), environment, folder, log)

    def wait(self):
        """Returns when it answers."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.tree.running():
            with contextlib.suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                with contextlib.closing(connection):
                    connection.request("GET", "/")
                    connection.getresponse().read()
                    return
            time.sleep(0.1)
        what = "does not answer" if self.tree.running() else "has ended"
        raise Failure(
            f"{self.title} with {self.application} {what}. Its output:\n{self.tree.tail()}"
        )

    def check(self, work):
        """Raises Failure if the answer is not right, or not that of the other servers."""
        status, body = answer(self.port, work)
        expected = self._bodies.setdefault(work.name, body)
        if status != 200 or not work.right(body) or body != expected:
            raise Failure(
                f"{self.title} answers {work.method} {work.path} with {status} and"
                f" {body[:200]!r}, which is wrong. Its output:\n{self.tree.tail()}"
            )

    def stop(self):
        left = self.tree.stop()
        if left:
            print(f"{self.title} left {left} processes behind, now killed", file=sys.stderr)
