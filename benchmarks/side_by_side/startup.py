"""How long a server takes from nothing to its first right answer, and what it then occupies."""

import time

from .servers import DIRECT, Server
from .works import BY_NAME

WORK = BY_NAME["plain"]


def starts(server):
    """Whether the start of a server is measured: nginx alone has no application."""
    return server in DIRECT and server != "nginx"


def measure(name, environment, folder):
    """Starts a server with the Django site and ends it."""
    begin = time.monotonic()
    server = Server(name, "django", environment, folder)
    try:
        server.wait_for(WORK)
        figures = {
            "seconds": time.monotonic() - begin,
            "memory_mib": server.tree.memory_bytes() / 1024 / 1024,
        }
        if server.gangway:
            figures["jvm_mib"] = server.tree.root_memory_bytes() / 1024 / 1024
        return figures
    finally:
        server.stop()
