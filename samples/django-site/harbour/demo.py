"""
harbour.demo:application sets the demo up before it serves it.

For places where nobody runs manage.py, such as a WAR that is dropped into a server.
"""

import fcntl
import subprocess
import sys

from .settings import BASE_DIR, DATA_DIR

DATA_DIR.mkdir(parents=True, exist_ok=True)
# Workers start at once; the first does the work, the others wait and find nothing to do.
with open(DATA_DIR / "setup.lock", "w", encoding="ascii") as lock:
    fcntl.flock(lock, fcntl.LOCK_EX)
    # In a process of its own: what it opens and remembers is not for a worker that serves.
    subprocess.run(
        [sys.executable, str(BASE_DIR / "manage.py"), "setup"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=True,
    )

from .wsgi import application  # noqa: E402, F401
