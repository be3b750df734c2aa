/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the kernel is to do for the peer when a mapping ends, however it ends. */
#ifndef XENLIBS_GNTTAB_UNMAP_NOTIFY_H
#define XENLIBS_GNTTAB_UNMAP_NOTIFY_H

#include <stddef.h>
#include <stdint.h>

#include <xen/event_channel.h>

struct gnttab_unmap_notify {
    uint32_t offset;     /* of the byte to clear; none if beyond the mapping */
    evtchn_port_t port;  /* of the event to send; none if all ones */
};

/* Neither of the two. */
#define GNTTAB_NO_UNMAP_NOTIFY ((struct gnttab_unmap_notify){UINT32_MAX, UINT32_MAX})

/*
 * Sets @notify for the mapping of @size bytes with the driver's @index, on a
 * descriptor of gntdev or gntalloc. Without a system call if nothing is wanted.
 * Returns 0, or -1 with the errno of the ioctl.
 */
int xengnttab_set_unmap_notify(int fd, uint64_t index, size_t size,
                            struct gnttab_unmap_notify notify);

#endif
