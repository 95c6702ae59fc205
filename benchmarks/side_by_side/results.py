"""All that a run has measured, and how figures compare."""

import contextlib
from statistics import median

from . import Failure
from .loads import USUAL
from .servers import split

REFERENCE = "uwsgi"


def reference(server):
    """uWSGI in the same place as a server: in front of everything, or behind nginx likewise."""
    place = split(server)[1].removesuffix("-keep")
    if place == "protocol":
        return "uwsgi@unix"
    return f"{REFERENCE}@{place}" if place else REFERENCE


class Results:
    """All measurements, a list by round for each work, server and load; and the start-ups."""

    def __init__(self):
        self.rounds = {}
        self.startups = {}
        self.failures = []
        self._loads = {}

    @contextlib.contextmanager
    def attempt(self, say):
        """Lets a long run go on after a measurement that fails, and remembers why it did."""
        try:
            yield
        except Failure as failure:
            self.failures.append(str(failure))
            say(f"failed: {failure}")

    def add(self, work, server, load, figures):
        self._loads[load.name] = load
        self.rounds.setdefault((work, server, load.name), []).append(figures)

    def add_startup(self, server, figures):
        self.startups.setdefault(server, []).append(figures)

    def has(self, work, server, load=USUAL):
        return (work, server, load.name) in self.rounds

    def values(self, work, server, figure, load=USUAL):
        return [figures[figure] for figures in self.rounds[work, server, load.name]]

    def median(self, work, server, figure, load=USUAL):
        """None if it was not measured."""
        if not self.has(work, server, load):
            return None
        values = [one[figure] for one in self.rounds[work, server, load.name] if figure in one]
        return median(values) if values else None

    def loads_of(self, work):
        """Those under which a work was measured on any server, in the order of the run."""
        names = dict.fromkeys(load for name, _, load in self.rounds if name == work)
        return [self._loads[name] for name in names]

    def startup(self, server, figure):
        """None if it was not measured."""
        figures = [one[figure] for one in self.startups.get(server, ())]
        return median(figures) if figures else None

    def ratio(self, work, server, figure, to_work=None, to_server=None, load=USUAL, to_load=None):
        """The median of the ratios of each round, which were measured close together.

        Compares with uWSGI in the same place unless told otherwise; None without both figures.
        """
        to = (to_work or work, to_server or reference(server))
        to_load = to_load or load
        if not self.has(work, server, load) or not self.has(*to, to_load):
            return None
        mine = self.values(work, server, figure, load)
        pairs = zip(mine, self.values(*to, figure, to_load))
        ratios = [value / other for value, other in pairs if other]
        return median(ratios) if ratios else None

    def beside(self, server, figure):
        """The ratio of a figure beside a slow request to that alone."""
        rounds = self.rounds.get(("mixed", server, USUAL.name))
        if not rounds:
            return None
        return median(figures[figure] / figures["alone"][figure] for figures in rounds)

    def raw(self):
        """Every single measurement, for JSON."""
        figures = [
            {"work": work, "server": server, "load": load, "rounds": rounds}
            for (work, server, load), rounds in self.rounds.items()
        ]
        return {"figures": figures, "startups": self.startups, "failures": self.failures}
