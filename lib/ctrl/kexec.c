/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xenctrl/kexec.h"

#include <errno.h>

#include "call.h"

/* KEXEC_CMD_*; two of the names mean older requests in some of Xen's headers. */
enum { EXEC = 0, GET_RANGE = 3, LOAD = 4, UNLOAD = 5, STATUS = 6 };

static int kexec_op(xc_interface *xch, unsigned cmd, void *argument, size_t size,
                    const char *name)
{
    return (int)xenctrl_hypercall(xch, __HYPERVISOR_kexec_op, cmd, argument, size, name);
}

int xc_kexec_exec(xc_interface *xch, int type)
{
    struct {
        int32_t type;
    } request = {type};

    return kexec_op(xch, EXEC, CTRL_PAYLOAD(request), "starting another kernel");
}

int xc_kexec_get_range(xc_interface *xch, int range, int nr, uint64_t *size, uint64_t *start)
{
    xen_kexec_range_t request = {.range = range, .nr = nr};
    int result = kexec_op(xch, GET_RANGE, CTRL_PAYLOAD(request), "asking for a range");

    if (result >= 0) {
        *size = request.size;
        *start = request.start;
    }
    return result;
}

int xc_kexec_load(xc_interface *xch, uint8_t type, uint16_t arch, uint64_t entry_maddr,
                  uint32_t nr_segments, xen_kexec_segment_t *segments)
{
    struct {
        uint8_t type;
        uint8_t pad;
        uint16_t arch;
        uint32_t nr_segments;
        ctrl_u64 segments;
        ctrl_u64 entry_maddr;
    } request = {
        .type = type, .arch = arch, .nr_segments = nr_segments, .entry_maddr = entry_maddr};
    xen_kexec_segment_t *buffer = xenctrl_buffer_array(xch, nr_segments, sizeof(*buffer));

    if (!buffer) {
        return -1;
    }
    memcpy(buffer, segments, nr_segments * sizeof(*buffer));
    request.segments = ctrl_address(buffer);
    int result = kexec_op(xch, LOAD, CTRL_PAYLOAD(request), "loading another kernel");
    xenctrl_buffer_done(xch, buffer);
    return result;
}

static int about_type(xc_interface *xch, unsigned cmd, int type, const char *name)
{
    uint8_t request = (uint8_t)type;

    if (type < 0 || type > UINT8_MAX) {
        return xenctrl_refused(xch, EINVAL, "%d is no kind of kernel", type);
    }
    return kexec_op(xch, cmd, CTRL_PAYLOAD(request), name);
}

int xc_kexec_unload(xc_interface *xch, int type)
{
    return about_type(xch, UNLOAD, type, "unloading a kernel");
}

int xc_kexec_status(xc_interface *xch, int type)
{
    return about_type(xch, STATUS, type, "asking for a loaded kernel");
}
