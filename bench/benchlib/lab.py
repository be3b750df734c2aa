# SPDX-License-Identifier: LGPL-2.1-or-later
"""A real Xen as ground: dom0 and one PV guest, in one boot."""

import os
import shutil
import subprocess
import sys
import tempfile

from .errors import BenchError
from .host import PROGRAMS, STORE_PROGRAM
from .samples import Ground

_TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_LIBRARIES = ("toolcore.so.1", "toollog.so.1", "evtchn.so.1", "gnttab.so.1", "call.so.1",
              "foreignmemory.so.1", "store.so.4", "vchan.so.4.17", "devicemodel.so.1")
_FACES = ("ctrl-4.17/libxenctrl.so.4.17",)


def measure(build, xen, xenlab=None):
    """Boots Xen and measures both sides in it."""
    ground = Ground("lab", f"dom0 of Xen {xen} under QEMU's software emulation")
    with tempfile.TemporaryDirectory(prefix="xenlibs-bench-") as directory:
        puts = _collect(build, directory)
        output = _run(xenlab or _find_xenlab(), xen, puts)
    for side, text in _sections(output):
        if side == "xen":
            ground.notes.append(text.strip())
        else:
            ground.side[side].take(text)
    ground.check_libraries(lambda path: path.startswith("/bench/ours/"))
    for side in ground.side.values():
        if "evtchn-notify" not in side.counts:
            raise BenchError(f"the lab's run ended before {side.name} was measured")
    return ground


def _find_xenlab():
    in_tree = os.path.join(_TOP, "tools", "xenlab", "xenlab")
    found = in_tree if os.path.exists(in_tree) else shutil.which("xenlab")
    if not found:
        raise BenchError(f"no xenlab: neither {in_tree} nor one in PATH")
    return found


def _collect(build, directory):
    """What goes into dom0, as arguments of xenlab."""
    ours = os.path.join(directory, "ours")
    os.mkdir(ours)
    for library in _LIBRARIES:
        _copy(os.path.join(build, "lib", f"libxen{library}"), ours)
    for face in _FACES:
        _copy(os.path.join(build, "lib", face), ours)
    files = [os.path.join(build, "bench", "count-syscalls"),
             os.path.join(build, "bench", "bench-grant-pages"),
             os.path.join(_TOP, "bench", "in-dom0")]
    files += [os.path.join(build, "bench", f"bench-{program}")
              for program in (*PROGRAMS, STORE_PROGRAM, "vchan", "ctrl")]
    puts = ["--put", f"{ours}:/bench/ours"]
    for file in files:
        if not os.path.exists(file):
            raise BenchError(f"{file} is not there: ninja -C {build}")
        puts += ["--put", f"{file}:/bench/{os.path.basename(file)}"]
    return puts


def _copy(file, directory):
    if not os.path.exists(file):
        raise BenchError(f"{file} is not built")
    shutil.copy(file, directory)


def _run(xenlab, xen, puts):
    command = [xenlab, "run", "--boots", "3", "--xen", xen, "--guest", "pv", *puts, "--", "/bench/in-dom0"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=sys.stderr, text=True)
    if done.returncode:
        raise BenchError(f"the run in the lab ended with status {done.returncode}; what was "
                         f"measured until then:\n{done.stdout}")
    return done.stdout


def _sections(output):
    """SIDE and the text after each `== SIDE PROGRAM`."""
    for section in ("\n" + output).split("\n== ")[1:]:
        head, _, text = section.partition("\n")
        yield head.split()[0], text
