# SPDX-License-Identifier: LGPL-2.1-or-later
"""Builds the cache's entries: the kernels, and each release's hypervisor and roots."""

import glob
import hashlib
import json
import os
import shutil
import tempfile

from . import apt, elf, hvm, kernel
from .cpio import CpioWriter
from .errors import LabError
from .releases import (DOM0_GUEST_MODULES, DOM0_KERNEL, DOM0_MODULES, GUEST_KERNEL,
                       GUEST_MODULES, KERNEL_SUITE, LIBDIR, RELEASES)

# Raised when an entry's content changes although the package tables do not.
_FORMAT = 2

UPSTREAM_LIBRARIES = "opt/upstream/lib"
_LOADER = "ld-linux-x86-64.so.2"
# Needed by nothing's DT_NEEDED: pthread_cancel opens it, and xl uses that.
_ALWAYS = ("libc.so.6", "libgcc_s.so.1", "libm.so.6", "libpthread.so.0", "libdl.so.2",
           "librt.so.1", _LOADER)
# OCaml's xenstored and the tools with libraries of their own would double the root.
_LEFT_OUT = ("oxenstored", "xentop", "gdbsx")


class Images:
    """Gives the entries by name, building them where they are missing."""

    def __init__(self, cache, progress):
        self._cache = cache
        self._progress = progress
        self._suites = {}

    def kernels(self):
        """The directory with the unpacked kernels and their modules."""
        return self._cache.get(kernel_entry(), self._build_kernels, self._progress)

    def xen(self, version):
        """The directory with the hypervisor, the roots and the libraries of a release."""
        release = RELEASES[version]
        return self._cache.get(xen_entry(version), lambda fresh: self._build_xen(release, fresh),
                               self._progress)

    def hvm(self, version):
        """The directory with what dom0 needs for HVM guests on top of its root."""
        release = RELEASES[version]
        hvm.check_known(release)
        xen = self.xen(version)
        return self._cache.get(hvm_entry(version),
                               lambda fresh: self._build_hvm(release, xen, fresh),
                               self._progress)

    def _suite(self, name):
        if name not in self._suites:
            self._suites[name] = apt.Suite(name, self._cache.apt_state)
        return self._suites[name]

    def _build_kernels(self, fresh):
        suite = self._suite(KERNEL_SUITE)
        for role, package, sets in (
                ("dom0", DOM0_KERNEL, {"modules": DOM0_MODULES,
                                       "guest-modules": DOM0_GUEST_MODULES}),
                ("guest", GUEST_KERNEL, {"modules": GUEST_MODULES})):
            self._progress.step(f"fetching the {role} kernel")
            with tempfile.TemporaryDirectory(dir=fresh) as tree:
                apt.fetch_and_unpack(suite, [suite.dependency(package, "linux-image-")], tree)
                self._progress.step(f"unpacking the {role} kernel")
                _keep_kernel(tree, role, fresh)
                _write_modules(tree, sets, os.path.join(fresh, f"{role}-modules.cpio"))

    def _build_xen(self, release, fresh):
        with tempfile.TemporaryDirectory(dir=fresh) as tree:
            base, xen = os.path.join(tree, "base"), os.path.join(tree, "xen")
            self._progress.step(f"fetching Debian's {release.base_suite} libraries")
            apt.fetch_and_unpack(self._suite(release.base_suite), release.base_packages, base)
            self._progress.step(f"fetching Xen {release.version}")
            apt.fetch_and_unpack(self._suite(release.xen_suite), release.xen_packages, xen)
            self._progress.step(f"building the root of Xen {release.version}")
            image = _only(f"{xen}/boot/xen-*.gz", f"the package of Xen {release.version}")
            with open(os.path.join(fresh, "xen.elf"), "wb") as file:
                file.write(kernel.read_hypervisor(image))
            _RootBuilder(release, base, xen, fresh).build()

    def _build_hvm(self, release, xen, fresh):
        packages = (*release.hvm_packages, f"xen-utils-{release.version}")
        with tempfile.TemporaryDirectory(dir=fresh) as tree:
            self._progress.step(f"fetching the device model of Xen {release.version}")
            apt.fetch_and_unpack(self._suite(release.xen_suite), packages, tree)
            self._progress.step(f"building the device model's root of Xen {release.version}")
            hvm.write_root(release, tree, xen, os.path.join(fresh, "dom0-hvm.cpio"))


