# SPDX-License-Identifier: LGPL-2.1-or-later
"""The cache: entries that are whole or not there, rebuilt when broken."""

import os
import signal
import threading

from support import Silent, TestCase
from xenlablib.cache import Cache
from xenlablib.errors import LabError


class Entries(TestCase):
    def setUp(self):
        super().setUp()
        self.store = Cache(self.cache)
        self.builds = 0

    def build(self, fresh):
        self.builds += 1
        with open(os.path.join(fresh, "content"), "wb") as file:
            file.write(b"x" * 5000)

    def get(self):
        return self.store.get("xen-1", self.build, Silent())

    def content(self):
        with open(os.path.join(self.get(), "content"), "rb") as file:
            return file.read()

    def test_entry_is_built_once(self):
        self.assertEqual(self.get(), self.get())
        self.assertEqual(self.builds, 1)

    def test_entry_is_readable_by_others(self):
        self.assertEqual(os.stat(self.get()).st_mode & 0o777, 0o755)

    def test_damaged_entry_is_rebuilt(self):
        def cut(path):
            os.truncate(path, 100)

        def change(path):
            with open(path, "r+b") as file:
                file.write(b"y")

        def no_manifest(path):
            os.unlink(os.path.join(os.path.dirname(path), "manifest.json"))

        def bad_manifest(path):
            with open(os.path.join(os.path.dirname(path), "manifest.json"), "w") as file:
                file.write("[1, 2")

        for damage in (cut, change, os.unlink, no_manifest, bad_manifest):
            with self.subTest(damage.__name__):
                damage(os.path.join(self.get(), "content"))
                self.assertIsNone(self.store.entry("xen-1"))
                before = self.builds
                self.assertEqual(self.content(), b"x" * 5000)
                self.assertEqual(self.builds, before + 1)

    def test_build_that_fails_leaves_nothing(self):
        def fail(fresh):
            self.build(fresh)
            raise LabError("no network")

        with self.assertRaises(LabError):
            self.store.get("xen-1", fail, Silent())
        self.assertEqual(os.listdir(self.cache), ["lock"])

    def test_failed_rebuild_keeps_the_other_entries(self):
        self.get()
        with self.assertRaises(LabError):
            self.store.get("xen-2", lambda fresh: (_ for _ in ()).throw(LabError("x")), Silent())
        self.assertIsNotNone(self.store.entry("xen-1"))

    def test_entry_is_not_there_before_it_is_whole(self):
        seen = []

        def look(fresh):
            self.build(fresh)
            seen.append(self.store.entry("xen-1"))

        self.store.get("xen-1", look, Silent())
        self.assertEqual(seen, [None])

    def test_builder_that_was_killed_leaves_no_rubbish(self):
        child = os.fork()
        if child == 0:
            self.store.get("xen-1", lambda fresh: os.kill(os.getpid(), signal.SIGKILL), Silent())
        os.waitpid(child, 0)
        self.assertTrue([name for name in os.listdir(self.cache) if name.startswith("new-")])
        self.get()
        self.assertEqual(sorted(os.listdir(self.cache)), ["lock", "xen-1"])

    def test_two_builders_build_once(self):
        begun, silent = threading.Event(), Silent()

        def slow(fresh):
            begun.set()
            while not silent.steps:
                pass
            self.build(fresh)

        first = threading.Thread(target=lambda: self.store.get("xen-1", slow, Silent()))
        first.start()
        begun.wait(10)
        self.store.get("xen-1", self.build, silent)
        first.join(10)
        self.assertEqual(self.builds, 1)
        self.assertIn("waiting for another xenlab", silent.steps[0])


class Clean(TestCase):
    def test_cache_is_removed(self):
        self.fill_cache()
        self.assertEqual(self.xenlab("clean", "--cache", self.cache), (0, "", ""))
        self.assertFalse(os.path.exists(self.cache))

    def test_cache_that_is_not_there_is_clean(self):
        self.assertEqual(self.xenlab("clean", "--cache", self.cache), (0, "", ""))

    def test_directory_of_somebody_else_is_left_alone(self):
        self.write("home/letter", "dear")
        self.assert_refused(["clean", "--cache", self.path("home")], "letter", "not xenlab's")
        self.assertTrue(os.path.exists(self.path("home/letter")))

    def test_list_says_what_is_cached(self):
        self.fill_cache()
        status, out, _ = self.xenlab("list", "--cache", self.cache)
        self.assertEqual(status, 0)
        states = {line.split()[0]: line.split(": ")[1] for line in out.splitlines()}
        self.assertEqual(states, {"4.14": "not cached", "4.17": "cached", "4.20": "not cached"})
