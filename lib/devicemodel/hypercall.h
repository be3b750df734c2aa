/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Hypercalls, for what DM_OP does not do and for kernels without it. The handle
 * for them is opened by the first; a restricted handle makes none (EPERM).
 */
#ifndef XENLIBS_DEVICEMODEL_HYPERCALL_H
#define XENLIBS_DEVICEMODEL_HYPERCALL_H

#include <stdbool.h>
#include <stddef.h>

#include "handle.h"

/* Is the handle restricted, to whatever domain? */
bool xendevicemodel_is_restricted(xendevicemodel_handle *dmod);

/*
 * @size bytes, zeroed, that Xen can reach. NULL with errno: EPERM if the handle
 * is restricted, else that of opening or of allocating.
 */
void *xendevicemodel_argument_new(xendevicemodel_handle *dmod, size_t size);

/* Keeps errno. */
void xendevicemodel_argument_free(xendevicemodel_handle *dmod, void *argument);

/*
 * Makes hypercall @op with up to three arguments. Wants an argument of
 * xendevicemodel_argument_new(). Returns what Xen returns, or -1 with errno.
 */
int xendevicemodel_hypercall(xendevicemodel_handle *dmod, unsigned int op, uint64_t arg1,
                             uint64_t arg2, uint64_t arg3);

/*
 * Through which unstable operations go, on the same handle. NULL with errno as
 * xendevicemodel_argument_new(), save for the allocation.
 */
struct hvabi *xendevicemodel_hvabi(xendevicemodel_handle *dmod);

/* What one of hvabi's functions returned, as the library's own return it: 0, or -1 with errno. */
int xendevicemodel_outcome(xendevicemodel_handle *dmod, int result);

#endif
