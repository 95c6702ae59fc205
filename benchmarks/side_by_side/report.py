"""The figures as Markdown."""

from statistics import median

from .servers import TITLES
from .works import WORKS

REFERENCE = "uwsgi"
QUIET_PROCESSORS = 0.1


class Results:
    """All measurements of a run, a list by round for each work and server."""

    def __init__(self):
        self.rounds = {}

    def add(self, work, server, figures):
        self.rounds.setdefault((work, server), []).append(figures)

    def has(self, work, server):
        return (work, server) in self.rounds

    def values(self, work, server, figure):
        return [figures[figure] for figures in self.rounds[work, server]]

    def ratio(self, work, server, figure, to_work=None, to_server=REFERENCE):
        """The median of the ratios of each round, which were measured close together."""
        to = (to_work or work, to_server)
        if to not in self.rounds or not self.has(work, server):
            return None
        pairs = zip(self.values(work, server, figure), self.values(*to, figure))
        ratios = [mine / other for mine, other in pairs if other]
        return median(ratios) if ratios else None


def _number(value):
    if value >= 100:
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _spread(values):
    if len(values) == 1:
        return _number(values[0])
    return f"{_number(median(values))} ({_number(min(values))}–{_number(max(values))})"


def _ratio(value):
    return "–" if value is None else f"{value:.2f}"


