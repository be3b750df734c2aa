#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Debian 12's kexec, and a kernel for it to start, from xenlab's cache.

usage: debian_files.py FOLDER    puts kexec and vmlinuz there; exit status 77: they cannot be had
"""
import os
import shutil
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'lab'))

import debian_package  # noqa: E402
from xenlablib import errors, images  # noqa: E402

SUITE = 'bookworm'


def fill(folder):
    progress = debian_package.Progress(sys.stdout)
    shutil.copy(debian_package.file_of(SUITE, 'kexec-tools', 'sbin/kexec', 'xen-kexec-' + SUITE,
                                       progress), folder)
    kernels = images.Images(debian_package.store, progress).kernels()
    shutil.copy(os.path.join(kernels, 'guest-bzimage'), os.path.join(folder, 'vmlinuz'))


if __name__ == '__main__':
    try:
        fill(sys.argv[1])
    except errors.LabError as error:
        print(error)
        sys.exit(77)
