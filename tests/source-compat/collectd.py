#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""collectd's plugin xencpu, from Debian's unmodified source, for Debian's own collectd.

usage: collectd.py INCLUDE BUILD FOLDER

Fills FOLDER with what dom0 needs: the plugin, built against our headers and linked to
libxenctrl.so.1, and of Debian's package the daemon, two plugins and the types; or with a
file "missing", which says why, where these cannot be fetched.
"""
import os
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'tools',
                                'xenlab'))

import debian_source  # noqa: E402
from debian_source import tap  # noqa: E402
from xenlablib import apt, cache, errors, releases  # noqa: E402

# What collectd's configure writes into a header that its sources insist on.
FLAGS = ['-DFP_LAYOUT_NEED_NOTHING=1', '-DNAN_STATIC_DEFAULT=1', '-DPACKAGE_NAME="x"',
         '-Isrc', '-Isrc/daemon']
SOURCE = 'src/xencpu.c'
OF_DEBIAN = ['usr/sbin/collectd', 'usr/lib/collectd/csv.so', 'usr/lib/collectd/logfile.so',
             'usr/share/collectd/types.db']


class _Progress:
    def step(self, text):
        print('collectd: ' + text, file=sys.stderr)


def package():
    """The content of Debian 12's collectd-core, whose signature apt checked; in xenlab's cache."""
    store = cache.Cache(cache.default_directory())

    def build(fresh):
        apt.fetch_and_unpack(apt.Suite(releases.RELEASES['4.17'].xen_suite, store.apt_state),
                             ['collectd-core'], fresh)

    try:
        return store.get('collectd-12', build, _Progress())
    except errors.LabError as error:
        raise tap.Skip('collectd-core cannot be fetched: %s' % error) from error


def build_plugin(include, library, target):
    """What keeps the plugin from being built, as lines."""
    source = debian_source.unpacked('collectd', ['src/'])
    result = subprocess.run(
        ['gcc', '-std=gnu11', '-O2', '-D_GNU_SOURCE', '-fPIC', '-shared', '-I' + include] + FLAGS +
        ['-o', target, SOURCE, library], cwd=source, capture_output=True, text=True)
    return result.stderr.splitlines() if result.returncode else []


def fill(include, library, folder):
    """The same; FOLDER has all that is needed if there are none."""
    os.makedirs(folder, exist_ok=True)
    debians = package()
    for name in OF_DEBIAN:
        shutil.copy(os.path.join(debians, name), folder)
    return build_plugin(include, library, os.path.join(folder, 'xencpu.so'))


def main():
    include, build, folder = (os.path.abspath(path) for path in sys.argv[1:4])
    os.makedirs(debian_source.CACHE, exist_ok=True)
    try:
        errors_found = fill(include, os.path.join(build, 'lib', 'ctrl', 'libxenctrl.so.1'), folder)
    except tap.Skip as skip:
        with open(os.path.join(folder, 'missing'), 'w', encoding='utf-8') as file:
            print(skip, file=file)
        return 0
    for line in errors_found:
        print(line, file=sys.stderr)
    return 1 if errors_found else 0


if __name__ == '__main__':
    sys.exit(main())
