"""What a worker tells its parent on its standard output: frames of a length, a kind and a text."""

import os
import struct
import threading

READY = 1
FAILED = 2
LOG = 3

#: Of the parent of preloaded workers: number and process id, number and exit code.
FORKED = 4
EXITED = 5

#: Longer texts are cut; the parent takes no longer ones.
LIMIT = 256 * 1024

_HEADER = struct.Struct("<IB")
_lock = threading.Lock()


def take_standard_output():
    """Keeps standard output for frames; what the application prints goes to standard error."""
    out = os.dup(1)
    os.set_inheritable(out, False)
    os.dup2(2, 1)
    return out


def send(out, kind, text):
    """Writes one frame, whole, whichever thread calls."""
    data = text.encode("utf-8", "backslashreplace")[:LIMIT]
    data = _HEADER.pack(len(data), kind) + data
    with _lock:
        while data:
            data = data[os.write(out, data) :]


def reset_lock():
    """For the child of a fork: another thread may have held the lock."""
    global _lock
    _lock = threading.Lock()


os.register_at_fork(after_in_child=reset_lock)
