# SPDX-License-Identifier: LGPL-2.1-or-later
"""Checks of one library: map, header, built library and upstream against each other."""
import glob
import os
import re
import shlex
import subprocess

import elf
import header
from tap import Skip

OUR_NODE = re.compile(r'XENLIBS_\d+\.\d+$')
# What compilers and sanitizers add to a library of their own accord.
TOOLCHAIN_LIBRARY = re.compile(r'lib(asan|ubsan|tsan|lsan|gcc_s|clang_rt\.\w+)|linux-vdso|ld-linux')
# Debian 12's libxen-dev is of Xen 4.17.
LATER_THAN_DEBIAN_12 = {'manage': '4.21'}
# Upstream has nothing of the kind.
OURS_ALONE = {'kexec'}
# Names that an archive may define in the namespace of the program that links it.
ARCHIVE_NAME = re.compile(r'_?(xen|xc_|xtl_|xs_)|libxenvchan_|close_xs_srv$|__odr_asan|_*(asan|ubsan)_|DW\.ref\.|__clang_call')


def compare(what, wanted, found):
    """Complaints about two name → value tables that should be equal."""
    for name in sorted(set(wanted) | set(found)):
        if name not in found:
            yield '%s: %s is missing' % (what, name)
        elif name not in wanted:
            yield '%s: %s is there, but should not be' % (what, name)
        elif wanted[name] != found[name]:
            yield '%s: %s is in %s, should be in %s' % (what, name, found[name], wanted[name])


def without_ours(symbols):
    return {name: node for name, node in symbols.items() if not OUR_NODE.match(node)}


def read_facts(path, library):
    """The symbols, SONAME and NEEDED of one library in upstream's newest release."""
    symbols, soname, needed, current = {}, None, set(), None
    with open(path, encoding='utf-8') as lines:
        for line in lines:
            start = re.match(r'## (\w+)/\S+ \(\'(\S+)\', \[(.*)\]\)', line)
            if start:
                current = start.group(1)
                if current == library:
                    soname, needed = start.group(2), set(re.findall(r"'(.*?)'", start.group(3)))
            elif current == library and line.startswith('   '):
                name, node, _kind = line.split()
                symbols[name] = node
    return symbols, soname, needed


def read_version(path, library):
    """MAJOR.MINOR of one library in upstream's newest release, or None."""
    with open(path, encoding='utf-8') as lines:
        for line in lines:
            start = re.match(r'## (\w+)/lib\w+\.so\.(\d+\.\d+)', line)
            if start and start.group(1) == library:
                return start.group(2)
    return None


def read_needed_by_additions(path, library):
    """What one library may need beside upstream's: SONAME → the function it is for."""
    with open(path, encoding='utf-8') as lines:
        rows = [line.split() for line in lines if line.strip() and not line.startswith('#')]
    return {soname: function for name, soname, function in rows if name == library}


# Libraries that are two behind one name to link with: ours, and upstream's old face.
FACES = {
    # folder: shared library, archive, pkg-config file, header, whether it is upstream's
    'ctrl': ('libxenctrl.so.1', 'xenctrl', 'xencontrol', 'xenctrl', False),
    'vchan': ('libxenvchan.so.1', 'xenvchan', 'xenvchan', 'xenvchan', False),
    'vchan-4.17': ('libxenvchan.so.4.17', 'xenvchan', 'xenvchan', 'libxenvchan', True),
}
# What upstream has moved elsewhere, libxenctrl's header declares for those who ask.
ASKING_FOR_ALL = ['-DXC_WANT_COMPAT_%s_API' % name
                  for name in ('MAP_FOREIGN', 'EVTCHN', 'GNTTAB', 'DEVICEMODEL')]


def read_names(path):
    """A list of symbols, one a line."""
    with open(path, encoding='utf-8') as lines:
        return {line.strip() for line in lines if line.strip() and not line.startswith('#')}


