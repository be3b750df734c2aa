/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xenctrl/platform.h"

#include <errno.h>
#include <string.h>

#include "call.h"

/* xen_platform_op, whose number has never changed. */
struct platform_op {
    uint32_t cmd;
    uint32_t interface_version;
    union {
        struct {
            uint32_t nr_entries;
            uint32_t cpu;
            ctrl_u64 entries;
        } resource_op;
        ctrl_u64 room[16];
    } u;
};
_Static_assert(sizeof(struct platform_op) == 136, "as on every release");

enum { PLATFORM_VERSION = 0x03000001, PLATFORM_RESOURCE_OP = 61 };


static size_t entries_of(const xc_resource_op_t *ops, uint32_t nr_ops)
{
    size_t count = 0;

    for (uint32_t i = 0; i < nr_ops; i++) {
        count += ops[i].nr_entries;
    }
    return count;
}

static void fill(struct multicall_entry *calls, struct platform_op *requests,
                 xenpf_resource_entry_t *entries, const xc_resource_op_t *ops, uint32_t nr_ops)
{
    for (uint32_t i = 0; i < nr_ops; i++) {
        CTRL_ZERO(requests[i]);
        requests[i].cmd = PLATFORM_RESOURCE_OP;
        requests[i].interface_version = PLATFORM_VERSION;
        requests[i].u.resource_op.nr_entries = ops[i].nr_entries;
        requests[i].u.resource_op.cpu = ops[i].cpu;
        requests[i].u.resource_op.entries = ctrl_address(entries);
        calls[i] = (struct multicall_entry){
            .op = __HYPERVISOR_platform_op, .args = {(xen_ulong_t)ctrl_address(&requests[i])}};
        memcpy(entries, ops[i].entries, ops[i].nr_entries * sizeof(*entries));
        entries += ops[i].nr_entries;
    }
}

static void take(const struct multicall_entry *calls, const xenpf_resource_entry_t *entries,
                 xc_resource_op_t *ops, uint32_t nr_ops)
{
    for (uint32_t i = 0; i < nr_ops; i++) {
        ops[i].result = calls[i].result;
        memcpy(ops[i].entries, entries, ops[i].nr_entries * sizeof(*entries));
        entries += ops[i].nr_entries;
    }
}

int xc_resource_op(xc_interface *xch, uint32_t nr_ops, xc_resource_op_t *ops)
{
    struct multicall_entry *calls = xenctrl_buffer_array(xch, nr_ops, sizeof(*calls));
    struct platform_op *requests =
        calls ? xenctrl_buffer_array(xch, nr_ops, sizeof(*requests)) : NULL;
    xenpf_resource_entry_t *entries =
        requests ? xenctrl_buffer_array(xch, entries_of(ops, nr_ops), sizeof(*entries)) : NULL;
    int result = -1;

    if (entries) {
        fill(calls, requests, entries, ops, nr_ops);
        result = xenctrl_result(xch,
                                xencall2(xch->xcall, __HYPERVISOR_multicall,
                                         ctrl_address(calls), nr_ops),
                                "resource_op");
        take(calls, entries, ops, nr_ops);
    }
    xenctrl_buffer_done(xch, entries);
    xenctrl_buffer_done(xch, requests);
    xenctrl_buffer_done(xch, calls);
    return result;
}
