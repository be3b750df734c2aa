#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Unmodified sources of Debian 12's programs compile against our headers.

usage: source_compat.py INCLUDE BUILD WORK [--kexec]
  --kexec  only builds kexec, unless WORK has one that is up to date, and prints its path;
           status 77 and the reason if there are no sources

kexec is configured, built and linked as a whole. Of xen-utils single files are compiled,
and those that are a program are linked; collectd's plugin xencpu is built, and loaded by
Debian's collectd (which runs it in tests/every-xen); of QEMU the files that use Xen are
compiled. Of what is not linked, each symbol that Debian has in a library which we replace
must be in ours. Output is TAP; libvmi is not in Debian.
"""
import glob
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

sys.dont_write_bytecode = True

import collectd  # noqa: E402
import debian_source  # noqa: E402
import programs  # noqa: E402
from debian_source import tap  # noqa: E402

def run(command, **options):
    return subprocess.run(command, capture_output=True, text=True, errors='replace', **options)


ERRORS_SHOWN = 8


def exported(path):
    lines = run(['nm', '-D', '--defined-only', path]).stdout.splitlines()
    return {line.split()[-1].split('@')[0] for line in lines}


class Compiler:
    def __init__(self, include, build, work):
        self.include, self.work = include, work
        self.descriptions = os.path.join(build, 'meson-private')
        self.libraries = {}
        for path in glob.glob(os.path.join(build, 'lib', '**', 'lib*.so'), recursive=True):
            self.libraries[os.path.basename(path)[3:-3]] = path
        self.links = os.path.join(work, 'lib')
        self._link_farm()
        self._missing = None

    def _link_farm(self):
        """One folder with all libraries, by the names that the linker and the loader use."""
        shutil.rmtree(self.links, ignore_errors=True)
        os.makedirs(self.links)
        for name, path in self.libraries.items():
            soname = re.search(r'SONAME.*\[(.*)\]', run(['readelf', '-d', path]).stdout)
            for link in {soname.group(1), 'lib%s.so' % name} if soname else ():
                os.symlink(path, os.path.join(self.links, link))

    def missing(self):
        """What Debian's libraries have under the same names, and ours have not."""
        if self._missing is None:
            theirs = set()
            for name in self.libraries:
                path = run(['gcc', '-print-file-name=lib%s.so' % name]).stdout.strip()
                theirs |= exported(path) if os.path.isabs(path) else set()
            self._missing = theirs.difference(*map(exported, self.libraries.values()))
        return self._missing

    def _object(self, source):
        return os.path.join(self.work, re.sub(r'[^\w.]', '_', source) + '.o')

    def errors(self, source, flags, cwd, links=programs.OBJECT):
        """What keeps a file from being compiled, and linked if it is a program."""
        output = self._object(cwd + '/' + source)
        compiled = run(['gcc', '-std=gnu11', '-O1', '-D_GNU_SOURCE', '-D_FILE_OFFSET_BITS=64',
                        '-Werror=implicit-function-declaration',
                        '-Werror=incompatible-pointer-types', '-I' + self.include] + flags +
                       ['-c', '-o', output, source], cwd=cwd)
        if compiled.returncode:
            errors = [line for line in compiled.stderr.splitlines() if 'error:' in line]
            return errors[:ERRORS_SHOWN]
        if links is programs.OBJECT:
            return self._unknown_symbols(output)
        linked = run(['gcc', '-o', output[:-2], output, '-L' + self.links,
                      '-Wl,-rpath-link,' + self.links] + ['-l' + name for name in links])
        return linked.stderr.splitlines() if linked.returncode else []

    def _unknown_symbols(self, path):
        names = {line.split()[-1] for line in run(['nm', '-u', path]).stdout.splitlines()}
        return ['no library of ours has %s' % name for name in sorted(names & self.missing())]


# ---- what is compiled ----

