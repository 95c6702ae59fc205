"""Requests/s relative to uWSGI as a picture: grouped bars, written as SVG."""

from html import escape

from .results import REFERENCE, reference
from .servers import DIRECT, TITLES, split
from .works import WORKS

# Readable on white and on black. Jetty and Tomcat are always the first two.
COLOURS = ("#3b82d6", "#e8743b", "#8d98a7", "#b9c2cc", "#5fb49c", "#a78bda", "#c9b458")
KEPT_COLOURS = {"jetty": "#8fbcf0", "tomcat": "#f3ad84"}
BAR, GAP, LEFT, RIGHT, TOP = 12, 14, 262, 60, 78
WIDTH = 900
MOST = 4.0
PLACES = {"": "", "tcp": "by TCP", "unix": "by Unix socket"}
STYLE = """
  text { font: 12px sans-serif; fill: #222 }
  .title { font-size: 17px; font-weight: bold }
  .quiet { fill: #555 }
  .small { font-size: 10px }
  .value { font-size: 10px; paint-order: stroke; stroke: #fff; stroke-width: 3px }
  .back { fill: #fff }
  .grid { stroke: #ddd }
  .one { stroke: #222; stroke-width: 1.5 }
  @media (prefers-color-scheme: dark) {
    text { fill: #eee }
    .quiet { fill: #aaa }
    .value { stroke: #161b22 }
    .back { fill: #161b22 }
    .grid { stroke: #333b45 }
    .one { stroke: #eee }
  }
"""


def _groups(results, fronted):
    """For each work and load a label and the ratios by server; uWSGI itself is the line at 1."""
    groups = []
    for work in WORKS:
        if work.beside_slow or work.counted:
            continue
        for load in results.loads_of(work.name):
            for place, where in PLACES.items():
                bars = {
                    server: results.ratio(work.name, server, "requests_per_second", load=load)
                    for server in TITLES
                    if reference(server).partition("@")[2] == place
                    if server != reference(server) and bool(place) == fronted
                }
                bars = {server: value for server, value in bars.items() if value is not None}
                if bars:
                    groups.append((work.title, _under(load, where), bars))
    return groups


def _under(load, where):
    count = f"{load.connections} connection{'s' if load.connections > 1 else ''}"
    kept = "" if load.keep_alive else ", not kept"
    return f"{count}{kept}; {where}" if where else count + kept


def _series(groups):
    """A colour for each server in any place, in the order of the legend."""
    present = {server for _, _, bars in groups for server in bars}
    colours = {}
    for name in (server for server in DIRECT if server not in (REFERENCE, "nginx")):
        colours[_legend(name)] = COLOURS[len(colours)]
    for name, colour in KEPT_COLOURS.items():
        colours[_legend(f"{name}@unix-keep")] = colour
    colours[_legend("uwsgi@protocol")] = COLOURS[-1]
    shown = {_legend(server) for server in present}
    return {name: colour for name, colour in colours.items() if name in shown}


def _legend(server):
    name, place = split(server)
    if place == "protocol":
        return "uWSGI by its own protocol"
    return TITLES[name] + (", upstream kept" if place.endswith("-keep") else "")


def _text(x, y, text, kind="", anchor="start"):
    shown = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{shown}>{escape(text)}</text>'


def _legend_lines(series):
    """The entries of the legend, wrapped, and the height that they take."""
    lines, x, y = [], 20, 54
    for name, colour in series.items():
        width = 34 + 7 * len(name)
        if x + width > WIDTH - 10:
            x, y = 20, y + 18
        lines.append(f'<rect x="{x}" y="{y - 10}" width="12" height="12" fill="{colour}"/>')
        lines.append(_text(x + 17, y, name))
        x += width
    return lines, y - 54


def chart(results, fronted=False, subtitle=""):
    """The picture as text, or None where there is nothing to compare.

    Of the servers by themselves, or of those behind nginx.
    """
    groups = _groups(results, fronted)
    if not groups:
        return None
    title = "Requests per second relative to uWSGI" + (", behind nginx" if fronted else "")
    series = _series(groups)
    legend, more = _legend_lines(series)
    top = TOP + more
    height = top + sum(BAR * max(2, len(bars)) + GAP for _, _, bars in groups)
    largest = max(value for _, _, bars in groups for value in bars.values())
    most = min(MOST, max(1.5, -(-largest // 0.5) * 0.5))
    scale = (WIDTH - LEFT - RIGHT) / most
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height + 50}"'
        f' width="{WIDTH}" height="{height + 50}" role="img">',
        f"<title>{title}</title>",
        f"<style>{STYLE}</style>",
        f'<rect class="back" width="{WIDTH}" height="{height + 50}"/>',
        _text(20, 26, title, "title"),
        _text(WIDTH - 20, 26, subtitle, "quiet", "end"),
        *legend,
    ]
    for step in range(int(most / 0.5) + 1):
        value = step * 0.5
        x = LEFT + value * scale
        kind = "one" if value == 1 else "grid"
        parts.append(f'<line class="{kind}" x1="{x:.1f}" x2="{x:.1f}" y1="{top - 8}" y2="{height}"/>')
        parts.append(_text(x, height + 16, f"{value:g}", "quiet", "middle"))
    parts.append(_text(LEFT + scale, top - 12, "uWSGI", "quiet small", "middle"))
    axis = "× uWSGI in the same place (1 = as many requests per second; longer is better)"
    parts.append(_text(LEFT + (WIDTH - LEFT - RIGHT) / 2, height + 38, axis, "quiet", "middle"))
    y = top
    for title, under, bars in groups:
        parts += _group(y, title, under, bars, series, scale, most)
        y += BAR * max(2, len(bars)) + GAP
    return "\n".join([*parts, "</svg>"]) + "\n"


def _group(y, title, under, bars, series, scale, most):
    """The labels of one work under one load, and its bars."""
    middle = y + BAR * max(2, len(bars)) / 2
    parts = [_text(LEFT - 10, middle - 3, title, "", "end")]
    parts.append(_text(LEFT - 10, middle + 11, under, "quiet small", "end"))
    for number, (server, value) in enumerate(bars.items()):
        bar = y + number * BAR
        width = min(value, most) * scale
        colour = series[_legend(server)]
        parts.append(
            f'<rect x="{LEFT}" y="{bar + 1}" width="{width:.1f}" height="{BAR - 2}"'
            f' fill="{colour}"><title>{escape(TITLES[server])}: {value:.2f}</title></rect>'
        )
        cut = " →" if value > most else ""
        parts.append(_text(LEFT + width + 4, bar + BAR - 2.5, f"{value:.2f}{cut}", "value"))
    return parts
