/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Handing a device-model operation to Xen. */
#ifndef XENLIBS_DEVICEMODEL_DM_OP_H
#define XENLIBS_DEVICEMODEL_DM_OP_H

#include <stddef.h>

#include "handle.h"

/*
 * What Linux takes for one buffer, unless its module parameter
 * xen_privcmd.dm_op_buf_max_size says otherwise.
 */
#define DM_OP_BUFFER_BYTES ((size_t)4096)

/* Carries out @op on @domid. Returns 0, or -1 with errno; results are in @op. */
int xendevicemodel_dm_op(xendevicemodel_handle *dmod, domid_t domid, struct xen_dm_op *op);

/* The same with a second buffer, which may be NULL with @size 0. */
int xendevicemodel_dm_op_with(xendevicemodel_handle *dmod, domid_t domid, struct xen_dm_op *op,
                              void *data, size_t size);

#endif
