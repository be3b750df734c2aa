#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Debian's xentop of one release of Xen.

usage: xentop.py RELEASE    prints the file's path
"""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'lab'))

import debian_package  # noqa: E402
from xenlablib import errors, releases  # noqa: E402


def path_of(version):
    release = releases.RELEASES[version]
    return debian_package.file_of(release.xen_suite, 'xen-utils-' + version,
                                  os.path.join(release.tool_directory, 'xentop'),
                                  'xen-top-' + version, debian_package.Progress(sys.stderr))


if __name__ == '__main__':
    try:
        print(path_of(sys.argv[1]))
    except errors.LabError as error:
        sys.exit('xentop: %s' % error)
