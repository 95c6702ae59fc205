"""Results of a run that never was."""

from side_by_side.loads import MANY_COUNTED, USUAL
from side_by_side.results import Results


def figures(rate=1000.0, **more):
    """What is kept of one measurement."""
    return {
        "requests_per_second": rate,
        "p50_ms": 1.0,
        "p99_ms": 2.0,
        "p999_ms": 3.0,
        "cpu_us": 50.0,
        "memory_mib": 90.0,
        "foreign_processors": 0.01,
        **more,
    }


def results():
    """Jetty twice as fast as uWSGI, by itself and behind nginx."""
    found = Results()
    for work in ("hello", "plain"):
        for place in ("", "@unix"):
            for rate in (1000.0, 1100.0, 900.0):
                found.add(work, f"jetty{place}", USUAL, figures(2 * rate, jvm_mib=140.0))
                found.add(work, f"uwsgi{place}", USUAL, figures(rate))
    found.add("hello", "uwsgi@protocol", USUAL, figures(1250.0))
    found.add("mixed", "jetty", USUAL, figures(p999_ms=3.3, alone=figures(), slow_ms=201.0))
    found.add("fair", "jetty", MANY_COUNTED, figures(slowest_share=0.4))
    found.add_startup("jetty", {"seconds": 1.4, "memory_mib": 150.0, "jvm_mib": 80.0})
    return found
