/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a device model asks for, and what is then to be seen in the domain's state. */
#define XC_WANT_COMPAT_DEVICEMODEL_API 1
#define XC_WANT_COMPAT_MAP_FOREIGN_API 1
#include "own_domain.h"

#include <string.h>
#include <sys/mman.h>
#include <xen/hvm/save.h>

enum { SERVER_GFN = 20 };

/* ---- ioreq servers ---- */

static ioservid_t make_server(void)
{
    ioservid_t id = 0;

    assert_works(xc_hvm_param_set(xc(), own_domain(), HVM_PARAM_IOREQ_SERVER_PFN, SERVER_GFN));
    assert_works(xc_hvm_param_set(xc(), own_domain(), HVM_PARAM_NR_IOREQ_SERVER_PAGES, 2));
    assert_works(xc_hvm_create_ioreq_server(xc(), own_domain(), HVM_IOREQSRV_BUFIOREQ_ATOMIC,
                                            &id));
    return id;
}

TEST(an_ioreq_server_has_pages_and_a_port_until_it_is_destroyed)
{
    ioservid_t id = make_server();
    xen_pfn_t page = 0, buffered = 0;
    evtchn_port_t port = 0;

    assert_works(xc_hvm_get_ioreq_server_info(xc(), own_domain(), id, &page, &buffered, &port));
    assert_true(page >= SERVER_GFN && page < SERVER_GFN + 2);
    assert_true(buffered >= SERVER_GFN && buffered < SERVER_GFN + 2 && buffered != page);
    assert_true(port > 0);
    assert_works(xc_hvm_set_ioreq_server_state(xc(), own_domain(), id, 1));
    assert_works(xc_hvm_set_ioreq_server_state(xc(), own_domain(), id, 0));
    assert_works(xc_hvm_destroy_ioreq_server(xc(), own_domain(), id));
    assert_fails_with(xc_hvm_get_ioreq_server_info(xc(), own_domain(), id, &page, &buffered,
                                                   &port), -1, ENOENT);
}

TEST(what_a_server_takes_it_takes_once)
{
    ioservid_t id = make_server();

    assert_works(xc_hvm_map_io_range_to_ioreq_server(xc(), own_domain(), id, 0, 0x3f8, 0x3ff));
    assert_fails_with(xc_hvm_map_io_range_to_ioreq_server(xc(), own_domain(), id, 0, 0x3f8, 0x3ff),
                      -1, EEXIST);
    assert_works(xc_hvm_unmap_io_range_from_ioreq_server(xc(), own_domain(), id, 0, 0x3f8,
                                                         0x3ff));
    assert_fails_with(xc_hvm_unmap_io_range_from_ioreq_server(xc(), own_domain(), id, 0, 0x3f8,
                                                              0x3ff), -1, ENOENT);
    assert_works(xc_hvm_map_pcidev_to_ioreq_server(xc(), own_domain(), id, 0, 0, 3, 0));
    assert_fails_with(xc_hvm_map_pcidev_to_ioreq_server(xc(), own_domain(), id, 0, 0, 3, 0), -1,
                      EEXIST);
    assert_works(xc_hvm_unmap_pcidev_from_ioreq_server(xc(), own_domain(), id, 0, 0, 3, 0));
    assert_fails_with(xc_hvm_unmap_pcidev_from_ioreq_server(xc(), own_domain(), id, 0, 0, 3, 0),
                      -1, ENOENT);
}

/* ---- interrupts ---- */

#define read_record(type, record) \
    assert_works(xc_domain_hvm_getcontext_partial(xc(), own_domain(), HVM_SAVE_CODE(type), 0, \
                                                  record, sizeof(*(record))))

static bool has_pci_intx(unsigned device, unsigned intx)
{
    HVM_SAVE_TYPE(PCI_IRQ) lines;
    unsigned bit = device * 4 + intx;

    read_record(PCI_IRQ, &lines);
    return lines.pad[bit / 64] >> bit % 64 & 1;
}

static bool has_isa_irq(unsigned irq)
{
    HVM_SAVE_TYPE(ISA_IRQ) lines;

    read_record(ISA_IRQ, &lines);
    return lines.pad[0] >> irq & 1;
}

TEST(lines_go_up_and_down)
{
    HVM_SAVE_TYPE(PCI_LINK) links;

    assert_works(xc_hvm_set_pci_link_route(xc(), own_domain(), 2, 11));
    read_record(PCI_LINK, &links);
    assert_int_equal(links.route[2], 11);
    assert_false(has_pci_intx(3, 1));
    assert_works(xc_hvm_set_pci_intx_level(xc(), own_domain(), 0, 0, 3, 1, 1));
    assert_true(has_pci_intx(3, 1));
    assert_works(xc_hvm_set_pci_intx_level(xc(), own_domain(), 0, 0, 3, 1, 0));
    assert_false(has_pci_intx(3, 1));
    assert_works(xc_hvm_set_isa_irq_level(xc(), own_domain(), 4, 1));
    assert_true(has_isa_irq(4));
    assert_works(xc_hvm_set_isa_irq_level(xc(), own_domain(), 4, 0));
    assert_false(has_isa_irq(4));
}

