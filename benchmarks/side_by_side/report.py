"""The report of a run as Markdown."""

from statistics import median

from .goals import goals
from .servers import TITLES
from .tables import noise, number, ratio, spread, table
from .works import WORKS


def _figures(results):
    head = ["work", "server", "connections", "requests/s", "× uWSGI", "p50 ms", "p99 ms"]
    head += ["CPU µs/request", "× uWSGI", "of it the JVM", "memory MiB", "of it the JVM"]
    rows = []
    for work in WORKS:
        for load in [] if work.beside_slow else results.loads_of(work.name):
            for server in TITLES:
                if not results.has(work.name, server, load):
                    continue
                key = work.name, server
                jvm = results.median(*key, "jvm_mib", load)
                jvm_cpu = results.median(*key, "jvm_cpu_us", load)
                rows.append(
                    [
                        work.title,
                        TITLES[server],
                        load.title,
                        spread(results.values(*key, "requests_per_second", load)),
                        ratio(results.ratio(*key, "requests_per_second", load=load)),
                        spread(results.values(*key, "p50_ms", load)),
                        spread(results.values(*key, "p99_ms", load)),
                        spread(results.values(*key, "cpu_us", load)),
                        ratio(results.ratio(*key, "cpu_us", load=load)),
                        "–" if jvm_cpu is None else number(jvm_cpu),
                        number(results.median(*key, "memory_mib", load)),
                        "–" if jvm is None else number(jvm),
                    ]
                )
    return table(head, rows) if rows else ""


def _mixed(results):
    head = ["beside a 200 ms request", "server", "p99 ms alone", "beside", "ratio"]
    head += ["p99.9 ms alone", "beside", "ratio"]
    head += ["requests/s alone", "beside", "slow request ms"]
    rows = []
    for server in TITLES:
        if not results.has("mixed", server):
            continue
        alone = results.values("mixed", server, "alone")
        row = ["Python hello", TITLES[server]]
        for figure in ("p99_ms", "p999_ms"):
            row.append(spread([figures[figure] for figures in alone]))
            row.append(spread(results.values("mixed", server, figure)))
            row.append(ratio(results.beside(server, figure)))
        row.append(spread([figures["requests_per_second"] for figures in alone]))
        row.append(spread(results.values("mixed", server, "requests_per_second")))
        row.append(number(median(results.values("mixed", server, "slow_ms"))))
        rows.append(row)
    return table(head, rows) if rows else ""


def _fair(results):
    """How the clients of many connections fared one by one."""
    rows = []
    for load in results.loads_of("fair"):
        for server in TITLES:
            if results.has("fair", server, load):
                shares = results.values("fair", server, "slowest_share", load)
                rows.append([f"{load.title} clients, kept alive", TITLES[server], spread(shares)])
    return table(["fairness", "server", "slowest client's share of the mean"], rows) if rows else ""


def _startups(results):
    rows = []
    for server, figures in results.startups.items():
        jvm = [one["jvm_mib"] for one in figures if "jvm_mib" in one]
        rows.append(
            [
                "Django site",
                TITLES[server],
                spread([one["seconds"] for one in figures]),
                number(median(one["memory_mib"] for one in figures)),
                number(median(jvm)) if jvm else "–",
            ]
        )
    head = ["start-up", "server", "s to the first answer", "memory MiB then", "of it the JVM"]
    return table(head, rows) if rows else ""


def markdown(machine, options, results):
    """The whole report."""
    rounds = max(map(len, [*results.rounds.values(), *results.startups.values()]))
    how = (
        f"{rounds} interleaved rounds, each run of {options.seconds} s; median (least–most);"
        " ratios are medians of the rounds' ratios, to uWSGI in the same place: behind nginx to"
        " uWSGI's HTTP behind nginx."
    )
    if options.java_options:
        how += f" Options for Java: `{options.java_options}`."
    machine_text = ", ".join(f"{name} {value}" for name, value in machine.items() if value)
    foreign = [
        figures["foreign_processors"] for rounds in results.rounds.values() for figures in rounds
    ]
    parts = [machine_text + ".", how]
    if foreign:
        parts.append(noise(foreign))
    if results.failures:
        first = "\n".join(f"- {failure.splitlines()[0]}" for failure in results.failures)
        parts.append(f"**Measurements that failed, and are missing:**\n\n{first}")
    parts += [_figures(results), _mixed(results), _fair(results), _startups(results)]
    if options.quick:
        parts[:0] = ["**A smoke run, far too short for its figures to mean anything.**"]
    else:
        parts.append(goals(results))
    return "\n\n".join(part for part in parts if part) + "\n"
