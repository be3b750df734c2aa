#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Holds our libraries against their maps, their headers and upstream. Output is TAP."""
import argparse
import os
import shlex
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))

from library import Library  # noqa: E402
from together import Together  # noqa: E402
import header  # noqa: E402
import tap  # noqa: E402


def layout_check(library, source):
    """Whether a file of static assertions compiles for one machine."""
    def check(machine):
        library.headers(machine)
        with open(source, encoding='utf-8') as text:
            result = header.run_compiler(
                library.compiler + [machine],
                header.FLAGS + ['-fsyntax-only', '-I', os.path.dirname(library.header_paths[0])],
                text.read())
        return [result.stderr.strip()] if result.returncode else []
    return [('the layout shared with upstream\'s libraries holds, ' + machine,
             lambda m=machine: check(m)) for machine in ('-m64', '-m32')]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--source', required=True, help='root of the source tree')
    parser.add_argument('--build', required=True, help='root of the build tree')
    parser.add_argument('--cc', default='gcc', help='GNU C compiler')
    parser.add_argument('--sanitize', default='', help='sanitizers the build has')
    parser.add_argument('--together', action='store_true', help='all libraries at once')
    parser.add_argument('libraries', nargs='+', help='names without xen, as in lib/')
    arguments = parser.parse_args()

    here = os.path.dirname(os.path.abspath(__file__))
    compiler = shlex.split(arguments.cc)
    sanitize = '' if arguments.sanitize == 'none' else arguments.sanitize
    with tempfile.TemporaryDirectory(prefix='xenlibs-abi-') as scratch:
        libraries = [Library(name, arguments.source, arguments.build, compiler, scratch,
                             facts=os.path.join(here, 'data', 'stable-exports.txt'),
                             sanitized=bool(sanitize))
                     for name in arguments.libraries]
        if arguments.together:
            return tap.run(Together(libraries, compiler, scratch, sanitize).checks())
        checks = []
        for library in libraries:
            checks += library.checks()
            source = os.path.join(here, 'data', library.name + '_layout.c')
            if os.path.exists(source):
                checks += layout_check(library, source)
        return tap.run(checks)


if __name__ == '__main__':
    sys.exit(main())
