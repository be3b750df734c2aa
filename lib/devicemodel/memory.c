/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "dm_op.h"

int xendevicemodel_set_mem_type(xendevicemodel_handle *dmod, domid_t domid,
                                hvmmem_type_t mem_type, uint64_t first_pfn, uint32_t nr)
{
    struct xen_dm_op op = {.op = XEN_DMOP_set_mem_type};

    op.u.set_mem_type.mem_type = (uint16_t)mem_type;
    op.u.set_mem_type.first_pfn = first_pfn;
    op.u.set_mem_type.nr = nr;
    return xendevicemodel_dm_op(dmod, domid, &op);
}

int xendevicemodel_make_ram_region_ro(xendevicemodel_handle *dmod, domid_t domid,
                                      uint64_t first_gfn, uint32_t nr)
{
    return xendevicemodel_set_mem_type(dmod, domid, HVMMEM_ram_ro, first_gfn, nr);
}

int xendevicemodel_make_ram_region_rw(xendevicemodel_handle *dmod, domid_t domid,
                                      uint64_t first_gfn, uint32_t nr)
{
    return xendevicemodel_set_mem_type(dmod, domid, HVMMEM_ram_rw, first_gfn, nr);
}

int xendevicemodel_relocate_memory(xendevicemodel_handle *dmod, domid_t domid, uint32_t size,
                                   uint64_t src_gfn, uint64_t dst_gfn)
{
    struct xen_dm_op op = {.op = XEN_DMOP_relocate_memory};

    op.u.relocate_memory.size = size;
    op.u.relocate_memory.src_gfn = src_gfn;
    op.u.relocate_memory.dst_gfn = dst_gfn;
    return xendevicemodel_dm_op(dmod, domid, &op);
}

int xendevicemodel_pin_memory_cacheattr(xendevicemodel_handle *dmod, domid_t domid,
                                        uint64_t start, uint64_t end, uint32_t type)
{
    struct xen_dm_op op = {.op = XEN_DMOP_pin_memory_cacheattr};

    op.u.pin_memory_cacheattr.start = start;
    op.u.pin_memory_cacheattr.end = end;
    op.u.pin_memory_cacheattr.type = type;
    return xendevicemodel_dm_op(dmod, domid, &op);
}
