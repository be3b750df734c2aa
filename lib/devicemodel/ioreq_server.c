/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "dm_op.h"

#include <errno.h>
#include <stdbool.h>

int xendevicemodel_create_ioreq_server(xendevicemodel_handle *dmod, domid_t domid,
                                       int handle_bufioreq, ioservid_t *id)
{
    struct xen_dm_op op = {.op = XEN_DMOP_create_ioreq_server};

    op.u.create_ioreq_server.handle_bufioreq = (uint8_t)handle_bufioreq;
    if (xendevicemodel_dm_op(dmod, domid, &op))
        return -1;
    *id = op.u.create_ioreq_server.id;
    return 0;
}

int xendevicemodel_get_ioreq_server_info(xendevicemodel_handle *dmod, domid_t domid,
                                         ioservid_t id, xen_pfn_t *ioreq_gfn,
                                         xen_pfn_t *bufioreq_gfn, evtchn_port_t *bufioreq_port)
{
    struct xen_dm_op op = {.op = XEN_DMOP_get_ioreq_server_info};

    op.u.get_ioreq_server_info.id = id;
    /* Xen puts its pages into the guest for this; who maps the resource spares it that. */
    if (!ioreq_gfn && !bufioreq_gfn)
        op.u.get_ioreq_server_info.flags = XEN_DMOP_no_gfns;
    if (xendevicemodel_dm_op(dmod, domid, &op))
        return -1;
    if (ioreq_gfn)
        *ioreq_gfn = op.u.get_ioreq_server_info.ioreq_gfn;
    if (bufioreq_gfn)
        *bufioreq_gfn = op.u.get_ioreq_server_info.bufioreq_gfn;
    if (bufioreq_port)
        *bufioreq_port = op.u.get_ioreq_server_info.bufioreq_port;
    return 0;
}

static int change_range(xendevicemodel_handle *dmod, domid_t domid, bool map,
                        xen_dm_op_ioreq_server_range_t range)
{
    struct xen_dm_op op = {.op = map ? XEN_DMOP_map_io_range_to_ioreq_server
                                     : XEN_DMOP_unmap_io_range_from_ioreq_server};

    op.u.map_io_range_to_ioreq_server = range;
    return xendevicemodel_dm_op(dmod, domid, &op);
}

static int change_io_range(xendevicemodel_handle *dmod, domid_t domid, bool map, ioservid_t id,
                           int is_mmio, uint64_t start, uint64_t end)
{
    xen_dm_op_ioreq_server_range_t range = {
        .id = id,
        .type = is_mmio ? XEN_DMOP_IO_RANGE_MEMORY : XEN_DMOP_IO_RANGE_PORT,
        .start = start,
        .end = end};

    return change_range(dmod, domid, map, range);
}

int xendevicemodel_map_io_range_to_ioreq_server(xendevicemodel_handle *dmod, domid_t domid,
                                                ioservid_t id, int is_mmio, uint64_t start,
                                                uint64_t end)
{
    return change_io_range(dmod, domid, true, id, is_mmio, start, end);
}

int xendevicemodel_unmap_io_range_from_ioreq_server(xendevicemodel_handle *dmod, domid_t domid,
                                                    ioservid_t id, int is_mmio,
                                                    uint64_t start, uint64_t end)
{
    return change_io_range(dmod, domid, false, id, is_mmio, start, end);
}

/* Not by XEN_DMOP_PCI_SBDF: that shifts a high segment into the sign of an int. */
static int change_pcidev(xendevicemodel_handle *dmod, domid_t domid, bool map, ioservid_t id,
                         uint32_t segment, uint32_t bus, uint32_t device, uint32_t function)
{
    uint32_t sbdf = segment << 16 | bus << 8 | device << 3 | function;
    xen_dm_op_ioreq_server_range_t range = {
        .id = id, .type = XEN_DMOP_IO_RANGE_PCI, .start = sbdf, .end = sbdf};

    if (device > 0x1f || function > 7) {
        errno = EINVAL;
        return -1;
    }
    return change_range(dmod, domid, map, range);
}

int xendevicemodel_map_pcidev_to_ioreq_server(xendevicemodel_handle *dmod, domid_t domid,
                                              ioservid_t id, uint16_t segment, uint8_t bus,
                                              uint8_t device, uint8_t function)
{
    return change_pcidev(dmod, domid, true, id, segment, bus, device, function);
}

int xendevicemodel_unmap_pcidev_from_ioreq_server(xendevicemodel_handle *dmod, domid_t domid,
                                                  ioservid_t id, uint16_t segment,
                                                  uint8_t bus, uint8_t device,
                                                  uint8_t function)
{
    return change_pcidev(dmod, domid, false, id, segment, bus, device, function);
}

int xendevicemodel_map_mem_type_to_ioreq_server(xendevicemodel_handle *dmod, domid_t domid,
                                                ioservid_t id, uint16_t type, uint32_t flags)
{
    struct xen_dm_op op = {.op = XEN_DMOP_map_mem_type_to_ioreq_server};

    if (type != HVMMEM_ioreq_server || flags & ~XEN_DMOP_IOREQ_MEM_ACCESS_WRITE) {
        errno = EINVAL;
        return -1;
    }
    op.u.map_mem_type_to_ioreq_server.id = id;
    op.u.map_mem_type_to_ioreq_server.type = type;
    op.u.map_mem_type_to_ioreq_server.flags = flags;
    return xendevicemodel_dm_op(dmod, domid, &op);
}

int xendevicemodel_destroy_ioreq_server(xendevicemodel_handle *dmod, domid_t domid,
                                        ioservid_t id)
{
    struct xen_dm_op op = {.op = XEN_DMOP_destroy_ioreq_server};

    op.u.destroy_ioreq_server.id = id;
    return xendevicemodel_dm_op(dmod, domid, &op);
}

int xendevicemodel_set_ioreq_server_state(xendevicemodel_handle *dmod, domid_t domid,
                                          ioservid_t id, int enabled)
{
    struct xen_dm_op op = {.op = XEN_DMOP_set_ioreq_server_state};

    op.u.set_ioreq_server_state.id = id;
    op.u.set_ioreq_server_state.enabled = !!enabled;
    return xendevicemodel_dm_op(dmod, domid, &op);
}
