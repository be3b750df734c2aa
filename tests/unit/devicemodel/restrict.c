/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What goes by hypercall reaches every domain, so it ends with a restriction,
 * however that came about and whether it had been used before.
 */
#include "fake_dm_op.h"

#include <dirent.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/ioctl.h>

#include "xentoolcore.h"

enum { ROUNDS = 200 };

static int accept_all(unsigned hypercall, unsigned op, void *argument)
{
    (void)argument;
    return hypercall == __HYPERVISOR_memory_op && op == XENMEM_populate_physmap ? 1 : 0;
}

typedef int hypercall_fn(xendevicemodel_handle *dmod, domid_t domid);

static int populate(xendevicemodel_handle *dmod, domid_t domid)
{
    xen_pfn_t gfn = 1;

    return xendevicemodel_populate_physmap(dmod, domid, 1, 0, 0, &gfn) == 1 ? 0 : -1;
}

static int populate_exact(xendevicemodel_handle *dmod, domid_t domid)
{
    xen_pfn_t gfn = 1;

    return xendevicemodel_populate_physmap_exact(dmod, domid, 1, 0, 0, &gfn);
}

static int add(xendevicemodel_handle *dmod, domid_t domid)
{
    return xendevicemodel_add_to_physmap(dmod, domid, XENMAPSPACE_gmfn, 1, 2);
}

static int remove_page(xendevicemodel_handle *dmod, domid_t domid)
{
    return xendevicemodel_remove_from_physmap(dmod, domid, 1);
}

static int get_param(xendevicemodel_handle *dmod, domid_t domid)
{
    uint64_t value;

    return xendevicemodel_get_hvm_param(dmod, domid, 1, &value);
}

static int set_param(xendevicemodel_handle *dmod, domid_t domid)
{
    return xendevicemodel_set_hvm_param(dmod, domid, 1, 2);
}

static hypercall_fn *const by_hypercall[] = {
    populate, populate_exact, add, remove_page, get_param, set_param,
    xendevicemodel_s3_suspend, xendevicemodel_s3_awaken,
};

static void all_work(xendevicemodel_handle *dmod, domid_t domid)
{
    for (size_t i = 0; i < COUNT_OF(by_hypercall); i++)
        assert_int_equal(by_hypercall[i](dmod, domid), 0);
}

static void all_fail_with_EPERM(xendevicemodel_handle *dmod, domid_t domid)
{
    unsigned hypercalls = fakexen_count_ioctl(UAPI_PRIVCMD_HYPERCALL);
    unsigned opens = fakexen_count(FAKEXEN_OPEN);

    for (size_t i = 0; i < COUNT_OF(by_hypercall); i++)
        assert_fails_with(by_hypercall[i](dmod, domid), -1, EPERM);
    assert_int_equal(fakexen_count_ioctl(UAPI_PRIVCMD_HYPERCALL), hypercalls);
    assert_int_equal(fakexen_count(FAKEXEN_OPEN), opens);
}

/* Tries a hypercall on every descriptor, as code that has broken into the process would. */
static unsigned descriptors_with_hypercalls(void)
{
    DIR *dir = opendir("/proc/self/fd");
    struct dirent *entry;
    unsigned count = 0;

    assert_non_null(dir);
    while ((entry = readdir(dir))) {
        struct xen_hvm_param param = {.domid = OTHER_DOMID};
        struct uapi_privcmd_hypercall call = {
            .op = __HYPERVISOR_hvm_op, .arg = {HVMOP_get_param, (uintptr_t)&param}};

        if (entry->d_name[0] != '.' &&
            ioctl(atoi(entry->d_name), UAPI_PRIVCMD_HYPERCALL, &call) == 0)
            count++;
    }
    closedir(dir);
    return count;
}

static xendevicemodel_handle *open_with_hypercalls(void)
{
    fake_other_hypercall = accept_all;
    return fake_open();
}

TEST(unrestricted_all_work_and_share_one_handle)
{
    xendevicemodel_handle *dmod = open_with_hypercalls();

    all_work(dmod, FAKE_DOMID);
    all_work(dmod, OTHER_DOMID);
    assert_int_equal(fakexen_count(FAKEXEN_OPEN), 3);
    assert_int_equal(fakexen_open_fds(), 3);
    assert_true(descriptors_with_hypercalls() > 0);
    xendevicemodel_close(dmod);
    assert_int_equal(fakexen_open_fds(), 0);
}

TEST(restricted_before_the_first_use)
{
    xendevicemodel_handle *dmod = open_with_hypercalls();

    assert_int_equal(xendevicemodel_restrict(dmod, FAKE_DOMID), 0);
    all_fail_with_EPERM(dmod, OTHER_DOMID);
    all_fail_with_EPERM(dmod, FAKE_DOMID);
    assert_int_equal(fakexen_open_fds(), 1);
    assert_int_equal(descriptors_with_hypercalls(), 0);
    xendevicemodel_close(dmod);
}

TEST(restricted_after_use)
{
    xendevicemodel_handle *dmod = open_with_hypercalls();

    all_work(dmod, OTHER_DOMID);
    assert_int_equal(xendevicemodel_restrict(dmod, FAKE_DOMID), 0);
    all_fail_with_EPERM(dmod, OTHER_DOMID);
    all_fail_with_EPERM(dmod, FAKE_DOMID);
    assert_int_equal(descriptors_with_hypercalls(), 0);
    assert_int_equal(xendevicemodel_restrict(dmod, FAKE_DOMID), 0);
    xendevicemodel_close(dmod);
}

