/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "face.h"

#include <errno.h>
#include <limits.h>
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

/* Where the next domain goes, and as what. */
struct taker {
    const struct hvabi_layout *layout;
    char *next;
};

/* From Xen's buffer to the caller's array: copied once, and converted only where they differ. */
static void give(const struct hvabi_layout *layout, const void *wire, void *user)
{
    struct taker *taker = user;

    if (layout == taker->layout) {
        xenhvabi_copy(layout, wire, taker->next);
    } else {
        struct hvabi_domain_info info;

        xenhvabi_decode(layout, wire, &info, sizeof(info));
        xenhvabi_encode(taker->layout, &info, taker->next);
    }
    taker->next += taker->layout->size;
}

int xenctrl_face_list(xc_interface *xch, uint32_t first_domain, unsigned int max_domains,
                      const struct hvabi_layout *layout, void *info)
{
    struct taker taker = {layout, info};

    if (max_domains > INT_MAX) {
        return xenctrl_refused(xch, EINVAL, "%u domains", max_domains);
    }
    if (xenctrl_check_open(xch)) {
        return -1;
    }
    if (first_domain > UINT16_MAX) {
        return 0;
    }
    int count = xenhvabi_domain_info_each(&xch->abi, (uint16_t)first_domain, max_domains, give,
                                          &taker);
    return xenctrl_result(xch, count, "getdomaininfolist");
}

int xc_domain_getinfolist(xc_interface *xch, uint32_t first_domain, unsigned int max_domains,
                          void *info)
{
    return xenctrl_face_list(xch, first_domain, max_domains,
                             face_layout(xenhvabi_domain_info_layouts), info);
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
        xenhvabi_encode(face_layout(xenhvabi_domain_info_layouts), &found, info);
    }
    return 0;
}
