#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Follows docs/adding-a-xen-release.md with a release that does not exist.

usage: check_adding_a_release.py SOURCE_ROOT SUPPORT CC...

In it createdomain has grown a field, one domctl is new and one is gone. The
steps are made in a copy of lib/hvabi; after each, check_layouts.py must say
what the page promises that it says.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT, SUPPORT = Path(sys.argv[1]), sys.argv[2]
COMPILER = sys.argv[3:]
sys.dont_write_bytecode = True
sys.path.insert(0, SUPPORT)

import tap  # noqa: E402

HERE = Path(__file__).resolve().parent


def made_up_layouts(directory):
    """4.23: 4.22 with three changes."""
    release = json.loads((directory / "x86_64-4.22.json").read_text(encoding="utf-8"))
    members = release["unions"]["xen_domctl"]["members"]
    created = members["createdomain"]
    created["size"] = 72
    created["f"].append([68, "u32", ".made_up"])
    members["invented_op"] = {"size": 4, "type": "struct xen_domctl_invented",
                              "f": [[0, "u32", ".something"]]}
    del members["vuart_op"]
    (directory / "x86_64-4.23.json").write_text(json.dumps(release), encoding="utf-8")


class Tree:
    """A copy of what the page tells to edit."""

    def __init__(self, directory):
        self._directory = Path(directory)
        self.lines = 0
        shutil.copytree(ROOT / "lib/hvabi", self._directory / "hvabi")
        shutil.copytree(ROOT / "tests/data/layouts", self.layouts)

    @property
    def layouts(self):
        return self._directory / "layouts"

    def insert_after(self, name, anchor, text):
        self._edit(name, anchor, anchor + text)
        self.lines += text.count("\n")

    def insert_before(self, name, anchor, text):
        self._edit(name, anchor, text + anchor)
        self.lines += text.count("\n")

    def replace(self, name, old, new):
        self._edit(name, old, new)
        self.lines += 1

    def _edit(self, name, old, new):
        path = self._directory / "hvabi" / name
        text = path.read_text(encoding="utf-8")
        if text.count(old) != 1:
            raise ValueError(f"{name}: `{old}` is there {text.count(old)} times")
        path.write_text(text.replace(old, new), encoding="utf-8")

    def check(self):
        """What check_layouts.py complains of, line by line."""
        program = self._directory / "print_layouts"
        hvabi = self._directory / "hvabi"
        tables = [hvabi / name for name in (
            "create_domain.c", "domain_info.c", "layout.c", "monitor.c", "operations.c",
            "passthrough.c", "physinfo.c", "pm.c", "release.c")]
        # Only the tables run; the functions beside them call what is not here.
        subprocess.run(
            [*COMPILER, "-std=gnu11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Wconversion",
             "-Werror", "-I", ROOT / "include", "-I", ROOT / "lib/internal", "-I", hvabi,
             HERE / "print_layouts.c", *tables, "-static", "-Wl,--unresolved-symbols=ignore-all",
             "-o", program], check=True, capture_output=True, text=True)
        result = subprocess.run(
            [HERE / "check_layouts.py", program, self.layouts, SUPPORT,
             ROOT / "tools/xenlab"], capture_output=True, text=True, check=False)
        if "1.." not in result.stdout:
            raise ValueError(f"check_layouts.py said: {result.stdout}{result.stderr}")
        return [line[2:] for line in result.stdout.splitlines() if line.startswith("# ")]


def expect(complaints, wanted):
    """All of WANTED, and nothing else, begins a complaint."""
    for start in wanted:
        if not any(complaint.startswith(start) for complaint in complaints):
            yield f"nothing said of `{start}`"
    for complaint in complaints:
        if not any(complaint.startswith(start) for start in wanted):
            yield f"not expected: {complaint}"


def before(tree):
    yield from expect(tree.check(), [])


def with_its_layouts(tree):
    made_up_layouts(tree.layouts)
    complaints = tree.check()
    if not any(complaint.startswith("the table has") for complaint in complaints):
        yield "a release without a row is not noticed"


def with_its_row(tree):
    tree.insert_after("release.c", "{HVABI_RELEASE(4, 22), 0x18, 0x16},\n",
                      "    {HVABI_RELEASE(4, 23), 0x19, 0x17},\n")
    yield from expect(tree.check(), [
        "xen_domctl invented_op of 4.23 is not in the table", "vuart_op: is not in 4.23",
        "createdomain: size is 72"])


def with_its_operations(tree):
    tree.replace("operations.c", "OP(81, vuart_op, vuart_op),",
                 "UNTIL(81, vuart_op, vuart_op, V(4, 22)),")
    tree.insert_after("operations.c", "    STABLE(90, get_domain_state, V(4, 21)),\n",
                      "    SINCE(91, invented_op, invented_op, V(4, 23)),\n")
    yield from expect(tree.check(), ["createdomain: size is 72"])


def with_its_layout(tree):
    tree.insert_after("create_domain.h", "    uint32_t misc_flags;\n", "    uint32_t made_up;\n")
    tree.insert_before("create_domain.c", "static const struct hvabi_layout layout_4_14 =", """\
static const struct hvabi_field fields_4_23[] = {
    COMMON_FIELDS,
    FIELD(grant_opts, 44),
    NAMED(altp2m_opts, "altp2m.opts", 48, 2),
    NAMED(altp2m_nr, "altp2m.nr", 50, 2),
    FIELD(vmtrace_size, 52),
    FIELD(cpupool_id, 56),
    ARCH(emulation_flags, 60),
    ARCH(misc_flags, 64),
    FIELD(made_up, 68),
};

""")
    tree.insert_after("create_domain.c",
                      "layout_4_21 = HVABI_LAYOUT(68, fields_4_21);\n",
                      "static const struct hvabi_layout layout_4_23 = "
                      "HVABI_LAYOUT(72, fields_4_23);\n")
    tree.insert_after("create_domain.c", "    {HVABI_RELEASE(4, 21), &layout_4_21},\n",
                      "    {HVABI_RELEASE(4, 23), &layout_4_23},\n")
    yield from expect(tree.check(), [])
    print(f"# {tree.lines} lines in lib/hvabi")


def main():
    with tempfile.TemporaryDirectory() as directory:
        tree = Tree(directory)
        return tap.run([(name, lambda step=step: step(tree)) for name, step in (
            ("before, everything is known", before),
            ("a new release's layouts are missed in the table", with_its_layouts),
            ("its row shows what changed", with_its_row),
            ("its operations are told apart from its layouts", with_its_operations),
            ("its layout makes it whole", with_its_layout))])


if __name__ == "__main__":
    sys.exit(main())
