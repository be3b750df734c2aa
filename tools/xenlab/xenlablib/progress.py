# SPDX-License-Identifier: LGPL-2.1-or-later
"""Tells a person at a terminal what xenlab is doing; says nothing in a pipe."""

import os
import sys
import time


class Progress:
    """One line on stderr, repainted in place."""

    def __init__(self, stream=None):
        self._stream = stream or sys.stderr
        self._enabled = self._stream.isatty()
        self._start = time.monotonic()
        self._step = ""
        self._shown = False

    def step(self, text):
        """Names the step that begins now."""
        self._step = text
        self.tick()

    def tick(self):
        """Repaints the line with the seconds gone by."""
        if not self._enabled or not self._step:
            return
        seconds = time.monotonic() - self._start
        line = f"xenlab: {self._step} ({seconds:.0f} s)"
        # A line that wraps could not be repainted in place.
        self._stream.write(f"\r\x1b[K{line[:self._columns() - 1]}")
        self._stream.flush()
        self._shown = True

    def _columns(self):
        try:
            return os.get_terminal_size(self._stream.fileno()).columns or 80
        except OSError:
            return 80

    def clear(self):
        """Takes the line away, so that other output starts on a clean one."""
        if self._shown:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
            self._shown = False

    def stop(self):
        """Takes the line away for good: COMMAND's output has the terminal now."""
        self.clear()
        self._step = ""
