# SPDX-License-Identifier: LGPL-2.1-or-later
"""Unpacks kernels on the host, where it takes a moment, instead of in the emulated machine."""

import gzip
import lzma
import os
import re
import struct
import zlib

from .errors import LabError

_ELF = b"\x7fELF"


def unpack_bzimage(image):
    """The ELF kernel inside a bzImage, or None if its compression is not one Python knows.

    Xen and xl take the bzImage as well; only the start is slower then.
    """
    if image[0x202:0x206] != b"HdrS":
        raise LabError("the kernel image is not a Linux bzImage")
    setup_sectors = image[0x1F1] or 4
    offset, length = struct.unpack_from("<II", image, 0x248)
    start = (setup_sectors + 1) * 512 + offset
    payload = image[start:start + length]
    unpack = _unpacker(payload)
    if unpack is None:
        return None
    vmlinux = unpack(payload)
    if not vmlinux.startswith(_ELF):
        raise LabError("the kernel image does not hold an ELF kernel")
    return vmlinux


def _unpacker(payload):
    # Decompressor objects, because the kernel appends the unpacked size to the stream.
    if payload.startswith(_ELF):
        return bytes
    if payload.startswith(b"\xfd7zXZ\0"):
        return lambda data: lzma.LZMADecompressor(lzma.FORMAT_XZ).decompress(data)
    if payload.startswith(b"\x1f\x8b"):
        return lambda data: zlib.decompressobj(31).decompress(data)
    return None


def read_hypervisor(path):
    """The multiboot ELF of a hypervisor image, gzipped or not."""
    with open(path, "rb") as file:
        image = file.read()
    if image.startswith(b"\x1f\x8b"):
        try:
            image = gzip.decompress(image)
        except (OSError, EOFError, zlib.error) as error:
            raise LabError(f"{path} is a broken gzip file: {error}") from error
    if not image.startswith(_ELF):
        raise LabError(f"{path} is not a hypervisor image (an ELF file or a gzipped one)")
    return image


def module_dependencies(path):
    """The names of the modules that the module file PATH says it depends on."""
    with open(path, "rb") as file:
        found = re.search(rb"\0depends=([^\0]*)\0", file.read())
    names = found.group(1).decode() if found else ""
    return [name for name in names.split(",") if name]


def module_load_order(tree, wanted):
    """Files of the WANTED modules and what they depend on, in the order to load them.

    TREE is the modules' directory. A module that is not there is taken to be built in
    only if modules.builtin says so.
    """
    files, builtin = _index(tree)
    order = []

    def add(name):
        key = name.replace("-", "_")
        if key not in files:
            if key in builtin:
                return
            raise LabError(f"the kernel package has no module {name}")
        if files[key] in order:
            return
        for dependency in module_dependencies(files[key]):
            add(dependency)
        order.append(files[key])

    for name in wanted:
        add(name)
    return order


def _index(tree):
    files = {}
    for top, _, names in os.walk(tree):
        for name in names:
            if name.endswith(".ko"):
                files[name[:-3].replace("-", "_")] = os.path.join(top, name)
    builtin = set()
    with open(os.path.join(tree, "modules.builtin"), encoding="ascii") as lines:
        for line in lines:
            builtin.add(os.path.basename(line.strip())[:-3].replace("-", "_"))
    return files, builtin
