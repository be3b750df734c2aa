/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "face.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* Our own struct has room for what is to come: a program that sets it is newer than this. */
static bool sets_what_is_to_come(const void *config)
{
    static const char nothing[60];
    size_t known = face_layout(xenhvabi_create_domain_layouts)->size;

    return XENCTRL_FACE == HVABI_NEWEST &&
           memcmp((const char *)config + known, nothing, sizeof(nothing)) != 0;
}

int xc_domain_create(xc_interface *xch, uint32_t *pdomid, void *config)
{
    struct hvabi_create_domain wanted;
    uint16_t domid = (uint16_t)*pdomid;

    if (sets_what_is_to_come(config)) {
        return xenctrl_refused(xch, EINVAL, "createdomain with fields that are not known yet");
    }
    if (xenctrl_check_open(xch)) {
        return -1;
    }
    xenhvabi_decode(face_layout(xenhvabi_create_domain_layouts), config, &wanted,
                    sizeof(wanted));
    if (xenhvabi_create_domain(&xch->abi, &domid, &wanted)) {
        return xenctrl_failed(xch, "createdomain");
    }
    *pdomid = domid;
    return 0;
}

static void give(const struct hvabi_domain_info *infos, unsigned count, char *bytes)
{
    const struct hvabi_layout *layout = face_layout(xenhvabi_domain_info_layouts);

    for (unsigned i = 0; i < count; i++) {
        xenhvabi_encode(layout, &infos[i], bytes + (size_t)i * layout->size);
    }
}

/* As many as one hypercall brings at once. */
enum { DOMAINS_AT_ONCE = 1024 };

static int list(xc_interface *xch, uint32_t first, unsigned max,
                struct hvabi_domain_info *infos, char *bytes)
{
    size_t stride = face_layout(xenhvabi_domain_info_layouts)->size;
    unsigned total = 0;

    while (total < max && first <= UINT16_MAX) {
        unsigned some = max - total < DOMAINS_AT_ONCE ? max - total : DOMAINS_AT_ONCE;
        int count = xenhvabi_domain_info_list(&xch->abi, (uint16_t)first, infos, some);

        if (count < 0) {
            return xenctrl_failed(xch, "getdomaininfolist");
        }
        give(infos, (unsigned)count, bytes + total * stride);
        total += (unsigned)count;
        if ((unsigned)count < some) {
            break;
        }
        first = infos[count - 1].domain + 1u;
    }
    return (int)total;
}

int xc_domain_getinfolist(xc_interface *xch, uint32_t first_domain, unsigned int max_domains,
                          void *info)
{
    unsigned at_once = max_domains < DOMAINS_AT_ONCE ? max_domains : DOMAINS_AT_ONCE;

    if (max_domains > INT_MAX) {
        return xenctrl_refused(xch, EINVAL, "%u domains", max_domains);
    }
    if (xenctrl_check_open(xch)) {
        return -1;
    }
    struct hvabi_domain_info *infos = calloc(at_once + 1u, sizeof(*infos));
    if (!infos) {
        return xenctrl_failed(xch, "room for %u domains", at_once);
    }
    int count = list(xch, first_domain, max_domains, infos, info);
    int saved = errno;
    free(infos);
    errno = saved;
    return count;
}

int xc_domain_getinfo_single(xc_interface *xch, uint32_t domid, void *info)
{
    struct hvabi_domain_info found;

    if (xenctrl_check_domid(xch, domid)) {
        return -1;
    }
    if (xenhvabi_domain_info(&xch->abi, (uint16_t)domid, &found)) {
        return xenctrl_failed(xch, "getdomaininfo of domain %u", domid);
    }
    if (info) {
        give(&found, 1, info);
    }
    return 0;
}
