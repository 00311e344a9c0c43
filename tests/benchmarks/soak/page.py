"""A soak as one page that needs nothing from elsewhere: charts in SVG over the time of the run, faults shaded."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from itertools import pairwise
from typing import Any

_COLOURS = (
    "#0b6e99",
    "#b45f06",
    "#2e8b57",
    "#7b4f9d",
    "#c0392b",
    "#666666",
    "#8a7a00",
    "#00788a",
    "#a0407a",
    "#405aa0",
)
_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP = 900, 240, 64, 28, 10
_STYLE = """
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: .5rem 0 2rem; width: 100%; }
th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid #8884; vertical-align: top; }
svg { width: 100%; height: auto; } svg text { fill: currentColor; font-size: 12px; }
.fault { fill: #c0392b; opacity: .13; } .wrong { color: #c0392b; font-weight: 600; }
ul.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 0 1.2rem; padding: 0; margin: 0; }
h2 { margin-top: 2rem; font-size: 1.15rem; }
"""

Series = Mapping[str, Sequence[float | None]]
Samples = Sequence[Mapping[str, Any]]


def page_of(document: Mapping[str, Any]) -> str:
    """The page."""
    samples, faults = document["samples"], document["faults"]
    title = f"Soak: {document['messages']:,} messages"
    word = "passed" if document["passed"] else "failed"
    engines = f"{document['kafka']}; PostgreSQL {document['postgres']}; {document['machine']['cores']} cores"
    body = [
        f"<h1>{escape(title)}: <span{'' if document['passed'] else ' class=wrong'}>{word}</span></h1>",
        f"<p>{document['seconds']:,} s, {document['per_second']} messages a second; {escape(engines)}.</p>",
        f"<p class=wrong>{escape(document['broken'])}</p>" if document["broken"] else "",
        *(_chart(name, samples, series, faults) for name, series in _charts(samples)),
        _table("What must hold", ("invariant", "violations"), _verdicts(document["invariants"])),
        _table("What became of them", ("what", "how many"), [(k, f"{v:,}") for k, v in document["counts"].items()]),
        _table("What went wrong on purpose", ("fault", "from", "to"), _told(faults)),
    ]
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>\n" + "\n".join(body) + "\n</body></html>\n"
    )


def _charts(samples: Samples) -> list[tuple[str, Series]]:
    names = sorted({name for sample in samples for name in sample["memory"]})

    def ledger(name: str) -> list[float | None]:
        return [sample["ledger"][name] if sample["ledger"] else None for sample in samples]

    rates = {
        "people told of": _rate(samples, lambda sample: sample["told"]),
        "handed over": _rate(samples, lambda sample: sample["handed"]),
        "events published": _rate(samples, lambda sample: sample["published"]),
    }
    return [
        ("A second", rates),
        ("Memory of each process, MiB", {name: [s["memory"].get(name) for s in samples] for name in names}),
        ("Records that ingest has not committed", {"records": [sample["lag"] for sample in samples]}),
        ("Outbox, rows", {"rows": ledger("outbox")}),
        ("Age of the oldest event not yet published, s", {"seconds": ledger("outbox_age")}),
        ("Messages", {name: ledger(key) for name, key in (("due", "waiting"), ("in flight", "open"))}),
        ("Attempts whose outcome nobody knows", {"unknown": ledger("unknown")}),
    ]


def _rate(samples: Samples, count: Callable[[Mapping[str, Any]], float | None]) -> list[float | None]:
    """The rise of a count from sample to sample, a second."""
    found: list[float | None] = [None for _ in samples[:1]]
    for before, after in pairwise(samples):
        low, high = count(before), count(after)
        seconds = max(after["at"] - before["at"], 0.1)
        found.append(None if low is None or high is None else round((high - low) / seconds, 1))
    return found


def _chart(title: str, samples: Samples, series: Series, faults: Samples) -> str:
    """One line a series; a gap is what could not be read."""
    end = max((sample["at"] for sample in samples), default=1.0) or 1.0
    values = [value for line in series.values() for value in line if value is not None]
    most = max(values, default=0.0) or 1.0
    times = [sample["at"] for sample in samples]
    lines = "".join(
        _line(times, line, end, most, _COLOURS[at % len(_COLOURS)]) for at, line in enumerate(series.values())
    )
    axis = (
        f'<text x="0" y="{_TOP + 10}">{most:,.0f}</text><text x="0" y="{_HEIGHT - _BOTTOM}">0</text>'
        f'<text x="{_LEFT}" y="{_HEIGHT - 8}">0 s</text>'
        f'<text x="{_WIDTH}" y="{_HEIGHT - 8}" text-anchor="end">{end:,.0f} s</text>'
    )
    legend = "".join(
        f'<li><span style="color:{_COLOURS[at % len(_COLOURS)]}">■</span> {escape(name)}</li>'
        for at, name in enumerate(series)
    )
    return (
        f"<h2>{escape(title)}</h2>"
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(title)}">'
        f"{''.join(_band(fault, end) for fault in faults)}{axis}{lines}</svg>"
        f'<ul class="legend">{legend}</ul>'
    )


def _band(fault: Mapping[str, Any], end: float) -> str:
    left, right = (_x(fault[name], end) for name in ("began", "ended"))
    height = _HEIGHT - _BOTTOM - _TOP
    return (
        f'<rect class="fault" x="{left:.1f}" y="{_TOP}" width="{max(right - left, 1):.1f}" height="{height}">'
        f"<title>{escape(fault['name'])}</title></rect>"
    )


def _line(times: Sequence[float], line: Sequence[float | None], end: float, most: float, colour: str) -> str:
    room, pieces, piece = _HEIGHT - _BOTTOM - _TOP, list[list[str]](), list[str]()
    for at, value in zip(times, line, strict=True):
        if value is None:
            piece = []
            continue
        if not piece:
            pieces.append(piece)
        piece.append(f"{_x(at, end):.1f},{_HEIGHT - _BOTTOM - room * value / most:.1f}")
    return "".join(
        f'<polyline points="{" ".join(each)}" fill="none" stroke="{colour}" stroke-width="1.5"/>' for each in pieces
    )


def _x(at: float, end: float) -> float:
    return _LEFT + (_WIDTH - _LEFT) * min(at / end, 1.0)


def _verdicts(invariants: Samples) -> list[tuple[str, str]]:
    return [(each["name"], "; ".join([f"{each['violations']:,}", *each["first"]])) for each in invariants]


def _told(faults: Samples) -> list[tuple[str, str, str]]:
    return [(each["name"], f"{each['began']:,.0f} s", f"{each['ended']:,.0f} s") for each in faults]


def _table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return ""
    heads = "".join(f"<th>{escape(name)}</th>" for name in head)
    lines = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<h2>{escape(title)}</h2><table><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>"
