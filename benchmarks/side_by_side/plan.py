"""Which work is measured on which server under which load."""

import math
from dataclasses import replace
from typing import NamedTuple

from .loads import USUAL, Load
from .servers import DIRECT, TITLES, split
from .works import WORKS, Work

STARTUP = "startup"
# Apart from the measurement itself, for the checks of the answer and for starting wrk.
OVERHEAD_SECONDS = 0.3
# After so many answers the just-in-time compiler has come to all that they need.
WARM_ANSWERS = 30_000
START_SECONDS = 2


class Cell(NamedTuple):
    """What is measured once in each round."""

    work: Work
    load: Load
    server: str


def place_of(server):
    """Servers of one place are started together: the direct ones, nginx by TCP, nginx by socket."""
    place = split(server)[1]
    if not place:
        return "direct"
    return "tcp" if place.startswith("tcp") else "unix"


PLACES = list(dict.fromkeys(map(place_of, TITLES)))


def loads_of(work, options):
    """The loads of a work: its own, or those that somebody has chosen."""
    if work.counted or work.beside_slow:
        return work.loads
    chosen = work.loads[:1] if options.quick else work.loads
    if options.connections or options.keep_alive:
        connections = options.connections or [USUAL.connections]
        keep_alive = options.keep_alive or [True]
        chosen = [Load(number, kept) for kept in keep_alive for number in connections]
    if work.most_connections:
        chosen = [load.at_most(work.most_connections) for load in chosen]
    return list(dict.fromkeys(replace(load, threads=options.wrk_threads) for load in chosen))


def _behind_nginx(work, load, options):
    """Whether a load is measured there too: of few works the first, unless somebody chooses."""
    if options.chosen:
        return True
    if not work.fronted or (options.quick and work.application == "django"):
        return False
    return bool(options.connections or options.keep_alive or load == loads_of(work, options)[0])


def cells(application, place, options):
    """In the order in which they are measured: all servers take turns with a work and a load."""
    return [
        Cell(work, load, server)
        for work in WORKS
        if work.application == application and work.name in options.only
        for load in loads_of(work, options)
        for server in options.servers
        if place_of(server) == place and work.runs_on(server)
        if server in DIRECT or _behind_nginx(work, load, options)
    ]


def seconds_of(work, options):
    """How long a work is measured."""
    return max(options.seconds, work.least_seconds)


def warm_up_seconds(server, options):
    """Gangway's just-in-time compiler takes about ten seconds for each kind of work."""
    return options.warm_up if split(server)[0] in ("jetty", "tomcat") else options.warm_up // 6


def more_warm_up_seconds(seconds, answers):
    """How much longer, after that many answers: a compiler counts calls, and uploads are few.

    At most the same time again.
    """
    return math.ceil(seconds * max(0.0, min(1.0, WARM_ANSWERS / max(1, answers) - 1)))


def estimate(options):
    """Seconds that a run is going to take, about."""
    total = 0.0
    for application in ("hello", "django"):
        for place in PLACES:
            some = cells(application, place, options)
            total += START_SECONDS * len({cell.server for cell in some})
            for work, load, server in some:
                once = seconds_of(work, options) * (2 if work.beside_slow else 1)
                total += options.rounds * (once + OVERHEAD_SECONDS)
            for path, server in {(cell.work.path, cell.server) for cell in some}:
                total += warm_up_seconds(server, options)
    if STARTUP in options.only:
        total += options.rounds * START_SECONDS * len([name for name in options.servers if name in DIRECT])
    return total
