# SPDX-License-Identifier: LGPL-2.1-or-later
"""docs/performance.md and its figure: written here, never by hand."""

import os

from . import figure, report

_TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_DOCS = os.path.join(_TOP, "docs")

_HEAD = """\
<!-- SPDX-License-Identifier: LGPL-2.1-or-later -->
<!-- Written by `bench/run --write-docs`. Change that, not this file. -->
# What the libraries cost, beside upstream's

Both sides were measured in one run on the same ground: the programs in
[bench/](../bench/README.md) are linked to the symbols that both have, and run once
with Debian's libraries and once with ours. System calls are counted exactly, with
ptrace(2). Times are medians. The numbers below were written by

    {command}

![System calls of one operation, and throughput](performance.svg)

| | |
|---|---|
{machine}
"""

_LAB_REMARK = """\
The times are those of an emulated processor: only their ratio means something.
"""
_HOST_REMARK = """\
There is no Xen here: count-syscalls answers in place of the devices, so only what
needs no device is timed. libxenstore talks to Debian's real xenstored
([testing-the-store.md](testing-the-store.md)). xenstored writes a reply in two pieces:
a client at full speed on another processor often wakes for the first, and needs one
more call than is counted here, where the counter slows it down.
That call cannot be saved: the reply that gives an empty value is a header and nothing
else, so that a read that waited for more than a header (SO_RCVLOWAT, MSG_WAITALL) would
never end there. To wait a while before each look would spare it at the price of every
read's latency, and to spin, at the price of a processor that xenstored may need.
"""


def write(grounds, machine, command):
    """Writes both files; returns their names."""
    parts = [_HEAD.format(command=command, machine="\n".join(
        f"| {key} | {value} |" for key, value in machine.items()))]
    for ground in grounds:
        parts.append(f"## {ground.title[0].upper()}{ground.title[1:]}\n")
        parts.append(_LAB_REMARK if ground.name == "lab" else _HOST_REMARK)
        parts.append(_markdown(report.budget_cells(ground)))
        cells = report.time_cells(ground)
        if len(cells) > 1:
            parts.append(_markdown(cells))
        parts += [f"{note}\n" for note in ground.notes]
    files = {os.path.join(_DOCS, "performance.md"): "\n".join(parts),
             os.path.join(_DOCS, "performance.svg"): figure.svg(grounds)}
    for path, content in files.items():
        with open(path, "w", encoding="utf-8") as file:
            file.write(content)
    return list(files)


def _markdown(cells):
    head, *body = cells
    rule = "|".join(["---"] + ["---:"] * (len(head) - 1))
    return "\n".join(f"| {' | '.join(row)} |" for row in (head,)) + f"\n|{rule}|\n" + "\n".join(
        f"| {' | '.join(row)} |" for row in body) + "\n"
