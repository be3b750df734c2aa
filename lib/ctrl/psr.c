/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xenctrl/psr.h"

#include <errno.h>
#include <stdatomic.h>

#include "call.h"
#include "operation.h"
#include "xenctrl/platform.h"

/* ---- measuring: domains ---- */

enum { CMT_DETACH = 0, CMT_ATTACH = 1, CMT_QUERY_RMID = 2 };

struct domain_cmt_op {
    uint32_t cmd;
    uint32_t data;
};

int xc_psr_cmt_attach(xc_interface *xch, uint32_t domid)
{
    struct domain_cmt_op request = {.cmd = CMT_ATTACH};

    return xenctrl_domctl(xch, CTRL_DOMCTL_PSR_CMT_OP, domid, CTRL_PAYLOAD(request));
}

int xc_psr_cmt_detach(xc_interface *xch, uint32_t domid)
{
    struct domain_cmt_op request = {.cmd = CMT_DETACH};

    return xenctrl_domctl(xch, CTRL_DOMCTL_PSR_CMT_OP, domid, CTRL_PAYLOAD(request));
}

int xc_psr_cmt_get_domain_rmid(xc_interface *xch, uint32_t domid, uint32_t *rmid)
{
    struct domain_cmt_op request = {.cmd = CMT_QUERY_RMID};
    int result = xenctrl_domctl(xch, CTRL_DOMCTL_PSR_CMT_OP, domid, CTRL_PAYLOAD(request));

    if (result >= 0) {
        *rmid = request.data;
    }
    return result;
}

/* ---- measuring: the host ---- */

enum {
    HOST_TOTAL_RMID = 0,
    HOST_UPSCALING_FACTOR = 1,
    HOST_CACHE_SIZE = 2,
    HOST_ENABLED = 3,
    HOST_EVENT_MASK = 4,
};

static int host_cmt_op(xc_interface *xch, uint32_t cmd, uint32_t cpu, uint32_t *data)
{
    struct {
        uint32_t cmd;
        uint32_t flags;
        union {
            ctrl_u64 data;
            struct {
                uint32_t cpu;
                uint32_t rsvd;
            } l3_cache;
        } u;
    } request;

    CTRL_ZERO(request);
    request.cmd = cmd;
    if (cmd == HOST_CACHE_SIZE) {
        request.u.l3_cache.cpu = cpu;
    }
    int result = xenctrl_sysctl(xch, CTRL_SYSCTL_PSR_CMT_OP, CTRL_PAYLOAD(request));
    if (result >= 0) {
        *data = (uint32_t)request.u.data;
    }
    return result;
}

/* What does not change while the host runs, with a bit that says that it is known. */
static int host_cmt_constant(xc_interface *xch, uint32_t cmd, _Atomic uint64_t *known,
                             uint32_t *data)
{
    const uint64_t is_known = (uint64_t)1 << 32;
    uint64_t value = atomic_load_explicit(known, memory_order_relaxed);

    if (value) {
        *data = (uint32_t)value;
        return 0;
    }
    int result = host_cmt_op(xch, cmd, 0, data);
    if (result >= 0) {
        atomic_store_explicit(known, is_known | *data, memory_order_relaxed);
    }
    return result;
}

int xc_psr_cmt_get_total_rmid(xc_interface *xch, uint32_t *total_rmid)
{
    static _Atomic uint64_t known;

    return host_cmt_constant(xch, HOST_TOTAL_RMID, &known, total_rmid);
}

int xc_psr_cmt_get_l3_upscaling_factor(xc_interface *xch, uint32_t *upscaling_factor)
{
    static _Atomic uint64_t known;

    return host_cmt_constant(xch, HOST_UPSCALING_FACTOR, &known, upscaling_factor);
}

int xc_psr_cmt_get_l3_event_mask(xc_interface *xch, uint32_t *event_mask)
{
    static _Atomic uint64_t known;

    return host_cmt_constant(xch, HOST_EVENT_MASK, &known, event_mask);
}

int xc_psr_cmt_enabled(xc_interface *xch)
{
    static _Atomic uint64_t known;
    uint32_t enabled;

    /* Programs take all but 0 for yes. */
    return host_cmt_constant(xch, HOST_ENABLED, &known, &enabled) < 0 ? 0 : (int)enabled;
}

int xc_psr_cmt_get_l3_cache_size(xc_interface *xch, uint32_t cpu, uint32_t *l3_cache_size)
{
    return host_cmt_op(xch, HOST_CACHE_SIZE, cpu, l3_cache_size);
}

/* The registers through which a CPU tells, and its clock. */
enum { MSR_TSC = 0x10, MSR_EVENT_SELECT = 0xc8d, MSR_COUNTER = 0xc8e };

/* A counter's two highest bits say that there was an error, or no data. */
#define COUNTER_BAD 62

