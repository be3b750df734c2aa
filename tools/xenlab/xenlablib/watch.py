# SPDX-License-Identifier: LGPL-2.1-or-later
"""Tells a machine that hangs from one that is slow.

A host may be several times slower for a while, so no limit here is a plain stop-watch: a boot
may take as long as it likes while it shows signs of life, and the time that the machine spent
waiting for a processor of the host does not count.
"""

import contextlib
import os
import time

# CPU seconds that QEMU may burn without any sign of life: a machine that spins.
_SPIN_LIMIT = 480
# Seconds that QEMU may sit there idle without any sign of life: a machine that waits for ever.
_IDLE_LIMIT = 120
# Below this share of one processor QEMU counts as idle; it never quite stops its timers.
_IDLE_SHARE = 0.25

_TICKS = os.sysconf("SC_CLK_TCK")


class Watch:
    """Follows one QEMU process."""

    def __init__(self, pid):
        self._pid = pid
        self._alive()

    def event(self):
        """Something was heard from the machine."""
        self._alive()

    def hangs(self):
        """Why the boot is thought to hang, or None."""
        cpu = self._cpu() - self._cpu_at_event
        seconds = self._clock() - self._clock_at_event
        if cpu > _SPIN_LIMIT:
            return f"no sign of life for {cpu:.0f} s of computing"
        if seconds > _IDLE_LIMIT and cpu < seconds * _IDLE_SHARE:
            return f"no sign of life for {seconds:.0f} s, and nothing going on"
        return None

    def clock(self):
        """Seconds since the start of the host, less those the machine had no processor."""
        return self._clock()

    def _alive(self):
        self._cpu_at_event = self._cpu()
        self._clock_at_event = self._clock()

    def _clock(self):
        return time.monotonic() - self._starved()

    def _cpu(self):
        with contextlib.suppress(OSError, ValueError, IndexError):
            with open(f"/proc/{self._pid}/stat", "rb") as file:
                fields = file.read().rsplit(b")", 1)[1].split()
            return (int(fields[11]) + int(fields[12])) / _TICKS
        return 0.0

    def _starved(self):
        """Seconds that the busiest thread was ready to run, but had to wait for a processor."""
        longest = 0
        with contextlib.suppress(OSError, ValueError, IndexError):
            for thread in os.listdir(f"/proc/{self._pid}/task"):
                with open(f"/proc/{self._pid}/task/{thread}/schedstat", "rb") as file:
                    longest = max(longest, int(file.read().split()[1]))
        return longest / 1e9
