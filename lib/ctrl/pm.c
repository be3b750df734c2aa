/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What CPUs have done with their P-states and C-states. */
#include <errno.h>

#include "call.h"
#include "operation.h"
#include "xenctrl/power.h"

enum {
    GET_MAX_PX = 0x11,
    GET_PX = 0x12,
    RESET_PX = 0x13,
    GET_MAX_CX = 0x21,
    GET_CX = 0x22,
    RESET_CX = 0x23,
};

struct pmstat {
    uint32_t type;
    uint32_t cpuid;
    union {
        struct {
            uint8_t total, usable, last, cur;
            uint32_t pad;
            ctrl_u64 trans_pt;
            ctrl_u64 pt;
        } px;
        struct {
            uint32_t nr;
            uint32_t last;
            ctrl_u64 idle_time;
            ctrl_u64 triggers;
            ctrl_u64 residencies;
            uint32_t nr_pc;
            uint32_t nr_cc;
            ctrl_u64 pc;
            ctrl_u64 cc;
        } cx;
    } u;
};
_Static_assert(sizeof(struct pmstat) == 64, "as on every release");

static int pmstat(xc_interface *xch, struct pmstat *request)
{
    return xenctrl_sysctl(xch, CTRL_SYSCTL_GET_PMSTAT, request, sizeof(*request));
}

static struct pmstat pmstat_of(uint32_t type, int cpuid)
{
    struct pmstat request;

    CTRL_ZERO(request);
    request.type = type;
    request.cpuid = (uint32_t)cpuid;
    return request;
}

static int reset(xc_interface *xch, uint32_t type, int cpuid)
{
    struct pmstat request = pmstat_of(type, cpuid);

    return pmstat(xch, &request);
}

/* ---- P-states ---- */

int xc_pm_get_max_px(xc_interface *xch, int cpuid, int *max_px)
{
    struct pmstat request = pmstat_of(GET_MAX_PX, cpuid);
    int result = pmstat(xch, &request);

    if (result >= 0) {
        *max_px = request.u.px.total;
    }
    return result;
}

/* @max of them, in buffers that are zero. */
static int ask_px(xc_interface *xch, int cpuid, unsigned max, struct xc_px_stat *pxpt,
                  uint64_t *transitions, struct xc_px_val *states)
{
    struct pmstat request = pmstat_of(GET_PX, cpuid);

    request.u.px.total = (uint8_t)max; /* Xen reads it since 4.21 */
    request.u.px.trans_pt = ctrl_address(transitions);
    request.u.px.pt = ctrl_address(states);
    int result = pmstat(xch, &request);
    if (result < 0) {
        return -1;
    }
    if (request.u.px.total > max) {
        return xenctrl_refused(xch, EAGAIN, "CPU %d has just got more P-states", cpuid);
    }
    pxpt->total = request.u.px.total;
    pxpt->usable = request.u.px.usable;
    pxpt->last = request.u.px.last;
    pxpt->cur = request.u.px.cur;
    memcpy(pxpt->trans_pt, transitions, (size_t)max * max * sizeof(*transitions));
    memcpy(pxpt->pt, states, max * sizeof(*states));
    return result;
}

int xc_pm_get_pxstat(xc_interface *xch, int cpuid, struct xc_px_stat *pxpt)
{
    int max;

    if (!pxpt->trans_pt || !pxpt->pt) {
        return xenctrl_refused(xch, EINVAL, "statistics of P-states need both arrays");
    }
    if (xc_pm_get_max_px(xch, cpuid, &max) < 0) {
        return -1;
    }
    size_t transitions = (size_t)max * (size_t)max * sizeof(*pxpt->trans_pt);
    size_t states = (size_t)max * sizeof(*pxpt->pt);
    uint8_t *buffer = xenctrl_buffer(xch, transitions + states);
    if (!buffer) {
        return -1;
    }
    memset(buffer, 0, transitions + states);
    int result = ask_px(xch, cpuid, (unsigned)max, pxpt, (void *)buffer,
                        (void *)(buffer + transitions));
    xenctrl_buffer_done(xch, buffer);
    return result;
}

