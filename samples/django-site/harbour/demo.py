"""
harbour.demo:application sets the demo up before it serves it.

For places where nobody runs manage.py, such as a WAR that is dropped into a server.
"""

import fcntl
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "harbour.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402

settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
# Workers start at once; the first does the work, the others wait and find nothing to do.
with open(settings.DATA_DIR / "setup.lock", "w", encoding="ascii") as lock:
    fcntl.flock(lock, fcntl.LOCK_EX)
    call_command("setup", stdout=sys.stderr)
# A worker may be forked from this process, and must not share its connection.
connections.close_all()

from .wsgi import application  # noqa: E402, F401
