#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Debian's xentop, which xenlab leaves out of its roots: kept in xenlab's cache beside them.

usage: xentop.py RELEASE    prints the file's path
"""
import os
import shutil
import sys
import tempfile

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
sys.path.insert(0, os.path.join(TOP, 'tools', 'xenlab'))
sys.dont_write_bytecode = True

from xenlablib import apt, cache, errors, releases  # noqa: E402


class _Progress:
    def step(self, text):
        print('xentop: ' + text, file=sys.stderr)


def path_of(version):
    """The file as it lay in the package, whose signature apt checked."""
    release = releases.RELEASES[version]
    store = cache.Cache(cache.default_directory())

    def build(fresh):
        with tempfile.TemporaryDirectory(dir=fresh) as tree:
            apt.fetch_and_unpack(apt.Suite(release.xen_suite, store.apt_state),
                                 ['xen-utils-' + version], tree)
            shutil.copy2(os.path.join(tree, release.tool_directory, 'xentop'), fresh)

    return os.path.join(store.get('xen-top-' + version, build, _Progress()), 'xentop')


if __name__ == '__main__':
    try:
        print(path_of(sys.argv[1]))
    except errors.LabError as error:
        sys.exit('xentop: %s' % error)
