# SPDX-License-Identifier: LGPL-2.1-or-later
"""Kernels, hypervisor images and modules."""

import gzip
import lzma
import os
import struct
import zlib

from support import TestCase
from xenlablib import kernel
from xenlablib.errors import LabError

VMLINUX = b"\x7fELF" + bytes(range(256)) * 300


def bzimage(payload, sectors=4):
    """A Linux x86 boot image around PAYLOAD, which lies 640 bytes into the protected part."""
    head = bytearray((sectors + 1) * 512)
    head[0x1F1] = sectors
    head[0x202:0x206] = b"HdrS"
    struct.pack_into("<II", head, 0x248, 640, len(payload))
    return bytes(head) + bytes(640) + payload + b"trailing code"


class BzImage(TestCase):
    def test_xz_payload_is_unpacked(self):
        size = struct.pack("<I", len(VMLINUX))
        self.assertEqual(kernel.unpack_bzimage(bzimage(lzma.compress(VMLINUX) + size)), VMLINUX)

    def test_gzip_payload_is_unpacked(self):
        size = struct.pack("<I", len(VMLINUX))
        self.assertEqual(kernel.unpack_bzimage(bzimage(gzip.compress(VMLINUX) + size, 39)),
                         VMLINUX)

    def test_payload_that_is_not_packed_is_taken(self):
        self.assertEqual(kernel.unpack_bzimage(bzimage(VMLINUX)), VMLINUX)

    def test_compression_python_does_not_know_leaves_the_image_as_it_is(self):
        for magic in (b"\x02\x21\x4c\x18", b"\x28\xb5\x2f\xfd"):
            self.assertIsNone(kernel.unpack_bzimage(bzimage(magic + bytes(100))))

    def test_old_image_of_zero_sectors_has_four(self):
        image = bytearray(bzimage(VMLINUX, 4))
        image[0x1F1] = 0
        self.assertEqual(kernel.unpack_bzimage(bytes(image)), VMLINUX)

    def test_other_file_is_refused(self):
        with self.assertRaisesRegex(LabError, "not a Linux bzImage"):
            kernel.unpack_bzimage(VMLINUX)

    def test_payload_that_is_no_kernel_is_refused(self):
        with self.assertRaisesRegex(LabError, "does not hold an ELF kernel"):
            kernel.unpack_bzimage(bzimage(zlib.compress(b"text", wbits=31)))


class Hypervisor(TestCase):
    def test_plain_and_gzipped_images_are_read(self):
        for content in (VMLINUX, gzip.compress(VMLINUX)):
            self.assertEqual(kernel.read_hypervisor(self.write("xen", content)), VMLINUX)

    def test_broken_gzip_is_refused(self):
        packed = gzip.compress(VMLINUX)
        for content in (packed[:-20], packed[:15] + b"\xff" * 40 + packed[55:]):
            with self.assertRaisesRegex(LabError, "broken gzip"):
                kernel.read_hypervisor(self.write("xen.gz", content))

    def test_other_file_is_refused(self):
        with self.assertRaisesRegex(LabError, "not a hypervisor image"):
            kernel.read_hypervisor(self.write("text", "hello"))


class Modules(TestCase):
    def setUp(self):
        super().setUp()
        self.tree = self.path("modules")
        self.module("drivers/xen-top.ko", "middle_one,built_in")
        self.module("lib/middle-one.ko", "ground")
        self.module("lib/ground.ko", "")
        self.write("modules/modules.builtin", "kernel/lib/built-in.ko\n")

    def module(self, name, depends):
        self.write(f"modules/{name}", b"\x7fELF\0license=GPL\0depends=" + depends.encode() + b"\0")

    def names(self, *wanted):
        return [os.path.basename(path) for path in kernel.module_load_order(self.tree, wanted)]

    def test_dependencies_come_first(self):
        self.assertEqual(self.names("xen-top"), ["ground.ko", "middle-one.ko", "xen-top.ko"])

    def test_module_is_loaded_once(self):
        self.assertEqual(self.names("middle_one", "xen_top", "ground"),
                         ["ground.ko", "middle-one.ko", "xen-top.ko"])

    def test_built_in_module_needs_no_file(self):
        self.assertEqual(self.names("built-in"), [])

    def test_missing_module_is_named(self):
        with self.assertRaisesRegex(LabError, "no module xen-none"):
            self.names("xen-none")
