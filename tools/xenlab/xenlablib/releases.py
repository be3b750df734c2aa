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
    hvm_packages: tuple = ()  # none: Debian has no device model for this release

    @property
    def xen_packages(self):
        """Hypervisor, tool stack and upstream's libraries."""
        return (f"xen-hypervisor-{self.version}-amd64", f"xen-utils-{self.version}",
                f"libxenmisc{self.version}", self.store_package, "xenstore-utils",
                "xen-utils-common", "libxencall1", "libxendevicemodel1", "libxenevtchn1",
                "libxenforeignmemory1", "libxengnttab1", "libxenhypfs1", "libxentoolcore1",
                "libxentoollog1")

    @property
    def hvmloader(self):
        """The firmware that Xen itself starts in an HVM guest; in xen-utils."""
        return f"usr/lib/xen-{self.version}/boot/hvmloader"

    @property
    def tool_directory(self):
        """Where Debian keeps this release's own programs."""
        return f"usr/lib/xen-{self.version}/bin"


_BOOKWORM = ("busybox-static", "libc6", "libgcc-s1", "libyajl2", "libuuid1", "liblzma5",
             "libzstd1", "zlib1g", "libbz2-1.0", "liblzo2-2")
_TRIXIE = ("busybox-static", "libc6", "libgcc-s1", "libyajl2", "libuuid1", "liblzma5",
           "libzstd1", "zlib1g", "libbz2-1.0", "liblzo2-2")

# QEMU as the device model of HVM guests, the firmware it loads, and its libraries' libraries.
_HVM = ("qemu-system-xen", "qemu-system-data", "seabios", "libfdt1", "libjpeg62-turbo",
        "libpixman-1-0", "libspice-server1", "libusb-1.0-0", "libpcre2-8-0", "libudev1",
        "libsasl2-2", "liblz4-1", "libopus0", "libgstreamer1.0-0",
        "libgstreamer-plugins-base1.0-0", "libstdc++6", "libffi8", "libcap2")
_BOOKWORM_HVM = _HVM + ("libglib2.0-0", "libssl3", "liborc-0.4-0", "libunwind8", "libdw1",
                        "libelf1")
_TRIXIE_HVM = _HVM + ("libglib2.0-0t64", "libssl3t64", "liborc-0.4-0t64", "libxxhash0",
                      "libatomic1")

RELEASES = {release.version: release for release in (
    Release("4.14", "bullseye", "bookworm", "libxenstore3.0", _BOOKWORM),
    Release("4.17", "bookworm", "bookworm", "libxenstore4", _BOOKWORM, _BOOKWORM_HVM),
    Release("4.20", "trixie", "trixie", "libxenstore4", _TRIXIE, _TRIXIE_HVM),
)}
DEFAULT_RELEASE = "4.17"
