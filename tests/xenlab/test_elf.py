# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is read from ELF files, and the libraries a program needs."""

import os

from support import TestCase, build
from xenlablib import elf
from xenlablib.errors import LabError

MAIN = "void _start(void) { for (;;); }"


class Elf(TestCase):
    def library(self, soname, *options, place="lib"):
        source = f"int in_{soname.replace('.', '_')};"
        return build(self.directory, f"{place}/{soname}", source, "-shared", "-fPIC",
                     f"-Wl,-soname,{soname}", "-Wl,--no-as-needed", *options)

    def chain(self):
        """A program that needs liba, which needs libb."""
        b = self.library("libb.so.2")
        a = self.library("liba.so.1", b)
        program = build(self.directory, "program", MAIN, "-Wl,--no-as-needed",
                        "-Wl,--allow-shlib-undefined", f"-Wl,-rpath-link,{self.path('lib')}", a)
        return program, a, b

    def test_program_names_its_interpreter_and_libraries(self):
        info = elf.read_elf(self.chain()[0])
        self.assertEqual((info.bits, info.machine, info.soname), (64, 62, None))
        self.assertEqual(info.needed, ("liba.so.1",))
        self.assertEqual(info.interpreter, "/lib64/ld-linux-x86-64.so.2")

    def test_library_names_its_soname(self):
        self.assertEqual(elf.read_elf(self.library("libz.so.9")).soname, "libz.so.9")

    def test_static_program_needs_nothing(self):
        path = build(self.directory, "static", MAIN, "-static")
        self.assertEqual((elf.read_elf(path).needed, elf.read_elf(path).interpreter), ((), None))

    def test_other_files_are_not_elf(self):
        image = open(self.library("libx.so"), "rb").read()
        for name, content in (("empty", b""), ("script", b"#!/bin/sh\n"), ("short", image[:40]),
                              ("big_endian", image[:5] + b"\2" + image[6:]),
                              ("object", image[:16] + b"\1" + image[17:])):
            with self.subTest(name):
                self.assertIsNone(elf.read_elf(self.write(name, content)))

    def test_damaged_file_is_no_crash(self):
        image = open(self.chain()[0], "rb").read()
        for length in range(0, len(image), 97):
            elf.read_elf(self.write("cut", image[:length]))
        for at in range(0, min(len(image), 1024), 3):
            elf.read_elf(self.write("bent", image[:at] + b"\xff" + image[at + 1:]))

    def test_closure_follows_libraries_of_libraries(self):
        program, a, b = self.chain()
        found = elf.closure([program], elf.LibraryPath([], [self.path("lib")]))
        self.assertEqual(found, {"liba.so.1": a, "libb.so.2": b})

    def test_closure_takes_the_first_map_that_has_the_library(self):
        program, a, b = self.chain()
        other = self.library("libb.so.2", place="other")
        path = elf.LibraryPath([{"libb.so.2": other}, {"liba.so.1": a, "libb.so.2": b}])
        self.assertEqual(elf.closure([program], path)["libb.so.2"], other)

    def test_closure_ends_in_a_circle(self):
        first = self.library("liba.so.1")
        second = self.library("libb.so.2", first)
        self.library("liba.so.1", second)
        found = elf.closure([first], elf.LibraryPath([], [self.path("lib")]))
        self.assertEqual(set(found), {"liba.so.1", "libb.so.2"})

    def test_library_that_is_nowhere_is_named_with_who_needs_it(self):
        program, _, b = self.chain()
        os.unlink(b)
        with self.assertRaises(LabError) as caught:
            elf.closure([program], elf.LibraryPath([], [self.path("lib")]))
        self.assertIn("liba.so.1 needs libb.so.2", str(caught.exception))

    def test_library_of_another_machine_does_not_fit(self):
        program, a, b = self.chain()
        image = bytearray(open(b, "rb").read())
        image[18] = 183  # EM_AARCH64
        wrong = self.write("wrong/libb.so.2", bytes(image))
        path = elf.LibraryPath([{"libb.so.2": wrong}, {"liba.so.1": a, "libb.so.2": b}])
        self.assertEqual(elf.closure([program], path)["libb.so.2"], b)

    def test_libraries_in_a_build_tree_are_found_by_soname(self):
        path = self.library("libq.so.1", place="build/lib/q")
        os.rename(path, path + ".0")
        self.write("build/lib/q/libtext.so", "INPUT(libq.so)")
        self.assertEqual(elf.libraries_in(self.path("build")), {"libq.so.1": path + ".0"})

    def test_libraries_far_below_are_not_searched(self):
        self.library("libq.so.1", place="build/a/b/c")
        self.assertEqual(elf.libraries_in(self.path("build")), {})
