#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Compares what lib/hvabi believes with the layouts of every release and with Xen's headers.

usage: check_layouts.py PROGRAM LAYOUTS SUPPORT XENLAB [CC...]

PROGRAM is print_layouts; LAYOUTS the directory of JSON files that were read
from each hypervisor's DWARF. With CC given, the compiler looks at the headers
that Debian ships for the releases it has, fetched as xenlab fetches its
packages, and at both sizes of pointers.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

PROGRAM, LAYOUTS, SUPPORT, XENLAB = sys.argv[1:5]
COMPILER = sys.argv[5:]
sys.dont_write_bytecode = True
sys.path[:0] = [SUPPORT, XENLAB]

import debian_headers  # noqa: E402
import layouts  # noqa: E402
import read_layouts  # noqa: E402
import tap  # noqa: E402

UNITS = ("xen_domctl", "xen_sysctl")
# Not an operation: what makes each union its size.
NOT_OPERATIONS = {"pad"}


class Belief:
    """What the program printed."""

    def __init__(self, text):
        self.numbers = {}     # minor → (domctl, sysctl)
        self.operations = []  # dictionaries
        self.sizes = {}       # (minor, unit, member) → size
        self.fields = {}      # (minor, unit, member) → {name: (offset, size)}
        for line in text.splitlines():
            kind, *words = line.split()
            getattr(self, "_" + kind)(*words)

    def _release(self, minor, domctl, sysctl):
        self.numbers[int(minor)] = (int(domctl), int(sysctl))

    def _operation(self, unit, cmd, name, member, first, last, changed):
        self.operations.append({
            "unit": unit, "cmd": int(cmd), "name": name,
            "member": None if member == "-" else member,
            "first": int(first), "last": int(last), "changed": changed == "1"})

    def _layout(self, minor, unit, member, size):
        key = (int(minor), unit, member)
        assert self.sizes.setdefault(key, int(size)) == int(size)

    def _field(self, minor, unit, member, name, offset, size):
        fields = self.fields.setdefault((int(minor), unit, member), {})
        fields[name] = (int(offset), int(size))

    def of_member(self, unit, member):
        return [operation for operation in self.operations
                if operation["unit"] == unit and operation["member"] == member]

    def has(self, minor, operation):
        return operation["first"] <= minor <= operation["last"]


def same_releases(belief, truth):
    known = [release.minor for release in truth]
    if sorted(belief.numbers) != known:
        yield f"the table has 4.{sorted(belief.numbers)}, there are layouts of 4.{known}"


def presence(belief, release):
    """An operation is in the table for exactly the releases that have it."""
    for operation in belief.operations:
        if operation["member"] is None:
            continue
        there = operation["member"] in release.members(operation["unit"])
        if there != belief.has(release.minor, operation):
            yield f"{operation['name']}: {'is' if there else 'is not'} in {release.release}"
    for unit in UNITS:
        for member in release.members(unit):
            if member not in NOT_OPERATIONS and not belief.of_member(unit, member):
                yield f"{unit} {member} of {release.release} is not in the table"


def changed_layouts(belief, release):
    """Each field of each layout that changed lies where the hypervisor has it."""
    for (minor, unit, member), fields in belief.fields.items():
        if minor != release.minor:
            continue
        if belief.sizes[minor, unit, member] != release.size(unit, member):
            yield f"{member}: size is {release.size(unit, member)}"
        real = release.fields(unit, member)
        for name, place in fields.items():
            if real.get(name) != place:
                yield f"{member}.{name}: believed at {place}, is at {real.get(name)}"


def is_settled(truth, unit, member, name):
    """Is a field at one place in all releases that have it?"""
    places = {release.fields(unit, member).get(name) for release in truth
              if member in release.members(unit)}
    return len(places - {None}) == 1


def nothing_else_changed(belief, truth, release):
    """What no layout describes has one place in all releases: it may pass as it is."""
    for unit in UNITS:
        for member in release.members(unit):
            described = belief.fields.get((release.minor, unit, member), {})
            for name in release.fields(unit, member):
                if name not in described and not is_settled(truth, unit, member, name):
                    yield f"{unit} {member}.{name} is not always at the same place"


