/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opening the devices under /dev/xen. */
#ifndef XENLIBS_DEVICE_H
#define XENLIBS_DEVICE_H

#define XENLIBS_DEVICE_EVTCHN "/dev/xen/evtchn"
#define XENLIBS_DEVICE_GNTDEV "/dev/xen/gntdev"
#define XENLIBS_DEVICE_GNTALLOC "/dev/xen/gntalloc"
#define XENLIBS_DEVICE_PRIVCMD "/dev/xen/privcmd"
#define XENLIBS_DEVICE_PRIVCMD_OLD "/proc/xen/privcmd"
#define XENLIBS_DEVICE_HYPERCALL "/dev/xen/hypercall"

/*
 * Opens @path for reading and writing, close-on-exec, with @more_flags (as for
 * open(2)) on top. Repeats an open that a signal interrupted. Returns the
 * descriptor, or -1 with the errno of open(2).
 */
int xenlibs_device_open(const char *path, int more_flags);

/* The same, but the descriptor outlives execve(2). */
int xenlibs_device_open_inheritable(const char *path, int more_flags);

/*
 * Opens privcmd under the name the kernel has for it: the device, or the file
 * that kernels before it had in xenfs. Returns the descriptor, or -1 with the
 * errno that the device gave.
 */
int xenlibs_privcmd_open(void);

/* Closes @fd unless it is negative. Keeps errno. */
void xenlibs_device_close_quietly(int fd);

#endif
