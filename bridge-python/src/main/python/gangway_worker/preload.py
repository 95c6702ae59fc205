"""The parent of preloaded workers: it has imported the application, and forks.

The JVM asks for a worker by a line on our standard input: its number and the paths of its FIFOs,
separated by NUL. We answer with frames on our standard output. The end of our standard input is
ours; our workers have a FIFO of their own that tells them of the JVM's end.
"""

import fcntl
import gc
import os
import select
import signal
import sys

from gangway_worker import frames


def end_with(control):
    """Ends this process while it imports, stuck or not, when its standard input ends.

    There is no thread for it: a process with threads should not fork.
    """
    if hasattr(fcntl, "F_SETOWN") and hasattr(os, "O_ASYNC"):
        fcntl.fcntl(control, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(control, fcntl.F_SETFL, fcntl.fcntl(control, fcntl.F_GETFL) | os.O_ASYNC)
        if select.select([control], [], [], 0)[0]:
            os._exit(1)  # it ended before


class Parent:
    """What the process is about once it has imported the application."""

    def __init__(self, control, out):
        self._control = control
        self._out = out
        self._workers = {}
        self._wake, self._woken = os.pipe()
        os.set_blocking(self._wake, False)
        os.set_blocking(self._woken, False)
        # From now on the JVM speaks to us: that is no end.
        if hasattr(os, "O_ASYNC"):
            flags = fcntl.fcntl(control, fcntl.F_GETFL)
            fcntl.fcntl(control, fcntl.F_SETFL, flags & ~os.O_ASYNC)
        self._handler = signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.set_wakeup_fd(self._woken, warn_on_full_buffer=False)

    def run(self):
        """Forks workers until the JVM ends. Returns in each worker: the fields of its request."""
        # As CPython's documentation of gc.freeze has it: objects that no collection looks at stay
        # in pages that parent and workers share.
        gc.freeze()
        frames.send(self._out, frames.READY, "%d.%d.%d" % sys.version_info[:3])
        received = b""
        while True:
            readable = select.select([self._control, self._wake], [], [], 1)[0]
            if self._wake in readable:
                os.read(self._wake, 512)
            self._reap()
            if self._control not in readable:
                continue
            data = os.read(self._control, 65536)
            if not data:
                os._exit(0)
            *lines, received = (received + data).split(b"\n")
            for line in lines:
                fields = os.fsdecode(line).split("\0")
                if self._fork(fields[0]):
                    return fields

    def _fork(self, number):
        """Returns whether this is the worker."""
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        try:
            pid = os.fork()
        except OSError as failure:
            frames.send(self._out, frames.EXITED, "%s -1 %s" % (number, failure))
            return False
        if pid:
            self._workers[pid] = number
            frames.send(self._out, frames.FORKED, "%s %d" % (number, pid))
            return False
        signal.set_wakeup_fd(-1)
        # None: set by something other than Python
        signal.signal(signal.SIGCHLD, self._handler or signal.SIG_DFL)
        for descriptor in (self._control, self._wake, self._woken):
            os.close(descriptor)
        gc.enable()
        return True

    def _reap(self):
        for pid in list(self._workers):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                code = os.waitstatus_to_exitcode(status)
                number = self._workers.pop(pid)
                if code < 0:
                    code = 128 - code  # a signal, as Java reports it
                frames.send(self._out, frames.EXITED, "%s %d" % (number, code))


def open_life(path):
    """The FIFO whose end is ours. Opening does not wait, for the JVM may have ended already."""
    life = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    os.set_blocking(life, True)
    return life


def become_worker(out, errors_path, frames_path):
    """Gives a forked worker standard streams and frames of its own."""
    said = os.open(frames_path, os.O_WRONLY | os.O_CLOEXEC)
    os.dup2(said, out, inheritable=False)
    os.close(said)
    errors = os.open(errors_path, os.O_WRONLY | os.O_CLOEXEC)
    os.dup2(errors, 1)
    os.dup2(errors, 2)
    os.close(errors)
