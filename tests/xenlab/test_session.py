# SPDX-License-Identifier: LGPL-2.1-or-later
"""A run from start to end, and each way it can go wrong, with a stand-in for QEMU."""

import contextlib
import io
import os
import pty
import shutil
import signal
import socket
import tarfile
import termios
import time
import types

from support import Silent, TestCase
from xenlablib.session import Console, Session

UP = "control step starting the tool stack\ncontrol running\n"
DONE = "control exit 0\ncontrol end\n"


class Run(TestCase):
    def setUp(self):
        super().setUp()
        self.fill_cache()
        here = os.path.dirname(os.path.abspath(__file__))
        shutil.copy(os.path.join(here, "fake-qemu"), os.path.join(self.bin, "qemu-system-x86_64"))

    def environment(self):
        return {**super().environment(), "FAKE_QEMU": self.path("script")}

    def play(self, script):
        self.write("script", script)

    def arguments(self, *options):
        return ["run", "--cache", self.cache, *options, "--", "true"]

    def run_script(self, script, *options):
        self.play(script)
        return self.xenlab(*self.arguments(*options))

    def assert_fails(self, script, *words, options=()):
        """The run ends with 125 and a first line that holds WORDS; returns the lines below."""
        status, _, err = self.run_script(script, *options)
        first, *below = err.splitlines()
        self.assertEqual(status, 125, err)
        self.assertTrue(first.startswith("xenlab: "), err)
        for word in words:
            self.assertIn(word, first)
        self.assert_no_qemu()
        return below

    def qemu(self):
        """The stand-in's process id, once it is there."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                with open(self.path("script.pid"), encoding="ascii") as file:
                    return int(file.read())
            except (FileNotFoundError, ValueError):
                time.sleep(0.01)
        raise AssertionError("QEMU was not started")

    def assert_no_qemu(self):
        pid = self.qemu()
        deadline = time.monotonic() + 10
        while os.path.exists(f"/proc/{pid}/exe"):
            self.assertLess(time.monotonic(), deadline, "QEMU is still there")
            time.sleep(0.01)


class Output(Run):
    def test_output_and_status_of_the_command_are_those_of_xenlab(self):
        status, out, err = self.run_script(UP + "stdout one\nstderr two\nstdout three\n"
                                           "control exit 3\ncontrol end\n")
        self.assertEqual((status, out, err), (3, "one\nthree\n", "two\n"))
        self.assert_no_qemu()

    def test_output_before_the_end_is_never_lost(self):
        big = "x" * 100000
        status, out, _ = self.run_script(UP + f"stdout {big}\n" * 20 + DONE)
        self.assertEqual((status, len(out)), (0, 20 * 100001))

    def test_status_of_a_command_killed_by_a_signal(self):
        self.assertEqual(self.run_script(UP + "control exit 137\ncontrol end\n")[0], 137)

    def test_output_that_nobody_reads_ends_the_run(self):
        self.play(UP + f"stdout {'x' * 70000}\n" * 50)
        process = self.start(*self.arguments())
        process.stdout.read(10)
        process.stdout.close()
        self.assertEqual(process.wait(20), 128 + signal.SIGPIPE)
        self.assertEqual(process.stderr.read(), "")
        process.stderr.close()
        self.assert_no_qemu()

    def test_console_is_saved_on_request(self):
        console = self.path("console.txt")
        self.run_script("console Xen is here\n" + UP + DONE, "--console", console)
        with open(console, encoding="utf-8") as file:
            self.assertIn("Xen is here", file.read())

    def test_nothing_but_the_command_speaks_in_a_pipe(self):
        self.assertEqual(self.run_script(UP + DONE), (0, "", ""))


class Files(Run):
    def archive(self):
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w") as tar:
            info = tarfile.TarInfo("root/result")
            info.size = 2
            tar.addfile(info, io.BytesIO(b"42"))
        return f"bytes files {out.getvalue().hex()}\n"

    def test_files_come_back(self):
        os.mkdir(self.path("out"))
        status, _, err = self.run_script(UP + "control exit 0\n" + self.archive() +
                                         "control end\n", "--get", "/root/result",
                                         "--out", self.path("out"))
        self.assertEqual((status, err), (0, ""))
        with open(self.path("out/result"), "rb") as file:
            self.assertEqual(file.read(), b"42")

    def test_files_that_are_still_on_their_way_at_the_end_are_waited_for(self):
        os.mkdir(self.path("out"))
        archive = self.archive()
        size = len(archive.split()[2]) // 2
        status, _, err = self.run_script(UP + f"control exit 0\ncontrol archive {size}\n"
                                         f"control end\nsleep 1\n{archive}",
                                         "--get", "/root/result", "--out", self.path("out"))
        self.assertEqual((status, err), (0, ""))
        with open(self.path("out/result"), "rb") as file:
            self.assertEqual(file.read(), b"42")

    def test_machine_that_dies_while_files_are_on_their_way_is_a_failure(self):
        self.assert_fails(UP + "control exit 0\ncontrol archive 10240\ncontrol end\nkill\n",
                          "the machine stopped", options=["--get", "/root/result"])

    def test_file_that_is_not_there_is_named_and_fails_the_run(self):
        script = UP + "control exit 0\ncontrol missing /root/no\ncontrol end\n"
        self.assertEqual(self.assert_fails(script, "--get /root/no", "not there",
                                           options=["--get", "/root/no"]), [])

    def test_status_of_a_failed_command_outlives_a_missing_file(self):
        script = UP + "control exit 7\ncontrol missing /root/no\ncontrol end\n"
        status, _, err = self.run_script(script, "--get", "/root/no")
        self.assertEqual(status, 7)
        self.assertIn("/root/no", err)


class Failures(Run):
    def test_panic_of_dom0_is_reported_with_the_last_console_lines(self):
        script = "".join(f"console line {n}\n" for n in range(40))
        below = self.assert_fails(script + "console [1.0] Kernel panic - not syncing: Oh\n",
                                  "crashed while booting")
        self.assertEqual(len(below), 20)
        self.assertIn("Kernel panic", below[-1])
        self.assertEqual(below[0].strip(), "line 21")

    def test_panic_of_xen_while_the_command_runs(self):
        self.assert_fails(UP + "console Panic on CPU 0:\n", "crashed while COMMAND ran")

    def test_qemu_that_was_killed_is_reported(self):
        self.assert_fails(UP + "kill\n", "the machine stopped while COMMAND ran",
                          "killed by signal 9")

    def test_complaint_of_qemu_is_passed_on(self):
        self.assert_fails("complain qemu: no such thing\n",
                          "the machine stopped while booting", "no such thing")

    def test_memory_that_the_host_does_not_have(self):
        self.assert_fails("complain qemu: cannot set up guest memory 'pc.ram': Cannot allocate "
                          "memory\n", "this host cannot give it 5000 MiB", "--mem",
                          options=["--mem", "5000"])

    def test_failure_that_dom0_reports_is_passed_on_with_its_log(self):
        below = self.assert_fails("control log no such device\ncontrol fail xenstored did not "
                                  "start\n", "xenstored did not start")
        self.assertEqual(below, ["  no such device"])

    def test_command_that_takes_too_long_is_ended(self):
        self.assert_fails(UP, "COMMAND did not end within 1 s", options=["--timeout", "1"])

    def test_booting_does_not_count_as_the_command(self):
        status, _, err = self.run_script("sleep 2\n" + UP + DONE, "--timeout", "1")
        self.assertEqual((status, err), (0, ""))


    def test_guests_last_lines_are_shown_once(self):
        lines = "control guestlogs\ncontrol guestlog g1 one\ncontrol guestlog g1 two\n"
        below = self.assert_fails("control step waiting\n" + lines * 3 + "kill\n", "stopped")
        self.assertEqual(below, ["  g1 one", "  g1 two"])

    def test_repeated_lines_of_a_guest_are_no_sign_of_life(self):
        session = Session(types.SimpleNamespace(pid=os.getpid(), sockets={}), Console(None),
                          Silent(), 1)
        events = []
        session._watch.event = lambda: events.append(1)
        session._on_control(b"guestlogs\nguestlog g1 still here\n")
        self.assertEqual(events, [])
        session._on_control(b"alive g1 has printed 81 bytes\n")
        self.assertEqual(events, [1])


class Boots(Run):
    FLAKE = "control fail guest g1 (pvh) stopped while it was starting\n"

    def test_machine_that_does_not_start_is_booted_again_if_asked(self):
        status, _, err = self.run_script(f"boot 1\n{self.FLAKE}boot 2\n{UP}{DONE}",
                                         "--boots", "2")
        self.assertEqual(status, 0, err)
        self.assertEqual(err, "xenlab: guest g1 (pvh) stopped while it was starting; "
                         "booting again (2 of 2)\n")

    def test_machine_that_never_starts_fails_the_run(self):
        self.assert_fails(self.FLAKE + "boot 2\n" + self.FLAKE, "stopped while it was starting",
                          options=["--boots", "2"])

    def test_failure_of_the_command_is_final(self):
        status, _, err = self.run_script(f"boot 1\n{UP}control exit 3\ncontrol end\n"
                                         f"boot 2\n{UP}{DONE}", "--boots", "2")
        self.assertEqual((status, err), (3, ""))

    def test_machine_that_dies_under_the_command_is_not_booted_again(self):
        self.assert_fails(f"boot 1\n{UP}kill\nboot 2\n{UP}{DONE}", "while COMMAND ran",
                          options=["--boots", "2"])

    def test_one_boot_is_all_unless_asked(self):
        self.assert_fails(f"boot 1\n{self.FLAKE}boot 2\n{UP}{DONE}",
                          "stopped while it was starting")


class Drain(TestCase):
    def test_what_waits_behind_the_last_control_line_is_taken_too(self):
        pairs = {name: socket.socketpair() for name in ("control", "files")}
        for ours, theirs in pairs.values():
            self.addCleanup(ours.close)
            self.addCleanup(theirs.close)
            ours.setblocking(False)
            theirs.setblocking(False)
        # More than is taken in one turn lies there when the last line is read.
        theirs = pairs["files"][1]
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
        sent = 0
        with contextlib.suppress(BlockingIOError):
            while True:
                sent += theirs.send(bytes(1 << 16))
        self.assertGreater(sent, 1 << 18)
        pairs["control"][1].sendall(b"exit 0\nend\n")
        machine = types.SimpleNamespace(pid=os.getpid(), has_ended=lambda: False,
                                        sockets={name: ours for name, (ours, _) in pairs.items()})
        result = Session(machine, Console(None), Silent(), 1).run()
        self.addCleanup(result.archive.close)
        self.assertEqual(len(result.archive.read()), sent)


class Terminal(Run):
    def on_terminal(self, *options, columns=120):
        """Starts xenlab with a terminal for its stderr, and returns it and our end."""
        ours, theirs = pty.openpty()
        self.addCleanup(os.close, ours)
        termios.tcsetwinsize(theirs, (25, columns))
        process = self.start(*self.arguments(*options), stderr=theirs)
        os.close(theirs)
        return process, ours

    def read(self, terminal, until=None):
        text = ""
        with contextlib.suppress(OSError):
            while until is None or until not in text:
                text += os.read(terminal, 4096).decode()
        return text

    def test_steps_are_shown_in_one_line_that_goes_away(self):
        self.play("control step starting the tool stack\ncontrol running\nstdout hello\n" + DONE)
        process, terminal = self.on_terminal()
        shown = self.read(terminal)
        self.assertEqual((process.communicate()[0], process.returncode), ("hello\n", 0))
        self.assertRegex(shown, r"xenlab: booting Xen \(\d+ s\)\r\x1b\[K")
        self.assertIn("xenlab: starting the tool stack", shown)
        self.assertNotIn("\n", shown)
        self.assertTrue(shown.endswith("\r\x1b[K"))

    def test_line_fits_a_narrow_terminal(self):
        self.play("control step " + "long " * 40 + "\n" + UP + DONE)
        process, terminal = self.on_terminal(columns=40)
        for line in self.read(terminal).split("\r\x1b[K"):
            self.assertLess(len(line), 40)
        process.communicate()

    def test_second_run_waits_for_the_first_and_says_so(self):
        self.play(UP)
        first = self.start(*self.arguments())
        pid = self.qemu()
        self.play(UP + DONE)
        second, terminal = self.on_terminal()
        self.assertIn("waiting for another xenlab", self.read(terminal, until="waiting for another"
                                                             " xenlab on this machine"))
        self.assertEqual(self.qemu(), pid)
        first.terminate()
        first.communicate(timeout=20)
        self.read(terminal)
        second.communicate(timeout=20)
        self.assertEqual(second.returncode, 0)


class Interruption(Run):
    def interrupted(self, signum):
        self.play(UP)
        process = self.start(*self.arguments())
        self.qemu()
        process.send_signal(signum)
        out, err = process.communicate(timeout=20)
        self.assertEqual((process.returncode, out), (-signum, ""))
        self.assert_no_qemu()
        return err

    def test_signal_ends_qemu_and_xenlab_dies_of_it(self):
        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(signum.name):
                os.path.exists(self.path("script.pid")) and os.unlink(self.path("script.pid"))
                self.assertEqual(self.interrupted(signum), "")

    def test_qemu_does_not_outlive_xenlab_that_is_killed(self):
        self.assertEqual(self.interrupted(signal.SIGKILL), "")

    def test_no_file_is_left_behind(self):
        temporary = self.path("tmp")
        os.mkdir(temporary)
        self.play(UP)
        process = self.start(*self.arguments(), env={**self.environment(), "TMPDIR": temporary})
        self.qemu()
        process.kill()
        process.communicate(timeout=20)
        self.assertEqual(os.listdir(temporary), [])


class Machine(Run):
    def test_memory_grows_with_the_guests(self):
        sizes = []
        for options in ([], ["--guest", "pv:mem=512"]):
            self.run_script(UP + DONE, *options)
            with open(self.path("script.arguments"), encoding="utf-8") as file:
                words = file.read().split("\n")
            sizes.append(int(words[words.index("-m") + 1]))
        self.assertGreaterEqual(sizes[1], sizes[0] + 512)

    def test_memory_that_is_not_enough_for_dom0_is_refused(self):
        self.assert_refused(self.arguments("--mem", "300"), "--mem 300", "need", "MiB")

    def test_options_are_added_to_the_hypervisors(self):
        lines = []
        for options in ([], ["--xen-append", "crashkernel=64M sync_console"]):
            self.run_script(UP + DONE, *options)
            with open(self.path("script.arguments"), encoding="utf-8") as file:
                words = file.read().split("\n")
            lines.append(words[words.index("-append") + 1])
        self.assertEqual(lines[1], lines[0] + " crashkernel=64M sync_console")

    def test_machine_has_an_iommu_only_if_it_is_asked_for(self):
        found = []
        for options in ([], ["--iommu"]):
            self.run_script(UP + DONE, *options)
            with open(self.path("script.arguments"), encoding="utf-8") as file:
                words = file.read().split("\n")
            found.append([any(word.startswith(device) for word in words)
                          for device in ("intel-iommu,", "edu,")] +
                         ["no-sharept" in words[words.index("-append") + 1]])
        self.assertEqual(found, [[False] * 3, [True] * 3])

    def test_own_hypervisor_is_booted(self):
        image = self.write("my-xen", b"\x7fELF mine")
        status, _, err = self.run_script(UP + DONE, "--xen-image", image)
        self.assertEqual((status, err), (0, ""))
