# SPDX-License-Identifier: LGPL-2.1-or-later
"""Which files of existing programs are compiled, and how far that goes."""

# What a file must end as: a program that is linked to our libraries, or an object whose
# every Xen symbol one of our libraries has.
OBJECT = None


def program(*libraries):
    return libraries


# ---- xen-utils (source package xen) ----

CTRL = program('xenctrl')
XEN_PROGRAMS = {
    'console/daemon/utils.c': OBJECT,
    'console/daemon/main.c': OBJECT,
    'console/daemon/io.c': OBJECT,
    'console/client/main.c': OBJECT,
    'debugger/gdbsx/xg/xg_main.c': OBJECT,
    'debugger/kdd/kdd-xen.c': OBJECT,
    'flask/utils/get-bool.c': CTRL,
    'flask/utils/getenforce.c': CTRL,
    'flask/utils/label-pci.c': CTRL,
    'flask/utils/loadpolicy.c': CTRL,
    'flask/utils/set-bool.c': CTRL,
    'flask/utils/setenforce.c': CTRL,
    'helpers/xen-init-dom0.c': OBJECT,
    'libs/stat/xenstat.c': OBJECT,
    'misc/xen-access.c': program('xenctrl', 'xenevtchn', 'xenforeignmemory'),
    'misc/xen-diag.c': CTRL,
    'misc/xen-hptool.c': OBJECT,
    'misc/xen-hvmcrash.c': CTRL,
    'misc/xen-hvmctx.c': CTRL,
    'misc/xen-livepatch.c': CTRL,
    'misc/xen-lowmemd.c': program('xenctrl', 'xenevtchn', 'xenstore'),
    'misc/xen-mceinj.c': program('xenctrl', 'xenstore'),
    'misc/xen-memshare.c': CTRL,
    'misc/xen-mfndump.c': OBJECT,
    'misc/xen-ucode.c': OBJECT,
    'misc/xen-vmtrace.c': program('xenctrl', 'xenforeignmemory'),
    'misc/xencov.c': CTRL,
    'misc/xenhypfs.c': program('xenhypfs', 'z'),
    'misc/xenlockprof.c': CTRL,
    'misc/xenperf.c': CTRL,
    'misc/xenpm.c': CTRL,
    'misc/xenwatchdogd.c': CTRL,
    'tests/paging-mempool/test-paging-mempool.c': CTRL,
    'tests/resource/test-resource.c': program('xenctrl', 'xenforeignmemory', 'xengnttab'),
    'vchan/node-select.c': program('xenvchan', 'xenctrl'),
    'vchan/node.c': program('xenvchan', 'xenctrl'),
    'vchan/vchan-socket-proxy.c': program('xenvchan', 'xenstore', 'xenctrl'),
    'xcutils/lsevtchn.c': CTRL,
    'xenmon/setmask.c': CTRL,
    'xenmon/xenbaked.c': program('xenctrl', 'xenevtchn'),
    'xenpaging/file_ops.c': OBJECT,
    'xenpaging/pagein.c': OBJECT,
    'xenpaging/policy_default.c': OBJECT,
    'xenpaging/xenpaging.c': OBJECT,
    'xenpmd/xenpmd.c': program('xenstore'),
    'xenstore/xenstore_control.c': OBJECT,
    'xentop/xentop.c': OBJECT,
    'xentrace/setsize.c': CTRL,
    'xentrace/xenctx.c': program('xenctrl', 'xenforeignmemory'),
    'xentrace/xentrace.c': program('xenctrl', 'xenevtchn'),
}
# Upstream's configure writes these into headers; its makefiles ask for the rest.
XEN_DEFINES = ['-D__XEN_TOOLS__', '-DXC_WANT_COMPAT_MAP_FOREIGN_API=1',
               '-DXC_WANT_COMPAT_DEVICEMODEL_API=1', '-DINCLUDE_CURSES_H=<ncurses.h>',
               '-DXEN_LOCK_DIR="/run/lock"', '-DXEN_LOG_DIR="/var/log/xen"',
               '-DXEN_RUN_DIR="/run/xen"', '-DXENSTORED_PORT="/x"']

# What cannot compile, for a reason that is not an oversight: the name at fault.
NEWER = 'upstream has given it another parameter since'
GAPS = {
    'misc/xen-livepatch.c': ('xc_livepatch_upload', NEWER),
    'misc/xen-ucode.c': ('xc_microcode_update', NEWER),
}

# ---- QEMU ----

QEMU_FOLDERS = ['accel/', 'audio/', 'block/', 'disas/', 'fsdev/', 'hw/', 'include/',
                'linux-headers/', 'migration/', 'net/', 'qapi/', 'scripts/', 'softmmu/',
                'target/i386/', 'tcg/', 'trace', 'ui/', 'util/']
# All that include <xenctrl.h>; hw/usb/xen-usb.c needs libusb besides.
QEMU_COMMON = [
    'hw/9pfs/xen-9p-backend.c', 'hw/block/dataplane/xen-block.c', 'hw/block/xen-block.c',
    'hw/char/xen_console.c', 'hw/display/xenfb.c', 'hw/net/xen_nic.c', 'hw/xen/xen-backend.c',
    'hw/xen/xen-bus-helper.c', 'hw/xen/xen-bus.c', 'hw/xen/xen-legacy-backend.c',
    'hw/xen/xen_devconfig.c', 'hw/xen/xen_pvdev.c',
]
QEMU_TARGET = [
    'accel/xen/xen-all.c', 'hw/i386/xen/xen-hvm.c', 'hw/i386/xen/xen-mapcache.c',
    'hw/i386/xen/xen_apic.c', 'hw/i386/xen/xen_platform.c', 'hw/i386/xen/xen_pvdevice.c',
    'hw/xen/xen-host-pci-device.c', 'hw/xen/xen_pt.c', 'hw/xen/xen_pt_config_init.c',
    'hw/xen/xen_pt_graphics.c', 'hw/xen/xen_pt_load_rom.c', 'hw/xen/xen_pt_msi.c',
    'hw/xenpv/xen_machine_pv.c',
]
QEMU_TRACED = ['', 'accel/tcg', 'hw/9pfs', 'hw/block', 'hw/block/dataplane', 'hw/char',
               'hw/display', 'hw/i386', 'hw/i386/xen', 'hw/net', 'hw/pci', 'hw/usb', 'hw/xen',
               'target/i386']
# What QEMU's configure would find on Debian 12, as far as these files ask.
QEMU_CONFIG = {
    'config-host.h': ['CONFIG_LINUX 1', 'CONFIG_POSIX 1', 'CONFIG_XEN 1',
                      'CONFIG_PIXMAN 1', 'CONFIG_INT128 1', 'CONFIG_PREADV 1', 'CONFIG_IOVEC 1',
                      'CONFIG_TRACE_NOP 1', 'HOST_X86_64 1', 'HOST_LONG_BITS 64',
                      'QEMU_VERSION "7.2.0"'],
    'config-poison.h': [],
    'target.h': ['TARGET_X86_64 1', 'TARGET_NAME "x86_64"', 'CONFIG_SOFTMMU 1'],
    'devices.h': ['CONFIG_XEN_IGD_PASSTHROUGH 1', 'CONFIG_XEN_PCI_PASSTHROUGH 1',
                  'CONFIG_PCI 1', 'CONFIG_I440FX 1', 'CONFIG_XEN_BUS 1'],
}
