"""Tells an ASGI application when it begins and ends to serve (ASGI Lifespan 2.0)."""

import asyncio
import logging

from gangway_worker.rehearsal import Failed

_log = logging.getLogger("gangway.worker")


class Lifespan:
    """One run of the application in a worker."""

    def __init__(self, application):
        self._application = application
        self._events = asyncio.Queue()
        self._started = asyncio.get_running_loop().create_future()
        self._ended = asyncio.get_running_loop().create_future()
        self._task = None
        #: Filled by the application during its startup; None where it has no lifespan.
        self.state = {}

    async def startup(self):
        """Returns when the application is ready, or raises Failed."""
        self._events.put_nowait({"type": "lifespan.startup"})
        self._task = asyncio.ensure_future(self._run())
        await self._started

    async def shutdown(self):
        """Returns when the application has cleaned up."""
        if self._task is None or self._task.done():
            return
        self._events.put_nowait({"type": "lifespan.shutdown"})
        await asyncio.wait((self._ended, self._task), return_when=asyncio.FIRST_COMPLETED)

    async def _run(self):
        scope = {
            "type": "lifespan",
            "asgi": {"version": "3.0", "spec_version": "2.0"},
            "state": self.state,
        }
        try:
            await self._application(scope, self._events.get, self._send)
        except BaseException as failure:
            if self._started.done():
                _log.error("the application failed in its lifespan", exc_info=failure)
            else:
                # As the specification has it: the application has no lifespan.
                _log.debug("the application has no lifespan", exc_info=failure)
                self.state = None
        finally:
            for future in (self._started, self._ended):
                if not future.done():
                    future.set_result(None)

    async def _send(self, message):
        kind = message["type"]
        if kind == "lifespan.startup.complete" and not self._started.done():
            self._started.set_result(None)
        elif kind == "lifespan.startup.failed" and not self._started.done():
            text = message.get("message") or "the application's startup failed"
            self._started.set_exception(Failed(text))
        elif kind == "lifespan.shutdown.complete" and self._started.done():
            self._end()
        elif kind == "lifespan.shutdown.failed" and self._started.done():
            _log.error("the application's shutdown failed: %s", message.get("message", ""))
            self._end()
        else:
            raise RuntimeError("unexpected %r" % kind)

    def _end(self):
        if not self._ended.done():
            self._ended.set_result(None)
