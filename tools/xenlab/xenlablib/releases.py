# SPDX-License-Identifier: LGPL-2.1-or-later
"""The Xen releases the lab knows, and the Debian packages each one is made of."""

import dataclasses

LIBDIR = "usr/lib/x86_64-linux-gnu"

# The kernel of Debian 12 boots under every release here, as dom0 and as a guest.
KERNEL_SUITE = "bookworm"
DOM0_KERNEL = "linux-image-amd64"
GUEST_KERNEL = "linux-image-cloud-amd64"  # the dom0 kernel's smaller sister, without dom0 support

DOM0_MODULES = ("virtio_pci", "virtio_console",
                "xen-privcmd", "xenfs", "xen-evtchn", "xen-gntdev", "xen-gntalloc")
DOM0_GUEST_MODULES = ("xen-netback",)
GUEST_MODULES = ("xen-netfront",
                 "xen-privcmd", "xenfs", "xen-evtchn", "xen-gntdev", "xen-gntalloc")


@dataclasses.dataclass(frozen=True)
class Release:
    """One Xen release: which suite has its packages, and which suite's libc its tools run on."""

    version: str
    xen_suite: str
    base_suite: str
    store_package: str
    base_packages: tuple
    hvm_packages: tuple = ()

    @property
    def xen_packages(self):
        """Hypervisor, tool stack and upstream's libraries."""
        return (f"xen-hypervisor-{self.version}-amd64", f"xen-utils-{self.version}",
                f"libxenmisc{self.version}", self.store_package, "xenstore-utils",
                "xen-utils-common", "libxencall1", "libxendevicemodel1", "libxenevtchn1",
                "libxenforeignmemory1", "libxengnttab1", "libxenhypfs1", "libxentoolcore1",
                "libxentoollog1")

    @property
    def tool_directory(self):
        """Where Debian keeps this release's own programs."""
        return f"usr/lib/xen-{self.version}/bin"


_BOOKWORM = ("busybox-static", "libc6", "libgcc-s1", "libyajl2", "libuuid1", "liblzma5",
             "libzstd1", "zlib1g", "libbz2-1.0", "liblzo2-2")
_TRIXIE = ("busybox-static", "libc6", "libgcc-s1", "libyajl2", "libuuid1", "liblzma5",
           "libzstd1", "zlib1g", "libbz2-1.0", "liblzo2-2")

RELEASES = {release.version: release for release in (
    Release("4.14", "bullseye", "bookworm", "libxenstore3.0", _BOOKWORM),
    Release("4.17", "bookworm", "bookworm", "libxenstore4", _BOOKWORM),
    Release("4.20", "trixie", "trixie", "libxenstore4", _TRIXIE),
)}
DEFAULT_RELEASE = "4.17"
