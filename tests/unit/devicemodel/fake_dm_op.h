/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A kernel and a Xen for device-model operations, over fakexen. Requests are
 * noted down whichever way they come, by DM_OP or by hypercall, and each is
 * answered by the test's own Xen.
 */
#ifndef XENLIBS_TESTS_FAKE_DM_OP_H
#define XENLIBS_TESTS_FAKE_DM_OP_H

#ifndef __XEN_TOOLS__
#define __XEN_TOOLS__ 1
#endif

#include "harness.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <xen/memory.h>
#include <xen/hvm/params.h>
#include <xen/sched.h>

#include "fakexen.h"
#include "uapi_privcmd.h"
#include "xendevicemodel.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define PRIVCMD "/dev/xen/privcmd"
#define PRIVCMD_OLD "/proc/xen/privcmd"
#define HYPERCALL "/dev/xen/hypercall"

enum { FAKE_DOMID = 5, OTHER_DOMID = 6, FAKE_MAX_REQUESTS = 64, FAKE_MAX_DATA = 1 << 16 };

/* A device-model operation as Xen was given it. */
struct fake_request {
    bool by_hypercall;
    uint16_t dom;
    unsigned num;
    size_t size[2];
    struct xen_dm_op op; /* before Xen's answer */
};
extern struct fake_request fake_requests[FAKE_MAX_REQUESTS];
extern unsigned fake_request_count;
extern unsigned char fake_data[FAKE_MAX_DATA]; /* the last second buffer, before the answer */

/* What Xen does; returns 0, or an errno. None: succeeds and changes nothing. */
typedef int fake_xen_fn(struct xen_dm_op *op, void *data, size_t size);
extern fake_xen_fn *fake_xen;

/* Other hypercalls; @argument is the second argument. Returns as the ioctl. */
typedef int fake_other_fn(unsigned hypercall, unsigned op, void *argument);
extern fake_other_fn *fake_other_hypercall;

/* How large a buffer the kernel takes; 4096 at first. */
extern size_t fake_buffer_limit;

/* Makes the devices: a kernel with DM_OP and RESTRICT as Linux 6.1 has them. */
void fake_start(void);
/* And one without either. */
void fake_start_without_dm_op(void);

/* Starts one of the two and opens a handle that must open. */
xendevicemodel_handle *fake_open(void);
xendevicemodel_handle *fake_open_without_dm_op(void);

#endif
