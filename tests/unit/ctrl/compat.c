/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What upstream has moved elsewhere still works here. */
#define XC_WANT_COMPAT_EVTCHN_API 1
#define XC_WANT_COMPAT_GNTTAB_API 1
#define XC_WANT_COMPAT_DEVICEMODEL_API 1
#include "harness.h"

#include <errno.h>
#include <string.h>

#include "fakexen.h"
#include "fixture.h"
#include "xenctrl.h"

#include "uapi_evtchn.h"
#include "uapi_privcmd.h"

static int bind_port(int fd, void *argument, void *user)
{
    struct uapi_evtchn_bind_interdomain *bind = argument;

    (void)fd;
    (void)user;
    assert_int_equal(bind->remote_domain, 5);
    assert_int_equal(bind->remote_port, 6);
    return 44;
}

TEST(event_channels_are_those_of_libxenevtchn)
{
    fakexen_add_device("/dev/xen/evtchn");
    fakexen_on_ioctl(UAPI_EVTCHN_BIND_INTERDOMAIN, bind_port, NULL);
    xc_evtchn *xce = xc_evtchn_open(NULL, 0);
    assert_non_null(xce);
    assert_true(xc_evtchn_fd(xce) >= 0);
    assert_int_equal(xc_evtchn_bind_interdomain(xce, 5, 6), 44);
    assert_int_equal(xc_evtchn_close(xce), 0);
}

TEST(grants_are_those_of_libxengnttab)
{
    fakexen_add_device("/dev/xen/gntdev");
    fakexen_add_device("/dev/xen/gntalloc");
    xc_gnttab *xcg = xc_gnttab_open(NULL, 0);
    xc_gntshr *share = xc_gntshr_open(NULL, 0);

    assert_non_null(xcg);
    assert_non_null(share);
    assert_int_equal(xc_gnttab_set_max_grants(xcg, 10), 0);
    assert_fails_with(xc_gnttab_munmap(xcg, NULL, 1), -1, EINVAL);
    assert_int_equal(xc_gntshr_close(share), 0);
    assert_int_equal(xc_gnttab_close(xcg), 0);
}

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

TEST(the_device_model_is_opened_when_it_is_needed)
{
    xc_interface *xch = start(17);
    unsigned opens = fakexen_count(FAKEXEN_OPEN);

    fakexen_on_ioctl(UAPI_PRIVCMD_DM_OP, dm_op, NULL);
    assert_int_equal(xc_hvm_set_isa_irq_level(xch, 7, 4, 1), 0);
    assert_true(fakexen_count(FAKEXEN_OPEN) > opens);
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
        cmocka_unit_test(event_channels_are_those_of_libxenevtchn),
        cmocka_unit_test(grants_are_those_of_libxengnttab),
        cmocka_unit_test(the_device_model_is_opened_when_it_is_needed),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
