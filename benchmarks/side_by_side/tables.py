"""Numbers and tables in Markdown."""

from statistics import median

QUIET_PROCESSORS = 0.1


def number(value):
    if value >= 100:
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def spread(values):
    if len(values) == 1:
        return number(values[0])
    return f"{number(median(values))} ({number(min(values))}–{number(max(values))})"


def ratio(value):
    return "–" if value is None else f"{value:.2f}"


def table(head, rows):
    lines = [head, ["---", "---", *["--:"] * (len(head) - 2)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def noise(foreign):
    quiet = median(foreign) <= QUIET_PROCESSORS
    return (
        f"Beside the run, the machine was {'quiet' if quiet else '**not quiet**'}: other work took"
        f" {median(foreign):.2f} processors (median), {max(foreign):.2f} at most."
    )
