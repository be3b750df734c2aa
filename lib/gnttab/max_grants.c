/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "handle.h"

#include <errno.h>

#include "uapi_gntdev.h"

int xengnttab_set_max_grants(xengnttab_handle *xgt, uint32_t nr_grants)
{
    struct uapi_gntdev_set_max_grants request = {.count = nr_grants};
    int saved = errno;

    if (!ioctl(xgt->fd, UAPI_GNTDEV_SET_MAX_GRANTS, &request))
        return 0;
    /* Later kernels have no limit for each handle, so there is none to raise. */
    if (errno == ENOTTY) {
        errno = saved;
        return 0;
    }
    xenlibs_log_error(&xgt->log, "cannot set the limit to %u grants", nr_grants);
    return -1;
}
