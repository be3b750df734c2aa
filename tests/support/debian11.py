#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Files of Debian's Xen, of Debian 11's 4.14 first of all, from the dom0 in xenlab's cache.

usage: debian11.py FOLDER PATTERN...     exit status 77: xenlab has no such dom0 yet
"""
import glob
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', '..', 'tools', 'xenlab'))

from xenlablib.cache import default_directory  # noqa: E402


def extract(folder, patterns, release='4.14'):
    """Puts the files that match into FOLDER; returns why not, if there is nowhere to take them."""
    roots = glob.glob(os.path.join(default_directory(), 'xen-%s-*' % release, 'dom0.cpio'))
    if not roots:
        return 'xenlab has no Xen %s in its cache (xenlab fetch)' % release
    with open(max(roots, key=os.path.getmtime), 'rb') as root:
        subprocess.run(['cpio', '--extract', '--make-directories', '--quiet', *patterns],
                       stdin=root, cwd=folder, check=True)
    return None


if __name__ == '__main__':
    missing = extract(sys.argv[1], sys.argv[2:])
    if missing:
        print(missing)
        sys.exit(77)
