/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What holds for every operation of passthrough. */
#include "passthrough_fixture.h"

#include "uapi_privcmd.h"
#include "xentoolcore.h"

static const struct xendevicemodel_pt_irq pin = {.size = sizeof(pin), .pirq = 1};

typedef int each_fn(xendevicemodel_handle *dmod);

static int each_ioport_permission(xendevicemodel_handle *dmod)
{
    return xendevicemodel_ioport_permission(dmod, DOM, 1, 1, true);
}

static int each_iomem_permission(xendevicemodel_handle *dmod)
{
    return xendevicemodel_iomem_permission(dmod, DOM, 1, 1, true);
}

static int each_irq_permission(xendevicemodel_handle *dmod)
{
    return xendevicemodel_irq_permission(dmod, DOM, 1, true);
}

static int each_gsi_permission(xendevicemodel_handle *dmod)
{
    return xendevicemodel_gsi_permission(dmod, DOM, 1, true);
}

static int each_ioport_mapping(xendevicemodel_handle *dmod)
{
    return xendevicemodel_ioport_mapping(dmod, DOM, 1, 1, 1, true);
}

static int each_ioport_unmapping(xendevicemodel_handle *dmod)
{
    return xendevicemodel_ioport_mapping(dmod, DOM, 1, 1, 1, false);
}

static int each_memory_mapping(xendevicemodel_handle *dmod)
{
    return xendevicemodel_memory_mapping(dmod, DOM, 1, 1, 1, true);
}

static int each_memory_unmapping(xendevicemodel_handle *dmod)
{
    return xendevicemodel_memory_mapping(dmod, DOM, 1, 1, 1, false);
}

static int each_assign(xendevicemodel_handle *dmod)
{
    return xendevicemodel_assign_device(dmod, DOM, 1, 0);
}

static int each_deassign(xendevicemodel_handle *dmod)
{
    return xendevicemodel_deassign_device(dmod, DOM, 1);
}

static int each_test_assign(xendevicemodel_handle *dmod)
{
    return xendevicemodel_test_assign_device(dmod, DOM, 1);
}

static int each_assign_dt(xendevicemodel_handle *dmod)
{
    return xendevicemodel_assign_dt_device(dmod, DOM, "/a");
}

static int each_map_pirq(xendevicemodel_handle *dmod)
{
    int pirq = 1;

    return xendevicemodel_physdev_map_pirq(dmod, DOM, 1, &pirq);
}

static int each_map_pirq_msi(xendevicemodel_handle *dmod)
{
    int pirq = -1;

    return xendevicemodel_physdev_map_pirq_msi(dmod, DOM, 1, 0, 0, &pirq);
}

static int each_unmap_pirq(xendevicemodel_handle *dmod)
{
    return xendevicemodel_physdev_unmap_pirq(dmod, DOM, 1);
}

static int each_bind(xendevicemodel_handle *dmod)
{
    return xendevicemodel_bind_pt_irq(dmod, DOM, &pin);
}

static int each_unbind(xendevicemodel_handle *dmod)
{
    return xendevicemodel_unbind_pt_irq(dmod, DOM, &pin);
}

static int each_update_msi(xendevicemodel_handle *dmod)
{
    return xendevicemodel_update_msi_irq(dmod, DOM, 1, 1, 0, 0);
}

static each_fn *const each[] = {
    each_ioport_permission, each_iomem_permission, each_irq_permission, each_gsi_permission,
    each_ioport_mapping,    each_ioport_unmapping, each_memory_mapping, each_memory_unmapping,
    each_assign,            each_deassign,         each_test_assign,    each_assign_dt,
    each_map_pirq,          each_map_pirq_msi,     each_unmap_pirq,     each_bind,
    each_unbind,            each_update_msi,
};

#define EACH_OPERATION(i) for (size_t i = 0; i < sizeof(each) / sizeof(each[0]); i++)

static int refusal;

