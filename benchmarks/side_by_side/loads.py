"""How clients come: over how many connections, and whether these are kept."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Load:
    """So many connections of wrk, each with one request under way."""

    connections: int
    keep_alive: bool = True
    threads: int = 2

    @property
    def name(self):
        return f"{self.connections}" if self.keep_alive else f"{self.connections}-new"

    @property
    def title(self):
        return f"{self.connections}" if self.keep_alive else f"{self.connections}, new each time"

    def at_most(self, connections):
        return replace(self, connections=min(self.connections, connections))


ONE = Load(1)
USUAL = Load(32)
USUAL_NEW = Load(32, keep_alive=False)
MANY = Load(256)
# A thread for each connection, because wrk counts by threads.
MANY_COUNTED = Load(256, threads=256)
