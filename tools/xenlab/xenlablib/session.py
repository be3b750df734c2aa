# SPDX-License-Identifier: LGPL-2.1-or-later
"""One run from the start of the machine to COMMAND's results: everything that comes out of it."""

import collections
import os
import selectors
import sys
import tempfile
import time

from .errors import BootError, LabError
from .watch import Watch

_TICK = 0.5
_CONSOLE_LINES = 20
_PANICS = ("Kernel panic", "Panic on CPU", "Reboot in five seconds", "Hardware Dom0 crashed",
           "Hardware Dom0 shutdown")

Result = collections.namedtuple("Result", "status missing archive")


class Console:
    """Xen's console, which dom0's kernel uses too: kept for error reports, saved on request."""

    def __init__(self, file):
        self._file = file
        self._tail = collections.deque(maxlen=200)
        self._partial = b""

    def feed(self, data):
        """Takes what the console printed."""
        self.save(data)
        *lines, self._partial = (self._partial + data).split(b"\n")
        self._partial = self._partial[-4096:]
        for line in lines:
            text = line.decode(errors="replace").strip("\r\0 ")
            if text:
                self._tail.append(text)

    def save(self, data):
        """Adds to the saved console only."""
        if self._file:
            self._file.write(data)
            self._file.flush()

    def panicked(self):
        """True if Xen or dom0 has printed its last words."""
        return any(panic in line for line in self._tail for panic in _PANICS)

    def last_lines(self):
        """The lines an error report shows."""
        lines = list(self._tail)
        if self._partial.strip():
            lines.append(self._partial.decode(errors="replace").strip())
        return lines[-_CONSOLE_LINES:]


class Session:
    """Listens to a Machine until COMMAND's results are there."""

    def __init__(self, machine, console, progress, timeout):
        self._machine = machine
        self._console = console
        self._progress = progress
        self._timeout = timeout
        self._watch = Watch(machine.pid)
        self._selector = selectors.DefaultSelector()
        self._start = time.monotonic()
        self._control = b""
        self._log = []
        self._guest_log = collections.deque(maxlen=_CONSOLE_LINES)
        self._running_since = None
        self._status = None
        self._missing = []
        self._ended = False
        self._archive = None
        self._archive_size = 0

    def run(self):
        """Runs to the end and returns the Result; its archive is a file at its beginning."""
        self._archive = tempfile.TemporaryFile()
        handlers = {"console": self._on_console, "control": self._on_control,
                    "stdout": self._on_stdout, "stderr": self._on_stderr,
                    "files": self._archive.write}
        for name, end in self._machine.sockets.items():
            self._selector.register(end, selectors.EVENT_READ, handlers[name])
        try:
            while not self._is_over():
                self._listen(_TICK)
                self._check()
            # The control line came after the last byte of everything else: take what is there.
            while self._listen(0):
                pass
        finally:
            self._selector.close()
        self._archive.seek(0)
        return Result(self._status, self._missing, self._archive)

    def _is_over(self):
        # What dom0 wrote may still be on its way.
        return self._ended and self._archive.tell() >= self._archive_size

    def _listen(self, timeout):
        heard = False
        for key, _ in self._selector.select(timeout):
            try:
                data = key.fileobj.recv(1 << 18)
            except (BlockingIOError, ConnectionResetError):
                continue
            if not data:
                self._selector.unregister(key.fileobj)
                continue
            heard = True
            key.data(data)
            if key.data != self._on_control:
                self._watch.event()
        return heard

    def _check(self):
        self._progress.tick()
        if self._is_over():
            return
        if self._console.panicked():
            raise self._failure("dom0 or Xen crashed" + self._while())
        if self._machine.has_ended():
            self._drain()
            why = self._machine.last_words()
            raise self._failure(f"the machine stopped{self._while()}"
                                + (f": {why}" if why else ""))
        if self._running_since is None:
            why = self._watch.hangs()
            if why:
                raise self._failure(f"the boot hangs: {why}")
        elif self._status is None:
            seconds = self._watch.clock() - self._running_since
            if seconds > self._timeout:
                raise self._failure(f"COMMAND did not end within {self._timeout:g} s")

    def _drain(self):
        while self._selector.get_map() and self._listen(0):
            pass

    def _while(self):
        if self._running_since is None:
            return " while booting"
        return " while COMMAND ran" if self._status is None else " after COMMAND ended"

    def _failure(self, message):
        log = self._guest_log if self._guest_log else self._console.last_lines()
        return self._error(message, log)

    def _error(self, message, log):
        return (BootError if self._running_since is None else LabError)(message, log)

    def _on_console(self, data):
        self._console.feed(data)

    def _on_stdout(self, data):
        self._progress.clear()
        _write_all(sys.stdout.fileno(), data)

    def _on_stderr(self, data):
        self._progress.clear()
        _write_all(sys.stderr.fileno(), data)

    def _on_control(self, data):
        *lines, self._control = (self._control + data).split(b"\n")
        for line in lines:
            self._note(line)
            verb, _, text = line.decode(errors="replace").partition(" ")
            # dom0 repeats a guest's last lines while it waits: that shows no life in the guest.
            if not verb.startswith("guestlog"):
                self._watch.event()
            handler = getattr(self, f"_heard_{verb}", None)
            if handler:
                handler(text)

    def _note(self, line):
        seconds = time.monotonic() - self._start
        self._console.save(b"[xenlab %.1f s] %s\n" % (seconds, line))

    def _heard_step(self, text):
        self._guest_log.clear()
        self._progress.step(text)

    def _heard_guestlogs(self, _):
        self._guest_log.clear()

    def _heard_guestlog(self, text):
        self._guest_log.append(text)

    def _heard_log(self, text):
        self._log.append(text)

    def _heard_fail(self, text):
        raise self._error(text, self._log or self._console.last_lines())

    def _heard_running(self, _):
        self._progress.stop()
        self._guest_log.clear()
        self._running_since = self._watch.clock()

    def _heard_exit(self, text):
        self._status = int(text)

    def _heard_missing(self, text):
        self._missing.append(text)

    def _heard_archive(self, text):
        self._archive_size = int(text)

    def _heard_end(self, _):
        self._ended = True


def _write_all(descriptor, data):
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view):]
