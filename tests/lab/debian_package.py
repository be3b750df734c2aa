# SPDX-License-Identifier: LGPL-2.1-or-later
"""Single files of Debian's packages that xenlab leaves out of its roots, kept in its cache."""
import os
import shutil
import sys
import tempfile

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
sys.path.insert(0, os.path.join(TOP, 'tools', 'xenlab'))
sys.dont_write_bytecode = True

from xenlablib import apt, cache  # noqa: E402

store = cache.Cache(cache.default_directory())


class Progress:
    """Comments in TAP, on the given file."""

    def __init__(self, file):
        self.file = file

    def step(self, text):
        print('# ' + text, file=self.file, flush=True)


def file_of(suite, package, member, entry, progress):
    """The path of the file as it lay in the package, whose signature apt checked."""
    def build(fresh):
        with tempfile.TemporaryDirectory(dir=fresh) as tree:
            apt.fetch_and_unpack(apt.Suite(suite, store.apt_state), [package], tree)
            shutil.copy2(os.path.join(tree, member), fresh)

    return os.path.join(store.get(entry, build, progress), os.path.basename(member))
