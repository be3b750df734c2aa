#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Gathers what an HVM guest of a PC's devices boots from, all of it Debian's.

usage: guest_files.py OUT

OUT gets guest-kernel and guest-initramfs, with drivers for QEMU's IDE disk and network
card; tun.ko, by which dom0 is that card's other end; and firmware/, what QEMU and Xen load.
It is the kernel of xenlab's guests.
"""
import glob
import gzip
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', '..', 'tools', 'xenlab'))

from xenlablib import apt, kernel  # noqa: E402
from xenlablib.cache import Cache, default_directory  # noqa: E402
from xenlablib.cpio import CpioWriter  # noqa: E402
from xenlablib.errors import LabError  # noqa: E402
from xenlablib.images import Images  # noqa: E402
from xenlablib.progress import Progress  # noqa: E402
from xenlablib.releases import KERNEL_SUITE  # noqa: E402

TOOLS = '4.17'
GUEST_MODULES = ('ata_piix', 'sd_mod', 'vmxnet3', 'xen-blkfront')
DOM0_MODULES = ('tun',)
FIRMWARE = ('usr/share/*', 'usr/lib/xen-%s/boot/*' % TOOLS)


def release_of(kernel_file):
    """The release of an unpacked kernel, whose modules it takes: 6.1.0-1-amd64."""
    with open(kernel_file, 'rb') as file:
        return re.search(rb'Linux version (\S+) ', file.read()).group(1).decode()


def modules_for(out, kernel_file, wanted, apt_state):
    """Files of modules of that kernel in the order to load them; its package is fetched once."""
    release = release_of(kernel_file)
    kept = os.path.join(out, '%s-%s' % (release, '-'.join(wanted)))
    if not os.path.isdir(kept):
        with tempfile.TemporaryDirectory(dir=out) as work:
            tree, fresh = os.path.join(work, 'tree'), os.path.join(work, 'fresh')
            apt.fetch_and_unpack(apt.Suite(KERNEL_SUITE, apt_state), ['linux-image-' + release],
                                 tree)
            os.mkdir(fresh)
            modules = os.path.join(tree, 'lib', 'modules', release)
            for number, path in enumerate(kernel.module_load_order(modules, wanted)):
                shutil.copy(path, os.path.join(fresh, '%02d-%s' % (number, os.path.basename(path))))
            os.rename(fresh, kept)
    return sorted(glob.glob(os.path.join(kept, '*.ko')))


def unpacked(cpio, patterns, into):
    os.makedirs(into, exist_ok=True)
    with open(cpio, 'rb') as archive:
        subprocess.run(['cpio', '-idu', '--quiet', '--no-absolute-filenames', *patterns],
                       cwd=into, stdin=archive, check=True)


def initramfs(busybox, modules):
    out = io.BytesIO()
    root = CpioWriter(out)
    for folder in ('dev', 'proc', 'sys', 'tmp', 'usr/sbin', 'usr/lib'):
        root.directory(folder)
    for link in ('bin', 'sbin', 'lib'):
        root.symlink(link, 'usr/' + link)
    root.device('dev/console', 0o600, 5, 1)
    root.host_file('usr/bin/busybox', busybox)
    root.symlink('usr/bin/sh', 'busybox')
    places = ['usr/lib/' + os.path.basename(path) for path in modules]
    for place, path in zip(places, modules):
        root.host_file(place, path)
    root.file('etc/modules', ''.join('/%s\n' % place for place in places).encode())
    root.host_file('init', os.path.join(HERE, 'guest-init'))
    root.close()
    # QEMU hands the guest its files in small pieces: the smaller the sooner.
    return gzip.compress(out.getvalue(), mtime=0)


def gather(out):
    cache = Cache(default_directory())
    images = Images(cache, Progress())
    kernels, xen, hvm = images.kernels(), images.xen(TOOLS), images.hvm(TOOLS)
    drivers = modules_for(out, os.path.join(kernels, 'guest-kernel'), GUEST_MODULES,
                          cache.apt_state)
    taps = modules_for(out, os.path.join(kernels, 'dom0-kernel'), DOM0_MODULES, cache.apt_state)
    unpacked(os.path.join(hvm, 'dom0-hvm.cpio'), FIRMWARE, os.path.join(out, 'firmware'))
    unpacked(os.path.join(xen, 'guest.cpio'), ['usr/bin/busybox'], out)
    with open(os.path.join(out, 'guest-initramfs'), 'wb') as file:
        file.write(initramfs(os.path.join(out, 'usr/bin/busybox'), drivers))
    shutil.copy(os.path.join(kernels, 'guest-bzimage'), os.path.join(out, 'guest-kernel'))
    shutil.copy(taps[-1], os.path.join(out, 'tun.ko'))


def main():
    out = os.path.abspath(sys.argv[1])
    os.makedirs(out, exist_ok=True)
    try:
        gather(out)
    except LabError as error:
        sys.exit('guest_files: %s' % error)


if __name__ == '__main__':
    main()
