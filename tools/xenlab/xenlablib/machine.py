# SPDX-License-Identifier: LGPL-2.1-or-later
"""The emulated machine: QEMU's command line, its life and its death."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess

from . import child
from .errors import LabError

PORTS = ("control", "stdout", "stderr", "files")

_QEMU = "qemu-system-x86_64"
_DOM0_MEMORY = 768

# no-real-mode and edd=off skip BIOS calls that are slow in emulation.
_XEN_OPTIONS = ("console=com1 com1=115200 no-real-mode edd=off loglvl=warning guest_loglvl=error "
                "spec-ctrl=no xpti=no")
# A quiet console, and an entropy pool that trusts RDRAND: nothing ever waits for randomness.
_DOM0_OPTIONS = "console=hvc0 quiet random.trust_cpu=on mitigations=off"

# An IOMMU, which needs the newer chipset, and a device behind it: QEMU's edu has registers, an
# interrupt by pin or message, and DMA to any address. QEMU emulates Intel's IOMMU and AMD's
# processor, so that the page tables of HVM guests are not the IOMMU's.
_IOMMU = ("-machine", "q35", "-device", "intel-iommu,intremap=on",
          "-device", "edu,addr=05.0,dma_mask=0xffffffffffff")
_IOMMU_XEN_OPTIONS = " iommu=no-sharept"


class Machine:
    """A running QEMU. `sockets` maps "console" and the names in PORTS to their host ends."""

    def __init__(self, hypervisor, dom0_kernel, initramfs, memory, cpus, has_iommu=False,
                 xen_append=""):
        if not shutil.which(_QEMU):
            raise LabError(f"no {_QEMU} on this host: `apt-get install qemu-system-x86`")
        self.sockets = {}
        self._memory = memory["machine"]
        with contextlib.ExitStack() as handed:
            # QEMU is given descriptors, not names: a name may hold its separators, and
            # nothing of the run then lies in a file system.
            ends = {name: self._socket_pair(name, handed) for name in ("console",) + PORTS}
            files = {"xen": handed.enter_context(open(hypervisor, "rb")).fileno(),
                     "kernel": handed.enter_context(open(dom0_kernel, "rb")).fileno(),
                     "initramfs": _in_memory("xenlab-initramfs", initramfs, handed)}
            command = _command(files, ends, memory, cpus, has_iommu, xen_append)
            self._process = self._start(command, [*files.values(), *ends.values()])

    def _socket_pair(self, name, handed):
        ours, theirs = socket.socketpair()
        self.sockets[name] = ours
        ours.setblocking(False)
        return handed.enter_context(theirs).fileno()

    @staticmethod
    def _start(command, descriptors):
        return subprocess.Popen(command, pass_fds=descriptors, preexec_fn=child.dies_with_us(),
                                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                stderr=subprocess.PIPE)

    @property
    def pid(self):
        """QEMU's process id."""
        return self._process.pid

    def has_ended(self):
        """True once QEMU has exited."""
        return self._process.poll() is not None

    def last_words(self):
        """Why QEMU ended, as far as that is known; only once it has ended."""
        text = self._process.stderr.read().decode(errors="replace").strip()
        if "cannot set up guest memory" in text or "cannot allocate memory" in text.lower():
            return (f"this host cannot give it {self._memory} MiB of memory; "
                    "try fewer guests or a smaller --mem")
        if self._process.returncode < 0:
            return f"QEMU was killed by signal {-self._process.returncode}" + (
                ", perhaps for want of memory on this host"
                if self._process.returncode == -signal.SIGKILL else "")
        return text.splitlines()[-1] if text else ""

    def stop(self):
        """Ends QEMU at once: there is no disk whose content could be lost."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        self._process.wait()
        self._process.stderr.close()
        for end in self.sockets.values():
            end.close()


def memory_for_dom0(initramfs_size):
    """MiB for Xen and dom0, with the boot loader's copy of the initramfs."""
    return dom0_memory(initramfs_size) + 256 + (initramfs_size >> 20)


def memory_needed(guests, initramfs_size):
    """MiB for Xen, dom0 and the guests."""
    return memory_for_dom0(initramfs_size) + sum(guest.memory + 64 for guest in guests)


def dom0_memory(initramfs_size):
    """MiB for dom0: its initramfs is there twice for a moment."""
    return max(_DOM0_MEMORY, 384 + 2 * (initramfs_size >> 20))


def _xen_command_line(dom0_memory_mib, has_iommu, xen_append):
    options = (f"dom0_mem={dom0_memory_mib}M,max:{dom0_memory_mib}M {_XEN_OPTIONS}"
               f"{_IOMMU_XEN_OPTIONS if has_iommu else ''}")
    return f"{options} {xen_append}".rstrip()


def _command(files, ends, memory, cpus, has_iommu, xen_append):
    dom0 = memory["dom0"]
    command = [
        _QEMU, "-accel", "tcg,thread=multi", "-cpu", "qemu64,+svm,+npt,+rdrand",
        "-smp", str(cpus), "-m", str(memory["machine"]), "-nodefaults", "-no-user-config",
        "-display", "none", "-no-reboot", "-nic", "none", "-monitor", "none",
        "-kernel", f"/dev/fd/{files['xen']}",
        "-append", _xen_command_line(dom0, has_iommu, xen_append),
        "-initrd", f"/dev/fd/{files['kernel']} {_DOM0_OPTIONS},/dev/fd/{files['initramfs']}",
        "-chardev", f"socket,id=console,fd={ends['console']}", "-serial", "chardev:console",
        "-device", "virtio-serial-pci",
        *(_IOMMU if has_iommu else ()),
    ]
    for name in PORTS:
        command += ["-chardev", f"socket,id={name},fd={ends[name]}",
                    "-device", f"virtserialport,chardev={name},name={name}"]
    return command


def _in_memory(name, parts, handed):
    descriptor = os.memfd_create(name)
    handed.callback(os.close, descriptor)
    with open(descriptor, "wb", closefd=False) as file:
        for part in parts:
            file.write(part)
    return descriptor
