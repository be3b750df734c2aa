# SPDX-License-Identifier: LGPL-2.1-or-later
"""What one run lays over the cached roots."""

import gzip
import json
import os
import stat

from support import TestCase, build, read_cpio
from xenlablib.errors import LabError
from xenlablib.guests import Guest
from xenlablib.overlay import Overlay, Put, guest_files

LIBDIR = "usr/lib/x86_64-linux-gnu"
MAIN = "void _start(void) { for (;;); }"


class Layers(TestCase):
    def setUp(self):
        super().setUp()
        self.xen = self.path("xen")
        os.makedirs(os.path.join(self.xen, "lib"))
        self.upstream = self.library("xen/lib", "libxenq.so.1")
        self.write("xen/contents.json", json.dumps(
            {"dom0": ["libxenq.so.1"], "guest": [], "upstream": ["libxenq.so.1"]}))

    def library(self, place, soname):
        return build(self.directory, f"{place}/{soname}", f"int in_{place[:3]};", "-shared",
                     "-fPIC", f"-Wl,-soname,{soname}")

    def program(self, library):
        return build(self.directory, "program", MAIN, "-Wl,--no-as-needed", library)

    def overlay(self, *puts, lib=None):
        return Overlay("4.17", self.xen, list(puts), lib)

    def dom0(self, overlay, command=("true",), gets=(), guests=(), files=None):
        return {name: (mode, content) for name, mode, content in
                read_cpio(overlay.dom0_archive(list(command), gets, guests, files or {}))}

    def read(self, path):
        with open(path, "rb") as file:
            return file.read()

    def test_library_of_lib_replaces_upstreams_by_soname(self):
        built = self.library("build/lib", "libxenq.so.1")
        os.rename(built, built + ".0.0")
        found = self.dom0(self.overlay(lib=self.path("build")))
        self.assertEqual(found[f"{LIBDIR}/libxenq.so.1"][1], self.read(built + ".0.0"))

    def test_lib_without_libraries_is_refused(self):
        os.mkdir(self.path("empty"))
        with self.assertRaisesRegex(LabError, "--lib .*empty: no shared library"):
            self.overlay(lib=self.path("empty"))

    def test_file_for_dom0_alone_is_kept_from_the_guests(self):
        path = self.write("large", b"x")
        layer = self.overlay(Put(path, "/root/large", False))
        self.assertIn("root/large", self.dom0(layer))
        self.assertNotIn("root/large",
                         [name for name, _, _ in read_cpio(layer.guest_archive())])

    def test_program_is_put_with_its_mode(self):
        path = self.write("tool", "#!/bin/sh\n", 0o755)
        found = self.dom0(self.overlay(Put(path, "/root/tool", True)))
        self.assertEqual(found["root/tool"], (stat.S_IFREG | 0o755, b"#!/bin/sh\n"))

    def test_library_in_the_root_already_is_not_added_again(self):
        layer = self.overlay(Put(self.program(self.upstream), "/root/program", True))
        self.assertNotIn(f"{LIBDIR}/libxenq.so.1", self.dom0(layer))

    def test_library_that_only_the_guest_lacks_goes_there(self):
        layer = self.overlay(Put(self.program(self.upstream), "/root/program", True))
        names = [name for name, _, _ in read_cpio(layer.guest_archive())]
        self.assertIn(f"{LIBDIR}/libxenq.so.1", names)

    def test_program_in_a_directory_brings_its_libraries_too(self):
        os.makedirs(self.path("suite/deep"))
        os.rename(self.program(self.upstream), self.path("suite/deep/program"))
        layer = self.overlay(Put(self.path("suite"), "/suite", True))
        names = [name for name, _, _ in read_cpio(layer.guest_archive())]
        self.assertIn(f"{LIBDIR}/libxenq.so.1", names)
        self.assertIn("suite/deep/program", names)

    def test_library_that_is_nowhere_is_an_error_before_the_boot(self):
        stranger = self.library("strange", "libstranger.so.1")
        with self.assertRaisesRegex(LabError, "needs libstranger.so.1"):
            self.overlay(Put(self.program(stranger), "/root/program", True))

    def test_command_is_quoted_for_the_shell(self):
        found = self.dom0(self.overlay(), command=["echo", "it's", "a b", "$HOME"])
        self.assertEqual(found["etc/xenlab/command"][1], b"exec echo 'it'\"'\"'s' 'a b' '$HOME'\n")

    def test_plan_lists_the_guests_in_order(self):
        guests = [Guest("pvh", 160, 1), Guest("pv", 160, 1)]
        found = self.dom0(self.overlay(), guests=guests)
        self.assertEqual(found["etc/xenlab/plan"][1], b"g1 pvh\ng2 pv\n")
        self.assertIn(b'name = "g2"', found["etc/xenlab/g2.cfg"][1])

    def test_both_inits_can_be_run(self):
        layer = self.overlay()
        guest = {name: mode for name, mode, _ in read_cpio(layer.guest_archive())}
        self.assertEqual(self.dom0(layer)["init"][0], stat.S_IFREG | 0o755)
        self.assertEqual(guest["init"], stat.S_IFREG | 0o755)


class GuestFiles(TestCase):
    def test_kernel_is_there_once_and_only_for_the_types_in_use(self):
        self.write("kernels/guest-kernel", "elf")
        self.write("kernels/guest-bzimage", "bz")
        kernels = self.path("kernels")
        self.assertEqual(guest_files([], kernels, b"root"), {})
        self.assertEqual(guest_files([Guest("pv", 1, 1), Guest("pvh", 1, 1)], kernels, b"root"),
                         {"boot/guest-kernel": b"elf", "boot/guest-initramfs": b"root"})
        self.assertEqual(guest_files([Guest("hvm", 1, 1)], kernels, b"root"),
                         {"boot/guest-bzimage": b"bz",
                          "boot/guest-initramfs.gz": gzip.compress(b"root", mtime=0)})
