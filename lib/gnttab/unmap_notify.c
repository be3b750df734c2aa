/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "unmap_notify.h"

#include "uapi_gntalloc.h"
#include "uapi_gntdev.h"

/* The two drivers understand one and the same request. */
_Static_assert(UAPI_GNTDEV_SET_UNMAP_NOTIFY == UAPI_GNTALLOC_SET_UNMAP_NOTIFY, "number");

int xengnttab_set_unmap_notify(int fd, uint64_t index, size_t size,
                            struct gnttab_unmap_notify notify)
{
    struct uapi_gntdev_unmap_notify request = {.index = index};

    if (notify.offset < size) {
        request.index += notify.offset;
        request.action |= UAPI_UNMAP_NOTIFY_CLEAR_BYTE;
    }
    if (notify.port != UINT32_MAX) {
        request.event_channel_port = notify.port;
        request.action |= UAPI_UNMAP_NOTIFY_SEND_EVENT;
    }
    return request.action ? ioctl(fd, UAPI_GNTDEV_SET_UNMAP_NOTIFY, &request) : 0;
}
