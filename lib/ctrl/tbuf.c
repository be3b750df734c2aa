/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define XC_WANT_COMPAT_MAP_FOREIGN_API 1
#include <errno.h>
#include <limits.h>
#include <sys/mman.h>
#include <xenctrl/trace.h>

#include "bitmap.h"
#include "call.h"
#include "operation.h"
#include "xenctrl_compat.h"

/* XEN_SYSCTL_TBUFOP_* */
enum { GET_INFO = 0, SET_CPU_MASK = 1, SET_EVT_MASK = 2, SET_SIZE = 3, ENABLE = 4, DISABLE = 5 };

struct tbuf_op {
    uint32_t cmd;
    uint32_t pad1;
    struct ctrl_bitmap cpu_mask;
    uint32_t evt_mask;
    uint32_t pad2;
    ctrl_u64 buffer_mfn;
    uint32_t size;
    uint32_t pad3;
};
_Static_assert(sizeof(struct tbuf_op) == 48, "as on every release");

static int tbuf_op(xc_interface *xch, struct tbuf_op *request)
{
    return xenctrl_sysctl(xch, CTRL_SYSCTL_TBUF_OP, request, sizeof(*request));
}

int xc_tbuf_set_size(xc_interface *xch, unsigned long size)
{
    struct tbuf_op request = {.cmd = SET_SIZE, .size = (uint32_t)size};

    if (size > UINT32_MAX) {
        return xenctrl_refused(xch, EINVAL, "trace buffers of %lu pages", size);
    }
    return tbuf_op(xch, &request);
}

/* Buffers that were made before keep their size: that is no failure. */
int xc_tbuf_enable(xc_interface *xch, unsigned long pages, unsigned long *mfn,
                   unsigned long *size)
{
    struct tbuf_op enable = {.cmd = ENABLE}, info = {.cmd = GET_INFO};

    (void)xc_tbuf_set_size(xch, pages);
    if (tbuf_op(xch, &enable) < 0 || tbuf_op(xch, &info) < 0) {
        return -1;
    }
    *mfn = (unsigned long)info.buffer_mfn;
    *size = info.size;
    return 0;
}

int xc_tbuf_disable(xc_interface *xch)
{
    struct tbuf_op request = {.cmd = DISABLE};

    return tbuf_op(xch, &request);
}

/* It stands first in the description, which Xen shows to who may map its memory, to read. */
int xc_tbuf_get_size(xc_interface *xch, unsigned long *size)
{
    struct tbuf_op info = {.cmd = GET_INFO};

    if (tbuf_op(xch, &info) < 0) {
        return -1;
    }
    if (info.size == 0 || info.size > INT_MAX) {
        return xenctrl_refused(xch, EINVAL, "the trace buffers' size");
    }
    const uint16_t *description = xc_map_foreign_range(xch, DOMID_XEN, (int)info.size, PROT_READ,
                                                       (unsigned long)info.buffer_mfn);
    if (!description) {
        return -1;
    }
    uint16_t pages = *description;
    munmap((void *)(uintptr_t)description, info.size);
    if (!pages) {
        return xenctrl_refused(xch, EINVAL, "the trace buffers' size");
    }
    *size = pages;
    return 0;
}

int xc_tbuf_set_cpu_mask(xc_interface *xch, xc_cpumap_t mask)
{
    struct tbuf_op request = {.cmd = SET_CPU_MASK};
    uint8_t *buffer =
        xenctrl_bitmap_buffer(xch, mask, xc_get_cpumap_size(xch), &request.cpu_mask);

    if (!buffer) {
        return -1;
    }
    request.cpu_mask.nr_bits = (uint32_t)xc_get_max_cpus(xch);
    int result = tbuf_op(xch, &request);
    xenctrl_buffer_done(xch, buffer);
    return result;
}

int xc_tbuf_set_evt_mask(xc_interface *xch, uint32_t mask)
{
    struct tbuf_op request = {.cmd = SET_EVT_MASK, .evt_mask = mask};

    return tbuf_op(xch, &request);
}