static int refuse_all(struct sent *request, uint8_t *payload)
{
    (void)request;
    (void)payload;
    return -refusal;
}

TEST(what_xen_says_is_what_the_caller_gets)
{
    static const int reasons[] = {EPERM, EACCES, ESRCH, ENODEV, EBUSY, ENOSYS, EOPNOTSUPP};

    EACH_OPERATION(i)
    {
        xendevicemodel_handle *dmod = start(NEWEST_MINOR);

        answer_with(refuse_all);
        for (size_t j = 0; j < sizeof(reasons) / sizeof(reasons[0]); j++) {
            refusal = reasons[j];
            assert_fails_with(each[i](dmod), -1, refusal);
        }
        assert_int_equal(logged.messages, 0);
        stop(dmod);
    }
}

TEST(a_positive_answer_is_success)
{
    EACH_OPERATION(i)
    {
        xendevicemodel_handle *dmod = start(NEWEST_MINOR);

        refusal = -1;
        answer_with(refuse_all);
        assert_int_equal(each[i](dmod), 0);
        stop(dmod);
    }
}

/* Each buffer in turn cannot be had: an error, and nothing is left. */
TEST(without_memory_there_is_an_error_and_no_more)
{
    EACH_OPERATION(i)
    {
        int failed = 0, result;

        do {
            xendevicemodel_handle *dmod = start(NEWEST_MINOR);

            fakexen_fail_next(FAKEXEN_MMAP, ENOMEM, 1, failed++);
            result = each[i](dmod);
            assert_true(result == 0 || errno == ENOMEM);
            fakexen_fail_next(FAKEXEN_MMAP, 0, 0, 0);
            stop(dmod);
            assert_int_equal(fakexen_mappings(), 0);
        } while (result);
        assert_true(failed > 1);
    }
}

/* The first of a handle opens what hypercalls need, and no later one does. */
TEST(there_is_no_further_descriptor)
{
    xendevicemodel_handle *dmod = start(NEWEST_MINOR);
    unsigned open;

    assert_int_equal(each[0](dmod), 0);
    open = fakexen_open_fds();
    EACH_OPERATION(i)
    {
        assert_int_equal(each[i](dmod), 0);
        assert_int_equal(fakexen_open_fds(), open);
    }
    stop(dmod);
}

/* They reach every domain, so they end with a restriction, their own guest's too. */
static void assert_all_are_denied(xendevicemodel_handle *dmod)
{
    unsigned hypercalls = fakexen_count_ioctl(UAPI_PRIVCMD_HYPERCALL);

    EACH_OPERATION(i)
    {
        assert_fails_with(each[i](dmod), -1, EPERM);
    }
    assert_int_equal(fakexen_count_ioctl(UAPI_PRIVCMD_HYPERCALL), hypercalls);
    assert_int_equal(logged.messages, 0);
}

TEST(restricted_before_the_first_use_there_are_none)
{
    xendevicemodel_handle *dmod = start(NEWEST_MINOR);

    assert_int_equal(xentoolcore_restrict_all(DOM), 0);
    assert_all_are_denied(dmod);
    stop(dmod);
}

TEST(restricted_after_use_there_are_no_more)
{
    xendevicemodel_handle *dmod = start(NEWEST_MINOR);

    EACH_OPERATION(i)
    {
        assert_int_equal(each[i](dmod), 0);
    }
    assert_int_equal(xentoolcore_restrict_all(DOM), 0);
    assert_all_are_denied(dmod);
    stop(dmod);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_xen_says_is_what_the_caller_gets),
        cmocka_unit_test(a_positive_answer_is_success),
        cmocka_unit_test(without_memory_there_is_an_error_and_no_more),
        cmocka_unit_test(there_is_no_further_descriptor),
        cmocka_unit_test(restricted_before_the_first_use_there_are_none),
        cmocka_unit_test(restricted_after_use_there_are_no_more),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
