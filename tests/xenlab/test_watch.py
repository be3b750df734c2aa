# SPDX-License-Identifier: LGPL-2.1-or-later
"""A machine that hangs, and one that is only slow."""

import os
import unittest

from support import TestCase  # noqa: F401 (sets the path)
from xenlablib.watch import Watch


class Machine(Watch):
    """A Watch whose host is in the test's hands."""

    def __init__(self):
        self.cpu = self.clock_now = 0.0
        super().__init__(os.getpid())

    def _cpu(self):
        return self.cpu

    def _clock(self):
        return self.clock_now


class Hangs(unittest.TestCase):
    def setUp(self):
        self.machine = Machine()

    def passes(self, seconds, cpu):
        self.machine.clock_now += seconds
        self.machine.cpu += cpu

    def test_slow_machine_does_not_hang(self):
        # Four times slower than usual, and busy: it has not had the processor time to boot yet.
        self.passes(600, 200)
        self.assertIsNone(self.machine.hangs())

    def test_machine_that_spins_hangs(self):
        self.passes(500, 500)
        self.assertRegex(self.machine.hangs(), "no sign of life for 500 s of computing")

    def test_machine_that_waits_for_ever_hangs(self):
        self.passes(200, 5)
        self.assertRegex(self.machine.hangs(), "nothing going on")

    def test_sign_of_life_begins_anew(self):
        for _ in range(10):
            self.passes(200, 200)
            self.machine.event()
        self.passes(10, 10)
        self.assertIsNone(self.machine.hangs())


class Host(unittest.TestCase):
    def test_processor_time_of_a_real_process_is_seen(self):
        watch = Watch(os.getpid())
        before = watch._cpu()
        while watch._cpu() < before + 0.05:
            sum(range(10000))
        self.assertLess(watch._cpu(), before + 5)

    def test_process_that_has_gone_is_no_crash(self):
        child = os.fork()
        if child == 0:
            os._exit(0)
        os.waitpid(child, 0)
        self.assertIsNone(Watch(child).hangs())
