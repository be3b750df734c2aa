/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "platform.h"

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
        struct {
            ctrl_u64 data;
            uint32_t length;
        } microcode;
        struct {
            uint32_t flags;
            uint32_t length;
            ctrl_u64 data;
        } microcode2;
        struct xenpf_pcpu_version cpu_version;
        struct xc_ucode_revision ucode_revision;
        ctrl_u64 room[16];
    } u;
};
_Static_assert(sizeof(struct platform_op) == 136, "as on every release");

enum {
    PLATFORM_VERSION = 0x03000001,
    PLATFORM_MICROCODE = 35,
    PLATFORM_CPU_VERSION = 48,
    PLATFORM_RESOURCE_OP = 61,
    PLATFORM_UCODE_REVISION = 65, /* since 4.18 */
    PLATFORM_MICROCODE2 = 66,     /* since 4.20 */
};

static struct platform_op op_of(uint32_t cmd)
{
    struct platform_op request;

    CTRL_ZERO(request);
    request.cmd = cmd;
    request.interface_version = PLATFORM_VERSION;
    return request;
}

static int platform_op(xc_interface *xch, struct platform_op *request, const char *name)
{
    return xenctrl_request(xch, __HYPERVISOR_platform_op, request, sizeof(*request), name);
}

/* ---- registers ---- */

static size_t entries_of(const xc_resource_op_t *ops, uint32_t nr_ops)
{
    size_t count = 0;

    for (uint32_t i = 0; i < nr_ops; i++) {
        count += ops[i].nr_entries;
    }
    return count;
}

static struct platform_op resource_op_of(const xc_resource_op_t *op,
                                         const xenpf_resource_entry_t *entries)
{
    struct platform_op request = op_of(PLATFORM_RESOURCE_OP);

    request.u.resource_op.nr_entries = op->nr_entries;
    request.u.resource_op.cpu = op->cpu;
    request.u.resource_op.entries = ctrl_address(entries);
    return request;
}

static void fill(struct multicall_entry *calls, struct platform_op *requests,
                 xenpf_resource_entry_t *entries, const xc_resource_op_t *ops, uint32_t nr_ops)
{
    for (uint32_t i = 0; i < nr_ops; i++) {
        requests[i] = resource_op_of(&ops[i], entries);
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

static int access_one(xc_interface *xch, xc_resource_op_t *op)
{
    size_t size = op->nr_entries * sizeof(*op->entries);
    xenpf_resource_entry_t *entries = xenctrl_buffer_copy(xch, op->entries, size);

    if (!entries) {
        return -1;
    }
    struct platform_op request = resource_op_of(op, entries);
    int result = platform_op(xch, &request, "resource_op");
    memcpy(op->entries, entries, size);
    xenctrl_buffer_done(xch, entries);
    op->result = (uint64_t)(int64_t)result;
    return result;
}

static int access_several(xc_interface *xch, uint32_t nr_ops, xc_resource_op_t *ops)
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

int xc_resource_op(xc_interface *xch, uint32_t nr_ops, xc_resource_op_t *ops)
{
    return nr_ops == 1 ? access_one(xch, ops) : access_several(xch, nr_ops, ops);
}

/* ---- CPUs ---- */

int xc_get_cpu_version(xc_interface *xch, struct xenpf_pcpu_version *cpu_ver)
{
    struct platform_op request = op_of(PLATFORM_CPU_VERSION);

    request.u.cpu_version.xen_cpuid = cpu_ver->xen_cpuid;
    int result = platform_op(xch, &request, "get_cpu_version");
    if (result >= 0) {
        *cpu_ver = request.u.cpu_version;
    }
    return result;
}

/* What not every release has; @other is hvabi's name for it. */
static int newer_platform_op(xc_interface *xch, unsigned other, struct platform_op *request,
                             const char *name)
{
    if (xenctrl_check_open(xch)) {
        return -1;
    }
    if (xenhvabi_check_other(&xch->abi, other)) {
        return xenctrl_failed(xch, "%s", name);
    }
    return platform_op(xch, request, name);
}

int xc_get_ucode_revision(xc_interface *xch, struct xc_ucode_revision *ucode_rev)
{
    struct platform_op request = op_of(PLATFORM_UCODE_REVISION);

    request.u.ucode_revision.cpu = ucode_rev->cpu;
    int result = newer_platform_op(xch, HVABI_OTHER_GET_UCODE_REVISION, &request,
                                   "get_ucode_revision");
    if (result >= 0) {
        *ucode_rev = request.u.ucode_revision;
    }
    return result;
}

/* ---- microcode ---- */

/* Without flags in the way that every release knows. */
static int load(xc_interface *xch, uint64_t data, uint32_t length, unsigned flags)
{
    struct platform_op request = op_of(flags ? PLATFORM_MICROCODE2 : PLATFORM_MICROCODE);

    if (!flags) {
        request.u.microcode.data = data;
        request.u.microcode.length = length;
        return platform_op(xch, &request, "microcode_update");
    }
    request.u.microcode2.flags = flags;
    request.u.microcode2.data = data;
    request.u.microcode2.length = length;
    return newer_platform_op(xch, HVABI_OTHER_MICROCODE_UPDATE2, &request, "microcode_update");
}

int xenctrl_microcode_update(xc_interface *xch, const void *buf, size_t len, unsigned flags)
{
    if (!buf || !len || len > UINT32_MAX) {
        return xenctrl_refused(xch, EINVAL, "microcode of %zu bytes", len);
    }
    void *buffer = xenctrl_buffer_copy(xch, buf, len);
    if (!buffer) {
        return -1;
    }
    int result = load(xch, ctrl_address(buffer), (uint32_t)len, flags);
    xenctrl_buffer_done(xch, buffer);
    return result;
}
