# SPDX-License-Identifier: LGPL-2.1-or-later
"""What one run adds to the cached roots: the user's files and libraries, and the scripts."""

import collections
import gzip
import io
import json
import os
import shlex

from . import elf
from .cpio import CpioWriter
from .errors import LabError
from .guests import TYPE_BOOT, xl_config
from .releases import LIBDIR, RELEASES

_HOST_LIBRARIES = ("/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/usr/local/lib",
                   "/lib64", "/usr/lib64", "/lib/i386-linux-gnu", "/usr/lib32")
_LIBDIR_32 = "usr/lib/i386-linux-gnu"
_SCRIPTS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "root")

Put = collections.namedtuple("Put", "path place in_guests")


class Overlay:
    """Everything one run lays over the roots, gathered and checked before the machine starts."""

    def __init__(self, version, xen_directory, puts, library_directory):
        self._release = RELEASES[version]
        with open(os.path.join(xen_directory, "contents.json"), encoding="utf-8") as file:
            self._contents = json.load(file)
        self._puts = puts
        self._laid = _laid_libraries(library_directory)
        packaged = {name: os.path.join(xen_directory, "lib", name)
                    for name in os.listdir(os.path.join(xen_directory, "lib"))}
        self._path = elf.LibraryPath([self._laid, packaged], _HOST_LIBRARIES)
        programs = list(self._laid.values()) + list(_elf_files(puts))
        self._needed = elf.closure(programs, self._path)
        self._interpreters = _interpreters(programs)

    def guest_archive(self):
        """The archive that follows the guest's root."""
        return self._archive("guest", self._add_guest)

    def dom0_archive(self, command, gets, guests, guest_files):
        """The archive that follows dom0's root.

        GUEST_FILES maps a place in dom0 to bytes: the guests' kernels and initramfs.
        """
        def add(cpio):
            self._add_dom0(cpio, command, gets, guests)
            for place, data in guest_files.items():
                cpio.file(place, data)
        return self._archive("dom0", add)

    def _archive(self, role, add):
        out = io.BytesIO()
        cpio = CpioWriter(out)
        self._add_libraries(cpio, set(self._contents[role]))
        for put in self._puts:
            if role == "guest" and not put.in_guests:
                continue
            if os.path.isdir(put.path):
                cpio.host_tree(put.place, put.path)
            else:
                cpio.host_file(put.place, put.path)
        add(cpio)
        cpio.close()
        return out.getvalue()

    def _add_libraries(self, cpio, present):
        for soname, path in {**self._needed, **self._laid}.items():
            if soname in present and soname not in self._laid:
                continue
            folder = LIBDIR if elf.read_elf(path).bits == 64 else _LIBDIR_32
            cpio.file(f"{folder}/{soname}", _read(path), 0o755)
        for interpreter in self._interpreters:
            if os.path.basename(interpreter) not in present and os.path.isfile(interpreter):
                cpio.file(interpreter, _read(interpreter), 0o755)

    @staticmethod
    def _add_guest(cpio):
        cpio.file("init", _script("guest-init"), 0o755)
        cpio.file("usr/lib/xenlab/agent", _script("guest-agent"), 0o755)

    def _add_dom0(self, cpio, command, gets, guests):
        cpio.file("init", _script("dom0-init"), 0o755)
        cpio.file("usr/bin/in-guest", _script("in-guest"), 0o755)
        cpio.file("usr/lib/xenlab/dom0-guests", _script("dom0-guests"), 0o755)
        cpio.file("etc/xen/scripts/vif-xenlab", _script("vif-xenlab"), 0o755)
        cpio.file("etc/xenlab/tools", f"/{self._release.tool_directory}\n".encode())
        cpio.file("etc/xenlab/command", f"exec {shlex.join(command)}\n".encode())
        cpio.file("etc/xenlab/gets", "".join(f"{path}\n" for path in gets).encode())
        for number, guest in enumerate(guests, 1):
            cpio.file(f"etc/xenlab/g{number}.cfg", xl_config(number, guest).encode())
        plan = "".join(f"g{number} {guest.kind}\n" for number, guest in enumerate(guests, 1))
        cpio.file("etc/xenlab/plan", plan.encode())


def guest_files(guests, kernel_directory, initramfs):
    """Maps place in dom0 to bytes for what the guests boot from."""
    files = {}
    for kernel, cached, root in sorted({TYPE_BOOT[guest.kind] for guest in guests}):
        files[kernel] = _read(os.path.join(kernel_directory, cached))
        files[root] = gzip.compress(initramfs, mtime=0) if root.endswith(".gz") else initramfs
    return files


def _laid_libraries(directory):
    if directory is None:
        return {}
    libraries = elf.libraries_in(directory)
    if not libraries:
        raise LabError(f"--lib {directory}: no shared library with a SONAME in it")
    return libraries


def _elf_files(puts):
    for put in puts:
        if not os.path.isdir(put.path):
            yield put.path
            continue
        for top, _, names in os.walk(put.path):
            for name in names:
                path = os.path.join(top, name)
                if os.path.isfile(path) and not os.path.islink(path):
                    yield path


def _interpreters(paths):
    found = set()
    for path in paths:
        info = elf.read_elf(path)
        if info and info.interpreter:
            found.add(info.interpreter)
    return sorted(found)


def _script(name):
    return _read(os.path.join(_SCRIPTS, name))


def _read(path):
    with open(path, "rb") as file:
        return file.read()