static int know_no_operation(struct xen_dm_op *op, void *data, size_t size)
{
    (void)op;
    (void)data;
    (void)size;
    return EOPNOTSUPP;
}

/* On Xen before 4.15 the number of vCPUs goes by hypercall. */
TEST(restricted_the_virtual_cpus_are_not_asked_for_as_a_toolstack)
{
    xendevicemodel_handle *dmod = open_with_hypercalls();
    unsigned int vcpus = 77;

    fake_xen = know_no_operation;
    assert_int_equal(xendevicemodel_restrict(dmod, FAKE_DOMID), 0);
    assert_fails_with(xendevicemodel_nr_vcpus(dmod, FAKE_DOMID, &vcpus), -1, EOPNOTSUPP);
    assert_int_equal(vcpus, 77);
    assert_int_equal(fakexen_open_fds(), 1);
    xendevicemodel_close(dmod);
}

TEST(restrict_all_before_the_first_use)
{
    xendevicemodel_handle *dmod = open_with_hypercalls();

    assert_int_equal(xentoolcore_restrict_all(FAKE_DOMID), 0);
    all_fail_with_EPERM(dmod, OTHER_DOMID);
    assert_int_equal(descriptors_with_hypercalls(), 0);
    xendevicemodel_close(dmod);
}

TEST(restrict_all_after_use)
{
    xendevicemodel_handle *dmod = open_with_hypercalls();

    all_work(dmod, OTHER_DOMID);
    assert_int_equal(xentoolcore_restrict_all(FAKE_DOMID), 0);
    all_fail_with_EPERM(dmod, OTHER_DOMID);
    assert_int_equal(descriptors_with_hypercalls(), 0);
    assert_int_equal(xentoolcore_restrict_all(FAKE_DOMID), 0);
    xendevicemodel_close(dmod);
}

TEST(without_dm_op_restrict_all_ends_them_too)
{
    xendevicemodel_handle *dmod;

    fake_other_hypercall = accept_all;
    dmod = fake_open_without_dm_op();
    all_work(dmod, OTHER_DOMID);
    assert_int_equal(xentoolcore_restrict_all(FAKE_DOMID), 0);
    all_fail_with_EPERM(dmod, FAKE_DOMID);
    assert_fails_with(xendevicemodel_set_isa_irq_level(dmod, FAKE_DOMID, 1, 1), -1, EPERM);
    assert_int_equal(descriptors_with_hypercalls(), 0);
    xendevicemodel_close(dmod);
}

static int refuse_restriction(int fd, void *argument, void *user)
{
    (void)fd;
    (void)argument;
    errno = *(const int *)user;
    return -1;
}

TEST(a_restriction_that_the_kernel_refuses_changes_nothing)
{
    static int refusal = ENOTTY;
    xendevicemodel_handle *dmod = open_with_hypercalls();

    fakexen_on_ioctl(UAPI_PRIVCMD_RESTRICT, refuse_restriction, &refusal);
    assert_fails_with(xendevicemodel_restrict(dmod, FAKE_DOMID), -1, ENOTTY);
    all_work(dmod, OTHER_DOMID);
    xendevicemodel_close(dmod);
}

TEST(a_device_that_cannot_be_opened_says_why)
{
    xendevicemodel_handle *dmod = open_with_hypercalls();

    fakexen_fail_open(PRIVCMD, EACCES);
    assert_fails_with(get_param(dmod, FAKE_DOMID), -1, EACCES);
    fakexen_fail_open(PRIVCMD, 0);
    assert_int_equal(get_param(dmod, FAKE_DOMID), 0);
    xendevicemodel_close(dmod);
}

static void *use_until_refused(void *dmod)
{
    while (!get_param(dmod, OTHER_DOMID))
        continue;
    return errno == EPERM ? NULL : dmod;
}

/* Neither a deadlock nor a way out, whoever comes first. */
TEST(hypercalls_race_with_restrict_all)
{
    xendevicemodel_handle *dmod;
    pthread_t threads[2];
    void *result;

    fake_start();
    fake_other_hypercall = accept_all;
    for (int i = 0; i < ROUNDS; i++) {
        dmod = xendevicemodel_open(NULL, 0);
        for (int j = 0; j < 2; j++)
            assert_int_equal(pthread_create(&threads[j], NULL, use_until_refused, dmod), 0);
        assert_int_equal(xentoolcore_restrict_all(FAKE_DOMID), 0);
        for (int j = 0; j < 2; j++) {
            pthread_join(threads[j], &result);
            assert_null(result);
        }
        assert_int_equal(descriptors_with_hypercalls(), 0);
        xendevicemodel_close(dmod);
    }
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(unrestricted_all_work_and_share_one_handle),
        cmocka_unit_test(restricted_before_the_first_use),
        cmocka_unit_test(restricted_after_use),
        cmocka_unit_test(restricted_the_virtual_cpus_are_not_asked_for_as_a_toolstack),
        cmocka_unit_test(restrict_all_before_the_first_use),
        cmocka_unit_test(restrict_all_after_use),
        cmocka_unit_test(without_dm_op_restrict_all_ends_them_too),
        cmocka_unit_test(a_restriction_that_the_kernel_refuses_changes_nothing),
        cmocka_unit_test(a_device_that_cannot_be_opened_says_why),
        cmocka_unit_test(hypercalls_race_with_restrict_all),
    };
    return test_main(argc, argv, tests, COUNT_OF(tests));
}
