# SPDX-License-Identifier: LGPL-2.1-or-later
"""What xenlab says when it cannot do its work."""

import errno

# xenlab's own failures, so that they are never mistaken for COMMAND's.
EXIT_LAB_FAILED = 125


class LabError(Exception):
    """A failure of the lab: one line, plus optional log lines shown below it."""

    def __init__(self, message, log=()):
        super().__init__(message)
        self.log = list(log)


class BootError(LabError):
    """A machine that did not come as far as COMMAND."""


class Interrupted(BaseException):
    """A signal asked xenlab to stop. Not an Exception: nothing may swallow it."""

    def __init__(self, signum):
        super().__init__(signum)
        self.signum = signum


def describe_os_error(error):
    """One line for an OSError that nobody nearer has explained."""
    where = f": {error.filename}" if error.filename else ""
    if error.errno == errno.ENOSPC:
        return f"the disk is full{where}; free some space or name another --cache directory"
    if error.errno == errno.ENOMEM:
        return "not enough memory on this host; try a smaller --mem"
    if error.errno == errno.EACCES:
        return f"permission denied{where}"
    return f"{error.strerror or error}{where}"