def xen_checks(compiler):
    """(name, function that yields complaints) for each file of xen-utils."""
    state = {}

    def flags():
        if 'tools' not in state:
            state['tools'] = os.path.join(debian_source.unpacked('xen', ['tools/', 'xen/include/']),
                                          'tools')
            private = os.path.join(compiler.work, 'private')
            os.makedirs(private, exist_ok=True)
            link = os.path.join(private, 'xen-tools')
            if not os.path.lexists(link):
                os.symlink(os.path.join(state['tools'], 'include', 'xen-tools'), link)
            state['flags'] = programs.XEN_DEFINES + ['-I' + private, '-Ixenstore/include']
        return state['flags'], state['tools']

    def check(source, links):
        used, tools = flags()
        errors = compiler.errors(source, used, tools, links)
        gap, _ = programs.GAPS.get(source, ('', ''))
        if not gap:
            yield from errors
        elif not errors:
            yield '%s compiles: it is no gap any more' % source
        elif not all(gap in error for error in errors):
            yield '%s fails for more than %s:' % (source, gap)
            yield from errors

    for source, links in programs.XEN_PROGRAMS.items():
        how = 'compiles' if links is programs.OBJECT else 'compiles and links'
        if source in programs.GAPS:
            how = 'CANNOT compile, for %s: %s' % programs.GAPS[source]
        yield 'xen: %s %s' % (source, how), lambda s=source, l=links: check(s, l)


def collectd_checks(compiler):
    folder = os.path.join(compiler.work, 'collectd')

    def builds():
        plugin = os.path.join(compiler.work, 'xencpu.so')
        errors = collectd.build_plugin(compiler.include, compiler.libraries['xenctrl'], plugin)
        yield from errors
        if not errors and 'libxenctrl.so.1' not in run(['readelf', '-d', plugin]).stdout:
            yield 'the plugin is not linked to libxenctrl.so.1'

    def loads():
        yield from collectd.fill(compiler.include, compiler.libraries['xenctrl'], folder)
        conf = os.path.join(folder, 'collectd.conf')
        with open(conf, 'w', encoding='utf-8') as file:
            file.write('PluginDir "%s"\nTypesDB "%s/types.db"\nLoadPlugin xencpu\n' % (folder, folder))
        result = run([os.path.join(folder, 'collectd'), '-t', '-C', conf],
                     env={**os.environ, 'LD_LIBRARY_PATH': compiler.links})
        if result.returncode or result.stderr:
            yield 'collectd -t: %s%s' % (result.stdout, result.stderr)

    yield 'collectd: the plugin xencpu compiles and links', builds
    yield "collectd: Debian's own daemon loads that plugin", loads


def kexec_path(compiler):
    return os.path.join(compiler.work, 'kexec-tools', 'build', 'sbin', 'kexec')


def build_kexec(compiler):
    """What goes wrong when kexec is configured, built and linked."""
    root = os.path.join(compiler.work, 'kexec-tools')
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(debian_source.unpacked('kexec-tools', ['']), root)
    steps = [['./configure', 'CPPFLAGS=-I' + compiler.include,
              'LDFLAGS=-L%s -Wl,-rpath-link,%s' % (compiler.links, compiler.links)],
             ['make', 'build/sbin/kexec']]
    for step in steps:
        result = run(step, cwd=root)
        if result.returncode:
            yield from [' '.join(step)] + (result.stdout + result.stderr).splitlines()[-10:]
            return
    if 'libxenctrl.so.1' not in run(['readelf', '-d', kexec_path(compiler)]).stdout:
        yield 'kexec is not linked to libxenctrl.so.1'


def kexec_checks(compiler):
    def check():
        yield from build_kexec(compiler)
        shown = run([kexec_path(compiler), '-v'], env={'LD_LIBRARY_PATH': compiler.links})
        if 'kexec-tools' not in shown.stdout:
            yield 'kexec -v says: ' + shown.stdout + shown.stderr

    yield 'kexec-tools: kexec is configured, built, linked and starts', check


def is_newer_than(path, folder):
    """Whether a file is there that is newer than all in a folder."""
    return os.path.exists(path) and all(
        os.path.getmtime(path) > os.path.getmtime(os.path.join(place, name))
        for place, _, names in os.walk(folder) for name in names)


