/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define XC_WANT_COMPAT_DEVICEMODEL_API 1
#include "call.h"
#include "xenctrl.h"

/* The handle for a request about @domid; NULL with errno. */
static xendevicemodel_handle *model_for(xc_interface *xch, uint32_t domid)
{
    return xenctrl_check_domid(xch, domid) ? NULL : xc_interface_dmod_handle(xch);
}

int xc_hvm_create_ioreq_server(xc_interface *xch, uint32_t domid, int handle_bufioreq,
                               ioservid_t *id)
{
    xendevicemodel_handle *dmod = model_for(xch, domid);

    if (!dmod) {
        return -1;
    }
    int result = xendevicemodel_create_ioreq_server(dmod, (domid_t)domid, handle_bufioreq, id);
    return xenctrl_domain_result(xch, result, "create_ioreq_server", domid);
}

int xc_hvm_get_ioreq_server_info(xc_interface *xch, uint32_t domid, ioservid_t id,
                                 xen_pfn_t *ioreq_pfn, xen_pfn_t *bufioreq_pfn,
                                 evtchn_port_t *bufioreq_port)
{
    xendevicemodel_handle *dmod = model_for(xch, domid);

    if (!dmod) {
        return -1;
    }
    int result = xendevicemodel_get_ioreq_server_info(dmod, (domid_t)domid, id, ioreq_pfn,
                                                      bufioreq_pfn, bufioreq_port);
    return xenctrl_domain_result(xch, result, "get_ioreq_server_info", domid);
}

int xc_hvm_map_io_range_to_ioreq_server(xc_interface *xch, uint32_t domid, ioservid_t id,
                                        int is_mmio, uint64_t start, uint64_t end)
{
    xendevicemodel_handle *dmod = model_for(xch, domid);

    if (!dmod) {
        return -1;
    }
    int result = xendevicemodel_map_io_range_to_ioreq_server(dmod, (domid_t)domid, id, is_mmio,
                                                             start, end);
    return xenctrl_domain_result(xch, result, "map_io_range_to_ioreq_server", domid);
}

int xc_hvm_unmap_io_range_from_ioreq_server(xc_interface *xch, uint32_t domid, ioservid_t id,
                                            int is_mmio, uint64_t start, uint64_t end)
{
    xendevicemodel_handle *dmod = model_for(xch, domid);

    if (!dmod) {
        return -1;
    }
    int result = xendevicemodel_unmap_io_range_from_ioreq_server(dmod, (domid_t)domid, id, is_mmio,
                                                                 start, end);
    return xenctrl_domain_result(xch, result, "unmap_io_range_from_ioreq_server", domid);
}

int xc_hvm_map_pcidev_to_ioreq_server(xc_interface *xch, uint32_t domid, ioservid_t id,
                                      uint16_t segment, uint8_t bus, uint8_t device,
                                      uint8_t function)
{
    xendevicemodel_handle *dmod = model_for(xch, domid);

    if (!dmod) {
        return -1;
    }
    int result = xendevicemodel_map_pcidev_to_ioreq_server(dmod, (domid_t)domid, id, segment, bus,
                                                           device, function);
    return xenctrl_domain_result(xch, result, "map_pcidev_to_ioreq_server", domid);
}

int xc_hvm_unmap_pcidev_from_ioreq_server(xc_interface *xch, uint32_t domid, ioservid_t id,
                                          uint16_t segment, uint8_t bus, uint8_t device,
                                          uint8_t function)
{
    xendevicemodel_handle *dmod = model_for(xch, domid);

    if (!dmod) {
        return -1;
    }
    int result = xendevicemodel_unmap_pcidev_from_ioreq_server(dmod, (domid_t)domid, id, segment,
                                                               bus, device, function);
    return xenctrl_domain_result(xch, result, "unmap_pcidev_from_ioreq_server", domid);
}

int xc_hvm_destroy_ioreq_server(xc_interface *xch, uint32_t domid, ioservid_t id)
{
    xendevicemodel_handle *dmod = model_for(xch, domid);

    if (!dmod) {
        return -1;
    }
    int result = xendevicemodel_destroy_ioreq_server(dmod, (domid_t)domid, id);
    return xenctrl_domain_result(xch, result, "destroy_ioreq_server", domid);
}

int xc_hvm_set_ioreq_server_state(xc_interface *xch, uint32_t domid, ioservid_t id, int enabled)
{
    xendevicemodel_handle *dmod = model_for(xch, domid);

    if (!dmod) {
        return -1;
    }
    int result = xendevicemodel_set_ioreq_server_state(dmod, (domid_t)domid, id, enabled);
    return xenctrl_domain_result(xch, result, "set_ioreq_server_state", domid);
}

