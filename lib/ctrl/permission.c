/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "permission.h"

#include <errno.h>

#include "operation.h"
#include "passthrough.h"
#include "xenctrl/passthrough.h"

int xc_domain_ioport_permission(xc_interface *xch, uint32_t domid, uint32_t first_port,
                                uint32_t nr_ports, uint32_t allow_access)
{
    struct {
        uint32_t first_port;
        uint32_t nr_ports;
        uint8_t allow_access;
        uint8_t pad[3];
    } request = {.first_port = first_port,
                 .nr_ports = nr_ports,
                 .allow_access = allow_access != 0};

    return xenctrl_domctl(xch, CTRL_DOMCTL_IOPORT_PERMISSION, domid, CTRL_PAYLOAD(request));
}

int xc_domain_iomem_permission(xc_interface *xch, uint32_t domid, unsigned long first_mfn,
                               unsigned long nr_mfns, uint8_t allow_access)
{
    struct {
        ctrl_u64 first_mfn;
        ctrl_u64 nr_mfns;
        uint8_t allow_access;
        uint8_t pad[7];
    } request = {.first_mfn = first_mfn, .nr_mfns = nr_mfns, .allow_access = allow_access != 0};

    return xenctrl_domctl(xch, CTRL_DOMCTL_IOMEM_PERMISSION, domid, CTRL_PAYLOAD(request));
}

int xenctrl_irq_permission(xc_interface *xch, uint32_t domid, uint32_t pirq, bool allow_access)
{
    if (xenctrl_check_domid(xch, domid)) {
        return -1;
    }
    int result = xenhvabi_irq_permission(&xch->abi, (uint16_t)domid, pirq, allow_access);
    return xenctrl_domain_result(xch, result, "irq_permission", domid);
}

int xc_domain_gsi_permission(xc_interface *xch, uint32_t domid, uint32_t gsi, uint32_t flags)
{
    struct {
        uint32_t gsi;
        uint32_t flags;
    } request = {gsi, flags};

    return xenctrl_domctl(xch, CTRL_DOMCTL_GSI_PERMISSION, domid, CTRL_PAYLOAD(request));
}

int xc_domain_ioport_mapping(xc_interface *xch, uint32_t domid, uint32_t first_gport,
                             uint32_t first_mport, uint32_t nr_ports, uint32_t add_mapping)
{
    struct hvabi_ioports ports = {
        .guest_port = first_gport, .machine_port = first_mport, .count = nr_ports};

    if (xenctrl_check_domid(xch, domid)) {
        return -1;
    }
    int result = add_mapping ? xenhvabi_map_ioports(&xch->abi, (uint16_t)domid, &ports)
                             : xenhvabi_unmap_ioports(&xch->abi, (uint16_t)domid, &ports);
    return xenctrl_domain_result(xch, result, "ioport_mapping", domid);
}

/* ---- I/O memory ---- */

struct frames {
    unsigned long gfn, mfn, count;
};

static int map_some(xc_interface *xch, uint32_t domid, const struct frames *frames,
                    uint32_t add_mapping)
{
    struct {
        ctrl_u64 first_gfn;
        ctrl_u64 first_mfn;
        ctrl_u64 nr_mfns;
        uint32_t add_mapping;
        uint32_t padding;
    } request = {.first_gfn = frames->gfn,
                 .first_mfn = frames->mfn,
                 .nr_mfns = frames->count,
                 .add_mapping = add_mapping};

    return xenctrl_domctl(xch, CTRL_DOMCTL_MEMORY_MAPPING, domid, CTRL_PAYLOAD(request));
}

/* Xen may say E2BIG, then it is tried with less, or how many it did, then it goes on. */
static int map_pieces(xc_interface *xch, uint32_t domid, struct frames all, uint32_t add_mapping)
{
    unsigned long piece = all.count;
    int failure = 0;

    while (all.count) {
        struct frames some = {all.gfn, all.mfn, piece < all.count ? piece : all.count};
        int result = map_some(xch, domid, &some, add_mapping);

        if (result < 0 && errno == E2BIG && some.count > 1) {
            piece = some.count / 2;
            continue;
        }
        if (result < 0 && add_mapping) {
            return errno;
        }
        failure = result < 0 && !failure ? errno : failure;
        unsigned long done = result > 0 && (unsigned long)result < some.count
                                 ? (unsigned long)result
                                 : some.count;
        all = (struct frames){all.gfn + done, all.mfn + done, all.count - done};
    }
    return failure;
}

int xc_domain_memory_mapping(xc_interface *xch, uint32_t domid, unsigned long first_gfn,
                             unsigned long first_mfn, unsigned long nr_mfns,
                             uint32_t add_mapping)
{
    struct frames all = {first_gfn, first_mfn, nr_mfns};
    int failure = map_pieces(xch, domid, all, add_mapping);

    if (failure && add_mapping) {
        map_pieces(xch, domid, all, DPCI_REMOVE_MAPPING);
    }
    return failure ? xenctrl_refused(xch, failure, "memory_mapping of domain %u", domid) : 0;
}
