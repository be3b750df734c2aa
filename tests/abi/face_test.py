#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Libraries that stand in for upstream's of one release, held against that one. Output is TAP.

What they take and give is compared as it lies in memory: names of types do not count,
those of members do.

usage: face_test.py SOURCE_FOLDER BUILD_FOLDER SANITIZERS NAME-RELEASE...
"""
import glob
import os
import re
import sys
import tempfile

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'support'))

import debian11  # noqa: E402
import debian_headers  # noqa: E402
import elf  # noqa: E402
import header  # noqa: E402
import tap  # noqa: E402
from library import ASKING_FOR_ALL, TOOLCHAIN_LIBRARY, Library, compare, read_names  # noqa: E402

# Functions that convert, and what upstream's have: Xen's own struct of that release. That
# lib/hvabi knows how it lies there is the test hvabi-layouts.
CONVERTED = {
    'xc_domain_create': 'struct xen_domctl_createdomain *',
    'xc_domain_getinfo_single': 'struct xen_domctl_getdomaininfo *',
    'xc_domain_getinfolist': 'struct xen_domctl_getdomaininfo *',
    'xc_domctl': 'struct xen_domctl *',
    'xc_physinfo': 'struct xen_sysctl_physinfo *',
    'xc_sysctl': 'struct xen_sysctl *',
}
# Functions of one struct that has more names for its bytes with us; its size is compared
# here, its content by the unit test ctrl-power.
MORE_NAMES = {'xc_get_cpufreq_para'}
# What libxenguest has had since 4.15: it comes with that library.
OF_LIBXENGUEST = {'ctrl-4.14': {
    'xc_core_arch_auto_translated_physmap', 'xc_core_arch_get_scratch_gpfn',
    'xc_core_arch_gpfn_may_present', 'xc_core_arch_map_p2m', 'xc_core_arch_map_p2m_writable',
    'xc_core_arch_memory_map_get', 'xc_core_shdr_get', 'xc_core_shdr_set', 'xc_domain_dumpcore',
    'xc_domain_dumpcore_via_callback', 'xc_domain_resume', 'xc_map_domain_meminfo',
    'xc_unmap_domain_meminfo'}}
# They are there, since old programs do not start without, and fail with ENOTSUP.
REFUSED = {'xc_domain_dumpcore', 'xc_map_domain_meminfo', 'xc_unmap_domain_meminfo'}
# A library of ours that upstream's does without, and one that has another name there.
NEEDED_TOO = {'libxentoolcore.so.1'}
TODAYS_NAME = {'libxenstore.so.3.0': 'libxenstore.so.4'}


def node_of(name, release):
    if release == '4.14':
        return ''
    return 'VERS_4.17.0' if release == '4.17' else 'libxen%s_%s.0' % (name, release)


def first_difference(theirs, ours):
    """The first member that differs, of two descriptions of a type."""
    pairs = list(zip(theirs.split('; '), ours.split('; ')))
    for wanted, found in pairs:
        if wanted != found:
            return '%s, upstream %s' % (found, wanted)
    return 'one has more members'


class Face:
    def __init__(self, folder, source, build, scratch):
        self.folder = folder
        self.name, self.release = folder.split('-')
        self.source, self.scratch = source, os.path.join(scratch, folder)
        self.debians = None
        self.file = 'libxen%s.so.%s' % (self.name, self.release)
        found = glob.glob(os.path.join(build, 'lib', folder, self.file)) \
            + glob.glob(os.path.join(build, 'lib', self.file))
        self.built = elf.SharedLibrary(found[0])
        self.map_path = os.path.join(source, 'lib', folder, folder + '.map')
        self.listed = read_names(os.path.join(
            HERE, 'data', 'libxen%s-%s-exports.txt' % (self.name, self.release)))
        os.mkdir(self.scratch)

    def exports_are_the_list(self):
        node = node_of(self.name, self.release)
        later = OF_LIBXENGUEST.get(self.folder, set()) - set(self.built.symbols)
        yield from compare('library', dict.fromkeys(self.listed - later, node),
                           self.built.symbols)

    def has_what_libxenguest_took(self):
        later = OF_LIBXENGUEST[self.folder] - (set(self.built.symbols) - REFUSED)
        if later:
            raise tap.Skip('%d functions come with our libxenguest: %s' % (
                len(later), ' '.join(sorted(later))))

    def map_names_the_same(self):
        with open(self.map_path, encoding='utf-8') as text:
            text = re.sub(r'(?m)^#.*$', '', text.read())
        if 'local: *;' not in text:
            yield 'the map does not end with local: *'
        named = set(re.findall(r'^\s+(\w+);$', text, re.M))
        for name in sorted(named ^ set(self.built.symbols)):
            yield '%s is in one of map and library only' % name

    def _debians(self):
        if not self.debians:
            place, missing = 'usr/lib/x86_64-linux-gnu/' + self.file, None
            path = os.path.join(self.scratch, place)
            if os.path.exists('/' + place):
                path = '/' + place
            else:
                missing = debian11.extract(self.scratch, [place], self.release)
            if missing or not os.path.exists(path):
                raise tap.Skip(missing or 'Debian\'s dom0 has no ' + self.file)
            self.debians = elf.SharedLibrary(path)
        return self.debians

    def list_is_debians(self):
        debians = self._debians()
        node = node_of(self.name, self.release)
        yield from compare('list', debians.symbols, dict.fromkeys(self.listed, node))
        for name, kind in sorted(debians.kinds.items()):
            if self.built.kinds.get(name, kind) != kind:
                yield '%s is %s, upstream %s' % (name, self.built.kinds[name], kind)

    def soname_and_needed_are_debians(self):
        debians = self._debians()
        if self.built.soname != debians.soname:
            yield 'SONAME is %s, upstream %s' % (self.built.soname, debians.soname)
        wanted = {TODAYS_NAME.get(name, name) for name in debians.needed}
        for name in sorted(self.built.needed - wanted - NEEDED_TOO):
            if not TOOLCHAIN_LIBRARY.match(name):
                yield 'needs %s, which upstream does not' % name

    def checks(self):
        checks = [('it exports its list, in that release\'s node', self.exports_are_the_list),
                  ('map and built library export the same', self.map_names_the_same),
                  ('the list is Debian\'s library\'s', self.list_is_debians),
                  ('SONAME is Debian\'s, and nothing else is needed',
                   self.soname_and_needed_are_debians)]
        if self.folder in OF_LIBXENGUEST:
            checks.append(('it has what later moved to libxenguest',
                           self.has_what_libxenguest_took))
        return [('%s: %s' % (self.folder, what), check) for what, check in checks]


def upstreams_header(release, scratch):
    """Upstream's <xenctrl.h>, with what it declares for those who ask."""
    folder = debian_headers.folder_of(release)
    return header.Header(os.path.join(folder, 'xenctrl.h'), ['gcc'], ['-m64'], scratch,
                         parts=[os.path.join(folder, 'xenctrl_compat.h')], flags=ASKING_FOR_ALL)


