# SPDX-License-Identifier: LGPL-2.1-or-later
"""Child processes that do not outlive xenlab, even if it is killed."""

import ctypes
import os
import signal

_PR_SET_PDEATHSIG = 1


def dies_with_us():
    """For Popen's preexec_fn: the child is killed when xenlab ends, in whatever way."""
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def prepare():
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)
        # ^C at a terminal is xenlab's to handle.
        os.setsid()

    return prepare
