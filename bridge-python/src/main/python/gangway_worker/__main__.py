"""Starts a worker: ``python gangway_worker FIELD=VALUE...`` (see ``settings`` below).

The parent talks to us through the two FIFOs and the shared file that the arguments name, and
listens to frames on our standard output (see ``frames``). Our standard input is a pipe that never
carries a byte: its end means that the parent has died. With ``preload`` this process imports the
application and forks the workers (see ``preload``).
"""

import sys

if sys.version_info < (3, 9):
    # In words that every Python understands, before something that it does not.
    sys.exit("Gangway needs Python 3.9 or newer, and this is " + sys.version.split()[0])

import contextlib  # noqa: E402
import faulthandler
import fcntl
import gc
import os
import signal
import socket
import threading
import traceback

_FOLDER = os.path.dirname(os.path.abspath(__file__))
sys.path[0] = os.path.dirname(_FOLDER)

from gangway_worker import (  # noqa: E402
    frames,
    isolation,
    loading,
    logs,
    preload,
    rehearsal,
    slots,
    wsgi,
)


def settings(arguments):
    """``name=value`` arguments as a dict."""
    return dict(argument.split("=", 1) for argument in arguments)


def take_standard_input():
    """Keeps standard input for ourselves; the application's is empty."""
    ours = os.dup(0)
    with open(os.devnull) as nothing:
        os.dup2(nothing.fileno(), 0)
    return ours


def die_with_parent(parent):
    """Ends this process as soon as the pipe does, whatever the application is doing."""
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


def on_sigterm(act):
    """Makes SIGTERM call ``act``, in this process and not in those that the application forks."""

    def end(number, frame):
        act()

    held = threading.local()

    def hold():
        held.mask = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGTERM,))

    def release():
        signal.pthread_sigmask(signal.SIG_SETMASK, held.mask)

    def forget():
        # A process that the application forks has no loop to end: SIGTERM shall end it at once.
        if signal.getsignal(signal.SIGTERM) is end:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
        release()

    signal.signal(signal.SIGTERM, end)
    # Held back meanwhile: one that came before the child has forgotten our handler would be lost.
    os.register_at_fork(before=hold, after_in_parent=release, after_in_child=forget)


def end_on_sigterm(loops, ended):
    """Makes SIGTERM end this process by its own way, after the requests that it has in hand."""

    def end():
        for loop in loops:
            loop.ending = True
        if ended is not None:
            os.write(ended, b"x")
        elif not loops[0].busy:
            raise SystemExit(0)

    on_sigterm(end)


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


def find_modules(options):
    """Sets the path that the application is imported from."""
    del sys.path[0]
    sys.argv = [options["application"]]
    for folder in reversed(options["pythonpath"].split(os.pathsep)):
        if folder:
            sys.path.insert(0, folder)
    sys.path.insert(0, os.getcwd())


def open_transport(options):
    """Memory, request FIFO and response FIFO, opened before this process becomes another user."""
    return (
        slots.Memory(options["memory"], int(options["slot-size"]), options["bodies"]),
        os.open(options["requests"], os.O_RDONLY | os.O_CLOEXEC),
        os.open(options["responses"], os.O_WRONLY | os.O_CLOEXEC),
    )


def open_listener(options):
    """The socket that the parent connects to if the application speaks ASGI; None if it cannot.

    It is made before this process becomes another user.
    """
    if options["application-type"] == "wsgi":
        return None
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        listener.bind(options["streams"])
        listener.listen(1)
    except OSError:
        listener.close()
        if options["application-type"] == "asgi":
            raise
        return None  # the path may be too long for a socket, which is no matter for WSGI
    return listener


def open_channels(options, transport):
    worker = int(options["worker"])
    return [
        slots.Channel(*transport, "%s-%d-%d" % (options["credits"], worker, number), worker, number)
        for number in range(int(options["threads"]))
    ]


