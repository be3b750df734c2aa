/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What stands behind a xenkexec_handle, and how it asks Xen. */
#ifndef XENLIBS_KEXEC_HANDLE_H
#define XENLIBS_KEXEC_HANDLE_H

#include "hvabi.h"
#include "library_log.h"
#include "xenkexec.h"

struct xenkexec_handle {
    struct xenlibs_log log;
    xencall_handle *call;
    struct hvabi abi;
};

/*
 * Makes hypercall @op, its request @size bytes that Xen's answer replaces.
 * Returns what Xen returned, or -1 with errno as it came; keeps errno otherwise.
 */
long xenkexec_ask(xenkexec_handle *hdl, unsigned op, unsigned cmd, void *request, size_t size);

/* Returns -1, with errno as it is, save that a restricted handle is made to say EPERM. */
int xenkexec_failed(xenkexec_handle *hdl);

#endif
