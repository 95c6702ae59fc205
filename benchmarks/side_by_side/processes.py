"""A server as a tree of processes: its processor time, its memory, and its end."""

import contextlib
import os
import signal
import subprocess
import time
from typing import NamedTuple

TICKS = os.sysconf("SC_CLK_TCK")
STOP_SECONDS = 20


def _stat(pid):
    """The fields of /proc/PID/stat after the command's name, which may hold blanks."""
    with open(f"/proc/{pid}/stat", "rb") as file:
        return file.read().rpartition(b")")[2].split()


class _Process(NamedTuple):
    parent: int
    session: int
    # Of the process and of those of its children that have ended and been waited for.
    ticks: int
    # Tells a process from a later one with the same number.
    start: int


def _processes():
    """Every process of this machine by number, without those that have ended."""
    found = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            with contextlib.suppress(OSError):
                fields = _stat(name)
                if fields[0] != b"Z":
                    ticks = sum(map(int, fields[11:15]))
                    found[int(name)] = _Process(
                        int(fields[1]), int(fields[3]), ticks, int(fields[19])
                    )
    return found


def busy_seconds():
    """Processor time that the whole machine has spent so far on anything but idling."""
    with open("/proc/stat", "rb") as file:
        user, nice, system, _, _, interrupts, soft_interrupts, steal = map(
            int, file.readline().split()[1:9]
        )
    return (user + nice + system + interrupts + soft_interrupts + steal) / TICKS


def _proportional_set_size(pid):
    with contextlib.suppress(OSError), open(f"/proc/{pid}/smaps_rollup") as file:
        return 1024 * sum(int(line.split()[1]) for line in file if line.startswith("Pss:"))
    return 0


class Tree:
    """Processes started in sessions of their own, with all that they start.

    Most servers are one command; behind nginx it is the first of two.
    """

    def __init__(self, commands, environment, folder, log):
        self.log = log
        self.roots = []
        with open(log, "wb") as output:
            for command in commands:
                self.roots.append(
                    subprocess.Popen(
                        command,
                        env=environment,
                        cwd=folder,
                        stdin=subprocess.DEVNULL,
                        stdout=output,
                        stderr=subprocess.STDOUT,
                        start_new_session=True,
                    )
                )

    def running(self):
        return all(root.poll() is None for root in self.roots)

    def members(self):
        """Process numbers, with what is known of each."""
        processes = _processes()
        sessions = {root.pid for root in self.roots}
        members = {pid for pid, process in processes.items() if process.session in sessions}
        grown = True
        while grown:
            children = {pid for pid, process in processes.items() if process.parent in members}
            grown = not children <= members
            members |= children
        return {pid: processes[pid] for pid in members}

    def cpu_seconds(self):
        """Processor time of all processes, those that have ended and been waited for included."""
        return sum(process.ticks for process in self.members().values()) / TICKS

    def root_cpu_seconds(self):
        """Processor time of the first process alone, which is the JVM of Gangway's."""
        return sum(map(int, _stat(self.roots[0].pid)[11:13])) / TICKS

    def memory_bytes(self):
        """Proportional set size: what processes share counts in parts."""
        return sum(map(_proportional_set_size, self.members()))

    def root_memory_bytes(self):
        """Proportional set size of the first process alone."""
        return _proportional_set_size(self.roots[0].pid)

    def stop(self):
        """Ends the server and returns how many processes were left after its own stop."""
        before = self.members()
        for root in reversed(self.roots):
            if root.poll() is None:
                root.send_signal(signal.SIGTERM)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    root.wait(STOP_SECONDS)
        deadline = time.monotonic() + 2
        while (left := self._left(before)) and time.monotonic() < deadline:
            time.sleep(0.05)
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for root in self.roots:
            root.wait()
        return len(left)

    def _left(self, before):
        """Those still there, among them any that have lost their parent or left the session."""
        now = _processes()
        known = {pid for pid in before if pid in now and now[pid].start == before[pid].start}
        return known | set(self.members())

    def tail(self):
        """The end of what it wrote, for messages."""
        with open(self.log, errors="replace") as file:
            return "".join(file.readlines()[-25:])
