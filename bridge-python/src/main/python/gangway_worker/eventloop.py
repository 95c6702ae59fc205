"""Runs the event loop of a worker that serves an ASGI application."""

import asyncio
import importlib
import os

from gangway_worker import asgi, lifespan, rehearsal, streams


def new():
    """uvloop's event loop if that is installed, otherwise Python's own."""
    try:
        return importlib.import_module("uvloop").new_event_loop()
    except ImportError:
        return asyncio.new_event_loop()


class Server:
    """An application in its event loop."""

    def __init__(self, application, listener):
        self._application = application
        self._relative = asgi.has_relative_paths()
        self._listener = listener
        self._loop = new()
        asyncio.set_event_loop(self._loop)
        self._lifespan = None
        self._link = None
        self._stop = None

    def start(self, target):
        """Runs the application's startup and the rehearsal; raises if one fails."""
        self._loop.run_until_complete(self._start(target))

    async def _start(self, target):
        self._lifespan = lifespan.Lifespan(self._application)
        await self._lifespan.startup()
        if target:
            await rehearsal.rehearse_asgi(self._application, target, self._lifespan.state)

    def run(self, ready):
        """Serves until the parent ends the connection, or ``stop`` is called."""
        try:
            self._loop.run_until_complete(self._run(ready))
        finally:
            self._loop.close()

    async def _run(self, ready):
        self._stop = asyncio.Event()
        self._link = link = streams.Link(self._loop, self._accept, self._stop.set)
        os.register_at_fork(after_in_child=link.after_fork)
        server = await self._loop.create_unix_server(lambda: link, sock=self._listener)
        ready()
        await self._stop.wait()
        server.close()
        await self._end_streams()
        link.close()
        await self._lifespan.shutdown()

    async def _end_streams(self):
        tasks = [stream.task for stream in self._link.streams.values() if stream.task is not None]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=1)

    def stop(self):
        """May be called in a signal handler."""
        self._loop.call_soon_threadsafe(self._stop.set)

    def _accept(self, kind, number, payload):
        relative = self._relative
        if kind == streams.HTTP:
            scope = asgi.scope(kind, payload[1:], self._lifespan.state, relative)
            stream = asgi.Http(self._link, number, self._loop, scope, payload[0] != 0)
        else:
            scope = asgi.scope(kind, payload, self._lifespan.state, relative)
            stream = asgi.WebSocket(self._link, number, self._loop, scope)
        stream.task = self._loop.create_task(stream.run(self._application))
        stream.task.add_done_callback(stream.ended)
        return stream