@contextlib.contextmanager
def in_one_process():
    """Ends a child that the application forks and that comes back: it would be another worker."""
    process = os.getpid()
    try:
        yield
    except BaseException as failure:
        if os.getpid() != process:
            wsgi.child_failed(failure)
        raise
    finally:
        if os.getpid() != process:
            wsgi.child_came_back()


def load(options):
    """The application, imported with the rights that it will have."""
    isolation.apply(options)
    wsgi.FileWrapper.sent_by_parent = not options["user"]
    with in_one_process():
        return loading.load(options["application"])


def is_asgi(options, application):
    """Whether the application speaks ASGI: the setting says so, or it looks like it."""
    kind = options["application-type"]
    return kind == "asgi" or (kind == "auto" and loading.is_asgi(application))


def start_asgi(listener, application, options):
    """An event loop in which the application has begun its lifespan, and has been rehearsed."""
    from gangway_worker import eventloop

    if listener is None:
        raise OSError("no socket can be made at %s" % options["streams"])
    server = eventloop.Server(application, listener)
    with in_one_process():
        server.start(options["rehearsal"])
    return server


def serve_asgi(server, out):
    """Serves until the parent ends the connection, or SIGTERM."""
    on_sigterm(server.stop)
    server.run(lambda: ready(out, "asgi"))


def ready(out, kind):
    frames.send(out, frames.READY, "%d.%d.%d %s" % (*sys.version_info[:3], kind))


def rehearse(options, application, constants):
    if options["rehearsal"]:
        with in_one_process():
            rehearsal.rehearse(application, options["rehearsal"], constants)


def serve(channels, application, constants, out):
    """Answers requests until there are no more."""
    loops = [wsgi.Loop(channel, application, constants) for channel in channels]
    wake, ended = os.pipe() if len(loops) > 1 else (None, None)
    end_on_sigterm(loops, ended)
    wsgi.never_answer_in_children(channels)
    ready(out, "wsgi")
    if len(loops) == 1:
        loops[0].run()
    else:
        run_in_threads(loops, wake, ended)


def fork_workers(options, control, out):
    """Imports the application and forks; returns transport and application in each worker."""
    preload.end_with(control)
    logs.install(out)
    find_modules(options)
    transport = open_transport(options)
    gc.disable()
    application = load(options)
    fields = preload.Parent(control, out).run()
    (
        options["worker"],
        frames_path,
        errors_path,
        life,
        options["credits"],
        stacks,
        options["streams"],
    ) = fields
    os.setsid()
    die_with_parent(preload.open_life(life))
    preload.become_worker(out, errors_path, frames_path)
    show_stacks_on_request(stacks)
    return transport, application


def main():
    options = settings(sys.argv[1:])
    os.setsid()  # a Ctrl-C in the parent's terminal is the parent's to handle
    out = frames.take_standard_output()
    control = take_standard_input()
    try:
        if options["preload"] == "true":
            transport, application = fork_workers(options, control, out)
            channels = open_channels(options, transport)
            listener = open_listener(options)
        else:
            die_with_parent(control)
            logs.install(out)
            show_stacks_on_request(options["stacks"])
            find_modules(options)
            channels = open_channels(options, open_transport(options))
            listener = open_listener(options)
            application = load(options)
        asynchronous = is_asgi(options, application)
        if asynchronous:
            for channel in channels:
                channel.close()
            server = start_asgi(listener, application, options)
        else:
            if listener is not None:
                listener.close()
            constants = wsgi.constants(len(channels) > 1, options["multiprocess"] == "true", out)
            rehearse(options, application, constants)
    except rehearsal.Failed as failure:
        frames.send(out, frames.FAILED, str(failure))
        sys.exit(3)
    except BaseException:
        frames.send(out, frames.FAILED, traceback.format_exc())
        sys.exit(3)
    if asynchronous:
        serve_asgi(server, out)
    else:
        serve(channels, application, constants, out)


if __name__ == "__main__":
    main()
