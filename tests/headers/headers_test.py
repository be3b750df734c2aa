#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Public headers compile alone, in every standard, in any order, and in C++. Output is TAP."""
import glob
import itertools
import os
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))

import tap  # noqa: E402

C_STANDARDS = ['c99', 'gnu99', 'c11', 'c17']
CXX_STANDARDS = ['c++11', 'c++17']
WARNINGS = ['-pedantic', '-Wall', '-Wextra', '-Wshadow', '-Wconversion', '-Werror']
C_WARNINGS = ['-Wstrict-prototypes', '-Wmissing-prototypes']
# What libxenctrl's header declares for those who ask.
ASKING_FOR_ALL = ['-DXC_WANT_COMPAT_%s_API' % name
                  for name in ('MAP_FOREIGN', 'EVTCHN', 'GNTTAB', 'DEVICEMODEL')]
NODE_BODY = re.compile(r'global:(.*?)(?:local:|\})', re.S)


def installed(program):
    return subprocess.run(['sh', '-c', 'command -v ' + program],
                          capture_output=True).returncode == 0


class Headers:
    def __init__(self, root):
        self.include = os.path.join(root, 'include')
        self.lib = os.path.join(root, 'lib')
        self.names = sorted(name for name in os.listdir(self.include) if name.endswith('.h'))
        self.parts = sorted(os.path.relpath(path, self.include) for path in glob.glob(
            os.path.join(self.include, '*', '*.h')))

    def compile(self, compiler, language, standard, source, target=None):
        if not installed(compiler):
            raise tap.Skip('%s is not installed' % compiler)
        flags = WARNINGS + (C_WARNINGS if language == 'c' else [])
        output = ['-c', '-o', target] if target else ['-fsyntax-only']
        result = subprocess.run(
            [compiler, '-x', language, '-std=' + standard, '-I', self.include, *flags,
             *ASKING_FOR_ALL, *output, '-'],
            input=source, text=True, capture_output=True)
        return [result.stderr.strip()] if result.returncode else []

    def alone(self, name, compiler, language, standards):
        """Twice in a row as well: the guard holds."""
        source = '#include <%s>\n' % name * 2 + 'typedef int not_empty;\n'
        for standard in standards:
            yield from ('%s: %s' % (standard, complaint) for complaint in
                        self.compile(compiler, language, standard, source))

    def in_any_order(self, compiler, language, standard):
        """Every ordered pair; what a third header adds, one of the pairs shows."""
        for pair in itertools.permutations(self.names, 2):
            source = ''.join('#include <%s>\n' % name for name in pair)
            yield from self.compile(compiler, language, standard,
                                    source + 'typedef int not_empty;\n')

    def all_at_once(self, compiler, language, standard, names):
        source = ''.join('#include <%s>\n' % name for name in names)
        return self.compile(compiler, language, standard, source + 'typedef int not_empty;\n')

    def exported(self):
        """Every function in the maps of the libraries that have a header here."""
        symbols = []
        for folder in sorted(os.listdir(self.lib)):
            path = os.path.join(self.lib, folder, folder + '.map')
            if os.path.exists(path) and 'xen%s.h' % folder in self.names:
                with open(path, encoding='utf-8') as text:
                    for body in NODE_BODY.findall(re.sub(r'(?m)^#.*$', '', text.read())):
                        symbols += re.findall(r'\w+', body)
        return symbols

    def cxx_names_are_c_names(self, compiler, scratch):
        """An object that uses every function wants the names that the libraries have."""
        symbols = self.exported()
        source = ''.join('#include <%s>\n' % name for name in self.names)
        source += 'extern void (*const used[])();\nvoid (*const used[])() = {\n'
        source += ''.join('    reinterpret_cast<void (*)()>(&%s),\n' % s for s in symbols) + '};\n'
        target = os.path.join(scratch, 'uses-everything.o')
        complaints = self.compile(compiler, 'c++', 'c++11', source, target)
        if complaints:
            yield from complaints
            return
        output = subprocess.run(['nm', '--undefined-only', target], check=True,
                                capture_output=True, text=True).stdout
        wanted = {line.split()[-1] for line in output.splitlines()}
        for name in sorted(set(symbols) - wanted):
            yield '%s has another name in C++' % name

    def checks(self, scratch):
        checks = []
        for compiler, cxx in (('gcc', 'g++'), ('clang', 'clang++')):
            for name in self.names + self.parts:
                checks.append(('%s alone is C99, C11 and C17 to %s' % (name, compiler),
                               lambda n=name, c=compiler: self.alone(n, c, 'c', C_STANDARDS)))
                checks.append(('%s alone is C++11 and C++17 to %s' % (name, cxx),
                               lambda n=name, c=cxx: self.alone(n, c, 'c++', CXX_STANDARDS)))
            checks.append(('functions keep their C names with ' + cxx,
                           lambda c=cxx: self.cxx_names_are_c_names(c, scratch)))
            checks.append(('all headers together, either way round, with ' + cxx,
                           lambda c=cxx: self.all_at_once(c, 'c++', 'c++17', self.names)
                           + self.all_at_once(c, 'c++', 'c++17', self.names[::-1])))
        checks.append(('headers in any order', lambda: self.in_any_order('gcc', 'c', 'c99')))
        return checks


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(__file__), '../..')
    with tempfile.TemporaryDirectory(prefix='xenlibs-headers-') as scratch:
        return tap.run(Headers(os.path.abspath(root)).checks(scratch))


if __name__ == '__main__':
    sys.exit(main())
