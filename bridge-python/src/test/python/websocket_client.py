"""What a client of another make, that of python3-websockets, does with the echo of a server.

``websocket_client.py URL`` prints a line for each thing that it has seen.
"""

import asyncio
import sys

import websockets


async def talk(url):
    async with websockets.connect(url, subprotocols=["first", "second"]) as socket:
        print("subprotocol", socket.subprotocol)
        await socket.send("h\u00e9llo")
        print(await socket.recv())
        await socket.send(["in ", "three ", "fragments"])
        print(await socket.recv())
        await socket.send("x" * 1_000_000)
        print(len(await socket.recv()))
        await (await socket.ping())
        print("pong")
    print("closed with", socket.close_code)


async def crowd(url, size):
    sockets = [await websockets.connect(url) for _ in range(size)]
    await asyncio.gather(*[socket.send(str(number)) for number, socket in enumerate(sockets)])
    answers = await asyncio.gather(*[socket.recv() for socket in sockets])
    print(sum(answer == "echo %d" % number for number, answer in enumerate(answers)), "echoes")
    await asyncio.gather(*[socket.close() for socket in sockets])


async def denied(url):
    try:
        await websockets.connect(url + "/nowhere")
    except websockets.InvalidStatusCode as refusal:
        print("refused with", refusal.status_code)


asyncio.run(talk(sys.argv[1]))
asyncio.run(crowd(sys.argv[1], 100))
asyncio.run(denied(sys.argv[1]))
