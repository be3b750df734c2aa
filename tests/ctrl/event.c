/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Event channels and grant tables of other domains. */
#define XC_WANT_COMPAT_EVTCHN_API 1
#include "bare_domain.h"
#include "tiny_domain.h"

#include <string.h>
#include <sys/mman.h>

static xc_evtchn_status_t status_of(uint32_t domid, evtchn_port_t port)
{
    xc_evtchn_status_t status;

    memset(&status, 0, sizeof(status));
    status.dom = (domid_t)domid;
    status.port = port;
    assert_works(xc_evtchn_status(xc(), &status));
    return status;
}

TEST(a_port_is_made_bound_and_reset)
{
    uint32_t domid = bare_pv();
    evtchn_port_t port = (evtchn_port_t)assert_works(xc_evtchn_alloc_unbound(xc(), domid, 0));
    xc_evtchn_status_t status = status_of(domid, port);
    xc_evtchn *xce = xc_evtchn_open(NULL, 0);

    assert_int_equal(status.status, EVTCHNSTAT_unbound);
    assert_int_equal(status.u.unbound.dom, 0);
    assert_non_null(xce);
    int ours = xc_evtchn_bind_interdomain(xce, domid, port);
    assert_true(ours > 0);
    status = status_of(domid, port);
    assert_int_equal(status.status, EVTCHNSTAT_interdomain);
    assert_int_equal(status.u.interdomain.dom, 0);
    assert_int_equal(status.u.interdomain.port, ours);
    assert_int_equal(xc_evtchn_close(xce), 0);
    assert_works(xc_evtchn_reset(xc(), domid));
    assert_int_equal(status_of(domid, port).status, EVTCHNSTAT_closed);
}

TEST(ports_that_are_not_there_are_EINVAL)
{
    xc_evtchn_status_t status;

    memset(&status, 0, sizeof(status));
    status.dom = (domid_t)bare_pv();
    status.port = 100000;
    assert_fails_with(xc_evtchn_status(xc(), &status), -1, EINVAL);
    assert_fails_with(xc_evtchn_alloc_unbound(xc(), 32000, 0), -1, ESRCH);
    assert_fails_with(xc_evtchn_reset(xc(), 32000), -1, ESRCH);
}

/* ---- grant tables ---- */

static struct gnttab_query_size size_of(uint32_t domid)
{
    struct gnttab_query_size size;

    memset(&size, 0, sizeof(size));
    size.dom = (domid_t)domid;
    assert_works(xc_gnttab_query_size(xc(), &size));
    assert_int_equal(size.status, GNTST_okay);
    return size;
}

TEST(a_table_has_the_size_that_its_domain_was_given)
{
    struct gnttab_query_size size = size_of(bare_pv());
    struct gnttab_get_version version;

    assert_true(size.nr_frames <= 4);
    assert_int_equal(size.max_nr_frames, 4);
    memset(&version, 0, sizeof(version));
    version.dom = (domid_t)bare_pv();
    assert_works(xc_gnttab_op(xc(), GNTTABOP_get_version, &version, sizeof(version), 1));
    assert_int_equal(version.version, 1);
    assert_int_equal(xc_gnttab_get_version(xc(), bare_pv()), 1);
}

static unsigned granted_to_dom0(const grant_entry_v1_t *entries, int count)
{
    unsigned granted = 0;

    for (int i = 0; i < count; i++)
        granted += (entries[i].flags & GTF_type_mask) == GTF_permit_access &&
                   entries[i].domid == 0;
    return granted;
}

/* Its console and its store at least; they are what a Linux guest grants in any case. */
TEST(a_guests_table_shows_what_it_grants)
{
    static const char *const types[] = {"pv", "pvh"};

    for (int i = 0; i < 2; i++) {
        uint32_t domid = guest(types[i]);
        int count = 0;

        assert_int_equal(xc_gnttab_get_version(xc(), domid), 1);
        grant_entry_v1_t *entries = xc_gnttab_map_table_v1(xc(), domid, &count);
        if (!entries)
            fail_msg("%s: %s", types[i], xc_get_last_error(xc())->message);
        assert_int_equal(count, size_of(domid).nr_frames * XC_PAGE_SIZE / sizeof(*entries));
        assert_true(granted_to_dom0(entries, count) >= 1);
        munmap(entries, (size_t)count * sizeof(*entries));
        assert_true(xc_gnttab_map_table_v2(xc(), domid, &count) == NULL);
        assert_int_equal(errno, EINVAL);
    }
}

/* Asks Xen for version 2 of its own table (AMD's form of the call), keeps the answer, ends. */
static const uint8_t wants_version_2[] = {
    0xc7, 0x05, 0x00, 0x50, 0x00, 0x00, 2, 0, 0, 0, /* mov dword [TINY_DATA], 2 */
    0xb8, __HYPERVISOR_grant_table_op, 0, 0, 0,     /* mov eax, … */
    0xbb, GNTTABOP_set_version, 0, 0, 0,            /* mov ebx, … */
    0xb9, 0x00, 0x50, 0x00, 0x00,                   /* mov ecx, TINY_DATA */
    0xba, 1, 0, 0, 0,                               /* mov edx, 1 */
    0x0f, 0x01, 0xd9,                               /* vmmcall */
    0xa3, 0x00, 0x50, 0x00, 0x00,                   /* mov [TINY_DATA], eax */
    0xfa, 0xf4,                                     /* cli; hlt */
};

TEST(a_table_of_version_2_is_mapped_as_such)
{
    enum { TABLE_FRAME = 0x200 };
    uint32_t domid = tiny_domain(wants_version_2, sizeof(wants_version_2));
    int count = 0;

    assert_works(xc_domain_unpause(xc(), domid));
    assert_true(tiny_domain_halts(20));
    if (tiny_domain_data() != 0) {
        observe("event.grant_version_2", "%d", (int)tiny_domain_data());
        skip_because("this Xen does not let a domain have version 2");
    }
    assert_int_equal(xc_gnttab_get_version(xc(), domid), 2);
    for (unsigned i = 0; i < size_of(domid).nr_frames; i++)
        assert_works(xc_domain_add_to_physmap(xc(), domid, XENMAPSPACE_grant_table, i,
                                              TABLE_FRAME + i));
    grant_entry_v2_t *entries = xc_gnttab_map_table_v2(xc(), domid, &count);
    if (!entries)
        fail_msg("%s", xc_get_last_error(xc())->message);
    assert_int_equal(count, size_of(domid).nr_frames * XC_PAGE_SIZE / 16);
    munmap(entries, (size_t)count * sizeof(*entries));
    assert_fails_with(xc_gnttab_map_table_v1(xc(), domid, &count), NULL, EINVAL);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        ON_BARE_DOMAIN(a_port_is_made_bound_and_reset),
        ON_BARE_DOMAIN(ports_that_are_not_there_are_EINVAL),
        ON_BARE_DOMAIN(a_table_has_the_size_that_its_domain_was_given),
        ON_XEN(a_guests_table_shows_what_it_grants),
        ON_TINY_DOMAIN(a_table_of_version_2_is_mapped_as_such),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