def unchanged_sizes(belief, truth):
    for unit in UNITS:
        for member in truth[-1].members(unit):
            operations = belief.of_member(unit, member)
            if not operations or operations[0]["changed"]:
                continue
            sizes = {release.size(unit, member) for release in truth
                     if member in release.members(unit)}
            if len(sizes) > 1:
                yield f"{unit} {member} has had sizes {sorted(sizes)}"


# ---- the compiler ----

def assertions(belief, release):
    """A C file that compiles if and only if the headers agree."""
    domctl, sysctl = belief.numbers[release.minor]
    lines = ["#define __XEN_TOOLS__ 1", "#include <stddef.h>", "#include <stdint.h>",
             "#include <xen/xen.h>", "#include <xen/domctl.h>", "#include <xen/sysctl.h>",
             f"_Static_assert(XEN_DOMCTL_INTERFACE_VERSION == {domctl}, \"\");",
             f"_Static_assert(XEN_SYSCTL_INTERFACE_VERSION == {sysctl}, \"\");"]
    for operation in belief.operations:
        name = f"{operation['unit'].upper()}_{operation['name']}"
        if belief.has(release.minor, operation):
            lines.append(f"_Static_assert({name} == {operation['cmd']}, \"{name}\");")
        else:
            lines += [f"#ifdef {name}", f"#error {name} is there", "#endif"]
    for (minor, unit, member), fields in belief.fields.items():
        if minor != release.minor:
            continue
        kind = release.type(unit, member)
        for name, (offset, size) in fields.items():
            # A handle's pointer is a part of it with 32 bits.
            whole = name.removesuffix(".p")
            lines.append(f"_Static_assert(offsetof({kind}, {name}) == {offset} && "
                         f"sizeof((({kind} *)0)->{whole}) == {size}, \"{kind} {name}\");")
    return "\n".join(lines + [""])


def compiler_agrees(belief, release, option):
    if not COMPILER:
        raise tap.Skip("no compiler was given")
    headers = debian_headers.folder_of(release.release)
    result = subprocess.run(
        [*COMPILER, option, "-std=gnu11", "-fsyntax-only", "-I", headers, "-x", "c", "-"],
        input=assertions(belief, release), text=True, capture_output=True, check=False)
    if result.returncode:
        yield result.stderr[:2000]


def headers_read_the_same(release):
    """read_layouts.py finds in the headers what was found in the hypervisor."""
    if not COMPILER:
        raise tap.Skip("no compiler was given")
    units = read_layouts.read(debian_headers.folder_of(release.release), COMPILER)
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / f"x86_64-{release.release}.json"
        path.write_text(read_layouts.as_text(units), encoding="utf-8")
        found = layouts.Layouts(path)
    for unit in UNITS:
        for member in sorted(set(found.members(unit)) | set(release.members(unit))):
            if member not in found.members(unit) or member not in release.members(unit):
                yield f"{unit} {member} is in one of them only"
            elif (found.size(unit, member) != release.size(unit, member) or
                  found.fields(unit, member) != release.fields(unit, member)):
                yield f"{unit} {member} differs: {found.fields(unit, member)}"


def checks(belief, truth):
    yield "every release has a row and a layout", lambda: same_releases(belief, truth)
    yield "operations that never changed kept their sizes", lambda: unchanged_sizes(belief, truth)
    for release in truth:
        name = release.release
        yield (f"{name}: operations are there when the table says so",
               lambda release=release: presence(belief, release))
        yield (f"{name}: layouts that changed are right",
               lambda release=release: changed_layouts(belief, release))
        yield (f"{name}: all other fields never moved",
               lambda release=release: nothing_else_changed(belief, truth, release))
        for option in ("-m64", "-m32") if release.release in debian_headers.SUITES else ():
            yield (f"{name}: Debian's headers agree ({option})",
                   lambda release=release, option=option: compiler_agrees(
                       belief, release, option))
        if release.release in debian_headers.SUITES:
            yield (f"{name}: Debian's headers are read as the hypervisor was",
                   lambda release=release: headers_read_the_same(release))


def main():
    text = subprocess.run([PROGRAM], text=True, capture_output=True, check=True).stdout
    return tap.run(list(checks(Belief(text), layouts.read_all(LAYOUTS))))


if __name__ == "__main__":
    sys.exit(main())
