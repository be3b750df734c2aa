/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One privcmd serves all that an interface does, and is confined once. */
#define __XEN_TOOLS__ 1
#include "harness.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "fakexen.h"
#include "fixture.h"
#include "handle.h"
#include "uapi_privcmd.h"
#include "xenctrl.h"
#include "xentoolcore.h"

enum { OURS = 5, OTHER = 6 };

/* A kernel as Linux is: what a confined descriptor allows. */
static int confined_fd = -1, confined_to = -1, only_fd = -1;

static int refuse(int errnoval)
{
    errno = errnoval;
    return -1;
}

static int confine(int fd, void *argument, void *user)
{
    uint16_t domid = *(uint16_t *)argument;

    (void)user;
    if (confined_to >= 0 && confined_to != domid)
        return refuse(EINVAL);
    confined_fd = fd;
    confined_to = domid;
    return 0;
}

static int dm_op(int fd, void *argument, void *user)
{
    const struct uapi_privcmd_dm_op *request = argument;

    (void)user;
    assert_true(only_fd < 0 || only_fd == fd);
    only_fd = fd;
    return confined_to >= 0 && confined_to != request->dom ? refuse(EPERM) : 0;
}

static int batch(int fd, void *argument, void *user)
{
    const struct uapi_privcmd_mmapbatch_v2 *request = argument;

    (void)user;
    assert_true(only_fd < 0 || only_fd == fd);
    only_fd = fd;
    memset(request->err, 0, request->num * sizeof(*request->err));
    return confined_to >= 0 && confined_to != request->dom ? refuse(EPERM) : 0;
}

static xc_interface *start_confinable(void)
{
    xc_interface *xch = start(17);

    fakexen_on_ioctl(UAPI_PRIVCMD_RESTRICT, confine, NULL);
    fakexen_on_ioctl(UAPI_PRIVCMD_DM_OP, dm_op, NULL);
    fakexen_on_ioctl(UAPI_PRIVCMD_MMAPBATCH_V2, batch, NULL);
    return xch;
}

static void *map(xc_interface *xch, uint32_t domid)
{
    xen_pfn_t frame = 1;

    return xenforeignmemory_map(xc_interface_fmem_handle(xch), domid, PROT_READ, 1, &frame, NULL);
}

TEST(mapping_and_the_device_model_share_the_descriptor_of_the_hypercalls)
{
    xc_interface *xch = start_confinable();
    xendevicemodel_handle *dmod = xc_interface_dmod_handle(xch);

    assert_non_null(dmod);
    assert_int_equal(xendevicemodel_set_isa_irq_level(dmod, OURS, 1, 1), 0);
    void *page = map(xch, OTHER);
    assert_non_null(page);
    munmap(page, XC_PAGE_SIZE);
    assert_int_equal(only_fd, xencall_fd(xc_interface_xcall_handle(xch)));
    assert_int_equal(fakexen_count(FAKEXEN_OPEN), 2);
    assert_int_equal(fakexen_open_fds(), 2);
    stop(xch);
    assert_int_equal(fakexen_open_fds(), 0);
}

TEST(restrict_all_confines_the_descriptor_once)
{
    xc_interface *xch = start_confinable();

    assert_non_null(xc_interface_dmod_handle(xch));
    assert_int_equal(xentoolcore_restrict_all(OURS), 0);
    assert_int_equal(fakexen_count_ioctl(UAPI_PRIVCMD_RESTRICT), 1);
    assert_int_equal(confined_fd, xencall_fd(xc_interface_xcall_handle(xch)));
    assert_int_equal(xentoolcore_restrict_all(OURS), 0);
    assert_fails_with(xentoolcore_restrict_all(OTHER), -1, EINVAL);
    stop(xch);
    assert_int_equal(xentoolcore_restrict_all(OTHER), 0);
}

/* As with upstream's, whose mapping handle is confined and goes on working. */
TEST(confined_it_maps_that_domain_and_emulates_for_it_and_nothing_else)
{
    xc_interface *xch = start_confinable();
    xendevicemodel_handle *dmod = xc_interface_dmod_handle(xch);

    assert_int_equal(xentoolcore_restrict_all(OURS), 0);
    void *page = map(xch, OURS);
    assert_non_null(page);
    munmap(page, XC_PAGE_SIZE);
    assert_fails_with(map(xch, OTHER), NULL, EPERM);
    assert_int_equal(xendevicemodel_set_isa_irq_level(dmod, OURS, 1, 1), 0);
    assert_fails_with(xendevicemodel_set_isa_irq_level(dmod, OTHER, 1, 1), -1, EPERM);
    stop(xch);
}

TEST(a_kernel_that_cannot_confine_says_so)
{
    xc_interface *xch = start(17);

    assert_fails_with(xentoolcore_restrict_all(OURS), -1, ENOTTY);
    stop(xch);
}

TEST(a_dummy_has_nothing_to_confine)
{
    xc_interface *xch = xc_interface_open(NULL, NULL, XC_OPENFLAG_DUMMY);

    assert_int_equal(xentoolcore_restrict_all(OURS), 0);
    assert_int_equal(fakexen_count_all(), 0);
    xc_interface_close(xch);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(mapping_and_the_device_model_share_the_descriptor_of_the_hypercalls),
        cmocka_unit_test(restrict_all_confines_the_descriptor_once),
        cmocka_unit_test(confined_it_maps_that_domain_and_emulates_for_it_and_nothing_else),
        cmocka_unit_test(a_kernel_that_cannot_confine_says_so),
        cmocka_unit_test(a_dummy_has_nothing_to_confine),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
