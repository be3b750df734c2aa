# SPDX-License-Identifier: LGPL-2.1-or-later
"""Reads tests/data/layouts: how each Xen release lays out its requests, taken from DWARF."""

import json
import re
from pathlib import Path

SCALAR = {"u8": 1, "s8": 1, "u16": 2, "s16": 2, "u32": 4, "s32": 4, "u64": 8, "s64": 8}
ARRAY = re.compile(r"array\[(\d+)\] of (\d+)$")


class Layouts:
    """One release: unit ("xen_domctl", ...) → member of its union → size and fields."""

    def __init__(self, path):
        self.minor = int(re.fullmatch(r"x86_64-4\.(\d+)\.json", Path(path).name)[1])
        self.release = f"4.{self.minor}"
        self._units = json.loads(Path(path).read_text(encoding="utf-8"))["unions"]

    def members(self, unit):
        return self._units[unit]["members"]

    def size(self, unit, member):
        return self.members(unit)[member]["size"]

    def type(self, unit, member):
        return self.members(unit)[member]["type"]

    def fields(self, unit, member):
        """Name → (offset, size), padding and the elements of arrays left out."""
        found = {}
        for offset, kind, name in self.members(unit)[member]["f"]:
            if name.endswith("[]") or re.search(r"(^|\.)pad\d*$", name):
                continue
            found[name.lstrip(".")] = (offset, _size_of(kind))
        return found


def _size_of(kind):
    array = ARRAY.match(kind)
    if array:
        return int(array[1]) * int(array[2])
    return 8 if kind.startswith("ptr:") else SCALAR.get(kind, 0)


def read_all(directory):
    """All releases, oldest first."""
    found = [Layouts(path) for path in Path(directory).glob("x86_64-4.*.json")]
    return sorted(found, key=lambda layouts: layouts.minor)