TEST(a_message_is_delivered)
{
    HVM_SAVE_TYPE(LAPIC_REGS) before, after;

    read_record(LAPIC_REGS, &before);
    assert_works(xc_hvm_inject_msi(xc(), own_domain(), 0xfee00000, 0x41));
    read_record(LAPIC_REGS, &after);
    observe("devicemodel/msi-to-a-vcpu-that-never-ran", "%s",
            memcmp(&before, &after, sizeof(before)) ? "pending" : "dropped");
    assert_fails_with(xc_hvm_inject_msi(xc(), DOMID_FIRST_RESERVED - 1, 0xfee00000, 0x41), -1,
                      ESRCH);
}

TEST(one_trap_waits_at_a_time)
{
    assert_works(xc_hvm_inject_trap(xc(), own_domain(), 0, 3, XEN_DMOP_EVENT_sw_exc, ~0u, 1, 0));
    assert_fails_with(xc_hvm_inject_trap(xc(), own_domain(), 0, 3, XEN_DMOP_EVENT_sw_exc, ~0u, 1,
                                         0), -1, EBUSY);
    assert_fails_with(xc_hvm_inject_trap(xc(), own_domain(), 99, 3, XEN_DMOP_EVENT_sw_exc, ~0u,
                                         1, 0), -1, EINVAL);
}

/* ---- memory ---- */

static bool is_memory(unsigned long gfn)
{
    void *page = xc_map_foreign_range(xc(), own_domain(), XC_PAGE_SIZE, PROT_READ, gfn);

    return page && munmap(page, XC_PAGE_SIZE) == 0;
}

TEST(memory_becomes_a_devices_registers)
{
    assert_works(xc_hvm_set_mem_type(xc(), own_domain(), HVMMEM_ram_ro, 30, 2));
    assert_works(xc_hvm_set_mem_type(xc(), own_domain(), HVMMEM_ram_rw, 30, 2));
    assert_true(is_memory(31));
    assert_works(xc_hvm_set_mem_type(xc(), own_domain(), HVMMEM_mmio_dm, 31, 1));
    assert_false(is_memory(31));
    assert_true(is_memory(30));
}

TEST(cache_attributes_are_pinned_until_deleted)
{
    uint32_t domid = own_domain();

    assert_works(xc_domain_pin_memory_cacheattr(xc(), domid, 64, 127,
                                                XEN_DMOP_MEM_CACHEATTR_WB));
    assert_works(xc_domain_pin_memory_cacheattr(xc(), domid, 64, 127,
                                                XEN_DMOP_DELETE_MEM_CACHEATTR));
    assert_fails_with(xc_domain_pin_memory_cacheattr(xc(), domid, 64, 127,
                                                     XEN_DMOP_DELETE_MEM_CACHEATTR), -1, ENOENT);
}

TEST(pages_said_to_be_written_are_dirty)
{
    DECLARE_HYPERCALL_BUFFER(uint8_t, dirty);
    uint32_t domid = own_domain();

    dirty = xc_hypercall_buffer_alloc(xc(), dirty, OWN_PAGES / 8);
    assert_non_null(dirty);
    assert_works(xc_logdirty_control(xc(), domid, XEN_DOMCTL_SHADOW_OP_ENABLE_LOGDIRTY, NULL, 0,
                                     0, NULL));
    assert_works(xc_logdirty_control(xc(), domid, XEN_DOMCTL_SHADOW_OP_CLEAN,
                                     HYPERCALL_BUFFER(dirty), OWN_PAGES, 0, NULL));
    assert_works(xc_hvm_modified_memory(xc(), domid, 41, 2));
    assert_works(xc_logdirty_control(xc(), domid, XEN_DOMCTL_SHADOW_OP_PEEK,
                                     HYPERCALL_BUFFER(dirty), OWN_PAGES, 0, NULL));
    assert_int_equal(dirty[5], 1 << 1 | 1 << 2);
    assert_works(xc_logdirty_control(xc(), domid, XEN_DOMCTL_SHADOW_OP_OFF, NULL, 0, 0, NULL));
    xc_hypercall_buffer_free(xc(), dirty);
}

TEST(the_screens_memory_is_dirty_at_first_and_clean_later)
{
    unsigned long dirty[1] = {0};

    assert_works(xc_hvm_track_dirty_vram(xc(), own_domain(), 64, 64, dirty));
    assert_true(dirty[0] == ~0ul);
    assert_works(xc_hvm_track_dirty_vram(xc(), own_domain(), 64, 64, dirty));
    assert_true(dirty[0] == 0);
    assert_works(xc_hvm_track_dirty_vram(xc(), own_domain(), 64, 0, NULL));
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        ON_OWN_DOMAIN(an_ioreq_server_has_pages_and_a_port_until_it_is_destroyed),
        ON_OWN_DOMAIN(what_a_server_takes_it_takes_once),
        ON_OWN_DOMAIN(lines_go_up_and_down),
        ON_OWN_DOMAIN(a_message_is_delivered),
        ON_OWN_DOMAIN(one_trap_waits_at_a_time),
        ON_OWN_DOMAIN(memory_becomes_a_devices_registers),
        ON_OWN_DOMAIN(cache_attributes_are_pinned_until_deleted),
        ON_OWN_DOMAIN(pages_said_to_be_written_are_dirty),
        ON_OWN_DOMAIN(the_screens_memory_is_dirty_at_first_and_clean_later),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
