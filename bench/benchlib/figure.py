# SPDX-License-Identifier: LGPL-2.1-or-later
"""The results as a bar figure, in SVG."""

from xml.sax.saxutils import escape

from . import budgets, report

_WIDTH, _LEFT, _BAR, _ROW, _TOP = 900, 390, 400, 40, 64
_COLOURS = {"upstream": "#9aa5b1", "ours": "#1f77b4"}


def svg(grounds):
    """Two bars a row: upstream's and ours, each as a part of the longer one."""
    rows, seen = [], set()
    for ground in grounds:
        for row in budgets.rows(ground):
            if (row.upstream or row.ours) and row.name not in seen and _has_number(row):
                seen.add(row.name)
                rows.append(row)
    height = _TOP + _ROW * len(rows) + 16
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" '
        f'viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif" font-size="13">',
        "<!-- SPDX-License-Identifier: LGPL-2.1-or-later; drawn by bench/run -->",
        '<rect width="100%" height="100%" fill="white"/>',
        _text(12, 24, "System calls of one operation, and throughput", size=16),
        _key(12, "upstream", "upstream's libraries"),
        _key(190, "ours", "xenlibs"),
    ]
    for index, row in enumerate(rows):
        parts += _row(_TOP + _ROW * index, row)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _has_number(row):
    return row.budget != "≤ upstream"


def _text(x, y, words, size=13, anchor="start"):
    return (f'<text x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}" '
            f'fill="#222">{escape(words)}</text>')


def _key(x, side, words):
    return (f'<rect x="{x}" y="36" width="12" height="12" fill="{_COLOURS[side]}"/>'
            + _text(x + 18, 47, words))


def _row(y, row):
    longest = max(row.upstream, row.ours) or 1
    title = row.title + (" (higher is better)" if row.unit == "per second" or row.unit.startswith("messages") else "")
    parts = [_text(_LEFT - 10, y + 19, title, anchor="end",
                   size=12 if len(title) > 40 else 13)]
    for offset, side in ((4, "upstream"), (18, "ours")):
        value = getattr(row, side)
        width = round(_BAR * value / longest, 1)
        parts.append(f'<rect x="{_LEFT}" y="{y + offset}" width="{max(width, 1)}" height="12" '
                     f'fill="{_COLOURS[side]}"/>')
        parts.append(_text(round(_LEFT + width + 6), y + offset + 10,
                           report.number(value, row.unit), size=11))
    return parts