def differing(name, theirs, ours):
    """Complaints about one function's result and parameters."""
    if len(ours) != len(theirs):
        yield '%s has %d parameters, upstream %d' % (name, len(ours) - 1, len(theirs) - 1)
    for place, (wanted, found) in enumerate(zip(theirs, ours)):
        if name in MORE_NAMES:
            wanted, found = wanted.split(';')[0], found.split(';')[0]
        if wanted != found:
            yield '%s, %s: %s' % (name, 'parameter %d' % place if place else 'result',
                                  first_difference(wanted, found))


# The same bytes in every release, under several names here: tests/unit/ctrl/face_4_17.c
# finds the fields with upstream's header.
NAMED_TWICE = {'xc_get_cpufreq_para'}


class ControlFace(Face):
    """libxenctrl, whose structs and prototypes change as well."""

    def __init__(self, folder, source, build, scratch):
        super().__init__(folder, source, build, scratch)
        self.ours = Library('ctrl', source, build, ['gcc'], self.scratch)
        self._kept = None

    def _faces_header(self):
        """What the face declares otherwise than <xenctrl.h> does."""
        parts = [part for folder in (os.path.join('ctrl', 'face'), self.folder)
                 for part in sorted(glob.glob(os.path.join(self.source, 'lib', folder, '*.h')))]
        path = os.path.join(self.scratch, 'declared.h')
        with open(path, 'w', encoding='utf-8') as text:
            text.write(''.join('#include "%s"\n' % part for part in parts))
        major, minor = self.release.split('.')
        folders = [os.path.join(self.source, *place) for place in (
            ['include'], ['lib', 'ctrl'], ['lib', 'ctrl', 'face'], ['lib', 'hvabi'],
            ['lib', 'internal'])]
        flags = ['-I' + folder for folder in folders]
        flags.append('-DXENCTRL_FACE=%#x' % (int(major) << 16 | int(minor)))
        return header.Header(path, ['gcc'], ['-m64'], self.scratch, parts=parts, flags=flags)

    def headers(self):
        """Upstream's; shapes of ours; prototypes of what converts."""
        if not self._kept:
            face, public = self._faces_header(), self.ours.headers()[0]
            self._kept = (upstreams_header(self.release, self.scratch), {**public.shapes, **face.shapes}, face)
        return self._kept

    def functions_take_and_give_the_same(self):
        upstreams, ours, _face = self.headers()
        for name, theirs in sorted(upstreams.shapes.items()):
            if name in CONVERTED or name in NAMED_TWICE or name not in self.built.symbols:
                continue
            if name not in ours:
                yield '%s is exported, but no header of ours declares it' % name
            else:
                yield from differing(name, theirs, ours[name])

    def conversions_are_of_xens_structs(self):
        upstreams, _ours, face = self.headers()
        for name, kind in sorted(CONVERTED.items()):
            if name not in upstreams.prototypes:
                continue
            theirs, own = upstreams.prototypes[name], face.prototypes.get(name, '(nothing)')
            if kind not in theirs:
                yield '%s is %s, not of %s' % (name, theirs, kind)
            if theirs.replace(kind, 'void *') != own:
                yield '%s is %s, upstream %s' % (name, own, theirs)

    def checks(self):
        own = [('functions take and give what that release\'s do',
                self.functions_take_and_give_the_same),
               ('what is converted is Xen\'s struct in that release',
                self.conversions_are_of_xens_structs)]
        return super().checks() + [('%s: %s' % (self.folder, what), check) for what, check in own]


