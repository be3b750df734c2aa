#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Xen's headers as Debian's releases ship them, in xenlab's cache.

usage: debian_headers.py RELEASE    prints their folder if the cache has it; fetches nothing
"""
import os
import shutil
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', '..', 'tools', 'xenlab'))

from xenlablib import apt, cache, errors  # noqa: E402
import tap  # noqa: E402

SUITES = {'4.14': 'bullseye', '4.17': 'bookworm', '4.20': 'trixie'}


class _Progress:
    def step(self, text):
        print('# ' + text, flush=True)


def folder_of(release):
    """The folder that holds what libxen-dev has in /usr/include; Skip if it cannot be had."""
    suite = SUITES[release]
    store = cache.Cache(cache.default_directory())

    def build(fresh):
        with tempfile.TemporaryDirectory(dir=fresh) as tree:
            apt.fetch_and_unpack(apt.Suite(suite, store.apt_state), ['libxen-dev'], tree)
            shutil.copytree(os.path.join(tree, 'usr', 'include'), fresh, dirs_exist_ok=True)

    try:
        return store.get('xen-dev-' + suite, build, _Progress())
    except errors.LabError as error:
        raise tap.Skip(str(error)) from error


if __name__ == '__main__':
    print(cache.Cache(cache.default_directory()).entry('xen-dev-' + SUITES[sys.argv[1]]) or '')