class Library:
    """Where everything about one library is found; what is read is kept."""

    def __init__(self, name, source_root, build_root, compiler, scratch, facts=None,
                 upstream_headers='/usr/include', upstream_libdir=None, sanitized=False):
        self.name = name
        self.file, self.full_name, pkgconfig, self.header_name, self.is_upstreams = FACES.get(
            name, ('libxen%s.so' % name, 'xen' + name, 'xen' + name, 'xen' + name, True))
        self.map_path = os.path.join(source_root, 'lib', name, name + '.map')
        self.header_paths = [path for path in (
            os.path.join(source_root, 'include', self.header_name + suffix + '.h')
            for suffix in ('', '_internal', '_lib', '_requests', '_eventfd', '_passthrough')) if os.path.exists(path)]
        self.header_parts = self._parts(os.path.join(source_root, 'include', self.header_name))
        self.libdir = os.path.join(build_root, 'lib')
        if os.path.exists(os.path.join(self.libdir, name, self.file)):
            self.libdir = os.path.join(self.libdir, name)
        self.pkgconfig = os.path.join(build_root, 'meson-private', pkgconfig + '.pc')
        self.compiler, self.scratch, self.facts = compiler, scratch, facts
        self.upstream_headers = upstream_headers
        self.upstream_libdir = upstream_libdir or debian_libdir()
        self.sanitized = sanitized
        self._kept = {}

    @staticmethod
    def _parts(stem):
        """The headers that the library's own includes, if it is in several parts."""
        if not os.path.isdir(stem):
            return []
        return sorted(glob.glob(os.path.join(stem, '*.h'))) + glob.glob(stem + '_compat.h')

    def _keep(self, key, make):
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]

    def map(self):
        def read():
            with open(self.map_path, encoding='utf-8') as text:
                return elf.VersionMap(text.read())
        return self._keep('map', read)

    def built(self):
        path = os.path.join(self.libdir, self.file)
        return self._keep('built', lambda: elf.SharedLibrary(path))

    def archive(self):
        return os.path.join(self.libdir, 'lib%s.a' % self.full_name)

    def upstream(self):
        path = os.path.join(self.upstream_libdir, self.file)
        if not os.path.exists(path):
            raise Skip(self._why_missing(path))
        return self._keep('upstream', lambda: elf.SharedLibrary(path))

    def _why_missing(self, path):
        if self.name in LATER_THAN_DEBIAN_12:
            return 'upstream has it since Xen %s, Debian 12 does not' % (
                LATER_THAN_DEBIAN_12[self.name])
        return '%s is not installed (apt-get install libxen-dev)' % path

    def headers(self, machine='-m64'):
        self._need_compiler(machine)
        return self._keep(machine, lambda: [
            header.Header(path, self.compiler, [machine], self.scratch,
                          parts=self.header_parts, flags=ASKING_FOR_ALL)
            for path in self.header_paths])

    def upstream_header(self, machine='-m64'):
        self._need_compiler(machine)
        path = os.path.join(self.upstream_headers, self.header_name + '.h')
        if not os.path.exists(path):
            raise Skip(self._why_missing(path))
        return self._keep('upstream' + machine, lambda: header.Header(
            path, self.compiler, [machine], self.scratch))

    def _need_compiler(self, machine):
        if not header.can_compile(self.compiler, [machine]):
            raise Skip('%s cannot compile with %s (apt-get install gcc-multilib)'
                       % (shlex.join(self.compiler), machine))

    # ---- symbols ----

    def map_agrees_with_library(self):
        if not self.map().hides_the_rest:
            yield 'the map does not end with local: *'
        yield from compare('library', self.map().symbols, self.built().symbols)
        for name in sorted(self.built().hidden_versions):
            yield '%s is not the default version' % name

    def map_agrees_with_headers(self):
        exported = set(self.map().symbols)
        declared = set().union(*(h.functions for h in self.headers()))
        objects = {name for name in exported - declared
                   if self.built().kinds.get(name) == 'OBJECT'
                   and any(h.declares_object(name) for h in self.headers())}
        for name in sorted(exported - declared - objects):
            yield '%s is exported, but no header declares it' % name
        for name in sorted(declared - exported):
            yield '%s is declared, but not exported' % name

    def newer_than_debians(self):
        """Symbols of upstream's newest release that Debian's does not have yet: name → node."""
        newest = read_facts(self.facts, self.name)[0] if self.facts else {}
        return {name: node for name, node in newest.items()
                if name not in self.upstream().symbols}

    def symbols_are_upstreams(self):
        newer = self.newer_than_debians()
        ours = without_ours(self.built().symbols)
        yield from compare('library', self.upstream().symbols,
                           {name: node for name, node in ours.items() if name not in newer})
        for name, kind in sorted(self.upstream().kinds.items()):
            if self.built().kinds.get(name, kind) != kind:
                yield '%s is %s, upstream %s' % (name, self.built().kinds[name], kind)

    def symbols_are_the_newest_release(self):
        if not self.facts:
            raise Skip('no list of the newest release')
        wanted, soname, needed = read_facts(self.facts, self.name)
        if not wanted:
            yield 'the list knows no library of this name'
        yield from compare('library', wanted, without_ours(self.built().symbols))
        if soname != self.built().soname:
            yield 'SONAME is %s, should be %s' % (self.built().soname, soname)
        yield from self._compare_needed(needed)

    def nodes_inherit_as_upstreams(self):
        for node, parent in self.upstream().parents.items():
            if node not in self.built().parents:
                yield 'node %s is missing' % node
            elif self.built().parents[node] != parent:
                yield 'node %s inherits from %s, upstream from %s' % (
                    node, self.built().parents[node], parent)
        known = set(self.upstream().parents) | set(self.newer_than_debians().values())
        for node in sorted(set(self.built().parents) - known):
            if not OUR_NODE.match(node):
                yield 'node %s is neither upstream\'s nor one of ours' % node

    def _compare_needed(self, upstream):
        ours = {n for n in self.built().needed if not TOOLCHAIN_LIBRARY.match(n)}
        additions = self._needed_by_additions()
        if ours != upstream | set(additions):
            yield 'needs %s, upstream %s, our additions %s' % (
                sorted(ours), sorted(upstream), sorted(additions))
        for soname, function in sorted(additions.items()):
            if not OUR_NODE.match(self.map().symbols.get(function, '')):
                yield '%s is listed for %s, which is no addition' % (soname, function)

    def _needed_by_additions(self):
        if not self.facts:
            return {}
        return read_needed_by_additions(
            os.path.join(os.path.dirname(self.facts), 'needed-by-additions.txt'), self.name)

    def soname_and_needed_are_upstreams(self):
        if self.built().soname != self.upstream().soname:
            yield 'SONAME is %s, upstream %s' % (self.built().soname, self.upstream().soname)
        yield from self._compare_needed(self.upstream().needed)

    def is_whole_by_itself(self):
        """What is held against upstream elsewhere: nodes, SONAME, NEEDED, pkg-config file."""
        for name, node in sorted(self.map().symbols.items()):
            if not OUR_NODE.match(node):
                yield '%s is in %s, which is no node of ours' % (name, node)
        said = read_pkgconfig(self.pkgconfig)
        soname = 'lib%s.so.%s' % (self.full_name, said.get('Version', '').split('.')[0])
        if self.built().soname != soname:
            yield 'SONAME is %s, should be %s' % (self.built().soname, soname)
        needed = {n.split('.so')[0][3:] for n in self.built().needed
                  if not TOOLCHAIN_LIBRARY.match(n)}
        if needed - {'c'} != set(said['Requires.private']):
            yield 'needs %s, its pkg-config file says libc and %s' % (
                sorted(needed), said['Requires.private'])
        if '-l' + self.full_name not in said.get('Libs', ''):
            yield 'Libs lacks -l' + self.full_name

    # ---- headers ----

    def header_agrees_with_upstreams(self, machine):
        upstream, ours = self.upstream_header(machine), self.headers(machine)[0]
        yield from header.differences(upstream, ours)
        for name in sorted(set(ours.functions) - set(upstream.functions)):
            if not OUR_NODE.match(self.map().symbols.get(name, '')) \
                    and name not in self.newer_than_debians() \
                    and name not in self.upstream().symbols:
                yield '%s is not upstream\'s, nor in a node of ours' % name

    def pkgconfig_is_upstreams(self):
        theirs = os.path.join(self.upstream_libdir, 'pkgconfig', self.full_name + '.pc')
        if not os.path.exists(theirs):
            raise Skip(self._why_missing(theirs))
        wanted, found = read_pkgconfig(theirs), read_pkgconfig(self.pkgconfig)
        if self.facts and self.newer_than_debians():
            wanted['Version'] = read_version(self.facts, self.name)
        for key in ('Name', 'Version', 'Requires.private'):
            if wanted.get(key) != found.get(key):
                yield '%s is %s, upstream %s' % (key, found.get(key), wanted.get(key))
        if '-l' + self.full_name not in found.get('Libs', ''):
            yield 'Libs lacks -l' + self.full_name

    # ---- programs ----

    def _program(self, names, headers):
        """Prints where each function comes from, after binding all of them."""
        rows = ''.join('{"%s", (void *)%s},\n' % (name, name) for name in sorted(names))
        includes = ''.join('#include "%s"\n' % path for path in headers)
        return includes + '''#include <dlfcn.h>
#include <stdio.h>
static const struct { const char *name; void *function; } used[] = {
%s};
int main(void)
{
    for (unsigned i = 0; i < sizeof(used) / sizeof(used[0]); i++) {
        Dl_info from = {0};
        dladdr(used[i].function, &from);
        printf("%%s %%s\\n", used[i].name, from.dli_fname ? from.dli_fname : "?");
    }
    return 0;
}
''' % rows

    def _build_program(self, source, link, flags=()):
        target = os.path.join(self.scratch, 'program')
        result = subprocess.run(
            self.compiler + header.FLAGS + [*flags, '-o', target, '-', '-x', 'none'] + link,
            input=source, text=True, capture_output=True)
        if result.returncode:
            raise header.CompileError(result.stderr)
        return target

    def _runs_on(self, target, libdir, names):
        result = subprocess.run([target], capture_output=True, text=True,
                                env={**os.environ, 'LD_LIBRARY_PATH': libdir, 'LD_BIND_NOW': '1'})
        if result.returncode:
            yield 'the program fails: %s' % result.stderr.strip()
        places = dict(line.split(' ', 1) for line in result.stdout.splitlines())
        for name in sorted(names):
            where = os.path.dirname(os.path.realpath(places.get(name, '')))
            if where != os.path.realpath(libdir):
                yield '%s comes from %s' % (name, places.get(name, 'nowhere'))

    def upstreams_program_runs_on_ours(self):
        self._refuse_sanitizers()
        names = self.upstream_header().functions
        source = self._program(names, [self.upstream_header().path])
        target = self._build_program(source, [self.upstream().path])
        yield from self._runs_on(target, self.libdir, names)

    def our_program_runs_on_upstreams(self):
        self._refuse_sanitizers()
        names = self.upstream_header().functions
        source = self._program(names, self.header_paths[:1])
        target = self._build_program(source, [
            os.path.join(self.libdir, 'lib%s.so' % self.full_name),
            '-Wl,-rpath-link,' + self.libdir],
            ['-I', os.path.dirname(self.header_paths[0])])
        yield from self._runs_on(target, self.upstream_libdir, names)

    def _refuse_sanitizers(self):
        self.upstream()
        if self.sanitized:
            raise Skip('a library with sanitizers wants a program with sanitizers')

    def archive_keeps_to_its_names(self):
        for name, member in sorted(elf.archive_symbols(self.archive()).items()):
            if not ARCHIVE_NAME.match(name) and name not in self.map().symbols:
                yield '%s of %s could clash with a program\'s own name' % (name, member)
        for name in sorted(set(self.map().symbols) - set(elf.archive_symbols(self.archive()))):
            yield '%s is missing from the archive' % name

    def checks(self):
        ours = [
            ('map and built library export the same', self.map_agrees_with_library),
            ('map and headers name the same functions', self.map_agrees_with_headers),
            ('static archive is complete and keeps to its own names',
             self.archive_keeps_to_its_names),
        ]
        if self.name in OURS_ALONE:
            return ours + [('nodes, SONAME, NEEDED and pkg-config file agree',
                            self.is_whole_by_itself)]
        if self.name not in FACES: # theirs has no stable name, so no list has it
            ours.append(("symbols and nodes are those of upstream's newest release",
                         self.symbols_are_the_newest_release))
        return ours + (self._checks_against_upstream() if self.is_upstreams else [])

    def _checks_against_upstream(self):
        return [
            ("symbols and nodes are those of Debian's library", self.symbols_are_upstreams),
            ("version nodes inherit as Debian's do", self.nodes_inherit_as_upstreams),
            ("SONAME and NEEDED are Debian's", self.soname_and_needed_are_upstreams),
            ("prototypes, types and values are those of Debian's header, x86-64",
             lambda: self.header_agrees_with_upstreams('-m64')),
            ("prototypes, types and values are those of Debian's header, -m32",
             lambda: self.header_agrees_with_upstreams('-m32')),
            ("pkg-config file says what Debian's says", self.pkgconfig_is_upstreams),
            ("a program built on Debian's library runs on ours",
             self.upstreams_program_runs_on_ours),
            ("a program built on our library runs on Debian's",
             self.our_program_runs_on_upstreams),
        ]


def read_pkgconfig(path):
    fields = {}
    with open(path, encoding='utf-8') as lines:
        for line in lines:
            match = re.match(r'([\w.]+):\s*(.*)', line)
            if match:
                fields[match.group(1)] = match.group(2).strip()
    fields['Requires.private'] = sorted(
        word for word in re.split(r'[,\s]+', fields.get('Requires.private', '')) if word)
    return fields


def debian_libdir():
    triplet = subprocess.run(['gcc', '-print-multiarch'], capture_output=True, text=True)
    return '/usr/lib/' + triplet.stdout.strip()
