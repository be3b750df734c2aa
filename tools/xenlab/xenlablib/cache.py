# SPDX-License-Identifier: LGPL-2.1-or-later
"""The cache: directories that appear whole or not at all, and are checked before use."""

import contextlib
import json
import os
import shutil
import tempfile
import zlib

from . import lock
from .errors import LabError

_MANIFEST = "manifest.json"


def default_directory():
    """Where the cache lives unless --cache says otherwise."""
    base = os.environ.get("XDG_CACHE_HOME")
    if not base or not os.path.isabs(base):
        base = os.path.expanduser("~/.cache")
    return os.path.join(base, "xenlab")


class Cache:
    """A directory of named entries, each built once and then only read."""

    def __init__(self, directory):
        self.directory = os.path.abspath(directory)

    @property
    def apt_state(self):
        """Where apt keeps its lists; not an entry, and of no use once the entries are built."""
        return os.path.join(self.directory, "apt")

    def entry(self, name):
        """The directory of the entry NAME, or None if it is missing or damaged."""
        path = os.path.join(self.directory, name)
        return path if _is_sound(path) else None

    def get(self, name, build, progress):
        """The directory of the entry NAME; BUILD(directory) fills it if it has to be made."""
        path = self.entry(name)
        if path:
            return path
        waiting = f"waiting for another xenlab that fills {self.directory}"
        with self._lock(lambda: progress.step(waiting)):
            path = self.entry(name)
            return path or self._build(name, build)

    def clean(self):
        """Removes the whole cache."""
        if not os.path.isdir(self.directory):
            return
        known = ("apt", "lock", "xen-", "kernel-", "hvm-", "new-")
        strange = [name for name in os.listdir(self.directory) if not name.startswith(known)]
        if strange:
            raise LabError(f"{self.directory} holds {strange[0]}, which is not xenlab's; "
                           "remove the directory yourself")
        shutil.rmtree(self.directory)

    def _lock(self, on_wait):
        try:
            os.makedirs(self.directory, exist_ok=True)
            return lock.file_lock(os.path.join(self.directory, "lock"), on_wait)
        except OSError as error:
            raise LabError(f"cannot fill the cache {self.directory}: {error.strerror}; "
                           "name another directory with --cache") from error

    def _build(self, name, build):
        final = os.path.join(self.directory, name)
        self._remove_leftovers()
        fresh = tempfile.mkdtemp(prefix="new-", dir=self.directory)
        try:
            os.chmod(fresh, 0o755)
            build(fresh)
            _write_manifest(fresh)
            shutil.rmtree(final, ignore_errors=True)
            os.rename(fresh, final)
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise
        return final

    def _remove_leftovers(self):
        # Of a build that was killed; the lock is ours, so nobody is using them.
        for name in os.listdir(self.directory):
            if name.startswith("new-"):
                shutil.rmtree(os.path.join(self.directory, name), ignore_errors=True)


def _write_manifest(directory):
    sums = {}
    for top, _, names in os.walk(directory):
        for name in names:
            path = os.path.join(top, name)
            sums[os.path.relpath(path, directory)] = _checksum(path)
    with open(os.path.join(directory, _MANIFEST), "w", encoding="utf-8") as file:
        json.dump(sums, file, indent=1)


def _is_sound(directory):
    with contextlib.suppress(OSError, ValueError, AttributeError):
        with open(os.path.join(directory, _MANIFEST), encoding="utf-8") as file:
            sums = json.load(file)
        return all(_checksum(os.path.join(directory, name)) == value
                   for name, value in sums.items())
    return False


def _checksum(path):
    # Against truncation and decay, not against an attacker: that is apt's part.
    value, size = 0, 0
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            value = zlib.crc32(block, value)
            size += len(block)
    return [size, value]