def _table(head, rows):
    lines = [head, ["---", "---", *["--:"] * (len(head) - 2)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _figures(results):
    head = ["work", "server", "requests/s", "× uWSGI", "p50 ms", "p99 ms"]
    head += ["CPU µs/request", "× uWSGI", "memory MiB"]
    rows = []
    for work in WORKS:
        for server in TITLES:
            if work.beside_slow or not results.has(work.name, server):
                continue
            key = work.name, server
            rows.append(
                [
                    work.title,
                    TITLES[server],
                    _spread(results.values(*key, "requests_per_second")),
                    _ratio(results.ratio(*key, "requests_per_second")),
                    _spread(results.values(*key, "p50_ms")),
                    _spread(results.values(*key, "p99_ms")),
                    _spread(results.values(*key, "cpu_us")),
                    _ratio(results.ratio(*key, "cpu_us")),
                    _number(median(results.values(*key, "memory_mib"))),
                ]
            )
    return _table(head, rows) if rows else ""


def _mixed(results):
    head = ["beside a 200 ms request", "server", "p99 ms alone", "p99 ms beside", "ratio"]
    head += ["requests/s alone", "requests/s beside", "slow request ms"]
    rows = []
    for server in TITLES:
        if not results.has("mixed", server):
            continue
        alone = results.values("mixed", server, "alone")
        rows.append(
            [
                "Python hello",
                TITLES[server],
                _spread([figures["p99_ms"] for figures in alone]),
                _spread(results.values("mixed", server, "p99_ms")),
                _ratio(_beside(results, server)),
                _spread([figures["requests_per_second"] for figures in alone]),
                _spread(results.values("mixed", server, "requests_per_second")),
                _number(median(results.values("mixed", server, "slow_ms"))),
            ]
        )
    return _table(head, rows) if rows else ""


def _beside(results, server):
    """The ratio of p99 beside a slow request to that alone."""
    rounds = results.rounds.get(("mixed", server))
    if not rounds:
        return None
    return median(figures["p99_ms"] / figures["alone"]["p99_ms"] for figures in rounds)


def _goals(results):
    """What is expected of Gangway, and whether these figures show it."""
    rows = []

    def goal(text, server, value, reached):
        if value is not None:
            answer = "yes" if reached(value) else "**no**"
            rows.append([text, TITLES[server], f"{value:.2f}", answer])

    rate = "requests_per_second"
    for server in ("jetty", "tomcat"):
        value = results.ratio("java", server, rate, "raw", server)
        goal("Java application ≥ 0.90 × raw servlet", server, value, lambda x: x >= 0.9)
        value = results.ratio("hello", server, rate)
        goal("Python hello ≥ 1.50 × uWSGI", server, value, lambda x: x >= 1.5)
        for work in (work for work in WORKS if work.application == "django"):
            value = results.ratio(work.name, server, rate)
            goal(f"{work.title} ≥ 1.00 × uWSGI", server, value, lambda x: x >= 1)
            value = results.ratio(work.name, server, "p99_ms")
            goal(f"{work.title}, p99 ≤ 1.00 × uWSGI", server, value, lambda x: x <= 1)
        value = _beside(results, server)
        goal("p99 beside a 200 ms request ≤ 1.20 × alone", server, value, lambda x: x <= 1.2)
    return _table(["expected", "server", "measured", "reached"], rows) if rows else ""


def _noise(foreign):
    quiet = median(foreign) <= QUIET_PROCESSORS
    return (
        f"Beside the run, the machine was {'quiet' if quiet else '**not quiet**'}: other work took"
        f" {median(foreign):.2f} processors (median), {max(foreign):.2f} at most."
    )


def markdown(machine, options, results):
    """The whole report."""
    rounds = max(len(values) for values in results.rounds.values())
    how = (
        f"{rounds} interleaved rounds, each run of {options.seconds} s,"
        f" {options.connections} connections; median (least–most);"
        " ratios are medians of the rounds' ratios."
    )
    machine_text = ", ".join(f"{name} {value}" for name, value in machine.items() if value)
    foreign = [
        value for key in results.rounds for value in results.values(*key, "foreign_processors")
    ]
    parts = [machine_text + ".", how, _noise(foreign), _figures(results), _mixed(results)]
    if options.quick:
        parts[:0] = ["**A smoke run, far too short for its figures to mean anything.**"]
    else:
        parts.append(_goals(results))
    return "\n\n".join(part for part in parts if part) + "\n"


def _slow_row(kind, server, rounds):
    """What one kind of slow client did to the fast ones of a server."""
    answered = [row for row in rounds if row["beside"]]
    rates = [
        row["beside"]["requests_per_second"] / row["alone"]["requests_per_second"]
        if row["beside"]
        else 0.0
        for row in rounds
    ]
    row = [f"slow {kind}", TITLES[server]]
    row.append(_spread([row["alone"]["requests_per_second"] for row in rounds]))
    beside = _spread([row["beside"]["requests_per_second"] for row in answered]) if answered else ""
    silent = len(rounds) - len(answered)
    if silent:
        beside += f"{', ' if beside else ''}**no answer** in {silent} of {len(rounds)}"
    late = sum(row["beside"]["wrk"]["timeout"] for row in answered)
    if late:
        beside += f", {late} time-outs"
    row += [beside, _ratio(median(rates))]
    row.append(_spread([row["alone"]["p99_ms"] for row in rounds]))
    if answered:
        row.append(_spread([row["beside"]["p99_ms"] for row in answered]))
        row.append(_ratio(median(r["beside"]["p99_ms"] / r["alone"]["p99_ms"] for r in answered)))
    else:
        row += ["–", "–"]
    fared = rounds[-1]["fared"].items()
    row.append(", ".join(f"{count} {state}" for state, count in fared if state != "received"))
    return row


def slow_markdown(machine, options, results):
    """What slow clients do to others; results are lists of rounds by kind and server."""
    head = [f"beside {options.clients}", "server", "requests/s alone", "beside", "ratio"]
    head += ["p99 ms alone", "beside", "ratio", "slow clients"]
    rows = [_slow_row(kind, server, rounds) for (kind, server), rounds in results.items()]
    how = (
        f"{options.rounds} interleaved rounds, each measurement of {options.seconds} s with"
        f" {options.connections} fast connections; median (least–most); ratios are medians of the"
        " rounds' ratios."
    )
    foreign = [
        row[side]["foreign_processors"]
        for rounds in results.values()
        for row in rounds
        for side in ("alone", "beside")
        if row[side]
    ]
    text = ", ".join(f"{name} {value}" for name, value in machine.items() if value)
    return "\n\n".join([text + ".", how, _noise(foreign), _table(head, rows)]) + "\n"
