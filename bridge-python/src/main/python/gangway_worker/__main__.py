"""Starts a worker: ``python gangway_worker FIELD=VALUE...`` (see ``settings`` below).

The parent talks to us through the two FIFOs and the shared file that the arguments name, and
listens to frames on our standard output (see ``frames``). Our standard input is a pipe that never
carries a byte: its end means that the parent has died.
"""

import faulthandler
import fcntl
import os
import signal
import sys
import threading
import traceback

_FOLDER = os.path.dirname(os.path.abspath(__file__))
sys.path[0] = os.path.dirname(_FOLDER)

from gangway_worker import frames, isolation, loading, logs, rehearsal, slots, wsgi  # noqa: E402


def settings(arguments):
    """``name=value`` arguments as a dict."""
    return dict(argument.split("=", 1) for argument in arguments)


def die_with_parent():
    """Ends this process as soon as its standard input does, whatever the application is doing."""
    parent = os.dup(0)
    with open(os.devnull) as nothing:
        os.dup2(nothing.fileno(), 0)
    if hasattr(fcntl, "F_SETOWN") and hasattr(os, "O_ASYNC"):
        # The kernel sends SIGIO, whose default on Linux is to terminate: this also ends a process
        # that is stuck in C code holding the interpreter's lock.
        fcntl.fcntl(parent, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(parent, fcntl.F_SETFL, fcntl.fcntl(parent, fcntl.F_GETFL) | os.O_ASYNC)

    def watch():
        while os.read(parent, 1):
            pass
        os._exit(1)

    threading.Thread(target=watch, name="gangway-watch-parent", daemon=True).start()


def show_stacks_on_request(path):
    """Makes SIGUSR2 write the stack of every thread to a file, whatever the threads are doing."""
    stacks = open(path, "ab", buffering=0)  # the parent empties it
    faulthandler.register(signal.SIGUSR2, stacks, all_threads=True)


def end_on_sigterm(loops, ended):
    """Makes SIGTERM end this process by its own way, after the requests that it has in hand."""

    def end(number, frame):
        for loop in loops:
            loop.ending = True
        if ended is not None:
            os.write(ended, b"x")
        elif not loops[0].busy:
            raise SystemExit(0)

    def forget():
        # A process that the application forks has no loop to end: SIGTERM shall end it at once.
        if signal.getsignal(signal.SIGTERM) is end:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)

    signal.signal(signal.SIGTERM, end)
    os.register_at_fork(after_in_child=forget)


def run_in_threads(loops, wake, ended):
    """Runs each loop in a thread; returns when all are over, or idle after SIGTERM."""

    def run(loop):
        try:
            loop.run()
        finally:
            loop.over = True
            os.write(ended, b"x")

    for number, loop in enumerate(loops):
        name = "gangway-%d" % number
        threading.Thread(target=run, args=(loop,), name=name, daemon=True).start()
    while not all(loop.over or (loop.ending and not loop.busy) for loop in loops):
        os.read(wake, 1)


def main():
    options = settings(sys.argv[1:])
    worker = int(options["worker"])
    threads = int(options["threads"])
    os.setsid()  # a Ctrl-C in the parent's terminal is the parent's to handle
    out = frames.take_standard_output()
    die_with_parent()
    logs.install(out)
    show_stacks_on_request(options["stacks"])
    del sys.path[0]
    sys.argv = [options["application"]]
    for folder in reversed(options["pythonpath"].split(os.pathsep)):
        if folder:
            sys.path.insert(0, folder)
    sys.path.insert(0, os.getcwd())
    try:
        memory = slots.Memory(
            options["memory"], int(options["slot-size"]), options["bodies"]
        )
        requests = os.open(options["requests"], os.O_RDONLY | os.O_CLOEXEC)
        responses = os.open(options["responses"], os.O_WRONLY | os.O_CLOEXEC)
        channels = [
            slots.Channel(memory, requests, responses, options["credits"], worker, number)
            for number in range(threads)
        ]
        constants = wsgi.constants(threads > 1, options["multiprocess"] == "true", out)
        isolation.apply(options)
        wsgi.FileWrapper.sent_by_parent = not options["user"]
        application = loading.load(options["application"])
        if options["rehearsal"]:
            rehearsal.rehearse(application, options["rehearsal"], constants)
    except rehearsal.Failed as failure:
        frames.send(out, frames.FAILED, str(failure))
        sys.exit(3)
    except BaseException:
        frames.send(out, frames.FAILED, traceback.format_exc())
        sys.exit(3)
    loops = [wsgi.Loop(channel, application, constants) for channel in channels]
    wake, ended = os.pipe() if threads > 1 else (None, None)
    end_on_sigterm(loops, ended)
    frames.send(out, frames.READY, "%d.%d.%d" % sys.version_info[:3])
    if threads == 1:
        loops[0].run()
    else:
        run_in_threads(loops, wake, ended)


if __name__ == "__main__":
    main()
