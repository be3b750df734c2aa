# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes initramfs archives ("newc" cpio), which need no root privileges and no cpio program."""

import os
import stat

_TRAILER = "TRAILER!!!"


class CpioWriter:
    """Collects files for a root image. Parent directories are made as needed.

    Archives may be concatenated: the kernel unpacks one after the other, and a later
    file replaces an earlier one of the same name.
    """

    def __init__(self, out):
        self._out = out
        self._inode = 0
        self._names = set()

    def __contains__(self, name):
        return _clean(name) in self._names

    def directory(self, name, mode=0o755):
        """Adds a directory; one that is there already stays as it is."""
        name = _clean(name)
        if name in self._names or not name:
            return
        self._parents(name)
        self._entry(name, stat.S_IFDIR | mode, b"")

    def file(self, name, data, mode=0o644):
        """Adds a regular file with the given bytes."""
        name = _clean(name)
        self._parents(name)
        self._entry(name, stat.S_IFREG | mode, data)

    def symlink(self, name, target):
        """Adds a symbolic link."""
        name = _clean(name)
        self._parents(name)
        self._entry(name, stat.S_IFLNK | 0o777, os.fsencode(target))

    def device(self, name, mode, major, minor):
        """Adds a character device."""
        name = _clean(name)
        self._parents(name)
        self._entry(name, stat.S_IFCHR | mode, b"", major, minor)

    def host_file(self, name, path):
        """Adds the host's file PATH under NAME with its mode; symbolic links are followed."""
        with open(path, "rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            self.file(name, file.read(), mode)

    def host_tree(self, name, path):
        """Adds the host's directory PATH under NAME, recursively; links inside stay links."""
        self.directory(name)
        for entry in sorted(os.scandir(path), key=lambda item: item.name):
            inside = f"{name}/{entry.name}"
            if entry.is_symlink():
                self.symlink(inside, os.readlink(entry.path))
            elif entry.is_dir():
                self.host_tree(inside, entry.path)
            elif entry.is_file():
                self.host_file(inside, entry.path)

    def close(self):
        """Ends the archive, padded so that another may follow."""
        self._entry(_TRAILER, 0, b"")
        self._out.write(bytes(-self._out.tell() % 512))

    def _parents(self, name):
        parent = os.path.dirname(name)
        if parent:
            self.directory(parent)

    def _entry(self, name, mode, data, major=0, minor=0):
        self._names.add(name)
        self._inode += 1
        raw = os.fsencode(name) + b"\0"
        links = 2 if stat.S_ISDIR(mode) else 1
        fields = (self._inode, mode, 0, 0, links, 0, len(data), 0, 0, major, minor, len(raw), 0)
        header = b"070701" + b"".join(b"%08X" % field for field in fields) + raw
        self._out.write(header + bytes(-len(header) % 4))
        self._out.write(data)
        self._out.write(bytes(-len(data) % 4))


def _clean(name):
    return os.path.normpath("/" + name).lstrip("/")
