#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Builds Debian 12's QEMU, its sources unmodified, against what this tree installs.

usage: build_qemu.py SOURCE BUILD

BUILD/qemu gets stage/ (our installation), source/ (the package as dpkg-source unpacks it,
Debian's patches applied), and build/, where qemu-system-i386 is the device model of HVM
guests, configured as Debian configures it for Xen less what needs further libraries. A
second run builds only what has changed. Output is TAP.
"""
import functools
import glob
import hashlib
import os
import re
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True
SOURCE, BUILD = (os.path.abspath(path) for path in sys.argv[1:3])
sys.path.insert(0, os.path.join(SOURCE, 'tests', 'source-compat'))

import debian_source  # noqa: E402
from debian_source import tap  # noqa: E402

PLACE = os.path.join(BUILD, 'qemu')
STAGE = os.path.join(PLACE, 'stage')
TREE = os.path.join(PLACE, 'source')
MADE = os.path.join(PLACE, 'build')
QEMU = os.path.join(MADE, 'qemu-system-i386')

# After debian/rules, target configure-xen.
OPTIONS = [
    '--meson=meson', '--prefix=/usr', '--firmwarepath=/usr/share/qemu:/usr/share/seabios',
    '--target-list=i386-softmmu', '--without-default-features', '--disable-blobs',
    '--disable-docs', '--disable-tools', '--disable-tcg', '--disable-kvm', '--audio-drv-list=',
    '--disable-debug-info', '--enable-fdt=system', '--enable-vnc',
    '--enable-xen', '--enable-xen-pci-passthrough',
]
LIBRARIES = ['libxenctrl.so.1', 'libxenstore.so.4', 'libxenforeignmemory.so.1',
             'libxengnttab.so.1', 'libxenevtchn.so.1', 'libxendevicemodel.so.1',
             'libxentoolcore.so.1']


class Broken(Exception):
    """What the steps after it cannot do without."""


def run(command, **options):
    return subprocess.run(command, capture_output=True, text=True, errors='replace', **options)


def must(command, log=None, **options):
    """Runs a command; its output goes to LOG, and its end is told if it fails."""
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                            errors='replace', **options)
    if log:
        with open(os.path.join(PLACE, log), 'w', encoding='utf-8') as file:
            file.write(result.stdout)
    if result.returncode:
        raise Broken('%s ends with status %d:\n%s' % (' '.join(command), result.returncode,
                                                      result.stdout[-3000:]))
    return result.stdout


def sum_of(path):
    with open(path, 'rb') as file:
        return hashlib.sha256(file.read()).hexdigest()


def read(path):
    with open(path, encoding='utf-8') as file:
        return file.read()


def read_if_there(path):
    return read(path) if os.path.exists(path) else ''


def write(path, text):
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)


# ---- our installation

@functools.lru_cache(maxsize=None)
def staged():
    """The folder of the libraries in a fresh installation; its .pc files say where it lies."""
    shutil.rmtree(STAGE, ignore_errors=True)
    must(['meson', 'install', '-C', BUILD, '--no-rebuild', '--destdir', STAGE], 'install.log')
    descriptions = glob.glob(os.path.join(STAGE, '**', '*.pc'), recursive=True)
    for path in descriptions:
        write(path, re.sub('^prefix=', 'prefix=' + STAGE, read(path), flags=re.MULTILINE))
    return os.path.dirname(os.path.dirname(descriptions[0]))


# ---- Debian's sources

def source_sums():
    """One line for each file of the unpacked tree."""
    lines = []
    for folder, _, names in os.walk(TREE):
        for path in (os.path.join(folder, name) for name in names):
            content = 'link ' + os.readlink(path) if os.path.islink(path) else sum_of(path)
            lines.append('%s %s\n' % (content, os.path.relpath(path, TREE)))
    return ''.join(sorted(lines))


def package_is_debians():
    try:
        sums = debian_source.whole_package('qemu')
    except tap.Skip as reason: # without it, there is nothing to test
        raise Broken(str(reason)) from reason
    for name, signed in sums.items():
        if sum_of(os.path.join(debian_source.CACHE, name)) != signed:
            raise Broken('%s is not the file that Debian has signed' % name)
        print('# %s %s' % (signed, name))
    description = [name for name in sums if name.endswith('.dsc')][0]
    stamp, wanted = os.path.join(PLACE, 'source.dsc'), sums[description] + '\n'
    if read_if_there(stamp) != wanted:
        for folder in (TREE, MADE):
            shutil.rmtree(folder, ignore_errors=True)
        must(['dpkg-source', '--extract', os.path.join(debian_source.CACHE, description), TREE],
             'unpack.log')
        write(os.path.join(PLACE, 'source.sums'), source_sums())
        write(stamp, wanted)
    return []


def sources_are_unmodified():
    if source_sums() != read(os.path.join(PLACE, 'source.sums')):
        yield 'a file below %s is not as dpkg-source unpacked it' % TREE


# ---- the build

def takes_the_newest_interface():
    """QEMU chooses what it calls by the version in xencontrol.pc."""
    libraries = staged()
    options = OPTIONS + ['--extra-ldflags=-Wl,-rpath-link,' + libraries]
    stamp = os.path.join(PLACE, 'configured')
    if read_if_there(stamp) != '\n'.join(options) or not os.path.exists(MADE + '/build.ninja'):
        shutil.rmtree(MADE, ignore_errors=True)
        os.makedirs(MADE)
        must([os.path.join(TREE, 'configure')] + options, 'configure.log', cwd=MADE,
             env=dict(os.environ, PKG_CONFIG_PATH=os.path.join(libraries, 'pkgconfig')))
        write(stamp, '\n'.join(options))
    found = re.findall(r'CONFIG_XEN_CTRL_INTERFACE_VERSION (\d+)', read(MADE + '/config-host.h'))
    if found != ['42000']:
        yield 'QEMU takes libxenctrl for that of Xen %s' % found


def builds():
    must(['ninja', '-C', MADE, 'qemu-system-i386'], 'build.log')
    return []


def headers_are_ours():
    """But for xen/*.h, which are the hypervisor's."""
    recorded = run(['ninja', '-C', MADE, '-t', 'deps']).stdout
    used = set(re.findall(r'^    (\S*/_?(?:lib)?xen\w*\.h)$', recorded, re.MULTILINE))
    used = {os.path.normpath(os.path.join(MADE, path)) for path in used}
    used = {path for path in used
            if not path.startswith((TREE, MADE)) and '/include/xen/' not in path}
    yield from ('%s is included' % path for path in used if not path.startswith(STAGE + '/'))
    names = {os.path.basename(path) for path in used}
    wanted = {'xenctrl.h', 'xendevicemodel.h', 'xenforeignmemory.h'}
    yield from ('%s is not included' % name for name in sorted(wanted - names))


