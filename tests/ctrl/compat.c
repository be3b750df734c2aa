/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What has moved to libxenevtchn and libxengnttab, by its old names, within dom0. */
#define XC_WANT_COMPAT_EVTCHN_API 1
#define XC_WANT_COMPAT_GNTTAB_API 1
#include "on_xen.h"

#include <poll.h>
#include <string.h>
#include <sys/mman.h>

enum { PAGES = 2, RW = PROT_READ | PROT_WRITE };
#define NO_PORT ((evtchn_port_t)-1)

/* ---- event channels ---- */

static void take_event(xc_evtchn *xce, int port)
{
    struct pollfd events = {.fd = xc_evtchn_fd(xce), .events = POLLIN};

    assert_int_equal(poll(&events, 1, 10000), 1);
    assert_int_equal(xc_evtchn_pending(xce), port);
    assert_int_equal(xc_evtchn_unmask(xce, (evtchn_port_t)port), 0);
}

TEST(an_event_goes_from_one_port_to_the_other)
{
    xc_evtchn *listener = xc_evtchn_open(NULL, 0), *caller = xc_evtchn_open(NULL, 0);

    assert_non_null(listener);
    assert_non_null(caller);
    int port = xc_evtchn_bind_unbound_port(listener, DOMID_SELF);
    assert_true(port > 0);
    int calling = xc_evtchn_bind_interdomain(caller, DOMID_SELF, (evtchn_port_t)port);
    assert_true(calling > 0);
    take_event(caller, calling); /* a new port has one */
    assert_int_equal(xc_evtchn_notify(caller, (evtchn_port_t)calling), 0);
    take_event(listener, port);
    assert_int_equal(xc_evtchn_unbind(caller, (evtchn_port_t)calling), 0);
    assert_int_equal(xc_evtchn_notify(caller, (evtchn_port_t)calling), -1);
    assert_int_equal(xc_evtchn_close(caller), 0);
    assert_int_equal(xc_evtchn_close(listener), 0);
}

TEST(a_virtual_interrupt_is_bound)
{
    enum { VIRTUAL_INTERRUPT = VIRQ_ENOMEM };
    xc_evtchn_status_t status = {.dom = DOMID_SELF};
    xc_evtchn *xce = xc_evtchn_open(NULL, 0);

    assert_non_null(xce);
    int port = xc_evtchn_bind_virq(xce, VIRTUAL_INTERRUPT);
    assert_true(port > 0);
    status.port = (evtchn_port_t)port;
    assert_works(xc_evtchn_status(xc(), &status));
    assert_int_equal(status.status, EVTCHNSTAT_virq);
    assert_int_equal(status.u.virq, VIRTUAL_INTERRUPT);
    assert_int_equal(xc_evtchn_close(xce), 0);
}

/* ---- grants ---- */

static xc_gntshr *share;
static xc_gnttab *grants;

static int open_grants(void **state)
{
    (void)state;
    share = xc_gntshr_open(NULL, 0);
    grants = xc_gnttab_open(NULL, 0);
    return !share || !grants;
}

static int close_grants(void **state)
{
    (void)state;
    return xc_gntshr_close(share) | xc_gnttab_close(grants);
}

TEST(shared_pages_are_the_same_in_every_mapping)
{
    uint32_t refs[PAGES], domids[PAGES] = {0, 0};
    uint8_t *shared = xc_gntshr_share_pages(share, 0, PAGES, refs, 1);

    assert_non_null(shared);
    memset(shared, 0x11, XC_PAGE_SIZE);
    memset(shared + XC_PAGE_SIZE, 0x22, XC_PAGE_SIZE);
    uint8_t *one = xc_gnttab_map_grant_ref(grants, 0, refs[1], RW);
    assert_non_null(one);
    assert_memory_equal(one, shared + XC_PAGE_SIZE, XC_PAGE_SIZE);
    one[7] = 0x33;
    assert_int_equal(shared[XC_PAGE_SIZE + 7], 0x33);
    assert_int_equal(xc_gnttab_munmap(grants, one, 1), 0);
    uint8_t *both = xc_gnttab_map_grant_refs(grants, PAGES, domids, refs, PROT_READ);
    assert_non_null(both);
    assert_memory_equal(both, shared, PAGES * XC_PAGE_SIZE);
    assert_int_equal(xc_gnttab_munmap(grants, both, PAGES), 0);
    both = xc_gnttab_map_domain_grant_refs(grants, PAGES, 0, refs, PROT_READ);
    assert_non_null(both);
    assert_memory_equal(both, shared, PAGES * XC_PAGE_SIZE);
    assert_int_equal(xc_gnttab_munmap(grants, both, PAGES), 0);
    assert_int_equal(xc_gntshr_munmap(share, shared, PAGES), 0);
    assert_true(xc_gnttab_map_grant_ref(grants, 0, 0x7fffffff, RW) == NULL);
}

TEST(the_end_of_a_mapping_clears_its_byte)
{
    uint32_t ref;
    uint8_t *shared = xc_gntshr_share_page_notify(share, 0, &ref, 1, 9, NO_PORT);

    assert_non_null(shared);
    memset(shared, 0x44, XC_PAGE_SIZE);
    uint8_t *mapped = xc_gnttab_map_grant_ref_notify(grants, 0, ref, RW, 5, NO_PORT);
    assert_non_null(mapped);
    assert_int_equal(mapped[5], 0x44);
    assert_int_equal(xc_gnttab_munmap(grants, mapped, 1), 0);
    assert_int_equal(shared[5], 0);
    assert_int_equal(shared[9], 0x44);
    assert_int_equal(xc_gntshr_munmap(share, shared, 1), 0);
}

TEST(a_limit_can_be_asked_for)
{
    int result = xc_gnttab_set_max_grants(grants, 128);

    observe("compat.set_max_grants", "%s", result ? strerror(errno) : "done");
    assert_true(result == 0 || errno == ENOTTY);
}

int main(int argc, char **argv)
{
#define ON_GRANTS(name) cmocka_unit_test_setup_teardown(name, open_grants, close_grants)
    static const struct CMUnitTest tests[] = {
        ON_XEN(an_event_goes_from_one_port_to_the_other),
        ON_XEN(a_virtual_interrupt_is_bound),
        ON_GRANTS(shared_pages_are_the_same_in_every_mapping),
        ON_GRANTS(the_end_of_a_mapping_clears_its_byte),
        ON_GRANTS(a_limit_can_be_asked_for),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
