# SPDX-License-Identifier: LGPL-2.1-or-later
"""The initramfs archives."""

import io
import os
import stat

from support import TestCase, read_cpio
from xenlablib.cpio import CpioWriter


class Archive(TestCase):
    def setUp(self):
        super().setUp()
        self.out = io.BytesIO()
        self.cpio = CpioWriter(self.out)

    def entries(self):
        self.cpio.close()
        entries = read_cpio(self.out.getvalue())
        self.assertEqual(entries.pop()[0], "TRAILER!!!")
        return entries

    def test_file_has_its_content_and_mode_after_any_length(self):
        for length in range(6):
            self.cpio.file(f"f{length}", b"x" * length, 0o640)
        for length, (name, mode, content) in enumerate(self.entries()):
            self.assertEqual((name, mode, content),
                             (f"f{length}", stat.S_IFREG | 0o640, b"x" * length))

    def test_parents_are_made_once_and_before_their_files(self):
        self.cpio.file("/a/b/one", b"")
        self.cpio.file("a//b/./two", b"")
        self.assertEqual([name for name, _, _ in self.entries()],
                         ["a", "a/b", "a/b/one", "a/b/two"])

    def test_symlink_holds_its_target(self):
        self.cpio.symlink("bin", "usr/bin")
        self.assertEqual(self.entries(), [("bin", stat.S_IFLNK | 0o777, b"usr/bin")])

    def test_device_holds_its_numbers(self):
        self.cpio.device("dev/console", 0o600, 5, 1)
        self.cpio.close()
        raw = self.out.getvalue()
        at = raw.rindex(b"070701", 0, raw.index(b"dev/console\0"))
        self.assertEqual(raw[at + 6 + 72:at + 6 + 88], b"0000000500000001")
        self.assertEqual(read_cpio(raw)[1][1], stat.S_IFCHR | 0o600)

    def test_host_file_keeps_its_mode(self):
        path = self.write("tool", b"#!/bin/sh\n", 0o751)
        self.cpio.host_file("usr/bin/tool", path)
        self.assertEqual(self.entries()[-1], ("usr/bin/tool", stat.S_IFREG | 0o751,
                                              b"#!/bin/sh\n"))

    def test_host_tree_is_copied_with_links_as_links(self):
        self.write("tree/sub/file", b"content")
        os.symlink("sub/file", self.path("tree/link"))
        self.cpio.host_tree("root/tree", self.path("tree"))
        found = {name: (stat.S_IFMT(mode), content) for name, mode, content in self.entries()}
        self.assertEqual(found["root/tree/sub/file"], (stat.S_IFREG, b"content"))
        self.assertEqual(found["root/tree/link"], (stat.S_IFLNK, b"sub/file"))

    def test_name_is_known_however_it_is_spelt(self):
        self.cpio.file("etc/hosts", b"")
        self.assertIn("/etc/hosts", self.cpio)
        self.assertNotIn("etc/host", self.cpio)

    def test_concatenated_archives_are_one(self):
        self.cpio.file("one", b"1")
        self.cpio.close()
        self.assertEqual(self.out.tell() % 512, 0)
        second = CpioWriter(self.out)
        second.file("two", b"22")
        second.close()
        self.assertEqual([name for name, _, _ in read_cpio(self.out.getvalue())],
                         ["one", "TRAILER!!!", "two", "TRAILER!!!"])

    def test_name_outside_ascii_survives(self):
        self.cpio.file("größe", b"")
        self.assertEqual(self.entries()[0][0], "größe")
