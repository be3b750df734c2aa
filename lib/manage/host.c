/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The host, its processors, and the Xen that runs it. */
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <xen/version.h>
#include <xen/xen.h>

#include "answer.h"
#include "cpu_info.h"
#include "fail.h"
#include "handle.h"
#include "physinfo.h"
#include "state.h"

/* XEN_SYSCTL_PHYSCAP_*, the same on every release; ours are in the same places. */
enum {
    KNOWN_CAPABILITIES =
        XENMANAGE_PHYSINFO_HVM | XENMANAGE_PHYSINFO_PV | XENMANAGE_PHYSINFO_DIRECTIO |
        XENMANAGE_PHYSINFO_HAP | XENMANAGE_PHYSINFO_SHADOW |
        XENMANAGE_PHYSINFO_IOMMU_HAP_PT_SHARE | XENMANAGE_PHYSINFO_VMTRACE |
        XENMANAGE_PHYSINFO_VPMU | XENMANAGE_PHYSINFO_GNTTAB_V1 | XENMANAGE_PHYSINFO_GNTTAB_V2,
};
_Static_assert(XENMANAGE_PHYSINFO_HAP == HVABI_PHYSCAP_HAP &&
                   XENMANAGE_PHYSINFO_VMTRACE == HVABI_PHYSCAP_VMTRACE &&
                   XENMANAGE_PHYSINFO_GNTTAB_V2 == HVABI_PHYSCAP_GNTTAB_V2,
               "in the same places");

static int check(xenmanage_handle *hdl, const size_t *size, size_t known)
{
    return hdl ? xenmanage_check_size(size, known) : xenlibs_fail(EINVAL);
}

static void describe_host(const struct hvabi_physinfo *found, struct xenmanage_physinfo *info)
{
    *info = (struct xenmanage_physinfo){
        .nr_cpus = found->nr_cpus,
        .max_cpu_id = found->max_cpu_id,
        .threads_per_core = found->threads_per_core,
        .cores_per_socket = found->cores_per_socket,
        .nr_nodes = found->nr_nodes,
        .max_node_id = found->max_node_id,
        .cpu_khz = found->cpu_khz,
        .capabilities = found->capabilities & KNOWN_CAPABILITIES,
        .arch_capabilities = found->arch_capabilities,
        .total_pages = found->total_pages,
        .free_pages = found->free_pages,
        .scrub_pages = found->scrub_pages,
        .claimed_pages = found->outstanding_pages,
        .max_mfn = found->max_mfn,
    };
    memcpy(info->hw_cap, found->hw_cap, sizeof(info->hw_cap));
}

int xenmanage_physinfo_get(xenmanage_handle *hdl, struct xenmanage_physinfo *info)
{
    struct hvabi_physinfo found;
    struct xenmanage_physinfo answer;

    if (check(hdl, info ? &info->size : NULL, sizeof(*info)))
        return -1;
    if (xenhvabi_physinfo(&hdl->abi, &found))
        return xenmanage_failed(&hdl->abi);
    describe_host(&found, &answer);
    xenmanage_store_answer(info, info->size, &answer, sizeof(answer));
    return 0;
}

/* ---- processors ---- */

/* Where the next one goes, and how large each is. */
struct place {
    char *next;
    size_t size;
};

static void take(uint64_t idle_time_ns, void *user)
{
    struct place *place = user;
    struct xenmanage_cpu cpu = {.idle_time_ns = idle_time_ns};

    xenmanage_store_answer(place->next, place->size, &cpu, sizeof(cpu));
    place->next += place->size;
}

int xenmanage_cpu_list(xenmanage_handle *hdl, struct xenmanage_cpu *cpus, unsigned int max_cpus)
{
    struct place place = {.next = (char *)cpus};
    int count;

    if (max_cpus == 0 && hdl)
        return 0;
    if (check(hdl, cpus ? &cpus->size : NULL, sizeof(*cpus)) || max_cpus > INT_MAX)
        return xenlibs_fail(EINVAL);
    place.size = cpus->size;
    count = xenhvabi_cpu_info_each(&hdl->abi, max_cpus, take, &place);
    return count < 0 ? xenmanage_failed(&hdl->abi) : count;
}

/* ---- which Xen ---- */

static int ask_extra_version(xencall_handle *xcall, char *text)
{
    xen_extraversion_t *extra = xencall_buffer_get(xcall, sizeof(*extra));
    int rc;

    if (!extra)
        return -1;
    rc = xencall2(xcall, __HYPERVISOR_xen_version, XENVER_extraversion, (uintptr_t)extra);
    if (rc >= 0)
        memcpy(text, extra, sizeof(*extra) - 1);
    xencall_buffer_put(xcall, extra);
    return rc;
}

int xenmanage_hypervisor_get(xenmanage_handle *hdl, struct xenmanage_hypervisor *hypervisor)
{
    struct xenmanage_hypervisor answer = {0};
    int version;

    if (check(hdl, hypervisor ? &hypervisor->size : NULL, sizeof(*hypervisor)))
        return -1;
    version = xencall2(hdl->call, __HYPERVISOR_xen_version, XENVER_version, 0);
    if (version < 0 || ask_extra_version(hdl->call, answer.extra_version) < 0)
        return xenmanage_failed(&hdl->abi);
    answer.major_version = (uint32_t)version >> 16;
    answer.minor_version = (uint32_t)version & 0xffff;
    xenmanage_store_answer(hypervisor, hypervisor->size, &answer, sizeof(answer));
    return 0;
}
