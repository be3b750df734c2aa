# SPDX-License-Identifier: LGPL-2.1-or-later
"""The results as a table, as JSON, as TAP."""

import json

from . import budgets


def number(value, unit):
    """A result for the eye."""
    if value is None:
        return "–"
    if unit == "per second":
        return f"{value / 1e6:.1f} M/s" if value >= 1e6 else f"{value / 1e3:.1f} k/s"
    if unit.startswith("messages of "):
        return f"{_si(value)}/s, {_si(value * int(unit.split()[2]))}B/s"
    return f"{value:g}"


def _si(value):
    for prefix, size in (("G", 1e9), ("M", 1e6), ("k", 1e3)):
        if value >= size:
            return f"{value / size:.3g} {prefix}"
    return f"{value:.3g} "


def duration(nanoseconds):
    """Nanoseconds in the unit that suits them."""
    for unit, size in (("s", 1e9), ("ms", 1e6), ("µs", 1e3)):
        if nanoseconds >= size:
            return f"{nanoseconds / size:.3g} {unit}"
    return f"{nanoseconds:.3g} ns"


def ratio(upstream, ours):
    """How much faster ours is."""
    return f"{upstream / ours:.2f}×" if ours else "–"


def budget_cells(ground):
    """The table of budgets, as text cells."""
    head = ("what", "upstream", "ours", "budget", "verdict")
    body = [(row.title + (" (writes)" if row.unit == "writes" else ""),
             number(row.upstream, row.unit), number(row.ours, row.unit), row.budget, row.verdict)
            for row in budgets.rows(ground)]
    return [head, *body]


def time_cells(ground):
    """The table of times, as text cells; only a head if nothing was timed."""
    head = ("time for one", "upstream", "ours", "ours is faster")
    return [head, *[(title, duration(upstream), duration(ours), ratio(upstream, ours))
                    for title, upstream, ours in budgets.times(ground)]]


def table(cells):
    """Cells in columns: the first to the left, the others to the right."""
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    lines = []
    for index, row in enumerate(cells):
        first = row[0].ljust(widths[0])
        rest = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:]))
        lines.append("  ".join((first, *rest)).rstrip())
        if index == 0:
            lines.append("-" * len(lines[0]))
    return "\n".join(lines)


def text(grounds):
    """What a terminal shows."""
    parts = []
    for ground in grounds:
        parts.append(f"System calls on {ground.title}\n\n{table(budget_cells(ground))}")
        cells = time_cells(ground)
        if len(cells) > 1:
            parts.append(table(cells))
        parts += ground.notes
    missed = [row for ground in grounds for row in budgets.rows(ground)
              if row.verdict == budgets.MISSED]
    for row in missed:
        parts.append(f"MISSED: {row.title}: {row.budget} wanted; {row.detail}")
    return "\n\n".join(parts)


def as_json(grounds, machine):
    """Everything, for programs."""
    return json.dumps({
        "machine": machine,
        "grounds": [{
            "name": ground.name,
            "title": ground.title,
            "notes": ground.notes,
            "budgets": [vars(row) for row in budgets.rows(ground)],
            "times_ns": [{"title": title, "upstream": upstream, "ours": ours}
                         for title, upstream, ours in budgets.times(ground)],
            "system_calls": {name: {what: vars(count) for what, count in side.counts.items()}
                             for name, side in ground.side.items()},
        } for ground in grounds],
    }, indent=2, ensure_ascii=False)


def tap(grounds):
    """A test for each budget."""
    lines = []
    for ground in grounds:
        for row in budgets.rows(ground):
            bad = "not " if row.verdict == budgets.MISSED else ""
            line = (f"{bad}ok {len(lines) + 1} - {row.title}: {row.budget} "
                    f"({number(row.ours, row.unit)} {row.unit}; "
                    f"upstream {number(row.upstream, row.unit)})")
            if row.verdict == budgets.NOT_MEASURED:
                reason = "; ".join(ground.notes) or "not measured"
                line = f"ok {len(lines) + 1} - {row.title}: {row.budget} # SKIP {reason}"
            lines.append(line)
    return "\n".join([*lines, f"1..{len(lines)}"])
