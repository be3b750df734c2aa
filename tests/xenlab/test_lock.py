# SPDX-License-Identifier: LGPL-2.1-or-later
"""One boot at a time, whoever starts it."""

import fcntl
import os
import threading

from support import TestCase
from xenlablib import lock
from xenlablib.errors import LabError


class Lock(TestCase):
    def test_second_holder_is_told_and_waits(self):
        path = self.path("lock")
        told, order = threading.Event(), []

        def second():
            with lock.file_lock(path, told.set):
                order.append("second")

        with lock.file_lock(path):
            thread = threading.Thread(target=second)
            thread.start()
            self.assertTrue(told.wait(10))
            order.append("first")
        thread.join(10)
        self.assertEqual(order, ["first", "second"])

    def test_free_lock_is_taken_without_a_word(self):
        told = []
        with lock.file_lock(self.path("lock"), lambda: told.append(1)):
            pass
        self.assertEqual(told, [])

    def test_lock_is_free_again_after_a_failure(self):
        with self.assertRaises(ValueError), lock.file_lock(self.path("lock")):
            raise ValueError
        with open(self.path("lock"), "rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def test_lock_does_not_outlive_its_descriptor_in_a_child(self):
        with lock.file_lock(self.path("lock")):
            for name in os.listdir("/proc/self/fd"):
                if os.path.realpath(f"/proc/self/fd/{name}") == self.path("lock"):
                    self.assertFalse(os.get_inheritable(int(name)))
                    return
        self.fail("the lock file is not open")


class BootLock(TestCase):
    def boot_lock(self, *paths):
        before = lock._BOOT_LOCKS
        lock._BOOT_LOCKS = paths
        self.addCleanup(setattr, lock, "_BOOT_LOCKS", before)
        return lock.boot_lock(lambda: None)

    def test_second_place_is_used_where_the_first_cannot_be(self):
        with self.boot_lock(self.path("none/lock"), self.path("lock")):
            self.assertTrue(os.path.exists(self.path("lock")))

    def test_lock_file_of_another_user_can_be_locked(self):
        # What cannot be opened for writing stands in for another user's file.
        path = self.write("lock", b"", 0o444)
        with self.boot_lock(path, self.path("other")):
            with open(path, "rb") as file, self.assertRaises(BlockingIOError):
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self.assertFalse(os.path.exists(self.path("other")))

    def test_pipe_in_its_place_is_passed_over(self):
        os.mkfifo(self.path("pipe"))
        with self.boot_lock(self.path("pipe"), self.path("lock")):
            self.assertTrue(os.path.exists(self.path("lock")))

    def test_other_users_can_open_it_whatever_the_umask(self):
        self.addCleanup(os.umask, os.umask(0o077))
        with self.boot_lock(self.path("lock")):
            self.assertEqual(os.stat(self.path("lock")).st_mode & 0o777, 0o644)

    def test_file_in_the_second_place_wins_over_one_that_could_be_made(self):
        self.write("second", "")
        with self.boot_lock(self.path("first"), self.path("second")):
            self.assertFalse(os.path.exists(self.path("first")))

    def test_symbolic_link_is_not_followed(self):
        there, missing = self.write("there", ""), self.path("missing")
        for victim in (there, missing):
            link = self.path(f"lock-{os.path.basename(victim)}")
            os.symlink(victim, link)
            with self.assertRaisesRegex(LabError, "cannot open a lock file"):
                self.boot_lock(link)
        self.assertFalse(os.path.exists(missing))
