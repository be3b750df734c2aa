/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "handle.h"

#include <errno.h>
#include <stdlib.h>
#include <xen/xen.h>
#include <xen/hypfs.h>

#include "library_log.h"

static void log_absence(struct xentoollog_logger *logger)
{
    struct xenlibs_log log;

    xenlibs_log_init(&log, logger, "xenhypfs");
    xenlibs_log_error(&log, "Xen's filesystem cannot be asked for its version");
    xenlibs_log_destroy(&log);
}

/* Later versions add to the first, so that any will do. */
static int check_version(xencall_handle *xcall)
{
    int version = xencall5(xcall, __HYPERVISOR_hypfs_op, XEN_HYPFS_OP_get_version, 0, 0, 0, 0);

    if (version > 0)
        return 0;
    if (!version)
        errno = EPROTO;
    return -1;
}

static int open_call(xenhypfs_handle *fshdl, struct xentoollog_logger *logger)
{
    fshdl->xcall = xencall_open(logger, 0);
    if (!fshdl->xcall)
        return -1;
    if (!check_version(fshdl->xcall))
        return 0;
    log_absence(logger);
    return -1;
}

xenhypfs_handle *xenhypfs_open(struct xentoollog_logger *logger, unsigned int open_flags)
{
    int saved = errno;
    xenhypfs_handle *fshdl = calloc(1, sizeof(*fshdl));

    (void)open_flags;
    if (!fshdl)
        return NULL;
    if (open_call(fshdl, logger)) {
        xenhypfs_close(fshdl);
        return NULL;
    }
    errno = saved;
    return fshdl;
}

int xenhypfs_close(xenhypfs_handle *fshdl)
{
    int saved = errno;

    if (!fshdl)
        return 0;
    xencall_close(fshdl->xcall);
    free(fshdl);
    errno = saved;
    return 0;
}
