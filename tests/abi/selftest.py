#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Proves that the ABI checks can fail: small libraries, each broken in one way."""
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))

from library import Library  # noqa: E402
import tap  # noqa: E402

HEADER = '''
#ifndef XENFIXTURE_H
#define XENFIXTURE_H
#define XENFIXTURE_FLAG 4u
enum xenfixture_kind { XENFIXTURE_SMALL, XENFIXTURE_LARGE };
struct xenfixture_info { unsigned count; unsigned long size; };
typedef struct xenfixture_handle xenfixture_handle;
int xenfixture_read(xenfixture_handle *h, unsigned port);
int xenfixture_write(xenfixture_handle *h, struct xenfixture_info *info);
int xenfixture_late(enum xenfixture_kind kind);
#endif
'''
SOURCE = '''
#include "xenfixture.h"
int xenfixture_read(xenfixture_handle *h, unsigned port) { return h ? (int)port : 0; }
int xenfixture_write(xenfixture_handle *h, struct xenfixture_info *info) { return h && info; }
int xenfixture_late(enum xenfixture_kind kind) { return (int)kind; }
'''
MAP = '''
VERS_1.0 { global: xenfixture_read; xenfixture_write; local: *; };
VERS_1.1 { global: xenfixture_late; } VERS_1.0;
'''
PKGCONFIG = '''
Name: Xenfixture
Version: 1.1
Libs: -L/usr/lib -lxenfixture
Requires.private: xentoollog, xentoolcore
'''

# What is wrong: the file, what stands there, what takes its place, and the checks
# that must notice.
DEFECTS = [
    ('a symbol that the map forgets', 'map', 'xenfixture_write;', '',
     ['map_agrees_with_headers', 'symbols_are_upstreams']),
    ('a symbol in a newer node than upstream\'s', 'map',
     'xenfixture_write; local: *; };\nVERS_1.1 { global:',
     'local: *; };\nVERS_1.1 { global: xenfixture_write;', ['symbols_are_upstreams']),
    ('an addition in upstream\'s node', 'source+map', 'xenfixture_read',
     'xenfixture_extra', ['symbols_are_upstreams', 'map_agrees_with_headers']),
    ('a map that hides nothing', 'map', 'local: *;', '', ['map_agrees_with_library']),
    ('a map that names what no object defines', 'map', 'xenfixture_late;',
     'xenfixture_late; xenfixture_ghost;', ['map_agrees_with_library']),
    ('a node that does not inherit', 'map', '} VERS_1.0;', '};',
     ['nodes_inherit_as_upstreams']),
    ('a declaration that the header forgets', 'header',
     'int xenfixture_late(enum xenfixture_kind kind);', '',
     ['map_agrees_with_headers', 'header_agrees_with_upstreams']),
    ('a declaration without a symbol', 'header', '#endif',
     'int xenfixture_ghost(void);\n#endif',
     ['map_agrees_with_headers', 'header_agrees_with_upstreams']),
    ('an argument of another type', 'header', 'h, unsigned port', 'h, unsigned long port',
     ['header_agrees_with_upstreams']),
    ('a result of another type', 'header', 'int xenfixture_late(', 'long xenfixture_late(',
     ['header_agrees_with_upstreams']),
    ('a handle of another type', 'header', 'typedef struct xenfixture_handle',
     'typedef struct xenfixture', ['header_agrees_with_upstreams']),
    ('a member moved', 'header', 'unsigned count; unsigned long size;',
     'unsigned long size; unsigned count;', ['header_agrees_with_upstreams']),
    ('a struct grown', 'header', 'unsigned long size;', 'unsigned long size; int more;',
     ['header_agrees_with_upstreams']),
    ('an enumeration renumbered', 'header', 'XENFIXTURE_SMALL,', 'XENFIXTURE_SMALL = 1,',
     ['header_agrees_with_upstreams']),
    ('a flag of another value', 'header', 'FLAG 4u', 'FLAG 8u',
     ['header_agrees_with_upstreams']),
    ('a flag that is gone', 'header', '#define XENFIXTURE_FLAG 4u', '',
     ['header_agrees_with_upstreams']),
    ('another SONAME', 'soname', None, None, ['soname_and_needed_are_upstreams']),
    ('another version in the pkg-config file', 'pkgconfig', '1.1', '1.2',
     ['pkgconfig_is_upstreams']),
    ('a requirement missing from the pkg-config file', 'pkgconfig', ', xentoolcore', '',
     ['pkgconfig_is_upstreams']),
    ('an archive with a name of everybody\'s', 'source', '#include',
     'int helper(void);\nint helper(void) { return 1; }\n#include',
     ['archive_keeps_to_its_names']),
]

# A library that upstream does not have is held against itself.
OURS = {'version_map': MAP.replace('VERS_1.0', 'XENLIBS_1.0').replace('VERS_1.1', 'XENLIBS_1.1'),
        'pkgconfig': PKGCONFIG.replace('xentoollog, xentoolcore', '')}
OUR_DEFECTS = [
    ('a node of upstream\'s', {'version_map': OURS['version_map'].replace('XENLIBS_1.0', 'VERS_1.0')}),
    ('a SONAME of another version', {'soname': 'libxenfixture.so.2'}),
    ('another library\'s pkg-config file',
     {'pkgconfig': OURS['pkgconfig'].replace('-lxenfixture', '-lxenother')}),
    ('a requirement that is none', {'pkgconfig': PKGCONFIG}),
]


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w', encoding='utf-8') as out:
        out.write(text)


