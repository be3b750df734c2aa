/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What upstream has moved elsewhere still works here. */
#define XC_WANT_COMPAT_EVTCHN_API 1
#define XC_WANT_COMPAT_GNTTAB_API 1
#define XC_WANT_COMPAT_DEVICEMODEL_API 1
#include "harness.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>

#include "fakedomains.h"
#include "fakexen.h"
#include "fixture.h"
#include "xenctrl.h"

#include "uapi_evtchn.h"
#include "uapi_gntdev.h"
#include "uapi_privcmd.h"

enum { OUR_DOMID = 5, PEER_DOMID = 6, PAGE = 4096 };

/* ---- event channels ---- */

static uint32_t last_virq;

static int bind_virq(int fd, void *argument, void *user)
{
    (void)fd;
    (void)user;
    last_virq = ((struct uapi_evtchn_bind_virq *)argument)->virq;
    return 44;
}

static bool is_readable(xc_evtchn *xce)
{
    struct pollfd events = {.fd = xc_evtchn_fd(xce), .events = POLLIN};

    return poll(&events, 1, 0) == 1;
}

TEST(event_channels_connect_notify_and_end)
{
    fakedomains_start();
    xc_evtchn *one = xc_evtchn_open(NULL, 0), *two = xc_evtchn_open(NULL, 0);

    assert_non_null(one);
    assert_non_null(two);
    int port = xc_evtchn_bind_unbound_port(one, PEER_DOMID);
    assert_true(port > 0);
    int peer = xc_evtchn_bind_interdomain(two, OUR_DOMID, (evtchn_port_t)port);
    assert_true(peer > 0);
    assert_int_equal(xc_evtchn_pending(two), peer); /* a new port has an event */
    assert_int_equal(xc_evtchn_unmask(two, (evtchn_port_t)peer), 0);
    assert_false(is_readable(two));

    assert_int_equal(xc_evtchn_notify(one, (evtchn_port_t)port), 0);
    assert_true(is_readable(two));
    assert_int_equal(xc_evtchn_pending(two), peer);
    assert_int_equal(xc_evtchn_notify(one, (evtchn_port_t)port), 0);
    assert_false(is_readable(two)); /* masked */
    assert_int_equal(xc_evtchn_unmask(two, (evtchn_port_t)peer), 0);
    assert_true(is_readable(two));

    assert_int_equal(xc_evtchn_unbind(two, (evtchn_port_t)peer), 0);
    assert_fails_with(xc_evtchn_unbind(two, (evtchn_port_t)peer), -1, ENOTCONN);
    assert_fails_with(xc_evtchn_bind_interdomain(two, OUR_DOMID, 999), -1, EINVAL);
    fakexen_on_ioctl(UAPI_EVTCHN_BIND_VIRQ, bind_virq, NULL);
    assert_int_equal(xc_evtchn_bind_virq(two, 3), 44);
    assert_int_equal(last_virq, 3);
    assert_int_equal(xc_evtchn_close(one), 0);
    assert_int_equal(xc_evtchn_close(two), 0);
    fakedomains_stop();
}

/* ---- grants ---- */

TEST(pages_are_shared_and_mapped_in_all_ways)
{
    fakedomains_start();
    xc_gntshr *share = xc_gntshr_open(NULL, 0);
    xc_gnttab *xcg = xc_gnttab_open(NULL, 0);
    uint32_t refs[2], domids[2] = {OUR_DOMID, OUR_DOMID};

    assert_non_null(share);
    assert_non_null(xcg);
    char *shared = xc_gntshr_share_pages(share, PEER_DOMID, 2, refs, 1);
    assert_non_null(shared);
    strcpy(shared + PAGE, "second");
    char *one = xc_gnttab_map_grant_ref(xcg, OUR_DOMID, refs[1], PROT_READ);
    assert_string_equal(one, "second");
    assert_int_equal(xc_gnttab_munmap(xcg, one, 1), 0);
    char *two = xc_gnttab_map_grant_refs(xcg, 2, domids, refs, PROT_READ | PROT_WRITE);
    assert_string_equal(two + PAGE, "second");
    strcpy(two, "first");
    assert_string_equal(shared, "first");
    assert_int_equal(xc_gnttab_munmap(xcg, two, 2), 0);
    two = xc_gnttab_map_domain_grant_refs(xcg, 2, OUR_DOMID, refs, PROT_READ);
    assert_string_equal(two, "first");
    assert_int_equal(xc_gnttab_munmap(xcg, two, 2), 0);
    assert_int_equal(fakedomains_slots(), 0);
    assert_fails_with(xc_gnttab_munmap(xcg, NULL, 1), -1, EINVAL);
    assert_fails_with(xc_gnttab_map_grant_ref(xcg, OUR_DOMID, 0, PROT_READ), NULL, EINVAL);
    assert_int_equal(xc_gntshr_munmap(share, shared, 2), 0);
    assert_int_equal(xc_gntshr_close(share), 0);
    assert_int_equal(xc_gnttab_close(xcg), 0);
    fakedomains_stop();
}