int xc_hvm_set_pci_intx_level(xc_interface *xch, uint32_t domid, uint16_t segment, uint8_t bus,
                              uint8_t device, uint8_t intx, unsigned int level)
{
    xendevicemodel_handle *dmod = model_for(xch, domid);

    if (!dmod) {
        return -1;
    }
    int result = xendevicemodel_set_pci_intx_level(dmod, (domid_t)domid, segment, bus, device,
                                                   intx, level);
    return xenctrl_domain_result(xch, result, "set_pci_intx_level", domid);
}

int xc_hvm_set_isa_irq_level(xc_interface *xch, uint32_t domid, uint8_t irq, unsigned int level)
{
    xendevicemodel_handle *dmod = model_for(xch, domid);

    if (!dmod) {
        return -1;
    }
    int result = xendevicemodel_set_isa_irq_level(dmod, (domid_t)domid, irq, level);
    return xenctrl_domain_result(xch, result, "set_isa_irq_level", domid);
}

int xc_hvm_set_pci_link_route(xc_interface *xch, uint32_t domid, uint8_t link, uint8_t irq)
{
    xendevicemodel_handle *dmod = model_for(xch, domid);

    if (!dmod) {
        return -1;
    }
    int result = xendevicemodel_set_pci_link_route(dmod, (domid_t)domid, link, irq);
    return xenctrl_domain_result(xch, result, "set_pci_link_route", domid);
}

int xc_hvm_inject_msi(xc_interface *xch, uint32_t domid, uint64_t msi_addr, uint32_t msi_data)
{
    xendevicemodel_handle *dmod = model_for(xch, domid);

    if (!dmod) {
        return -1;
    }
    int result = xendevicemodel_inject_msi(dmod, (domid_t)domid, msi_addr, msi_data);
    return xenctrl_domain_result(xch, result, "inject_msi", domid);
}

int xc_hvm_track_dirty_vram(xc_interface *xch, uint32_t domid, uint64_t first_pfn, uint32_t nr,
                            unsigned long *dirty_bitmap)
{
    xendevicemodel_handle *dmod = model_for(xch, domid);

    if (!dmod) {
        return -1;
    }
    int result = xendevicemodel_track_dirty_vram(dmod, (domid_t)domid, first_pfn, nr,
                                                 dirty_bitmap);
    return xenctrl_domain_result(xch, result, "track_dirty_vram", domid);
}

int xc_hvm_modified_memory(xc_interface *xch, uint32_t domid, uint64_t first_pfn, uint32_t nr)
{
    xendevicemodel_handle *dmod = model_for(xch, domid);

    if (!dmod) {
        return -1;
    }
    int result = xendevicemodel_modified_memory(dmod, (domid_t)domid, first_pfn, nr);
    return xenctrl_domain_result(xch, result, "modified_memory", domid);
}

int xc_hvm_set_mem_type(xc_interface *xch, uint32_t domid, hvmmem_type_t type, uint64_t first_pfn,
                        uint32_t nr)
{
    xendevicemodel_handle *dmod = model_for(xch, domid);

    if (!dmod) {
        return -1;
    }
    int result = xendevicemodel_set_mem_type(dmod, (domid_t)domid, type, first_pfn, nr);
    return xenctrl_domain_result(xch, result, "set_mem_type", domid);
}

int xc_hvm_inject_trap(xc_interface *xch, uint32_t domid, int vcpu, uint8_t vector, uint8_t type,
                       uint32_t error_code, uint8_t insn_len, uint64_t cr2)
{
    xendevicemodel_handle *dmod = model_for(xch, domid);

    if (!dmod) {
        return -1;
    }
    int result = xendevicemodel_inject_event(dmod, (domid_t)domid, vcpu, vector, type, error_code,
                                             insn_len, cr2);
    return xenctrl_domain_result(xch, result, "inject_event", domid);
}

int xc_domain_pin_memory_cacheattr(xc_interface *xch, uint32_t domid, uint64_t start, uint64_t end,
                                   uint32_t type)
{
    xendevicemodel_handle *dmod = model_for(xch, domid);

    if (!dmod) {
        return -1;
    }
    int result = xendevicemodel_pin_memory_cacheattr(dmod, (domid_t)domid, start, end, type);
    return xenctrl_domain_result(xch, result, "pin_memory_cacheattr", domid);
}
