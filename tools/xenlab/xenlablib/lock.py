# SPDX-License-Identifier: LGPL-2.1-or-later
"""File locks: one boot at a time per machine, one builder at a time per cache entry."""

import contextlib
import errno
import fcntl
import os
import stat

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
    # A file that is there wins over one that could be made, so that all users meet in one.
    # The last turn is for who lost the race to make it.
    for create in (False, True, False):
        for path in paths:
            with contextlib.suppress(OSError):
                return _open_regular(path, create)
    raise LabError(f"cannot open a lock file at {' or '.join(paths)}")


def _open_regular(path, create):
    # Read-only is enough for flock, so that the file of another user can be locked too. In a
    # directory that everyone may write to, a link or a pipe may wait in the file's place.
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    descriptor = os.open(path, flags | (os.O_CREAT | os.O_EXCL if create else 0), 0o644)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise FileExistsError(errno.EEXIST, "not a regular file", path)
        if create:
            # Whatever the umask says: the other users have to be able to open it.
            os.fchmod(descriptor, 0o644)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor
