"""A simulation's result as one HTML file that needs nothing from elsewhere: tables, and charts drawn in SVG."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from services.simulation.tables import Table, tables_of

_COLOURS = {"sms": "#0b6e99", "whatsapp": "#2e8b57", "email": "#b45f06", "voice": "#7b4f9d"}
_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP = 900, 260, 60, 40, 12
_STYLE = """
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: .5rem 0 2rem; width: 100%; }
th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid #8884; vertical-align: top; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
svg { width: 100%; height: auto; } svg text { fill: currentColor; font-size: 12px; }
h2 { margin-top: 2rem; font-size: 1.15rem; }
"""


def html_of(result: Mapping[str, Any]) -> str:
    """The report as a page."""
    names = ", ".join(f"{each['campaign']} v{each['version']}" for each in result["campaigns"])
    title = escape(f"Simulation: {names}")
    body = [f"<h1>{title}</h1>", f"<p>{escape(str(result['portfolio']))}</p>"]
    for name, label in (("day", "Messages by day"), ("hour", "Messages by local hour")):
        body.append(_chart(label, name, result[f"by_{name}"]))
    body += [_table(table) for table in tables_of(dict(result))]
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{_STYLE}</style></head><body>\n" + "\n".join(body) + "\n</body></html>\n"
    )


def _table(table: Table) -> str:
    numeric = [all(isinstance(row[at], int | float) for row in table.rows) for at in range(len(table.columns))]
    head = "".join(_cell("th", name, numeric[at]) for at, name in enumerate(table.columns))
    rows = "".join(
        "<tr>" + "".join(_cell("td", _shown(value), numeric[at]) for at, value in enumerate(row)) + "</tr>"
        for row in table.rows
    )
    return f"<h2>{escape(table.title)}</h2><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _cell(tag: str, text: str, numeric: bool) -> str:
    kind = ' class="number"' if numeric else ""
    return f"<{tag}{kind}>{escape(text)}</{tag}>"


def _shown(value: str | int | float) -> str:
    return f"{value:,}" if isinstance(value, int | float) else str(value)


def _chart(title: str, name: str, given: Sequence[Mapping[str, Any]]) -> str:
    """Stacked bars: one bar a value, one colour a channel."""
    values = sorted({row[name] for row in given})
    channels = sorted({row["channel"] for row in given})
    if not values:
        return ""
    counts = {(row[name], row["channel"]): row["messages"] for row in given}
    most = max(sum(counts.get((value, channel), 0) for channel in channels) for value in values)
    width = (_WIDTH - _LEFT) / len(values)
    bars = [_bar(_LEFT + at * width, width, value, channels, counts, most) for at, value in enumerate(values)]
    labels = [_label(_LEFT + at * width + width / 2, value, at, len(values)) for at, value in enumerate(values)]
    axis = f'<text x="0" y="{_TOP + 10}">{most:,}</text><text x="0" y="{_HEIGHT - _BOTTOM}">0</text>'
    legend = "".join(
        f'<text x="{_LEFT + at * 110}" y="{_HEIGHT - 4}" style="fill:{_colour(channel)}">■ {escape(channel)}</text>'
        for at, channel in enumerate(channels)
    )
    return (
        f'<h2>{escape(title)}</h2><svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(title)}">'
        f"{axis}{''.join(bars)}{''.join(labels)}{legend}</svg>"
    )


def _bar(
    x: float, width: float, value: str, channels: Sequence[str], counts: Mapping[tuple[str, str], int], most: int
) -> str:
    room, y, drawn = _HEIGHT - _BOTTOM - _TOP, float(_HEIGHT - _BOTTOM), []
    for channel in channels:
        count = counts.get((value, channel), 0)
        height = room * count / most
        y -= height
        if count:
            drawn.append(
                f'<rect x="{x + 1:.1f}" y="{y:.1f}" width="{max(width - 2, 1):.1f}" height="{height:.1f}"'
                f' fill="{_colour(channel)}"><title>{escape(value)} {escape(channel)}: {count:,}</title></rect>'
            )
    return "".join(drawn)


def _label(x: float, value: str, at: int, count: int) -> str:
    every = max(1, count // 12)
    if at % every:
        return ""
    return f'<text x="{x:.1f}" y="{_HEIGHT - _BOTTOM + 16}" text-anchor="middle">{escape(value[-5:])}</text>'


def _colour(channel: str) -> str:
    return _COLOURS.get(channel, "#666666")