class _RootBuilder:
    """Turns unpacked packages into the initramfs archives of dom0 and of a guest."""

    def __init__(self, release, base, xen, fresh):
        self._release = release
        self._base, self._xen, self._fresh = base, xen, fresh
        self._upstream = elf.libraries_in(os.path.join(xen, LIBDIR), depth=0)
        self._libraries = dict(_base_libraries(base))
        self._libraries.update(self._upstream)
        self._path = elf.LibraryPath([self._libraries])
        self._contents = {}

    def build(self):
        """Writes both archives, the libraries and what the roots hold."""
        tools = self._tools()
        with open(os.path.join(self._fresh, "dom0.cpio"), "wb") as out:
            self._write_root(CpioWriter(out), "dom0", tools)
        with open(os.path.join(self._fresh, "guest.cpio"), "wb") as out:
            self._write_root(CpioWriter(out), "guest", _for_guests(tools))
        self._contents["upstream"] = sorted(self._upstream)
        with open(os.path.join(self._fresh, "contents.json"), "w", encoding="utf-8") as file:
            json.dump(self._contents, file, indent=1)
        os.mkdir(os.path.join(self._fresh, "lib"))
        for soname, path in self._libraries.items():
            shutil.copyfile(path, os.path.join(self._fresh, "lib", soname))

    def _tools(self):
        """Maps place in the root to file for the programs of this release."""
        tools = {}
        for folder in (self._release.tool_directory, "usr/bin", "usr/sbin"):
            for path in sorted(glob.glob(os.path.join(self._xen, folder, "*"))):
                name = os.path.basename(path)
                if os.path.islink(path) or name in _LEFT_OUT or not elf.is_elf(path):
                    continue
                tools[f"{folder}/{name}"] = path
        for program in ("xl", "xenstored", "xenconsoled", "xen-init-dom0"):
            if f"{self._release.tool_directory}/{program}" not in tools:
                raise LabError(f"the packages of Xen {self._release.version} have no {program}")
        return tools

    def _write_root(self, cpio, role, tools):
        _write_skeleton(cpio)
        cpio.host_file("usr/bin/busybox", _busybox(self._base))
        cpio.symlink("usr/bin/sh", "busybox")
        for place, path in tools.items():
            cpio.host_file(place, path)
        wanted = {name: self._libraries[name] for name in _ALWAYS if name in self._libraries}
        wanted.update(self._upstream)
        roots = list(tools.values()) + list(wanted.values())
        wanted.update(elf.closure(roots, self._path))
        for soname, path in sorted(wanted.items()):
            cpio.file(f"{LIBDIR}/{soname}", _read(path), 0o755)
        cpio.symlink(f"usr/lib64/{_LOADER}", f"/{LIBDIR}/{_LOADER}")
        for soname, path in sorted(self._upstream.items()):
            cpio.file(f"{UPSTREAM_LIBRARIES}/{soname}", _read(path), 0o755)
        cpio.close()
        self._contents[role] = sorted(wanted)


def kernel_entry():
    """The kernels' name in the cache; it changes with what goes into the entry."""
    return "kernel-" + _key(KERNEL_SUITE, DOM0_KERNEL, GUEST_KERNEL, DOM0_MODULES,
                            DOM0_GUEST_MODULES, GUEST_MODULES)


def xen_entry(version):
    """A release's name in the cache."""
    release = RELEASES[version]
    return f"xen-{version}-" + _key(release.xen_packages, release.base_packages,
                                    release.xen_suite, release.base_suite)


def hvm_entry(version):
    """The name in the cache of a release's part for HVM guests."""
    return f"hvm-{version}-" + _key(xen_entry(version), RELEASES[version].hvm_packages)


def _key(*parts):
    return hashlib.sha256(repr((_FORMAT, parts)).encode()).hexdigest()[:12]


def _keep_kernel(tree, role, fresh):
    path = _only(f"{tree}/boot/vmlinuz-*", f"the {role} kernel's package")
    image = _read(path)
    with open(os.path.join(fresh, f"{role}-kernel"), "wb") as file:
        file.write(kernel.unpack_bzimage(image) or image)
    if role == "guest":
        shutil.copyfile(path, os.path.join(fresh, "guest-bzimage"))


def _write_modules(tree, sets, archive):
    folder = _only(f"{tree}/lib/modules/*", "the kernel's package")
    with open(archive, "wb") as out:
        cpio = CpioWriter(out)
        for name, wanted in sets.items():
            places = []
            for path in kernel.module_load_order(folder, wanted):
                place = f"usr/lib/xenlab/modules/{os.path.basename(path)}"
                places.append(f"/{place}\n")
                if place not in cpio:
                    cpio.host_file(place, path)
            cpio.file(f"etc/xenlab/{name}", "".join(places).encode())
        cpio.close()


def _for_guests(tools):
    # The tools that need no privilege, hence work in a guest.
    return {place: path for place, path in tools.items()
            if os.path.basename(place).startswith("xenstore") and place.startswith("usr/bin/")}


def _write_skeleton(cpio):
    for name in ("usr/bin", "usr/sbin", LIBDIR, "usr/lib64", "dev", "proc", "sys", "run",
                 "tmp", "root", "etc/xenlab", "var/lib/xen", "var/log/xen/console", "boot"):
        cpio.directory(name)
    for name in ("bin", "sbin", "lib", "lib64"):
        cpio.symlink(name, f"usr/{name}")
    cpio.symlink("var/run", "/run")
    cpio.symlink("var/lock", "/run/lock")
    cpio.device("dev/console", 0o600, 5, 1)
    cpio.file("etc/passwd", b"root:x:0:0:root:/root:/bin/sh\n"
                            b"nobody:x:65534:65534:nobody:/:/bin/false\n")
    cpio.file("etc/group", b"root:x:0:\nnogroup:x:65534:\n")
    cpio.file("etc/hosts", b"127.0.0.1 localhost\n")
    cpio.file("etc/xen/xl.conf", b"")


def _base_libraries(base):
    for folder in (LIBDIR, "lib/x86_64-linux-gnu"):
        directory = os.path.join(base, folder)
        yield from elf.libraries_in(directory, depth=0).items()


def _busybox(base):
    for folder in ("usr/bin", "bin"):
        path = os.path.join(base, folder, "busybox")
        if os.path.exists(path):
            return path
    raise LabError("the package busybox-static has no busybox")


def _only(pattern, package):
    """The one file that a package has for a pattern."""
    found = glob.glob(pattern)
    if len(found) != 1:
        raise LabError(f"{package} has not one {os.path.basename(pattern)}, but {len(found)}")
    return found[0]


def _read(path):
    with open(path, "rb") as file:
        return file.read()
