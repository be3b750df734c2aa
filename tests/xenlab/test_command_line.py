# SPDX-License-Identifier: LGPL-2.1-or-later
"""The command line, and every error that is found before anything boots."""

import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
import unittest.mock

from support import PACKAGE, PROGRAM, TOP, TestCase
from xenlablib import cli


class Usage(TestCase):
    def test_help_names_every_option_of_the_manual(self):
        helps = ""
        for verb in ("run", "fetch"):
            status, out, err = self.xenlab(verb, "--help")
            self.assertEqual((status, err), (0, ""))
            helps += out
        with open(os.path.join(TOP, "man", "xenlab.1"), encoding="utf-8") as page:
            documented = set(re.findall(r"\.It Fl -([a-z-]+)|, Fl -([a-z-]+)", page.read()))
        documented = {f"--{first or second}" for first, second in documented}
        self.assertEqual(set(re.findall(r"--[a-z-]+", helps)) - {"--help"}, documented)

    def test_version_is_that_of_the_project(self):
        with open(os.path.join(TOP, "meson.build"), encoding="utf-8") as file:
            version = re.search(r"version: '(.*?)'", file.read()).group(1)
        self.assertEqual(self.xenlab("--version"), (0, f"xenlab {version}\n", ""))

    def test_program_runs_from_the_source_tree_through_a_link(self):
        link = self.path("linked")
        os.symlink(PROGRAM, link)
        done = subprocess.run([sys.executable, link, "--version"], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_installed_program_finds_its_modules_and_version_from_its_own_place(self):
        for name in ("xenlablib", "root"):
            shutil.copytree(os.path.join(PACKAGE, name), self.path(f"usr/data/x/{name}"))
        self.write("usr/data/x/version", "# a comment\n7.8.9\n")
        with open(PROGRAM, encoding="utf-8") as file:
            program = file.read().replace("@package_directory@", "../data/x")
        installed = self.write("usr/bin/xenlab", program)
        done = subprocess.run([sys.executable, installed, "--version"], capture_output=True,
                              text=True)
        self.assertEqual((done.stdout, done.stderr), ("xenlab 7.8.9\n", ""))

    def test_program_without_its_modules_says_so(self):
        with open(PROGRAM, encoding="utf-8") as file:
            alone = self.write("alone/xenlab", file.read())
        done = subprocess.run([sys.executable, alone, "list"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 125)
        self.assertRegex(done.stderr, r"^xenlab: the modules of xenlab are not in .*\n$")

    def test_no_command_is_refused(self):
        self.assert_refused([], "xenlab --help")

    def test_unknown_command_is_refused(self):
        self.assert_refused(["walk"], "'walk'")

    def test_unknown_option_is_refused(self):
        self.assert_refused(["run", "--fast", "--", "true"], "--fast")

    def test_unknown_release_is_refused_with_the_known_ones(self):
        for verb in ("run", "fetch"):
            self.assert_refused([verb, "--xen", "4.16"], "4.16", "4.14", "4.17", "4.20")
        self.assert_refused(["run", "--tools", "4.16"], "--tools", "4.16", "4.17")

    def test_numbers_must_be_positive(self):
        for option in ("--timeout", "--mem", "--cpus"):
            for value in ("0", "-5", "many", "nan", "1e99"):
                with self.subTest(f"{option} {value}"):
                    self.assert_refused(["run", f"{option}={value}", "--", "true"], option, value)


class Refused(TestCase):
    """No network, QEMU or cache is touched: these come first."""

    def refuse(self, *options, words, command=("--", "true")):
        self.assert_refused(["run", "--cache", self.cache, *options, *command], *words)
        self.assertFalse(os.path.exists(self.cache))

    def test_run_needs_a_command(self):
        self.refuse(command=(), words=["no COMMAND"])
        self.refuse(command=("--",), words=["no COMMAND"])

    def test_guest_of_an_unknown_type(self):
        self.refuse("--guest", "vm", words=["--guest vm", "pv, pvh, hvm"])

    def test_hvm_guest_on_a_release_without_device_model(self):
        self.refuse("--xen", "4.14", "--guest", "hvm", words=["no HVM guests on Xen 4.14",
                                                             "--xen 4.17 or 4.20"])

    def test_put_of_a_missing_file(self):
        self.refuse("--put", "/none", words=["--put /none", "no such file"])

    def test_put_to_a_relative_place(self):
        path = self.write("file", "")
        self.refuse("--put", f"{path}:there", words=["DEST must start with /"])

    def test_lib_that_is_not_there(self):
        self.refuse("--lib", "/none", words=["--lib /none", "no such directory"])

    def test_out_that_is_not_there(self):
        self.refuse("--out", "/none", words=["--out /none", "no such directory"])


class RefusedBeforeBooting(TestCase):
    """These need the cache, but nothing is started."""

    def setUp(self):
        super().setUp()
        self.fill_cache()

    def refuse(self, *options, words, **settings):
        arguments = ["run", "--cache", self.cache, *options, "--", "true"]
        self.assert_refused(arguments, *words, **settings)

    def test_no_qemu_on_the_host(self):
        self.refuse(words=["no qemu-system-x86_64", "apt-get install"],
                    env={**self.environment(), "PATH": self.bin})

    def test_lib_without_libraries(self):
        os.mkdir(self.path("empty"))
        self.refuse("--lib", self.path("empty"), words=["no shared library"])

    def test_hypervisor_image_that_is_none(self):
        image = self.write("image", "text")
        self.refuse("--xen-image", image, words=[image, "not a hypervisor image"])

    def test_hypervisor_image_that_is_not_there(self):
        self.refuse("--xen-image", "/none/xen", words=["/none/xen", "No such file"])

    def test_console_that_cannot_be_written(self):
        self.refuse("--console", "/none/console", words=["/none/console"])

    def test_cache_that_cannot_be_made(self):
        blocked = self.write("blocked", "a file")
        self.assert_refused(["run", "--cache", f"{blocked}/cache", "--", "true"],
                            "cannot fill the cache", "blocked", "another directory with --cache")


class Defect(TestCase):
    def test_defect_of_xenlab_does_not_pass_for_a_status_of_the_command(self):
        with unittest.mock.patch.object(cli, "parse", side_effect=KeyError("oh")), \
                contextlib.redirect_stderr(io.StringIO()) as err:
            self.assertEqual(cli.main([]), 125)
        self.assertIn("internal error", err.getvalue().splitlines()[0])
        self.assertIn("KeyError", err.getvalue())


class Parse(TestCase):
    def test_options_of_the_command_are_its_own(self):
        options = cli.parse(["run", "--guest", "pv", "--", "ls", "--mem", "3"])
        self.assertEqual(options.command[-3:], ["ls", "--mem", "3"])
        self.assertIsNone(options.mem)

    def test_put_has_a_default_place(self):
        path = self.write("tool", "")
        (put,) = cli.parse(["run", "--put", path, "--", "x"]).puts
        self.assertEqual(put, (path, "/root/tool", True))

    def test_put_takes_a_place(self):
        path = self.write("tool", "")
        (put,) = cli.parse(["run", "--put", f"{path}:/usr/bin/t", "--", "x"]).puts
        self.assertEqual(put, (path, "/usr/bin/t", True))

    def test_put_of_a_name_with_a_colon(self):
        path = self.write("a:b", "")
        (put,) = cli.parse(["run", "--put", path, "--", "x"]).puts
        self.assertEqual(put, (path, "/root/a:b", True))

    def test_put_of_a_directory_with_a_slash_at_its_end(self):
        self.write("folder/file", "")
        (put,) = cli.parse(["run", "--put", self.path("folder/"), "--", "x"]).puts
        self.assertEqual(put.place, "/root/folder")