def links_to_ours():
    needed = set(re.findall(r'NEEDED.*\[(libxen.*)\]', run(['readelf', '-d', QEMU]).stdout))
    print('# it needs ' + ' '.join(sorted(needed)))
    if needed != set(LIBRARIES):
        yield 'it should need ' + ' '.join(sorted(LIBRARIES))


def loads_ours():
    shown = run(['ldd', QEMU], env=dict(os.environ, LD_LIBRARY_PATH=staged())).stdout
    found = re.findall(r'(libxen\S+) => (.*?)(?: \(|$)', shown, re.MULTILINE)
    yield from ('%s is %s' % pair for pair in found if not pair[1].startswith(staged()))
    names = {name for name, _ in found}
    if not names.issuperset(LIBRARIES):
        yield 'ldd does not name all of them: ' + shown
    yield from ('it loads ' + name for name in names if re.match(r'libxenctrl\.so\.4', name))


def serves_xen():
    environment = dict(os.environ, LD_LIBRARY_PATH=staged())
    for what, wanted in (('-machine', 'xenfv'), ('-machine', 'xenpv'), ('-accel', 'xen'),
                         ('-device', 'xen-pci-passthrough'), ('-device', 'xen-platform')):
        machine = ['-machine', 'none'] if what == '-device' else []
        if wanted not in run([QEMU] + machine + [what, 'help'], env=environment).stdout:
            yield '%s help does not know %s' % (what, wanted)


STEPS = [
    ("Debian's source package of QEMU has the sums in Debian's signed index", package_is_debians),
    ('configured with our xencontrol.pc, QEMU takes libxenctrl for that of Xen 4.20',
     takes_the_newest_interface),
    ('QEMU builds', builds),
    ("its sources are as Debian has them", sources_are_unmodified),
    ("each header of Xen's libraries that it includes is ours", headers_are_ours),
    ('it is linked to libxenctrl.so.1 and our other libraries', links_to_ours),
    ('ldd finds our libraries, and no libxenctrl of one release of Xen', loads_ours),
    ('it knows the machines and devices of Xen', serves_xen),
]


def main():
    os.makedirs(PLACE, exist_ok=True)
    broken = []

    def tried(step):
        def check():
            if broken:
                return ['not tried: ' + broken[0]]
            try:
                return list(step())
            except Broken as reason:
                broken.append(str(reason).splitlines()[0])
                return [str(reason)]
        return check

    return tap.run([(name, tried(step)) for name, step in STEPS])


if __name__ == '__main__':
    sys.exit(main())