def build(directory, header=HEADER, source=SOURCE, version_map=MAP, pkgconfig=PKGCONFIG,
          soname='libxenfixture.so.1'):
    """Makes a source and a build tree with one library in it."""
    lib = os.path.join(directory, 'lib')
    write(os.path.join(directory, 'include', 'xenfixture.h'), header)
    write(os.path.join(lib, 'fixture', 'fixture.map'), version_map)
    write(os.path.join(lib, 'pkgconfig', 'xenfixture.pc'), pkgconfig)
    write(os.path.join(directory, 'meson-private', 'xenfixture.pc'), pkgconfig)
    write(os.path.join(directory, 'own', 'xenfixture.h'), HEADER)
    write(os.path.join(directory, 'fixture.c'), source)
    own = os.path.join(directory, 'own')
    target = os.path.join(lib, 'libxenfixture.so.1')
    # The object is always compiled with the sound header: a header can lie.
    for command in (
            ['gcc', '-fPIC', '-I', own, '-c', '-o', directory + '/fixture.o',
             directory + '/fixture.c'],
            ['gcc', '-shared', '-o', target, directory + '/fixture.o', '-Wl,-soname=' + soname,
             '-Wl,--version-script=' + os.path.join(lib, 'fixture', 'fixture.map')],
            ['ar', 'rcs', os.path.join(lib, 'libxenfixture.a'), directory + '/fixture.o']):
        subprocess.run(command, check=True, capture_output=True, text=True)
    os.symlink('libxenfixture.so.1', os.path.join(lib, 'libxenfixture.so'))
    if soname != 'libxenfixture.so.1':
        os.symlink('libxenfixture.so.1', os.path.join(lib, soname))


def broken(defect):
    """The arguments of build() for a defect."""
    _what, part, old, new, _checks = defect
    if part == 'soname':
        return {'soname': 'libxenfixture.so.2'}
    texts = {'header': HEADER, 'source': SOURCE, 'map': MAP, 'pkgconfig': PKGCONFIG}
    if part == 'source+map':
        return {'source': SOURCE + 'int %s(void) { return 2; }\n' % new,
                'version_map': MAP.replace(old + ';', '%s; %s;' % (old, new))}
    changed = texts[part].replace(old, new)
    if changed == texts[part]:
        raise ValueError('the defect "%s" changes nothing' % _what)
    return {'version_map' if part == 'map' else part: changed}


def open_library(directory, upstream):
    scratch = os.path.join(directory, 'scratch')
    os.makedirs(scratch, exist_ok=True)
    return Library('fixture', directory, directory, ['gcc'], scratch,
                   upstream_headers=os.path.join(upstream, 'include'),
                   upstream_libdir=os.path.join(upstream, 'lib'))


def complaints(library, check):
    if check == 'header_agrees_with_upstreams':
        return list(library.header_agrees_with_upstreams('-m64'))
    return list(getattr(library, check)())


def sound_library_passes(upstream, root):
    directory = os.path.join(root, 'sound')
    build(directory)
    library = open_library(directory, upstream)
    checks = {check for defect in DEFECTS for check in defect[4]}
    checks |= {'upstreams_program_runs_on_ours', 'our_program_runs_on_upstreams'}
    for check in sorted(checks):
        for complaint in complaints(library, check):
            yield '%s: %s' % (check, complaint)


def our_additions_pass(upstream, root):
    directory = os.path.join(root, 'addition')
    build(directory, header=HEADER.replace('#endif', 'int xenfixture_more(void);\n#endif'),
          source=SOURCE + 'int xenfixture_more(void) { return 2; }\n',
          version_map=MAP + 'XENLIBS_1.0 { global: xenfixture_more; } VERS_1.1;\n')
    library = open_library(directory, upstream)
    for check in ('symbols_are_upstreams', 'map_agrees_with_headers',
                  'nodes_inherit_as_upstreams', 'header_agrees_with_upstreams'):
        yield from complaints(library, check)


def our_library_passes(root):
    directory = os.path.join(root, 'ours')
    build(directory, **OURS)
    yield from open_library(directory, directory).is_whole_by_itself()


def our_defect_is_found(changes, number, root):
    directory = os.path.join(root, 'our-defect%d' % number)
    build(directory, **{**OURS, **changes})
    if not list(open_library(directory, directory).is_whole_by_itself()):
        yield 'is_whole_by_itself does not notice'


def defect_is_found(defect, number, upstream, root):
    directory = os.path.join(root, 'defect%d' % number)
    build(directory, **broken(defect))
    library = open_library(directory, upstream)
    for check in defect[4]:
        if not complaints(library, check):
            yield '%s does not notice' % check


def main():
    with tempfile.TemporaryDirectory(prefix='xenlibs-abi-') as root:
        upstream = os.path.join(root, 'upstream')
        build(upstream)
        checks = [('a sound library passes', lambda: sound_library_passes(upstream, root)),
                  ('additions in a node of ours pass', lambda: our_additions_pass(upstream, root))]
        checks += [('%s is found' % defect[0],
                    lambda d=defect, n=number: defect_is_found(d, n, upstream, root))
                   for number, defect in enumerate(DEFECTS)]
        checks += [('a sound library of ours alone passes', lambda: our_library_passes(root))]
        checks += [('there, %s is found' % what,
                    lambda c=changes, n=number: our_defect_is_found(c, n, root))
                   for number, (what, changes) in enumerate(OUR_DEFECTS)]
        return tap.run(checks)


if __name__ == '__main__':
    sys.exit(main())
