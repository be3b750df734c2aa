/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "domain_info.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "quirks.h"

/* ---- layouts ---- */

#define FIELD(member, offset) HVABI_FIELD(struct hvabi_domain_info, member, offset)
#define ARCH_FIELD(member, offset) \
    HVABI_FIELD_AS(struct hvabi_domain_info, member, "arch_config." #member, offset, 4)

/* These have never moved. */
#define COMMON_FIELDS \
    FIELD(domain, 0), FIELD(flags, 4), FIELD(tot_pages, 8), FIELD(max_pages, 16), \
        FIELD(outstanding_pages, 24), FIELD(shr_pages, 32), FIELD(paged_pages, 40), \
        FIELD(shared_info_frame, 48), FIELD(cpu_time, 56), FIELD(nr_online_vcpus, 64), \
        FIELD(max_vcpu_id, 68), FIELD(ssidref, 72), FIELD(handle, 76), FIELD(cpupool, 92)

static const struct hvabi_field fields_4_14[] = {
    COMMON_FIELDS,
    ARCH_FIELD(emulation_flags, 96),
};

static const struct hvabi_field fields_4_15[] = {
    COMMON_FIELDS,
    ARCH_FIELD(emulation_flags, 96),
    ARCH_FIELD(misc_flags, 100),
};

static const struct hvabi_field fields_4_16[] = {
    COMMON_FIELDS,
    FIELD(gpaddr_bits, 96),
    ARCH_FIELD(emulation_flags, 104),
    ARCH_FIELD(misc_flags, 108),
};

static const struct hvabi_layout layout_4_14 = HVABI_LAYOUT(104, fields_4_14);
static const struct hvabi_layout layout_4_15 = HVABI_LAYOUT(104, fields_4_15);
static const struct hvabi_layout layout_4_16 = HVABI_LAYOUT(112, fields_4_16);

const struct hvabi_layout_since xenhvabi_domain_info_layouts[] = {
    {HVABI_RELEASE(4, 14), &layout_4_14},
    {HVABI_RELEASE(4, 15), &layout_4_15},
    {HVABI_RELEASE(4, 16), &layout_4_16},
    {0, NULL},
};

static void decode(unsigned release, const void *wire, struct hvabi_domain_info *info)
{
    xenhvabi_decode(xenhvabi_layout_of(xenhvabi_domain_info_layouts, release), wire, info,
                    sizeof(*info));
}

/* ---- one domain ---- */

/* What getdomaininfo answers: with HVABI_QUIRK_INFO_IS_AT_OR_ABOVE maybe another domain. */
static int ask(struct hvabi *abi, uint16_t domid, struct hvabi_domain_info *info)
{
    unsigned release = xenhvabi_domctl_release(abi, HVABI_DOMCTL_GETDOMAININFO);
    struct hvabi_payload payload = {{0}};

    if (!release ||
        xenhvabi_domctl(abi, HVABI_DOMCTL_GETDOMAININFO, &domid, &payload) < 0) {
        return -1;
    }
    decode(release, &payload, info);
    return 0;
}

int xenhvabi_domain_info(struct hvabi *abi, uint16_t domid, struct hvabi_domain_info *info)
{
    struct hvabi_domain_info found;

    if (ask(abi, domid, &found)) {
        return -1;
    }
    if (found.domain != domid) {
        errno = ESRCH;
        return -1;
    }
    *info = found;
    return 0;
}

int xenhvabi_domain_info_from(struct hvabi *abi, uint16_t first,
                              struct hvabi_domain_info *info)
{
    int at_or_above = xenhvabi_quirk(abi, HVABI_QUIRK_INFO_IS_AT_OR_ABOVE);

    if (at_or_above) {
        return at_or_above < 0 ? -1 : ask(abi, first, info);
    }
    int count = xenhvabi_domain_info_list(abi, first, info, 1);
    if (count == 0) {
        errno = ESRCH;
    }
    return count == 1 ? 0 : -1;
}

/* ---- many domains ---- */

/* xen_sysctl_getdomaininfolist: the same on every release, unlike what it fills. */
struct list_request {
    uint16_t first_domain;
    uint16_t pad1;
    uint32_t max_domains;
    _Alignas(8) uint64_t buffer;
    uint32_t num_domains;
    uint32_t pad2;
};

_Static_assert(sizeof(struct list_request) == 24, "as on every release");

/* A buffer of this many stays in the pool. */
#define DOMAINS_A_CALL 1024

static int list_into(struct hvabi *abi, uint16_t first, void *buffer, unsigned max)
{
    struct list_request request = {
        .first_domain = first, .max_domains = max, .buffer = (uintptr_t)buffer};
    struct hvabi_payload payload = {{0}};

    memcpy(&payload, &request, sizeof(request));
    if (xenhvabi_sysctl(abi, HVABI_SYSCTL_GETDOMAININFOLIST, &payload) < 0) {
        return -1;
    }
    memcpy(&request, &payload, sizeof(request));
    return (int)(request.num_domains < max ? request.num_domains : max);
}

/* One call's worth; *@first becomes the id behind the last of them. */
static int take_some(struct hvabi *abi, const struct hvabi_layout *layout, unsigned *first,
                     unsigned max, xenhvabi_take_domain_fn *take, void *user)
{
    char *buffer = xencall_buffer_get(abi->xcall, (size_t)layout->size * max);

    if (!buffer) {
        return -1;
    }
    int count = list_into(abi, (uint16_t)*first, buffer, max);
    for (int i = 0; i < count; i++) {
        const char *wire = buffer + (size_t)i * layout->size;
        uint16_t domid;

        memcpy(&domid, wire, sizeof(domid)); /* the first field, in every layout */
        *first = domid + 1u;
        take(layout, wire, user);
    }
    xencall_buffer_put(abi->xcall, buffer);
    return count;
}

int xenhvabi_domain_info_each(struct hvabi *abi, uint16_t first, unsigned max,
                              xenhvabi_take_domain_fn *take, void *user)
{
    unsigned release = xenhvabi_sysctl_release(abi, HVABI_SYSCTL_GETDOMAININFOLIST);
    unsigned total = 0, next = first;

    if (max > INT_MAX) {
        errno = EINVAL;
        return -1;
    }
    if (!release) {
        return -1;
    }
    const struct hvabi_layout *layout = xenhvabi_layout_of(xenhvabi_domain_info_layouts, release);
    while (total < max && next <= UINT16_MAX) {
        unsigned some = max - total < DOMAINS_A_CALL ? max - total : DOMAINS_A_CALL;
        int count = take_some(abi, layout, &next, some, take, user);

        if (count < 0) {
            return -1;
        }
        total += (unsigned)count;
        if ((unsigned)count < some) {
            break;
        }
    }
    return (int)total;
}

static void decode_next(const struct hvabi_layout *layout, const void *wire, void *user)
{
    struct hvabi_domain_info **next = user;

    xenhvabi_decode(layout, wire, *next, sizeof(**next));
    ++*next;
}

int xenhvabi_domain_info_list(struct hvabi *abi, uint16_t first,
                              struct hvabi_domain_info *infos, unsigned max)
{
    return xenhvabi_domain_info_each(abi, first, max, decode_next, &infos);
}
