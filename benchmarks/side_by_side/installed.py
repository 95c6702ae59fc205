"""What has to be installed or built before a run."""

import os
import shutil
import subprocess
import sys

from . import Failure
from .apache import MODULES
from .servers import GANGWAY, class_path, java, split


def check_installed(names):
    """Raises Failure naming what has to be installed or built first."""
    servers = {split(name)[0] for name in names}
    missing = []
    if shutil.which("wrk") is None:
        missing.append("wrk")
    if "uwsgi" in servers:
        if shutil.which("uwsgi") is None:
            missing.append("uwsgi-core")
        if not _uwsgi_has_python():
            missing.append("uwsgi-plugin-python3")
    if {"gunicorn", "gthread"} & servers and not _imports("gunicorn"):
        missing.append("python3-gunicorn")
    if "waitress" in servers and not _imports("waitress"):
        missing.append("python3-waitress")
    fronted = "nginx" in servers or any("@" in name for name in names)
    if fronted and shutil.which("nginx") is None:
        missing.append("nginx")
    if {"modwsgi", "modwsgi-daemon"} & servers:
        if shutil.which("apache2") is None:
            missing.append("apache2-bin")
        if not (MODULES / "mod_wsgi.so").exists():
            missing.append("libapache2-mod-wsgi-py3")
    if not _imports("django"):
        missing.append("python3-django")
    if missing:
        raise Failure(
            f"Not installed for {sys.executable}: {', '.join(missing)}. On Debian, as root:"
            f" apt-get install --no-install-recommends {' '.join(missing)}"
        )
    if set(GANGWAY) & servers:
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
