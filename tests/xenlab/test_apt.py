# SPDX-License-Identifier: LGPL-2.1-or-later
"""Fetching packages, with a stand-in for apt-get."""

import os
import unittest.mock

from support import TestCase
from xenlablib import apt
from xenlablib.errors import LabError, describe_os_error

NO_NETWORK = """#!/bin/sh
echo "$@" >> "$0.log"
echo "E: Failed to fetch http://deb.debian.org/x  Temporary failure resolving 'deb.debian.org'" >&2
echo "E: Some index files failed to download." >&2
exit 100
"""


class NoNetwork(TestCase):
    def setUp(self):
        super().setUp()
        self.fake_program("apt-get", NO_NETWORK)

    def test_cause_is_told_in_one_line_and_nothing_is_left(self):
        for verb in (["fetch"], ["run", "--", "true"]):
            self.assert_refused([verb[0], "--cache", self.cache, *verb[1:]],
                                "cannot reach Debian's bookworm",
                                "Temporary failure resolving", "check the network")
        self.assertEqual(sorted(os.listdir(self.cache)), ["apt", "lock"])

    def test_archive_of_old_releases_is_tried_as_well(self):
        self.xenlab("fetch", "--cache", self.cache)
        with open(os.path.join(self.cache, "apt/bookworm/sources.list")) as file:
            self.assertIn("http://archive.debian.org/debian ", file.read())


class Suite(TestCase):
    def suite(self, script):
        self.fake_program("apt-get", "#!/bin/sh\n" + script)
        patch = unittest.mock.patch.dict(os.environ, self.environment())
        patch.start()
        self.addCleanup(patch.stop)
        return apt.Suite("bookworm", self.path("state"))

    def test_every_source_is_signed_by_debians_keyring(self):
        self.suite("exit 0").update()
        with open(self.path("state/bookworm/sources.list"), encoding="ascii") as file:
            lines = file.read().splitlines()
        self.assertEqual(len(lines), 3)
        for line in lines:
            self.assertIn(f"signed-by={apt.KEYRING}", line)
            self.assertNotIn("trusted", line)

    def test_hosts_own_lists_are_not_touched(self):
        self.suite(f'echo "$@" > {self.path("log")}').update()
        with open(self.path("log"), encoding="utf-8") as file:
            words = file.read().split()
        for name in ("Dir::State::Lists", "Dir::State::status", "Dir::Cache",
                     "Dir::Etc::SourceList"):
            (value,) = [word.split("=", 1)[1] for word in words if word.startswith(name + "=")]
            self.assertTrue(value.startswith(self.path("state")), value)

    def test_lists_are_updated_once(self):
        suite = self.suite(f"echo x >> {self.path('log')}")
        suite.update()
        suite.update()
        with open(self.path("log"), encoding="ascii") as file:
            self.assertEqual(file.read(), "x\n")

    def test_failed_download_names_the_cause(self):
        suite = self.suite('for word; do [ "$word" = download ] && { '
                           'echo "E: Unable to locate package xen-none" >&2; exit 100; }; '
                           'done; exit 0')
        with self.assertRaisesRegex(LabError, "Unable to locate package xen-none"):
            suite.fetch(["xen-none"], self.directory)

    def test_package_that_is_broken_is_named(self):
        with self.assertRaisesRegex(LabError, "cannot unpack broken.deb"):
            apt.unpack([self.write("broken.deb", "no archive")], self.path("tree"))


    def test_full_disk_is_told_as_such(self):
        suite = self.suite("echo 'E: Write error - write (28: No space left on device)' >&2\n"
                           "exit 100")
        with self.assertRaises(OSError) as caught:
            suite.update()
        self.assertIn("the disk is full", describe_os_error(caught.exception))


class Host(TestCase):
    def test_host_without_apt_is_told_what_is_needed(self):
        self.assert_refused(["fetch", "--cache", self.cache], "no apt-get on this host",
                            env={**self.environment(), "PATH": self.bin})
