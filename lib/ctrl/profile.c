/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Counters of events (perfc) and of locks (lockprof) within Xen. */
#include "xenctrl/profile.h"

#include "buffer.h"
#include "call.h"
#include "operation.h"

enum { RESET = 1, QUERY = 2 };

/* Where a program's buffer lies: it may be declared in the place of another. */
static uint64_t address_of(const xc_hypercall_buffer_t *buffer)
{
    return buffer ? ctrl_address((buffer->param_shadow ? buffer->param_shadow : buffer)->hbuf) : 0;
}

/* ---- events ---- */

struct perfc_op {
    uint32_t cmd;
    uint32_t nr_counters;
    uint32_t nr_vals;
    uint32_t pad;
    ctrl_u64 desc;
    ctrl_u64 val;
};
_Static_assert(sizeof(struct perfc_op) == 32, "as on every release");

static int perfc(xc_interface *xch, struct perfc_op *request)
{
    return xenctrl_sysctl(xch, CTRL_SYSCTL_PERFC_OP, request, sizeof(*request));
}

int xc_perfc_reset(xc_interface *xch)
{
    struct perfc_op request = {.cmd = RESET};

    return perfc(xch, &request);
}

int xc_perfc_query_number(xc_interface *xch, int *nbr_desc, int *nbr_val)
{
    struct perfc_op request = {.cmd = QUERY};
    int result = perfc(xch, &request);

    if (result >= 0 && nbr_desc) {
        *nbr_desc = (int)request.nr_counters;
    }
    if (result >= 0 && nbr_val) {
        *nbr_val = (int)request.nr_vals;
    }
    return result;
}

int xc_perfc_query(xc_interface *xch, xc_hypercall_buffer_t *desc, xc_hypercall_buffer_t *val)
{
    struct perfc_op request = {.cmd = QUERY, .desc = address_of(desc), .val = address_of(val)};

    return perfc(xch, &request);
}

/* ---- locks ---- */

struct lockprof_op {
    uint32_t cmd;
    uint32_t max_elem;
    uint32_t nr_elem;
    uint32_t pad;
    ctrl_u64 time;
    ctrl_u64 data;
};
_Static_assert(sizeof(struct lockprof_op) == 32, "as on every release");

static int lockprof(xc_interface *xch, struct lockprof_op *request)
{
    return xenctrl_sysctl(xch, CTRL_SYSCTL_LOCKPROF_OP, request, sizeof(*request));
}

int xc_lockprof_reset(xc_interface *xch)
{
    struct lockprof_op request = {.cmd = RESET};

    return lockprof(xch, &request);
}

int xc_lockprof_query_number(xc_interface *xch, uint32_t *n_elems)
{
    struct lockprof_op request = {.cmd = QUERY};
    int result = lockprof(xch, &request);

    if (result >= 0) {
        *n_elems = request.nr_elem;
    }
    return result;
}

int xc_lockprof_query(xc_interface *xch, uint32_t *n_elems, uint64_t *time,
                      xc_hypercall_buffer_t *data)
{
    struct lockprof_op request = {
        .cmd = QUERY, .max_elem = *n_elems, .data = address_of(data)};
    int result = lockprof(xch, &request);

    if (result >= 0) {
        *n_elems = request.nr_elem;
        *time = request.time;
    }
    return result;
}
