# SPDX-License-Identifier: LGPL-2.1-or-later
"""The part of dom0's root that only HVM guests need: QEMU as their device model, and firmware."""

import json
import os

from . import elf
from .cpio import CpioWriter
from .errors import LabError
from .releases import LIBDIR, RELEASES

_DEVICE_MODEL = "usr/libexec/xen-qemu-system-i386"
_FIRMWARE = ("usr/share/seabios/bios-256k.bin", "usr/share/qemu/kvmvapic.bin",
             "usr/share/qemu/linuxboot.bin", "usr/share/qemu/linuxboot_dma.bin",
             "usr/share/qemu/keymaps/en-us")


def check_known(release):
    """Refuses a release that has no device model in Debian."""
    if not release.hvm_packages:
        known = " or ".join(other.version for other in RELEASES.values() if other.hvm_packages)
        raise LabError(f"no HVM guests on Xen {release.version}: Debian has no package of its "
                       f"own with their device model; use --xen {known}, or a pvh guest")


def write_root(release, tree, xen_directory, archive):
    """Writes the part's ARCHIVE from the packages unpacked in TREE.

    XEN_DIRECTORY is the release's entry: libraries that its root holds are not repeated.
    """
    with open(os.path.join(xen_directory, "contents.json"), encoding="utf-8") as file:
        present = set(json.load(file)["dom0"])
    packaged = os.path.join(xen_directory, "lib")
    libraries = {name: os.path.join(packaged, name) for name in os.listdir(packaged)}
    for folder in ("lib/x86_64-linux-gnu", LIBDIR):
        libraries.update(elf.libraries_in(os.path.join(tree, folder), depth=0))
    model = os.path.join(tree, _DEVICE_MODEL)
    with open(archive, "wb") as out:
        cpio = CpioWriter(out)
        for place in (_DEVICE_MODEL, release.hvmloader, *_FIRMWARE):
            cpio.host_file(place, os.path.join(tree, place))
        for soname, path in elf.closure([model], elf.LibraryPath([libraries])).items():
            if soname not in present:
                cpio.host_file(f"{LIBDIR}/{soname}", path)
        cpio.close()
