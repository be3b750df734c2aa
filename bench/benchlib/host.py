# SPDX-License-Identifier: LGPL-2.1-or-later
"""The host as ground: count-syscalls plays the devices."""

import os
import resource
import subprocess
import sysconfig
import time

from .errors import BenchError
from .samples import SIDES, Ground

PROGRAMS = ("toollog", "call", "foreignmemory", "gnttab", "evtchn")
_WITHOUT_LAB = ("devicemodel",)  # needs an HVM guest there
_REPEATS = 3

THREADS_NAME = "call-8-threads"
_QUIET_ENOUGH = 3   # undisturbed runs of each side
_MOST_PAIRS = 24
_QUIET = 0.10       # of all processors, used by others


def upstream_directory():
    """Where Debian puts upstream's libraries."""
    multiarch = sysconfig.get_config_var("MULTIARCH") or "x86_64-linux-gnu"
    return f"/usr/lib/{multiarch}"


def measure(build, upstream=None):
    """Runs every program with both sides' libraries, in turns."""
    ground = Ground("host", "this machine; count-syscalls plays the devices")
    directories = {"upstream": upstream or upstream_directory(),
                   "ours": os.path.join(os.path.abspath(build), "lib")}
    if not os.path.exists(os.path.join(directories["upstream"], "libxencall.so.1")):
        raise BenchError(f"no libxencall.so.1 in {directories['upstream']}: "
                         "apt-get install libxen-dev")
    runner = _Runner(build, directories)
    for _ in range(_REPEATS):
        for program in PROGRAMS + _WITHOUT_LAB:
            for side in SIDES:
                ground.side[side].take(runner.run(side, program))
        for side in SIDES:
            output = runner.run(side, "call", "--no-hypercall-device")
            ground.side[side].take(output, prefix="locked-")
    _measure_threads(ground, runner)
    ours = os.path.realpath(directories["ours"])
    ground.check_libraries(lambda path: os.path.realpath(path).startswith(ours + os.sep))
    return ground


class _Runner:
    def __init__(self, build, directories):
        self._programs = os.path.join(os.path.abspath(build), "bench")
        self._directories = directories

    def run(self, side, program, *options):
        """The output of one program with one side's libraries."""
        counter = os.path.join(self._programs, "count-syscalls")
        path = os.path.join(self._programs, f"bench-{program}")
        for file in (counter, path):
            if not os.path.exists(file):
                raise BenchError(f"{file} is not built: ninja -C {os.path.dirname(self._programs)}")
        environment = {**os.environ, "LD_LIBRARY_PATH": self._directories[side]}
        # The log's lines go nowhere, and fast; what others complain of is shown.
        stderr = subprocess.DEVNULL if program == "toollog" else subprocess.PIPE
        done = subprocess.run([counter, "--stand-in", *options, "--", path, "stand-in"],
                              env=environment, stdout=subprocess.PIPE, stderr=stderr, text=True)
        if done.returncode:
            raise BenchError(f"bench-{program} with {side}'s libraries ended with status "
                             f"{done.returncode}: {(done.stderr or '').strip()}")
        return done.stdout


def _measure_threads(ground, runner):
    """Contention needs processors of one's own: runs that others disturbed are dropped.

    Where the machine never is quiet, there is no result, rather than a wrong one.
    """
    if (os.cpu_count() or 1) < 2:
        ground.notes.append("the threads were not measured: one processor has no contention")
        return
    for pair in range(_MOST_PAIRS):
        for side in SIDES:
            with _Others() as others:
                output = runner.run(side, "call-threads")
            if others.share <= _QUIET:
                ground.side[side].take(output)
        quiet = min(len(ground.side[side].rates.get(THREADS_NAME, ())) for side in SIDES)
        if quiet >= _QUIET_ENOUGH:
            return
        if quiet == 0 and pair % 4 == 3:
            time.sleep(2)
    if quiet == 0:
        for side in SIDES:
            ground.side[side].rates.pop(THREADS_NAME, None)
        ground.notes.append("the threads were not measured: other programs kept the "
                            "processors busy")


class _Others:
    """How much of the machine others use, while this block runs."""

    share = 1.0

    def __enter__(self):
        self._before = self._now()
        return self

    def __exit__(self, *_):
        busy, own, whole = (after - before for after, before in zip(self._now(), self._before))
        self.share = max(busy - own, 0.0) / whole if whole > 0 else 1.0

    @staticmethod
    def _now():
        with open("/proc/stat", encoding="ascii") as file:
            ticks = [int(field) for field in file.readline().split()[1:9]]
        user, nice, system, idle, iowait, irq, softirq, steal = ticks
        second = os.sysconf("SC_CLK_TCK")
        busy = user + nice + system + irq + softirq + steal
        own = sum(usage.ru_utime + usage.ru_stime
                  for usage in map(resource.getrusage,
                                   (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))
        return busy / second, own, (busy + idle + iowait) / second