TEST(an_unmapped_grant_is_told_to_the_other_end)
{
    fakedomains_start();
    xc_gntshr *share = xc_gntshr_open(NULL, 0);
    xc_gnttab *xcg = xc_gnttab_open(NULL, 0);
    uint32_t ref;
    char *shared = xc_gntshr_share_page_notify(share, PEER_DOMID, &ref, 1, 8, (evtchn_port_t)-1);

    assert_non_null(shared);
    memset(shared, 'x', PAGE);
    char *mapped = xc_gnttab_map_grant_ref_notify(xcg, OUR_DOMID, ref, PROT_READ | PROT_WRITE, 5,
                                                  (evtchn_port_t)-1);
    assert_non_null(mapped);
    assert_int_equal(xc_gnttab_munmap(xcg, mapped, 1), 0);
    assert_int_equal(shared[4], 'x');
    assert_int_equal(shared[5], 0);
    mapped = xc_gnttab_map_grant_ref(xcg, OUR_DOMID, ref, PROT_READ);
    assert_int_equal(mapped[8], 'x');
    assert_int_equal(xc_gntshr_munmap(share, shared, 1), 0);
    assert_int_equal(mapped[8], 0);
    assert_int_equal(xc_gnttab_munmap(xcg, mapped, 1), 0);
    assert_int_equal(xc_gntshr_close(share), 0);
    assert_int_equal(xc_gnttab_close(xcg), 0);
    fakedomains_stop();
}

static uint32_t limit;

static int set_limit(int fd, void *argument, void *user)
{
    (void)fd;
    (void)user;
    limit = ((struct uapi_gntdev_set_max_grants *)argument)->count;
    return 0;
}

TEST(the_limit_of_grants_is_set_where_the_kernel_has_one)
{
    fakexen_add_device("/dev/xen/gntdev");
    fakexen_on_ioctl(UAPI_GNTDEV_SET_MAX_GRANTS, set_limit, NULL);
    xc_gnttab *xcg = xc_gnttab_open(NULL, 0);

    assert_int_equal(xc_gnttab_set_max_grants(xcg, 10), 0);
    assert_int_equal(limit, 10);
    assert_int_equal(xc_gnttab_close(xcg), 0);
}

TEST(without_the_devices_opening_fails)
{
    assert_fails_with(xc_evtchn_open(NULL, 0), NULL, ENOENT);
    assert_fails_with(xc_gnttab_open(NULL, 0), NULL, ENOENT);
    assert_fails_with(xc_gntshr_open(NULL, 0), NULL, ENOENT);
    assert_int_equal(xc_evtchn_close(NULL), 0);
    assert_int_equal(xc_gnttab_close(NULL), 0);
    assert_int_equal(xc_gntshr_close(NULL), 0);
}

/* ---- the device model ---- */

static struct xen_dm_op last_operation;
static uint16_t last_domain;

static int dm_op(int fd, void *argument, void *user)
{
    struct uapi_privcmd_dm_op *request = argument;

    (void)fd;
    (void)user;
    last_domain = request->dom;
    if (request->num)
        memcpy(&last_operation, request->ubufs[0].uptr, sizeof(last_operation));
    return 0;
}

TEST(the_device_models_old_names_work_over_the_interfaces_own_device)
{
    xc_interface *xch = start(17);
    unsigned opens = fakexen_count(FAKEXEN_OPEN);

    fakexen_on_ioctl(UAPI_PRIVCMD_DM_OP, dm_op, NULL);
    assert_int_equal(xc_hvm_set_isa_irq_level(xch, 7, 4, 1), 0);
    assert_int_equal(fakexen_count(FAKEXEN_OPEN), opens);
    assert_int_equal(last_domain, 7);
    assert_int_equal(last_operation.op, XEN_DMOP_set_isa_irq_level);
    assert_int_equal(last_operation.u.set_isa_irq_level.isa_irq, 4);
    assert_int_equal(xc_hvm_inject_msi(xch, 7, 0xfee00000, 0x41), 0);
    assert_int_equal(last_operation.op, XEN_DMOP_inject_msi);
    assert_fails_with(xc_hvm_inject_msi(xch, 0x10007, 0, 0), -1, EINVAL);
    stop(xch);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(event_channels_connect_notify_and_end),
        cmocka_unit_test(pages_are_shared_and_mapped_in_all_ways),
        cmocka_unit_test(an_unmapped_grant_is_told_to_the_other_end),
        cmocka_unit_test(the_limit_of_grants_is_set_where_the_kernel_has_one),
        cmocka_unit_test(without_the_devices_opening_fails),
        cmocka_unit_test(the_device_models_old_names_work_over_the_interfaces_own_device),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
