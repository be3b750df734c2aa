/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What Xen tells of domains. */
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <xen/xen.h>

#include "answer.h"
#include "domain_info.h"
#include "fail.h"
#include "handle.h"
#include "state.h"

/* XEN_DOMINF_*, the same on every release; ours are in the same places. */
enum {
    KNOWN_FLAGS = XENMANAGE_DOMAIN_DYING | XENMANAGE_DOMAIN_HVM | XENMANAGE_DOMAIN_SHUTDOWN |
                  XENMANAGE_DOMAIN_PAUSED | XENMANAGE_DOMAIN_BLOCKED | XENMANAGE_DOMAIN_RUNNING |
                  XENMANAGE_DOMAIN_DEBUGGED | XENMANAGE_DOMAIN_XENSTORE | XENMANAGE_DOMAIN_HAP,
    DOMINF_SHUTDOWN_SHIFT = 16,
    DOMINF_SHUTDOWN_MASK = 255,
};

static void describe(const struct hvabi_domain_info *info, struct xenmanage_domain *domain)
{
    *domain = (struct xenmanage_domain){
        .domid = info->domain,
        .flags = info->flags & KNOWN_FLAGS,
        .cpupool = info->cpupool,
        .nr_vcpus = info->max_vcpu_id + 1, /* of none it is the highest number */
        .nr_online_vcpus = info->nr_online_vcpus,
        .cpu_time_ns = info->cpu_time,
        .pages = info->tot_pages,
        .max_pages = info->max_pages,
        .claimed_pages = info->outstanding_pages,
        .shared_pages = info->shr_pages,
        .paged_pages = info->paged_pages,
        .shared_info_frame = info->shared_info_frame,
        .ssidref = info->ssidref,
        .emulation_flags = info->emulation_flags,
        .gpaddr_bits = info->gpaddr_bits,
        .misc_flags = info->misc_flags,
    };
    if (info->flags & XENMANAGE_DOMAIN_SHUTDOWN)
        domain->shutdown_reason = info->flags >> DOMINF_SHUTDOWN_SHIFT & DOMINF_SHUTDOWN_MASK;
    memcpy(domain->uuid, info->handle, sizeof(domain->uuid));
}

static void store(struct xenmanage_domain *to, size_t size, const struct hvabi_domain_info *info)
{
    struct xenmanage_domain domain;

    describe(info, &domain);
    xenmanage_store_answer(to, size, &domain, sizeof(domain));
}

static int check(xenmanage_handle *hdl, const struct xenmanage_domain *domain)
{
    return hdl ? xenmanage_check_size(domain ? &domain->size : NULL, sizeof(*domain))
               : xenlibs_fail(EINVAL);
}

int xenmanage_domain_get(xenmanage_handle *hdl, unsigned int domid,
                         struct xenmanage_domain *domain)
{
    struct hvabi_domain_info info;

    if (check(hdl, domain))
        return -1;
    if (domid >= DOMID_FIRST_RESERVED)
        return xenlibs_fail(EINVAL);
    if (xenhvabi_domain_info(&hdl->abi, (uint16_t)domid, &info))
        return xenmanage_failed(&hdl->abi);
    store(domain, domain->size, &info);
    return 0;
}

int xenmanage_domain_next(xenmanage_handle *hdl, unsigned int first_domid,
                          struct xenmanage_domain *domain)
{
    struct hvabi_domain_info info;

    if (check(hdl, domain))
        return -1;
    if (first_domid >= DOMID_FIRST_RESERVED)
        return xenlibs_fail(ESRCH);
    if (xenhvabi_domain_info_from(&hdl->abi, (uint16_t)first_domid, &info))
        return xenmanage_failed(&hdl->abi);
    store(domain, domain->size, &info);
    return 0;
}

/* Where the next one goes, and how large each is. */
struct place {
    char *next;
    size_t size;
};

static void take(const struct hvabi_layout *layout, const void *wire, void *user)
{
    struct place *place = user;
    struct hvabi_domain_info info;

    xenhvabi_decode(layout, wire, &info, sizeof(info));
    store((struct xenmanage_domain *)(void *)place->next, place->size, &info);
    place->next += place->size;
}

int xenmanage_domain_list(xenmanage_handle *hdl, unsigned int first_domid,
                          struct xenmanage_domain *domains, unsigned int max_domains)
{
    struct place place = {.next = (char *)domains};
    int count = 0;

    if (max_domains == 0 && hdl)
        return 0;
    if (check(hdl, domains) || max_domains > INT_MAX)
        return xenlibs_fail(EINVAL);
    place.size = domains->size;
    if (first_domid < DOMID_FIRST_RESERVED)
        count = xenhvabi_domain_info_each(&hdl->abi, (uint16_t)first_domid, max_domains, take,
                                          &place);
    return count < 0 ? xenmanage_failed(&hdl->abi) : count;
}
