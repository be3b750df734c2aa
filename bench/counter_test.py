#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Holds count-syscalls against sequences of system calls whose number is known.

usage: counter_test.py COUNT-SYSCALLS KNOWN-SEQUENCES
"""

import subprocess
import sys

# name: operations, total, calls
WANTED = {
    "nothing": "1 0",
    "three-getpid": "3 3 getpid=3",
    "failing-calls": "2 2 read=1 close=1",
    "a-thousand-calls": "1000 1000 lseek=500 getpid=500",
    "a-thread": "1 6 getpid=1 getppid=5",
}
WANTED_OF_STAND_IN = {
    "device-calls": "1 2 mmap=1 open=1",
    "device-memory-works": "1 0",
}


class Tap:
    def __init__(self):
        self.points = 0
        self.failed = 0

    def check(self, what, got, wanted):
        self.points += 1
        good = got == wanted
        self.failed += not good
        print(f"{'ok' if good else 'not ok'} {self.points} - {what}")
        if not good:
            print(f"# wanted {wanted!r}, got {got!r}")


def run(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    counts = {}
    for line in done.stdout.splitlines():
        word, name, rest = line.split(" ", 2)
        if word == "count":
            counts[name] = rest
    return done.returncode, counts


def main(counter, program):
    tap = Tap()
    status, counts = run(counter, "--", program)
    for name, wanted in WANTED.items():
        tap.check(f"counts {name.replace('-', ' ')}", counts.get(name), wanted)
    # kill, the handler's getpid, sigreturn
    tap.check("counts calls of a signal handler", counts.get("a-signal", "").split()[1:2], ["3"])
    tap.check("counts nothing once the program is let go", "let-go" in counts, False)
    tap.check("passes on the exit status", status, 7)
    tap.check("plays no device unless told to", "device-memory-works" in counts, False)

    status, counts = run(counter, "--stand-in", "--", program, "devices")
    for name, wanted in {**WANTED, **WANTED_OF_STAND_IN}.items():
        tap.check(f"with devices, counts {name.replace('-', ' ')}", counts.get(name), wanted)
    tap.check("with devices, passes on the exit status", status, 7)

    status, _ = run(counter, "--", "/no/such/program")
    tap.check("says that a program cannot be run", status, 125)
    print(f"1..{tap.points}")
    return 1 if tap.failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2]))
