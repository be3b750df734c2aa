/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "handle.h"

#include <errno.h>

#include "uapi_gntdev.h"

/* The caller's array goes to the kernel as it is. */
#define SAME_PLACE(ours, kernels) \
    _Static_assert(offsetof(xengnttab_grant_copy_segment_t, ours) == \
                       offsetof(struct uapi_gntdev_grant_copy_segment, kernels), #ours)
_Static_assert(sizeof(xengnttab_grant_copy_segment_t) ==
                   sizeof(struct uapi_gntdev_grant_copy_segment), "segment size");
SAME_PLACE(source.virt, source.virt);
SAME_PLACE(source.foreign.ref, source.foreign.ref);
SAME_PLACE(source.foreign.offset, source.foreign.offset);
SAME_PLACE(source.foreign.domid, source.foreign.domid);
SAME_PLACE(dest.virt, dest.virt);
SAME_PLACE(dest.foreign.ref, dest.foreign.ref);
SAME_PLACE(dest.foreign.offset, dest.foreign.offset);
SAME_PLACE(dest.foreign.domid, dest.foreign.domid);
SAME_PLACE(len, len);
SAME_PLACE(flags, flags);
SAME_PLACE(status, status);

int xengnttab_grant_copy(xengnttab_handle *xgt, uint32_t count,
                         xengnttab_grant_copy_segment_t *segs)
{
    struct uapi_gntdev_grant_copy request = {.count = count, .segments = segs};
    int rc = ioctl(xgt->fd, UAPI_GNTDEV_GRANT_COPY, &request);

    if (rc)
        xenlibs_log_error(&xgt->log, "cannot copy %u segment(s)", count);
    return rc;
}
