#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Debian 12's kexec, and a kernel for it to start, from xenlab's cache.

usage: debian_files.py FOLDER    puts kexec and vmlinuz there; exit status 77: they cannot be had
"""
import os
import shutil
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', '..', 'tools', 'xenlab'))

from xenlablib import apt, cache, errors, images  # noqa: E402

SUITE = 'bookworm'


class Progress:
    def step(self, text):
        print('# ' + text, flush=True)


def fill(folder):
    store, progress = cache.Cache(cache.default_directory()), Progress()

    def build(fresh):
        with tempfile.TemporaryDirectory(dir=fresh) as tree:
            apt.fetch_and_unpack(apt.Suite(SUITE, store.apt_state), ['kexec-tools'], tree)
            shutil.copy(os.path.join(tree, 'sbin', 'kexec'), fresh)

    shutil.copy(os.path.join(store.get('xen-kexec-' + SUITE, build, progress), 'kexec'), folder)
    shutil.copy(os.path.join(images.Images(store, progress).kernels(), 'guest-bzimage'),
                os.path.join(folder, 'vmlinuz'))


if __name__ == '__main__':
    try:
        fill(sys.argv[1])
    except errors.LabError as error:
        print(error)
        sys.exit(77)
