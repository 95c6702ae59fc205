"""Applications of ASGI frameworks, as their documentation writes them."""

import asyncio

from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.responses import JSONResponse, PlainTextResponse, StreamingResponse
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.websockets import WebSocketDisconnect


async def where(request):
    return PlainTextResponse(
        "%s %s %s" % (request.url, request.url_for("upload"), request.path_params.get("name", ""))
    )


async def upload(request):
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
    return JSONResponse({"size": size})


def in_a_thread(request):
    return PlainTextResponse("from a thread")


async def events(request):
    async def generate():
        try:
            for number in range(1000):
                yield "data: %d\n\n" % number
                await asyncio.sleep(0.01 if request.query_params.get("fast") else 0.2)
        finally:
            print("events ended")

    return StreamingResponse(generate(), media_type="text/event-stream")


async def polls(request):
    while not await request.is_disconnected():
        await asyncio.sleep(0.05)
    print("poll ended")


async def fails(request):
    raise RuntimeError("provoked by the test")


async def later(request):
    async def work():
        await asyncio.sleep(0.1)
        print("background work done")

    return PlainTextResponse("answered", background=BackgroundTask(work))


async def echo(websocket):
    await websocket.accept(subprotocol=(websocket.scope["subprotocols"] or [None])[0])
    try:
        while True:
            await websocket.send_text("echo " + await websocket.receive_text())
    except WebSocketDisconnect as end:
        print("left with", end.code)


starlette = Starlette(
    routes=[
        Route("/", where),
        Route("/where/{name}", where),
        Route("/upload", upload, methods=["POST"], name="upload"),
        Route("/thread", in_a_thread),
        Route("/events", events),
        Route("/polls", polls),
        Route("/fails", fails),
        Route("/later", later),
        Mount("/below", routes=[Route("/where/{name}", where)]),
        WebSocketRoute("/echo", echo),
    ]
)


def fastapi():
    from fastapi import FastAPI

    api = FastAPI()

    @api.get("/items/{number}")
    async def item(number: int, q: str = ""):
        return {"number": number, "q": q}

    @api.get("/sync")
    def sync():
        return {"sync": True}

    return api


def django():
    from django.conf import settings

    settings.configure(
        ROOT_URLCONF="asgi_frameworks",
        SECRET_KEY="of the test",
        ALLOWED_HOSTS=["*"],
        DEFAULT_CHARSET="utf-8",
    )
    from django.core.asgi import get_asgi_application
    from django.http import HttpResponse, StreamingHttpResponse
    from django.urls import path, reverse

    def page(request, name=""):
        shown = (request.method, request.path, request.get_full_path(), reverse("page"), name)
        return HttpResponse(" ".join(shown), content_type="text/plain")

    async def asynchronous(request):
        await asyncio.sleep(0.01)
        return HttpResponse("asynchronous")

    def streamed(request):
        return StreamingHttpResponse(("part %d\n" % number for number in range(3)))

    def size(request):
        return HttpResponse(str(len(request.body)))

    def broken(request):
        raise RuntimeError("provoked by the test")

    globals()["urlpatterns"] = [
        path("", page, name="page"),
        path("named/<name>", page),
        path("async", asynchronous),
        path("streamed", streamed),
        path("size", size),
        path("broken", broken),
    ]
    return get_asgi_application()
