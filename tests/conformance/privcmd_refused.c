/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* In a guest, events and grants work while privcmd refuses everything. */
#define __XEN_TOOLS__ 1 /* the numbers of today's hypercalls */

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <xen/memory.h>
#include <xen/sched.h>
#include <xen/version.h>
#include <xencall.h>
#include <xenforeignmemory.h>

#include "conformance.h"
#include "grants.h"
#include "loopback.h"

/* An event and a copied page: what a guest's program lives on. */
static void use_events_and_grants(void)
{
    struct loopback pair = loopback_open();
    struct grants grants = grants_open();
    static uint8_t local[PAGE] __attribute__((aligned(PAGE)));
    xengnttab_grant_copy_segment_t segment = {.flags = GNTCOPY_dest_gref, .len = PAGE};
    uint32_t ref;
    uint8_t *shared = share_with_self(&grants, 1, &ref, true);

    assert_int_equal(xenevtchn_notify(pair.xce, pair.calling), 0);
    expect_event(pair.xce, pair.listening);
    memset(local, 0x42, PAGE);
    segment.source.virt = local;
    segment.dest.foreign.ref = ref;
    segment.dest.foreign.domid = (uint16_t)own_domid();
    assert_int_equal(xengnttab_grant_copy(grants.map, 1, &segment), 0);
    assert_int_equal(segment.status, GNTST_okay);
    assert_memory_equal(shared, local, PAGE);
    assert_int_equal(xengntshr_unshare(grants.share, shared, 1), 0);
    grants_close(&grants);
    assert_int_equal(xenevtchn_close(pair.xce), 0);
}

TEST(no_hypercall_is_made)
{
    static const unsigned hypercalls[] = {
        __HYPERVISOR_xen_version, __HYPERVISOR_memory_op,       __HYPERVISOR_sched_op,
        __HYPERVISOR_domctl,      __HYPERVISOR_sysctl,          __HYPERVISOR_event_channel_op,
        __HYPERVISOR_mmu_update,  __HYPERVISOR_grant_table_op,  __HYPERVISOR_hvm_op,
        __HYPERVISOR_multicall,
    };
    xencall_handle *xcall = xencall_open(NULL, 0);

    assert_non_null(xcall);
    for (size_t i = 0; i < sizeof(hypercalls) / sizeof(hypercalls[0]); i++)
        assert_fails_with(xencall2(xcall, hypercalls[i], 0, 0), -1, EPERM);
    use_events_and_grants();
    assert_int_equal(xencall_close(xcall), 0);
}

TEST(no_foreign_page_is_mapped)
{
    static const domid_t domains[] = {0, DOMID_SELF, DOMID_XEN, DOMID_IO};
    xenforeignmemory_handle *fmem = xenforeignmemory_open(NULL, 0);
    const xen_pfn_t frame = 1;
    int error = 0;

    assert_non_null(fmem);
    for (size_t i = 0; i < sizeof(domains) / sizeof(domains[0]); i++) {
        assert_null(xenforeignmemory_map(fmem, domains[i], PROT_READ, 1, &frame, &error));
        assert_int_equal(errno, EPERM);
        assert_null(xenforeignmemory_map(fmem, domains[i], PROT_READ, 1, &frame, NULL));
        assert_int_equal(errno, EPERM);
    }
    use_events_and_grants();
    assert_int_equal(xenforeignmemory_close(fmem), 0);
}

TEST(no_resource_is_mapped)
{
    xenforeignmemory_handle *fmem = xenforeignmemory_open(NULL, 0);
    void *address = NULL;

    assert_non_null(fmem);
    assert_null(xenforeignmemory_map_resource(fmem, (domid_t)own_domid(),
                                              XENMEM_resource_grant_table, 0, 0, 1, &address,
                                              PROT_READ, 0));
    assert_int_equal(errno, EPERM);
    assert_int_equal(xenforeignmemory_close(fmem), 0);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(no_hypercall_is_made),
    cmocka_unit_test(no_foreign_page_is_mapped),
    cmocka_unit_test(no_resource_is_mapped),
};

CONFORMANCE_MAIN(tests)
