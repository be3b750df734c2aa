#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Reads the layouts of control operations from a Xen release's public headers.

usage: read_layouts.py INCLUDE >tests/data/layouts/x86_64-4.NN.json

INCLUDE is the directory that holds xen/domctl.h: of Debian's libxen-dev, or of a
source tree after `make -C tools/include`. The compiler lays out the structs;
what it did is read from its debugging information, in the form of the files in
tests/data/layouts.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "abi"))

from dwarf import TypeFacts  # noqa: E402

UNITS = ("xen_domctl", "xen_sysctl")
SOURCE = """#define __XEN_TOOLS__ 1
#include <stddef.h>
#include <stdint.h>
#include <xen/xen.h>
#include <xen/domctl.h>
#include <xen/sysctl.h>
struct xen_domctl domctl;
struct xen_sysctl sysctl;
"""
SKIPPED = ("typedef", "const_type", "volatile_type")


class Reader:
    def __init__(self, facts):
        self._facts = facts

    def _type(self, entry):
        """The type of a member, without the names that typedefs give it."""
        reference = entry.attributes.get("type")
        found = self._facts.by_offset[int(reference.strip("<>"), 16)] if reference else None
        return self._type(found) if found and found.tag in SKIPPED else found

    def _size(self, kind):
        if kind.tag == "array_type":
            return self._count(kind) * self._size(self._type(kind))
        return 8 if kind.tag == "pointer_type" else kind.number("byte_size")

    @staticmethod
    def _count(array):
        count = 1
        for child in array.children:
            upper = child.number("upper_bound")
            count *= child.number("count") or 0 if upper is None else upper + 1
        return count

    def _scalar(self, kind):
        if kind.tag == "pointer_type":
            target = self._type(kind)
            tag = {"structure_type": "struct ", "union_type": "union "}.get(target.tag, "")
            return f"ptr:{tag}{target.name}"
        encoding = kind.attributes.get("encoding", "")
        return f"{'u' if 'unsigned' in encoding else 's'}{8 * kind.number('byte_size')}"

    def fields(self, kind, start, path):
        """Each scalar in KIND: [offset, kind, path]; an array, and its element."""
        if kind.tag == "array_type":
            element = self._type(kind)
            yield [start, f"array[{self._count(kind)}] of {self._size(element)}", path]
            yield from self.fields(element, start, path + "[]")
        elif kind.tag not in ("structure_type", "union_type"):
            yield [start, self._scalar(kind), path]
        else:
            for member in kind.children:
                if member.tag == "member" and not self._is_filler(kind, member):
                    offset = member.number("data_member_location") or 0
                    yield from self.fields(self._type(member), start + offset,
                                           f"{path}.{member.name or '<anon>'}")

    def _is_filler(self, kind, member):
        """Is this the number beside a handle's pointer, which makes it 8 bytes long?"""
        names = [child.name for child in kind.children if child.tag == "member"]
        return kind.tag == "union_type" and names == ["p", "q"] and member.name == "q"

    def _named(self, name):
        for unit in self._facts.top:
            for entry in unit.children:
                if entry.tag == "structure_type" and entry.name == name:
                    return entry
        raise ValueError(f"no struct {name}")

    def _member(self, member):
        kind = self._type(member)
        prefix = {"structure_type": "struct ", "union_type": "union "}.get(kind.tag, "")
        return {"size": self._size(kind), "type": f"{prefix}{kind.name}",
                "f": list(self.fields(kind, 0, ""))}

    def unit(self, name):
        """A request: its header, and the members of its union."""
        request = self._named(name)
        members = [member for member in request.children if member.tag == "member"]
        union = self._type(members[-1])
        header = [[member.name, member.number("data_member_location"),
                   self._size(self._type(member))] for member in members]
        return {"size": request.number("byte_size"), "hdr": header,
                "members": {member.name: self._member(member) for member in
                            sorted(union.children, key=lambda child: child.name or "")
                            if member.tag == "member"}}


def read(include, compiler=("gcc",)):
    """The layouts of the release whose headers INCLUDE holds."""
    with tempfile.TemporaryDirectory() as directory:
        output = str(Path(directory) / "types.o")
        subprocess.run([*compiler, "-std=gnu11", "-g", "-I", str(include), "-x", "c", "-c", "-",
                        "-o", output], input=SOURCE, text=True, check=True)
        reader = Reader(TypeFacts(output))
    return {unit: reader.unit(unit) for unit in UNITS}


def as_text(units):
    """The layouts as a file of tests/data/layouts: one member a line."""
    lines = ["{", ' "SPDX-License-Identifier": "LGPL-2.1-or-later",', ' "unions": {']
    for number, (name, unit) in enumerate(units.items()):
        lines.append(f'  "{name}": {{"size": {unit["size"]}, "hdr": {json.dumps(unit["hdr"])}, '
                     '"members": {')
        rows = [f'   "{member}": {json.dumps(facts)}' for member, facts in unit["members"].items()]
        lines += [row + "," for row in rows[:-1]] + rows[-1:]
        lines.append("  }}" + ("," if number + 1 < len(units) else ""))
    return "\n".join(lines + [" }", "}", ""])


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.stdout.write(as_text(read(sys.argv[1])))


if __name__ == "__main__":
    main()