def print_kexec(compiler):
    """Status 0, 1 or 77."""
    path = kexec_path(compiler)
    try:
        complaints = [] if is_newer_than(path, compiler.include) else list(build_kexec(compiler))
    except tap.Skip as skip:
        print(skip)
        return 77
    print('\n'.join(complaints) or path)
    return 1 if complaints else 0


class Qemu:
    def __init__(self, compiler):
        self.compiler, self.prepared = compiler, None

    def _interface_version(self):
        """As QEMU makes it of the version in our xencontrol.pc: 42000 of 4.20.0."""
        shown = run(['pkg-config', '--modversion', 'xencontrol'],
                    env=dict(os.environ, PKG_CONFIG_LIBDIR=self.compiler.descriptions), check=True)
        major, minor, micro = (shown.stdout.strip().split('.') + ['0', '0'])[:3]
        return '%s%02d%02d' % (major, int(minor), int(micro))

    def _generate(self, root, made):
        os.makedirs(os.path.join(made, 'trace'), exist_ok=True)
        for name, lines in programs.QEMU_CONFIG.items():
            with open(os.path.join(made, name), 'w', encoding='utf-8') as file:
                file.writelines('#define %s\n' % line for line in lines)
                if name == 'config-host.h':
                    file.write('#define CONFIG_XEN_CTRL_INTERFACE_VERSION %s\n' %
                               self._interface_version())
        run([sys.executable, 'scripts/qapi-gen.py', '-o', os.path.join(made, 'qapi'), '-b',
             'qapi/qapi-schema.json'], cwd=root, check=True)
        for folder in programs.QEMU_TRACED:
            group = folder.replace('/', '_') or 'root'
            run([sys.executable, 'scripts/tracetool.py', '--backend=nop', '--group=' + group,
                 '--format=h', os.path.join('.', folder, 'trace-events'),
                 os.path.join(made, 'trace', 'trace-%s.h' % group)], cwd=root, check=True)

    def flags(self):
        if not self.prepared:
            glib = run(['pkg-config', '--cflags', 'glib-2.0', 'pixman-1'])
            if glib.returncode:
                raise tap.Skip('libglib2.0-dev or libpixman-1-dev is not installed')
            root = debian_source.unpacked('qemu', programs.QEMU_FOLDERS)
            made = os.path.join(self.compiler.work, 'qemu')
            self._generate(root, made)
            folders = ['.', made, made + '/qapi', made + '/trace', 'include', 'linux-headers',
                       'target/i386', 'tcg/i386']
            self.prepared = root, ['-I' + folder for folder in folders] + glib.stdout.split()
        return self.prepared

    def check(self, source, is_target):
        root, flags = self.flags()
        if is_target:
            flags = flags + ['-DNEED_CPU_H', '-DCONFIG_TARGET="target.h"',
                             '-DCONFIG_DEVICES="devices.h"']
        yield from self.compiler.errors(source, flags, root)

    def checks(self):
        for is_target, sources in ((False, programs.QEMU_COMMON), (True, programs.QEMU_TARGET)):
            for source in sources:
                yield ('qemu: %s compiles' % source,
                       lambda s=source, t=is_target: self.check(s, t))


# ---- all of it ----

def at_once(groups):
    """The checks of each group in order, the groups beside each other."""
    def answer(check):
        try:
            return list(check())
        except tap.Skip as skip:
            return skip

    def answers(group):
        return [(name, answer(check)) for name, check in group]

    with ThreadPoolExecutor(max_workers=2) as pool:
        return [found for group in pool.map(answers, groups) for found in group]


def told(answer):
    if isinstance(answer, tap.Skip):
        raise answer
    return answer


def main():
    include, build, work = (os.path.abspath(path) for path in sys.argv[1:4])
    os.makedirs(work, exist_ok=True)
    os.makedirs(debian_source.CACHE, exist_ok=True)
    compiler = Compiler(include, build, work)
    if sys.argv[4:] == ['--kexec']:
        return print_kexec(compiler)
    groups = [list(kexec_checks(compiler)), list(Qemu(compiler).checks()),
              list(xen_checks(compiler)), list(collectd_checks(compiler))]
    return tap.run([(name, lambda a=answer: told(a)) for name, answer in at_once(groups)])


if __name__ == '__main__':
    sys.exit(main())
