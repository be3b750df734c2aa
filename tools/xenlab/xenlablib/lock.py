# SPDX-License-Identifier: LGPL-2.1-or-later
"""File locks: one boot at a time per machine, one builder at a time per cache entry."""

import contextlib
import errno
import fcntl
import os

from .errors import LabError

# Two emulated machines at once starve each other on a small host, whoever started them.
_BOOT_LOCKS = ("/run/lock/xenlab.lock", "/tmp/xenlab.lock")


@contextlib.contextmanager
def held(descriptor, on_wait):
    """Holds the lock on an open file; calls ON_WAIT first if somebody else has it."""
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.EACCES):
                raise
            on_wait()
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def boot_lock(on_wait):
    """Context manager: the machine-wide right to boot."""
    return held(_open_shared(_BOOT_LOCKS), on_wait)


def file_lock(path, on_wait=lambda: None):
    """Context manager: a lock of this user's own."""
    return held(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644), on_wait)


def _open_shared(paths):
    # Without O_CREAT first: in a sticky directory the kernel refuses O_CREAT on a file
    # that belongs to another user (fs.protected_regular). A read-only descriptor is
    # enough for flock, so that the file of another user can be locked too.
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW
    for path in paths:
        with contextlib.suppress(OSError):
            return os.open(path, flags)
    for path in paths:
        with contextlib.suppress(OSError):
            return os.open(path, flags | os.O_CREAT, 0o644)
    raise LabError(f"cannot create a lock file at {' or '.join(paths)}")
