"""What slow clients do to others, as Markdown."""

from statistics import median

from .servers import TITLES
from .tables import noise, ratio, spread, table


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
    row.append(spread([row["alone"]["requests_per_second"] for row in rounds]))
    beside = spread([row["beside"]["requests_per_second"] for row in answered]) if answered else ""
    silent = len(rounds) - len(answered)
    if silent:
        beside += f"{', ' if beside else ''}**no answer** in {silent} of {len(rounds)}"
    late = sum(row["beside"]["wrk"]["timeout"] for row in answered)
    if late:
        beside += f", {late} time-outs"
    row += [beside, ratio(median(rates))]
    row.append(spread([row["alone"]["p99_ms"] for row in rounds]))
    if answered:
        row.append(spread([row["beside"]["p99_ms"] for row in answered]))
        row.append(ratio(median(r["beside"]["p99_ms"] / r["alone"]["p99_ms"] for r in answered)))
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
    return "\n\n".join([text + ".", how, noise(foreign), table(head, rows)]) + "\n"
