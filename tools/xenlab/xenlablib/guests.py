# SPDX-License-Identifier: LGPL-2.1-or-later
"""The guests of a run: what --guest says, and what xl is told."""

import collections

from .errors import LabError

Guest = collections.namedtuple("Guest", "kind memory vcpus passthrough", defaults=[False])

_DEFAULTS = {"mem": 160, "vcpus": 1}

# Where each type's kernel lies in dom0, which file of the kernel entry it is, and its initramfs.
# QEMU, which loads an HVM guest's kernel, takes only a bzImage; and the guest fetches both from
# QEMU byte by byte, so there the initramfs is a packed one.
TYPE_BOOT = {
    "pv": ("boot/guest-kernel", "guest-kernel", "boot/guest-initramfs"),
    "pvh": ("boot/guest-kernel", "guest-kernel", "boot/guest-initramfs"),
    "hvm": ("boot/guest-bzimage", "guest-bzimage", "boot/guest-initramfs.gz"),
}

# The agent's network: dom0 is .1 and the guest .2 in a net of its own.
NETWORK = "10.99"


def parse_guest(text):
    """The Guest for TYPE[:mem=MIB][,vcpus=N]."""
    kind, _, rest = text.partition(":")
    if kind not in TYPE_BOOT:
        raise LabError(f"--guest {text}: unknown type '{kind}' (known: {', '.join(TYPE_BOOT)})")
    settings = dict(_DEFAULTS)
    for item in filter(None, rest.split(",")):
        name, _, value = item.partition("=")
        if name not in settings or not value.isdigit() or not int(value):
            raise LabError(f"--guest {text}: '{item}' is neither mem=MIB nor vcpus=N")
        settings[name] = int(value)
    return Guest(kind, settings["mem"], settings["vcpus"])


def xl_config(number, guest):
    """The xl configuration of guest number NUMBER (from 1)."""
    extra = "quiet random.trust_cpu=on mitigations=off"
    extra += f" xenlab={number} {'console=ttyS0' if guest.kind == 'hvm' else 'console=hvc0'}"
    lines = [
        f'name = "g{number}"',
        f'type = "{guest.kind}"',
        f"memory = {guest.memory}",
        f"vcpus = {guest.vcpus}",
        f'kernel = "/{TYPE_BOOT[guest.kind][0]}"',
        f'ramdisk = "/{TYPE_BOOT[guest.kind][2]}"',
        f'extra = "{extra}"',
        # type=vif: no emulated network card beside it in an HVM guest.
        f'vif = ["type=vif,mac=00:16:3e:00:00:{number:02x},script=vif-xenlab,'
        f'ip={NETWORK}.{number}.2"]',
        # A guest that ends stays to be looked at; the machine is thrown away anyway.
        'on_poweroff = "preserve"',
        'on_reboot = "preserve"',
        'on_crash = "preserve"',
    ]
    # Devices may come later, which xl has to know now; it gives a PVH guest none.
    if guest.passthrough and guest.kind != "pvh":
        lines.append('passthrough = "enabled"')
    if guest.kind == "hvm":
        lines += [f'serial = "file:/var/log/xen/console/guest-g{number}.log"',
                  'vga = "none"', "vnc = 0", "sdl = 0", "usb = 0"]
    return "\n".join(lines) + "\n"
