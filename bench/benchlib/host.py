# SPDX-License-Identifier: LGPL-2.1-or-later
"""The host as ground: count-syscalls plays the devices, and xenstored is a real one."""

import os
import resource
import subprocess
import sysconfig
import time

from .errors import BenchError
from .samples import SIDES, Ground

_TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAMS = ("toollog", "call", "foreignmemory", "gnttab", "evtchn")
# The first needs an HVM guest in the lab, the second a libxenctrl of upstream's release.
_WITHOUT_LAB = ("devicemodel", "ctrl")
_REPEATS = 3

# Beside a real xenstored, which tests/store/with-xenstored starts.
STORE_PROGRAM = "store"

THREADS_NAME, STORE_THREADS_NAME = "call-8-threads", "store-4-threads"
# Messages over a channel, and how many bytes each has.
VCHAN_SIZES = {"vchan-64": 64, "vchan-4096": 4096, "vchan-65536": 65536,
               "vchan-64-and-back": 64}
_QUIET_ENOUGH = 3   # undisturbed runs of each side
_MOST_PAIRS = 24
_QUIET = 0.10       # of all processors, used by others


def upstream_directory():
    """Where Debian puts upstream's libraries."""
    multiarch = sysconfig.get_config_var("MULTIARCH") or "x86_64-linux-gnu"
    return f"/usr/lib/{multiarch}"


def measure(build, upstream=None):
    """Runs every program with both sides' libraries, in turns."""
    ground = Ground("host", "this machine; count-syscalls plays the devices, xenstored is Debian's")
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
            ground.side[side].take(runner.run_beside_xenstored(side, STORE_PROGRAM))
    _measure_threads(ground, [THREADS_NAME], lambda side: runner.run(side, "call-threads"),
                     _MOST_PAIRS)
    _measure_threads(ground, [STORE_THREADS_NAME],
                     lambda side: runner.run_beside_xenstored(side, "store-threads"), _MOST_PAIRS // 3)
    _measure_threads(ground, list(VCHAN_SIZES), runner.run_channel, _MOST_PAIRS // 3)
    ours = os.path.realpath(directories["ours"])
    ground.check_libraries(lambda path: os.path.realpath(path).startswith(ours + os.sep))
    return ground


class _Runner:
    def __init__(self, build, directories):
        self._build = os.path.abspath(build)
        self._directories = directories

    def run(self, side, program, *options):
        """The output of one program with one side's libraries."""
        counter, path = self._built("bench/count-syscalls"), self._built(f"bench/bench-{program}")
        # The log's lines go nowhere, and fast; what others complain of is shown.
        stderr = subprocess.DEVNULL if program == "toollog" else subprocess.PIPE
        return self._output(side, program, [counter, "--stand-in", *options, "--", path,
                                            "stand-in"], stderr)

    def run_beside_xenstored(self, side, program):
        """The same for a program that talks to a daemon."""
        command = [os.path.join(_TOP, "tests", "store", "with-xenstored"), "--stand-in",
                   self._built("tests/store/libxen_for_xenstored.so"),
                   self._built("bench/count-syscalls"), "--",
                   self._built(f"bench/bench-{program}"), "real"]
        return self._output(side, program, command, subprocess.PIPE)

    def run_channel(self, side):
        """Both ends of a channel, in one process that has devices and store within."""
        command = [self._built("bench/bench-vchan-here"), "stand-in"]
        return self._output(side, "vchan-here", command, subprocess.PIPE)

    def _built(self, name):
        path = os.path.join(self._build, name)
        if not os.path.exists(path):
            raise BenchError(f"{path} is not built: ninja -C {self._build}")
        return path

    def _output(self, side, program, command, stderr):
        environment = {**os.environ, "LD_LIBRARY_PATH": self._directories[side]}
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=stderr,
                              text=True)
        if done.returncode:
            raise BenchError(f"bench-{program} with {side}'s libraries ended with status "
                             f"{done.returncode}: {(done.stderr or '').strip()}")
        return done.stdout


def _measure_threads(ground, names, run, most_pairs):
    """Contention needs processors of one's own: runs that others disturbed are dropped.

    Where the machine never is quiet, there is no result, rather than a wrong one.
    """
    if (os.cpu_count() or 1) < 2:
        ground.notes.append(f"{names[0]} was not measured: one processor has no contention")
        return
    for pair in range(most_pairs):
        for side in SIDES:
            with _Others() as others:
                output = run(side)
            if others.share <= _QUIET:
                ground.side[side].take(output)
        quiet = min(len(ground.side[side].rates.get(names[0], ())) for side in SIDES)
        if quiet >= _QUIET_ENOUGH:
            return
        if quiet == 0 and pair % 4 == 3:
            time.sleep(2)
    if quiet == 0:
        for side in SIDES:
            for name in names:
                ground.side[side].rates.pop(name, None)
        ground.notes.append(f"{names[0]} was not measured: other programs kept the processors busy")


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
