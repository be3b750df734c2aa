# SPDX-License-Identifier: LGPL-2.1-or-later
"""Reads what the dynamic linker needs to know from an ELF file, and follows it."""

import collections
import os
import struct

from .errors import LabError

PT_LOAD, PT_DYNAMIC, PT_INTERP = 1, 2, 3
DT_NULL, DT_NEEDED, DT_STRTAB, DT_SONAME = 0, 1, 5, 14
ET_EXEC, ET_DYN = 2, 3

ElfInfo = collections.namedtuple("ElfInfo", "bits machine kind soname needed interpreter")
Segment = collections.namedtuple("Segment", "kind offset vaddr size")


def is_elf(path):
    """True if PATH starts like an ELF file."""
    with open(path, "rb") as file:
        return file.read(4) == b"\x7fELF"


def read_elf(path):
    """The ElfInfo of PATH, or None if PATH is not a little-endian ELF program or library."""
    with open(path, "rb") as file:
        if file.read(4) != b"\x7fELF":
            return None
        file.seek(0)
        image = file.read()
    try:
        return _parse(image)
    except (struct.error, ValueError, IndexError, OverflowError):
        return None


def _parse(image):
    bits = {1: 32, 2: 64}.get(image[4])
    if bits is None or image[5] != 1:
        return None
    kind, machine = struct.unpack_from("<HH", image, 16)
    if kind not in (ET_EXEC, ET_DYN):
        return None
    segments = list(_segments(image, bits))
    interpreter = None
    soname, needed = None, ()
    for segment in segments:
        if segment.kind == PT_INTERP:
            interpreter = _string(image, segment.offset)
        elif segment.kind == PT_DYNAMIC:
            soname, needed = _dynamic(image, bits, segments, segment)
    return ElfInfo(bits, machine, kind, soname, tuple(needed), interpreter)


def _segments(image, bits):
    if bits == 64:
        (start,) = struct.unpack_from("<Q", image, 32)
        step, count = struct.unpack_from("<HH", image, 54)
    else:
        (start,) = struct.unpack_from("<I", image, 28)
        step, count = struct.unpack_from("<HH", image, 42)
    for index in range(count):
        at = start + index * step
        if bits == 64:
            kind, _, offset, vaddr, _, size = struct.unpack_from("<IIQQQQ", image, at)
        else:
            kind, offset, vaddr, _, size = struct.unpack_from("<IIIII", image, at)
        yield Segment(kind, offset, vaddr, size)


def _dynamic(image, bits, segments, dynamic):
    entry = "<qQ" if bits == 64 else "<iI"
    step = struct.calcsize(entry)
    names, soname_at, strtab = [], None, None
    for at in range(dynamic.offset, dynamic.offset + dynamic.size, step):
        tag, value = struct.unpack_from(entry, image, at)
        if tag == DT_NULL:
            break
        if tag == DT_NEEDED:
            names.append(value)
        elif tag == DT_SONAME:
            soname_at = value
        elif tag == DT_STRTAB:
            strtab = _file_offset(segments, value)
    if strtab is None:
        return None, ()
    soname = None if soname_at is None else _string(image, strtab + soname_at)
    return soname, [_string(image, strtab + at) for at in names]


def _file_offset(segments, vaddr):
    for segment in segments:
        if segment.kind == PT_LOAD and segment.vaddr <= vaddr < segment.vaddr + segment.size:
            return vaddr - segment.vaddr + segment.offset
    raise ValueError("address outside the file")


def _string(image, at):
    return image[at:image.index(b"\0", at)].decode("utf-8", "surrogateescape")


def libraries_in(directory, depth=2):
    """Maps SONAME to file for the shared libraries in DIRECTORY, up to DEPTH levels below."""
    found = {}
    for top, folders, files in os.walk(directory):
        folders.sort()
        if top[len(directory):].count(os.sep) >= depth:
            folders[:] = []
        for name in sorted(files):
            path = os.path.join(top, name)
            if ".so" not in name or not os.path.isfile(path):
                continue
            info = read_elf(path)
            if info and info.soname:
                found.setdefault(info.soname, path)
    return found


class LibraryPath:
    """Where libraries are looked for: maps of SONAME to file, then directories, in order."""

    def __init__(self, maps, directories=()):
        self.maps = list(maps)
        self.directories = list(directories)

    def find(self, soname, like):
        """The file for SONAME that fits the program LIKE (an ElfInfo), or None."""
        for known in self.maps:
            if soname in known and self._fits(known[soname], like):
                return known[soname]
        for directory in self.directories:
            path = os.path.join(directory, soname)
            if os.path.isfile(path) and self._fits(path, like):
                return path
        return None

    @staticmethod
    def _fits(path, like):
        info = read_elf(path)
        return info is not None and (info.bits, info.machine) == (like.bits, like.machine)


def closure(paths, library_path):
    """Maps SONAME to file for every library that the ELF files in PATHS need, directly or not."""
    found = {}
    waiting = collections.deque(paths)
    while waiting:
        path = waiting.popleft()
        info = read_elf(path)
        if info is None:
            continue
        for soname in info.needed:
            if soname in found:
                continue
            library = library_path.find(soname, info)
            if library is None:
                raise LabError(f"{path} needs {soname}, which is in neither --lib, "
                               "the Debian packages of the lab, nor this host")
            found[soname] = library
            waiting.append(library)
    return found