int xc_psr_cmt_get_data(xc_interface *xch, uint32_t rmid, uint32_t cpu, xc_psr_cmt_type type,
                        uint64_t *monitor_data, uint64_t *tsc)
{
    xenpf_resource_entry_t entries[] = {
        {.u.cmd = XEN_RESOURCE_OP_MSR_WRITE,
         .idx = MSR_EVENT_SELECT,
         .val = (uint64_t)rmid << 32 | ((unsigned)type + 1)},
        {.u.cmd = XEN_RESOURCE_OP_MSR_READ, .idx = MSR_COUNTER},
        {.u.cmd = XEN_RESOURCE_OP_MSR_READ, .idx = MSR_TSC},
    };
    xc_resource_op_t op = {.cpu = cpu, .nr_entries = tsc ? 3 : 2, .entries = entries};

    if ((unsigned)type > XC_PSR_CMT_LOCAL_MEM_COUNT) {
        return xenctrl_refused(xch, EINVAL, "%u is no kind of measurement", (unsigned)type);
    }
    if (xc_resource_op(xch, 1, &op) < 0) {
        return -1;
    }
    if (op.result != op.nr_entries || entries[1].val >> COUNTER_BAD) {
        return xenctrl_refused(xch, EIO, "a measurement on CPU %u", cpu);
    }
    *monitor_data = entries[1].val;
    if (tsc) {
        *tsc = entries[2].val;
    }
    return 0;
}

/* ---- dividing ---- */

/* XEN_DOMCTL_PSR_*: setting and getting each type. */
static const struct {
    uint32_t set, get;
} alloc_cmds[] = {
    [XC_PSR_CAT_L3_CBM] = {0, 1},      [XC_PSR_CAT_L3_CBM_CODE] = {2, 4},
    [XC_PSR_CAT_L3_CBM_DATA] = {3, 5}, [XC_PSR_CAT_L2_CBM] = {6, 7},
    [XC_PSR_MBA_THRTL] = {8, 9},
};

struct domain_alloc {
    uint32_t cmd;
    uint32_t target;
    ctrl_u64 data;
};

static int check_type(xc_interface *xch, xc_psr_type type)
{
    if (type >= XC_PSR_CAT_L3_CBM && type <= XC_PSR_MBA_THRTL) {
        return 0;
    }
    return xenctrl_refused(xch, EINVAL, "%u is nothing to be divided", (unsigned)type);
}

int xc_psr_set_domain_data(xc_interface *xch, uint32_t domid, xc_psr_type type, uint32_t target,
                           uint64_t data)
{
    if (check_type(xch, type)) {
        return -1;
    }
    struct domain_alloc request = {
        .cmd = alloc_cmds[type].set, .target = target, .data = data};
    return xenctrl_domctl(xch, CTRL_DOMCTL_PSR_ALLOC, domid, CTRL_PAYLOAD(request));
}

int xc_psr_get_domain_data(xc_interface *xch, uint32_t domid, xc_psr_type type, uint32_t target,
                           uint64_t *data)
{
    if (check_type(xch, type)) {
        return -1;
    }
    struct domain_alloc request = {.cmd = alloc_cmds[type].get, .target = target};
    int result = xenctrl_domctl(xch, CTRL_DOMCTL_PSR_ALLOC, domid, CTRL_PAYLOAD(request));
    if (result >= 0) {
        *data = request.data;
    }
    return result;
}

int xc_psr_get_hw_info(xc_interface *xch, uint32_t socket, xc_psr_feat_type type,
                       xc_psr_hw_info *hw_info)
{
    /* For caches size is the length of a mask and max the highest class; else the limits. */
    struct {
        uint32_t cmd;
        uint32_t target;
        uint32_t size;
        uint32_t cos_max;
        uint32_t flags;
    } request = {.cmd = (uint32_t)type, .target = socket};

    if ((unsigned)type > XC_PSR_MBA) {
        return xenctrl_refused(xch, EOPNOTSUPP, "%u is nothing to be divided", (unsigned)type);
    }
    int result = xenctrl_sysctl(xch, CTRL_SYSCTL_PSR_ALLOC, CTRL_PAYLOAD(request));
    if (result < 0) {
        return -1;
    }
    if (type == XC_PSR_MBA) {
        hw_info->mba.cos_max = request.cos_max;
        hw_info->mba.thrtl_max = request.size;
        hw_info->mba.linear = request.flags & XEN_SYSCTL_PSR_MBA_LINEAR;
    } else {
        hw_info->cat.cos_max = request.cos_max;
        hw_info->cat.cbm_len = request.size;
        hw_info->cat.cdp_enabled =
            type == XC_PSR_CAT_L3 && (request.flags & XEN_SYSCTL_PSR_CAT_L3_CDP);
    }
    return result;
}
