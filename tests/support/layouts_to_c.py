#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes the layouts of control operations as the C table that fakelayouts.h declares.

usage: layouts_to_c.py DIRECTORY OUTPUT
"""

import sys
from pathlib import Path

import layouts


def rows(release):
    for unit in ("xen_domctl", "xen_sysctl", "xen_flask_op", "xen_platform_op"):
        for member in release.members(unit):
            yield unit, member, "", 0, release.size(unit, member)
            for field, (offset, size) in release.fields(unit, member).items():
                yield unit, member, field, offset, size


def main():
    directory, output = sys.argv[1:]
    lines = ["/* SPDX-License-Identifier: LGPL-2.1-or-later */", '#include "fakelayouts.h"', "",
             "#include <stddef.h>", "", "const struct fakelayout fakelayouts[] = {"]
    for release in layouts.read_all(directory):
        for unit, member, field, offset, size in rows(release):
            lines.append(f'    {{{release.minor}, "{unit}", "{member}", "{field}", '
                         f'{offset}, {size}}},')
    lines += ["    {0, NULL, NULL, NULL, 0, 0},", "};", ""]
    Path(output).write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
