"""What was measured on what, kept with the figures."""

import datetime
import os
import platform
import subprocess
import sys

from .servers import FOLDER, java, split


def _first_line(*command):
    try:
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=FOLDER
        )
    except OSError:
        return ""
    return (done.stdout.splitlines() or [""])[0].strip()


def _processor():
    with open("/proc/cpuinfo") as file:
        names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    return names[0] if names else platform.machine()


def description(servers):
    """Names and versions, in the order in which they are shown."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    parts = {
        "date": datetime.date.today().isoformat(),
        "processors": f"{len(os.sched_getaffinity(0))} × {_processor()}",
        "memory": f"{memory:.0f} GiB",
        "kernel": platform.release(),
        "java": _first_line(java(), "-version"),
        "python": platform.python_version(),
        "django": _first_line(sys.executable, "-m", "django", "--version"),
        "wrk": " ".join(_first_line("wrk", "--version").split()[:2]),
        "revision": _first_line("git", "describe", "--always", "--dirty"),
    }
    here = {split(name)[0] for name in servers}
    if "uwsgi" in here:
        parts["uwsgi"] = _first_line("uwsgi", "--version")
    for module, names in (("gunicorn", {"gunicorn", "gthread"}), ("waitress", {"waitress"})):
        if names & here:
            version = f"from importlib.metadata import version; print(version('{module}'))"
            parts[module] = _first_line(sys.executable, "-c", version)
    if any(name == "nginx" or "@" in name for name in servers):
        parts["nginx"] = _first_line("nginx", "-v").rpartition("/")[2]
    if {"modwsgi", "modwsgi-daemon"} & here:
        parts["apache"] = _first_line("apache2", "-v").rpartition(": ")[2]
        parts["mod_wsgi"] = _first_line(
            "dpkg-query", "--show", "--showformat=${Version}", "libapache2-mod-wsgi-py3"
        )
    return parts
