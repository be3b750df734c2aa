# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a public header says, as the compiler understands it."""
import os
import re
import subprocess

import dwarf

# One old format of debugging information, so that newer compilers change nothing.
FLAGS = ['-std=gnu11', '-D_GNU_SOURCE', '-D__XEN_TOOLS__', '-w', '-x', 'c']
DEBUG_FLAGS = ['-gdwarf-4', '-gno-strict-dwarf', '-O0', '-fno-eliminate-unused-debug-types']

DECLARATION = re.compile(r'^/\* (.*):\d+:\w+ \*/ (extern|static) (.*)$')
FUNCTION_NAME = re.compile(r'(\w+) \(')
MARKER = re.compile(r'^# \d+ "(.*?)"')
DEFINITION = re.compile(r'^#define (\w+)(\(?)(.*)$')


class CompileError(Exception):
    pass


def run_compiler(compiler, arguments, source):
    return subprocess.run(compiler + arguments + ['-'], input=source, text=True,
                          capture_output=True, env={**os.environ, 'LC_ALL': 'C'})


def can_compile(compiler, machine):
    """Whether this compiler has libc's headers for the machine; else its complaint."""
    result = run_compiler(compiler + machine, FLAGS + ['-fsyntax-only'], '#include <stdio.h>\n')
    return result.returncode == 0


class Header:
    """Functions, macros and types of one header, for one machine (-m64, -m32).

    `parts` are headers that it includes and whose content counts as its own; `flags`
    are what it is compiled with besides, as macros that it asks for.
    """

    def __init__(self, path, compiler, machine, scratch, parts=(), flags=()):
        self.path = path
        self.places = {os.path.realpath(place) for place in (path, *parts)}
        self.compiler = compiler + list(machine)
        self.flags = FLAGS + ['-I', os.path.dirname(path), *flags]
        self.scratch = scratch
        self.include = '#include "%s"\n' % path
        self.functions = self._find_functions()
        self.macros, self.function_macros = self._find_macros()
        self._probe()

    def _run(self, arguments, source):
        result = run_compiler(self.compiler, self.flags + arguments, source)
        if result.returncode:
            raise CompileError('%s does not compile: %s' % (self.path, result.stderr.strip()))
        return result.stdout

    def _is_here(self, path):
        return os.path.realpath(path) in self.places

    def _find_functions(self):
        """Names of the functions that the header declares without defining them."""
        report = os.path.join(self.scratch, 'prototypes.txt')
        self._run(['-S', '-o', os.devnull, '-aux-info', report], self.include)
        names = set()
        with open(report, encoding='utf-8') as lines:
            for line in lines:
                match = DECLARATION.match(line)
                if match and match.group(2) == 'extern' and self._is_here(match.group(1)):
                    names.add(FUNCTION_NAME.search(match.group(3)).group(1))
        return names

    def declares_object(self, name):
        """Whether it declares a variable of this name."""
        source = self.include + '__typeof__(%s) *probe = &%s;\n' % (name, name)
        return not run_compiler(self.compiler, self.flags + ['-fsyntax-only'], source).returncode

    def _find_macros(self):
        plain, with_arguments, here = set(), set(), False
        for line in self._run(['-E', '-dD'], self.include).splitlines():
            marker = MARKER.match(line)
            if marker:
                here = self._is_here(marker.group(1))
            definition = DEFINITION.match(line) if here else None
            if definition and definition.group(2):
                with_arguments.add(definition.group(1))
            elif definition and definition.group(3).strip():
                plain.add(definition.group(1))
        return plain, with_arguments

    def _constant_macros(self):
        """Those that are integer constants: one line each, and the compiler chooses."""
        names = sorted(self.macros)
        source = self.include + ''.join(
            'enum { value_of_%s = (long long)(%s) };\n' % (name, name) for name in names)
        result = run_compiler(self.compiler, self.flags + ['-fsyntax-only', '-fmax-errors=0'],
                              source)
        bad = {int(line) for line in re.findall(r'^<stdin>:(\d+):', result.stderr, re.M)}
        return [name for line, name in enumerate(names, start=2) if line not in bad]

    def _probe(self):
        """Lets the compiler tell types and values, through an object's debugging data."""
        constants = self._constant_macros()
        source = self.include
        source += ''.join('__typeof__(%s) *probe_%s;\n' % (f, f) for f in sorted(self.functions))
        source += ''.join('enum { value_of_%s = (long long)(%s) } holder_of_%s;\n' % (m, m, m)
                          for m in constants)
        target = os.path.join(self.scratch, 'probe.o')
        self._run(DEBUG_FLAGS + ['-c', '-o', target], source)
        facts = dwarf.TypeFacts(target)
        variables = facts.variables()
        values = facts.enumerators()
        self.prototypes = {f: variables['probe_' + f] for f in self.functions}
        shapes = facts.function_shapes()
        self.shapes = {f: shapes['probe_' + f] for f in self.functions}
        self.constants = {m: values['value_of_' + m] for m in constants}
        self.types = facts.types_declared_in({os.path.basename(place) for place in self.places})


def differences(upstream, ours):
    """What `upstream` has and `ours` lacks or says differently; an empty list is peace."""
    problems = []
    for kind, theirs, own in (('function', upstream.prototypes, ours.prototypes),
                              ('type', upstream.types, ours.types),
                              ('macro', upstream.constants, ours.constants)):
        for name, meaning in sorted(theirs.items()):
            if name not in own:
                problems.append('%s %s is missing' % (kind, name))
            elif own[name] != meaning:
                problems.append('%s %s is %s, upstream %s' % (kind, name, own[name], meaning))
    for name in sorted((upstream.macros | upstream.function_macros)
                       - ours.macros - ours.function_macros):
        problems.append('macro %s is missing' % name)
    return problems