# Where our header differs from that of upstream's newest release in Debian, and why.
OURS = {
    'xc_domain_create': 'its struct has room for what is to come',
    'xc_flask_context_to_sid': 'as it is since 4.21: without the size',
    'xc_get_cpufreq_para': 'its struct has the names of up to 4.17 and since 4.21',
}


# What upstream's header declares of libxenguest, what only its own macros use, and a
# struct that in C++ would hide the function of its name (its typedef is there).
NOT_OURS = {
    'struct xc_core_header', 'struct xc_msr', 'struct xc_xend_cpuid', 'typedef dumpcore_rtn_t',
    'typedef xc_core_header_t', 'XC_CORE_MAGIC', 'XC_CORE_MAGIC_HVM', 'XC_MSR_INPUT_UNUSED',
    'struct xc_resource_op', 'HYPERCALL_BUFFER_INIT_NO_BOUNCE', 'set_xen_guest_handle_impl',
}


class ControlHeader:
    """Our <xenctrl.h>, against which unmodified sources compile, and the newest in Debian."""

    release = '4.20'

    def __init__(self, source, build, scratch):
        self.library, self.scratch = Library('ctrl', source, build, ['gcc'], scratch), scratch
        self._kept = None

    def upstreams(self):
        self._kept = self._kept or upstreams_header(self.release, self.scratch)
        return self._kept

    def functions_are_upstreams(self):
        ours = self.library.headers()[0].shapes
        exported = read_names(os.path.join(HERE, 'data',
                                           'libxenctrl-%s-exports.txt' % self.release))
        for name, theirs in sorted(self.upstreams().shapes.items()):
            if name not in exported:
                continue
            if name not in ours:
                yield '%s is missing' % name
            elif name not in OURS and name not in ('xc_domctl', 'xc_sysctl'):
                yield from differing(name, theirs, ours[name])

    def exceptions_are_needed(self):
        ours = self.library.headers()[0].shapes
        for name in OURS:
            if ours.get(name) == self.upstreams().shapes.get(name):
                yield '%s does not differ' % name

    def names_are_upstreams(self):
        ours = self.library.headers()[0]
        for name in sorted(set(self.upstreams().types) - set(ours.types) - NOT_OURS):
            if name.removeprefix('struct ') not in ours.macros:
                yield '%s is missing' % name
        theirs = self.upstreams().macros | self.upstreams().function_macros
        for name in sorted(theirs - ours.macros - ours.function_macros - NOT_OURS):
            yield 'macro %s is missing' % name

    def values_are_upstreams(self):
        ours = self.library.headers()[0].constants
        for name, value in sorted(self.upstreams().constants.items()):
            if ours.get(name, value) != value:
                yield '%s is %s, upstream %s' % (name, ours[name], value)

    def checks(self):
        return [('<xenctrl.h>: ' + what, check) for what, check in (
            ('it declares upstream\'s functions', self.functions_are_upstreams),
            ('it differs where it says so', self.exceptions_are_needed),
            ('it has upstream\'s types and macros', self.names_are_upstreams),
            ('constants have upstream\'s values', self.values_are_upstreams))]


def main():
    source, build, _sanitize, *folders = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix='xenlibs-faces-') as scratch:
        checks = []
        if any(folder.startswith('ctrl') for folder in folders):
            checks += ControlHeader(source, build, scratch).checks()
        for folder in folders:
            kind = ControlFace if folder.startswith('ctrl') else Face
            checks += kind(folder, source, build, scratch).checks()
        return tap.run(checks)


if __name__ == '__main__':
    sys.exit(main())