int xc_pm_reset_pxstat(xc_interface *xch, int cpuid)
{
    return reset(xch, RESET_PX, cpuid);
}

/* ---- C-states ---- */

int xc_pm_get_max_cx(xc_interface *xch, int cpuid, int *max_cx)
{
    struct pmstat request = pmstat_of(GET_MAX_CX, cpuid);
    int result = pmstat(xch, &request);

    if (result >= 0) {
        *max_cx = (int)request.u.cx.nr;
    }
    return result;
}

/* The four arrays behind each other. */
struct cx_buffer {
    uint64_t *triggers, *residencies, *pc, *cc;
};

static struct cx_buffer divide(uint64_t *buffer, const struct xc_cx_stat *cxpt)
{
    struct cx_buffer parts = {.triggers = buffer};

    parts.residencies = parts.triggers + cxpt->nr;
    parts.pc = parts.residencies + cxpt->nr;
    parts.cc = parts.pc + cxpt->nr_pc;
    return parts;
}

/* What Xen has filled of what was asked for. */
static void take(uint64_t *array, const uint64_t *buffer, uint32_t room, uint32_t filled)
{
    uint32_t count = filled < room ? filled : room;

    if (count) {
        memcpy(array, buffer, count * sizeof(*array));
    }
}

static int ask_cx(xc_interface *xch, int cpuid, struct xc_cx_stat *cxpt, uint64_t *buffer)
{
    struct cx_buffer parts = divide(buffer, cxpt);
    struct pmstat request = pmstat_of(GET_CX, cpuid);

    request.u.cx.nr = cxpt->nr;
    request.u.cx.nr_pc = cxpt->nr_pc;
    request.u.cx.nr_cc = cxpt->nr_cc;
    request.u.cx.triggers = ctrl_address(parts.triggers);
    request.u.cx.residencies = ctrl_address(parts.residencies);
    request.u.cx.pc = ctrl_address(parts.pc);
    request.u.cx.cc = ctrl_address(parts.cc);
    int result = pmstat(xch, &request);
    if (result < 0) {
        return -1;
    }
    take(cxpt->triggers, parts.triggers, cxpt->nr, request.u.cx.nr);
    take(cxpt->residencies, parts.residencies, cxpt->nr, request.u.cx.nr);
    take(cxpt->pc, parts.pc, cxpt->nr_pc, request.u.cx.nr_pc);
    take(cxpt->cc, parts.cc, cxpt->nr_cc, request.u.cx.nr_cc);
    cxpt->nr = request.u.cx.nr;
    cxpt->nr_pc = request.u.cx.nr_pc;
    cxpt->nr_cc = request.u.cx.nr_cc;
    cxpt->last = request.u.cx.last;
    cxpt->idle_time = request.u.cx.idle_time;
    return result;
}

static bool lacks_an_array(const struct xc_cx_stat *cxpt)
{
    return (cxpt->nr && (!cxpt->triggers || !cxpt->residencies)) ||
           (cxpt->nr_pc && !cxpt->pc) || (cxpt->nr_cc && !cxpt->cc);
}

int xc_pm_get_cxstat(xc_interface *xch, int cpuid, struct xc_cx_stat *cxpt)
{
    if (lacks_an_array(cxpt)) {
        return xenctrl_refused(xch, EINVAL, "statistics of C-states with room in no array");
    }
    size_t count = 2 * (size_t)cxpt->nr + cxpt->nr_pc + cxpt->nr_cc;
    uint64_t *buffer = xenctrl_buffer_array(xch, count, sizeof(*buffer));
    if (!buffer) {
        return -1;
    }
    memset(buffer, 0, count * sizeof(*buffer));
    int result = ask_cx(xch, cpuid, cxpt, buffer);
    xenctrl_buffer_done(xch, buffer);
    return result;
}

int xc_pm_reset_cxstat(xc_interface *xch, int cpuid)
{
    return reset(xch, RESET_CX, cpuid);
}
