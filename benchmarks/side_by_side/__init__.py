"""The parts of the side-by-side runs: what is served, by whom, and how it is measured."""


class Failure(Exception):
    """The run cannot go on; the message says what to do."""
