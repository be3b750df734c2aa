/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "passthrough.h"

#include <errno.h>

#include "quirks.h"

/* ---- interrupts ---- */

#define FIELD(member, offset, size) \
    HVABI_FIELD_AS(struct hvabi_irq_permission, member, #member, offset, size)

static const struct hvabi_field fields_4_14[] = {FIELD(pirq, 0, 1), FIELD(allow_access, 1, 1)};
static const struct hvabi_field fields_4_16[] = {FIELD(pirq, 0, 4), FIELD(allow_access, 4, 1)};

static const struct hvabi_layout layout_4_14 = HVABI_LAYOUT(2, fields_4_14);
static const struct hvabi_layout layout_4_16 = HVABI_LAYOUT(8, fields_4_16);

const struct hvabi_layout_since xenhvabi_irq_permission_layouts[] = {
    {HVABI_RELEASE(4, 14), &layout_4_14},
    {HVABI_RELEASE(4, 16), &layout_4_16},
    {0, NULL},
};

int xenhvabi_irq_permission(struct hvabi *abi, uint16_t domid, uint32_t pirq, bool allow)
{
    struct hvabi_irq_permission permission = {pirq, allow};
    struct hvabi_payload payload = {{0}};
    unsigned release = xenhvabi_domctl_release(abi, HVABI_DOMCTL_IRQ_PERMISSION);

    if (!release ||
        xenhvabi_encode_request(abi, xenhvabi_find_domctl(HVABI_DOMCTL_IRQ_PERMISSION), release,
                                &permission, sizeof(permission), &payload)) {
        return -1;
    }
    return xenhvabi_domctl(abi, HVABI_DOMCTL_IRQ_PERMISSION, &domid, &payload);
}

int xenhvabi_gsi_permission(struct hvabi *abi, uint16_t domid, uint32_t gsi, uint32_t flags)
{
    uint32_t request[] = {gsi, flags};

    return xenhvabi_order(abi, HVABI_DOMCTL_GSI_PERMISSION, domid, request, sizeof(request));
}

/* ---- I/O memory and ports: layouts that never changed; pads are sent, so they are named ---- */

int xenhvabi_iomem_permission(struct hvabi *abi, uint16_t domid, uint64_t first_mfn,
                              uint64_t nr_mfns, bool allow)
{
    struct {
        uint64_t first_mfn;
        uint64_t nr_mfns;
        uint8_t allow_access;
        uint8_t pad[7];
    } request = {first_mfn, nr_mfns, allow, {0}};

    return xenhvabi_order(abi, HVABI_DOMCTL_IOMEM_PERMISSION, domid, &request, sizeof(request));
}

int xenhvabi_ioport_permission(struct hvabi *abi, uint16_t domid, uint32_t first_port,
                               uint32_t nr_ports, bool allow)
{
    struct {
        uint32_t first_port;
        uint32_t nr_ports;
        uint8_t allow_access;
        uint8_t pad[3];
    } request = {first_port, nr_ports, allow, {0}};

    return xenhvabi_order(abi, HVABI_DOMCTL_IOPORT_PERMISSION, domid, &request,
                          sizeof(request));
}

static int permit(struct hvabi *abi, uint16_t domid, const struct hvabi_ioports *ports,
                  bool allow)
{
    return xenhvabi_ioport_permission(abi, domid, ports->machine_port, ports->count, allow);
}

static int map(struct hvabi *abi, uint16_t domid, const struct hvabi_ioports *ports, bool add)
{
    uint32_t request[] = {ports->guest_port, ports->machine_port, ports->count, add};

    return xenhvabi_order(abi, HVABI_DOMCTL_IOPORT_MAPPING, domid, request, sizeof(request));
}

int xenhvabi_map_ioports(struct hvabi *abi, uint16_t domid, const struct hvabi_ioports *ports)
{
    int separate = xenhvabi_quirk(abi, HVABI_QUIRK_IOPORT_MAPPING_PERMITS_NOTHING);

    if (separate < 0 || (separate && permit(abi, domid, ports, true) < 0)) {
        return -1;
    }
    if (map(abi, domid, ports, true) >= 0) {
        return 0;
    }
    if (separate) {
        int reason = errno;

        permit(abi, domid, ports, false);
        errno = reason;
    }
    return -1;
}

int xenhvabi_unmap_ioports(struct hvabi *abi, uint16_t domid,
                           const struct hvabi_ioports *ports)
{
    int separate = xenhvabi_quirk(abi, HVABI_QUIRK_IOPORT_MAPPING_PERMITS_NOTHING);

    if (separate < 0) {
        return -1;
    }
    int result = map(abi, domid, ports, false);
    if (separate) {
        int reason = errno;

        /* A right that stays behind is worse than an error. */
        if (permit(abi, domid, ports, false) < 0 && result >= 0) {
            return -1;
        }
        errno = reason;
    }
    return result < 0 ? -1 : 0;
}
