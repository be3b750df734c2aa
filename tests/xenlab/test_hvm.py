# SPDX-License-Identifier: LGPL-2.1-or-later
"""What dom0 gets for HVM guests."""

import json
import os

from support import TestCase, build, read_cpio
from xenlablib import hvm
from xenlablib.errors import LabError
from xenlablib.releases import RELEASES

MAIN = "void _start(void) { for (;;); }"
LIBDIR = "usr/lib/x86_64-linux-gnu"


class Root(TestCase):
    def setUp(self):
        super().setUp()
        needed = [self.library("tree/" + LIBDIR, "libnew.so.1"),
                  self.library("xen/lib", "libxenq.so.1"), self.library("xen/lib", "libbase.so.1")]
        build(self.directory, "tree/usr/libexec/xen-qemu-system-i386", MAIN,
              "-Wl,--no-as-needed", *needed)
        for place in ("usr/share/seabios/bios-256k.bin", "usr/share/qemu/kvmvapic.bin",
                      "usr/share/qemu/linuxboot.bin", "usr/share/qemu/linuxboot_dma.bin",
                      "usr/share/qemu/keymaps/en-us", "usr/lib/xen-4.17/boot/hvmloader"):
            self.write("tree/" + place, place)
        self.write("xen/contents.json", json.dumps({"dom0": ["libxenq.so.1"]}))

    def library(self, place, soname):
        return build(self.directory, f"{place}/{soname}", f"int in_{soname[:5]};", "-shared",
                     "-fPIC", f"-Wl,-soname,{soname}")

    def root(self):
        archive = self.path("hvm.cpio")
        hvm.write_root(RELEASES["4.17"], self.path("tree"), self.path("xen"), archive)
        with open(archive, "rb") as file:
            return {name: (mode, content) for name, mode, content in read_cpio(file.read())}

    def test_device_model_and_firmware_are_where_xl_and_qemu_look(self):
        root = self.root()
        self.assertEqual(root["usr/libexec/xen-qemu-system-i386"][0] & 0o111, 0o111)
        for place in ("usr/lib/xen-4.17/boot/hvmloader", "usr/share/seabios/bios-256k.bin"):
            self.assertEqual(root[place][1], place.encode())

    def test_libraries_that_dom0_has_are_not_repeated(self):
        libraries = {os.path.basename(name) for name in self.root() if ".so" in name}
        self.assertEqual(libraries, {"libnew.so.1", "libbase.so.1"})


class Releases(TestCase):
    def test_release_without_device_model_is_refused(self):
        with self.assertRaisesRegex(LabError, "no HVM guests on Xen 4.14"):
            hvm.check_known(RELEASES["4.14"])
        hvm.check_known(RELEASES["4.17"])
        hvm.check_known(RELEASES["4.20"])
