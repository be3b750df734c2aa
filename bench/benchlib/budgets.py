# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is compared, and how much of it ours may cost."""

import dataclasses

from .host import STORE_THREADS_NAME, THREADS_NAME, VCHAN_SIZES

MET, MISSED, NOT_MEASURED = "ok", "MISSED", "not measured"

# name, title, the most system calls ours may make (None: no more than upstream's)
SYSTEM_CALLS = [
    ("evtchn-1024-events", "1024 events: pending + unmask", 2),
    ("gnttab-map-unmap-1", "gnttab: map + unmap 1 page", 4),
    ("gnttab-map-unmap-1024", "gnttab: map + unmap 1024 pages", 4),
    ("call-buffer-256k", "hypercall buffer of 256 KiB", 0),
    ("locked-call-buffer-256k", "256 KiB buffer, no /dev/xen/hypercall", 0),
    ("call-fetch-4m", "4 MiB result of a hypercall", 0),
    ("locked-call-fetch-4m", "4 MiB result, no /dev/xen/hypercall", 0),
    ("log-line", "a log line", 1),
    ("log-line-with-date-and-pid", "a log line with date and pid", None),
    ("call-buffer-page", "hypercall buffer of a page", 0),
    ("call-buffer-144", "hypercall buffer of 144 bytes", 0),
    ("call-hypercall", "a hypercall", 1),
    ("evtchn-1024-events-one-by-one", "1024 events, one at a time", None),
    ("evtchn-notify", "evtchn: notify", 1),
    ("gntshr-share-unshare", "gntshr: share + unshare a page", None),
    ("foreignmemory-map-unmap-1", "foreignmemory: map + unmap 1 page", 3),
    ("foreignmemory-map-unmap-1024", "foreignmemory: map + unmap 1024 pages", 3),
    ("devicemodel-irq-level", "devicemodel: set an interrupt line", 1),
    ("devicemodel-dirty-vram", "devicemodel: dirty pages of 4 MiB", 1),
    ("evtchn-open-close", "evtchn: open + close", None),
    ("gnttab-open-close", "gnttab: open + close", None),
    ("call-open-close", "call: open + close", None),
    ("foreignmemory-open-close", "foreignmemory: open + close", None),
    # Two calls, and a third when xenstored writes its reply in two pieces, which is its
    # own affair; with a daemon that does not, unit-store-cost counts two.
    ("store-100-reads", "xenstore: a small read", 3),
    ("store-100-reads-watched", "xenstore: a small read after a watch", 3),
    ("store-100-reads-together", "xenstore: a small read, 100 together", 1.1),
    ("store-100-writes", "xenstore: a small write", 3),
    ("store-transaction", "xenstore: a transaction of a read and a write", 12),
    ("store-event", "xenstore: a write, and to hear of it", None),
    ("store-open-close", "xenstore: open + close", 6),
    ("devicemodel-open-close", "devicemodel: open + close", None),
    # open(2) twice, close(2) twice, getpid(2).
    ("ctrl-open-close", "libxenctrl: open + close", 5),
    ("ctrl-list-3", "libxenctrl: a list of 3 domains", 1),
    ("ctrl-physinfo", "libxenctrl: the host's description", 1),
    ("ctrl-vcpu-info", "libxenctrl: a vCPU's description", 1),
    ("ctrl-frame-types-1024", "libxenctrl: types of 1024 frames", 1),
]
WRITES = ("log-line", "log-line-with-date-and-pid")

# name, title, how many times upstream's rate ours has to reach
RATES = [(THREADS_NAME, "8 threads, 8 handles: buffer alloc + free", 2.5),
         (STORE_THREADS_NAME, "xenstore: 4 threads read through one handle with a watch", 2)]

# No slower than upstream's, and room for the noise of a machine that others use, too.
VCHAN_LEAST = {"host": 0.7, "lab": 0.7}
VCHAN_RATES = [("vchan-64", "vchan: messages of 64 bytes"),
               ("vchan-4096", "vchan: messages of 4 KiB"),
               ("vchan-65536", "vchan: messages of 64 KiB"),
               ("vchan-64-and-back", "vchan: 64 bytes there and back")]

# Counted over many operations, given for one.
FOR_ONE = "store-100-"


@dataclasses.dataclass
class Row:
    """One comparison."""

    name: str
    title: str
    unit: str      # "system calls", "writes" or "per second"
    upstream: float
    ours: float
    budget: str    # "≤ 4"
    verdict: str
    detail: str = ""


def rows(ground):
    """Everything with a budget that this ground measures."""
    upstream, ours = ground.side["upstream"], ground.side["ours"]
    found = []
    for name, title, most in SYSTEM_CALLS:
        if name in upstream.counts and name in ours.counts:
            found.append(_count_row(name, title, most, upstream.counts[name], ours.counts[name]))
    if ground.name == "host":
        found += [_rate_row(*rate, upstream, ours) for rate in RATES]
    found += [_rate_row(name, title, VCHAN_LEAST[ground.name], upstream, ours,
                        f"messages of {VCHAN_SIZES[name]}")
              for name, title in VCHAN_RATES]
    return found


def _writes(count):
    """Only the writes, of a count such as `getpid=1 write=6`."""
    return sum(int(call.split("=")[1]) for call in count.calls.split()
               if call.split("=")[0] in ("write", "writev"))


def _calls(name, count):
    """All calls. A reply that arrives in two pieces costs one more, hence the rounding."""
    return round(count.total / count.operations, 1) if name.startswith(FOR_ONE) else count.total


def _count_row(name, title, most, upstream, ours):
    writes = name in WRITES
    theirs, our_count = (_writes(upstream), _writes(ours)) if writes else (
        _calls(name, upstream), _calls(name, ours))
    limit = theirs if most is None else most
    return Row(name, title, "writes" if writes else "system calls", theirs, our_count,
               "≤ upstream" if most is None else f"≤ {most:g}" if most else "0",
               MET if our_count <= limit else MISSED,
               f"upstream: {upstream.calls or 'none'}; ours: {ours.calls or 'none'}")


def _rate_row(name, title, least, upstream, ours, unit="per second"):
    theirs, our_rate = upstream.rate(name), ours.rate(name)
    budget = f"≥ {least}×"
    if not theirs or not our_rate:
        return Row(name, title, unit, None, None, budget, NOT_MEASURED)
    verdict = MET if our_rate >= least * theirs else MISSED
    return Row(name, title, unit, theirs, our_rate, budget, verdict,
               f"ours is {our_rate / theirs:.2f} times as fast; runs: "
               f"{len(upstream.rates[name])} and {len(ours.rates[name])}")


def times(ground):
    """(title, upstream's nanoseconds, ours) of all that both sides timed."""
    titles = {name: title for name, title, _ in SYSTEM_CALLS}
    upstream, ours = ground.side["upstream"], ground.side["ours"]
    return [(title, upstream.time(name), ours.time(name)) for name, title in titles.items()
            if upstream.time(name) is not None and ours.time(name) is not None]
