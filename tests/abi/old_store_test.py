#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Holds libxenstore.so.3.0 against Debian 11's. Output is TAP.

usage: old_store_test.py SOURCE_FOLDER BUILD_FOLDER SANITIZERS
"""
import glob
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'support'))

import debian11  # noqa: E402
import elf  # noqa: E402
import tap  # noqa: E402
from library import TOOLCHAIN_LIBRARY, compare  # noqa: E402

UPSTREAM = 'usr/lib/x86_64-linux-gnu/libxenstore.so.3.0'
PROGRAMS = 'usr/bin/xenstore*'


def read_names(path):
    with open(path, encoding='utf-8') as lines:
        return {line.strip(): '' for line in lines if line.strip() and not line.startswith('#')}


class OldStore:
    """The library, the one that it needs, the list of Debian 11's symbols, and Debian 11."""

    def __init__(self, source, build, sanitized, scratch):
        with open(os.path.join(source, 'lib', 'store-3.0', 'store-3.0.map'),
                  encoding='utf-8') as text:
            self.map_text = text.read()
        self.libdir = os.path.join(build, 'lib')
        self.sanitized, self.scratch = sanitized, scratch
        self.built = elf.SharedLibrary(os.path.join(self.libdir, 'libxenstore.so.3.0'))
        self.todays = elf.SharedLibrary(os.path.join(self.libdir, 'libxenstore.so.4'))
        self.listed = read_names(os.path.join(HERE, 'data', 'libxenstore-3.0-exports.txt'))
        self.missing = debian11.extract(scratch, [UPSTREAM, PROGRAMS])

    def library_has_what_todays_lacks(self):
        wanted = {name: '' for name in self.listed if name not in self.todays.symbols}
        yield from compare('library', wanted, self.built.symbols)

    def map_names_the_same(self):
        if 'local: *;' not in self.map_text:
            yield 'the map does not end with local: *'
        for name in self.built.symbols:
            if '        %s;\n' % name not in self.map_text:
                yield '%s is not in the map' % name

    def todays_symbols_are_found_without_version(self):
        for name in sorted(set(self.listed) & self.todays.hidden_versions):
            yield '%s is not the default version' % name
        for name in sorted(set(self.listed) & set(self.todays.kinds)):
            if self.todays.kinds[name] != 'FUNC':
                yield '%s is %s' % (name, self.todays.kinds[name])

    def soname_and_needed(self):
        if self.built.soname != 'libxenstore.so.3.0':
            yield 'SONAME is %s' % self.built.soname
        needed = {name for name in self.built.needed if not TOOLCHAIN_LIBRARY.match(name)}
        if needed != {'libxenstore.so.4', 'libc.so.6'}:
            yield 'needs %s' % sorted(needed)

    def _debian11(self, place):
        if self.missing:
            raise tap.Skip(self.missing)
        return os.path.join(self.scratch, place)

    def list_is_debian_11s(self):
        yield from compare('list', elf.SharedLibrary(self._debian11(UPSTREAM)).symbols,
                           self.listed)

    def programs_find_every_symbol(self):
        """As ldd -r does it: the loader binds all, warns of what is nowhere, and ends."""
        programs = glob.glob(self._debian11(PROGRAMS))
        if self.sanitized:
            raise tap.Skip('a library with sanitizers wants a program with sanitizers')
        if len(programs) < 10:
            yield 'Debian 11 has more programs than %s' % programs
        for program in sorted(programs):
            result = subprocess.run([program], capture_output=True, text=True, env={
                'LD_LIBRARY_PATH': self.libdir, 'LD_TRACE_LOADED_OBJECTS': '1',
                'LD_WARN': 'yes', 'LD_BIND_NOW': 'yes'})
            said = result.stdout + result.stderr
            if 'undefined symbol' in said or 'not found' in said or result.returncode:
                yield said.strip()
            if self.libdir + '/libxenstore.so.3.0' not in said:
                yield '%s does not run on ours: %s' % (os.path.basename(program), said.strip())

    def checks(self):
        return [
            ("it defines the functions of Debian 11's that libxenstore.so.4 lacks",
             self.library_has_what_todays_lacks),
            ('map and built library export the same', self.map_names_the_same),
            ('libxenstore.so.4 gives the rest to who asks for no version',
             self.todays_symbols_are_found_without_version),
            ("SONAME is Debian 11's, and it needs libxenstore.so.4", self.soname_and_needed),
            ("the list of symbols is Debian 11's library's", self.list_is_debian_11s),
            ("Debian 11's programs find every symbol", self.programs_find_every_symbol),
        ]


def main():
    source, build, sanitize = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix='xenlibs-abi-') as scratch:
        return tap.run(OldStore(source, build, sanitize != 'none', scratch).checks())


if __name__ == '__main__':
    sys.exit(main())
