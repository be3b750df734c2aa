#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs the conformance programs on a real Xen, on our libraries and on upstream's, as TAP.

One boot runs everything: each program in dom0, in a PV and in a PVH guest, and between each
two of them. Ours must pass, and must show what upstream's show, save where
tests/conformance/differences.txt says so.

Examples:
  conformance.py --build build --xen 4.20
  conformance.py --build build --program gnttab --place pvh read_only
"""

import argparse
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

import differences
import suite
import transcript

TOP = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.Path(__file__).resolve().parent
IN_LAB = "/root/conformance"
LOADED_FROM = {"ours": f"{IN_LAB}/ours/", "upstream": "/opt/upstream/lib/"}
TIMEOUT_S = 2400
# QEMU's emulation of nested virtualisation now and then loses a PVH guest, whatever runs in it.
LOST_GUEST = "Triple fault"
BOOTS = 3


class Tap:
    """Writes TAP, and counts."""

    def __init__(self):
        self.number = 0
        self.failed = 0

    def point(self, good, name, diagnostics=(), skip=None):
        """One test point; the diagnostics are shown if it is not good."""
        self.number += 1
        self.failed += not good
        tail = f" # SKIP {skip}" if skip is not None and good else ""
        print(f"{'ok' if good else 'not ok'} {self.number} - {name}{tail}", flush=True)
        if not good:
            for line in diagnostics:
                print(f"#   {line.removeprefix('# ')}", flush=True)

    def end(self):
        """The plan; returns the exit status."""
        print(f"1..{self.number}", flush=True)
        return 1 if self.failed or not self.number else 0


class Judge:
    """Turns runs into test points, as they come."""

    def __init__(self, tap, release, expected, listed, loaded_from=None):
        self._tap = tap
        self._release = release
        self._loaded_from = loaded_from or LOADED_FROM
        self._expected = expected  # key of a run: the names of its tests
        self._listed = listed
        self._runs = {}
        self._seen = set()

    def take(self, run):
        """Judges a run on its own, and against its counterpart when that has come."""
        if run.key not in self._expected or run.key in self._runs:
            self._tap.point(False, self._name(run, "was not expected"))
            return
        self._runs[run.key] = run
        self._judge_run(run)
        if run.libraries == "ours":
            for name, result in run.results.items():
                self._tap.point(result.status != "failed", self._name(run, name),
                                result.diagnostics,
                                result.reason if result.status == "skipped" else None)
        other = self._runs.get((run.place, _other(run.libraries), run.program))
        if other:
            self._judge_both(*((run, other) if run.libraries == "ours" else (other, run)))

    def finish(self, stray):
        """What can only be said at the end."""
        for key in self._expected:
            if key not in self._runs:
                place, which, program = key
                self._tap.point(False, f"{self._release}/{place}/{which}/{program} ran", stray)
        for difference in self._listed:
            if difference in self._seen:
                self._tap.point(True, f"{self._release} listed difference: {_plain(difference)}")

    def _name(self, run, what):
        return f"{self._release}/{run.place}/{run.libraries}/{run.program} {what}"

    def _judge_run(self, run):
        """Whether the program ran to its end, on the right libraries, with every test."""
        wrong = []
        wanted = self._expected[run.key]
        if run.planned != len(wanted) or set(run.results) != set(wanted):
            missing = sorted(set(wanted) - set(run.results))
            wrong.append(f"planned {run.planned} of {len(wanted)} tests; missing: {missing}")
        failed = any(result.status == "failed" for result in run.results.values())
        if (run.exit_status == 0) == failed or run.exit_status not in (0, 1):
            wrong.append(f"exit status {run.exit_status}")
        foreign = [path for path in run.loaded
                   if not path.startswith(self._loaded_from[run.libraries])]
        if foreign or not run.loaded:
            wrong.append(f"libraries loaded: {foreign or 'none'}")
        self._tap.point(not wrong, self._name(run, f"ran all of its {len(wanted)} tests"),
                        wrong + run.noise)

    def _judge_both(self, ours, upstream):
        place = f"{self._release}/{ours.place}"
        for name in self._expected[ours.key]:
            results = ours.results.get(name), upstream.results.get(name)
            if all(result is None or result.status == "skipped" for result in results):
                continue
            complaints, seen = differences.compare(place, ours.program, name, results,
                                                   self._listed)
            self._seen.update(seen)
            notes = results[1].diagnostics if results[1] and complaints else []
            self._tap.point(not complaints, f"{place}/ours as upstream/{ours.program} {name}",
                            complaints + [f"upstream: {note}" for note in notes])


def _other(which):
    return "upstream" if which == "ours" else "ours"


def _plain(difference):
    """The text of a difference without what TAP would take for a directive."""
    return str(difference).replace("#", "no. ")


def stage(build, programs, wanted, tests, folder):
    """Gathers in FOLDER what goes to /root/conformance."""
    binaries, ours = folder / "bin", folder / "ours"
    binaries.mkdir()
    ours.mkdir()
    for name in ["agent", *(program.name for program in programs)]:
        shutil.copy(executable(build, name), binaries / name)
    for library in sorted((build / "lib").glob("libxen*.so.?")):
        shutil.copy(library, ours / library.name)
    for name in ("dom0.sh", "run-programs"):
        shutil.copy(HERE / name, folder / name)
    (folder / "plan").write_text(suite.plan(wanted, tests), encoding="utf-8")


def executable(build, name):
    """The conformance program NAME in the build directory."""
    return build / "tests" / "conformance" / f"conformance-{name}"


def tests_of(build, program, parts):
    """The tests that the program has, by its own --list, as far as they match."""
    names = subprocess.run([executable(build, program.name), "--list"], check=True,
                           stdout=subprocess.PIPE, text=True).stdout.split()
    return [name for name in names if not parts or any(part in name for part in parts)]


def lost_a_guest(console):
    """Whether Xen has reported a guest that the emulation lost."""
    return console.exists() and LOST_GUEST in console.read_text("utf-8", errors="replace")


def boot(options, guests, folder, console):
    """One run of xenlab: the runs of the programs, the lines that belong to none, its status."""
    command = [TOP / "tools" / "xenlab" / "xenlab", "run", "--xen", options.xen]
    for kind in guests:
        command += ["--guest", kind]
    command += ["--put", f"{folder}:{IN_LAB}", "--console", console,
                "--timeout", str(TIMEOUT_S), "--boots", "3", "--", "sh", f"{IN_LAB}/plan"]
    reader, started, runs = transcript.Reader(), time.monotonic(), []
    with subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE,
                          text=True, errors="replace") as lab:
        for line in lab.stdout:
            if options.raw:
                print(f"# | {line.rstrip()}", flush=True)
            run = reader.feed(line.rstrip("\r\n"))
            if run:
                print(f"# {time.monotonic() - started:.1f} s: {' '.join(run.key)}", flush=True)
                runs.append(run)
                if lost_a_guest(console):
                    lab.terminate()
                    break
    run = reader.finish()
    return runs + ([run] if run else []), reader.stray, lab.returncode


def boot_until_no_guest_is_lost(options, guests, folder, console):
    """The last of at most BOOTS runs of xenlab: one in which the emulation lost no guest."""
    for attempt in range(1, BOOTS + 1):
        result = boot(options, guests, folder, console)
        if not lost_a_guest(console) or attempt == BOOTS:
            return result
        print("# QEMU's emulation lost a guest (triple fault): once more", flush=True)


def parse(arguments):
    """The options."""
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=TOP / "build",
                        help="the build directory (default: build)")
    parser.add_argument("--xen", default="4.17", help="the release of Xen (default: %(default)s)")
    parser.add_argument("--program", action="append", default=[], metavar="NAME",
                        help="only this program; may repeat")
    parser.add_argument("--place", action="append", default=[], metavar="PATTERN",
                        help="only these places: dom0, pv, pvh, dom0-pv, pv-pvh, ...; may repeat")
    parser.add_argument("--libraries", choices=suite.LIBRARIES, action="append",
                        help="only on these; nothing is compared then")
    parser.add_argument("--raw", action="store_true", help="show what the programs print")
    parser.add_argument("tests", nargs="*", metavar="TEST", help="only tests with this in the name")
    return parser.parse_args(arguments)


def main(arguments):
    """Runs the suite once and returns the exit status."""
    options = parse(arguments)
    listed = differences.parse(
        (TOP / "tests" / "conformance" / "differences.txt").read_text("utf-8").splitlines())
    chosen = [program for program in suite.PROGRAMS
              if not options.program or program.name in options.program]
    tests = {program.name: tests_of(options.build, program, options.tests) for program in chosen}
    chosen = [program for program in chosen if tests[program.name]]
    wanted = suite.jobs(chosen, options.place or ["*"], options.libraries or suite.LIBRARIES)
    if not wanted:
        sys.exit("conformance.py: no test matches")
    tap = Tap()
    judge = Judge(tap, options.xen, {job.key: tests[job.program.name] for job in wanted}, listed)
    console = options.build / "meson-logs" / f"conformance-{options.xen}.console"
    with tempfile.TemporaryDirectory() as folder:
        stage(options.build, chosen, wanted, options.tests, pathlib.Path(folder))
        runs, stray, status = boot_until_no_guest_is_lost(
            options, suite.guests_for(wanted), pathlib.Path(folder), console)
    for run in runs:
        judge.take(run)
    done = "@@ done" in stray
    tap.point(done and status == 0, f"{options.xen}: xenlab ran the whole plan",
              [f"exit status {status}; console: {console}", *stray[-40:]])
    judge.finish(stray[-5:])
    return tap.end()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
