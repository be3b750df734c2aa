# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the measured programs print, and what is kept of it."""

import dataclasses
import statistics

from .errors import BenchError

SIDES = ("upstream", "ours")
# Where a daemon or a second thread is at work, how often one sleeps is a matter of chance:
# of these the least count stands.
VARIES = "store-"


@dataclasses.dataclass(frozen=True)
class Count:
    """System calls between two marks."""

    operations: int
    total: int
    calls: str  # such as "ioctl=3 mmap=1"


class Side:
    """All that was measured with one side's libraries."""

    def __init__(self, name):
        self.name = name
        self.counts = {}
        self._times = {}
        self.rates = {}
        self.libraries = set()

    def take(self, output, prefix=""):
        """Takes a program's output; PREFIX goes before each name in it."""
        for line in output.splitlines():
            word, _, rest = line.partition(" ")
            if word == "library":
                self.libraries.add(rest)
            elif word == "count":
                self._take_count(rest.split(" ", 3), prefix)
            elif word == "time":
                name, nanoseconds = rest.split()
                self._times.setdefault(prefix + name, []).append(float(nanoseconds))
            elif word == "rate":
                name, per_second = rest.split()
                self.rates.setdefault(prefix + name, []).append(float(per_second))

    def _take_count(self, fields, prefix):
        name = prefix + fields[0]
        count = Count(int(fields[1]), int(fields[2]), fields[3] if len(fields) > 3 else "")
        before = self.counts.setdefault(name, count)
        if name.startswith(VARIES):
            self.counts[name] = min(before, count, key=lambda each: each.total)
        elif before != count:
            raise BenchError(f"{name} with {self.name}'s libraries cost {before.total} system "
                             f"calls once and {count.total} ({count.calls}) another time")

    def time(self, name):
        """The median, in nanoseconds for one operation, or None."""
        times = self._times.get(name)
        return statistics.median(times) if times else None

    def rate(self, name):
        """The median, for a second, or None."""
        rates = self.rates.get(name)
        return statistics.median(rates) if rates else None

    def times(self):
        """The names of all that was timed."""
        return list(self._times)


class Ground:
    """Both sides on one ground, in one run."""

    def __init__(self, name, title):
        self.name = name
        self.title = title
        self.notes = []
        self.side = {name: Side(name) for name in SIDES}

    def check_libraries(self, is_ours):
        """Refuses numbers that come from the wrong side's libraries."""
        for name, side in self.side.items():
            if not side.libraries:
                raise BenchError(f"no library of {name}'s was loaded: nothing was measured")
            for path in side.libraries:
                if is_ours(path) != (name == "ours"):
                    raise BenchError(f"{path} was loaded where {name}'s was to be measured")
